//! The text of a value, as go-jsonnet prints it, and how long it is before it exists.

use serde_json::{Number, Value};

/// The text that go-jsonnet prints for a value: three blanks a level, ` ` in empty lists and
/// objects, 17 digits of a fraction, U+007F to U+009F escaped, a line end at the end. Fields stand
/// in the order in which the value has them.
#[must_use]
pub fn manifest(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, level: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Number(it) => out.push_str(&number_text(it)),
        Value::String(it) => quote(it, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, level, out);
                write(item, level + 1, out);
            }
            close(items.is_empty(), level, ']', out);
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                separate(index, level, out);
                quote(name, out);
                out.push_str(": ");
                write(value, level + 1, out);
            }
            close(fields.is_empty(), level, '}', out);
        }
    }
}

const INDENT: &str = "   ";

fn separate(index: usize, level: usize, out: &mut String) {
    out.push_str(if index == 0 { "\n" } else { ",\n" });
    out.extend(std::iter::repeat_n(INDENT, level + 1));
}

fn close(empty: bool, level: usize, bracket: char, out: &mut String) {
    if empty {
        out.push(' ');
    } else {
        out.push('\n');
        out.extend(std::iter::repeat_n(INDENT, level));
    }
    out.push(bracket);
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn number_text(number: &Number) -> String {
    number
        .as_f64()
        .map_or_else(|| number.to_string(), float_text)
}

/// C's `%.0f` of whole numbers, `%.17g` of others.
fn float_text(number: f64) -> String {
    if number.floor() == number {
        return format!("{number:.0}");
    }
    let scientific = format!("{number:.16e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..17).contains(&exponent) {
        let decimals = usize::try_from(16 - exponent).unwrap_or_default();
        return trimmed(&format!("{number:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(digits), exponent.abs())
}

fn trimmed(digits: &str) -> &str {
    digits.trim_end_matches('0').trim_end_matches('.')
}

/// How many bytes of output are left while a value is walked.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
}

impl Budget {
    /// For so many bytes; the line end is one of them.
    pub(crate) const fn new(bytes: usize) -> Option<Self> {
        match bytes.checked_sub(1) {
            Some(left) => Some(Self { left }),
            None => None,
        }
    }

    /// Bytes that are left.
    pub(crate) const fn left(&self) -> usize {
        self.left
    }

    /// Takes bytes; none if there are not so many.
    pub(crate) fn take(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }

    /// Takes the bytes of a value without parts.
    pub(crate) fn take_scalar(&mut self, value: &Value) -> Option<()> {
        let mut text = String::new();
        write(value, 0, &mut text);
        self.take(text.len())
    }

    /// Takes the bytes before an item, the comma included.
    pub(crate) fn take_separator(&mut self, index: usize, level: usize) -> Option<()> {
        self.take(1 + usize::from(index > 0) + INDENT.len() * (level + 1))
    }

    /// Takes the bytes of a field's name and colon.
    pub(crate) fn take_name(&mut self, name: &str) -> Option<()> {
        let mut text = String::new();
        quote(name, &mut text);
        self.take(text.len() + 2)
    }

    /// Takes the bytes of both brackets.
    pub(crate) fn take_brackets(&mut self, empty: bool, level: usize) -> Option<()> {
        self.take(2 + if empty { 1 } else { 1 + INDENT.len() * level })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_as_go_jsonnet_prints_them() {
        let cases = [
            (0.1, "0.10000000000000001"),
            (1.0 / 3.0, "0.33333333333333331"),
            (1e30, "1000000000000000019884624838656"),
            (1e-7, "9.9999999999999995e-08"),
            (-0.0, "-0"),
            (-2.0, "-2"),
            (123_456_789.125, "123456789.125"),
            (0.5, "0.5"),
            (0.000_123, "0.00012300000000000001"),
            (2.5e-300, "2.5e-300"),
            (0.000_01, "1.0000000000000001e-05"),
            (5e-324, "4.9406564584124654e-324"),
            (1e15 + 0.25, "1000000000000000.2"),
            (1_234_567_890_123_456.8, "1234567890123456.8"),
        ];
        for (number, text) in cases {
            assert_eq!(manifest(&json!(number)), format!("{text}\n"));
        }
        assert_eq!(manifest(&json!(i64::MAX)), "9223372036854775808\n");
    }

    #[test]
    fn text_as_go_jsonnet_prints_it() {
        let value = json!({
            "a": [], "b": {}, "c": [1, [true, null]],
            "é\u{7f}\u{80}\u{9f}ü": "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}",
        });
        let text = r#"{
   "a": [ ],
   "b": { },
   "c": [
      1,
      [
         true,
         null
      ]
   ],
   "é\u007f\u0080\u009fü": "\"\\/\b\f\n\r\t\u0000\u001f"
}
"#;
        assert_eq!(manifest(&value), text);
    }
}
