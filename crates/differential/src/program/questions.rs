//! Questions whose answer is used: about every element, and about an expression that is written
//! twice.

use super::{Entry, Generator, quoted};
use crate::shape::{Member, Shape};

impl Generator<'_> {
    /// A question about every element, and a use of the array where the answer is yes.
    pub(super) fn about_all(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let can_ask = |it: &Shape| match it {
            Shape::List(item, ..) => {
                matches!(&**item, Shape::Any | Shape::Either(_) | Shape::Object(..))
            }
            _ => false,
        };
        self.over(&can_ask, (wanted, depth), |it, list, shape| {
            let Shape::List(item, least, most) = shape else {
                return None;
            };
            let (ask, known) = it.asked_of_one(item)?;
            let asked = |name: &str| ask.replace('$', name);
            let call = match asked("$").strip_suffix("($)") {
                Some(function) if it.random.percent(50) => function.to_owned(),
                _ => format!("function(x) {}", asked("x")),
            };
            let x = asked("x");
            let all = match it.random.below(10) {
                0..=1 => format!("std.all(std.map({call}, {list}))"),
                2..=3 => format!("std.all([{x} for x in {list}])"),
                4 => format!("std.length(std.filter({call}, {list})) == std.length({list})"),
                5 => format!("!std.any([!({x}) for x in {list}])"),
                6 => format!("std.foldl(function(a, x) a && {x}, {list}, true)"),
                7 => format!("[] == [x for x in {list} if !({x})]"),
                8 => format!("std.count(std.map({call}, {list}), true) == std.length({list})"),
                _ => format!("std.all(std.map({call}, {list})) && std.length({list}) > 0"),
            };
            let known = Shape::List(Box::new(known), *least, *most);
            let entry = Entry::new(list, known.clone());
            let used = it.within(vec![entry], |it| it.expr(wanted, depth));
            let other = it.leaf(wanted);
            Some(format!("(if {all} then {used} else {other})"))
        })
    }

    /// What may be asked of a value, with `$` for it, and what it is where the answer is yes.
    pub(super) fn asked_of_one(&mut self, item: &Shape) -> Option<(String, Shape)> {
        match item {
            Shape::Any => Some(match self.random.below(5) {
                0 => ("std.isNumber($)".to_owned(), Shape::number()),
                1 => ("std.isObject($)".to_owned(), Shape::map(Shape::Any)),
                2 => ("std.isArray($)".to_owned(), Shape::list(Shape::Any)),
                3 => ("(std.type($) == 'string')".to_owned(), Shape::text()),
                _ => ("std.isString($)".to_owned(), Shape::text()),
            }),
            Shape::Either(all) => {
                let one = self.random.pick(all)?.clone();
                let ask = match one.kind()? {
                    "string" => "std.isString($)",
                    "number" => "std.isNumber($)",
                    "object" => "std.isObject($)",
                    "array" => "std.isArray($)",
                    "boolean" => "std.isBoolean($)",
                    _ => return None,
                };
                // An alternative of the same kind as another is not told from it.
                let alone = all.iter().filter(|it| it.kind() == one.kind()).count() == 1;
                alone.then(|| (ask.to_owned(), one))
            }
            Shape::Object(members, rest) => {
                let optional: Vec<&Member> = members.iter().filter(|it| !it.required).collect();
                let name = self.random.pick(&optional)?.name.clone();
                let members = members.iter().map(|it| Member {
                    required: it.required || it.name == name,
                    ..it.clone()
                });
                let known = Shape::Object(members.collect(), rest.clone());
                let name = quoted(&name);
                Some(match self.random.below(2) {
                    0 => (format!("({name} in $)"), known),
                    _ => (format!("std.objectHas($, {name})"), known),
                })
            }
            _ => None,
        }
    }

    /// An expression that is written twice: in the question and in the use.
    pub(super) fn twice(&mut self, wanted: &Shape, depth: usize) -> String {
        let list = self.expr(&Shape::list(wanted.clone()), depth);
        let other = self.leaf(wanted);
        match self.random.below(3) {
            0 => format!("(if {list} != [] then {list}[std.length({list}) - 1] else {other})"),
            1 => format!("(if std.length({list}) == 0 then {other} else {list}[0])"),
            _ => format!("(if std.length({list}) > 0 then {list}[0] else {other})"),
        }
    }
}
