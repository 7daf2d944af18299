//! JSON Schema (draft-07 and 2020-12) to types.
//!
//! | schema | type |
//! |---|---|
//! | `type`, `enum`, `const`, `true`, `false` | exact |
//! | `properties`, `required`, `additionalProperties`, `patternProperties` | members, required or optional, open or closed; what matches a pattern joins the others |
//! | `items`, `prefixItems`, `additionalItems`, `minItems`, `maxItems`, `uniqueItems` | exact |
//! | `minimum` and its like, `minLength` | exact |
//! | `format` | its least length, and characters that are certainly there; whoever calls takes out what the validator does not assert |
//! | `$ref` into the document | what it refers to; widened where it recurs |
//! | `allOf` | the meet |
//! | `anyOf`, `oneOf`, `if`/`then`/`else` | the alternatives, kept apart while they are few |
//! | `not`, `pattern`, `maxLength`, `multipleOf`, `contains`, `dependencies`, `propertyNames`, `minProperties`, other documents | ignored, which widens |
//!
//! A keyword about one kind says nothing about the others, as in JSON Schema: `properties` without
//! `type: object` leaves strings possible. Two keywords of ours carry annotations: `x-note` with
//! `tag` and `text` says something about a value, `x-absent` declares a member that is never there.
//!
//! Invariant: every value that conforms to the schema is of the type. A witness is looked for in
//! the original schema, not in the widened type.

mod emit;

use std::sync::Arc;

use serde_json::Value;

pub use emit::json_schema;

use crate::ty::{Annotation, Array, Field, Kinds, Number, Presence, Shape, Text, Ty};

/// References and subschemas inside each other that are followed.
const MAX_DEPTH: usize = 40;

/// The type of the values that conform to a schema.
#[must_use]
pub fn from_schema(schema: &Value) -> Ty {
    let dialect = schema
        .get("$schema")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let reader = Reader {
        document: schema,
        refs_have_siblings: dialect.contains("2019-09") || dialect.contains("2020-12"),
    };
    reader.read(schema, "#", 0, &mut Vec::new())
}

struct Reader<'s> {
    document: &'s Value,
    /// Before 2019-09 what stands beside `$ref` is ignored.
    refs_have_siblings: bool,
}

