//! Arrays and texts that are put together of the elements of others.

use super::{Call, array_of, text_of};
use crate::{
    eval::{Checker, KindSet},
    rules,
    ty::{Array, Text, Ty},
    value::{Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn flat_map(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        for (kind, result) in [
            (KindSet::ARRAY, KindSet::ARRAY),
            (KindSet::STRING, KindSet::STRING),
        ] {
            let Some((source, world)) = self.narrow(array, kind, world) else {
                continue;
            };
            let source = if kind == KindSet::STRING {
                let ty = self.data_type(&source, world).unwrap_or(Ty::Poison);
                Value::Data(self.characters(&text_of(&ty)))
            } else {
                source
            };
            let mut joined = Ty::never();
            for (at, element) in self.elements(&source, call.place, call.env, world) {
                for Outcome { world, value } in self.apply(function, &[element], call.place, at) {
                    let what = "what the function of `std.flatMap` returns";
                    let rule = &rules::WRONG_ARGUMENT;
                    let place = call.place_of(0);
                    let found = self.expect(&value, result, place, rule, what, world);
                    let Some((value, world)) = found else {
                        continue;
                    };
                    let ty = self.as_data(&value, place, world);
                    if ty.is_poison() {
                        return Self::poison(world);
                    }
                    joined = joined.join(&array_of(&ty).element());
                }
            }
            let ty = if result == KindSet::STRING {
                Ty::string()
            } else {
                Ty::from(listing(joined))
            };
            all.append(&mut Self::data(world, ty));
        }
        all
    }

    pub(super) fn join_arrays(
        &mut self,
        call: &Call<'_>,
        separator: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        for kind in [KindSet::STRING, KindSet::ARRAY] {
            let Some((separator, world)) = self.narrow(separator, kind, world) else {
                continue;
            };
            let what = "the argument `arr` of `std.join`";
            let kinds = kind.or(KindSet::NULL);
            let place = call.place_of(1);
            let element = self.element_type(array, place, world);
            if element.is_poison() {
                return Self::poison(world);
            }
            self.expect_elements(array, kinds, place, what, world);
            let notes = element.kinds().notes.clone();
            if kind == KindSet::STRING {
                let texts = array_of(&self.as_data(array, place, world));
                let between = self.data_type(&separator, world).unwrap_or(Ty::Poison);
                let least = least_joined(&texts, text_of(&between).min_length);
                let joined = Ty::from(Text::at_least(least));
                all.append(&mut Self::data(world, joined.with_notes(&notes)));
            } else {
                let separator = self.element_type(&separator, call.place_of(0), world);
                let joined = match element.is_never() {
                    true => Ty::never(),
                    false => array_of(&element).element().join(&separator),
                };
                let joined = Ty::from(listing(joined));
                all.append(&mut Self::data(world, joined.with_notes(&notes)));
            }
        }
        all
    }
}

/// An array of any number of such elements; an empty one where there are none.
pub(super) fn listing(element: Ty) -> Array {
    let is_empty = element.is_never();
    let mut array = Array::of(element);
    if is_empty {
        array.max = Some(0);
    }
    array
}

/// The elements that are left when arrays inside arrays are taken apart.
pub(super) fn flat_elements(ty: &Ty, depth: usize) -> Ty {
    if depth > 12 || matches!(ty, Ty::Unknown | Ty::Poison) {
        return ty.clone();
    }
    let mut kinds = ty.kinds().clone();
    match kinds.array.take() {
        Some(array) => Ty::new(kinds).join(&flat_elements(&array.element(), depth + 1)),
        None => ty.clone(),
    }
}

/// How many characters the strings of an array have together at least, with a text of that length
/// between them; nulls are left out.
fn least_joined(texts: &Array, between: usize) -> usize {
    let least = |ty: &Ty| match KindSet::of(ty) == KindSet::STRING {
        true => (1, text_of(ty).min_length),
        false => (0, 0),
    };
    let listed = texts.prefix.iter().take(texts.min).map(least);
    let (mut count, mut characters) = listed.fold((0, 0), |(count, characters), it| {
        (count + it.0, it.1.saturating_add(characters))
    });
    let others = texts.min.saturating_sub(texts.prefix.len());
    let (is_text, each) = least(&texts.rest);
    count += others * is_text;
    characters = others.saturating_mul(each).saturating_add(characters);
    between
        .saturating_mul(count.saturating_sub(1))
        .saturating_add(characters)
}
