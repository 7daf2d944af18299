//! Distinct elements: whether no two elements of an array are equal, and whether what a
//! comprehension makes of them still tells them apart.
//!
//! Invariant: what is said to tell elements apart gives different values for any two that are not
//! equal. A text that is the same for all of them, written before or after something, takes no
//! difference away, and go-jsonnet writes different integers differently.

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind, Spec, Symbol};

use super::{Checker, KindSet};
use crate::{
    ty::{Array, Ty},
    value::{ArrayValue, EnvId, Value},
    world::WorldId,
};

/// What of each element is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// Its member `key`.
    Key,
}

/// How a part of an element is found in what is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As it is.
    Bare,
    /// With 1 added or taken away.
    Moved,
    /// Written into a text that is else the same for every element.
    Written,
    /// Added to what is the same for every element, be that a text or a number.
    Added,
}

impl Checker<'_> {
    /// Whether no two elements of an array are equal.
    pub(crate) fn has_no_equals(&mut self, array: &Value, world: WorldId) -> bool {
        self.are_apart(array, Part::Whole, world)
    }

    /// Whether that part of no two elements of an array is equal.
    pub(crate) fn are_apart(&mut self, array: &Value, part: Part, world: WorldId) -> bool {
        let Value::Array(made) = array else {
            let is_distinct = match part {
                Part::Whole => Array::is_unique,
                Part::Key => Array::is_keyed,
            };
            let ty = self.data_type(array, world);
            return ty.is_some_and(|ty| ty.kinds().array.as_ref().is_some_and(is_distinct));
        };
        match &*made.clone() {
            ArrayValue::Keys(..) | ArrayValue::Positions(..) => part == Part::Whole,
            ArrayValue::Filter { source, .. }
            | ArrayValue::Reordered(source)
            | ArrayValue::Part(source) => self.are_apart(source, part, world),
            ArrayValue::Comp(expr, env) => match (&self.program.expr(*expr).kind, part) {
                (ExprKind::ArrayComp { element, .. }, Part::Whole) => {
                    self.are_distinct((*expr, *element), *env, world)
                }
                (ExprKind::ArrayComp { element, specs }, Part::Key) => {
                    let Some((variable, source)) = only_loop(specs) else {
                        return false;
                    };
                    let is_kept = self.kept(*element, variable) == Some((Part::Whole, Form::Bare));
                    let sources = self.eval(source, *env, world);
                    is_kept
                        && sources
                            .iter()
                            .all(|it| self.are_apart(&it.value, Part::Key, it.world))
                }
                _ => false,
            },
            made => part == Part::Whole && self.are_listed_apart(made, world),
        }
    }

    /// Whether a comprehension makes no two equal values of the elements of its source: what it
    /// makes is an element, or the name of a member.
    pub(super) fn are_distinct(
        &mut self,
        (id, made): (ExprId, ExprId),
        env: EnvId,
        world: WorldId,
    ) -> bool {
        let program = self.program;
        let (ExprKind::ArrayComp { specs, .. } | ExprKind::ObjectComp { specs, .. }) =
            &program.expr(id).kind
        else {
            return false;
        };
        let Some((variable, source)) = only_loop(specs) else {
            return false;
        };
        let made = match program.expr(id).kind {
            ExprKind::ObjectComp { .. } => self.named(made),
            _ => made,
        };
        let kept = self.kept(made, variable);
        let is_kept = match kept {
            Some((Part::Whole, Form::Moved | Form::Written | Form::Added)) => {
                let texts = self.are_written_apart(id, variable, kept, env, world);
                texts.then_some(Part::Whole)
            }
            Some((part, _)) => Some(part),
            None => None,
        };
        let mut sources = self.eval(source, env, world);
        // One element has no other, whatever is made of it.
        sources.retain(|it| {
            let is_array = self.kinds(&it.value, it.world) == KindSet::ARRAY;
            !is_array || self.length(&it.value, it.world).1.is_none_or(|it| it > 1)
        });
        if let Some(part) = is_kept {
            return sources
                .iter()
                .all(|it| self.are_apart(&it.value, part, it.world));
        }
        // What depends on no element is the same for all.
        if sources.is_empty() || self.is_same(made, variable) {
            return sources.is_empty();
        }
        let told = self.silently(|checker| {
            let are_apart = sources
                .iter()
                .all(|it| checker.has_no_equals(&it.value, it.world));
            are_apart && checker.tells_apart((id, made), variable, env, world)
        });
        told.unwrap_or(false)
    }

    /// The name that an expression gives where it gives one: null is no name.
    fn named(&self, name: ExprId) -> ExprId {
        let is_null = |it: ExprId| matches!(self.program.expr(it).kind, ExprKind::Null);
        match self.program.expr(name).kind {
            ExprKind::Parens(inner) => self.named(inner),
            ExprKind::If {
                then, otherwise, ..
            } => match otherwise.filter(|it| !is_null(*it)) {
                None => self.named(then),
                Some(otherwise) if is_null(then) => self.named(otherwise),
                Some(_) => name,
            },
            _ => name,
        }
    }

    /// Whether different elements are different where they are written: all are strings, or all are
    /// integers of which 1 more and 1 less are integers too, and a text is all that they go into.
    fn are_written_apart(
        &mut self,
        id: ExprId,
        variable: Symbol,
        kept: Option<(Part, Form)>,
        env: EnvId,
        world: WorldId,
    ) -> bool {
        let mut all = Ty::never();
        for (at, inner) in self.comprehension_instances(id, env, id, world) {
            let Some(element) = self.store.variable(inner, variable) else {
                return false;
            };
            for it in self.force(element, at, id) {
                match self.data_type(&it.value, it.world) {
                    Some(ty) => all = all.join(&ty),
                    None => return false,
                }
            }
        }
        let kinds = KindSet::of(&all);
        let number = all.kinds().number.as_ref();
        let is_integer = number.is_some_and(|it| it.integer && it.is_exact());
        let is_added = kept.is_some_and(|(_, form)| form == Form::Added);
        all.is_poison()
            || kinds == KindSet::STRING
            || kinds == KindSet::NUMBER && is_integer && !is_added
    }

    /// What of the loop's variable an expression gives, or writes into a text, exactly once and
    /// beside nothing else that depends on it.
    fn kept(&self, made: ExprId, variable: Symbol) -> Option<(Part, Form)> {
        let program = self.program;
        let is_variable =
            |it: ExprId| matches!(program.expr(it).kind, ExprKind::Var(read) if read == variable);
        match &program.expr(made).kind {
            ExprKind::Parens(inner) => self.kept(*inner, variable),
            ExprKind::Var(_) if is_variable(made) => Some((Part::Whole, Form::Bare)),
            ExprKind::Member { target, name }
                if is_variable(*target) && program.text(name.symbol) == "key" =>
            {
                Some((Part::Key, Form::Bare))
            }
            ExprKind::Index { target, index } if is_variable(*target) => {
                match program.expr(*index).kind {
                    ExprKind::String(text) if program.text(text) == "key" => {
                        Some((Part::Key, Form::Bare))
                    }
                    _ => None,
                }
            }
            ExprKind::Binary {
                op: BinaryOp::Add,
                left,
                right,
                ..
            } => {
                let (inner, same) = if self.is_same(*left, variable) {
                    (*right, *left)
                } else if self.is_same(*right, variable) {
                    (*left, *right)
                } else {
                    return None;
                };
                let (part, form) = self.kept(inner, variable)?;
                let form = match form {
                    Form::Bare | Form::Moved if self.is_text(same) => Form::Written,
                    Form::Bare if self.is_one(same) => Form::Moved,
                    Form::Bare | Form::Moved => Form::Added,
                    form => form,
                };
                Some((part, form))
            }
            ExprKind::Binary {
                op: BinaryOp::Sub,
                left,
                right,
                ..
            } if self.is_one(*right) => {
                let inner = self.kept(*left, variable)?;
                (inner == (Part::Whole, Form::Bare)).then_some((Part::Whole, Form::Moved))
            }
            ExprKind::Binary {
                op: BinaryOp::Mod,
                left,
                right,
                ..
            } => {
                let ExprKind::String(format) = program.expr(*left).kind else {
                    return None;
                };
                let values = match &program.expr(*right).kind {
                    ExprKind::Array(values) => values,
                    _ => std::slice::from_ref(right),
                };
                if plain_codes(program.text(format)) != Some(values.len()) {
                    return None;
                }
                let mut others = values.iter().filter(|it| !self.is_same(**it, variable));
                let (only, None) = (*others.next()?, others.next()) else {
                    return None;
                };
                let (part, form) = self.kept(only, variable)?;
                let form = match form {
                    Form::Bare | Form::Moved => Form::Written,
                    form => form,
                };
                Some((part, form))
            }
            _ => None,
        }
    }

    /// Whether an expression is evaluated to the same for every element that the variable is.
    fn is_same(&self, it: ExprId, variable: Symbol) -> bool {
        match self.program.expr(it).kind {
            ExprKind::String(_) | ExprKind::Number(_) => true,
            _ => {
                let range = self.program.expr(it).range;
                let mut inside = self
                    .program
                    .exprs()
                    .iter()
                    .filter(|it| range.start <= it.range.start && it.range.end <= range.end);
                !inside.any(|it| matches!(it.kind, ExprKind::Var(read) if read == variable))
            }
        }
    }

    fn is_one(&self, it: ExprId) -> bool {
        matches!(self.program.expr(it).kind, ExprKind::Number(1.0))
    }

    /// Whether an expression can be seen to give a string.
    fn is_text(&self, it: ExprId) -> bool {
        match self.program.expr(it).kind {
            ExprKind::String(_) => true,
            ExprKind::Parens(inner) => self.is_text(inner),
            ExprKind::Binary {
                op: BinaryOp::Add,
                left,
                right,
                ..
            } => self.is_text(left) || self.is_text(right),
            ExprKind::Binary {
                op: BinaryOp::Mod,
                left,
                ..
            } => self.is_text(left),
            _ => false,
        }
    }
}

/// The variable and the source of a comprehension with one `for`.
fn only_loop(specs: &[Spec]) -> Option<(Symbol, ExprId)> {
    let [Spec::For { name, source }, rest @ ..] = specs else {
        return None;
    };
    let is_only = rest.iter().all(|it| matches!(it, Spec::If { .. }));
    is_only.then_some((name.symbol, *source))
}

/// How many values a format takes, if each is written as it is: padding would make `' a'` of both
/// `'a'` and `' a'`.
pub(super) fn plain_codes(format: &str) -> Option<usize> {
    let mut count = 0;
    let mut rest = format.chars();
    while let Some(character) = rest.next() {
        if character == '%' {
            match rest.next()? {
                's' | 'd' | 'i' | 'u' => count += 1,
                '%' => {}
                _ => return None,
            }
        }
    }
    Some(count)
}
