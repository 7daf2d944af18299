//! Random changes of random documents: the result reads as intended, by us and by another parser,
//! nothing of the text is lost, and keeping everything changes nothing.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test says what it expects, and may be told how long to run"
)]

#[path = "support/choices.rs"]
mod choices;
#[path = "support/documents.rs"]
mod documents;

use choices::{Choices, cases};
use diagnostics::FileId;
use documents::document;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use yaml::{EditError, Item, Parsed, SetItems, parse, same_value, set_items, to_json};

/// The lists that changes go to.
const PATHS: &[&str] = &[
    "flows.login.after.hooks",
    "flows.login.after.password.hooks",
    "flows.login.before.hooks",
    "flows.registration.after.hooks",
    "flows.registration.after.password.hooks",
    "flows.settings.after.hooks",
];

fn value_of(parsed: &Parsed) -> Value {
    to_json(&parsed.documents[0].root)
}

fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    path.split('.')
        .try_fold(value, |value, key| value.get(key))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// What the value of the document is to be, written without looking at the crate's own way.
fn put(value: &mut Value, path: &[&str], items: &[Value]) {
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    let map = value.as_object_mut().unwrap();
    match path {
        [] => {}
        [key] => {
            map.insert((*key).to_owned(), Value::Array(items.to_vec()));
        }
        [key, rest @ ..] => put(map.entry(*key).or_insert(Value::Null), rest, items),
    }
}

fn new_item(choices: &mut Choices<'_>) -> (Vec<String>, Value) {
    let comments = match choices.below(4) {
        0 => vec!["from actions/a.yaml".to_owned()],
        1 => vec!["one".to_owned(), "two: é".to_owned()],
        2 => Vec::new(),
        _ => vec![String::new()],
    };
    let value = match choices.below(4) {
        0 => json!({"hook": "session"}),
        1 => {
            json!({"hook": "web_hook", "config": {"url": "https://x", "on": "yes", "h": {}, "l": [1, {"a": null}]}})
        }
        2 => json!("plain"),
        _ => json!([["nested", 1.5], []]),
    };
    (comments, value)
}

#[derive(Debug)]
struct Change {
    set: SetItems,
    items: Vec<Value>,
    comments: usize,
}

fn changes(choices: &mut Choices<'_>, before: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    for path in PATHS {
        if choices.one_in(2) {
            continue;
        }
        let old = list(before, path);
        let (mut items, mut values, mut comments) = (Vec::new(), Vec::new(), 0);
        for index in 0..=old.len() {
            let at_end = index == old.len();
            let news = if at_end {
                1 + choices.below(2)
            } else {
                choices.below(3) / 2
            };
            for _ in 0..news {
                let (lines, value) = new_item(choices);
                comments += lines.len();
                values.push(value.clone());
                items.push(Item::New {
                    comments: lines,
                    value,
                });
            }
            if !at_end {
                items.push(Item::Keep(index));
                values.push(old[index].clone());
            }
        }
        changes.push(Change {
            set: SetItems {
                path: path.split('.').map(str::to_owned).collect(),
                items,
            },
            items: values,
            comments,
        });
    }
    changes
}

fn sets(changes: &[Change]) -> Vec<SetItems> {
    changes.iter().map(|change| change.set.clone()).collect()
}

/// Lines that hold no bracket and nothing that could be taken for an empty value are not touched.
fn untouched(text: &str) -> Vec<&str> {
    text.split(['\n', '\r'])
        .map(without_end)
        .filter(|line| !line.contains(['[', ']', '{', '}', '~', '*', ',', '!']))
        .filter(|line| !line.contains("null") && !line.trim().is_empty())
        .filter(|line| !line.contains("# c") && !line.contains("key"))
        .collect()
}

/// A line without blanks and commas at its end.
fn without_end(line: &str) -> &str {
    line.trim_end_matches([' ', '\t', ','])
}

/// What became of a case.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    NotYaml,
    Shared,
    OpenEnd,
    Changed,
}

fn check(choices: &mut Choices<'_>) -> Outcome {
    let text = document(choices);
    check_text(choices, &text)
}

