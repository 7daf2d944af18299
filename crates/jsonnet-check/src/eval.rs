//! Abstract call-by-need evaluation.
//!
//! [`Checker::eval`] gives, for an expression in an environment and a world, every way evaluation
//! can go: the value, and the world with what is known then. No way at all means that evaluation
//! never gives a value there: the place is infeasible, the program ended in its own `error`, or an
//! error was reported.
//!
//! Invariants:
//! - only what evaluation forces is evaluated here, so an error is reported only on a feasible path;
//! - each place is reported once per code;
//! - evaluation is bounded by fuel and depth; when they end, that is an error (`cannot-prove`),
//!   never acceptance; the other members of the output are evaluated all the same.

mod absence;
pub(crate) mod access;
mod arithmetic;
mod binary;
pub(crate) mod call;
mod clashes;
mod comprehension;
mod condition;
mod derived;
mod descent;
pub(crate) mod distinct;
mod edges;
mod elements;
mod equality;
mod failing;
mod force;
pub(crate) mod identity;
mod images;
mod inherited;
mod kinds;
mod lookup;
pub(crate) mod manifest;
pub(crate) mod members;
mod object;
pub(crate) mod ordering;
mod outcomes;
pub(crate) mod position;
mod recursion;
mod repeated;
mod report;
mod resume;
pub(crate) mod slice;
mod sum;
pub(crate) mod taken;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use diagnostics::{Diagnostic, Span};
use jsonnet_syntax::{BinaryOp, ExprId, ExprKind, Program, Symbol};

pub(crate) use call::Argument;
pub(crate) use kinds::KindSet;

use crate::{
    check::{Profile, Report, UserError},
    rules,
    ty::{Number, Ty},
    value::{ArrayValue, EnvId, EnvKey, ObjectId, Outcomes, Store, ThunkId, Value},
    world::{PathId, RootId, WorldId, Worlds},
};

/// Evaluations inside each other; go-jsonnet itself stops at 500 frames.
pub(crate) const MAX_DEPTH: u32 = 360;
/// As many as any stack holds. Programs that go deeper are evaluated again on a larger one.
pub(crate) const SHALLOW_DEPTH: u32 = 36;
/// Steps of evaluation for one program, beside one for each byte of it: far more than any template
/// takes.
const FUEL: u32 = 60_000;
/// Worlds of one program: each holds the types of its arguments as they are known in it.
const MAX_WORLDS: usize = 12_000;
/// Worlds in which something suspended is evaluated before a coarser result is tried.
const MAX_MEMO: usize = 8;
/// Ways that are kept apart; more are joined where they are data.
const MAX_OUTCOMES: usize = 6;
/// Ways that cannot be joined; more are given up.
const MAX_SUSPENDED: usize = 40;

/// What was manifested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Manifested {
    /// An object, by those of its members.
    Object(ObjectId, manifest::Members, manifest::Purpose),
    Thunk(ThunkId, manifest::Purpose),
}

pub(crate) struct Checker<'p> {
    pub(crate) program: &'p Program,
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) worlds: Worlds,
    pub(crate) store: Store,
    pub(crate) profile: &'p Profile,
    pub(crate) start: WorldId,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) report: Report,
    reported: HashSet<(Span, &'static str)>,
    fuel: u32,
    max_worlds: usize,
    depth: u32,
    max_depth: u32,
    is_too_deep: bool,
    gave_up: bool,
    resume: resume::Resume,
    calls: Vec<ExprId>,
    /// The roots of any element, by the place that goes through the array and what array it is.
    roots: HashMap<(ExprId, EnvId, Option<PathId>, u32), RootId>,
    /// Of the path of a root, that of the value out of which it was taken.
    taken: HashMap<PathId, (PathId, taken::Taken)>,
    taken_roots: HashMap<(ExprId, EnvId, PathId), RootId>,
    descent: descent::Descent,
    /// Whether objects may do more than their output shows, by where they are written.
    written_late: HashMap<ExprId, bool>,
    /// Manifested objects and elements, so that shared values are not gone through again.
    pub(crate) manifested: HashMap<(Manifested, WorldId), Ty>,
    element_thunks: HashMap<PathId, ThunkId>,
    asserting: Vec<ObjectId>,
    /// The worlds in which the asserts of an object were run, and what was known after them.
    asserted: HashMap<ObjectId, Vec<(WorldId, Vec<WorldId>)>>,
    /// What was remembered while something is evaluated coarsely, so that it can be forgotten.
    remembered: Vec<force::Remembered>,
    coarse: u32,
    /// The roots of computed values that were read by a name.
    thunk_roots: HashMap<ThunkId, RootId>,
    /// The paths of arrays and objects that the program built. An array stays alive with its
    /// address.
    array_paths: HashMap<*const ArrayValue, (Rc<ArrayValue>, PathId)>,
    object_paths: HashMap<ObjectId, PathId>,
    /// The roots of what is under a key of a value, both by their paths.
    parts: HashMap<(PathId, PathId), RootId>,
    /// The roots of positions that are computed from others.
    derived: HashMap<derived::Derived, RootId>,
    repeated: HashMap<ExprId, repeated::Repeated>,
    /// Whether objects were added to each other.
    pub(crate) has_extended: bool,
    failing: failing::Failures,
}

