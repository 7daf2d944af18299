//! Inputs of a type: sets of values of the pool, and the schema that says the same.

use serde_json::{Value, json};

use super::POOL;
use crate::shape::LARGEST;

/// A type of inputs.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// Its schema.
    pub(crate) schema: Value,
    /// The places in the pool of the values that conform.
    pub(crate) values: Vec<usize>,
}

/// The values of the pool that are JSON, by their places.
fn json_of_pool() -> Vec<(usize, Value)> {
    let json = POOL.iter().enumerate().filter_map(|(at, text)| {
        let text = text.trim_matches(['(', ')']);
        let text = text.replace("{ a: 1 }", "{ \"a\": 1 }").replace('\'', "\"");
        let value: Value = serde_json::from_str(&text).ok()?;
        // An input has no larger numbers.
        let is_small = value.as_f64().is_none_or(|it| it.abs() <= LARGEST);
        is_small.then_some((at, value))
    });
    json.collect()
}

/// The types of inputs that are tried in every hole.
pub(crate) fn classes() -> Vec<Class> {
    let schemas = [
        json!({ "type": "null" }),
        json!({ "type": "boolean" }),
        json!({ "type": "number" }),
        json!({ "type": "integer" }),
        json!({ "type": "integer", "minimum": 0, "maximum": 2 }),
        json!({ "type": "string" }),
        json!({ "type": "string", "minLength": 1 }),
        json!({ "enum": ["a", "ab"] }),
        json!({ "type": "array" }),
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": "array", "items": { "type": "number" }, "minItems": 1 }),
        json!({ "type": "object" }),
        json!({ "type": "object", "properties": { "a": { "type": "integer" } },
                "required": ["a"], "additionalProperties": false }),
        json!({ "type": "object", "additionalProperties": { "type": "number" } }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": ["string", "array"] }),
    ];
    let pool = json_of_pool();
    let class = |schema: Value| {
        let validator = jsonschema::validator_for(&schema).ok()?;
        let values = pool.iter().filter(|it| validator.is_valid(&it.1));
        Some(Class {
            values: values.map(|it| it.0).collect(),
            schema,
        })
    };
    schemas.into_iter().filter_map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_is_read() {
        assert_eq!(json_of_pool().len(), POOL.len() - 8);
        assert!(classes().iter().all(|it| !it.values.is_empty()));
    }
}
