//! The value of a tree, as JSON.

use serde_json::{Map, Number, Value};

use crate::{Entry, Node, View};

/// The value: aliases followed, merge keys applied, of duplicate keys the first.
///
/// Keys that are not strings become their text (`1: a` is `{"1": "a"}`), numbers that JSON does not have (`.inf`, `.nan`)
/// strings of that text. The size is bounded by [`crate::Limits`].
#[must_use]
pub fn to_json(node: &Node) -> Value {
    match node.view() {
        View::Null => Value::Null,
        View::Bool(value) => Value::Bool(value),
        View::Integer(value) => Value::Number(value.into()),
        View::Float(value) => match Number::from_f64(value) {
            Some(number) => Value::Number(number),
            None => Value::String(
                node.as_scalar()
                    .map_or_else(String::new, |it| it.text.clone()),
            ),
        },
        View::String(text) => Value::String(text.to_owned()),
        View::Sequence(sequence) => {
            Value::Array(sequence.items.iter().map(|item| to_json(item)).collect())
        }
        View::Mapping(mapping) => {
            let mut map = Map::new();
            for entry in mapping.effective() {
                let key = key_text(entry);
                if !map.contains_key(&key) {
                    map.insert(key, to_json(&entry.value));
                }
            }
            Value::Object(map)
        }
    }
}

fn key_text(entry: &Entry) -> String {
    let mut text = String::new();
    write_key(&entry.key, &mut text);
    text
}

/// Nothing is quoted: quotes inside quotes would double with every level.
fn write_key(key: &Node, out: &mut String) {
    match key.view() {
        View::Sequence(sequence) => {
            out.push('[');
            for item in &sequence.items {
                write_key(item, out);
                out.push(',');
            }
            out.push(']');
        }
        View::Mapping(mapping) => {
            out.push('{');
            for entry in mapping.effective() {
                write_key(&entry.key, out);
                out.push(':');
                write_key(&entry.value, out);
                out.push(',');
            }
            out.push('}');
        }
        _ => out.push_str(key.as_scalar().map_or("", |scalar| scalar.text.as_str())),
    }
}

/// Whether two values are the same, the order of keys aside and numbers compared by value.
#[must_use]
pub fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64() && left.is_f64() != right.is_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same_value(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, l)| right.get(key).is_some_and(|r| same_value(l, r)))
        }
        (left, right) => left == right,
    }
}
