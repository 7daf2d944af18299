//! The standard library of go-jsonnet: which functions exist in which release, what they take, and
//! what they give.
//!
//! `std/signatures.txt` holds one function a line, as measured on go-jsonnet: the release that
//! first had it where that is not 0.20, names and kinds of the parameters (`?` for optional ones),
//! kinds of elements where they are checked, and the kind of the result. Kinds are `0` null, `b`
//! boolean, `n` number, `s` string, `a` array, `o` object, `f` function, `*` all of them; results
//! also `i` integer and `N` integer from 0. Functions whose result or errors depend on more than
//! that have a transfer function of their own in the modules below.

mod arrays;
mod constant;
pub(crate) mod folds;
mod format;
mod join;
mod length;
mod manifest;
mod map;
mod numbers;
pub(crate) mod objects;
mod parse;
mod patch;
mod quantifiers;
mod removal;
mod removed_key;
mod sets;
mod text;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use diagnostics::did_you_mean;
use jsonnet_syntax::{ExprId, ExprKind};

use crate::{
    check::StdVersion,
    eval::{Argument, Checker, KindSet},
    rules,
    ty::{Array, Number, Text, Ty},
    value::{EnvId, Outcomes, ThunkId, Value},
    world::WorldId,
};

#[derive(Debug)]
pub(crate) struct Signature {
    since: StdVersion,
    names: Vec<Arc<str>>,
    required: Vec<bool>,
    kinds: Vec<KindSet>,
    elements: Vec<Option<KindSet>>,
    result: &'static str,
}

static SIGNATURES: LazyLock<HashMap<&'static str, Signature>> = LazyLock::new(|| {
    let lines = include_str!("std/signatures.txt").lines();
    lines.filter_map(signature).collect()
});

fn signature(line: &'static str) -> Option<(&'static str, Signature)> {
    let (since, line) = match line.strip_prefix(">=") {
        Some(rest) => rest.split_once(' ')?,
        None => ("20", line),
    };
    let (name, rest) = line.split_once('(')?;
    let (params, result) = rest.split_once(')')?;
    let mut signature = Signature {
        since: match since {
            "20" => StdVersion::V0_20,
            "21" => StdVersion::V0_21,
            _ => StdVersion::V0_22,
        },
        names: Vec::new(),
        required: Vec::new(),
        kinds: Vec::new(),
        elements: Vec::new(),
        result: result.trim(),
    };
    for param in params.split(", ").filter(|it| !it.is_empty()) {
        let (name, kinds) = param.split_once(':')?;
        let (kinds, element) = match kinds.split_once('[') {
            Some((kinds, element)) => (kinds, Some(kind_set(element.trim_end_matches(']')))),
            None => (kinds, None),
        };
        signature.names.push(name.trim_end_matches('?').into());
        signature.required.push(!name.ends_with('?'));
        signature.kinds.push(kind_set(kinds));
        signature.elements.push(element);
    }
    Some((name, signature))
}

fn kind_set(letters: &str) -> KindSet {
    letters.chars().fold(KindSet::NONE, |all, letter| {
        all.or(match letter {
            '0' => KindSet::NULL,
            'b' => KindSet::BOOL,
            'n' => KindSet::NUMBER,
            's' => KindSet::STRING,
            'a' => KindSet::ARRAY,
            'o' => KindSet::OBJECT,
            'f' => KindSet::FUNCTION,
            _ => KindSet::ANY,
        })
    })
}

/// A call of a library function whose arguments fit its parameters.
pub(crate) struct Call<'c> {
    pub(crate) name: &'static str,
    pub(crate) place: ExprId,
    pub(crate) env: EnvId,
    /// By parameter: the argument, and where it is written.
    pub(crate) slots: &'c [Option<ThunkId>],
    pub(crate) places: &'c [ExprId],
}

