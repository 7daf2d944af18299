//! What a single point knows beyond what all points of its flow know.
//!
//! A [`Narrowing`] names members by a path from the root of `ctx` and states facts about them. A
//! member that the release does not have stays absent whatever is stated: when it came beats all.

use super::members::{NIL_UUID, ZERO_TIME};
use crate::release::Release;
use crate::shape::{Absence, Member, Note, NoteKind, Presence, Shape, Values};

/// Facts about the members that a path leads to, in a range of releases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrowing {
    /// Names joined by dots; `[]` behind a name goes on with the elements of the array.
    pub(super) path: &'static str,
    facts: &'static [Fact],
    from: Release,
    until: Release,
}

/// What is known of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact {
    /// It is never there.
    Absent(Absence),
    /// It is always there.
    Present,
    /// It is null.
    Null,
    /// It is not null.
    NotNull,
    /// It is true.
    True,
    /// It is one of these strings.
    OneOf(&'static [&'static str]),
    /// It is there and holds at least one element.
    NonEmpty,
    /// It is the nil UUID.
    NilUuid,
    /// It is the zero time.
    ZeroTime,
    /// Something to tell people.
    Noted(Note),
}

/// These facts, in every release.
pub(super) const fn known(path: &'static str, facts: &'static [Fact]) -> Narrowing {
    Narrowing {
        path,
        facts,
        from: Release::V0_13_0,
        until: Release::Main,
    }
}

impl Narrowing {
    /// In this release and later ones only.
    pub(super) const fn from(self, first: Release) -> Self {
        Self {
            from: first,
            ..self
        }
    }

    /// In this release and earlier ones only.
    pub(super) const fn until(self, last: Release) -> Self {
        Self {
            until: last,
            ..self
        }
    }

    /// Applies the facts where they hold, and says whether the path led anywhere.
    pub(super) fn apply(&self, shape: &mut Shape, release: Release) -> bool {
        if release < self.from || self.until < release {
            return false;
        }
        each_member(shape, self.path, &mut |member| {
            for fact in self.facts {
                fact.state(member);
            }
        })
    }
}

/// Calls `visit` for each member that the path leads to, absent ones left out, and says whether
/// there was one.
fn each_member(shape: &mut Shape, path: &str, visit: &mut impl FnMut(&mut Member)) -> bool {
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    let (name, through_items) = match head.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (head, false),
    };
    let mut visited = false;
    for alternative in shape.alternatives_mut() {
        let Shape::Object(object) = alternative else {
            continue;
        };
        for member in &mut object.members {
            if member.name != name || member.presence.is_never() {
                continue;
            }
            let Some(rest) = rest else {
                visit(member);
                visited = true;
                continue;
            };
            if !through_items {
                visited |= each_member(&mut member.shape, rest, visit);
                continue;
            }
            for alternative in member.shape.alternatives_mut() {
                if let Shape::Array(array) = alternative {
                    visited |= each_member(&mut array.items, rest, visit);
                }
            }
        }
    }
    visited
}

impl Fact {
    fn state(self, member: &mut Member) {
        match self {
            Self::Absent(absence) => member.presence = Presence::Never(absence),
            Self::Present => member.presence = Presence::Always,
            Self::Null => member.shape = Shape::Null,
            Self::NotNull => without_null(member),
            Self::True => member.shape = Shape::Boolean(Some(true)),
            Self::OneOf(values) => set_values(&mut member.shape, values),
            Self::NonEmpty => {
                member.presence = Presence::Always;
                without_null(member);
                if let Shape::Array(array) = &mut member.shape {
                    array.min_items = array.min_items.max(1);
                }
            }
            Self::NilUuid => {
                set_values(&mut member.shape, &[NIL_UUID]);
                let text = "it is the nil UUID until Kratos stores the identity";
                member.notes.push(Note::new(NoteKind::Useless, text));
            }
            Self::ZeroTime => {
                set_values(&mut member.shape, &[ZERO_TIME]);
                let text = "it is the zero time until Kratos stores the row";
                member.notes.push(Note::new(NoteKind::Useless, text));
            }
            Self::Noted(note) => member.notes.push(note),
        }
    }
}

fn without_null(member: &mut Member) {
    let shape = std::mem::replace(&mut member.shape, Shape::Any);
    member.shape = shape.without_null();
}

fn set_values(shape: &mut Shape, values: &[&'static str]) {
    for alternative in shape.alternatives_mut() {
        if let Shape::String(string) = alternative {
            string.values = Values::OneOf(values.to_vec());
            // A constant such as the empty string need not keep the format.
            if values.contains(&"") {
                string.format = None;
            }
        }
    }
}
