//! Worlds: what is known of the inputs on one path through the program.
//!
//! A value that comes from an input by naming members and positions has a *path*. A fact is about a
//! path, and since values never change it never dies. A world is a chain of facts; beside the facts
//! it holds what they make of the types of the roots, so that the type of a path is read off.
//!
//! Roots are the arguments of the program, and the elements of arrays: each place that goes through
//! an array has a root of its own for "any element", which is bound anew in each world that goes
//! through it. What a program computes has a root too, one for each suspended value, so that what is
//! learnt of a local is known wherever it is read.
//!
//! Invariants:
//! - a root of a computed value says the same of it in every world, unless it was computed from an
//!   element: then it is about that element, and never carried over to another;
//! - a world in which some root has no value left is never made: it is infeasible;
//! - a fact that teaches nothing makes no world, so equal knowledge mostly has one number.

mod merge;

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
    /// The value at the second path is a member or a position that the value at the first has.
    Holds(PathId, PathId),
}

/// The elements that something was computed from, ascending.
pub(crate) type Elements = Rc<[RootId]>;

struct Root {
    /// As a program would write it, where it can.
    name: Option<Arc<str>>,
    elements: Elements,
}

struct World {
    parent: Option<WorldId>,
    depth: u32,
    fact: Option<Fact>,
    roots: Rc<Vec<(RootId, Ty)>>,
    /// What is known to be held: the paths of the container and of the key.
    held: Rc<Vec<(PathId, PathId)>>,
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
    roots: Vec<Root>,
    cache: HashMap<(WorldId, PathId), Ty>,
    /// Refinements made before, by the world and path they were made in.
    made: HashMap<(WorldId, PathId), Vec<Made>>,
    /// Bindings made before.
    bound: HashMap<(WorldId, RootId), Vec<(Ty, WorldId)>>,
    /// Worlds made before by what is held in them.
    holding: HashMap<(WorldId, PathId, PathId), WorldId>,
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
                held: Rc::new(Vec::new()),
            }],
            paths: Vec::new(),
            path_numbers: HashMap::new(),
            roots: Vec::new(),
            cache: HashMap::new(),
            made: HashMap::new(),
            bound: HashMap::new(),
            holding: HashMap::new(),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.worlds.len()
    }

    /// A root for an argument, or for a value that was computed from elements.
    pub(crate) fn new_root(&mut self, name: Option<&str>, elements: Elements) -> RootId {
        let root = RootId(u32::try_from(self.roots.len()).unwrap_or(u32::MAX));
        self.roots.push(Root {
            name: name.map(Arc::from),
            elements,
        });
        root
    }

    /// A root for any element of an array.
    pub(crate) fn new_element(&mut self, name: Option<&str>) -> RootId {
        let root = RootId(u32::try_from(self.roots.len()).unwrap_or(u32::MAX));
        self.new_root(name, Rc::from(vec![root]))
    }

    /// The elements that the value of a root was computed from.
    fn elements_of(&self, root: RootId) -> &[RootId] {
        let root = self.roots.get(root.0 as usize);
        root.map_or(&[], |it| &it.elements)
    }

    /// The elements that the value at a path was computed from.
    pub(crate) fn elements_at(&self, path: PathId) -> Elements {
        let path = self.paths.get(path.0 as usize);
        let root = path.and_then(|it| self.roots.get(it.root.0 as usize));
        root.map_or_else(crate::value::no_elements, |it| it.elements.clone())
    }

    /// Whether that world knows all these elements.
    pub(crate) fn are_bound(&self, world: WorldId, elements: &[RootId]) -> bool {
        elements.iter().all(|it| self.is_bound(world, *it))
    }

    /// Whether an element was bound on the way from one world to another that descends from it.
    pub(crate) fn binds_element(&self, from: WorldId, to: WorldId) -> bool {
        self.any_fact(from, to, |it| match it {
            Fact::Bind(root, _) => self.elements_of(*root).contains(root),
            _ => false,
        })
    }

    /// Whether some fact between a world and one that descends from it is of that kind.
    fn any_fact(&self, from: WorldId, to: WorldId, mut is: impl FnMut(&Fact) -> bool) -> bool {
        let mut at = to;
        while at != from {
            let Some(it) = self.worlds.get(at.0 as usize) else {
                break;
            };
            if it.fact.as_ref().is_some_and(&mut is) {
                return true;
            }
            let Some(parent) = it.parent else { break };
            at = parent;
        }
        false
    }

    /// Whether `world` is `from`, or knows more than it.
    pub(crate) fn descends(&self, world: WorldId, from: WorldId) -> bool {
        self.common(world, from) == from
    }

    /// Whether the second world follows from the first: on the way there nothing was learnt but
    /// what computed values are.
    pub(crate) fn is_certain(&self, world: WorldId, from: WorldId) -> bool {
        self.descends(world, from)
            && !self.any_fact(from, world, |it| match it {
                Fact::Bind(root, _) => self.elements_of(*root).contains(root),
                _ => true,
            })
    }

    /// The root of a path, and the steps from there.
    pub(crate) fn steps(&self, path: PathId) -> Option<(RootId, &[Step])> {
        let path = self.paths.get(path.0 as usize)?;
        Some((path.root, &path.steps))
    }

    /// What each root stands for in a world, in the order in which they were bound.
    pub(crate) fn known_roots(&self, world: WorldId) -> Vec<(RootId, Ty)> {
        let world = self.worlds.get(world.0 as usize);
        world.map_or_else(Vec::new, |it| (*it.roots).clone())
    }

    /// The paths of what is known to be held in a world, container and key.
    pub(crate) fn all_held(&self, world: WorldId) -> &[(PathId, PathId)] {
        let world = self.worlds.get(world.0 as usize);
        world.map_or(&[], |it| &it.held)
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

    /// The path of what a value is a part of, and which part.
    pub(crate) fn parent(&self, path: PathId) -> Option<(PathId, Step)> {
        let it = self.paths.get(path.0 as usize)?;
        Some((it.parent?, it.steps.last()?.clone()))
    }

    /// The path as a program would write it, where it can.
    pub(crate) fn show(&self, path: PathId) -> Option<String> {
        let it = self.paths.get(path.0 as usize)?;
        let root = self.roots.get(it.root.0 as usize)?;
        let mut shown = root.name.as_ref()?.to_string();
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
        Some(shown)
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

    /// Whether that world has the root of a path.
    pub(crate) fn knows(&self, world: WorldId, path: PathId) -> bool {
        let path = self.paths.get(path.0 as usize);
        path.is_some_and(|it| self.is_bound(world, it.root))
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
        let held = from.held.clone();
        self.make(parent, fact, Rc::new(roots), held)
    }

    fn make(
        &mut self,
        parent: WorldId,
        fact: Fact,
        roots: Rc<Vec<(RootId, Ty)>>,
        held: Rc<Vec<(PathId, PathId)>>,
    ) -> WorldId {
        let depth = self.worlds.get(parent.0 as usize).map_or(0, |it| it.depth);
        let world = World {
            parent: Some(parent),
            depth: depth + 1,
            fact: Some(fact),
            roots,
            held,
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
        let known = self.bound.get(&(world, root));
        if let Some((_, made)) = known.and_then(|it| it.iter().find(|(it, _)| *it == ty)) {
            return Some(*made);
        }
        let made = self.add(world, Fact::Bind(root, ty.clone()), root, ty.clone());
        let known = self.bound.entry((world, root)).or_default();
        known.push((ty, made));
        Some(made)
    }

    /// The world in which one value is known to be the name of a member of another, or, as a number,
    /// to be less than its length: a position where it is not negative.
    pub(crate) fn hold(&mut self, world: WorldId, container: PathId, key: PathId) -> WorldId {
        if self.holds(world, container, key) {
            return world;
        }
        if let Some(made) = self.holding.get(&(world, container, key)) {
            return *made;
        }
        let Some(from) = self.worlds.get(world.0 as usize) else {
            return world;
        };
        let mut held = (*from.held).clone();
        held.push((container, key));
        let roots = from.roots.clone();
        let made = self.make(world, Fact::Holds(container, key), roots, Rc::new(held));
        self.holding.insert((world, container, key), made);
        made
    }

    /// The values that are known to hold that one, as [`Self::hold`] means it.
    pub(crate) fn holders(&self, world: WorldId, key: PathId) -> Vec<PathId> {
        let world = self.worlds.get(world.0 as usize);
        let held = world.map_or(&[][..], |it| &it.held);
        let of = held.iter().filter(|(_, it)| *it == key);
        of.map(|(container, _)| *container).collect()
    }

    /// Whether one value is known to hold another, as [`Self::hold`] means it.
    pub(crate) fn holds(&self, world: WorldId, container: PathId, key: PathId) -> bool {
        let world = self.worlds.get(world.0 as usize);
        world.is_some_and(|it| it.held.contains(&(container, key)))
    }

    /// Whether something is known to have a member or position that an element of `array` names.
    pub(crate) fn holds_part_of(&self, world: WorldId, array: PathId) -> bool {
        let Some(world) = self.worlds.get(world.0 as usize) else {
            return false;
        };
        world.held.iter().any(|(_, key)| {
            let mut at = *key;
            while let Some((above, _)) = self.parent(at) {
                if above == array {
                    return true;
                }
                at = above;
            }
            false
        })
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

    /// Whether a test said, on the way to that world, that a value does not have a member.
    pub(crate) fn is_denied(&self, world: WorldId, path: PathId, name: &str) -> bool {
        self.any_fact(Self::START, world, |it| match it {
            Fact::About(of, Refinement::Lacks(it)) => *of == path && **it == *name,
            Fact::About(of, Refinement::Length(_, Some(0))) => *of == path,
            _ => false,
        })
    }
}
