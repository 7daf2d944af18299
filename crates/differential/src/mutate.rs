//! Mutants: a program with one slip of the kind that people make.

use diagnostics::{FileId, TextRange};
use jsonnet_syntax::{BinaryOp, ExprId, ExprKind, Program};

/// A program with one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What was changed.
    pub slip: &'static str,
    /// The program.
    pub text: String,
}

/// Functions of std that are taken for each other.
const CONFUSED: [(&str, &str); 20] = [
    ("objectHas", "member"),
    ("member", "objectHas"),
    ("objectFields", "objectValues"),
    ("objectValues", "objectFields"),
    ("length", "sum"),
    ("map", "filter"),
    ("filter", "map"),
    ("join", "split"),
    ("split", "join"),
    ("asciiLower", "parseInt"),
    ("asciiUpper", "codepoint"),
    ("toString", "parseJson"),
    ("startsWith", "member"),
    ("endsWith", "strReplace"),
    ("get", "objectHas"),
    ("isString", "isArray"),
    ("isArray", "isObject"),
    ("isObject", "isString"),
    ("type", "length"),
    ("abs", "length"),
];

/// Every mutant of a program, each once.
#[must_use]
pub fn mutants(program: &str) -> Vec<Mutant> {
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let mut mutants = Vec::new();
    let mut writer = Writer {
        text: program,
        program: &parsed.program,
        mutants: &mut mutants,
    };
    for expr in parsed.program.exprs() {
        writer.expr(expr.range, &expr.kind);
    }
    mutants.retain(|it| it.text != program);
    mutants.sort_by(|a, b| a.text.cmp(&b.text));
    mutants.dedup_by(|a, b| a.text == b.text);
    mutants
}

struct Writer<'a> {
    text: &'a str,
    program: &'a Program,
    mutants: &'a mut Vec<Mutant>,
}

impl Writer<'_> {
    fn replace(&mut self, slip: &'static str, range: TextRange, with: &str) {
        let mut text = self.text.to_owned();
        text.replace_range(range.to_usize(), with);
        self.mutants.push(Mutant { slip, text });
    }

    fn of(&self, id: ExprId) -> String {
        self.program.expr(id).range.of(self.text).to_owned()
    }

    fn expr(&mut self, range: TextRange, kind: &ExprKind) {
        match kind {
            ExprKind::Member { target, name, .. } => self.member(*target, name.range),
            ExprKind::Index { index, .. } => {
                if let ExprKind::String(name) = self.program.expr(*index).kind {
                    let name = format!("'{}x'", self.program.text(name));
                    self.replace("field misspelt", self.program.expr(*index).range, &name);
                } else {
                    let next = format!("{} + 1", self.of(*index));
                    self.replace("another index", self.program.expr(*index).range, &next);
                }
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let (asked, then) = (self.of(*condition), self.of(*then));
                self.replace("guard removed", range, &format!("({then})"));
                let otherwise = otherwise.map_or_else(|| "null".to_owned(), |it| self.of(it));
                self.replace("guard removed", range, &format!("({otherwise})"));
                let swapped = format!("(if {asked} then {otherwise} else {then})");
                self.replace("branch swapped", range, &swapped);
                let inverted = format!("!({asked})");
                self.replace(
                    "guard inverted",
                    self.program.expr(*condition).range,
                    &inverted,
                );
            }
            ExprKind::Binary {
                op,
                op_range,
                left,
                right,
            } => {
                self.operator(*op, *op_range);
                if matches!(op, BinaryOp::And | BinaryOp::Or) {
                    for part in [*left, *right] {
                        let part = format!("({})", self.of(part));
                        self.replace("guard removed", range, &part);
                    }
                }
            }
            ExprKind::Call { args, parens, .. } => {
                for dropped in 0..args.len() {
                    let kept = args.iter().enumerate().filter(|(at, _)| *at != dropped);
                    let kept: Vec<String> = kept
                        .map(|(_, it)| match it.name {
                            Some(name) => {
                                format!("{}={}", name.range.of(self.text), self.of(it.value))
                            }
                            None => self.of(it.value),
                        })
                        .collect();
                    self.replace(
                        "argument dropped",
                        *parens,
                        &format!("({})", kept.join(", ")),
                    );
                }
            }
            ExprKind::ArrayComp { element, specs } => {
                let kept = specs.iter().filter_map(|it| match it {
                    jsonnet_syntax::Spec::For { name, source } => Some(format!(
                        " for {} in {}",
                        name.range.of(self.text),
                        self.of(*source)
                    )),
                    jsonnet_syntax::Spec::If { .. } => None,
                });
                let kept: String = kept.collect();
                let element = self.of(*element);
                self.replace("guard removed", range, &format!("[{element}{kept}]"));
            }
            ExprKind::String(_) => self.replace("type changed", range, "7"),
            ExprKind::Number(_) | ExprKind::Bool(_) => self.replace("type changed", range, "'7'"),
            ExprKind::Null => self.replace("type changed", range, "[]"),
            ExprKind::Assert { rest, .. } => {
                let rest = format!("({})", self.of(*rest));
                self.replace("guard removed", range, &rest);
            }
            _ => {}
        }
    }

    fn member(&mut self, target: ExprId, name: TextRange) {
        let written = name.of(self.text).to_owned();
        let is_std = matches!(self.program.expr(target).kind, ExprKind::Var(it) if self.program.text(it) == "std");
        if is_std {
            for (_, other) in CONFUSED.iter().filter(|(it, _)| *it == written) {
                self.replace("std function replaced", name, other);
            }
            return;
        }
        self.replace("field misspelt", name, &format!("{written}x"));
        let path = TextRange {
            start: self.program.expr(target).range.end,
            end: name.end,
        };
        self.replace("step left out", path, "");
    }

    fn operator(&mut self, op: BinaryOp, range: TextRange) {
        let others: &[&str] = match op.as_str() {
            "+" => &["-", "&&"],
            "-" | "*" => &["+", "/"],
            "/" | "%" => &["*", "<"],
            "==" => &["!=", "<"],
            "!=" => &["==", ">"],
            "<" | "<=" => &[">", "+"],
            ">" | ">=" => &["<", "-"],
            "&&" => &["||", "+"],
            "||" => &["&&", "=="],
            "in" => &["=="],
            _ => &["+"],
        };
        for it in others {
            self.replace("operator changed", range, it);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_has_one_slip() {
        let texts: Vec<String> = mutants("function(ctx) if 'a' in ctx then ctx.a else 1")
            .into_iter()
            .map(|it| it.text)
            .collect();
        for expected in [
            "function(ctx) (ctx.a)",
            "function(ctx) (1)",
            "function(ctx) if !('a' in ctx) then ctx.a else 1",
            "function(ctx) (if 'a' in ctx then 1 else ctx.a)",
            "function(ctx) if 'a' in ctx then ctx.ax else 1",
            "function(ctx) if 'a' == ctx then ctx.a else 1",
            "function(ctx) if 7 in ctx then ctx.a else 1",
        ] {
            assert!(
                texts.iter().any(|it| it == expected),
                "{expected}: {texts:#?}"
            );
        }
        assert_eq!(texts.len(), 9);
    }
}
