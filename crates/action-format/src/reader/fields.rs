//! The fields of a mapping: which are there, which the format does not have, which are missing.

use std::sync::Arc;

use diagnostics::{Diagnostic, Level, Rule, Span, did_you_mean};
use yaml::{Entry, Mapping, Node, View};

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

/// How many unknown keys of a mapping are compared with the known ones: a mapping with more is no
/// misspelt one.
const SUGGESTIONS: usize = 50;

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

/// Keys that are known near by and not here: all of them are one mistake.
pub(crate) struct Nearby<'k> {
    /// The keys.
    pub(crate) keys: &'k [&'k str],
    /// What to do about them.
    pub(crate) help: String,
    /// Fields that are not also missing when one of these keys is there.
    pub(crate) excused: &'k [&'static str],
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
        nearby: Option<&Nearby<'a>>,
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
        let mut astray = Vec::new();
        for entry in mapping.effective() {
            let key = entry.key_text();
            let is_nearby = |nearby: &&Nearby<'_>| key.is_some_and(|it| nearby.keys.contains(&it));
            if let Some(name) = known.iter().find(|name| key == Some(**name)) {
                fields.found.push(Field {
                    name,
                    key: &entry.key,
                    value: &entry.value,
                });
            } else if nearby.filter(is_nearby).is_some() {
                astray.push(entry);
            } else {
                unknown.push(entry);
            }
        }
        if let Some(nearby) = nearby {
            fields.report_astray(cx, &astray, owner, nearby);
        }
        // Of fields that a merge key brings in, an own one is a change that may be meant.
        let own = |name: &&'static str| mapping.own(name).is_some();
        let candidates: Vec<&'static str> =
            known.iter().copied().filter(|name| !own(name)).collect();
        for (count, entry) in unknown.into_iter().enumerate() {
            let candidates = if count < SUGGESTIONS {
                candidates.as_slice()
            } else {
                &[]
            };
            fields.report_unknown(cx, entry, owner, (known, candidates));
        }
        fields
    }

    fn report_astray(
        &mut self,
        cx: &mut Reader<'_>,
        astray: &[&Entry],
        owner: &str,
        nearby: &Nearby<'a>,
    ) {
        let Some((first, rest)) = astray.split_first() else {
            return;
        };
        let mut finding = not_a_field(cx, first, owner).help(nearby.help.clone());
        for entry in rest {
            finding = finding.label(cx.place(&entry.key), "the same here");
        }
        self.meant.extend(nearby.excused);
        cx.report(finding);
    }

    fn report_unknown(
        &mut self,
        cx: &mut Reader<'_>,
        entry: &Entry,
        owner: &str,
        (known, candidates): (&[&'static str], &[&'static str]),
    ) {
        let mut finding = not_a_field(cx, entry, owner);
        let key = entry.key_text().unwrap_or_default();
        // Two keys renamed to the same one would be a mistake again.
        let candidates = candidates.iter().copied();
        let candidates: Vec<_> = candidates.filter(|name| !self.was_meant(name)).collect();
        if let Some(name) = did_you_mean(key, candidates.iter().copied()) {
            finding = finding.help(format!("did you mean `{name}`?"));
            if let Some(key) = entry.key.as_scalar().and_then(|key| respelt(key, name)) {
                let place = finding.primary;
                finding = finding.safe_fix(format!("rename it to `{name}`"), place, key);
            }
            self.meant
                .extend(candidates.iter().find(|known| **known == name));
        } else if known.len() <= 8 {
            finding = finding.help(format!("expected {}", alternatives(known)));
        } else {
            finding = finding.help("remove it; `actionc schema` lists the fields");
        }
        cx.report(finding);
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

    /// Reports, in one finding at `place`, which of the `required` fields are missing. Each comes
    /// with an example of its value.
    pub(crate) fn require(
        &self,
        cx: &mut Reader<'_>,
        (owner, place): (&str, Span),
        required: &[(&'static str, &str)],
    ) {
        let missing: Vec<_> = required
            .iter()
            .filter(|(name, _)| !self.has(name) && !self.was_meant(name))
            .collect();
        // A merge key that brings in no mapping has been reported; its fields may be the missing ones.
        let merges_nothing = |entry: &Entry| entry.is_merge() && !merges(entry.value.view());
        if missing.is_empty() || self.mapping.entries.iter().any(merges_nothing) {
            return;
        }
        let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
        let is = if missing.len() == 1 { "is" } else { "are" };
        let examples: Vec<String> = missing
            .iter()
            .map(|(name, example)| format!("`{name}: {example}`"))
            .collect();
        let message = format!("{} {is} missing from {owner}", conjunction(&names));
        cx.report(
            Diagnostic::new(&MISSING_FIELD, place, message)
                .help(format!("add {}", examples.join(", "))),
        );
    }
}

/// Whether a merge key can take its fields from this.
fn merges(value: View<'_>) -> bool {
    matches!(value, View::Mapping(_) | View::Sequence(_))
}

fn not_a_field(cx: &Reader<'_>, entry: &Entry, owner: &str) -> Diagnostic {
    let message = match entry.key_text() {
        Some(key) => format!("{} is not a field of {owner}", shown(key)),
        None => format!(
            "a key of {owner} is {}, expected a string",
            kind_of(&entry.key)
        ),
    };
    Diagnostic::new(&UNKNOWN_FIELD, cx.place(&entry.key), message)
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
