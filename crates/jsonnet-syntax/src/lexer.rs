//! Text to tokens, character for character as go-jsonnet 0.22 lexes.
//!
//! Oddities that are kept because go-jsonnet has them: a run of symbol characters is one operator,
//! and one that ends in `+ - ~ ! $` is cut back to its first character, so `1!=-1` does not parse;
//! `01` is two tokens. Digit separators (`1_000`) are lexed, and noted as newer than 0.21.

mod number;
mod text_block;

pub(crate) use text_block::block_value;

use diagnostics::TextRange;

use crate::token::{Comment, Token, TokenKind};

/// What lexing gives.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
    /// Messages with their places, in the order of the text.
    pub(crate) errors: Vec<(TextRange, String)>,
    /// Number literals that hold a digit separator.
    pub(crate) separated: Vec<TextRange>,
}

/// Lexes the whole text. A character that belongs nowhere is reported and skipped.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        run_end: 0,
        out: Lexed {
            tokens: Vec::with_capacity(text.len() / 4 + 1),
            comments: Vec::new(),
            errors: Vec::new(),
            separated: Vec::new(),
        },
    };
    while lexer.token() {}
    lexer.emit(TokenKind::EndOfFile, lexer.at);
    lexer.out
}

/// What a text is made of: tokens and comments, in order; what is between them is white space and
/// characters that belong to no token. The ranges do not overlap, and are inside the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let Lexed {
        tokens, comments, ..
    } = lex(text);
    let tokens = tokens.into_iter().map(|it| Piece {
        is_comment: false,
        range: it.range,
    });
    let comments = comments.into_iter().map(|it| Piece {
        is_comment: true,
        range: it.range,
    });
    let mut pieces: Vec<_> = tokens.chain(comments).collect();
    pieces.sort_by_key(|it| (it.range.start, it.range.end));
    pieces
}

/// A token, the empty one at the end among them, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whether it is a comment.
    pub is_comment: bool,
    /// Its place.
    pub range: TextRange,
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The end of the run of symbols that was scanned last. A run that is cut back is not scanned
    /// again, or `-----…` would take quadratic time.
    run_end: usize,
    out: Lexed,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn byte_at(&self, offset: usize) -> Option<u8> {
        self.bytes.get(offset).copied()
    }

    fn starts_with(&self, offset: usize, prefix: &[u8]) -> bool {
        self.bytes
            .get(offset..)
            .is_some_and(|rest| rest.starts_with(prefix))
    }

    fn emit(&mut self, kind: TokenKind, start: usize) {
        let range = TextRange::new(start, self.at);
        self.out.tokens.push(Token { kind, range });
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>) {
        self.out.errors.push((range, message.into()));
    }

    /// Lexes one token or comment; false at the end.
    fn token(&mut self) -> bool {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let start = self.at;
        let Some(byte) = self.peek() else {
            return false;
        };
        let single = match byte {
            b'{' => Some(TokenKind::BraceLeft),
            b'}' => Some(TokenKind::BraceRight),
            b'[' => Some(TokenKind::BracketLeft),
            b']' => Some(TokenKind::BracketRight),
            b'(' => Some(TokenKind::ParenLeft),
            b')' => Some(TokenKind::ParenRight),
            b',' => Some(TokenKind::Comma),
            b';' => Some(TokenKind::Semicolon),
            b'.' => Some(TokenKind::Dot),
            _ => None,
        };
        if let Some(kind) = single {
            self.at += 1;
            self.emit(kind, start);
            return true;
        }
        match byte {
            b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.quoted(byte),
            b'@' => self.verbatim(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                while self.peek().is_some_and(is_identifier) {
                    self.at += 1;
                }
                let word = self.text.get(start..self.at).unwrap_or_default();
                self.emit(TokenKind::of_word(word), start);
            }
            b'#' => self.line_comment(),
            byte if is_symbol(byte) => self.symbol(),
            _ => {
                let character = self.text.get(start..).and_then(|rest| rest.chars().next());
                self.at += character.map_or(1, char::len_utf8);
                let shown = character.map(char::escape_debug).map(|it| it.to_string());
                self.error(
                    TextRange::new(start, self.at),
                    format!(
                        "the character `{}` belongs to no Jsonnet token",
                        shown.unwrap_or_default()
                    ),
                );
            }
        }
        true
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
        self.out.comments.push(Comment {
            range: TextRange::new(start, self.at),
        });
    }

    fn block_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        while self.at < self.bytes.len() && !self.starts_with(self.at, b"*/") {
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            self.error(
                TextRange::new(start, start + 2),
                "this comment has no closing `*/`",
            );
        }
        self.at = (self.at + 2).min(self.bytes.len());
        self.out.comments.push(Comment {
            range: TextRange::new(start, self.at),
        });
    }

    /// `"…"` or `'…'`: a backslash protects the next character; line breaks are allowed.
    fn quoted(&mut self, quote: u8) {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.error(
                        TextRange::new(start, start + 1),
                        "this string has no closing quote",
                    );
                    break;
                }
                Some(byte) if byte == quote => {
                    self.at += 1;
                    break;
                }
                // The byte behind a backslash may begin a longer character, whose further bytes
                // are neither quotes nor backslashes.
                Some(b'\\') => self.at = (self.at + 2).min(self.bytes.len()),
                Some(_) => self.at += 1,
            }
        }
        // A backslash before the last byte of the text can end inside a character.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.emit(TokenKind::Quoted, start);
    }

    /// `@"…"` or `@'…'`: a doubled quote stands for one, nothing else is special.
    fn verbatim(&mut self) {
        let start = self.at;
        self.at += 1;
        let Some(quote @ (b'"' | b'\'')) = self.peek() else {
            self.error(
                TextRange::new(start, self.at),
                "`@` must be followed by a quoted string",
            );
            return;
        };
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.error(
                        TextRange::new(start, start + 2),
                        "this string has no closing quote",
                    );
                    break;
                }
                Some(byte) if byte == quote => {
                    self.at += 1;
                    if self.peek() != Some(quote) {
                        break;
                    }
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        self.emit(TokenKind::Verbatim, start);
    }

    /// A comment, a text block or an operator.
    fn symbol(&mut self) {
        let start = self.at;
        if self.starts_with(start, b"//") {
            return self.line_comment();
        }
        if self.starts_with(start, b"/*") {
            return self.block_comment();
        }
        if self.starts_with(start, b"|||") {
            return self.text_block();
        }
        self.at = self.run_end.max(start + 1);
        while self.at > self.run_end && self.peek().is_some_and(is_symbol) {
            let ends = self.starts_with(self.at, b"//")
                || self.starts_with(self.at, b"/*")
                || self.starts_with(self.at, b"|||");
            if ends {
                break;
            }
            self.at += 1;
        }
        self.run_end = self.at;
        // go-jsonnet tests only the last character and then cuts back to the first.
        if matches!(
            self.byte_at(self.at.saturating_sub(1)),
            Some(b'+' | b'-' | b'~' | b'!' | b'$')
        ) {
            self.at = start + 1;
        }
        let kind = match self.text.get(start..self.at) {
            Some("$") => TokenKind::Dollar,
            _ => TokenKind::Operator,
        };
        self.emit(kind, start);
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_symbol(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'$'
            | b':'
            | b'~'
            | b'+'
            | b'-'
            | b'&'
            | b'|'
            | b'^'
            | b'='
            | b'<'
            | b'>'
            | b'*'
            | b'/'
            | b'%'
    )
}
