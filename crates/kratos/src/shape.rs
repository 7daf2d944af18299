//! The shape of a JSON value: a neutral tree from which a type or a JSON Schema is made.
//!
//! A shape says which values can occur, and carries on the members of objects what people need to
//! know about them: why one is absent, what to read instead, which are secret.
//! It knows no checker and no schema language.
//!
//! Invariants:
//! - A union holds at least two alternatives, none of which is a union; "nullable" is a union with
//!   [`Shape::Null`].
//! - The names of an object's members are distinct.

mod union;

use crate::release::Release;
use std::borrow::Cow;

/// The values that can stand in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Any JSON value: nothing is known.
    Any,
    /// `null`.
    Null,
    /// A boolean; one of the two where only that can occur.
    Boolean(Option<bool>),
    /// A number without a fraction. No other numbers occur in `ctx`, client-supplied values aside.
    Integer,
    /// A string.
    String(StringShape),
    /// An array.
    Array(ArrayShape),
    /// An object.
    Object(ObjectShape),
    /// One of several. Objects among them are kept apart only where a member tells them apart.
    Union(Vec<Self>),
    /// The traits of an identity: the caller puts `properties.traits` of the identity schema here,
    /// and several identity schemas are alternatives of the object that holds it, told apart by its
    /// member `schema_id`.
    Traits,
    /// What stands in `metadata_public` when it is not null. Kratos stores any JSON there, though
    /// everyone writes objects; the caller decides.
    MetadataPublic,
}

/// What is known of a string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StringShape {
    /// Its format, as JSON Schema names it.
    pub format: Option<Format>,
    /// Which strings.
    pub values: Values,
}

/// A format of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `uuid`.
    Uuid,
    /// `date-time`, RFC 3339.
    DateTime,
    /// `uri`, absolute.
    Uri,
}

/// Which strings occur.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Values {
    /// Any.
    #[default]
    Any,
    /// These and others: good for completion, of no weight in a proof.
    Known(Vec<&'static str>),
    /// These only; one alone is a constant.
    OneOf(Vec<&'static str>),
}

/// What is known of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayShape {
    /// Each element.
    pub items: Box<Shape>,
    /// How many there are at least.
    pub min_items: usize,
}

/// What is known of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectShape {
    /// What people call it, such as `identity`; shapes of one name can differ in detail.
    pub name: Option<&'static str>,
    /// The members that are known, present or not.
    pub members: Vec<Member>,
    /// All other members.
    pub additional: Additional,
}

/// Whether an object has members beyond those that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Additional {
    /// It has none.
    Closed,
    /// Each has this shape.
    Open(Box<Shape>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub name: Cow<'static, str>,
    /// Its value where it is present; for an absent one, what stands there elsewhere.
    pub shape: Shape,
    /// Whether it is there.
    pub presence: Presence,
    /// What else to know about it.
    pub notes: Vec<Note>,
}

/// Whether a member is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always, though its value can be null.
    Always,
    /// Not always.
    Optional,
    /// Never; it is listed so that a reader of it can be told why.
    Never(Absence),
}

/// Why a member is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// A clause in lower case, without a full stop.
    pub why: &'static str,
    /// The first release that has it.
    pub since: Option<Release>,
    /// The last release that had it.
    pub until: Option<Release>,
    /// The path to read instead, from `ctx` on.
    pub instead: Option<&'static str>,
}

/// Something to know about the value of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// A clause in lower case, without a full stop.
    pub text: &'static str,
    /// The path to read instead, from `ctx` on.
    pub instead: Option<&'static str>,
}

/// What a [`Note`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// It is, or holds, a secret that should not leave Kratos.
    Secret,
    /// Whoever sends the request chooses it.
    ClientControlled,
    /// It is there and says nothing, such as the zero time.
    Useless,
    /// It says nothing in some of the runs of this point.
    SometimesUseless,
    /// It is older than what another path says.
    Stale,
    /// Anything else.
    Remark,
}

impl Shape {
    /// This or null.
    #[must_use]
    pub fn nullable(self) -> Self {
        Self::union([self, Self::Null])
    }

    /// The same without null; null alone stays.
    #[must_use]
    pub fn without_null(self) -> Self {
        match self {
            Self::Union(alternatives) => {
                Self::union(alternatives.into_iter().filter(|it| *it != Self::Null))
            }
            other => other,
        }
    }

    /// The alternatives of a union; any other shape is its own only one.
    #[must_use]
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::Union(alternatives) => alternatives,
            other => std::slice::from_ref(other),
        }
    }

    pub(crate) fn alternatives_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Union(alternatives) => alternatives,
            other => std::slice::from_mut(other),
        }
    }
}

impl ObjectShape {
    /// The member of this name, if it is known, present or not.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|it| it.name == name)
    }
}

impl Presence {
    /// Whether it is never there.
    #[must_use]
    pub const fn is_never(self) -> bool {
        matches!(self, Self::Never(_))
    }
}

impl Absence {
    /// An absence for this reason, in every release.
    pub(crate) const fn because(why: &'static str) -> Self {
        Self {
            why,
            since: None,
            until: None,
            instead: None,
        }
    }

    pub(crate) const fn until(self, last: Release) -> Self {
        Self {
            until: Some(last),
            ..self
        }
    }

    pub(crate) const fn instead(self, path: &'static str) -> Self {
        Self {
            instead: Some(path),
            ..self
        }
    }
}

impl Note {
    pub(crate) const fn new(kind: NoteKind, text: &'static str) -> Self {
        Self {
            kind,
            text,
            instead: None,
        }
    }

    pub(crate) const fn instead(self, path: &'static str) -> Self {
        Self {
            instead: Some(path),
            ..self
        }
    }
}

impl NoteKind {
    /// A word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::ClientControlled => "client-controlled",
            Self::Useless => "useless",
            Self::SometimesUseless => "sometimes-useless",
            Self::Stale => "stale",
            Self::Remark => "remark",
        }
    }
}

impl Format {
    /// Its name in JSON Schema.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::DateTime => "date-time",
            Self::Uri => "uri",
        }
    }
}
