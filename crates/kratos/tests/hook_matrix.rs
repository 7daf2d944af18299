//! The tables of slots, kinds and fields against the matrix that was generated from Kratos's own
//! configuration schemas, where that matrix is at hand.

use kratos::{ConfigRule, Flow, HookKind, Method, Release, Slot, Timing, WebHookField};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const MATRIX: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/kratos/hook-matrix.json"
);

/// Every slot that can be written down, whether or not a release has it.
fn every_slot() -> Vec<Slot> {
    let mut slots = Vec::new();
    for flow in Flow::ALL {
        for timing in Timing::ALL {
            let methods = Method::ALL.iter().copied().map(Some);
            for method in std::iter::once(None).chain(methods) {
                slots.push(Slot {
                    flow: *flow,
                    timing: *timing,
                    method,
                });
            }
        }
    }
    slots
}

fn rule_of(kind: &Value) -> ConfigRule {
    match (
        kind["config_required"].as_bool(),
        kind["config_allowed"].as_bool(),
    ) {
        (Some(true), Some(true)) => ConfigRule::Required,
        (Some(false), Some(true)) => ConfigRule::Allowed,
        (Some(false), Some(false)) => ConfigRule::Forbidden,
        _ => panic!("what is {kind}?"),
    }
}

#[test]
fn tables_agree_with_the_generated_matrix() {
    let Ok(text) = std::fs::read_to_string(MATRIX) else {
        println!("compared 0 entries: no matrix at {MATRIX}");
        return;
    };
    let matrix: Value = serde_json::from_str(&text).unwrap();
    let mut entries = 0;
    for release in Release::ALL.iter().copied() {
        let tag = match release {
            Release::Main => "HEAD",
            _ => release.name(),
        };
        let version = &matrix["versions"][tag];
        let slots = version["slots"].as_object().unwrap();

        let names: BTreeSet<String> = Slot::all(release).iter().map(Slot::to_string).collect();
        let expected: BTreeSet<String> = slots.keys().cloned().collect();
        assert_eq!(names, expected, "slots of {release}");

        // Also the slots that the release does not have: they accept nothing.
        for slot in every_slot() {
            let expected: BTreeMap<String, ConfigRule> = slots
                .get(&slot.to_string())
                .into_iter()
                .flat_map(|it| it["kinds"].as_array().unwrap())
                .map(|kind| (kind["hook"].as_str().unwrap().to_owned(), rule_of(kind)))
                .collect();
            let found: BTreeMap<String, ConfigRule> = slot
                .kinds(release)
                .into_iter()
                .map(|(kind, rule)| (kind.to_string(), rule))
                .collect();
            assert_eq!(found, expected, "kinds of {slot} in {release}");
            entries += HookKind::ALL.len();
        }

        let fields = version["web_hook"]["fields"].as_object().unwrap();
        let known = |field: &WebHookField| match field.as_str().split_once('.') {
            Some((object, member)) => !fields[object]["properties"][member].is_null(),
            None => fields.contains_key(field.as_str()),
        };
        for field in WebHookField::ALL {
            assert_eq!(
                field.is_known(release),
                known(field),
                "{field} in {release}"
            );
            entries += 1;
        }
        let names: BTreeSet<&str> = WebHookField::ALL
            .iter()
            .map(|it| it.as_str().split('.').next().unwrap())
            .collect();
        for field in fields.keys() {
            assert!(names.contains(field.as_str()), "{field} of {release}");
            entries += 1;
        }
    }
    println!(
        "compared {entries} entries of {} releases",
        Release::ALL.len()
    );
}
