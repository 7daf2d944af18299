//! The only place that prints.
//!
//! Invariant: a reader that goes away (`| head`) ends the output, not the program with a panic.

use std::io::{IsTerminal as _, Write as _};

use diagnostics::{Diagnostic, Sources, render};

use crate::cli::{Color, Format};

/// Prints an answer.
pub(crate) fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // Nobody is left to tell when the reader has gone.
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
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
    let text = match format {
        Format::Full => render::full(found, sources, colored(color, stream)),
        Format::Concise => render::concise(found, sources),
        Format::Json => render::json(found, sources, files),
    };
    match stream {
        Stream::Out => out(&text),
        Stream::Err if text.is_empty() => {}
        Stream::Err => remark(text.trim_end_matches('\n')),
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
