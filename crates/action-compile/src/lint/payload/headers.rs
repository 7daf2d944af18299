//! Reads of request headers by name: which names can be there at all.
//!
//! Since v1.3.0 Kratos passes on only the headers of a list, under their canonical spelling
//! (`selfservice/hook/web_hook.go`).

use diagnostics::{Diagnostic, Level, Rule};
use kratos::{Additional, CtxOptions, ObjectShape, Shape};

use super::lookups::lookups;
use super::{BodyAt, Collected, Known, Surroundings};

/// A header that Kratos filters out.
pub(crate) static HEADER_NOT_IN_ALLOWLIST: Rule = Rule {
    code: "header-not-in-allowlist",
    summary: "a body reads a request header that Kratos does not pass on; a warning where the read is guarded",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/header-not-in-allowlist.md"),
};

/// A header under a name that it never has.
pub(crate) static HEADER_KEY_NOT_CANONICAL: Rule = Rule {
    code: "header-key-not-canonical",
    summary: "a body reads a request header under another spelling than Go's; a warning where the read is guarded",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/header-key-not-canonical.md"),
};

pub(super) fn rules(
    body: &BodyAt<'_>,
    around: &Surroundings<'_>,
    known: &Known,
    found: &mut [Diagnostic],
    collected: &mut Collected,
) {
    let accesses = lookups(body.program, &["request_headers"]);
    if accesses.is_empty() {
        return;
    }
    let options = CtxOptions {
        header_allow_list: around.loaded.ctx.header_allow_list.clone(),
    };
    let points = body
        .examined
        .iter()
        .flat_map(|at| at.points.iter().copied());
    let ctx = kratos::ctx_of_points(points, around.release(), &options);
    let Some(headers) = request_headers(&ctx) else {
        return;
    };
    let present = |name: &str| {
        headers
            .member(name)
            .is_some_and(|member| !member.presence.is_never())
    };
    let passed_on = headers.members.iter();
    let passed_on = passed_on.filter(|member| !member.presence.is_never());
    let members = crate::headers::listed(passed_on.map(|member| &*member.name));
    let open = matches!(headers.additional, Additional::Open(_));
    for access in accesses {
        let canonical = kratos::canonical_header(access.name);
        if present(access.name) || (open && canonical == access.name) {
            continue;
        }
        let spelling = headers
            .members
            .iter()
            .filter(|member| !member.presence.is_never())
            .map(|member| member.name.to_string())
            .find(|name| name.eq_ignore_ascii_case(access.name))
            .or_else(|| open.then_some(canonical));
        let (rule, message, help) = match &spelling {
            Some(name) => (
                &HEADER_KEY_NOT_CANONICAL,
                format!(
                    "the header `{}` is never there: it is spelt `{name}`",
                    access.name
                ),
                format!("write `'{name}'`"),
            ),
            None => (
                &HEADER_NOT_IN_ALLOWLIST,
                crate::headers::not_passed_on(access.name),
                crate::headers::advice(access.name, &members, around.release()),
            ),
        };
        let fix = spelling
            .filter(|_| access.quoted)
            .map(|name| (format!("write `{name}`"), format!("'{name}'")));
        if !access.guarded {
            let place = &body.source.place;
            if let Some(diagnostic) = known.at(place, access.range, access.name, found) {
                diagnostic.rule = rule;
                diagnostic.level = rule.level;
                diagnostic.message = message;
                diagnostic.help = Some(help);
                diagnostic.fixes.clear();
                if let Some((title, text)) = fix
                    && let Some(text) = place.written(&text)
                {
                    let span = place.span(access.range);
                    *diagnostic = diagnostic.clone().fix(title, span, text);
                }
            }
            continue;
        }
        for at in body.examined {
            collected.add(rule, access.range, at.slot, message.clone(), help.clone());
        }
        if let Some(finding) = collected
            .findings
            .iter_mut()
            .find(|it| it.rule == rule && it.range == access.range)
        {
            finding.level = Some(Level::Warning);
            finding.fix = fix;
        }
    }
}

/// The headers of ctx.
fn request_headers(ctx: &Shape) -> Option<&ObjectShape> {
    let objects = ctx.alternatives().iter().filter_map(|it| match it {
        Shape::Object(object) => object.member("request_headers"),
        _ => None,
    });
    objects
        .flat_map(|member| member.shape.alternatives())
        .find_map(|it| match it {
            Shape::Object(object) => Some(object),
            _ => None,
        })
}
