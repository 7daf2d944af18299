//! TOML configurations: toml_edit parses, keeps and edits them.
//!
//! A list of hooks is an array of tables (`[[…hooks]]`) or an inline array; a new one is an array
//! of tables at the end of the file. Invariant: where the path runs through an inline table, what
//! is added is inline too, since TOML allows nothing else there.

use std::sync::Arc;

use diagnostics::{Diagnostic, FileId, TextRange};
use serde_json::Value;
use toml_edit::{
    Array, ArrayOfTables, DocumentMut, InlineTable, Item as TomlItem, Table, TableLike,
    Value as TomlValue,
};
use yaml::{
    EditError, Entry, Item, Kind, Mapping, Node, Resolved, Scalar, Sequence, SetItems, Style,
};

use super::{MAX_DEPTH, syntax_error, too_deep};

/// Reads TOML into the neutral tree; dates become strings, as Kratos sees them.
pub(super) fn read(text: &str, file: FileId) -> (Option<Arc<Node>>, Vec<Diagnostic>) {
    if let Some(at) = too_deep(text) {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        return (None, vec![syntax_error(file, at, text, message)]);
    }
    match toml_edit::Document::parse(text) {
        Ok(document) => {
            let whole = TextRange::new(0, text.len());
            (
                Some(Arc::new(table(document.as_table(), whole))),
                Vec::new(),
            )
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = error
                .message()
                .lines()
                .next()
                .unwrap_or("syntax error")
                .to_owned();
            (
                None,
                vec![syntax_error(file, at, text, format!("not TOML: {message}"))],
            )
        }
    }
}

/// The comments: every `#` outside of strings, which are told by their quotes as TOML 1.0 writes
/// them.
pub(super) fn comments(text: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"', '\'']) {
        let start = text.len() - rest.len() + at;
        let token = rest.get(at..).unwrap_or_default();
        let length = if token.starts_with('#') {
            let line = token.split(['\n', '\r']).next().unwrap_or_default();
            found.push(TextRange::new(start, start + line.len()));
            line.len()
        } else {
            string_length(token)
        };
        rest = text.get(start + length..).unwrap_or_default();
    }
    found
}

/// How long the string is that a text begins with; one that is not closed takes the rest.
fn string_length(text: &str) -> usize {
    let quote = text.get(..1).unwrap_or_default();
    let long = quote.repeat(3);
    let (fence, is_long) = if text.starts_with(&long) {
        (long.as_str(), true)
    } else {
        (quote, false)
    };
    let mut at = fence.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(fence) {
            // Up to two quotes may stand before the closing three.
            let more = rest.get(fence.len()..).unwrap_or_default();
            let quotes = more.len() - more.trim_start_matches(quote).len();
            return at + fence.len() + if is_long { quotes.min(2) } else { 0 };
        }
        let escaped = quote == "\"" && rest.starts_with('\\');
        let mut chars = rest.chars();
        let length = chars.next().map_or(1, char::len_utf8);
        at += length
            + if escaped {
                chars.next().map_or(0, char::len_utf8)
            } else {
                0
            };
    }
    text.len()
}

fn range(span: Option<std::ops::Range<usize>>, outer: TextRange) -> TextRange {
    span.map_or(outer, |span| TextRange::new(span.start, span.end))
}

fn table(table: &dyn TableLike, at: TextRange) -> Node {
    let entries = table.iter().filter_map(|(name, item)| {
        let key_at = range(table.key(name).and_then(toml_edit::Key::span), at);
        let key = Scalar {
            text: name.to_owned(),
            style: Style::DoubleQuoted,
            resolved: Resolved::String,
        };
        Some(Entry {
            key: Arc::new(Node::new(key_at, Kind::Scalar(key))),
            value: Arc::new(item_node(item, key_at)?),
        })
    });
    let entries = entries.collect();
    Node::new(
        at,
        Kind::Mapping(Mapping {
            entries,
            flow: false,
        }),
    )
}

fn item_node(item: &TomlItem, outer: TextRange) -> Option<Node> {
    let at = range(item.span(), outer);
    Some(match item {
        TomlItem::None => return None,
        TomlItem::Value(value) => value_node(value, at),
        TomlItem::Table(inner) => table(inner, at),
        TomlItem::ArrayOfTables(array) => {
            let items = array
                .iter()
                .map(|inner| Arc::new(table(inner, range(inner.span(), at))));
            let items = items.collect();
            Node::new(at, Kind::Sequence(Sequence { items, flow: false }))
        }
    })
}

