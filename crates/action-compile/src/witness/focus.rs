//! A type with less to vary: what a body does not name is left at its smallest.
//!
//! Invariant: the focused type holds a subset of the values of the whole one.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonnet_check::{Array, Field, Kinds, Presence, Shape, Ty, candidates, from_schema};
use jsonnet_syntax::Program;
use serde_json::json;

/// An open object gets at most so many of the named members.
const MOST_ADDED: usize = 8;

/// Every text of a program that can be the name of a member.
pub(super) fn names(program: &Program) -> BTreeSet<Arc<str>> {
    let texts = (0..program.text_count()).map(|index| program.text_at(index));
    texts.map(Arc::from).collect()
}

/// The type with only the named members to vary.
pub(super) fn focused(ty: &Ty, names: &BTreeSet<Arc<str>>) -> Ty {
    nested(ty, names, 0)
}

fn nested(ty: &Ty, names: &BTreeSet<Arc<str>>, depth: usize) -> Ty {
    let kinds = ty.kinds();
    if depth > 16 || kinds.unknown || kinds.array.is_none() && kinds.shapes.is_empty() {
        return ty.clone();
    }
    let shapes = kinds.shapes.iter().map(|it| shape(it, names, depth + 1));
    let array = kinds.array.as_ref().map(|array| Array {
        prefix: array
            .prefix
            .iter()
            .map(|it| nested(it, names, depth + 1))
            .collect(),
        rest: nested(&array.rest, names, depth + 1),
        ..array.clone()
    });
    Ty::new(Kinds {
        shapes: shapes.collect(),
        array,
        ..kinds.clone()
    })
}

fn shape(shape: &Shape, names: &BTreeSet<Arc<str>>, depth: usize) -> Shape {
    let mut focused = Shape {
        rest: shape.rest.clone(),
        ..Shape::default()
    };
    for (name, field) in &shape.fields {
        let is_named = names.contains(name);
        let (ty, presence) = match field.presence {
            Presence::Optional if !is_named => (Ty::never(), Presence::Absent),
            Presence::Required if !is_named => (smallest(&field.ty), Presence::Required),
            presence => (nested(&field.ty, names, depth), presence),
        };
        focused.set(name.clone(), Field::new(ty, presence));
    }
    if let Some(rest) = shape.rest.as_ref().filter(|it| !it.is_never()) {
        let added = names.iter().filter(|it| shape.field(it).is_none());
        for name in added.take(MOST_ADDED) {
            focused.set(name.clone(), Field::optional(rest.clone()));
        }
    }
    focused
}

/// The type of the smallest value alone.
fn smallest(ty: &Ty) -> Ty {
    match candidates(ty, 1).pop() {
        Some(value) => from_schema(&json!({"const": value})),
        None => ty.clone(),
    }
}
