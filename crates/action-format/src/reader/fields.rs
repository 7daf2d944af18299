//! The fields of a mapping: which are there, which the format does not have, which are missing.

use std::sync::Arc;

use diagnostics::{Diagnostic, Level, Rule, Span, did_you_mean};
use yaml::{Mapping, Node};

use super::{Reader, alternatives, edits::respelt};

/// A key that the format does not have.
pub static UNKNOWN_FIELD: Rule = Rule {
    code: "unknown-field",
    summary: "a key that the format does not have",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-field.md"),
};

/// A field that must be there and is not.
pub static MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    summary: "a required field that is not there",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/missing-field.md"),
};

/// A field that is there, under its right name.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'static str,
    pub(crate) key: &'a Node,
    pub(crate) value: &'a Arc<Node>,
}

impl Field<'_> {
    /// The field as the subject of a message.
    pub(crate) fn subject(&self) -> String {
        format!("`{}`", self.name)
    }
}

/// Fields that are often written one level too high.
pub(crate) struct Nearby<'k> {
    /// Their names.
    pub(crate) keys: &'k [&'k str],
    /// Where they belong, behind `move it`.
    pub(crate) place: &'static str,
    /// The field that holds them, which then is not missing.
    pub(crate) field: &'static str,
}

/// The fields of one mapping.
pub(crate) struct Fields<'a> {
    /// Where to point at for what concerns the mapping as a whole: its first key.
    pub(crate) head: Span,
    mapping: &'a Mapping,
    found: Vec<Field<'a>>,
    /// Fields that a misspelt key was probably meant to be.
    meant: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Sorts the keys of a mapping and reports those that `owner` does not have.
    pub(crate) fn read(
        cx: &mut Reader<'_>,
        node: &'a Node,
        mapping: &'a Mapping,
        owner: &str,
        known: &[&'static str],
        nearby: Option<&Nearby<'_>>,
    ) -> Self {
        let head = mapping
            .entries
            .first()
            .map_or(node.range, |entry| entry.key.range);
        let mut fields = Self {
            head: cx.span(head),
            mapping,
            found: Vec::new(),
            meant: Vec::new(),
        };
        let mut unknown = Vec::new();
        for entry in mapping.effective() {
            let key = entry.key_text();
            match known.iter().find(|name| key == Some(**name)) {
                Some(name) => fields.found.push(Field {
                    name,
                    key: &entry.key,
                    value: &entry.value,
                }),
                None => unknown.push(entry),
            }
        }
        for entry in unknown {
            let key = entry.key_text().unwrap_or_default();
            let place = cx.place(&entry.key);
            let message = match entry.key_text() {
                Some(key) => format!("{} is not a field of {owner}", shown(key)),
                None => format!(
                    "a key of {owner} is {}, expected a string",
                    kind_of(&entry.key)
                ),
            };
            let mut finding = Diagnostic::new(&UNKNOWN_FIELD, place, message);
            let absent = |name: &&&'static str| !fields.has(name);
            let near = did_you_mean(key, known.iter().filter(absent).copied());
            if let Some(nearby) = nearby.filter(|nearby| nearby.keys.contains(&key)) {
                finding = finding.help(format!("move it {}", nearby.place));
                fields.meant.push(nearby.field);
            } else if let Some(name) = near {
                finding = finding.help(format!("did you mean `{name}`?"));
                if let Some(key) = entry.key.as_scalar().and_then(|key| respelt(key, name)) {
                    finding = finding.fix(format!("rename it to `{name}`"), place, key);
                }
                fields
                    .meant
                    .extend(known.iter().find(|known| **known == name));
            } else if known.len() <= 8 {
                finding = finding.help(format!("expected {}", alternatives(known)));
            } else {
                finding = finding.help("remove it; `actionc schema` lists the fields");
            }
            cx.report(finding);
        }
        fields
    }

    /// The field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<Field<'a>> {
        self.found.iter().find(|field| field.name == name).copied()
    }

    /// The fields that are there, in the order of the file.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Field<'a>> {
        self.found.iter().copied()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.found.iter().any(|field| field.name == name)
    }

    /// Whether a misspelt key was probably meant to be that field.
    pub(crate) fn was_meant(&self, name: &str) -> bool {
        self.meant.contains(&name)
    }

    /// The mapping itself.
    pub(crate) fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    /// Reports, in one finding, which of the `required` fields are missing. Each comes with an
    /// example of its value.
    pub(crate) fn require(
        &self,
        cx: &mut Reader<'_>,
        owner: &str,
        required: &[(&'static str, &str)],
    ) {
        let missing: Vec<_> = required
            .iter()
            .filter(|(name, _)| !self.has(name) && !self.was_meant(name))
            .collect();
        if missing.is_empty() {
            return;
        }
        let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
        let is = if missing.len() == 1 { "is" } else { "are" };
        let examples: Vec<String> = missing
            .iter()
            .map(|(name, example)| format!("`{name}: {example}`"))
            .collect();
        cx.report(
            Diagnostic::new(
                &MISSING_FIELD,
                self.head,
                format!("{} {is} missing from {owner}", conjunction(&names)),
            )
            .help(format!("add {}", examples.join(", "))),
        );
    }
}

/// A text of the file inside a message: in backticks, on one line, not too long.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown.push('`');
    shown
}

pub(crate) fn kind_of(node: &Node) -> &'static str {
    node.view().kind_name()
}

/// `a`, `b` and `c`.
fn conjunction(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", first.join(", "))
        }
    }
}
