//! The only place that prints.
//!
//! Invariant: a reader that goes away (`| head`) ends the output, not the program with a panic; any
//! other failure to print an answer is remembered and decides the exit status.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// Prints an answer.
pub(crate) fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    if let Err(error) = written
        && error.kind() != std::io::ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        drop(stdout);
        self::error(&format!(
            "cannot print the answer: {}",
            crate::disk::reason(&error)
        ));
    }
}

/// Whether a part of the answer could not be printed.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether a part of the answer could not be printed, though somebody was there to read it.
pub(crate) fn was_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Prints a remark beside the answer, unless nobody wants to know.
pub(crate) fn remark(text: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        beside(text);
    }
}

/// Prints what stands beside the answer and must be seen.
pub(crate) fn beside(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Prints why the run failed.
pub(crate) fn error(text: &str) {
    beside(&format!("error: {text}"));
}

/// Whether remarks are left out.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves remarks out.
pub(crate) fn quieten() {
    QUIET.store(true, Ordering::Relaxed);
}
