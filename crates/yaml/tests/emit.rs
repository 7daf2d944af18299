//! What the emitter writes is read back as the same value, by us and by another parser.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a test says what it expects, and may be told how long to run"
)]

#[path = "support/choices.rs"]
mod choices;

use choices::{Choices, cases};
use diagnostics::FileId;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use yaml::{emit, parse, same_value, to_json};

const NASTY: &[&str] = &[
    "a",
    "",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "true",
    "null",
    "~",
    "Null",
    "<<",
    "=",
    "1",
    "-1",
    "1_000",
    "0o7",
    "0x1F",
    "0b1",
    "1e3",
    "1.5",
    ".inf",
    "-.INF",
    ".nan",
    "NaN",
    "12:30:45",
    "190:20:30",
    "2001-12-14",
    "2001-12-14t21:59:43.10-05:00",
    " a",
    "a ",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#a",
    "-",
    "- a",
    "---",
    "...",
    "&a",
    "*a",
    "!a",
    "!!str",
    "|",
    ">",
    "@a",
    "`",
    "%a",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a, b",
    "?",
    "? a",
    "a\nb",
    "a\n",
    "\na",
    "\n",
    "\r\n",
    "\t",
    "a\tb",
    "é",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{a0}",
    "\\",
    "\"",
    "'",
    "''",
    "\\n",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "{{ x }}",
    "${a}",
    "https://example.com/?a=b#c",
    "base64://AAAA",
    "a  b",
    "007",
    "+1",
    "0.",
    "1.",
    ".5",
    "_",
    "\u{200b}",
    "\u{e000}",
    "\u{d7ff}",
];

fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(if depth > 4 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(choices.one_in(2)),
        2 => json!(choices.pick(&[0, 1, -1, i64::MAX, i64::MIN, 1_000_000])),
        3 => json!(choices.pick(&[0.5, 1.0, -2.0, 1e100, 1.5e-7, f64::MAX, f64::MIN_POSITIVE])),
        4 | 5 => json!(text(choices)),
        6 => (0..choices.below(5))
            .map(|_| value(choices, depth + 1))
            .collect(),
        _ => Value::Object(mapping(choices, depth)),
    }
}

fn mapping(choices: &mut Choices<'_>, depth: usize) -> Map<String, Value> {
    let mut map = Map::new();
    for _ in 0..choices.below(5) {
        map.insert(text(choices), value(choices, depth + 1));
    }
    map
}

fn text(choices: &mut Choices<'_>) -> String {
    let mut text = choices.pick(NASTY).to_owned();
    while choices.one_in(3) {
        text.push_str(choices.pick(NASTY));
    }
    if choices.one_in(40) {
        text = text.repeat(1500);
    }
    text
}

fn read(text: &str) -> Value {
    let parsed = parse(text, FileId::DETACHED);
    assert!(
        parsed.diagnostics.is_empty(),
        "{text}\n{:?}",
        parsed.diagnostics
    );
    to_json(&parsed.documents[0].root)
}

fn check(value: &Value) {
    let indent = 3;
    let block = emit::block(value, indent);
    assert!(block.lines().all(|line| line.starts_with("   ")), "{block}");
    assert!(!block.lines().any(|line| line.ends_with(' ')), "{block}");
    let flow = emit::flow(value);
    assert!(!flow.contains('\n'), "{flow}");
    for text in [&block, &flow] {
        let ours = read(text);
        assert!(same_value(&ours, value), "{text}\n{ours}\n{value}");
        let theirs: Value = serde_yaml::from_str(text).unwrap();
        assert!(same_value(&theirs, value), "{text}\n{theirs}\n{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_is_read_back(choices in proptest::collection::vec(any::<u16>(), 0..120)) {
        check(&value(&mut Choices::new(&choices), 0));
    }

    #[test]
    fn any_string_is_read_back(text in any::<String>()) {
        check(&json!({ text.clone(): [text] }));
    }
}

#[test]
fn each_nasty_string_is_read_back_as_value_key_and_item() {
    for text in NASTY {
        check(&json!(text));
        check(&json!({ *text: text }));
        check(&json!([[text], {"k": {"l": text}}]));
    }
}

#[test]
fn block_style_is_the_customary_one() {
    let value = json!({
        "selfservice": {"flows": {"login": {"after": {"hooks": [
            {"hook": "web_hook", "config": {"url": "https://x", "headers": {}, "list": []}},
            {"hook": "session"},
            [1, [2, 3]],
        ]}}}},
        "text": "a\nb",
    });
    let expected = r#"selfservice:
  flows:
    login:
      after:
        hooks:
          - hook: web_hook
            config:
              url: "https://x"
              headers: {}
              list: []
          - hook: session
          - - 1
            - - 2
              - 3
text: "a\nb"
"#;
    assert_eq!(emit::block(&value, 0), expected);
}
