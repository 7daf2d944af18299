//! Changes that mend a finding. Each leaves the file as valid as it was: where the surroundings
//! make that doubtful, there is no change and the help must do.

use diagnostics::{Applicability, Edit, Fix, TextRange};
use yaml::{Mapping, Node, Scalar, Style};

use super::Reader;

/// Another word in the quotes of a scalar; nothing for scalars of several lines.
pub(crate) fn respelt(scalar: &Scalar, word: &str) -> Option<String> {
    match scalar.style {
        Style::Plain => Some(word.to_owned()),
        Style::SingleQuoted => Some(format!("'{word}'")),
        Style::DoubleQuoted => Some(format!("\"{word}\"")),
        Style::Literal | Style::Folded => None,
    }
}

/// A fix that puts `before` and `after` around a value, without repeating the value itself: it may
/// be a credential.
pub(super) fn surround(cx: &Reader<'_>, node: &Node, title: &str, around: (&str, &str)) -> Fix {
    let TextRange { start, end } = node.range;
    let insert = |offset: u32, text: &str| Edit {
        span: cx.span(TextRange::empty(offset as usize)),
        new_text: text.to_owned(),
    };
    Fix {
        title: title.to_owned(),
        edits: vec![insert(start, around.0), insert(end, around.1)],
        applicability: Applicability::Safe,
    }
}

/// A fix that replaces a whole entry by `key: value`, in the quotes that the key has.
pub(crate) fn rewording(
    cx: &Reader<'_>,
    (key, value): (&Node, &Node),
    (new_key, new_value): (&str, &str),
) -> Option<Fix> {
    let scalar = key.as_scalar()?;
    Some(Fix {
        title: format!("write `{new_key}: {new_value}`"),
        edits: vec![
            Edit {
                span: cx.place(key),
                new_text: respelt(scalar, new_key)?,
            },
            Edit {
                span: cx.place(value),
                new_text: respelt(scalar, new_value)?,
            },
        ],
        applicability: Applicability::Safe,
    })
}

/// A fix that removes an entry that has its lines for itself, in a mapping that has others.
pub(crate) fn removal(
    cx: &Reader<'_>,
    mapping: &Mapping,
    (key, value): (&Node, &Node),
) -> Option<Fix> {
    if mapping.flow || mapping.entries.len() < 2 {
        return None;
    }
    let text = cx.text();
    let (start, end) = (key.range.start as usize, value.range.end as usize);
    let before = text.get(..start)?;
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let behind = text.get(end..)?;
    let rest = behind.split_inclusive('\n').next().unwrap_or_default();
    // A comment behind the value is about the entry, and goes with it.
    let indent = before.get(line..)?.trim();
    let remark = rest.trim();
    if !indent.is_empty()
        || !(remark.is_empty() || rest.starts_with(' ') && remark.starts_with('#'))
    {
        return None;
    }
    Some(Fix {
        title: format!("remove `{}`", key.as_scalar()?.text),
        edits: vec![Edit {
            span: cx.span(TextRange::new(line, end + rest.len())),
            new_text: String::new(),
        }],
        applicability: Applicability::Safe,
    })
}
