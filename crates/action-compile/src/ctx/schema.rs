//! A shape as JSON Schema 2020-12.
//!
//! Named objects become definitions, so that what a point says twice is written once. What can be
//! told to people (notes) becomes `description`; known values of an open enumeration become
//! `examples`; absent members are left out, for the objects that lack them are closed.
//! Identity schemas are bundled (`bundle.rs`), and an identity is one alternative for each of them,
//! told apart by `schema_id`.

use kratos::{
    Additional, ArrayShape, Member, Note, ObjectShape, Presence, Shape, StringShape, Values,
};
use serde_json::{Map, Value, json};

type Schema = Map<String, Value>;

/// What a shape leaves to its caller, as schemas that are complete in themselves.
pub(super) struct Holes {
    /// The identity schemas; none when nothing is known of them.
    pub(super) alternatives: Vec<Alternative>,
    /// Traits outside of all alternatives.
    pub(super) traits: Value,
    /// Public metadata that is not null.
    pub(super) metadata_public: Value,
}

/// An identity of one schema.
pub(super) struct Alternative {
    /// The name of its definition.
    pub(super) key: String,
    /// Its `schema_id`.
    pub(super) id: String,
    /// Its traits.
    pub(super) traits: Value,
    /// Optional members that every such identity has.
    pub(super) derived: Vec<&'static str>,
}

/// The schema of a shape.
#[must_use]
pub(super) fn to_json_schema(shape: &Shape, holes: &Holes) -> Value {
    let mut writer = Writer {
        holes,
        current: None,
        definitions: Schema::new(),
    };
    // The root stands where it is, named or not.
    let body = match shape {
        Shape::Object(object) => writer.object(object),
        other => writer.shape(other),
    };
    let mut schema = Schema::new();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    schema.insert("$schema".to_owned(), dialect.into());
    schema.extend(body);
    if !writer.definitions.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(writer.definitions));
    }
    Value::Object(schema)
}

struct Writer<'a> {
    holes: &'a Holes,
    /// The alternative that the object being written is.
    current: Option<&'a Alternative>,
    definitions: Schema,
}

