//! Binary operators.

use std::rc::Rc;

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Annotation, Array, MAX_NUMBER, Number, Refinement, Text, Ty},
    value::{ArrayValue, EnvId, Layer, Outcome, Outcomes, Value},
    world::WorldId,
};

/// Strings longer than this are not computed, only typed.
const MAX_TEXT: usize = 400;

/// Objects of more layers are not followed.
const MAX_LAYERS: usize = 300;

/// Elements of a type that are told apart by position.
const MAX_LISTED: usize = 256;

/// Arrays added to each other further than this are taken as data.
const MAX_CONCATENATED: u32 = 12;

type Operand<'v> = (&'v Value, ExprId);

impl Checker<'_> {
    /// Walks the left operands in a loop: `a + b + c + …` may be as long as the text.
    pub(super) fn binary(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let mut spine = Vec::new();
        let mut at = id;
        while let ExprKind::Binary {
            op, left, right, ..
        } = self.program.expr(at).kind
        {
            spine.push((op, left, right, at));
            at = left;
        }
        let mut outcomes = self.eval(at, env, world);
        while let Some((op, left, right, whole)) = spine.pop() {
            if outcomes.is_empty() {
                return outcomes;
            }
            outcomes = self.chain(outcomes, whole, |it, value, world| match op {
                BinaryOp::And | BinaryOp::Or => it.logic(op, (&value, left), right, env, world),
                _ => {
                    let rights = it.eval(right, env, world);
                    it.chain(rights, whole, |it, other, world| {
                        it.binary_values(op, (&value, left), (&other, right), whole, world)
                    })
                }
            });
            outcomes = self.compact(outcomes, whole);
        }
        outcomes
    }

    fn logic(
        &mut self,
        op: BinaryOp,
        (value, left): Operand<'_>,
        right: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("an operand of `{}`", op.as_str());
        let (yes, no) = self.truth(value, left, rule, &what, world);
        let (decided, open) = match op {
            BinaryOp::And => (no, yes),
            _ => (yes, no),
        };
        let mut all: Outcomes = Vec::new();
        if let Some(world) = decided {
            all.push(Outcome {
                world,
                value: Value::Data(Ty::bool(op == BinaryOp::Or)),
            });
        }
        if let Some(world) = open {
            for Outcome { world, value } in self.eval(right, env, world) {
                let (yes, no) = self.truth(&value, right, rule, &what, world);
                all.extend(Self::truths(
                    yes.into_iter().collect(),
                    no.into_iter().collect(),
                ));
            }
        }
        all
    }

    /// Every operator but `&&` and `||`, on evaluated operands.
    pub(crate) fn binary_values(
        &mut self,
        op: BinaryOp,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        match op {
            BinaryOp::Add => self.add(left, right, whole, world),
            BinaryOp::Eq => {
                let (yes, no) = self.equal(left.0, right.0, whole, world);
                Self::truths(yes, no)
            }
            BinaryOp::NotEq => {
                let (yes, no) = self.equal(left.0, right.0, whole, world);
                Self::truths(no, yes)
            }
            BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq => {
                self.ordering(op, left, right, whole, world)
            }
            BinaryOp::In => {
                let rule = &rules::WRONG_OPERAND;
                let what = "the left operand of `in`";
                let Some((name, world)) =
                    self.expect(left.0, KindSet::STRING, left.1, rule, what, world)
                else {
                    return Self::poison(world);
                };
                let what = "the right operand of `in`";
                let Some((object, world)) =
                    self.expect(right.0, KindSet::OBJECT, right.1, rule, what, world)
                else {
                    return Self::poison(world);
                };
                let (yes, no) = self.has(&object, &name, true, world);
                Self::truths(yes, no)
            }
            BinaryOp::Mod => self.modulo(left, right, whole, world),
            _ => self.arithmetic(op, left, right, world),
        }
    }

    fn modulo(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = "the left operand of `%`";
        let kinds = KindSet::NUMBER.or(KindSet::STRING);
        let Some((value, world)) = self.expect(left.0, kinds, left.1, rule, what, world) else {
            return Self::poison(world);
        };
        if self.is_poison(&value, world) {
            return Self::poison(world);
        }
        let mut all = Vec::new();
        if let Some((format, world)) = self.narrow(&value, KindSet::STRING, world) {
            all.append(&mut self.format((&format, left.1), right, whole, world));
        }
        if let Some((number, world)) = self.narrow(&value, KindSet::NUMBER, world) {
            let left = (&number, left.1);
            all.append(&mut self.arithmetic(BinaryOp::Mod, left, right, world));
        }
        all
    }

    /// Operators that take numbers only.
    pub(crate) fn arithmetic(
        &mut self,
        op: BinaryOp,
        left: Operand<'_>,
        right: Operand<'_>,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("an operand of `{}`", op.as_str());
        let a = self.expect(left.0, KindSet::NUMBER, left.1, rule, &what, world);
        let after = a.as_ref().map_or(world, |(_, world)| *world);
        let b = self.expect(right.0, KindSet::NUMBER, right.1, rule, &what, after);
        let (Some((a, _)), Some((b, world))) = (a, b) else {
            return Self::poison(world);
        };
        if let Some(length) = self.moved_length(op, &a, &b, world) {
            return Self::one(world, length);
        }
        let (a, b) = (self.data_type(&a, world), self.data_type(&b, world));
        let (Some(a), Some(b)) = (a, b) else {
            return Self::poison(world);
        };
        if a.is_poison() || b.is_poison() {
            return Self::poison(world);
        }
        let (Some(x), Some(y)) = (&a.kinds().number, &b.kinds().number) else {
            return Vec::new();
        };
        if matches!(op, BinaryOp::Div | BinaryOp::Mod) && y.contains(0.0) {
            let message = if y.single().is_some() {
                "the divisor is zero"
            } else {
                "the divisor may be zero"
            };
            let shown = self.subject(right.0, right.1);
            let diagnostic = self
                .diagnostic(&rules::DIVISION_BY_ZERO, right.1, message)
                .help(match shown {
                    Some(path) => format!("guard it: `if {path} != 0 then … else …`"),
                    None => "bind it to a `local` and test that for 0 first".to_owned(),
                });
            self.push(diagnostic);
            return Self::poison(world);
        }
        if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) && y.low < 0.0 {
            self.say(
                &rules::ARGUMENT_OUT_OF_RANGE,
                right.1,
                "a number cannot be shifted by less than 0",
            );
            return Self::poison(world);
        }
        let number = compute(op, x, y);
        if !number.low.is_finite() || !number.high.is_finite() {
            let message = format!("the result of `{}` may be too large a number", op.as_str());
            self.say(&rules::NUMBER_OUT_OF_RANGE, right.1, message);
            return Self::poison(world);
        }
        Self::data(world, Ty::from(number))
    }

    /// `std.length(a) - 1` stays tied to the length of `a`.
    fn moved_length(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        world: WorldId,
    ) -> Option<Value> {
        let (path, offset, other, sign) = match (op, a, b) {
            (BinaryOp::Add, Value::Length(path, offset), other)
            | (BinaryOp::Add, other, Value::Length(path, offset)) => (path, offset, other, 1.0),
            (BinaryOp::Sub, Value::Length(path, offset), other) => (path, offset, other, -1.0),
            _ => return None,
        };
        let by = self.data_type(other, world)?.kinds().number.as_ref()?.single()?;
        let moved = f64::from(*offset) + sign * by;
        let is_small = moved.fract() == 0.0 && moved.abs() < 1e6;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be a small integer")]
        is_small.then(|| Value::Length(*path, moved as i32))
    }

    /// `+`: numbers, arrays, objects, and strings with anything.
    fn add(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        if self.is_poison(left.0, world) || self.is_poison(right.0, world) {
            return Self::poison(world);
        }
        let a = self.kinds(left.0, world);
        let b = self.kinds(right.0, world);
        let mut world = world;
        let mut allowed = (KindSet::NONE, KindSet::NONE);
        let mut bad = false;
        for x in a.each() {
            for y in b.each() {
                if can_add(x, y) {
                    allowed = (allowed.0.or(x), allowed.1.or(y));
                } else {
                    bad = true;
                }
            }
        }
        if bad {
            match self.wrong_addends(left, right, world) {
                Some(after) => world = after,
                None => return Self::poison(world),
            }
        }
        let a = self.kinds(left.0, world).and(allowed.0);
        let b = self.kinds(right.0, world).and(allowed.1);
        let mut all = Vec::new();
        let text = KindSet::STRING;
        // With a string on one side all is text; the other pairs are of one kind.
        if a.contains(text) || b.contains(text) {
            let is_text_only = a == text || b == text;
            let narrowed = if is_text_only {
                Some(world)
            } else if b.contains(text) {
                self.narrow(right.0, text, world).map(|it| it.1)
            } else {
                self.narrow(left.0, text, world).map(|it| it.1)
            };
            if let Some(world) = narrowed {
                all.append(&mut self.concatenate(left, right, whole, world));
            }
            if is_text_only {
                return all;
            }
        }
        for kind in [KindSet::NUMBER, KindSet::ARRAY, KindSet::OBJECT] {
            if !a.contains(kind) || !b.contains(kind) {
                continue;
            }
            let Some((x, at)) = self.narrow(left.0, kind, world) else {
                continue;
            };
            let Some((y, at)) = self.narrow(right.0, kind, at) else {
                continue;
            };
            all.append(&mut match kind {
                KindSet::NUMBER => self.arithmetic(BinaryOp::Add, (&x, left.1), (&y, right.1), at),
                KindSet::ARRAY => self.append(&x, &y, whole, at),
                _ => self.extend(&x, &y, whole, at),
            });
        }
        all
    }

    /// Reports operands that cannot be added; gives the world in which they can.
    fn wrong_addends(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        world: WorldId,
    ) -> Option<WorldId> {
        let a = self.kinds(left.0, world);
        let b = self.kinds(right.0, world);
        let fits = |a: KindSet, b: KindSet| {
            !a.is_empty() && !b.is_empty() && a.each().all(|x| b.each().all(|y| can_add(x, y)))
        };
        let rule = &rules::WRONG_OPERAND;
        let what = "an operand of `+`";
        let null = KindSet::NULL;
        let (x, y) = (a.minus(null), b.minus(null));
        if fits(x, b) {
            return Some(self.expect(left.0, x, left.1, rule, what, world)?.1);
        }
        if fits(a, y) {
            return Some(self.expect(right.0, y, right.1, rule, what, world)?.1);
        }
        if fits(x, y) {
            let world = self.expect(left.0, x, left.1, rule, what, world)?.1;
            return Some(self.expect(right.0, y, right.1, rule, what, world)?.1);
        }
        let wanted = a.each().filter(|x| fits(*x, *x) && *x != KindSet::STRING);
        let wanted = wanted.fold(KindSet::STRING, KindSet::or);
        let (value, place, wanted) = if a.each().any(|x| fits(x, x)) {
            (right.0, right.1, wanted)
        } else {
            let wanted = b.each().filter(|x| fits(*x, *x));
            (left.0, left.1, wanted.fold(KindSet::STRING, KindSet::or))
        };
        let found = self.kinds(value, world);
        if wanted.contains(found) {
            // The sides fit in some pairs only: a value of one kind is asked for.
            let other = self.type_name(left.0, world);
            let shown = self.type_name(right.0, world);
            let message = format!("`+` cannot add {shown} to {other}");
            self.say(rule, right.1, message);
            return Some(world);
        }
        Some(self.expect(value, wanted, place, rule, what, world)?.1)
    }

    fn concatenate(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let a = self.text_of_value(left.0, left.1, world);
        let b = self.text_of_value(right.0, right.1, world);
        if a.is_poison() || b.is_poison() {
            return Self::poison(world);
        }
        let _ = whole;
        let notes: Vec<Annotation> = a
            .kinds()
            .notes
            .iter()
            .chain(&b.kinds().notes)
            .cloned()
            .collect();
        let (Some(x), Some(y)) = (&a.kinds().text, &b.kinds().text) else {
            return Vec::new();
        };
        let text = match (&x.literals, &y.literals) {
            (Some(xs), Some(ys)) if xs.len() * ys.len() <= 16 => {
                let pairs = xs.iter().flat_map(|x| ys.iter().map(move |y| (x, y)));
                let texts: Vec<_> = pairs.map(|(x, y)| format!("{x}{y}")).collect();
                if texts.iter().all(|it| it.len() <= MAX_TEXT) {
                    Text::of(texts.into_iter().map(Into::into).collect())
                } else {
                    Text::at_least(x.min_length.saturating_add(y.min_length))
                }
            }
            _ => Text::at_least(x.min_length.saturating_add(y.min_length)),
        };
        Self::data(world, Ty::from(text).with_notes(&notes))
    }

    /// What `std.toString` gives.
    pub(crate) fn text_of_value(&mut self, value: &Value, place: ExprId, world: WorldId) -> Ty {
        let ty = self.manifest(value, place, world);
        if ty.is_poison() {
            return ty;
        }
        let kinds = ty.kinds();
        if KindSet::of(&ty) == KindSet::STRING {
            return ty;
        }
        let only = KindSet::of(&ty);
        let literal = match only {
            KindSet::NULL => Some("null".to_owned()),
            KindSet::BOOL => match kinds.bools {
                [true, false] => Some("false".to_owned()),
                [false, true] => Some("true".to_owned()),
                _ => None,
            },
            KindSet::NUMBER => kinds
                .number
                .as_ref()
                .and_then(Number::single)
                .filter(|it| it.fract() == 0.0 && it.abs() < 1e15)
                .map(|it| format!("{it}")),
            _ => None,
        };
        let text = match literal {
            Some(literal) => Text::of(vec![literal.into()]),
            None if only.contains(KindSet::STRING) => {
                Text::at_least(kinds.text.as_ref().map_or(0, |it| it.min_length.min(1)))
            }
            None => Text::at_least(1),
        };
        Ty::from(text).with_notes(&kinds.notes)
    }

    /// Arrays one after the other.
    pub(crate) fn append(
        &mut self,
        left: &Value,
        right: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let (a, b) = (self.data_type(left, world), self.data_type(right, world));
        if let (Some(a), Some(b)) = (a, b) {
            if a.is_poison() || b.is_poison() {
                return Self::poison(world);
            }
            if let (Some(x), Some(y)) = (&a.kinds().array, &b.kinds().array) {
                let notes: Vec<Annotation> = a
                    .kinds()
                    .notes
                    .iter()
                    .chain(&b.kinds().notes)
                    .cloned()
                    .collect();
                return Self::data(world, Ty::from(append_types(x, y)).with_notes(&notes));
            }
        }
        if let (Value::Array(a), Value::Array(b)) = (left, right)
            && let (ArrayValue::Fixed(x), ArrayValue::Fixed(y)) = (&**a, &**b)
            && x.len() + y.len() <= 256
        {
            let all = x.iter().chain(y).copied().collect();
            return Self::one(world, Value::Array(Rc::new(ArrayValue::Fixed(all))));
        }
        let depth = |it: &Value| match it {
            Value::Array(array) => match &**array {
                ArrayValue::Concat(_, _, depth) => depth + 1,
                _ => 1,
            },
            _ => 0,
        };
        let depth = depth(left).max(depth(right));
        if depth > MAX_CONCATENATED {
            let a = self.manifest(left, place, world);
            let b = self.manifest(right, place, world);
            let all = array_element(&a).join(&array_element(&b));
            return Self::data(world, Ty::array(all));
        }
        let both = ArrayValue::Concat(left.clone(), right.clone(), depth);
        Self::one(world, Value::Array(Rc::new(both)))
    }

    /// The object of the layers of both.
    pub(crate) fn extend(
        &mut self,
        left: &Value,
        right: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let mut layers = Vec::new();
        for value in [left, right] {
            match value {
                Value::Object(object) => {
                    layers.extend(self.store.layers_of(*object).iter().copied());
                }
                _ => {
                    let layer = self.data_layer(value);
                    layers.push(layer);
                }
            }
        }
        if layers.len() > MAX_LAYERS {
            self.give_up(
                place,
                "this object is made of too many others to be followed",
            );
            return Vec::new();
        }
        let object = self.store.object(layers);
        Self::one(world, Value::Object(object))
    }

    /// The layer of data, the same for the same path.
    fn data_layer(&mut self, value: &Value) -> crate::value::LayerId {
        let same = self.store.layers.iter().position(
            |it| matches!(&**it, Layer::Data(known) if matches!(known, Value::Ref(_)) && known.is_same(value)),
        );
        match same {
            Some(at) => crate::value::LayerId(u32::try_from(at).unwrap_or(u32::MAX)),
            None => self.layer(Layer::Data(value.clone())),
        }
    }

    fn ordering(
        &mut self,
        op: BinaryOp,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("an operand of `{}`", op.as_str());
        let ordered = KindSet::NUMBER.or(KindSet::STRING).or(KindSet::ARRAY);
        let a = self.expect(left.0, ordered, left.1, rule, &what, world);
        let after = a.as_ref().map_or(world, |(_, world)| *world);
        let b = self.expect(right.0, ordered, right.1, rule, &what, after);
        let (Some((a, _)), Some((b, world))) = (a, b) else {
            return Self::poison(world);
        };
        if self.is_poison(&a, world) || self.is_poison(&b, world) {
            return Self::poison(world);
        }
        let (x, y) = (self.kinds(&a, world), self.kinds(&b, world));
        if x != y || x.each().count() != 1 {
            let (p, q) = (self.type_name(&a, world), self.type_name(&b, world));
            let message = format!("`{}` cannot compare {p} with {q}", op.as_str());
            self.say(rule, whole, message);
            return Self::poison(world);
        }
        if x == KindSet::ARRAY {
            self.comparable_elements(&a, &b, whole, world);
            return Self::data(world, Ty::boolean());
        }
        if x == KindSet::STRING {
            return Self::data(world, Ty::boolean());
        }
        let yes = self.compare_numbers(op, &a, &b, world);
        let opposite = match op {
            BinaryOp::Less => BinaryOp::GreaterEq,
            BinaryOp::LessEq => BinaryOp::Greater,
            BinaryOp::Greater => BinaryOp::LessEq,
            _ => BinaryOp::Less,
        };
        let no = self.compare_numbers(opposite, &a, &b, world);
        Self::truths(yes.into_iter().collect(), no.into_iter().collect())
    }

    /// Elements of two arrays are compared only up to the first difference, but which that is
    /// depends on the data: all pairs must be comparable.
    fn comparable_elements(&mut self, a: &Value, b: &Value, place: ExprId, world: WorldId) {
        let mut all = Ty::never();
        for value in [a, b] {
            let ty = self.manifest(value, place, world);
            let element = ty.kinds().array.as_ref().map(Array::element);
            all = all.join(&element.unwrap_or_else(Ty::never));
        }
        if let Err(kind) = comparable(&all) {
            let message = format!("arrays of {kind} cannot be ordered");
            self.say(&rules::WRONG_OPERAND, place, message);
        }
    }

    /// The world in which `a op b` holds.
    fn compare_numbers(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        world: WorldId,
    ) -> Option<WorldId> {
        let ty = |it: &mut Self, value: &Value| it.data_type(value, world)?.kinds().number.clone();
        let (x, y) = (ty(self, a)?, ty(self, b)?);
        let possible = match op {
            BinaryOp::Less => x.low < y.high,
            BinaryOp::LessEq => x.low <= y.high,
            BinaryOp::Greater => x.high > y.low,
            _ => x.high >= y.low,
        };
        if !possible {
            return None;
        }
        let mirrored = match op {
            BinaryOp::Less => BinaryOp::Greater,
            BinaryOp::LessEq => BinaryOp::GreaterEq,
            BinaryOp::Greater => BinaryOp::Less,
            _ => BinaryOp::LessEq,
        };
        let world = self.bounded(op, a, &y, world)?;
        self.bounded(mirrored, b, &x, world)
    }

    /// The world in which the value stands in that relation to some number of `other`.
    fn bounded(
        &mut self,
        op: BinaryOp,
        value: &Value,
        other: &Number,
        world: WorldId,
    ) -> Option<WorldId> {
        match value {
            Value::Ref(path) => {
                let integer = {
                    let ty = self.worlds.ty(world, *path);
                    ty.kinds().number.as_ref().is_some_and(|it| it.integer)
                };
                let below = |bound: f64| {
                    if !integer {
                        bound.next_down()
                    } else if bound.fract() == 0.0 {
                        bound - 1.0
                    } else {
                        bound.floor()
                    }
                };
                let above = |bound: f64| {
                    if !integer {
                        bound.next_up()
                    } else if bound.fract() == 0.0 {
                        bound + 1.0
                    } else {
                        bound.ceil()
                    }
                };
                let (low, high) = match op {
                    BinaryOp::Less => (f64::NEG_INFINITY, below(other.high)),
                    BinaryOp::LessEq => (f64::NEG_INFINITY, other.high),
                    BinaryOp::Greater => (above(other.low), f64::INFINITY),
                    _ => (other.low, f64::INFINITY),
                };
                let number = Number {
                    literals: Vec::new(),
                    low,
                    high,
                    integer: false,
                    nonzero: false,
                };
                self.worlds
                    .assume(world, *path, Refinement::Is(Ty::from(number)))
            }
            Value::Length(path, offset) => {
                let by = f64::from(*offset);
                let (low, high) = (other.low - by, other.high - by);
                let (min, max) = match op {
                    BinaryOp::Less => (0, count(high.ceil() - 1.0)),
                    BinaryOp::LessEq => (0, count(high.floor())),
                    BinaryOp::Greater => (count(low.floor() + 1.0).unwrap_or(0), None),
                    _ => (count(low.ceil()).unwrap_or(0), None),
                };
                self.worlds
                    .assume(world, *path, Refinement::Length(min, max))
            }
            _ => Some(world),
        }
    }
}

