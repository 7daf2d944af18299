//! Reads at a place that is computed: positions of arrays, names of objects.

use super::{Entry, Generator};
use crate::shape::{Range, Rest, Shape};

impl Generator<'_> {
    /// An array made from the positions of another, or from the names of an object.
    pub(super) fn positions(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let (Shape::List(item, 0, None), true) = (wanted, depth > 0) else {
            return None;
        };
        if self.random.percent(30) {
            let is_map = |it: &Shape| matches!(it, Shape::Object(_, Rest::Map(_)));
            return self.over(&is_map, (wanted, depth), |it, map, shape| {
                let Shape::Object(members, Rest::Map(value)) = shape else {
                    return None;
                };
                let value = if members.is_empty() {
                    (**value).clone()
                } else {
                    Shape::Any
                };
                let key = it.fresh();
                let entries = vec![
                    Entry::new(key.clone(), Shape::text()),
                    Entry::new(format!("{map}[{key}]"), value),
                ];
                let element = it.within(entries, |it| it.expr(item, depth));
                let keys = it.names_of(map);
                Some(match it.random.below(3) {
                    0 => format!("std.map(function({key}) {element}, {keys})"),
                    _ => format!("[{element} for {key} in {keys}]"),
                })
            });
        }
        let is_list = |it: &Shape| matches!(it, Shape::List(..));
        self.over(&is_list, (wanted, depth), |it, list, shape| {
            let Shape::List(inner, ..) = shape else {
                return None;
            };
            let (at, x) = (it.fresh(), it.fresh());
            let length = format!("std.length({list})");
            let form = it.random.below(9);
            let read = match form {
                0 => format!("{list}[{length} - 1 - {at}]"),
                1 => format!("{list}[{at} + 1]"),
                2 => format!("{list}[{at} - 1]"),
                _ => format!("{list}[{at}]"),
            };
            let mut entries = vec![
                Entry::new(at.clone(), Shape::Number(Range::NATURAL)),
                Entry::new(read, (**inner).clone()),
            ];
            if form == 3 && at != x {
                entries.push(Entry::new(x.clone(), (**inner).clone()));
            }
            let element = it.within(entries, |it| it.expr(item, depth));
            Some(match form {
                1 => format!("[{element} for {at} in std.range(0, {length} - 2)]"),
                2 => {
                    let other = it.leaf(item);
                    format!(
                        "[if {at} > 0 then {element} else {other} for {at} in std.range(0, {length} - 1)]"
                    )
                }
                3 => format!("std.mapWithIndex(function({at}, {x}) {element}, {list})"),
                4 => format!("std.makeArray({length}, function({at}) {element})"),
                5 => format!("std.map(function({at}) {element}, std.range(0, {length} - 1))"),
                6 => format!("[{element} for {at} in std.range(1, {length} - 1)]"),
                _ => format!("[{element} for {at} in std.range(0, {length} - 1)]"),
            })
        })
    }

    /// The names of an object, in one of the ways that keep each of them one.
    pub(super) fn names_of(&mut self, object: &str) -> String {
        let names = format!("std.objectFields({object})");
        match self.random.below(9) {
            0 => format!("std.filter(function(k) k != 'id', {names})"),
            1 => format!("std.sort({names})"),
            2 => format!("std.reverse({names})"),
            3 => format!("{names}[1:]"),
            4 => format!("std.set({names})"),
            5 => format!("[k for k in {names} if {object}[k] != null]"),
            6 => format!("std.uniq(std.sort({names}))"),
            7 => format!("std.setDiff({names}, ['id'])"),
            _ => names,
        }
    }

    /// `xs[i]` and its like, where the position is computed.
    pub(super) fn at_position(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let fits = |it: &Shape| matches!(it, Shape::List(item, ..) if item.fits(wanted));
        let careless = self.random.per_mille(self.style.mistakes * 2);
        self.over(&fits, (wanted, depth), |it, list, _| {
            let natural = Shape::Number(Range::NATURAL);
            let at = match it.random.below(6) {
                0 => it.leaf(&natural),
                2..=4 => it.plain_read(&natural)?,
                1 => it.plain_read(&Shape::Number(Range::WHOLE))?,
                _ => it.expr(&natural, depth.min(1)),
            };
            if careless {
                return Some(format!("{list}[{at}]"));
            }
            let other = it.leaf(wanted);
            let length = format!("std.length({list})");
            Some(match it.random.below(7) {
                0 => format!("(if {length} > 0 then {list}[{length} - 1] else {other})"),
                1 => format!(
                    "(local n = {length}; if n > 1 then {list}[n - 2] else if n == 1 then {list}[n - 1] else {other})"
                ),
                2 => format!("(if {length} > ({at}) && ({at}) >= 0 then {list}[{at}] else {other})"),
                3 => format!(
                    "(if ({at}) < 0 || ({at}) >= {length} then {other} else {list}[{at}])"
                ),
                4 => format!("(if {length} > 0 then {list}[std.min(std.max(0, {at}), {length} - 1)] else {other})"),
                5 => format!("(if {length} == 0 then {other} else {list}[std.abs({at}) % {length}])"),
                _ => format!(
                    "(local i = {at}, it = {list}; if 0 <= i && i < std.length(it) then it[i] else {other})"
                ),
            })
        })
    }

    /// `m[k]` and its like, where the name is computed.
    pub(super) fn at_name(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let fits = |it: &Shape| match it {
            Shape::Object(members, Rest::Map(value)) => members.is_empty() && value.fits(wanted),
            _ => false,
        };
        let careless = self.random.per_mille(self.style.mistakes * 2);
        self.over(&fits, (wanted, depth), |it, map, _| {
            let key = match it.random.below(2) {
                0 => it.leaf(&Shape::text()),
                _ => it.expr(&Shape::text(), depth.min(1)),
            };
            if careless {
                return Some(format!("{map}[{key}]"));
            }
            let other = it.leaf(wanted);
            Some(match it.random.below(6) {
                0 => format!("std.get({map}, {key}, {other})"),
                1 => format!("(if std.objectHas({map}, {key}) then {map}[{key}] else {other})"),
                2 => format!(
                    "(local k = {key}; if std.member(std.objectFields({map}), k) then {map}[k] else {other})"
                ),
                3 => format!("(if !(({key}) in {map}) then {other} else {map}[{key}])"),
                4 => format!("({{ v: {other} }} + {{ [if ({key}) in {map} then 'v']: {map}[{key}] }}).v"),
                _ => format!("(local k = {key}, m = {map}; if k in m then m[k] else {other})"),
            })
        })
    }
}
