//! A body with some of its errors mended, for telling which error is whose.
//!
//! To mend is to put a harmless value in the place of the guilty expression: the smallest one that
//! fails, such as the member access of a missing member, or the sum of a wrong operand.

use diagnostics::{Diagnostic, TextRange};
use jsonnet_syntax::{ExprKind, Program};

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

    /// The text without one of its errors.
    pub(super) fn without(&self, index: usize) -> String {
        let own = self.guilty.get(index).copied();
        self.replaced(own.into_iter().collect(), "null")
    }

    /// The text without the errors that have nothing to do with one, and perhaps without this too.
    pub(super) fn alone(&self, index: usize, neutral: &str, mend_it: bool) -> String {
        let Some(own) = self.guilty.get(index).copied() else {
            return self.text.clone();
        };
        let disjoint = |it: &TextRange| it.end <= own.start || own.end <= it.start;
        let mut ranges: Vec<TextRange> = self.guilty.iter().copied().filter(disjoint).collect();
        if mend_it {
            ranges.push(own);
        }
        self.replaced(ranges, neutral)
    }

    fn replaced(&self, mut ranges: Vec<TextRange>, neutral: &str) -> String {
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

/// The expression that fails, for the place that a finding points at.
fn guilty(program: &Program, place: TextRange) -> TextRange {
    let mut around: Vec<_> = program
        .exprs()
        .iter()
        .filter(|it| it.range.start <= place.start && place.end <= it.range.end)
        .collect();
    around.sort_by_key(|it| it.range.end - it.range.start);
    let mut around = around.into_iter();
    let Some(mut found) = around.next() else {
        return place;
    };
    let names_it = |kind: &ExprKind| match kind {
        ExprKind::Member { name, .. } | ExprKind::SuperMember { name } => name.range == place,
        _ => false,
    };
    if names_it(&found.kind) {
        return found.range;
    }
    for outer in around {
        if outer.range == found.range {
            found = outer;
            continue;
        }
        let is_condition = |id| program.expr(id).range == found.range;
        let fails_with_it = match &outer.kind {
            ExprKind::Parens(_)
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::Call { .. }
            | ExprKind::Member { .. }
            | ExprKind::Index { .. }
            | ExprKind::SuperIndex { .. }
            | ExprKind::InSuper { .. }
            | ExprKind::Slice { .. }
            | ExprKind::ApplyBrace { .. } => true,
            ExprKind::If { condition, .. } | ExprKind::Assert { condition, .. } => {
                is_condition(*condition)
            }
            ExprKind::ArrayComp { element, .. } => !is_condition(*element),
            _ => false,
        };
        if !fails_with_it {
            break;
        }
        found = outer;
        if !matches!(outer.kind, ExprKind::Parens(_)) {
            break;
        }
    }
    found.range
}