fn value_node(value: &TomlValue, outer: TextRange) -> Node {
    let at = range(value.span(), outer);
    let (text, resolved) = match value {
        TomlValue::String(text) => (text.value().clone(), Resolved::String),
        TomlValue::Integer(integer) => (
            integer.value().to_string(),
            Resolved::Integer(*integer.value()),
        ),
        TomlValue::Float(float) => (float.value().to_string(), Resolved::Float(*float.value())),
        TomlValue::Boolean(boolean) => (
            boolean.value().to_string(),
            Resolved::Bool(*boolean.value()),
        ),
        TomlValue::Datetime(date) => (date.value().to_string(), Resolved::String),
        TomlValue::Array(array) => {
            let items = array
                .iter()
                .map(|item| Arc::new(value_node(item, at)))
                .collect();
            return Node::new(at, Kind::Sequence(Sequence { items, flow: true }));
        }
        TomlValue::InlineTable(inner) => return table(inner, at),
    };
    let style = match resolved {
        Resolved::String => Style::DoubleQuoted,
        _ => Style::Plain,
    };
    Node::new(
        at,
        Kind::Scalar(Scalar {
            text,
            style,
            resolved,
        }),
    )
}

/// Applies the changes. Line ends are LF while editing and become CRLF again where the file has
/// nothing else.
pub(super) fn set_items(
    text: &str,
    file: FileId,
    changes: &[SetItems],
) -> Result<String, EditError> {
    let crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    let lf_text = if crlf {
        text.replace("\r\n", "\n")
    } else {
        text.to_owned()
    };
    let Ok(mut document) = lf_text.parse::<DocumentMut>() else {
        return Err(EditError::Unreadable(read(text, file).1));
    };
    let mut end = last_position(document.as_table());
    for change in changes {
        let mut path: Vec<&str> = change.path.iter().map(String::as_str).collect();
        let Some(name) = path.pop() else { continue };
        set_list(
            document.as_table_mut(),
            &path,
            name,
            &change.items,
            &mut end,
        )?;
    }
    let edited = document.to_string();
    Ok(if crlf {
        edited.replace('\n', "\r\n")
    } else {
        edited
    })
}

fn taken(found: &TomlItem) -> &'static str {
    match found {
        TomlItem::Value(TomlValue::String(_)) => "a string",
        TomlItem::Value(TomlValue::Array(_)) | TomlItem::ArrayOfTables(_) => "a list",
        TomlItem::Table(_) | TomlItem::Value(TomlValue::InlineTable(_)) => "a mapping",
        TomlItem::Value(TomlValue::Boolean(_)) => "a boolean",
        _ => "a number",
    }
}

fn set_list(
    table: &mut dyn TableLike,
    path: &[&str],
    name: &str,
    items: &[Item],
    end: &mut isize,
) -> Result<(), EditError> {
    let Some((first, rest)) = path.split_first() else {
        return set_here(table, name, items, end);
    };
    if !table.contains_key(first) {
        let mut created = Table::new();
        created.set_implicit(true);
        table.insert(first, TomlItem::Table(created));
    }
    let place = table.get_mut(first);
    let found = place.as_ref().map_or("nothing", |item| taken(item));
    let at = range(
        place.as_ref().and_then(|item| item.span()),
        TextRange::default(),
    );
    match place {
        Some(TomlItem::Value(TomlValue::InlineTable(inner))) => {
            set_inline(inner, rest, name, items)
        }
        Some(place) => match place.as_table_like_mut() {
            Some(inner) => set_list(inner, rest, name, items, end),
            None => Err(EditError::NotAMapping { at, found }),
        },
        None => Err(EditError::NotAMapping { at, found }),
    }
}

fn set_here(
    table: &mut dyn TableLike,
    name: &str,
    items: &[Item],
    end: &mut isize,
) -> Result<(), EditError> {
    match table.get_mut(name) {
        Some(TomlItem::ArrayOfTables(array)) => {
            for (index, item) in items.iter().enumerate() {
                if let Item::New { comments, value } = item {
                    let position = match index.checked_sub(1).and_then(|before| array.get(before)) {
                        Some(before) => Some(last_position(before)),
                        None => array.get(0).and_then(Table::position),
                    };
                    array.insert(index, new_table(comments, value, position));
                }
            }
            Ok(())
        }
        Some(TomlItem::Value(TomlValue::Array(array))) => {
            insert_inline(array, items);
            Ok(())
        }
        Some(other) => Err(EditError::NotAList {
            at: range(other.span(), TextRange::default()),
            found: taken(other),
        }),
        None => {
            let mut array = ArrayOfTables::new();
            for item in items {
                if let Item::New { comments, value } = item {
                    *end += 1;
                    array.push(new_table(comments, value, Some(*end)));
                }
            }
            table.insert(name, TomlItem::ArrayOfTables(array));
            Ok(())
        }
    }
}

