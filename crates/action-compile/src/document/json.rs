//! JSON configurations: strictly parsed, edited by splicing text at the spans of the tree.
//!
//! A splice keeps what an editor of syntax trees would lay out anew: the line that a member is
//! inserted behind keeps every byte. Invariant: new text follows its surroundings, one line where
//! they are on one line, their indentation and line ends where they are not.

use std::sync::Arc;

use diagnostics::{Diagnostic, FileId, TextRange};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use serde_json::Value;
use yaml::{
    EditError, Entry, Item, Kind, Mapping, Node, Resolved, Scalar, Sequence, SetItems, Style, View,
};

use super::{MAX_DEPTH, syntax_error, too_deep};

/// Reads JSON as RFC 8259 has it: no comments, no trailing commas.
pub(super) fn read(text: &str, file: FileId) -> (Option<Arc<Node>>, Vec<Diagnostic>) {
    if let Some(at) = too_deep(text) {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        return (None, vec![syntax_error(file, at, text, message)]);
    }
    if text.starts_with('\u{feff}') {
        return (None, vec![byte_order_mark(file)]);
    }
    let options = jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options) {
        Ok(parsed) => {
            let mut diagnostics = Vec::new();
            let root = parsed
                .value
                .map(|value| Arc::new(node(&value, file, &mut diagnostics)));
            (root, diagnostics)
        }
        Err(error) => {
            let message = format!("not JSON: {}", lower_first(&error.kind().to_string()));
            let at = error.range().start;
            (None, vec![syntax_error(file, at, text, message)])
        }
    }
}

/// Go's parser, which Kratos reads the file with, refuses it.
fn byte_order_mark(file: FileId) -> Diagnostic {
    let at = TextRange::new(0, '\u{feff}'.len_utf8()).in_file(file);
    let message = "not JSON: a byte order mark (BOM) stands before the first value";
    Diagnostic::new(&super::DOCUMENT_SYNTAX, at, message)
        .help("save the file as UTF-8 without a BOM")
        .safe_fix("remove the byte order mark", at, "")
}

fn lower_first(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

fn range(range: jsonc_parser::common::Range) -> TextRange {
    TextRange::new(range.start, range.end)
}

fn scalar(at: jsonc_parser::common::Range, text: &str, style: Style, resolved: Resolved) -> Node {
    let text = text.to_owned();
    Node::new(
        range(at),
        Kind::Scalar(Scalar {
            text,
            style,
            resolved,
        }),
    )
}

/// Recursion is bounded by [`MAX_DEPTH`].
fn node(value: &ast::Value<'_>, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Node {
    match value {
        ast::Value::NullKeyword(null) => scalar(null.range(), "null", Style::Plain, Resolved::Null),
        ast::Value::BooleanLit(lit) => {
            let text = if lit.value { "true" } else { "false" };
            scalar(lit.range, text, Style::Plain, Resolved::Bool(lit.value))
        }
        ast::Value::NumberLit(lit) => scalar(lit.range, lit.value, Style::Plain, number(lit.value)),
        ast::Value::StringLit(lit) => {
            scalar(lit.range, &lit.value, Style::DoubleQuoted, Resolved::String)
        }
        ast::Value::Array(array) => {
            let items = array
                .elements
                .iter()
                .map(|item| Arc::new(node(item, file, diagnostics)));
            let items = items.collect();
            Node::new(
                range(array.range),
                Kind::Sequence(Sequence { items, flow: true }),
            )
        }
        ast::Value::Object(object) => {
            let mut entries: Vec<Entry> = Vec::new();
            let mut first = std::collections::BTreeMap::new();
            for property in &object.properties {
                let name = property.name.as_str();
                let at = range(property.name.range());
                if let Some(earlier) = first.insert(name.to_owned(), at) {
                    diagnostics.push(
                        Diagnostic::new(
                            &yaml::DUPLICATE_KEY,
                            at.in_file(file),
                            format!("the key `{name}` stands here twice"),
                        )
                        .label(earlier.in_file(file), "first here"),
                    );
                }
                entries.push(Entry {
                    key: Arc::new(scalar(
                        property.name.range(),
                        name,
                        Style::DoubleQuoted,
                        Resolved::String,
                    )),
                    value: Arc::new(node(&property.value, file, diagnostics)),
                });
            }
            Node::new(
                range(object.range),
                Kind::Mapping(Mapping {
                    entries,
                    flow: true,
                }),
            )
        }
    }
}

fn number(text: &str) -> Resolved {
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(integer), _) => Resolved::Integer(integer),
        (_, Ok(float)) => Resolved::Float(float),
        _ => Resolved::String,
    }
}

