//! Texts with conditions, and values whose type says less than their schema.
#![expect(dead_code, reason = "only their schemas are used")]

use schemars::{JsonSchema, Schema, json_schema};
use serde_json::Value;

/// The value of a field whose feature is not built yet: none is accepted.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
pub(super) struct NotBuilt(#[schemars(schema_with = "nothing")] Value);

/// Header values by name.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
pub(super) struct Headers(#[schemars(schema_with = "headers")] Value);

/// The version beside a write-only secret: Terraform takes numbers for texts.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
pub(super) struct Version(#[schemars(schema_with = "version")] Value);

/// A text that must not be empty.
pub(super) fn needed(schema: &mut Schema) {
    schema.insert("minLength".to_owned(), 1.into());
}

/// A text in which `${…}` is not built yet; `$${` is a literal `${`.
pub(super) fn literal(schema: &mut Schema) {
    let interpolation = serde_json::json!({"pattern": r"(^|[^$])\$\{"});
    schema.insert("not".to_owned(), interpolation);
}

/// Both.
pub(super) fn needed_literal(schema: &mut Schema) {
    needed(schema);
    literal(schema);
}

/// A name: one line, without spaces at its ends.
pub(super) fn name(schema: &mut Schema) {
    const INNER: &str = r"\u0000-\u001f\u007f-\u009f\u2028\u2029";
    let pattern = format!("^[^ {INNER}]([^{INNER}]*[^ {INNER}])?$");
    schema.insert("pattern".to_owned(), pattern.into());
}

fn nothing(_: &mut schemars::SchemaGenerator) -> Schema {
    json_schema!({"not": {}})
}

fn headers(_: &mut schemars::SchemaGenerator) -> Schema {
    let mut value = json_schema!({"type": "string"});
    literal(&mut value);
    json_schema!({
        "type": "object",
        "propertyNames": {"minLength": 1},
        "additionalProperties": value,
    })
}

fn version(_: &mut schemars::SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "number"]})
}
