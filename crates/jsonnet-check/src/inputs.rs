//! Inputs on which a program that was rejected is likely to fail, in the order in which a search
//! for a witness tries them.
//!
//! First come the smallest values of what the checker says of each error ([`Failing`]): mostly one
//! of them is a witness. What the types cannot say, because it is about computed values, is looked
//! for near them: with texts and numbers of the program in the place of others (`nearby.rs`), and
//! among the small values of the whole type, first those that differ in what the program names
//! (`focus.rs`).
//!
//! Invariants: every input conforms, none comes twice, and there are at most as many as were asked
//! for; the cost is bounded by that number and by the errors, not by what the type could hold.

mod focus;
mod nearby;

use jsonnet_syntax::Program;
use serde_json::Value;

use crate::{Failing, Presence, Ty, candidates, ty::Step};

/// Values of one case.
const OF_CASE: usize = 16;
/// Of them, those that are tried before the next case has its turn.
const FIRST: usize = 2;
/// Parts inside each other that are looked at.
const DEEPEST: usize = 24;

/// At most `limit` inputs of the type for a program of one argument, those on which the errors
/// are likely first. `conforms` says what the type cannot.
pub fn inputs(
    program: &Program,
    ty: &Ty,
    failing: &[Failing],
    limit: usize,
    mut conforms: impl FnMut(&Value) -> bool,
) -> Vec<Value> {
    let names = focus::Names::of(program);
    let mut found: Vec<Value> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for case in failing.iter().flat_map(|it| &it.inputs) {
        let Some(narrowed) = case.first() else {
            continue;
        };
        let focused = focus::focused(&restored(narrowed, ty, 0), &names);
        let mut row = Row::new(candidates(&focused, OF_CASE));
        let first = row.next(&mut found, &mut conforms);
        for _ in 1..FIRST {
            row.next(&mut found, &mut conforms);
        }
        rows.push(row);
        if let Some(first) = first {
            rows.push(Row::new(nearby::nearby(&first, program)));
        }
        if found.len() >= limit {
            break;
        }
    }
    for ty in focus::alternatives(&focus::focused(ty, &names)) {
        rows.push(Row::new(candidates(&ty, limit)));
    }
    while found.len() < limit && !rows.is_empty() {
        rows.retain_mut(|row| found.len() < limit && row.next(&mut found, &mut conforms).is_some());
    }
    found.truncate(limit);
    found
}

/// The narrowed type with what the whole says of values about which an error was reported: they
/// are there if they can be.
fn restored(narrowed: &Ty, whole: &Ty, depth: usize) -> Ty {
    if narrowed.is_poison() {
        return whole.clone();
    }
    let kinds = narrowed.kinds();
    let has_parts = kinds.array.is_some() || !kinds.shapes.is_empty();
    if depth > DEEPEST || kinds.unknown || !has_parts {
        return narrowed.clone();
    }
    let mut kinds = kinds.clone();
    for shape in &mut kinds.shapes {
        for (name, field) in &mut shape.fields {
            let whole = whole.step(&Step::Member(name.clone()));
            field.ty = restored(&field.ty, &whole, depth + 1);
            if field.ty.is_never() {
                field.presence = Presence::Absent;
            }
        }
    }
    if let Some(array) = &mut kinds.array {
        for (at, element) in array.prefix.iter_mut().enumerate() {
            let whole = whole.step(&Step::Element(at));
            *element = restored(element, &whole, depth + 1);
        }
    }
    Ty::new(kinds)
}

/// Values that are still to be tried.
struct Row(std::vec::IntoIter<Value>);

impl Row {
    fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// Adds the next that conforms and is new.
    fn next(
        &mut self,
        found: &mut Vec<Value>,
        conforms: &mut impl FnMut(&Value) -> bool,
    ) -> Option<Value> {
        let is_new = |it: &Value| !found.contains(it) && conforms(it);
        let next = self.0.find(is_new)?;
        found.push(next.clone());
        Some(next)
    }
}
