//! The stable JSON of findings, `format_version: "1"`.
//!
//! Invariant: members keep this order and these names; a change of meaning is a new version.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::place::Place;
use crate::{Diagnostic, Level, LineColumn, Sources, Span};

/// The counts at the end of the document.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct JsonSummary {
    /// Findings at error level.
    pub errors: usize,
    /// Findings at warning level.
    pub warnings: usize,
    /// Files that were read.
    pub files: usize,
}

/// Renders the document, pretty-printed and with a final newline.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources, files: usize) -> String {
    let count = |level| diagnostics.iter().filter(|d| d.level == level).count();
    let summary = JsonSummary {
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        files,
    };
    let document = json!({
        "format_version": "1",
        "diagnostics": diagnostics.iter().map(|d| finding(d, sources)).collect::<Vec<_>>(),
        "summary": summary,
    });
    format!("{document:#}\n")
}

fn finding(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("code".into(), diagnostic.rule.code.into());
    object.insert("severity".into(), diagnostic.level.as_str().into());
    object.insert("message".into(), diagnostic.message.clone().into());
    object.insert("file".into(), sources.path(diagnostic.primary.file).into());
    object.insert("range".into(), range(diagnostic.primary, sources));
    let within = diagnostic.within.as_ref();
    let within =
        within.map(|it| json!({"text": it.text, "line": it.at.line, "column": it.at.column}));
    object.insert("within".into(), within.unwrap_or_default());
    object.insert(
        "labels".into(),
        diagnostic
            .labels
            .iter()
            .map(|label| {
                json!({
                    "file": sources.path(label.span.file),
                    "range": range(label.span, sources),
                    "message": label.message,
                })
            })
            .collect(),
    );
    object.insert("help".into(), diagnostic.help.clone().into());
    let edits = |edits: &[crate::Edit]| -> Value {
        edits
            .iter()
            .map(|edit| {
                json!({
                    "file": sources.path(edit.span.file),
                    "range": range(edit.span, sources),
                    "new_text": edit.new_text,
                })
            })
            .collect()
    };
    object.insert(
        "fixes".into(),
        diagnostic
            .fixes
            .iter()
            .map(|fix| {
                json!({
                    "title": fix.title,
                    "edits": edits(&fix.edits),
                    "applicability": fix.applicability.as_str(),
                })
            })
            .collect(),
    );
    let witness = diagnostic.witness.as_ref();
    let witness = witness.map(|it| json!({"ctx": it.ctx, "error": it.error}));
    object.insert("witness".into(), witness.unwrap_or_default());
    object.insert("url".into(), super::page_url(diagnostic.rule.code).into());
    Value::Object(object)
}

fn range(span: Span, sources: &Sources) -> Value {
    let Place { start, end } = Place::of(span, sources);
    let at = |place: LineColumn, offset: u32| json!({"line": place.line, "column": place.column, "offset": offset});
    json!({"start": at(start, span.range.start), "end": at(end, span.range.end)})
}
