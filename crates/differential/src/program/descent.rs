//! Functions that go into a value until nothing is left of it.

use super::Generator;
use crate::shape::Shape;

/// Functions over any value; `$` calls the function itself, `#` is what becomes of a leaf.
const OF_ANY: [&str; 12] = [
    "$(x) = if std.isObject(x) then { [k]: $(x[k]) for k in std.objectFields(x) } else if std.isArray(x) then [$(v) for v in x] else #",
    "$(x) = if std.isObject(x) then std.mapWithKey(function(k, v) $(v), x) else if std.isArray(x) then std.map($, x) else #",
    "$(x) = if std.isArray(x) then [$(v) for v in x if v != null] else #",
    "$(x) = if std.isObject(x) then { [e.key]: $(e.value) for e in std.objectKeysValues(x) } else #",
    "$(x) = if std.type(x) == 'array' then std.flatMap($, x) else [#]",
    "$(x) = if std.isObject(x) then std.flattenArrays([$(v) for v in std.objectValues(x)]) else if std.isArray(x) then std.flatMap($, x) else [#]",
    "$(x) = if std.isObject(x) && 'parent' in x then $(x.parent) else #",
    "$(x) = if std.isArray(x) && std.length(x) > 0 then $(x[0]) else #",
    "$(x) = if std.isArray(x) && std.length(x) > 1 then $(x[1:]) else #",
    "$(x) = if std.isArray(x) then [other(v) for v in x] else #, other(x) = if std.isObject(x) then { [k]: $(x[k]) for k in std.objectFields(x) } else #",
    "$(x) = if std.isArray(x) then std.filter(function(v) v != null, std.map($, x)) else #",
    "$(x) = if std.isObject(x) then { [k]: $(x[k]) for k in std.objectFields(x) if x[k] != null && x[k] != {} } else #",
];

const OF_TEXT: [&str; 4] = [
    "$(x) = if std.isArray(x) then std.join(',', std.map($, x)) else if std.isObject(x) then std.join(';', [k + '=' + $(x[k]) for k in std.objectFields(x)]) else std.toString(x)",
    "$(x) = if std.isArray(x) then '[' + std.join(', ', [$(v) for v in x]) + ']' else '%s' % [x]",
    "$(x) = if std.isArray(x) then std.foldl(function(a, v) a + $(v), x, '') else std.toString(x)",
    "$(x) = if std.isObject(x) then std.foldl(function(a, k) a + k + $(x[k]), std.objectFields(x), '') else std.manifestJsonMinified(x)",
];

const OF_NUMBER: [&str; 4] = [
    "$(x) = if std.isArray(x) then std.foldl(function(n, v) n + $(v), x, 0) else if std.isObject(x) then std.sum([$(v) for v in std.objectValues(x)]) else 1",
    "$(x) = if std.isObject(x) && 'parent' in x then 1 + $(x.parent) else 0",
    "$(x) = if std.isArray(x) && x != [] then 1 + $(x[1:]) else 0",
    "$(x) = if std.isArray(x) then std.foldl(std.max, std.map($, x), 0) else if std.isNumber(x) then x else 0",
];

const OF_BOOL: [&str; 3] = [
    "$(x) = if std.isArray(x) then std.any(std.map($, x)) else if std.isObject(x) then std.any([$(x[k]) for k in std.objectFields(x)]) else x == 'a'",
    "$(x) = if std.isArray(x) then std.all([$(v) for v in x]) else x != null",
    "$(x) = std.isArray(x) && (x == [] || $(x[0]))",
];

