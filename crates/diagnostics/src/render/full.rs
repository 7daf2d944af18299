//! Findings for people: the source with carets, causes, help.
//!
//! miette draws the snippets; what stands above and below them is ours. Invariant: labels in other
//! files than the primary one are drawn as snippets of their own, never dropped; what a source
//! hides is not shown; drawing a finding costs as much as the lines it shows, not as its file.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use crate::{Diagnostic, Label, Level, Sources, Span, TextRange};

/// Renders every finding with its source, with or without colour.
///
/// A finding is a header line, the source with carets, a note with its own source for each label
/// in another file, the error that a tried input ended in, and the help.
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
        if let Some(witness) = &diagnostic.witness {
            let name = paint("seen", "36", color);
            out.push_str(&format!("{name}: {}\n", printable(&witness.error)));
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
    if snippet.is_too_wide || drawer.render_report(&mut drawn, snippet).is_err() {
        out.push_str(&snippet.excerpt);
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

/// Lines longer than this, in bytes, are not drawn whole (and miette counts columns in 16 bits).
const WIDEST_LINE: usize = 1_000;
/// How much of such a line is shown before and behind the place.
const EXCERPT: usize = 40;

/// Places of one file in the shape miette draws.
#[derive(Debug)]
struct Snippet {
    window: Option<Window>,
    labels: Vec<LabeledSpan>,
    is_too_wide: bool,
    /// The place in one line, for what is not drawn.
    excerpt: String,
}

impl Snippet {
    fn new(primary: Span, annotation: &str, labels: &[&Label], sources: &Sources) -> Self {
        let Some(source) = sources.get(primary.file) else {
            return Self {
                window: None,
                labels: Vec::new(),
                is_too_wide: true,
                excerpt: String::new(),
            };
        };
        let spans =
            std::iter::once(primary.range).chain(labels.iter().map(|label| label.span.range));
        let window = Window::around(source, primary.range, spans);
        let place = |span: Span| window.place(source, span.range);
        let annotation = Some(printable(annotation)).filter(|text| !text.is_empty());
        let primary_label = LabeledSpan::new_primary_with_span(annotation, place(primary));
        let others = labels.iter().map(|label| {
            LabeledSpan::new_with_span(Some(printable(&label.message)), place(label.span))
        });
        Self {
            labels: std::iter::once(primary_label).chain(others).collect(),
            is_too_wide: window.text.split('\n').any(|line| line.len() > WIDEST_LINE),
            excerpt: window.excerpt(source, primary.range),
            window: Some(window),
        }
    }
}

/// The lines of a file around some places, ready to be shown: what is hidden and what a terminal
/// would obey is replaced byte for byte, so that offsets stay right.
#[derive(Debug)]
struct Window {
    path: String,
    text: String,
    /// Where it begins in the file.
    start: usize,
    /// How many lines stand before it.
    lines_before: usize,
    /// The column of the primary place in characters, from 0.
    column: usize,
}

impl Window {
    /// The lines that the places touch and one more on each side.
    fn around(
        source: &crate::Source,
        primary: TextRange,
        spans: impl Iterator<Item = TextRange>,
    ) -> Self {
        let (low, high) = spans.fold((usize::MAX, 0), |(low, high), range| {
            (low.min(range.start as usize), high.max(range.end as usize))
        });
        let (text, lines) = (source.text(), source.lines());
        let first = lines
            .line_column(text, low.min(text.len()))
            .line
            .saturating_sub(1)
            .max(1);
        let last = lines.line_column(text, high).line + 1;
        let start = lines.line_start(first).unwrap_or(0);
        let end = lines.line_start(last + 1).unwrap_or(text.len());
        let shown = text.get(start..end).unwrap_or("");
        Self {
            path: source.path().to_owned(),
            text: masked(shown, start, source.hidden()),
            start,
            lines_before: first - 1,
            column: lines.line_column(text, primary.start as usize).column - 1,
        }
    }

    fn place(&self, source: &crate::Source, range: TextRange) -> SourceSpan {
        // A range that ends behind a line break would draw a second, empty line.
        let length = range.of(source.text()).trim_end_matches(['\n', '\r']).len();
        SourceSpan::new(
            (range.start as usize).saturating_sub(self.start).into(),
            length,
        )
    }

    /// A part of a line that is too long to be drawn.
    fn excerpt(&self, source: &crate::Source, range: TextRange) -> String {
        let at = source
            .lines()
            .line_column(source.text(), range.start as usize);
        let offset = (range.start as usize).saturating_sub(self.start);
        let boundary = |mut at: usize| {
            while !self.text.is_char_boundary(at.min(self.text.len())) {
                at += 1;
            }
            at.min(self.text.len())
        };
        let around = self
            .text
            .get(boundary(offset.saturating_sub(EXCERPT))..boundary(offset + EXCERPT));
        let line = around
            .unwrap_or("")
            .split('\n')
            .find(|line| !line.trim().is_empty())
            .unwrap_or("");
        format!(
            "   ╭─[{}:{}:{}]\n   │ … {} …\n   ╰────\n",
            self.path,
            at.line,
            at.column,
            line.trim()
        )
    }
}

/// Text that starts at an offset of its file, without what is hidden and without control
/// characters; as many bytes as before.
fn masked(text: &str, start: usize, hidden: &[TextRange]) -> String {
    let mut bytes: Vec<u8> = text
        .bytes()
        .map(|byte| match byte {
            b'\n' | b'\r' | b'\t' => byte,
            byte if byte.is_ascii_control() => b'?',
            byte => byte,
        })
        .collect();
    for range in hidden {
        let from = (range.start as usize)
            .saturating_sub(start)
            .min(bytes.len());
        let to = (range.end as usize).saturating_sub(start).min(bytes.len());
        for byte in bytes.get_mut(from..to).unwrap_or_default() {
            if !byte.is_ascii_whitespace() {
                *byte = b'*';
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.window.as_ref().map(|window| window as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        behind: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self.text.read_span(span, before, behind)?;
        // Without lines around it the span is that of the header, which miette counts in bytes.
        let column = match (before, behind) {
            (0, 0) => self.column,
            _ => found.column(),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            found.data(),
            *found.span(),
            found.line() + self.lines_before,
            column,
            // miette counts these from the start of the source.
            found.line_count() + self.lines_before,
        )))
    }
}
