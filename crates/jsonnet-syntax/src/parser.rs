//! Tokens to the syntax tree, by recursive descent with go-jsonnet's precedences.
//!
//! Invariants:
//! - every loop takes a token or ends, and nesting is counted, so parsing is linear and its stack
//!   is bounded by [`MAX_NESTING`];
//! - what can be read around a mistake is read, so that one missing comma gives one diagnostic;
//! - on nesting that is too deep the parser goes to the end of the text and says nothing more.

mod expr;
mod list;
mod object;

use std::collections::HashMap;

use diagnostics::{Diagnostic, FileId, Rule, TextRange};

use crate::{
    lexer::{Lexed, lex},
    literal::string_value,
    rules::{EXPRESSION_TOO_DEEP, JSONNET_SYNTAX},
    token::{Comment, Token, TokenKind},
    tree::{Expr, ExprId, ExprKind, Name, Program, Symbol},
};

/// How many expressions may stand inside each other; go-jsonnet itself gives up at some 500 nested
/// calls when it evaluates.
pub const MAX_NESTING: usize = 200;

/// More mistakes than this in one text are of no use to anyone.
const MAX_ERRORS: usize = 20;

/// What parsing gives.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; parts that could not be read are [`ExprKind::Missing`].
    pub program: Program,
    /// Every comment, in the order of the text.
    pub comments: Vec<Comment>,
    /// What go-jsonnet refuses, in the order of the text, and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the tree stands for what the author meant, so that checking it makes sense: there
    /// are no errors, or only ones like a missing comma or an unknown variable.
    pub is_checkable: bool,
    /// What go-jsonnet 0.21 does not parse: digit separators in numbers, and anything but a
    /// variable, literal, call or index in `super[…]`.
    pub newer_than_0_21: Vec<TextRange>,
}

impl Parsed {
    /// Whether go-jsonnet accepts the text as a program.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Parses a text and makes the checks that go-jsonnet makes before it evaluates. A byte order mark
/// is an error, as in go-jsonnet.
#[must_use]
pub fn parse(text: &str, file: FileId) -> Parsed {
    let Lexed {
        tokens,
        comments,
        errors,
        separated,
    } = lex(text);
    let mut parser = Parser {
        text,
        file,
        tokens,
        at: 0,
        exprs: Vec::new(),
        texts: Vec::new(),
        symbols: HashMap::new(),
        nesting: 0,
        diagnostics: Vec::new(),
        is_exact: true,
        is_over: false,
        last_error: None,
        newer: separated,
    };
    for (range, message) in errors {
        parser.is_exact = false;
        parser.report(&JSONNET_SYNTAX, range, message);
    }
    let root = parser.expr();
    if parser.kind() != TokenKind::EndOfFile {
        let message = format!("expected the end of the program, found {}", parser.found());
        parser.unexpected(message);
    }
    let Parser {
        exprs,
        texts,
        mut diagnostics,
        is_exact,
        mut newer,
        ..
    } = parser;
    let program = Program {
        exprs,
        texts,
        root,
        file,
    };
    if is_exact {
        crate::resolve::resolve(&program, &mut diagnostics, &mut newer);
    }
    newer.sort_by_key(|range| range.start);
    diagnostics.sort_by_key(|it| (it.primary.range.start, it.primary.range.end));
    Parsed {
        program,
        comments,
        diagnostics,
        is_checkable: is_exact,
        newer_than_0_21: newer,
    }
}

struct Parser<'t> {
    text: &'t str,
    file: FileId,
    tokens: Vec<Token>,
    at: usize,
    exprs: Vec<Expr>,
    texts: Vec<Box<str>>,
    symbols: HashMap<Box<str>, Symbol>,
    nesting: usize,
    diagnostics: Vec<Diagnostic>,
    /// Whether the tree is what the author meant in spite of the errors.
    is_exact: bool,
    /// Whether parsing was given up.
    is_over: bool,
    /// The token of the last error; a second one there is a consequence.
    last_error: Option<usize>,
    newer: Vec<TextRange>,
}

