//! Literal and folded scalars (YAML 1.2, 8.1).
//!
//! How deep the content is indented depends on what encloses the scalar. It is read off instead:
//! the decoded text keeps the blanks beyond the indentation, so the first line that is more than
//! blanks gives the difference.

use super::{Decoded, Source};

/// One line of the content.
#[derive(Clone, Copy)]
struct Line {
    /// Behind the indentation.
    start: usize,
    /// Before the line break.
    end: usize,
    /// Behind the line break.
    next: usize,
}

impl Line {
    fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// `|`: every line as it is.
pub(super) fn literal(source: &Source<'_>, text: &str) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    for line in lines(source, text)? {
        decoded.copy(source, line.start, line.end);
        line_break(source, line, &mut decoded);
    }
    Some(decoded)
}

/// `>`: lines are joined, unless one of them begins with a blank.
pub(super) fn folded(source: &Source<'_>, text: &str) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let lines = lines(source, text)?;
    let mut lines = lines.iter().copied().peekable();
    // Empty lines before the first text are line feeds.
    while let Some(line) = lines.next_if(|line| line.is_empty()) {
        line_break(source, line, &mut decoded);
    }
    while let Some(line) = lines.next() {
        decoded.copy(source, line.start, line.end);
        let mut gap = vec![line];
        while let Some(empty) = lines.next_if(|line| line.is_empty()) {
            gap.push(empty);
        }
        let joins = match lines.peek() {
            Some(next) => !starts_blank(source, line) && !starts_blank(source, *next),
            None => false,
        };
        if joins && gap.len() == 1 {
            decoded.replace(line.end, line.next, " ");
        } else {
            for empty in gap.into_iter().skip(usize::from(joins)) {
                line_break(source, empty, &mut decoded);
            }
        }
    }
    Some(decoded)
}

fn starts_blank(source: &Source<'_>, line: Line) -> bool {
    !line.is_empty() && matches!(source.byte(line.start), Some(b' ' | b'\t'))
}

fn line_break(source: &Source<'_>, line: Line, decoded: &mut Decoded) {
    if line.next == line.end {
        return;
    }
    if source.slice(line.end, line.next) == "\n" {
        decoded.copy(source, line.end, line.next);
    } else {
        decoded.replace(line.end, line.next, "\n");
    }
}

/// The lines behind the header, without their indentation.
fn lines(source: &Source<'_>, text: &str) -> Option<Vec<Line>> {
    let mut at = source.start;
    while at < source.end && source.break_at(at) == 0 {
        at += 1;
    }
    at += source.break_at(at);
    let mut lines = Vec::new();
    while at < source.end {
        let mut end = at;
        while end < source.end && source.break_at(end) == 0 {
            end += 1;
        }
        let next = end + source.break_at(end);
        lines.push(Line {
            start: at,
            end,
            next,
        });
        at = next;
    }
    let blanks = |line: &Line| spaces(source.slice(line.start, line.end));
    let indent = match lines
        .iter()
        .find(|line| blanks(line) < line.end - line.start)
    {
        Some(first) => {
            let content = text.trim_start_matches(['\n', ' ']);
            let kept = spaces_before(text, text.len() - content.len());
            blanks(first).checked_sub(kept)?
        }
        // Nothing but blanks: those that were kept come from the longest line.
        None => {
            let longest = lines.iter().map(blanks).max().unwrap_or(0);
            match text.split('\n').map(str::len).max().unwrap_or(0) {
                0 => usize::MAX,
                kept => longest.checked_sub(kept)?,
            }
        }
    };
    for line in &mut lines {
        line.start += blanks(line).min(indent);
    }
    Some(lines)
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

fn spaces_before(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or("");
    before
        .bytes()
        .rev()
        .take_while(|byte| *byte == b' ')
        .count()
}
