//! How deep texts and values go, found without recursion.
//!
//! jrsonnet parses by recursion, so a text must be judged before it is given to it.

use serde_json::Value;

/// The most brackets of a program that are open at once. Strings and comments are passed over;
/// where a text is no Jsonnet, some count all the same.
pub(crate) fn of_program(program: &str) -> usize {
    let mut rest = program.as_bytes();
    let (mut open, mut deepest) = (0_usize, 0_usize);
    while let Some((&byte, after)) = rest.split_first() {
        rest = match (byte, after) {
            (b'(' | b'[' | b'{', _) => {
                open += 1;
                deepest = deepest.max(open);
                after
            }
            (b')' | b']' | b'}', _) => {
                open = open.saturating_sub(1);
                after
            }
            // A verbatim string: its quote is doubled, so that it reads as two strings, and a
            // backslash is a character.
            (b'@', [quote @ (b'"' | b'\''), string @ ..]) => behind(string, &[*quote]),
            (b'"' | b'\'', _) => behind_quote(after, byte),
            (b'|', [b'|', b'|', block @ ..]) => behind(block, b"|||"),
            (b'#', _) | (b'/', [b'/', ..]) => behind(after, b"\n"),
            (b'/', [b'*', comment @ ..]) => behind(comment, b"*/"),
            _ => after,
        };
    }
    deepest
}

/// What follows the next `end`.
fn behind<'a>(text: &'a [u8], end: &[u8]) -> &'a [u8] {
    let at = text.windows(end.len()).position(|it| it == end);
    at.and_then(|at| text.get(at + end.len()..))
        .unwrap_or_default()
}

/// What follows the next quote that has no backslash before it.
fn behind_quote(mut text: &[u8], quote: u8) -> &[u8] {
    while let Some((&byte, after)) = text.split_first() {
        match byte {
            b'\\' => text = after.get(1..).unwrap_or_default(),
            _ if byte == quote => return after,
            _ => text = after,
        }
    }
    text
}

/// The most lists and objects of a value that stand inside each other.
pub(crate) fn of_value(value: &Value) -> usize {
    let mut deepest = 0;
    let mut left = vec![(value, 1)];
    while let Some((value, level)) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items.iter().map(|it| (it, level + 1))),
            Value::Object(fields) => left.extend(fields.values().map(|it| (it, level + 1))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => continue,
        }
        deepest = deepest.max(level);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_count_where_they_are_brackets() {
        let cases = [
            ("", 0),
            ("1", 0),
            ("{a: [f(x)]}", 3),
            ("[][][]", 1),
            ("[[[", 3),
            (")))[", 1),
            ("'((((' + \"[[\" + f('\\'((')", 1),
            ("@'\\' + [1] + @'''((' + @\"((\"", 1),
            ("# ((\n// ((\n/* (( */ [1]", 1),
            ("|||\n  ((((\n||| + [1]", 1),
            ("'unclosed (((", 0),
            ("a || b || (c | d)", 1),
            ("1 / (2 / 3)", 1),
            ("/* (", 0),
            ("'\\", 0),
        ];
        for (program, expected) in cases {
            assert_eq!(of_program(program), expected, "{program}");
        }
    }

    #[test]
    fn levels_of_a_value() {
        assert_eq!(of_value(&json!(1)), 0);
        assert_eq!(of_value(&json!({})), 1);
        assert_eq!(of_value(&json!({"a": [1, {"b": []}], "c": 1})), 4);
        let mut deep = json!(1);
        for _ in 0..1000 {
            deep = json!([deep]);
        }
        assert_eq!(of_value(&deep), 1000);
    }
}
