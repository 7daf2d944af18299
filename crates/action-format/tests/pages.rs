//! The page of each rule: its form, and that reading its examples gives the finding and none.
//!
//! The pages are run whole, with everything else the compiler says, by the suite of `actionc`.

use diagnostics::{FileId, Rule};

/// The YAML files of a section, by path.
fn files<'p>(page: &'p str, section: &str) -> Vec<(&'p str, &'p str)> {
    let body = page.split(section).nth(1).unwrap_or("");
    let body = body.split("\n## ").next().unwrap_or("");
    let parts: Vec<&str> = body.split("`:\n\n```yaml\n").collect();
    let named = parts.iter().zip(parts.iter().skip(1));
    named
        .filter_map(|(before, block)| {
            Some((before.rsplit('`').next()?, block.split("```").next()?))
        })
        .collect()
}

/// The codes that reading a file of a page reports.
fn codes((path, text): &(&str, &str)) -> Vec<&'static str> {
    let file = FileId::DETACHED;
    let diagnostics = if *path == "actionc.yaml" {
        action_format::read_project(text, file).diagnostics
    } else {
        action_format::read_actions(text, file, "welcome").diagnostics
    };
    diagnostics.iter().map(|it| it.rule.code).collect()
}

fn check(rule: &Rule) -> Result<(), String> {
    let headings: Vec<&str> = rule
        .page
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    let title = format!("# {}", rule.code);
    let expected = [
        title.as_str(),
        "## Why is this bad?",
        "## Example",
        "## Use instead",
    ];
    if headings != expected {
        return Err(format!("{headings:?}"));
    }
    let bad: Vec<_> = files(rule.page, "\n## Example\n")
        .iter()
        .flat_map(codes)
        .collect();
    if bad != [rule.code] {
        return Err(format!("the example reports {bad:?}"));
    }
    let mended = files(rule.page, "\n## Use instead\n");
    let good: Vec<_> = mended.iter().flat_map(codes).collect();
    if mended.is_empty() || !good.is_empty() {
        return Err(format!("the mended example reports {good:?}"));
    }
    Ok(())
}

#[test]
fn every_page_shows_its_finding_and_its_mending() {
    for rule in action_format::RULES {
        assert_eq!(check(rule), Ok(()), "{}", rule.code);
        assert!(rule.summary.len() <= 72, "{}", rule.code);
    }
}

#[test]
fn codes_are_unique_and_sorted() {
    let codes: Vec<&str> = action_format::RULES.iter().map(|it| it.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    let pages = codes.iter().map(|code| format!("{code}.md"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/diagnostics");
    let mut found: Vec<String> = list(folder);
    found.sort();
    assert_eq!(found, pages.collect::<Vec<_>>());
}

#[expect(
    clippy::disallowed_methods,
    reason = "it compares the pages with the rules"
)]
fn list(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
