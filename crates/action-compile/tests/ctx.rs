//! What the checker takes for ctx holds what real Kratos passed, and nothing less; and the bodies
//! of ours are accepted everywhere.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test reads files and says what it expects"
)]

#[path = "../../kratos/tests/ctx/recorded.rs"]
mod recorded;

#[path = "ctx/mutations.rs"]
mod mutations;

use std::collections::{BTreeMap, BTreeSet};

use action_compile::{CtxContext, check_body, default_body, default_form_body, given};
use diagnostics::{FileId, Sources};
use kratos::{Phase, Point, Release, Timing};
use mutations::mutations;
use recorded::{Recordings, all, carried};
use serde_json::{Value, json};

/// The identity schema of a recording, told apart by its id as in a project.
fn context(recordings: &Recordings, id: &str) -> CtxContext {
    let document = recordings.identity_schemas[id].clone();
    assert!(document.is_object(), "no identity schema `{id}`");
    CtxContext {
        identities: given([(id.to_owned(), document)]),
        header_allow_list: None,
    }
}

/// Says how many conform, and how many of their mutations do not.
fn conforming(recordings: &Recordings) -> String {
    let mut validators = BTreeMap::new();
    let (mut documents, mut less, mut more, mut complaints) = (0, 0, 0, Vec::new());
    for document in &recordings.documents {
        let id = &document.identity_schema;
        let key = (document.point, document.release, id.clone());
        let (schema, validator, seen) = validators.entry(key).or_insert_with(|| {
            let schema = context(recordings, id).schema(&[document.point], document.release);
            let validator = jsonschema::validator_for(&schema).expect("the schema of ctx is one");
            (schema, validator, BTreeSet::new())
        });
        documents += 1;
        if let Err(error) = validator.validate(&document.ctx) {
            complaints.push(format!(
                "{}: {error} at {}",
                document.label,
                error.instance_path()
            ));
        }
        for (place, mutated) in mutations(schema, &document.ctx, seen) {
            if place.contains("without") {
                less += 1;
            } else {
                more += 1;
            }
            if validator.is_valid(&mutated) {
                complaints.push(format!("{}: conforms with {place}", document.label));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(documents > 50 && less > 1000 && more > 300);
    format!(
        "{documents} documents conform to {} schemas; without a required key ({less}) or with an unknown one ({more}) none does",
        validators.len()
    )
}

#[test]
fn recorded_documents_conform_to_the_schema_of_their_point() {
    println!("carried: {}", conforming(&carried()));
}

#[test]
fn all_recorded_documents_conform_where_they_are() {
    match all() {
        Some(recordings) => println!("all: {}", conforming(&recordings)),
        None => println!("ran no case: the full recordings are not here"),
    }
}

#[test]
fn the_default_bodies_are_accepted_at_every_point_of_every_release() {
    let mut checked = 0;
    let mut sources = Sources::default();
    let file: FileId = sources.add("body.jsonnet", "");
    let recordings = carried();
    let unknown = CtxContext {
        identities: given([]),
        header_allow_list: None,
    };
    let contexts = [unknown, context(&recordings, "person")];
    for release in Release::ALL {
        for point in Point::all(*release) {
            for body in [
                default_body(point.timing, point.key),
                default_form_body(point.timing, point.key),
            ] {
                for context in &contexts {
                    let (found, _) = check_body(&body, file, context, &[point], *release, None);
                    assert_eq!(found, [], "{release} {point:?}: {body}");
                    checked += 1;
                }
            }
        }
    }
    println!("{checked} default bodies accepted");
    assert!(checked > 1000);
}

#[test]
fn transient_payload_is_what_kratos_makes_of_it() {
    let at = |slot: &str, release: Release, body: &str| {
        let slot = kratos::Slot::parse(slot).unwrap();
        let phase = if slot.timing == Timing::After {
            Phase::PostPersist
        } else {
            Phase::Before
        };
        let points = action_compile::points(slot, phase, release);
        assert!(!points.is_empty());
        let file = Sources::default().add("body.jsonnet", "");
        let (found, _) = check_body(body, file, &CtxContext::default(), &points, release, None);
        found.iter().map(|it| it.rule.code).collect::<Vec<_>>()
    };
    let read = "function(ctx) { p: ctx.flow.transient_payload }";
    let none: [&str; 0] = [];
    assert_eq!(
        at("registration.after.password", Release::V26_2_0, read),
        none
    );
    assert_eq!(
        at("settings.after.profile", Release::V26_2_0, read),
        ["unknown-member"]
    );
    assert_eq!(at("settings.after.profile", Release::V1_3_1, read), none);
    let oidc = |body: &str| at("settings.after.oidc", Release::V26_2_0, body);
    assert_eq!(
        oidc(
            "function(ctx) if 'transient_payload' in ctx.flow then std.objectFields(ctx.flow.transient_payload) else []"
        ),
        ["may-be-null"]
    );
    assert_eq!(
        oidc(
            "function(ctx) if ctx.flow.transient_payload != null then std.objectFields(ctx.flow.transient_payload) else []"
        ),
        ["member-may-be-absent"]
    );
    assert_eq!(
        oidc(
            "function(ctx) if 'transient_payload' in ctx.flow && ctx.flow.transient_payload != null then std.objectFields(ctx.flow.transient_payload) else []"
        ),
        none
    );
    assert_eq!(
        oidc(
            "function(ctx) local p = std.get(ctx.flow, 'transient_payload'); if p != null then std.objectFields(p) else []"
        ),
        none
    );
}

/// Two schemas with the same `$id`: one refers to itself in the three ways there are, the other has
/// no traits of its own.
fn two_schemas() -> CtxContext {
    let own = "https://example.org/identity.schema.json";
    let customer = json!({
        "$id": own,
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {
            "email": {
                "type": "string",
                "format": "email",
                "ory.sh/kratos": {"verification": {"via": "email"}},
            },
            "pair": {"type": "array", "items": [{"type": "string"}, {"type": "number"}]},
        },
        "properties": {"traits": {
            "type": "object",
            "properties": {
                "email": {"$ref": "#/definitions/email"},
                "other": {"$ref": format!("{own}#/definitions/email")},
                "pair": {"$ref": "identity.schema.json#/definitions/pair"},
            },
            "required": ["email"],
            "additionalProperties": false,
        }},
    });
    CtxContext {
        identities: given([
            ("customer".to_owned(), customer),
            ("a/b".to_owned(), json!({"$id": own, "type": "object"})),
        ]),
        header_allow_list: None,
    }
}

#[test]
fn identity_schemas_are_alternatives_whose_references_hold() {
    let point = Point::all(Release::V26_2_0)
        .into_iter()
        .find(|it| it.flow == kratos::Flow::Settings && it.phase == Phase::PostPersist)
        .unwrap();
    let context = two_schemas();
    let schema = context.schema(&[point], Release::V26_2_0);
    let validator = jsonschema::validator_for(&schema).expect("the schema of ctx is one");
    let ty = context.ty(&[point], Release::V26_2_0);
    let mut small = jsonnet_check::candidates(&ty, 400).into_iter();
    let ctx = small
        .find(|it| validator.is_valid(it))
        .expect("a small value of the type conforms");
    let address = json!([{
        "id": "9b3a6bd3-1c1f-4f4e-9a0a-6c3b7d1d2e3f", "value": "a@example.org", "verified": true,
        "via": "email", "status": "completed", "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
    }]);
    let with = |id: &str, traits: Value, addresses: Option<&Value>| {
        let mut ctx = ctx.clone();
        let identity = ctx["identity"].as_object_mut().unwrap();
        identity.insert("schema_id".to_owned(), id.into());
        identity.insert("traits".to_owned(), traits);
        identity.remove("recovery_addresses");
        identity.remove("verifiable_addresses");
        if let Some(addresses) = addresses {
            identity.insert("verifiable_addresses".to_owned(), addresses.clone());
        }
        validator.is_valid(&ctx)
    };
    let mail = "a@example.org";
    assert!(with(
        "customer",
        json!({"email": mail, "other": mail, "pair": ["x", 1]}),
        Some(&address)
    ));
    assert!(
        !with("customer", json!({"email": mail}), None),
        "an address is derived"
    );
    assert!(
        !with("customer", json!({"email": mail}), Some(&json!([]))),
        "at least one"
    );
    assert!(
        !with("customer", json!({}), Some(&address)),
        "`email` is required"
    );
    assert!(!with("customer", json!({"email": 1}), Some(&address)));
    assert!(!with(
        "customer",
        json!({"email": mail, "other": 1}),
        Some(&address)
    ));
    assert!(!with(
        "customer",
        json!({"email": mail, "pair": [1, "x"]}),
        Some(&address)
    ));
    assert!(
        with("a/b", json!({"anything": 1}), None),
        "no traits: an object"
    );
    assert!(!with("a/b", json!("text"), None));
    assert!(!with("nobody", json!({"email": mail}), Some(&address)));
}
