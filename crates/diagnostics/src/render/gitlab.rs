//! A Code Quality report of GitLab.
//!
//! Invariants:
//! - a fingerprint is that of the finding and not of its line, so that code above it may change and
//!   GitLab still knows it; equal findings of one file are told apart by their number;
//! - an issue has a path: what an argument or the environment got wrong is left out
//!   ([`super::placeless`]).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::place::{Place, from_root};
use super::{Report, in_words};
use crate::{Diagnostic, Level};

/// Renders the report, pretty-printed and with a final newline.
#[must_use]
pub fn gitlab(report: &Report<'_>) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let issues: Vec<Value> = report
        .diagnostics
        .iter()
        .filter(|it| report.sources.get(it.primary.file).is_some())
        .map(|diagnostic| {
            let path = from_root(report.folder, report.sources.path(diagnostic.primary.file));
            let number = seen
                .entry(identity(diagnostic, &path))
                .and_modify(|number| *number += 1)
                .or_insert(0);
            issue(diagnostic, &path, *number, report)
        })
        .collect();
    format!("{:#}\n", Value::from(issues))
}

fn issue(diagnostic: &Diagnostic, path: &str, number: usize, report: &Report<'_>) -> Value {
    let Place { start, end } = Place::of(diagnostic.primary, report.sources);
    json!({
        "description": in_words(diagnostic),
        "check_name": diagnostic.rule.code,
        "fingerprint": fingerprint(&identity(diagnostic, path), number),
        "severity": match diagnostic.level {
            Level::Error => "major",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        "location": {
            "path": path,
            "lines": {"begin": start.line, "end": end.line},
        },
    })
}

fn identity(diagnostic: &Diagnostic, path: &str) -> String {
    format!("{path}\0{}\0{}", diagnostic.rule.code, diagnostic.message)
}

/// What a finding is known by from run to run.
pub(super) fn fingerprint(identity: &str, number: usize) -> String {
    let text = format!("{identity}\0{number}");
    format!("{:016x}", fnv_1a(text.as_bytes()))
}

/// The 64 bit hash of Fowler, Noll and Vo; the standard library promises the stability of none.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
