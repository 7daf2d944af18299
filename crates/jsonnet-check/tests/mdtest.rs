//! The suites in `mdtest/`: the type system as a book of short examples.
//!
//! A `ts` block gives the type of `ctx` for the `jsonnet` blocks behind it, up to the next `ts`
//! block. In a `jsonnet` block, `# error: [code]` at the end of a line expects a finding that begins
//! on it, `#   ^^^^ error: [code] "part of the message"` below a line one at just that place, and
//! `# type: T` the type of the output. A finding without an expectation fails, and the other way
//! round. What is accepted is run by jrsonnet on random inputs of the type: it must not fail.

#![expect(clippy::expect_used, reason = "a broken suite is a failed test")]

mod support;

use std::{fmt::Write as _, fs, path::Path};

use diagnostics::FileId;
use jsonnet_check::{Profile, Random, Signature, Ty, check, sample};
use support::{Run, run, ty, with_stack};

/// Random inputs for each accepted block.
const INPUTS: u64 = 200;

struct Expected {
    line: usize,
    columns: Option<(usize, usize)>,
    code: String,
    text: Option<String>,
}

/// The expectations of a block, and whether it expects a type.
fn expectations(block: &str) -> (Vec<Expected>, Option<String>) {
    let mut expected = Vec::new();
    let mut result = None;
    let mut code_line = 0;
    for (number, line) in block.lines().enumerate() {
        let trimmed = line.trim_start();
        if let Some(shown) = trimmed.strip_prefix("# type: ") {
            result = Some(shown.trim().to_owned());
            continue;
        }
        for level in ["error", "warning", "note"] {
            let marker = format!("{level}: [");
            let Some(at) = line.find(&marker) else {
                continue;
            };
            let Some(hash) = line.get(..at).and_then(|it| it.rfind('#')) else {
                continue;
            };
            let between = &line[hash + 1..at];
            let rest = &line[at + marker.len()..];
            let (code, rest) = rest.split_once(']').expect("a closing bracket");
            let text = rest
                .trim()
                .strip_prefix('"')
                .and_then(|it| it.strip_suffix('"'));
            let carets = between.trim();
            let columns = (!carets.is_empty() && carets.chars().all(|c| c == '^')).then(|| {
                let start = hash + 1 + between.find('^').expect("a caret");
                (start, start + carets.len())
            });
            let is_own_line = trimmed.starts_with('#');
            expected.push(Expected {
                line: if is_own_line { code_line } else { number },
                columns,
                code: code.to_owned(),
                text: text.map(str::to_owned),
            });
        }
        if !trimmed.starts_with('#') {
            code_line = number;
        }
    }
    (expected, result)
}

/// What is wrong with a block.
fn run_block(block: &str, input: &Ty, faults: &mut String) -> usize {
    let parsed = jsonnet_syntax::parse(block, FileId::DETACHED);
    let signature = Signature {
        args: vec![("ctx".into(), input.clone())],
        profile: Profile::default(),
    };
    let checked = check(&parsed, &signature);
    let (expected, result) = expectations(block);
    let mut found: Vec<_> = parsed
        .diagnostics
        .iter()
        .chain(&checked.diagnostics)
        .collect();
    found.sort_by_key(|it| it.primary.range.start);
    let mut unmatched: Vec<&Expected> = expected.iter().collect();
    for it in &found {
        let range = it.primary.range.to_usize();
        let before = &block[..range.start];
        let line = before.matches('\n').count();
        let column = range.start - before.rfind('\n').map_or(0, |at| at + 1);
        let at = unmatched.iter().position(|expected| {
            expected.line == line
                && expected.code == it.rule.code
                && expected
                    .text
                    .as_ref()
                    .is_none_or(|text| it.message.contains(text.as_str()))
                && expected
                    .columns
                    .is_none_or(|columns| columns == (column, column + range.len()))
        });
        match at {
            Some(at) => {
                unmatched.remove(at);
            }
            None => {
                let _ = writeln!(
                    faults,
                    "  unexpected {}:{}-{}: [{}] {}",
                    line + 1,
                    column,
                    column + range.len(),
                    it.rule.code,
                    it.message
                );
            }
        }
    }
    for it in unmatched {
        let _ = writeln!(
            faults,
            "  missing {}{}: [{}] {}",
            it.line + 1,
            it.columns
                .map_or(String::new(), |(a, b)| format!(":{a}-{b}")),
            it.code,
            it.text.as_deref().unwrap_or_default()
        );
    }
    if let Some(result) = result {
        let shown = checked.result.to_full_string();
        if shown != result {
            let _ = writeln!(faults, "  type: {shown}\n  expected: {result}");
        }
    }
    let accepted = parsed.is_accepted() && checked.is_accepted();
    if !accepted {
        return 0;
    }
    let mut random = Random::new(7);
    for _ in 0..INPUTS {
        let ctx = sample(input, &mut random);
        let message = match run(block, &ctx) {
            Run::Output(_) => continue,
            Run::Failure(message) => message,
            Run::UserError(message) => {
                let mut known = checked.report.errors.iter();
                if known.any(|it| it.text.as_ref().is_none_or(|it| **it == *message)) {
                    continue;
                }
                message
            }
        };
        let _ = writeln!(faults, "  accepted, yet it fails on {ctx}: {message}");
        break;
    }
    1
}

#[test]
#[expect(clippy::disallowed_methods, reason = "suites are files")]
fn suites_hold() {
    with_stack(|| {
        let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/mdtest"));
        let mut files: Vec<_> = fs::read_dir(directory)
            .expect("the suites")
            .map(|it| it.expect("an entry").path())
            .collect();
        files.sort();
        let (mut blocks, mut accepted, mut report) = (0, 0, String::new());
        for file in files {
            let text = fs::read_to_string(&file).expect("a suite");
            let mut input = Ty::object(Vec::<(&str, jsonnet_check::Field)>::new());
            let mut heading = String::new();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                if line.starts_with('#') {
                    line.trim_start_matches('#').trim().clone_into(&mut heading);
                }
                let Some(language) = line.strip_prefix("```") else {
                    continue;
                };
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let block = block.join("\n");
                match language {
                    "ts" => input = ty(&block),
                    "jsonnet" => {
                        blocks += 1;
                        let mut faults = String::new();
                        accepted += run_block(&block, &input, &mut faults);
                        if !faults.is_empty() {
                            let name = file.file_name().unwrap_or_default().to_string_lossy();
                            let _ = writeln!(report, "{name}, {heading}:\n{block}\n{faults}");
                        }
                    }
                    _ => {}
                }
            }
        }
        println!("{blocks} blocks, {accepted} accepted and run on {INPUTS} inputs each");
        assert!(report.is_empty(), "\n{report}");
    });
}