/// A document with a few characters replaced, inserted or deleted: whatever it is then, it is
/// changed rightly, which the crate proves itself, or not at all.
fn check_damaged(choices: &mut Choices<'_>) {
    let mut text = document(choices);
    for _ in 0..=choices.below(3) {
        let count = text.chars().count();
        let Some((start, c)) = text.char_indices().nth(choices.below(count)) else {
            break;
        };
        let end = start + if choices.one_in(2) { c.len_utf8() } else { 0 };
        let new = choices.pick(&[
            "", " ", "\n", "\t", ":", "-", "#", ",", "[", "]", "{", "}", "?", "*a1", "&a1", "!x",
            "|", ">", "'", "\"", "\r", "%", "é", "- ", ": ", " #", "---\n", "<<", "~",
        ]);
        text.replace_range(start..end, new);
    }
    let before = value_of(&parse(&text, FileId::DETACHED));
    let changes = changes(choices, &before);
    if let Ok(after) = set_items(&text, FileId::DETACHED, &sets(&changes)) {
        let result = value_of(&parse(&after, FileId::DETACHED));
        for change in &changes {
            let path = change.set.path.join(".");
            assert_eq!(list(&result, &path), change.items, "{text:?}");
        }
    }
}

fn check_text(choices: &mut Choices<'_>, text: &str) -> Outcome {
    let parsed = parse(text, FileId::DETACHED);
    if !parsed.diagnostics.is_empty() {
        return Outcome::NotYaml;
    }
    let before = value_of(&parsed);
    let changes = changes(choices, &before);
    let mut intended = before.clone();
    for change in &changes {
        let path: Vec<&str> = change.set.path.iter().map(String::as_str).collect();
        put(&mut intended, &path, &change.items);
    }
    let after = match set_items(text, FileId::DETACHED, &sets(&changes)) {
        Ok(after) => after,
        Err(EditError::AliasInTheWay { .. }) if text.contains('*') => return Outcome::Shared,
        Err(EditError::NoFinalLineBreak { .. }) if !text.ends_with(['\n', '\r']) => {
            return Outcome::OpenEnd;
        }
        Err(error) => panic!("{error:?} of\n{text}\n{text:?}"),
    };
    let show = || format!("of\n{text}\nto\n{after}\n{text:?}\n{after:?}");

    let result = parse(&after, FileId::DETACHED);
    assert!(result.diagnostics.is_empty(), "{}", show());
    assert!(same_value(&value_of(&result), &intended), "{}", show());
    if let Some(theirs) = other_reading(text)
        && same_value(&theirs, &before)
    {
        let theirs = other_reading(&after);
        assert!(
            theirs.as_ref().is_some_and(|it| same_value(it, &intended)),
            "{theirs:?}\n{intended:?}\n{}",
            show()
        );
    }

    let mut lines = after.split(['\n', '\r']).map(without_end);
    for line in untouched(text) {
        assert!(
            lines.any(|found| found.starts_with(line)),
            "lost {line:?} {}",
            show()
        );
    }
    let added: usize = changes.iter().map(|change| change.comments).sum();
    assert_eq!(
        result.documents[0].comments.len(),
        parsed.documents[0].comments.len() + added,
        "{}",
        show()
    );
    let has_lines = text.contains(['\n', '\r']);
    assert!(
        !has_lines || text.ends_with(['\n', '\r']) == after.ends_with(['\n', '\r']),
        "{}",
        show()
    );

    let kept: Vec<SetItems> = changes
        .iter()
        .map(|change| SetItems {
            path: change.set.path.clone(),
            items: (0..change.items.len()).map(Item::Keep).collect(),
        })
        .collect();
    let again = set_items(&after, FileId::DETACHED, &kept).unwrap();
    assert_eq!(again, after);
    Outcome::Changed
}

/// The value as the other parser reads it, merge keys applied; it counts a byte order mark as a
/// column, so that is left out.
fn other_reading(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    value.apply_merge().ok()?;
    serde_json::to_value(value).ok()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(400),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_documents_are_changed_rightly_or_not_at_all(
        choices in proptest::collection::vec(any::<u16>(), 0..400)
    ) {
        check_damaged(&mut Choices::new(&choices));
    }

    #[test]
    fn changes_do_what_was_asked_and_nothing_else(
        choices in proptest::collection::vec(any::<u16>(), 0..400)
    ) {
        check(&mut Choices::new(&choices));
    }
}

#[test]
fn most_random_documents_are_yaml_and_can_be_changed() {
    let mut state = 1_u64;
    let mut counts = [0; 4];
    for _ in 0..300 {
        let choices: Vec<u16> = (0..400)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                u16::try_from(state >> 48).unwrap()
            })
            .collect();
        counts[check(&mut Choices::new(&choices)) as usize] += 1;
    }
    println!("not YAML, shared, open end, changed: {counts:?}");
    assert!(counts[Outcome::Changed as usize] > 150, "{counts:?}");
}
