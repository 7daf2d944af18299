//! The text between two nodes: blanks, line ends, comments and indicators.
//!
//! The parser's events do not say where a `:` or a `|` stands; between two nodes there is so
//! little that it can be found by looking.

/// Skips blanks, line ends and comments.
pub(crate) fn skip_trivia(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'#' => at = line_end(text, at),
            _ => break,
        }
    }
    at
}

/// The offset of the line break that ends the line of `from`, or the end of the text.
pub(crate) fn line_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(text.len(), |length| from + length)
}

/// The `:` that belongs to the key which ends at `key_end`.
pub(crate) fn colon_after(text: &str, key_end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = skip_trivia(text, key_end);
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    // Elsewhere a `:` begins a plain scalar, the next key.
    let separates = match bytes.get(at + 1) {
        None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}') => true,
        Some(_) => {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            matches!(before, Some(b'"' | b'\'' | b']' | b'}'))
        }
    };
    separates.then_some(at)
}

/// The first `-` of the list that is the value of the key which ends at `key_end`.
pub(crate) fn dash_after(text: &str, key_end: usize) -> Option<usize> {
    let at = match colon_after(text, key_end) {
        Some(colon) => skip_trivia(text, colon + 1),
        None => skip_trivia(text, key_end),
    };
    (text.as_bytes().get(at) == Some(&b'-')).then_some(at)
}

/// The `|` or `>` of the block scalar which is the next value behind `from`.
pub(crate) fn block_header(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = skip_trivia(text, at);
        match text.as_bytes().get(at)? {
            b':' | b'-' | b'?' => at += 1,
            b'|' | b'>' => return Some(at),
            _ => return None,
        }
    }
}
