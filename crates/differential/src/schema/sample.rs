//! Inputs that conform to a shape, edges first: everything absent, everything there, empty, zero,
//! negative, huge, non-ASCII.

use serde_json::{Map, Value, json};

use super::number;
use crate::random::Random;
use crate::shape::{Range, Rest, Shape};

/// How an input is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What may be missing is missing, what may be empty is empty.
    Least,
    /// Everything is there, and long.
    Most,
    /// Everything is open.
    Mixed,
}

impl Mode {
    /// The mode of the `number`th input of a program.
    #[must_use]
    pub const fn of(number: usize) -> Self {
        match number {
            0 => Self::Least,
            1 => Self::Most,
            _ => Self::Mixed,
        }
    }
}

/// What a program speaks of: its tests are met by inputs that have the same.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// Names of members, and texts.
    pub texts: Vec<String>,
    /// Numbers.
    pub numbers: Vec<f64>,
}

/// An input of that shape. Names, texts and numbers are often those of which the program speaks.
pub fn sample(shape: &Shape, mode: Mode, spoken: &Spoken, random: &mut Random) -> Value {
    match shape {
        Shape::Any => any(mode, spoken, random),
        Shape::Null | Shape::Function(..) => Value::Null,
        Shape::Bool => json!(random.percent(50)),
        Shape::OneOf(values) => random.pick(values).cloned().unwrap_or_default(),
        Shape::Number(range) => number_in(*range, spoken, random),
        Shape::Text(least, format) => text(*least, *format, mode, (spoken, random)),
        Shape::List(item, least, most) => {
            let least = *least;
            let usual = most.unwrap_or(least + 3).min(least + 3);
            let count = match mode {
                Mode::Least => least,
                Mode::Most => usual,
                Mode::Mixed => least + random.below(usual - least + 1),
            };
            let mut items: Vec<Value> = Vec::new();
            for _ in 0..count {
                let item = sample(item, mode, spoken, random);
                if !shape.is_set() || !items.contains(&item) {
                    items.push(item);
                }
            }
            Value::Array(items)
        }
        Shape::Tuple(items) => items
            .iter()
            .map(|it| sample(it, mode, spoken, random))
            .collect(),
        Shape::Object(members, rest) => {
            let mut object = Map::new();
            for it in members {
                let there = match mode {
                    Mode::Least => it.required,
                    Mode::Most => true,
                    Mode::Mixed => it.required || random.percent(50),
                };
                if there {
                    object.insert(it.name.clone(), sample(&it.shape, mode, spoken, random));
                }
            }
            others(
                members.iter().map(|it| it.name.as_str()).collect(),
                rest,
                mode,
                (spoken, random),
                &mut object,
            );
            Value::Object(object)
        }
        Shape::Either(all) => match random.pick(all) {
            Some(one) => sample(one, mode, spoken, random),
            None => Value::Null,
        },
    }
}

fn others(
    known: Vec<&str>,
    rest: &Rest,
    mode: Mode,
    (spoken, random): (&Spoken, &mut Random),
    object: &mut Map<String, Value>,
) {
    let shape = match rest {
        Rest::Closed => return,
        Rest::Open => &Shape::Any,
        Rest::Map(shape) => shape,
    };
    if mode == Mode::Least {
        return;
    }
    let usual = ["k", "email", "id", "ß", "", "name", "K"].map(str::to_owned);
    for name in usual.iter().chain(&spoken.texts) {
        if random.percent(30) && !known.contains(&name.as_str()) && !object.contains_key(name) {
            object.insert(name.clone(), sample(shape, mode, spoken, random));
        }
    }
}

fn any(mode: Mode, spoken: &Spoken, random: &mut Random) -> Value {
    any_within(3, mode, spoken, random)
}

