//! From a command line to words, and the escapes of `printf`.
//!
//! Invariant: a character that a shell would expand is an error unless it is quoted.

use std::mem;

/// A word, unquoted, or one of the marks `<`, `>`, `|`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Mark(char),
}

/// Splits a line at its blanks.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    // A quoted word may be empty, so its text does not tell whether there is one.
    let mut in_word = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '<' | '>' | '|' => {
                if mem::take(&mut in_word) {
                    tokens.push(Token::Word(mem::take(&mut word)));
                }
                if c != ' ' {
                    tokens.push(Token::Mark(c));
                }
                continue;
            }
            '\'' | '"' => quoted(c, &mut chars, &mut word)?,
            '\\' => word.push(chars.next().ok_or("a backslash at the end")?),
            '*' | '?' | '[' | '$' | '`' | ';' | '&' | '(' | ')' => return Err(expanded(c)),
            '~' | '#' | '!' if !in_word => return Err(expanded(c)),
            c => word.push(c),
        }
        in_word = true;
    }
    if in_word {
        tokens.push(Token::Word(word));
    }
    Ok(tokens)
}

fn expanded(c: char) -> String {
    format!("`{c}` means something to a shell; quote it with '…'")
}

fn quoted(
    quote: char,
    chars: &mut impl Iterator<Item = char>,
    word: &mut String,
) -> Result<(), String> {
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => match chars.next() {
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
                None => break,
            },
            '$' | '`' if quote == '"' => return Err(expanded(c)),
            c => word.push(c),
        }
    }
    Err(format!("unclosed `{quote}`"))
}

/// The bytes of a format of `printf` that takes no arguments.
pub(super) fn printf(format: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['\\', '%']) {
        let (plain, escape) = rest.split_at(at);
        bytes.extend_from_slice(plain.as_bytes());
        let (byte, length) = escaped(escape).ok_or_else(|| {
            let shown: String = escape.chars().take(2).collect();
            format!("`{shown}` is no escape that is known here")
        })?;
        bytes.push(byte);
        rest = escape.get(length..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// The byte of the escape that a text begins with, and how long the escape is.
fn escaped(text: &str) -> Option<(u8, usize)> {
    if text.starts_with("%%") {
        return Some((b'%', 2));
    }
    let code = text.strip_prefix('\\')?;
    let simple = match code.chars().next()? {
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        '\\' => Some(b'\\'),
        _ => None,
    };
    if let Some(byte) = simple {
        return Some((byte, 2));
    }
    if let Some(hex) = code.strip_prefix('x') {
        return Some((u8::from_str_radix(hex.get(..2)?, 16).ok()?, 4));
    }
    Some((u8::from_str_radix(code.get(..3)?, 8).ok()?, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        let word = |token| match token {
            Token::Word(word) => word,
            Token::Mark(mark) => format!("<{mark}>"),
        };
        tokens(line).unwrap().into_iter().map(word).collect()
    }

    #[test]
    fn quotes_join_and_protect() {
        assert_eq!(
            words(r#"a 'b c'd "e\"\$\x f""#),
            ["a", "b cd", r#"e"$\x f"#]
        );
        assert_eq!(words("a '' b"), ["a", "", "b"]);
        assert_eq!(words("a>b|c"), ["a", "<>>", "b", "<|>", "c"]);
        assert_eq!(words("a#b x~y {z}"), ["a#b", "x~y", "{z}"]);
    }

    #[test]
    fn printf_knows_bytes() {
        assert_eq!(printf("a%%\\t\\000\\xFe\\\\").unwrap(), b"a%\t\x00\xfe\\");
        assert!(printf("\\x4").is_err());
        assert!(printf("%d").is_err());
        assert!(printf("\\u00e9").is_err());
    }
}
