//! Types of JSON values: what an input may hold, and what a computed value may be.
//!
//! A type is a product of kinds: each kind (null, booleans, numbers, strings, arrays, objects) is
//! absent or described on its own, so that narrowing one says nothing about the others. Functions
//! and suspended computations are no types but values (`crate::value`).
//!
//! Invariants:
//! - a type stands for a superset of the values it describes: whatever cannot be expressed is
//!   widened, never narrowed;
//! - literal sets are sorted and bounded, fields are sorted by name, shapes are bounded, so equal
//!   sets of values mostly have equal types and output does not depend on the order of input.

mod candidates;
mod constant;
mod display;
mod equal;
mod formats;
mod lattice;
mod parts;
mod refine;
mod sample;

use std::sync::{Arc, LazyLock};

pub use candidates::candidates;
pub(crate) use candidates::number_value;
pub(crate) use formats::samples;
pub(crate) use refine::{Refinement, Step};
pub use sample::{Random, sample};

/// Strings longer than this are not computed, only typed. In bytes.
pub(crate) const MAX_TEXT: usize = 400;

/// More literals than this become an interval or any string.
pub(crate) const MAX_LITERALS: usize = 32;
/// More alternative object shapes than this are merged into one.
pub(crate) const MAX_SHAPES: usize = 16;
/// Numbers of an input are taken to be of this magnitude at most (2^53 - 1), as JSON numbers that
/// survive other programs are.
pub(crate) const MAX_NUMBER: f64 = 9_007_199_254_740_991.0;
/// Arrays, strings and objects are taken to have this many elements at most (2^26): no request is
/// that large.
pub(crate) const MAX_LENGTH: f64 = 67_108_864.0;

/// The format of a text that the program itself made of a value, so that it can be read back.
pub(crate) const JSON: &str = "json text";
/// That of the digits of an integer which a number holds exactly, behind `-` where it is negative.
pub(crate) const INTEGER: &str = "integer text";
/// That of a string of exactly one character.
pub(crate) const CHARACTER: &str = "one character";
/// That of a text that `std.base64` made.
pub(crate) const BASE64: &str = "base64 text";

/// Whether the format is one of those that no schema can give.
pub(crate) fn is_made(format: &str) -> bool {
    matches!(format, JSON | INTEGER | CHARACTER | BASE64)
}

/// Something that the caller knows of a value and that this crate passes on unread: why a member is
/// absent, that a value is secret, that it exists but is useless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Annotation {
    /// A name for programs.
    pub tag: Arc<str>,
    /// A clause for people; the help of an error about an absent member.
    pub text: Arc<str>,
}

/// The type of a JSON value.
#[derive(Clone, Debug)]
pub enum Ty {
    /// Any JSON value, since the schema says nothing about it.
    Unknown,
    /// A value about which an error was reported already: nothing more is said of it.
    Poison,
    /// What the kinds say.
    Kinds(Arc<Kinds>),
}

/// The kinds of values that a type holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Kinds {
    /// Whether null is one.
    pub null: bool,
    /// Whether `false` and `true` are.
    pub bools: [bool; 2],
    /// Its numbers.
    pub number: Option<Number>,
    /// Its strings.
    pub text: Option<Text>,
    /// Its arrays.
    pub array: Option<Array>,
    /// Its objects: one of these shapes.
    pub shapes: Vec<Shape>,
    /// Whether this is what is left of [`Ty::Unknown`] after narrowing.
    pub unknown: bool,
    /// What the caller said of the value.
    pub notes: Vec<Annotation>,
}

/// Numbers: an interval, or a few literals within it.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The only numbers there are, ascending; none listed means the whole interval.
    pub literals: Vec<f64>,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Whether all are integers.
    pub integer: bool,
    /// Integers that lie in the interval and are known not to be among them: few, ascending.
    pub holes: Vec<f64>,
}

/// Strings: a few literals, or all of some length and format.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The only strings there are, ascending.
    pub literals: Option<Vec<Arc<str>>>,
    /// The least number of characters.
    pub min_length: usize,
    /// The `format` that a schema gave, which is taken at its word, or [`JSON`].
    pub format: Option<Arc<str>>,
}

