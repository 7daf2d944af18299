//! JSON Schemas (2020-12) of the two file formats, for editors and other checkers.
//!
//! Their types exist for nothing else: files are read by the typed reader, whose messages are
//! better. Invariant: for the shape of one document, the reader reports an error exactly where the
//! schema refuses; `tests/schema_agrees.rs` tries it, and lists what a schema cannot say.

mod action;
mod conditions;
mod project;
mod strings;
mod transforms;

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

/// The schema of an action file: one action, or a list of them under `actions:`.
#[must_use]
pub fn action_schema() -> Value {
    ordered(generator().into_root_schema_for::<action::ActionFile>())
}

/// The schema of the project file, `actionc.yaml`.
#[must_use]
pub fn project_schema() -> Value {
    ordered(generator().into_root_schema_for::<project::Project>())
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with_transform(transforms::WithoutNull)
        .with_transform(transforms::Unwrapped)
        .into_generator()
}

/// What a person looks for first stands first.
fn ordered(schema: Schema) -> Value {
    let Value::Object(mut rest) = schema.to_value() else {
        return Value::Null;
    };
    let mut ordered = serde_json::Map::new();
    for key in ["$schema", "title", "description"] {
        if let Some(value) = rest.shift_remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    ordered.extend(rest);
    Value::Object(ordered)
}