impl Reader<'_> {
    fn read(&self, schema: &Value, at: &str, depth: usize, refs: &mut Vec<String>) -> Ty {
        let object = match schema {
            Value::Bool(false) => return Ty::never(),
            Value::Object(object) => object,
            _ => return Ty::Unknown,
        };
        if depth > MAX_DEPTH {
            return Ty::Unknown;
        }
        let mut ty = Ty::Unknown;
        if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            ty = self.referred(reference, depth, refs);
            if !self.refs_have_siblings {
                return ty;
            }
        }
        let depth = depth + 1;
        if let Some(own) = self.own(schema, at, depth, refs) {
            ty = ty.meet(&own);
        }
        for part in list(schema, "allOf") {
            ty = ty.meet(&self.read(part.1, &format!("{at}/allOf/{}", part.0), depth, refs));
        }
        for key in ["anyOf", "oneOf"] {
            let parts = list(schema, key);
            if parts.is_empty() {
                continue;
            }
            let alternatives = parts.into_iter().map(|(number, part)| {
                let part = self.read(part, &format!("{at}/{key}/{number}"), depth, refs);
                ty.meet(&part)
            });
            ty = alternatives.fold(Ty::never(), |all, it| all.join(&it));
        }
        if let Some(condition) = object.get("if") {
            let branch = |key: &str, refs: &mut Vec<String>| match object.get(key) {
                Some(part) => ty.meet(&self.read(part, &format!("{at}/{key}"), depth, refs)),
                None => ty.clone(),
            };
            let condition = self.read(condition, &format!("{at}/if"), depth, refs);
            let then = branch("then", refs).meet(&condition);
            ty = then.join(&branch("else", refs));
        }
        match annotation(object.get("x-note")) {
            Some(note) => ty.annotated(note),
            None => ty,
        }
    }

    fn referred(&self, reference: &str, depth: usize, refs: &mut Vec<String>) -> Ty {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Ty::Unknown;
        };
        // A recursive schema is unrolled once; deeper values are unknown.
        if refs.iter().filter(|it| *it == reference).count() > 1 {
            return Ty::Unknown;
        }
        let pointer = percent_decoded(pointer);
        let Some(target) = self.document.pointer(&pointer) else {
            return Ty::Unknown;
        };
        refs.push(reference.to_owned());
        let ty = self.read(target, reference, depth + 1, refs);
        refs.pop();
        ty
    }

    /// What the keywords of the schema itself say, without its subschemas for the same value.
    fn own(&self, schema: &Value, at: &str, depth: usize, refs: &mut Vec<String>) -> Option<Ty> {
        if let Some(value) = schema.get("const") {
            return Some(literal(value));
        }
        let typed = self.typed(schema, at, depth, refs);
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let all = values.iter().map(literal);
            let all = all.fold(Ty::never(), |all, it| all.join(&it));
            return Some(match typed {
                Some(typed) => all.meet(&typed),
                None => all,
            });
        }
        typed
    }

    fn typed(&self, schema: &Value, at: &str, depth: usize, refs: &mut Vec<String>) -> Option<Ty> {
        const CONSTRAINTS: [&str; 19] = [
            "type",
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "items",
            "prefixItems",
            "additionalItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minLength",
            "format",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        if !CONSTRAINTS.iter().any(|key| schema.get(key).is_some()) {
            return None;
        }
        let names: Option<Vec<&str>> = match schema.get("type") {
            Some(Value::String(name)) => Some(vec![name]),
            Some(Value::Array(names)) => Some(names.iter().filter_map(Value::as_str).collect()),
            _ => None,
        };
        let has = |name: &str| names.as_ref().is_none_or(|names| names.contains(&name));
        let is_integer = !has("number") && has("integer");
        Some(Ty::new(Kinds {
            null: has("null"),
            bools: [has("boolean"); 2],
            number: (has("number") || has("integer")).then(|| number(schema, is_integer)),
            text: has("string").then(|| text(schema)),
            array: has("array").then(|| self.array(schema, at, depth, refs)),
            shapes: if has("object") {
                vec![self.shape(schema, at, depth, refs)]
            } else {
                Vec::new()
            },
            unknown: names.is_none(),
            notes: Vec::new(),
        }))
    }

    fn array(&self, schema: &Value, at: &str, depth: usize, refs: &mut Vec<String>) -> Array {
        let mut prefix = Vec::new();
        let (tuple, rest) = match (schema.get("prefixItems"), schema.get("items")) {
            (Some(Value::Array(tuple)), rest) => (tuple.as_slice(), rest.map(|it| (it, "items"))),
            (_, Some(Value::Array(tuple))) => {
                let rest = schema.get("additionalItems");
                (tuple.as_slice(), rest.map(|it| (it, "additionalItems")))
            }
            (_, rest) => ([].as_slice(), rest.map(|it| (it, "items"))),
        };
        for (number, part) in tuple.iter().enumerate() {
            prefix.push(self.read(part, &format!("{at}/items/{number}"), depth, refs));
        }
        let rest = match rest {
            Some((rest, key)) => self.read(rest, &format!("{at}/{key}"), depth, refs),
            None => Ty::Unknown,
        };
        let max = length(schema, "maxItems");
        Array {
            max: if rest.is_never() {
                Some(max.map_or(prefix.len(), |max| max.min(prefix.len())))
            } else {
                max
            },
            prefix,
            rest,
            min: length(schema, "minItems").unwrap_or(0),
            unique: schema.get("uniqueItems").and_then(Value::as_bool) == Some(true),
            keyed: false,
            sorted: false,
        }
    }

    fn shape(&self, schema: &Value, at: &str, depth: usize, refs: &mut Vec<String>) -> Shape {
        let mut shape = Shape::default();
        let mut rest = match schema.get("additionalProperties") {
            Some(it) => self.read(it, &format!("{at}/additionalProperties"), depth, refs),
            None => Ty::Unknown,
        };
        if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
            for (pattern, part) in patterns {
                let at = format!("{at}/patternProperties/{}", escaped(pattern));
                rest = rest.join(&self.read(part, &at, depth, refs));
            }
        }
        if !rest.is_never() {
            shape.rest = Some(rest.clone());
        }
        let required: Vec<&str> = match schema.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, part) in properties.into_iter().flatten() {
            let at = format!("{at}/properties/{}", escaped(name));
            if let Some(note) = annotation(part.get("x-absent")) {
                let mut field = Field::new(Ty::never(), Presence::Absent);
                field.note = Some(note);
                shape.set(name.as_str().into(), field);
                continue;
            }
            let ty = self.read(part, &at, depth, refs);
            let presence = match () {
                () if required.contains(&name.as_str()) => Presence::Required,
                () if ty.is_never() => Presence::Absent,
                () => Presence::Optional,
            };
            let mut field = Field::new(ty, presence);
            field.note = annotation(part.get("x-note"));
            field.origin = Some(Arc::from(at));
            shape.set(name.as_str().into(), field);
        }
        for name in required {
            if shape.field(name).is_none() {
                shape.set(name.into(), Field::required(rest.clone()));
            }
        }
        shape
    }
}

