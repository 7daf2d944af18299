//! Random shapes of inputs, the JSON Schemas that say the same, and inputs that conform.

mod draw;
mod sample;

pub use draw::input;
pub use sample::{Mode, Spoken, sample};

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::shape::{LARGEST, Range, Rest, Shape};

/// The JSON Schema of a shape, in one of the ways that people write it.
#[must_use]
pub fn json_schema(shape: &Shape, random: &mut Random) -> Value {
    let mut writer = Writer {
        random,
        definitions: Map::new(),
    };
    let mut schema = writer.part(shape);
    let Writer { definitions, .. } = writer;
    if let (Some(object), false) = (schema.as_object_mut(), definitions.is_empty()) {
        object.insert("definitions".to_owned(), Value::Object(definitions));
    }
    schema
}

struct Writer<'r> {
    random: &'r mut Random,
    definitions: Map<String, Value>,
}

impl Writer<'_> {
    fn part(&mut self, shape: &Shape) -> Value {
        let schema = self.plain(shape);
        if self.random.percent(6) && matches!(shape, Shape::Object(..) | Shape::List(..)) {
            let name = format!("d{}", self.definitions.len());
            let reference = format!("#/definitions/{name}");
            self.definitions.insert(name, schema);
            return json!({ "$ref": reference });
        }
        if self.random.percent(4) {
            return json!({ "allOf": [schema] });
        }
        schema
    }

    fn plain(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Any | Shape::Function(..) => json!({}),
            Shape::Null => json!({ "type": "null" }),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::OneOf(values) => match values.as_slice() {
                [one] if self.random.percent(70) => json!({ "const": one }),
                _ => json!({ "enum": values }),
            },
            Shape::Number(range) => self.number(*range),
            Shape::Text(least, format) => {
                let mut schema = json!({ "type": "string" });
                insert(&mut schema, "minLength", (*least > 0).then(|| json!(least)));
                insert(&mut schema, "format", format.map(Value::from));
                schema
            }
            Shape::List(item, least, most) => {
                let mut schema = json!({ "type": "array" });
                let item = (**item != Shape::Any).then(|| self.part(item));
                insert(&mut schema, "items", item);
                insert(&mut schema, "minItems", (*least > 0).then(|| json!(least)));
                insert(&mut schema, "maxItems", most.map(Value::from));
                schema
            }
            Shape::Tuple(items) => {
                let parts: Vec<Value> = items.iter().map(|it| self.part(it)).collect();
                json!({
                    "type": "array", "items": parts, "additionalItems": false,
                    "minItems": items.len(),
                })
            }
            Shape::Object(..) => self.object(shape),
            Shape::Either(all) => self.either(all),
        }
    }

    fn number(&mut self, range: Range) -> Value {
        let word = if range.whole { "integer" } else { "number" };
        let mut schema = json!({ "type": word });
        let bound = |it: f64| (it.abs() < LARGEST).then(|| number(it));
        insert(&mut schema, "minimum", bound(range.low));
        if range.whole && self.random.percent(20) {
            insert(&mut schema, "exclusiveMaximum", bound(range.high + 1.0));
        } else {
            insert(&mut schema, "maximum", bound(range.high));
        }
        schema
    }

    fn object(&mut self, shape: &Shape) -> Value {
        let Shape::Object(members, rest) = shape else {
            return json!({});
        };
        let mut properties = Map::new();
        for it in members {
            properties.insert(it.name.clone(), self.part(&it.shape));
        }
        let required: Vec<&str> = members
            .iter()
            .filter(|it| it.required)
            .map(|it| it.name.as_str())
            .collect();
        let mut schema = json!({ "type": "object" });
        let properties = (!members.is_empty()).then_some(Value::Object(properties));
        insert(&mut schema, "properties", properties);
        let required = (!required.is_empty()).then(|| json!(required));
        insert(&mut schema, "required", required);
        let others = match rest {
            Rest::Closed => Some(json!(false)),
            Rest::Open => self.random.percent(30).then(|| json!(true)),
            Rest::Map(value) => Some(self.part(value)),
        };
        insert(&mut schema, "additionalProperties", others);
        schema
    }

    fn either(&mut self, all: &[Shape]) -> Value {
        // `"type": ["string", "null"]`, where each part is no more than a type.
        let parts: Vec<Value> = all.iter().map(|it| self.part(it)).collect();
        let types: Option<Vec<&Value>> = parts
            .iter()
            .map(|it| {
                it.get("type")
                    .filter(|_| it.as_object().is_some_and(|it| it.len() == 1))
            })
            .collect();
        if let Some(types) = types.filter(|_| self.random.percent(70)) {
            return json!({ "type": types });
        }
        // A value may be of two alternatives, which `oneOf` would not allow.
        let mut kinds: Vec<Option<&str>> = all.iter().map(Shape::kind).collect();
        kinds.sort_unstable();
        let distinct = !kinds.contains(&None) && kinds.windows(2).all(|it| it.first() != it.last());
        let word = if distinct && self.random.percent(60) {
            "oneOf"
        } else {
            "anyOf"
        };
        json!({ word: parts })
    }
}

fn insert(schema: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (schema.as_object_mut(), value) {
        object.insert(key.to_owned(), value);
    }
}

/// A number as JSON writes it: whole ones without a fraction.
#[must_use]
pub(crate) fn number(value: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and at most 2^53 in magnitude"
    )]
    if value.fract() == 0.0 && value.abs() <= LARGEST {
        return Value::from(value as i64);
    }
    Value::from(value)
}
