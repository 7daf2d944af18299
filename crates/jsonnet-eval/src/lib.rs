//! Runs a Jsonnet program on a value, within limits, and says how it ended.
//!
//! Start with [`Evaluator`]: a program, the value of its parameter `ctx`, [`Limits`], and an
//! outcome for every input, [`Evaluated`]. Which evaluator does it is hidden. There are two:
//!
//! - [`Jrsonnet`] evaluates in this process. It keeps the limits on nesting, frames and output; a
//!   program can still take any time and memory, and end the process. For tests, and for texts
//!   that are trusted.
//! - a worker process, for every other text: the program that uses this crate starts itself again,
//!   sends a [`Request`], gets an [`Answer`], and ends the worker at a limit. Inside the worker it
//!   is [`Jrsonnet`] again. Libraries start no processes, so that half is in the binary.
//!
//! # What is evaluated
//!
//! The meaning is go-jsonnet's, which is what runs such programs in the end:
//!
//! - A program that is a function is called with `ctx` by that name; parameters beside it need
//!   defaults. Any other program is its own value, and `ctx` is ignored.
//! - The value is manifested: hidden fields are dropped, assertions run, a function in it is an
//!   error.
//! - The program is alone: no imports, no external variables, no native functions.
//!   `std.trace` gives its second argument and prints nothing.
//! - `error` and `assert` end in [`FailureKind::UserError`] with the text that was written, so
//!   that a caller can give some texts a meaning.
//!
//! # Where jrsonnet is not go-jsonnet
//!
//! An outcome here is evidence about go-jsonnet, not proof. jrsonnet 0.5.0-pre98 against
//! go-jsonnet 0.21 and 0.22:
//!
//! - *accepts what go-jsonnet rejects*: `'5' * 2`; an empty separator in `std.split` and its kin;
//!   `std.base64` of characters beyond U+00FF; `std.trace` of what is no string; `std.removeAt` out
//!   of range; in object comprehensions fields that are not `[e]:`, hidden ones included; the
//!   escape `\x41`; nested keys in `'%(a.b)s'`. `function(x) x` is turned into `std.id`, whose
//!   parameter has another name: it is called all the same if the program mentions `ctx`.
//! - *rejects what go-jsonnet accepts*: fractional indices and slice bounds; a parameter that is
//!   named twice; the escape `\/`; the empty key `'%()s'`; `std.escapeString*` of what is no
//!   string; arrays, objects and functions where `std.startsWith`, `std.asciiLower`,
//!   `std.stringChars`, `std.uniq` and the sets take them by accident; `std.char` of surrogates and
//!   fractions; negative counts of `std.makeArray` and `std.repeat`; other parameter names of
//!   `std.equals`, `std.isNull`, `std.removeAt` and the hashes.
//! - *computes something else*: `0.1 + 0.2 == 0.3` is true; numbers become text by the shortest
//!   digits, so `'' + 0.1` differs; `%d` of large numbers saturates; the last digits of
//!   `std.mantissa`, `std.exp` and `std.log`; `tailstrict` saves no frames; the asserts of a sum of
//!   objects run from its first operand to its last, `std.remove` and `std.removeAt` make a new
//!   array, `std.objectRemoveKey` takes sums.
//! - *fails later*: a literal field that is given twice is a run-time error here and a static one
//!   there.
//! - *breaks*: `std.clamp` with its bounds swapped panics, which is caught
//!   ([`FailureKind::EvaluatorError`]); very deep expressions and very large arrays end the
//!   process, which is what the worker is for.
//!
//! # Invariants
//!
//! - Evaluating is total where the process survives: every input has an outcome, no panic leaves.
//! - An outcome is a function of program, ctx and limits, [`Limit::Time`] and [`Limit::Memory`]
//!   aside.
//! - Nothing of one evaluation is seen by the next.

mod evaluator;
mod limits;

mod manifest;
mod nesting;

mod jrsonnet;

mod wire;

pub use evaluator::{Evaluated, Evaluator, Failure, FailureKind};
pub use jrsonnet::Jrsonnet;
pub use limits::{Limit, Limits};
pub use manifest::manifest;
pub use wire::{Answer, Request, WireError};
