//! Members, elements, slices and `super`.

use std::sync::Arc;

use diagnostics::{Applicability, Diagnostic, Edit, Fix, TextRange, did_you_mean};
use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, KindSet};
use crate::{
    check::Read,
    rules,
    ty::{Array, Number, Presence, Refinement, Step, Text, Ty},
    value::{ArrayValue, EnvId, Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// `target.name`, written at `place`.
    pub(crate) fn member(
        &mut self,
        target: &Value,
        name: &Arc<str>,
        place: ExprId,
        target_place: Option<ExprId>,
        world: WorldId,
    ) -> Outcomes {
        match target {
            Value::Object(object) => return self.object_member(*object, name, place, world),
            Value::Std => return self.std_member(name, place, world),
            _ => {}
        }
        let at = target_place.unwrap_or(place);
        if self.kinds(target, world) != KindSet::OBJECT && !self.is_poison(target, world) {
            self.no_members(target, name, at, world);
        }
        let Some((target, world)) = self.narrow(target, KindSet::OBJECT, world) else {
            return Self::poison(world);
        };
        let Some(ty) = self.data_type(&target, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        self.note_read(&ty, name, place);
        let presences = ty.kinds().shapes.iter().map(|it| it.presence(name));
        let presences: Vec<Presence> = presences.collect();
        let is_certain = presences.iter().all(|it| *it == Presence::Required);
        if !is_certain {
            let never = presences.iter().all(|it| *it == Presence::Absent);
            let diagnostic = if never {
                self.unknown_member(&target, &ty, name, place)
            } else {
                self.absent_member(&target, &ty, name, place, target_place)
            };
            self.push(diagnostic);
            if never {
                return Self::poison(world);
            }
        }
        match &target {
            Value::Ref(path) => {
                let child = self.worlds.child(*path, Step::Member(name.clone()));
                // What is read without a guard is taken to be there from then on, so that one
                // mistake is one diagnostic.
                let world = if is_certain {
                    Some(world)
                } else {
                    self.worlds
                        .assume(world, *path, Refinement::Has(name.clone()))
                };
                world.map_or_else(Vec::new, |world| Self::one(world, Value::Ref(child)))
            }
            _ => Self::data(world, ty.step(&Step::Member(name.clone()))),
        }
    }

    /// Reports a member that is read of what may be no object.
    fn no_members(&mut self, target: &Value, name: &str, place: ExprId, world: WorldId) {
        let found = self.kinds(target, world);
        let shown = self.type_name(target, world);
        let ty = self.data_type(target, world);
        let subject = self.describe(target).map(|it| format!("`{it}`"));
        let subject = subject.unwrap_or_else(|| "this".to_owned());
        let wrong = found.minus(KindSet::OBJECT);
        let guard = self.written(target);
        let guarded = guard.as_deref().unwrap_or("…");
        let diagnostic = if ty.is_some_and(|ty| ty.kinds().unknown) && wrong != found {
            let message =
                format!("nothing is known of {subject}, so it may have no member `{name}`");
            self.diagnostic(&rules::UNKNOWN_TYPE, place, message)
                .help(format!(
                    "guard it: `if std.isObject({guarded}) && '{name}' in {guarded} then … else …`"
                ))
        } else if wrong == KindSet::NULL && !self.is_null(place) {
            let message = format!("{subject} may be null, which has no member `{name}`");
            self.diagnostic(&rules::MAY_BE_NULL, place, message)
                .help(format!("guard it: `if {guarded} != null then … else …`"))
        } else {
            let kinds = wrong.name();
            let message = format!("{subject} is {kinds}, which has no member `{name}`");
            self.diagnostic(&rules::NOT_INDEXABLE, place, message)
        };
        self.push(diagnostic.annotate(shown));
    }

    pub(super) fn note_read(&mut self, ty: &Ty, name: &Arc<str>, place: ExprId) {
        for shape in &ty.kinds().shapes {
            if let Some(note) = shape.field(name).and_then(|it| it.note.clone()) {
                let read = Read {
                    name: name.clone(),
                    note,
                    span: self.program.span(place),
                };
                if !self.report.reads.contains(&read) {
                    self.report.reads.push(read);
                }
            }
        }
    }

    /// The text of `place` that names the member: behind the dot, or between the brackets.
    fn name_range(&self, place: ExprId) -> TextRange {
        let expr = self.program.expr(place);
        match &expr.kind {
            ExprKind::Member { name, .. } | ExprKind::SuperMember { name } => name.range,
            ExprKind::Index { index, .. } | ExprKind::SuperIndex { index } => {
                self.program.expr(*index).range
            }
            _ => expr.range,
        }
    }

    fn unknown_member(
        &mut self,
        target: &Value,
        ty: &Ty,
        name: &Arc<str>,
        place: ExprId,
    ) -> Diagnostic {
        let range = self.name_range(place);
        let span = range.in_file(self.program.file());
        let shown = self.describe(target);
        let of = shown
            .as_ref()
            .map_or("this object".to_owned(), |it| format!("`{it}`"));
        let message = format!("{of} has no member `{name}`");
        let mut diagnostic = Diagnostic::new(&rules::UNKNOWN_MEMBER, span, message);
        let shapes = &ty.kinds().shapes;
        let note = shapes.iter().find_map(|it| it.field(name)?.note.clone());
        if let Some(note) = note {
            return diagnostic.help(note.text.to_string());
        }
        let names = shapes.iter().flat_map(|it| it.present());
        let names: Vec<&str> = names.map(|(name, _)| name.as_ref()).collect();
        match did_you_mean(name, names.iter().copied()) {
            Some(near) => {
                let text = match self.program.expr(place).kind {
                    ExprKind::Member { .. } | ExprKind::SuperMember { .. } => near.to_owned(),
                    _ => format!("'{near}'"),
                };
                diagnostic = diagnostic.help(format!("did you mean `{near}`?")).fix(
                    format!("replace with `{near}`"),
                    span,
                    text,
                );
            }
            None if names.is_empty() => {
                diagnostic = diagnostic.help("this object has no members");
            }
            None => {
                let mut list: Vec<String> =
                    names.iter().take(8).map(|it| format!("`{it}`")).collect();
                if names.len() > 8 {
                    list.push("…".to_owned());
                }
                diagnostic = diagnostic.help(format!("its members are {}", list.join(", ")));
            }
        }
        diagnostic
    }

    fn absent_member(
        &mut self,
        target: &Value,
        ty: &Ty,
        name: &Arc<str>,
        place: ExprId,
        target_place: Option<ExprId>,
    ) -> Diagnostic {
        let span = self.name_range(place).in_file(self.program.file());
        let shown = self.describe(target);
        let unknown = ty.kinds().unknown;
        let of = shown
            .as_ref()
            .map_or("this object".to_owned(), |it| format!("`{it}`"));
        let message = if unknown {
            format!("nothing is known of {of}, so `{name}` may be absent")
        } else {
            format!("`{name}` may be absent from {of}")
        };
        let rule = &rules::MEMBER_MAY_BE_ABSENT;
        let mut diagnostic = Diagnostic::new(rule, span, message);
        let field = ty.kinds().shapes.iter().find_map(|it| it.field(name));
        if let Some(origin) = field.and_then(|it| it.origin.clone()) {
            diagnostic = diagnostic.annotate(format!("optional in the schema: `{origin}`"));
        }
        let value = ty.step(&Step::Member(name.clone()));
        let default = match KindSet::of(&value) {
            KindSet::STRING => "''",
            KindSet::ARRAY => "[]",
            KindSet::OBJECT => "{}",
            _ => "null",
        };
        let target_text = self.written(target).unwrap_or_else(|| "…".to_owned());
        diagnostic = diagnostic.help(format!(
            "give a default, `std.get({target_text}, '{name}', {default})`, or guard it: \
             `if '{name}' in {target_text} then … else …`"
        ));
        if let Some(target_place) = target_place {
            let whole = self.program.expr(place).range;
            let inner = self.program.expr(target_place).range;
            let file = self.program.file();
            diagnostic.fixes.push(Fix {
                title: format!("read it with `std.get` and the default `{default}`"),
                edits: vec![
                    Edit {
                        span: TextRange::empty(whole.start as usize).in_file(file),
                        new_text: "std.get(".to_owned(),
                    },
                    Edit {
                        span: TextRange {
                            start: inner.end,
                            end: whole.end,
                        }
                        .in_file(file),
                        new_text: format!(", '{name}', {default})"),
                    },
                ],
                applicability: Applicability::Unsafe,
            });
        }
        diagnostic
    }

    /// `target[key]`.
    pub(crate) fn index(
        &mut self,
        target: &Value,
        key: &Value,
        place: ExprId,
        target_place: ExprId,
        key_place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let indexable = KindSet::OBJECT.or(KindSet::ARRAY).or(KindSet::STRING);
        let rule = &rules::NOT_INDEXABLE;
        let Some((target, world)) = self.expect(
            target,
            indexable,
            target_place,
            rule,
            "what is indexed",
            world,
        ) else {
            return Self::poison(world);
        };
        if self.is_poison(&target, world) {
            return Self::poison(world);
        }
        let mut all = Vec::new();
        for kind in self.kinds(&target, world).and(indexable).each() {
            let Some((target, world)) = self.narrow(&target, kind, world) else {
                continue;
            };
            let (wanted, what) = if kind == KindSet::OBJECT {
                (KindSet::STRING, "the index of an object")
            } else {
                (KindSet::NUMBER, "the index of an array or a string")
            };
            let rule = &rules::WRONG_INDEX;
            let Some((key, world)) = self.expect(key, wanted, key_place, rule, what, world) else {
                all.append(&mut Self::poison(world));
                continue;
            };
            if self.is_poison(&key, world) {
                all.append(&mut Self::poison(world));
                continue;
            }
            if kind == KindSet::OBJECT {
                all.append(&mut self.keyed(&target, &key, place, target_place, world));
            } else {
                all.append(&mut self.element(&target, &key, place, key_place, world));
            }
        }
        self.compact(all, place)
    }

    fn keyed(
        &mut self,
        target: &Value,
        key: &Value,
        place: ExprId,
        target_place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        if let Value::Key(of) = key
            && of.is_identical(target)
        {
            return self.any_member(target, place, world);
        }
        let ty = self.data_type(key, world).unwrap_or(Ty::Poison);
        let literals = ty.kinds().text.as_ref().and_then(|it| it.literals.clone());
        let Some(literals) = literals else {
            let message = "a member of this name may be absent";
            let diagnostic = self
                .diagnostic(&rules::MEMBER_MAY_BE_ABSENT, place, message)
                .help("read it with `std.get` and a default");
            self.push(diagnostic);
            return self.any_member(target, place, world);
        };
        let mut all = Vec::new();
        for literal in literals {
            let world = match key {
                Value::Ref(path) => {
                    let fact = Refinement::Is(Ty::literal(&literal));
                    self.worlds.assume(world, *path, fact)
                }
                _ => Some(world),
            };
            if let Some(world) = world {
                let found = self.member(target, &literal, place, Some(target_place), world);
                all.extend(found);
            }
        }
        self.compact(all, place)
    }

    /// The value of some member of an object, whichever it is.
    pub(crate) fn any_member(&mut self, target: &Value, place: ExprId, world: WorldId) -> Outcomes {
        match target {
            Value::Object(object) => {
                let ty = self.manifest_object(*object, place, world, true);
                let values = ty.kinds().shapes.iter().map(crate::ty::Shape::values);
                let values = values.fold(Ty::never(), |all, it| all.join(&it));
                if ty.is_poison() {
                    return Self::poison(world);
                }
                Self::data(world, values)
            }
            _ => {
                let ty = self.data_type(target, world).unwrap_or(Ty::Poison);
                if ty.is_poison() {
                    return Self::poison(world);
                }
                let values = ty.kinds().shapes.iter().map(crate::ty::Shape::values);
                let values = values.fold(Ty::never(), |all, it| all.join(&it));
                if values.is_never() {
                    return Vec::new();
                }
                Self::data(world, values)
            }
        }
    }

    /// `target[number]` of an array or a string.
    fn element(
        &mut self,
        target: &Value,
        key: &Value,
        place: ExprId,
        key_place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let number = self.data_type(key, world).unwrap_or(Ty::Poison);
        let number = number.kinds().number.clone().unwrap_or_else(Number::any);
        let (min, max) = self.length(target, world);
        let low = number.low.trunc();
        let high = number.high.trunc();
        let inside = low >= 0.0 && high < as_f64(min);
        if !inside {
            let never = high < 0.0 || max.is_some_and(|max| low >= as_f64(max));
            let shown = self.describe(target);
            let of = shown
                .as_ref()
                .map_or("this".to_owned(), |it| format!("`{it}`"));
            let message = match (never, number.single()) {
                (true, Some(_)) if max == Some(0) => format!("{of} is empty"),
                (true, Some(at)) => format!("{of} has no position {at}"),
                (_, Some(at)) if min == 0 => {
                    format!("{of} may be empty, so there may be no position {at}")
                }
                (_, Some(at)) => format!("{of} may be too short to have a position {at}"),
                _ => format!("this position may lie outside {of}"),
            };
            let guard = self.written(target).unwrap_or_else(|| "…".to_owned());
            let needed = number.single().unwrap_or(0.0);
            let diagnostic = self
                .diagnostic(&rules::INDEX_OUT_OF_RANGE, key_place, message)
                .help(format!(
                    "guard it: `if std.length({guard}) > {needed} then … else …`"
                ));
            self.push(diagnostic);
            if never {
                return Self::poison(world);
            }
        }
        let at = number.single().filter(|it| *it >= 0.0 && *it < 1e6);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the position is between 0 and a million"
        )]
        let at = at.map(|it| it as usize);
        if self.kinds(target, world) == KindSet::STRING {
            let text = self.data_type(target, world).unwrap_or(Ty::Poison);
            let single = text.kinds().text.as_ref().and_then(Text::single).cloned();
            if let Some((text, at)) = single.zip(at) {
                let character = text.chars().nth(at).map(String::from);
                return Self::data(world, Ty::literal(&character.unwrap_or_default()));
            }
            return Self::data(
                world,
                Ty::from(Text::at_least(1)).with_notes(&text.kinds().notes),
            );
        }
        match (target, at) {
            (Value::Ref(path), Some(at)) => {
                let child = self.worlds.child(*path, Step::Element(at));
                let fact = Refinement::Length(at + 1, None);
                let world = self.worlds.assume(world, *path, fact);
                world.map_or_else(Vec::new, |world| Self::one(world, Value::Ref(child)))
            }
            (Value::Array(array), _) => {
                let array = array.clone();
                if let (ArrayValue::Fixed(elements), Some(at)) = (&*array, at) {
                    return match elements.get(at) {
                        Some(thunk) => self.force(*thunk, world, place),
                        None => Self::poison(world),
                    };
                }
                let elements = self.elements(target, place, Self::GLOBAL, world);
                let mut all = Vec::new();
                for (world, thunk) in elements {
                    all.append(&mut self.force(thunk, world, place));
                }
                self.compact(all, place)
            }
            (_, at) => {
                let ty = self.data_type(target, world).unwrap_or(Ty::Poison);
                let array = ty
                    .kinds()
                    .array
                    .clone()
                    .unwrap_or_else(|| Array::of(Ty::Poison));
                let element = at
                    .and_then(|at| array.at(at))
                    .unwrap_or_else(|| array.element());
                if element.is_never() {
                    return Vec::new();
                }
                Self::data(world, element)
            }
        }
    }

    /// The least and the greatest length of an array or a string.
    pub(crate) fn length(&mut self, value: &Value, world: WorldId) -> (usize, Option<usize>) {
        match value {
            Value::Array(array) => {
                let array = array.clone();
                match &*array {
                    ArrayValue::Fixed(elements) => (elements.len(), Some(elements.len())),
                    ArrayValue::Comp(expr, env) => self.comprehension_length(*expr, *env, world),
                    ArrayValue::Map { source, .. } => self.length(source, world),
                    ArrayValue::Filter { source, .. } => (0, self.length(source, world).1),
                    ArrayValue::Concat(a, b, _) => {
                        let (a, b) = (self.length(a, world), self.length(b, world));
                        let max = a.1.zip(b.1).map(|(x, y)| x.saturating_add(y));
                        (a.0.saturating_add(b.0), max)
                    }
                    ArrayValue::Keys(of) => self.key_count(of, world),
                    ArrayValue::Some(_) => (0, None),
                }
            }
            _ => {
                let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                let kinds = ty.kinds();
                match (&kinds.array, &kinds.text) {
                    (Some(array), None) => (array.min, array.max),
                    (None, Some(text)) => {
                        let single = text.single().map(|it| it.chars().count());
                        (text.min_length, single)
                    }
                    _ => (0, None),
                }
            }
        }
    }

    fn key_count(&mut self, of: &Value, world: WorldId) -> (usize, Option<usize>) {
        let ty = match of {
            Value::Object(_) => return (0, None),
            _ => self.data_type(of, world).unwrap_or(Ty::Poison),
        };
        let counts = ty.kinds().shapes.iter().map(|shape| {
            let required = shape
                .present()
                .filter(|(_, it)| it.presence == Presence::Required);
            let open = shape.rest.as_ref().is_some_and(|it| !it.is_never());
            (required.count(), (!open).then(|| shape.present().count()))
        });
        counts
            .reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(x, y)| x.max(y))))
            .unwrap_or((0, None))
    }

    pub(super) fn slice(
        &mut self,
        id: ExprId,
        target: ExprId,
        bounds: [Option<ExprId>; 3],
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let mut world = world;
        for (at, bound) in bounds.into_iter().enumerate() {
            let Some(bound) = bound else { continue };
            let values = self.eval(bound, env, world);
            let mut worlds = Vec::new();
            for Outcome { world, value } in values {
                let rule = &rules::WRONG_INDEX;
                let kinds = KindSet::NUMBER.or(KindSet::NULL);
                let what = "a bound of a slice";
                let Some((value, world)) = self.expect(&value, kinds, bound, rule, what, world)
                else {
                    continue;
                };
                worlds.push(world);
                let ty = self.data_type(&value, world).unwrap_or(Ty::Poison);
                let low = ty.kinds().number.as_ref().map(|it| it.low);
                if at == 2 && !ty.is_poison() && low.is_some_and(|low| low < 1.0) {
                    self.say(
                        &rules::ARGUMENT_OUT_OF_RANGE,
                        bound,
                        "the step of a slice must be greater than 0",
                    );
                }
            }
            match worlds.into_iter().reduce(|a, b| self.worlds.common(a, b)) {
                Some(it) => world = it,
                None => return Vec::new(),
            }
        }
        let targets = self.eval(target, env, world);
        self.chain(targets, id, |it, value, world| {
            let kinds = KindSet::ARRAY.or(KindSet::STRING);
            let rule = &rules::NOT_INDEXABLE;
            let sliced = it.expect(&value, kinds, target, rule, "what is sliced", world);
            match sliced {
                Some((value, world)) => it.part_of(&value, world),
                None => Self::poison(world),
            }
        })
    }

    /// Some of an array or string.
    pub(crate) fn part_of(&mut self, value: &Value, world: WorldId) -> Outcomes {
        if let Value::Array(_) = value {
            let part = ArrayValue::Some(value.clone());
            return Self::one(world, Value::Array(std::rc::Rc::new(part)));
        }
        let Some(ty) = self.data_type(value, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        let kinds = ty.kinds();
        let mut part = Ty::never();
        if kinds.text.is_some() {
            part = part.join(&Ty::string());
        }
        if let Some(array) = &kinds.array {
            let mut some = Array::of(array.element());
            some.max = array.max;
            some.unique = array.unique;
            part = part.join(&Ty::from(some));
        }
        Self::data(world, part.with_notes(&kinds.notes))
    }

    // `super`.

    pub(super) fn super_member(
        &mut self,
        name: &Arc<str>,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let Some((object, layer)) = self.store.env(env).and_then(|it| it.this) else {
            return Self::poison(world);
        };
        let (found, missing) = self.find(object, name, layer, place, world);
        if !missing.is_empty() {
            let span = self.name_range(place).in_file(self.program.file());
            let message = if layer == 0 {
                "this object extends no other, so `super` has no members".to_owned()
            } else {
                format!("`super` may have no member `{name}`")
            };
            self.push(Diagnostic::new(&rules::NO_SUPER_MEMBER, span, message));
        }
        if found.is_empty() {
            return Self::poison(world);
        }
        let mut all = Vec::new();
        for (world, it) in found {
            all.append(&mut self.found_value(object, &it, name, place, world));
        }
        self.compact(all, place)
    }

    pub(super) fn super_index(
        &mut self,
        name: &Value,
        place: ExprId,
        name_place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_INDEX;
        let what = "the index of `super`";
        let Some((name, world)) = self.expect(name, KindSet::STRING, name_place, rule, what, world)
        else {
            return Self::poison(world);
        };
        let ty = self.data_type(&name, world).unwrap_or(Ty::Poison);
        if ty.is_poison() {
            return Self::poison(world);
        }
        match ty.kinds().text.as_ref().and_then(|it| it.literals.clone()) {
            Some(literals) => {
                let mut all = Vec::new();
                for literal in literals {
                    all.append(&mut self.super_member(&literal, place, env, world));
                }
                self.compact(all, place)
            }
            None => {
                let message = "`super` may have no member of this name";
                self.say(&rules::NO_SUPER_MEMBER, place, message);
                Self::poison(world)
            }
        }
    }

    pub(super) fn in_super(
        &mut self,
        name: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = "the left operand of `in`";
        let Some((name, world)) = self.expect(name, KindSet::STRING, place, rule, what, world)
        else {
            return Self::poison(world);
        };
        let Some((object, layer)) = self.store.env(env).and_then(|it| it.this) else {
            return Self::poison(world);
        };
        let ty = self.data_type(&name, world).unwrap_or(Ty::Poison);
        let Some(name) = ty.kinds().text.as_ref().and_then(Text::single).cloned() else {
            return Self::data(world, Ty::boolean());
        };
        let (found, missing) = self.find(object, &name, layer, place, world);
        let found = found.into_iter().map(|(world, _)| world).collect();
        Self::truths(found, missing)
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
pub(crate) fn as_f64(length: usize) -> f64 {
    length as f64
}
