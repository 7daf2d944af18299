//! Escapes in double quotes. The parser names the text they stand in; here the escape is found.

use diagnostics::TextRange;

use super::{Finding, Stop};
use crate::parse::quoted;

/// The first escape of the double-quoted text that YAML does not have.
pub(super) fn bad_escape(stop: Stop<'_>) -> Finding {
    let Some((range, digits)) = find(stop.text, stop.at) else {
        return Finding::new(stop.character(), "a broken escape in this text");
    };
    let spelt = quoted(range.of(stop.text));
    match digits {
        0 => Finding::new(range, format!("unknown escape {spelt}"))
            .help("write a backslash as `\\\\`, or use single quotes"),
        digits => Finding::new(
            range,
            format!("escape {spelt} is no character of {digits} hexadecimal digits"),
        )
        .help("write a backslash as `\\\\`, or use single quotes"),
    }
}

/// Its place, and how many digits it should have.
fn find(text: &str, quote: usize) -> Option<(TextRange, usize)> {
    let mut at = quote + 1;
    loop {
        let rest = text.get(at..)?;
        let backslash = at + rest.find('\\')?;
        let c = text.get(backslash + 1..)?.chars().next()?;
        let end = backslash + 1 + c.len_utf8();
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\'
            | 'N' | '_' | 'L' | 'P' | '\n' | '\r' => {
                at = end;
                continue;
            }
            _ => return Some((TextRange::new(backslash, end), 0)),
        };
        match hex(text, end, digits) {
            Some(code) if char::from_u32(code).is_some() => at = end + digits,
            Some(0xD800..=0xDBFF) if is_low_surrogate(text, end + digits) => {
                at = end + digits + 6;
            }
            _ => {
                let written = text.get(end..)?;
                let length = written
                    .chars()
                    .take(digits)
                    .take_while(char::is_ascii_hexdigit)
                    .count();
                return Some((TextRange::new(backslash, end + length), digits));
            }
        }
    }
}

fn hex(text: &str, at: usize, digits: usize) -> Option<u32> {
    let written = text.get(at..at + digits)?;
    let all = written.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(written, 16).ok())?
}

fn is_low_surrogate(text: &str, at: usize) -> bool {
    text.get(at..at + 2) == Some("\\u") && matches!(hex(text, at + 2, 4), Some(0xDC00..=0xDFFF))
}
