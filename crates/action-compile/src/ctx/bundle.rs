//! Schemas of a project as parts of another schema.
//!
//! Each keeps its dialect and stands as a resource of its own (`$id`), so that its references,
//! local ones and those by its own address, lead where they led.
//! Invariant: the address is made by us from the id, for two schemas of a project may well carry
//! the same `$id`, as copies of one example do.

use serde_json::Value;

/// What Kratos takes a schema for that does not say (`ory/jsonschema`: the latest it knows).
const DEFAULT_DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// The address of a schema within the schema of ctx.
pub(crate) fn uri(kind: &str, id: &str) -> String {
    let mut uri = format!("urn:actionc:{kind}:");
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    // The part behind the last colon must not be empty.
    uri.trim_end_matches(':').to_owned()
}

/// An id as part of the name of a definition, which stands in JSON pointers.
pub(crate) fn key(id: &str) -> String {
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() || it == '-' {
            it
        } else {
            '_'
        }
    };
    id.chars().map(plain).collect()
}

/// The schema as a resource of that address.
pub(crate) fn bundled(document: &Value, uri: &str) -> Value {
    let Value::Object(members) = document else {
        return document.clone();
    };
    let text = |key: &str| members.get(key).and_then(Value::as_str);
    let own = text("$id").or_else(|| text("id")).unwrap_or_default();
    let own = own.split('#').next().unwrap_or_default();
    let dialect = text("$schema").filter(|it| it.contains("json-schema.org/"));
    let mut bundled = serde_json::Map::new();
    bundled.insert("$id".to_owned(), uri.into());
    bundled.insert(
        "$schema".to_owned(),
        dialect.unwrap_or(DEFAULT_DIALECT).into(),
    );
    for (key, value) in members {
        if !matches!(key.as_str(), "$id" | "id" | "$schema") {
            bundled.insert(key.clone(), with_local_references(value, own));
        }
    }
    Value::Object(bundled)
}

/// References to the document by its own address become local ones. Recursion is bounded by the
/// depth that serde_json reads.
fn with_local_references(schema: &Value, own: &str) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let local = value.as_str().filter(|_| key == "$ref");
                let value = match local.and_then(|it| local_reference(it, own)) {
                    Some(local) => local.into(),
                    None => with_local_references(value, own),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| with_local_references(item, own));
            Value::Array(items.collect())
        }
        scalar => scalar.clone(),
    }
}

/// `#/…` for a reference to this document that says its address in full, or its last part.
fn local_reference(reference: &str, own: &str) -> Option<String> {
    let (address, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let last = own.rsplit('/').next().unwrap_or_default();
    let is_own = !address.is_empty() && (address == own || address == last);
    is_own.then(|| format!("#{pointer}"))
}
