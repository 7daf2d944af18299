//! The values of string literals.
//!
//! Escapes as go-jsonnet decodes them: `\" \' \\ \/ \b \f \n \r \t \uXXXX`. A `\u` escape of a
//! surrogate must be followed at once by another `\u` escape; two that form no pair give U+FFFD.

use diagnostics::TextRange;

use crate::{
    lexer::block_value,
    token::{Token, TokenKind},
};

/// Decodes the string token. Errors are appended with their places; the value is then what could
/// be read.
pub(crate) fn string_value(
    text: &str,
    token: Token,
    errors: &mut Vec<(TextRange, &'static str)>,
) -> String {
    let raw = token.range.of(text);
    match token.kind {
        TokenKind::Block => block_value(raw),
        TokenKind::Verbatim => {
            let quote = raw.get(1..2).unwrap_or_default();
            let inner = raw.get(2..raw.len().saturating_sub(1)).unwrap_or_default();
            inner.replace(&quote.repeat(2), quote)
        }
        _ => {
            let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
            unescape(inner, token.range.start as usize + 1, errors)
        }
    }
}

/// The text between the quotes, escapes not decoded, as go-jsonnet compares field names.
pub(crate) fn raw_value(text: &str, token: Token) -> String {
    match token.kind {
        TokenKind::Quoted => {
            let raw = token.range.of(text);
            raw.get(1..raw.len().saturating_sub(1))
                .unwrap_or_default()
                .to_owned()
        }
        TokenKind::Verbatim | TokenKind::Block => string_value(text, token, &mut Vec::new()),
        _ => token.range.of(text).to_owned(),
    }
}

fn unescape(inner: &str, offset: usize, errors: &mut Vec<(TextRange, &'static str)>) -> String {
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        value.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at..).unwrap_or_default();
        let place = offset + (inner.len() - escape.len());
        let (character, length) = match one_escape(escape) {
            Ok(it) => it,
            Err((length, message)) => {
                errors.push((TextRange::new(place, place + length), message));
                (None, length)
            }
        };
        value.extend(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    value.push_str(rest);
    value
}

type Escape = Result<(Option<char>, usize), (usize, &'static str)>;

/// The escape that `text` begins with, and how many bytes it takes.
fn one_escape(text: &str) -> Escape {
    let Some(letter) = text.chars().nth(1) else {
        return Err((1, "a backslash must be followed by an escape"));
    };
    let character = match letter {
        '"' | '\'' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        _ => {
            return Err((1 + letter.len_utf8(), "this escape is not one of Jsonnet's"));
        }
    };
    Ok((Some(character), 2))
}

fn unicode_escape(text: &str) -> Escape {
    let code = |at: usize| {
        text.get(at..at + 4)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
    };
    let Some(first) = code(2) else {
        return Err((2, "`\\u` must be followed by four hexadecimal digits"));
    };
    if !(0xD800..0xE000).contains(&first) {
        return Ok((char::from_u32(first), 6));
    }
    if text.get(6..8) != Some("\\u") {
        return Err((6, "half of a surrogate pair must be followed by the other"));
    }
    let Some(second) = code(8) else {
        return Err((8, "`\\u` must be followed by four hexadecimal digits"));
    };
    let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
    let character = if is_pair {
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    } else {
        Some('\u{FFFD}')
    };
    Ok((character, 12))
}
