//! On which arguments an error happens: what the world of the error says of them, with the guilty
//! value narrowed to the case that fails.
//!
//! While the program is evaluated only the world and the case are noted; the types of the arguments
//! are made at the end, of the errors that are reported. What was learnt of an element of an array
//! is carried back to that array, innermost first: it has an element of that type. The same holds
//! for what an object holds under a key that is not known.
//! Of several errors each case is kept clear of the others, where that can be.
//!
//! Invariants:
//! - what is noted changes nothing of what is reported;
//! - a program without errors notes nothing, and one error notes a bounded number of cases;
//! - the types are a hint: facts about computed values have no place in them.

use std::collections::HashMap;

use diagnostics::{Diagnostic, Span};

use super::{Checker, KindSet};
use crate::{
    check::Failing,
    ty::{Array, Number, Refinement, Step, Ty, candidates},
    value::Value,
    world::{PathId, RootId, WorldId, Worlds},
};

/// Cases of one finding that are kept.
const MAX_CASES: usize = 4;
/// Findings of one program for which the types of the arguments are made.
const MAX_FINDINGS: usize = 24;
/// Other findings that a case is kept clear of.
const MAX_OTHERS: usize = 8;
/// Elements of one array that different loops speak of.
const MAX_ELEMENTS: usize = 4;

