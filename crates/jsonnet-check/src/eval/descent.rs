//! Recursion over data of unknown depth: calls of a function on parts of its own argument.
//!
//! JSON data is finite, so a function that calls itself only on members and elements of what it was
//! given comes to an end. Such a call is not evaluated on its own: what is true of every value of
//! the argument's type is true of the part. That is an induction over the height of the value. A
//! *summary* is its step: the body is evaluated once on a value of which nothing but the type is
//! known, calls on parts of that value are taken to give what the summary says, and the summary
//! is made wider until the body gives no more than it.
//!
//! Invariants:
//! - the parameters of a summary are new roots, so no fact about the first argument is taken for one
//!   about its parts, and a value is a part of such a root only where the body took it out of it;
//! - all calls that a summary answers are on strict parts of one and the same parameter;
//! - what a summary gives is data, all of it evaluated. So there are none of functions that may
//!   give more than their output shows (`self`, hidden members, `+:`), and none of those that raise
//!   errors of their own: what is not read of their output would not raise them;
//! - a summary is used up as soon as the types of the arguments, or what it gives, had to grow.

use std::{collections::HashMap, rc::Rc};

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, KindSet, recursion::Recursion};
use crate::{
    std::folds::widen,
    ty::Ty,
    value::{EnvId, EnvKey, Outcome, Outcomes, ThunkId, Value},
    world::{PathId, WorldId},
};

/// Rounds in which a summary is made wider. What it gives is any value of its kinds after the
/// third, and any value at all after the fourth.
const ROUNDS: usize = 12;
/// Summaries that one program may need.
const MAX_SUMMARIES: u32 = 200;

/// Calls of one function that a further one is compared with.
const MAX_CALLS: usize = 12;

/// A call of a function that may call itself. What it gives may be evaluated when it is done.
#[derive(Clone, Debug)]
struct Activation {
    slots: Rc<[Option<ThunkId>]>,
    world: WorldId,
}

/// An argument as a summary knows it.
#[derive(Clone, Debug)]
enum Given {
    /// A function, which is the same in all calls.
    Function(Value),
    /// Data, by the paths of all its forms; none where one has no path.
    Data(Ty, Option<Vec<PathId>>),
}

/// What is being found out of a function.
#[derive(Debug)]
struct Summary {
    function: ExprId,
    env: EnvId,
    given: Vec<Given>,
    /// The roots of the parameters.
    paths: Vec<Option<PathId>>,
    /// The parameters of which every call so far was on a strict part.
    descending: Vec<usize>,
    gives: Ty,
    /// Types that would also hold the arguments of the calls.
    wider: Option<Vec<Given>>,
}

/// What was found out, in the worlds that descend from one.
#[derive(Debug)]
struct Found {
    function: ExprId,
    env: EnvId,
    given: Vec<Given>,
    gives: Ty,
    world: WorldId,
}

/// The recursions of a program.
#[derive(Debug, Default)]
pub(super) struct Descent {
    calls: HashMap<(ExprId, EnvId), Vec<Activation>>,
    open: Vec<Summary>,
    found: Vec<Found>,
    count: u32,
    recursion: Option<Recursion>,
    /// Whether the type of what a function gives says all of it.
    give_data: HashMap<ExprId, bool>,
}

