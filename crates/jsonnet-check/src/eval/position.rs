//! Positions in arrays and strings: elements, slices, lengths.

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Array, Number, Presence, Refinement, Step, Text, Ty},
    value::{ArrayValue, Outcomes, ThunkId, Value},
    world::{PathId, WorldId},
};

impl Checker<'_> {
    /// `target[number]` of an array or a string.
    pub(super) fn element(
        &mut self,
        target: &Value,
        key: &Value,
        (place, target_place, key_place): (ExprId, ExprId, ExprId),
        world: WorldId,
    ) -> Outcomes {
        let number = self.data_type(key, world).unwrap_or(Ty::Poison);
        let number = number.kinds().number.clone().unwrap_or_else(Number::any);
        let (min, max) = self.length(target, world);
        let low = number.low.trunc();
        let high = number.high.trunc();
        let is_inside =
            (low >= 0.0 && high < as_f64(min)) || self.is_position(target, key, min, world);
        if !is_inside {
            let never = high < 0.0 || max.is_some_and(|max| low >= as_f64(max));
            let shown = self.describe(target);
            let of = shown
                .as_ref()
                .map_or("this".to_owned(), |it| format!("`{it}`"));
            let message = match (never, number.single()) {
                (true, Some(_)) if max == Some(0) => format!("{of} is empty"),
                (true, Some(at)) => format!("{of} has no position {at}"),
                (_, Some(at)) if min == 0 => {
                    format!("{of} may be empty, so there may be no position {at}")
                }
                (_, Some(at)) => format!("{of} may be too short to have a position {at}"),
                _ if shown.is_none() => "there may be no such position".to_owned(),
                _ => format!("this position may lie outside {of}"),
            };
            let guard = self.subject(target, target_place);
            let position = match number.single() {
                Some(at) => Some(format!("{at}")),
                None => self.spelled(key_place),
            };
            let help = match guard.zip(position) {
                Some((guard, position)) => {
                    format!("guard it with `if std.length({guard}) > {position}`")
                }
                None if self.is_split(target_place) => {
                    "bind it to a `local` and test its `std.length` first: nothing says that the \
                     separator is there"
                        .to_owned()
                }
                None => "bind the array to a `local` and test its `std.length` first".to_owned(),
            };
            let help = match never {
                true => "read a position that there is".to_owned(),
                false => help,
            };
            let diagnostic = self
                .diagnostic(&rules::INDEX_OUT_OF_RANGE, key_place, message)
                .help(help);
            self.fails_where(target, Refinement::Length(0, short_of(low)), world);
            self.push(diagnostic);
            if never {
                return Self::poison(world);
            }
        }
        let at = number.single().filter(|it| *it >= 0.0 && *it < 1e6);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the position is between 0 and a million"
        )]
        let at = at.map(|it| it as usize);
        if self.kinds(target, world) == KindSet::STRING {
            let text = self.data_type(target, world).unwrap_or(Ty::Poison);
            let single = text.kinds().text.as_ref().and_then(Text::single).cloned();
            if let Some((text, at)) = single.zip(at) {
                let character = text.chars().nth(at).map(String::from);
                return Self::data(world, Ty::literal(&character.unwrap_or_default()));
            }
            return Self::data(
                world,
                Ty::from(Text::character()).with_notes(&text.kinds().notes),
            );
        }
        match (target, at) {
            (Value::Ref(path), Some(at)) => {
                let child = self.worlds.child(*path, Step::Element(at));
                let fact = Refinement::Length(at + 1, None);
                let world = self.worlds.assume(world, *path, fact);
                world.map_or_else(Vec::new, |world| Self::one(world, Value::Ref(child)))
            }
            (Value::Array(array), _) => {
                let array = array.clone();
                if let (ArrayValue::Fixed(elements), Some(at)) = (&*array, at) {
                    return match elements.get(at) {
                        Some(thunk) => self.read(*thunk, place, world),
                        None => Self::poison(world),
                    };
                }
                let known = self.known_identity(target, world);
                let from_end = match key {
                    Value::Length(of, offset) if known == Some(*of) => Some(*offset),
                    _ => None,
                };
                if let Some(thunk) = element_of_sum(&array, at, from_end) {
                    return self.read(thunk, place, world);
                }
                let known = known.zip(at);
                let long_enough = known.map(|(path, at)| {
                    let fact = Refinement::Length(at + 1, None);
                    self.worlds.assume(world, path, fact)
                });
                let Some(world) = long_enough.unwrap_or(Some(world)) else {
                    return Vec::new();
                };
                let elements = self.elements(target, place, Self::GLOBAL, world);
                let mut all = Vec::new();
                for (world, thunk) in elements {
                    all.append(&mut self.force(thunk, world, place));
                }
                self.compact(all, place)
            }
            (_, at) => {
                let ty = self.data_type(target, world).unwrap_or(Ty::Poison);
                let array = ty
                    .kinds()
                    .array
                    .clone()
                    .unwrap_or_else(|| Array::of(Ty::Poison));
                let element = at
                    .and_then(|at| array.at(at))
                    .unwrap_or_else(|| array.element());
                if element.is_never() {
                    return Vec::new();
                }
                let values = Self::data(world, element);
                match self.held(target, key, world) {
                    Some((container, key)) => self.part(container, key, values),
                    None => values,
                }
            }
        }
    }

    /// Whether `std.split` or one of its kind is called there.
    pub(super) fn is_split(&self, place: ExprId) -> bool {
        match self.program.expr(place).kind {
            ExprKind::Call { target, .. } => match &self.program.expr(target).kind {
                ExprKind::Member { name, .. } => self.name(name.symbol).starts_with("split"),
                _ => false,
            },
            ExprKind::Parens(inner) => self.is_split(inner),
            _ => false,
        }
    }

    /// Whether the key is known to be a position of that very array or string: what went through
    /// its positions, or its length less something.
    pub(super) fn is_position(
        &mut self,
        target: &Value,
        key: &Value,
        min: usize,
        world: WorldId,
    ) -> bool {
        let mut paths: Vec<PathId> = self.known_identity(target, world).into_iter().collect();
        // What is mapped has the positions of its source.
        if let Value::Array(made) = target
            && let Some(lengths) = self.source_length(&made.clone(), world)
            && let [only] = lengths.as_slice()
            && let Value::Length(path, 0) = only.value
        {
            paths.push(path);
        }
        match key {
            Value::Ref(at) => {
                let ty = self.worlds.ty(world, *at);
                let number = ty.kinds().number.as_ref();
                number.is_some_and(|it| it.low >= 0.0)
                    && paths.iter().any(|it| self.worlds.holds(world, *it, *at))
            }
            Value::Length(of, offset) => {
                let back = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
                paths.contains(of) && *offset < 0 && back <= min
            }
            _ => false,
        }
    }

    /// The least and the greatest length of an array or a string.
    pub(crate) fn length(&mut self, value: &Value, world: WorldId) -> (usize, Option<usize>) {
        match value {
            Value::Array(array) => {
                let array = array.clone();
                let known = self.known_identity(value, world);
                if let Some(path) = known
                    && !self.is_counted_by_source(&array, world)
                {
                    let ty = self.worlds.ty(world, path);
                    let array = ty.kinds().array.as_ref();
                    return array.map_or((0, None), |it| (it.min, it.max));
                }
                match &*array {
                    ArrayValue::Fixed(elements) => (elements.len(), Some(elements.len())),
                    ArrayValue::Comp(expr, env) => self.comprehension_length(*expr, *env, world),
                    ArrayValue::Map { source, .. } | ArrayValue::Reordered(source) => {
                        self.length(source, world)
                    }
                    ArrayValue::Filter { source, .. } | ArrayValue::Part(source) => {
                        (0, self.length(source, world).1)
                    }
                    ArrayValue::Concat(a, b, _) => {
                        let (a, b) = (self.length(a, world), self.length(b, world));
                        let max = a.1.zip(b.1).map(|(x, y)| x.saturating_add(y));
                        (a.0.saturating_add(b.0), max)
                    }
                    ArrayValue::Keys(of, _) => self.key_count(of, world),
                    ArrayValue::Some(_) | ArrayValue::Positions(..) => (0, None),
                }
            }
            _ => {
                let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                let kinds = ty.kinds();
                match (&kinds.array, &kinds.text) {
                    (Some(array), None) => (array.min, array.max),
                    (None, Some(text)) => {
                        let single = text.single().map(|it| it.chars().count());
                        (text.min_length, single)
                    }
                    _ => (0, None),
                }
            }
        }
    }

    pub(super) fn key_count(&mut self, of: &Value, world: WorldId) -> (usize, Option<usize>) {
        let ty = match of {
            Value::Object(_) => return (0, None),
            _ => self.data_type(of, world).unwrap_or(Ty::Poison),
        };
        let counts = ty.kinds().shapes.iter().map(|shape| {
            let required = shape
                .present()
                .filter(|(_, it)| it.presence == Presence::Required);
            let open = shape.rest.as_ref().is_some_and(|it| !it.is_never());
            (required.count(), (!open).then(|| shape.present().count()))
        });
        counts
            .reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(x, y)| x.max(y))))
            .unwrap_or((0, None))
    }
}

/// The element of a sum of lists at a position, or so far from the end, where it is known which it
/// is: it stands in the first or in the last summand, whatever there is on the other side.
fn element_of_sum(sum: &ArrayValue, at: Option<usize>, from_end: Option<i32>) -> Option<ThunkId> {
    let ArrayValue::Concat(a, b, _) = sum else {
        return None;
    };
    let Value::Array(made) = (if at.is_some() { a } else { b }) else {
        return None;
    };
    let ArrayValue::Fixed(elements) = &**made else {
        return element_of_sum(made, at, from_end);
    };
    let at = match at {
        Some(at) => at,
        None => {
            let back = from_end.filter(|it| *it < 0)?.unsigned_abs();
            elements.len().checked_sub(usize::try_from(back).ok()?)?
        }
    };
    elements.get(at).copied()
}

/// The greatest length without that position.
fn short_of(position: f64) -> Option<usize> {
    super::ordering::count(position.clamp(0.0, 1e6))
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
pub(crate) fn as_f64(length: usize) -> f64 {
    length as f64
}
