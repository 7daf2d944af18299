//! The union of shapes, written as small as it can be without losing anything.

use super::{Absence, ObjectShape, Presence, Shape, StringShape, Values};

impl Shape {
    /// The values of any of these shapes, and no others.
    ///
    /// Equal alternatives become one, constants one list, and objects that differ in the shape of
    /// one member alone become one object with alternatives there. Objects that differ in more stay
    /// apart, so that what their members tell of each other is kept. Notes are collected. The union
    /// of none is [`Shape::Any`].
    #[must_use]
    pub fn union(shapes: impl IntoIterator<Item = Self>) -> Self {
        let mut alternatives: Vec<Self> = Vec::new();
        for shape in shapes {
            match shape {
                Self::Union(nested) => nested.into_iter().for_each(|it| add(&mut alternatives, it)),
                other => add(&mut alternatives, other),
            }
        }
        match alternatives.pop() {
            None => Self::Any,
            Some(only) if alternatives.is_empty() => only,
            Some(last) => {
                alternatives.push(last);
                Self::Union(alternatives)
            }
        }
    }
}

/// Puts a shape among the others, merged with as many of them as can be.
fn add(alternatives: &mut Vec<Shape>, mut shape: Shape) {
    let mut index = 0;
    while let Some(other) = alternatives.get(index) {
        match merged(other, &shape) {
            // The merged shape may fit one that did not fit before: begin anew, with one shape
            // less.
            Some(both) => {
                shape = both;
                alternatives.remove(index);
                index = 0;
            }
            None => index += 1,
        }
    }
    alternatives.push(shape);
}

/// One shape for both, if there is one that holds the same values.
fn merged(left: &Shape, right: &Shape) -> Option<Shape> {
    if left == right {
        return Some(left.clone());
    }
    match (left, right) {
        (Shape::Boolean(Some(_)), Shape::Boolean(Some(_))) => Some(Shape::Boolean(None)),
        (Shape::String(left), Shape::String(right)) => merged_strings(left, right),
        (Shape::Object(left), Shape::Object(right)) => merged_objects(left, right),
        _ => None,
    }
}

fn merged_strings(left: &StringShape, right: &StringShape) -> Option<Shape> {
    let (Values::OneOf(former), Values::OneOf(latter)) = (&left.values, &right.values) else {
        return None;
    };
    let mut values = former.clone();
    values.extend(latter.iter().filter(|it| !former.contains(it)));
    (left.format == right.format).then_some(Shape::String(StringShape {
        format: left.format,
        values: Values::OneOf(values),
    }))
}

fn merged_objects(left: &ObjectShape, right: &ObjectShape) -> Option<Shape> {
    if left.name != right.name
        || left.additional != right.additional
        || left.members.len() != right.members.len()
    {
        return None;
    }
    let mut members = left.members.clone();
    let mut differing = 0;
    for (member, other) in members.iter_mut().zip(&right.members) {
        if member.name != other.name {
            return None;
        }
        if let (Presence::Never(absence), Presence::Never(more)) = (member.presence, other.presence)
        {
            member.presence = Presence::Never(more_helpful(absence, more));
            continue;
        }
        if member.presence != other.presence {
            return None;
        }
        if member.shape != other.shape {
            differing += 1;
            if differing > 1 {
                return None;
            }
            member.shape = Shape::union([member.shape.clone(), other.shape.clone()]);
        }
        for note in &other.notes {
            if !member.notes.contains(note) {
                member.notes.push(*note);
            }
        }
    }
    Some(Shape::Object(ObjectShape {
        name: left.name,
        members,
        additional: left.additional.clone(),
    }))
}

fn more_helpful(former: Absence, latter: Absence) -> Absence {
    if former.instead.is_none() && latter.instead.is_some() {
        latter
    } else {
        former
    }
}
