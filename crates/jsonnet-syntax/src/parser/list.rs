//! What stands between brackets and commas: arrays, parameters, arguments, comprehension clauses.

use super::Parser;
use crate::{
    rules::{DUPLICATE_PARAMETER, JSONNET_SYNTAX},
    token::TokenKind,
    tree::{Arg, ExprId, ExprKind, Param, Spec},
};
use diagnostics::{Diagnostic, TextRange};

impl Parser<'_> {
    pub(super) fn array(&mut self) -> ExprId {
        let open = self.bump().range;
        let start = open.start as usize;
        let mut elements = Vec::new();
        let mut comma = true;
        loop {
            match self.kind() {
                TokenKind::BracketRight | TokenKind::EndOfFile => break,
                TokenKind::For if elements.len() == 1 => {
                    let specs = self.specs();
                    self.close(TokenKind::BracketRight, open);
                    let element = elements.pop().unwrap_or_else(|| self.missing());
                    return self.add(start, ExprKind::ArrayComp { element, specs });
                }
                TokenKind::ParenRight | TokenKind::BraceRight | TokenKind::Semicolon => break,
                _ => {}
            }
            if !comma {
                self.missing_comma("element");
            }
            let before = self.at;
            elements.push(self.expr());
            comma = self.eat(TokenKind::Comma).is_some();
            if self.at == before {
                self.bump();
            }
        }
        self.close(TokenKind::BracketRight, open);
        self.add(start, ExprKind::Array(elements.into()))
    }

    /// `for x in e if c for y in f …`, the first `for` being the current token.
    pub(super) fn specs(&mut self) -> Box<[Spec]> {
        let mut specs = Vec::new();
        loop {
            if self.eat(TokenKind::For).is_some() {
                let Some(name) = self.name("the variable of the comprehension") else {
                    break;
                };
                if self.expect(TokenKind::In, "`in`").is_none() {
                    break;
                }
                let source = self.expr();
                specs.push(Spec::For { name, source });
            } else if self.eat(TokenKind::If).is_some() {
                let condition = self.expr();
                specs.push(Spec::If { condition });
            } else {
                break;
            }
        }
        specs.into()
    }

    /// `(x, y=d)`, the parenthesis being the current token.
    pub(super) fn params(&mut self) -> Box<[Param]> {
        let open = self.bump().range;
        let mut params: Vec<Param> = Vec::new();
        let mut comma = true;
        while !matches!(self.kind(), TokenKind::ParenRight | TokenKind::EndOfFile) {
            if !comma {
                if self.kind() != TokenKind::Identifier {
                    break;
                }
                self.missing_comma("parameter");
            }
            let Some(name) = self.name("the name of a parameter") else {
                break;
            };
            if let Some(first) = params.iter().find(|it| it.name.symbol == name.symbol) {
                let shown = name.range.of(self.text);
                let diagnostic = Diagnostic::new(
                    &DUPLICATE_PARAMETER,
                    name.range.in_file(self.file),
                    format!("this function has two parameters `{shown}`"),
                )
                .label(first.name.range.in_file(self.file), "the other one")
                .help("rename one of them: the first cannot be read");
                self.push(diagnostic);
            }
            let default = self.eat_operator("=").map(|_| self.expr());
            params.push(Param { name, default });
            comma = self.eat(TokenKind::Comma).is_some();
        }
        self.close(TokenKind::ParenRight, open);
        params.into()
    }

    pub(super) fn call(&mut self, target: ExprId) -> ExprKind {
        let open = self.bump().range;
        let mut args: Vec<Arg> = Vec::new();
        let mut comma = true;
        while !matches!(
            self.kind(),
            TokenKind::ParenRight
                | TokenKind::EndOfFile
                | TokenKind::BraceRight
                | TokenKind::BracketRight
                | TokenKind::Semicolon
        ) {
            if !comma {
                self.missing_comma("argument");
            }
            let before = self.at;
            args.push(self.argument(args.last().copied()));
            comma = self.eat(TokenKind::Comma).is_some();
            if self.at == before {
                self.bump();
            }
        }
        self.close(TokenKind::ParenRight, open);
        let parens = TextRange::new(open.start as usize, self.last_end());
        let tailstrict = self.eat(TokenKind::TailStrict).map(|token| token.range);
        ExprKind::Call {
            target,
            args: args.into(),
            parens,
            tailstrict,
        }
    }

    fn argument(&mut self, last: Option<Arg>) -> Arg {
        let first = self.token();
        let is_named = first.kind == TokenKind::Identifier
            && self.next_kind() == TokenKind::Operator
            && self
                .tokens
                .get(self.at + 1)
                .is_some_and(|token| token.range.of(self.text) == "=");
        let name = is_named.then(|| {
            self.bump();
            self.bump();
            self.name_of(first)
        });
        if name.is_none() && last.is_some_and(|it| it.name.is_some()) {
            self.is_exact = false;
            self.report(
                &JSONNET_SYNTAX,
                first.range,
                "a positional argument cannot follow a named one",
            );
        }
        let value = self.expr();
        Arg { name, value }
    }
}
