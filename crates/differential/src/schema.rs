//! Random shapes of inputs, the JSON Schemas that say the same, and inputs that conform.

mod draw;
mod sample;

pub use draw::input;
pub use sample::{Mode, Spoken, sample};

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::shape::{LARGEST, Range, Rest, Shape};

/// The member of an object that holds another of the same sort.
const PARENT: &str = "parent";

/// The JSON Schema of a shape, in one of the ways that people write it.
///
/// Now and then it allows more than the shape has, never less.
#[must_use]
pub fn json_schema(shape: &Shape, random: &mut Random) -> Value {
    let dialect = match random.below(10) {
        0..=1 => Dialect::Draft2020,
        2 => Dialect::Draft7,
        3 => Dialect::Draft2019,
        _ => Dialect::Unnamed,
    };
    let mut writer = Writer {
        random,
        dialect,
        definitions: Map::new(),
    };
    let mut schema = writer.part(shape);
    let Writer { definitions, .. } = writer;
    if let Some(object) = schema.as_object_mut() {
        if !definitions.is_empty() {
            object.insert(dialect.definitions().to_owned(), Value::Object(definitions));
        }
        if let Some(name) = dialect.name() {
            object.insert("$schema".to_owned(), json!(name));
        }
    }
    schema
}

/// Which JSON Schema it is.
#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    /// None is named; as in draft-07.
    Unnamed,
    Draft7,
    Draft2019,
    Draft2020,
}

impl Dialect {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Unnamed => None,
            Self::Draft7 => Some("http://json-schema.org/draft-07/schema#"),
            Self::Draft2019 => Some("https://json-schema.org/draft/2019-09/schema"),
            Self::Draft2020 => Some("https://json-schema.org/draft/2020-12/schema"),
        }
    }

    const fn definitions(self) -> &'static str {
        match self {
            Self::Draft2019 | Self::Draft2020 => "$defs",
            Self::Unnamed | Self::Draft7 => "definitions",
        }
    }
}

struct Writer<'r> {
    random: &'r mut Random,
    dialect: Dialect,
    definitions: Map<String, Value>,
}

