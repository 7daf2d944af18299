//! Which `format`s of a schema hold of every value that Kratos stored under it.
//!
//! Traits are validated with `ory/jsonschema`, which asserts the formats it knows (`formats.go`) and
//! takes any string for the others, `uuid` among them; nothing validates `metadata_public`.
//! Invariant: a format that stays is asserted by every release that is modelled.

use serde_json::Value;

/// Formats that are asserted of traits, under the names that the checker knows too.
pub(crate) const OF_TRAITS: &[&str] = &[
    "date-time",
    "date",
    "time",
    "hostname",
    "email",
    "tel",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "regex",
    "json-pointer",
];

/// Formats that are asserted of metadata.
pub(crate) const OF_METADATA: &[&str] = &[];

/// The schema without the formats that nobody asserts. Recursion is bounded by the depth that
/// serde_json reads.
pub(crate) fn only(asserted: &[&str], schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let is_idle = |key: &str, value: &Value| {
                let format = value.as_str().filter(|_| key == "format");
                format.is_some_and(|it| !asserted.contains(&it))
            };
            let kept = members.iter().filter(|(key, value)| !is_idle(key, value));
            let kept = kept.map(|(key, value)| match key.as_str() {
                // Values, not schemas.
                "const" | "enum" | "default" | "examples" => (key.clone(), value.clone()),
                _ => (key.clone(), only(asserted, value)),
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|it| only(asserted, it)).collect()),
        scalar => scalar.clone(),
    }
}
