//! Types as people read them, in the notation of TypeScript, cut short.

use std::fmt;

use super::{Array, Kinds, Number, Presence, Shape, Text, Ty};

/// Longer unions, objects and literals end in `…`.
const WIDTH: usize = 5;

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self, 2, WIDTH))
    }
}

impl Ty {
    /// The whole type, nothing cut short.
    #[must_use]
    pub fn to_full_string(&self) -> String {
        print(self, usize::MAX, usize::MAX)
    }
}

fn print(ty: &Ty, depth: usize, width: usize) -> String {
    match ty {
        Ty::Unknown => "unknown".to_owned(),
        Ty::Poison => "?".to_owned(),
        Ty::Kinds(kinds) if kinds.is_empty() => "never".to_owned(),
        Ty::Kinds(kinds) => {
            let mut parts = Vec::new();
            alternatives(kinds, depth, width, &mut parts);
            limit(&mut parts, width.saturating_add(3), "…");
            parts.join(" | ")
        }
    }
}

fn alternatives(kinds: &Kinds, depth: usize, width: usize, parts: &mut Vec<String>) {
    match kinds.bools {
        [true, true] => parts.push("boolean".to_owned()),
        [true, false] => parts.push("false".to_owned()),
        [false, true] => parts.push("true".to_owned()),
        [false, false] => {}
    }
    kinds.number.iter().for_each(|it| number(it, width, parts));
    kinds.text.iter().for_each(|it| text(it, width, parts));
    parts.extend(kinds.array.iter().map(|it| array(it, depth, width)));
    parts.extend(kinds.shapes.iter().map(|it| shape(it, depth, width)));
    if kinds.null {
        parts.push("null".to_owned());
    }
}

fn limit(parts: &mut Vec<String>, width: usize, more: &str) {
    if parts.len() > width {
        parts.truncate(width);
        parts.push(more.to_owned());
    }
}

fn number(number: &Number, width: usize, parts: &mut Vec<String>) {
    if number.literals.is_empty() || number.literals.len() > width {
        parts.push(if number.integer { "integer" } else { "number" }.to_owned());
    } else {
        parts.extend(number.literals.iter().map(f64::to_string));
    }
}

fn text(text: &Text, width: usize, parts: &mut Vec<String>) {
    match &text.literals {
        Some(literals) if literals.len() <= width => {
            parts.extend(literals.iter().map(|it| format!("{:?}", cut(it))));
        }
        Some(literals) => {
            let shown = literals.iter().take(2).map(|it| format!("{:?}", cut(it)));
            parts.extend(shown);
            parts.push("…".to_owned());
        }
        None => parts.push("string".to_owned()),
    }
}

fn cut(literal: &str) -> String {
    if literal.chars().count() <= 30 {
        return literal.to_owned();
    }
    literal.chars().take(28).chain(['…']).collect()
}

fn array(array: &Array, depth: usize, width: usize) -> String {
    if depth == 0 {
        return "[…]".to_owned();
    }
    let is_tuple = array.rest.is_never() || array.max == Some(array.prefix.len());
    if is_tuple {
        let mut parts: Vec<String> = array
            .prefix
            .iter()
            .map(|it| print(it, depth - 1, width))
            .collect();
        limit(&mut parts, width, "…");
        return format!("[{}]", parts.join(", "));
    }
    let element = print(&array.element(), depth - 1, width);
    if element.contains(" | ") {
        format!("({element})[]")
    } else {
        format!("{element}[]")
    }
}

fn shape(shape: &Shape, depth: usize, width: usize) -> String {
    if depth == 0 && (!shape.fields.is_empty() || shape.rest.is_some()) {
        return "{…}".to_owned();
    }
    let mut parts = Vec::new();
    for (name, field) in &shape.fields {
        let mark = match field.presence {
            Presence::Required => "",
            Presence::Optional => "?",
            Presence::Absent => continue,
        };
        let value = print(&field.ty, depth.saturating_sub(1), width);
        parts.push(format!("{}{mark}: {value}", key(name)));
    }
    limit(&mut parts, width, "…");
    if let Some(rest) = &shape.rest {
        let value = print(rest, depth.saturating_sub(1), width);
        parts.push(format!("[string]: {value}"));
    }
    match parts.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", parts.join(", ")),
    }
}

fn key(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty();
    if is_plain {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
