//! Types to JSON Schema (2020-12).

use serde_json::{Map, Value, json};

use crate::ty::{Array, Kinds, MAX_LENGTH, MAX_NUMBER, Number, Presence, Shape, Text, Ty};

/// Deeper parts are left open.
const MAX_DEPTH: usize = 16;

/// The schema of the values of a type. Alternatives of an object are an `anyOf`.
#[must_use]
pub fn json_schema(ty: &Ty) -> Value {
    let mut schema = Map::new();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    schema.insert("$schema".to_owned(), json!(dialect));
    match part(ty, 0) {
        Value::Object(members) => schema.extend(members),
        Value::Bool(false) => {
            schema.insert("not".to_owned(), json!({}));
        }
        _ => {}
    }
    Value::Object(schema)
}

fn part(ty: &Ty, depth: usize) -> Value {
    let Ty::Kinds(kinds) = ty else {
        return json!({});
    };
    if depth > MAX_DEPTH {
        return json!({});
    }
    let mut parts = alternatives(kinds, depth + 1);
    match parts.len() {
        0 => json!(false),
        1 => parts.remove(0),
        _ => merged(parts),
    }
}

/// Parts that are no more than a type become one list of types.
fn merged(parts: Vec<Value>) -> Value {
    let plain = |it: &Value| {
        it.as_object()
            .is_some_and(|it| it.len() == 1 && it.contains_key("type"))
    };
    let (types, mut others): (Vec<Value>, Vec<Value>) = parts.into_iter().partition(plain);
    let mut names: Vec<Value> = types
        .iter()
        .filter_map(|it| it.get("type").cloned())
        .collect();
    match (names.len(), others.len()) {
        (0, 1) => return others.remove(0),
        (0, _) => {}
        (1, _) => others.push(json!({ "type": names.remove(0) })),
        _ => others.push(json!({ "type": names })),
    }
    if let ([one], true) = (others.as_slice(), others.len() == 1) {
        return one.clone();
    }
    json!({ "anyOf": others })
}

fn alternatives(kinds: &Kinds, depth: usize) -> Vec<Value> {
    let mut parts = Vec::new();
    match kinds.bools {
        [true, true] => parts.push(json!({ "type": "boolean" })),
        [true, false] => parts.push(json!({ "const": false })),
        [false, true] => parts.push(json!({ "const": true })),
        [false, false] => {}
    }
    parts.extend(kinds.number.iter().map(number));
    parts.extend(kinds.text.iter().map(text));
    parts.extend(kinds.array.iter().map(|it| array(it, depth)));
    parts.extend(kinds.shapes.iter().map(|it| shape(it, depth)));
    if kinds.null {
        parts.push(json!({ "type": "null" }));
    }
    parts
}

fn numeral(number: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is integral and at most 2^53"
    )]
    if number.fract() == 0.0 && number.abs() <= MAX_NUMBER {
        return json!(number as i64);
    }
    json!(number)
}

fn number(number: &Number) -> Value {
    if !number.literals.is_empty() {
        let literals = number.literals.iter().copied().map(numeral);
        return enumerated(literals.collect());
    }
    let name = if number.integer { "integer" } else { "number" };
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!(name));
    if number.low > -MAX_NUMBER {
        schema.insert("minimum".to_owned(), numeral(number.low));
    }
    // Sizes and counts are bounded far away for arithmetic only.
    if number.high < MAX_LENGTH {
        schema.insert("maximum".to_owned(), numeral(number.high));
    }
    Value::Object(schema)
}

fn enumerated(mut literals: Vec<Value>) -> Value {
    match literals.len() {
        1 => json!({ "const": literals.remove(0) }),
        _ => json!({ "enum": literals }),
    }
}

fn text(text: &Text) -> Value {
    if let Some(literals) = &text.literals {
        return enumerated(literals.iter().map(|it| json!(it.as_ref())).collect());
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("string"));
    // What the format implies need not be said.
    let implied = text
        .format
        .as_deref()
        .map_or(0, |it| Text::of_format(it).min_length);
    if text.min_length > implied {
        schema.insert("minLength".to_owned(), json!(text.min_length));
    }
    if let Some(format) = text.format.as_ref().filter(|it| !crate::ty::is_made(it)) {
        schema.insert("format".to_owned(), json!(format.as_ref()));
    }
    Value::Object(schema)
}

fn array(array: &Array, depth: usize) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("array"));
    if !array.prefix.is_empty() {
        let prefix: Vec<Value> = array.prefix.iter().map(|it| part(it, depth)).collect();
        schema.insert("prefixItems".to_owned(), json!(prefix));
    }
    if array.prefix.is_empty() || array.max != Some(array.prefix.len()) {
        let rest = part(&array.rest, depth);
        if rest != json!({}) {
            schema.insert("items".to_owned(), rest);
        }
    }
    if array.min > 0 {
        schema.insert("minItems".to_owned(), json!(array.min));
    }
    if let Some(max) = array.max {
        schema.insert("maxItems".to_owned(), json!(max));
    }
    if array.unique {
        schema.insert("uniqueItems".to_owned(), json!(true));
    }
    Value::Object(schema)
}

fn shape(shape: &Shape, depth: usize) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, field) in &shape.fields {
        match field.presence {
            Presence::Absent if shape.rest.is_none() => continue,
            Presence::Absent => {
                properties.insert(name.to_string(), json!(false));
                continue;
            }
            Presence::Required => required.push(json!(name.as_ref())),
            Presence::Optional => {}
        }
        properties.insert(name.to_string(), part(&field.ty, depth));
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    match &shape.rest {
        None => {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
        Some(rest) => {
            let rest = part(rest, depth);
            if rest != json!({}) {
                schema.insert("additionalProperties".to_owned(), rest);
            }
        }
    }
    Value::Object(schema)
}