/// Arrays: the first elements, then any number of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The types of the first elements.
    pub prefix: Vec<Ty>,
    /// The type of each further element; [`Ty::never`] when there is none.
    pub rest: Ty,
    /// The least length.
    pub min: usize,
    /// The greatest length, where there is one.
    pub max: Option<usize>,
    /// Whether no two elements are equal.
    pub unique: bool,
    /// Of what is unique, whether even the members `key` of no two elements are equal, as of
    /// `std.objectKeysValues`.
    pub keyed: bool,
    /// Whether the elements are in the order of `std.sort`. Only what is unique as well is a set to
    /// the functions on sets; to them other arrays are lists, whose repetitions stay.
    pub sorted: bool,
}

/// Objects of one shape.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Shape {
    /// The known members, ascending by name.
    pub fields: Vec<(Arc<str>, Field)>,
    /// The type of each other member; none when there are no others.
    pub rest: Option<Ty>,
    /// Whether such an object may do more than its output shows: hide members, or read itself when
    /// it is added to. It may have any other member then, which its output has not.
    pub late: bool,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The type of its value, where it is present.
    pub ty: Ty,
    /// Whether it is there.
    pub presence: Presence,
    /// What the caller said of the member: for an absent one, why, and what to use instead.
    pub note: Option<Annotation>,
    /// Where the schema declares it, as a JSON pointer.
    pub origin: Option<Arc<str>>,
}

/// Whether a member is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// Always.
    Required,
    /// In some values.
    Optional,
    /// Never; listed for the sake of its note.
    Absent,
}

impl Field {
    /// A member that is always there.
    #[must_use]
    pub fn required(ty: Ty) -> Self {
        Self::new(ty, Presence::Required)
    }

    /// A member that may be missing.
    #[must_use]
    pub fn optional(ty: Ty) -> Self {
        Self::new(ty, Presence::Optional)
    }

    /// A member of that presence.
    #[must_use]
    pub fn new(ty: Ty, presence: Presence) -> Self {
        Self {
            ty,
            presence,
            note: None,
            origin: None,
        }
    }
}

static UNKNOWN: LazyLock<Kinds> = LazyLock::new(|| Kinds {
    null: true,
    bools: [true, true],
    number: Some(Number::any()),
    text: Some(Text::any()),
    array: Some(Array::of(Ty::Unknown)),
    shapes: vec![Shape {
        fields: Vec::new(),
        rest: Some(Ty::Unknown),
        late: false,
    }],
    unknown: true,
    notes: Vec::new(),
});

impl Ty {
    /// What the kinds make.
    #[must_use]
    pub fn new(kinds: Kinds) -> Self {
        Self::Kinds(Arc::new(kinds))
    }

    /// No value at all.
    #[must_use]
    pub fn never() -> Self {
        static NEVER: LazyLock<Ty> = LazyLock::new(|| Ty::new(Kinds::default()));
        NEVER.clone()
    }

    /// Null.
    #[must_use]
    pub fn null() -> Self {
        static NULL: LazyLock<Ty> = LazyLock::new(|| {
            Ty::new(Kinds {
                null: true,
                ..Kinds::default()
            })
        });
        NULL.clone()
    }

    /// `true` and `false`.
    #[must_use]
    pub fn boolean() -> Self {
        static BOOLEAN: LazyLock<Ty> = LazyLock::new(|| Ty::bools(true, true));
        BOOLEAN.clone()
    }

