//! Expressions.
//!
//! `expr` reads what may stand anywhere; `binary` reads operators up to a precedence; `prefix`
//! reads unary operators and the keyword forms, which take all that follows; `postfix` reads calls,
//! indices and `e { … }`.

use diagnostics::TextRange;

use super::{MAX_NESTING, Parser};
use crate::{
    token::TokenKind,
    tree::{BinaryOp, Bind, ExprId, ExprKind, ImportForm, UnaryOp},
};

const LOOSEST: u8 = 16;

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> ExprId {
        self.nested(|parser| parser.binary(LOOSEST))
    }

    /// Reads operators that bind at least as tightly as `limit`.
    fn binary(&mut self, limit: u8) -> ExprId {
        let mut left = self.prefix();
        loop {
            let op = match self.kind() {
                TokenKind::In => BinaryOp::In,
                // These end an expression: an assert's message, a field's colon, a slice.
                TokenKind::Operator if matches!(self.operator(), ":" | "::") => return left,
                TokenKind::Operator => match BinaryOp::of(self.operator()) {
                    Some(op) => op,
                    None => {
                        self.not_an_operator("a binary");
                        return left;
                    }
                },
                _ => return left,
            };
            if op.precedence() > limit {
                return left;
            }
            let op_range = self.bump().range;
            let start = self.start_of(left);
            if op == BinaryOp::In && self.eat(TokenKind::Super).is_some() {
                left = self.add(start, ExprKind::InSuper { name: left });
                continue;
            }
            let right = self.nested(|parser| parser.binary(op.precedence() - 1));
            left = self.add(
                start,
                ExprKind::Binary {
                    op,
                    op_range,
                    left,
                    right,
                },
            );
        }
    }

    fn not_an_operator(&mut self, which: &str) {
        let shown = self.operator().to_owned();
        let message = format!("`{shown}` is not {which} operator");
        let help = match shown.as_str() {
            "=" => Some("compare with `==`, or declare with `local`".to_owned()),
            "===" | "!==" => shown.get(..2).map(|short| format!("write `{short}`")),
            // The lexer cuts an operator that ends in a sign back to its first character.
            "&" | "|" | "!" | "<" | ">" => Some("put a space between the two operators".to_owned()),
            _ => None,
        };
        self.unexpected_with(message, |it| match help {
            Some(help) => it.help(help),
            None => it,
        });
    }

    fn prefix(&mut self) -> ExprId {
        match self.kind() {
            TokenKind::Operator => {
                let Some(op) = UnaryOp::of(self.operator()) else {
                    self.not_an_operator("a unary");
                    if !matches!(self.operator(), ":" | "::" | ":::" | "=") {
                        self.bump();
                    }
                    return self.missing();
                };
                let op_range = self.bump().range;
                let operand = self.nested(Self::prefix);
                self.add(
                    op_range.start as usize,
                    ExprKind::Unary {
                        op,
                        op_range,
                        operand,
                    },
                )
            }
            TokenKind::Assert => self.assertion(),
            TokenKind::Error => {
                let start = self.bump().range.start as usize;
                let message = self.expr();
                self.add(start, ExprKind::Error(message))
            }
            TokenKind::If => self.conditional(),
            TokenKind::Function => self.function(),
            TokenKind::Import => self.import(ImportForm::Program),
            TokenKind::ImportStr => self.import(ImportForm::Text),
            TokenKind::ImportBin => self.import(ImportForm::Bytes),
            TokenKind::Local => self.local(),
            _ => self.postfix(),
        }
    }

    fn assertion(&mut self) -> ExprId {
        let start = self.bump().range.start as usize;
        let condition = self.expr();
        let message = self.eat_operator(":").map(|_| self.expr());
        self.expect(TokenKind::Semicolon, "`;` after the assertion");
        let rest = self.expr();
        self.add(
            start,
            ExprKind::Assert {
                condition,
                message,
                rest,
            },
        )
    }

    fn conditional(&mut self) -> ExprId {
        let start = self.bump().range.start as usize;
        let condition = self.expr();
        self.expect(TokenKind::Then, "`then`");
        let then = self.expr();
        let otherwise = self.eat(TokenKind::Else).map(|_| self.expr());
        self.add(
            start,
            ExprKind::If {
                condition,
                then,
                otherwise,
            },
        )
    }

    fn function(&mut self) -> ExprId {
        let start = self.bump().range.start as usize;
        let params = match self.kind() {
            TokenKind::ParenLeft => self.params(),
            _ => {
                self.expect(TokenKind::ParenLeft, "`(` and the parameters");
                Box::default()
            }
        };
        let body = self.expr();
        self.add(
            start,
            ExprKind::Function {
                params,
                body,
                name: None,
            },
        )
    }

    fn import(&mut self, form: ImportForm) -> ExprId {
        let keyword = self.bump();
        let start = keyword.range.start as usize;
        let token = self.token();
        let body = self.expr();
        let is_literal = self
            .exprs
            .get(body.index())
            .is_some_and(|expr| expr.range == token.range);
        if token.kind == TokenKind::Block && is_literal {
            self.is_exact = false;
            self.report(
                &crate::rules::JSONNET_SYNTAX,
                token.range,
                "the path of an import cannot be a text block",
            );
        }
        match self.exprs.get(body.index()).map(|expr| &expr.kind) {
            Some(ExprKind::String(symbol)) if is_literal => {
                let path = crate::tree::Name {
                    symbol: *symbol,
                    range: token.range,
                };
                self.add(start, ExprKind::Import { form, path })
            }
            Some(ExprKind::Missing) | None => body,
            Some(_) => {
                let range = self.exprs.get(body.index()).map(|expr| expr.range);
                self.is_exact = false;
                self.report(
                    &crate::rules::JSONNET_SYNTAX,
                    range.unwrap_or(token.range),
                    "the path of an import must be one string literal",
                );
                self.missing()
            }
        }
    }

    /// Reads `local … ; local … ; e` in a loop, since bodies make long chains of them.
    fn local(&mut self) -> ExprId {
        let mut chain: Vec<(usize, Box<[Bind]>)> = Vec::new();
        while let Some(keyword) = self.eat(TokenKind::Local) {
            let binds = self.binds();
            chain.push((keyword.range.start as usize, binds));
        }
        let mut body = self.expr();
        for (start, binds) in chain.into_iter().rev() {
            body = self.add(start, ExprKind::Local { binds, body });
        }
        body
    }

    fn binds(&mut self) -> Box<[Bind]> {
        let mut binds: Vec<Bind> = Vec::new();
        loop {
            let Some(bind) = self.bind() else {
                self.duplicate_binds(&binds);
                // Go on behind the `;` if there is one before anything else begins.
                while !matches!(
                    self.kind(),
                    TokenKind::Semicolon
                        | TokenKind::EndOfFile
                        | TokenKind::Local
                        | TokenKind::BraceRight
                ) {
                    self.bump();
                }
                self.eat(TokenKind::Semicolon);
                return binds.into();
            };
            binds.push(bind);
            if self.eat(TokenKind::Comma).is_some() {
                continue;
            }
            self.duplicate_binds(&binds);
            if self.eat(TokenKind::Semicolon).is_none() {
                let message = format!(
                    "expected `;` after the value of the local, found {}",
                    self.found()
                );
                let place = TextRange::empty(self.last_end()).in_file(self.file);
                self.unexpected_with(message, |it| {
                    it.help("insert a semicolon")
                        .fix("insert a semicolon", place, ";")
                });
            }
            return binds.into();
        }
    }

    /// `x = e` or `f(x) = e`.
    pub(super) fn bind(&mut self) -> Option<Bind> {
        let name = self.name("the name of a local")?;
        let params = (self.kind() == TokenKind::ParenLeft).then(|| self.params());
        if self.eat_operator("=").is_none() {
            let message = format!("expected `=`, found {}", self.found());
            self.unexpected(message);
            return None;
        }
        let body = self.expr();
        let value = match params {
            None => body,
            Some(params) => self.add(
                name.range.start as usize,
                ExprKind::Function {
                    params,
                    body,
                    name: Some(name),
                },
            ),
        };
        Some(Bind { name, value })
    }

    fn postfix(&mut self) -> ExprId {
        let start = self.token().range.start as usize;
        let mut target = self.terminal();
        let mut length = self.nesting;
        loop {
            if matches!(
                self.kind(),
                TokenKind::Dot
                    | TokenKind::BracketLeft
                    | TokenKind::ParenLeft
                    | TokenKind::BraceLeft
            ) {
                length += 1;
                if length > MAX_NESTING {
                    if !self.is_over {
                        self.give_up();
                    }
                    return target;
                }
            }
            let kind = match self.kind() {
                TokenKind::Dot => {
                    self.bump();
                    match self.name("the name of a field") {
                        Some(name) => ExprKind::Member { target, name },
                        None => {
                            // A keyword is taken for the name that was meant.
                            if !self
                                .token()
                                .range
                                .of(self.text)
                                .starts_with(char::is_alphabetic)
                            {
                                return target;
                            }
                            self.bump();
                            ExprKind::Missing
                        }
                    }
                }
                TokenKind::BracketLeft => self.index_or_slice(target),
                TokenKind::ParenLeft => self.call(target),
                TokenKind::BraceLeft => {
                    let object = self.object();
                    ExprKind::ApplyBrace { target, object }
                }
                _ => return target,
            };
            target = self.add(start, kind);
        }
    }

    fn terminal(&mut self) -> ExprId {
        let token = self.token();
        let kind = match token.kind {
            TokenKind::Null => ExprKind::Null,
            TokenKind::True => ExprKind::Bool(true),
            TokenKind::False => ExprKind::Bool(false),
            TokenKind::Number => ExprKind::Number(number(token.range.of(self.text))),
            TokenKind::Quoted | TokenKind::Verbatim | TokenKind::Block => {
                self.bump();
                let symbol = self.string(token).symbol;
                return self.add_at(token.range, ExprKind::String(symbol));
            }
            TokenKind::SelfKeyword => ExprKind::SelfRef,
            TokenKind::Dollar => ExprKind::Dollar,
            TokenKind::Identifier => ExprKind::Var(self.symbol(token.range.of(self.text))),
            TokenKind::ParenLeft => {
                self.bump();
                let inner = self.expr();
                self.close(TokenKind::ParenRight, token.range);
                return self.add(token.range.start as usize, ExprKind::Parens(inner));
            }
            TokenKind::BracketLeft => return self.array(),
            TokenKind::BraceLeft => return self.object(),
            TokenKind::Super => return self.super_access(),
            _ => {
                let message = format!("expected an expression, found {}", self.found());
                self.unexpected(message);
                return self.missing();
            }
        };
        self.bump();
        self.add_at(token.range, kind)
    }

    fn super_access(&mut self) -> ExprId {
        let token = self.bump();
        let start = token.range.start as usize;
        if self.eat(TokenKind::Dot).is_some() {
            return match self.name("the name of a field") {
                Some(name) => self.add(start, ExprKind::SuperMember { name }),
                None => self.missing(),
            };
        }
        let open = self.token().range;
        if self.eat(TokenKind::BracketLeft).is_some() {
            let index = self.expr();
            self.close(TokenKind::BracketRight, open);
            return self.add(start, ExprKind::SuperIndex { index });
        }
        let message = format!("expected `.` or `[` after `super`, found {}", self.found());
        self.unexpected(message);
        self.missing()
    }

    /// Whether the token is a colon that a slice counts. go-jsonnet looks only at the text of the
    /// token, so that the string `":"` is one as well.
    fn slice_colons(&mut self) -> usize {
        let token = self.token();
        let is_candidate = token.kind == TokenKind::Operator || token.kind.is_string();
        if !is_candidate || token.range.len() > 12 {
            return 0;
        }
        match crate::literal::raw_value(self.text, token).as_str() {
            ":" => 1,
            "::" => 2,
            _ => 0,
        }
    }

    fn index_or_slice(&mut self, target: ExprId) -> ExprKind {
        let open = self.bump().range;
        let mut parts = [None; 3];
        let mut colons = 0;
        let mut ready = true;
        loop {
            if self.eat(TokenKind::BracketRight).is_some() {
                break;
            }
            let found = self.slice_colons();
            if found > 0 {
                colons += found;
                ready = true;
                if colons > 2 {
                    self.unexpected("a slice has at most two colons");
                    self.bump();
                    break;
                }
                self.bump();
            } else if ready {
                let part = self.expr();
                if let Some(slot) = parts.get_mut(colons) {
                    *slot = Some(part);
                }
                ready = false;
            } else {
                self.close(TokenKind::BracketRight, open);
                break;
            }
        }
        let [first, to, step] = parts;
        if colons > 0 {
            return ExprKind::Slice {
                target,
                from: first,
                to,
                step,
            };
        }
        match first {
            Some(index) => ExprKind::Index { target, index },
            None => {
                let range = TextRange::new(open.start as usize, self.last_end());
                self.is_exact = false;
                self.report(
                    &crate::rules::JSONNET_SYNTAX,
                    range,
                    "expected an index between the brackets",
                );
                ExprKind::Missing
            }
        }
    }
}

/// Rust reads every literal that the lexer lets through; `1e999` is infinite.
fn number(text: &str) -> f64 {
    let parsed = if text.contains('_') {
        text.replace('_', "").parse()
    } else {
        text.parse()
    };
    parsed.unwrap_or(f64::NAN)
}
