//! Makes a program smaller while something stays true of it.

use diagnostics::{FileId, TextRange};
use jsonnet_syntax::{ExprId, ExprKind, FieldName, Member, Program, Spec};

/// The smallest program that was found of which `holds` is true, as it is of `program`. At most
/// `trials` are made.
pub fn shrink(program: &str, mut trials: usize, holds: &mut dyn FnMut(&str) -> bool) -> String {
    let mut best = program.to_owned();
    loop {
        let mut edits = edits(&best);
        edits.sort_by_key(|(range, with)| {
            let saved = range.of(&best).len().saturating_sub(with.len());
            std::cmp::Reverse(saved)
        });
        let mut found = None;
        for (range, text) in edits {
            let Some(smaller) = replaced(&best, range, &text) else {
                continue;
            };
            if smaller.len() >= best.len() {
                continue;
            }
            if trials == 0 {
                return best;
            }
            trials -= 1;
            if holds(&smaller) {
                found = Some(smaller);
                break;
            }
        }
        match found {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

fn replaced(text: &str, range: TextRange, with: &str) -> Option<String> {
    let at = |offset: u32| usize::try_from(offset).ok();
    let (before, after) = (text.get(..at(range.start)?)?, text.get(at(range.end)?..)?);
    Some(format!("{before}{with}{after}"))
}

/// Smaller texts for parts of the program.
fn edits(text: &str) -> Vec<(TextRange, String)> {
    let parsed = jsonnet_syntax::parse(text, FileId::DETACHED);
    let program = &parsed.program;
    let mut edits = Vec::new();
    let of = |id: ExprId| program.expr(id).range.of(text).to_owned();
    for expr in program.exprs() {
        let range = expr.range;
        for child in children(program, &expr.kind) {
            edits.push((range, of(child)));
            if !matches!(expr.kind, ExprKind::Parens(_)) {
                edits.push((range, format!("({})", of(child))));
            }
        }
        for literal in ["1", "'x'", "[1]", "{ a: 1 }", "null"] {
            edits.push((range, literal.to_owned()));
        }
        let list: Vec<TextRange> = match &expr.kind {
            ExprKind::Array(items) => items.iter().map(|it| program.expr(*it).range).collect(),
            ExprKind::Object(members) | ExprKind::ObjectComp { members, .. } => {
                members.iter().map(|it| member_range(program, it)).collect()
            }
            ExprKind::Call { args, .. } => args
                .iter()
                .map(|it| {
                    let value = program.expr(it.value).range;
                    let start = it.name.map_or(value.start, |name| name.range.start);
                    TextRange { start, ..value }
                })
                .collect(),
            ExprKind::Local { binds, .. } => binds
                .iter()
                .map(|it| TextRange {
                    start: it.name.range.start,
                    end: program.expr(it.value).range.end,
                })
                .collect(),
            _ => Vec::new(),
        };
        for (at, it) in list.iter().enumerate() {
            let next = list.get(at + 1).map(|next| next.start);
            let before = at
                .checked_sub(1)
                .and_then(|at| list.get(at))
                .map(|it| it.end);
            let range = match (next, before) {
                (Some(next), _) => TextRange {
                    start: it.start,
                    end: next,
                },
                (None, Some(before)) => TextRange {
                    start: before,
                    end: it.end,
                },
                (None, None) => *it,
            };
            edits.push((range, String::new()));
        }
    }
    edits
}

fn member_range(program: &Program, member: &Member) -> TextRange {
    match member {
        Member::Field(field) => {
            let start = match field.name {
                FieldName::Fixed(name) => name.range.start,
                FieldName::Computed(id) => program.expr(id).range.start.saturating_sub(1),
            };
            let end = program.expr(field.value).range.end;
            TextRange { start, end }
        }
        Member::Local(bind) => TextRange {
            // With the keyword.
            start: bind.name.range.start.saturating_sub(6),
            end: program.expr(bind.value).range.end,
        },
        Member::Assert { range, .. } => *range,
    }
}

/// The expressions directly inside.
pub(crate) fn children(program: &Program, kind: &ExprKind) -> Vec<ExprId> {
    let specs = |specs: &[Spec]| -> Vec<ExprId> {
        specs
            .iter()
            .map(|it| match it {
                Spec::For { source, .. } => *source,
                Spec::If { condition } => *condition,
            })
            .collect()
    };
    let members = |members: &[Member]| -> Vec<ExprId> {
        let mut found = Vec::new();
        for it in members {
            match it {
                Member::Field(field) => {
                    if let FieldName::Computed(id) = field.name {
                        found.push(id);
                    }
                    found.push(field.value);
                }
                Member::Local(bind) => found.push(bind.value),
                Member::Assert {
                    condition, message, ..
                } => {
                    found.push(*condition);
                    found.extend(*message);
                }
            }
        }
        found
    };
    let _ = program;
    match kind {
        ExprKind::Missing
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::SelfRef
        | ExprKind::Dollar
        | ExprKind::Var(_)
        | ExprKind::SuperMember { .. }
        | ExprKind::Import { .. } => Vec::new(),
        ExprKind::Parens(id) | ExprKind::Error(id) => vec![*id],
        ExprKind::Array(items) => items.to_vec(),
        ExprKind::ArrayComp {
            element,
            specs: all,
        } => {
            let mut found = vec![*element];
            found.extend(specs(all));
            found
        }
        ExprKind::Object(all) => members(all),
        ExprKind::ObjectComp {
            members: all,
            specs: clauses,
        } => {
            let mut found = members(all);
            found.extend(specs(clauses));
            found
        }
        ExprKind::Member { target, .. } => vec![*target],
        ExprKind::Index { target, index } => vec![*target, *index],
        ExprKind::Slice {
            target,
            from,
            to,
            step,
        } => {
            let mut found = vec![*target];
            found.extend([from, to, step].into_iter().flatten());
            found
        }
        ExprKind::SuperIndex { index } => vec![*index],
        ExprKind::InSuper { name } => vec![*name],
        ExprKind::Call { target, args, .. } => {
            let mut found = vec![*target];
            found.extend(args.iter().map(|it| it.value));
            found
        }
        ExprKind::ApplyBrace { target, object } => vec![*target, *object],
        ExprKind::Unary { operand, .. } => vec![*operand],
        ExprKind::Binary { left, right, .. } => vec![*left, *right],
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => {
            let mut found = vec![*condition, *then];
            found.extend(*otherwise);
            found
        }
        ExprKind::Local { binds, body } => {
            let mut found: Vec<ExprId> = binds.iter().map(|it| it.value).collect();
            found.push(*body);
            found
        }
        ExprKind::Function { params, body, .. } => {
            let mut found: Vec<ExprId> = params.iter().filter_map(|it| it.default).collect();
            found.push(*body);
            found
        }
        ExprKind::Assert {
            condition,
            message,
            rest,
        } => {
            let mut found = vec![*condition, *rest];
            found.extend(*message);
            found
        }
    }
}
