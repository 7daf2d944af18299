//! The changelog begins with what is not released, and knows the version that is being made.

use super::Problem;
use crate::Tree;

const FILE: &str = "CHANGELOG.md";
const UNRELEASED: &str = "Unreleased";

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let Some(text) = tree.text(FILE) else {
        return vec![Problem::new(FILE, 0, "missing")];
    };
    let headings: Vec<(usize, &str)> = (1..)
        .zip(text.lines())
        .filter_map(|(line, text)| Some((line, text.strip_prefix("## ")?)))
        .collect();
    let mut problems = Vec::new();
    match headings.first() {
        Some((_, first)) if first.trim_start_matches('[').starts_with(UNRELEASED) => {}
        Some((line, _)) => {
            let text = format!("the first version is `## {UNRELEASED}`");
            problems.push(Problem::new(FILE, *line, text));
        }
        None => problems.push(Problem::new(FILE, 0, "no version")),
    }
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    let workspace = section(manifest, "[workspace.package]")
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    // `Unreleased (0.2.0)`, or the last release as long as the next has no number.
    let newest = headings
        .iter()
        .find_map(|(line, text)| Some((*line, version(text)?)));
    match (newest, workspace) {
        (Some((_, newest)), Some(workspace)) if newest == workspace => {}
        (Some((line, newest)), Some(workspace)) => {
            let text = format!("the newest version is `{newest}`, in Cargo.toml `{workspace}`");
            problems.push(Problem::new(FILE, line, text));
        }
        (None, Some(workspace)) => {
            let text = format!("no heading has the version `{workspace}` of Cargo.toml");
            problems.push(Problem::new(FILE, 0, text));
        }
        (_, None) => problems.push(Problem::new("Cargo.toml", 0, "no version")),
    }
    problems
}

/// The lines below a table's head.
fn section<'a>(manifest: &'a str, head: &str) -> impl Iterator<Item = &'a str> {
    let below = manifest
        .lines()
        .skip_while(move |line| *line != head)
        .skip(1);
    below.take_while(|line| !line.starts_with('['))
}

/// The version in a heading, such as `0.1.0` in `[0.1.0] - 2026-01-31`.
fn version(heading: &str) -> Option<&str> {
    let is_version = |word: &&str| {
        let numbers: Vec<&str> = word.splitn(3, '.').collect();
        numbers.len() == 3
            && numbers
                .iter()
                .all(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    };
    let words = heading.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
    words
        .map(|word| word.trim_start_matches('v'))
        .find(is_version)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn found(changelog: &str) -> Vec<String> {
        let manifest = "[package]\nversion = \"9.9.9\"\n[workspace.package]\nversion = \"0.2.0\"\n";
        lines(problems(&Tree::from([
            ("CHANGELOG.md", changelog),
            ("Cargo.toml", manifest),
        ])))
    }

    #[test]
    fn versions_agree() {
        assert_eq!(found("# C\n## Unreleased (0.2.0)\n## 0.1.0\n"), [""; 0]);
        assert_eq!(
            found("## [Unreleased]\n### Added\n## [v0.2.0] - 2026-01-31\n"),
            [""; 0]
        );
    }

    #[test]
    fn what_does_not_agree_is_noticed() {
        assert_eq!(
            found("# C\n## 0.2.0\n"),
            ["CHANGELOG.md:2: the first version is `## Unreleased`"]
        );
        assert_eq!(
            found("## Unreleased\n## 0.1.0 - 2026-01-31\n"),
            ["CHANGELOG.md:2: the newest version is `0.1.0`, in Cargo.toml `0.2.0`"]
        );
        assert_eq!(
            found("## Unreleased\n"),
            ["CHANGELOG.md: no heading has the version `0.2.0` of Cargo.toml"]
        );
        assert_eq!(lines(problems(&Tree::default())), ["CHANGELOG.md: missing"]);
    }
}
