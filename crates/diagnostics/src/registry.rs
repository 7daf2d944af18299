//! All rules of the program, by code.
//!
//! Invariant: codes are unique and kebab-case; [`Registry::new`] leaves a later duplicate out and
//! the test over the whole register reports it.

use crate::{Rule, did_you_mean};

/// The rules of one program, sorted by code.
#[derive(Debug)]
pub struct Registry {
    rules: Vec<&'static Rule>,
}

impl Registry {
    /// Collects the lists that the crates declare.
    #[must_use]
    pub fn new(lists: &[&[&'static Rule]]) -> Self {
        let mut rules: Vec<&'static Rule> =
            lists.iter().flat_map(|list| list.iter().copied()).collect();
        rules.sort_by_key(|rule| rule.code);
        rules.dedup_by_key(|rule| rule.code);
        Self { rules }
    }

    /// The rule of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&'static Rule> {
        let at = self
            .rules
            .binary_search_by_key(&code, |rule| rule.code)
            .ok()?;
        self.rules.get(at).copied()
    }

    /// The registered code nearest to a misspelt one.
    #[must_use]
    pub fn nearest(&self, code: &str) -> Option<&'static str> {
        did_you_mean(code, self.rules.iter().map(|rule| rule.code))
    }

    /// Every rule, sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = &'static Rule> {
        self.rules.iter().copied()
    }
}
