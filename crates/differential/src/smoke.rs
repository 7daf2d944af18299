//! What the fuzz targets do with bytes, and bytes from a seed where there is no fuzzer.
//!
//! Nothing is concluded but that it ends: no panic, no overflow, no hang.

use diagnostics::FileId;
use jsonnet_check::{Profile, Signature, check, from_schema};
use serde_json::{Value, json};

use crate::case::Case;
use crate::random::Random;

/// Tokens and comments follow each other inside the text; between them is white space, and what the
/// parser then reports.
pub fn lex(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut end, mut is_foreign) = (0, false);
    for it in jsonnet_syntax::pieces(&text) {
        let range = it.range.to_usize();
        assert!(text.get(end..range.start).is_some(), "{range:?} at {end}");
        let between = text.get(end..range.start).unwrap_or_default();
        is_foreign |= between.contains(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'));
        assert!(text.get(range.clone()).is_some(), "{range:?}");
        end = range.end;
    }
    assert_eq!(end, text.len());
    if is_foreign {
        let parsed = jsonnet_syntax::parse(&text, FileId::DETACHED);
        assert!(
            parsed
                .diagnostics
                .iter()
                .any(diagnostics::Diagnostic::is_error)
        );
    }
}

/// Every expression is inside the text.
pub fn parse(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = jsonnet_syntax::parse(&text, FileId::DETACHED);
    for expr in parsed.program.exprs() {
        assert!(
            text.get(expr.range.to_usize()).is_some(),
            "{:?}",
            expr.range
        );
    }
}

/// A program over a type that has something of everything.
pub fn check_program(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = jsonnet_syntax::parse(&text, FileId::DETACHED);
    let signature = Signature {
        args: vec![("ctx".into(), from_schema(&schema()))],
        profile: Profile::default(),
    };
    let _ = check(&parsed, &signature);
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "s": { "type": "string" },
            "n": { "type": "integer", "minimum": 0 },
            "m": { "type": ["string", "null"] },
            "k": { "enum": ["a", "b"] },
            "l": { "type": "array", "items": { "type": "object", "properties": { "v": {} } } },
            "t": { "type": "object", "additionalProperties": { "type": "string" } },
            "u": {},
        },
        "required": ["s", "n", "m", "k"],
    })
}

/// A text of that number: a random program with a few bytes changed, moved or repeated.
pub fn text(number: u64) {
    let case = Case::random(11, number, 0);
    let random = &mut Random::of_case(13, number);
    let mut bytes = case.program.into_bytes();
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len() + 1);
        let to = at + random.below(bytes.len() - at + 1).min(12);
        let part: Vec<u8> = bytes.get(at..to).unwrap_or_default().to_vec();
        match random.below(4) {
            0 => drop(bytes.drain(at..to)),
            1 => drop(bytes.splice(at..at, part.repeat(1 + random.below(8)))),
            2 => {
                let with = random.pick(&PIECES).copied().unwrap_or_default();
                drop(bytes.splice(at..to, with.bytes()));
            }
            _ => bytes.truncate(to),
        }
    }
    lex(&bytes);
    parse(&bytes);
    check_program(&bytes);
}

const PIECES: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "|||",
    "|||\n",
    "\n",
    ";",
    ":",
    "::",
    "+:",
    "local ",
    "if ",
    "for x in ",
    "\u{0}",
    "é",
    "//",
    "/*",
    "@'",
    "1e999",
];