impl Parser<'_> {
    fn token(&self) -> Token {
        let end = Token {
            kind: TokenKind::EndOfFile,
            range: TextRange::empty(self.text.len()),
        };
        self.tokens.get(self.at).copied().unwrap_or(end)
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    fn next_kind(&self) -> TokenKind {
        self.tokens
            .get(self.at + 1)
            .map_or(TokenKind::EndOfFile, |token| token.kind)
    }

    /// Takes the current token; the end is never passed.
    fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::EndOfFile {
            self.at += 1;
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        (self.kind() == kind).then(|| self.bump())
    }

    fn operator(&self) -> &str {
        match self.token() {
            Token {
                kind: TokenKind::Operator,
                range,
            } => range.of(self.text),
            _ => "",
        }
    }

    fn eat_operator(&mut self, operator: &str) -> Option<Token> {
        (self.operator() == operator).then(|| self.bump())
    }

    /// The end of the token before the current one.
    fn last_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.range.end as usize)
    }

    /// The current token as a message names it.
    fn found(&self) -> String {
        let token = self.token();
        if token.kind == TokenKind::EndOfFile {
            return "the end of the text".to_owned();
        }
        let shown = token.range.of(self.text);
        if token.kind.is_string() || shown.chars().count() > 20 {
            return "a string".to_owned();
        }
        format!("`{shown}`")
    }

    fn report(&mut self, rule: &'static Rule, range: TextRange, message: impl Into<String>) {
        let diagnostic = Diagnostic::new(rule, range.in_file(self.file), message);
        self.push(diagnostic);
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if !self.is_over && self.diagnostics.len() < MAX_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports at the current token, unless the last error was there already.
    fn unexpected(&mut self, message: impl Into<String>) {
        self.unexpected_with(message, |diagnostic| diagnostic);
    }

    fn unexpected_with(
        &mut self,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.is_exact = false;
        if self.last_error == Some(self.at) {
            return;
        }
        self.last_error = Some(self.at);
        let span = self.token().range.in_file(self.file);
        self.push(more(Diagnostic::new(&JSONNET_SYNTAX, span, message)));
    }

    /// Takes a token of the kind, or reports that it is missing and takes nothing.
    fn expect(&mut self, kind: TokenKind, what: &str) -> Option<Token> {
        let token = self.eat(kind);
        if token.is_none() {
            let message = format!("expected {what}, found {}", self.found());
            self.unexpected(message);
        }
        token
    }

    /// Takes the bracket that closes the one at `open`.
    fn close(&mut self, kind: TokenKind, open: TextRange) {
        if self.eat(kind).is_some() {
            return;
        }
        let shown = match kind {
            TokenKind::BraceRight => "}",
            TokenKind::BracketRight => "]",
            _ => ")",
        };
        let message = format!("expected `{shown}`, found {}", self.found());
        let open = open.in_file(self.file);
        self.unexpected_with(message, |it| it.label(open, "opened here"));
    }

    /// A comma is missing before the current token: that is reported with its fix, and reading
    /// goes on as if it were there.
    fn missing_comma(&mut self, element: &str) {
        if self.last_error == Some(self.at) {
            self.is_exact = false;
            return;
        }
        self.last_error = Some(self.at);
        let place = TextRange::empty(self.last_end()).in_file(self.file);
        let found = self.found();
        let span = self.token().range.in_file(self.file);
        let diagnostic = Diagnostic::new(
            &JSONNET_SYNTAX,
            span,
            format!("expected a comma before the next {element}, found {found}"),
        )
        .help("insert a comma")
        .fix("insert a comma", place, ",");
        self.push(diagnostic);
    }

    /// Gives up: what is left of the text is not read.
    fn give_up(&mut self) {
        let range = self.token().range;
        self.is_exact = false;
        self.diagnostics.truncate(MAX_ERRORS - 1);
        let diagnostic = Diagnostic::new(
            &EXPRESSION_TOO_DEEP,
            range.in_file(self.file),
            format!("more than {MAX_NESTING} expressions inside each other"),
        )
        .help("name parts of the expression with `local`");
        self.push(diagnostic);
        self.is_over = true;
        self.at = self.tokens.len().saturating_sub(1);
    }

    /// Counts one level of nesting around `read`.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        if self.nesting >= MAX_NESTING {
            if !self.is_over {
                self.give_up();
            }
            return self.missing();
        }
        self.nesting += 1;
        let id = read(self);
        self.nesting -= 1;
        id
    }

    fn add(&mut self, start: usize, kind: ExprKind) -> ExprId {
        let range = TextRange::new(start, self.last_end());
        self.add_at(range, kind)
    }

    fn add_at(&mut self, range: TextRange, kind: ExprKind) -> ExprId {
        let id = ExprId::new(self.exprs.len());
        self.exprs.push(Expr { range, kind });
        id
    }

    fn missing(&mut self) -> ExprId {
        let range = TextRange::empty(self.token().range.start as usize);
        self.add_at(range, ExprKind::Missing)
    }

    fn start_of(&self, id: ExprId) -> usize {
        self.exprs
            .get(id.index())
            .map_or(0, |expr| expr.range.start as usize)
    }

    fn symbol(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(text) {
            return *symbol;
        }
        let symbol = Symbol::new(self.texts.len());
        self.texts.push(text.into());
        self.symbols.insert(text.into(), symbol);
        symbol
    }

    /// Takes an identifier, or reports `what` is missing.
    fn name(&mut self, what: &str) -> Option<Name> {
        let token = self.expect(TokenKind::Identifier, what)?;
        Some(self.name_of(token))
    }

    fn name_of(&mut self, token: Token) -> Name {
        Name {
            symbol: self.symbol(token.range.of(self.text)),
            range: token.range,
        }
    }

    /// The value of a string token, its escapes checked.
    fn string(&mut self, token: Token) -> Name {
        let mut errors = Vec::new();
        let value = string_value(self.text, token, &mut errors);
        for (range, message) in errors {
            self.report(&JSONNET_SYNTAX, range, message);
        }
        Name {
            symbol: self.symbol(&value),
            range: token.range,
        }
    }
}
