//! A body with some of its errors mended, for telling which error is whose.
//!
//! To mend is to put a neutral value in the place of the guilty expression: the one that fails,
//! such as the member access of a missing member or the sum of a wrong operand, with what is done
//! to its value at once, up to a place that takes any value.

use diagnostics::{Diagnostic, TextRange};
use jsonnet_syntax::{BinaryOp, Expr, ExprId, ExprKind, Program};

/// The text and its guilty expressions, in the order of the errors.
pub(super) struct Mended {
    text: String,
    guilty: Vec<TextRange>,
}

impl Mended {
    pub(super) fn new(program: &Program, text: &str, errors: &[&mut Diagnostic]) -> Self {
        let guilty = errors.iter().map(|it| guilty(program, it.primary.range));
        Self {
            guilty: guilty.collect(),
            text: text.to_owned(),
        }
    }

    /// The text without some of its errors.
    pub(super) fn without(&self, errors: &[usize], neutral: &str) -> String {
        let guilty = errors.iter().filter_map(|it| self.guilty.get(*it));
        let mut ranges: Vec<TextRange> = guilty.copied().collect();
        ranges.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for range in ranges {
            let (start, end) = (range.start as usize, range.end as usize);
            // What lies within the one before is gone already.
            if start < at {
                continue;
            }
            text.push_str(self.text.get(at..start).unwrap_or_default());
            text.push('(');
            text.push_str(neutral);
            text.push(')');
            at = end;
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        text
    }
}

/// The expression that fails, for the place that a finding points at, with what is made of it.
fn guilty(program: &Program, place: TextRange) -> TextRange {
    let mut around: Vec<&Expr> = program
        .exprs()
        .iter()
        .filter(|it| it.range.start <= place.start && place.end <= it.range.end)
        .collect();
    around.sort_by_key(|it| it.range.end - it.range.start);
    let mut around = around.into_iter();
    let Some(mut found) = around.next() else {
        return place;
    };
    for outer in around {
        // An operand may be what a finding points at; else null is as good in a sum of texts.
        let is_operand = matches!(outer.kind, ExprKind::Binary { .. }) && found.range == place;
        let same = outer.range == found.range;
        if !same && !is_operand && !fails_with(program, outer, found.range) {
            break;
        }
        found = outer;
    }
    found.range
}

/// Whether an expression has no value when this part of it has none that fits.
fn fails_with(program: &Program, outer: &Expr, part: TextRange) -> bool {
    let is_part = |id: ExprId| program.expr(id).range == part;
    match &outer.kind {
        ExprKind::Parens(_)
        | ExprKind::Unary { .. }
        | ExprKind::Call { .. }
        | ExprKind::Member { .. }
        | ExprKind::Index { .. }
        | ExprKind::SuperIndex { .. }
        | ExprKind::InSuper { .. }
        | ExprKind::Slice { .. }
        | ExprKind::ApplyBrace { .. } => true,
        // A text takes null; everything else but a comparison with it does not.
        ExprKind::Binary { op, left, .. } => match op {
            BinaryOp::Add | BinaryOp::Eq | BinaryOp::NotEq => false,
            BinaryOp::And | BinaryOp::Or => is_part(*left),
            _ => true,
        },
        ExprKind::If { condition, .. } | ExprKind::Assert { condition, .. } => is_part(*condition),
        ExprKind::ArrayComp { element, .. } => !is_part(*element),
        _ => false,
    }
}
