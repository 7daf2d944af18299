//! The functions of std as the generator knows them: `std.txt`, written from measurements of
//! go-jsonnet and not from what the checker believes.

use std::sync::LazyLock;

/// A function, for one way to call it.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub params: Vec<StdParam>,
    /// What it gives.
    pub result: Spec,
}

/// A parameter of a function of std.
#[derive(Clone, Debug)]
pub(crate) struct StdParam {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub spec: Spec,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether all evaluators know it by this name.
    pub by_name: bool,
}

/// What a parameter takes, or a function gives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spec {
    /// One of the kinds.
    Kind(&'static str),
    /// A shape that is the same wherever the letter stands.
    Letter(char),
    /// A value that is made with care.
    Picky(&'static str),
    /// An array, perhaps of one element at least.
    List(Box<Spec>, usize),
    /// An object of such values.
    Map(Box<Spec>),
    /// A function.
    Function(Vec<Spec>, Box<Spec>),
}

/// Every way to call a function of std.
pub(crate) static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let lines = include_str!("std.txt").lines();
    lines
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(signature)
        .collect()
});

fn signature(line: &'static str) -> Option<Signature> {
    let (name, rest) = line.split_once('(')?;
    let (params, result) = rest.rsplit_once(") -> ")?;
    Some(Signature {
        name,
        params: parts(params).into_iter().filter_map(param).collect(),
        result: spec(result)?,
    })
}

fn param(text: &'static str) -> Option<StdParam> {
    let (name, kind) = text.split_once(": ")?;
    let (name, by_name) = match name.strip_prefix('=') {
        Some(name) => (name, false),
        None => (name, true),
    };
    let (name, optional) = match name.strip_suffix('?') {
        Some(name) => (name, true),
        None => (name, false),
    };
    Some(StdParam {
        name,
        spec: spec(kind)?,
        optional,
        by_name,
    })
}

/// What stands between the commas that are in no bracket.
fn parts(text: &'static str) -> Vec<&'static str> {
    let (mut depth, mut start) = (0_usize, 0);
    let mut found = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(start..));
    found
        .into_iter()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect()
}

fn spec(text: &'static str) -> Option<Spec> {
    let inside =
        |text: &'static str, open: &str, close: char| text.strip_prefix(open)?.strip_suffix(close);
    if let Some(word) = inside(text, "{", '}') {
        return Some(Spec::Picky(word));
    }
    if let Some(item) = inside(text, "arr[", ']') {
        return Some(Spec::List(Box::new(spec(item)?), 0));
    }
    if let Some(item) = inside(text, "arr+[", ']') {
        return Some(Spec::List(Box::new(spec(item)?), 1));
    }
    if let Some(value) = inside(text, "map[", ']') {
        return Some(Spec::Map(Box::new(spec(value)?)));
    }
    if let Some(rest) = text.strip_prefix("fn(") {
        let (params, result) = rest.split_once(")->")?;
        let params = parts(params).into_iter().map(spec).collect::<Option<_>>()?;
        return Some(Spec::Function(params, Box::new(spec(result)?)));
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(Spec::Letter(letter)),
        _ => Some(Spec::Kind(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = include_str!("std.txt").lines();
        let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
        assert_eq!(SIGNATURES.len(), lines.count());
        for it in SIGNATURES.iter() {
            let written = include_str!("std.txt")
                .lines()
                .filter_map(|line| line.strip_prefix(it.name)?.strip_prefix('('))
                .map(|rest| rest.split(") -> ").next().unwrap_or_default())
                .any(|params| parts(params).len() == it.params.len());
            assert!(written, "{}", it.name);
        }
    }
}
