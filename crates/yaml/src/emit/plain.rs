//! Which strings need no quotes, and how the others are quoted.
//!
//! The plain form is narrow on purpose: letters first, then letters, digits and `_ - . /`, with
//! single blanks between words. No number, date, time, indicator, merge key or comment of any YAML
//! version looks like that, inside flow collections neither. What is left are words with a
//! meaning, which YAML 1.1 has many of.

/// Whether every parser takes the unquoted text for this very string.
pub(crate) fn is_plain(text: &str) -> bool {
    const LONGEST: usize = 200;
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    starts_well
        && text.len() <= LONGEST
        && text
            .split(' ')
            .all(|word| !word.is_empty() && word.chars().all(is_word))
        && !has_a_meaning(text)
}

/// Null and booleans of YAML 1.1 and 1.2 and the names of special floats, in any letter case.
fn has_a_meaning(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The text in double quotes, with escapes that YAML and JSON share.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // All of them have four digits; pairs of surrogates not every parser knows.
            c if is_unseen(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that YAML does not take as they are, that end a line for some parser, or that a
/// reader cannot see: controls, blanks other than the space, marks that change the direction.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{a0}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_parser_can_mistake_is_plain() {
        for text in [
            "session",
            "web_hook",
            "a b c",
            "path/to.file",
            "_x",
            "X-Api-Key",
            "e5",
            "yes no",
            "v1.2.3",
            "x - y",
        ] {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            "",
            " a",
            "a ",
            "a  b",
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "N",
            "true",
            "FALSE",
            "null",
            "~",
            "<<",
            "=",
            "1",
            "1_000",
            "0o7",
            "0x1F",
            "12:30:45",
            "2001-12-14",
            ".inf",
            "inf",
            "NaN",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "-",
            "- a",
            "--- a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "@a",
            "`a`",
            "%a",
            "[a]",
            "{a}",
            "a, b",
            "a\nb",
            "a\tb",
            "é",
            "a\u{85}b",
            "\u{feff}a",
            "https://x",
            "?",
            "a?",
            "'a'",
            "\"",
            "/abs",
            "a'b",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(
            quoted("a\"\\\n\u{85}\u{2028}\u{feff}\u{1b}é😀\u{202e}"),
            "\"a\\\"\\\\\\n\\u0085\\u2028\\ufeff\\u001bé😀\\u202e\""
        );
    }
}
