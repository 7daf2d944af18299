//! What the document shall mean afterwards, computed on values alone.
//!
//! Invariant: nothing here knows the text, so the guard compares two independent ways.

use serde_json::{Map, Value};

use super::{EditError, Item, SetItems};

/// Applies the changes to the value of the document.
///
/// Values in the way are left as they are: the walk over the tree reports them at their place.
pub(super) fn apply(before: &Value, changes: &[SetItems]) -> Result<Value, EditError> {
    let mut value = before.clone();
    for change in changes {
        let old = change
            .path
            .iter()
            .try_fold(before, |value, key| value.get(key))
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let items = items(old, &change.items)?;
        if items.len() > old.len() {
            set(&mut value, &change.path, Value::Array(items));
        }
    }
    Ok(value)
}

fn items(old: &[Value], items: &[Item]) -> Result<Vec<Value>, EditError> {
    let mut kept = old.iter().enumerate();
    let mut new = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::New { value, .. } => new.push(value.clone()),
            Item::Keep(wanted) => match kept.next() {
                Some((index, value)) if index == *wanted => new.push(value.clone()),
                _ => return Err(not_all_kept(old.len())),
            },
        }
    }
    match kept.next() {
        None => Ok(new),
        Some(_) => Err(not_all_kept(old.len())),
    }
}

fn not_all_kept(count: usize) -> EditError {
    EditError::Guard(format!(
        "a change must keep all {count} items of its list in their order"
    ))
}

fn set(value: &mut Value, path: &[String], list: Value) {
    let Some((key, rest)) = path.split_first() else {
        *value = list;
        return;
    };
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(map) = value {
        set(map.entry(key.clone()).or_insert(Value::Null), rest, list);
    }
}
