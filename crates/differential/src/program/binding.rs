//! Names, functions, branches, and the forms that pass a value on.

use super::{Entry, Generator};
use crate::shape::{Parameter, Range, Shape};

impl Generator<'_> {
    pub(super) fn branch(&mut self, wanted: &Shape, depth: usize) -> String {
        let condition = self.expr(&Shape::Bool, depth);
        let then = self.expr(wanted, depth);
        if self.random.percent(8) && Shape::Null.fits(wanted) {
            return format!("(if {condition} then {then})");
        }
        let otherwise = self.expr(wanted, depth);
        format!("(if {condition} then {then} else {otherwise})")
    }

    pub(super) fn local(&mut self, wanted: &Shape, depth: usize) -> String {
        let name = self.fresh();
        // What is read often: something in scope, or a new value.
        let (value, shape) = match self.walk(&|_| true) {
            Some(walk) if self.random.percent(55) && walk.facts.is_empty() => {
                (walk.text, walk.shape)
            }
            _ => {
                let shape = self.output_shape(2);
                (self.expr(&shape, depth), shape)
            }
        };
        // A local is visible in its own value, where it would have no end.
        if super::mentions(&value, &name) {
            return self.own_form(wanted, depth);
        }
        let entry = Entry::new(name.clone(), shape);
        let body = self.within(vec![entry.clone()], |it| it.expr(wanted, depth));
        if self.random.percent(15) {
            let unused = self.fresh();
            let other = self.expr(&Shape::Any, 0);
            if unused != name
                && !super::mentions(&body, &unused)
                && !super::mentions(&value, &unused)
                && !super::mentions(&other, &unused)
                && !super::mentions(&other, &name)
            {
                return format!("(local {name} = {value}, {unused} = {other}; {body})");
            }
        }
        format!("(local {name} = {value}; {body})")
    }

    pub(super) fn local_function(&mut self, wanted: &Shape, depth: usize) -> String {
        let name = self.fresh();
        let mut params: Vec<Parameter> = Vec::new();
        for number in 0..self.random.below(3) + usize::from(self.random.percent(80)) {
            let shape = match self.walk(&|it| !matches!(it, Shape::Function(..))) {
                Some(walk) if self.random.percent(50) => walk.shape,
                _ => match self.random.below(8) {
                    0 => Shape::function(vec![Shape::text()], Shape::text()),
                    1 => Shape::function(vec![Shape::Any], Shape::Bool),
                    _ => self.output_shape(1),
                },
            };
            params.push(Parameter {
                name: format!("{}{number}", self.random.word(&["a", "b", "p", "q"])),
                shape,
                optional: self.random.percent(25),
            });
        }
        let result = if self.random.percent(60) {
            wanted.clone()
        } else {
            self.output_shape(1)
        };
        let entries = params
            .iter()
            .map(|it| Entry::new(it.name.clone(), it.shape.clone()));
        let body = self.within(entries.collect(), |it| it.expr(&result, depth));
        let written: Vec<String> = params
            .iter()
            .map(|it| {
                if it.optional {
                    format!("{}={}", it.name, self.literal(&it.shape, 1))
                } else {
                    it.name.clone()
                }
            })
            .collect();
        if super::mentions(&body, &name) || written.iter().any(|it| super::mentions(it, &name)) {
            return self.own_form(wanted, depth);
        }
        let function = Shape::Function(params, Box::new(result));
        let entry = Entry::new(name.clone(), function);
        let rest = self.within(vec![entry], |it| it.expr(wanted, depth));
        if self.random.percent(25) {
            let written = written.join(", ");
            return format!("(local {name} = function({written}) {body}; {rest})");
        }
        format!("(local {name}({}) = {body}; {rest})", written.join(", "))
    }

    pub(super) fn assertion(&mut self, wanted: &Shape, depth: usize) -> String {
        let condition = self.expr(&Shape::Bool, depth);
        let rest = self.expr(wanted, depth);
        match self.random.below(4) {
            0 => format!("(assert {condition}; {rest})"),
            1 => format!("(if {condition} then error 'cancel' else {rest})"),
            2 => {
                let message = self.expr(&Shape::text(), 0);
                format!("(if {condition} then error 'cancel: ' + {message} else {rest})")
            }
            _ => format!("(assert {condition} : 'cancel'; {rest})"),
        }
    }

    /// Forms that give the value of a part.
    pub(super) fn wrapped(&mut self, wanted: &Shape, depth: usize) -> String {
        match self.random.below(9) {
            0 => format!("({})", self.expr(wanted, depth)),
            1 => {
                let (a, b) = (self.expr(&Shape::Any, 0), self.expr(wanted, depth));
                format!("[{a}, {b}][1]")
            }
            2 => {
                let (a, b) = (self.expr(wanted, depth), self.expr(&Shape::Any, 0));
                format!("{{ v: {a}, w:: {b} }}.v")
            }
            3 => {
                let shape = self.output_shape(1);
                let function = self.callback(std::slice::from_ref(&shape), wanted, depth);
                format!("{function}({})", self.expr(&shape, depth))
            }
            4 => {
                let list = Shape::List(Box::new(wanted.clone()), 1, None);
                format!("{}[0]", self.expr(&list, depth))
            }
            5 => {
                // Asked for what is surely there.
                let value = self.expr(wanted, depth);
                let key = self
                    .random
                    .word(&["'v'", "'V'[0:0] + 'v'", "std.asciiLower('V')"]);
                format!("{{ v: {value} }}[{key}]")
            }
            6 => {
                let list = Shape::List(Box::new(wanted.clone()), 1, None);
                let name = self.fresh();
                let list = self.expr(&list, depth);
                format!("(local {name} = {list}; {name}[std.length({name}) - 1])")
            }
            7 => {
                let value = self.expr(wanted, depth);
                format!("(local shadow = {value}; local std = {{ v: shadow }}; std.v)")
            }
            _ => {
                let value = self.expr(wanted, depth);
                let object = self.expr(&Shape::Object(Vec::new(), crate::shape::Rest::Open), 0);
                format!("({object} + {{ v: {value} }}).v")
            }
        }
    }

    /// A function that calls itself; now and then without end.
    pub(super) fn recursion(&mut self, wanted: &Shape, depth: usize) -> String {
        let name = self.fresh();
        let base = self.expr(wanted, depth);
        if super::mentions(&base, &name) || super::mentions(&base, "n") {
            return base;
        }
        let count = self.random.below(4);
        let start = if self.random.percent(50) {
            count.to_string()
        } else {
            self.expr(&Shape::Number(Range::SMALL), 0)
        };
        match self.random.below(12) {
            0 if self.style.mistakes > 0 => {
                format!(
                    "(local {name}(n) = if n == 0 then {base} else {name}(n + 1); {name}({start}))"
                )
            }
            1..=3 if matches!(wanted, Shape::List(..)) => {
                format!(
                    "(local {name}(n) = if n <= 0 then {base} else {name}(n - 1) + {base}; {name}({count}))"
                )
            }
            4 => format!(
                "(local {name}(n) = if n <= 0 then {base} else {name}(n - 1) tailstrict; {name}({start}))"
            ),
            5 => format!(
                "(local {name}(xs) = if std.length(xs) == 0 then {base} else {name}(xs[1:]); {name}([1, 2]))"
            ),
            6 => format!(
                "(local {name} = {{ go(n):: if n <= 0 then {base} else self.go(n - 1) }}; {name}.go({count}))"
            ),
            _ => format!(
                "(local {name}(n) = if n <= 0 then {base} else {name}(n - 1); {name}({count}))"
            ),
        }
    }
}
