//! Recordings conform to the schema of their point; a key less or more, and they do not.

use crate::recorded::{Recorded, Recordings, all, carried};
use crate::schema::{Holes, to_json_schema};
use jsonschema::Validator;
use kratos::{CtxOptions, Point, Release, ctx};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What came of the recordings of one release.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
struct Tally {
    documents: usize,
    conform: usize,
    without_a_key: usize,
    without_a_key_refused: usize,
    with_unknown_key: usize,
    with_unknown_key_refused: usize,
}

#[test]
fn carried_recordings_conform_and_their_mutations_do_not() {
    let tallies = check(&carried());
    let releases: Vec<Release> = tallies.keys().copied().collect();
    assert_eq!(
        releases,
        [Release::V0_13_0, Release::V1_3_1, Release::Main],
        "a release without recordings"
    );
}

#[test]
fn all_recordings_conform_and_their_mutations_do_not() {
    match all() {
        Some(recordings) => drop(check(&recordings)),
        None => println!("the full recordings are not here: none checked"),
    }
}

/// Checks every document, prints the tallies and fails when one is not perfect.
fn check(recordings: &Recordings) -> BTreeMap<Release, Tally> {
    let mut schemas = Schemas {
        identity_schemas: &recordings.identity_schemas,
        made: BTreeMap::new(),
    };
    let mut tallies: BTreeMap<Release, Tally> = BTreeMap::new();
    let mut complaints = Vec::new();
    for document in &recordings.documents {
        let schema = schemas.of(document);
        let tally = tallies.entry(document.release).or_default();
        tally.documents += 1;
        match schema.validate(&document.ctx) {
            Ok(()) => tally.conform += 1,
            Err(error) => {
                complaints.push(format!(
                    "{}: {error} at {}",
                    document.label,
                    error.instance_path()
                ));
                continue;
            }
        }
        for (key, mutated) in without_a_key(&document.ctx) {
            tally.without_a_key += 1;
            if schema.is_valid(&mutated) {
                complaints.push(format!("{}: conforms without {key}", document.label));
            } else {
                tally.without_a_key_refused += 1;
            }
        }
        for (place, mutated) in with_unknown_key(&document.ctx) {
            tally.with_unknown_key += 1;
            if schema.is_valid(&mutated) {
                complaints.push(format!(
                    "{}: conforms with an unknown key in {place}",
                    document.label
                ));
            } else {
                tally.with_unknown_key_refused += 1;
            }
        }
    }
    for (release, tally) in &tallies {
        println!(
            "{release}: {} of {} documents conform; refused {} of {} without a required key, \
             {} of {} with an unknown key",
            tally.conform,
            tally.documents,
            tally.without_a_key_refused,
            tally.without_a_key,
            tally.with_unknown_key_refused,
            tally.with_unknown_key,
        );
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    tallies
}

/// The validators of the points met so far.
struct Schemas<'a> {
    identity_schemas: &'a Value,
    made: BTreeMap<(Point, Release, String), Validator>,
}

impl Schemas<'_> {
    fn of(&mut self, document: &Recorded) -> &Validator {
        let Recorded { point, release, .. } = *document;
        let name = document.identity_schema.clone();
        let traits = &self.identity_schemas[&name]["properties"]["traits"];
        let made = self.made.entry((point, release, name));
        made.or_insert_with(|| {
            let shape = ctx(point, release, &CtxOptions::default());
            let schema = to_json_schema(
                &shape,
                &Holes {
                    alternatives: Vec::new(),
                    traits: traits.clone(),
                    metadata_public: json!({"type": "object"}),
                },
            );
            jsonschema::options()
                .should_validate_formats(true)
                .build(&schema)
                .unwrap()
        })
    }
}

/// The objects that are mutated, `ctx` itself first.
const OBJECTS: &[&str] = &[
    "",
    "/flow",
    "/flow/ui",
    "/flow/identity",
    "/flow/identity/verifiable_addresses/0",
    "/identity",
    "/identity/verifiable_addresses/0",
    "/identity/recovery_addresses/0",
    "/session",
    "/session/identity",
    "/session/devices/0",
    "/session/authentication_methods/0",
];

/// The keys that Go leaves out when they are empty (`omitempty`); all others are required. Where a
/// point knows more of one of them, `presence.rs` says so.
const LEFT_OUT_WHEN_EMPTY: &[&str] = &[
    "active",
    "external_id",
    "messages",
    "provider",
    "recovery_addresses",
    "return_to",
    "state_changed_at",
    "transient_payload",
    "verifiable_addresses",
    "verified_at",
];

/// The document without one of its required keys, for each of them.
fn without_a_key(ctx: &Value) -> Vec<(String, Value)> {
    let mut mutations = Vec::new();
    for place in OBJECTS {
        let object = ctx.pointer(place).and_then(Value::as_object);
        for key in object.into_iter().flat_map(|it| it.keys()) {
            if LEFT_OUT_WHEN_EMPTY.contains(&key.as_str()) {
                continue;
            }
            let mut mutated = ctx.clone();
            let object = mutated.pointer_mut(place).unwrap();
            object.as_object_mut().unwrap().shift_remove(key).unwrap();
            mutations.push((format!("{place}/{key}"), mutated));
        }
    }
    mutations
}

/// The document with an unknown key, in each of its objects.
fn with_unknown_key(ctx: &Value) -> Vec<(&'static str, Value)> {
    let mut mutations = Vec::new();
    for place in OBJECTS {
        let mut mutated = ctx.clone();
        if let Some(Value::Object(object)) = mutated.pointer_mut(place) {
            object.insert("unknown".to_owned(), Value::Null);
            mutations.push((*place, mutated));
        }
    }
    mutations
}