    /// One boolean.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        static BOTH: LazyLock<[Ty; 2]> =
            LazyLock::new(|| [Ty::bools(true, false), Ty::bools(false, true)]);
        let [no, yes] = &*BOTH;
        if value { yes.clone() } else { no.clone() }
    }

    fn bools(no: bool, yes: bool) -> Self {
        Self::new(Kinds {
            bools: [no, yes],
            ..Kinds::default()
        })
    }

    /// Any number.
    #[must_use]
    pub fn number() -> Self {
        static NUMBER: LazyLock<Ty> = LazyLock::new(|| Ty::from(Number::any()));
        NUMBER.clone()
    }

    /// Any integer.
    #[must_use]
    pub fn integer() -> Self {
        Self::from(Number::integers(-MAX_NUMBER, MAX_NUMBER))
    }

    /// Any string.
    #[must_use]
    pub fn string() -> Self {
        static STRING: LazyLock<Ty> = LazyLock::new(|| Ty::from(Text::any()));
        STRING.clone()
    }

    /// One string.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::from(Text::of(vec![text.into()]))
    }

    /// Arrays of any length.
    #[must_use]
    pub fn array(element: Self) -> Self {
        Self::from(Array::of(element))
    }

    /// Objects with exactly these members.
    #[must_use]
    pub fn object<N: Into<Arc<str>>>(fields: impl IntoIterator<Item = (N, Field)>) -> Self {
        let mut shape = Shape::default();
        for (name, field) in fields {
            shape.set(name.into(), field);
        }
        Self::from(shape)
    }

    /// Objects with any members of that type.
    #[must_use]
    pub fn map(value: Self) -> Self {
        Self::from(Shape {
            fields: Vec::new(),
            rest: Some(value),
            late: false,
        })
    }

    /// The lengths from `min` to `max`.
    pub(crate) fn length_between(min: usize, max: Option<usize>) -> Self {
        let low = crate::eval::position::as_f64(min);
        if max == Some(min) {
            return Self::from(Number::literal(low));
        }
        let high = max.map_or(MAX_LENGTH, crate::eval::position::as_f64);
        Self::from(Number::integers(low, high))
    }

    /// What `std.length` gives for values of the type.
    pub(crate) fn length_type(&self) -> Self {
        if self.is_poison() {
            return Self::Poison;
        }
        let kinds = self.kinds();
        let mut bounds = Vec::new();
        if let Some(array) = &kinds.array {
            bounds.push((array.min, array.max));
        }
        if let Some(text) = &kinds.text {
            let lengths = text.literals.iter().flatten().map(|it| it.chars().count());
            bounds.push((text.min_length, lengths.max()));
        }
        for shape in &kinds.shapes {
            let required = shape.present();
            let required = required.filter(|(_, it)| it.presence == Presence::Required);
            let is_open = shape.rest.as_ref().is_some_and(|it| !it.is_never());
            bounds.push((
                required.count(),
                (!is_open).then(|| shape.present().count()),
            ));
        }
        let bounds = bounds
            .into_iter()
            .reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(x, y)| x.max(y))));
        let (min, max) = bounds.unwrap_or((0, None));
        Self::length_between(min, max)
    }

    /// The numbers of the type, each with `by` added.
    pub(crate) fn shifted(&self, by: f64) -> Self {
        let number = match self {
            Self::Kinds(it) if by != 0.0 => it.number.clone(),
            _ => None,
        };
        let Some(mut number) = number else {
            return self.clone();
        };
        if number.literals.is_empty() {
            number.holes = number.moved_holes(by);
        }
        for it in &mut number.literals {
            *it += by;
        }
        number.low += by;
        number.high += by;
        Self::from(number)
    }

    /// The kinds; those of every value for [`Ty::Unknown`] and [`Ty::Poison`].
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        match self {
            Self::Unknown | Self::Poison => &UNKNOWN,
            Self::Kinds(kinds) => kinds,
        }
    }

    /// Whether no value is of this type.
    #[must_use]
    pub fn is_never(&self) -> bool {
        match self {
            Self::Unknown | Self::Poison => false,
            Self::Kinds(it) => it.is_empty(),
        }
    }

    /// Whether an error was reported about it.
    #[must_use]
    pub fn is_poison(&self) -> bool {
        matches!(self, Self::Poison)
    }

    /// The same type with null.
    #[must_use]
    pub fn or_null(&self) -> Self {
        self.join(&Self::null())
    }

    /// The same type with something said about its value.
    #[must_use]
    pub fn annotated(&self, note: Annotation) -> Self {
        let mut kinds = self.kinds().clone();
        if !kinds.notes.contains(&note) {
            kinds.notes.push(note);
            kinds.notes.sort();
        }
        Self::new(kinds)
    }

    /// The same type with all that was said about others.
    #[must_use]
    pub(crate) fn with_notes(self, notes: &[Annotation]) -> Self {
        notes
            .iter()
            .fold(self, |ty, note| ty.annotated(note.clone()))
    }
}

impl Kinds {
    /// Whether there is no value of any kind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.null
            && self.bools == [false, false]
            && self.number.is_none()
            && self.text.is_none()
            && self.array.is_none()
            && self.shapes.is_empty()
    }
}

impl From<Number> for Ty {
    fn from(number: Number) -> Self {
        Self::new(Kinds {
            number: Some(number),
            ..Kinds::default()
        })
    }
}

impl From<Text> for Ty {
    fn from(text: Text) -> Self {
        Self::new(Kinds {
            text: Some(text),
            ..Kinds::default()
        })
    }
}

impl From<Array> for Ty {
    fn from(array: Array) -> Self {
        Self::new(Kinds {
            array: Some(array),
            ..Kinds::default()
        })
    }
}

impl From<Shape> for Ty {
    fn from(shape: Shape) -> Self {
        Self::new(Kinds {
            shapes: vec![shape],
            ..Kinds::default()
        })
    }
}