/// Applies the changes one after the other, reading the text anew in between: two of them may
/// add to the same missing object.
pub(super) fn set_items(
    text: &str,
    file: FileId,
    changes: &[SetItems],
) -> Result<String, EditError> {
    let mut text = text.to_owned();
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        text = "{}\n".to_owned();
    }
    for change in changes {
        text = set_list(&text, file, change)?;
    }
    Ok(text)
}

fn set_list(text: &str, file: FileId, change: &SetItems) -> Result<String, EditError> {
    let (root, diagnostics) = read(text, file);
    let Some(root) = root.filter(|_| diagnostics.is_empty()) else {
        return Err(EditError::Unreadable(diagnostics));
    };
    let layout = Layout::of(text, &root);
    let mut node = &*root;
    let mut path = change.path.iter();
    while let Some(key) = path.next() {
        let View::Mapping(mapping) = node.view() else {
            return Err(EditError::NotAMapping {
                at: node.range,
                found: node.view().kind_name(),
            });
        };
        match mapping.get(key) {
            Some(entry) if !matches!(entry.value.view(), View::Null) => node = &entry.value,
            found => {
                let rest: Vec<&String> = path.collect();
                let list: Value = change.items.iter().filter_map(new_value).cloned().collect();
                let value = rest.iter().rev().fold(list, |inner, key| {
                    Value::Object(std::iter::once(((*key).clone(), inner)).collect())
                });
                return Ok(match found {
                    Some(null) => layout.replace(text, null.value.range, node.range, &value),
                    None => layout.add(
                        text,
                        node.range,
                        mapping.entries.last().map(|e| (e.key.range, e.value.range)),
                        Some(key),
                        &value,
                    ),
                });
            }
        }
    }
    let View::Sequence(list) = node.view() else {
        return Err(EditError::NotAList {
            at: node.range,
            found: node.view().kind_name(),
        });
    };
    insert_into(text, &layout, node.range, list, &change.items)
}

fn new_value(item: &Item) -> Option<&Value> {
    match item {
        Item::New { value, .. } => Some(value),
        Item::Keep(_) => None,
    }
}

/// Inserts the new items of a list, last first, so that earlier offsets stay right.
fn insert_into(
    text: &str,
    layout: &Layout,
    at: TextRange,
    list: &Sequence,
    items: &[Item],
) -> Result<String, EditError> {
    let kept: Vec<usize> = items
        .iter()
        .filter_map(|item| match item {
            Item::Keep(index) => Some(*index),
            Item::New { .. } => None,
        })
        .collect();
    if !kept.iter().copied().eq(0..list.items.len()) {
        return Err(EditError::Guard(
            "the kept items are not all items in their order".into(),
        ));
    }
    let mut text = text.to_owned();
    let mut behind = list.items.len();
    for item in items.iter().rev() {
        match item {
            Item::Keep(index) => behind = *index,
            Item::New { value, .. } => {
                let previous = behind
                    .checked_sub(1)
                    .and_then(|index| list.items.get(index));
                text = match (previous, list.items.get(behind)) {
                    (Some(previous), _) => layout.add(
                        &text,
                        at,
                        Some((previous.range, previous.range)),
                        None,
                        value,
                    ),
                    (None, Some(next)) => layout.prepend(&text, at, next.range, value),
                    (None, None) => {
                        // The list is empty, or held only new items so far: the next one goes before them.
                        let first = first_inside(&text, at);
                        match first {
                            Some(next) => layout.prepend(&text, at, next, value),
                            None => layout.add(&text, at, None, None, value),
                        }
                    }
                };
            }
        }
    }
    Ok(text)
}

/// The place of the first value behind an opening bracket, when there is one.
fn first_inside(text: &str, container: TextRange) -> Option<TextRange> {
    let open = container.start as usize + 1;
    let rest = text.get(open..)?;
    let skipped = rest.len() - rest.trim_start().len();
    let at = open + skipped;
    (!rest.trim_start().starts_with([']', '}'])).then(|| TextRange::new(at, at))
}

/// How the document is laid out.
struct Layout {
    step: String,
    line_end: &'static str,
    multi_line: bool,
    compact: bool,
}

