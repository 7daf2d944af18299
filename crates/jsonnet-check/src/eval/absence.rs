//! What is said of members that are not there, or may not be.

use std::sync::Arc;

use diagnostics::{Applicability, Diagnostic, Edit, Fix, TextRange, did_you_mean};
use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Presence, Refinement, Shape, Step, Ty},
    value::{ObjectId, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// Reports a member that is read of what may be no object; true where nothing at all is known
    /// of it.
    pub(super) fn no_members(
        &mut self,
        target: &Value,
        name: &str,
        place: ExprId,
        world: WorldId,
    ) -> bool {
        let found = self.kinds(target, world);
        let shown = self.type_name(target, world);
        let ty = self.data_type(target, world);
        let subject = self.describe(target).map(|it| format!("`{it}`"));
        let subject = subject.unwrap_or_else(|| "this".to_owned());
        let wrong = found.minus(KindSet::OBJECT);
        let guarded = self.subject(target, place);
        let is_unknown = ty.is_some_and(|ty| ty.kinds().unknown) && wrong != found;
        let diagnostic = if is_unknown {
            let message =
                format!("nothing is known of {subject}, so it may have no member `{name}`");
            self.diagnostic(&rules::UNKNOWN_TYPE, place, message)
                .help(match guarded {
                    Some(it) => format!(
                        "guard it: `if std.isObject({it}) && '{name}' in {it} then … else …`"
                    ),
                    None => "bind it to a `local` and test that with `std.isObject`".to_owned(),
                })
        } else if wrong == KindSet::NULL && !self.is_null(place) {
            let message = format!("{subject} may be null, which has no member `{name}`");
            let guard = self.guard_text(target, place);
            self.diagnostic(&rules::MAY_BE_NULL, place, message)
                .help(guard)
        } else {
            let kinds = wrong.name();
            let is = if wrong == found { "is" } else { "may be" };
            let message = format!("{subject} {is} {kinds}, which has no member `{name}`");
            let diagnostic = self.diagnostic(&rules::NOT_INDEXABLE, place, message);
            match self.kind_guard(target, KindSet::OBJECT, place, world) {
                Some(guard) => diagnostic.help(guard),
                None => diagnostic,
            }
        };
        self.fails_where(target, Refinement::Is(wrong.ty()), world);
        self.push(diagnostic.annotate(shown));
        is_unknown
    }

    /// The text of `place` that names the member: behind the dot, or between the brackets.
    pub(super) fn name_range(&self, place: ExprId) -> TextRange {
        let expr = self.program.expr(place);
        match &expr.kind {
            ExprKind::Member { name, .. } | ExprKind::SuperMember { name } => name.range,
            ExprKind::Index { index, .. } | ExprKind::SuperIndex { index } => {
                self.program.expr(*index).range
            }
            _ => expr.range,
        }
    }

    pub(super) fn unknown_member(
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

    /// Where an input has several forms that a member tells apart, what that is in those where
    /// `name` has that presence: `` `ctx.kind` is "a" ``.
    fn alternative(
        &mut self,
        target: &Value,
        name: &str,
        presence: Presence,
        world: WorldId,
    ) -> Option<String> {
        let Value::Ref(path) = target else {
            return None;
        };
        let mut steps = Vec::new();
        let mut above = *path;
        while let Some((parent, step)) = self.worlds.parent(above) {
            steps.insert(0, step);
            above = parent;
            let ty = self.worlds.ty(world, above);
            let shapes = &ty.kinds().shapes;
            if shapes.len() < 2 {
                continue;
            }
            let those = shapes.iter().filter(|shape| {
                let part = Ty::from((*shape).clone());
                let part = steps.iter().fold(part, |ty, step| ty.step(step));
                let mut parts = part.kinds().shapes.iter();
                parts.any(|it| it.presence(name) == presence)
            });
            let those: Vec<_> = those.collect();
            let first = shapes.first()?;
            let told_by = first.fields.iter().map(|(name, _)| name).find(|name| {
                let literals = shapes.iter().map(|it| literal_of(it, name));
                let literals: Option<Vec<_>> = literals.collect();
                literals.is_some_and(|mut all| {
                    all.sort();
                    all.windows(2).all(|pair| pair.first() != pair.last())
                })
            });
            let Some(told_by) = told_by else { continue };
            if those.is_empty() || those.len() == shapes.len() {
                return None;
            }
            let values = those.iter().filter_map(|it| literal_of(it, told_by));
            let values: Vec<String> = values.map(|it| format!("{it:?}")).collect();
            let shown = self.worlds.show(above)?;
            return Some(format!("`{shown}.{told_by}` is {}", values.join(" or ")));
        }
        None
    }

    pub(super) fn absent_member(
        &mut self,
        target: &Value,
        ty: &Ty,
        name: &Arc<str>,
        place: ExprId,
        target_place: Option<ExprId>,
        world: WorldId,
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
        // The label shows the alternative in which it is optional.
        let fields = ty.kinds().shapes.iter().filter_map(|it| it.field(name));
        let fields: Vec<_> = fields.collect();
        let optional = fields.iter().find(|it| it.presence == Presence::Optional);
        let field = optional.or(fields.first());
        if let Some(origin) = field.and_then(|it| it.origin.clone()) {
            let presence = field.map_or(Presence::Optional, |it| it.presence);
            let alternative = self.alternative(target, name, presence, world);
            let is = match presence {
                Presence::Required => "declared in the schema",
                _ => "optional in the schema",
            };
            let of = alternative.map_or_else(String::new, |it| format!(" where {it}"));
            diagnostic = diagnostic.annotate(format!("{is}{of}: `{origin}`"));
        }
        let value = ty.step(&Step::Member(name.clone()));
        let default = match KindSet::of(&value) {
            KindSet::STRING => "''",
            KindSet::ARRAY => "[]",
            KindSet::OBJECT => "{}",
            _ => "null",
        };
        let written = match target_place {
            Some(target_place) => self.subject(target, target_place),
            None => self.written(target),
        };
        // The name is nowhere declared, and one that is so is nearly the same.
        let names = ty.kinds().shapes.iter().flat_map(Shape::present);
        let names: Vec<&str> = names.map(|(name, _)| name.as_ref()).collect();
        if fields.is_empty()
            && let Some(near) = did_you_mean(name, names.iter().copied())
        {
            let text = match self.program.expr(place).kind {
                ExprKind::Member { .. } | ExprKind::SuperMember { .. } => near.to_owned(),
                _ => format!("'{near}'"),
            };
            return diagnostic.help(format!("did you mean `{near}`?")).fix(
                format!("replace with `{near}`"),
                span,
                text,
            );
        }
        diagnostic = diagnostic.help(match written {
            Some(it) => format!(
                "give a default, `std.get({it}, '{name}', {default})`, or guard it: \
                 `if '{name}' in {it} then … else …`"
            ),
            None => format!("read it with `std.get` and the default `{default}`"),
        });
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

    pub(super) fn missing_field(
        &mut self,
        object: ObjectId,
        name: &Arc<str>,
        never: bool,
        place: ExprId,
    ) -> Diagnostic {
        let range = match &self.program.expr(place).kind {
            ExprKind::Member { name, .. } => name.range,
            ExprKind::Index { index, .. } => self.program.expr(*index).range,
            _ => self.program.expr(place).range,
        };
        let span = range.in_file(self.program.file());
        if !never {
            let message = format!("`{name}` may be absent from this object");
            let target = match self.program.expr(place).kind {
                ExprKind::Member { target, .. } | ExprKind::Index { target, .. } => {
                    self.spelled(target)
                }
                _ => None,
            };
            let help = match target {
                Some(it) => format!(
                    "give a default, `std.get({it}, '{name}', null)`, or guard it: \
                     `if '{name}' in {it} then … else …`"
                ),
                None => "read it with `std.get` and a default".to_owned(),
            };
            return Diagnostic::new(&rules::MEMBER_MAY_BE_ABSENT, span, message).help(help);
        }
        let mut diagnostic = Diagnostic::new(
            &rules::UNKNOWN_MEMBER,
            span,
            format!("this object has no member `{name}`"),
        );
        let names = self.names_in(object, self.current());
        let near = did_you_mean(name, names.iter().map(|it| &**it));
        if let Some(near) = near {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            if let ExprKind::Member { .. } = self.program.expr(place).kind {
                diagnostic = diagnostic.fix(format!("replace with `{near}`"), span, near);
            }
        }
        diagnostic
    }
}

/// The only string that a member can be.
fn literal_of(shape: &Shape, name: &str) -> Option<Arc<str>> {
    let field = shape.field(name)?;
    if field.presence != Presence::Required {
        return None;
    }
    field.ty.kinds().text.as_ref()?.single().cloned()
}