impl Writer<'_> {
    fn shape(&mut self, shape: &Shape) -> Schema {
        match shape {
            Shape::Any => Schema::new(),
            Shape::Null => of_type("null"),
            Shape::Boolean(constant) => {
                let mut schema = of_type("boolean");
                schema.extend(constant.map(|it| ("const".to_owned(), it.into())));
                schema
            }
            Shape::Integer => of_type("integer"),
            Shape::String(string) => string_schema(string),
            Shape::Array(array) => self.array(array),
            Shape::Object(object) if self.has_alternatives(object) => self.alternatives(object),
            Shape::Object(object) => {
                let schema = self.object(object);
                match object.name {
                    Some(name) => self.definition(&name.replace(' ', "_"), Value::Object(schema)),
                    None => schema,
                }
            }
            Shape::Union(alternatives) => {
                let alternatives = alternatives.iter();
                let schemas: Vec<Value> = alternatives
                    .map(|it| Value::Object(self.shape(it)))
                    .collect();
                pair("anyOf", schemas.into())
            }
            Shape::Traits => match self.current {
                Some(alternative) => fragment(&alternative.traits),
                None => self.definition("traits", self.holes.traits.clone()),
            },
            Shape::MetadataPublic => {
                self.definition("metadata_public", self.holes.metadata_public.clone())
            }
        }
    }

    fn has_alternatives(&self, object: &ObjectShape) -> bool {
        object.name == Some("identity")
            && self.current.is_none()
            && !self.holes.alternatives.is_empty()
    }

    /// An identity: one of as many alternatives as there are schemas.
    fn alternatives(&mut self, object: &ObjectShape) -> Schema {
        let mut alternatives = Vec::new();
        for alternative in &self.holes.alternatives {
            self.current = Some(alternative);
            let written = Value::Object(self.object(object));
            self.current = None;
            alternatives.push(Value::Object(self.definition(&alternative.key, written)));
        }
        match alternatives.pop() {
            Some(Value::Object(only)) if alternatives.is_empty() => only,
            last => {
                alternatives.extend(last);
                pair("anyOf", alternatives.into())
            }
        }
    }

    fn array(&mut self, array: &ArrayShape) -> Schema {
        let mut schema = of_type("array");
        let items = self.shape(&array.items);
        schema.insert("items".to_owned(), Value::Object(items));
        if array.min_items > 0 {
            schema.insert("minItems".to_owned(), array.min_items.into());
        }
        schema
    }

    fn object(&mut self, object: &ObjectShape) -> Schema {
        let mut properties = Schema::new();
        let mut required: Vec<Value> = Vec::new();
        for member in &object.members {
            match (member.presence, &object.additional) {
                (Presence::Never(_), Additional::Closed) => {}
                (Presence::Never(_), Additional::Open(_)) => {
                    properties.insert(member.name.to_string(), false.into());
                }
                (Presence::Always | Presence::Optional, _) => {
                    let schema = self.member(member);
                    properties.insert(member.name.to_string(), Value::Object(schema));
                }
            }
            let is_derived = member.presence == Presence::Optional
                && self
                    .current
                    .is_some_and(|it| it.derived.contains(&&*member.name));
            if member.presence == Presence::Always || is_derived {
                required.push(member.name.as_ref().into());
            }
        }
        let mut schema = of_type("object");
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        let additional = match &object.additional {
            Additional::Closed => false.into(),
            Additional::Open(shape) => Value::Object(self.shape(shape)),
        };
        schema.insert("additionalProperties".to_owned(), additional);
        schema
    }

    fn member(&mut self, member: &Member) -> Schema {
        let mut schema = match self.current {
            Some(current) if member.name == "schema_id" => pair("const", current.id.clone().into()),
            _ => self.shape(&member.shape),
        };
        let notes: Vec<String> = member.notes.iter().map(sentence).collect();
        if !notes.is_empty() {
            schema.insert("description".to_owned(), notes.join("\n").into());
        }
        schema
    }

    /// A reference to the definition with this content, which is made if there is none.
    fn definition(&mut self, name: &str, content: Value) -> Schema {
        let mut key = name.to_owned();
        let mut number = 1;
        loop {
            match self.definitions.get(&key) {
                Some(other) if *other == content => break,
                Some(_) => {
                    number += 1;
                    key = format!("{name}_{number}");
                }
                None => {
                    self.definitions.insert(key.clone(), content);
                    break;
                }
            }
        }
        pair("$ref", json!(format!("#/$defs/{key}")))
    }
}

/// An object schema as one to add to.
fn fragment(schema: &Value) -> Schema {
    schema.as_object().cloned().unwrap_or_default()
}

fn of_type(name: &str) -> Schema {
    pair("type", name.into())
}

fn pair(key: &str, value: Value) -> Schema {
    Schema::from_iter([(key.to_owned(), value)])
}

fn string_schema(string: &StringShape) -> Schema {
    let mut schema = of_type("string");
    let format = string.format.map(|it| it.as_str());
    schema.extend(format.map(|it| ("format".to_owned(), it.into())));
    schema.extend(match &string.values {
        Values::Any => None,
        Values::Known(values) => Some(("examples".to_owned(), json!(values))),
        Values::OneOf(values) => Some(match values.as_slice() {
            [only] => ("const".to_owned(), json!(only)),
            several => ("enum".to_owned(), json!(several)),
        }),
    });
    schema
}

fn sentence(note: &Note) -> String {
    let kind = note.kind.as_str();
    let text = note.text;
    match note.instead {
        Some(path) => format!("{kind}: {text}; read `{path}`"),
        None => format!("{kind}: {text}"),
    }
}
