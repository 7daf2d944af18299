//! When two hooks are the same: equal values, whatever the order of their keys.
//!
//! Kratos compares so (`uniqueItems`), TOML orders keys its own way, and people write them in any
//! order.

use serde_json::Value;

/// A text that two values share if and only if they are the same.
#[must_use]
pub(crate) fn fingerprint(value: &Value) -> String {
    sorted(value).to_string()
}

/// Recursion is bounded by the depth that the readers allow.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(&String, &Value)> = members.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}
