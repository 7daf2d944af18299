//! The only place that prints.
//!
//! Invariant: a reader that goes away (`| head`) ends the output, not the program with a panic; any
//! other failure to print an answer is remembered and decides the exit status.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use diagnostics::{Diagnostic, Sources, render};

use crate::cli::{Color, Format};

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

/// Prints a remark beside the answer.
pub(crate) fn remark(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{text}");
}

/// Prints why the run failed.
pub(crate) fn error(text: &str) {
    remark(&format!("error: {text}"));
}

/// More findings than this are only counted: nobody reads them, and a hostile file has millions.
const MOST_SHOWN: usize = 1_000;

/// Where findings go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// They are the answer.
    Out,
    /// They stand beside the answer.
    Err,
}

/// Prints findings and, for people, how many there were.
pub(crate) fn findings(
    found: &[Diagnostic],
    sources: &Sources,
    format: Format,
    color: Color,
    stream: Stream,
) {
    let files = sources.len();
    let shown = found.get(..MOST_SHOWN).unwrap_or(found);
    let text = match format {
        Format::Full => render::full(shown, sources, colored(color, stream)),
        Format::Concise => render::concise(shown, sources),
        Format::Json => render::json(found, sources, files),
    };
    match stream {
        Stream::Out => out(&text),
        Stream::Err if text.is_empty() => {}
        Stream::Err => remark(text.trim_end_matches('\n')),
    }
    if format != Format::Json && shown.len() < found.len() {
        remark(&format!(
            "… and {} more findings",
            found.len() - shown.len()
        ));
    }
    if format != Format::Json && (stream == Stream::Out || !found.is_empty()) {
        remark(&render::summary(found, files));
    }
}

fn colored(color: Color, stream: Stream) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let terminal = match stream {
                Stream::Out => std::io::stdout().is_terminal(),
                Stream::Err => std::io::stderr().is_terminal(),
            };
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}
