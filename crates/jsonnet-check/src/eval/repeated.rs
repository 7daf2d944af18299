//! Calls, conditions, comprehensions, slices, sums and comparisons that a program writes more than
//! once, which are one value.
//!
//! Jsonnet has no effects: equal text over equal bindings gives equal values. So what a test
//! teaches of `std.split(x, '@')` holds of the next `std.split(x, '@')` too, as if both read one
//! local. Each occurrence is evaluated where it stands, so findings stay at their own places; what
//! they share is the identity of the value.
//!
//! Invariant: two texts are equal only with the same names, also those that they bind themselves,
//! and only where every name they contain stands for the same. What reads `self` is never compared,
//! and of objects only those of plain fields.

use std::collections::{HashMap, HashSet};

use jsonnet_syntax::{
    BinaryOp, ExprId, ExprKind, Field, FieldName, Member, Program, Spec, Symbol, UnaryOp,
    Visibility,
};

use super::Checker;
use crate::value::{EnvId, Outcomes};

/// An expression that is written more than once.
#[derive(Debug)]
pub(super) struct Repeated {
    /// Where it is written first.
    first: ExprId,
    /// The names it reads.
    names: Vec<Symbol>,
}

#[derive(PartialEq, Eq, Hash)]
enum Form {
    Null,
    Bool(bool),
    Number(u64),
    String(Symbol),
    Var(Symbol),
    Member(u32, Symbol),
    Index(u32, u32),
    Slice(u32, Vec<Option<u32>>),
    Unary(UnaryOp, u32),
    Binary(BinaryOp, u32, u32),
    Call(u32, Vec<(Option<Symbol>, u32)>),
    If(u32, u32, Option<u32>),
    Local(Vec<(Symbol, u32)>, u32),
    Error(u32),
    Array(Vec<u32>),
    Object(Vec<(Symbol, Visibility, u32)>),
    Function(Vec<(Symbol, Option<u32>)>, u32),
    Comprehension(u32, Vec<(Option<Symbol>, u32)>),
}

/// The expressions that a program writes more than once, of those whose values can teach something.
pub(super) fn repeated(program: &Program) -> HashMap<ExprId, Repeated> {
    let can_teach = |kind: &ExprKind| match kind {
        ExprKind::Call { .. }
        | ExprKind::ArrayComp { .. }
        | ExprKind::Slice { .. }
        | ExprKind::If { .. }
        | ExprKind::Local { .. } => true,
        ExprKind::Binary { op, .. } => is_order(*op) || *op == BinaryOp::Add,
        _ => false,
    };
    let mut found = HashMap::new();
    if program
        .exprs()
        .iter()
        .filter(|it| can_teach(&it.kind))
        .count()
        < 2
    {
        return found;
    }
    let continued = continued(program);
    // Of each expression, the number of its form; none for what is not compared.
    let mut numbers: Vec<Option<u32>> = Vec::with_capacity(program.exprs().len());
    let mut forms: HashMap<Form, u32> = HashMap::new();
    let mut alike: HashMap<u32, Vec<ExprId>> = HashMap::new();
    for (id, expr) in program.ids().zip(program.exprs()) {
        let number = |it: &ExprId| numbers.get(it.index()).copied().flatten();
        let form = match &expr.kind {
            ExprKind::Parens(inner) => {
                let inner = number(inner);
                numbers.push(inner);
                continue;
            }
            ExprKind::Null => Some(Form::Null),
            ExprKind::Bool(value) => Some(Form::Bool(*value)),
            ExprKind::Number(value) => Some(Form::Number(value.to_bits())),
            ExprKind::String(text) => Some(Form::String(*text)),
            ExprKind::Var(name) => Some(Form::Var(*name)),
            ExprKind::Member { target, name } => {
                number(target).map(|target| Form::Member(target, name.symbol))
            }
            ExprKind::Index { target, index } => number(target)
                .zip(number(index))
                .map(|(target, index)| Form::Index(target, index)),
            ExprKind::Slice {
                target,
                from,
                to,
                step,
            } => {
                let bounds = [from, to, step].into_iter();
                let bounds = bounds.map(|it| match it {
                    Some(it) => number(it).map(Some),
                    None => Some(None),
                });
                let bounds: Option<Vec<_>> = bounds.collect();
                number(target)
                    .zip(bounds)
                    .map(|(target, bounds)| Form::Slice(target, bounds))
            }
            ExprKind::Unary { op, operand, .. } => {
                number(operand).map(|operand| Form::Unary(*op, operand))
            }
            ExprKind::Binary {
                op, left, right, ..
            } => number(left)
                .zip(number(right))
                .map(|(left, right)| Form::Binary(*op, left, right)),
            ExprKind::Call { target, args, .. } => {
                let given = args
                    .iter()
                    .map(|it| Some((it.name.map(|name| name.symbol), number(&it.value)?)));
                let given: Option<Vec<_>> = given.collect();
                number(target)
                    .zip(given)
                    .map(|(target, given)| Form::Call(target, given))
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let rest = otherwise.as_ref().map(number);
                let known = rest.is_none_or(|it| it.is_some());
                let parts = number(condition).zip(number(then)).filter(|_| known);
                parts.map(|(condition, then)| Form::If(condition, then, rest.flatten()))
            }
            ExprKind::Local { binds, body } => {
                let binds = binds.iter();
                let binds = binds.map(|it| Some((it.name.symbol, number(&it.value)?)));
                let binds: Option<Vec<_>> = binds.collect();
                let parts = binds.zip(number(body));
                parts.map(|(binds, body)| Form::Local(binds, body))
            }
            ExprKind::Error(message) => number(message).map(Form::Error),
            ExprKind::Array(elements) => {
                let elements: Option<Vec<u32>> = elements.iter().map(number).collect();
                elements.map(Form::Array)
            }
            ExprKind::Object(members) => {
                let fields = members.iter().map(|it| match it {
                    Member::Field(Field {
                        name: FieldName::Fixed(name),
                        plus: false,
                        visibility,
                        value,
                        ..
                    }) => Some((name.symbol, *visibility, number(value)?)),
                    _ => None,
                });
                let fields: Option<Vec<_>> = fields.collect();
                fields.map(Form::Object)
            }
            ExprKind::Function { params, body, .. } => {
                let params = params.iter().map(|it| match &it.default {
                    Some(default) => Some((it.name.symbol, Some(number(default)?))),
                    None => Some((it.name.symbol, None)),
                });
                let params: Option<Vec<_>> = params.collect();
                params
                    .zip(number(body))
                    .map(|(params, body)| Form::Function(params, body))
            }
            ExprKind::ArrayComp { element, specs } => {
                let specs = specs.iter().map(|it| match it {
                    Spec::For { name, source } => Some((Some(name.symbol), number(source)?)),
                    Spec::If { condition } => Some((None, number(condition)?)),
                });
                let specs: Option<Vec<_>> = specs.collect();
                number(element)
                    .zip(specs)
                    .map(|(element, specs)| Form::Comprehension(element, specs))
            }
            _ => None,
        };
        let next = u32::try_from(forms.len()).unwrap_or(u32::MAX);
        let number = form.map(|form| *forms.entry(form).or_insert(next));
        numbers.push(number);
        let is_whole = !continued.contains(&id);
        if let Some(number) = number.filter(|_| is_whole && can_teach(&expr.kind)) {
            alike.entry(number).or_default().push(id);
        }
    }
    for same in alike.into_values().filter(|it| it.len() > 1) {
        let Some(first) = same.first().copied() else {
            continue;
        };
        for id in same {
            let names = names_in(program, first);
            found.insert(id, Repeated { first, names });
        }
    }
    found
}

