//! Operators on numbers.

use jsonnet_syntax::{BinaryOp, ExprId, UnaryOp};

use super::{Checker, KindSet, binary::Operand, derived::Derived};
use crate::{
    rules,
    ty::{MAX_NUMBER, Number, Refinement, Ty},
    value::{Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn modulo(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
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
            all.append(&mut self.format((&format, left.1), right, world));
        }
        if let Some((number, world)) = self.narrow(&value, KindSet::NUMBER, world) {
            let left = (&number, left.1);
            all.append(&mut self.arithmetic(BinaryOp::Mod, left, right, world));
        }
        all
    }

    /// The largest operand that a bitwise operator takes: 2^53 - 1 from 0.22 on, and what fits into
    /// 64 bits before.
    fn bitwise_limit(&self, op: BinaryOp) -> Option<f64> {
        let is_bitwise = matches!(
            op,
            BinaryOp::BitAnd
                | BinaryOp::BitOr
                | BinaryOp::BitXor
                | BinaryOp::ShiftLeft
                | BinaryOp::ShiftRight
        );
        is_bitwise.then_some(match self.profile.std_version < crate::StdVersion::V0_22 {
            true => INT_64,
            false => MAX_NUMBER,
        })
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
        let (origin, divisor) = (a.clone(), b.clone());
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
            let zero = Ty::from(Number::literal(0.0));
            self.fails_where(&divisor, Refinement::Is(zero), world);
            self.push(diagnostic);
            return Self::poison(world);
        }
        if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) && y.low < 0.0 {
            let negative = Ty::from(Number::integers(y.low.ceil(), -1.0));
            self.fails_where(&divisor, Refinement::Is(negative), world);
            self.say(
                &rules::ARGUMENT_OUT_OF_RANGE,
                right.1,
                "a number cannot be shifted by less than 0",
            );
            return Self::poison(world);
        }
        if let Some(limit) = self.bitwise_limit(op) {
            for (number, place) in [(x, left.1), (y, right.1)] {
                if number.low < -limit || number.high > limit {
                    let message = format!("an operand of `{}` may be too large", op.as_str());
                    self.say(&rules::NUMBER_OUT_OF_RANGE, place, message);
                    return Self::poison(world);
                }
            }
        }
        let number = compute(op, x, y);
        if !number.low.is_finite() || !number.high.is_finite() {
            let message = format!("the result of `{}` may be too large a number", op.as_str());
            self.say(&rules::NUMBER_OUT_OF_RANGE, right.1, message);
            return Self::poison(world);
        }
        match Derived::of(op, (&origin, x), (&divisor, y)) {
            Some(it) => self.derived(it, number, world),
            None => Self::data(world, Ty::from(number)),
        }
    }

    /// `std.length(a) - 1` stays tied to the length of `a`.
    pub(super) fn moved_length(
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
        let by = self
            .data_type(other, world)?
            .kinds()
            .number
            .as_ref()?
            .single()?;
        let moved = f64::from(*offset) + sign * by;
        let is_small = moved.fract() == 0.0 && moved.abs() < 1e6;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be a small integer"
        )]
        is_small.then_some(Value::Length(*path, moved as i32))
    }

    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        value: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("the operand of `{}`", op.as_str());
        if op == UnaryOp::Not {
            let (yes, no) = self.truth(value, place, rule, &what, world);
            return Self::truths(no.into_iter().collect(), yes.into_iter().collect());
        }
        let Some((value, world)) = self.expect(value, KindSet::NUMBER, place, rule, &what, world)
        else {
            return Self::poison(world);
        };
        let Some(ty) = self.data_type(&value, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        let Some(number) = ty.kinds().number.clone() else {
            return Vec::new();
        };
        let number = match op {
            UnaryOp::Plus => return Self::one(world, value),
            UnaryOp::Minus => Number {
                literals: number.literals.iter().rev().map(|it| -it).collect(),
                low: -number.high,
                high: -number.low,
                integer: number.integer,
                holes: number.holes.iter().rev().map(|it| -it).collect(),
            },
            // Fractions are cut off first; what has more than 64 bits becomes some integer that has not.
            _ if number.low < -INT_64 || number.high > INT_64 => Number::integers(-INT_64, INT_64),
            _ => Number::integers(-number.high.trunc() - 1.0, -number.low.trunc() - 1.0),
        };
        Self::data(world, Ty::from(number))
    }
}

/// 2^63, the bound of what bitwise operators give.
const INT_64: f64 = 9_223_372_036_854_775_808.0;

/// No number of the input but 0 is nearer to 0: 2^-53, an assumption like that of [`MAX_NUMBER`].
const LEAST_FRACTION: f64 = 1.0 / 9_007_199_254_740_992.0;

/// The results of an operator on numbers.
pub(super) fn compute(op: BinaryOp, x: &Number, y: &Number) -> Number {
    if let (Some(a), Some(b)) = (x.single(), y.single())
        && let Some(value) = compute_one(op, a, b)
    {
        return Number {
            literals: vec![value],
            low: value,
            high: value,
            integer: value.fract() == 0.0,
            holes: Vec::new(),
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
    let mut holes: Vec<f64> = match (op, x.single(), y.single()) {
        (BinaryOp::Add, _, Some(by)) => x.moved_holes(by),
        (BinaryOp::Add, Some(by), _) => y.moved_holes(by),
        (BinaryOp::Sub, _, Some(by)) => x.moved_holes(-by),
        (BinaryOp::Sub, Some(from), _) => {
            let back = y.moved_holes(-from);
            back.into_iter().rev().map(|it| -it).collect()
        }
        // Fractions may become 0 where they are too small for a number.
        (BinaryOp::Mul, ..) if integer && !x.contains(0.0) && !y.contains(0.0) => vec![0.0],
        _ => Vec::new(),
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
        BinaryOp::Div => {
            let most = x.low.abs().max(x.high.abs()) / LEAST_FRACTION;
            (-most, most, false)
        }
        BinaryOp::BitAnd if y.low >= 0.0 => (0.0, y.high, true),
        BinaryOp::BitAnd if x.low >= 0.0 => (0.0, x.high, true),
        BinaryOp::BitOr | BinaryOp::BitXor if x.low >= 0.0 && y.low >= 0.0 => {
            (0.0, x.high + y.high, true)
        }
        BinaryOp::ShiftRight => (x.low.min(-1.0), x.high.max(0.0), true),
        BinaryOp::ShiftLeft => {
            let most = x.low.abs().max(x.high.abs()) * y.high.min(63.0).exp2();
            let most = most.min(INT_64);
            (0.0 - most, most, true)
        }
        _ => (-INT_64, INT_64, true),
    };
    holes.retain(|it| low <= *it && *it <= high);
    let is_signed = matches!(
        op,
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod
    );
    // A product of 0 may be -0, which has another text.
    let (low, high) = match low == 0.0 && high == 0.0 && is_signed {
        true => (-0.0, 0.0),
        false => (low, high),
    };
    Number {
        literals: Vec::new(),
        low,
        high,
        integer,
        holes,
    }
}

pub(super) fn compute_one(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    match op {
        BinaryOp::Add => Some(a + b),
        BinaryOp::Sub => Some(a - b),
        BinaryOp::Mul => Some(a * b),
        BinaryOp::Div => Some(a / b),
        BinaryOp::Mod => Some(a % b),
        _ => None,
    }
}
