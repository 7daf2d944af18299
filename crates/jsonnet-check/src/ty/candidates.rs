//! Small values of a type, for the search of a witness: the smallest one first, then those that
//! differ from it in one place, then those that differ in two.
//!
//! Most mistakes show on a value that differs from the smallest in one place: a member that is
//! there although its own members are not, a null, an empty list, another alternative.

use serde_json::{Map, Value};

use super::{Array, Kinds, MAX_NUMBER, Number, Presence, Shape, Text, Ty};

/// Values of one part that are tried.
const MAX_VARIANTS: usize = 24;
/// Parts inside each other that are varied.
const MAX_DEPTH: usize = 8;

/// At most `limit` values of the type, the smallest first, without repetition; deterministic.
#[must_use]
pub fn candidates(ty: &Ty, limit: usize) -> Vec<Value> {
    let kinds = ty.kinds();
    let Some(first) = smallest(ty, 0) else {
        return Vec::new();
    };
    let mut found = vec![first];
    for shape in &kinds.shapes {
        let Some(Value::Object(base)) = object(shape, 0) else {
            continue;
        };
        push(&mut found, Value::Object(base.clone()), limit);
        let changes = changes(shape, 0, limit);
        for (name, value) in &changes {
            push(&mut found, with(&base, name, value), limit);
        }
        for (at, (name, value)) in changes.iter().enumerate() {
            let Value::Object(changed) = with(&base, name, value) else {
                continue;
            };
            for (other, value) in changes.iter().skip(at + 1) {
                if found.len() >= limit {
                    return found;
                }
                if other != name {
                    push(&mut found, with(&changed, other, value), limit);
                }
            }
        }
    }
    for value in variants(ty, 0) {
        push(&mut found, value, limit);
    }
    found
}

fn push(found: &mut Vec<Value>, value: Value, limit: usize) {
    if found.len() < limit && !found.contains(&value) {
        found.push(value);
    }
}

fn with(base: &Map<String, Value>, name: &str, value: &Value) -> Value {
    let mut object = base.clone();
    object.insert(name.to_owned(), value.clone());
    Value::Object(object)
}

/// Members with values other than in the smallest object.
fn changes(shape: &Shape, depth: usize, limit: usize) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    for (name, field) in shape.present() {
        let skipped = usize::from(field.presence == Presence::Required);
        for value in variants(&field.ty, depth + 1).into_iter().skip(skipped) {
            changes.push((name.to_string(), value));
        }
    }
    if let Some(rest) = shape.rest.as_ref().filter(|it| !it.is_never()) {
        for value in variants(rest, depth + 1).into_iter().take(3) {
            changes.push(("extra".to_owned(), value));
        }
    }
    changes.truncate(limit);
    changes
}

/// The smallest value, and those that differ from it in one place.
fn variants(ty: &Ty, depth: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let kinds = ty.kinds();
    if let Some(value) = smallest(ty, depth) {
        found.push(value);
    }
    if depth > MAX_DEPTH {
        return found;
    }
    scalars(kinds, &mut found);
    if let Some(array) = &kinds.array {
        push(
            &mut found,
            Value::Array(elements(array, array.min, depth)),
            MAX_VARIANTS,
        );
        if array.max.is_none_or(|max| max > array.min) {
            let more = elements(array, array.min + 1, depth);
            push(&mut found, Value::Array(more), MAX_VARIANTS);
        }
        let first = array.at(0).unwrap_or_else(Ty::never);
        if depth < 4 && !first.is_never() {
            for value in variants(&first, depth + 1) {
                let mut elements = elements(array, array.min.max(1), depth);
                if let Some(slot) = elements.first_mut() {
                    *slot = value;
                }
                push(&mut found, Value::Array(elements), MAX_VARIANTS);
            }
        }
    }
    for shape in &kinds.shapes {
        let Some(Value::Object(base)) = object(shape, depth) else {
            continue;
        };
        push(&mut found, Value::Object(base.clone()), MAX_VARIANTS);
        for (name, value) in changes(shape, depth, MAX_VARIANTS) {
            push(&mut found, with(&base, &name, &value), MAX_VARIANTS);
        }
    }
    found
}

fn scalars(kinds: &Kinds, found: &mut Vec<Value>) {
    if kinds.null {
        push(found, Value::Null, MAX_VARIANTS);
    }
    for (value, there) in [false, true].into_iter().zip(kinds.bools) {
        if there {
            push(found, Value::Bool(value), MAX_VARIANTS);
        }
    }
    if let Some(number) = &kinds.number {
        for value in numbers(number) {
            push(found, value, MAX_VARIANTS);
        }
    }
    if let Some(text) = &kinds.text {
        for value in texts(text) {
            push(found, value, MAX_VARIANTS);
        }
    }
}

fn numbers(number: &Number) -> Vec<Value> {
    let usual = [0.0, 1.0, -1.0, 0.5, 2.0];
    let all: Vec<f64> = match number.literals.as_slice() {
        [] => usual
            .into_iter()
            .filter(|it| number.contains(*it))
            .chain([number.low, number.high])
            .take(3)
            .collect(),
        literals => literals.to_vec(),
    };
    all.into_iter().map(number_value).collect()
}

/// A number as JSON, without a fraction where it has none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is integral and at most 2^53"
)]
pub(crate) fn number_value(it: f64) -> Value {
    match it.fract() == 0.0 && it.abs() <= MAX_NUMBER {
        true => Value::from(it as i64),
        false => Value::from(it),
    }
}

fn texts(text: &Text) -> Vec<Value> {
    if let Some(literals) = &text.literals {
        return literals.iter().map(|it| Value::from(it.as_ref())).collect();
    }
    let formatted = text.format.as_deref().map_or(&[][..], super::samples);
    let mut values: Vec<Value> = match formatted {
        [] => vec!["x".repeat(text.min_length.clamp(1, 1_000)).into()],
        samples => samples.iter().map(|it| Value::from(*it)).collect(),
    };
    if text.min_length == 0 && text.format.is_none() {
        values.push(Value::from(""));
        values.push(Value::from("é😀"));
    }
    values
}

/// The smallest value of a type, if it has one.
fn smallest(ty: &Ty, depth: usize) -> Option<Value> {
    let kinds = ty.kinds();
    if kinds.unknown && kinds.null {
        return Some(Value::Null);
    }
    let mut scalar = Vec::new();
    scalars(
        &Kinds {
            null: false,
            ..kinds.clone()
        },
        &mut scalar,
    );
    if let Some(first) = scalar.into_iter().next() {
        return Some(first);
    }
    if depth > 24 {
        return kinds.null.then_some(Value::Null);
    }
    let objects = kinds.shapes.iter().find_map(|it| object(it, depth));
    if objects.is_some() {
        return objects;
    }
    match &kinds.array {
        Some(array) => Some(Value::Array(elements(array, array.min, depth))),
        None => kinds.null.then_some(Value::Null),
    }
}

fn elements(array: &Array, length: usize, depth: usize) -> Vec<Value> {
    let elements = (0..length.min(100)).map(|at| smallest(&array.at(at)?, depth + 1));
    elements.map_while(|it| it).collect()
}

fn object(shape: &Shape, depth: usize) -> Option<Value> {
    let mut object = Map::new();
    for (name, field) in &shape.fields {
        if field.presence == Presence::Required {
            object.insert(name.to_string(), smallest(&field.ty, depth + 1)?);
        }
    }
    Some(Value::Object(object))
}
