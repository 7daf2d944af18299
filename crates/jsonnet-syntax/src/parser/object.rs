//! Objects and object comprehensions.

use std::collections::HashMap;

use diagnostics::{Diagnostic, Rule, TextRange};

use super::Parser;
use crate::{
    literal::raw_value,
    rules::{DUPLICATE_LOCAL, DUPLICATE_MEMBER, JSONNET_SYNTAX},
    token::{Token, TokenKind},
    tree::{Bind, ExprId, ExprKind, Field, FieldName, Member, Visibility},
};

impl Parser<'_> {
    pub(super) fn object(&mut self) -> ExprId {
        self.nested(Self::object_inner)
    }

    fn object_inner(&mut self) -> ExprId {
        let open = self.bump().range;
        let start = open.start as usize;
        let mut members: Vec<Member> = Vec::new();
        let mut fixed: HashMap<String, TextRange> = HashMap::new();
        let mut comma = true;
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::BraceRight | TokenKind::EndOfFile => break,
                TokenKind::For => return self.object_comprehension(open, members),
                _ => {}
            }
            let is_start = token.kind.is_string()
                || matches!(
                    token.kind,
                    TokenKind::Identifier
                        | TokenKind::BracketLeft
                        | TokenKind::Local
                        | TokenKind::Assert
                );
            if is_start && !comma {
                self.missing_comma("member");
            }
            let member = match token.kind {
                TokenKind::Local => self.object_local(),
                TokenKind::Assert => Some(self.object_assert()),
                _ if is_start => self.field(&mut fixed),
                _ => {
                    let message = format!("expected a field or `}}`, found {}", self.found());
                    let open = open.in_file(self.file);
                    self.unexpected_with(message, |it| it.label(open, "in this object"));
                    None
                }
            };
            match member {
                Some(member) => members.push(member),
                None => self.skip_member(),
            }
            comma = self.eat(TokenKind::Comma).is_some();
            if member_ends_here(self.kind()) && !comma {
                break;
            }
        }
        self.close(TokenKind::BraceRight, open);
        self.duplicate_locals(&members);
        self.add(start, ExprKind::Object(members.into()))
    }

    /// After a member that could not be read: goes on to the comma or brace that ends it.
    fn skip_member(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.kind() {
                TokenKind::EndOfFile => return,
                TokenKind::Comma if depth == 0 => return,
                TokenKind::BraceRight | TokenKind::BracketRight | TokenKind::ParenRight => {
                    if depth == 0 {
                        // A brace closes this object, another bracket is stray.
                        if self.kind() != TokenKind::BraceRight {
                            self.bump();
                            continue;
                        }
                        return;
                    }
                    depth -= 1;
                }
                TokenKind::BraceLeft | TokenKind::BracketLeft | TokenKind::ParenLeft => depth += 1,
                _ => {}
            }
            self.bump();
        }
    }

    fn object_local(&mut self) -> Option<Member> {
        self.bump();
        self.bind().map(Member::Local)
    }

    fn object_assert(&mut self) -> Member {
        let start = self.bump().range.start as usize;
        let condition = self.expr();
        let message = self.eat_operator(":").map(|_| self.expr());
        Member::Assert {
            condition,
            message,
            range: TextRange::new(start, self.last_end()),
        }
    }

    fn field(&mut self, fixed: &mut HashMap<String, TextRange>) -> Option<Member> {
        let token = self.bump();
        let name = match token.kind {
            TokenKind::Identifier => FieldName::Fixed(self.name_of(token)),
            TokenKind::BracketLeft => {
                let expr = self.expr();
                self.close(TokenKind::BracketRight, token.range);
                FieldName::Computed(expr)
            }
            _ => FieldName::Fixed(self.string(token)),
        };
        let params = (self.kind() == TokenKind::ParenLeft).then(|| self.params());
        let op = self.token();
        let (plus, visibility) = self.field_operator()?;
        if plus && params.is_some() {
            self.is_exact = false;
            self.report(
                &JSONNET_SYNTAX,
                op.range,
                "a method cannot be declared with `+:`",
            );
        }
        if token.kind != TokenKind::BracketLeft {
            self.duplicate_field(token, fixed);
        }
        let body = self.expr();
        let value = match params {
            None => body,
            Some(params) => self.add(
                token.range.start as usize,
                ExprKind::Function {
                    params,
                    body,
                    name: match name {
                        FieldName::Fixed(name) => Some(name),
                        FieldName::Computed(_) => None,
                    },
                },
            ),
        };
        Some(Member::Field(Field {
            name,
            plus,
            visibility,
            op_range: op.range,
            value,
        }))
    }

    fn field_operator(&mut self) -> Option<(bool, Visibility)> {
        let operator = self.operator();
        let (plus, colons) = match operator.strip_prefix('+') {
            Some(colons) => (true, colons),
            None => (false, operator),
        };
        let visibility = match colons {
            ":" => Visibility::Inherit,
            "::" => Visibility::Hidden,
            ":::" => Visibility::Visible,
            _ => {
                let message = format!("expected `:` behind the field name, found {}", self.found());
                let help = match self.operator() {
                    "=" => "write `:` instead of `=`",
                    _ => "a field is written `name: value`",
                };
                self.unexpected_with(message, |it| it.help(help));
                return None;
            }
        };
        self.bump();
        Some((plus, visibility))
    }

    /// go-jsonnet compares the names as they are written, without decoding escapes.
    fn duplicate_field(&mut self, token: Token, fixed: &mut HashMap<String, TextRange>) {
        let raw = raw_value(self.text, token);
        if let Some(first) = fixed.get(&raw).copied() {
            self.duplicate(&DUPLICATE_MEMBER, &raw, "member", token.range, first);
            return;
        }
        fixed.insert(raw, token.range);
    }

    fn duplicate(
        &mut self,
        rule: &'static Rule,
        name: &str,
        what: &str,
        range: TextRange,
        first: TextRange,
    ) {
        let diagnostic = Diagnostic::new(
            rule,
            range.in_file(self.file),
            format!("the {what} `{name}` is declared twice here"),
        )
        .label(first.in_file(self.file), "declared first here")
        .help("remove one of the two, or rename it");
        self.push(diagnostic);
    }

    fn duplicate_locals(&mut self, members: &[Member]) {
        let binds = members.iter().filter_map(|member| match member {
            Member::Local(bind) => Some(*bind),
            _ => None,
        });
        let binds: Vec<Bind> = binds.collect();
        self.duplicate_binds(&binds);
    }

    pub(super) fn duplicate_binds(&mut self, binds: &[Bind]) {
        if binds.len() < 2 {
            return;
        }
        let mut seen = HashMap::new();
        for bind in binds {
            let range = bind.name.range;
            if let Some(first) = seen.insert(bind.name.symbol, range) {
                let name = range.of(self.text).to_owned();
                self.duplicate(&DUPLICATE_LOCAL, &name, "local", range, first);
            }
        }
    }

    fn object_comprehension(&mut self, open: TextRange, members: Vec<Member>) -> ExprId {
        let keyword = self.token().range;
        let mut fields = members.iter().filter_map(|member| match member {
            Member::Field(field) => Some(field),
            _ => None,
        });
        let field = fields.next();
        let fault = if members.iter().any(|it| matches!(it, Member::Assert { .. })) {
            Some("an object comprehension cannot have asserts")
        } else if fields.next().is_some() || field.is_none() {
            Some("an object comprehension must have exactly one field")
        } else if field.is_some_and(|it| it.visibility != Visibility::Inherit) {
            Some("the field of an object comprehension cannot be `::` or `:::`")
        } else if field.is_some_and(|it| matches!(it.name, FieldName::Fixed(_))) {
            Some("the field of an object comprehension must be written `[name]`")
        } else {
            None
        };
        if let Some(message) = fault {
            self.is_exact = false;
            self.report(&JSONNET_SYNTAX, keyword, message);
        }
        let specs = self.specs();
        self.close(TokenKind::BraceRight, open);
        self.duplicate_locals(&members);
        self.add(
            open.start as usize,
            ExprKind::ObjectComp {
                members: members.into(),
                specs,
            },
        )
    }
}

/// Tokens behind which no member of this object can follow without a comma.
fn member_ends_here(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::BraceRight
            | TokenKind::EndOfFile
            | TokenKind::BracketRight
            | TokenKind::ParenRight
            | TokenKind::Semicolon
    )
}
