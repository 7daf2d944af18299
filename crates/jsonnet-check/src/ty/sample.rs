//! Values of a type, drawn at random: inputs for soundness tests and for the search of witnesses.

use serde_json::{Map, Number as JsonNumber, Value};

use super::{Array, Number, Presence, Shape, Text, Ty};

/// A small seeded generator, so that the same seed gives the same values.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// A value of the type; null for a type that has none.
#[must_use]
pub fn sample(ty: &Ty, random: &mut Random) -> Value {
    nested(ty, random, 4)
}

fn nested(ty: &Ty, random: &mut Random, depth: usize) -> Value {
    let kinds = ty.kinds();
    let mut choices: Vec<u8> = Vec::new();
    if kinds.null {
        choices.push(0);
    }
    if kinds.bools != [false, false] {
        choices.push(1);
    }
    if kinds.number.is_some() {
        choices.push(2);
    }
    if kinds.text.is_some() {
        choices.push(3);
    }
    let may_nest = depth > 0 || choices.is_empty();
    if kinds.array.is_some() && may_nest {
        choices.push(4);
    }
    if !kinds.shapes.is_empty() && may_nest {
        choices.push(5);
    }
    let depth = depth.saturating_sub(1);
    match random.pick(&choices) {
        Some(1) => match kinds.bools {
            [true, true] => Value::Bool(random.below(2) == 1),
            [_, yes] => Value::Bool(yes),
        },
        Some(2) => kinds
            .number
            .as_ref()
            .map_or(Value::Null, |it| number(it, random)),
        Some(3) => kinds
            .text
            .as_ref()
            .map_or(Value::Null, |it| text(it, random)),
        Some(4) => kinds
            .array
            .as_ref()
            .map_or(Value::Null, |it| array(it, random, depth)),
        Some(5) => {
            let shape = random.pick(&kinds.shapes).cloned().unwrap_or_default();
            object(&shape, random, depth)
        }
        _ => Value::Null,
    }
}

fn number(number: &Number, random: &mut Random) -> Value {
    let value = match random.pick(&number.literals) {
        Some(literal) => *literal,
        None => {
            let usual = [
                0.0,
                1.0,
                -1.0,
                2.0,
                10.0,
                0.5,
                -7.25,
                255.0,
                1e6,
                number.low,
                number.high,
            ];
            let fitting: Vec<f64> = usual
                .into_iter()
                .filter(|it| number.contains(*it))
                .collect();
            random.pick(&fitting).copied().unwrap_or(number.low)
        }
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the value is integral and at most 2^53"
    )]
    if value.fract() == 0.0 && value.abs() <= super::MAX_NUMBER {
        return Value::from(value as i64);
    }
    JsonNumber::from_f64(value).map_or(Value::Null, Value::Number)
}

fn text(text: &Text, random: &mut Random) -> Value {
    if let Some(literals) = &text.literals {
        return random
            .pick(literals)
            .map_or(Value::Null, |it| Value::from(it.as_ref()));
    }
    let formatted = text.format.as_deref().map_or(&[][..], super::samples);
    let usual = match formatted {
        [] => &["", "x", "%s", "é😀", "true", "12", "a b", "a@example.org"],
        samples => samples,
    };
    let fitting: Vec<&str> = usual
        .iter()
        .copied()
        .filter(|it| it.chars().count() >= text.min_length)
        .collect();
    match random.pick(&fitting) {
        Some(it) => Value::from(*it),
        None => Value::from("x".repeat(text.min_length.min(10_000))),
    }
}

fn array(array: &Array, random: &mut Random, depth: usize) -> Value {
    let most = array
        .max
        .unwrap_or(usize::MAX)
        .min(array.min.saturating_add(3));
    let length = array.min + random.below(most.saturating_sub(array.min) + 1);
    let mut elements = Vec::new();
    for index in 0..length {
        let Some(ty) = array.at(index) else { break };
        let element = nested(&ty, random, depth);
        if !array.unique || !elements.contains(&element) {
            elements.push(element);
        }
    }
    Value::Array(elements)
}

fn object(shape: &Shape, random: &mut Random, depth: usize) -> Value {
    let mut object = Map::new();
    for (name, field) in &shape.fields {
        let is_there = match field.presence {
            Presence::Required => true,
            Presence::Optional => random.below(2) == 0,
            Presence::Absent => false,
        };
        if is_there {
            object.insert(name.to_string(), nested(&field.ty, random, depth));
        }
    }
    if let Some(rest) = shape.rest.as_ref().filter(|it| !it.is_never()) {
        for name in ["extra", "k", "id"] {
            if random.below(3) == 0 && shape.field(name).is_none() {
                object.insert(name.to_owned(), nested(rest, random, depth));
            }
        }
    }
    Value::Object(object)
}
