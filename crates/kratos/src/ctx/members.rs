//! Short words to write shapes with.

use crate::release::Release;
use crate::shape::{
    Absence, Additional, ArrayShape, Format, Member, Note, NoteKind, ObjectShape, Presence, Shape,
    StringShape, Values,
};
use std::borrow::Cow;

/// What a zero `uuid.UUID` is written as.
pub(super) const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";
/// What a zero `time.Time` is written as.
pub(super) const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

pub(super) fn always(name: impl Into<Cow<'static, str>>, shape: Shape) -> Member {
    member(name.into(), shape, Presence::Always)
}

pub(super) fn optional(name: impl Into<Cow<'static, str>>, shape: Shape) -> Member {
    member(name.into(), shape, Presence::Optional)
}

pub(super) fn never(name: &'static str, absence: Absence) -> Member {
    member(name.into(), Shape::Any, Presence::Never(absence))
}

fn member(name: Cow<'static, str>, shape: Shape, presence: Presence) -> Member {
    Member {
        name,
        shape,
        presence,
        notes: Vec::new(),
    }
}

impl Member {
    /// Absent in releases before this one.
    pub(super) fn since(mut self, first: Release, release: Release) -> Self {
        if release < first {
            self.presence = Presence::Never(Absence {
                since: Some(first),
                ..Absence::because("this release does not have it yet")
            });
        }
        self
    }

    pub(super) fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    pub(super) fn secret(self, text: &'static str) -> Self {
        self.note(Note::new(NoteKind::Secret, text))
    }

    pub(super) fn client_controlled(self, text: &'static str) -> Self {
        self.note(Note::new(NoteKind::ClientControlled, text))
    }

    pub(super) fn remark(self, text: &'static str) -> Self {
        self.note(Note::new(NoteKind::Remark, text))
    }
}

pub(super) fn string() -> Shape {
    Shape::String(StringShape::default())
}

pub(super) fn uuid() -> Shape {
    formatted(Format::Uuid)
}

pub(super) fn date_time() -> Shape {
    formatted(Format::DateTime)
}

pub(super) fn uri() -> Shape {
    formatted(Format::Uri)
}

fn formatted(format: Format) -> Shape {
    Shape::String(StringShape {
        format: Some(format),
        values: Values::Any,
    })
}

pub(super) fn one_of(values: &[&'static str]) -> Shape {
    Shape::String(StringShape {
        format: None,
        values: Values::OneOf(values.to_vec()),
    })
}

/// These values and others.
pub(super) fn known(values: &[&'static str]) -> Shape {
    Shape::String(StringShape {
        format: None,
        values: Values::Known(values.to_vec()),
    })
}

pub(super) fn boolean() -> Shape {
    Shape::Boolean(None)
}

pub(super) fn array(items: Shape) -> Shape {
    Shape::Array(ArrayShape {
        items: Box::new(items),
        min_items: 0,
    })
}

/// An array that Go leaves out when it is empty, or that cannot be empty.
pub(super) fn non_empty(items: Shape) -> Shape {
    Shape::Array(ArrayShape {
        items: Box::new(items),
        min_items: 1,
    })
}

pub(super) fn object(
    name: Option<&'static str>,
    members: impl IntoIterator<Item = Member>,
) -> Shape {
    Shape::Object(ObjectShape {
        name,
        members: members.into_iter().collect(),
        additional: Additional::Closed,
    })
}

/// An object each of whose members has this shape.
pub(super) fn record(shape: Shape) -> Shape {
    Shape::Object(ObjectShape {
        name: None,
        members: Vec::new(),
        additional: Additional::Open(Box::new(shape)),
    })
}
