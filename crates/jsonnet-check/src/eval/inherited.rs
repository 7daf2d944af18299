//! `super`: what the layers below give.

use std::sync::Arc;

use diagnostics::Diagnostic;
use jsonnet_syntax::ExprId;

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Text, Ty},
    value::{EnvId, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn super_member(
        &mut self,
        name: &Arc<str>,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let Some((object, layer)) = self.store.env(env).and_then(|it| it.this) else {
            return Self::poison(world);
        };
        let (found, missing) = self.find(object, name, layer, world);
        if !missing.is_empty() {
            let span = self.name_range(place).in_file(self.program.file());
            let message = if layer == 0 {
                "this object extends no other, so `super` has no members".to_owned()
            } else {
                format!("`super` may have no member `{name}`")
            };
            self.push(Diagnostic::new(&rules::NO_SUPER_MEMBER, span, message));
        }
        if found.is_empty() {
            return Self::poison(world);
        }
        let mut all = Vec::new();
        for (world, it) in found {
            all.append(&mut self.named_value(object, &it, name, place, world));
        }
        self.compact(all, place)
    }

    pub(super) fn super_index(
        &mut self,
        name: &Value,
        place: ExprId,
        name_place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_INDEX;
        let what = "the index of `super`";
        let Some((name, world)) = self.expect(name, KindSet::STRING, name_place, rule, what, world)
        else {
            return Self::poison(world);
        };
        let ty = self.data_type(&name, world).unwrap_or(Ty::Poison);
        if ty.is_poison() {
            return Self::poison(world);
        }
        match ty.kinds().text.as_ref().and_then(|it| it.literals.clone()) {
            Some(literals) => {
                let mut all = Vec::new();
                for literal in literals {
                    all.append(&mut self.super_member(&literal, place, env, world));
                }
                self.compact(all, place)
            }
            None => {
                let message = "`super` may have no member of this name";
                self.say(&rules::NO_SUPER_MEMBER, place, message);
                Self::poison(world)
            }
        }
    }

    pub(super) fn in_super(
        &mut self,
        name: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = "the left operand of `in`";
        let Some((name, world)) = self.expect(name, KindSet::STRING, place, rule, what, world)
        else {
            return Self::poison(world);
        };
        let Some((object, layer)) = self.store.env(env).and_then(|it| it.this) else {
            return Self::poison(world);
        };
        let ty = self.data_type(&name, world).unwrap_or(Ty::Poison);
        let Some(name) = ty.kinds().text.as_ref().and_then(Text::single).cloned() else {
            return Self::data(world, Ty::boolean());
        };
        let (found, missing) = self.find(object, &name, layer, world);
        let found = found.into_iter().map(|(world, _)| world).collect();
        Self::truths(found, missing)
    }
}
