//! Questions about the elements of an array, and what their answers teach.

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind, Program, Spec, Symbol};

use super::{Call, array_of, folds::in_order};
use crate::{
    eval::{Checker, KindSet, manifest::Purpose},
    rules,
    ty::{Refinement, Ty},
    value::{ArrayValue, Outcome, Outcomes, ThunkId, Value},
    world::{PathId, WorldId},
};

impl Checker<'_> {
    /// `std.all` and `std.any`. What `all` says of a mapped input holds of each of its elements;
    /// of elements that are listed, each is asked where those before it left it open.
    pub(super) fn quantified(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        let is_all = call.name == "all";
        if let Some(listed) = self.listed(array, call, world) {
            return self.each_asked(&listed, is_all, call, world);
        }
        let what = format!("the argument `arr` of `std.{}`", call.name);
        self.expect_elements(array, KindSet::BOOL, call.place_of(0), &what, world);
        let elements = self.element_type(array, call.place_of(0), world);
        if elements.is_poison() {
            return Self::poison(world);
        }
        let learnt = match array {
            Value::Array(made) if is_all => self.held_elements(call, &made.clone(), world),
            _ => None,
        };
        let (min, max) = self.length(array, world);
        let [no, yes] = elements.kinds().bools;
        let (can_hold, can_fail) = if is_all {
            (yes || min == 0, no && max != Some(0))
        } else {
            (yes && max != Some(0), no || min == 0)
        };
        let held = learnt.unwrap_or(Some(world));
        Self::truths(
            held.filter(|_| can_hold).into_iter().collect(),
            can_fail.then_some(world).into_iter().collect(),
        )
    }

    /// The elements of an array whose length is known, in their order.
    pub(super) fn listed(
        &mut self,
        array: &Value,
        call: &Call<'_>,
        world: WorldId,
    ) -> Option<Vec<ThunkId>> {
        const MAX_LISTED: usize = 16;
        let Value::Array(made) = array else {
            return None;
        };
        let listed = match &*made.clone() {
            ArrayValue::Fixed(elements) => elements.clone(),
            ArrayValue::Comp(expr, env) => {
                let program = self.program;
                let ExprKind::ArrayComp { element, .. } = &program.expr(*expr).kind else {
                    return None;
                };
                let (instances, is_listed) = self.listed_instances(*expr, *env, call.place, world);
                let are_certain = instances
                    .iter()
                    .all(|(at, _)| self.worlds.is_certain(*at, world));
                if !is_listed || !are_certain {
                    return None;
                }
                let inner = instances.into_iter().map(|(_, env)| env);
                inner
                    .map(|env| self.store.expr_thunk(*element, env))
                    .collect()
            }
            _ => return None,
        };
        (listed.len() <= MAX_LISTED).then_some(listed)
    }

    pub(super) fn each_asked(
        &mut self,
        elements: &[ThunkId],
        is_all: bool,
        call: &Call<'_>,
        world: WorldId,
    ) -> Outcomes {
        let mut open = vec![world];
        let mut decided = Vec::new();
        for element in elements {
            let mut still = Vec::new();
            for world in open {
                for it in self.force(*element, world, call.place_of(0)) {
                    let rule = &rules::WRONG_ARGUMENT;
                    let place = call.place_of(0);
                    let what = format!("each element of the argument `arr` of `std.{}`", call.name);
                    let (yes, no) = self.truth(&it.value, place, rule, &what, it.world);
                    let (on, off) = if is_all { (yes, no) } else { (no, yes) };
                    still.extend(on);
                    decided.extend(off);
                }
            }
            open = self.few(still);
        }
        let decided = self.few(decided);
        if is_all {
            Self::truths(open, decided)
        } else {
            Self::truths(decided, open)
        }
    }

    /// The world in which what is asked of each element of an input holds of all of them.
    pub(super) fn held_elements(
        &mut self,
        call: &Call<'_>,
        asked: &ArrayValue,
        world: WorldId,
    ) -> Option<Option<WorldId>> {
        let place = call.place;
        // Where it holds of an element, with that element.
        let mut holds: Vec<(WorldId, ThunkId)> = Vec::new();
        let path = match asked {
            ArrayValue::Map {
                function,
                source: Value::Ref(path),
                indexed: false,
                ..
            } => {
                let source = Value::Ref(*path);
                for (at, element) in self.elements(&source, place, call.env, world) {
                    let (yes, _) = self.predicate(function, element, place, at);
                    holds.extend(yes.into_iter().map(|world| (world, element)));
                }
                *path
            }
            ArrayValue::Comp(expr, env) => {
                let program = self.program;
                let ExprKind::ArrayComp { specs, element } = &program.expr(*expr).kind else {
                    return None;
                };
                let [Spec::For { source, .. }] = &**specs else {
                    return None;
                };
                let sources = self.eval(*source, *env, world);
                let [source] = sources.as_slice() else {
                    return None;
                };
                let Value::Ref(path) = source.value else {
                    return None;
                };
                for (at, inner) in self.comprehension_instances(*expr, *env, place, world) {
                    let asked = self.store.expr_thunk(*element, inner);
                    let gone_through = self.store.env(inner)?.binds.first()?.1;
                    for it in self.force(asked, at, place) {
                        let rule = &rules::WRONG_CONDITION;
                        let (yes, _) = self.truth(&it.value, place, rule, "an element", it.world);
                        holds.extend(yes.map(|world| (world, gone_through)));
                    }
                }
                path
            }
            _ => return None,
        };
        self.elements_held(path, holds, place, world)
    }

    /// The world in which a fold that gave `true` is known to have found each element of an input
    /// as its function asks: one that gives true only where what it was given is true.
    pub(super) fn held_by_fold(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> Option<Option<WorldId>> {
        let (Value::Closure(closure, _), Value::Ref(path)) = (function, array) else {
            return None;
        };
        if self.kinds(array, world) != KindSet::ARRAY {
            return None;
        }
        let program = self.program;
        let ExprKind::Function { params, body, .. } = &program.expr(*closure).kind else {
            return None;
        };
        let acc = params.get(usize::from(call.name == "foldr"))?.name.symbol;
        if !is_conjunct(program, *body, acc) {
            return None;
        }
        let place = call.place;
        let mut holds: Vec<(WorldId, ThunkId)> = Vec::new();
        for (at, element) in self.elements(array, place, call.env, world) {
            let yes = self.value_thunk(Value::Data(Ty::bool(true)));
            let args = in_order(call, yes, element);
            for it in self.apply(function, &args, place, at) {
                let rule = &rules::WRONG_CONDITION;
                let (yes, _) = self.truth(&it.value, place, rule, "an element", it.world);
                holds.extend(yes.map(|world| (world, element)));
            }
        }
        self.elements_held(*path, holds, place, world)
    }

    /// The world in which each element of an input is as it is in one of those worlds.
    fn elements_held(
        &mut self,
        path: PathId,
        holds: Vec<(WorldId, ThunkId)>,
        place: ExprId,
        world: WorldId,
    ) -> Option<Option<WorldId>> {
        let ty = self.worlds.ty(world, path);
        let mut held = Ty::never();
        for (at, element) in holds {
            for Outcome { world, value } in self.force(element, at, place) {
                held = held.join(&self.data_type(&value, world)?);
            }
        }
        let mut array = array_of(&ty);
        if array.prefix.is_empty() {
            array.rest = held;
            let fact = Refinement::Is(Ty::from(array));
            return Some(self.worlds.assume(world, path, fact));
        }
        None
    }

    /// `std.member` and `std.contains`: of literals, it narrows what is looked for.
    pub(super) fn std_member_of(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        element: &Value,
        world: WorldId,
    ) -> Outcomes {
        if self.kinds(array, world) == KindSet::STRING.or(KindSet::ARRAY) {
            let mut all = Vec::new();
            for kind in [KindSet::STRING, KindSet::ARRAY] {
                if let Some((array, world)) = self.narrow(array, kind, world) {
                    all.append(&mut self.std_member_of(call, &array, element, world));
                }
            }
            return all;
        }
        if self.kinds(array, world) == KindSet::STRING {
            let rule = &rules::WRONG_ARGUMENT;
            let what = "what is looked for in a string";
            let found = self.expect(
                element,
                KindSet::STRING,
                call.place_of(1),
                rule,
                what,
                world,
            );
            return match found {
                Some((_, world)) => Self::data(world, Ty::boolean()),
                None => Self::poison(world),
            };
        }
        self.compared_with_elements(call, array, element, world);
        let Value::Array(made) = array else {
            let ty = self.data_type(array, world).unwrap_or(Ty::Poison);
            let elements = array_of(&ty).element();
            let looked_for = self.data_type(element, world);
            if looked_for.is_some_and(|it| !it.is_poison() && it.is_disjoint(&elements)) {
                return Self::data(world, Ty::bool(false));
            }
            if let Value::Ref(path) = element
                && !elements.is_poison()
                && elements != Ty::Unknown
            {
                let yes = self.worlds.assume(world, *path, Refinement::Is(elements));
                return Self::truths(yes.into_iter().collect(), vec![world]);
            }
            return Self::data(world, Ty::boolean());
        };
        if let Some((yes, no)) = self.has_key(array, element, world) {
            return Self::truths(yes, no);
        }
        let listed = match &**made {
            ArrayValue::Fixed(elements) => Some(elements.clone()),
            _ => self.listed(array, call, world),
        };
        let Some(elements) = listed else {
            return Self::data(world, Ty::boolean());
        };
        let mut yes = Vec::new();
        let mut no = vec![world];
        let mut all = Ty::never();
        for thunk in elements {
            let mut still = Vec::new();
            for world in no {
                for it in self.force(thunk, world, call.place_of(0)) {
                    let (equal, differs) = self.equal(element, &it.value, call.place, it.world);
                    yes.extend(equal);
                    still.extend(differs);
                    // Of what the program computes no type is known here.
                    let ty = self.data_type(&it.value, it.world);
                    all = all.join(&ty.unwrap_or(Ty::Unknown));
                }
            }
            no = self.few(still);
        }
        if let Value::Ref(path) = element
            && yes.len() > 1
            && !all.is_poison()
            && all != Ty::Unknown
        {
            let met = self.worlds.assume(world, *path, Refinement::Is(all));
            yes = met.into_iter().collect();
        }
        Self::truths(self.few(yes), no)
    }

    /// Where an array is the keys of an object: the worlds in which a value is one of them, and
    /// those in which it is not.
    pub(super) fn has_key(
        &mut self,
        array: &Value,
        element: &Value,
        world: WorldId,
    ) -> Option<(Vec<WorldId>, Vec<WorldId>)> {
        let Value::Array(made) = array else {
            return None;
        };
        let ArrayValue::Keys(of, hidden) = &**made else {
            return None;
        };
        (self.kinds(element, world) == KindSet::STRING)
            .then(|| self.has(&of.clone(), element, *hidden, world))
    }

    pub(super) fn compared_with_elements(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        element: &Value,
        world: WorldId,
    ) {
        if self.kinds(element, world).contains(KindSet::FUNCTION) {
            let rule = &rules::FUNCTION_COMPARISON;
            self.say(
                rule,
                call.place,
                "functions cannot be compared with each other",
            );
            return;
        }
        self.manifest_for(array, call.place, world, Purpose::Comparison);
        self.manifest_for(element, call.place, world, Purpose::Comparison);
    }
}

/// Whether an expression is true only where that variable is: one of the operands of its `&&`.
fn is_conjunct(program: &Program, expr: ExprId, variable: Symbol) -> bool {
    let mut at = expr;
    loop {
        match &program.expr(at).kind {
            ExprKind::Parens(inner) => at = *inner,
            ExprKind::Var(name) => return *name == variable,
            ExprKind::Binary {
                op: BinaryOp::And,
                left,
                right,
                ..
            } => {
                let right = program.expr(*right);
                if matches!(right.kind, ExprKind::Var(name) if name == variable) {
                    return true;
                }
                at = *left;
            }
            _ => return false,
        }
    }
}
