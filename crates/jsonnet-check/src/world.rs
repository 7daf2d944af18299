//! Worlds: what is known of the inputs on one path through the program.
//!
//! A value that comes from an input by naming members and positions has a *path*. A fact is about a
//! path, and since values never change it never dies. A world is a chain of facts; beside the facts
//! it holds what they make of the types of the roots, so that the type of a path is read off.
//!
//! Roots are the arguments of the program, and the elements of arrays: each place that goes through
//! an array has a root of its own for "any element", which is bound anew in each world that goes
//! through it.
//!
//! Invariants:
//! - a world in which some root has no value left is never made: it is infeasible;
//! - a fact that teaches nothing makes no world, so equal knowledge mostly has one number.

use std::{collections::HashMap, rc::Rc, sync::Arc};

use crate::ty::{Refinement, Step, Ty};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WorldId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RootId(u32);

/// What a world adds to its parent.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// Something about the value at a path.
    About(PathId, Refinement),
    /// A root stands for a value of that type.
    Bind(RootId, Ty),
}

struct World {
    parent: Option<WorldId>,
    depth: u32,
    fact: Option<Fact>,
    roots: Rc<Vec<(RootId, Ty)>>,
}

struct Path {
    root: RootId,
    parent: Option<PathId>,
    steps: Rc<[Step]>,
}

/// A refinement, and the world it makes where it can hold.
type Made = (Refinement, Option<WorldId>);

pub(crate) struct Worlds {
    worlds: Vec<World>,
    paths: Vec<Path>,
    path_numbers: HashMap<(RootId, Rc<[Step]>), PathId>,
    /// The name of each root as a program would write it.
    names: Vec<Arc<str>>,
    cache: HashMap<(WorldId, PathId), Ty>,
    /// Refinements made before, by the world and path they were made in.
    made: HashMap<(WorldId, PathId), Vec<Made>>,
}

impl Worlds {
    pub(crate) const START: WorldId = WorldId(0);

    pub(crate) fn new() -> Self {
        Self {
            worlds: vec![World {
                parent: None,
                depth: 0,
                fact: None,
                roots: Rc::new(Vec::new()),
            }],
            paths: Vec::new(),
            path_numbers: HashMap::new(),
            names: Vec::new(),
            cache: HashMap::new(),
            made: HashMap::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.worlds.len()
    }

    pub(crate) fn new_root(&mut self, name: &str) -> RootId {
        let root = RootId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.into());
        root
    }

    pub(crate) fn path_of_root(&mut self, root: RootId) -> PathId {
        self.path(root, None, Rc::from(Vec::new()))
    }

    fn path(&mut self, root: RootId, parent: Option<PathId>, steps: Rc<[Step]>) -> PathId {
        if let Some(path) = self.path_numbers.get(&(root, steps.clone())) {
            return *path;
        }
        let path = PathId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        self.paths.push(Path {
            root,
            parent,
            steps: steps.clone(),
        });
        self.path_numbers.insert((root, steps), path);
        path
    }

    /// The path of a part of the value at a path.
    pub(crate) fn child(&mut self, path: PathId, step: Step) -> PathId {
        let Some(it) = self.paths.get(path.0 as usize) else {
            return path;
        };
        let root = it.root;
        let steps: Rc<[Step]> = it.steps.iter().cloned().chain([step]).collect();
        self.path(root, Some(path), steps)
    }

    /// The path as a program would write it.
    pub(crate) fn show(&self, path: PathId) -> String {
        let Some(it) = self.paths.get(path.0 as usize) else {
            return String::new();
        };
        let root = self.names.get(it.root.0 as usize);
        let mut shown = root.map_or_else(String::new, |it| it.to_string());
        for step in it.steps.iter() {
            match step {
                Step::Member(name) if crate::value::is_identifier(name) => {
                    shown.push('.');
                    shown.push_str(name);
                }
                Step::Member(name) => shown.push_str(&format!("[{name:?}]")),
                Step::Element(index) => shown.push_str(&format!("[{index}]")),
            }
        }
        shown
    }

