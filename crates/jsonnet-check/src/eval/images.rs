//! Images of few known strings: whether what is made of each tells them apart.
//!
//! Where nothing is known of what an expression does to any string, it is evaluated for each that
//! there can be: the names of a closed object, what a list says, what a test leaves.
//!
//! Invariant: elements are said to be told apart only if no two of them are equal and what is made
//! of one string is text that is made of no other.

use std::{collections::HashMap, sync::Arc};

use jsonnet_syntax::{ExprId, ExprKind, Symbol};

use super::{Checker, KindSet, comprehension::MAX_UNROLLED};
use crate::{
    ty::{Number, Refinement, Ty},
    value::{ArrayValue, Body, EnvId, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// What was made of strings, and of which.
#[derive(Default)]
struct Images {
    sources: HashMap<Arc<str>, Arc<str>>,
    /// How many strings were looked at.
    count: usize,
}

impl Images {
    /// Whether that text was made of nothing else.
    fn add(&mut self, source: &Arc<str>, made: Arc<str>) -> bool {
        let known = self.sources.entry(made).or_insert_with(|| source.clone());
        known == source
    }
}

impl Checker<'_> {
    /// Whether a comprehension with one `for`, over elements of which no two are equal, makes
    /// different texts of different elements.
    pub(super) fn tells_apart(
        &mut self,
        (id, made): (ExprId, ExprId),
        variable: Symbol,
        env: EnvId,
        world: WorldId,
    ) -> bool {
        let mut images = Images::default();
        let instances = self.comprehension_instances(id, env, id, world);
        instances.into_iter().all(|(at, inner)| {
            let element = self.store.variable(inner, variable);
            element.is_some_and(|element| {
                let mut make = |it: &mut Self, world| it.eval(made, inner, world);
                self.add_images(&mut images, (element, id), at, &mut make)
            })
        })
    }

    /// Whether a function that the library calls with each element of an array, of which no two are
    /// equal, makes different texts of different elements.
    pub(super) fn maps_apart(
        &mut self,
        (function, source): (&Value, &Value),
        place: ExprId,
        world: WorldId,
    ) -> bool {
        let mut images = Images::default();
        let elements = self.elements(source, place, Self::GLOBAL, world);
        elements.into_iter().all(|(at, element)| {
            let mut make = |it: &mut Self, world| it.apply(function, &[element], place, world);
            self.add_images(&mut images, (element, place), at, &mut make)
        })
    }

    /// Adds what is made of an element, for each string that it can be.
    fn add_images(
        &mut self,
        images: &mut Images,
        (element, place): (ThunkId, ExprId),
        world: WorldId,
        make: &mut dyn FnMut(&mut Self, WorldId) -> Outcomes,
    ) -> bool {
        for it in self.force(element, world, place) {
            let Some(literals) = self.literals(&it.value, it.world) else {
                return false;
            };
            for literal in &literals {
                let world = match &it.value {
                    Value::Ref(path) => {
                        let fact = Refinement::Is(Ty::literal(literal));
                        self.worlds.assume(it.world, *path, fact)
                    }
                    // Nothing says which of several it is while the rest is evaluated.
                    _ if literals.len() > 1 => return false,
                    _ => Some(it.world),
                };
                let Some(world) = world else { continue };
                images.count += 1;
                if images.count > MAX_UNROLLED {
                    return false;
                }
                for it in make(self, world) {
                    let Some(texts) = self.literals(&it.value, it.world) else {
                        return false;
                    };
                    if !texts.into_iter().all(|text| images.add(literal, text)) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// The strings that a value can be, where it can be nothing else.
    fn literals(&mut self, value: &Value, world: WorldId) -> Option<Vec<Arc<str>>> {
        if self.kinds(value, world) != KindSet::STRING {
            return None;
        }
        let ty = self.data_type(value, world).filter(|it| !it.is_poison())?;
        ty.kinds().text.as_ref()?.literals.clone()
    }

    /// Whether the elements of a list are constants of which no two are equal.
    pub(super) fn are_constants_apart(&self, elements: &[ThunkId]) -> bool {
        if elements.len() > MAX_UNROLLED {
            return false;
        }
        let constants = elements.iter().map(|it| self.written_constant(*it));
        let Some(constants) = constants.collect::<Option<Vec<Ty>>>() else {
            return false;
        };
        let mut rest = constants.as_slice();
        while let [first, others @ ..] = rest {
            if others.iter().any(|it| !first.is_disjoint(it)) {
                return false;
            }
            rest = others;
        }
        true
    }

    /// The type of a string or a number that is written there: what is suspended is not evaluated
    /// for this, since it may never be.
    fn written_constant(&self, thunk: ThunkId) -> Option<Ty> {
        match &self.store.thunks.get(thunk.0 as usize)?.body {
            Body::Expr(expr, _) => match self.program.expr(*expr).kind {
                ExprKind::String(text) => Some(Ty::literal(self.program.text(text))),
                ExprKind::Number(number) => Some(Ty::from(Number::literal(number))),
                _ => None,
            },
            Body::Value(Value::Data(ty)) => {
                let kinds = KindSet::of(ty);
                let text = ty.kinds().text.as_ref().and_then(|it| it.single());
                let is_text = kinds == KindSet::STRING && text.is_some();
                let number = ty.kinds().number.as_ref().and_then(Number::single);
                let is_number = kinds == KindSet::NUMBER && number.is_some();
                (is_text || is_number).then(|| ty.clone())
            }
            _ => None,
        }
    }

    /// Whether an array that the program built has no two equal elements, where that can only be
    /// seen of what its elements are.
    pub(super) fn are_listed_apart(&mut self, array: &ArrayValue, world: WorldId) -> bool {
        match array {
            ArrayValue::Fixed(elements) => self.are_constants_apart(elements),
            ArrayValue::Map {
                function,
                source,
                indexed: false,
                place,
            } => {
                let apart = self.silently(|it| {
                    it.has_no_equals(source, world)
                        && it.maps_apart((function, source), *place, world)
                });
                apart.unwrap_or(false)
            }
            _ => false,
        }
    }
}
