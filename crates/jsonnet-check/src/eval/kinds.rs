//! Which kinds of values an operation takes, and what is said when it gets another.

use diagnostics::Rule;
use jsonnet_syntax::{ExprId, ExprKind};

use super::Checker;
use crate::{
    rules,
    ty::{Array, Kinds, Number, Refinement, Shape, Text, Ty},
    value::{Outcome, Outcomes, Value},
    world::WorldId,
};

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KindSet(pub(crate) u8);

impl KindSet {
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOL: Self = Self(2);
    pub(crate) const NUMBER: Self = Self(4);
    pub(crate) const STRING: Self = Self(8);
    pub(crate) const ARRAY: Self = Self(16);
    pub(crate) const OBJECT: Self = Self(32);
    pub(crate) const FUNCTION: Self = Self(64);
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ANY: Self = Self(127);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn each(self) -> impl Iterator<Item = Self> {
        (0..7)
            .map(|bit| Self(1 << bit))
            .filter(move |it| self.contains(*it))
    }

    /// `string or null`
    pub(crate) fn name(self) -> String {
        const NAMES: [&str; 7] = [
            "null", "boolean", "number", "string", "array", "object", "function",
        ];
        let names = NAMES.iter().enumerate();
        let names = names.filter(|(bit, _)| self.0 & (1 << bit) != 0);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        names.join(" or ")
    }

    /// The kinds of a type.
    pub(crate) fn of(ty: &Ty) -> Self {
        let kinds = ty.kinds();
        let mut set = Self::NONE;
        let parts = [
            (kinds.null, Self::NULL),
            (kinds.bools != [false, false], Self::BOOL),
            (kinds.number.is_some(), Self::NUMBER),
            (kinds.text.is_some(), Self::STRING),
            (kinds.array.is_some(), Self::ARRAY),
            (!kinds.shapes.is_empty(), Self::OBJECT),
        ];
        for (there, kind) in parts {
            if there {
                set = set.or(kind);
            }
        }
        set
    }

    /// The type of all data of these kinds.
    pub(crate) fn ty(self) -> Ty {
        let has = |kind: Self| self.contains(kind);
        Ty::new(Kinds {
            null: has(Self::NULL),
            bools: [has(Self::BOOL); 2],
            number: has(Self::NUMBER).then(Number::any),
            text: has(Self::STRING).then(Text::any),
            array: has(Self::ARRAY).then(|| Array::of(Ty::Unknown)),
            shapes: if has(Self::OBJECT) {
                vec![Shape {
                    fields: Vec::new(),
                    rest: Some(Ty::Unknown),
                }]
            } else {
                Vec::new()
            },
            unknown: false,
            notes: Vec::new(),
        })
    }
}

