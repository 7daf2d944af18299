//! A type with less to vary: what a program does not name is left at its smallest.
//!
//! Invariant: the focused type holds a subset of the values of the whole one.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonnet_syntax::{ExprKind, Program};
use serde_json::json;

use crate::{Array, Field, Kinds, Presence, Shape, Ty, candidates, from_schema};

/// An open object gets at most so many of the named members.
const MOST_ADDED: usize = 8;

/// What a program can mean by the name of a member, in the order of the text.
pub(super) struct Names {
    all: BTreeSet<Arc<str>>,
    ordered: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn of(program: &Program) -> Self {
        let (mut all, mut ordered) = (BTreeSet::new(), Vec::new());
        for expr in program.exprs() {
            let symbol = match &expr.kind {
                ExprKind::String(symbol) => *symbol,
                ExprKind::Member { target, name } => match program.expr(*target).kind {
                    ExprKind::Var(of) if program.text(of) == "std" => continue,
                    _ => name.symbol,
                },
                _ => continue,
            };
            let name: Arc<str> = program.text(symbol).into();
            if all.insert(name.clone()) {
                ordered.push(name);
            }
        }
        Self { all, ordered }
    }
}

/// The type with only the named members to vary. Open objects get those that no schema declares.
pub(super) fn focused(ty: &Ty, names: &Names) -> Ty {
    let mut declared = BTreeSet::new();
    collect(ty, &mut declared, 0);
    let added = names.ordered.iter().filter(|it| !declared.contains(*it));
    let focus = Focus {
        names: &names.all,
        added: added.take(MOST_ADDED).cloned().collect(),
    };
    focus.nested(ty, 0)
}

/// The members that a type declares.
fn collect(ty: &Ty, declared: &mut BTreeSet<Arc<str>>, depth: usize) {
    if depth > 16 || ty.kinds().unknown {
        return;
    }
    for (name, field) in ty.kinds().shapes.iter().flat_map(|it| &it.fields) {
        declared.insert(name.clone());
        collect(&field.ty, declared, depth + 1);
    }
    if let Some(array) = &ty.kinds().array {
        collect(&array.element(), declared, depth + 1);
    }
}

/// The type once for each alternative of each of its members, so that each has its turn.
pub(super) fn alternatives(ty: &Ty) -> Vec<Ty> {
    let mut found = Vec::new();
    for shape in &ty.kinds().shapes {
        let mut of_shape = Vec::new();
        for (name, field) in &shape.fields {
            let kinds = field.ty.kinds();
            for alternative in kinds.shapes.iter().filter(|_| kinds.shapes.len() > 1) {
                let mut only = shape.clone();
                let kinds = Kinds {
                    shapes: vec![alternative.clone()],
                    ..kinds.clone()
                };
                only.set(name.clone(), Field::new(Ty::new(kinds), field.presence));
                of_shape.push(only);
            }
        }
        if of_shape.is_empty() {
            of_shape.push(shape.clone());
        }
        found.extend(of_shape);
    }
    let alone = |shape| {
        Ty::new(Kinds {
            shapes: vec![shape],
            ..Kinds::default()
        })
    };
    found.into_iter().map(alone).collect()
}

struct Focus<'a> {
    names: &'a BTreeSet<Arc<str>>,
    added: Vec<Arc<str>>,
}

impl Focus<'_> {
    fn nested(&self, ty: &Ty, depth: usize) -> Ty {
        let kinds = ty.kinds();
        if depth > 16 || kinds.unknown || kinds.array.is_none() && kinds.shapes.is_empty() {
            return ty.clone();
        }
        let shapes = kinds.shapes.iter().map(|it| self.shape(it, depth + 1));
        let element = |it: &Ty| self.nested(it, depth + 1);
        let array = kinds.array.as_ref().map(|array| Array {
            prefix: array.prefix.iter().map(element).collect(),
            rest: element(&array.rest),
            ..array.clone()
        });
        Ty::new(Kinds {
            shapes: shapes.collect(),
            array,
            ..kinds.clone()
        })
    }

    fn shape(&self, shape: &Shape, depth: usize) -> Shape {
        let mut focused = Shape {
            rest: shape.rest.clone(),
            ..Shape::default()
        };
        for (name, field) in &shape.fields {
            let is_named = self.names.contains(name);
            let (ty, presence) = match field.presence {
                Presence::Optional if !is_named => (Ty::never(), Presence::Absent),
                Presence::Required if !is_named => (smallest(&field.ty), Presence::Required),
                presence => (self.nested(&field.ty, depth), presence),
            };
            focused.set(name.clone(), Field::new(ty, presence));
        }
        if let Some(rest) = &shape.rest {
            let ty = rest.meet(&from_schema(&json!({"enum": [null, "x", 1, {}]})));
            let added = self.added.iter().filter(|it| shape.field(it).is_none());
            for name in added.filter(|_| !ty.is_never()) {
                focused.set(name.clone(), Field::optional(ty.clone()));
            }
        }
        focused
    }
}

/// The type of the smallest value alone.
fn smallest(ty: &Ty) -> Ty {
    match candidates(ty, 1).pop() {
        Some(value) => from_schema(&json!({"const": value})),
        None => ty.clone(),
    }
}
