//! Values of one type each, and what they may hold.

use diagnostics::{Diagnostic, Level, Rule};
use yaml::{Mapping, Node, Sequence, View};

use super::{
    Reader,
    edits::{respelt, surround},
    fields::{kind_of, shown},
};
use crate::Spanned;

/// A value of another type than the field takes.
pub static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    summary: "a value of another type than the field takes",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/wrong-type.md"),
};

/// An empty text or list where something is needed.
pub static EMPTY_VALUE: Rule = Rule {
    code: "empty-value",
    summary: "an empty text or list where something is needed",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/empty-value.md"),
};

/// A name that cannot be shown on one line.
pub static INVALID_NAME: Rule = Rule {
    code: "invalid-name",
    summary: "an action name with control characters or outer spaces",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/invalid-name.md"),
};

impl Reader<'_> {
    pub(crate) fn string(&mut self, subject: &str, node: &Node) -> Option<Spanned<String>> {
        if let Some(text) = node.as_str() {
            return Some(Spanned::new(text.to_owned(), self.place(node)));
        }
        let mut finding = self.wrong_type(subject, node, "a string");
        if matches!(
            node.view(),
            View::Bool(_) | View::Integer(_) | View::Float(_)
        ) {
            finding = finding.help("put it in quotes");
            if yaml_text_in_place(node) {
                finding
                    .fixes
                    .push(surround(self, node, "put it in quotes", ("\"", "\"")));
            }
        }
        self.report(finding);
        None
    }

    /// A text that is not empty; `expected` says what it is to be.
    pub(crate) fn non_empty(
        &mut self,
        (subject, expected): (&str, &str),
        node: &Node,
    ) -> Option<Spanned<String>> {
        let text = self.string(subject, node)?;
        if text.value.is_empty() {
            self.empty(subject, node, expected);
            return None;
        }
        Some(text)
    }

    /// Reports an empty text or list.
    pub(crate) fn empty(&mut self, subject: &str, node: &Node, expected: &str) {
        let place = self.place(node);
        self.report(Diagnostic::new(
            &EMPTY_VALUE,
            place,
            format!("{subject} is empty, expected {expected}"),
        ));
    }

    /// The name of an action: not empty, on one line, and without the spaces at its ends that
    /// nobody sees.
    pub(crate) fn name(&mut self, subject: &str, node: &Node) -> Option<Spanned<String>> {
        let name = self.non_empty((subject, "a name"), node)?;
        match name_problem(&name.value) {
            None => Some(name),
            Some(problem) => {
                self.report(
                    Diagnostic::new(
                        &INVALID_NAME,
                        name.span,
                        format!("the name {} {problem}", shown(&name.value)),
                    )
                    .help("use letters, digits, `-`, `_`, `/`, `.` and spaces between them"),
                );
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, subject: &str, node: &Node) -> Option<Spanned<bool>> {
        if let Some(value) = node.as_bool() {
            return Some(Spanned::new(value, self.place(node)));
        }
        let mut finding = self.wrong_type(subject, node, "`true` or `false`");
        // YAML 1.1 took these words for booleans; YAML 1.2 and JSON do not.
        let meant = match node.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("true" | "yes" | "on") => Some("true"),
            Some("false" | "no" | "off") => Some("false"),
            _ => None,
        };
        if let Some(word) = meant {
            finding = finding.help(format!("write `{word}`, without quotes"));
            if yaml_text_in_place(node) {
                finding = finding.safe_fix(format!("write `{word}`"), self.place(node), word);
            }
        }
        self.report(finding);
        None
    }

    /// A whole number of 64 bits; `3.0` is one, as in JSON Schema.
    pub(crate) fn integer(&mut self, subject: &str, node: &Node) -> Option<Spanned<i64>> {
        let value = match node.view() {
            View::Integer(value) => Some(value),
            View::Float(value) => whole(value),
            _ => None,
        };
        if let Some(value) = value {
            return Some(Spanned::new(value, self.place(node)));
        }
        let expected = match node.view() {
            View::Float(value) if value.fract() == 0.0 => "an integer of at most 64 bits",
            _ => "an integer",
        };
        let mut finding = self.wrong_type(subject, node, expected);
        if let Some(number) = node.as_str().and_then(|text| text.parse::<i64>().ok()) {
            finding = finding.help("write it without quotes");
            if yaml_text_in_place(node) {
                finding =
                    finding.safe_fix("remove the quotes", self.place(node), number.to_string());
            }
        }
        self.report(finding);
        None
    }

    pub(crate) fn mapping<'a>(&mut self, subject: &str, node: &'a Node) -> Option<&'a Mapping> {
        let mapping = node.as_mapping();
        if mapping.is_none() {
            let finding = self.wrong_type(subject, node, "a mapping");
            self.report(finding);
        }
        mapping
    }

    /// A list of `what`.
    pub(crate) fn list<'a>(
        &mut self,
        subject: &str,
        node: &'a Node,
        what: &str,
    ) -> Option<&'a Sequence> {
        let list = node.as_sequence();
        if list.is_none() {
            let mut finding = self.wrong_type(subject, node, &format!("a list of {what}"));
            let simple = |text: &str| {
                !text.is_empty()
                    && text
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
            };
            if node.as_str().is_some_and(simple) && yaml_text_in_place(node) {
                finding
                    .fixes
                    .push(surround(self, node, "make it a list", ("[", "]")));
            }
            self.report(finding);
        }
        list
    }

    /// A finding about a value of the wrong type, to be completed and reported.
    pub(crate) fn wrong_type(&self, subject: &str, node: &Node, expected: &str) -> Diagnostic {
        Diagnostic::new(
            &WRONG_TYPE,
            self.place(node),
            format!("{subject} is {}, expected {expected}", kind_of(node)),
        )
    }
}

/// Whether the text of a scalar stands at its own place, on one line.
fn yaml_text_in_place(node: &Node) -> bool {
    !node.range.is_empty()
        && matches!(&node.kind, yaml::Kind::Scalar(scalar) if respelt(scalar, "").is_some())
}

/// The integer that a float is, if it is one of 64 bits.
fn whole(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0; // 2^63
    if value.fract() != 0.0 || !(-LIMIT..LIMIT).contains(&value) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the range of i64, so the conversion is exact"
    )]
    Some(value as i64)
}

/// What is wrong with a name, as the end of a sentence.
pub(crate) fn name_problem(name: &str) -> Option<&'static str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if name.contains(breaks) {
        Some("holds a control character")
    } else if name.starts_with(' ') || name.ends_with(' ') {
        Some("begins or ends with a space")
    } else {
        None
    }
}