/// A number as a length; none for one that no length reaches.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 0 and a million"
)]
pub(crate) fn count(number: f64) -> Option<usize> {
    if number < 0.0 {
        return Some(0);
    }
    (number <= 1e6).then_some(number as usize)
}

/// Whether values of the type can be ordered among each other, as `std.sort` needs it; otherwise
/// what is in the way.
pub(crate) fn comparable(ty: &Ty) -> Result<(), String> {
    let kinds = KindSet::of(ty);
    if ty.is_poison() || kinds.is_empty() {
        return Ok(());
    }
    if kinds == KindSet::NUMBER || kinds == KindSet::STRING {
        return Ok(());
    }
    if kinds == KindSet::ARRAY {
        let element = ty.kinds().array.as_ref().map(Array::element);
        return comparable(&element.unwrap_or_else(Ty::never));
    }
    Err(ty.to_string())
}

fn can_add(a: KindSet, b: KindSet) -> bool {
    let text = KindSet::STRING;
    let function = KindSet::FUNCTION;
    if a == text || b == text {
        return a != function && b != function;
    }
    a == b && matches!(a, KindSet::NUMBER | KindSet::ARRAY | KindSet::OBJECT)
}

fn array_element(ty: &Ty) -> Ty {
    if ty.is_poison() {
        return Ty::Poison;
    }
    let element = ty.kinds().array.as_ref().map(Array::element);
    element.unwrap_or_else(Ty::never)
}

