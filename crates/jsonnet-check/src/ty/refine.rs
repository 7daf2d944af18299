//! Narrowing: what a type becomes when something is learnt about a value or a part of it.
//!
//! Invariant: a refinement holds every value of the type for which the fact is true.

use std::sync::Arc;

use super::{Array, Field, Kinds, Presence, Ty};

/// Deeper positions in an array are not told apart.
const MAX_PREFIX: usize = 8;

/// A step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Member(Arc<str>),
    Element(usize),
}

/// What is learnt about a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refinement {
    /// It is an object with that member.
    Has(Arc<str>),
    /// It is an object without it.
    Lacks(Arc<str>),
    /// It is of that type.
    Is(Ty),
    /// It is not that scalar.
    IsNot(Ty),
    /// It was reported for not having that member: nothing more is said of it.
    Reported(Arc<str>),
    /// Its length is in that range: strings, arrays; objects only when it is 0.
    Length(usize, Option<usize>),
}

impl Ty {
    /// The type of a part, where it is present.
    pub(crate) fn step(&self, step: &Step) -> Self {
        if self.is_poison() {
            return Self::Poison;
        }
        let kinds = self.kinds();
        match step {
            Step::Member(name) => {
                let types = kinds.shapes.iter().filter_map(|shape| shape.member(name));
                types.fold(Self::never(), |all, it| all.join(&it))
            }
            Step::Element(index) => {
                let array = kinds.array.as_ref();
                array
                    .and_then(|it| it.at(*index))
                    .unwrap_or_else(Self::never)
            }
        }
    }

    /// The type after `fact` was learnt about the part at the end of `steps`.
    pub(crate) fn refine_at(&self, steps: &[Step], fact: &Refinement) -> Self {
        if self.is_poison() {
            return Self::Poison;
        }
        let Some((step, rest)) = steps.split_first() else {
            return self.refine(fact);
        };
        let kinds = self.kinds();
        let mut refined = Kinds {
            unknown: kinds.unknown,
            notes: kinds.notes.clone(),
            ..Kinds::default()
        };
        match step {
            Step::Member(name) => {
                for shape in &kinds.shapes {
                    let Some(ty) = shape.member(name) else {
                        continue;
                    };
                    let ty = ty.refine_at(rest, fact);
                    if ty.is_never() {
                        continue;
                    }
                    let mut shape = shape.clone();
                    let field = match shape.field(name) {
                        Some(field) => Field {
                            ty,
                            presence: Presence::Required,
                            ..field.clone()
                        },
                        None => Field::required(ty),
                    };
                    shape.set(name.clone(), field);
                    refined.shapes.push(shape);
                }
            }
            Step::Element(index) => {
                let array = kinds.array.as_ref();
                if let Some((array, ty)) = array.and_then(|it| Some((it, it.at(*index)?))) {
                    let ty = ty.refine_at(rest, fact);
                    if !ty.is_never() {
                        refined.array = Some(with_element(array, *index, ty));
                    }
                }
            }
        }
        Self::new(refined)
    }

    fn refine(&self, fact: &Refinement) -> Self {
        let kinds = self.kinds();
        match fact {
            Refinement::Is(ty) => {
                let met = self.meet(ty);
                if kinds.unknown && !met.is_never() && !met.kinds().unknown {
                    // What was unknown stays so in the words of a diagnostic only where nothing
                    // was learnt.
                    return met;
                }
                met
            }
            Refinement::IsNot(scalar) => self.without(scalar.kinds()),
            Refinement::Has(name) => {
                let shapes = kinds.shapes.iter().filter_map(|shape| {
                    let ty = shape.member(name)?;
                    let mut shape = shape.clone();
                    let field = match shape.field(name) {
                        Some(field) => Field {
                            presence: Presence::Required,
                            ..field.clone()
                        },
                        None => Field::required(ty),
                    };
                    shape.set(name.clone(), field);
                    Some(shape)
                });
                self.only_shapes(shapes.collect())
            }
            Refinement::Lacks(name) => {
                let lacking = kinds
                    .shapes
                    .iter()
                    .filter(|shape| shape.presence(name) != Presence::Required);
                let shapes = lacking.map(|shape| {
                    let mut shape = shape.clone();
                    if shape.presence(name) == Presence::Absent {
                        return shape;
                    }
                    let field = shape.field(name).cloned();
                    let field = field.unwrap_or_else(|| Field::optional(Self::never()));
                    shape.set(
                        name.clone(),
                        Field {
                            ty: Self::never(),
                            presence: Presence::Absent,
                            ..field
                        },
                    );
                    shape
                });
                self.only_shapes(shapes.collect())
            }
            Refinement::Reported(name) => {
                let shapes = kinds.shapes.iter().cloned().map(|mut shape| {
                    shape.set(name.clone(), Field::required(Self::Poison));
                    shape
                });
                self.only_shapes(shapes.collect())
            }
            Refinement::Length(min, max) => self.of_length(*min, *max),
        }
    }

