//! `|||` text blocks.
//!
//! The first line that is not empty gives the indentation; the block ends at the first line that
//! does not have it, which must be `|||`. `|||-` drops the last line break. Only a bare `\n` counts
//! as an empty line.

use diagnostics::TextRange;

use super::Lexer;
use crate::token::TokenKind;

impl Lexer<'_> {
    pub(super) fn text_block(&mut self) {
        let start = self.at;
        if let Err(message) = self.text_block_end() {
            self.error(TextRange::new(start, start + 3), message);
        }
        self.emit(TokenKind::Block, start);
    }

    fn text_block_end(&mut self) -> Result<(), &'static str> {
        self.at += 3;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
        if self.peek() != Some(b'\n') {
            return Err("a text block must begin on a new line behind `|||`");
        }
        while self.peek() == Some(b'\n') {
            self.at += 1;
        }
        let indent = indentation(self.bytes.get(self.at..).unwrap_or_default());
        if indent.is_empty() {
            return Err("the first line of a text block must be indented");
        }
        let indent = indent.to_vec();
        loop {
            self.at += indent.len();
            while self.peek().is_some_and(|byte| byte != b'\n') {
                self.at += 1;
            }
            if self.peek().is_none() {
                return Err("this text block has no closing `|||`");
            }
            while self.peek() == Some(b'\n') {
                self.at += 1;
            }
            if self.starts_with(self.at, &indent) {
                continue;
            }
            while matches!(self.peek(), Some(b' ' | b'\t')) {
                self.at += 1;
            }
            if !self.starts_with(self.at, b"|||") {
                return Err("this text block ends without `|||`");
            }
            self.at += 3;
            return Ok(());
        }
    }
}

/// The value of a text block, given its whole token.
pub(crate) fn block_value(token: &str) -> String {
    let (opening, body) = token.split_once('\n').unwrap_or((token, ""));
    let chomp = opening.starts_with("|||-");
    let leading = body.len() - body.trim_start_matches('\n').len();
    let indent = indentation(body.as_bytes().get(leading..).unwrap_or_default()).len();
    let mut value = String::with_capacity(body.len());
    for line in body.split_inclusive('\n') {
        if line == "\n" {
            value.push('\n');
        } else if line.ends_with('\n') {
            value.push_str(line.get(indent..).unwrap_or_default());
        }
    }
    if chomp && value.ends_with('\n') {
        value.pop();
    }
    value
}

fn indentation(line: &[u8]) -> &[u8] {
    let length = line
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t'))
        .unwrap_or(line.len());
    line.get(..length).unwrap_or_default()
}
