//! Documents that must not conform: one that does, with a required key less or an unknown key more.
//!
//! A schema is walked along with the document. What every alternative of a place requires, or
//! leaves no room for, is certain; a key that one alternative requires and another does not is left
//! alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// A schema with the document that its local references are about.
type Place<'s> = (&'s Value, &'s Value);

/// How deep every document is mutated: the keys of ctx, and of its members. What lies deeper is
/// mutated once for each schema.
const ALWAYS: usize = 2;

/// Every mutation of a document, told by what it is. `seen` are those deeper ones that were made.
pub(crate) fn mutations(
    schema: &Value,
    ctx: &Value,
    seen: &mut BTreeSet<String>,
) -> Vec<(String, Value)> {
    let mut walk = Walk {
        root: schema,
        found: Vec::new(),
    };
    walk.value(&[(schema, schema)], ctx, &mut Vec::new());
    let mut mutated = Vec::new();
    for (path, change) in walk.found {
        let place = path.join("/");
        let told = match &change {
            Change::Without(key) => format!("{place}: without `{key}`"),
            Change::With => format!("{place}: with `nobody_knows`"),
        };
        let general: Vec<&str> = path
            .iter()
            .map(|it| if it.parse::<usize>().is_ok() { "*" } else { it })
            .collect();
        let is_new = seen.insert(format!("{}{}", general.join("/"), told.replace(&place, "")));
        if path.len() >= ALWAYS && !is_new {
            continue;
        }
        let mut document = ctx.clone();
        let pointer: String = path
            .iter()
            .map(|it| format!("/{}", it.replace('~', "~0").replace('/', "~1")))
            .collect();
        let object = document.pointer_mut(&pointer).unwrap();
        let object = object.as_object_mut().unwrap();
        match change {
            Change::Without(key) => object.remove(&key),
            Change::With => object.insert("nobody_knows".to_owned(), json!(1)),
        };
        mutated.push((told, document));
    }
    mutated
}

enum Change {
    Without(String),
    With,
}

struct Walk<'s> {
    root: &'s Value,
    found: Vec<(Vec<String>, Change)>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, schemas: &[Place<'s>], value: &Value, path: &mut Vec<String>) {
        let mut places = Vec::new();
        for schema in schemas {
            self.alternatives(*schema, &mut places);
        }
        // Those of another kind, such as null, hold no object whatever is done to it.
        let kind = if value.is_object() { "object" } else { "array" };
        places.retain(|(schema, _)| schema["type"].as_str().is_none_or(|it| it == kind));
        if places.is_empty() {
            return;
        }
        match value {
            Value::Object(members) => {
                let requires = |schema: &Value, key: &str| {
                    let names = schema["required"].as_array();
                    names.is_some_and(|names| names.iter().any(|it| it == key))
                };
                for (key, member) in members {
                    if places.iter().all(|(schema, _)| requires(schema, key)) {
                        self.found
                            .push((path.clone(), Change::Without(key.clone())));
                    }
                    let below = |(schema, document): &Place<'s>| {
                        let property = schema["properties"].get(key);
                        let property = property.or_else(|| schema.get("additionalProperties"));
                        property.map(|it| (it, *document))
                    };
                    let below: Vec<Place<'s>> = places.iter().filter_map(below).collect();
                    path.push(key.clone());
                    self.value(&below, member, path);
                    path.pop();
                }
                let is_closed = |schema: &Value| schema["additionalProperties"] == json!(false);
                if places.iter().all(|(schema, _)| is_closed(schema)) {
                    self.found.push((path.clone(), Change::With));
                }
            }
            Value::Array(items) => {
                let below =
                    |(schema, document): &Place<'s>| schema.get("items").map(|it| (it, *document));
                let below: Vec<Place<'s>> = places.iter().filter_map(below).collect();
                for (at, item) in items.iter().enumerate() {
                    path.push(at.to_string());
                    self.value(&below, item, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// What a schema stands for once references are followed and alternatives taken apart.
    fn alternatives(&self, (schema, document): Place<'s>, found: &mut Vec<Place<'s>>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let (address, pointer) = reference.split_once('#').unwrap();
            let resources = self.root["$defs"].as_object();
            let of_address = |it: &&Value| it["$id"] == json!(address);
            let document = match address {
                "" => document,
                _ => resources.unwrap().values().find(of_address).unwrap(),
            };
            let target = document.pointer(pointer).unwrap();
            return self.alternatives((target, document), found);
        }
        match schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            Some(alternatives) => {
                for alternative in alternatives {
                    self.alternatives((alternative, document), found);
                }
            }
            None => found.push((schema, document)),
        }
    }
}
