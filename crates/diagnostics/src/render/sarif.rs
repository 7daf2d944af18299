//! SARIF 2.1.0 (OASIS): what code scanning reads.
//!
//! Invariants:
//! - a rule is described once and named by its index; its whole page is its help;
//! - a result has a place: what has none is a notification about the tool's configuration;
//! - columns count Unicode code points and lines end as [`crate::LineIndex`] counts them, both
//!   declared in the run;
//! - paths are relative to the root of the repository, `%SRCROOT%`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::gitlab::fingerprint;
use super::place::{Place, from_root, uri};
use super::{Report, home_url, in_words, page_url};
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
    let (placed, placeless): (Vec<&Diagnostic>, Vec<&Diagnostic>) = report
        .diagnostics
        .iter()
        .partition(|it| report.sources.get(it.primary.file).is_some());
    let results: Vec<Value> = placed
        .into_iter()
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
    let mut driver = json!({
        "name": "actionc",
        "semanticVersion": report.version,
        "rules": rules.values().map(|rule| description(rule)).collect::<Vec<_>>(),
    });
    if let (Some(home), Some(driver)) = (home_url(), driver.as_object_mut()) {
        driver.insert("informationUri".into(), home.into());
    }
    let mut run = json!({
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The root of the repository."}},
        },
        "results": results,
    });
    if let (false, Some(run)) = (placeless.is_empty(), run.as_object_mut()) {
        let told: Vec<Value> = placeless.into_iter().map(notification).collect();
        let invocation =
            json!({"executionSuccessful": true, "toolConfigurationNotifications": told});
        run.insert("invocations".into(), json!([invocation]));
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{log:#}\n")
}

/// What an argument or the environment got wrong: scanners refuse a result without a place.
fn notification(diagnostic: &Diagnostic) -> Value {
    json!({
        "associatedRule": {"id": diagnostic.rule.code},
        "level": diagnostic.level.as_str(),
        "message": {"text": in_words(diagnostic)},
    })
}

fn description(rule: &Rule) -> Value {
    let mut description = json!({
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": rule.level.as_str()},
    });
    if let (Some(url), Some(description)) = (page_url(rule.code), description.as_object_mut()) {
        description.insert("helpUri".into(), url.into());
    }
    description
}

fn result(diagnostic: &Diagnostic, index: usize, known_by: String, report: &Report<'_>) -> Value {
    let mut object = Map::new();
    object.insert("ruleId".into(), diagnostic.rule.code.into());
    object.insert("ruleIndex".into(), index.into());
    object.insert("level".into(), diagnostic.level.as_str().into());
    object.insert("message".into(), json!({"text": in_words(diagnostic)}));
    let location = json!({"physicalLocation": physical(diagnostic.primary, report)});
    object.insert("locations".into(), json!([location]));
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
