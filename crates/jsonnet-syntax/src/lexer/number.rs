//! Number literals: `(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`, with `_` between digits from
//! go-jsonnet 0.22 on (not behind a leading `0`). A sign is an operator.

use diagnostics::TextRange;

use super::Lexer;
use crate::token::TokenKind;

impl Lexer<'_> {
    pub(super) fn number(&mut self) {
        let start = self.at;
        let mut separated = false;
        let mut fault = None;
        if self.peek() == Some(b'0') {
            self.at += 1;
            if self.peek() == Some(b'_') {
                fault = Some("`_` is not allowed behind a leading zero");
            }
        } else {
            fault = self.digits(&mut separated);
        }
        if fault.is_none() && self.peek() == Some(b'.') {
            self.at += 1;
            fault = match self.peek() {
                Some(b'0'..=b'9') => self.digits(&mut separated),
                _ => Some("a digit must follow the decimal point"),
            };
        }
        if fault.is_none() && matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            fault = match self.peek() {
                Some(b'0'..=b'9') => self.digits(&mut separated),
                _ => Some("a digit must follow the exponent sign"),
            };
        }
        if let Some(message) = fault {
            let end = self.at + self.text.get(self.at..).map_or(0, first_length);
            self.error(TextRange::new(start, end), message);
        }
        if separated {
            self.out.separated.push(TextRange::new(start, self.at));
        }
        self.emit(TokenKind::Number, start);
    }

    /// Takes digits with single separators between them.
    fn digits(&mut self, separated: &mut bool) -> Option<&'static str> {
        loop {
            match self.peek() {
                Some(b'0'..=b'9') => self.at += 1,
                Some(b'_') => {
                    self.at += 1;
                    *separated = true;
                    if !matches!(self.peek(), Some(b'0'..=b'9')) {
                        return Some("a digit must follow the `_` in a number");
                    }
                }
                _ => return None,
            }
        }
    }
}

fn first_length(rest: &str) -> usize {
    rest.chars()
        .next()
        .filter(|c| !c.is_whitespace())
        .map_or(0, char::len_utf8)
}
