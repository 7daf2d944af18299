//! Numbers and strings: literals, operators, formats.

use super::{Generator, quoted};
use crate::shape::{Range, Rest, Shape};

impl Generator<'_> {
    pub(super) fn number_literal(&mut self, range: Range) -> String {
        let usual = [
            ("0", 0.0),
            ("1", 1.0),
            ("2", 2.0),
            ("3", 3.0),
            ("10", 10.0),
            ("-1", -1.0),
            ("0.5", 0.5),
            ("1e3", 1000.0),
            ("2.5e-1", 0.25),
            ("100", 100.0),
        ];
        let holds = |it: &&(&str, f64)| {
            range.low <= it.1 && it.1 <= range.high && (!range.whole || it.1.fract() == 0.0)
        };
        let fitting: Vec<&str> = usual.iter().filter(holds).map(|it| it.0).collect();
        self.random
            .pick(&fitting)
            .map_or_else(|| range.low.to_string(), |it| (*it).to_owned())
    }

    pub(super) fn number(&mut self, range: Range, depth: usize) -> String {
        let wide = Shape::Number(range);
        let open = range.low < -1e6 && range.high > 1e6;
        if range == Range::NATURAL && self.random.percent(60) {
            return self.length(depth);
        }
        if !open {
            if range.low >= 0.0 && range.low <= 1.0 && range.high > 1e6 && self.random.percent(50) {
                return format!("({} + 1)", self.length(depth));
            }
            return self.leaf(&wide);
        }
        match self.random.below(16) {
            0..=3 => {
                let op = self.random.word(&["+", "-", "*"]);
                let (a, b) = (self.expr(&wide, depth), self.expr(&wide, depth));
                format!("({a} {op} {b})")
            }
            4..=5 if !range.whole => {
                let (a, b) = (self.expr(&wide, depth), self.picky("divisor", depth));
                let op = self.random.word(&["/", "%"]);
                format!("({a} {op} {b})")
            }
            6 => {
                let op = self.random.word(&["-", "+"]);
                format!("{op}{}", self.expr(&wide, depth))
            }
            7..=8 => {
                let small = Shape::Number(Range::SMALL);
                let a = self.expr(&small, depth);
                let b = self.expr(&small, 0);
                match self.random.below(8) {
                    0 => format!("~{a}"),
                    1 => format!("({a} << {})", self.random.below(5)),
                    2 => format!("({a} >> {})", self.random.below(5)),
                    3 => format!("({a} << {b})"),
                    4..=5 => format!("({a} & {b})"),
                    6 => format!("({a} | {b})"),
                    _ => format!("({a} ^ {b})"),
                }
            }
            9..=10 => self.length(depth),
            _ => self.leaf(&wide),
        }
    }

    fn length(&mut self, depth: usize) -> String {
        let counted = match self.random.below(4) {
            0 => Shape::text(),
            1 => Shape::Object(Vec::new(), Rest::Open),
            _ => Shape::list(Shape::Any),
        };
        format!(
            "std.length({})",
            self.expr(&counted, depth.saturating_sub(1))
        )
    }

    pub(super) fn text_literal(&mut self, least: usize, format: Option<&str>) -> String {
        let usual: &[&str] = match format {
            Some("email") => &["'a@example.org'"],
            Some("uuid") => &["'9b3a6bd3-1c1f-4f4e-9a0a-6c3b7d1d2e3f'"],
            Some("date-time") => &["'2026-01-02T03:04:05Z'"],
            Some(_) => &["'https://example.org'"],
            None => &[
                "'x'",
                "'abc'",
                "\"q\"",
                "'ä'",
                "@'a\\b'",
                "'a\\n\\u00e9'",
                "|||\n  text\n    more\n|||",
                "|||-\n  chomped\n|||",
                "@\"say \"\"hi\"\"\"",
                "'a,b'",
                "'id'",
            ],
        };
        if least == 0 && format.is_none() && self.random.percent(12) {
            return "''".to_owned();
        }
        if least > 2 {
            return quoted(&"x".repeat(least));
        }
        self.random
            .pick(usual)
            .map_or_else(|| "'x'".to_owned(), |it| (*it).to_owned())
    }

    pub(super) fn text(
        &mut self,
        least: usize,
        format: Option<&'static str>,
        depth: usize,
    ) -> String {
        let wanted = Shape::Text(least, format);
        if format.is_some() {
            return self.leaf(&wanted);
        }
        if least > 0 {
            let (a, b) = (
                self.text_literal(least, None),
                self.expr(&Shape::text(), depth),
            );
            return format!("({a} + {b})");
        }
        match self.random.below(20) {
            0..=3 => {
                let (a, b) = (self.expr(&wanted, depth), self.expr(&wanted, depth));
                format!("({a} + {b})")
            }
            4..=5 => {
                let (a, b) = (self.expr(&wanted, depth), self.expr(&Shape::Any, depth));
                if self.random.percent(50) {
                    format!("({a} + {b})")
                } else {
                    format!("({b} + {a})")
                }
            }
            6..=9 => self.format(depth),
            10 => {
                let text = self.expr(&wanted, depth);
                format!("{text}{}", self.slice())
            }
            11 => {
                let text = self.expr(&Shape::Text(1, None), depth);
                format!("{text}[0]")
            }
            _ => self.leaf(&wanted),
        }
    }

    /// The bounds of a slice.
    pub(super) fn slice(&mut self) -> String {
        let from = self.random.word(&["", "0", "1", "-2", "9", "null"]);
        let to = self.random.word(&["", "1", "-1", "5", "0", "null"]);
        match self.random.below(8) {
            6 => {
                let small = self.leaf(&Shape::Number(Range::NATURAL));
                format!("[{from}:{small}]")
            }
            7 => {
                let small = self.leaf(&Shape::Number(Range::WHOLE));
                format!("[{small}:{to}]")
            }
            0 => format!(
                "[{from}:{to}:{}]",
                self.random.word(&["1", "2", "", "null"])
            ),
            1 => "[::2]".to_owned(),
            _ => format!("[{from}:{to}]"),
        }
    }

    /// `'…' % …`, in all its forms.
    pub(super) fn format(&mut self, depth: usize) -> String {
        let count = 1 + self.random.below(3);
        let by_key = self.random.percent(30);
        let mut format = String::new();
        let mut values = Vec::new();
        for number in 0..count {
            let (code, shape) = match self.random.below(12) {
                0..=4 => ("s", Shape::Any),
                5 => ("5s", Shape::text()),
                6 => ("-3s", Shape::number()),
                7 => ("d", Shape::Number(Range::SMALL)),
                8 => ("05.1f", Shape::Number(Range::SMALL)),
                9 => (
                    self.random
                        .word(&["x", "X", "o", "+d", "g", "e", " d", "#x", "i"]),
                    Shape::Number(Range::SMALL),
                ),
                10 => (
                    "c",
                    Shape::Number(Range {
                        whole: true,
                        low: 65.0,
                        high: 90.0,
                    }),
                ),
                _ => ("s", Shape::text()),
            };
            let value = self.expr(&shape, depth.saturating_sub(1));
            if by_key {
                format.push_str(&format!("%(k{number}){code} "));
                values.push(format!("k{number}: {value}"));
            } else {
                format.push_str(&format!("%{code}-"));
                values.push(value);
            }
        }
        if self.random.percent(10) {
            format.push_str("%%");
        }
        if self.random.per_mille(self.style.mistakes * 4) {
            match self.random.below(3) {
                0 => format.push_str("%d"),
                1 => drop(values.pop()),
                _ => format.push('%'),
            }
        }
        let values = if by_key {
            format!("{{ {} }}", values.join(", "))
        } else if let ([one], true) = (values.as_slice(), self.random.percent(25)) {
            // One value stands for itself, unless it is an array.
            let text = self.expr(&Shape::text(), 0);
            if one.starts_with('\'') {
                one.clone()
            } else {
                text
            }
        } else {
            format!("[{}]", values.join(", "))
        };
        match self.random.below(6) {
            0 => format!("std.format({}, {values})", quoted(&format)),
            _ => format!("({} % {values})", quoted(&format)),
        }
    }
}
