//! Changes of a JSON document.

use serde_json::{Map, Value};

pub(crate) enum Change<'a> {
    Remove,
    Rename(&'a str),
    Replace(Value),
    Add(&'a str, Value),
}

/// Every place in a document but its root.
pub(crate) fn paths(value: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut add = |step: String, child: &Value| {
        found.push(vec![step.clone()]);
        found.extend(paths(child).into_iter().map(|mut path| {
            path.insert(0, step.clone());
            path
        }));
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| add(key.clone(), child)),
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                add(index.to_string(), child);
            }
        }
        _ => {}
    }
    found
}

/// The document with a change at a path; the same document where it does not apply.
pub(crate) fn changed(document: &Value, path: &[String], change: Change<'_>) -> Value {
    let mut document = document.clone();
    let Some((last, parents)) = path.split_last() else {
        match change {
            Change::Add(name, value) => {
                // A list of actions gets it in its first one.
                let target = match document.pointer("/actions/0") {
                    Some(_) => document.pointer_mut("/actions/0"),
                    None => Some(&mut document),
                };
                if let Some(Value::Object(map)) = target {
                    map.insert(name.to_owned(), value);
                }
            }
            Change::Replace(value) => document = value,
            Change::Remove | Change::Rename(_) => {}
        }
        return document;
    };
    let pointer: String = parents
        .iter()
        .map(|step| format!("/{}", escaped(step)))
        .collect();
    match document.pointer_mut(&pointer) {
        Some(Value::Object(map)) => change_entry(map, last, change),
        Some(Value::Array(items)) => {
            let index = last.parse().unwrap_or(usize::MAX);
            match (change, items.get_mut(index)) {
                (Change::Remove, Some(_)) => drop(items.remove(index)),
                (Change::Replace(value), Some(item)) => *item = value,
                _ => {}
            }
        }
        _ => {}
    }
    document
}

fn change_entry(map: &mut Map<String, Value>, key: &str, change: Change<'_>) {
    match change {
        Change::Remove => drop(map.shift_remove(key)),
        Change::Replace(value) => drop(map.insert(key.to_owned(), value)),
        Change::Rename(name) => {
            if let Some(value) = map.shift_remove(key) {
                map.insert(name.to_owned(), value);
            }
        }
        Change::Add(..) => {}
    }
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
