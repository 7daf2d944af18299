//! Places as programs want them: lines, columns, and the names of files.
//!
//! Invariant: a path stays relative unless it is outside of everything; it has `/`, and no `.` or
//! needless `..` in it.

use crate::{LineColumn, Sources, Span};

/// The first character of a place and the one behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: LineColumn,
    pub(super) end: LineColumn,
}

impl Place {
    /// The beginning of the file where the file is not known.
    pub(super) fn of(span: Span, sources: &Sources) -> Self {
        let at = |offset: u32| {
            sources
                .get(span.file)
                .map_or(LineColumn { line: 1, column: 1 }, |source| {
                    source.lines().line_column(source.text(), offset as usize)
                })
        };
        Self {
            start: at(span.range.start),
            end: at(span.range.end),
        }
    }
}

/// A path that is relative to `folder`, relative to what `folder` is relative to.
pub(super) fn from_root(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() {
        return path.to_owned();
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// A path as a URI (RFC 3986): a relative reference, or `file://` for an absolute one.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            // `:` is encoded, for in the first step it would end a scheme.
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_named_from_the_root() {
        assert_eq!(from_root("", "actions/a.yaml"), "actions/a.yaml");
        assert_eq!(from_root("auth", "a.yaml"), "auth/a.yaml");
        assert_eq!(from_root("x/auth", "../b.json"), "x/b.json");
        assert_eq!(from_root("auth", "../../b.json"), "../b.json");
        assert_eq!(from_root("auth", "/etc/b.json"), "/etc/b.json");
    }

    #[test]
    fn uris_hold_no_character_that_they_may_not() {
        assert_eq!(uri("a b/ü#1.yaml"), "a%20b/%C3%BC%231.yaml");
        assert_eq!(uri("c:a"), "c%3Aa");
        assert_eq!(uri("/etc/a"), "file:///etc/a");
    }
}