impl Checker<'_> {
    pub(crate) fn kinds(&mut self, value: &Value, world: WorldId) -> KindSet {
        match value {
            Value::Data(ty) => KindSet::of(ty),
            Value::Ref(path) => KindSet::of(&self.worlds.ty(world, *path)),
            Value::Length(..) => KindSet::NUMBER,
            Value::Array(_) => KindSet::ARRAY,
            Value::Object(_) | Value::Std => KindSet::OBJECT,
            Value::Closure(..) | Value::Builtin(_) => KindSet::FUNCTION,
        }
    }

    pub(crate) fn is_poison(&mut self, value: &Value, world: WorldId) -> bool {
        match value {
            Value::Data(ty) => ty.is_poison(),
            Value::Ref(path) => self.worlds.ty(world, *path).is_poison(),
            _ => false,
        }
    }

    /// The value where it is of these kinds; none when it never is.
    pub(crate) fn narrow(
        &mut self,
        value: &Value,
        kinds: KindSet,
        world: WorldId,
    ) -> Option<(Value, WorldId)> {
        let found = self.kinds(value, world);
        if found.and(kinds).is_empty() {
            return None;
        }
        if kinds.contains(found) {
            return Some((value.clone(), world));
        }
        match value {
            Value::Ref(path) => {
                let world = self
                    .worlds
                    .assume(world, *path, Refinement::Is(kinds.ty()))?;
                Some((value.clone(), world))
            }
            Value::Data(ty) => Some((Value::Data(ty.meet(&kinds.ty())), world)),
            _ => Some((value.clone(), world)),
        }
    }

    /// How a value is named in a message: its path, where it has one.
    pub(crate) fn describe(&self, value: &Value) -> Option<String> {
        match value {
            Value::Ref(_) | Value::Array(_) => self.worlds.show(self.identity(value)?),
            _ => None,
        }
    }

    /// The path of a value where a program can write it: an element of a loop has none.
    pub(crate) fn written(&self, value: &Value) -> Option<String> {
        self.describe(value).filter(|it| !it.contains("[…]"))
    }

    /// The type of a value in a message.
    pub(crate) fn type_name(&mut self, value: &Value, world: WorldId) -> String {
        match self.data_type(value, world) {
            Some(ty) => ty.to_string(),
            None => self.kinds(value, world).name(),
        }
    }

    /// Takes values of these kinds; says so where it may be another, and goes on with the rest.
    /// None when nothing is left.
    pub(crate) fn expect(
        &mut self,
        value: &Value,
        kinds: KindSet,
        place: ExprId,
        rule: &'static Rule,
        what: &str,
        world: WorldId,
    ) -> Option<(Value, WorldId)> {
        let found = self.kinds(value, world);
        if kinds.contains(found) || self.is_poison(value, world) {
            return Some((value.clone(), world));
        }
        let wrong = found.minus(kinds);
        self.wrong_kind(value, wrong, kinds, place, rule, what, world);
        // Which of several kinds an unknown value should have been is the same question again.
        if kinds.each().count() > 1 && self.is_unknown(value, world) {
            return Some((Value::poison(), world));
        }
        self.narrow(value, kinds, world)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one sentence, put together from its parts"
    )]
    fn wrong_kind(
        &mut self,
        value: &Value,
        wrong: KindSet,
        kinds: KindSet,
        place: ExprId,
        rule: &'static Rule,
        what: &str,
        world: WorldId,
    ) {
        let found = self.kinds(value, world);
        let shown = self.type_name(value, world);
        let unknown = self
            .data_type(value, world)
            .is_some_and(|ty| ty.kinds().unknown);
        let subject = self.describe(value).map(|it| format!("`{it}`"));
        let needs = kinds.name();
        let mut diagnostic = if unknown && wrong != found {
            let subject = subject.clone().unwrap_or_else(|| "this".to_owned());
            self.diagnostic(
                &rules::UNKNOWN_TYPE,
                place,
                format!("{what} must be {needs}, and nothing is known of {subject}"),
            )
            .help(match self.subject(value, place) {
                Some(it) => format!("test it first: `std.is{}({it})`", title(kinds)),
                None => format!(
                    "bind it to a `local` and test that with `std.is{}`",
                    title(kinds)
                ),
            })
        } else if wrong == KindSet::NULL && (found != KindSet::NULL || !self.is_null(place)) {
            let subject = subject.clone().unwrap_or_else(|| "this".to_owned());
            let guard = self.guard_text(value, place);
            self.diagnostic(
                &rules::MAY_BE_NULL,
                place,
                format!("{what} must be {needs}, and {subject} may be null"),
            )
            .help(guard)
        } else {
            let message = format!("{what} must be {needs}, this is {shown}");
            let diagnostic = self.diagnostic(rule, place, message);
            match self.kind_guard(value, kinds, place, world) {
                Some(guard) => diagnostic.help(guard),
                None => diagnostic,
            }
        };
        if let Some(subject) = subject {
            diagnostic = diagnostic.annotate(format!("{} is {shown}", subject.trim_matches('`')));
        } else {
            diagnostic = diagnostic.annotate(shown);
        }
        self.fails_where(value, Refinement::Is(wrong.ty()), world);
        self.push(diagnostic);
    }

    /// Whether nothing is known of a value but what tests left of it.
    pub(crate) fn is_unknown(&mut self, value: &Value, world: WorldId) -> bool {
        let ty = self.data_type(value, world);
        ty.is_some_and(|ty| !ty.is_poison() && ty.kinds().unknown)
    }

    /// The forms of a value that is to be of these kinds. Where nothing is known of one, that is
    /// said, and nothing of the others.
    pub(crate) fn only_unknown_of(&mut self, outcomes: Outcomes, wanted: KindSet) -> Outcomes {
        if outcomes.len() < 2 {
            return outcomes;
        }
        let unknown = outcomes.iter().map(|it| {
            let is_wrong = !wanted.contains(self.kinds(&it.value, it.world));
            is_wrong && self.is_unknown(&it.value, it.world)
        });
        let unknown: Vec<bool> = unknown.collect();
        if !unknown.contains(&true) {
            return outcomes;
        }
        let with = outcomes.into_iter().zip(unknown);
        with.map(|(it, is_unknown)| match is_unknown {
            true => it,
            false => Outcome {
                world: it.world,
                value: Value::poison(),
            },
        })
        .collect()
    }

    /// Whether `null` itself is written there.
    pub(crate) fn is_null(&self, place: ExprId) -> bool {
        match self.program.expr(place).kind {
            ExprKind::Null => true,
            ExprKind::Parens(inner) => matches!(self.program.expr(inner).kind, ExprKind::Null),
            _ => false,
        }
    }

    /// How a program can write what is at a place: by its path, or by the text that stands there.
    pub(crate) fn subject(&self, value: &Value, place: ExprId) -> Option<String> {
        self.written(value).or_else(|| self.spelled(place))
    }

    pub(crate) fn guard_text(&self, value: &Value, place: ExprId) -> String {
        match self.subject(value, place) {
            Some(path) => format!("guard it: `if {path} != null then … else …`"),
            None => "bind it to a `local` and test that for null first".to_owned(),
        }
    }

    /// The test that tells the right kinds of a value from its others, where it has both.
    pub(crate) fn kind_guard(
        &mut self,
        value: &Value,
        kinds: KindSet,
        place: ExprId,
        world: WorldId,
    ) -> Option<String> {
        let found = self.kinds(value, world);
        let kinds = found.and(kinds);
        let is_one = kinds.each().count() == 1;
        if !is_one || kinds == found {
            return None;
        }
        let test = title(kinds);
        Some(match self.subject(value, place) {
            Some(it) => format!("guard it: `if std.is{test}({it}) then … else …`"),
            None => format!("bind it to a `local` and test that with `std.is{test}`"),
        })
    }
}

fn title(kinds: KindSet) -> &'static str {
    match kinds {
        KindSet::BOOL => "Boolean",
        KindSet::NUMBER => "Number",
        KindSet::ARRAY => "Array",
        KindSet::OBJECT => "Object",
        KindSet::FUNCTION => "Function",
        _ => "String",
    }
}