/// The same inside an inline table.
fn set_inline(
    table: &mut InlineTable,
    path: &[&str],
    name: &str,
    items: &[Item],
) -> Result<(), EditError> {
    if let Some((first, rest)) = path.split_first() {
        let place = table.get_or_insert(*first, InlineTable::new());
        let at = range(place.span(), TextRange::default());
        return match place {
            TomlValue::InlineTable(inner) => set_inline(inner, rest, name, items),
            _ => Err(EditError::NotAMapping {
                at,
                found: "a value",
            }),
        };
    }
    let place = table.get_or_insert(name, Array::new());
    let at = range(place.span(), TextRange::default());
    match place {
        TomlValue::Array(array) => {
            insert_inline(array, items);
            Ok(())
        }
        _ => Err(EditError::NotAList {
            at,
            found: "a value",
        }),
    }
}

/// New items of an inline array follow the line layout of the items that are there.
fn insert_inline(array: &mut Array, items: &[Item]) {
    let own_lines = array
        .iter()
        .next()
        .and_then(|first| first.decor().prefix())
        .and_then(|prefix| prefix.as_str())
        .filter(|prefix| prefix.contains('\n'))
        .map(|prefix| prefix.rsplit('\n').next().unwrap_or("").to_owned());
    for (index, item) in items.iter().enumerate() {
        if let Item::New { comments, value } = item {
            let value = inline_value(value);
            match &own_lines {
                Some(indent) => {
                    let comments: String = comments
                        .iter()
                        .map(|line| format!("\n{indent}# {line}"))
                        .collect();
                    array.insert_formatted(
                        index,
                        value.decorated(format!("{comments}\n{indent}"), ""),
                    );
                }
                None => array.insert(index, value),
            }
        }
    }
}

fn new_table(comments: &[String], value: &Value, position: Option<isize>) -> Table {
    let mut table = Table::new();
    fill(&mut table, value, position);
    table.set_position(position);
    let comments: String = comments.iter().map(|line| format!("# {line}\n")).collect();
    table.decor_mut().set_prefix(format!("\n{comments}"));
    table
}

/// Members in order: plain values first, since whatever follows a sub-table header belongs to it.
fn fill(table: &mut Table, value: &Value, position: Option<isize>) {
    let Value::Object(members) = value else {
        return;
    };
    for (key, member) in members.iter().filter(|(_, member)| !member.is_object()) {
        table.insert(key, TomlItem::Value(inline_value(member)));
    }
    for (key, member) in members.iter().filter(|(_, member)| member.is_object()) {
        if key == "config" {
            let mut inner = Table::new();
            fill(&mut inner, member, position);
            inner.set_position(position);
            table.insert(key, TomlItem::Table(inner));
        } else {
            table.insert(key, TomlItem::Value(inline_value(member)));
        }
    }
}

/// A JSON value as an inline TOML value. TOML has no null: a member that is null is left out,
/// which the guard of the edit then reports.
fn inline_value(value: &Value) -> TomlValue {
    match value {
        Value::Null => TomlValue::from(""),
        Value::Bool(boolean) => TomlValue::from(*boolean),
        Value::Number(number) => number.as_i64().map_or_else(
            || TomlValue::from(number.as_f64().unwrap_or_default()),
            TomlValue::from,
        ),
        Value::String(text) => TomlValue::from(text.as_str()),
        Value::Array(items) => TomlValue::Array(items.iter().map(inline_value).collect()),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| !member.is_null());
            TomlValue::InlineTable(
                members
                    .map(|(key, member)| (key.as_str(), inline_value(member)))
                    .collect(),
            )
        }
    }
}

/// The largest position of a table and the tables below it.
fn last_position(table: &Table) -> isize {
    let below = table.iter().map(|(_, item)| match item {
        TomlItem::Table(inner) => last_position(inner),
        TomlItem::ArrayOfTables(array) => array.iter().map(last_position).max().unwrap_or(0),
        _ => 0,
    });
    below.max().unwrap_or(0).max(table.position().unwrap_or(0))
}
