//! The kinds of a type: making them, and reading single facts off.

use std::sync::Arc;

use super::{
    Array, CHARACTER, Field, INTEGER, JSON, MAX_LITERALS, MAX_NUMBER, Number, Presence, Shape,
    Text, Ty,
};

/// Not more than so many numbers are left out of an interval, and 0.
const MAX_HOLES: usize = 4;

impl Number {
    /// Every number.
    #[must_use]
    pub fn any() -> Self {
        Self {
            literals: Vec::new(),
            low: -MAX_NUMBER,
            high: MAX_NUMBER,
            integer: false,
            holes: Vec::new(),
        }
    }

    /// Every integer from `low` to `high`.
    #[must_use]
    pub fn integers(low: f64, high: f64) -> Self {
        Self {
            literals: Vec::new(),
            low,
            high,
            integer: true,
            holes: Vec::new(),
        }
    }

    /// One number.
    #[must_use]
    pub fn literal(value: f64) -> Self {
        Self {
            literals: vec![value],
            low: value,
            high: value,
            integer: value.fract() == 0.0,
            holes: Vec::new(),
        }
    }

    /// The number, if there is only one; from -0 to 0 there are two.
    #[must_use]
    pub fn single(&self) -> Option<f64> {
        match self.literals.as_slice() {
            [one] => Some(*one),
            _ if self.low.total_cmp(&self.high).is_eq() => Some(self.low),
            _ => None,
        }
    }

    /// The same numbers without that one, as far as that can be said.
    pub(crate) fn except(mut self, gone: f64) -> Option<Self> {
        if !self.literals.is_empty() {
            self.literals.retain(|it| *it != gone);
            (self.low, self.high) = (*self.literals.first()?, *self.literals.last()?);
            return Some(self);
        }
        let is_new = is_hole(gone) && self.contains(gone);
        // 0 is what matters most: nothing can be divided by it.
        if is_new && (gone == 0.0 || self.holes.len() < MAX_HOLES) {
            self.holes.push(gone);
        }
        self.settled()
    }

    /// The interval and its holes at their smallest; none where no number is left.
    pub(crate) fn settled(mut self) -> Option<Self> {
        self.holes.sort_by(f64::total_cmp);
        self.holes.dedup();
        while self.holes.contains(&self.low) {
            self.low = match self.integer {
                true => self.low + 1.0,
                false => self.low.next_up(),
            };
        }
        while self.holes.contains(&self.high) {
            self.high = match self.integer {
                true => self.high - 1.0,
                false => self.high.next_down(),
            };
        }
        let (low, high) = (self.low, self.high);
        self.holes.retain(|it| low <= *it && *it <= high);
        (low <= high).then_some(self)
    }

    /// The holes after a number was added. Integers move exactly; of fractions only this is sure,
    /// that no two different ones have the difference 0, nor one that is smaller than what lies
    /// between two numbers where integers are.
    pub(crate) fn moved_holes(&self, by: f64) -> Vec<f64> {
        if !self.literals.is_empty() {
            let is_apart = is_hole(by) && !self.contains(-by);
            return is_apart.then_some(0.0).into_iter().collect();
        }
        let moved = self.holes.iter().map(|it| it + by);
        moved
            .filter(|it| is_hole(*it) && (self.integer || *it == 0.0))
            .collect()
    }

    /// Whether none is too large to be held to its last digit.
    pub(crate) fn is_exact(&self) -> bool {
        -MAX_NUMBER <= self.low && self.high <= MAX_NUMBER
    }

    /// Whether it may be that number.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        if !self.literals.is_empty() {
            return self.literals.contains(&value);
        }
        !self.holes.contains(&value)
            && self.low <= value
            && value <= self.high
            && (!self.integer || value.fract() == 0.0)
    }
}

/// Whether a number can be left out of an interval: an integer far from where those are rounded.
fn is_hole(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() < 1e9
}

impl Text {
    /// Every string.
    #[must_use]
    pub fn any() -> Self {
        Self::at_least(0)
    }

    /// Every string of at least so many characters.
    #[must_use]
    pub fn at_least(min_length: usize) -> Self {
        Self {
            literals: None,
            min_length,
            format: None,
        }
    }

    /// One of these strings.
    #[must_use]
    pub fn of(mut literals: Vec<Arc<str>>) -> Self {
        literals.sort();
        literals.dedup();
        let min_length = literals.iter().map(|it| it.chars().count()).min();
        let min_length = min_length.unwrap_or(0);
        if literals.len() > MAX_LITERALS {
            return Self::at_least(min_length);
        }
        Self {
            literals: Some(literals),
            min_length,
            format: None,
        }
    }

    /// One character.
    pub(crate) fn character() -> Self {
        Self {
            format: Some(CHARACTER.into()),
            ..Self::at_least(1)
        }
    }

