//! The rules that the repository keeps for itself, and the tables they go by.
//!
//! Each rule is a function from a [`Tree`] or the crates of the workspace to problems.
//! Exceptions are listed here, in sight, with their reason.

mod architecture;
mod changelog;
mod code;
mod edges;
mod pages;
mod text;

use std::fmt;

use ::diagnostics::Registry;

pub use edges::{Crate, crates};

use crate::Tree;

/// Which crates of ours each crate may name, apart from its tests: the map of the layers.
///
/// `kratos` and the `jsonnet-*` crates stand in no row together but those of the two crates in
/// which the facts and the language meet.
const MAY_KNOW: [(&str, &[&str]); 12] = [
    ("diagnostics", &[]),
    ("yaml", &["diagnostics"]),
    ("jsonnet-syntax", &["diagnostics"]),
    ("jsonnet-check", &["jsonnet-syntax", "diagnostics"]),
    ("jsonnet-eval", &["diagnostics"]),
    ("kratos", &[]),
    ("action-format", &["yaml", "diagnostics", "kratos"]),
    (
        "action-compile",
        &[
            "diagnostics",
            "yaml",
            "jsonnet-syntax",
            "jsonnet-check",
            "jsonnet-eval",
            "kratos",
            "action-format",
        ],
    ),
    (
        "actionc",
        &[
            "diagnostics",
            "yaml",
            "jsonnet-syntax",
            "jsonnet-check",
            "jsonnet-eval",
            "kratos",
            "action-format",
            "action-compile",
        ],
    ),
    (
        "differential",
        &[
            "diagnostics",
            "jsonnet-syntax",
            "jsonnet-check",
            "jsonnet-eval",
        ],
    ),
    ("mdtest", &[]),
    ("xtask", &["diagnostics", "action-compile"]),
];

/// Libraries that one crate of ours alone may name, apart from tests.
const NAMED_ONCE: [(&str, &str); 6] = [
    ("granit-parser", "yaml"),
    ("yaml_serde", "yaml"),
    ("yaml-edit", "yaml"),
    ("jrsonnet-evaluator", "jsonnet-eval"),
    ("jrsonnet-stdlib", "jsonnet-eval"),
    ("jrsonnet-gcmodule", "jsonnet-eval"),
];

/// Crates for development, which may do what a library may not.
const DEVELOPMENT: [&str; 3] = ["differential", "mdtest", "xtask"];

/// The most lines a Rust file may have.
const MOST_LINES: usize = 1200;
/// Rust files that have more, each with its reason in a comment.
const LONG_FILES: [&str; 0] = [];

/// Folders whose files hold what a program printed or read, blanks at line ends included.
const VERBATIM: [&str; 2] = ["snapshots/", "/tests/"];

/// A rule that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Relative to the root.
    pub path: String,
    /// From 1; 0 for the whole file.
    pub line: usize,
    /// What is wrong.
    pub text: String,
}

impl Problem {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, text } = self;
        match line {
            0 => write!(f, "{path}: {text}"),
            line => write!(f, "{path}:{line}: {text}"),
        }
    }
}

/// Everything that is untidy.
#[must_use]
pub fn tidy(tree: &Tree, crates: &[Crate], registry: &Registry) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(code::problems(tree));
    problems.extend(text::problems(tree));
    problems.extend(edges::problems(tree, crates));
    problems.extend(architecture::problems(tree, crates));
    problems.extend(pages::problems(tree, registry));
    problems.extend(changelog::problems(tree));
    problems.extend(text::test_command(tree));
    problems
}

/// The problems of a tree under one rule, as lines.
#[cfg(test)]
fn lines(problems: Vec<Problem>) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}
