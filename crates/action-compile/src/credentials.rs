//! Credentials in files: what no finding, plan or diff may show.
//!
//! They are known by the key they stand under, in action files and configurations alike, so that
//! a file with mistakes hides them too. Invariant: too much may be hidden, never too little of what
//! these keys hold.

use diagnostics::{Diagnostic, FileId, Sources, TextRange};
use yaml::{Node, View};

use crate::document::{self, Format};
use crate::url_secrets;

/// Keys whose value is a credential, in lower case: of action files, of Kratos's configuration,
/// and of headers.
const KEYS: [&str; 17] = [
    "value",
    "password",
    "webhook_auth_api_key_value",
    "webhook_auth_api_key_value_wo",
    "webhook_auth_basic_auth_password",
    "webhook_auth_basic_auth_password_wo",
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api_key",
    "token",
    "dsn",
    "secrets",
    "client_secret",
    "private_key",
    "connection_uri",
];

/// Hides the credentials of every file that a finding points into.
pub(crate) fn hide(sources: &mut Sources, diagnostics: &[Diagnostic]) {
    let spans = diagnostics.iter().flat_map(|it| {
        std::iter::once(it.primary.file).chain(it.labels.iter().map(|label| label.span.file))
    });
    let files: std::collections::BTreeSet<FileId> = spans.collect();
    for file in files {
        let text = sources.text(file);
        let parts = ranges(sources.path(file), text);
        sources.hide(file, parts);
    }
}

/// The credentials of a text, longest first, for masking a diff of it.
#[must_use]
pub fn credentials(path: &str, text: &str) -> Vec<String> {
    let mut found: Vec<String> = ranges(path, text)
        .into_iter()
        .map(|range| range.of(text).trim_matches(['"', '\'', ' ']).to_owned())
        .filter(|secret| !secret.is_empty())
        .collect();
    found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    found.dedup();
    found
}

/// Where credentials stand. Of a text that does not parse every line that looks like one is.
fn ranges(path: &str, text: &str) -> Vec<TextRange> {
    let (root, diagnostics) = document::read(Format::of_path(path), text, FileId::DETACHED);
    let mut found = Vec::new();
    if let Some(root) = &root {
        collect(root, text, false, &mut found);
    }
    if root.is_none() || diagnostics.iter().any(Diagnostic::is_error) {
        by_line(text, &mut found);
        found.extend(url_secrets::ranges(text));
    }
    found
}

fn is_key(key: &str) -> bool {
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Recursion is bounded by the depth that the readers allow.
fn collect(node: &Node, text: &str, secret: bool, found: &mut Vec<TextRange>) {
    match &node.kind {
        yaml::Kind::Mapping(mapping) => {
            for entry in &mapping.entries {
                // `password` is also a method, with lists below it; `secrets` holds lists of them.
                let named = entry.key_text().is_some_and(|key| {
                    is_key(key) && (entry.value.as_mapping().is_none() || key == "secrets")
                });
                collect(&entry.value, text, secret || named, found);
            }
        }
        yaml::Kind::Sequence(sequence) => {
            for item in &sequence.items {
                collect(item, text, secret, found);
            }
        }
        yaml::Kind::Alias(alias) => {
            if let Some(target) = alias.target.as_ref().filter(|_| secret) {
                collect(target, text, true, found);
            }
        }
        yaml::Kind::Scalar(_) if secret => found.push(node.range),
        yaml::Kind::Scalar(_) => {
            if let View::String(value) = node.view() {
                found.extend(in_urls(node, value, text));
            }
        }
    }
}

/// The secrets of the URLs in a scalar, or all of it where it is written in another way than it
/// reads.
fn in_urls(node: &Node, value: &str, text: &str) -> Vec<TextRange> {
    let written = node.range.of(text);
    let ranges = url_secrets::ranges(written);
    let of_value = url_secrets::ranges(value);
    let as_written = ranges.iter().map(|it| it.of(written));
    if as_written.eq(of_value.iter().map(|it| it.of(value))) {
        let start = node.range.start as usize;
        let moved =
            |it: &TextRange| TextRange::new(start + it.start as usize, start + it.end as usize);
        ranges.iter().map(moved).collect()
    } else {
        vec![node.range]
    }
}

/// Everything behind `key:` or `key =` on its line.
fn by_line(text: &str, found: &mut Vec<TextRange>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        for (offset, _) in line.match_indices([':', '=']) {
            let before = line.get(..offset).unwrap_or("");
            let key = before
                .rsplit([' ', '{', ',', '-', '\t'])
                .find(|word| !word.is_empty());
            if key.is_some_and(|key| is_key(key.trim_matches(['"', '\'']))) {
                found.push(TextRange::new(at + offset + 1, at + line.trim_end().len()));
                break;
            }
        }
        at += line.len();
    }
}