    /// A text that was made of a JSON value.
    pub(crate) fn json() -> Self {
        Self {
            format: Some(JSON.into()),
            ..Self::at_least(1)
        }
    }

    /// A text that was made of an integer.
    pub(crate) fn integer() -> Self {
        Self {
            format: Some(INTEGER.into()),
            ..Self::at_least(1)
        }
    }

    /// The string, if there is only one.
    #[must_use]
    pub fn single(&self) -> Option<&Arc<str>> {
        match self.literals.as_deref() {
            Some([one]) => Some(one),
            _ => None,
        }
    }
}

impl Array {
    /// Arrays of any length.
    #[must_use]
    pub fn of(element: Ty) -> Self {
        Self {
            prefix: Vec::new(),
            rest: element,
            min: 0,
            max: None,
            unique: false,
            keyed: false,
            sorted: false,
        }
    }

    /// Arrays of exactly these elements.
    #[must_use]
    pub fn tuple(elements: Vec<Ty>) -> Self {
        Self {
            min: elements.len(),
            max: Some(elements.len()),
            prefix: elements,
            rest: Ty::never(),
            unique: false,
            keyed: false,
            sorted: false,
        }
    }

    /// Whether no two elements can be equal.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.unique || self.max.is_some_and(|it| it < 2) || self.is_ascending()
    }

    /// Whether the members `key` of no two elements can be equal.
    pub(crate) fn is_keyed(&self) -> bool {
        (self.unique && self.keyed) || self.max.is_some_and(|it| it < 2)
    }

    /// Whether this is an ascending array without equal elements.
    #[must_use]
    pub fn is_set(&self) -> bool {
        (self.unique && self.sorted) || self.max.is_some_and(|it| it < 2) || self.is_ascending()
    }

    /// Whether these are literal strings, each greater than the one before.
    fn is_ascending(&self) -> bool {
        let literal = |ty: &Ty| {
            let text = ty.kinds().text.as_ref().and_then(Text::single).cloned();
            text.filter(|it| *ty == Ty::literal(it))
        };
        self.max.is_some_and(|max| max <= self.prefix.len())
            && self.prefix.windows(2).all(|it| match it {
                [a, b] => matches!((literal(a), literal(b)), (Some(a), Some(b)) if a < b),
                _ => false,
            })
    }

    /// The type of any element.
    #[must_use]
    pub fn element(&self) -> Ty {
        let rest = match self.max {
            Some(max) if max <= self.prefix.len() => Ty::never(),
            _ => self.rest.clone(),
        };
        self.prefix.iter().fold(rest, |all, it| all.join(it))
    }

    /// The type of the element at a position, if there can be one.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Ty> {
        if self.max.is_some_and(|max| index >= max) {
            return None;
        }
        let ty = self.prefix.get(index).unwrap_or(&self.rest);
        (!ty.is_never()).then(|| ty.clone())
    }
}

impl Shape {
    /// The member of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let at = self
            .fields
            .binary_search_by(|(it, _)| it.as_ref().cmp(name))
            .ok()?;
        self.fields.get(at).map(|(_, field)| field)
    }

    /// Declares or replaces a member.
    pub fn set(&mut self, name: Arc<str>, field: Field) {
        match self.fields.binary_search_by(|(it, _)| it.cmp(&name)) {
            Ok(at) => {
                if let Some(slot) = self.fields.get_mut(at) {
                    slot.1 = field;
                }
            }
            Err(at) => self.fields.insert(at, (name, field)),
        }
    }

    /// Whether a member of that name can be there, and must.
    #[must_use]
    pub fn presence(&self, name: &str) -> Presence {
        match (self.field(name), &self.rest) {
            (Some(field), _) => field.presence,
            (None, Some(rest)) if !rest.is_never() => Presence::Optional,
            (None, _) if self.late => Presence::Optional,
            (None, _) => Presence::Absent,
        }
    }

    /// The type of the member of that name, where it is present.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Ty> {
        match (self.field(name), &self.rest) {
            (Some(field), _) if field.presence == Presence::Absent => None,
            (Some(field), _) => Some(field.ty.clone()),
            (None, _) if self.late => Some(Ty::Unknown),
            (None, rest) => rest.clone(),
        }
    }

    /// The members that can be there by name.
    pub fn present(&self) -> impl Iterator<Item = (&Arc<str>, &Field)> {
        let present = |it: &&(Arc<str>, Field)| it.1.presence != Presence::Absent;
        self.fields
            .iter()
            .filter(present)
            .map(|(name, it)| (name, it))
    }

    /// The type of any member's value.
    #[must_use]
    pub fn values(&self) -> Ty {
        let rest = self.rest.clone().unwrap_or_else(Ty::never);
        self.present().fold(rest, |all, (_, it)| all.join(&it.ty))
    }
}