/// A place and a code.
type Key = (Span, &'static str);

/// A world in which an error happens, and what must be true there beside.
#[derive(Clone, Debug)]
struct Case {
    world: WorldId,
    fact: Option<(PathId, Refinement)>,
}

/// The cases in which errors happen.
#[derive(Debug)]
pub(crate) struct Failures {
    /// The world of what is being evaluated.
    world: WorldId,
    /// The cases of what is reported next.
    next: Vec<Case>,
    cases: Vec<(Key, Vec<Case>)>,
    /// The arrays that elements belong to.
    sources: HashMap<RootId, PathId>,
}

impl Default for Failures {
    fn default() -> Self {
        Self {
            world: Worlds::START,
            next: Vec::new(),
            cases: Vec::new(),
            sources: HashMap::new(),
        }
    }
}

impl Failures {
    /// Says in which world evaluation goes on; gives the one before.
    pub(super) fn enter(&mut self, world: WorldId) -> WorldId {
        std::mem::replace(&mut self.world, world)
    }

    pub(super) fn leave(&mut self, outer: WorldId) {
        self.world = outer;
    }

    /// Says that a root stands for an element of the array at a path.
    pub(super) fn comes_from(&mut self, element: RootId, source: Option<PathId>) {
        if let Some(source) = source {
            self.sources.insert(element, source);
        }
    }

    /// Notes what is reported, with the cases that were given for it.
    pub(super) fn record(&mut self, key: Key) {
        let mut cases = std::mem::take(&mut self.next);
        if cases.is_empty() {
            cases.push(Case {
                world: self.world,
                fact: None,
            });
        }
        cases.truncate(MAX_CASES);
        // Of the same place in another world there may be another case.
        let known = self.cases.iter().filter(|(it, _)| *it == key).count();
        if known < MAX_CASES {
            self.cases.push((key, cases));
        }
    }

    fn cases_of(&self, key: Key) -> Vec<Case> {
        let cases = self.cases.iter().filter(|(it, _)| *it == key);
        let cases = cases.flat_map(|(_, it)| it.iter().cloned());
        cases.take(MAX_CASES).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.cases.len()
    }

    /// Forgets what was noted since.
    pub(super) fn forget(&mut self, count: usize) {
        self.cases.truncate(count);
    }
}

impl Checker<'_> {
    /// Says in which case the next error happens: where this is true of the value.
    pub(crate) fn fails_where(&mut self, value: &Value, fact: Refinement, world: WorldId) {
        let fact = match (value, fact) {
            (Value::Length(path, offset), Refinement::Is(ty)) => {
                let number = ty.kinds().number.as_ref().and_then(Number::single);
                let length = number.map(|it| it - f64::from(*offset));
                let length = length.and_then(super::ordering::count);
                length.map(|it| (*path, Refinement::Length(it, Some(it))))
            }
            (value, fact) => self.identity(value).map(|path| (path, fact)),
        };
        self.failing.next = vec![Case { world, fact }];
    }

    /// Says in which worlds the next error happens.
    pub(crate) fn fails_in(&mut self, worlds: impl IntoIterator<Item = WorldId>) {
        let cases = worlds.into_iter().map(|world| Case { world, fact: None });
        self.failing.next = cases.take(MAX_CASES).collect();
    }

    /// On which arguments each of these errors happens, as far as types can say.
    pub(crate) fn failing(&mut self, diagnostics: &[Diagnostic], args: usize) -> Vec<Failing> {
        let errors = diagnostics.iter().filter(|it| it.is_error());
        let findings: Vec<(&Diagnostic, Vec<Case>)> = errors
            .take(MAX_FINDINGS)
            .map(|it| (it, self.failing.cases_of((it.primary, it.rule.code))))
            .collect();
        let first = |(_, cases): &(&Diagnostic, Vec<Case>)| cases.first()?.fact.clone();
        let guilty: Vec<_> = findings.iter().filter_map(first).take(MAX_OTHERS).collect();
        let mut failing = Vec::new();
        for (diagnostic, cases) in findings {
            let mut inputs: Vec<Vec<Ty>> = Vec::new();
            for Case { world, fact } in cases {
                let narrowed = fact.and_then(|(path, fact)| self.worlds.assume(world, path, fact));
                let world = self.without_others(&guilty, narrowed.unwrap_or(world));
                let types = self.arguments(world, args);
                if !inputs.contains(&types) {
                    inputs.push(types);
                }
            }
            failing.push(Failing {
                place: diagnostic.primary,
                code: diagnostic.rule.code,
                inputs,
            });
        }
        failing
    }

    /// The world without the other errors of the program, as far as that can be: what fails for one
    /// should not fail for another before.
    fn without_others(&mut self, guilty: &[(PathId, Refinement)], world: WorldId) -> WorldId {
        let mut world = world;
        for (path, fact) in guilty {
            if let Some(right) = opposite(fact)
                && self.worlds.knows(world, *path)
                && let Some(without) = self.worlds.assume(world, *path, right)
            {
                world = without;
            }
        }
        world
    }

    /// The types of the arguments in a world, with what is known there of elements and members.
    fn arguments(&mut self, world: WorldId, args: usize) -> Vec<Ty> {
        let mut roots = self.worlds.known_roots(world);
        for (container, key) in self.worlds.all_held(world).to_vec() {
            if let Some(step) = self.step(key, &roots) {
                let fact = match &step {
                    Step::Member(name) => Refinement::Has(name.clone()),
                    Step::Element(at) => Refinement::Length(at + 1, None),
                };
                self.learn(&mut roots, container, &[], &fact);
            }
        }
        // What is held under a key is bound after the container.
        let parts: HashMap<RootId, (PathId, PathId)> =
            self.parts.iter().map(|(at, root)| (*root, *at)).collect();
        for at in (args..roots.len()).rev() {
            let Some((root, ty)) = roots.get(at).cloned() else {
                continue;
            };
            let is = Refinement::Is(ty.clone());
            if let Some(source) = self.failing.sources.get(&root).copied() {
                for index in 0..MAX_ELEMENTS {
                    let filled = Refinement::Is(with_element(index, &ty));
                    if self.learn(&mut roots, source, &[], &filled) {
                        break;
                    }
                }
            } else if let Some((container, key)) = parts.get(&root)
                && let Some(step) = self.step(*key, &roots)
            {
                self.learn(&mut roots, *container, &[step], &is);
            }
        }
        roots.truncate(args);
        roots.into_iter().map(|(_, ty)| ty).collect()
    }

    /// Refines what one of the roots stands for; false when that cannot be.
    fn learn(
        &self,
        roots: &mut [(RootId, Ty)],
        path: PathId,
        more: &[Step],
        fact: &Refinement,
    ) -> bool {
        let Some((root, steps)) = self.worlds.steps(path) else {
            return false;
        };
        let steps = [steps, more].concat();
        let Some((_, ty)) = roots.iter_mut().find(|(it, _)| *it == root) else {
            return false;
        };
        let refined = ty.refine_at(&steps, fact);
        let can_be = !refined.is_never();
        if can_be {
            *ty = refined;
        }
        can_be
    }

    /// The step to a member or position of which only the type is known: the smallest there is.
    fn step(&self, key: PathId, roots: &[(RootId, Ty)]) -> Option<Step> {
        let (root, steps) = self.worlds.steps(key)?;
        let (_, ty) = roots.iter().find(|(it, _)| *it == root)?;
        let ty = steps.iter().fold(ty.clone(), |ty, step| ty.step(step));
        match candidates(&ty, 1).pop()? {
            serde_json::Value::String(name) => Some(Step::Member(name.into())),
            serde_json::Value::Number(at) => {
                let at = usize::try_from(at.as_u64()?).ok()?;
                Some(Step::Element(at))
            }
            _ => None,
        }
    }
}

/// What is true where a case does not happen.
fn opposite(fact: &Refinement) -> Option<Refinement> {
    Some(match fact {
        Refinement::Lacks(name) => Refinement::Has(name.clone()),
        Refinement::Length(0, Some(most)) => Refinement::Length(most + 1, None),
        Refinement::Is(ty)
            if ty
                .kinds()
                .number
                .as_ref()
                .and_then(Number::single)
                .is_some() =>
        {
            Refinement::IsNot(ty.clone())
        }
        Refinement::Is(ty) => Refinement::Is(KindSet::ANY.minus(KindSet::of(ty)).ty()),
        _ => return None,
    })
}

/// Arrays with an element of that type at a position.
fn with_element(index: usize, ty: &Ty) -> Ty {
    let mut array = Array::of(Ty::Unknown);
    array.prefix = vec![Ty::Unknown; index];
    array.prefix.push(ty.clone());
    array.min = index + 1;
    Ty::from(array)
}
