//! The table: every operation on every tuple of a pool of values, and what go-jsonnet makes of it.
//!
//! A [`Template`] is an expression with holes: a call of a function of std with so many arguments,
//! an operator, an index, a comprehension, a format. Its cases are all ways to fill the holes from
//! the pool. The outcome of each was measured and stands in `table/outcomes.txt`, so that the
//! checker can be held against it where there is no go-jsonnet. What holds of values holds of
//! inputs: a template over an input of some type fails for a value exactly where that value fails
//! (`table/classes.rs`).

mod classes;
mod measure;
mod templates;

pub use measure::{Table, measured_text};
use templates::templates;

/// The values that fill holes. What is smaller is written so that nothing around it matters.
pub(crate) const POOL: [&str; 34] = [
    "null",
    "1",
    "'a'",
    "[1]",
    "{ a: 1 }",
    "0",
    "(function(x) x)",
    "''",
    "(1[0])",
    "9007199254740991",
    "true",
    "1.5",
    "'ab'",
    "[]",
    "['a', 'b']",
    "(function(x, y) x)",
    "false",
    "(-1)",
    "'1'",
    "'é'",
    "[1, 'a']",
    "[[1]]",
    "[null]",
    "{}",
    "{ a:: 1 }",
    "(function(x) x == 1)",
    "1e300",
    "2",
    "'%s'",
    "(function(x, y) 1)",
    "[true]",
    "[2, 1]",
    "[{ a: 1 }]",
    "[function(x) x]",
];

/// An expression with holes `$0`, `$1`, ….
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// Its text.
    pub(crate) text: String,
    /// How many holes it has.
    pub(crate) holes: usize,
}

impl Template {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let holes = (0..6).take_while(|it| text.contains(&format!("${it}")));
        Self {
            holes: holes.count(),
            text,
        }
    }

    /// How many values of the pool fill each hole.
    pub(crate) fn width(&self) -> usize {
        match self.holes {
            // How arguments are named does not depend on what they are.
            2 | 3 if self.text.contains("=$") => 6,
            0..=2 => POOL.len(),
            3 => 12,
            _ => 5,
        }
    }

    /// How many cases it has.
    pub(crate) fn cases(&self) -> usize {
        (0..self.holes).map(|_| self.width()).product()
    }

    /// The places in the pool of what fills the holes of a case.
    pub(crate) fn tuple(&self, mut case: usize) -> Vec<usize> {
        let width = self.width();
        let filled = (0..self.holes).map(|_| {
            let at = case % width;
            case /= width;
            at
        });
        filled.collect()
    }

    /// The text with its holes filled.
    pub(crate) fn filled(&self, with: &[impl AsRef<str>]) -> String {
        let mut text = self.text.clone();
        for (at, it) in with.iter().enumerate() {
            text = text.replace(&format!("${at}"), it.as_ref());
        }
        text
    }

    /// The program of a case.
    pub(crate) fn program(&self, case: usize) -> String {
        let values = self.tuple(case).into_iter().filter_map(|it| POOL.get(it));
        let values: Vec<&str> = values.copied().collect();
        format!("function(ctx) {}", self.filled(&values))
    }
}
