//! How far what begins at a place reaches, without a tree: for comments that speak of what follows
//! them, in programs with mistakes too.

use diagnostics::TextRange;

use crate::lexer::lex;
use crate::token::TokenKind;

/// The member, local, argument or element whose first token is the first at or behind `at`: to the
/// `,` or `;` that ends it, or the bracket that closes around it. Empty at the end of the text.
#[must_use]
pub fn extent(text: &str, at: usize) -> TextRange {
    let mut depth = 0_usize;
    let mut covered: Option<TextRange> = None;
    let tokens = lex(text).tokens;
    for token in tokens
        .iter()
        .skip_while(|token| (token.range.start as usize) < at)
    {
        match token.kind {
            TokenKind::BraceLeft | TokenKind::BracketLeft | TokenKind::ParenLeft => depth += 1,
            TokenKind::BraceRight | TokenKind::BracketRight | TokenKind::ParenRight => {
                let Some(inner) = depth.checked_sub(1) else {
                    break;
                };
                depth = inner;
            }
            TokenKind::Comma | TokenKind::Semicolon if depth == 0 => break,
            TokenKind::EndOfFile => break,
            _ => {}
        }
        covered = Some(covered.map_or(token.range, |it| it.cover(token.range)));
    }
    covered.unwrap_or_else(|| TextRange::empty(at.min(text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'t>(text: &'t str, from: &str) -> &'t str {
        extent(text, text.find(from).unwrap()).of(text)
    }

    #[test]
    fn what_begins_reaches_to_what_ends_it() {
        let text = "local x = [1, 2]; { a: { b: x[0], c: ',;' }, d: if x then y else z }";
        assert_eq!(at(text, "local"), "local x = [1, 2]");
        assert_eq!(at(text, "a:"), "a: { b: x[0], c: ',;' }");
        assert_eq!(at(text, " c:"), "c: ',;'");
        assert_eq!(at(text, "d:"), "d: if x then y else z");
        assert_eq!(at("{ a: [1", "a"), "a: [1");
        assert_eq!(extent("{}  ", 3), TextRange::empty(3));
    }
}
