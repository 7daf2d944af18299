//! Values that a function of std is picky about, and now and then some that it refuses.

use super::Generator;
use crate::shape::{Range, Rest, Shape};

impl Generator<'_> {
    pub(super) fn picky(&mut self, word: &str, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        if self.random.per_mille(self.style.mistakes * 2) {
            // What makes many elements is never drawn from numbers without a bound.
            let careless = match word {
                "size" => Shape::Number(Range::SMALL),
                "unit" | "positive" | "divisor" | "codepoint" | "limit" | "zero" | "byte"
                | "bound" | "step" => Shape::number(),
                "toml" | "ini" | "jsonml" | "empty" | "same" => Shape::Any,
                _ => Shape::text(),
            };
            return self.expr(&careless, depth);
        }
        let random = &mut *self.random;
        let literal = match word {
            "unit" => random.word(&["0", "0.5", "1", "0.25"]),
            "zero" => "0",
            "positive" => random.word(&["1", "2.5", "100", ""]),
            "latin" => random.word(&["'abc'", "''", "'é'", "std.base64('x')"]),
            "byte" => random.word(&["0", "65", "255"]),
            "base64" => random.word(&["'YWJj'", "''", "std.base64('abc')"]),
            "codepoint" => random.word(&["65", "228", "128512"]),
            "char" => random.word(&["'a'", "'ß'", ""]),
            "size" => random.word(&["0", "1", "3", "", ""]),
            "divisor" => random.word(&["2", "-4", "0.5", "", ""]),
            "format" => random.word(&["'%s'", "'a %s'", "'%5s'"]),
            "hex" => random.word(&["'ff'", "'0A'", "'1'"]),
            "octal" => random.word(&["'7'", "'17'"]),
            "digits" => random.word(&["'12'", "'-7'", "'+0'", ""]),
            "json" => random.word(&["'1'", "'{\"a\": [1, null]}'", "'\"x\"'", ""]),
            "bound" => random.word(&["0", "1", "-1", ""]),
            "step" => random.word(&["1", "2"]),
            "limit" => random.word(&["-1", "0", "1", "2"]),
            "separator" => random.word(&["','", "'a'", "'@'", "' '", ""]),
            "same" => "1",
            "empty" => "{}",
            "ini" => {
                let (a, b) = (
                    self.expr(&Shape::text(), depth),
                    self.expr(&Shape::Any, depth),
                );
                return format!("{{ main: {{ a: {a} }}, sections: {{ s: {{ b: {b} }} }} }}");
            }
            "toml" => {
                let (a, b) = (
                    self.expr(&Shape::text(), depth),
                    self.expr(&Shape::number(), depth),
                );
                return format!("{{ a: {a}, b: {{ c: {b} }}, d: [true] }}");
            }
            "jsonml" => {
                let (a, b) = (
                    self.expr(&Shape::text(), depth),
                    self.expr(&Shape::text(), depth),
                );
                return format!("['a', {{ href: {a} }}, {b}]");
            }
            "text or null" => return self.expr(&Shape::text().or_null(), depth),
            _ => "null",
        };
        if !literal.is_empty() {
            return literal.to_owned();
        }
        match word {
            "positive" => {
                let number = self.expr(&Shape::number(), depth);
                format!("(1 + std.abs({number}))")
            }
            "char" => self
                .read(&Shape::Text(1, None), 0)
                .map_or_else(|| "'c'".to_owned(), |it| format!("{it}[0]")),
            "size" => match self.random.below(3) {
                0 => {
                    let list = self.expr(&Shape::list(Shape::Any), depth);
                    format!("std.length({list})")
                }
                _ => self.expr(&Shape::Number(Range::SMALL), 0),
            },
            "divisor" => match self.random.below(4) {
                0 => {
                    let object = Shape::Object(Vec::new(), Rest::Open);
                    format!("(std.length({}) + 1)", self.expr(&object, depth))
                }
                1 => format!("std.max(1, {})", self.expr(&Shape::number(), depth)),
                2 => {
                    let positive = Shape::Number(Range {
                        whole: true,
                        low: 1.0,
                        high: 9.0,
                    });
                    self.leaf(&positive)
                }
                _ => match self.plain_read(&Shape::Number(Range::ANY)) {
                    Some(it) => format!("(if {it} != 0 then {it} else 1)"),
                    None => "7".to_owned(),
                },
            },
            "digits" => {
                let whole = self.expr(&Shape::Number(Range::SMALL), depth);
                if self.random.percent(50) {
                    format!("('%d' % [{whole}])")
                } else {
                    format!("std.toString({whole})")
                }
            }
            "json" => match self.random.below(4) {
                0 => format!("std.toString({})", self.expr(&Shape::number(), depth)),
                1 => format!("std.manifestJsonEx({}, ' ')", self.expr(&Shape::Any, depth)),
                _ => format!("std.manifestJson({})", self.expr(&Shape::Any, depth)),
            },
            "bound" => format!("std.length({})", self.expr(&Shape::text(), depth)),
            "separator" => self.leaf(&Shape::Text(1, None)),
            _ => "null".to_owned(),
        }
    }
}
