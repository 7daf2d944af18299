//! A made-up program, and pages in a temporary repository.
//!
//! The program has rules of its own: each line `error: CODE`, `warning: CODE` or `note: CODE` of a
//! file `*.yaml` of the working folder is a finding.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use mdtest::{Arguments, Completed, Invocation, Outcome, Program, Suite};
use tempfile::TempDir;

#[derive(Default)]
pub(crate) struct Fake {
    calls: AtomicUsize,
}

impl Program for Fake {
    fn version(&self) -> &str {
        "1.2.3"
    }

    fn call(&self, invocation: &Invocation<'_>) -> io::Result<Completed> {
        let arguments: Vec<&str> = invocation.arguments.iter().map(String::as_str).collect();
        let mut completed = Completed::default();
        match arguments.as_slice() {
            ["check", rest @ ..] => check(invocation, rest, &mut completed),
            ["count"] => {
                let calls = self.calls.fetch_add(1, Ordering::SeqCst);
                completed.output = format!("{calls}\n").into_bytes();
            }
            ["echo", words @ ..] => completed.output = format!("{}\n", words.join(" ")).into(),
            ["emit"] => completed.output = b"a\r\n$ b\n```\nend".to_vec(),
            ["env"] => {
                for (name, value) in invocation.env {
                    completed
                        .output
                        .extend(format!("{name}={value}\n").into_bytes());
                }
            }
            ["exit", status] => completed.status = status.parse().unwrap(),
            ["fail"] => return Err(io::Error::other("ended by a signal")),
            ["root"] => completed.output = format!("{}\n", invocation.folder.display()).into(),
            ["stdin"] => completed.output = fs::read(invocation.stdin.unwrap())?,
            ["two"] => {
                completed.errors = b"to stderr\n".to_vec();
                completed.output = b"1\n2\n3\n".to_vec();
            }
            ["version"] => completed.output = b"actionc 1.2.3\n".to_vec(),
            ["write", file] => fs::write(invocation.folder.join(file), "written\n")?,
            _ => {
                completed.errors = b"usage\n".to_vec();
                completed.status = 2;
            }
        }
        if !invocation.apart {
            completed.errors.append(&mut completed.output);
            completed.output = std::mem::take(&mut completed.errors);
        }
        Ok(completed)
    }
}

fn check(invocation: &Invocation<'_>, rest: &[&str], completed: &mut Completed) {
    let mut findings = Vec::new();
    for entry in fs::read_dir(invocation.folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if let Some((level @ ("error" | "warning" | "note"), code)) = line.split_once(": ") {
                findings.push((name.clone(), number + 1, level.to_owned(), code.to_owned()));
            }
        }
    }
    findings.sort();
    completed.status = findings.iter().any(|it| it.2 == "error").into();
    let mut out = String::new();
    match rest {
        ["--format", "json"] => {
            let findings: Vec<String> = findings
                .iter()
                .map(|(_, _, level, code)| {
                    format!("{{\"code\":\"{code}\",\"severity\":\"{level}\"}}")
                })
                .collect();
            let _ = write!(out, "{{\"diagnostics\":[{}]}}", findings.join(","));
        }
        _ => {
            for (name, line, level, code) in findings {
                let _ = writeln!(out, "{name}:{line}: {level}[{code}]");
            }
        }
    }
    completed.output = out.into_bytes();
}

/// A folder with some files, as the root of suites.
pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self {
            folder: TempDir::new().unwrap(),
        };
        for (path, content) in files {
            let place = repository.root().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, content).unwrap();
        }
        repository
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn suite(&self, pattern: &str) -> Suite {
        Suite::new(self.root(), pattern)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }
}

/// Runs a suite with the arguments of a line; `update` is the word `MDTEST_UPDATE`.
pub(crate) fn run(suite: Suite, line: &str) -> (Outcome, String) {
    let (update, rest): (Vec<&str>, Vec<&str>) = line
        .split_whitespace()
        .partition(|word| *word == "MDTEST_UPDATE");
    let mut arguments = Arguments::parse(rest.into_iter().map(str::to_owned)).unwrap();
    arguments.update = !update.is_empty();
    let mut out = Vec::new();
    let outcome = mdtest::run(&Fake::default(), &[suite], &arguments, &mut out).unwrap();
    (outcome, String::from_utf8(out).unwrap())
}

/// Runs one page of tests.
pub(crate) fn run_page(text: &str) -> (Outcome, String) {
    run(Repository::new(&[("a.md", text)]).suite("a.md"), "")
}
