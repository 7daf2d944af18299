//! Holds the checker against evaluators, on a scale that no reading reaches.
//!
//! A *case* is a JSON Schema, a program over it, and inputs that conform. The checker says whether
//! the program is safe; an evaluator says what happens. What is accepted and fails is unsound, what
//! is rejected and never fails is imprecise; both are shrunk and shown. The rest is counted.
//!
//! Programs come from the grammar and from what was measured of go-jsonnet's std
//! (`src/std.txt`), inputs from a notion of shapes that the checker never sees. Nothing here may be
//! made from what the checker believes, or it would share its mistakes.
//!
//! Everything is a function of a seed. For development only.

mod random;
mod schema;
mod shape;
mod std_table;

mod program;

mod case;
mod coverage;
mod judge;
mod mutate;
mod said;
mod shrink;
pub mod smoke;
mod speed;
mod table;
mod tally;

pub use case::{Case, Finding, Verdict};
pub use coverage::Coverage;
pub use judge::{JrsonnetJudge, Judge, Outcome, ProcessJudge, serve};
pub use mutate::{Mutant, mutants};
pub use program::{Style, program};
pub use random::Random;
pub use said::Said;
pub use schema::{Mode, Spoken, input, json_schema, sample};
pub use shape::{Member, Parameter, Range, Rest, Shape};
pub use shrink::shrink;
pub use speed::{Speed, of_check, quickest};
pub use table::{Table, measured_text};
pub use tally::Tally;