fn list<'s>(schema: &'s Value, key: &str) -> Vec<(usize, &'s Value)> {
    let parts = schema.get(key).and_then(Value::as_array);
    parts.into_iter().flatten().enumerate().collect()
}

fn length(schema: &Value, key: &str) -> Option<usize> {
    let number = schema.get(key)?.as_u64()?;
    // Nothing that is longer fits any input.
    usize::try_from(number).ok().map(|it| it.min(1 << 31))
}

fn number(schema: &Value, integer: bool) -> Number {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let mut number = Number {
        integer,
        ..Number::any()
    };
    if let Some(low) = bound("minimum") {
        number.low = low;
    }
    if let Some(high) = bound("maximum") {
        number.high = high;
    }
    if let Some(low) = bound("exclusiveMinimum") {
        number.low = number.low.max(if integer {
            low.floor() + 1.0
        } else {
            low.next_up()
        });
    }
    if let Some(high) = bound("exclusiveMaximum") {
        let high = if integer {
            high.ceil() - 1.0
        } else {
            high.next_down()
        };
        number.high = number.high.min(high);
    }
    number
}

fn text(schema: &Value) -> Text {
    let format = schema.get("format").and_then(Value::as_str);
    let mut text = match format.filter(|it| !crate::ty::is_made(it)) {
        Some(format) => Text::of_format(format),
        None => Text::any(),
    };
    text.min_length = text
        .min_length
        .max(length(schema, "minLength").unwrap_or(0));
    text
}

/// The type of exactly one value.
pub(crate) fn literal(value: &Value) -> Ty {
    match value {
        Value::Null => Ty::null(),
        Value::Bool(value) => Ty::bool(*value),
        Value::Number(number) => Ty::from(Number::literal(number.as_f64().unwrap_or(0.0))),
        Value::String(text) => Ty::literal(text),
        Value::Array(elements) => Ty::from(Array::tuple(elements.iter().map(literal).collect())),
        Value::Object(members) => {
            let members = members.iter();
            Ty::object(
                members.map(|(name, value)| (name.as_str(), Field::required(literal(value)))),
            )
        }
    }
}

fn annotation(value: Option<&Value>) -> Option<Annotation> {
    let part = |key: &str| value?.get(key)?.as_str().map(Arc::from);
    Some(Annotation {
        tag: part("tag")?,
        text: part("text").unwrap_or_else(|| Arc::from("")),
    })
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn percent_decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = std::str::from_utf8(tail.get(..2).unwrap_or_default()).ok();
        let code = code.and_then(|it| u8::from_str_radix(it, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => {
                bytes.push(code);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