/// Functions with something that goes along.
const WITH_MORE: [(&str, &str); 6] = [
    (
        "$(x, n) = if std.isArray(x) then [$(v, n + 1) for v in x] else n",
        "0",
    ),
    (
        "$(x, n=0) = if std.isArray(x) then [$(v, n + 1) for v in x] else { at: n, it: x }",
        "n=2",
    ),
    (
        "$(x, path) = if std.isObject(x) then std.flattenArrays([$(x[k], path + [k]) for k in std.objectFields(x)]) else [path]",
        "[]",
    ),
    (
        "$(x, path) = if std.isObject(x) then { [k]: $(x[k], path + '/' + k) for k in std.objectFields(x) } else path",
        "''",
    ),
    (
        "$(x, f) = if std.isArray(x) then [$(v, f) for v in x] else f(x)",
        "function(v) std.toString(v)",
    ),
    (
        "$(x, f) = if std.isObject(x) then std.mapWithKey(function(k, v) $(v, f), x) else f(x)",
        "std.type",
    ),
];

/// Functions over arrays.
const OF_LIST: [&str; 6] = [
    "$(x, acc=[]) = if std.length(x) == 0 then acc else $(x[1:], acc + [x[0]])",
    "$(x) = if x == [] then [] else [x[0]] + $(x[1:])",
    "$(x) = if std.length(x) <= 1 then x else $(x[1:]) + [x[0]]",
    "$(x, at=0) = if at >= std.length(x) then [] else [x[at]] + $(x, at + 1)",
    "$(x) = if std.length(x) > 2 then $(x[:std.length(x) - 1]) else x",
    "$(x) = if std.length(x) > 1 then $(x[0:std.floor(std.length(x) / 2)]) + $(x[std.floor(std.length(x) / 2):]) else x",
];

/// What grows, or asks too late.
const ENDLESS: [&str; 5] = [
    "$(x) = if std.isArray(x) then $([x]) else x",
    "$(x) = if std.isObject(x) then $(x { more: x }) else x",
    "$(x) = [$(v) for v in x]",
    "$(x) = $(x)",
    "$(x) = if std.isObject(x) then $(x.parent) else x",
];

impl Generator<'_> {
    /// A function that calls itself with parts of a value, called with something in scope.
    pub(super) fn descent(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        let is_list = matches!(wanted, Shape::List(item, 0, None) if **item == Shape::Any);
        let is_careless = self.random.per_mille(self.style.mistakes * 2);
        let (function, more) = match wanted {
            _ if is_careless => (self.random.word(&ENDLESS), ""),
            Shape::Text(0, None) => (self.random.word(&OF_TEXT), ""),
            Shape::Number(range) if !range.whole => (self.random.word(&OF_NUMBER), ""),
            Shape::Bool => (self.random.word(&OF_BOOL), ""),
            Shape::Any if self.random.percent(25) => {
                self.random.pick(&WITH_MORE).copied().unwrap_or_default()
            }
            Shape::Any if self.random.percent(75) => (self.random.word(&OF_ANY), ""),
            Shape::Any => (self.random.word(&OF_LIST), ""),
            _ if is_list => (self.random.word(&OF_LIST), ""),
            _ => return None,
        };
        let over_list = OF_LIST.contains(&function);
        let will_do = |it: &Shape| match it {
            Shape::List(..) => true,
            Shape::Any | Shape::Object(..) | Shape::Tuple(_) | Shape::Either(_) => !over_list,
            _ => false,
        };
        let leaf = self.random.word(&[
            "x",
            "x",
            "std.toString(x)",
            "if x == null then '' else x",
            "std.type(x)",
            "0",
        ]);
        let name = self.random.word(&["walk", "go", "flat", "visit"]);
        let function = function.replace('#', leaf).replace('$', name);
        self.over(&will_do, (wanted, depth), |it, value, _| {
            let value = match it.random.below(6) {
                0 if !over_list => format!("[{value}, [null]]"),
                1 if !over_list => format!("{{ v: {value}, parent: {{ w: {value} }} }}"),
                2 => format!("std.parseJson(std.manifestJson({value}))"),
                _ => value.to_owned(),
            };
            let more = if more.is_empty() {
                String::new()
            } else {
                format!(", {more}")
            };
            Some(format!("(local {function}; {name}({value}{more}))"))
        })
    }
}
