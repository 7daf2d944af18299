//! Secrets inside of URLs, by their place: the password before `@`, and what a parameter of the
//! query holds that is named or looks like a secret.
//!
//! Invariant: what `secret-in-url` calls a secret is one here.

use diagnostics::TextRange;

use crate::lint::secrets::{is_secret_parameter, looks_secret};

/// What stands for a secret.
const MASK: &str = "•••";

/// Whether a parameter of a query holds a secret.
pub(crate) fn is_secret(name: &str, value: &str) -> bool {
    !value.is_empty() && (is_secret_parameter(name) || looks_secret(value))
}

/// The secrets of all URLs in a text, in order.
pub(crate) fn ranges(text: &str) -> Vec<TextRange> {
    // A text of one word is a URL as a whole, in which quotes are letters like others.
    let bare = text.trim_matches(['"', '\'']);
    let one_word = !bare.contains(char::is_whitespace);
    let ends =
        |it: char| it.is_whitespace() || it == '"' || (!one_word && matches!(it, '\'' | '`'));
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = text.get(start..).unwrap_or_default();
        let authority = until(rest, |it| ends(it) || matches!(it, '/' | '?' | '#'));
        let Some((user, _)) = authority.rsplit_once('@') else {
            continue;
        };
        match user.split_once(':') {
            Some((name, password)) => push(&mut found, start + name.len() + 1, password),
            None if looks_secret(user) => push(&mut found, start, user),
            None => {}
        }
    }
    for (at, mark) in text.match_indices('?') {
        let mut start = at + mark.len();
        let query = until(text.get(start..).unwrap_or_default(), |it| {
            ends(it) || it == '#'
        });
        let query = if one_word {
            query.trim_end_matches('\'')
        } else {
            query
        };
        for pair in query.split('&') {
            if let Some((name, value)) = pair.split_once('=')
                && is_secret(name, value)
            {
                push(&mut found, start + name.len() + 1, value);
            }
            start += pair.len() + 1;
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The text with each secret of a URL masked.
#[must_use]
pub fn without_url_secrets(text: &str) -> String {
    let mut out = text.to_owned();
    for range in ranges(text).into_iter().rev() {
        out.replace_range(range.start as usize..range.end as usize, MASK);
    }
    out
}

fn until(text: &str, ends: impl Fn(char) -> bool) -> &str {
    text.split(ends).next().unwrap_or(text)
}

fn push(found: &mut Vec<TextRange>, start: usize, secret: &str) {
    if !secret.is_empty() {
        found.push(TextRange::new(start, start + secret.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_where_they_stand() {
        for (text, masked) in [
            (
                "https://api:api@api.example.com/",
                "https://api:•••@api.example.com/",
            ),
            (
                "https://u:p@p.example.com/p",
                "https://u:•••@p.example.com/p",
            ),
            ("https://u:p@ss@example.com/", "https://u:•••@example.com/"),
            ("https://u:@example.com/", "https://u:@example.com/"),
            ("https://example.com/a:b@c", "https://example.com/a:b@c"),
            (
                "https://example.com/?token=token&a=b#token=c",
                "https://example.com/?token=•••&a=b#token=c",
            ),
            (
                "'https://example.com/?key=it's'",
                "'https://example.com/?key=•••'",
            ),
            (
                "{a: 'https://u:p@example.com/?key=k', b: '?'}",
                "{a: 'https://u:•••@example.com/?key=•••', b: '?'}",
            ),
        ] {
            assert_eq!(without_url_secrets(text), masked);
        }
    }
}
