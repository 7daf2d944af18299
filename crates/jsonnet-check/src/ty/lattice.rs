//! Join and meet.
//!
//! Invariant: the join holds every value of both, the meet every value that is in both; either may
//! hold more.

use super::{
    Annotation, Array, Field, Kinds, MAX_LITERALS, MAX_SHAPES, Number, Presence, Shape, Text, Ty,
};

impl Ty {
    /// A type of the values of both.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Poison, _) | (_, Self::Poison) => Self::Poison,
            _ if other.is_never() => self.clone(),
            _ if self.is_never() => other.clone(),
            (Self::Unknown, _) | (_, Self::Unknown) => {
                Self::Unknown.with_notes_of(self.kinds(), other.kinds())
            }
            (Self::Kinds(a), Self::Kinds(b)) if std::sync::Arc::ptr_eq(a, b) => self.clone(),
            (Self::Kinds(a), Self::Kinds(b)) => Self::new(join_kinds(a, b)),
        }
    }

    fn with_notes_of(self, a: &Kinds, b: &Kinds) -> Self {
        if a.notes.is_empty() && b.notes.is_empty() {
            return self;
        }
        self.with_notes(&a.notes).with_notes(&b.notes)
    }

    /// A type of the same values with one shape for all objects among them.
    pub(crate) fn with_one_shape(&self) -> Self {
        let shapes = match self {
            Self::Kinds(kinds) if kinds.shapes.len() > 1 => &kinds.shapes,
            _ => return self.clone(),
        };
        let one = shapes
            .iter()
            .cloned()
            .reduce(|all, it| merge_shapes(&all, &it));
        Self::new(Kinds {
            shapes: one.into_iter().collect(),
            ..self.kinds().clone()
        })
    }

    /// A type of the values that are in both.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Poison, _) | (_, Self::Poison) => Self::Poison,
            (Self::Unknown, it) | (it, Self::Unknown) => it.clone(),
            (Self::Kinds(a), Self::Kinds(b)) if std::sync::Arc::ptr_eq(a, b) => self.clone(),
            (Self::Kinds(a), Self::Kinds(b)) => Self::new(meet_kinds(a, b)),
        }
    }

    /// Whether no value can be of both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.meet(other).is_never()
    }
}

