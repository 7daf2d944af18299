//! Hooks of a global list run at several points: what they are given is the union.

use crate::flat::{There, flat};
use crate::recorded::{carried, point};
use crate::schema::{Holes, to_json_schema};
use kratos::{
    CtxOptions, Flow, Method, Phase, Point, Release, Shape, StringShape, Values, ctx_of_points,
};
use serde_json::json;

fn after(flow: Flow, phase: Phase, release: Release) -> Vec<Point> {
    let points = Point::all(release).into_iter();
    points
        .filter(|it| it.flow == flow && it.phase == phase)
        .collect()
}

#[test]
fn a_union_keeps_what_the_method_tells() {
    let release = Release::NEWEST;
    let points = after(Flow::Login, Phase::After, release);
    let union = ctx_of_points(points, release, &CtxOptions::default());
    assert_eq!(union.alternatives().len(), 1, "all differ in `flow` alone");
    let found = flat(&union);
    assert_eq!(found["flow.transient_payload"].there, There::Optional);
    assert_eq!(found["session.id"].there, There::Always);

    // Password, code and TOTP have the same payload, so that only `flow.active` differs between
    // password and TOTP; what a backup code lacks is told by `flow.active`.
    let with = |methods: &[Method]| {
        let points = methods.iter().map(|it| {
            let at = format!("login.after.{it}");
            point(&at, Phase::After)
        });
        ctx_of_points(points, release, &CtxOptions::default())
    };
    let one = with(&[Method::Password, Method::Totp]);
    assert_eq!(one.alternatives().len(), 1);
    let active = Some(vec!["password".to_owned(), "totp".to_owned()]);
    assert_eq!(flat(&one)["flow.active"].values, active);
    let Shape::Object(two) = with(&[Method::Password, Method::LookupSecret]) else {
        panic!("they differ in `flow` alone");
    };
    assert_eq!(two.member("flow").unwrap().shape.alternatives().len(), 2);
}

#[test]
fn documents_of_every_method_conform_to_the_union() {
    let recordings = carried();
    let mut conform = 0;
    for document in &recordings.documents {
        let Point { flow, phase, .. } = document.point;
        let points = after(flow, phase, document.release);
        let union = ctx_of_points(points, document.release, &CtxOptions::default());
        let schema = to_json_schema(
            &union,
            &Holes {
                alternatives: Vec::new(),
                traits: json!({}),
                metadata_public: json!({}),
            },
        );
        let validator = jsonschema::validator_for(&schema).unwrap();
        if let Err(error) = validator.validate(&document.ctx) {
            panic!("{}: {error}", document.label);
        }
        conform += 1;
    }
    println!("{conform} documents conform to the union of their phase");
}

#[test]
fn unions_are_as_small_as_they_can_be_without_loss() {
    let text = |values: &[&'static str]| {
        Shape::String(StringShape {
            format: None,
            values: Values::OneOf(values.to_vec()),
        })
    };
    assert_eq!(Shape::union([]), Shape::Any);
    assert_eq!(Shape::union([Shape::Null, Shape::Null]), Shape::Null);
    assert_eq!(
        Shape::union([text(&["a"]), text(&["b", "a"])]),
        text(&["a", "b"])
    );
    assert_eq!(Shape::Integer.nullable().nullable().alternatives().len(), 2);
    assert_eq!(Shape::Integer.nullable().without_null(), Shape::Integer);
    assert_eq!(Shape::Null.without_null(), Shape::Null);
    let both = Shape::union([Shape::Boolean(Some(true)), Shape::Boolean(Some(false))]);
    assert_eq!(both, Shape::Boolean(None));
}
