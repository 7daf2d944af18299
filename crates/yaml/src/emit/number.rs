//! Numbers as YAML 1.1 and 1.2 both read them.

use serde_json::Number;

/// Whole numbers as they are; of others, both the point and the sign of the exponent are written
/// out, without which YAML 1.1 takes `1e5` for a string.
pub(super) fn number(value: &Number) -> String {
    let text = value.to_string();
    if !value.is_f64() {
        return text;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text.as_str(), None),
    };
    let mut out = mantissa.to_owned();
    if !mantissa.contains('.') {
        out.push_str(".0");
    }
    if let Some(exponent) = exponent {
        out.push('e');
        if !exponent.starts_with(['-', '+']) {
            out.push('+');
        }
        out.push_str(exponent);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_floats_in_both_versions() {
        let number = |value: f64| number(&Number::from_f64(value).unwrap());
        assert_eq!(number(1e100), "1.0e+100");
        assert_eq!(number(-1.5e-7), "-1.5e-7");
        assert_eq!(number(2.0), "2.0");
        assert_eq!(super::number(&Number::from(-3)), "-3");
    }
}
