//! Random programs over an input: well-scoped, mostly well-typed, with deliberate mistakes.
//!
//! A program is written top-down: [`Generator::expr`] is asked for an expression of some shape and
//! picks a form of the grammar, a function of std, or something in scope that gives it. Mistakes
//! come from one place ([`Generator::mistake`]), so that their rate decides how many programs are
//! right. Nothing here knows what the checker can prove.

mod array;
mod binding;
mod descent;
mod guard;
mod idiom;
mod object;
mod picky;
mod places;
mod questions;
mod read;
mod scalar;
mod std_call;

use crate::random::Random;
use crate::shape::{Member, Parameter, Range, Rest, Shape};

/// How programs are written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// How many expressions of a thousand are mistakes.
    pub mistakes: usize,
    /// Expressions inside each other.
    pub depth: usize,
    /// Expressions in all, about.
    pub size: usize,
}

impl Style {
    /// One of the usual ones: from no mistake to many, from a line to a page.
    pub fn draw(random: &mut Random) -> Self {
        let mistakes = [0, 15, 40, 80, 130, 200];
        let depth = 1 + random.below(5);
        Self {
            mistakes: random.pick(&mistakes).copied().unwrap_or_default(),
            depth,
            size: 6 + random.below(14 * depth),
        }
    }
}

/// A program, `function(ctx) …`, over an input of that shape.
pub fn program(input: &Shape, style: Style, random: &mut Random) -> String {
    let ctx = Entry::new("ctx", input.clone());
    let mut generator = Generator {
        random,
        scope: vec![ctx],
        style,
        left: style.size,
        names: 0,
        objects: 0,
        in_call: false,
    };
    let wanted = match generator.random.below(10) {
        0..=5 => generator.object_shape(2),
        6 => Shape::text(),
        7 => Shape::list(generator.output_shape(1)),
        8 => Shape::Any,
        _ => generator.output_shape(2),
    };
    let mut body = generator.expr(&wanted, style.depth);
    let is_careless = style.mistakes > 0 && generator.random.percent(2);
    if is_careless {
        match generator.random.below(6) {
            0 => return generator.literal(&wanted, 2),
            4 => return "std.length".to_owned(),
            5 => return format!("function(ctx, extra) {body}"),
            1 => return format!("function(context) {}", generator.literal(&wanted, 2)),
            2 => return format!("function() {}", generator.literal(&wanted, 2)),
            _ => body = format!("{}{body}{}", "[".repeat(220), "]".repeat(220)),
        }
    }
    if generator.random.percent(3) {
        return format!(
            "function(ctx, extra={}) {body}",
            generator.literal(&Shape::Any, 1)
        );
    }
    format!("function(ctx) {body}")
}

/// Something that may be read.
#[derive(Clone, Debug)]
struct Entry {
    text: String,
    shape: Shape,
}

impl Entry {
    fn new(text: impl Into<String>, shape: Shape) -> Self {
        Self {
            text: text.into(),
            shape,
        }
    }
}

struct Generator<'r> {
    random: &'r mut Random,
    scope: Vec<Entry>,
    style: Style,
    /// Expressions that may still be written.
    left: usize,
    /// Names given so far.
    names: usize,
    /// Objects around the place that is written.
    objects: usize,
    /// Whether arguments are written of a call that a walk makes.
    in_call: bool,
}

