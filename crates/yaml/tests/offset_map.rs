//! Positions inside scalars: each decoded character is changed in the file, at the place the map
//! gives for it, and the text is read again.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test says what it expects, and may be told how long to run"
)]

#[path = "support/choices.rs"]
mod choices;

use choices::{Choices, cases};
use diagnostics::{FileId, TextRange};
use proptest::prelude::*;
use yaml::{Node, Parsed, parse};

fn value(parsed: &Parsed) -> &Node {
    let root = &parsed.documents[0].root;
    root.get("k").or_else(|| root.at(&["p"])?.get("k")).unwrap()
}

/// The decoded text of the value of `k`, if the text is YAML.
fn decoded(text: &str) -> Option<String> {
    let parsed = parse(text, FileId::DETACHED);
    if !parsed.diagnostics.is_empty() {
        return None;
    }
    Some(value(&parsed).as_scalar()?.text.clone())
}

/// Changes every character in turn.
fn check_each_character(text: &str) {
    let parsed = parse(text, FileId::DETACHED);
    let node = value(&parsed);
    let Some(scalar) = node.as_scalar() else {
        return;
    };
    let map = yaml::offset_map(node, text);
    assert!(map.is_exact(), "{text:?} -> {:?}", scalar.text);
    let mut before = node.range.start;
    for (at, c) in scalar.text.char_indices() {
        let range = map.to_file(TextRange::new(at, at + c.len_utf8()));
        assert!(before <= range.start, "{text:?}: {c:?} at {range:?}");
        assert!(node.range.contains(range), "{text:?}: {c:?} at {range:?}");
        before = range.end;
        if matches!(c, ' ' | '\n') && range.of(text) != " " {
            // A folded line end; nothing but blanks and breaks.
            assert!(
                range.of(text).chars().all(|c| c.is_ascii_whitespace())
                    || range.of(text).starts_with('\\'),
                "{text:?}: {c:?} is {:?}",
                range.of(text)
            );
            continue;
        }
        if matches!(c, ' ' | '\t') && !range.of(text).starts_with('\\') {
            assert_eq!(range.of(text), c.to_string(), "{text:?}");
            continue;
        }
        let mut changed = text.to_owned();
        changed.replace_range(range.to_usize(), "Q");
        let mut expected = scalar.text.clone();
        expected.replace_range(at..at + c.len_utf8(), "Q");
        assert_eq!(
            decoded(&changed),
            Some(expected),
            "{c:?} at {range:?} of {text:?}"
        );
    }
    let all = map.to_file(TextRange::new(0, scalar.text.len()));
    assert!(node.range.contains(all));
}

