//! What the core schema of YAML 1.2 (10.3.2) makes of a scalar.
//!
//! Invariant: exactly the forms of the core schema resolve; `yes`, `on`, `1_000`, `0b1`, `12:30:45`
//! and dates are strings, whatever YAML 1.1 took them for.

use crate::Resolved;

/// Resolves a plain scalar without a tag.
pub(crate) fn plain(text: &str) -> Resolved {
    null(text)
        .or_else(|| boolean(text))
        .or_else(|| number(text))
        .unwrap_or(Resolved::String)
}

/// Applies a core tag, given by its suffix (`str`, `int`, …); `None` when the text does not fit.
pub(crate) fn tagged(suffix: &str, text: &str) -> Option<Resolved> {
    match suffix {
        "str" => Some(Resolved::String),
        "null" => null(text),
        "bool" => boolean(text),
        "int" => number(text).filter(|_| is_integer(text)),
        "float" => match number(text)? {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the author asked for a float of this integer"
            )]
            Resolved::Integer(value) => Some(Resolved::Float(value as f64)),
            resolved => Some(resolved),
        },
        _ => None,
    }
}

fn null(text: &str) -> Option<Resolved> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(Resolved::Null)
}

fn boolean(text: &str) -> Option<Resolved> {
    match text {
        "true" | "True" | "TRUE" => Some(Resolved::Bool(true)),
        "false" | "False" | "FALSE" => Some(Resolved::Bool(false)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Resolved> {
    // The first byte settles it for almost every string.
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(Resolved::Float(f64::NAN)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        return Some(Resolved::Float(sign * f64::INFINITY));
    }
    if !is_decimal(unsigned) {
        return None;
    }
    if is_integer(text)
        && let Ok(value) = text.parse()
    {
        return Some(Resolved::Integer(value));
    }
    text.parse().ok().map(Resolved::Float)
}

fn radix(digits: &str, radix: u32) -> Option<Resolved> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    Some(match i64::from_str_radix(digits, radix) {
        Ok(value) => Resolved::Integer(value),
        Err(_) => Resolved::Float(digits.chars().fold(0.0, |value, c| {
            value * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0))
        })),
    })
}

/// `[-+]? [0-9]+`, `0o…` or `0x…`.
fn is_integer(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    text.starts_with("0o")
        || text.starts_with("0x")
        || (!unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
        }
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_forms_of_the_core_schema_resolve() {
        let strings = [
            "yes",
            "on",
            "Off",
            "y",
            "1_000",
            "0b1",
            "0o8",
            "0xg",
            "0x",
            "12:30:45",
            "2001-12-14",
            "<<",
            "=",
            "-",
            "+",
            ".",
            "-.",
            "e5",
            "1e",
            "1e+",
            "+0x1",
            "-0o7",
            "nan",
            ".nAn",
            "inf",
            "1.2.3",
            "nULL",
            "tRUE",
            "1 000",
            "-+1",
            "+.nan",
            "infinity",
        ];
        for text in strings {
            assert_eq!(plain(text), Resolved::String, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Resolved::Null, "{text}");
        }
        let integers = [
            ("0", 0),
            ("-0", 0),
            ("007", 7),
            ("+12", 12),
            ("0o17", 15),
            ("0x1F", 31),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, value) in integers {
            assert_eq!(plain(text), Resolved::Integer(value), "{text}");
        }
        let floats = [
            ("1.", 1.0),
            (".5", 0.5),
            ("-1.5e3", -1500.0),
            ("1e3", 1000.0),
            ("-.INF", f64::NEG_INFINITY),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("0xFFFFFFFFFFFFFFFF", 18_446_744_073_709_551_615.0),
        ];
        for (text, value) in floats {
            assert_eq!(plain(text), Resolved::Float(value), "{text}");
        }
        assert!(matches!(plain(".NaN"), Resolved::Float(value) if value.is_nan()));
    }

    #[test]
    fn core_tags_apply_or_do_not_fit() {
        assert_eq!(tagged("str", "1"), Some(Resolved::String));
        assert_eq!(tagged("int", "1"), Some(Resolved::Integer(1)));
        assert_eq!(tagged("int", "1.5"), None);
        assert_eq!(tagged("float", "1"), Some(Resolved::Float(1.0)));
        assert_eq!(tagged("bool", "yes"), None);
        assert_eq!(tagged("null", ""), Some(Resolved::Null));
    }
}
