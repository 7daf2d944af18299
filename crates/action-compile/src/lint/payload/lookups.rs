//! Names that a program looks up in a member of ctx, as far as they are written in it.
//!
//! The checker's report has no place for a name that is never there and is asked for with a
//! default; the text of the program has. What is computed is not seen, so rules over this say
//! nothing rather than too much.

use diagnostics::TextRange;
use jsonnet_syntax::{BinaryOp, ExprId, ExprKind, Program};

/// A name that is looked up.
pub(super) struct Lookup<'a> {
    /// The name.
    pub(super) name: &'a str,
    /// Where it is written, quotes included.
    pub(super) range: TextRange,
    /// `std.get`, `in` and their like, which do not fail.
    pub(super) guarded: bool,
    /// Whether it is written in quotes.
    pub(super) quoted: bool,
}

/// Every literal name that the program looks up in the object at a path below `ctx`.
pub(super) fn lookups<'a>(program: &'a Program, path: &[&str]) -> Vec<Lookup<'a>> {
    let is_it = |id: ExprId| is_path(program, id, path, 0);
    let literal = |id: ExprId, guarded: bool| match program.expr(id).kind {
        ExprKind::String(text) => Some(Lookup {
            name: program.text(text),
            range: program.expr(id).range,
            guarded,
            quoted: true,
        }),
        _ => None,
    };
    let mut found = Vec::new();
    for expr in program.exprs() {
        match &expr.kind {
            ExprKind::Member { target, name } if is_it(*target) => found.push(Lookup {
                name: program.text(name.symbol),
                range: name.range,
                guarded: false,
                quoted: false,
            }),
            ExprKind::Index { target, index } if is_it(*target) => {
                found.extend(literal(*index, false));
            }
            ExprKind::Binary {
                op: BinaryOp::In,
                left,
                right,
                ..
            } if is_it(*right) => found.extend(literal(*left, true)),
            ExprKind::Call { target, args, .. } => {
                if let [object, key, ..] = &**args
                    && asks_for_a_name(program, *target)
                    && is_it(object.value)
                {
                    found.extend(literal(key.value, true));
                }
            }
            _ => {}
        }
    }
    found
}

/// The functions of the library that look a name up and do not fail.
fn asks_for_a_name(program: &Program, function: ExprId) -> bool {
    match &program.expr(function).kind {
        ExprKind::Member { target, name } => {
            is_variable(program, *target, "std")
                && matches!(
                    program.text(name.symbol),
                    "get" | "objectHas" | "objectHasAll"
                )
        }
        _ => false,
    }
}

fn is_variable(program: &Program, id: ExprId, name: &str) -> bool {
    matches!(program.expr(id).kind, ExprKind::Var(it) if program.text(it) == name)
}

/// Whether an expression is `ctx` and this path, or a local that is bound to it.
fn is_path(program: &Program, id: ExprId, path: &[&str], depth: usize) -> bool {
    match (&program.expr(id).kind, path.split_last()) {
        (ExprKind::Parens(inner), _) => is_path(program, *inner, path, depth),
        (ExprKind::Var(symbol), None) if program.text(*symbol) == "ctx" => true,
        (ExprKind::Member { target, name }, Some((last, above))) => {
            program.text(name.symbol) == *last && is_path(program, *target, above, depth)
        }
        (ExprKind::Index { target, index }, Some((last, above))) => {
            matches!(program.expr(*index).kind, ExprKind::String(text) if program.text(text) == *last)
                && is_path(program, *target, above, depth)
        }
        (ExprKind::Var(symbol), _) if depth < 4 => {
            let binds = program.exprs().iter().flat_map(|expr| match &expr.kind {
                ExprKind::Local { binds, .. } => &**binds,
                _ => &[],
            });
            let mut binds = binds.filter(|bind| bind.name.symbol == *symbol);
            // With two locals of that name it takes scopes to tell which is meant.
            match (binds.next(), binds.next()) {
                (Some(bind), None) => is_path(program, bind.value, path, depth + 1),
                _ => false,
            }
        }
        _ => false,
    }
}