fn append_types(a: &Array, b: &Array) -> Array {
    let min = a.min.saturating_add(b.min);
    let max = a.max.zip(b.max).map(|(x, y)| x.saturating_add(y));
    // Positions of the second are known only when the first has one length.
    let listed = a.prefix.len().saturating_add(b.prefix.len());
    if a.max == Some(a.min) && a.prefix.len() == a.min && listed <= MAX_LISTED {
        let prefix = a.prefix.iter().chain(&b.prefix).cloned().collect();
        return Array {
            prefix,
            rest: b.rest.clone(),
            min,
            max,
            unique: false,
        };
    }
    Array {
        prefix: a
            .prefix
            .iter()
            .take(a.min.min(MAX_LISTED))
            .cloned()
            .collect(),
        rest: a.element().join(&b.element()),
        min,
        max,
        unique: false,
    }
}

/// The results of an operator on numbers.
fn compute(op: BinaryOp, x: &Number, y: &Number) -> Number {
    if let (Some(a), Some(b)) = (x.single(), y.single())
        && let Some(value) = compute_one(op, a, b)
    {
        return Number {
            literals: vec![value],
            low: value,
            high: value,
            integer: value.fract() == 0.0,
            nonzero: false,
        };
    }
    let corners = |f: fn(f64, f64) -> f64| {
        let all = [
            f(x.low, y.low),
            f(x.low, y.high),
            f(x.high, y.low),
            f(x.high, y.high),
        ];
        let low = all.iter().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    };
    let integer = x.integer && y.integer;
    let any = |integer| Number {
        literals: Vec::new(),
        low: -MAX_NUMBER,
        high: MAX_NUMBER,
        integer,
        nonzero: false,
    };
    let (low, high, integer) = match op {
        BinaryOp::Add => (x.low + y.low, x.high + y.high, integer),
        BinaryOp::Sub => (x.low - y.high, x.high - y.low, integer),
        BinaryOp::Mul => {
            let (low, high) = corners(|a, b| a * b);
            (low, high, integer)
        }
        BinaryOp::Div if y.low >= 1.0 || y.high <= -1.0 => {
            let (low, high) = corners(|a, b| a / b);
            (low, high, false)
        }
        BinaryOp::Mod => {
            let most = y.low.abs().max(y.high.abs());
            let low = if x.low >= 0.0 { 0.0 } else { -most };
            (low, if x.high <= 0.0 { 0.0 } else { most }, integer)
        }
        BinaryOp::Div => return any(false),
        _ => return any(true),
    };
    Number {
        literals: Vec::new(),
        low,
        high,
        integer,
        nonzero: false,
    }
}

fn compute_one(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    match op {
        BinaryOp::Add => Some(a + b),
        BinaryOp::Sub => Some(a - b),
        BinaryOp::Mul => Some(a * b),
        BinaryOp::Div => Some(a / b),
        BinaryOp::Mod => Some(a % b),
        _ => None,
    }
}
