//! Guards: what must hold for a read to succeed, and the ways in which people ask for it.

use super::{Generator, quoted};
use crate::shape::{Rest, Shape};

/// What must hold of a value.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    /// An object has a member.
    Has(String, String),
    /// A value is of a kind.
    Is(String, &'static str),
    /// It is not null.
    NotNull(String),
    /// It is that literal.
    Equals(String, String),
    /// An array or string has more elements than so many.
    Longer(String, usize, &'static str),
}

impl Fact {
    /// What tells one alternative of a value from the others.
    pub(super) fn alternative(text: &str, one: &Shape, all: &[Shape]) -> Option<Self> {
        let others: Vec<&Shape> = all.iter().filter(|it| *it != one).collect();
        if others.iter().all(|it| **it == Shape::Null) {
            return Some(Self::NotNull(text.to_owned()));
        }
        let kind = one.kind()?;
        if others
            .iter()
            .all(|it| it.kind().is_some_and(|it| it != kind))
        {
            return Some(Self::Is(text.to_owned(), kind));
        }
        // All must be objects, or the discriminator cannot be read.
        if all.iter().any(|it| it.kind() != Some("object")) {
            return None;
        }
        let Shape::Object(members, _) = one else {
            return None;
        };
        let literal = members.iter().find_map(|it| match &it.shape {
            Shape::OneOf(values) if it.required && values.len() == 1 => {
                Some((it.name.as_str(), values.first()?))
            }
            _ => None,
        });
        let (name, value) = literal?;
        Some(Self::Equals(
            super::member(text, name),
            value.as_str().map_or_else(|| value.to_string(), quoted),
        ))
    }
}

impl Generator<'_> {
    /// `inner` where the facts hold, and something else of that shape, or the end, where they do
    /// not.
    pub(super) fn guarded(
        &mut self,
        facts: &[Fact],
        depth: usize,
        wanted: &Shape,
        inner: impl FnOnce(&mut Self) -> String,
    ) -> String {
        let depth = depth.saturating_sub(1);
        let inner = inner(self);
        if self.random.per_mille(self.style.mistakes * 2) {
            let wrong = self.all_of(facts);
            let other = self.leaf(wanted);
            return format!("(if !({wrong}) then {inner} else {other})");
        }
        match self.random.below(20) {
            0 => {
                let all = self.all_of(facts);
                format!("(assert {all} : 'cancel'; {inner})")
            }
            1 => {
                let none = self.none_of(facts);
                format!("(if {none} then error 'cancel' else {inner})")
            }
            2 => {
                let all = self.all_of(facts);
                format!("(if {all} then {inner} else error 'cancel ' + 1)")
            }
            3..=5 => {
                let none = self.none_of(facts);
                let other = self.expr(wanted, depth);
                format!("(if {none} then {other} else {inner})")
            }
            6..=7 => {
                let name = self.fresh();
                let all = self.all_of(facts);
                let other = self.expr(wanted, depth);
                if super::mentions(&inner, &name) || super::mentions(&other, &name) {
                    return format!("(if {all} then {inner} else {other})");
                }
                format!("(local {name} = {all}; if {name} then {inner} else {other})")
            }
            8..=9 => {
                // One question inside the other.
                let mut nested = inner;
                for fact in facts.iter().rev() {
                    let asked = self.ask(fact);
                    let other = self.leaf(wanted);
                    nested = format!("(if {asked} then {nested} else {other})");
                }
                nested
            }
            10..=11 => {
                let name = self.fresh();
                let all = self.all_of(facts);
                let other = self.leaf(wanted);
                if super::mentions(&all, &name) || super::mentions(&other, &name) {
                    return format!("(if {all} then {inner} else {other})");
                }
                format!("(local {name} = {inner}; if {all} then {name} else {other})")
            }
            12 => self.by_helper(facts, &inner, wanted),
            13 if *wanted == Shape::Bool => {
                let all = self.all_of(facts);
                format!("({all} && {inner})")
            }
            13 => {
                let all = self.all_of(facts);
                let other = self.leaf(wanted);
                format!(
                    "(local r = [{inner} for _ in [0] if {all}]; if std.length(r) > 0 then r[0] else {other})"
                )
            }
            14 if *wanted == Shape::Bool => {
                let none = self.none_of(facts);
                format!("({none} || {inner})")
            }
            _ => {
                let all = self.all_of(facts);
                let other = self.expr(wanted, depth);
                format!("(if {all} then {inner} else {other})")
            }
        }
    }

    /// `local has(o, k) = …; if has(t, 'p') then …`
    fn by_helper(&mut self, facts: &[Fact], inner: &str, wanted: &Shape) -> String {
        let other = self.leaf(wanted);
        let mut helpers = Vec::new();
        let mut calls = Vec::new();
        for (number, fact) in facts.iter().enumerate() {
            let name = format!("ask{number}");
            match fact {
                Fact::Has(target, key) => {
                    let general = Fact::Has("o".to_owned(), "\u{0}".to_owned());
                    let asked = self.ask(&general).replace("'\u{0}'", "k");
                    helpers.push(format!("{name}(o, k) = {asked}"));
                    calls.push(format!("{name}({target}, {})", quoted(key)));
                }
                Fact::Is(text, kind) => {
                    let asked = self.ask(&Fact::Is("o".to_owned(), kind));
                    helpers.push(format!("{name}(o) = {asked}"));
                    calls.push(format!("{name}({text})"));
                }
                Fact::NotNull(text) => {
                    let asked = self.ask(&Fact::NotNull("o".to_owned()));
                    helpers.push(format!("{name} = function(o) {asked}"));
                    calls.push(format!("{name}({text})"));
                }
                Fact::Equals(text, literal) => {
                    helpers.push(format!("{name}(o, v={literal}) = v == o"));
                    calls.push(format!("{name}({text})"));
                }
                Fact::Longer(text, count, kind) => {
                    let asked = self.ask(&Fact::Longer("o".to_owned(), *count, kind));
                    helpers.push(format!("{name}(o) = {asked}"));
                    calls.push(format!("{name}({text})"));
                }
            }
        }
        format!(
            "(local {}; if {} then {inner} else {other})",
            helpers.join(", "),
            calls.join(" && ")
        )
    }

    pub(super) fn all_of(&mut self, facts: &[Fact]) -> String {
        let asked: Vec<String> = facts.iter().map(|it| self.ask(it)).collect();
        match asked.len() {
            0 => "true".to_owned(),
            _ if self.random.percent(3) => format!("std.all([{}])", asked.join(", ")),
            _ => asked.join(" && "),
        }
    }

    fn none_of(&mut self, facts: &[Fact]) -> String {
        if self.random.percent(30) {
            return format!("!({})", self.all_of(facts));
        }
        let asked: Vec<String> = facts
            .iter()
            .map(|it| match it {
                Fact::NotNull(text) => format!("{text} == null"),
                Fact::Equals(text, literal) => format!("{text} != {literal}"),
                it => format!("!({})", self.ask(it)),
            })
            .collect();
        match asked.len() {
            0 => "false".to_owned(),
            _ => asked.join(" || "),
        }
    }

    /// A question whose answer is true where the fact holds; false may mean nothing.
    fn ask(&mut self, fact: &Fact) -> String {
        match fact {
            Fact::Has(target, key) => {
                let key = quoted(key);
                match self.random.below(17) {
                    16 => format!("std.count(std.objectFields({target}), {key}) > 0"),
                    0..=5 => format!("{key} in {target}"),
                    6..=9 => format!("std.objectHas({target}, {key})"),
                    10 => format!("std.objectHasAll({target}, {key})"),
                    11 => format!("std.get({target}, {key}) != null"),
                    12 => format!("std.get({target}, {key}, null) != null"),
                    13 => format!("std.member(std.objectFields({target}), {key})"),
                    14 => format!("std.objectHasEx({target}, {key}, false)"),
                    _ => format!("std.setMember({key}, std.objectFields({target}))"),
                }
            }
            Fact::Is(text, kind) => {
                let test = match *kind {
                    "string" => "isString",
                    "number" => "isNumber",
                    "boolean" => "isBoolean",
                    "array" => "isArray",
                    "object" => "isObject",
                    _ => return format!("std.type({text}) == {}", quoted(kind)),
                };
                match self.random.below(6) {
                    0 => format!("std.type({text}) == '{kind}'"),
                    1 => format!("'{kind}' == std.type({text})"),
                    2 => format!("std.member(['{kind}'], std.type({text}))"),
                    _ => format!("std.{test}({text})"),
                }
            }
            Fact::NotNull(text) => match self.random.below(7) {
                0 => format!("null != {text}"),
                1 => format!("!({text} == null)"),
                2 => format!("std.type({text}) != 'null'"),
                _ => format!("{text} != null"),
            },
            Fact::Equals(text, literal) => match self.random.below(6) {
                0 => format!("std.member([{literal}], {text})"),
                1 => format!("{literal} == {text}"),
                2 => format!("!({text} != {literal})"),
                _ => format!("{text} == {literal}"),
            },
            Fact::Longer(text, 0, kind) => match self.random.below(8) {
                0 if *kind == "string" => format!("{text} != ''"),
                0 => format!("{text} != []"),
                1 if *kind == "string" => format!("!std.isEmpty({text})"),
                2 => format!("std.length({text}) != 0"),
                3 => format!("!(std.length({text}) == 0)"),
                4 => format!("std.length({text}) >= 1"),
                5 => format!("0 < std.length({text})"),
                _ => format!("std.length({text}) > 0"),
            },
            Fact::Longer(text, count, _) => match self.random.below(3) {
                0 => format!("std.length({text}) >= {}", count + 1),
                1 => format!("{count} < std.length({text})"),
                _ => format!("std.length({text}) > {count}"),
            },
        }
    }

    /// What a condition asks about: mostly something in scope, as the same answer for every input
    /// leaves code that never runs, of which no input can tell anything.
    fn asked(&mut self, wanted: &Shape, depth: usize) -> String {
        match self.plain_read(wanted).filter(|_| self.random.percent(80)) {
            Some(read) => read,
            None => self.expr(wanted, depth),
        }
    }

    /// A condition: comparisons, questions about what is in scope, and combinations of them.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        let next = depth.saturating_sub(1);
        match self.random.below(26) {
            24 => {
                let list = Shape::list(Shape::Any);
                let list = match self.plain_read(&list) {
                    Some(read) => read,
                    None => self.expr(&list, next),
                };
                let op = self.random.word(&["==", "!=", "<", ">="]);
                let bound = self.random.word(&["0", "1", "2", "-1", "1.5", "100"]);
                format!("(std.length({list}) {op} {bound})")
            }
            25 => {
                let read = self.expr(&Shape::number(), 0);
                let op = self.random.word(&["<", "<=", ">", ">=", "==", "!="]);
                let bound = self.random.word(&["0.5", "-1.5", "0", "-0", "1e3", "3"]);
                match self.random.below(2) {
                    0 => format!("({read} {op} {bound})"),
                    _ => format!("({bound} {op} {read})"),
                }
            }
            0..=3 if depth > 0 => {
                let (a, b) = (self.expr(&Shape::Bool, next), self.expr(&Shape::Bool, next));
                let op = self.random.word(&["&&", "||"]);
                format!("({a} {op} {b})")
            }
            4..=5 => format!("!{}", self.expr(&Shape::Bool, next)),
            6..=8 => {
                let op = self.random.word(&["<", "<=", ">", ">="]);
                let operand = match self.random.below(5) {
                    0 => Shape::text(),
                    1 => Shape::list(Shape::number()),
                    _ => Shape::number(),
                };
                let (a, b) = (self.asked(&operand, next), self.expr(&operand, next));
                format!("({a} {op} {b})")
            }
            9..=12 => {
                let op = self.random.word(&["==", "!="]);
                let operand = match self.random.below(4) {
                    0 => Shape::text(),
                    1 => Shape::number(),
                    _ => self.output_shape(1),
                };
                let (a, b) = (self.asked(&operand, next), self.expr(&operand, 0));
                format!("({a} {op} {b})")
            }
            13..=14 => {
                let key = self.expr(&Shape::text(), 0);
                let target = self.expr(&Shape::Object(Vec::new(), Rest::Open), next);
                format!("({key} in {target})")
            }
            15..=18 => {
                let walk = self.walk(&|it| !matches!(it, Shape::Function(..)));
                match walk {
                    Some(walk) if !walk.facts.is_empty() => {
                        let all = self.all_of(&walk.facts);
                        format!("({all})")
                    }
                    _ => self.leaf(&Shape::Bool),
                }
            }
            _ => self
                .read(&Shape::Bool, next)
                .unwrap_or_else(|| self.leaf(&Shape::Bool)),
        }
    }
}