impl Checker<'_> {
    /// What a call gives, where it is a call of a function that is being evaluated on a part of that
    /// one's argument.
    pub(super) fn summarised(
        &mut self,
        function: ExprId,
        env: EnvId,
        slots: &[Option<ThunkId>],
        place: ExprId,
        world: WorldId,
    ) -> Option<Outcomes> {
        if !self.recursion().functions.contains(&function) || !self.gives_data(function) {
            return None;
        }
        let calls = self.descent.calls.entry((function, env)).or_default();
        let earlier: Vec<Activation> = calls.iter().rev().cloned().collect();
        calls.push(Activation {
            slots: Rc::from(slots),
            world,
        });
        if calls.len() > MAX_CALLS {
            calls.remove(1);
        }
        if earlier.is_empty() || self.descent.count > MAX_SUMMARIES {
            return None;
        }
        let given = self.given(slots, place, world)?;
        for at in (0..self.descent.open.len()).rev() {
            if let Some(gives) = self.answer(at, function, env, &given) {
                return Some(match gives.is_never() {
                    true => Vec::new(),
                    false => Self::data(world, gives),
                });
            }
        }
        let known = self.descent.found.iter().find(|it| {
            it.function == function
                && it.env == env
                && self.worlds.descends(world, it.world)
                && is_within(&given, &it.given)
        });
        if let Some(it) = known {
            return Some(match it.gives.is_never() {
                true => Vec::new(),
                false => Self::data(world, it.gives.clone()),
            });
        }
        for outer in &earlier {
            if let Some(given) = self.descends_from(&given, outer, place) {
                return self.summarise((function, env), given, place, world);
            }
        }
        None
    }

    /// What an open summary says of a call; none where it says nothing of it.
    fn answer(&mut self, at: usize, function: ExprId, env: EnvId, given: &[Given]) -> Option<Ty> {
        let it = self.descent.open.get(at)?;
        if it.function != function || it.env != env || !is_alike(given, &it.given) {
            return None;
        }
        let (mut descending, paths) = (it.descending.clone(), it.paths.clone());
        descending.retain(|index| {
            let part = match given.get(*index) {
                Some(Given::Data(_, Some(parts))) => parts,
                _ => return false,
            };
            let of = paths.get(*index).copied().flatten();
            of.is_some_and(|of| part.iter().all(|it| self.is_smaller(*it, of)))
        });
        if descending.is_empty() {
            return None;
        }
        let is_within = is_within(given, &self.descent.open.get(at)?.given);
        let it = self.descent.open.get_mut(at)?;
        it.descending = descending;
        if !is_within {
            let all = it.wider.as_ref().unwrap_or(&it.given);
            it.wider = Some(joined(all, given));
        }
        Some(it.gives.clone())
    }

    /// Finds out what a function gives for all arguments of these types.
    fn summarise(
        &mut self,
        (function, env): (ExprId, EnvId),
        mut given: Vec<Given>,
        place: ExprId,
        world: WorldId,
    ) -> Option<Outcomes> {
        let program = self.program;
        let ExprKind::Function { params, body, .. } = &program.expr(function).kind else {
            return None;
        };
        let mut gives = Ty::never();
        let (mut growths, mut round) = (0, 0);
        for _ in 0..ROUNDS {
            self.descent.count += 1;
            let mut start = world;
            let mut thunks = Vec::new();
            let mut paths = Vec::new();
            for (it, param) in given.iter().zip(params) {
                let value = match it {
                    Given::Function(value) => {
                        paths.push(None);
                        value.clone()
                    }
                    Given::Data(ty, _) => {
                        let name = self.name(param.name.symbol);
                        let root = self.worlds.new_element(Some(&name));
                        start = self.worlds.bind(start, root, ty.clone())?;
                        let path = self.worlds.path_of_root(root);
                        paths.push(Some(path));
                        Value::Ref(path)
                    }
                };
                thunks.push(self.value_thunk(value));
            }
            let key = EnvKey {
                expr: function,
                env,
                parts: thunks.iter().map(|it| it.0).collect(),
            };
            let (scope, _) = self.store.keyed_env(key);
            for (param, thunk) in params.iter().zip(&thunks) {
                self.store.bind(scope, param.name.symbol, *thunk);
            }
            self.descent.open.push(Summary {
                function,
                env,
                given: given.clone(),
                descending: (0..paths.len()).collect(),
                paths,
                gives: gives.clone(),
                wider: None,
            });
            self.calls.push(place);
            let outcomes = self.eval(*body, scope, start);
            let mut made = Some(Ty::never());
            for Outcome { world, value } in outcomes {
                let is_data = !self.kinds(&value, world).contains(KindSet::FUNCTION);
                let ty = is_data.then(|| self.as_data(&value, place, world));
                made = made.zip(ty).map(|(made, ty)| made.join(&ty));
            }
            self.calls.pop();
            let wider = self.descent.open.pop().and_then(|it| it.wider);
            if self.gave_up {
                return Some(Vec::new());
            }
            let made = made?;
            if made.is_poison() {
                return Some(Self::poison(world));
            }
            if let Some(wider) = wider {
                growths += 1;
                given = wider.iter().map(|it| it.widened(growths)).collect();
                (gives, round) = (Ty::never(), 0);
                continue;
            }
            let all = gives.join(&made);
            if all == gives {
                self.descent.found.push(Found {
                    function,
                    env,
                    given,
                    gives: gives.clone(),
                    world,
                });
                return Some(match gives.is_never() {
                    true => Vec::new(),
                    false => Self::data(world, gives),
                });
            }
            gives = grown(&gives, &all, round);
            round += 1;
        }
        None
    }

    /// The arguments of a call, where all are functions or data. Nothing is said of what forcing
    /// them finds: the body may never do so.
    fn given(
        &mut self,
        slots: &[Option<ThunkId>],
        place: ExprId,
        world: WorldId,
    ) -> Option<Vec<Given>> {
        slots
            .iter()
            .map(|slot| self.given_by((*slot)?, place, world))
            .collect()
    }

    fn given_by(&mut self, thunk: ThunkId, place: ExprId, world: WorldId) -> Option<Given> {
        let outcomes = self.force_silently(thunk, world, place)?;
        if let [only] = outcomes.as_slice()
            && let Value::Closure(..) | Value::Builtin(_) = &only.value
        {
            let is_known = match &only.value {
                Value::Closure(function, _) => self.gives_data(*function),
                _ => true,
            };
            return is_known.then(|| Given::Function(only.value.clone()));
        }
        let mut all: Option<Ty> = None;
        let mut paths = Some(Vec::new());
        for Outcome { world, value } in &outcomes {
            let ty = self.data_type(value, *world)?;
            if ty.is_poison() {
                return None;
            }
            all = Some(all.map_or_else(|| ty.clone(), |all| all.join(&ty)));
            match (value, &mut paths) {
                (Value::Ref(path), Some(paths)) => paths.push(*path),
                _ => paths = None,
            }
        }
        Some(Given::Data(all?, paths))
    }

    /// The types of both calls where some argument is smaller than in an earlier call of the same
    /// function, and of no other type than there.
    fn descends_from(
        &mut self,
        given: &[Given],
        outer: &Activation,
        place: ExprId,
    ) -> Option<Vec<Given>> {
        let slots = outer.slots.clone();
        let before = self.given(&slots, place, outer.world)?;
        if !is_alike(given, &before) {
            return None;
        }
        let descends = given.iter().zip(&before).zip(slots.iter()).any(|it| {
            let ((Given::Data(ty, Some(parts)), Given::Data(known, paths)), slot) = it else {
                return false;
            };
            if ty.join(known) != *known {
                return false;
            }
            let mut wholes: Vec<PathId> = match paths.as_deref() {
                Some([only]) => vec![*only],
                _ => Vec::new(),
            };
            // Data without a path got one when it was read by the parameter's name.
            let root = slot.and_then(|it| self.thunk_roots.get(&it).copied());
            wholes.extend(root.map(|it| self.worlds.path_of_root(it)));
            let is_smaller = |part: &PathId| wholes.iter().any(|it| self.is_smaller(*part, *it));
            parts.iter().all(is_smaller)
        });
        descends.then(|| joined(&before, given))
    }

    /// Whether the type of what a function gives says all of it.
    fn gives_data(&mut self, function: ExprId) -> bool {
        let program = self.program;
        if let Some(known) = self.descent.give_data.get(&function) {
            return *known;
        }
        let gives = self.recursion().gives_data(program, function);
        self.descent.give_data.insert(function, gives);
        gives
    }

    fn recursion(&mut self) -> &Recursion {
        let program = self.program;
        let known = &mut self.descent.recursion;
        known.get_or_insert_with(|| Recursion::of(program))
    }

    /// Whether some function of the program may call itself.
    pub(super) fn is_recursive(&mut self) -> bool {
        !self.recursion().functions.is_empty()
    }
}

