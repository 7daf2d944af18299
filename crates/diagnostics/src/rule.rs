//! The declaration of a diagnostic code.
//!
//! A rule is a `static` in the crate that owns it, beside the check that reports it:
//!
//! ```
//! use diagnostics::{Level, Rule};
//! pub static UNKNOWN_FIELD: Rule = Rule {
//!     code: "unknown-field",
//!     summary: "a key that the format does not have",
//!     level: Level::Error,
//!     since: "0.1.0",
//!     page: "# unknown-field\n…", // include_str!("../diagnostics/unknown-field.md")
//! };
//! assert_eq!(UNKNOWN_FIELD.code, "unknown-field");
//! ```
//!
//! Invariant: a code is a kebab-case noun phrase of the problem, and is never used for another one.

use std::fmt;

/// How much a finding weighs. Only errors make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Certainly fails, or never runs.
    Error,
    /// Can fail, or surprises.
    Warning,
    /// Good to know.
    Note,
}

impl Level {
    /// The word that is printed and that the project file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A registered diagnostic: its code, what it is about, and its page.
#[derive(Debug)]
pub struct Rule {
    /// The kebab-case name of the problem.
    pub code: &'static str,
    /// One lower-case clause for lists.
    pub summary: &'static str,
    /// The level unless a project says otherwise.
    pub level: Level,
    /// The release of `actionc` that first had it.
    pub since: &'static str,
    /// The Markdown page: what, why, a failing and a mended example. It is run as a test.
    pub page: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}
