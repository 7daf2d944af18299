//! The types of Jsonnet values, and a checker of programs against the types of their arguments.
//!
//! It knows Jsonnet, JSON Schema and nothing else: whose input it is, and what the output is for,
//! is the caller's business. Start with [`check`]; the suites in `mdtest/` show what it says.
//!
//! # Promise
//!
//! *Sound*: a program that is accepted (no diagnostic of level error from the parser or from here)
//! raises no error in go-jsonnet on any argument of the given types, its own `error` and `assert`
//! aside. *Precise*: an error is reported only where some argument really makes the program fail,
//! as far as facts about single values can tell. *Total*: every program ends in a result, in
//! bounded time and memory.
//!
//! Outside the promise: time, memory and size of the evaluation itself; stack depth that depends on
//! data; numbers beyond 2^53 in the input; fractions so small that dividing by them overflows.
//!
//! # Judgements
//!
//! `eval(expression, environment, world) = { (world', value), … }` is abstract call-by-need
//! evaluation. A *world* is what is known of the arguments on one path through the program: a chain
//! of facts about access paths such as `ctx.identity.traits.email`, and the types that they make of
//! the arguments. Values are immutable, so a fact never dies. An expression has several outcomes
//! where it branches: `'email' in t` gives `true` in a world where `email` is present, and `false`
//! in one where it is absent. That is all of narrowing: `if` evaluates each branch in the worlds of
//! its condition, and locals, aliases, helpers and predicates need no case of their own, since they
//! are evaluated in the world of the place that forces them.
//!
//! What the program computes has an *identity* as well, where it is read by a name: a path of its
//! own for the suspended value behind a local, a parameter or a member. So `std.length(p) > 1`
//! teaches of `local p = std.split(…)` what it would teach of a member of the input, and a local of
//! two forms has only one of them behind the test that tells them apart. What was computed from an
//! element of an array is about that element, and is never taken for that of another.
//!
//! `manifest(value, world) = type` is what happens to the output: everything in it is forced, and
//! a function in it is an error.
//!
//! No outcome means that evaluation gives no value there: the world is infeasible, or the program
//! raised its own error. So `if !('email' in t) then error 'cancel' else t.email` is accepted.
//!
//! # Values
//!
//! - *Data* of a type ([`Ty`]): a product of kinds; strings and numbers as few literals or as
//!   intervals, arrays by position and length, objects as a few alternative shapes, so that a
//!   discriminating member selects among them. Data that came from an argument keeps its path.
//! - *Arrays that the program builds*: lists of suspended elements, or the way to make "any
//!   element" from that of another array. Each reader makes its own, so that what one learns of its
//!   element is not taken for a fact about another's.
//! - *Objects* as lists of layers with late-bound `self`, `super`, `$`, `+:`, visibility, locals and
//!   asserts. A field under a computed name carries the worlds in which it is there.
//! - *Functions* with their environment, analysed anew for each call.
//!
//! # Recursion
//!
//! A function that calls itself is followed as long as the types of its arguments differ. A call on
//! less than it was given (a member, an element, what a filter left of one, the rest of a list) of
//! the same type is answered by a summary: the body is evaluated once on a value of which only the
//! type is known, and calls on less of that are taken to give what the summary gives, which is made
//! wider until the body gives no more. JSON is finite, so that is an induction over its size
//! (`eval/descent.rs`). Any other recursion is followed to a depth, and then `cannot-prove`.
//!
//! # What is widened
//!
//! - More than six outcomes: data is joined, in the nearest world that all descend from.
//! - A fold over an array of unknown length: the accumulator is taken as data, and widened until a
//!   further round adds nothing.
//! - Strings and numbers of more than a few literals; objects of more than a few shapes; what JSON
//!   Schema says and a type cannot (the table in `schema.rs`).
//! - Keys that are not known: a member of unknown name may be absent, unless that very key was
//!   tested, or came from the keys of that very object. Likewise positions.
//!
//! # Accepted and rejected
//!
//! ```text
//! local e = t.email; if 'email' in t then e                      accepted
//! { [if 'n' in t then 'n']: t.n }                                accepted
//! local has(o, k) = k in o; if has(t, 'n') then t.n              accepted
//! [a.note for a in addresses if 'note' in a]                     accepted
//! local p = std.split(e, '@'); if std.length(p) > 1 then p[1]    accepted
//! if std.length(std.split(e, '@')) > 1 then std.split(e, '@')[1]  accepted
//! if std.objectHas(o, key) then o[key]                           accepted
//! if 'name' in t then t.name.first                               rejected: `first` may be absent
//! if flag then t.n   (flag is true whenever `n` is there)        rejected: no fact ties the two
//! local f(x) = if std.isArray(x) then [f(y) for y in x] else x; f(t.any)  accepted
//! local f(n) = f(n + 1); f(0)                                    rejected: cannot-prove
//! ```
//!
//! # Four questions
//!
//! *How does it serve rules of a domain that it does not know?* Types carry opaque
//! [`Annotation`]s, on members (why one is absent, and what to read instead: the text is the help
//! of the error) and on values (secret, useless); computed values carry those of what they are made
//! of. [`Report`] lists the reads of annotated members, the annotations that reach each member of
//! the output, and the program's own errors that can be reached, with their places. Rules are
//! written over that, elsewhere.
//!
//! *A local is read under the facts of each place, and yet the cost stays linear?* Suspended values
//! are shared: equal expressions in equal environments are one thunk, and a call with the same
//! thunks for arguments is the same environment. Results are kept per thunk and world. A thunk that
//! was evaluated in eight worlds is evaluated once more, in the nearest world that they all descend
//! from, and that result is narrowed for all later ones; only where it shows an error is each world
//! evaluated on its own, since the error may be feasible in none of them. Fuel bounds the steps,
//! the worlds and the depth. When it ends, that is `cannot-prove`, an error, never acceptance.
//!
//! *Two tops?* [`Ty::Unknown`] is any value, because the schema says nothing: using it as something
//! is an error (`unknown-type`) until a test says what it is. [`Ty::Poison`] is a value about which
//! an error was reported: nothing more is said of it.
//!
//! *Schemas?* [`from_schema`] makes a type that holds every conforming value; what it cannot express
//! it widens. A witness is a document of the original schema. With each error goes the world in which
//! it happens, as types of the arguments ([`Failing`]): what was learnt on the way, what that says
//! of the arrays and objects that elements came from, and the guilty value narrowed to what fails.
//! [`inputs`] makes small documents of these types, and then of the whole type; the caller takes
//! the first on which the program really fails.

mod schema;
mod ty;

mod value;
mod world;

mod check;
mod eval;
mod std;

mod inputs;

mod rules;

pub use check::{
    Checked, Failing, Flow, Profile, Read, Report, Signature, StdVersion, UserError, check,
};
pub use inputs::inputs;
pub use rules::*;
pub use schema::{from_schema, json_schema};
pub use ty::{
    Annotation, Array, Field, Kinds, Number, Presence, Random, Shape, Text, Ty, candidates, sample,
};
