//! Abstract values, and the store of what is shared between them: thunks, environments, objects.
//!
//! A value is either data (a type, or the path by which it came from an input), or something that
//! the program built and that still holds unevaluated parts. Unevaluated parts are evaluated in the
//! world that asks for them, so a `local` is read anew under the facts of each place that reads it.
//!
//! Invariants:
//! - equal expressions in equal environments are one thunk, equal calls make one environment, and
//!   equal layers one object: that is what memoises calls;
//! - an element of an array that a loop goes through is a path of its own root; results that leave
//!   the loop either are data without path, or are made anew by each later reader.

mod fields;

use std::{collections::HashMap, rc::Rc, sync::Arc};

pub(crate) use fields::Fields;

use jsonnet_syntax::{ExprId, Symbol, Visibility};

use crate::{
    ty::Ty,
    world::{Elements, PathId, WorldId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ThunkId(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EnvId(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectId(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LayerId(pub(crate) u32);

/// An abstract value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Data of a type, of no known origin.
    Data(Ty),
    /// The data at a path of an input.
    Ref(PathId),
    /// The length of the data at a path, and what is added to it.
    Length(PathId, i32),
    /// An array that the program built.
    Array(Rc<ArrayValue>),
    /// An object that the program built.
    Object(ObjectId),
    /// A function of the program.
    Closure(ExprId, EnvId),
    /// A function of the standard library.
    Builtin(&'static str),
    /// The standard library itself.
    Std,
}

/// An array that the program built.
#[derive(Debug)]
pub(crate) enum ArrayValue {
    /// `[a, b]`
    Fixed(Vec<ThunkId>),
    /// `[e for …]`
    Comp(ExprId, EnvId),
    /// `std.map(f, source)`; with the position as first argument for `mapWithIndex`.
    Map {
        function: Value,
        source: Value,
        indexed: bool,
        place: ExprId,
    },
    /// `std.filter(f, source)`
    Filter {
        function: Value,
        source: Value,
        place: ExprId,
    },
    /// `a + b`, and how many such are inside.
    Concat(Value, Value, u32),
    /// The keys of an object, which are distinct; of hidden fields too, or not.
    Keys(Value, bool),
    /// The positions of the array at a path, from that one on.
    Positions(PathId, u32),
    /// The elements of another array, fewer, more often or in another order.
    Some(Value),
    /// The elements of another array, each once, in another order.
    Reordered(Value),
    /// Elements of another array, each at most once, in their order.
    Part(Value),
}

/// One way in which evaluation goes: the value, and what is known then.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) world: WorldId,
    pub(crate) value: Value,
}

pub(crate) type Outcomes = Vec<Outcome>;

/// What a thunk evaluates.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Expr(ExprId, EnvId),
    Value(Value),
    /// A call by the standard library, made at an expression.
    Apply(Value, Vec<ThunkId>, ExprId),
}

#[derive(Debug)]
pub(crate) struct Thunk {
    pub(crate) body: Body,
    pub(crate) memo: Vec<(WorldId, Rc<[Outcome]>)>,
    pub(crate) active: Vec<WorldId>,
    /// Whether a result for many worlds at once was tried and was too coarse.
    pub(crate) is_told_apart: bool,
    /// The only outcome, where it goes through an array: whoever has it means that element.
    pub(crate) kept: Option<Outcome>,
    elements: Elements,
}

#[derive(Debug)]
pub(crate) struct Env {
    pub(crate) parent: Option<EnvId>,
    pub(crate) binds: Vec<(Symbol, ThunkId)>,
    /// The object that `self` is, and the layer below which `super` begins.
    pub(crate) this: Option<(ObjectId, usize)>,
    pub(crate) dollar: Option<ObjectId>,
    /// The elements that its variables were computed from.
    pub(crate) elements: Elements,
}

impl Default for Env {
    fn default() -> Self {
        Self {
            parent: None,
            binds: Vec::new(),
            this: None,
            dollar: None,
            elements: no_elements(),
        }
    }
}

/// A part of an object: what one `{ … }`, an input, or a function of the library contributes.
#[derive(Debug)]
pub(crate) enum Layer {
    /// `{ … }` or an object comprehension.
    Written {
        expr: ExprId,
        env: EnvId,
        fields: Fields,
        /// Fields whose names are not known.
        dynamic: Vec<Dynamic>,
    },
    /// Data; only what is an object in it.
    Data(Value),
    /// Fields made by the standard library.
    Made(Fields),
}

#[derive(Clone, Debug)]
pub(crate) struct LayerField {
    pub(crate) name: Arc<str>,
    /// The worlds in which it is there; empty when it always is.
    pub(crate) present: Vec<WorldId>,
    /// The worlds in which it is not.
    pub(crate) absent: Vec<WorldId>,
    /// Which value the source of a comprehension had: of two, only one was gone through.
    pub(crate) way: usize,
    pub(crate) plus: bool,
    pub(crate) visibility: Visibility,
    pub(crate) body: FieldBody,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum FieldBody {
    /// A value in the scope of the object, whose outer environment is given.
    Expr(ExprId, EnvId),
    Thunk(ThunkId),
}

/// A field, or any number of them, of unknown name.
#[derive(Clone, Debug)]
pub(crate) enum Dynamic {
    Field {
        name: Ty,
        plus: bool,
        visibility: Visibility,
        value: ExprId,
    },
    /// The fields of a comprehension over an array of unknown length.
    Comp { name: Ty },
}

impl LayerField {
    pub(crate) fn is_certain(&self) -> bool {
        self.present.is_empty()
    }
}

/// What makes an environment: equal keys, equal environments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EnvKey {
    pub(crate) expr: ExprId,
    pub(crate) env: EnvId,
    pub(crate) parts: Vec<u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) thunks: Vec<Thunk>,
    expr_thunks: HashMap<(ExprId, EnvId), ThunkId>,
    pub(crate) envs: Vec<Env>,
    env_keys: HashMap<EnvKey, EnvId>,
    pub(crate) layers: Vec<Rc<Layer>>,
    pub(crate) layer_keys: HashMap<(ExprId, EnvId, WorldId), LayerId>,
    layer_elements: Vec<Elements>,
    pub(crate) objects: Vec<Rc<[LayerId]>>,
    object_elements: Vec<Elements>,
    object_keys: HashMap<Rc<[LayerId]>, ObjectId>,
}

impl Store {
    fn number(length: usize) -> u32 {
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// A new thunk, and the elements that it was made from where it is no expression.
    pub(crate) fn thunk(&mut self, body: Body, elements: Elements) -> ThunkId {
        let id = ThunkId(Self::number(self.thunks.len()));
        self.thunks.push(Thunk {
            body,
            memo: Vec::new(),
            active: Vec::new(),
            is_told_apart: false,
            kept: None,
            elements,
        });
        id
    }

    /// The elements that a thunk is computed from.
    pub(crate) fn elements_of(&self, thunk: ThunkId) -> Elements {
        match self.thunks.get(thunk.0 as usize) {
            Some(it) => match it.body {
                Body::Expr(_, env) => self.elements_in(env),
                _ => it.elements.clone(),
            },
            None => no_elements(),
        }
    }

    pub(crate) fn elements_in(&self, env: EnvId) -> Elements {
        self.env(env)
            .map_or_else(no_elements, |it| it.elements.clone())
    }

    pub(crate) fn elements_of_object(&self, object: ObjectId) -> Elements {
        let elements = self.object_elements.get(object.0 as usize);
        elements.cloned().unwrap_or_else(no_elements)
    }

    pub(crate) fn expr_thunk(&mut self, expr: ExprId, env: EnvId) -> ThunkId {
        if let Some(thunk) = self.expr_thunks.get(&(expr, env)) {
            return *thunk;
        }
        let thunk = self.thunk(Body::Expr(expr, env), no_elements());
        self.expr_thunks.insert((expr, env), thunk);
        thunk
    }

    pub(crate) fn env(&self, env: EnvId) -> Option<&Env> {
        self.envs.get(env.0 as usize)
    }

    /// The environment of that key, and whether it is new, so that its binds are still to be made.
    pub(crate) fn keyed_env(&mut self, key: EnvKey) -> (EnvId, bool) {
        if let Some(env) = self.env_keys.get(&key) {
            return (*env, false);
        }
        let id = EnvId(Self::number(self.envs.len()));
        let (this, dollar) = self
            .env(key.env)
            .map_or((None, None), |it| (it.this, it.dollar));
        self.envs.push(Env {
            parent: Some(key.env),
            binds: Vec::new(),
            this,
            dollar,
            elements: self.elements_in(key.env),
        });
        self.env_keys.insert(key, id);
        (id, true)
    }

    pub(crate) fn bind(&mut self, env: EnvId, name: Symbol, thunk: ThunkId) {
        let elements = self.elements_of(thunk);
        if let Some(env) = self.envs.get_mut(env.0 as usize) {
            env.binds.push((name, thunk));
            env.elements = union(&env.elements, &elements);
        }
    }

    /// Says that what is evaluated there may read the object.
    pub(crate) fn bind_self(&mut self, env: EnvId, object: ObjectId, layer: usize) {
        let elements = self.elements_of_object(object);
        if let Some(it) = self.envs.get_mut(env.0 as usize) {
            it.this = Some((object, layer));
            it.dollar = it.dollar.or(Some(object));
            it.elements = union(&it.elements, &elements);
        }
    }

    pub(crate) fn variable(&self, mut env: EnvId, name: Symbol) -> Option<ThunkId> {
        loop {
            let scope = self.env(env)?;
            // The last of two equal parameters wins.
            if let Some((_, thunk)) = scope.binds.iter().rev().find(|(it, _)| *it == name) {
                return Some(*thunk);
            }
            env = scope.parent?;
        }
    }

    pub(crate) fn layer(&mut self, layer: Layer, elements: Elements) -> LayerId {
        let mut elements = elements;
        if let Layer::Written { env, .. } = &layer {
            elements = union(&elements, &self.elements_in(*env));
        }
        if let Layer::Written { fields, .. } | Layer::Made(fields) = &layer {
            for field in fields.iter() {
                elements = union(
                    &elements,
                    &match field.body {
                        FieldBody::Expr(_, env) => self.elements_in(env),
                        FieldBody::Thunk(thunk) => self.elements_of(thunk),
                    },
                );
            }
        }
        let id = LayerId(Self::number(self.layers.len()));
        self.layer_elements.push(elements);
        self.layers.push(Rc::new(layer));
        id
    }

    pub(crate) fn object(&mut self, layers: Vec<LayerId>) -> ObjectId {
        let layers: Rc<[LayerId]> = layers.into();
        if let Some(object) = self.object_keys.get(&layers) {
            return *object;
        }
        let parts = layers
            .iter()
            .map(|it| self.layer_elements.get(it.0 as usize));
        let elements = parts
            .flatten()
            .fold(no_elements(), |all, it| union(&all, it));
        self.object_elements.push(elements);
        let id = ObjectId(Self::number(self.objects.len()));
        self.objects.push(layers.clone());
        self.object_keys.insert(layers, id);
        id
    }

    pub(crate) fn layers_of(&self, object: ObjectId) -> Rc<[LayerId]> {
        let layers = self.objects.get(object.0 as usize);
        layers.cloned().unwrap_or_else(|| Rc::from(Vec::new()))
    }

    pub(crate) fn layer_of(&self, layer: LayerId) -> Rc<Layer> {
        let found = self.layers.get(layer.0 as usize);
        found
            .cloned()
            .unwrap_or_else(|| Rc::new(Layer::Made(Fields::default())))
    }
}

impl Value {
    pub(crate) fn poison() -> Self {
        Self::Data(Ty::Poison)
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Data(Ty::literal(text))
    }

    /// Whether both are the same as far as is known, for merging outcomes.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Data(a), Self::Data(b)) => a == b,
            (Self::Ref(a), Self::Ref(b)) => a == b,
            (Self::Length(a, x), Self::Length(b, y)) => a == b && x == y,
            (Self::Object(a), Self::Object(b)) => a == b,
            (Self::Closure(a, x), Self::Closure(b, y)) => a == b && x == y,
            (Self::Array(a), Self::Array(b)) => Rc::ptr_eq(a, b),
            (Self::Builtin(a), Self::Builtin(b)) => a == b,
            (Self::Std, Self::Std) => true,
            _ => false,
        }
    }
}

pub(crate) fn no_elements() -> Elements {
    thread_local! {
        static NONE: Elements = Rc::from(Vec::new());
    }
    NONE.with(Clone::clone)
}

/// The elements in either.
pub(crate) fn union(a: &Elements, b: &Elements) -> Elements {
    if a.is_empty() || Rc::ptr_eq(a, b) {
        return b.clone();
    }
    if b.iter().all(|it| a.contains(it)) {
        return a.clone();
    }
    let mut all: Vec<_> = a.iter().chain(b.iter()).copied().collect();
    all.sort_unstable();
    all.dedup();
    Rc::from(all)
}

/// Whether a member of that name can be written behind a dot.
pub(crate) fn is_identifier(name: &str) -> bool {
    const KEYWORDS: [&str; 18] = [
        "assert",
        "else",
        "error",
        "false",
        "for",
        "function",
        "if",
        "import",
        "importstr",
        "importbin",
        "in",
        "local",
        "null",
        "self",
        "super",
        "tailstrict",
        "then",
        "true",
    ];
    let mut bytes = name.bytes();
    let first = bytes
        .next()
        .is_some_and(|it| it.is_ascii_alphabetic() || it == b'_');
    first && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_') && !KEYWORDS.contains(&name)
}