impl Layout {
    fn of(text: &str, root: &Node) -> Self {
        let first = root
            .as_mapping()
            .and_then(|mapping| mapping.entries.first())
            .map_or(root.range.start, |entry| entry.key.range.start);
        let body = root.range.of(text);
        let multi_line =
            body.contains('\n') || root.as_mapping().is_some_and(|m| m.entries.is_empty());
        let step = own_line_indent(text, first as usize).filter(|step| !step.is_empty());
        Self {
            step: step.unwrap_or("  ").to_owned(),
            line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
            multi_line,
            compact: !multi_line && !body.contains(": ") && body.contains(':'),
        }
    }

    /// The value as text, continued at `indent`.
    fn value(&self, value: &Value, indent: Option<&str>) -> String {
        match indent {
            None if self.compact => value.to_string(),
            None => one_line(value),
            Some(indent) => {
                let mut out = Vec::new();
                let formatter = serde_json::ser::PrettyFormatter::with_indent(self.step.as_bytes());
                let mut writer = serde_json::Serializer::with_formatter(&mut out, formatter);
                // Writing a value of strings into memory has no way to fail.
                if serde::Serialize::serialize(value, &mut writer).is_err() {
                    return one_line(value);
                }
                String::from_utf8_lossy(&out).replace('\n', &format!("{}{indent}", self.line_end))
            }
        }
    }

    /// A member or item behind the last one, or the first one of an empty container.
    fn add(
        &self,
        text: &str,
        container: TextRange,
        last: Option<(TextRange, TextRange)>,
        key: Option<&str>,
        value: &Value,
    ) -> String {
        let name = |separator: &str| {
            key.map_or_else(String::new, |key| {
                format!("{}{separator}", Value::from(key))
            })
        };
        let colon = if self.compact { ":" } else { ": " };
        match last {
            Some((starts, ends)) => {
                let indent = own_line_indent(text, starts.start as usize);
                let gap = match indent {
                    Some(indent) => format!(",{}{indent}", self.line_end),
                    None if self.compact => ",".to_owned(),
                    None => ", ".to_owned(),
                };
                let new = format!("{gap}{}{}", name(colon), self.value(value, indent));
                splice(text, TextRange::empty(ends.end as usize), &new)
            }
            None if self.multi_line => {
                let outer = line_indent(text, container.start as usize);
                let inner = format!("{outer}{}", self.step);
                let new = format!(
                    "{}{inner}{}{}{}{outer}",
                    self.line_end,
                    name(colon),
                    self.value(value, Some(&inner)),
                    self.line_end
                );
                splice(
                    text,
                    TextRange::new(container.start as usize + 1, container.end as usize - 1),
                    &new,
                )
            }
            None => {
                let new = format!("{}{}", name(colon), self.value(value, None));
                splice(
                    text,
                    TextRange::new(container.start as usize + 1, container.end as usize - 1),
                    &new,
                )
            }
        }
    }

    /// An item before the first one.
    fn prepend(&self, text: &str, _container: TextRange, next: TextRange, value: &Value) -> String {
        let indent = own_line_indent(text, next.start as usize);
        let gap = match indent {
            Some(indent) => format!(",{}{indent}", self.line_end),
            None if self.compact => ",".to_owned(),
            None => ", ".to_owned(),
        };
        let new = format!("{}{gap}", self.value(value, indent));
        splice(text, TextRange::empty(next.start as usize), &new)
    }

    /// A value in the place of a null.
    fn replace(&self, text: &str, null: TextRange, _object: TextRange, value: &Value) -> String {
        let indent = self
            .multi_line
            .then(|| line_indent(text, null.start as usize));
        splice(text, null, &self.value(value, indent))
    }
}

/// `{"a": 1}` instead of serde_json's `{"a":1}`.
fn one_line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), one_line(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// The blanks before `at`, when nothing else stands before it on its line.
fn own_line_indent(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let start = before.rfind('\n')? + 1;
    let indent = before.get(start..)?;
    indent
        .chars()
        .all(|c| c == ' ' || c == '\t')
        .then_some(indent)
}

/// The blanks that the line of `at` begins with.
fn line_indent(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or("");
    let line = before
        .rfind('\n')
        .map_or(before, |end| before.get(end + 1..).unwrap_or(""));
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or("")
}

fn splice(text: &str, at: TextRange, new: &str) -> String {
    let (before, behind) = (text.get(..at.start as usize), text.get(at.end as usize..));
    format!("{}{new}{}", before.unwrap_or(""), behind.unwrap_or(""))
}