/// Any value of so many levels at most.
fn any_within(levels: usize, mode: Mode, spoken: &Spoken, random: &mut Random) -> Value {
    match random.below(14) {
        0..=2 => Value::Null,
        3 => json!(random.percent(50)),
        4 => number_in(Range::ANY, spoken, random),
        5..=6 => text(0, None, mode, (spoken, random)),
        7 => json!([]),
        8 => json!([null, "x", 1]),
        9 => json!({}),
        10 => json!({ "id": null, "kind": "a", "k": { "email": 1 } }),
        11 if levels > 0 => {
            let count = 1 + random.below(3);
            let items = (0..count).map(|_| any_within(levels - 1, mode, spoken, random));
            items.collect()
        }
        11 => json!([{ "id": "1" }, []]),
        _ => {
            let mut object = Map::new();
            for name in &spoken.texts {
                if random.percent(40) {
                    let value = match random.below(8) {
                        0 => Value::Null,
                        1 => json!({}),
                        2 => json!([]),
                        3 => number_in(Range::ANY, spoken, random),
                        4 => json!(random.percent(50)),
                        5..=6 if levels > 0 => any_within(levels - 1, mode, spoken, random),
                        _ => text(0, None, mode, (spoken, random)),
                    };
                    object.insert(name.clone(), value);
                }
            }
            Value::Object(object)
        }
    }
}

fn number_in(range: Range, spoken: &Spoken, random: &mut Random) -> Value {
    let usual = [
        0.0,
        1.0,
        -1.0,
        2.0,
        3.0,
        7.0,
        0.5,
        -2.25,
        100.0,
        255.0,
        1e9,
        -0.5,
        65.0,
        1_114_112.0,
        55_296.0,
        range.low,
        range.low + 1.0,
        range.high,
    ];
    let holds =
        |it: &f64| range.low <= *it && *it <= range.high && (!range.whole || it.fract() == 0.0);
    let near = |it: &f64| [it - 1.0, *it, it + 1.0];
    let all = usual
        .into_iter()
        .chain(spoken.numbers.iter().flat_map(near));
    let fitting: Vec<f64> = all.filter(holds).collect();
    number(random.pick(&fitting).copied().unwrap_or(range.low))
}

fn text(
    least: usize,
    format: Option<&str>,
    mode: Mode,
    (spoken, random): (&Spoken, &mut Random),
) -> Value {
    let usual: &[&str] = match format {
        Some("email") => &["a@example.org", "b.c+d@example.com"],
        Some("uuid") => &["9b3a6bd3-1c1f-4f4e-9a0a-6c3b7d1d2e3f"],
        Some("date-time") => &["2026-01-02T03:04:05Z", "0001-01-01T00:00:00Z"],
        Some("uri") => &["https://example.org/a?b=c", "urn:x"],
        _ => &[
            "",
            "x",
            "a",
            "%s",
            "é😀",
            "12",
            "-7",
            "a b",
            "a@b.c",
            "a,b,,c",
            "{}",
            "0x1F",
            "null",
            "Straße\n\t\"'",
            // Not U+0000: the binding of go-jsonnet ends an error's text there, and the places of
            // the error are lost, which say whether it is the program's own.
            "\u{1}",
            " 1 ",
            "id",
            "AAAA",
            "b",
            "kind",
            "[1]",
            "+5",
            "08",
            "1e3",
            "a/b",
            "%",
            "ff",
            "\u{7f}",
            "ÄÖ",
            "a\nb\n",
        ],
    };
    let own: &[String] = match format {
        None => &spoken.texts,
        Some(_) => &[],
    };
    let fitting: Vec<&str> = usual
        .iter()
        .copied()
        .chain(own.iter().map(String::as_str))
        .filter(|it| it.chars().count() >= least)
        .collect();
    match mode {
        Mode::Least => fitting.iter().min_by_key(|it| it.len()),
        Mode::Most | Mode::Mixed => random.pick(&fitting),
    }
    .map_or_else(|| json!("x".repeat(least)), |it| json!(it))
}
