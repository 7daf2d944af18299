//! Objects: every form of a field, inheritance, `self`, `super`, `$`, comprehensions.

use super::{Entry, Generator, is_name, member, name, quoted};
use crate::shape::{Member, Parameter, Rest, Shape};

/// Where a field stands.
struct Place<'a> {
    /// What `self` has already.
    known: &'a [Entry],
    /// What `super` has.
    above: &'a [Member],
}

impl Generator<'_> {
    pub(super) fn object(&mut self, members: &[Member], rest: &Rest, depth: usize) -> String {
        if let Rest::Map(value) = rest
            && members.is_empty()
        {
            return self.map(value, depth);
        }
        let mut members: Vec<Member> = members
            .iter()
            .filter(|it| it.required || self.random.percent(60))
            .cloned()
            .collect();
        if *rest == Rest::Open {
            for extra in ["extra", "more"] {
                if self.random.percent(10) {
                    members.push(Member {
                        name: extra.to_owned(),
                        shape: self.output_shape(1),
                        required: true,
                    });
                }
            }
        }
        if depth > 0 && self.random.percent(18) {
            return self.inheritance(&members, depth);
        }
        self.layer(&members, &[], depth)
    }

    /// `{ … }` of these members.
    fn layer(&mut self, members: &[Member], above: &[Member], depth: usize) -> String {
        // `self`, and what was written through it, is another object inside.
        let outer = self.scope.clone();
        let is_outermost = self.objects == 0;
        self.scope
            .retain(|it| !super::mentions(&it.text, "self") && !super::mentions(&it.text, "super"));
        let around = self.scope.clone();
        self.objects += 1;
        let mut parts = Vec::new();
        let mut known: Vec<Entry> = Vec::new();
        for it in above {
            self.scope
                .push(Entry::new(member("super", &it.name), it.shape.clone()));
        }
        if self.random.percent(12) {
            let local = self.fresh();
            let shape = self.output_shape(1);
            let value = self.expr(&shape, depth.saturating_sub(1));
            if !super::mentions(&value, &local) {
                self.scope.retain(|it| !super::mentions(&it.text, &local));
                self.scope.push(Entry::new(local.clone(), shape));
                parts.push(format!("local {local} = {value}"));
            }
        }
        if self.random.percent(8) {
            let params = vec![Parameter {
                name: "a0".to_owned(),
                shape: self.output_shape(1),
                optional: false,
            }];
            let result = self.output_shape(1);
            let entry = Entry::new(
                "a0",
                params
                    .iter()
                    .map(|it| it.shape.clone())
                    .next()
                    .unwrap_or(Shape::Any),
            );
            let body = self.within(vec![entry], |it| it.expr(&result, depth.saturating_sub(1)));
            parts.push(format!("method(a0):: {body}"));
            self.scope.push(Entry::new(
                "self.method",
                Shape::Function(params, Box::new(result)),
            ));
        }
        for it in members {
            let place = Place {
                known: &known,
                above,
            };
            let part = self.field(it, &place, &around, depth);
            parts.push(part);
            if it.required {
                let entry = Entry::new(member("self", &it.name), it.shape.clone());
                self.scope.push(entry.clone());
                if is_outermost && self.random.percent(60) {
                    self.scope
                        .push(Entry::new(member("$", &it.name), it.shape.clone()));
                }
                known.push(entry);
            }
        }
        if self.random.percent(5) {
            let condition = self.expr(&Shape::Bool, 0);
            parts.push(format!("assert {condition} : 'cancel'"));
        }
        if self.random.percent(4) {
            let at = self.random.below(parts.len() + 1);
            parts.insert(at, "hidden:: error 'cancel'".to_owned());
        }
        self.objects -= 1;
        self.scope = outer;
        if parts.is_empty() {
            return "{}".to_owned();
        }
        let comma = if self.random.percent(10) { "," } else { "" };
        format!("{{ {}{comma} }}", parts.join(", "))
    }

    fn field(&mut self, it: &Member, place: &Place<'_>, around: &[Entry], depth: usize) -> String {
        let colon = match self.random.below(24) {
            0 => ":::",
            _ => ":",
        };
        if !it.required {
            return self.optional_field(it, around, depth);
        }
        let is_above = place.above.iter().any(|above| above.name == it.name);
        if is_above && self.random.percent(50) {
            let value = self.expr(&it.shape, depth);
            return match self.random.below(3) {
                0 => format!(
                    "{}: {} + {value}",
                    name(&it.name),
                    member("super", &it.name)
                ),
                _ => format!("{}+: {value}", name(&it.name)),
            };
        }
        if !is_above && self.random.percent(3) {
            // With nothing to add to.
            return format!("{}+: {}", name(&it.name), self.expr(&it.shape, depth));
        }
        let _ = place.known;
        let value = self.expr(&it.shape, depth);
        match self.random.below(14) {
            0 => format!("[{}]{colon} {value}", quoted(&it.name)),
            1 => format!("{}{colon} {value}", quoted(&it.name)),
            2 => {
                // A name that is computed outside of the object.
                let outer = std::mem::replace(&mut self.scope, around.to_vec());
                let condition = self.expr(&Shape::Bool, 0);
                self.scope = outer;
                let key = quoted(&it.name);
                format!("[if {condition} then {key} else {key}]: {value}")
            }
            3 if is_name(&it.name) => format!("\"{}\"{colon} {value}", it.name),
            _ => format!("{}{colon} {value}", name(&it.name)),
        }
    }

    /// `[if … then 'k']: …`
    fn optional_field(&mut self, it: &Member, around: &[Entry], depth: usize) -> String {
        let outer = std::mem::replace(&mut self.scope, around.to_vec());
        let walk = self.walk_to(&it.shape);
        let key = quoted(&it.name);
        let part = match walk {
            Some(walk) if !walk.facts.is_empty() => {
                let facts = if self.random.per_mille(self.style.mistakes * 3) {
                    &[]
                } else {
                    walk.facts.as_slice()
                };
                let all = self.all_of(facts);
                let text = if self.random.percent(60) {
                    walk.text.clone()
                } else {
                    let entry = Entry::new(walk.text.clone(), walk.shape.clone());
                    self.within(vec![entry], |inner| inner.expr(&it.shape, depth))
                };
                format!("[if {all} then {key}]: {text}")
            }
            _ => {
                let condition = self.expr(&Shape::Bool, depth.saturating_sub(1));
                let value = self.expr(&it.shape, depth);
                format!("[if {condition} then {key} else null]: {value}")
            }
        };
        self.scope = outer;
        part
    }

    /// A base and what is laid over it.
    fn inheritance(&mut self, members: &[Member], depth: usize) -> String {
        let over: Vec<Member> = members
            .iter()
            .filter(|it| it.required && self.random.percent(50))
            .cloned()
            .collect();
        let base = self.layer(members, &[], depth.saturating_sub(1));
        let laid = self.layer(&over, &over, depth.saturating_sub(1));
        match self.random.below(5) {
            0 => format!("({base} {laid})"),
            1 => {
                let local = self.fresh();
                if super::mentions(&laid, &local) || super::mentions(&base, &local) {
                    return format!("({base} + {laid})");
                }
                format!("(local {local} = {base}; {local} {laid})")
            }
            2 => {
                let condition = self.expr(&Shape::Bool, 0);
                format!("({base} + (if {condition} then {laid} else {{}}))")
            }
            _ => format!("({base} + {laid})"),
        }
    }

    /// An object of any names.
    fn map(&mut self, value: &Shape, depth: usize) -> String {
        match self.random.below(8) {
            0..=3 => {
                let count = self.random.below(3);
                let names = ["k", "id", "email"];
                let members = names.iter().take(count).map(|it| Member {
                    name: (*it).to_owned(),
                    shape: value.clone(),
                    required: true,
                });
                let members: Vec<Member> = members.collect();
                self.layer(&members, &[], depth)
            }
            4..=6 => self.comprehension(value, depth),
            7 if self.random.percent(30) => {
                // Two names that may come to the same, or cannot.
                let (a, b) = (self.expr(&Shape::text(), 0), self.expr(&Shape::text(), 0));
                let (v, w) = (self.expr(value, depth), self.expr(value, 0));
                match self.random.below(4) {
                    0 if self.style.mistakes > 0 => format!("{{ [{a}]: {v}, k: {w} }}"),
                    1 if self.style.mistakes > 0 => format!("{{ [{a}]: {v}, [{b}]: {w} }}"),
                    2 => format!("{{ ['x-' + {a}]: {v}, ['y-' + {b}]: {w} }}"),
                    _ => format!("{{ ['x-' + {a}]: {v}, k: {w} }}"),
                }
            }
            _ => {
                let key = self.expr(&Shape::text(), depth);
                let value = self.expr(value, depth);
                format!("{{ [{key}]: {value} }}")
            }
        }
    }

    fn comprehension(&mut self, value: &Shape, depth: usize) -> String {
        let outer = self.scope.clone();
        self.scope
            .retain(|it| !super::mentions(&it.text, "self") && !super::mentions(&it.text, "super"));
        self.objects += 1;
        let key = self.fresh();
        // Names must differ, which those of an object do.
        let (source, reads) = match self.walk(&|it| matches!(it, Shape::Object(..))) {
            Some(walk) if self.random.percent(70) => {
                let text = walk.text.clone();
                let guarded = if walk.facts.is_empty() {
                    text.clone()
                } else {
                    self.guarded(&walk.facts, 0, &Shape::map(Shape::Any), |_| text.clone())
                };
                let value = match &walk.shape {
                    Shape::Object(members, Rest::Map(value)) if members.is_empty() => {
                        (**value).clone()
                    }
                    Shape::Object(..) => Shape::Any,
                    _ => Shape::Any,
                };
                let read = walk
                    .facts
                    .is_empty()
                    .then(|| Entry::new(format!("{text}[{key}]"), value));
                (format!("std.objectFields({guarded})"), read)
            }
            _ => match self.random.below(5) {
                0 => {
                    let list = self.expr(&Shape::list(Shape::text()), depth);
                    (list, None)
                }
                2 => (self.one_of_two_lists(), None),
                1 => {
                    let list = self.expr(&Shape::list(Shape::text()), depth);
                    (format!("std.set({list})"), None)
                }
                _ => ("['a', 'b', 'id']".to_owned(), None),
            },
        };
        let mut entries = vec![Entry::new(key.clone(), Shape::text())];
        entries.extend(reads);
        let scope_of_name = vec![Entry::new(key.clone(), Shape::text())];
        let (value, condition) = self.within(entries, |it| {
            let value = it.expr(value, depth);
            let condition = it
                .random
                .percent(35)
                .then(|| it.expr(&Shape::Bool, depth.saturating_sub(1)));
            (value, condition)
        });
        self.objects -= 1;
        self.scope = outer;
        let name = match self.random.below(8) {
            0 => format!("'p-' + {key}"),
            1 if self.style.mistakes > 0 => format!("std.asciiLower({key})"),
            _ => key.clone(),
        };
        let name = if self.random.percent(12) {
            let scope = scope_of_name;
            let kept = self.within(scope, |it| it.expr(&Shape::Bool, 0));
            format!("if {kept} then {name}")
        } else {
            name
        };
        let plus = if self.random.percent(6) { "+" } else { "" };
        let condition = condition.map(|it| format!(" if {it}")).unwrap_or_default();
        format!("{{ [{name}]{plus}: {value} for {key} in {source}{condition} }}")
    }

    /// Names of which a condition chooses.
    fn one_of_two_lists(&mut self) -> String {
        let condition = self.expr(&Shape::Bool, 0);
        let mut list = || {
            self.random
                .word(&["[]", "['a']", "['id']", "['a', 'b']", "['b', 'k']"])
        };
        format!("(if {condition} then {} else {})", list(), list())
    }

    /// A value that goes through an object's members and methods.
    pub(super) fn through_object(&mut self, wanted: &Shape, depth: usize) -> String {
        let helper = Member {
            name: "base".to_owned(),
            shape: wanted.clone(),
            required: true,
        };
        let result = Member {
            name: "result".to_owned(),
            shape: wanted.clone(),
            required: true,
        };
        let members = [helper, result];
        let object = if self.random.percent(40) {
            self.inheritance(&members, depth)
        } else {
            self.layer(&members, &[], depth)
        };
        match self.random.below(6) {
            0 => format!("{object}['result']"),
            1 => {
                let over = self.expr(wanted, depth.saturating_sub(1));
                format!("({object} {{ base: {over} }}).result")
            }
            2 => {
                let over = self.expr(wanted, depth.saturating_sub(1));
                format!(
                    "({object} + {{ base:: {over}, result: if 'base' in super then super.base else self.base }}).result"
                )
            }
            3 => {
                let other = self.output_shape(1);
                let over = self.expr(&other, depth.saturating_sub(1));
                format!("({object} + {{ unrelated: {over} }}).result")
            }
            _ => format!("{object}.result"),
        }
    }
}
