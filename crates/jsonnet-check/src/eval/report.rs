//! What is said of a program: each place once per code.

use diagnostics::{Diagnostic, Rule};
use jsonnet_syntax::ExprId;

use super::Checker;
use crate::rules;

impl Checker<'_> {
    pub(crate) fn diagnostic(
        &self,
        rule: &'static Rule,
        place: ExprId,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(rule, self.program.span(place), message)
    }

    /// Reports, unless the same was said of the same place. The calls that led here are labelled.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        if !self.gave_up {
            self.failing
                .record((diagnostic.primary, diagnostic.rule.code));
        }
        if self.gave_up
            || !self
                .reported
                .insert((diagnostic.primary, diagnostic.rule.code))
        {
            return;
        }
        let mut labelled = 0;
        for call in self.calls.iter().rev() {
            let span = self.program.span(*call);
            let around = span.range.contains(diagnostic.primary.range);
            if !around && labelled < 3 && !diagnostic.labels.iter().any(|it| it.span == span) {
                diagnostic = diagnostic.label(span, "in this call");
                labelled += 1;
            }
        }
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn say(&mut self, rule: &'static Rule, place: ExprId, message: impl Into<String>) {
        let diagnostic = self.diagnostic(rule, place, message);
        self.push(diagnostic);
    }

    /// Ends the whole evaluation with `cannot-prove`.
    pub(crate) fn give_up(&mut self, place: ExprId, message: &str) {
        if self.gave_up {
            return;
        }
        let diagnostic = self
            .diagnostic(&rules::CANNOT_PROVE, place, message)
            .help("bound the recursion, or compute this outside the program");
        if self.is_new_failure(place) {
            self.push(diagnostic);
        }
        self.gave_up = true;
        self.resume.was_given_up = true;
    }
}
