//! Positions inside a scalar: from its decoded text back to the bytes of the file.
//!
//! The parser gives the decoded text of a scalar and its range, not how the one came from the
//! other. Here the range is decoded once more, piece by piece. Invariant: a map is exact only if
//! the pieces make up exactly the decoded text; otherwise it answers with the whole scalar, so a
//! position is never wrong, at worst vague.

mod block;
mod quoted;

use diagnostics::TextRange;

use crate::{Kind, Node, Style};

/// Where each byte of a scalar's decoded text stands in the file.
#[derive(Clone, Debug)]
pub struct OffsetMap {
    pieces: Vec<Piece>,
    whole: TextRange,
    exact: bool,
}

/// A run of decoded bytes with the bytes of the file it comes from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    decoded: TextRange,
    file: TextRange,
    /// Whether both are the same bytes, so that positions inside correspond.
    copied: bool,
}

/// Maps the decoded text of a scalar to the file; of an alias, that of the scalar it stands for.
///
/// ```
/// use diagnostics::{FileId, TextRange};
/// let text = "body: |\n    local x = 1;\n    y\n";
/// let root = yaml::parse(text, FileId::DETACHED).documents[0].root.clone();
/// let body = root.get("body").unwrap();
/// assert_eq!(body.as_str(), Some("local x = 1;\ny\n"));
/// let y = yaml::offset_map(body, text).to_file(TextRange::new(13, 14));
/// assert_eq!(y.of(text), "y");
/// ```
#[must_use]
pub fn offset_map(node: &Node, file_text: &str) -> OffsetMap {
    let node = node.target().unwrap_or(node);
    let range = node.range;
    let Kind::Scalar(scalar) = &node.kind else {
        return OffsetMap::whole(range);
    };
    let source = Source {
        text: file_text,
        start: range.start as usize,
        end: (range.end as usize).min(file_text.len()),
    };
    let decoded = match scalar.style {
        Style::Plain => quoted::plain(&source),
        Style::SingleQuoted => quoted::single(&source),
        Style::DoubleQuoted => quoted::double(&source),
        Style::Literal => block::literal(&source, &scalar.text),
        Style::Folded => block::folded(&source, &scalar.text),
    };
    match decoded {
        Some(decoded) if decoded.text == scalar.text => OffsetMap {
            pieces: decoded.pieces,
            whole: range,
            exact: true,
        },
        _ => OffsetMap::whole(range),
    }
}

impl OffsetMap {
    fn whole(whole: TextRange) -> Self {
        Self {
            pieces: Vec::new(),
            whole,
            exact: false,
        }
    }

    /// Whether positions are known one by one; if not, every answer is the whole scalar.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// The bytes of the file that a range of the decoded text comes from.
    ///
    /// What was written as an escape or as a folded line end is covered whole. A range beyond the
    /// text ends with it.
    #[must_use]
    pub fn to_file(&self, decoded: TextRange) -> TextRange {
        if !self.exact {
            return self.whole;
        }
        let start = self.start_in_file(decoded.start);
        if decoded.is_empty() {
            return TextRange::empty(start);
        }
        // The end is that of the last byte, which may stand far before the next one.
        let last = decoded.end - 1;
        let end = match self.piece_at(last) {
            Some(piece) if piece.copied => {
                piece.file.start as usize + (last - piece.decoded.start) as usize + 1
            }
            Some(piece) => piece.file.end as usize,
            None => self.end_in_file(),
        };
        TextRange::new(start, end)
    }

    fn start_in_file(&self, decoded: u32) -> usize {
        match self.piece_at(decoded) {
            Some(piece) if piece.copied => {
                piece.file.start as usize + (decoded - piece.decoded.start) as usize
            }
            Some(piece) => piece.file.start as usize,
            None => self.end_in_file(),
        }
    }

    fn piece_at(&self, decoded: u32) -> Option<&Piece> {
        let at = self
            .pieces
            .partition_point(|piece| piece.decoded.end <= decoded);
        self.pieces.get(at)
    }

    /// Behind the last decoded byte: before the closing quote.
    fn end_in_file(&self) -> usize {
        let end = self
            .pieces
            .last()
            .map_or(self.whole.start, |it| it.file.end);
        end as usize
    }
}

/// The bytes of one scalar.
struct Source<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl Source<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        (at < self.end)
            .then(|| self.text.as_bytes().get(at).copied())
            .flatten()
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end.min(self.end)).unwrap_or("")
    }

    /// The length of the line break at an offset: 0, 1 or 2.
    fn break_at(&self, at: usize) -> usize {
        match self.byte(at) {
            Some(b'\n') => 1,
            Some(b'\r') if self.byte(at + 1) == Some(b'\n') => 2,
            Some(b'\r') => 1,
            _ => 0,
        }
    }
}

/// A scalar decoded piece by piece.
#[derive(Default)]
struct Decoded {
    text: String,
    pieces: Vec<Piece>,
}

impl Decoded {
    /// Takes over bytes of the file as they are.
    fn copy(&mut self, source: &Source<'_>, start: usize, end: usize) {
        let bytes = source.slice(start, end);
        if bytes.is_empty() {
            return;
        }
        let from = self.text.len();
        self.text.push_str(bytes);
        if let Some(last) = self.pieces.last_mut()
            && last.copied
            && last.file.end as usize == start
        {
            last.file = TextRange::new(last.file.start as usize, end);
            last.decoded = TextRange::new(last.decoded.start as usize, self.text.len());
            return;
        }
        self.pieces.push(Piece {
            decoded: TextRange::new(from, self.text.len()),
            file: TextRange::new(start, end),
            copied: true,
        });
    }

    /// Takes bytes of the file for other text.
    fn replace(&mut self, start: usize, end: usize, text: &str) {
        let from = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece {
            decoded: TextRange::new(from, self.text.len()),
            file: TextRange::new(start, end),
            copied: false,
        });
    }
}