    /// The type of the value at a path in a world, where it is present.
    pub(crate) fn ty(&mut self, world: WorldId, path: PathId) -> Ty {
        if let Some(ty) = self.cache.get(&(world, path)) {
            return ty.clone();
        }
        let ty = match self.paths.get(path.0 as usize) {
            None => Ty::Poison,
            Some(it) => match (it.parent, it.steps.last().cloned()) {
                (Some(parent), Some(step)) => self.ty(world, parent).step(&step),
                _ => {
                    let root = it.root;
                    self.root(world, root).unwrap_or(Ty::Unknown)
                }
            },
        };
        self.cache.insert((world, path), ty.clone());
        ty
    }

    pub(crate) fn is_bound(&self, world: WorldId, root: RootId) -> bool {
        self.root(world, root).is_some()
    }

    fn root(&self, world: WorldId, root: RootId) -> Option<Ty> {
        let world = self.worlds.get(world.0 as usize)?;
        let found = world.roots.iter().find(|(it, _)| *it == root);
        found.map(|(_, ty)| ty.clone())
    }

    fn add(&mut self, parent: WorldId, fact: Fact, root: RootId, ty: Ty) -> WorldId {
        let Some(from) = self.worlds.get(parent.0 as usize) else {
            return parent;
        };
        let mut roots = (*from.roots).clone();
        match roots.iter_mut().find(|(it, _)| *it == root) {
            Some(slot) => slot.1 = ty,
            None => roots.push((root, ty)),
        }
        let world = World {
            parent: Some(parent),
            depth: from.depth + 1,
            fact: Some(fact),
            roots: Rc::new(roots),
        };
        let id = WorldId(u32::try_from(self.worlds.len()).unwrap_or(u32::MAX));
        self.worlds.push(world);
        id
    }

    /// The world in which a root stands for a value of that type.
    pub(crate) fn bind(&mut self, world: WorldId, root: RootId, ty: Ty) -> Option<WorldId> {
        if ty.is_never() {
            return None;
        }
        Some(self.add(world, Fact::Bind(root, ty.clone()), root, ty))
    }

    /// The world in which the fact holds as well; none when it cannot.
    pub(crate) fn assume(
        &mut self,
        world: WorldId,
        path: PathId,
        fact: Refinement,
    ) -> Option<WorldId> {
        if let Some(made) = self.made.get(&(world, path))
            && let Some((_, known)) = made.iter().find(|(it, _)| *it == fact)
        {
            return *known;
        }
        let made = self.assume_anew(world, path, &fact);
        let known = self.made.entry((world, path)).or_default();
        known.push((fact, made));
        made
    }

    fn assume_anew(&mut self, world: WorldId, path: PathId, fact: &Refinement) -> Option<WorldId> {
        let (root, steps) = match self.paths.get(path.0 as usize) {
            Some(it) => (it.root, it.steps.clone()),
            None => return Some(world),
        };
        let before = self.ty(world, path);
        if before.is_poison() {
            return Some(world);
        }
        let after = before.refine_at(&[], fact);
        if after.is_never() {
            return None;
        }
        let base = self.root(world, root).unwrap_or(Ty::Unknown);
        let refined = base.refine_at(&steps, fact);
        if refined.is_never() {
            return None;
        }
        if after == before && refined == base {
            return Some(world);
        }
        Some(self.add(world, Fact::About(path, fact.clone()), root, refined))
    }

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
        // A root that stands for something else here: what was learnt of it does not carry over.
        let mut other: Vec<RootId> = Vec::new();
        for fact in self.missing(world, from) {
            at = match fact {
                Fact::About(path, fact) => {
                    let root = self.paths.get(path.0 as usize).map(|it| it.root);
                    if root.is_some_and(|it| other.contains(&it)) {
                        continue;
                    }
                    self.assume(at, path, fact)?
                }
                Fact::Bind(root, _) if self.is_bound(at, root) => {
                    other.push(root);
                    at
                }
                Fact::Bind(root, ty) => self.bind(at, root, ty)?,
            };
        }
        Some(at)
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