    fn only_shapes(&self, shapes: Vec<super::Shape>) -> Self {
        let kinds = self.kinds();
        Self::new(Kinds {
            shapes,
            unknown: kinds.unknown,
            notes: kinds.notes.clone(),
            ..Kinds::default()
        })
    }

    /// The values that are not the given scalars.
    fn without(&self, scalar: &Kinds) -> Self {
        let mut kinds = self.kinds().clone();
        kinds.null &= !scalar.null;
        for (mine, theirs) in kinds.bools.iter_mut().zip(scalar.bools) {
            *mine &= !theirs;
        }
        if let Some(gone) = scalar.number.as_ref().and_then(super::Number::single) {
            kinds.number = kinds.number.and_then(|it| it.except(gone));
        }
        if let (Some(mine), Some(gone)) = (
            &mut kinds.text,
            scalar.text.as_ref().and_then(super::Text::single),
        ) {
            if let Some(literals) = &mut mine.literals {
                literals.retain(|it| it != gone);
                if literals.is_empty() {
                    kinds.text = None;
                }
            } else if gone.is_empty() {
                mine.min_length = mine.min_length.max(1);
            }
        }
        Self::new(kinds)
    }

    fn of_length(&self, min: usize, max: Option<usize>) -> Self {
        let kinds = self.kinds();
        let fits = |length: usize| length >= min && max.is_none_or(|max| length <= max);
        let text = kinds.text.clone().and_then(|mut text| {
            if let Some(literals) = &mut text.literals {
                literals.retain(|it| fits(it.chars().count()));
                if literals.is_empty() {
                    return None;
                }
            }
            text.min_length = text.min_length.max(min);
            max.is_none_or(|max| text.min_length <= max).then_some(text)
        });
        let array = kinds.array.clone().and_then(|mut array| {
            array.min = array.min.max(min);
            array.max = match (array.max, max) {
                (Some(x), Some(y)) => Some(x.min(y)),
                (one, other) => one.or(other),
            };
            array
                .max
                .is_none_or(|max| array.min <= max)
                .then_some(array)
        });
        let shapes = kinds.shapes.iter().filter(|shape| {
            let required = shape.fields.iter();
            let required = required.filter(|(_, it)| it.presence == Presence::Required);
            let least = required.count();
            let is_closed = shape.rest.as_ref().is_none_or(Self::is_never);
            let most = is_closed.then(|| shape.present().count());
            max.is_none_or(|max| least <= max) && most.is_none_or(|most| most >= min)
        });
        let empty_only = max == Some(0);
        let shapes = shapes.cloned().map(|mut shape| {
            if empty_only {
                shape.rest = None;
                for (_, field) in &mut shape.fields {
                    field.presence = Presence::Absent;
                    field.ty = Self::never();
                }
            }
            shape
        });
        Self::new(Kinds {
            text,
            array,
            shapes: shapes.collect(),
            unknown: kinds.unknown,
            notes: kinds.notes.clone(),
            ..Kinds::default()
        })
    }
}

fn with_element(array: &Array, index: usize, ty: Ty) -> Array {
    let mut array = array.clone();
    array.min = array.min.max(index + 1);
    if index < MAX_PREFIX {
        while array.prefix.len() <= index {
            array.prefix.push(array.rest.clone());
        }
        if let Some(slot) = array.prefix.get_mut(index) {
            *slot = ty;
        }
    }
    array
}
