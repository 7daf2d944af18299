//! Worlds that meet: what one has of another, and what two have in common.
//!
//! Invariant: of an element of an array nothing is carried over to another element.

use super::{Fact, PathId, RootId, WorldId, Worlds};
use crate::ty::Refinement;

/// Worlds that learnt more since they parted are joined without what both learnt.
const MAX_COMPARED: usize = 16;

impl Worlds {
    /// The facts of `from`, oldest first, that `world` does not have by descent.
    pub(crate) fn missing(&self, world: WorldId, from: WorldId) -> Vec<Fact> {
        let common = self.common(world, from);
        let mut facts = Vec::new();
        let mut at = from;
        while at != common {
            let Some(it) = self.worlds.get(at.0 as usize) else {
                break;
            };
            facts.extend(it.fact.clone());
            let Some(parent) = it.parent else { break };
            at = parent;
        }
        facts.reverse();
        facts
    }

    /// `world` with everything that is known in `from` as well; none when they contradict.
    pub(crate) fn replay(&mut self, world: WorldId, from: WorldId) -> Option<WorldId> {
        let mut at = world;
        // Elements that are others here: what was learnt of them, and of what was computed from
        // them, does not carry over.
        let mut others: Vec<RootId> = Vec::new();
        for fact in self.missing(world, from) {
            let about: Vec<PathId> = match &fact {
                Fact::About(path, _) => vec![*path],
                Fact::Holds(container, key) => vec![*container, *key],
                Fact::Bind(..) => Vec::new(),
            };
            let elements = about.iter().map(|it| self.elements_at(*it));
            if !others.is_empty()
                && elements
                    .flat_map(|it| it.to_vec())
                    .any(|it| others.contains(&it))
            {
                continue;
            }
            at = match fact {
                Fact::About(path, fact) => self.assume(at, path, fact)?,
                Fact::Holds(container, key) => self.hold(at, container, key),
                Fact::Bind(root, ty) => {
                    let elements = self.elements_of(root);
                    let is_element = elements.contains(&root);
                    if elements.iter().any(|it| *it != root && others.contains(it)) {
                        if is_element {
                            others.push(root);
                        }
                        at
                    } else if !self.is_bound(at, root) {
                        self.bind(at, root, ty)?
                    } else if is_element {
                        others.push(root);
                        at
                    } else {
                        let path = self.path_of_root(root);
                        self.assume(at, path, Refinement::Is(ty))?
                    }
                }
            };
        }
        Some(at)
    }

    /// What is known in both worlds of the values that both know.
    pub(crate) fn merge(&mut self, a: WorldId, b: WorldId) -> WorldId {
        let mut merged = self.common(a, b);
        if merged == a || merged == b {
            return merged;
        }
        let roots = |it: WorldId| self.worlds.get(it.0 as usize).map(|it| it.roots.clone());
        let (Some(x), Some(y)) = (roots(a), roots(b)) else {
            return merged;
        };
        for (root, ty) in x.iter() {
            if self.is_bound(merged, *root) {
                continue;
            }
            if let Some((_, other)) = y.iter().find(|(it, _)| it == root) {
                merged = self.bind(merged, *root, ty.join(other)).unwrap_or(merged);
            }
        }
        for fact in self.learnt_in_both((a, b), merged) {
            merged = match fact {
                Fact::About(path, fact) => self.assume(merged, path, fact).unwrap_or(merged),
                Fact::Holds(container, key) => self.hold(merged, container, key),
                Fact::Bind(..) => merged,
            };
        }
        merged
    }

    /// The facts that two worlds learnt alike since they parted, of what says the same in both: no
    /// element, which each may have bound anew.
    fn learnt_in_both(&self, (a, b): (WorldId, WorldId), merged: WorldId) -> Vec<Fact> {
        let (x, y) = (self.missing(merged, a), self.missing(merged, b));
        if x.len().min(y.len()) > MAX_COMPARED || x.len().max(y.len()) > 8 * MAX_COMPARED {
            return Vec::new();
        }
        let is_fixed = |it: &PathId| self.elements_at(*it).is_empty() && self.knows(merged, *it);
        let mut both = x;
        both.retain(|fact| match fact {
            Fact::About(path, learnt) => {
                let is_same =
                    |it: &Fact| matches!(it, Fact::About(of, it) if of == path && it == learnt);
                is_fixed(path) && y.iter().any(is_same)
            }
            Fact::Holds(container, key) => {
                let is_same =
                    |it: &Fact| matches!(it, Fact::Holds(of, it) if of == container && it == key);
                is_fixed(container) && is_fixed(key) && y.iter().any(is_same)
            }
            Fact::Bind(..) => false,
        });
        both
    }

    /// The nearest world that both descend from.
    pub(crate) fn common(&self, a: WorldId, b: WorldId) -> WorldId {
        let (mut a, mut b) = (a, b);
        let depth = |it: WorldId| self.worlds.get(it.0 as usize).map_or(0, |it| it.depth);
        let up = |it: WorldId| {
            let world = self.worlds.get(it.0 as usize);
            world.and_then(|it| it.parent).unwrap_or(Self::START)
        };
        while a != b {
            if depth(a) >= depth(b) {
                a = up(a);
            } else {
                b = up(b);
            }
        }
        a
    }
}