/// What goes on in an expression of the same form, as `a + b` does in `a + b + c`: chains may be as
/// long as the text, so only the whole of one is compared.
fn continued(program: &Program) -> HashSet<ExprId> {
    let exprs = program.exprs().iter();
    let parts = exprs.filter_map(|it| match &it.kind {
        ExprKind::Binary { left, .. } => Some((&it.kind, *left)),
        ExprKind::If { otherwise, .. } => Some((&it.kind, (*otherwise)?)),
        ExprKind::Local { body, .. } => Some((&it.kind, *body)),
        _ => None,
    });
    let of_one_form = |whole: &ExprKind, part: ExprId| {
        std::mem::discriminant(whole) == std::mem::discriminant(&program.expr(part).kind)
    };
    parts
        .filter(|(whole, part)| of_one_form(whole, *part))
        .map(|(_, part)| part)
        .collect()
}

/// Whether it is one of the operators of order.
pub(super) const fn is_order(op: BinaryOp) -> bool {
    use BinaryOp::{Greater, GreaterEq, Less, LessEq};
    matches!(op, Less | LessEq | Greater | GreaterEq)
}

fn names_in(program: &Program, id: ExprId) -> Vec<Symbol> {
    let mut names = Vec::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        match &program.expr(id).kind {
            ExprKind::Var(name) => names.push(*name),
            ExprKind::Parens(inner) => open.push(*inner),
            ExprKind::Member { target, .. } => open.push(*target),
            ExprKind::Index { target, index } => open.extend([*target, *index]),
            ExprKind::Slice {
                target,
                from,
                to,
                step,
            } => {
                open.push(*target);
                open.extend([from, to, step].into_iter().copied().flatten());
            }
            ExprKind::Unary { operand, .. } => open.push(*operand),
            ExprKind::Binary { left, right, .. } => open.extend([*left, *right]),
            ExprKind::Call { target, args, .. } => {
                open.push(*target);
                open.extend(args.iter().map(|it| it.value));
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                open.extend([*condition, *then]);
                open.extend(*otherwise);
            }
            ExprKind::Local { binds, body } => {
                open.extend(binds.iter().map(|it| it.value));
                open.push(*body);
            }
            ExprKind::Error(message) => open.push(*message),
            ExprKind::Array(elements) => open.extend(elements.iter().copied()),
            ExprKind::Object(members) => open.extend(members.iter().filter_map(|it| match it {
                Member::Field(field) => Some(field.value),
                _ => None,
            })),
            ExprKind::Function { params, body, .. } => {
                open.extend(params.iter().filter_map(|it| it.default));
                open.push(*body);
            }
            ExprKind::ArrayComp { element, specs } => {
                open.push(*element);
                open.extend(specs.iter().map(|it| match it {
                    Spec::For { source, .. } => *source,
                    Spec::If { condition } => *condition,
                }));
            }
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

impl Checker<'_> {
    /// What an expression gave, under the identity of the first of its kind in the same bindings.
    pub(super) fn known_repeat(&mut self, id: ExprId, env: EnvId, outcomes: Outcomes) -> Outcomes {
        let Some(it) = self.repeated.get(&id) else {
            return outcomes;
        };
        // The innermost scope that binds one of its names: further in, all means the same.
        let mut at = env;
        while let Some(scope) = self.store.env(at) {
            let reads = |name: &Symbol| it.names.contains(name);
            if scope.binds.iter().any(|(name, _)| reads(name)) {
                break;
            }
            match scope.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let thunk = self.store.expr_thunk(it.first, at);
        self.under_name(thunk, outcomes, id)
    }
}
