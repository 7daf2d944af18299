//! The tables of slots, kinds and fields against Kratos's own configuration schemas.
//!
//! `matrix.txt` was generated from those schemas: for each release the slots that changed, with
//! all the kinds they accept from then on. `!` says that the kind must have a `config`, `?` that
//! it may. The line `web_hook` lists the fields of its `config`.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reads files, says what it did and may fail"
)]

use kratos::{ConfigRule, Flow, HookKind, Method, Release, Slot, Timing, WebHookField, methods_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const GENERATED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/kratos/hook-matrix.json"
);

/// What the schema of one release accepts.
#[derive(Debug, Clone, Default, PartialEq)]
struct Schema {
    slots: BTreeMap<String, BTreeMap<String, ConfigRule>>,
    fields: BTreeSet<String>,
}

type Matrix = BTreeMap<Release, Schema>;

fn carried() -> Matrix {
    let mut matrix = Matrix::new();
    let mut release = Release::V0_13_0;
    let mut schema = Schema::default();
    for line in include_str!("matrix.txt").lines() {
        if let Some(name) = line.strip_prefix("# ") {
            release = Release::parse(name).unwrap().release;
        } else {
            let (slot, words) = line.split_once(": ").unwrap();
            if slot == "web_hook" {
                schema.fields = words.split(' ').map(str::to_owned).collect();
            } else {
                let kinds = words.split(' ').map(kind_of).collect();
                schema.slots.insert(slot.to_owned(), kinds);
            }
        }
        matrix.insert(release, schema.clone());
    }
    matrix
}

fn kind_of(word: &str) -> (String, ConfigRule) {
    let (kind, rule) = match word.strip_suffix('!') {
        Some(kind) => (kind, ConfigRule::Required),
        None => match word.strip_suffix('?') {
            Some(kind) => (kind, ConfigRule::Allowed),
            None => (word, ConfigRule::Forbidden),
        },
    };
    (kind.to_owned(), rule)
}

/// The matrix as it was generated, with more in it than is carried.
fn generated(text: &str) -> Matrix {
    let json: Value = serde_json::from_str(text).unwrap();
    let schema_of = |release: &Release| {
        let tag = match release {
            Release::Main => "HEAD",
            _ => release.name(),
        };
        let version = &json["versions"][tag];
        let slots = version["slots"].as_object().unwrap().iter();
        let fields = version["web_hook"]["fields"].as_object().unwrap().iter();
        Schema {
            slots: slots
                .map(|(slot, it)| {
                    let kinds = it["kinds"].as_array().unwrap().iter();
                    (slot.clone(), kinds.map(generated_kind).collect())
                })
                .collect(),
            fields: fields
                .flat_map(|(field, it)| match (field.as_str(), &it["properties"]) {
                    ("response", Value::Object(members)) => {
                        let members = members.keys();
                        members.map(|it| format!("{field}.{it}")).collect()
                    }
                    _ => vec![field.clone()],
                })
                .collect(),
        }
    };
    let releases = Release::ALL.iter();
    releases.map(|it| (*it, schema_of(it))).collect()
}

fn generated_kind(kind: &Value) -> (String, ConfigRule) {
    let flag = |key: &str| kind[key].as_bool().unwrap();
    let rule = match (flag("config_required"), flag("config_allowed")) {
        (true, true) => ConfigRule::Required,
        (false, true) => ConfigRule::Allowed,
        (false, false) => ConfigRule::Forbidden,
        (true, false) => panic!("what is {kind}?"),
    };
    (kind["hook"].as_str().unwrap().to_owned(), rule)
}

/// Every slot that can be written down, whether or not a release has it.
fn every_slot() -> Vec<Slot> {
    let mut slots = Vec::new();
    for flow in Flow::ALL.iter().copied() {
        for timing in Timing::ALL.iter().copied() {
            let methods = Method::ALL.iter().copied().map(Some);
            slots.extend(std::iter::once(None).chain(methods).map(|method| Slot {
                flow,
                timing,
                method,
            }));
        }
    }
    slots
}

/// Compares the tables with a matrix, entry by entry; says how many.
fn compare(matrix: &Matrix) -> usize {
    let mut entries = 0;
    for (release, schema) in matrix {
        let release = *release;
        for slot in every_slot() {
            let expected = schema.slots.get(&slot.to_string());
            assert_eq!(slot.exists(release), expected.is_some(), "{slot} {release}");
            for kind in HookKind::ALL.iter().copied() {
                let expected = expected.and_then(|it| it.get(kind.as_str())).copied();
                let found = slot.config_rule(kind, release);
                assert_eq!(found, expected, "{kind} in {slot} of {release}");
                entries += 1;
            }
            let listed: BTreeMap<String, ConfigRule> = slot
                .kinds(release)
                .into_iter()
                .map(|(kind, rule)| (kind.to_string(), rule))
                .collect();
            let expected = expected.cloned().unwrap_or_default();
            assert_eq!(listed, expected, "{slot} of {release}");
        }
        let listed: BTreeSet<String> = Slot::all(release).iter().map(Slot::to_string).collect();
        assert_eq!(listed, schema.slots.keys().cloned().collect(), "{release}");

        let fields = WebHookField::ALL.iter();
        let known: BTreeSet<String> = fields
            .filter(|it| it.is_known(release))
            .map(WebHookField::to_string)
            .collect();
        assert_eq!(known, schema.fields, "{release}");
        entries += WebHookField::ALL.len();
    }
    entries
}

#[test]
fn tables_agree_with_the_schemas() {
    let carried = carried();
    assert!(carried.keys().eq(Release::ALL), "a release is missing");
    let entries = compare(&carried);
    println!("compared {entries} entries with the carried matrix");
}

#[test]
fn the_carried_matrix_agrees_with_the_generated_one() {
    match std::fs::read_to_string(GENERATED) {
        Ok(text) => {
            let generated = generated(&text);
            assert_eq!(carried(), generated);
            let entries = compare(&generated);
            println!("compared {entries} entries with the generated matrix");
        }
        Err(_) => println!("compared 0 entries: no matrix at {GENERATED}"),
    }
}

#[test]
fn the_first_release_is_the_first_that_accepts() {
    for slot in every_slot() {
        let first = Release::ALL.iter().copied().find(|it| slot.exists(*it));
        assert_eq!(slot.first_release(), first, "{slot}");
        for kind in HookKind::ALL.iter().copied() {
            let accepts = |it: &Release| slot.config_rule(kind, *it).is_some();
            let first = Release::ALL.iter().copied().find(accepts);
            assert_eq!(slot.first_release_with(kind), first, "{kind} in {slot}");
        }
        assert_eq!(Slot::parse(&slot.to_string()), Some(slot));
    }
}

#[test]
fn method_lists_stand_below_after_only() {
    for release in Release::ALL.iter().copied() {
        for flow in Flow::ALL.iter().copied() {
            assert_eq!(methods_of(flow, Timing::Before, release), []);
        }
        for flow in [Flow::Recovery, Flow::Verification] {
            assert_eq!(methods_of(flow, Timing::After, release), []);
        }
    }
}