impl<'p> Checker<'p> {
    pub(crate) fn new(program: &'p Program, profile: &'p Profile, max_depth: u32) -> Self {
        let mut checker = Self {
            program,
            names: Vec::new(),
            worlds: Worlds::new(),
            store: Store::default(),
            profile,
            start: Worlds::START,
            diagnostics: Vec::new(),
            report: Report::default(),
            reported: HashSet::new(),
            fuel: FUEL.saturating_add(
                program
                    .span(program.root())
                    .range
                    .len()
                    .try_into()
                    .unwrap_or(0),
            ),
            max_worlds: MAX_WORLDS,
            depth: 0,
            max_depth,
            is_too_deep: false,
            gave_up: false,
            resume: resume::Resume::default(),
            calls: Vec::new(),
            roots: HashMap::new(),
            taken: HashMap::new(),
            taken_roots: HashMap::new(),
            descent: descent::Descent::default(),
            written_late: HashMap::new(),
            manifested: HashMap::new(),
            element_thunks: HashMap::new(),
            asserting: Vec::new(),
            asserted: HashMap::new(),
            remembered: Vec::new(),
            coarse: 0,
            thunk_roots: HashMap::new(),
            array_paths: HashMap::new(),
            object_paths: HashMap::new(),
            parts: HashMap::new(),
            derived: HashMap::new(),
            repeated: repeated::repeated(program),
            has_extended: false,
            failing: failing::Failures::default(),
        };
        let texts = 0..program.text_count();
        checker.names = texts.map(|at| program.text_at(at).into()).collect();
        checker.store.envs.push(crate::value::Env::default());
        checker
    }

    pub(crate) const GLOBAL: EnvId = EnvId(0);

    pub(crate) fn name(&self, symbol: Symbol) -> Arc<str> {
        let found = self.names.get(symbol.index());
        found.cloned().unwrap_or_else(|| Arc::from(""))
    }

    /// Whether evaluation ended before its time, and was not gone on with.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// Whether it ever did.
    pub(crate) fn was_given_up(&self) -> bool {
        self.resume.was_given_up
    }