impl Call<'_> {
    pub(crate) fn place_of(&self, index: usize) -> ExprId {
        self.places.get(index).copied().unwrap_or(self.place)
    }

    pub(crate) fn slot(&self, index: usize) -> Option<ThunkId> {
        self.slots.get(index).copied().flatten()
    }

    /// An argument, as messages name it.
    fn what(&self, index: usize, signature: &Signature) -> String {
        let param = signature.names.get(index).map_or("", |it| it);
        format!("the argument `{param}` of `std.{}`", self.name)
    }
}

/// Parameters that are not evaluated before the call.
fn is_lazy(name: &str, index: usize) -> bool {
    matches!((name, index), ("get", 2) | ("trace", 1))
}

/// Parameters that are not evaluated at all in some calls, as where an array is empty (measured on
/// go-jsonnet 0.21, with an argument that raises an error).
fn may_be_skipped(name: &str, index: usize) -> bool {
    matches!(
        (name, index),
        ("clamp", 2)
            | ("count" | "uniq", 1)
            | ("find" | "mergePatch", 0)
            | ("manifestYamlStream", 1..=3)
            | ("setMember", 0 | 2)
            | ("setUnion" | "setInter" | "setDiff", 2)
    )
}

impl Checker<'_> {
    pub(crate) fn std_member(&mut self, name: &str, place: ExprId, world: WorldId) -> Outcomes {
        if let Some((key, signature)) = SIGNATURES.get_key_value(name) {
            if signature.since > self.profile.std_version {
                let message = format!(
                    "`std.{name}` exists from go-jsonnet {} on, this is {}",
                    signature.since, self.profile.std_version
                );
                self.std_fault(place, message, None);
                return Self::poison(world);
            }
            return Self::one(world, Value::Builtin(key));
        }
        match name {
            "pi" if self.profile.std_version > StdVersion::V0_20 => {
                Self::data(world, Ty::from(Number::literal(std::f64::consts::PI)))
            }
            "thisFile" => Self::data(world, Ty::string()),
            _ => {
                let mut names: Vec<&str> = SIGNATURES
                    .iter()
                    .filter(|(_, it)| it.since <= self.profile.std_version)
                    .map(|(name, _)| *name)
                    .collect();
                names.sort_unstable();
                let near = did_you_mean(name, names);
                self.std_fault(place, format!("`std` has no function `{name}`"), near);
                Self::poison(world)
            }
        }
    }

    fn std_fault(&mut self, place: ExprId, message: String, near: Option<&str>) {
        let range = match self.program.expr(place).kind {
            ExprKind::Member { name, .. } => name.range,
            _ => self.program.expr(place).range,
        };
        let span = range.in_file(self.program.file());
        let rule = &rules::UNKNOWN_STD_FUNCTION;
        let mut diagnostic = diagnostics::Diagnostic::new(rule, span, message);
        if let Some(near) = near {
            diagnostic = diagnostic.help(format!("did you mean `std.{near}`?")).fix(
                format!("replace with `{near}`"),
                span,
                near,
            );
        }
        self.push(diagnostic);
    }

    pub(crate) fn required_params(name: &str) -> usize {
        let signature = SIGNATURES.get(name);
        signature.map_or(0, |it| it.required.iter().filter(|it| **it).count())
    }

    pub(crate) fn call_builtin(
        &mut self,
        name: &'static str,
        args: &[Argument],
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let Some(signature) = SIGNATURES.get(name) else {
            return Self::poison(world);
        };
        let fitted = self.fit_names(&signature.names, &signature.required, args, place, None);
        let Some(slots) = fitted else {
            return Self::poison(world);
        };
        let places = slots.iter().map(|slot| {
            let arg = args.iter().find(|arg| Some(arg.thunk) == *slot);
            arg.map_or(place, |arg| arg.place)
        });
        let places: Vec<ExprId> = places.collect();
        let call = Call {
            name,
            place,
            env,
            slots: &slots,
            places: &places,
        };
        if let Some(outcomes) = self.forbidden(&call, world) {
            return outcomes;
        }
        // The step of a slice is looked at before all else.
        if name == "slice" {
            for (step, world) in self.argument_of(&call, 3, signature, world) {
                self.expect_step(&call, &step, world);
            }
        }
        let is_never_read = self.is_never_read(&call, world);
        // Arguments are evaluated from left to right, each in the worlds of those before it. Some
        // functions take them in another order: where one may raise an error of the program's own,
        // the others are looked at as if they came first.
        let mut ways: Vec<(Vec<Value>, WorldId)> = vec![(Vec::new(), world)];
        for (at, kinds) in signature.kinds.iter().enumerate() {
            let errors = self.report.errors.len();
            let mut after = Vec::new();
            let before = may_be_skipped(name, at).then(|| ways.clone());
            for (values, world) in ways {
                let Some(thunk) = call.slot(at) else {
                    after.push((with(values, Value::Data(Ty::null())), world));
                    continue;
                };
                if at == 0 && is_never_read {
                    after.push((with(values, Value::Data(Ty::Unknown)), world));
                    continue;
                }
                if is_lazy(name, at) {
                    after.push((with(values, Value::poison()), world));
                    continue;
                }
                let what = call.what(at, signature);
                let place = call.place_of(at);
                for (value, world) in self.expect_argument(thunk, *kinds, (place, &what), world) {
                    // These two look at one element after the other, and stop.
                    let is_stepwise = matches!(name, "all" | "any");
                    if let Some(Some(element)) = signature.elements.get(at)
                        && !is_stepwise
                    {
                        self.expect_elements(&value, *element, place, &what, world);
                    }
                    after.push((with(values.clone(), value), world));
                }
            }
            if after.is_empty() || self.report.errors.len() > errors {
                self.force_others(&call, at, signature, world);
                // In an empty set nothing is looked for.
                let skipped = match (name, at) {
                    ("setMember", 0) => Ty::never(),
                    _ => Ty::Unknown,
                };
                for (values, world) in before.into_iter().flatten() {
                    after.push((with(values, Value::Data(skipped.clone())), world));
                }
            }
            ways = after;
            if ways.len() > 64 {
                self.give_up(
                    place,
                    "the arguments of this call have too many values to follow",
                );
                return Vec::new();
            }
        }
        let mut all = Vec::new();
        for (values, world) in ways {
            all.append(&mut self.transfer(&call, &values, signature, world));
        }
        self.compact(all, place)
    }

    /// Whether the first argument is never looked at: the target of a patch that is no object, and
    /// what is looked for in an empty set.
    fn is_never_read(&mut self, call: &Call<'_>, world: WorldId) -> bool {
        let Some(second) = call
            .slot(1)
            .filter(|_| matches!(call.name, "mergePatch" | "setMember"))
        else {
            return false;
        };
        let values = self.force_silently(second, world, call.place_of(1));
        values.is_some_and(|all| {
            all.iter().all(|it| {
                let is_known = !self.is_poison(&it.value, it.world);
                let kinds = self.kinds(&it.value, it.world);
                is_known
                    && match call.name {
                        "mergePatch" => !kinds.contains(KindSet::OBJECT),
                        _ => {
                            kinds == KindSet::ARRAY && self.length(&it.value, it.world).1 == Some(0)
                        }
                    }
            })
        })
    }

    /// Evaluates every argument but one, for what it reports.
    fn force_others(
        &mut self,
        call: &Call<'_>,
        but: usize,
        signature: &'static Signature,
        world: WorldId,
    ) {
        for at in (0..signature.kinds.len()).filter(|at| *at != but) {
            if !is_lazy(call.name, at) {
                self.argument_of(call, at, signature, world);
            }
        }
    }

    /// The values of an argument, of the kinds that its parameter takes.
    fn argument_of(
        &mut self,
        call: &Call<'_>,
        at: usize,
        signature: &'static Signature,
        world: WorldId,
    ) -> Vec<(Value, WorldId)> {
        let (Some(thunk), Some(kinds)) = (call.slot(at), signature.kinds.get(at)) else {
            return Vec::new();
        };
        let what = call.what(at, signature);
        self.expect_argument(thunk, *kinds, (call.place_of(at), &what), world)
    }

    /// What the sandbox of the program forbids.
    fn forbidden(&mut self, call: &Call<'_>, world: WorldId) -> Option<Outcomes> {
        let (rule, message, help) = match call.name {
            "extVar" if !self.profile.external_variables => (
                &rules::EXT_VAR_UNAVAILABLE,
                "there are no external variables here, so `std.extVar` always fails",
                "take the value from the argument of the program",
            ),
            "native" if !self.profile.native_functions => (
                &rules::NATIVE_UNAVAILABLE,
                "there are no native functions here, so `std.native` gives null",
                "write the function in Jsonnet",
            ),
            "trace" if !self.profile.trace => (
                &rules::STD_TRACE,
                "`std.trace` writes to the error output of the evaluator",
                "remove it when the program is finished",
            ),
            _ => return None,
        };
        let diagnostic = self.diagnostic(rule, call.place, message).help(help);
        self.push(diagnostic);
        (call.name != "trace").then(|| Self::poison(world))
    }

    /// Elements that a function checks.
    pub(crate) fn expect_elements(
        &mut self,
        array: &Value,
        kinds: KindSet,
        place: ExprId,
        what: &str,
        world: WorldId,
    ) {
        if self.kinds(array, world) != KindSet::ARRAY {
            return;
        }
        let element = self.element_type(array, place, world);
        if element.is_poison() || element.is_never() {
            return;
        }
        let what = format!("each element of {what}");
        let value = Value::Data(element);
        self.expect(&value, kinds, place, &rules::WRONG_ARGUMENT, &what, world);
    }

    fn transfer(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        signature: &Signature,
        world: WorldId,
    ) -> Outcomes {
        // `std.get` looks past a default that was never evaluated; all else needs its arguments.
        for (at, value) in values.iter().enumerate() {
            if !is_lazy(call.name, at) && self.is_poison(value, world) {
                return Self::poison(world);
            }
        }
        let special = self
            .object_function(call, values, world)
            .or_else(|| self.array_function(call, values, world))
            .or_else(|| self.text_function(call, values, world))
            .or_else(|| self.number_function(call, values, world));
        let outcomes = match special {
            Some(outcomes) => outcomes,
            None => {
                let mut notes = Vec::new();
                for value in values {
                    // What a function takes apart may flow into what it gives.
                    if let Some(ty) = self.data_type(value, world) {
                        notes.extend(ty.kinds().notes.iter().cloned());
                    }
                }
                Self::data(world, result_type(signature.result).with_notes(&notes))
            }
        };
        self.folded(call, values, outcomes)
    }
}

fn with(mut values: Vec<Value>, value: Value) -> Vec<Value> {
    values.push(value);
    values
}

fn result_type(letters: &str) -> Ty {
    match letters {
        "b" => Ty::boolean(),
        "n" => Ty::number(),
        "i" => Ty::integer(),
        "N" => natural(),
        "s" => Ty::string(),
        "as" => Ty::array(Ty::string()),
        "ai" => Ty::array(Ty::integer()),
        "aN" => Ty::array(natural()),
        _ => Ty::Unknown,
    }
}

/// A length, a count, a position.
pub(crate) fn natural() -> Ty {
    Ty::from(Number::integers(0.0, crate::ty::MAX_LENGTH))
}

/// The array in a type.
pub(crate) fn array_of(ty: &Ty) -> Array {
    let array = ty.kinds().array.clone();
    array.unwrap_or_else(|| Array::of(Ty::never()))
}

/// The string in a type.
pub(crate) fn text_of(ty: &Ty) -> Text {
    ty.kinds().text.clone().unwrap_or_else(Text::any)
}
