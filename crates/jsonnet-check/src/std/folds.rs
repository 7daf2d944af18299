//! `std.foldl` and `std.foldr`.

use std::rc::Rc;

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Call, text_of};
use crate::{
    eval::{Checker, KindSet},
    ty::{Array, Number, Text, Ty},
    value::{ArrayValue, Outcome, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// Rounds of a fold over an array of unknown length before of the accumulator only its kinds are
/// kept.
const FOLD_ROUNDS: usize = 5;
/// Rounds of those before its objects have one shape.
const SHAPED_ROUNDS: usize = 2;

impl Checker<'_> {
    pub(super) fn fold(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        init: &Value,
        world: WorldId,
    ) -> Outcomes {
        if self.kinds(array, world) == KindSet::STRING.or(KindSet::ARRAY) {
            let mut all = Vec::new();
            for kind in [KindSet::STRING, KindSet::ARRAY] {
                if let Some((array, world)) = self.narrow(array, kind, world) {
                    all.append(&mut self.fold(call, function, &array, init, world));
                }
            }
            return all;
        }
        let is_left = call.name == "foldl";
        let place = call.place;
        let array = &self.listed_characters(array, world);
        let listed = match array {
            Value::Array(made) => match &**made {
                ArrayValue::Fixed(elements) if elements.len() <= 32 => Some(elements.clone()),
                _ => self.listed(array, call, world),
            },
            _ => None,
        };
        if let Some(mut elements) = listed {
            if !is_left {
                elements.reverse();
            }
            let mut ways = Self::one(world, init.clone());
            for element in elements {
                ways = self.chain(ways, place, |it, value, world| {
                    let args = in_order(call, it.value_thunk(value), element);
                    it.apply(function, &args, place, world)
                });
            }
            return ways;
        }
        let source = if self.kinds(array, world) == KindSet::STRING {
            let ty = self.data_type(array, world).unwrap_or(Ty::Poison);
            Value::Data(self.characters(&text_of(&ty)))
        } else {
            array.clone()
        };
        if let Value::Closure(closure, _) = function
            && !self.reads_parameter(*closure, usize::from(!is_left))
        {
            return self.last_applied(call, function, (&source, init), world);
        }
        // The accumulator is taken as data and widened until a further round adds nothing.
        let mut acc = self.as_data(init, call.place_of(2), world);
        for round in 0..=FOLD_ROUNDS + 1 {
            let mut next = acc.clone();
            for (at, element) in self.elements(&source, place, call.env, world) {
                let thunk = self.value_thunk(Value::Data(acc.clone()));
                let args = in_order(call, thunk, element);
                for Outcome { world, value } in self.apply(function, &args, place, at) {
                    next = next.join(&self.as_data(&value, place, world));
                }
            }
            if round > SHAPED_ROUNDS {
                next = next.with_one_shape();
            }
            if next == acc || next.is_poison() {
                if KindSet::of(&next) == KindSet::BOOL
                    && let Some(held) = self.held_by_fold(call, function, array, world)
                {
                    let [no, yes] = next.kinds().bools;
                    return Self::truths(
                        held.filter(|_| yes).into_iter().collect(),
                        no.then_some(world).into_iter().collect(),
                    );
                }
                return Self::data(world, next);
            }
            acc = match round {
                0 => next,
                _ if round < SHAPED_ROUNDS => widen(&next, 0),
                _ if round < FOLD_ROUNDS => widen(&next.with_one_shape(), 0),
                FOLD_ROUNDS => widen(&KindSet::of(&next).ty(), 0),
                _ => {
                    self.give_up(place, "what this fold gives could not be bounded");
                    return Vec::new();
                }
            };
        }
        Self::data(world, acc)
    }

    /// A fold whose function never reads what was accumulated: what it makes of some element, or
    /// what the fold began with where there is none.
    fn last_applied(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        (source, init): (&Value, &Value),
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        let (min, max) = self.length(source, world);
        if min == 0 {
            all.append(&mut Self::one(world, init.clone()));
        }
        if max == Some(0) {
            return all;
        }
        for (at, element) in self.elements(source, call.place, call.env, world) {
            let args = in_order(call, self.value_thunk(init.clone()), element);
            all.append(&mut self.apply(function, &args, call.place, at));
        }
        self.compact(all, call.place)
    }

    /// Whether a parameter of a function is read, or may be: a variable has its name somewhere.
    fn reads_parameter(&self, closure: ExprId, at: usize) -> bool {
        let ExprKind::Function { params, body, .. } = &self.program.expr(closure).kind else {
            return true;
        };
        let Some(param) = params.get(at) else {
            return true;
        };
        // The parts of an expression stand right before it.
        let within = self.program.expr(*body).range;
        let before = self.program.exprs().iter().take(body.index() + 1);
        let mut parts = before.rev().take_while(|it| it.range.start >= within.start);
        parts.any(|it| matches!(it.kind, ExprKind::Var(name) if name == param.name.symbol))
    }

    /// The characters of a constant text, one by one; any other value as it is.
    fn listed_characters(&mut self, value: &Value, world: WorldId) -> Value {
        let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
        let text = ty.kinds().text.as_ref().and_then(Text::single).cloned();
        let is_text = KindSet::of(&ty) == KindSet::STRING && ty.kinds().notes.is_empty();
        match text.filter(|it| is_text && it.chars().count() <= 32) {
            Some(text) => {
                let characters = text.chars().map(|it| {
                    let character = Value::text(it.encode_utf8(&mut [0; 4]));
                    self.value_thunk(character)
                });
                Value::Array(Rc::new(ArrayValue::Fixed(characters.collect())))
            }
            None => value.clone(),
        }
    }
}

/// What a fold gives its function: what was accumulated, and an element.
pub(super) fn in_order(call: &Call<'_>, acc: ThunkId, element: ThunkId) -> [ThunkId; 2] {
    match call.name {
        "foldl" => [acc, element],
        _ => [element, acc],
    }
}

/// A type that further rounds of a loop reach sooner.
pub(crate) fn widen(ty: &Ty, depth: usize) -> Ty {
    if matches!(ty, Ty::Unknown | Ty::Poison) || depth > 6 {
        return ty.clone();
    }
    let mut kinds = ty.kinds().clone();
    if let Some(number) = &mut kinds.number {
        // Sums of any length stay within this; products do not, and are errors.
        *number = Number {
            literals: Vec::new(),
            low: -1e300,
            high: 1e300,
            integer: number.integer,
            holes: Vec::new(),
        };
    }
    if let Some(text) = &mut kinds.text {
        *text = Text::any();
    }
    if let Some(array) = &mut kinds.array {
        *array = Array::of(widen(&array.element(), depth + 1));
    }
    let shapes = std::mem::take(&mut kinds.shapes);
    // A loop that adds members of unknown names makes an open object.
    let is_open = shapes.iter().any(|it| it.rest.is_some());
    for mut shape in shapes {
        for (_, field) in &mut shape.fields {
            field.ty = widen(&field.ty, depth + 1);
        }
        shape.rest = shape.rest.map(|it| widen(&it, depth + 1));
        kinds.shapes.push(shape);
    }
    if is_open && kinds.shapes.len() > 1 {
        let values = kinds.shapes.iter().map(crate::ty::Shape::values);
        let values = values.fold(Ty::never(), |all, it| all.join(&it));
        return Ty::new(crate::ty::Kinds {
            shapes: Vec::new(),
            ..kinds
        })
        .join(&Ty::map(widen(&values, depth + 1)));
    }
    Ty::new(kinds)
}
