//! Arrays: literals, comprehensions, concatenations, slices.

use super::{Entry, Generator};
use crate::shape::Shape;

impl Generator<'_> {
    pub(super) fn list(
        &mut self,
        item: &Shape,
        least: usize,
        most: Option<usize>,
        depth: usize,
    ) -> String {
        let wanted = Shape::List(Box::new(item.clone()), 0, None);
        if most.is_some() {
            let items: Vec<String> = (0..least).map(|_| self.expr(item, depth)).collect();
            return format!("[{}]", items.join(", "));
        }
        if least > 0 {
            let items: Vec<String> = (0..least).map(|_| self.expr(item, depth)).collect();
            if self.random.percent(50) {
                return format!("[{}]", items.join(", "));
            }
            return format!("([{}] + {})", items.join(", "), self.expr(&wanted, depth));
        }
        match self.random.below(16) {
            0..=3 => {
                let count = self.random.below(3);
                let items: Vec<String> = (0..count).map(|_| self.expr(item, depth)).collect();
                let comma = if count > 0 && self.random.percent(10) {
                    ","
                } else {
                    ""
                };
                format!("[{}{comma}]", items.join(", "))
            }
            4..=10 => {
                let (specs, entries) = self.specs(depth);
                let element = self.within(entries, |it| it.expr(item, depth));
                format!("[{element} {specs}]")
            }
            11..=12 => {
                let (a, b) = (self.expr(&wanted, depth), self.expr(&wanted, depth));
                format!("({a} + {b})")
            }
            13 => {
                let list = self.expr(&wanted, depth);
                format!("{list}{}", self.slice())
            }
            14 => {
                let condition = self.expr(&Shape::Bool, depth);
                let list = self.expr(&wanted, depth);
                format!("(if {condition} then {list} else [])")
            }
            _ => self.leaf(&wanted),
        }
    }

    /// `for x in xs if …`, and what it brings into scope.
    pub(super) fn specs(&mut self, depth: usize) -> (String, Vec<Entry>) {
        let mut specs = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        let depth = depth.saturating_sub(1);
        for _ in 0..1 + usize::from(self.random.percent(20)) {
            let name = self.fresh();
            let (source, item) = self.within(entries.clone(), |it| it.source(depth));
            specs.push(format!("for {name} in {source}"));
            entries.retain(|it| !super::mentions(&it.text, &name));
            entries.push(Entry::new(name.clone(), item.clone()));
            if self.random.percent(45) {
                let scope = entries.clone();
                let condition = self.within(scope, |it| {
                    // A filter of what was just bound is what most filters are.
                    let walk = it.walk_from(Entry::new(name.clone(), item.clone()));
                    match walk {
                        Some(walk) if !walk.facts.is_empty() => {
                            let all = it.all_of(&walk.facts);
                            Some((all, Some(Entry::new(walk.text, walk.shape))))
                        }
                        _ if it.random.percent(50) => Some((it.expr(&Shape::Bool, depth), None)),
                        _ => None,
                    }
                });
                if let Some((condition, entry)) = condition {
                    specs.push(format!("if {condition}"));
                    entries.extend(entry);
                }
            }
        }
        (specs.join(" "), entries)
    }

    /// An array, and what its elements are.
    pub(super) fn source(&mut self, depth: usize) -> (String, Shape) {
        let is_list = |it: &Shape| matches!(it, Shape::List(..));
        for _ in 0..3 {
            let walk = self.walk(&is_list);
            if let Some(walk) = walk
                && let Shape::List(item, ..) = walk.shape.clone()
                && self.random.percent(75)
            {
                if walk.facts.is_empty() {
                    return (walk.text, *item);
                }
                let text = walk.text.clone();
                let source = self.guarded(&walk.facts, depth, &walk.shape, |_| text);
                return (source, *item);
            }
        }
        match self.random.below(4) {
            0 => ("['a', 'b']".to_owned(), Shape::text()),
            1 => {
                let object = self.expr(&Shape::Object(Vec::new(), crate::shape::Rest::Open), depth);
                (format!("std.objectFields({object})"), Shape::text())
            }
            2 => {
                let shape = self.output_shape(1);
                let list = self.expr(&Shape::list(shape.clone()), depth);
                (list, shape)
            }
            _ => (
                "std.range(0, 2)".to_owned(),
                Shape::Number(crate::shape::Range {
                    whole: true,
                    low: 0.0,
                    high: 2.0,
                }),
            ),
        }
    }

    /// A walk that starts at one thing.
    pub(super) fn walk_from(&mut self, entry: Entry) -> Option<super::read::Walk> {
        let outer = std::mem::replace(&mut self.scope, vec![entry]);
        let walk = self.walk(&|_| true);
        self.scope = outer;
        walk
    }
}
