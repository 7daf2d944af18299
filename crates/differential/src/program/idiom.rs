//! What people write again and again over arrays and objects: which of it is written, and folds,
//! keyed objects, chosen functions, formats; computed places and questions have files of their own.

use super::{Entry, Generator, member, quoted};
use crate::shape::{Member, Range, Rest, Shape};

impl Generator<'_> {
    /// One of them that gives such a value, if there is what it is about.
    pub(super) fn idiom(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        match self.random.below(15) {
            0..=1 => self.positions(wanted, depth),
            2 => self.at_position(wanted, depth),
            3 => self.at_name(wanted, depth),
            4..=5 => self.about_all(wanted, depth),
            6 => Some(self.twice(wanted, depth)),
            7 => self.folded(wanted, depth),
            8..=9 => self.keyed(wanted, depth),
            10 => Some(self.chosen(wanted, depth)),
            11 if self.random.percent(50) => self.at_position(wanted, depth),
            11 => self.pruned(wanted, depth),
            12 => self.formatted(wanted, depth),
            13 => self.of_two_kinds(wanted, depth),
            _ => self.tidied(wanted, depth),
        }
    }

    /// What is written of something that is found in scope, under the guards that it needs.
    pub(super) fn over(
        &mut self,
        will_do: &dyn Fn(&Shape) -> bool,
        (wanted, depth): (&Shape, usize),
        write: impl FnOnce(&mut Self, &str, &Shape) -> Option<String>,
    ) -> Option<String> {
        let walk = (0..4).find_map(|_| self.walk(will_do))?;
        let alias = self.random.percent(40).then(|| self.fresh());
        let alias = alias.filter(|it| !super::mentions(&walk.text, it));
        let name = alias.clone().unwrap_or_else(|| walk.text.clone());
        let entry = Entry::new(name.clone(), walk.shape.clone());
        let mut written = self.within(vec![entry], |it| write(it, &name, &walk.shape))?;
        if let Some(alias) = alias {
            written = format!("(local {alias} = {}; {written})", walk.text);
        }
        if walk.facts.is_empty() {
            return Some(written);
        }
        Some(self.guarded(&walk.facts, depth, wanted, |_| written))
    }

    /// An object that grows from element to element.
    fn folded(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let value = match wanted {
            Shape::Any => Shape::Any,
            Shape::Object(members, Rest::Open) if members.is_empty() => Shape::Any,
            Shape::Object(members, Rest::Map(value)) if members.is_empty() => (**value).clone(),
            Shape::Number(range) if *range == Range::ANY => {
                return Some("std.foldl(function(a, n) a + n, std.range(1, 40), 0)".to_owned());
            }
            _ => return None,
        };
        let (source, item) = self.source(depth);
        let x = self.fresh();
        let value = self.within(vec![Entry::new(x.clone(), item.clone())], |it| {
            it.expr(&value, depth)
        });
        let name = if matches!(item, Shape::Text(..)) {
            x.clone()
        } else {
            format!("std.toString({x})")
        };
        Some(match self.random.below(6) {
            0 => format!("std.foldl(function(acc, {x}) acc {{ last: {value} }}, {source}, {{}})"),
            1 => {
                let condition = self.expr(&Shape::Bool, 0);
                format!(
                    "std.foldl(function(acc, {x}) if {condition} then acc + {{ a: {value} }} else acc + {{ b: {value} }}, {source}, {{}})"
                )
            }
            2 => format!(
                "std.foldr(function({x}, acc) acc + {{ [{name}]: {value} }}, {source}, {{}})"
            ),
            3 => format!(
                "std.foldl(function(acc, {x}) if {name} in acc then acc else acc + {{ [{name}]: {value} }}, {source}, {{}})"
            ),
            4 => format!(
                "std.foldl(std.mergePatch, [{{ [{name}]: {value} }} for {x} in {source}], {{}})"
            ),
            _ => format!(
                "std.foldl(function(acc, {x}) acc + {{ [{name}]: {value} }}, {source}, {{}})"
            ),
        })
    }

    /// An object of which the names come from a loop.
    fn keyed(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let value = match wanted {
            Shape::Any => Shape::Any,
            Shape::Object(members, Rest::Open) if members.is_empty() => Shape::Any,
            Shape::Object(members, Rest::Map(value)) if members.is_empty() => (**value).clone(),
            _ => return None,
        };
        if self.random.percent(25) {
            let at = self.fresh();
            let entry = Entry::new(at.clone(), Shape::Number(Range::SMALL));
            let value = self.within(vec![entry], |it| it.expr(&value, depth));
            let name = self.random.word(&[
                "std.toString($)",
                "'n%d' % $",
                "'n%d' % ($ + 1)",
                "'a-' + $",
                "'%s/%d' % ['x', $]",
                "std.toString($ - 1)",
                "'' + $",
                "std.toString($ + 1)",
                "'n%d' % [$]",
            ]);
            let name = name.replace('$', &at);
            return Some(format!(
                "{{ [{name}]: {value} for {at} in std.range(0, 3) }}"
            ));
        }
        let is_map = |it: &Shape| matches!(it, Shape::Object(..));
        self.over(&is_map, (wanted, depth), |it, map, shape| {
            let inner = match shape {
                Shape::Object(members, Rest::Map(value)) if members.is_empty() => (**value).clone(),
                _ => Shape::Any,
            };
            let e = it.fresh();
            let by_pair = it.random.percent(45);
            let (key, read, source) = if by_pair {
                let key = it.random.word(&["$.key", "$['key']"]).replace('$', &e);
                let read = format!("{e}.value");
                (key, read, format!("std.objectKeysValues({map})"))
            } else {
                (e.clone(), format!("{map}[{e}]"), it.names_of(map))
            };
            let entries = vec![Entry::new(read.clone(), inner.clone())];
            let value = it.within(entries, |it| it.expr(&value, depth));
            let name = it.random.word(&[
                "$",
                "$",
                "'p-' + $",
                "$ + '-s'",
                "'%s-%s' % ['p', $]",
                "'x-%s' % $",
                "'x-%s' % [$]",
                "std.asciiUpper($)",
                "($)",
                "'a' + $ + 'b'",
                "$ + ('-' + 's')",
                "('p' + '-') + $",
                "'%d %s' % [1, $]",
            ]);
            let name = name.replace('$', &key);
            let local = match it.random.below(4) {
                0 => format!("local v = {read}, "),
                _ => String::new(),
            };
            let condition = match it.random.below(5) {
                0 => format!(" if {read} != null"),
                1 => format!(" if {key} != 'id'"),
                _ => String::new(),
            };
            Some(format!(
                "{{ {local}[{name}]: {value} for {e} in {source}{condition} }}"
            ))
        })
    }

    /// A function that a condition chooses.
    fn chosen(&mut self, wanted: &Shape, depth: usize) -> String {
        let shape = self.output_shape(1);
        let condition = self.expr(&Shape::Bool, 0);
        let one = self.callback(std::slice::from_ref(&shape), wanted, depth);
        let other = match self.random.below(3) {
            0 => one.clone(),
            _ => self.callback(std::slice::from_ref(&shape), wanted, 0),
        };
        let value = self.expr(&shape, depth);
        let name = self.fresh();
        if self.random.percent(50)
            || [&one, &other, &value]
                .iter()
                .any(|it| super::mentions(it, &name))
        {
            return format!("(if {condition} then {one} else {other})({value})");
        }
        match self.random.below(3) {
            0 => format!("[{one}, {other}][if {condition} then 0 else 1]({value})"),
            1 => format!("{{ f:: {one}, g(x):: self.f(x) }}.g({value})"),
            _ => {
                format!("(local {name} = if {condition} then {one} else {other}; {name}({value}))")
            }
        }
    }

    /// What is asked of a value that is of one kind or of another.
    fn of_two_kinds(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        if !matches!(wanted, Shape::Number(range) if *range == Range::ANY)
            && !matches!(wanted, Shape::Bool | Shape::Any)
        {
            return None;
        }
        let x = self.fresh();
        let mut kind = || {
            self.random
                .word(&["[]", "[$]", "[$, 1]", "{}", "{ a: $ }", "''", "'ab'", "$"])
                .replace('$', &x)
        };
        let (one, other, start) = (kind(), kind(), kind());
        let (form, (source, item)) = match self.random.below(3) {
            0 => (0, self.source(0)),
            1 => (1, ("[1, 2]".to_owned(), Shape::Number(Range::SMALL))),
            _ => (
                2,
                (
                    "[1, 2]".to_owned(),
                    Shape::list(Shape::Number(Range::SMALL)),
                ),
            ),
        };
        let condition = self.within(vec![Entry::new(x.clone(), item)], |it| {
            it.expr(&Shape::Bool, 0)
        });
        let choice = format!("if {condition} then {one} else {other}");
        let value = match form {
            0 => {
                let start = if start.contains(&x) { "[]" } else { &start };
                format!("std.foldl(function(acc, {x}) {choice}, {source}, {start})")
            }
            1 => format!("[{choice} for {x} in {source}][0]"),
            _ => format!("(local {x} = {source}; {choice})"),
        };
        Some(match (wanted, self.random.below(3)) {
            (Shape::Bool, 0) => format!("({value} == [])"),
            (Shape::Bool, 1) => format!("(std.length({value}) == 0)"),
            (Shape::Bool, _) => format!("(std.type({value}) == 'array')"),
            (Shape::Any, 0) => value,
            (_, 1) if self.style.mistakes > 0 => format!("(1 / std.length({value}))"),
            (_, 2) => {
                let least = self.expr(&Shape::Number(Range::ANY), depth);
                format!("std.max(std.length({value}), {least})")
            }
            _ => format!("std.length({value})"),
        })
    }

    /// What is left where nulls and what is empty are taken out.
    fn pruned(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        if !matches!(
            wanted,
            Shape::Text(..) | Shape::Number(_) | Shape::Bool | Shape::Any
        ) {
            return None;
        }
        if *wanted == Shape::Any {
            let value = self.expr(&Shape::Any, depth);
            let object = self.expr(&Shape::Object(Vec::new(), Rest::Open), depth);
            return Some(match self.random.below(3) {
                0 => format!("std.prune({object})"),
                1 => format!("std.prune({{ a: {value}, b: [{value}, null] }})"),
                _ => format!("std.mergePatch({object}, {{ a: null, b: {{ c: {value} }} }})"),
            });
        }
        let value = self.expr(wanted, depth);
        Some(match self.random.below(3) {
            0 => format!("std.prune({{ a: null, b: [null], c: {{ d: [] }}, v: {value} }}).v"),
            1 => format!("std.prune([null, [], {{ x: null }}, {value}])[0]"),
            _ => format!("std.mergePatch({{ a: 1, v: null }}, {{ a: null, v: {value} }}).v"),
        })
    }

    /// A format whose values are no array that is written out.
    fn formatted(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        if !matches!(wanted, Shape::Text(0, None) | Shape::Any) {
            return None;
        }
        if self.random.percent(30) {
            let item = self.output_shape(1);
            let function = self.callback(&[Shape::text()], &item, depth);
            return Some(match self.random.below(3) {
                0 => format!("('%s and %s' % std.map({function}, ['a', 'b']))"),
                1 => format!("('%s, %s' % [{function}(x) for x in ['a', 'b']])"),
                _ => format!("('%*d|%-*s|%.*f' % [5, 1, 4, {function}('x'), 2, 0.5])"),
            });
        }
        let is_many =
            |it: &Shape| matches!(it, Shape::List(..) | Shape::Tuple(_) | Shape::Object(..));
        self.over(&is_many, (wanted, depth), |it, many, shape| match shape {
            Shape::Tuple(items) => {
                let codes = vec!["%s"; items.len()].join("-");
                Some(format!("('{codes}' % {many})"))
            }
            Shape::List(..) => {
                let other = it.leaf(&Shape::text());
                Some(match it.random.below(3) {
                    0 => format!("('%s' % [{many}])"),
                    1 => format!("(if std.length({many}) == 2 then '%s-%s' % {many} else {other})"),
                    _ => format!("std.join(' ', std.map(function(x) '<%s>' % [x], {many}))"),
                })
            }
            Shape::Object(members, _) => {
                let there: Vec<&Member> = members.iter().filter(|it| it.required).collect();
                let name = it.random.pick(&there)?.name.clone();
                Some(format!("({} % {many})", quoted(&format!("%({name})s"))))
            }
            _ => None,
        })
    }

    /// Members of an object taken out, renamed, put together.
    fn tidied(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        if !matches!(wanted, Shape::Any) {
            let value = self.expr(wanted, depth);
            return Some(match self.random.below(7) {
                0 => format!("({{ a:: {value}, b: self.a }} + {{ c: super.b }}).c"),
                1 => format!("(local a = b, b = {value}; a)"),
                2 => format!("std.objectValues({{ v: {value} }})[0]"),
                3 => format!("std.reverse([null, {value}])[0]"),
                4 => format!(
                    "std.filter(function(e) e.k == 'v', [{{ k: 'v', v: {value} }}, {{ k: 'w', v: {value} }}])[0].v"
                ),
                5 => format!("std.parseJson(std.manifestJson({{ v: {value} }})).v"),
                _ => format!("(local s = std; s.get({{ v: {value} }}, 'v'))"),
            });
        }
        let is_object = |it: &Shape| matches!(it, Shape::Object(members, _) if !members.is_empty());
        self.over(&is_object, (wanted, depth), |it, object, shape| {
            let Shape::Object(members, _) = shape else {
                return None;
            };
            let name = it.random.pick(members)?.name.clone();
            let key = quoted(&name);
            let value = it.expr(&Shape::Any, 0);
            Some(match it.random.below(7) {
                0 => format!("std.objectRemoveKey({object}, {key})"),
                1 => format!("({object} {{ {key}:: {value} }})"),
                2 => format!("({object} + {{ {key}+: {value} }})"),
                3 => format!(
                    "{{ [k]: {object}[k] for k in std.objectFields({object}) if k != {key} }}"
                ),
                4 => format!(
                    "({object} + {{ had: {key} in super, was: if {key} in super then super[{key}] else null }})"
                ),
                5 => format!(
                    "{{ [if std.objectHas({object}, {key}) then {key}]: {} }}",
                    member(object, &name)
                ),
                _ => format!(
                    "std.mapWithKey(function(k, v) if k == {key} then {value} else v, {object})"
                ),
            })
        })
    }
}
