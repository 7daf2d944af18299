//! Each page's failing example fails with its rule and nothing else of this crate, and the mended
//! one is clean. The whole program runs the pages too; here only YAML is looked at.
#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use diagnostics::FileId;
use yaml::{RULES, parse};

/// The YAML blocks of a part of a page.
fn blocks(part: &str) -> Vec<&str> {
    part.split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

fn codes(part: &str) -> Vec<&'static str> {
    blocks(part)
        .into_iter()
        .flat_map(|block| parse(block, FileId::DETACHED).diagnostics)
        .map(|found| found.rule.code)
        .collect()
}

#[test]
fn examples_fail_with_their_rule_and_mended_they_pass() {
    for rule in RULES {
        assert!(rule.page.starts_with(&format!("# {}\n", rule.code)));
        let (example, mended) = rule.page.split_once("## Use instead").unwrap();
        assert_eq!(codes(example), [rule.code], "{}", rule.code);
        assert!(!blocks(mended).is_empty(), "{}", rule.code);
        assert!(codes(mended).is_empty(), "{}", rule.code);
    }
}
