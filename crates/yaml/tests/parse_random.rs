//! Whatever the text: no panic, every range inside the text and its parent, and where another
//! parser reads the text too, it reads the same.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a test says what it expects, and may be told how long to run"
)]

#[path = "support/choices.rs"]
mod choices;
#[path = "support/documents.rs"]
mod documents;

use choices::{Choices, cases};
use diagnostics::{FileId, TextRange};
use proptest::prelude::*;
use serde_json::Value;
use yaml::{Kind, Node, parse, same_value, to_json};

const PIECES: &[&str] = &[
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "b",
    "\n  ",
    "\n- ",
    "é",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "# c",
    " # d\n",
    "|",
    ">",
    "|-\n  x\n",
    "|2+\n   y\n\n",
    "&x ",
    "*x",
    "!!str ",
    "!t ",
    "? ",
    "---\n",
    "...\n",
    "\r\n",
    "\r",
    "\t",
    "<<: ",
    "~",
    "null",
    "1",
    "0x1F",
    "\u{feff}",
    "%YAML 1.2\n",
    "\\u00e9",
    "\\",
    "\u{1}",
    "\u{2028}",
    "\u{85}",
    "😀",
    ":",
    "-",
    "@",
    "`",
    "%",
    "''",
    "k: v\n",
    "l:\n- 1\n",
    "\n    ",
];

fn pieces(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    for _ in 0..choices.below(40) {
        text.push_str(choices.pick(PIECES));
    }
    text
}

fn check_node(node: &Node, text: &str, parent: TextRange) {
    // A missing key takes no place, and where a missing value is looked for it may overlap one.
    assert!(
        parent.contains(node.range) || node.range.is_empty(),
        "{text:?}: {node:?} in {parent:?}"
    );
    assert!(
        text.get(node.range.to_usize()).is_some(),
        "{text:?}: {node:?}"
    );
    for mark in [node.anchor, node.tag].into_iter().flatten() {
        assert!(mark.end <= node.range.start, "{text:?}: {node:?}");
    }
    if let Some(anchor) = node.anchor {
        assert!(anchor.of(text).starts_with('&'), "{text:?}: {node:?}");
    }
    match &node.kind {
        Kind::Scalar(_) => {
            let whole = yaml::offset_map(node, text).to_file(TextRange::new(0, usize::MAX));
            assert!(
                node.range.contains(whole),
                "{text:?}: {whole:?} of {node:?}"
            );
        }
        Kind::Alias(_) => assert!(node.range.of(text).starts_with('*'), "{text:?}: {node:?}"),
        Kind::Sequence(sequence) => {
            let mut end = node.range.start;
            for item in &sequence.items {
                check_node(
                    item,
                    text,
                    TextRange {
                        start: end,
                        end: node.range.end,
                    },
                );
                end = end.max(item.range.end);
            }
        }
        Kind::Mapping(mapping) => {
            let mut end = node.range.start;
            for child in mapping
                .entries
                .iter()
                .flat_map(|entry| [&entry.key, &entry.value])
            {
                check_node(
                    child,
                    text,
                    TextRange {
                        start: end,
                        end: node.range.end,
                    },
                );
                end = if child.range.is_empty() {
                    end
                } else {
                    child.range.end
                };
            }
        }
    }
}

fn check(text: &str) {
    let parsed = parse(text, FileId::DETACHED);
    assert!(!parsed.documents.is_empty());
    let mut end = 0;
    for document in &parsed.documents {
        assert!(end <= document.range.start, "{text:?}");
        end = document.range.end;
        check_node(&document.root, text, document.range);
        let _ = to_json(&document.root);
        for comment in &document.comments {
            assert_eq!(
                comment.range.of(text),
                format!("#{}", comment.text),
                "{text:?}"
            );
            assert!(document.range.contains(comment.range), "{text:?}");
        }
    }
    for found in &parsed.diagnostics {
        assert!(
            text.get(found.primary.range.to_usize()).is_some(),
            "{text:?} {found:?}"
        );
        // Only the key that is nothing has no place to point to.
        let visible = !found.primary.range.is_empty()
            || found.primary.range.end as usize == text.len()
            || found.rule.code == "duplicate-key";
        assert!(visible, "{text:?} {found:?}");
    }
    let complete = parsed.diagnostics.is_empty();
    assert!(parsed.complete || !complete);
}

/// The value as the other parser reads it.
fn other_reading(text: &str) -> Option<Value> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    value.apply_merge().ok()?;
    serde_json::to_value(value).ok()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(2000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn pieces_of_yaml(choices in proptest::collection::vec(any::<u16>(), 0..60)) {
        check(&pieces(&mut Choices::new(&choices)));
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn documents_are_read_as_by_another_parser(choices in proptest::collection::vec(any::<u16>(), 0..300)) {
        let text = documents::document(&mut Choices::new(&choices));
        check(&text);
        let parsed = parse(&text, FileId::DETACHED);
        // It takes a byte order mark for a column and reads tags that it does not know as mappings.
        if !text.contains(['!', '\u{feff}']) && parsed.diagnostics.is_empty()
            && let Some(theirs) = other_reading(&text)
        {
            let ours = to_json(&parsed.documents[0].root);
            prop_assert!(same_value(&ours, &theirs), "{text:?}\n{ours}\n{theirs}");
        }
    }
}
