//! Findings for people: the source with carets, causes, help.
//!
//! miette draws the snippet; what stands above and below it is ours. Invariant: labels in other
//! files than the primary one are drawn as snippets of their own, never dropped.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan};

use crate::{Diagnostic, Label, Level, Sources, Span};

/// Renders every finding with its source, with or without colour.
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
        .with_links(false)
        .with_cause_chain();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let report = Report::new(diagnostic, sources);
        // Writing into a string fails only if the drawing itself gives up; say it in one line then.
        let mut drawn = String::new();
        if drawer.render_report(&mut drawn, &report).is_err() {
            drawn = super::concise(std::slice::from_ref(diagnostic), sources);
        }
        for line in drawn.trim_matches('\n').lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    out
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

/// A finding in the shape miette draws.
#[derive(Debug)]
struct Report {
    title: String,
    code: String,
    level: Level,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Report>,
}

impl Report {
    fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let file = diagnostic.primary.file;
        let annotation = Some(printable(&diagnostic.annotation)).filter(|text| !text.is_empty());
        let source = sources.get(file);
        let mut labels = vec![LabeledSpan::new_primary_with_span(
            annotation,
            drawn_span(diagnostic.primary, sources),
        )];
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) = diagnostic
            .labels
            .iter()
            .partition(|label| label.span.file == file);
        labels.extend(here.into_iter().map(|label| {
            LabeledSpan::new_with_span(
                Some(printable(&label.message)),
                drawn_span(label.span, sources),
            )
        }));
        Self {
            title: printable(&diagnostic.message),
            code: diagnostic.rule.code.to_owned(),
            level: diagnostic.level,
            help: diagnostic.help.as_deref().map(printable),
            source: source.map(drawn_source),
            labels,
            related: elsewhere
                .into_iter()
                .map(|label| Self::related(label, sources))
                .collect(),
        }
    }

    fn related(label: &Label, sources: &Sources) -> Self {
        Self {
            title: printable(&label.message),
            code: String::new(),
            level: Level::Note,
            help: None,
            source: sources.get(label.span.file).map(drawn_source),
            labels: vec![LabeledSpan::new_primary_with_span(
                None,
                drawn_span(label.span, sources),
            )],
            related: Vec::new(),
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

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty())
            .then(|| Box::new(format!("{}[{}]", self.level, self.code)) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
            Level::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source
            .as_ref()
            .map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|it| it as &dyn miette::Diagnostic))
                as Box<dyn Iterator<Item = &dyn miette::Diagnostic>>
        })
    }
}
