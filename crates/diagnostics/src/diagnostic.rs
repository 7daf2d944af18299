//! One finding: what is wrong, where, why, and what to do.
//!
//! Invariant: the message is one lower-case clause without a full stop that stands alone; the
//! primary span is the smallest guilty text; a fix can be applied as it stands.

use std::fmt;

use crate::{Level, LineColumn, Rule, Span};

/// A further place that belongs to a finding: the cause, the other declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, as a lower-case clause.
    pub message: String,
}

/// The replacement of one span by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub new_text: String,
}

/// Whether a change may be made without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// There is one thing that was meant, and the change says it; what works stays as it is.
    Safe,
    /// A guess, or a change of what is sent: somebody should look at it.
    Unsafe,
}

impl Applicability {
    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A change that removes the finding when all its edits are applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// The edits, not overlapping.
    pub edits: Vec<Edit>,
    /// Whether it may be made without asking.
    pub applicability: Applicability,
}

/// An input that makes the finding happen, tried and confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The input.
    pub ctx: serde_json::Value,
    /// The error it ends in.
    pub error: String,
}

/// Where a finding is in a text whose characters have no places in the file, as one that is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// What holds the place, such as `body`.
    pub text: &'static str,
    /// The place.
    pub at: LineColumn,
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LineColumn { line, column } = self.at;
        write!(f, "line {line}, column {column} of the {}", self.text)
    }
}

/// A finding of a rule at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How much it weighs in this run; the rule's own level unless a project changed it.
    pub level: Level,
    /// Found and expected, in one clause.
    pub message: String,
    /// The smallest guilty text.
    pub primary: Span,
    /// Where in the guilty text it is, where that has no places of its own in the file.
    pub within: Option<Within>,
    /// What the caret line says; empty for nothing.
    pub annotation: String,
    /// Causes and other places.
    pub labels: Vec<Label>,
    /// What to do, as an imperative.
    pub help: Option<String>,
    /// Changes that can be applied.
    pub fixes: Vec<Fix>,
    /// An input for which it was seen to happen.
    pub witness: Option<Witness>,
}

impl Diagnostic {
    /// A finding with nothing but its message and place.
    #[must_use]
    pub fn new(rule: &'static Rule, primary: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            primary,
            within: None,
            annotation: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            witness: None,
        }
    }

    /// Says something at the primary place itself.
    #[must_use]
    pub fn annotate(mut self, annotation: impl Into<String>) -> Self {
        self.annotation = annotation.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a change of one span that removes the finding and that somebody should look at.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, new_text: impl Into<String>) -> Self {
        self.change(title, span, new_text, Applicability::Unsafe)
    }

    /// Adds a change of one span that removes the finding and may be made without asking.
    #[must_use]
    pub fn safe_fix(
        self,
        title: impl Into<String>,
        span: Span,
        new_text: impl Into<String>,
    ) -> Self {
        self.change(title, span, new_text, Applicability::Safe)
    }

    fn change(
        mut self,
        title: impl Into<String>,
        span: Span,
        new_text: impl Into<String>,
        applicability: Applicability,
    ) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            edits: vec![Edit {
                span,
                new_text: new_text.into(),
            }],
            applicability,
        });
        self
    }

    /// Moves every span, as when a body inside a YAML scalar was checked as a text of its own.
    pub fn map_spans(&mut self, mut map: impl FnMut(Span) -> Span) {
        self.primary = map(self.primary);
        for label in &mut self.labels {
            label.span = map(label.span);
        }
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = map(edit.span);
        }
    }

    /// Whether the finding makes the run fail.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }
}
