//! What Kratos passes to a body: the shape of `ctx` at each point of execution, per release.
//!
//! Kratos binds one argument, `ctx`, with the flow, the request and, at some points, the identity
//! and the session (`selfservice/hook/web_hook.go`). Go leaves members out when they are empty
//! (`omitempty`), so presence matters as much as kind. It is proven against recordings of real
//! Kratos in `tests/ctx`.
//!
//! A shape is made in three steps: the members that the release has (`flow`, `identity`,
//! `session`, `request`); what the phase (`points`) and the method (`methods`) know more; and the
//! alternatives that one member tells apart (`alternatives`).

mod members;

mod identity;
mod request;
mod session;
mod ui;

mod flow;

mod narrowing;

mod methods;
mod points;

mod alternatives;

pub use self::request::canonical_header;

use self::members::{always, never, object};
use crate::chain::Point;
use crate::release::Release;
use crate::shape::{Absence, Member, Shape};
use crate::words::{Flow, Phase};

/// What of a configuration changes `ctx`. The default is a configuration that says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CtxOptions {
    /// `clients.web_hook.header_allowlist` as written, which replaces the default list; heeded
    /// since v25.4.0, which is the first release to have it.
    pub header_allow_list: Option<Vec<String>>,
}

/// The shape of `ctx` for a web hook at a point.
///
/// Total: a point that the release does not have gets what it would see.
#[must_use]
pub fn ctx(point: Point, release: Release, options: &CtxOptions) -> Shape {
    let mut shape = of_release(point, release, options);
    for narrowing in points::of_phase(point.flow, point.phase)
        .iter()
        .chain(methods::of_method(point))
    {
        narrowing.apply(&mut shape, release);
    }
    if let Shape::Object(ctx) = &mut shape {
        alternatives::split(point.flow, point.phase, release, ctx);
        ctx.members.push(misplaced_payload(&ctx.members));
    }
    shape
}

/// The shape of `ctx` for a web hook that runs at several points, such as one in a global list: a
/// union that keeps apart what `flow.active` and other members tell apart. [`Shape::Any`] where
/// there is no point.
#[must_use]
pub fn ctx_of_points(
    points: impl IntoIterator<Item = Point>,
    release: Release,
    options: &CtxOptions,
) -> Shape {
    let points = points.into_iter();
    Shape::union(points.map(|point| ctx(point, release, options)))
}

/// The members that the release has, before anything is said about the point.
fn of_release(point: Point, release: Release, options: &CtxOptions) -> Shape {
    let mut members = vec![always("flow", flow::flow(point.flow, release))];
    members.extend(request::members(point, release, options));
    members.push(identity_member(point, release));
    members.push(session_member(point, release));
    object(Some("ctx"), members)
}

fn identity_member(point: Point, release: Release) -> Member {
    let nobody = Absence::because("a `before` hook runs when the flow is created, for nobody yet");
    match (point.flow, point.phase) {
        (Flow::Settings, Phase::Before) => never(
            "identity",
            Absence::because("Kratos passes none to hooks that run before settings")
                .instead("ctx.flow.identity"),
        ),
        (_, Phase::Before) => never("identity", nobody),
        _ => always("identity", identity::identity(release)),
    }
}

fn session_member(point: Point, release: Release) -> Member {
    let since = |first| always("session", session::session(release)).since(first, release);
    match (point.flow, point.phase) {
        (Flow::Login, Phase::After) => since(Release::V1_2_0),
        (Flow::Settings, Phase::PostPersist) => since(Release::V25_4_0),
        (Flow::Settings, _) => since(Release::V26_2_0),
        (_, Phase::Before) => never(
            "session",
            Absence::because("a `before` hook of this flow gets none"),
        ),
        (Flow::Registration, _) => never(
            "session",
            Absence::because("Kratos passes none to hooks of a registration"),
        ),
        (Flow::Recovery | Flow::Login, _) => never(
            "session",
            Absence::because("Kratos stores it only after the hooks and does not pass it"),
        ),
        (Flow::Verification, _) => never(
            "session",
            Absence::because("an address can be verified by somebody who is not signed in"),
        ),
    }
}

/// The member of the flow that documentation shows at the root, where it never is.
fn misplaced_payload(members: &[Member]) -> Member {
    let flows = members
        .iter()
        .filter(|it| it.name == "flow")
        .flat_map(|it| it.shape.alternatives());
    let mut payloads = flows.filter_map(|it| match it {
        Shape::Object(flow) => flow.member("transient_payload"),
        _ => None,
    });
    let absence = Absence::because("it is a member of the flow");
    let is_there = payloads.any(|it| !it.presence.is_never());
    never(
        "transient_payload",
        if is_there {
            absence.instead("ctx.flow.transient_payload")
        } else {
            Absence::because("it is a member of the flow, and not there at this point")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path that is misspelt would say nothing, silently.
    #[test]
    fn each_narrowing_says_something_in_some_release() {
        for release in Release::ALL.iter().copied() {
            for point in Point::all(release) {
                let facts = points::of_phase(point.flow, point.phase).iter();
                for narrowing in facts.chain(methods::of_method(point)) {
                    let says_something = Release::ALL.iter().copied().any(|it| {
                        let mut shape = of_release(point, it, &CtxOptions::default());
                        narrowing.apply(&mut shape, it)
                    });
                    assert!(says_something, "{point:?} {}", narrowing.path);
                }
            }
        }
    }

    /// Nothing that a point says may break what every shape promises.
    #[test]
    fn shapes_keep_their_invariants() {
        fn check(shape: &Shape, at: &str) {
            match shape {
                Shape::Union(alternatives) => {
                    assert!(alternatives.len() > 1, "{at}");
                    for it in alternatives {
                        assert!(!matches!(it, Shape::Union(_)), "{at}");
                        check(it, at);
                    }
                }
                Shape::Array(array) => check(&array.items, &format!("{at}[]")),
                Shape::Object(object) => {
                    for (index, member) in object.members.iter().enumerate() {
                        let at = format!("{at}.{}", member.name);
                        let others = object.members.iter().skip(index + 1);
                        assert!(others.clone().all(|it| it.name != member.name), "{at}");
                        check(&member.shape, &at);
                    }
                }
                _ => {}
            }
        }
        for release in Release::ALL.iter().copied() {
            for point in Point::all(release) {
                check(&ctx(point, release, &CtxOptions::default()), "ctx");
            }
        }
    }
}
