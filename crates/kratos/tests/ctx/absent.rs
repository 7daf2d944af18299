//! What bodies look for in vain, and what they are told.

use crate::recorded::point;
use kratos::{Absence, CtxOptions, Member, Phase, Presence, Release, Shape, ctx};

/// The member at the path, in the first alternative that has it.
fn find(shape: &Shape, path: &str) -> Option<Member> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    shape.alternatives().iter().find_map(|it| {
        let Shape::Object(object) = it else {
            return None;
        };
        let member = object.member(name)?;
        match rest {
            None => Some(member.clone()),
            Some(rest) => find(&member.shape, rest),
        }
    })
}

/// Why the path is absent at the point: `why [since …] [until …] [instead …]`.
fn absent(at: &str, phase: Phase, release: Release, path: &str) -> String {
    let shape = ctx(point(at, phase), release, &CtxOptions::default());
    let member = find(&shape, path).unwrap_or_else(|| panic!("{path} is unknown"));
    let Presence::Never(absence) = member.presence else {
        return format!("{path} is {:?}", member.presence);
    };
    let Absence {
        why,
        since,
        until,
        instead,
    } = absence;
    let mut text = why.to_owned();
    text.extend(since.map(|it| format!(" [since {it}]")));
    text.extend(until.map(|it| format!(" [until {it}]")));
    text.extend(instead.map(|it| format!(" [instead {it}]")));
    text
}

#[test]
fn absent_members_say_why() {
    use Phase::{After, Before, PostPersist, PrePersist};
    use Release::{Main, V1_1_0, V1_3_1, V25_4_0, V26_2_0};
    let password = "registration.after.password";
    for (at, phase, release, path, expected) in [
        (
            password,
            PostPersist,
            V26_2_0,
            "transient_payload",
            "it is a member of the flow [instead ctx.flow.transient_payload]",
        ),
        (
            "login.after.lookup_secret",
            After,
            V26_2_0,
            "transient_payload",
            "it is a member of the flow, and not there at this point",
        ),
        (
            "registration.before",
            Before,
            V26_2_0,
            "identity",
            "a `before` hook runs when the flow is created, for nobody yet",
        ),
        (
            "settings.before",
            Before,
            V26_2_0,
            "identity",
            "Kratos passes none to hooks that run before settings [instead ctx.flow.identity]",
        ),
        (
            password,
            PostPersist,
            V26_2_0,
            "session",
            "Kratos passes none to hooks of a registration",
        ),
        (
            "login.after.password",
            After,
            V1_1_0,
            "session",
            "this release does not have it yet [since v1.2.0]",
        ),
        (
            "settings.after.profile",
            PrePersist,
            V25_4_0,
            "session",
            "this release does not have it yet [since v26.2.0]",
        ),
        (
            password,
            PrePersist,
            Main,
            "identity.metadata_admin",
            "Kratos strips it from every identity it passes to a hook",
        ),
        (
            "settings.after.profile",
            PostPersist,
            V26_2_0,
            "flow.transient_payload",
            "Kratos drops it: the profile strategy runs before the one that would keep it \
             [until v1.3.1]",
        ),
        (
            "settings.after.profile",
            PostPersist,
            V1_3_1,
            "flow.transient_payload",
            "flow.transient_payload is Always",
        ),
        (
            password,
            PostPersist,
            V1_3_1,
            "request_headers.Cookie",
            "it is not among the allowed headers [until v1.2.0] [instead ctx.request_cookies]",
        ),
        (
            password,
            PostPersist,
            V1_3_1,
            "identity.external_id",
            "this release does not have it yet [since v25.4.0]",
        ),
    ] {
        assert_eq!(
            absent(at, phase, release, path),
            expected,
            "{at} {release} {path}"
        );
    }
}

/// The keys that can be in `ctx.request_headers`; None where any can.
fn headers(release: Release, allow_list: Option<&[&str]>) -> Option<Vec<String>> {
    let allow_list = allow_list.map(|it| it.iter().map(|it| (*it).to_owned()).collect());
    let options = CtxOptions {
        header_allow_list: allow_list,
    };
    let shape = ctx(point("login.before", Phase::Before), release, &options);
    let Shape::Object(headers) = find(&shape, "request_headers").unwrap().shape else {
        panic!("headers are an object");
    };
    let closed = headers.additional == kratos::Additional::Closed;
    let members = headers.members.iter();
    let names = members
        .filter(|it| !it.presence.is_never())
        .map(|it| it.name.to_string());
    closed.then(|| names.collect())
}

#[test]
fn headers_follow_the_allow_list_of_the_release() {
    let written = Some(["x-forwarded-for", "X-Forwarded-For", "cookie"].as_slice());
    assert_eq!(headers(Release::V1_2_0, written), None);
    let default = headers(Release::V1_3_1, None).unwrap();
    assert_eq!(default.len(), 17);
    assert!(default.contains(&"User-Agent".to_owned()));
    assert_eq!(headers(Release::V1_3_1, written).unwrap(), default);
    assert_eq!(
        headers(Release::V25_4_0, written).unwrap(),
        ["x-forwarded-for", "X-Forwarded-For", "cookie"]
    );
    assert_eq!(
        headers(Release::V26_2_0, written).unwrap(),
        ["X-Forwarded-For", "Cookie"]
    );
    assert_eq!(headers(Release::Main, Some(&[])).unwrap(), [""; 0]);
}

/// What is there and yet says nothing, and what must not leave, is told with the member.
#[test]
fn members_carry_notes() {
    let note = |at, phase, path: &str| {
        let shape = ctx(point(at, phase), Release::NEWEST, &CtxOptions::default());
        let member = find(&shape, path).unwrap_or_else(|| panic!("{path} is unknown"));
        let kinds: Vec<&str> = member.notes.iter().map(|it| it.kind.as_str()).collect();
        kinds.join(" ")
    };
    let pre = Phase::PrePersist;
    let password = "registration.after.password";
    assert_eq!(note(password, pre, "identity.id"), "useless");
    assert_eq!(note(password, pre, "identity.created_at"), "useless");
    assert_eq!(note(password, Phase::PostPersist, "identity.id"), "");
    assert_eq!(note(password, pre, "request_cookies"), "secret");
    assert_eq!(note(password, pre, "request_url"), "client-controlled");
    let oidc = "registration.after.oidc";
    assert_eq!(note(oidc, pre, "request_url"), "client-controlled secret");
    let login = "login.after.password";
    assert_eq!(note(login, Phase::After, "session.id"), "sometimes-useless");
    let settings = "settings.after.profile";
    assert_eq!(note(settings, Phase::PostPersist, "flow.identity"), "stale");
}
