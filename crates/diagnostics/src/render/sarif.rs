//! SARIF 2.1.0 (OASIS): what code scanning reads.
//!
//! Invariants:
//! - a rule is described once and named by its index; its whole page is its help;
//! - columns count Unicode code points and lines end as [`crate::LineIndex`] counts them, both
//!   declared in the run;
//! - paths are relative to the root of the repository, `%SRCROOT%`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::gitlab::fingerprint;
use super::place::{Place, from_root, uri};
use super::{HOME_URL, PAGE_URL, Report, in_words};
use crate::{Diagnostic, Fix, Label, Rule, Span};

/// Renders the log, pretty-printed and with a final newline.
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let mut rules: BTreeMap<&str, &Rule> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        rules.insert(diagnostic.rule.code, diagnostic.rule);
    }
    let indexes: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let identity = format!(
                "{}\0{}\0{}",
                from_root(report.folder, report.sources.path(diagnostic.primary.file)),
                diagnostic.rule.code,
                diagnostic.message
            );
            let number = seen
                .entry(identity.clone())
                .and_modify(|number| *number += 1)
                .or_insert(0);
            let known_by = fingerprint(&identity, *number);
            let index = indexes.get(diagnostic.rule.code).copied().unwrap_or(0);
            result(diagnostic, index, known_by, report)
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "actionc",
                    "semanticVersion": report.version,
                    "informationUri": HOME_URL,
                    "rules": rules.values().map(|rule| description(rule)).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {
                "%SRCROOT%": {"description": {"text": "The root of the repository."}},
            },
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn description(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "helpUri": format!("{PAGE_URL}{}", rule.code),
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": rule.level.as_str()},
    })
}

fn result(diagnostic: &Diagnostic, index: usize, known_by: String, report: &Report<'_>) -> Value {
    let mut object = Map::new();
    object.insert("ruleId".into(), diagnostic.rule.code.into());
    object.insert("ruleIndex".into(), index.into());
    object.insert("level".into(), diagnostic.level.as_str().into());
    object.insert("message".into(), json!({"text": in_words(diagnostic)}));
    if report.sources.get(diagnostic.primary.file).is_some() {
        let location = json!({"physicalLocation": physical(diagnostic.primary, report)});
        object.insert("locations".into(), json!([location]));
    }
    let labels = diagnostic.labels.iter().enumerate();
    let related: Vec<Value> = labels
        .map(|(number, label)| related(number, label, report))
        .collect();
    if !related.is_empty() {
        object.insert("relatedLocations".into(), related.into());
    }
    object.insert(
        "partialFingerprints".into(),
        json!({"actionc/v1": known_by}),
    );
    let fixes: Vec<Value> = diagnostic.fixes.iter().map(|it| fix(it, report)).collect();
    if !fixes.is_empty() {
        object.insert("fixes".into(), fixes.into());
    }
    Value::Object(object)
}

fn related(number: usize, label: &Label, report: &Report<'_>) -> Value {
    json!({
        "id": number + 1,
        "physicalLocation": physical(label.span, report),
        "message": {"text": super::full::printable(&label.message)},
    })
}

fn physical(span: Span, report: &Report<'_>) -> Value {
    json!({
        "artifactLocation": artifact(span, report),
        "region": region(span, report),
    })
}

fn artifact(span: Span, report: &Report<'_>) -> Value {
    let path = from_root(report.folder, report.sources.path(span.file));
    if path.starts_with('/') {
        return json!({"uri": uri(&path)});
    }
    json!({"uri": uri(&path), "uriBaseId": "%SRCROOT%"})
}

fn region(span: Span, report: &Report<'_>) -> Value {
    let Place { start, end } = Place::of(span, report.sources);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.range.start,
        "byteLength": span.range.len(),
    })
}

/// The edits of a fix, by file in the order they are named.
fn fix(fix: &Fix, report: &Report<'_>) -> Value {
    let mut files: Vec<crate::FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let changes: Vec<Value> = files
        .iter()
        .filter_map(|file| {
            let mut edits = fix.edits.iter().filter(|edit| edit.span.file == *file);
            let location = artifact(edits.clone().next()?.span, report);
            let replacements: Vec<Value> = edits
                .by_ref()
                .map(|edit| {
                    json!({
                        "deletedRegion": region(edit.span, report),
                        "insertedContent": {"text": edit.new_text},
                    })
                })
                .collect();
            Some(json!({"artifactLocation": location, "replacements": replacements}))
        })
        .collect();
    json!({"description": {"text": fix.title}, "artifactChanges": changes})
}
