//! From the hooks that are written down to the hooks that run.

use crate::chain::{Chain, Point};
use crate::release::Release;
use crate::rules::Rules;
use crate::section::Section;

/// What Kratos of this release runs for this section: every chain of the release, empty ones
/// included, in the order of [`Point`].
#[must_use]
pub fn effective_chains(release: Release, section: &Section) -> Vec<Chain> {
    effective_chains_under(&Rules::of(release), release, section)
}

/// The same under other rules, for tests that turn a rule around. The slots and points are still
/// those of the release.
#[must_use]
pub fn effective_chains_under(rules: &Rules, release: Release, section: &Section) -> Vec<Chain> {
    let _ = (rules, section);
    Point::all(release)
        .into_iter()
        .map(|point| Chain {
            point,
            links: Vec::new(),
        })
        .collect()
}
