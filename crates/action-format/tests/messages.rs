//! Runs the suites in `tests/messages/`: each case is a file and, below it, what is said about it.
//!
//! `MDTEST_UPDATE=1` writes what is said into the suites. Every fix is applied, and must remove its
//! finding without making another.

#![expect(
    clippy::disallowed_methods,
    reason = "it reads and rewrites the suites"
)]

use std::fmt::Write as _;
use std::path::Path;

use diagnostics::{Diagnostic, Fix, Sources, render};

/// Reads a text the way a suite says.
fn findings(suite: &str, path: &str, text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add(path, text);
    let mut findings = if suite == "project" {
        action_format::read_project(text, file).diagnostics
    } else {
        action_format::read_actions(text, file, "welcome").diagnostics
    };
    render::sort(&mut findings, &sources);
    (sources, findings)
}

/// A finding with everything that belongs to it, in the order in which a reader wants it.
fn shown(finding: &Diagnostic, sources: &Sources) -> String {
    let mut out = render::concise(std::slice::from_ref(finding), sources);
    let slice = |span| sources.slice(span).lines().next().unwrap_or("");
    let _ = writeln!(out, "  at: {}", slice(finding.primary));
    for label in &finding.labels {
        let line = sources.line(label.span);
        let _ = writeln!(
            out,
            "  line {line}: {}: {}",
            slice(label.span),
            label.message
        );
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "  help: {help}");
    }
    for fix in &finding.fixes {
        let _ = writeln!(out, "  fix: {}", fix.title);
    }
    out
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.range.start));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.range.to_usize(), &edit.new_text);
    }
    text
}

/// What is said about one file, after trying every fix.
fn said(suite: &str, language: &str, text: &str) -> String {
    let path = format!("welcome.{language}");
    let (sources, found) = findings(suite, &path, text);
    let mut out = String::new();
    for finding in &found {
        out.push_str(&shown(finding, &sources));
        for fix in &finding.fixes {
            let mended = apply(text, fix);
            let (_, left) = findings(suite, &path, &mended);
            assert!(
                left.len() < found.len(),
                "{suite}: `{}` does not mend\n{text}\nit gives\n{mended}\nwith {left:#?}",
                fix.title,
            );
        }
    }
    if found.is_empty() {
        out.push_str("nothing\n");
    }
    out
}

/// Copies a suite, with each `text` block replaced by what is said about the block before it.
fn run(suite: &str, markdown: &str) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines();
    let mut input = None;
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block: String = lines
            .by_ref()
            .take_while(|line| *line != "```")
            .flat_map(|line| [line, "\n"])
            .collect();
        if language == "text" {
            match input.take() {
                Some((language, text)) => out.push_str(&said(suite, language, text)),
                None => out.push_str("a file must stand before this block\n"),
            }
        } else {
            out.push_str(&block);
            let kept: &'static str = Box::leak(block.into_boxed_str());
            assert!(
                input.replace((language, kept)).is_none(),
                "a text block is missing"
            );
        }
        out.push_str("```\n");
    }
    assert!(
        input.is_none(),
        "a text block is missing at the end of {suite}"
    );
    out
}

#[test]
fn messages_are_as_the_suites_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    let mut suites: Vec<_> = std::fs::read_dir(&folder)
        .expect("the suites are there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    suites.sort();
    assert!(suites.len() > 1, "no suites in {}", folder.display());
    let update = std::env::var_os("MDTEST_UPDATE").is_some();
    let mut stale = String::new();
    for path in suites {
        let suite = path.file_stem().expect("a name").to_string_lossy();
        let expected = std::fs::read_to_string(&path).expect("a suite");
        let actual = run(&suite, &expected);
        if actual == expected {
            continue;
        }
        if update {
            std::fs::write(&path, &actual).expect("the suite can be written");
            continue;
        }
        let _ = writeln!(stale, "{}:", path.display());
        for (line, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
            if expected != actual {
                let _ = writeln!(
                    stale,
                    "{}: expected {expected}\n   found {actual}",
                    line + 1
                );
                break;
            }
        }
    }
    assert!(
        stale.is_empty(),
        "MDTEST_UPDATE=1 rewrites the suites\n{stale}"
    );
}
