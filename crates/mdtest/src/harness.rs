//! Runs suites like `libtest`: the same arguments, the same lines, the same last line.
//!
//! Invariants: results are printed in the order of the pages, however many cores there are; a page
//! is written to only by an update, and once.

mod arguments;
mod cases;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

pub use arguments::Arguments;

use crate::document::Failure;
use crate::program::Program;
use crate::session::Played;
use crate::suite::Suite;
use crate::update;
use cases::{Case, Loaded, cases, load};

/// How `libtest` ends when a test has failed.
const FAILED: u8 = 101;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that did not.
    pub failed: usize,
    /// Tests that the arguments left out.
    pub filtered: usize,
}

/// Runs suites as a test program of its own (`harness = false`), with the arguments of the process.
pub fn main(program: &dyn Program, suites: &[Suite]) -> ExitCode {
    let mut out = io::stdout().lock();
    let result = Arguments::from_env()
        .map_err(anyhow::Error::msg)
        .and_then(|arguments| run(program, suites, &arguments, &mut out));
    match result {
        Ok(outcome) if outcome.failed == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(FAILED),
        Err(error) => {
            // There is nowhere to say it when even that fails.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

/// Runs the tests that the arguments select, and prints as `libtest` does.
///
/// # Errors
/// When a suite has no pages, a page cannot be read or written, or `out` cannot be written to.
pub fn run(
    program: &dyn Program,
    suites: &[Suite],
    arguments: &Arguments,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let loaded: Vec<Loaded<'_>> = load(suites)?;
    let all = cases(&loaded);
    let count = all.len();
    let selected: Vec<&Case<'_>> = all
        .iter()
        .filter(|it| arguments.selects(&it.name))
        .collect();
    let mut outcome = Outcome {
        filtered: count - selected.len(),
        ..Outcome::default()
    };
    if arguments.list {
        for case in &selected {
            writeln!(out, "{}: test", case.name)?;
        }
        let tests = plural(selected.len(), "test");
        writeln!(out, "\n{tests}, 0 benchmarks")?;
        return Ok(outcome);
    }

    let tests = plural(selected.len(), "test");
    writeln!(out, "\nrunning {tests}")?;
    let mut failed: Vec<(&Case<'_>, Vec<Failure>)> = Vec::new();
    let mut edits: BTreeMap<usize, Vec<update::Edit>> = BTreeMap::new();
    each(&selected, arguments, program, |case, mut played| {
        if arguments.update {
            // What an update writes down is no failure any more; what it cannot settle is.
            let again = case.play(program);
            let steady = played.outputs == again.outputs;
            played.failures.retain(|failure| !failure.difference);
            if steady {
                edits
                    .entry(case.page)
                    .or_default()
                    .append(&mut played.edits);
            } else {
                played.failures.extend(unsteady(&played, &again));
            }
        }
        let ok = played.failures.is_empty();
        if !arguments.quiet {
            let word = if ok { "ok" } else { "FAILED" };
            writeln!(out, "test {} ... {word}", case.name)?;
        }
        if ok {
            outcome.passed += 1;
        } else {
            outcome.failed += 1;
            failed.push((case, played.failures));
        }
        Ok(())
    })?;
    report(&failed, &loaded, arguments, out)?;
    for (page, edits) in edits.iter().filter(|(_, edits)| !edits.is_empty()) {
        if let Some(loaded) = loaded.get(*page) {
            std::fs::write(&loaded.place, update::apply(&loaded.text, edits))?;
            let blocks = plural(edits.len(), "console block");
            writeln!(out, "\nupdated {}: {blocks}", loaded.label)?;
        }
    }
    let word = if outcome.failed == 0 { "ok" } else { "FAILED" };
    writeln!(
        out,
        "\ntest result: {word}. {} passed; {} failed; 0 ignored; 0 measured; {} filtered out; \
         finished in {:.2}s\n",
        outcome.passed,
        outcome.failed,
        outcome.filtered,
        start.elapsed().as_secs_f64()
    )?;
    Ok(outcome)
}

/// Plays cases on several threads and hands the results over in order.
fn each<'a, 'b>(
    selected: &[&'a Case<'b>],
    arguments: &Arguments,
    program: &dyn Program,
    mut done: impl FnMut(&'a Case<'b>, Played) -> io::Result<()>,
) -> io::Result<()> {
    let threads = arguments
        .threads
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, selected.len().max(1)) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(case) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    selected.get(index).map(|case| (index, case))
                } {
                    // The receiver is gone only when the output is; then there is no more to do.
                    if sender.send((case.0, case.1.play(program))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (index, played) in receiver {
            early.insert(index, played);
            while let Some(played) = early.remove(&expected) {
                if let Some(case) = selected.get(expected) {
                    done(case, played)?;
                }
                expected += 1;
            }
        }
        Ok(())
    })
}

/// The commands that print something else each time.
fn unsteady(played: &Played, again: &Played) -> Vec<Failure> {
    let outputs = played.outputs.iter().zip(&again.outputs);
    let changed = outputs.filter(|(first, second)| first != second);
    let text = "the output differs from run to run, so it cannot be written down";
    changed
        .map(|((line, _), _)| Failure::new(*line, text))
        .collect()
}

fn report(
    failed: &[(&Case<'_>, Vec<Failure>)],
    loaded: &[Loaded<'_>],
    arguments: &Arguments,
    out: &mut dyn Write,
) -> io::Result<()> {
    if failed.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nfailures:")?;
    for (case, failures) in failed {
        writeln!(out, "\n---- {} stdout ----", case.name)?;
        let label = loaded.get(case.page).map_or("", |it| it.label.as_str());
        for failure in failures {
            writeln!(out, "{label}:{}: {}", failure.line, failure.text)?;
        }
    }
    let mut failures = failed.iter().flat_map(|(_, failures)| failures);
    if !arguments.update && failures.any(|failure| failure.difference) {
        writeln!(
            out,
            "\nMDTEST_UPDATE=1 writes the new outputs; review them like code."
        )?;
    }
    writeln!(out, "\n\nfailures:")?;
    for (case, _) in failed {
        writeln!(out, "    {}", case.name)?;
    }
    Ok(())
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}
