//! Findings for people: the source with carets, causes, help.
//!
//! miette draws the snippets; what stands above and below them is ours. Invariant: labels in other
//! files than the primary one are drawn as snippets of their own, never dropped.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan};

use crate::{Diagnostic, Label, Level, Sources, Span};

/// Renders every finding with its source, with or without colour.
///
/// A finding is a header line, the source with carets, a note with its own source for each label
/// in another file, and the help.
#[must_use]
pub fn full(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let drawer = GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .with_context_lines(1)
        .with_links(false);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let title = format!("{}[{}]", diagnostic.level, diagnostic.rule.code);
        header(
            &mut out,
            &title,
            diagnostic.level,
            &diagnostic.message,
            color,
        );
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) = diagnostic
            .labels
            .iter()
            .partition(|label| label.span.file == diagnostic.primary.file);
        draw(
            &mut out,
            &drawer,
            &Snippet::new(diagnostic.primary, &diagnostic.annotation, &here, sources),
        );
        for label in elsewhere {
            header(&mut out, "note", Level::Note, &label.message, color);
            draw(
                &mut out,
                &drawer,
                &Snippet::new(label.span, "", &[], sources),
            );
        }
        if let Some(help) = &diagnostic.help {
            let name = paint("help", "36", color);
            out.push_str(&format!("{name}: {}\n", printable(help)));
        }
        out.push('\n');
    }
    out
}

fn header(out: &mut String, title: &str, level: Level, message: &str, color: bool) {
    let code = match level {
        Level::Error => "1;31",
        Level::Warning => "1;33",
        Level::Note => "1;36",
    };
    out.push_str(&format!(
        "{}: {}\n",
        paint(title, code, color),
        printable(message)
    ));
}

/// `code` is that of an SGR escape sequence (ECMA-48).
fn paint(text: &str, code: &str, color: bool) -> String {
    if color {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn draw(out: &mut String, drawer: &GraphicalReportHandler, snippet: &Snippet) {
    let mut drawn = String::new();
    // Writing into a string fails only if the drawing gives up; the header stands already then.
    if drawer.render_report(&mut drawn, snippet).is_err() {
        return;
    }
    // The first lines are miette's own header, which is empty here.
    for line in drawn
        .lines()
        .map(str::trim_end)
        .skip_while(|line| !line.contains('╭'))
    {
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
}

/// Makes control characters of hostile input visible instead of sending them to a terminal.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_direction_mark(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Characters that reorder what a terminal shows.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Places of one file in the shape miette draws.
#[derive(Debug)]
struct Snippet {
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl Snippet {
    fn new(primary: Span, annotation: &str, labels: &[&Label], sources: &Sources) -> Self {
        let annotation = Some(printable(annotation)).filter(|text| !text.is_empty());
        let primary_label =
            LabeledSpan::new_primary_with_span(annotation, drawn_span(primary, sources));
        let others = labels.iter().map(|label| {
            LabeledSpan::new_with_span(
                Some(printable(&label.message)),
                drawn_span(label.span, sources),
            )
        });
        Self {
            source: sources.get(primary.file).map(drawn_source),
            labels: std::iter::once(primary_label).chain(others).collect(),
        }
    }
}

/// Control characters other than line ends and tabs become `?`, one byte for one byte, so that
/// offsets stay right.
fn drawn_source(source: &crate::Source) -> NamedSource<String> {
    let text = source
        .text()
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => c,
            c if c.is_ascii_control() => '?',
            c => c,
        })
        .collect();
    NamedSource::new(source.path(), text)
}

fn drawn_span(span: Span, sources: &Sources) -> SourceSpan {
    // A range that ends behind a line break would draw a second, empty line.
    let text = sources.slice(span);
    let length = text.trim_end_matches(['\n', '\r']).len();
    let length = if text.is_empty() { 0 } else { length };
    SourceSpan::new((span.range.start as usize).into(), length)
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source
            .as_ref()
            .map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
