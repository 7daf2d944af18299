//! Real configurations, where the folder with them is at hand: all are read, and items are
//! inserted into two of their lists.
#![expect(clippy::disallowed_methods, reason = "a test may read files")]

use std::{fs, path::Path};

use diagnostics::FileId;
use serde_json::{Value, json};
use yaml::{Item, SetItems, parse, set_items, to_json};

const LISTS: [&[&str]; 2] = [
    &["registration", "after", "password", "hooks"],
    &["login", "after", "hooks"],
];

fn change(root: &Value, list: &[&str]) -> SetItems {
    let path: Vec<&str> = ["selfservice", "flows"]
        .into_iter()
        .chain(list.iter().copied())
        .collect();
    let present = path
        .iter()
        .try_fold(root, |value, key| value.get(key))
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let new = Item::New {
        comments: vec!["from actions/welcome.yaml".to_owned()],
        value: json!({"hook": "web_hook", "config": {"url": "https://x", "method": "POST"}}),
    };
    SetItems {
        path: path.into_iter().map(str::to_owned).collect(),
        items: (0..present).map(Item::Keep).chain([new]).collect(),
    }
}

#[test]
fn real_configurations_are_read_and_changed() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/kratos-configs");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("no real configurations at hand: none were read");
        return;
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|it| it == "yaml" || it == "yml")
        })
        .collect();
    paths.sort();
    let (mut read, mut added) = (0, 0);
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let parsed = parse(&text, FileId::DETACHED);
        if text.contains("{{-") {
            // A template that only becomes YAML.
            assert!(!parsed.diagnostics.is_empty(), "{path:?}");
            continue;
        }
        read += 1;
        assert!(
            parsed.diagnostics.is_empty(),
            "{path:?} {:?}",
            parsed.diagnostics
        );
        let root = to_json(&parsed.documents.first().unwrap().root);
        let changes = LISTS.map(|list| change(&root, list));
        let changed = set_items(&text, FileId::DETACHED, &changes).unwrap();
        let old: Vec<&str> = text.lines().collect();
        let new: Vec<&str> = changed.lines().collect();
        added += new.len() - old.len();
        let mut lines = new.into_iter();
        for line in old {
            let whole =
                lines.any(|found| found == line || line.starts_with(found) && line.ends_with("[]"));
            assert!(whole, "{path:?} lost {line}");
        }
    }
    println!("{read} real configurations were read, and {added} lines inserted");
}
