//! Functions that read numbers, JSON and YAML out of a text.
//!
//! Invariant: data that is written as JSON and read again is the same data.

use std::sync::Arc;

use jsonnet_syntax::ExprKind;

use super::{Call, text_of};
use crate::{
    eval::Checker,
    ty::{Number, Ty},
    value::{Body, Outcome, Outcomes, Value},
    world::WorldId,
};

/// 2^63: texts are read as numbers of 64 bits.
const INT_64: f64 = 9_223_372_036_854_775_808.0;

impl Checker<'_> {
    pub(super) fn parsed(&mut self, call: &Call<'_>, value: &Value, world: WorldId) -> Outcomes {
        let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
        let result = match call.name {
            "parseInt" => Ty::from(Number::integers(-INT_64, INT_64)),
            "parseHex" | "parseOctal" => Ty::from(Number::integers(0.0, 2.0 * INT_64)),
            _ => Ty::Unknown,
        };
        let text = text_of(&ty);
        let is_own = match text.format.as_deref() {
            // YAML has no place for the characters from U+007F to U+009F, which JSON has.
            Some(crate::ty::JSON) => call.name == "parseJson",
            Some(crate::ty::INTEGER) => {
                matches!(call.name, "parseInt" | "parseJson" | "parseYaml")
            }
            _ => false,
        };
        if is_own && let Some(data) = self.read_back(call, world) {
            return data;
        }
        if is_own {
            let result = match call.name {
                "parseInt" => Ty::integer(),
                _ => result,
            };
            return Self::data(world, result.with_notes(&ty.kinds().notes));
        }
        let literals = text.literals.as_deref();
        let is_certain = literals.is_some_and(|literals| {
            literals.iter().all(|it| match call.name {
                "parseInt" => it.parse::<i64>().is_ok(),
                "parseHex" => is_digits(it, 16),
                "parseOctal" => is_digits(it, 8),
                "parseJson" => serde_json::from_str::<serde_json::Value>(it).is_ok(),
                // Short words and numbers are YAML whatever else is, and so is JSON without escapes.
                "parseYaml" => {
                    let is_word = it.bytes().all(|it| it.is_ascii_alphabetic());
                    let is_number = it.bytes().all(|it| it.is_ascii_digit());
                    is_flow(it) || (1..=15).contains(&it.len()) && (is_word || is_number)
                }
                _ => false,
            })
        });
        let known = literals.and_then(|it| parsed_numbers(call.name, it));
        let result = known.map_or(result, Ty::from);
        if !is_certain {
            let message = format!("`std.{}` fails on text that it cannot read", call.name);
            let help = match text.format.as_deref() {
                Some(crate::ty::JSON) => "read it with `std.parseJson`",
                _ => "nothing in Jsonnet can test it: pass the text on and read it there",
            };
            self.may_fail(call, 0, &message, help);
        }
        Self::data(world, result.with_notes(&ty.kinds().notes))
    }

    /// The data that is read again where the text was written of it in the same expression.
    fn read_back(&mut self, call: &Call<'_>, world: WorldId) -> Option<Outcomes> {
        let thunk = call.slot(0).filter(|_| call.name == "parseJson")?;
        let Body::Expr(mut expr, env) = self.store.thunks.get(thunk.0 as usize)?.body else {
            return None;
        };
        while let ExprKind::Parens(inner) = self.program.expr(expr).kind {
            expr = inner;
        }
        let called = self.std_called(expr, env)?;
        if !matches!(&*called, "manifestJson" | "manifestJsonMinified") {
            return None;
        }
        let ExprKind::Call { args, .. } = &self.program.expr(expr).kind else {
            return None;
        };
        let written = args.first().filter(|it| it.name.is_none())?.value;
        let values = self.silently(|it| it.eval(written, env, world))?;
        let data = values.into_iter().filter_map(|Outcome { world, value }| {
            let value = match value {
                Value::Ref(_) => value,
                _ => {
                    let ty = self.manifest(&value, written, world);
                    // What ends in an error of the program's own is never written.
                    Value::Data(Some(ty).filter(|it| !it.is_never())?)
                }
            };
            Some(Outcome { world, value })
        });
        Some(data.collect())
    }
}

/// Whether a text is digits to that base, which fit into 64 bits; a sign is none.
fn is_digits(text: &str, radix: u32) -> bool {
    !text.starts_with('+') && u64::from_str_radix(text, radix).is_ok()
}

/// The numbers that `std.parseInt` and its kin read in these texts, where all of them are some and
/// none has so many digits that it would be rounded.
fn parsed_numbers(name: &str, texts: &[Arc<str>]) -> Option<Number> {
    let radix = match name {
        "parseInt" => 10,
        "parseHex" => 16,
        "parseOctal" => 8,
        _ => return None,
    };
    let numbers = texts.iter().map(|it| {
        let number = i32::from_str_radix(it, radix).ok()?;
        (!it.starts_with('+')).then(|| f64::from(number))
    });
    let numbers: Option<Vec<f64>> = numbers.collect();
    let numbers = numbers?.into_iter().map(Number::literal);
    let all = numbers.map(Ty::from).reduce(|a, b| a.join(&b))?;
    all.kinds().number.clone()
}

/// Whether a text is an object, array or string of JSON that YAML reads as well.
fn is_flow(text: &str) -> bool {
    let is_plain = |it: u8| matches!(it, b' '..=b'~') && it != b'\\';
    text.starts_with(['{', '[', '"'])
        && text.len() < 1000
        && text.bytes().all(is_plain)
        && serde_json::from_str::<serde_json::Value>(text).is_ok()
}
