//! What [`yaml::parse`] makes of texts: a compact dump of the tree, and the findings by place.
#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use std::fmt::Write as _;

use diagnostics::{Diagnostic, FileId};
use yaml::{Kind, Limits, Node, Resolved, Style, parse, parse_with, to_json};

/// Each node as `start..end kind`, children indented.
fn dump(node: &Node, text: &str, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let shown = node.range.of(text);
    let anchor = node
        .anchor
        .map_or(String::new(), |it| format!(" {}", it.of(text)));
    let tag = node
        .tag
        .map_or(String::new(), |it| format!(" {}", it.of(text)));
    let place = format!("{}..{}{anchor}{tag}", node.range.start, node.range.end);
    match &node.kind {
        Kind::Scalar(scalar) => {
            let style = match scalar.style {
                Style::Plain => "plain",
                Style::SingleQuoted => "single",
                Style::DoubleQuoted => "double",
                Style::Literal => "literal",
                Style::Folded => "folded",
            };
            let resolved = match scalar.resolved {
                Resolved::Null => "null".to_owned(),
                Resolved::Bool(it) => it.to_string(),
                Resolved::Integer(it) => it.to_string(),
                Resolved::Float(it) => format!("{it:?}"),
                Resolved::String => format!("{:?}", scalar.text),
            };
            writeln!(out, "{pad}{place} {style} {resolved} {shown:?}").unwrap();
        }
        Kind::Alias(alias) => {
            let broken = if alias.target.is_none() {
                " broken"
            } else {
                ""
            };
            writeln!(out, "{pad}{place} alias {shown}{broken}").unwrap();
        }
        Kind::Sequence(sequence) => {
            let flow = if sequence.flow { "flow " } else { "" };
            writeln!(out, "{pad}{place} {flow}list").unwrap();
            for item in &sequence.items {
                dump(item, text, depth + 1, out);
            }
        }
        Kind::Mapping(mapping) => {
            let flow = if mapping.flow { "flow " } else { "" };
            writeln!(out, "{pad}{place} {flow}mapping").unwrap();
            for entry in &mapping.entries {
                dump(&entry.key, text, depth + 1, out);
                dump(&entry.value, text, depth + 2, out);
            }
        }
    }
}

fn tree(text: &str) -> String {
    let parsed = parse(text, FileId::DETACHED);
    assert_eq!(findings(text), Vec::<String>::new(), "{text}");
    let mut out = String::new();
    for (index, document) in parsed.documents.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        dump(&document.root, text, 0, &mut out);
        for comment in &document.comments {
            writeln!(out, "#{}", comment.text).unwrap();
            assert_eq!(comment.range.of(text), format!("#{}", comment.text));
        }
    }
    out
}

fn say(found: &Diagnostic, text: &str) -> String {
    let mut out = format!(
        "{}..{} {:?} {}: {}",
        found.primary.range.start,
        found.primary.range.end,
        found.primary.range.of(text),
        found.rule.code,
        found.message
    );
    for label in &found.labels {
        write!(out, " [{:?} {}]", label.span.range.of(text), label.message).unwrap();
    }
    if let Some(help) = &found.help {
        write!(out, " ({help})").unwrap();
    }
    out
}

fn findings(text: &str) -> Vec<String> {
    parse(text, FileId::DETACHED)
        .diagnostics
        .iter()
        .map(|found| say(found, text))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let expected: String = expected
        .trim_matches('\n')
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("        ").unwrap_or(line)))
        .collect();
    let expected = expected.trim_end_matches([' ', '\n']).to_owned() + "\n";
    pretty(&expected, &tree(text), text);
}

#[track_caller]
fn pretty(expected: &str, found: &str, text: &str) {
    assert!(
        expected == found,
        "of\n{text}\nexpected\n{expected}\nfound\n{found}"
    );
}

#[test]
fn ranges_are_bytes_and_values_without_their_properties() {
    check(
        "é: &a !!str 1 # c\nb:\n  - 1\n  -\n  - {a: [1], b, \"c\": }\n",
        r##"
        0..54 mapping
          0..2 plain "é" "é"
            13..14 &a !!str plain "1" "1"
          19..20 plain "b" "b"
            24..54 list
              26..27 plain 1 "1"
              31..31 plain null ""
              36..54 flow mapping
                37..38 plain "a" "a"
                  40..43 flow list
                    41..42 plain 1 "1"
                45..46 plain "b" "b"
                  46..46 plain null ""
                48..51 double "c" "\"c\""
                  52..52 plain null ""
        # c
        "##,
    );
}

#[test]
fn a_block_scalar_reaches_from_its_indicator_to_its_last_byte() {
    check(
        "a: | # head\n\n  é\n\n\nb: &x|y !foo # c2\n  # c3\n  |+\n   z\n\n\n# t\nc: >-\n  d\n\n",
        r##"
        0..70 mapping
          0..1 plain "a" "a"
            3..18 literal "\né\n" "| # head\n\n  é\n"
          20..21 plain "b" "b"
            47..57 &x|y !foo literal "z\n\n\n" "|+\n   z\n\n\n"
          61..62 plain "c" "c"
            64..70 folded "d" ">-\n  d"
        # head
        # c2
        # c3
        # t
        "##,
    );
}

