//! Members of one name: go-jsonnet fails when it makes an object that has two.
//!
//! Invariant: two names are held apart only if no string is both, or no world has both of them.

use std::collections::HashMap;

use diagnostics::{Diagnostic, TextRange};
use jsonnet_syntax::{ExprId, ExprKind, Field, FieldName, Member};

use super::{Checker, edges::Edges};
use crate::{
    rules,
    ty::Ty,
    value::{Dynamic, EnvId, FieldBody, LayerField},
    world::WorldId,
};

impl Checker<'_> {
    /// Names that may be equal fail when the object is made.
    pub(super) fn duplicate_names(
        &mut self,
        (id, env): (ExprId, EnvId),
        fields: &[LayerField],
        dynamic: &[Dynamic],
        world: WorldId,
    ) {
        let mut named: HashMap<&str, Vec<&LayerField>> = HashMap::new();
        for field in fields {
            let earlier = named.entry(&field.name).or_default();
            let mut clash = false;
            for other in earlier.iter() {
                clash |= self.can_both(field, other, world);
            }
            earlier.push(field);
            if clash {
                let message = format!("this object may get two members named `{}`", field.name);
                let first = earlier.first().map(|it| it.body);
                let (here, there) = (field.body, first.unwrap_or(field.body));
                self.duplicate_name(id, (here, there), message);
                return;
            }
        }
        let mut earlier: Vec<(&Ty, bool, Edges)> = Vec::new();
        for it in dynamic {
            let (name, plus, written) = match it {
                Dynamic::Field {
                    name, plus, value, ..
                } => (name, *plus, *value),
                // The comprehension itself answers for its own names.
                Dynamic::Comp { .. } => continue,
            };
            let edges = match self.computed_name(id, written) {
                Some(name) => self.name_edges(name, env, world).unwrap_or_default(),
                None => Edges::default(),
            };
            // Names that one field may have are no two fields.
            let is_other =
                |field: &LayerField| !matches!(field.body, FieldBody::Expr(it, _) if it == written);
            let clashes = fields.iter().any(|field| {
                is_other(field)
                    && edges.admit(&field.name)
                    && !name.is_disjoint(&Ty::literal(&field.name))
            });
            // What is read of one of several is what any of them has, if all are added or none is.
            let others = earlier.iter().any(|(other, added, ends)| {
                !name.is_disjoint(other) && (*added != plus || edges.can_meet(ends))
            });
            earlier.push((name, plus, edges));
            if (clashes || others) && !name.is_poison() {
                let message = "a computed name may equal that of another member";
                let span = self
                    .field_name_range(id, written)
                    .in_file(self.program.file());
                let diagnostic = Diagnostic::new(&rules::DUPLICATE_COMPUTED_MEMBER, span, message)
                    .help("put the computed field into an object of its own and add the two");
                self.push(diagnostic);
                return;
            }
        }
    }

    /// Reports the second of two members of one name, and where the first is.
    fn duplicate_name(
        &mut self,
        object: ExprId,
        (second, first): (FieldBody, FieldBody),
        message: String,
    ) {
        let span = |it: FieldBody| match it {
            FieldBody::Expr(value, _) => self.field_name_range(object, value),
            FieldBody::Thunk(_) => self.program.expr(object).range,
        };
        let (second, first) = (span(second), span(first));
        let (second, first) = if second.start < first.start {
            (first, second)
        } else {
            (second, first)
        };
        let file = self.program.file();
        let rule = &rules::DUPLICATE_COMPUTED_MEMBER;
        let mut diagnostic = Diagnostic::new(rule, second.in_file(file), message);
        if first != second {
            diagnostic = diagnostic.label(first.in_file(file), "the first is here");
        }
        self.push(diagnostic);
    }

    /// The expression that gives the field of that value its name.
    fn computed_name(&self, object: ExprId, value: ExprId) -> Option<ExprId> {
        let ExprKind::Object(members) = &self.program.expr(object).kind else {
            return None;
        };
        members.iter().find_map(|it| match it {
            Member::Field(Field {
                name: FieldName::Computed(name),
                value: of,
                ..
            }) if *of == value => Some(*name),
            _ => None,
        })
    }

    /// The text that names the field of that value.
    fn field_name_range(&self, object: ExprId, value: ExprId) -> TextRange {
        let whole = self.program.expr(object);
        let (ExprKind::Object(members) | ExprKind::ObjectComp { members, .. }) = &whole.kind else {
            return whole.range;
        };
        let fields = members.iter().filter_map(|it| match it {
            Member::Field(field) => Some(field),
            _ => None,
        });
        let mut fields = fields.filter(|it| it.value == value);
        match fields.next().map(|it| &it.name) {
            Some(FieldName::Fixed(name)) => name.range,
            Some(FieldName::Computed(name)) => self.program.expr(*name).range,
            None => whole.range,
        }
    }

    /// Whether two conditional fields can be there at once.
    fn can_both(&mut self, a: &LayerField, b: &LayerField, world: WorldId) -> bool {
        if a.way != b.way {
            return false;
        }
        let worlds = |it: &LayerField| match it.present.is_empty() {
            true => vec![world],
            false => it.present.clone(),
        };
        let (a, b) = (worlds(a), worlds(b));
        a.iter()
            .any(|x| b.iter().any(|y| self.worlds.replay(*x, *y).is_some()))
    }
}