/// A scalar in one of the five styles, written at random.
fn document(choices: &mut Choices<'_>) -> String {
    let eol = choices.pick(&["\n", "\r\n", "\r"]);
    let style = choices.below(5);
    let mut out = String::new();
    if choices.one_in(8) {
        out.push('\u{feff}');
    }
    out.push_str(choices.pick(&["k: ", "k:   ", "# é\nk: ", "k: &a ", "k: !!str "]));
    let nested = choices.one_in(3);
    if nested {
        out.insert_str(out.find("k:").unwrap(), "p:\n    ");
    }
    let outer = if nested { "    " } else { "" };
    match style {
        0 => flow_lines(
            choices,
            eol,
            &mut out,
            &["a", "b c", "é", "x-y", "1:2", "'", "a\tb"],
        ),
        1 => {
            out.push('\'');
            flow_lines(
                choices,
                eol,
                &mut out,
                &["a", "''", "é ü", "\"", "\\", "", ":", "#"],
            );
            out.push('\'');
        }
        2 => {
            out.push('"');
            let words = [
                "a",
                "\\n",
                "\\u00e9",
                "\\x41",
                "\\U0001F600",
                "\\\"",
                "é",
                "\\ ",
                "\\t",
                "",
                "'",
                "\\ud83d\\ude00",
                "\\\\",
                "\\/",
                "😀",
                "\\_\\N\\L\\P\\e\\0",
            ];
            flow_lines(choices, eol, &mut out, &words);
            out.push('"');
        }
        style => {
            out.push(if style == 3 { '|' } else { '>' });
            let indent = 1 + choices.below(4);
            let explicit = choices.one_in(3);
            if explicit {
                out.push_str(&indent.to_string());
            }
            out.push_str(choices.pick(&["", "-", "+"]));
            out.push_str(choices.pick(&["", " ", " # c"]));
            out.push_str(eol);
            for _ in 0..choices.below(7) {
                let line = choices.pick(&[
                    "a",
                    "é b",
                    "",
                    "# no comment",
                    " more",
                    "\ttab",
                    "x ",
                    "  deep",
                    ": -",
                ]);
                if !line.is_empty() || choices.one_in(3) {
                    out.push_str(outer);
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(line);
                if !choices.one_in(12) {
                    out.push_str(eol);
                }
            }
        }
    }
    out.push_str(choices.pick(&["", eol, " ", "\n\n"]));
    if choices.one_in(3) {
        out.push_str(eol);
        if nested {
            out.push_str("    ");
        }
        out.push_str(choices.pick(&["next: 1", "# end", "...", "  # deeper"]));
    }
    out
}

fn flow_lines(choices: &mut Choices<'_>, eol: &str, out: &mut String, words: &[&str]) {
    out.push_str(choices.pick(words));
    for _ in 0..choices.below(5) {
        match choices.below(6) {
            0 => out.push(' '),
            1 => out.push_str("  "),
            2 => {
                out.push_str(choices.pick(&["", " ", "\t "]));
                out.push_str(eol);
                out.push_str("      ");
            }
            3 => {
                out.push_str(&format!("{eol}{eol}   {eol}      "));
            }
            4 if words.contains(&"\\n") => {
                out.push_str(&format!("\\{eol}      "));
            }
            _ => {}
        }
        out.push_str(choices.pick(words));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(2000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_character_is_where_the_map_says(choices in proptest::collection::vec(any::<u16>(), 0..60)) {
        let text = document(&mut Choices::new(&choices));
        if decoded(&text).is_some() {
            check_each_character(&text);
        }
    }
}

#[track_caller]
fn points(text: &str, decoded: &str, file: &str) {
    let parsed = parse(text, FileId::DETACHED);
    let node = value(&parsed);
    let at = node.as_scalar().unwrap().text.find(decoded).unwrap();
    let map = yaml::offset_map(node, text);
    assert!(map.is_exact());
    let range = map.to_file(TextRange::new(at, at + decoded.len()));
    assert_eq!(range.of(text), file);
}

#[test]
fn ranges_cover_what_their_characters_were_written_as() {
    points("k: |\n    a\n     b\n", "a\n b", "a\n     b");
    points(
        "k: |+\r\n  a\r\n\r\n  b\r\n\r\n",
        "\n\nb\n",
        "\r\n\r\n  b\r\n",
    );
    points("k: >-\n  one\n  two\n", "e t", "e\n  t");
    points("k: \"a\\u00e9b\"\n", "é", "\\u00e9");
    points("k: \"a\\\n   b\"\n", "ab", "a\\\n   b");
    points("k: 'it''s'\n", "'s", "''s");
    points("k: one\n  two\n", "one two", "one\n  two");
}

#[test]
fn an_alias_is_mapped_where_its_anchor_stands() {
    let text = "a: &x |\n  body\nk: *x\n";
    points(text, "od", "od");
}

#[test]
fn ends_stay_with_the_text() {
    let text = "k: \"ab\"\n";
    let parsed = parse(text, FileId::DETACHED);
    let map = yaml::offset_map(value(&parsed), text);
    assert_eq!(map.to_file(TextRange::empty(2)), TextRange::empty(6));
    assert_eq!(map.to_file(TextRange::new(1, 9)), TextRange::new(5, 6));
    let empty = parse("k:\n", FileId::DETACHED);
    let map = yaml::offset_map(value(&empty), "k:\n");
    assert_eq!(map.to_file(TextRange::new(0, 0)), TextRange::empty(2));
}