impl Generator<'_> {
    /// An expression that gives a value of that shape, mistakes aside.
    fn expr(&mut self, wanted: &Shape, depth: usize) -> String {
        if self.random.per_mille(self.style.mistakes) {
            return self.mistake(wanted, depth);
        }
        if depth == 0 || self.left == 0 {
            return self.leaf(wanted);
        }
        self.left -= 1;
        let depth = depth - 1;
        let written = match self.random.below(100) {
            0..=17 => self.read(wanted, depth),
            18..=24 => Some(self.branch(wanted, depth)),
            25..=30 => Some(self.local(wanted, depth)),
            31..=36 => Some(self.local_function(wanted, depth)),
            37..=43 => self.refined(wanted, depth),
            44..=60 => self.std_call(wanted, depth),
            61 => Some(self.assertion(wanted, depth)),
            62..=64 => Some(self.wrapped(wanted, depth)),
            65..=66 => Some(self.through_object(wanted, depth)),
            67 => Some(self.recursion(wanted, depth)),
            68..=72 => self.idiom(wanted, depth),
            73..=74 => self.descent(wanted, depth),
            _ => None,
        };
        written.unwrap_or_else(|| self.own_form(wanted, depth))
    }

    /// One of the forms that make such values.
    fn own_form(&mut self, wanted: &Shape, depth: usize) -> String {
        match wanted {
            Shape::Any => {
                let one = self.output_shape(2);
                self.expr(&one, depth)
            }
            Shape::Null => "null".to_owned(),
            Shape::Bool => self.condition(depth),
            Shape::OneOf(_) => self.leaf(wanted),
            Shape::Number(range) => self.number(*range, depth),
            Shape::Text(least, format) => self.text(*least, *format, depth),
            Shape::List(item, least, most) => self.list(item, *least, *most, depth),
            Shape::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|it| self.expr(it, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            Shape::Object(members, rest) => self.object(members, rest, depth),
            Shape::Either(all) => {
                let one = self.random.pick(all).cloned().unwrap_or(Shape::Null);
                self.expr(&one, depth)
            }
            Shape::Function(params, result) => {
                let params: Vec<Shape> = params.iter().map(|it| it.shape.clone()).collect();
                self.callback(&params, result, depth)
            }
        }
    }

    fn leaf(&mut self, wanted: &Shape) -> String {
        if self.random.percent(65)
            && let Some(read) = self.plain_read(wanted)
        {
            return read;
        }
        if *wanted == Shape::Bool
            && let Some(asked) = self.comparison()
        {
            return asked;
        }
        self.literal(wanted, 2)
    }

    /// A question whose answer depends on the input.
    fn comparison(&mut self) -> Option<String> {
        if self.random.percent(50) {
            let read = self.plain_read(&Shape::number())?;
            let op = self.random.word(&["<", ">", "==", "!=", ">="]);
            return Some(format!("({read} {op} 1)"));
        }
        let read = self.plain_read(&Shape::text())?;
        let ask = self.random.word(&["== 'a'", "!= ''", "== 'x'", "< 'm'"]);
        Some(format!("({read} {ask})"))
    }

    /// What should not stand here.
    fn mistake(&mut self, wanted: &Shape, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        match self.random.below(17) {
            12 => self.random.word(&SLIPS).to_owned(),
            16 => self.of_some_alternative(),
            // What may be missing, or too short, or of another kind, made use of at once.
            14..=15 => match self.unguarded(None) {
                Some(it) => {
                    let used = self.random.word(&[
                        "$.id",
                        "$[0]",
                        "($ + 1)",
                        "std.length($)",
                        "($ < 'b')",
                        "-$",
                        "!$",
                        "$.kind.name",
                        "[x for x in $]",
                        "std.objectFields($)",
                        "('%d' % [$])",
                        "std.split($, ',')[1]",
                        "std.parseInt($)",
                        "(10 / $)",
                        "std.sqrt($)",
                        "std.join(',', $)",
                        "std.substr('abc', $, 1)",
                        "std.char($)",
                    ]);
                    used.replace('$', &it)
                }
                None => "null".to_owned(),
            },
            0..=4 => self
                .unguarded(Some(wanted))
                .unwrap_or_else(|| "ctx.id".to_owned()),
            5..=7 => self.unguarded(None).unwrap_or_else(|| "null".to_owned()),
            8 => {
                let other = self.output_shape(1);
                self.expr(&other, depth)
            }
            9 => {
                let entry = self.random.pick(&self.scope).cloned();
                let name = self
                    .random
                    .word(&["emial", "email", "nmae", "id", "kind", "k", "gone"]);
                entry.map_or_else(|| "ctx".to_owned(), |it| format!("{}.{name}", it.text))
            }
            10 => {
                let entry = self.random.pick(&self.scope).cloned();
                let operand = self.expr(wanted, depth);
                entry.map_or(operand.clone(), |it| format!("{}({operand})", it.text))
            }
            _ => "null".to_owned(),
        }
    }

    /// A member that not every alternative of an object has.
    fn of_some_alternative(&mut self) -> String {
        let is_object = |it: &Shape| it.kind() == Some("object");
        let walk = (0..6).find_map(|_| {
            self.walk(&|it| matches!(it, Shape::Either(all) if all.iter().all(is_object)))
        });
        let members = walk.as_ref().map(|it| match it.shape.alternatives() {
            [] => Vec::new(),
            all => all
                .iter()
                .filter_map(|it| match it {
                    Shape::Object(members, _) => Some(members),
                    _ => None,
                })
                .flatten()
                .map(|it| it.name.clone())
                .collect(),
        });
        match (walk, self.random.pick(&members.unwrap_or_default())) {
            (Some(walk), Some(name)) => member(&walk.text, name),
            _ => "ctx.nmae".to_owned(),
        }
    }

    /// A value written out.
    fn literal(&mut self, wanted: &Shape, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        match wanted {
            Shape::Any => {
                let literals = [
                    "null",
                    "true",
                    "0",
                    "-1.5",
                    "'x'",
                    "[]",
                    "{}",
                    "[1, null]",
                    "{ a: 1 }",
                    "''",
                ];
                self.random.word(&literals).to_owned()
            }
            Shape::Null => "null".to_owned(),
            Shape::Bool => self.random.word(&["true", "false"]).to_owned(),
            Shape::OneOf(values) => {
                let value = self.random.pick(values).cloned().unwrap_or_default();
                value.to_string()
            }
            Shape::Number(range) => self.number_literal(*range),
            Shape::Text(least, format) => self.text_literal(*least, *format),
            Shape::List(item, least, _) => {
                let count = least + usize::from(depth > 0) * self.random.below(2);
                let items: Vec<String> = (0..count).map(|_| self.literal(item, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            Shape::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|it| self.literal(it, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            Shape::Object(members, _) => {
                let members: Vec<String> = members
                    .iter()
                    .filter(|it| it.required)
                    .map(|it| format!("{}: {}", name(&it.name), self.literal(&it.shape, depth)))
                    .collect();
                if members.is_empty() {
                    return "{}".to_owned();
                }
                format!("{{ {} }}", members.join(", "))
            }
            Shape::Either(all) => {
                let one = self.random.pick(all).cloned().unwrap_or(Shape::Null);
                self.literal(&one, depth)
            }
            Shape::Function(params, result) => {
                let params: Vec<Shape> = params.iter().map(|it| it.shape.clone()).collect();
                self.callback(&params, result, 0)
            }
        }
    }

    /// The shape of a part of an output.
    fn output_shape(&mut self, depth: usize) -> Shape {
        if depth == 0 {
            return match self.random.below(6) {
                0..=2 => Shape::text(),
                3 => Shape::number(),
                4 => Shape::Bool,
                _ => Shape::Any,
            };
        }
        match self.random.below(12) {
            0..=3 => Shape::text(),
            4 => Shape::number(),
            5 => Shape::Number(Range::WHOLE),
            6 => Shape::Bool,
            7..=8 => Shape::list(self.output_shape(depth - 1)),
            9 => Shape::map(self.output_shape(depth - 1)),
            10 => self.object_shape(depth - 1),
            _ => Shape::Any,
        }
    }

    fn object_shape(&mut self, depth: usize) -> Shape {
        let mut members: Vec<Member> = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            let name = self.random.word(&[
                "to", "name", "id", "email", "data", "x-y", "n", "größe", "list", "if",
            ]);
            if members.iter().all(|it| it.name != name) {
                members.push(Member {
                    name: name.to_owned(),
                    shape: self.output_shape(depth),
                    required: self.random.percent(70),
                });
            }
        }
        Shape::Object(members, Rest::Open)
    }

    /// Writes with more in scope; names that are given anew hide what was read through them.
    fn within<R>(&mut self, entries: Vec<Entry>, write: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.scope.clone();
        for it in &entries {
            let hidden = it.text.as_str();
            if is_name(hidden) {
                self.scope.retain(|it| !mentions(&it.text, hidden));
            }
        }
        self.scope.extend(entries);
        let written = write(self);
        self.scope = outer;
        written
    }

    /// A name for something new; now and then one that is taken.
    fn fresh(&mut self) -> String {
        if self.random.percent(8) {
            let names: Vec<String> = self
                .scope
                .iter()
                .map(|it| it.text.clone())
                .filter(|it| is_name(it) && it != "ctx")
                .collect();
            if let Some(taken) = self.random.pick(&names) {
                return taken.clone();
            }
        }
        self.names += 1;
        let stem = self.random.word(&["x", "v", "t", "it", "acc", "y"]);
        format!("{stem}{}", self.names)
    }

    /// `function(a, b) …`, or something that is one already.
    fn callback(&mut self, params: &[Shape], result: &Shape, depth: usize) -> String {
        let wanted = Shape::function(params.to_vec(), result.clone());
        let known: Vec<String> = self
            .scope
            .iter()
            .filter(|it| it.shape.fits(&wanted))
            .map(|it| it.text.clone())
            .collect();
        if self.random.percent(40)
            && let Some(it) = self.random.pick(&known)
        {
            return it.clone();
        }
        if self.random.percent(8)
            && let Some(it) = self.std_function(params, result)
        {
            return it;
        }
        let mut names: Vec<String> = Vec::new();
        for _ in params {
            let mut name = self.fresh();
            while names.contains(&name) {
                self.names += 1;
                name = format!("p{}", self.names);
            }
            names.push(name);
        }
        let entries = names.iter().zip(params);
        let entries = entries.map(|(name, it)| Entry::new(name.clone(), it.clone()));
        let body = self.within(entries.collect(), |it| it.expr(result, depth));
        format!("(function({}) {body})", names.join(", "))
    }

    /// The call of something that is a function.
    fn call(&mut self, text: &str, params: &[Parameter], depth: usize) -> String {
        let by_name = self.random.percent(20);
        let mut args = Vec::new();
        let mut left_out = false;
        for it in params {
            if it.optional && self.random.percent(50) {
                left_out = true;
                continue;
            }
            let value = self.expr(&it.shape, depth);
            if !it.name.is_empty() && (by_name || left_out) {
                args.push(format!("{}={value}", it.name));
            } else {
                args.push(value);
            }
        }
        if self.random.per_mille(self.style.mistakes) {
            match self.random.below(3) {
                0 => args.push("null".to_owned()),
                1 => drop(args.pop()),
                _ => args.push("other=1".to_owned()),
            }
        }
        let strict = if self.random.percent(3) {
            " tailstrict"
        } else {
            ""
        };
        format!("{text}({}){strict}", args.join(", "))
    }
}

/// What is wrong wherever it is evaluated, and some of it wherever it stands.
const SLIPS: [&str; 54] = [
    "(import 'other.libsonnet')",
    "std.extVar('stage')",
    "std.native('sha')('x')",
    "std.objectHsa({}, 'a')",
    "std.nothing",
    "nobody",
    "(local a = 1, a = 2; a)",
    "{ a: 1, a: 2 }",
    "(function(a, a) a)(1, 2)",
    "self.a",
    "$.a",
    "{ [1]: 2 }",
    "({ a: 1 } { b: super.c })",
    "((function(a) a) == (function(a) a))",
    "(1 / 0)",
    "(5 % 0)",
    "(1e300 * 1e300)",
    "std.trace('here', 1)",
    "(if 1 then 2 else 3)",
    "(local f(x) = x; f)",
    "[1][1.5]",
    "(1 + )",
    "({ a: 1 } { b: super.c }).b",
    "{ b: super.c }.b",
    "({ b: 'b' in super } + { c: super['a'] }).c",
    "{ ['a']: 1, a: 2 }",
    "{ [k]: 1 for k in ['a', 'a'] }",
    "{ f: function(x) x }",
    "[function(x) x]",
    "1_000",
    "1e999",
    "(function(a) a)(1, a=2)",
    "(function(first) first)(frist=1)",
    "(function(a, b=1) a)(b=2, b=3)",
    "std.join(sep=',', sep='')",
    "('%2000d' % 1)",
    "('%(a)d' % { b: 1 })",
    "std.toString([function(x) x])",
    "('' + { f: function(x) x })",
    "std.manifestJson(function(x) x)",
    "(local a = b, b = a; a)",
    "{ a: self.b, b: self.a }.a",
    "('length' in std)",
    "std.objectHas(std, 'length')",
    "std.pi.x",
    "({ [ctx.name]: 1, a: 2 })",
    "({ ['' + ctx.id]: 1, [ctx.id + '']: 2 })",
    "[1, 2][0 - 1]",
    "'abc'[3]",
    "(9007199254740993 << 1)",
    "(1 << 64)",
    "(1 >> -1)",
    "(function(x) x)[0]",
    "(if std.isFunction then 1 else 2)",
];

const KEYWORDS: [&str; 19] = [
    "assert",
    "else",
    "error",
    "false",
    "for",
    "function",
    "if",
    "import",
    "importstr",
    "importbin",
    "in",
    "local",
    "null",
    "self",
    "super",
    "tailstrict",
    "then",
    "true",
    "",
];

/// Whether a text is an identifier.
fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !KEYWORDS.contains(&text)
        && text.chars().all(letter)
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a name stands in a text as a word.
fn mentions(text: &str, name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !letter(c)).any(|it| it == name)
}

/// A field's name as it is written.
fn name(name: &str) -> String {
    if is_name(name) {
        return name.to_owned();
    }
    quoted(name)
}

/// A string.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The member of that name.
fn member(target: &str, name: &str) -> String {
    if is_name(name) {
        return format!("{target}.{name}");
    }
    format!("{target}[{}]", quoted(name))
}
