//! The actions of the Terraform provider's own tests are action files when written as JSON, field
//! for field. They are not part of the repository: without them next to it, nothing is tried.
#![expect(
    clippy::disallowed_methods,
    reason = "it reads files outside the repository"
)]

use diagnostics::FileId;
use serde_json::{Map, Value};

/// The attributes of each `ory_action`; strings only, which is all those files have.
fn resources(hcl: &str) -> Vec<Map<String, Value>> {
    let mut found: Vec<Map<String, Value>> = Vec::new();
    for line in hcl.lines() {
        if line.starts_with("resource \"ory_action\"") {
            found.push(Map::new());
        } else if let Some((key, value)) = line.split_once('=')
            && let Some(resource) = found.last_mut()
        {
            let value = value.trim().trim_matches('"');
            resource.insert(key.trim().to_owned(), Value::from(value));
        }
    }
    found
}

#[test]
fn actions_of_terraform_files_are_accepted() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus/terraform"
    );
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let hcl = std::fs::read_to_string(entry.path()).unwrap_or_default();
        for resource in resources(&hcl) {
            let text = Value::Object(resource).to_string();
            let read = action_format::read_actions(&text, FileId::DETACHED, "test");
            assert!(
                read.diagnostics.is_empty(),
                "{text}: {:#?}",
                read.diagnostics
            );
            assert_eq!(read.value.len(), 1, "{text}");
            tried += 1;
        }
    }
    println!("{tried} Terraform actions tried");
}
