//! Plain, single-quoted and double-quoted scalars (YAML 1.2, 7.3).
//!
//! All three fold lines alike: blanks around a line break vanish, one break is a space, each
//! further one a line feed.

use super::{Decoded, Source};

/// A plain scalar.
pub(super) fn plain(source: &Source<'_>) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let end = flow_text(source, source.start, &mut decoded, &mut |_, _, _| None);
    (end == source.end).then_some(decoded)
}

/// `'…'`: a doubled quote is a quote.
pub(super) fn single(source: &Source<'_>) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let end = flow_text(
        source,
        source.start + 1,
        &mut decoded,
        &mut |source, at, decoded| match (source.byte(at), source.byte(at + 1)) {
            (Some(b'\''), Some(b'\'')) => {
                decoded.replace(at, at + 2, "'");
                Some(Special::Next(at + 2))
            }
            (Some(b'\''), _) => Some(Special::End),
            _ => None,
        },
    );
    (end + 1 == source.end).then_some(decoded)
}

/// `"…"` with escapes.
pub(super) fn double(source: &Source<'_>) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let end = flow_text(
        source,
        source.start + 1,
        &mut decoded,
        &mut |source, at, decoded| match source.byte(at)? {
            b'"' => Some(Special::End),
            b'\\' => match source.break_at(at + 1) {
                0 => Some(escape(source, at, decoded)),
                length => Some(Special::Next(continued(source, at, length, decoded))),
            },
            _ => None,
        },
    );
    (end + 1 == source.end).then_some(decoded)
}

/// What a style makes of a byte that means something to it.
enum Special {
    /// It was taken; go on here.
    Next(usize),
    /// The scalar ends here.
    End,
}

type Handle<'h> = dyn FnMut(&Source<'_>, usize, &mut Decoded) -> Option<Special> + 'h;

/// Decodes from `at` to where the style ends the scalar; gives that place.
fn flow_text(
    source: &Source<'_>,
    mut at: usize,
    decoded: &mut Decoded,
    special: &mut Handle<'_>,
) -> usize {
    while at < source.end {
        let blank_end = skip_blanks(source, at);
        if source.break_at(blank_end) > 0 {
            at = fold(source, at, blank_end, decoded);
        } else if blank_end > at {
            decoded.copy(source, at, blank_end);
            at = blank_end;
        } else {
            match special(source, at, decoded) {
                Some(Special::End) => return at,
                Some(Special::Next(next)) => at = next,
                None => {
                    let next = at + 1;
                    // Continuation bytes go with their character.
                    let next = (next..source.end)
                        .find(|end| source.text.is_char_boundary(*end))
                        .unwrap_or(source.end);
                    decoded.copy(source, at, next);
                    at = next;
                }
            }
        }
    }
    at
}

fn skip_blanks(source: &Source<'_>, from: usize) -> usize {
    let mut at = from;
    while matches!(source.byte(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Line breaks with the blanks around them; gives the first byte of the next text.
fn fold(source: &Source<'_>, start: usize, first_break: usize, decoded: &mut Decoded) -> usize {
    let first_end = first_break + source.break_at(first_break);
    let at = skip_blanks(source, first_end);
    if source.break_at(at) == 0 {
        decoded.replace(start, first_end, " ");
        return at;
    }
    empty_lines(source, start, at, decoded)
}

/// One line feed for each empty line; the first takes what stands before it along.
fn empty_lines(
    source: &Source<'_>,
    mut start: usize,
    mut at: usize,
    decoded: &mut Decoded,
) -> usize {
    loop {
        let length = source.break_at(at);
        if length == 0 {
            return at;
        }
        let end = at + length;
        decoded.replace(start, end, "\n");
        start = end;
        at = skip_blanks(source, end);
    }
}

/// A line that ends in `\`: the break and the indentation behind it vanish.
fn continued(source: &Source<'_>, at: usize, length: usize, decoded: &mut Decoded) -> usize {
    let end = at + 1 + length;
    empty_lines(source, end, skip_blanks(source, end), decoded)
}

fn escape(source: &Source<'_>, at: usize, decoded: &mut Decoded) -> Special {
    let Some(c) = source.slice(at + 1, source.end).chars().next() else {
        return Special::Next(source.end);
    };
    let hex = |from: usize, digits: usize| {
        u32::from_str_radix(source.slice(from, from + digits), 16).ok()
    };
    let (code, length) = match c {
        '0' => (Some(0x00), 2),
        'a' => (Some(0x07), 2),
        'b' => (Some(0x08), 2),
        't' | '\t' => (Some(0x09), 2),
        'n' => (Some(0x0A), 2),
        'v' => (Some(0x0B), 2),
        'f' => (Some(0x0C), 2),
        'r' => (Some(0x0D), 2),
        'e' => (Some(0x1B), 2),
        'N' => (Some(0x85), 2),
        '_' => (Some(0xA0), 2),
        'L' => (Some(0x2028), 2),
        'P' => (Some(0x2029), 2),
        'x' => (hex(at + 2, 2), 4),
        'U' => (hex(at + 2, 8), 10),
        'u' => match (hex(at + 2, 4), source.slice(at + 6, at + 8), hex(at + 8, 4)) {
            (Some(high @ 0xD800..=0xDBFF), "\\u", Some(low @ 0xDC00..=0xDFFF)) => (
                Some(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
                12,
            ),
            (code, ..) => (code, 6),
        },
        c => (Some(u32::from(c)), 1 + c.len_utf8()),
    };
    if let Some(c) = code.and_then(char::from_u32) {
        decoded.replace(at, at + length, c.encode_utf8(&mut [0; 4]));
    }
    Special::Next(at + length)
}
