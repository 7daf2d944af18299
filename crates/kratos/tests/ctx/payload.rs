//! Where `ctx.flow.transient_payload` is, point by point: the member that differs most.

use crate::flat::{There, flat};
use kratos::{CtxOptions, Point, Presence, Release, Shape, ctx};
use std::fmt::Write as _;

/// One line for each point: whether the payload is there, null included.
fn table(release: Release) -> String {
    let mut table = String::new();
    for point in Point::all(release) {
        let shape = ctx(point, release, &CtxOptions::default());
        let payload = flat(&shape).remove("flow.transient_payload").unwrap();
        let there = match payload.there {
            There::Always => "always",
            There::Optional => "optional",
            There::Never => "never",
        };
        let null = if payload.nullable { ", or null" } else { "" };
        let Point { flow, timing, .. } = point;
        let key = point.key.auth_method();
        let key = key.map(|it| format!(".{it}")).unwrap_or_default();
        writeln!(table, "{flow}.{timing}{key} {}: {there}{null}", point.phase).unwrap();
    }
    table
}

#[test]
fn it_depends_on_the_method() {
    assert_eq!(
        table(Release::Main),
        "\
login.before before: never
login.after.password after: always
login.after.oidc after: optional, or null
login.after.code after: always
login.after.webauthn after: optional
login.after.passkey after: optional
login.after.totp after: always
login.after.lookup_secret after: never
login.after.other after: optional, or null
registration.before before: never
registration.after.password pre-persist: always
registration.after.password post-persist: always
registration.after.oidc pre-persist: optional, or null
registration.after.oidc post-persist: optional, or null
registration.after.code pre-persist: always
registration.after.code post-persist: always
registration.after.webauthn pre-persist: optional
registration.after.webauthn post-persist: optional
registration.after.passkey pre-persist: optional
registration.after.passkey post-persist: optional
registration.after.other pre-persist: optional, or null
registration.after.other post-persist: optional, or null
recovery.before before: never
recovery.after after: optional
settings.before before: never
settings.after.password pre-persist: never
settings.after.password post-persist: never
settings.after.oidc pre-persist: optional, or null
settings.after.oidc post-persist: optional, or null
settings.after.webauthn pre-persist: optional
settings.after.webauthn post-persist: optional
settings.after.passkey pre-persist: optional
settings.after.passkey post-persist: optional
settings.after.totp pre-persist: always
settings.after.totp post-persist: always
settings.after.lookup_secret pre-persist: always
settings.after.lookup_secret post-persist: always
settings.after.profile pre-persist: never
settings.after.profile post-persist: never
settings.after.other pre-persist: optional, or null
settings.after.other post-persist: optional, or null
verification.before before: never
verification.after after: always
"
    );
}

/// Releases that say the same; v1.2.0 is the first where all flows have it.
#[test]
fn profile_lost_it_in_v25_4_0_and_nothing_else_changed() {
    let main = table(Release::Main);
    assert_eq!(table(Release::V26_2_0), main);
    assert_eq!(table(Release::V25_4_0), main);
    let before = main.replace(
        "settings.after.profile pre-persist: never\nsettings.after.profile post-persist: never",
        "settings.after.profile pre-persist: always\nsettings.after.profile post-persist: always",
    );
    assert_eq!(table(Release::V1_3_1), before);
    assert_eq!(table(Release::V1_2_0), before);
}

#[test]
fn before_v1_2_0_only_registration_has_it() {
    for release in [Release::V0_13_0, Release::V1_0_0, Release::V1_1_0] {
        for line in table(release).lines() {
            let is_there = !line.ends_with(": never");
            assert_eq!(
                is_there,
                line.starts_with("registration.after"),
                "{release} {line}"
            );
        }
    }
}

/// After a recovery the strategy decides, and `flow.active` names it.
#[test]
fn after_a_recovery_the_flow_says_whether_it_is_there() {
    let point = crate::recorded::point("recovery.after", kratos::Phase::After);
    let shape = ctx(point, Release::NEWEST, &CtxOptions::default());
    let Shape::Object(ctx) = shape else {
        panic!("ctx is one object")
    };
    let flows = ctx.member("flow").unwrap().shape.alternatives();
    let said: Vec<String> = flows
        .iter()
        .map(|it| match it {
            Shape::Object(flow) => {
                let active = flow.member("active").unwrap();
                let payload = flow.member("transient_payload").unwrap();
                let values = match (&active.shape, active.presence) {
                    (_, Presence::Never(_)) => "absent".to_owned(),
                    (Shape::String(string), _) => format!("{:?}", string.values),
                    (other, _) => panic!("{other:?}"),
                };
                format!("{values}: {:?}", There::of(payload.presence))
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        said,
        [
            "OneOf([\"code\"]): Always",
            "OneOf([\"link\"]): Never",
            "absent: Optional"
        ]
    );
}
