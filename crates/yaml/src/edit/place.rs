//! Lines and columns of a text, and where a line can go in.
//!
//! Columns count characters, as YAML counts indentation; a byte order mark is not one of them.

use crate::parse::gap;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The offset at which the line of `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    match before
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
    {
        Some(line_break) => line_break + 1,
        None if text.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len().min(at),
        None => 0,
    }
}

/// The column of `at`, from 0.
pub(super) fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at)
        .map_or(0, |before| before.chars().count())
}

/// The blanks at the beginning of the line of `at`.
pub(super) fn leading_blanks(text: &str, at: usize) -> &str {
    let line = text.get(line_start(text, at)..).unwrap_or("");
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..blanks).unwrap_or("")
}

/// Whether nothing but blanks stands before `at` on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    line_start(text, at) + leading_blanks(text, at).len() >= at
}

/// The line break that lines near `at` end with.
pub(super) fn line_break(text: &str, at: usize) -> &'static str {
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let bytes = text.as_bytes();
    let (before, behind) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    let first = match behind.iter().position(is_break) {
        Some(offset) => at + offset,
        None => match before.iter().rposition(is_break) {
            Some(offset) if before.get(offset.wrapping_sub(1)) == Some(&b'\r') => offset - 1,
            Some(offset) => offset,
            None => return "\n",
        },
    };
    match (bytes.get(first), bytes.get(first + 1)) {
        (Some(b'\r'), Some(b'\n')) => "\r\n",
        (Some(b'\r'), _) => "\r",
        _ => "\n",
    }
}

/// The offset behind the line break at `at`.
fn behind_break(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(rest.starts_with(['\n', '\r']))
    }
}

/// Lines as a text that goes in at `at`: before the line that begins there, else behind the line
/// that ends there. A missing line end of the last line stays missing.
pub(super) fn as_lines(text: &str, at: usize, lines: &[String]) -> String {
    let line_break = line_break(text, at);
    let joined = lines.join(line_break);
    if line_start(text, at) == at {
        joined + line_break
    } else {
        line_break.to_owned() + &joined
    }
}

/// Where a line goes that follows content which ends at `end`: behind that line, and behind the
/// comment lines below it that are indented by `column` or more.
pub(super) fn below(text: &str, end: usize, column: usize) -> usize {
    let mut at = if line_start(text, end) == end && end > 0 {
        end
    } else {
        gap::line_end(text, end)
    };
    let mut next = if line_start(text, at) == at && at > 0 {
        at
    } else {
        behind_break(text, at)
    };
    while next < text.len() {
        let blanks = leading_blanks(text, next);
        let first = next + blanks.len();
        let line_end = gap::line_end(text, first);
        let comment = text.as_bytes().get(first) == Some(&b'#');
        if comment && blanks.chars().count() >= column {
            at = line_end;
        } else if comment || line_end > first {
            break;
        }
        let behind = behind_break(text, line_end);
        if behind == next {
            break;
        }
        next = behind;
    }
    at
}

/// The beginning of the line of `at`, or of the comment lines right above it that speak of it:
/// those not deeper than `column`, down from `floor`.
pub(super) fn above(text: &str, at: usize, column: usize, floor: usize) -> usize {
    let mut start = line_start(text, at);
    while start > floor {
        let line = line_start(text, before_break(text, start));
        let blanks = leading_blanks(text, line);
        let comment = text.as_bytes().get(line + blanks.len()) == Some(&b'#');
        if line < floor || line >= start || !comment || blanks.chars().count() > column {
            break;
        }
        start = line;
    }
    start
}

/// The offset before the line break that ends at `start`.
fn before_break(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or("");
    if before.ends_with("\r\n") {
        start - 2
    } else {
        start - usize::from(before.ends_with(['\n', '\r']))
    }
}

/// The first of the blanks that end at `at`.
pub(super) fn without_blanks(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(at, |before| before.trim_end_matches([' ', '\t']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_below_content_and_its_deeper_comments() {
        let text = "a:\n  - b # c\n\n    # deeper\n  # same\nd: 1\n";
        let end = text.find('b').unwrap() + 1;
        let behind = |needle: &str| text.find(needle).unwrap() + needle.len();
        assert_eq!(below(text, end, 5), behind("# c"));
        assert_eq!(below(text, end, 4), behind("# deeper"));
        assert_eq!(below(text, end, 2), behind("# same"));
        assert_eq!(below("a", 1, 0), 1);
        assert_eq!(below("a\n", 2, 0), 2);
        assert_eq!(below("\u{feff}", 3, 0), 3);
        assert_eq!(below("# c", 3, 0), 3);
    }

    #[test]
    fn comments_right_above_belong_to_the_line() {
        let text = "a:\n    # of b\n  - b\n  # of c\n  # of c\n  - c\n";
        let at = |needle: &str| text.find(needle).unwrap();
        assert_eq!(above(text, at("- c"), 2, at("b\n  #") + 1), at("  # of c"));
        assert_eq!(above(text, at("- b"), 2, 2), at("  - b"));
    }

    #[test]
    fn line_ends_are_those_nearby() {
        assert_eq!(line_break("a\r\nb", 4), "\r\n");
        assert_eq!(line_break("a\r\nb\n", 4), "\n");
        assert_eq!(line_break("a\rb", 0), "\r");
        assert_eq!(line_break("", 0), "\n");
        assert_eq!(as_lines("a", 1, &["b".to_owned()]), "\nb");
        assert_eq!(as_lines("a\n", 2, &["b".to_owned()]), "b\n");
    }
}
