//! Differential random testing: random programs over random inputs of one type. What the checker
//! accepts must not fail in jrsonnet, the program's own errors aside. What it rejects should fail
//! on some input: how often none was found is printed, and bounded.

mod support;

use std::fmt::Write as _;

use diagnostics::FileId;
use jsonnet_check::{Profile, Random, Signature, candidates, check, sample};
use support::{Run, run, ty, with_stack};

const INPUT: &str = r#"{
  s: string, n: natural, i: -3 | 0 | 7, b: boolean, m: string | null, k: "x" | "y",
  t: { e: string, o?: string, p?: { q?: string, r: number } },
  u: { kind: "a", av: string } | { kind: "b", bv: number },
  l: string[], r: ({ v: string, w?: number })[], f?: string[]+, h: { [string]: string },
  j: unknown, z?: null | { [string]: unknown }
}"#;

/// Programs of one run of the test.
const PROGRAMS: usize = 3_000;
/// Inputs for each.
const INPUTS: usize = 40;

struct Generator {
    random: Random,
    /// Variables in scope, none of which is called.
    names: Vec<&'static str>,
}

const FREE: [&str; 8] = ["a", "c", "d", "g", "v", "w", "x", "y"];

impl Generator {
    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from.get(self.random.below(from.len()))
            .copied()
            .unwrap_or("null")
    }

    fn path(&mut self) -> String {
        let names = self.names.clone();
        if !names.is_empty() && self.random.below(3) == 0 {
            let name = self.pick(&names);
            let member = self.pick(&["", "", "", ".v", ".w", ".e", ".o"]);
            return format!("{name}{member}");
        }
        let path = self.pick(&[
            "ctx.s",
            "ctx.n",
            "ctx.i",
            "ctx.b",
            "ctx.m",
            "ctx.k",
            "ctx.t.e",
            "ctx.t.o",
            "ctx.t.p",
            "ctx.t.p.q",
            "ctx.t.p.r",
            "ctx.u",
            "ctx.u.kind",
            "ctx.u.av",
            "ctx.u.bv",
            "ctx.l",
            "ctx.l[0]",
            "ctx.r",
            "ctx.r[0].v",
            "ctx.r[0].w",
            "ctx.f",
            "ctx.f[0]",
            "ctx.h",
            "ctx.h.k",
            "ctx.j",
            "ctx.z",
            "ctx.z.k",
            "ctx.t",
            "ctx",
        ]);
        path.to_owned()
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.below(2) == 0 {
            let path = self.path();
            return match self.random.below(10) {
                0 => {
                    let key = self.pick(&["o", "p", "q", "e", "kind", "av", "k", "w", "f", "z"]);
                    let path = self.pick(&[
                        "ctx", "ctx.t", "ctx.t.p", "ctx.u", "ctx.h", "ctx.z", "ctx.r[0]",
                    ]);
                    format!("'{key}' in {path}")
                }
                1 => format!("{path} != null"),
                2 => format!("{path} == null"),
                3 => {
                    let literal = self.pick(&["'a'", "'b'", "'x'", "''", "0", "[]", "true", "{}"]);
                    format!("{path} == {literal}")
                }
                4 => {
                    let test =
                        self.pick(&["isString", "isNumber", "isObject", "isArray", "isBoolean"]);
                    format!("std.{test}({path})")
                }
                5 => {
                    let op = self.pick(&[">", "<", ">=", "<="]);
                    format!("std.length({path}) {op} 1")
                }
                6 => {
                    let op = self.pick(&[">", "<", ">=", "!="]);
                    format!("{path} {op} 0")
                }
                7 => format!("std.member(['x', 'a'], {path})"),
                8 => format!("std.objectHas({path}, 'o')"),
                _ => "ctx.b".to_owned(),
            };
        }
        let a = self.condition(depth - 1);
        let b = self.condition(depth - 1);
        match self.random.below(4) {
            0 => format!("({a} || {b})"),
            1 => format!("!({a})"),
            _ => format!("({a} && {b})"),
        }
    }

    fn with_name(&mut self, body: impl FnOnce(&mut Self, &'static str) -> String) -> String {
        let name = FREE
            .get(self.names.len() % FREE.len())
            .copied()
            .unwrap_or("a");
        self.names.push(name);
        let text = body(self, name);
        self.names.pop();
        text
    }

    /// A computed local, tested and then used: as it should be, or not.
    fn tested_local(&mut self, depth: usize) -> String {
        let value = match self.random.below(3) {
            0 => self.pick(&[
                "std.split(ctx.s, '@')",
                "std.splitLimit(ctx.t.e, '.', 1)",
                "[e.v for e in ctx.r if e.v != '']",
                "[e for e in ctx.r if 'w' in e]",
                "std.filter(function(e) 'w' in e, ctx.r)",
                "std.filter(function(e) e != '', ctx.l)",
                "(ctx.l + [e.v for e in ctx.r])",
                "std.map(function(e) std.split(e.v, 'a'), ctx.r)",
                "std.objectFields(ctx.h)",
                "std.mapWithIndex(function(i, e) e, ctx.l)",
                "ctx.l[1:]",
                "std.reverse(ctx.r)",
                "std.set(ctx.l)",
                "std.stringChars(ctx.s)",
            ]),
            1 => self.pick(&[
                "std.asciiUpper(ctx.s)",
                "std.prune(ctx.j)",
                "std.mergePatch(ctx.h, { a: 'x' })",
                "{ [if std.length(ctx.l) > 1 then 'o']: 'x', a: ctx.m }",
                "std.foldl(function(acc, e) if 'w' in e then e.w else acc, ctx.r, null)",
                "if ctx.n > 3 then null else ctx.t",
                "if ctx.n > 3 then 'x' else ctx.l",
                "if std.length(ctx.s) > 1 then { o: 1 } else { a: 'b' }",
                "std.get(ctx, 'z')",
                "std.get(ctx.t, 'p', {})",
                "[if ctx.b then ctx.s else null][0]",
            ]),
            _ => "",
        };
        let value = match value {
            "" => self.expr(depth.min(1)),
            value => value.to_owned(),
        };
        let test = self.pick(&[
            "std.length(p) > 0",
            "std.length(p) > 1",
            "p != []",
            "p != null",
            "p != ''",
            "std.isString(p)",
            "std.isArray(p)",
            "std.type(p) == 'object'",
            "'o' in p",
            "std.objectHas(p, 'a')",
            "std.isArray(p) && p != []",
            "std.isObject(p) && 'o' in p",
            "p[0] != null",
            "std.length(p) - 1 >= 1",
        ]);
        let used = self.pick(&[
            "p[0]",
            "p[1]",
            "p[std.length(p) - 1]",
            "p[std.length(p) - 2]",
            "p.o",
            "p.a",
            "(p + 'x')",
            "std.length(p)",
            "p[0].w",
            "q[0]",
            "[x for x in p]",
            "p[0][0]",
        ]);
        let rest = self.pick(&["null", "p", "p[0]", "q"]);
        // Without a name: the same text again, or another.
        if self.random.below(3) == 0 {
            let other = match self.random.below(4) {
                0 => self.pick(&["std.split(ctx.t.e, '@')", "[e for e in ctx.r if 'v' in e]"]),
                _ => &value,
            };
            let (value, other) = (format!("({value})"), &format!("({other})"));
            let test = spelled_out(test, &value);
            let used = spelled_out(used, other);
            return format!("(local q = ctx.l; if {test} then {used})");
        }
        if self.random.below(6) == 0 {
            let of = self.pick(&[
                "std.split(e.v, 'a')",
                "std.filter(function(x) 'w' in x, [e])",
            ]);
            let (test, used) = (spelled_out(test, of), spelled_out(used, of));
            let inner = self.pick(&["1", "2", "e.v"]);
            let inner_name = self.pick(&["e", "q"]);
            return format!(
                "[if {test} then [(local q = {inner}; {used}) for {inner_name} in ctx.r] for e in ctx.r]"
            );
        }
        match self.random.below(6) {
            0 => format!("(local f(p, q) = if {test} then {used} else {rest}; f({value}, ctx.l))"),
            1 => format!(
                "(local o = {{ p: {value} }}, p = o.p, q = ctx.r; if {test} then {} else {rest})",
                used.replace("p[", "o.p[").replace("p.", "o.p.")
            ),
            2 => format!(
                "[local p = {}; local q = {value}; if {test} then {used} else 0 for e in ctx.r]",
                self.pick(&[
                    "std.split(e.v, 'a')",
                    "e.v",
                    "std.get(e, 'w')",
                    "[e.v, e.w]",
                    "[x for x in ctx.r if x.v == e.v]"
                ])
            ),
            3 => format!(
                "(local ps = [{{ n: {} }} for e in ctx.r]; [local p = a.n; local q = b.n; if {test} then {used} else 0 for a in ps for b in ps])",
                self.pick(&[
                    "std.split(e.v, 'a')",
                    "e.v",
                    "std.get(e, 'w')",
                    "[x for x in ctx.r if x.v == e.v]",
                    "std.get(e, 'w', [])"
                ])
            ),
            _ => format!("(local p = {value}; local q = p; if {test} then {used} else {rest})"),
        }
    }

    /// A member of unknown name, tested and then read.
    fn tested_key(&mut self, depth: usize) -> String {
        let key = self.pick(&[
            "ctx.s",
            "ctx.t.e",
            "std.asciiLower(ctx.s)",
            "ctx.l[0]",
            "ctx.k",
            "ctx.m",
        ]);
        let other = self.pick(&["k", "k", "k", "k + ''", "j"]);
        let target = self.pick(&[
            "ctx.h",
            "ctx.t",
            "{ a: 1, x: ctx.s }",
            "ctx.u",
            "std.prune(ctx.h)",
            "ctx.h + { a:: 'x' }",
        ]);
        let test = self.pick(&[
            "std.objectHas(o, k)",
            "k in o",
            "std.member(std.objectFields(o), k)",
            "std.objectHasAll(o, k)",
            "std.all([std.objectHas(o, x) for x in [k, 'x']])",
            "std.any([std.objectHas(o, x) for x in [k, 'x']])",
            "std.objectHas(ctx.h, k)",
            "std.member(std.objectFields(o), 'x')",
        ]);
        let rest = self.expr(depth.min(1));
        let used = self
            .pick(&[
                "o[K]",
                "o.x",
                "o[K] + ''",
                "[o[K] for e in ctx.l]",
                "(local v = o[K]; v)",
            ])
            .replace('K', other);
        format!("(local k = {key}, j = ctx.s, o = {target}; if {test} then {used} else {rest})")
    }

    /// A loop over the positions of an array.
    fn positions(&mut self) -> String {
        let a = self.pick(&[
            "ctx.l",
            "ctx.r",
            "[e.v for e in ctx.r if e.v != '']",
            "std.split(ctx.s, 'a')",
            "ctx.f",
            "std.filter(function(e) 'w' in e, ctx.r)",
        ]);
        let b = self.pick(&["a", "a", "a", "b"]);
        let at = self.pick(&[
            "i",
            "i",
            "i",
            "i - 1",
            "i - 1",
            "i - 2",
            "i + 1",
            "0",
            "(i - 1) + 1",
        ]);
        let member = self.pick(&["", "", ".v", ".w"]);
        let element = format!("{b}[{at}]{member}");
        let key_test = self.pick(&[
            "true",
            "o[k] != null",
            "std.isString(o[k])",
            "k != 'a'",
            "k == 'a'",
            "o[k] != ''",
        ]);
        let other = self.pick(&["k", "k", "j"]);
        let made = match self.random.below(8) {
            5 | 6 => {
                let o = self.pick(&[
                    "ctx.h",
                    "std.prune(ctx.h)",
                    "ctx.t",
                    "std.get(ctx, 'z')",
                    "std.prune(ctx.u)",
                    "{ [if ctx.b then 'a']: ctx.m, b: '' }",
                    "ctx.j",
                ]);
                let used = self
                    .pick(&["o[K]", "o[K] + 'x'", "o[K][0]", "std.length(o[K])"])
                    .replace('K', other);
                return format!(
                    "(local o = {o}; if std.isObject(o) then [if {key_test} then {used} for k in std.objectFields(o) for j in std.objectFields(o)])"
                );
            }
            0 => format!("std.mapWithIndex(function(i, x) {element}, a)"),
            1 => format!("std.makeArray(std.length(a), function(i) {element})"),
            2 => format!("[{element} for i in std.range(0, std.length(a) - 1)]"),
            4 | 7 => format!(
                "std.mapWithIndex(function(i, x) if i > 0 then {element} else std.mapWithIndex(function(j, y) if j > 1 then [y, {element}, b[j - 1]], a), a)"
            ),
            3 => format!("[{element} for i in std.range(1, std.length(a) - 1)]"),
            _ => format!(
                "[[{element}, x] for i in std.range(0, std.length(a) - 1) for x in std.makeArray(std.length(b), function(i) {element})]"
            ),
        };
        format!("(local a = {a}, b = ctx.l; {made})")
    }

    /// Fields under the elements of arrays that may hold equal ones.
    fn computed_names(&mut self) -> String {
        let one = |it: &mut Self| {
            it.pick(&[
                "ctx.l",
                "std.set(ctx.l)",
                "std.sort(ctx.l)",
                "std.uniq(std.sort(ctx.l))",
                "std.objectFields(ctx.h)",
                "std.objectFields(ctx.t)",
                "[]",
                "['a', 'b']",
                "['b', 'a']",
                "[e.v for e in ctx.r]",
                "[k for k in std.objectFields(ctx.h) if k != 'a']",
                "std.filter(function(k) k != 'a', std.set(ctx.l))",
                "ctx.f",
            ])
        };
        let (a, b) = (one(self), one(self));
        let source = match self.random.below(8) {
            0 => format!("std.setInter({a}, {b})"),
            1 => format!("std.setDiff({a}, {b})"),
            2 | 3 => format!("std.setUnion({a}, {b})"),
            4 => format!("std.setUnion(std.setUnion({a}, {b}), std.objectFields(ctx.h))"),
            5 => format!("std.setDiff(std.setUnion({a}, {b}), {b})"),
            6 => format!("std.repeat({a}, 2)"),
            _ => a.to_owned(),
        };
        let test = self.pick(&["", "if k != 'b'", "if std.setMember(k, ctx.l)", "if true"]);
        format!("{{ [k]: 1 for k in {source} {test} }}")
    }

    /// A member that is read where it was found among the keys.
    fn key_among(&mut self) -> String {
        let (of, member) = match self.random.below(3) {
            0 => ("ctx.t", self.pick(&["o", "p", "e"])),
            1 => ("ctx", self.pick(&["f", "z", "s"])),
            _ => ("ctx.h", self.pick(&["a", "k"])),
        };
        let keys = self.pick(&["objectFields", "objectFieldsAll"]);
        let keys = format!("std.{keys}({of})");
        let test = match self.random.below(5) {
            0 => format!("std.member({keys}, '{member}')"),
            1 => format!("std.setMember('{member}', {keys})"),
            2 => format!("std.count({keys}, '{member}') > 0"),
            3 => format!("std.count({keys}, '{member}') == 1"),
            _ => format!("std.setMember('o', {keys})"),
        };
        match self.random.below(3) {
            0 => format!("(if !{test} then 2 else {of}.{member})"),
            1 => format!("(if {test} then {of}.{member} else 1)"),
            _ => format!("(!({test}) || {of}['{member}'] == 1)"),
        }
    }

    /// Fields of which some fail, or end in an error of the program, in any order of names.
    fn ordered_fields(&mut self, depth: usize) -> String {
        let value = |it: &mut Self| match it.random.below(4) {
            0 => "error 'cancel'".to_owned(),
            1 => "(1 + null)".to_owned(),
            _ => it.expr(depth),
        };
        let (x, y, z) = (value(self), value(self), value(self));
        match self.random.below(4) {
            0 => format!("{{ b: {x}, a: {y}, c: {z} }}"),
            1 => format!("{{ c: {x}, ['a']: {y}, b: {z} }}"),
            2 => format!("({{ b: {x}, c: 1 }} + {{ a: {y}, c: {z} }})"),
            _ => format!("{{ b: {x}, [ctx.s + 'x']: {y}, dd: {z} }}"),
        }
    }

    fn expr(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.random.below(6) {
                0 => self
                    .pick(&["1", "'t'", "null", "true", "[]", "{}", "0", "'x'"])
                    .to_owned(),
                _ => self.path(),
            };
        }
        let depth = depth - 1;
        match self.random.below(52) {
            0..=3 => {
                let condition = self.condition(1);
                let (a, b) = (self.expr(depth), self.expr(depth));
                format!("(if {condition} then {a} else {b})")
            }
            4 => {
                let op = self.pick(&["+", "+", "-", "*", "==", "&&", "%", "/"]);
                let (a, b) = (self.expr(depth), self.expr(depth));
                format!("({a} {op} {b})")
            }
            5 => {
                let (a, b) = (self.expr(depth), self.expr(depth));
                let condition = self.condition(0);
                format!("{{ a: {a}, [if {condition} then 'b']: {b}, c:: self.a }}")
            }
            6 | 7 => {
                let value = self.expr(depth);
                let body = self.with_name(|it, name| {
                    let body = it.expr(depth);
                    format!("local {name} = {value}; {body}")
                });
                format!("({body})")
            }
            8 => {
                let source = self.pick(&["ctx.l", "ctx.r", "ctx.r", "ctx.f", "[ctx.t, ctx.u]"]);
                self.with_name(|it, name| {
                    let condition = it.condition(1);
                    let body = it.expr(depth);
                    format!("[{body} for {name} in {source} if {condition}]")
                })
            }
            9 => {
                let source = self.pick(&["ctx.l", "ctx.r", "ctx.r"]);
                let function = self.pick(&["filter", "map"]);
                self.with_name(|it, name| {
                    let body = if function == "filter" {
                        it.condition(1)
                    } else {
                        it.expr(depth)
                    };
                    format!("std.{function}(function({name}) {body}, {source})")
                })
            }
            10 => {
                let key = self.pick(&["o", "p", "e", "k", "v", "av"]);
                let (target, default) = (self.path(), self.expr(depth));
                format!("std.get({target}, '{key}', {default})")
            }
            11 => {
                let argument = self.expr(depth);
                self.with_name(|it, name| {
                    let body = it.expr(depth);
                    format!("(local f({name}) = {body}; f({argument}))")
                })
            }
            12 => {
                let (a, b) = (self.expr(depth), self.expr(depth));
                format!("('%s-%s' % [{a}, {b}])")
            }
            13 => {
                let function = self.pick(&[
                    "length",
                    "toString",
                    "asciiUpper",
                    "objectFields",
                    "objectValues",
                    "prune",
                    "type",
                    "reverse",
                    "sort",
                    "isEmpty",
                    "abs",
                    "floor",
                    "sqrt",
                    "parseInt",
                    "stringChars",
                    "flattenArrays",
                    "sum",
                    "set",
                    "manifestJson",
                    "encodeUTF8",
                ]);
                let a = self.expr(depth);
                format!("std.{function}({a})")
            }
            14 => {
                let (a, b) = (self.path(), self.expr(depth));
                let key = self.pick(&["o", "e", "n", "x"]);
                // jrsonnet, unlike go-jsonnet, refuses `'text' { … }`.
                format!("({a} + {{ {key}: {b} }})")
            }
            15 => {
                let source = self.pick(&["ctx.l", "ctx.r"]);
                let init = self.expr(0);
                self.with_name(|it, name| {
                    let body = it.expr(depth);
                    format!("std.foldl(function(acc, {name}) {body}, {source}, {init})")
                })
            }
            16 => {
                let condition = self.condition(1);
                let rest = self.expr(depth);
                format!("(assert {condition} : 'cancel'; {rest})")
            }
            17 => {
                let condition = self.condition(1);
                let rest = self.expr(depth);
                format!("(if {condition} then error 'cancel' else {rest})")
            }
            18 => {
                let (a, b) = (self.expr(depth), self.expr(depth));
                let function = self.pick(&["mergePatch", "join", "split", "startsWith", "member"]);
                format!("std.{function}({a}, {b})")
            }
            19 => {
                let target = self.pick(&["ctx.t", "ctx.u", "ctx.h"]);
                format!("{{ [k]: {target}[k] for k in std.objectFields({target}) }}")
            }
            21 => {
                let (a, b, c) = (self.expr(depth), self.expr(depth), self.expr(0));
                let condition = self.condition(0);
                let member = self.pick(&["a", "b", "c", "d"]);
                format!(
                    "(local o = {{ a: {a}, b: self.a, [if {condition} then 'c']: {b}, d: $.b }}; \
                     (o {{ a: {c}, b+: super.a }}).{member})"
                )
            }
            22 => self.with_name(|it, name| {
                let condition = it.condition(1);
                let member = it.pick(&["v", "w", "zz"]);
                format!(
                    "(local xs = [{{ n: {name} }} for {name} in ctx.r]; \
                     [[p.n.{member}, {name}.n.w] for p in xs for {name} in [q.n {{ n: q.n }} for q in xs] if {condition}])"
                )
            }),
            23 => self.with_name(|it, name| {
                let body = it.expr(depth);
                let source = it.pick(&["ctx.t", "ctx.h", "ctx.u", "{ a: ctx.t, b: 1 }"]);
                // jrsonnet, unlike go-jsonnet, evaluates the values at once.
                format!("std.manifestJson(std.mapWithKey(function(k, {name}) {body}, {source}))")
            }),
            24 => self.with_name(|it, name| {
                let source = it.pick(&["ctx.t", "ctx.h", "ctx.u"]);
                let body = it.expr(depth);
                format!("[{name}.key + {body} for {name} in std.objectKeysValues({source})]")
            }),
            25 => self.with_name(|it, name| {
                let condition = it.condition(1);
                let member = it.pick(&["v", "w"]);
                format!(
                    "(if std.all(std.map(function({name}) {condition}, ctx.r)) \
                     then [e.{member} for e in ctx.r] else ctx.l)"
                )
            }),
            26 => {
                let a = self.pick(&["ctx.h", "ctx.t", "ctx.u"]);
                let b = self.pick(&["ctx.h", "ctx.t", "ctx.u"]);
                format!("[{a}[e] for e in std.objectFields({b})]")
            }
            27 => "std.foldl(function(acc, e) acc + { [e.v]: std.get(e, 'w') }, ctx.r, {})".to_owned(),
            28 => self.with_name(|it, name| {
                let body = it.expr(depth);
                format!("std.flatMap(function({name}) [{body}], ctx.r)")
            }),
            29 => {
                let index = self.pick(&["ctx.i", "ctx.n", "0", "1", "std.length(ctx.l) - 1"]);
                let condition = self.condition(1);
                let source = self.pick(&["ctx.l", "ctx.r", "ctx.s"]);
                format!("(if {condition} then {source}[{index}])")
            }
            30 => {
                let source = self.pick(&["ctx.l[0:1]", "ctx.r[1:]", "std.sort(ctx.r, function(e) e.v)"]);
                self.with_name(|it, name| {
                    let body = it.expr(depth);
                    format!("[{body} for {name} in {source}]")
                })
            }
            31 => self.with_name(|it, name| {
                let condition = it.condition(1);
                let body = it.expr(depth);
                format!(
                    "(local xs = std.filter(function({name}) {condition}, ctx.r); \
                     std.map(function({name}) {body}, xs) + xs)"
                )
            }),
            32 => {
                let (a, b) = (self.condition(1), self.condition(1));
                let c = self.expr(depth);
                format!(
                    "(local p = {a}, q(x) = x && {b}; local r = if p then 1; \
                     if q(p) || r == 1 then {c} else r)"
                )
            }
            20 => {
                let (a, b) = (self.expr(depth), self.expr(depth));
                format!("[{a}, {b}]")
            }
            33..=38 => self.tested_local(depth),
            39 | 40 => self.tested_key(depth),
            41 | 42 => self.positions(),
            44 | 45 => self.computed_names(),
            46 | 47 => self.key_among(),
            48 => self.ordered_fields(depth),
            49 => {
                let (a, b) = (self.expr(depth), self.expr(0));
                let condition = self.condition(0);
                format!("{{ [if {condition} then {a} else {b}]: 1 }}")
            }
            43 => {
                let (a, b) = (self.tested_local(0), self.tested_local(0));
                let condition = self.pick(&["'a' in p", "std.objectHas(p, 'b')", "p != null", "p.a != []"]);
                let member = self.pick(&["a", "b", "a", "c"]);
                format!(
                    "(local p = if std.length(ctx.s) > 1 then {{ a: {a}, c: 1 }} else {{ b: {b}, a:: 2 }}; \
                     if {condition} then p.{member})"
                )
            }
            _ => self.path(),
        }
    }
}

