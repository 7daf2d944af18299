//! Random shapes of inputs: of the sizes that people write, every form of them often enough.

use serde_json::json;

use super::PARENT;
use crate::random::Random;
use crate::shape::{Member, Range, Rest, Shape};

const NAMES: [&str; 20] = [
    "email",
    "name",
    "first",
    "id",
    "kind",
    "tags",
    "age",
    "plan",
    "address",
    "via",
    "verified",
    "note",
    "items",
    "count",
    "meta",
    "größe",
    "x-y",
    "local",
    "2fa",
    "subscription",
];

/// The shape of an input: an object of a few members.
pub fn input(random: &mut Random) -> Shape {
    let depth = 2 + random.below(2);
    // Now and then more than a message would list.
    let members = if random.percent(3) {
        18
    } else {
        3 + random.below(4)
    };
    object(random, depth, members)
}

/// Any shape.
pub(super) fn shape(random: &mut Random, depth: usize) -> Shape {
    if depth == 0 {
        return scalar(random);
    }
    let depth = depth - 1;
    match random.below(20) {
        0..=5 => scalar(random),
        6..=8 => {
            let members = 1 + random.below(4);
            object(random, depth, members)
        }
        9..=11 => list(random, depth),
        12 => {
            let items = 1 + random.below(3);
            if random.percent(10) {
                let one = |word| Shape::OneOf(vec![json!(word)]);
                return Shape::Tuple(["a", "b", "c"].map(one).into_iter().take(items).collect());
            }
            Shape::Tuple((0..items).map(|_| shape(random, depth)).collect())
        }
        13 => {
            let value = if random.percent(30) {
                Shape::Any
            } else {
                shape(random, depth)
            };
            Shape::map(value)
        }
        14..=15 => shape_no_null(random, depth).or_null(),
        16 => mixed(random, depth),
        17 => discriminated(random, depth),
        18 => Shape::Any,
        _ => scalar(random),
    }
}

fn shape_no_null(random: &mut Random, depth: usize) -> Shape {
    match shape(random, depth) {
        Shape::Null | Shape::Any | Shape::Either(_) => Shape::text(),
        Shape::OneOf(values) if values.iter().any(serde_json::Value::is_null) => Shape::Bool,
        other => other,
    }
}

fn scalar(random: &mut Random) -> Shape {
    match random.below(20) {
        0..=4 => Shape::text(),
        5 => Shape::Text(1, None),
        6 => Shape::Text(1, Some(random.word(&["email", "uuid", "date-time", "uri"]))),
        7..=8 => Shape::Bool,
        9 if random.percent(15) => {
            let words = (0..12 + random.below(12)).map(|it| json!(format!("word-{it}")));
            Shape::OneOf(words.collect())
        }
        9 if random.percent(10) => Shape::OneOf(vec![
            json!("a sentence that is longer than a line of a table"),
            json!("b"),
        ]),
        9 => Shape::OneOf(vec![json!("a"), json!("b"), json!("c")]),
        10 => Shape::OneOf(vec![json!("free"), json!("paid")]),
        11 => Shape::OneOf(vec![json!("x")]),
        12 if random.percent(15) => Shape::OneOf((0..20).map(|it| json!(it * 3)).collect()),
        12 => Shape::OneOf(vec![json!(0), json!(1), json!(5)]),
        13 => Shape::OneOf(vec![json!("a"), json!(null)]),
        14 => Shape::Number(Range::ANY),
        15 => Shape::Number(Range::WHOLE),
        16 => Shape::Number(Range::NATURAL),
        17 => Shape::Number(Range::SMALL),
        18 => Shape::Number(Range {
            whole: true,
            low: 1.0,
            high: 9.0,
        }),
        _ => {
            if random.percent(20) {
                Shape::Null
            } else {
                Shape::Number(Range {
                    whole: false,
                    low: 0.0,
                    high: 100.0,
                })
            }
        }
    }
}

fn list(random: &mut Random, depth: usize) -> Shape {
    if random.percent(5) {
        let values = vec![json!("a"), json!("b"), json!("c")];
        return Shape::List(Box::new(Shape::OneOf(values)), 0, Some(3));
    }
    let item = if random.percent(5) {
        Shape::Any
    } else {
        shape(random, depth)
    };
    let least = if random.percent(25) {
        1 + random.below(2)
    } else {
        0
    };
    let most = random.percent(15).then(|| least + 1 + random.below(3));
    Shape::List(Box::new(item), least, most)
}

fn object(random: &mut Random, depth: usize, count: usize) -> Shape {
    let mut members: Vec<Member> = Vec::new();
    for _ in 0..count {
        let name = random.word(&NAMES);
        if members.iter().all(|it| it.name != name) {
            members.push(Member {
                name: name.to_owned(),
                shape: shape(random, depth),
                required: random.percent(55),
            });
        }
    }
    // The position of something in an array beside it.
    let has_list = members.iter().any(|it| matches!(it.shape, Shape::List(..)));
    if has_list && random.percent(15) {
        members.push(Member {
            name: "index".to_owned(),
            shape: Shape::Number(Range::NATURAL),
            required: true,
        });
    }
    if depth > 0 && random.percent(3) {
        let same = Shape::Object(members.clone(), Rest::Closed);
        members.push(Member {
            name: PARENT.to_owned(),
            shape: same,
            required: false,
        });
        return Shape::Object(members, Rest::Closed);
    }
    let rest = match random.below(20) {
        0..=11 => Rest::Closed,
        12..=17 => Rest::Open,
        _ => Rest::Map(Box::new(scalar(random))),
    };
    Shape::Object(members, rest)
}

/// Alternatives of different kinds.
fn mixed(random: &mut Random, depth: usize) -> Shape {
    let mut all: Vec<Shape> = Vec::new();
    for _ in 0..2 + random.below(2) {
        let one = shape_no_null(random, depth);
        if one.kind().is_some() && all.iter().all(|it| it.kind() != one.kind()) {
            all.push(one);
        }
    }
    match all.len() {
        0 => Shape::Bool,
        1 => all.remove(0),
        _ => Shape::Either(all),
    }
}

/// Objects of which one member says which they are.
fn discriminated(random: &mut Random, depth: usize) -> Shape {
    let count = if random.percent(4) {
        12
    } else {
        2 + random.below(2)
    };
    let of = |random: &mut Random, word: &str| {
        let Shape::Object(mut members, _) = object(random, depth, 2) else {
            return Shape::Null;
        };
        // A parent would have no kind.
        members.retain(|it| it.name != "kind" && it.name != PARENT);
        members.insert(
            0,
            Member {
                name: "kind".to_owned(),
                shape: Shape::OneOf(vec![json!(word)]),
                required: true,
            },
        );
        Shape::Object(members, Rest::Closed)
    };
    let words = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
        .iter()
        .take(count);
    Shape::Either(words.map(|word| of(random, word)).collect())
}
