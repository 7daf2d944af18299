//! A shape as a list of paths, for tests that compare.

use kratos::{Additional, Presence, Shape, Values};
use std::collections::BTreeMap;

/// Whether a member is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum There {
    Always,
    Optional,
    Never,
}

/// What is known of the value at a path, all alternatives taken together; of one that is never
/// there, nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) there: There,
    pub(crate) nullable: bool,
    /// The only strings, if there are only some.
    pub(crate) values: Option<Vec<String>>,
}

pub(crate) type Flat = BTreeMap<String, Known>;

impl There {
    pub(crate) fn of(presence: Presence) -> Self {
        match presence {
            Presence::Always => Self::Always,
            Presence::Optional => Self::Optional,
            Presence::Never(_) => Self::Never,
        }
    }

    fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Optional }
    }
}

/// Every path below the shape: names joined by dots, `[]` for the elements of an array.
///
/// Alternatives are joined, so that a member of one of them alone is optional.
pub(crate) fn flat(shape: &Shape) -> Flat {
    let mut flat = Flat::new();
    add(shape, "", &mut flat);
    flat
}

fn add(shape: &Shape, path: &str, flat: &mut Flat) {
    let objects = shape.alternatives().iter().filter_map(|it| match it {
        Shape::Object(object) => Some(object),
        _ => None,
    });
    let mut alternatives: Vec<Flat> = Vec::new();
    for object in objects {
        let mut found = Flat::new();
        for member in &object.members {
            let path = format!("{path}{}", member.name);
            let there = There::of(member.presence);
            let is_there = there != There::Never;
            let known = Known {
                there,
                nullable: is_there && member.shape.alternatives().contains(&Shape::Null),
                values: is_there.then(|| values(&member.shape)).flatten(),
            };
            found.insert(path.clone(), known);
            if is_there {
                add(&member.shape, &format!("{path}."), &mut found);
            }
        }
        if let Additional::Open(shape) = &object.additional {
            add(shape, &format!("{path}*."), &mut found);
        }
        alternatives.push(found);
    }
    for array in shape.alternatives().iter().filter_map(|it| match it {
        Shape::Array(array) => Some(array),
        _ => None,
    }) {
        let path = path.strip_suffix('.').unwrap_or(path);
        add(&array.items, &format!("{path}[]."), flat);
    }
    flat.extend(joined(alternatives));
}

fn joined(alternatives: Vec<Flat>) -> Flat {
    let mut alternatives = alternatives.into_iter();
    let mut flat = alternatives.next().unwrap_or_default();
    for alternative in alternatives {
        for (path, known) in &mut flat {
            match alternative.get(path) {
                None => known.there = There::Optional,
                Some(other) if known.there == There::Never && other.there != There::Never => {
                    *known = Known {
                        there: There::Optional,
                        ..other.clone()
                    };
                }
                Some(other) if other.there == There::Never => {
                    known.there = known.there.or(There::Never);
                }
                Some(other) => {
                    known.there = known.there.or(other.there);
                    known.nullable |= other.nullable;
                    known.values = match (known.values.take(), &other.values) {
                        (Some(mut values), Some(more)) => {
                            values.extend(more.iter().cloned());
                            values.sort();
                            values.dedup();
                            Some(values)
                        }
                        _ => None,
                    };
                }
            }
        }
        for (path, known) in alternative {
            flat.entry(path).or_insert(Known {
                there: There::Optional,
                ..known
            });
        }
    }
    flat
}

fn values(shape: &Shape) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for alternative in shape.alternatives() {
        match alternative {
            Shape::Null => {}
            Shape::String(string) => match &string.values {
                Values::OneOf(values) => all.extend(values.iter().map(|it| (*it).to_owned())),
                Values::Any | Values::Known(_) => return None,
            },
            _ => return None,
        }
    }
    all.sort();
    (!all.is_empty()).then_some(all)
}
