//! The generator's own notion of types: what an input may be, and what an expression is meant to
//! give.
//!
//! It is no copy of the checker's types, on purpose: a value is drawn from a shape, and a program is
//! written with a shape in mind, but nothing is ever concluded from one. Where [`Shape::fits`] is
//! wrong, the program has one more mistake, which the evaluators will tell.

use serde_json::Value;

/// What a value may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any JSON value. Of an input: nothing is said. Wanted: everything will do.
    Any,
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool,
    /// One of these scalars.
    OneOf(Vec<Value>),
    /// Numbers.
    Number(Range),
    /// Strings of at least so many characters, perhaps of a format.
    Text(usize, Option<&'static str>),
    /// Arrays.
    List(Box<Shape>, usize, Option<usize>),
    /// Arrays of exactly these elements.
    Tuple(Vec<Shape>),
    /// Objects.
    Object(Vec<Member>, Rest),
    /// One of these.
    Either(Vec<Shape>),
    /// Functions; of no input.
    Function(Vec<Parameter>, Box<Shape>),
}

/// Which numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Whole ones only.
    pub whole: bool,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

/// Numbers that an input holds are no larger: 2^53 - 1, as is promised of a `ctx`.
pub(crate) const LARGEST: f64 = 9_007_199_254_740_991.0;

impl Range {
    /// Every number.
    pub const ANY: Self = Self {
        whole: false,
        low: -LARGEST,
        high: LARGEST,
    };
    /// Every integer.
    pub const WHOLE: Self = Self {
        whole: true,
        ..Self::ANY
    };
    /// 0 and more.
    pub const NATURAL: Self = Self {
        low: 0.0,
        ..Self::WHOLE
    };
    /// So few that one may make as many elements.
    pub const SMALL: Self = Self {
        whole: true,
        low: -3.0,
        high: 12.0,
    };

    fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high && (!self.whole || value.fract() == 0.0)
    }
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value.
    pub shape: Shape,
    /// Whether it is always there.
    pub required: bool,
}

/// What else an object may have.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// Nothing.
    Closed,
    /// Anything, as a schema says that says nothing.
    Open,
    /// Members of this shape.
    Map(Box<Shape>),
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is given.
    pub shape: Shape,
    /// Whether it has a default.
    pub optional: bool,
}

impl Shape {
    /// Any string.
    #[must_use]
    pub const fn text() -> Self {
        Self::Text(0, None)
    }

    /// Any number.
    #[must_use]
    pub const fn number() -> Self {
        Self::Number(Range::ANY)
    }

    /// Arrays of any length.
    #[must_use]
    pub fn list(item: Self) -> Self {
        Self::List(Box::new(item), 0, None)
    }

    /// Objects of any names.
    #[must_use]
    pub fn map(value: Self) -> Self {
        Self::Object(Vec::new(), Rest::Map(Box::new(value)))
    }

    /// A function of parameters that have no names of their own.
    #[must_use]
    pub fn function(params: Vec<Self>, result: Self) -> Self {
        let named = params.into_iter().map(|shape| Parameter {
            name: String::new(),
            shape,
            optional: false,
        });
        Self::Function(named.collect(), Box::new(result))
    }

    /// The alternatives.
    #[must_use]
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::Either(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// This or null.
    #[must_use]
    pub fn or_null(self) -> Self {
        Self::Either(vec![self, Self::Null])
    }

    /// Whether an array has no element twice: by convention one of as many elements at most as there
    /// are values for them.
    #[must_use]
    pub fn is_set(&self) -> bool {
        let Self::List(item, 0, Some(most)) = self else {
            return false;
        };
        matches!(&**item, Self::OneOf(values) if values.len() == *most)
    }

    /// The word that `std.type` gives, where it is one for all values.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Null => Some("null"),
            Self::Bool => Some("boolean"),
            Self::OneOf(values) => {
                let mut kinds = values.iter().map(kind);
                let first = kinds.next()?;
                kinds.all(|it| it == first).then_some(first)
            }
            Self::Number(_) => Some("number"),
            Self::Text(..) => Some("string"),
            Self::List(..) | Self::Tuple(_) => Some("array"),
            Self::Object(..) => Some("object"),
            Self::Either(all) => {
                let mut kinds = all.iter().map(Self::kind);
                let first = kinds.next()??;
                kinds.all(|it| it == Some(first)).then_some(first)
            }
            Self::Function(..) => Some("function"),
        }
    }

    /// Whether every value of this shape will do where the other is wanted.
    #[must_use]
    pub fn fits(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Function(params, result), Self::Function(given, expected)) => {
                params.iter().filter(|it| !it.optional).count() <= given.len()
                    && given.len() <= params.len()
                    && params
                        .iter()
                        .zip(given)
                        .all(|(it, given)| given.shape.fits(&it.shape))
                    && result.fits(expected)
            }
            (Self::Function(..), _) | (_, Self::Function(..)) => false,
            (_, Self::Any) => true,
            (Self::Either(all), _) => all.iter().all(|it| it.fits(wanted)),
            (_, Self::Either(all)) => all.iter().any(|it| self.fits(it)),
            (Self::OneOf(values), _) => values.iter().all(|it| wanted.holds(it)),
            (Self::Null, Self::Null) | (Self::Bool, Self::Bool) => true,
            (Self::Number(own), Self::Number(other)) => {
                other.low <= own.low && own.high <= other.high && (own.whole || !other.whole)
            }
            (Self::Text(own, format), Self::Text(other, wanted)) => {
                own >= other && (wanted.is_none() || format == wanted)
            }
            (Self::List(own, low, high), Self::List(other, least, most)) => {
                low >= least
                    && most.is_none_or(|most| high.is_some_and(|high| high <= most))
                    && own.fits(other)
            }
            (Self::Tuple(own), Self::List(other, least, most)) => {
                own.len() >= *least
                    && most.is_none_or(|most| own.len() <= most)
                    && own.iter().all(|it| it.fits(other))
            }
            (Self::Tuple(own), Self::Tuple(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(a, b)| a.fits(b))
            }
            (Self::Object(own, rest), Self::Object(other, wanted)) => {
                let known = |name: &str| own.iter().find(|it| it.name == name);
                other.iter().all(|it| match known(&it.name) {
                    Some(mine) => (mine.required || !it.required) && mine.shape.fits(&it.shape),
                    None => !it.required && *rest == Rest::Closed,
                }) && match wanted {
                    Rest::Open => true,
                    Rest::Closed => {
                        *rest == Rest::Closed
                            && own.iter().all(|it| other.iter().any(|o| o.name == it.name))
                    }
                    Rest::Map(value) => {
                        let extra = match rest {
                            Rest::Closed => true,
                            Rest::Open => **value == Self::Any,
                            Rest::Map(own) => own.fits(value),
                        };
                        extra && own.iter().all(|it| it.shape.fits(value))
                    }
                }
            }
            _ => false,
        }
    }

    /// Whether a scalar is of this shape.
    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Null => value.is_null(),
            Self::Bool => value.is_boolean(),
            Self::OneOf(values) => values.contains(value),
            Self::Number(range) => value.as_f64().is_some_and(|it| range.holds(it)),
            Self::Text(least, format) => {
                format.is_none()
                    && value
                        .as_str()
                        .is_some_and(|it| it.chars().count() >= *least)
            }
            Self::Either(all) => all.iter().any(|it| it.holds(value)),
            _ => false,
        }
    }
}

/// The word that `std.type` gives.
#[must_use]
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