impl Writer<'_> {
    fn part(&mut self, shape: &Shape) -> Value {
        let mut schema = self.plain(shape);
        if self.random.percent(4) {
            self.remark(&mut schema);
        }
        if self.random.percent(6) && matches!(shape, Shape::Object(..) | Shape::List(..)) {
            return self.referred(schema);
        }
        match self.random.below(50) {
            0..=1 => json!({ "allOf": [schema] }),
            2 => {
                let wide = self.wide(shape);
                if self.random.percent(50) {
                    json!({ "allOf": [wide, schema] })
                } else {
                    json!({ "allOf": [schema, wide] })
                }
            }
            _ => schema,
        }
    }

    /// `{ "$ref": … }`, and the definition.
    fn referred(&mut self, schema: Value) -> Value {
        let number = self.definitions.len();
        let (name, written) = match self.random.below(8) {
            0 => (format!("d/{number}"), format!("d~1{number}")),
            1 => (format!("d {number}"), format!("d%20{number}")),
            _ => (format!("d{number}"), format!("d{number}")),
        };
        self.definitions.insert(name, schema);
        let words = self.dialect.definitions();
        let mut reference = json!({ "$ref": format!("#/{words}/{written}") });
        if self.random.percent(25) {
            self.remark(&mut reference);
        }
        reference
    }

    /// Says something that narrows nothing.
    fn remark(&mut self, schema: &mut Value) {
        let (key, value) = match self.random.below(6) {
            0 => ("description", json!("what it is for")),
            1 => ("x-note", json!({ "tag": "note", "text": "as seen" })),
            2 => ("title", json!("a title")),
            3 => ("minProperties", json!(0)),
            4 => ("pattern", json!("")),
            _ => ("minLength", json!(0)),
        };
        if schema.get(key).is_none() {
            insert(schema, key, Some(value));
        }
    }

    /// What holds of every value of the shape, and of others.
    fn wide(&mut self, shape: &Shape) -> Value {
        match (shape, shape.kind()) {
            (Shape::Object(members, _), _) if self.random.percent(60) => {
                let required = members.iter().filter(|it| it.required);
                let names: Vec<&str> = required.map(|it| it.name.as_str()).collect();
                json!({ "required": names })
            }
            (_, Some(kind)) => match self.random.below(3) {
                0 if kind != "null" => json!({ "type": [kind, "null"] }),
                1 if kind != "boolean" => json!({ "not": { "type": "boolean" } }),
                _ => json!({ "type": kind }),
            },
            _ => json!(true),
        }
    }

    fn plain(&mut self, shape: &Shape) -> Value {
        if !matches!(shape, Shape::OneOf(_))
            && let Some(value) = constant(shape)
            && self.random.percent(60)
        {
            return json!({ "const": value });
        }
        match shape {
            Shape::Any | Shape::Function(..) => match self.random.below(8) {
                0 => json!(true),
                1 => json!({ "minItems": 0 }),
                2 => json!({ "properties": { "note": true } }),
                _ => json!({}),
            },
            Shape::Null => json!({ "type": "null" }),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::OneOf(values) => match values.as_slice() {
                [one] if self.random.percent(70) => json!({ "const": one }),
                _ => {
                    let mut schema = json!({ "enum": values });
                    let kind = shape.kind().filter(|_| self.random.percent(30));
                    insert(&mut schema, "type", kind.map(Value::from));
                    schema
                }
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
                let unique = shape.is_set().then(|| json!(true));
                insert(&mut schema, "uniqueItems", unique);
                schema
            }
            Shape::Tuple(items) => self.tuple(items),
            Shape::Object(..) => self.object(shape),
            Shape::Either(all) => self.either(all),
        }
    }

    fn tuple(&mut self, items: &[Shape]) -> Value {
        let parts: Vec<Value> = items.iter().map(|it| self.part(it)).collect();
        let (first, others) = match self.dialect {
            Dialect::Draft2020 => ("prefixItems", "items"),
            _ => ("items", "additionalItems"),
        };
        let rest = match self.random.below(8) {
            0 => json!({ "type": "string" }),
            1 => json!(true),
            _ => json!(false),
        };
        let mut schema = json!({ "type": "array", "minItems": items.len() });
        insert(&mut schema, first, Some(json!(parts)));
        let most = self.random.percent(15).then(|| json!(items.len() + 1));
        insert(&mut schema, "maxItems", most);
        if self.random.percent(90) {
            insert(&mut schema, others, Some(rest));
        }
        schema
    }

    fn number(&mut self, range: Range) -> Value {
        let word = if range.whole { "integer" } else { "number" };
        let mut schema = json!({ "type": word });
        let bound = |it: f64| (it.abs() < LARGEST).then(|| number(it));
        if self.random.percent(20) {
            insert(&mut schema, "exclusiveMinimum", bound(range.low - 1.0));
        } else {
            insert(&mut schema, "minimum", bound(range.low));
        }
        if self.random.percent(20) {
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
        // An object in an object of the same sort: a schema that refers to itself.
        let is_tree = members.iter().any(|it| it.name == PARENT);
        let own = format!("tree{}", self.definitions.len());
        let itself = format!("#/{}/{own}", self.dialect.definitions());
        if is_tree {
            self.definitions.insert(own.clone(), json!({}));
        }
        let mut properties = Map::new();
        for it in members {
            let part = if it.name == PARENT {
                json!({ "$ref": itself })
            } else if it.required
                && it.shape == Shape::Any
                && *rest == Rest::Open
                && self.random.percent(30)
            {
                continue;
            } else {
                self.part(&it.shape)
            };
            properties.insert(it.name.clone(), part);
        }
        if *rest == Rest::Closed && self.random.percent(5) {
            let never = match self.random.below(2) {
                0 => json!(false),
                _ => json!({ "x-absent": { "tag": "gone", "text": "no longer" }, "not": {} }),
            };
            properties.insert("gone".to_owned(), never);
        }
        let required: Vec<&str> = members
            .iter()
            .filter(|it| it.required)
            .map(|it| it.name.as_str())
            .collect();
        let mut schema = json!({ "type": "object" });
        let properties = (!properties.is_empty()).then_some(Value::Object(properties));
        insert(&mut schema, "properties", properties);
        let required = (!required.is_empty()).then(|| json!(required));
        insert(&mut schema, "required", required);
        let others = match rest {
            Rest::Closed => Some(json!(false)),
            Rest::Open => self.random.percent(30).then(|| json!(true)),
            Rest::Map(value) => Some(self.part(value)),
        };
        let mut key = "additionalProperties";
        if members.is_empty() && *rest != Rest::Closed && self.random.percent(20) {
            // Every name has the empty string in it.
            let part = others.unwrap_or(json!(true));
            insert(&mut schema, "patternProperties", Some(json!({ "": part })));
            insert(&mut schema, key, Some(json!(false)));
        } else {
            if self.dialect == Dialect::Draft2020 && self.random.percent(10) {
                key = "unevaluatedProperties";
            }
            insert(&mut schema, key, others);
        }
        if is_tree {
            self.definitions.insert(own, schema);
            return json!({ "$ref": itself });
        }
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
        if let [first, second] = parts.as_slice()
            && self.random.percent(15)
        {
            return match self.random.below(3) {
                0 => json!({ "if": first, "else": second }),
                1 => json!({ "if": first, "then": true, "else": second }),
                _ => json!({ "if": first, "then": first, "else": second }),
            };
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

/// The only value of a shape, where there is one.
fn constant(shape: &Shape) -> Option<Value> {
    match shape {
        Shape::Null => Some(Value::Null),
        Shape::OneOf(values) => match values.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        Shape::Tuple(items) => items.iter().map(constant).collect(),
        Shape::Object(members, Rest::Closed) => {
            let all_there = members.iter().all(|it| it.required);
            let members = members.iter();
            let members = members.map(|it| Some((it.name.clone(), constant(&it.shape)?)));
            let members: Option<Map<String, Value>> = members.collect();
            members.filter(|_| all_there).map(Value::Object)
        }
        _ => None,
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
