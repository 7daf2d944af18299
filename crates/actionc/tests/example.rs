//! The example in the repository's root, compiled: for its own release, for an old one, and as a
//! plan. Where Kratos's own schemas are at hand, the results are held against them.
#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn actionc(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_actionc"))
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_example_compiles_to_its_snapshots() {
    snapshot("kratos-v26.2.0", &actionc(&["compile", "--out", "-"]));
    snapshot(
        "kratos-v1.3.1",
        &actionc(&["compile", "--out", "-", "--kratos", "v1.3.1"]),
    );
    snapshot("plan-v26.2.0", &actionc(&["plan"]));
}

#[test]
fn the_compiled_example_on_disk_is_fresh() {
    assert_eq!(actionc(&["compile", "--check"]), "");
}

#[test]
fn every_release_compiles_the_example_to_the_same_text_twice() {
    for release in ["v1.2.0", "v1.3.1", "v25.4.0", "v26.2.0", "main"] {
        let once = actionc(&["compile", "--out", "-", "--kratos", release]);
        assert_eq!(
            once,
            actionc(&["compile", "--out", "-", "--kratos", release])
        );
    }
}

/// References to schemas of other files are stubbed: what they describe is not ours.
struct Stub;

impl jsonschema::Retrieve for Stub {
    fn retrieve(
        &self,
        _uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::Bool(true))
    }
}

#[test]
fn the_compiled_example_validates_against_kratos_own_schemas() {
    let schemas = root().join("../shared/kratos/config-schema");
    if !schemas.is_dir() {
        println!("ran no case: Kratos's configuration schemas are not here");
        return;
    }
    let mut cases = 0;
    for (release, schema) in [
        ("v1.2.0", "v1.2.0"),
        ("v1.3.1", "v1.3.1"),
        ("v25.4.0", "v25.4.0"),
        ("v26.2.0", "v26.2.0"),
        ("main", "HEAD"),
    ] {
        let text = std::fs::read_to_string(schemas.join(format!("{schema}.json"))).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        let validator = jsonschema::options()
            .with_retriever(Stub)
            .build(&schema)
            .unwrap();
        let compiled = actionc(&["compile", "--out", "-", "--kratos", release]);
        let document: Value = serde_yaml::from_str(&compiled).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{release}: {errors:#?}");
        let mut broken = document;
        broken["selfservice"]["flows"]["login"]["after"]["hooks"][0]["hook"] = "nonsense".into();
        assert!(
            !validator.is_valid(&broken),
            "the schema of {release} accepts anything"
        );
        cases += 1;
    }
    println!("validated {cases} compiled examples");
}

#[test]
fn the_pre_commit_hooks_pass_on_the_example() {
    let text = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<Value> = serde_yaml::from_str(&text).unwrap();
    let entries: Vec<&str> = hooks
        .iter()
        .filter_map(|hook| hook["entry"].as_str())
        .collect();
    assert_eq!(entries, ["actionc check", "actionc compile --check"]);
    for entry in entries {
        let arguments: Vec<&str> = entry.split(' ').skip(1).collect();
        actionc(&arguments);
    }
}
