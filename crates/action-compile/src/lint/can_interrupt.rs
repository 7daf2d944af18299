//! `can_interrupt` of a configuration, and the changes that put `response.parse` in its place.
//!
//! Invariant: a change is made of the entries that the mapping itself holds; what comes into it by
//! a merge key stands elsewhere, for others too.

use action_format::DEPRECATED_CAN_INTERRUPT;
use diagnostics::{Applicability, Diagnostic, Edit, FileId, Fix, TextRange};
use yaml::{Entry, Kind, Mapping, Node};

use super::in_quotes_of;
use crate::document::Format;

/// A configuration as it is written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) file: FileId,
    pub(super) format: Format,
    pub(super) text: &'a str,
}

/// The finding, where the switch is on.
pub(super) fn deprecated(config: &Node, written: Written<'_>) -> Option<Diagnostic> {
    let switch = config.get("can_interrupt")?;
    if switch.as_bool() != Some(true) {
        return None;
    }
    let parses = config.at(&["response", "parse"]).and_then(Node::as_bool) == Some(true);
    let (message, help) = if parses {
        (
            "`can_interrupt` is deprecated and does nothing beside `response.parse`",
            "remove it",
        )
    } else {
        (
            "`can_interrupt` is deprecated, expected `response.parse`",
            "write `response: {parse: true}`; a 200 answer must be JSON then, or be 204",
        )
    };
    let place = switch.range.in_file(written.file);
    let mut finding = Diagnostic::new(&DEPRECATED_CAN_INTERRUPT, place, message).help(help);
    finding
        .fixes
        .extend(config.as_mapping().and_then(|mapping| {
            let own = mapping.entries.iter();
            let at = own
                .clone()
                .position(|it| it.key_text() == Some("can_interrupt"))?;
            let response = config.get("response");
            let own_response = own.clone().find(|it| it.key_text() == Some("response"));
            let edits = match (response, own_response) {
                (None, _) => written.replaced(mapping.entries.get(at)?)?,
                (Some(_), _) if parses => vec![written.removed(mapping, at)?],
                (Some(_), Some(response)) => {
                    vec![written.parsed(response)?, written.removed(mapping, at)?]
                }
                (Some(_), None) => return None,
            };
            Some(Fix {
                title: if parses {
                    "remove `can_interrupt`".to_owned()
                } else {
                    "write `response.parse` instead".to_owned()
                },
                edits,
                // An empty answer of status 200 fails the flow from then on.
                applicability: if parses {
                    Applicability::Safe
                } else {
                    Applicability::Unsafe
                },
            })
        }));
    Some(finding)
}

impl Written<'_> {
    fn edit(self, range: TextRange, new_text: impl Into<String>) -> Edit {
        Edit {
            span: range.in_file(self.file),
            new_text: new_text.into(),
        }
    }

    /// `response: {parse: true}` in the place of the entry.
    fn replaced(self, entry: &Entry) -> Option<Vec<Edit>> {
        let value = match self.format {
            Format::Yaml => "{parse: true}",
            Format::Json => "{\"parse\": true}",
            Format::Toml => "{ parse = true }",
        };
        let key = entry.key.range;
        Some(vec![
            self.edit(key, in_quotes_of(key.of(self.text), "response")),
            self.edit(entry.value.range, value),
        ])
    }

    /// `parse: true` in the mapping of the response that has none, or has it off.
    fn parsed(self, response: &Entry) -> Option<Edit> {
        let mapping = response.value.as_mapping()?;
        if matches!(response.value.kind, Kind::Alias(_)) {
            return None;
        }
        if let Some(parse) = mapping.own("parse") {
            return Some(self.edit(parse.value.range, "true"));
        }
        let first = mapping.entries.first();
        let start = first.map(|it| it.key.range.start as usize);
        match (self.format, mapping.flow, start) {
            (Format::Yaml, true, Some(start)) => {
                Some(self.edit(TextRange::empty(start), "parse: true, "))
            }
            (Format::Json, _, Some(start)) => {
                Some(self.edit(TextRange::empty(start), "\"parse\": true, "))
            }
            (Format::Yaml, false, Some(start)) => {
                let line = self
                    .text
                    .get(..start)?
                    .rfind(['\n', '\r'])
                    .map_or(0, |at| at + 1);
                let indent = self.text.get(line..start)?;
                let is_blank = indent.chars().all(|it| it == ' ');
                let end = self.line_end(start);
                is_blank.then(|| {
                    self.edit(TextRange::empty(start), format!("parse: true{end}{indent}"))
                })
            }
            (Format::Toml, ..) | (_, _, None) => None,
        }
    }

    /// How lines end around here.
    fn line_end(self, at: usize) -> &'static str {
        let before = self.text.get(..at).unwrap_or_default();
        if before.ends_with('\r') || before.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// Nothing in the place of the entry.
    fn removed(self, mapping: &Mapping, at: usize) -> Option<Edit> {
        let entry = mapping.entries.get(at)?;
        let (start, end) = (
            entry.key.range.start as usize,
            entry.value.range.end as usize,
        );
        let inline = mapping.flow || self.format == Format::Json;
        if inline {
            let neighbour = |index: usize| mapping.entries.get(index);
            let range = match (neighbour(at + 1), at.checked_sub(1).and_then(neighbour)) {
                (Some(next), _) => TextRange::new(start, next.key.range.start as usize),
                (None, Some(previous)) => TextRange::new(previous.value.range.end as usize, end),
                (None, None) => return None,
            };
            // A comment between them is about one of the two.
            return (!range.of(self.text).contains('#')).then(|| self.edit(range, ""));
        }
        let line = self.text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.text.get(end..)?;
        let rest = rest.split_inclusive('\n').next().unwrap_or_default();
        // A comment behind the value is about the entry, and goes with it.
        let remark = rest.trim();
        let alone = self.text.get(line..start)?.trim().is_empty()
            && (remark.is_empty() || remark.starts_with('#'))
            && mapping.entries.len() > 1;
        alone.then(|| self.edit(TextRange::new(line, end + rest.len()), ""))
    }
}