pub(super) fn join_notes(a: &[Annotation], b: &[Annotation]) -> Vec<Annotation> {
    let mut notes = a.to_vec();
    for note in b {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes.sort();
    notes
}

fn join_kinds(a: &Kinds, b: &Kinds) -> Kinds {
    Kinds {
        null: a.null || b.null,
        bools: [a.bools[0] || b.bools[0], a.bools[1] || b.bools[1]],
        number: join_option(a.number.as_ref(), b.number.as_ref(), join_number),
        text: join_option(a.text.as_ref(), b.text.as_ref(), join_text),
        array: join_option(a.array.as_ref(), b.array.as_ref(), join_array),
        shapes: join_shapes(&a.shapes, &b.shapes),
        unknown: a.unknown || b.unknown,
        notes: join_notes(&a.notes, &b.notes),
    }
}

fn join_option<T: Clone>(
    a: Option<&T>,
    b: Option<&T>,
    join: impl FnOnce(&T, &T) -> T,
) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

fn join_number(a: &Number, b: &Number) -> Number {
    let mut literals = Vec::new();
    if !a.literals.is_empty() && !b.literals.is_empty() {
        literals = a.literals.clone();
        literals.extend_from_slice(&b.literals);
        literals.sort_by(f64::total_cmp);
        literals.dedup();
        if literals.len() > MAX_LITERALS {
            literals.clear();
        }
    }
    let (low, high) = (a.low.min(b.low), a.high.max(b.high));
    let mut holes = Vec::new();
    if literals.is_empty() {
        holes.push(0.0);
        holes.extend(a.holes.iter().chain(&b.holes));
        holes.retain(|it| low <= *it && *it <= high && !a.contains(*it) && !b.contains(*it));
        holes.sort_by(f64::total_cmp);
        holes.dedup();
    }
    Number {
        literals,
        low,
        high,
        integer: a.integer && b.integer,
        holes,
    }
}

fn join_text(a: &Text, b: &Text) -> Text {
    if let (Some(x), Some(y)) = (&a.literals, &b.literals) {
        return Text::of(x.iter().chain(y).cloned().collect());
    }
    Text {
        literals: None,
        min_length: a.min_length.min(b.min_length),
        format: if a.format == b.format {
            a.format.clone()
        } else {
            None
        },
    }
}

fn join_array(a: &Array, b: &Array) -> Array {
    // Positions known on both sides stay apart; the others go to the rest.
    let common = a.prefix.len().min(b.prefix.len());
    let prefix = a.prefix.iter().zip(&b.prefix);
    let prefix: Vec<Ty> = prefix.map(|(x, y)| x.join(y)).collect();
    let beyond = |it: &Array| {
        let tail = it.prefix.iter().skip(common);
        tail.fold(it.rest.clone(), |all, ty| all.join(ty))
    };
    Array {
        prefix,
        rest: beyond(a).join(&beyond(b)),
        min: a.min.min(b.min),
        max: a.max.zip(b.max).map(|(x, y)| x.max(y)),
        unique: a.is_unique() && b.is_unique(),
        keyed: a.is_keyed() && b.is_keyed(),
        sorted: (a.sorted || a.is_set()) && (b.sorted || b.is_set()),
    }
}

fn join_shapes(a: &[Shape], b: &[Shape]) -> Vec<Shape> {
    let mut shapes = a.to_vec();
    for shape in b {
        let same = |it: &&mut Shape| it.fields == shape.fields && it.rest == shape.rest;
        match shapes.iter_mut().find(same) {
            Some(known) => known.late |= shape.late,
            None => shapes.push(shape.clone()),
        }
    }
    if shapes.len() > 1 && shapes.iter().any(is_any_object) {
        shapes.retain(|it| is_any_object(it) || says_more(it));
    }
    if shapes.len() > MAX_SHAPES {
        let mut shapes = shapes.iter();
        let first = shapes.next().cloned().unwrap_or_default();
        return vec![shapes.fold(first, |all, it| merge_shapes(&all, it))];
    }
    shapes
}

/// Whether the shape is that of every object.
fn is_any_object(shape: &Shape) -> bool {
    shape.fields.is_empty() && shape.rest == Some(Ty::Unknown)
}

/// Whether something is said of the members of a shape beside their types.
fn says_more(shape: &Shape) -> bool {
    let mut fields = shape.fields.iter();
    shape.late
        || fields.any(|(_, it)| {
            it.note.is_some() || it.origin.is_some() || !it.ty.kinds().notes.is_empty()
        })
}

/// One shape for the objects of both.
fn merge_shapes(a: &Shape, b: &Shape) -> Shape {
    let mut merged = Shape {
        fields: Vec::new(),
        rest: join_option(a.rest.as_ref(), b.rest.as_ref(), Ty::join),
        late: a.late || b.late,
    };
    for (name, field) in a.fields.iter().chain(&b.fields) {
        if merged.field(name).is_some() {
            continue;
        }
        let (x, y) = (a.presence(name), b.presence(name));
        let presence = if x == y { x } else { Presence::Optional };
        let types = [a.member(name), b.member(name)];
        let ty = types
            .iter()
            .flatten()
            .fold(Ty::never(), |all, it| all.join(it));
        merged.set(
            name.clone(),
            Field {
                ty,
                presence,
                ..field.clone()
            },
        );
    }
    merged
}

fn meet_kinds(a: &Kinds, b: &Kinds) -> Kinds {
    let mut shapes: Vec<Shape> = Vec::new();
    for x in &a.shapes {
        for y in &b.shapes {
            if let Some(shape) = meet_shape(x, y)
                && !shapes.contains(&shape)
            {
                shapes.push(shape);
            }
        }
    }
    if shapes.len() > MAX_SHAPES {
        shapes = a.shapes.clone();
    }
    Kinds {
        null: a.null && b.null,
        bools: [a.bools[0] && b.bools[0], a.bools[1] && b.bools[1]],
        number: a
            .number
            .as_ref()
            .zip(b.number.as_ref())
            .and_then(meet_number),
        text: a.text.as_ref().zip(b.text.as_ref()).and_then(meet_text),
        array: a.array.as_ref().zip(b.array.as_ref()).and_then(meet_array),
        shapes,
        unknown: a.unknown && b.unknown,
        notes: join_notes(&a.notes, &b.notes),
    }
}

fn meet_number((a, b): (&Number, &Number)) -> Option<Number> {
    let (few, other) = if a.literals.is_empty() {
        (b, a)
    } else {
        (a, b)
    };
    if !few.literals.is_empty() {
        let both = few.literals.iter().copied();
        let literals: Vec<f64> = both.filter(|it| other.contains(*it)).collect();
        return Some(Number {
            low: *literals.first()?,
            high: *literals.last()?,
            integer: literals.iter().all(|it| it.fract() == 0.0),
            holes: Vec::new(),
            literals,
        });
    }
    let number = Number {
        literals: Vec::new(),
        low: a.low.max(b.low),
        high: a.high.min(b.high),
        integer: a.integer || b.integer,
        holes: a.holes.iter().chain(&b.holes).copied().collect(),
    };
    number.settled()
}

fn meet_text((a, b): (&Text, &Text)) -> Option<Text> {
    let (few, other) = if a.literals.is_none() { (b, a) } else { (a, b) };
    if let Some(literals) = &few.literals {
        let both = literals.iter().filter(|it| {
            let listed = other.literals.as_ref().is_none_or(|all| all.contains(it));
            listed && it.chars().count() >= other.min_length
        });
        let literals: Vec<_> = both.cloned().collect();
        return (!literals.is_empty()).then(|| Text::of(literals));
    }
    Some(Text {
        literals: None,
        min_length: a.min_length.max(b.min_length),
        format: a.format.clone().or_else(|| b.format.clone()),
    })
}

fn meet_array((a, b): (&Array, &Array)) -> Option<Array> {
    let min = a.min.max(b.min);
    let mut max = match (a.max, b.max) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (one, other) => one.or(other),
    };
    let longest = a.prefix.len().max(b.prefix.len());
    let mut prefix = Vec::new();
    for index in 0..longest {
        let ty = a.at(index).zip(b.at(index)).map(|(x, y)| x.meet(&y));
        match ty.filter(|it| !it.is_never()) {
            Some(ty) => prefix.push(ty),
            None => {
                max = Some(max.map_or(index, |max| max.min(index)));
                break;
            }
        }
    }
    let rest = a.rest.meet(&b.rest);
    if rest.is_never() {
        max = Some(max.map_or(prefix.len(), |max| max.min(prefix.len())));
    }
    (max.is_none_or(|max| min <= max)).then_some(Array {
        prefix,
        rest,
        min,
        max,
        unique: a.unique || b.unique,
        keyed: (a.unique && a.keyed) || (b.unique && b.keyed),
        sorted: a.sorted || b.sorted,
    })
}

fn meet_shape(a: &Shape, b: &Shape) -> Option<Shape> {
    let mut shape = Shape {
        fields: Vec::new(),
        rest: a.rest.as_ref().zip(b.rest.as_ref()).map(|(x, y)| x.meet(y)),
        late: a.late || b.late,
    };
    for (name, field) in a.fields.iter().chain(&b.fields) {
        if shape.field(name).is_some() {
            continue;
        }
        let ty = a.member(name).zip(b.member(name)).map(|(x, y)| x.meet(&y));
        let ty = ty.filter(|it| !it.is_never());
        let required = a.presence(name).min(b.presence(name)) == Presence::Required;
        let field = match ty {
            None if required => return None,
            None => Field {
                ty: Ty::never(),
                presence: Presence::Absent,
                ..field.clone()
            },
            Some(ty) => Field {
                ty,
                presence: if required {
                    Presence::Required
                } else {
                    Presence::Optional
                },
                ..field.clone()
            },
        };
        shape.set(name.clone(), field);
    }
    Some(shape)
}
