//! Texts that will have interpolation: `${…}` is refused today, `$${` already is a literal `${`.
//!
//! Invariant: a text that is accepted today means the same when interpolation is built.

use yaml::Node;

use super::{Reader, refuse};
use crate::Spanned;

/// Resolves the escape in `text`, which `node` holds, or refuses the first interpolation.
pub(crate) fn literal(
    cx: &mut Reader<'_>,
    node: &Node,
    text: Option<Spanned<String>>,
) -> Option<Spanned<String>> {
    let text = text?;
    let Some(range) = interpolation(&text.value) else {
        return Some(text.map(|text| text.replace("$${", "${")));
    };
    let place = cx.inside(node, range);
    refuse(
        cx,
        place,
        "interpolation with `${…}`",
        "write the value itself, or `$${` for a literal `${`",
    );
    None
}

/// The first `${…}` of a text: a `${` without another `$` before it.
fn interpolation(text: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("${")?;
        if start == 0 || text.as_bytes().get(start - 1) != Some(&b'$') {
            let end = text
                .get(start..)?
                .find('}')
                .map_or(text.len(), |close| start + close + 1);
            return Some(start..end);
        }
        from = start + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::interpolation;

    #[test]
    fn only_unescaped_openings_count() {
        for (text, found) in [
            ("https://example.com/$1", None),
            ("a${env.X}b", Some("${env.X}")),
            ("$${a}", None),
            ("$$${a}", None),
            ("$${a}${b}", Some("${b}")),
            ("${open", Some("${open")),
        ] {
            assert_eq!(
                interpolation(text).map(|range| &text[range]),
                found,
                "{text}"
            );
        }
    }
}
