//! Values to YAML that every parser reads alike.
//!
//! A string is left plain only if no version of YAML could take it for anything else; all others
//! are in double quotes with the escapes that YAML and JSON share.
//! Invariant: what [`block`] and [`flow`] write, [`crate::parse()`] and [`crate::to_json`] read back
//! as the same value.

mod number;
pub(crate) mod plain;

use serde_json::{Map, Value};

/// Keys longer than this are announced by `?`: YAML looks no further than 1024 characters for the
/// `:` behind a key.
const LONGEST_KEY: usize = 1000;

/// How block collections are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Columns by which a mapping is indented under its key.
    pub(crate) mapping: usize,
    /// Columns by which the `-` of a list is indented under its key.
    pub(crate) sequence: usize,
    /// Columns from a `-` to what stands behind it, at least 2.
    pub(crate) dash: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            mapping: 2,
            sequence: 2,
            dash: 2,
        }
    }
}

/// Writes a value in block style, each line indented by `indent` blanks and ended by `\n`.
///
/// ```
/// let value = serde_json::json!({"hooks": [{"hook": "session", "on": "yes"}]});
/// let text = "hooks:\n  - hook: session\n    \"on\": \"yes\"\n";
/// assert_eq!(yaml::emit::block(&value, 0), text);
/// ```
#[must_use]
pub fn block(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut out = String::new();
    for line in lines(value, Layout::default()) {
        out.push_str(&pad);
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Writes a value on one line.
///
/// ```
/// let value = serde_json::json!({"hook": "session", "n": [1, "off"]});
/// assert_eq!(yaml::emit::flow(&value), "{hook: session, \"n\": [1, \"off\"]}");
/// ```
#[must_use]
pub fn flow(value: &Value) -> String {
    let mut out = String::new();
    write_flow(value, Quotes::WhereNeeded, &mut out);
    out
}

/// Which strings of a flow value are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Those that could be taken for something else.
    WhereNeeded,
    /// All, as in JSON.
    Always,
}

/// The lines of a value in block style, not indented and without line breaks.
pub(crate) fn lines(value: &Value, layout: Layout) -> Vec<String> {
    match value {
        Value::Object(map) if !map.is_empty() => map
            .iter()
            .flat_map(|(key, value)| entry_lines(key, value, layout))
            .collect(),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .flat_map(|item| item_lines(item, layout))
            .collect(),
        value => vec![flow(value)],
    }
}

/// The lines of one list item, its `-` in the first column.
pub(crate) fn item_lines(item: &Value, layout: Layout) -> Vec<String> {
    let dash = format!("-{}", " ".repeat(layout.dash.max(2) - 1));
    behind(&dash, lines(item, layout))
}

fn entry_lines(key: &str, value: &Value, layout: Layout) -> Vec<String> {
    let key = string(key, Quotes::WhereNeeded);
    let long = key.chars().count() > LONGEST_KEY;
    let announced = if long {
        vec![format!("? {key}"), ":".to_owned()]
    } else {
        vec![format!("{key}:")]
    };
    // Behind an announced key a list must be indented: not every parser takes it otherwise.
    let step = match value {
        Value::Array(items) if !items.is_empty() && !long => layout.sequence,
        Value::Array(items) if !items.is_empty() => layout.mapping,
        Value::Object(map) if !map.is_empty() => layout.mapping,
        value => {
            let mut announced = announced;
            if let Some(last) = announced.last_mut() {
                last.push(' ');
                last.push_str(&flow(value));
            }
            return announced;
        }
    };
    let mut out = announced;
    out.extend(indented(step, lines(value, layout)));
    out
}

/// The lines, each behind `width` blanks.
pub(crate) fn indented(width: usize, lines: Vec<String>) -> Vec<String> {
    let pad = " ".repeat(width);
    lines
        .into_iter()
        .map(|line| format!("{pad}{line}"))
        .collect()
}

/// The first line behind `first`, the others below it.
fn behind(first: &str, lines: Vec<String>) -> Vec<String> {
    let pad = " ".repeat(first.len());
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| match index {
            0 => format!("{first}{line}"),
            _ => format!("{pad}{line}"),
        })
        .collect()
}

/// Writes a value on one line, quoted as its surroundings are.
pub(crate) fn write_flow(value: &Value, quotes: Quotes, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&number::number(value)),
        Value::String(text) => out.push_str(&string(text, quotes)),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_flow(item, quotes, out);
            }
            out.push(']');
        }
        Value::Object(map) => write_flow_mapping(map, quotes, out),
    }
}

fn write_flow_mapping(map: &Map<String, Value>, quotes: Quotes, out: &mut String) {
    out.push('{');
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        let key = string(key, quotes);
        if key.chars().count() > LONGEST_KEY {
            out.push_str("? ");
        }
        out.push_str(&key);
        out.push_str(": ");
        write_flow(value, quotes, out);
    }
    out.push('}');
}

/// A string, plain or in double quotes.
pub(crate) fn string(text: &str, quotes: Quotes) -> String {
    if quotes == Quotes::WhereNeeded && plain::is_plain(text) {
        text.to_owned()
    } else {
        plain::quoted(text)
    }
}