/// Whether the same arguments are data in both, and the same functions.
fn is_alike(a: &[Given], b: &[Given]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|it| match it {
            (Given::Function(a), Given::Function(b)) => a.is_same(b),
            (Given::Data(..), Given::Data(..)) => true,
            _ => false,
        })
}

/// Whether arguments of the second types may be those of the first.
fn is_within(a: &[Given], b: &[Given]) -> bool {
    is_alike(a, b)
        && a.iter().zip(b).all(|it| match it {
            (Given::Data(a, _), Given::Data(b, _)) => a.join(b) == *b,
            _ => true,
        })
}

/// Types that hold the arguments of both.
fn joined(a: &[Given], b: &[Given]) -> Vec<Given> {
    let join = |(a, b): (&Given, &Given)| match (a, b) {
        (Given::Data(a, _), Given::Data(b, _)) => Given::Data(a.join(b), None),
        _ => a.clone(),
    };
    a.iter().zip(b).map(join).collect()
}

impl Given {
    /// The same argument after the types had to grow so often.
    fn widened(&self, growths: usize) -> Self {
        match self {
            Self::Function(_) => self.clone(),
            Self::Data(ty, _) => Self::Data(
                match growths {
                    0 | 1 => ty.clone(),
                    2 => widen(ty, 0),
                    _ => Ty::Unknown,
                },
                None,
            ),
        }
    }
}

/// What a summary gives in the next round. What holds itself grows for ever: then it is anything of
/// its kinds, and at last any value.
fn grown(before: &Ty, all: &Ty, round: usize) -> Ty {
    let kinds = widen(&KindSet::of(all).ty(), 0);
    match round {
        0 | 1 => all.clone(),
        2 if depth(before) == depth(all) => widen(all, 0),
        2 | 3 if kinds.join(all) == kinds => kinds,
        _ => Ty::Unknown,
    }
}

/// How deep arrays and objects stand in each other.
fn depth(ty: &Ty) -> usize {
    if matches!(ty, Ty::Unknown | Ty::Poison) {
        return 0;
    }
    let kinds = ty.kinds();
    let elements = kinds.array.iter().map(|it| it.element());
    let members = kinds.shapes.iter().map(crate::ty::Shape::values);
    let inner = elements.chain(members).map(|it| 1 + depth(&it));
    inner.max().unwrap_or(0)
}