#[test]
fn documents_line_ends_and_marks_are_counted_in_bytes() {
    check(
        "\u{feff}a: 1\r\nb: 2\r---\r# c\rx\n...\n# end\n",
        r##"
        3..13 mapping
          3..4 plain "a" "a"
            6..7 plain 1 "1"
          9..10 plain "b" "b"
            12..13 plain 2 "2"
        ---
        22..23 plain "x" "x"
        # c
        # end
        "##,
    );
    check("", "0..0 plain null \"\"");
    check("# only\n", "7..7 plain null \"\"\n# only");
    check(
        "---\n---\n",
        "3..3 plain null \"\"\n---\n7..7 plain null \"\"",
    );
}

#[test]
fn a_list_begins_at_its_first_dash() {
    check(
        "h: &a !!seq # c\n# d\n-\n- - b\ni:\n- -1\n",
        r##"
        0..35 mapping
          0..1 plain "h" "h"
            20..27 &a !!seq list
              21..21 plain null ""
              24..27 list
                26..27 plain "b" "b"
          28..29 plain "i" "i"
            31..35 list
              33..35 plain -1 "-1"
        # c
        # d
        "##,
    );
}

#[test]
fn aliases_share_the_node_of_their_anchor() {
    let text = "a: &x {k: [1]}\nb: *x\nc:\n  <<: *x\n  d: 2\n";
    let parsed = parse(text, FileId::DETACHED);
    let root = &parsed.documents[0].root;
    assert!(std::ptr::eq(
        root.get("a").unwrap().target().unwrap(),
        root.get("b").unwrap().target().unwrap()
    ));
    assert_eq!(
        to_json(root),
        serde_json::json!({"a": {"k": [1]}, "b": {"k": [1]}, "c": {"d": 2, "k": [1]}})
    );
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    assert_eq!(
        findings("a: 1\nb: 2\na: 3\n"),
        [
            "10..11 \"a\" duplicate-key: key `a` is already given in this mapping [\"a\" first given here] (remove or rename one of the two)"
        ]
    );
    assert_eq!(
        findings("a: &one 1\nb: *onne\n"),
        [
            "13..18 \"*onne\" unknown-anchor: no anchor `&onne` stands before this alias (did you mean `*one`?)"
        ]
    );
    assert_eq!(
        findings("a: &x [1, *x]\n"),
        [
            "10..12 \"*x\" recursive-anchor: the alias stands inside the value it stands for [\"&x\" `&x` begins here] (give the alias another anchor, or write the value out)"
        ]
    );
    assert_eq!(
        findings("a:\n  <<: 1\n"),
        [
            "9..10 \"1\" bad-merge: `<<` takes a mapping or a list of mappings, found an integer (give an alias of a mapping, or quote the key if `<<` is meant literally)"
        ]
    );
}

#[test]
fn hostile_texts_end_in_one_finding() {
    let code = |text: &str| {
        let parsed = parse(text, FileId::DETACHED);
        let codes: Vec<&str> = parsed.diagnostics.iter().map(|it| it.rule.code).collect();
        let _ = to_json(&parsed.documents[0].root);
        assert_eq!(codes.len(), 1, "{codes:?}");
        codes[0]
    };
    for count in [129, 20_000, 1_000_000] {
        assert_eq!(code(&"[".repeat(count)), "nesting-too-deep");
        assert_eq!(code(&"{a: ".repeat(count)), "nesting-too-deep");
        assert_eq!(code(&"- ".repeat(count)), "nesting-too-deep");
        assert_eq!(code(&"? ".repeat(count)), "nesting-too-deep");
    }
    let staircase: String = (0..2000).map(|i| " ".repeat(i) + "a:\n").collect();
    assert_eq!(code(&staircase), "nesting-too-deep");

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        let items = vec![format!("*a{below}"); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{items}]").unwrap();
    }
    assert_eq!(code(&bomb), "alias-expansion");

    let mut chain = "a0: &a0 {k: 0}\n".to_owned();
    for level in 1..100_000 {
        let below = level - 1;
        writeln!(chain, "a{level}: &a{level} {{<<: *a{below}, k{level}: 1}}").unwrap();
    }
    let parsed = parse(&chain, FileId::DETACHED);
    assert!(
        parsed.documents[0]
            .root
            .get("a99999")
            .unwrap()
            .get("none")
            .is_none()
    );
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].rule.code, "nesting-too-deep");
}

#[test]
fn limits_are_exact() {
    let limits = Limits {
        depth: 3,
        alias_nodes: 4,
    };
    let count = |text: &str| parse_with(text, FileId::DETACHED, limits).diagnostics.len();
    assert_eq!(count("[[[1]]]"), 0);
    assert_eq!(count("[[[[1]]]]"), 1);
    assert_eq!(count("a: {b: [1]}"), 0);
    assert_eq!(count("a: {b: [[1]]}"), 1);
    assert_eq!(count("- &x [1]\n- [*x]\n"), 0);
    assert_eq!(count("- &x [1]\n- [[*x]]\n"), 1);
    assert_eq!(count("- &x [1, 2, 3, 4]\n- *x\n"), 0);
    assert_eq!(count("- &x [1, 2, 3, 4, 5]\n- *x\n"), 1);
}