    /// Whether evaluation went deeper than this checker's stack was said to hold.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.is_too_deep
    }

    /// Enters one more evaluation, manifestation or array; false when that is too deep.
    pub(crate) fn enter_depth(&mut self, place: ExprId) -> bool {
        if self.fuel == 0 || self.worlds.count() > self.max_worlds {
            self.give_up(place, "evaluating this takes too many steps to be followed");
            return false;
        }
        self.fuel -= 1;
        if self.depth < self.max_depth {
            self.depth += 1;
            return true;
        }
        self.is_too_deep = true;
        self.give_up(place, "this recursion could not be shown to end");
        false
    }

    pub(crate) fn leave_depth(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn eval(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        if self.gave_up {
            return Vec::new();
        }
        if !self.enter_depth(id) {
            return Vec::new();
        }
        let outer = self.failing.enter(world);
        let outcomes = self.eval_kind(id, env, world);
        self.failing.leave(outer);
        self.leave_depth();
        outcomes
    }

    fn eval_kind(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Missing => Self::poison(world),
            ExprKind::Null => Self::data(world, Ty::null()),
            ExprKind::Bool(value) => Self::data(world, Ty::bool(*value)),
            ExprKind::Number(value) if value.is_finite() => {
                Self::data(world, Ty::from(Number::literal(*value)))
            }
            ExprKind::Number(_) => {
                self.say(
                    &rules::NUMBER_OUT_OF_RANGE,
                    id,
                    "this number is too large to be held",
                );
                Self::poison(world)
            }
            ExprKind::String(symbol) => {
                let text = self.name(*symbol);
                Self::data(world, Ty::from(crate::ty::Text::of(vec![text])))
            }
            ExprKind::SelfRef => match self.store.env(env).and_then(|it| it.this) {
                Some((object, _)) => Self::one(world, Value::Object(object)),
                None => Self::poison(world),
            },
            ExprKind::Dollar => match self.store.env(env).and_then(|it| it.dollar) {
                Some(object) => Self::one(world, Value::Object(object)),
                None => Self::poison(world),
            },
            ExprKind::Var(symbol) => match self.store.variable(env, *symbol) {
                Some(thunk) => self.read(thunk, id, world),
                None if &*self.name(*symbol) == "std" => Self::one(world, Value::Std),
                None => Self::poison(world),
            },
            ExprKind::Parens(inner) => self.eval(*inner, env, world),
            ExprKind::Array(elements) => {
                let elements = elements.iter().map(|it| self.store.expr_thunk(*it, env));
                let elements = elements.collect();
                Self::one(world, Value::Array(Rc::new(ArrayValue::Fixed(elements))))
            }
            ExprKind::ArrayComp { .. } => {
                let outcomes = self.array_comprehension(id, env, world);
                self.known_repeat(id, env, outcomes)
            }
            ExprKind::Object(_) | ExprKind::ObjectComp { .. } => self.object(id, env, world),
            ExprKind::Member { target, name } => {
                let targets = self.eval(*target, env, world);
                let targets = self.only_unknown_of(targets, KindSet::OBJECT);
                let member = self.name(name.symbol);
                self.members(targets, &member, (id, *target))
            }
            ExprKind::Index { target, index } => {
                let targets = self.eval(*target, env, world);
                let indexable = KindSet::OBJECT.or(KindSet::ARRAY).or(KindSet::STRING);
                let targets = self.only_unknown_of(targets, indexable);
                self.chain(targets, id, |it, value, world| {
                    let indices = it.eval(*index, env, world);
                    it.chain(indices, id, |it, key, world| {
                        it.index(&value, &key, id, *target, *index, world)
                    })
                })
            }
            ExprKind::Slice {
                target,
                from,
                to,
                step,
            } => {
                let outcomes = self.slice(id, *target, [*from, *to, *step], env, world);
                self.known_repeat(id, env, outcomes)
            }
            ExprKind::SuperMember { name } => {
                let member = self.name(name.symbol);
                self.super_member(&member, id, env, world)
            }
            ExprKind::SuperIndex { index } => {
                let names = self.eval(*index, env, world);
                self.chain(names, id, |it, name, world| {
                    it.super_index(&name, id, *index, env, world)
                })
            }
            ExprKind::InSuper { name } => {
                let names = self.eval(*name, env, world);
                self.chain(names, id, |it, value, world| {
                    it.in_super(&value, *name, env, world)
                })
            }
            ExprKind::Call { .. } => {
                let outcomes = self.call_expr(id, env, world);
                self.known_repeat(id, env, outcomes)
            }
            ExprKind::ApplyBrace { target, object } => {
                let lefts = self.eval(*target, env, world);
                self.chain(lefts, id, |it, left, world| {
                    let rights = it.eval(*object, env, world);
                    it.chain(rights, id, |it, right, world| {
                        it.binary_values(
                            BinaryOp::Add,
                            (&left, *target),
                            (&right, *object),
                            id,
                            world,
                        )
                    })
                })
            }
            ExprKind::Unary { op, operand, .. } => {
                let values = self.eval(*operand, env, world);
                self.chain(values, id, |it, value, world| {
                    it.unary(*op, &value, *operand, world)
                })
            }
            ExprKind::Binary { .. } => self.binary(id, env, world),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let (yes, no) = self.condition(*condition, env, world);
                let mut all = Vec::new();
                for world in yes {
                    all.append(&mut self.eval(*then, env, world));
                }
                for world in no {
                    match otherwise {
                        Some(otherwise) => all.append(&mut self.eval(*otherwise, env, world)),
                        None => all.append(&mut Self::data(world, Ty::null())),
                    }
                }
                let outcomes = self.compact(all, id);
                self.known_repeat(id, env, outcomes)
            }
            ExprKind::Local { .. } => {
                let outcomes = self.local(id, env, world);
                self.known_repeat(id, env, outcomes)
            }
            ExprKind::Function { .. } => Self::one(world, Value::Closure(id, env)),
            ExprKind::Assert {
                condition,
                message,
                rest,
            } => {
                let worlds = self.assertion(*condition, *message, env, world);
                let mut all = Vec::new();
                for world in worlds {
                    all.append(&mut self.eval(*rest, env, world));
                }
                self.compact(all, id)
            }
            ExprKind::Error(message) => {
                let messages = self.eval(*message, env, world);
                for it in messages {
                    self.user_error(id, &it.value, it.world);
                }
                Vec::new()
            }
            ExprKind::Import { form, .. } => {
                let keyword = form.keyword();
                let message = format!("`{keyword}` finds nothing here: the program stands alone");
                let diagnostic = self
                    .diagnostic(&rules::IMPORT_NOT_BUNDLED, id, message)
                    .help("write what is imported into the program itself");
                self.push(diagnostic);
                Self::poison(world)
            }
        }
    }

    fn local(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let program = self.program;
        let (mut at, mut env) = (id, env);
        while let ExprKind::Local { binds, body } = &program.expr(at).kind {
            let key = EnvKey {
                expr: at,
                env,
                parts: Vec::new(),
            };
            let (scope, is_new) = self.store.keyed_env(key);
            if is_new {
                for bind in binds {
                    let thunk = self.store.expr_thunk(bind.value, scope);
                    self.store.bind(scope, bind.name.symbol, thunk);
                }
            }
            (at, env) = (*body, scope);
        }
        self.eval(at, env, world)
    }

    pub(super) fn user_error(&mut self, place: ExprId, message: &Value, world: WorldId) {
        let texts = match self.data_type(message, world) {
            Some(ty) => match ty.kinds().text.as_ref().and_then(|it| it.literals.clone()) {
                Some(literals) => literals.into_iter().map(Some).collect(),
                None => vec![None],
            },
            None => {
                self.text_of_value(message, place, world);
                vec![None]
            }
        };
        for text in texts {
            let error = UserError {
                text,
                span: self.program.span(place),
            };
            if !self.report.errors.contains(&error) {
                self.report.errors.push(error);
            }
        }
    }
}