/// A text about `p`, with what `p` is instead.
fn spelled_out(text: &str, value: &str) -> String {
    let mut out = String::new();
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '.');
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        let alone =
            it == 'p' && !is_part(before) && !rest.peek().is_some_and(|it| it.is_alphanumeric());
        if alone {
            out.push_str(value);
        } else {
            out.push(it);
        }
        before = Some(it);
    }
    out
}

/// Whether jrsonnet fails where go-jsonnet does: it is laxer in places.
fn fails(
    program: &str,
    input: &serde_json::Value,
    errors: &[jsonnet_check::UserError],
) -> Option<String> {
    match run(program, input) {
        Run::Output(_) => None,
        Run::Failure(message) => Some(message),
        Run::UserError(message) => {
            let mut known = errors.iter();
            let is_known = known.any(|it| it.text.as_deref() == Some(message.as_str()));
            (!is_known).then_some(message)
        }
    }
}

#[test]
fn what_is_accepted_does_not_fail() {
    with_stack(|| {
        let input = ty(INPUT);
        let signature = Signature {
            args: vec![("ctx".into(), input.clone())],
            profile: Profile::default(),
        };
        let mut inputs = Random::new(11);
        let inputs: Vec<_> = (0..INPUTS * 3)
            .map(|_| sample(&input, &mut inputs))
            .collect();
        let small = candidates(&input, 400);
        let (mut accepted, mut rejected, mut witnessed, mut unconfirmed) = (0, 0, 0, 0);
        let mut report = String::new();
        let mut doubts = String::new();
        for seed in 0..PROGRAMS {
            let mut generator = Generator {
                random: Random::new(seed as u64 + 1),
                names: Vec::new(),
            };
            let depth = 1 + seed % 3;
            let program = format!("function(ctx) {}", generator.expr(depth));
            let parsed = jsonnet_syntax::parse(&program, FileId::DETACHED);
            assert!(parsed.is_checkable, "{program}: {:?}", parsed.diagnostics);
            let checked = check(&parsed, &signature);
            // jrsonnet cannot call the identity function.
            if program == "function(ctx) ctx" {
                continue;
            }
            if checked.is_accepted() && parsed.is_accepted() {
                accepted += 1;
                for input in inputs.iter().take(INPUTS) {
                    if let Some(message) = fails(&program, input, &checked.report.errors) {
                        let _ = writeln!(report, "{program}\n  on {input}\n  {message}");
                        break;
                    }
                }
            } else {
                rejected += 1;
                let known = &checked.report.errors;
                let confirms = |input| fails(&program, input, known).is_some();
                if small.iter().any(confirms) {
                    witnessed += 1;
                } else if !inputs.iter().any(confirms) {
                    unconfirmed += 1;
                    let first = checked.diagnostics.iter().find(|it| it.is_error());
                    let first = first.map_or(String::new(), |it| {
                        format!("[{}] {}", it.rule.code, it.message)
                    });
                    let _ = writeln!(doubts, "{program}\n  {first}");
                }
            }
        }
        println!("{doubts}");
        println!(
            "{accepted} accepted, {rejected} rejected: {witnessed} have a small witness, \
             {unconfirmed} none that was found"
        );
        assert!(report.is_empty(), "\n{report}");
        assert!(
            unconfirmed * 20 <= rejected,
            "{unconfirmed} of {rejected} rejected programs were not seen to fail"
        );
    });
}
