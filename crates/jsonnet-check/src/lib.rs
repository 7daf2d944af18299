//! The types of Jsonnet values, and a checker of programs against the types of their arguments.
//!
//! Start with [`check`]. (theory to follow)

mod schema;
mod ty;

mod value;
mod world;

mod check;
mod eval;
mod std;

mod rules;

pub use check::{Checked, Flow, Profile, Read, Report, Signature, StdVersion, UserError, check};
pub use rules::*;
pub use schema::{from_schema, json_schema};
pub use ty::{Annotation, Array, Field, Kinds, Number, Presence, Random, Shape, Text, Ty, sample};
