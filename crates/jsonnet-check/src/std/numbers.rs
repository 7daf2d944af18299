//! Functions on numbers.

use jsonnet_syntax::BinaryOp;

use super::{Call, array_of};
use crate::{
    eval::{Checker, KindSet, position::as_f64},
    rules,
    ty::{MAX_LENGTH, Number, Text, Ty},
    value::{Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn number_function(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        world: WorldId,
    ) -> Option<Outcomes> {
        let first = values.first()?;
        let second = values.get(1);
        let range = |low: f64, high: f64, integer: bool| Ty::from(between(low, high, integer));
        Some(match (call.name, second) {
            ("clamp", Some(low)) => {
                let high = values.get(2)?;
                self.clamp(call, [first, low, high], world)
            }
            ("abs", _) => {
                let x = self.number_range(first, world);
                let high = x.low.abs().max(x.high.abs());
                let low = if x.contains(0.0) {
                    0.0
                } else if x.low <= 0.0 && x.high >= 0.0 {
                    if x.integer { 1.0 } else { 0.0_f64.next_up() }
                } else {
                    x.low.abs().min(x.high.abs())
                };
                Self::data(world, range(low, high, x.integer))
            }
            ("max" | "min", Some(other)) if self.is_pick(first, other, world) => {
                self.picked(call.name == "max", first, other, world)
            }
            ("max" | "min", Some(other)) => {
                let (x, y) = (
                    self.number_range(first, world),
                    self.number_range(other, world),
                );
                let pick = if call.name == "max" {
                    f64::max
                } else {
                    f64::min
                };
                let (low, high) = (pick(x.low, y.low), pick(x.high, y.high));
                Self::data(world, range(low, high, x.integer && y.integer))
            }
            ("floor" | "ceil" | "round", _) => {
                let x = self.number_range(first, world);
                let (low, high) = match call.name {
                    "floor" => (x.low.floor(), x.high.floor()),
                    "ceil" => (x.low.ceil(), x.high.ceil()),
                    _ => (x.low.floor(), x.high.ceil()),
                };
                Self::data(world, range(low, high, true))
            }
            ("sign", _) => {
                let x = self.number_range(first, world);
                let sign = |it: f64| f64::from(i8::from(it > 0.0) - i8::from(it < 0.0));
                Self::data(world, range(sign(x.low), sign(x.high), true))
            }
            ("sqrt", _) => self.expect_range(
                call,
                first,
                (0.0, f64::INFINITY),
                "must not be negative",
                world,
            ),
            ("log" | "log2" | "log10", _) => {
                // Nothing lies between this and 0.
                let least = (0.0_f64.next_up(), f64::INFINITY);
                self.expect_range(call, first, least, "must be greater than 0", world)
            }
            ("sin" | "cos" | "tan" | "atan" | "mantissa" | "deg2rad" | "rad2deg", _) => {
                let x = self.number_range(first, world);
                let (low, high) = image(call.name, &x);
                Self::data(world, range(low, high, false))
            }
            ("atan2", _) => Self::data(world, range(-4.0, 4.0, false)),
            ("hypot", Some(other)) => {
                let x = self.number_range(first, world);
                let y = self.number_range(other, world);
                let most = [x.low, x.high, y.low, y.high].map(f64::abs);
                let most = most.into_iter().fold(0.0, f64::max) * 2.0;
                Self::data(world, range(0.0, most.min(f64::MAX), false))
            }
            ("asin" | "acos", _) => {
                self.expect_range(call, first, (-1.0, 1.0), "must lie between -1 and 1", world)
            }
            ("exp", _) => self.expect_range(
                call,
                first,
                (f64::NEG_INFINITY, 700.0),
                "must be below 700",
                world,
            ),
            ("pow", Some(exponent)) => {
                let (x, n) = (
                    self.number_range(first, world),
                    self.number_range(exponent, world),
                );
                let exact = x.single().zip(n.single()).map(|(x, n)| x.powf(n));
                if let Some(power) = exact.filter(|it| it.abs() < 1e300) {
                    // Elsewhere the last digits are the evaluator's own.
                    let is_whole = x.integer && n.integer && n.low >= 0.0 && power.abs() < 1e6;
                    return Some(Self::data(
                        world,
                        match is_whole {
                            true => Ty::from(Number::literal(power)),
                            false => range(power.min(0.0) * 2.0, power.max(0.0) * 2.0, false),
                        },
                    ));
                }
                let whole = n.integer || x.low >= 0.0;
                let magnitude = x.low.abs().max(x.high.abs()).max(1.0);
                let small = n.high.max(0.0) * magnitude.log10() < 300.0;
                let fits = whole && small && (n.low >= 0.0 || x.low >= 1.0);
                if !fits {
                    let message = "this power may be no number, or too large a one";
                    self.may_fail(call, 1, message, "bound the base and the exponent");
                }
                Self::data(
                    world,
                    range(-1e300, 1e300, x.integer && n.integer && n.low >= 0.0),
                )
            }
            ("modulo", Some(other)) => self.arithmetic(
                BinaryOp::Mod,
                (first, call.place_of(0)),
                (other, call.place_of(1)),
                world,
            ),
            ("char", _) => {
                let x = self.number_range(first, world);
                if x.low < 0.0 || x.high > 1_114_111.0 {
                    let message = "a code point lies between 0 and 1114111";
                    self.may_fail(call, 0, message, "test the number first");
                }
                Self::data(world, Ty::from(Text::at_least(1)))
            }
            _ => return None,
        })
    }

    /// Whether one of them is a length or an argument, and the other a length or a constant.
    fn is_pick(&mut self, a: &Value, b: &Value, world: WorldId) -> bool {
        let mut is_fixed = |it: &Value| match it {
            Value::Length(..) => true,
            _ => {
                let ty = self.data_type(it, world);
                let number = ty.as_ref().and_then(|it| it.kinds().number.as_ref());
                number.is_some_and(|it| it.single().is_some())
            }
        };
        let is_read = |it: &Value| matches!(it, Value::Length(..) | Value::Ref(_));
        is_read(a) && is_fixed(b) || is_read(b) && is_fixed(a)
    }

    /// The greater or the lesser of a length and a number: in one world the one, in one the other,
    /// so that what is known of the length holds of the result.
    fn picked(&mut self, is_max: bool, a: &Value, b: &Value, world: WorldId) -> Outcomes {
        let (first, other) = match is_max {
            true => (BinaryOp::GreaterEq, BinaryOp::Less),
            false => (BinaryOp::LessEq, BinaryOp::Greater),
        };
        let of = |op: BinaryOp, value: &Value, it: &mut Self| {
            let world = it.compare_numbers(op, a, b, world)?;
            let value = value.clone();
            Some(Outcome { world, value })
        };
        let all = [of(first, a, self), of(other, b, self)];
        all.into_iter().flatten().collect()
    }

    fn expect_range(
        &mut self,
        call: &Call<'_>,
        value: &Value,
        (low, high): (f64, f64),
        rule: &str,
        world: WorldId,
    ) -> Outcomes {
        let number = self.number_range(value, world);
        if number.low < low || number.high > high {
            let message = format!("the argument of `std.{}` {rule}", call.name);
            self.may_fail(call, 0, &message, "test the number first");
        }
        let (low, high) = image(call.name, &number);
        Self::data(world, Ty::from(between(low, high, false)))
    }

    /// The sum of numbers, or what lies between them.
    pub(super) fn total(&mut self, call: &Call<'_>, array: &Value, world: WorldId) -> Outcomes {
        let numbers = array_of(&self.as_data(array, call.place_of(0), world));
        let element = numbers.element();
        let each = match &element.kinds().number {
            Some(each) => each.clone(),
            None if element.is_never() => Number::literal(0.0),
            None => Number::any(),
        };
        let (low, high) = if call.name == "avg" {
            (each.low, each.high)
        } else {
            let least = as_f64(numbers.min);
            let most = numbers.max.map_or(MAX_LENGTH, as_f64);
            let low = each.low * if each.low < 0.0 { most } else { least };
            (low, each.high * if each.high < 0.0 { least } else { most })
        };
        // What is added one by one is rounded again and again.
        let spare = low.abs().max(high.abs()) * 1e-6;
        let is_whole = call.name == "sum" && each.integer;
        let is_exact = is_whole && between(low, high, true).is_exact();
        let spare = if is_exact { 0.0 } else { spare };
        let total = between(low - spare, high + spare, is_whole);
        Self::data(world, Ty::from(total))
    }

    fn clamp(&mut self, call: &Call<'_>, values: [&Value; 3], world: WorldId) -> Outcomes {
        let mut all = Ty::never();
        for value in values {
            if self.is_poison(value, world) {
                return Self::poison(world);
            }
            all = all.join(&self.as_data(value, call.place, world));
        }
        let kinds = KindSet::of(&all);
        if kinds != KindSet::NUMBER && kinds != KindSet::STRING {
            let message = format!("`std.clamp` cannot compare values of {all}");
            self.say(&rules::WRONG_ARGUMENT, call.place_of(0), message);
        }
        if kinds == KindSet::NUMBER {
            let [x, least, most] = values.map(|it| self.number_range(it, world));
            return Self::data(world, clamped(&x, &least, &most));
        }
        Self::data(world, all)
    }
}

/// The numbers from `low` to `high`; if that is 0 alone, also -0, which has another text.
fn between(low: f64, high: f64, integer: bool) -> Number {
    let low = if low == 0.0 && high == 0.0 { -0.0 } else { low };
    Number {
        literals: Vec::new(),
        low,
        high,
        integer,
        holes: Vec::new(),
    }
}

/// Between what a function of one number lies, with room for the last digits, which are the
/// evaluator's own.
fn image(name: &str, x: &Number) -> (f64, f64) {
    let most = x.low.abs().max(x.high.abs());
    let scaled = |by: f64| {
        let low = if x.low < 0.0 { -most * by } else { 0.0 };
        (low, if x.high > 0.0 { most * by } else { 0.0 })
    };
    match name {
        "sin" | "cos" | "mantissa" => (-1.0, 1.0),
        "asin" | "acos" | "atan" => (-4.0, 4.0),
        // No number is as near to a pole.
        "tan" => (-1e25, 1e25),
        // Of the largest number it is 1024, of the least -1074.
        "log" | "log2" | "log10" => (-1100.0, 1100.0),
        // The root is rounded as it should be.
        "sqrt" => (x.low.max(0.0).sqrt(), x.high.max(0.0).sqrt()),
        "exp" => (0.0, x.high.min(700.0).exp() * 2.0),
        "deg2rad" => scaled(0.02),
        "rad2deg" => scaled(58.0),
        _ => (-f64::MAX, f64::MAX),
    }
}

/// What `std.clamp` gives: a bound that `x` is beyond, the lower one first, or `x` itself.
fn clamped(x: &Number, least: &Number, most: &Number) -> Ty {
    let cases = [
        (x.low < least.high, x.low.max(least.low), least.high),
        (x.high > most.low, most.low, x.high.min(most.high)),
        (true, x.low.max(least.low), x.high.min(most.high)),
    ];
    let can = |it: &&(bool, f64, f64)| it.0 && it.1 <= it.2;
    let lows = cases.iter().filter(can).map(|it| it.1);
    let highs = cases.iter().filter(can).map(|it| it.2);
    Ty::from(Number {
        literals: Vec::new(),
        low: lows.reduce(f64::min).unwrap_or(x.low),
        high: highs.reduce(f64::max).unwrap_or(x.high),
        integer: x.integer && least.integer && most.integer,
        holes: Vec::new(),
    })
}
