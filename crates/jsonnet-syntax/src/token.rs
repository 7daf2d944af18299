//! What the lexer gives to the parser.
//!
//! Invariant: token ranges do not overlap, ascend, and together with white space and comments
//! cover the text; the last token is [`TokenKind::EndOfFile`].

use diagnostics::TextRange;

/// The kind of a token. Operators keep their text in the source: the lexer takes any run of
/// symbol characters as one operator, as go-jsonnet does, and the parser decides what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    BraceLeft,
    BraceRight,
    BracketLeft,
    BracketRight,
    ParenLeft,
    ParenRight,
    Comma,
    Semicolon,
    Dot,
    Dollar,
    Identifier,
    Number,
    Operator,
    /// A quoted string, with escapes.
    Quoted,
    /// `@"…"` or `@'…'`.
    Verbatim,
    /// `|||`.
    Block,
    Assert,
    Else,
    Error,
    False,
    For,
    Function,
    If,
    Import,
    ImportStr,
    ImportBin,
    In,
    Local,
    Null,
    SelfKeyword,
    Super,
    TailStrict,
    Then,
    True,
    EndOfFile,
}

impl TokenKind {
    /// The keyword that an identifier is, if it is one.
    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "assert" => Self::Assert,
            "else" => Self::Else,
            "error" => Self::Error,
            "false" => Self::False,
            "for" => Self::For,
            "function" => Self::Function,
            "if" => Self::If,
            "import" => Self::Import,
            "importstr" => Self::ImportStr,
            "importbin" => Self::ImportBin,
            "in" => Self::In,
            "local" => Self::Local,
            "null" => Self::Null,
            "self" => Self::SelfKeyword,
            "super" => Self::Super,
            "tailstrict" => Self::TailStrict,
            "then" => Self::Then,
            "true" => Self::True,
            _ => Self::Identifier,
        }
    }

    /// Whether the token is a string literal of any form.
    pub(crate) fn is_string(self) -> bool {
        matches!(self, Self::Quoted | Self::Verbatim | Self::Block)
    }
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) range: TextRange,
}

/// A comment as it stands in the text, its markers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From `//`, `#` or `/*` to the end of the line or `*/`.
    pub range: TextRange,
}
