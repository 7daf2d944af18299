//! Reading what is in scope: a walk from something that is known to a value of the wanted shape,
//! and the facts that must hold for the walk to succeed.

use super::guard::Fact;
use super::{Entry, Generator, member, quoted};
use crate::shape::{Rest, Shape};

/// Where a walk ended.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) text: String,
    pub(super) shape: Shape,
    /// In the order in which they are found out.
    pub(super) facts: Vec<Fact>,
}

impl Generator<'_> {
    /// A read of that shape, with its guards.
    pub(super) fn read(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let walk = self.walk_to(wanted)?;
        if walk.facts.is_empty() {
            return Some(walk.text);
        }
        if self.random.per_mille(self.style.mistakes * 4) {
            return Some(walk.text);
        }
        if let Some(read) = self.read_with_default(&walk, wanted, depth) {
            return Some(read);
        }
        Some(self.guarded(&walk.facts, depth, wanted, |_| walk.text.clone()))
    }

    /// A read that needs no guard.
    pub(super) fn plain_read(&mut self, wanted: &Shape) -> Option<String> {
        let walks = (0..6).filter_map(|_| self.walk_to(wanted));
        let walks: Vec<Walk> = walks.collect();
        walks
            .into_iter()
            .find(|it| it.facts.is_empty())
            .map(|it| it.text)
    }

    /// A read whose guards are forgotten, if it needs any.
    pub(super) fn unguarded(&mut self, wanted: Option<&Shape>) -> Option<String> {
        for _ in 0..6 {
            let walk = match wanted {
                Some(wanted) => self.walk_to(wanted)?,
                None => self.walk(&|_| true)?,
            };
            if !walk.facts.is_empty() {
                return Some(walk.text);
            }
        }
        None
    }

    /// An expression of that shape that may read something under its guards.
    pub(super) fn refined(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let mut walk = self.walk(&|it| !matches!(it, Shape::Function(..)))?;
        for _ in 0..4 {
            if !walk.facts.is_empty() {
                break;
            }
            walk = self.walk(&|it| !matches!(it, Shape::Function(..)))?;
        }
        if walk.facts.is_empty() {
            return None;
        }
        let facts = if self.random.per_mille(self.style.mistakes * 3) {
            let keep = self.random.below(walk.facts.len());
            walk.facts.iter().take(keep).cloned().collect()
        } else {
            walk.facts.clone()
        };
        let alias = self.random.percent(35).then(|| self.fresh());
        let name = alias.clone().unwrap_or_else(|| walk.text.clone());
        let entry = Entry::new(name, walk.shape.clone());
        let body = self.guarded(&facts, depth, wanted, |it| {
            it.within(vec![entry], |it| it.expr(wanted, depth))
        });
        match alias {
            Some(alias) if !super::mentions(&walk.text, &alias) => {
                Some(format!("(local {alias} = {}; {body})", walk.text))
            }
            Some(_) => None,
            None => Some(body),
        }
    }

    pub(super) fn walk_to(&mut self, wanted: &Shape) -> Option<Walk> {
        let fits = |it: &Shape| it.fits(wanted);
        (0..5).find_map(|_| self.walk(&fits))
    }

    /// Goes from something in scope, step by step, and stops at a value that will do.
    pub(super) fn walk(&mut self, will_do: &dyn Fn(&Shape) -> bool) -> Option<Walk> {
        // What came into scope last is what a person would use.
        let back = self
            .random
            .below(self.scope.len())
            .min(self.random.below(self.scope.len()));
        let entry = self.scope.iter().rev().nth(back)?.clone();
        let mut walk = Walk {
            text: entry.text,
            shape: entry.shape,
            facts: Vec::new(),
        };
        for _ in 0..7 {
            if will_do(&walk.shape) && self.random.percent(60) {
                return Some(walk);
            }
            match self.step(&walk) {
                Some(next) => walk = next,
                None => break,
            }
        }
        will_do(&walk.shape).then_some(walk)
    }

    fn step(&mut self, from: &Walk) -> Option<Walk> {
        let Walk { text, shape, facts } = from;
        let mut facts = facts.clone();
        let (text, shape) = match shape {
            Shape::Object(members, rest) => {
                let map = match rest {
                    Rest::Map(value) => Some((**value).clone()),
                    Rest::Open if self.random.percent(15) => Some(Shape::Any),
                    _ => None,
                };
                if let Some(value) = map.filter(|_| members.is_empty() || self.random.percent(25)) {
                    let key = self.random.word(&["k", "email", "id", "name", "zz"]);
                    if members.iter().any(|it| it.name == key) {
                        return None;
                    }
                    facts.push(Fact::Has(text.clone(), key.to_owned()));
                    (member(text, key), value)
                } else {
                    let it = self.random.pick(members)?.clone();
                    if !it.required {
                        facts.push(Fact::Has(text.clone(), it.name.clone()));
                    }
                    let read = if self.random.percent(6) {
                        format!("{text}[{}]", quoted(&it.name))
                    } else {
                        member(text, &it.name)
                    };
                    (read, it.shape)
                }
            }
            Shape::Either(all) => {
                let one = self.random.pick(all)?.clone();
                facts.push(Fact::alternative(text, &one, all)?);
                (text.clone(), one)
            }
            Shape::List(item, least, _) => {
                let index = self.random.below(2);
                if index >= *least {
                    facts.push(Fact::Longer(text.clone(), index, "array"));
                }
                (format!("{text}[{index}]"), (**item).clone())
            }
            Shape::Tuple(items) => {
                let index = self.random.below(items.len());
                (format!("{text}[{index}]"), items.get(index)?.clone())
            }
            Shape::Text(least, _) if self.random.percent(15) => {
                if *least == 0 {
                    facts.push(Fact::Longer(text.clone(), 0, "string"));
                }
                (format!("{text}[0]"), Shape::Text(1, None))
            }
            Shape::Any => {
                let (kind, shape) = self
                    .random
                    .pick(&[
                        ("string", Shape::text()),
                        ("number", Shape::number()),
                        ("boolean", Shape::Bool),
                        ("array", Shape::list(Shape::Any)),
                        ("object", Shape::map(Shape::Any)),
                    ])?
                    .clone();
                facts.push(Fact::Is(text.clone(), kind));
                (text.clone(), shape)
            }
            Shape::OneOf(values) => {
                // Of a value or null.
                let kinds: Vec<Shape> = values
                    .iter()
                    .filter(|it| !it.is_null())
                    .cloned()
                    .map(|it| Shape::OneOf(vec![it]))
                    .collect();
                if kinds.len() == values.len() || kinds.is_empty() {
                    return None;
                }
                facts.push(Fact::NotNull(text.clone()));
                let rest = values.iter().filter(|it| !it.is_null()).cloned();
                (text.clone(), Shape::OneOf(rest.collect()))
            }
            // An argument is no call of its own, or there would be no end.
            Shape::Function(params, result) if !self.in_call => {
                self.in_call = true;
                let call = self.call(text, params, 0);
                self.in_call = false;
                (call, (**result).clone())
            }
            _ => return None,
        };
        Some(Walk { text, shape, facts })
    }

    /// `std.get(o, 'k', d)`, where a missing member is all that can go wrong.
    fn read_with_default(&mut self, walk: &Walk, wanted: &Shape, depth: usize) -> Option<String> {
        let [Fact::Has(target, key)] = walk.facts.as_slice() else {
            return None;
        };
        if walk.text != member(target, key) || self.random.percent(60) {
            return None;
        }
        let default = self.expr(wanted, depth.saturating_sub(1));
        let key = quoted(key);
        Some(match self.random.below(5) {
            0 => {
                let name = self.fresh();
                // Where null is a value of its own, the default comes in its place.
                format!(
                    "(local {name} = std.get({target}, {key}); if {name} != null then {name} else {default})"
                )
            }
            1 => format!("std.get({target}, {key}, default={default})"),
            _ => format!("std.get({target}, {key}, {default})"),
        })
    }
}
