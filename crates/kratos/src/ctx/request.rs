//! `ctx.request_*`: the HTTP request that triggers the hook.
//!
//! Source: ory/kratos `selfservice/hook/web_hook.go` (`RemoveDisallowedHeaders`, `cookies`),
//! `embedx/config.schema.json` (`clients.web_hook.header_allowlist`).

use super::CtxOptions;
use super::members::{always, never, non_empty, optional, record, string, uri};
use crate::chain::{ChainKey, Point};
use crate::release::Release;
use crate::shape::{Absence, Additional, Member, Note, NoteKind, ObjectShape, Shape};
use crate::words::{Flow, Method, Phase};

/// The headers that reach `ctx` unless the configuration lists others.
const DEFAULT_ALLOW_LIST: &[&str] = &[
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Content-Length",
    "Content-Type",
    "Origin",
    "Priority",
    "Referer",
    "Sec-Ch-Ua",
    "Sec-Ch-Ua-Mobile",
    "Sec-Ch-Ua-Platform",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-User",
    "True-Client-Ip",
    "User-Agent",
];

/// The first release that filters headers is v1.3.0, which counts as the one before it.
const FILTERED: Release = Release::V1_3_1;
const LAST_UNFILTERED: Release = Release::V1_2_0;

/// The members of `ctx` that every point has.
pub(super) fn members(point: Point, release: Release, options: &CtxOptions) -> Vec<Member> {
    let mut url = always("request_url", uri())
        .client_controlled("the query and, through proxy headers, the host are the client's");
    if may_carry_token(point, release) {
        url = url.secret("it can carry the code and state of OIDC, or the token of a link");
    }
    let mut request_headers = always("request_headers", headers(release, options))
        .client_controlled("the client sends what it likes");
    if release < FILTERED {
        request_headers = request_headers
            .secret("this release does not filter them: `Cookie` and `Authorization` are there");
    }
    vec![
        request_headers,
        always("request_method", string()),
        url,
        always("request_cookies", record(string()))
            .secret("they are not filtered: the session cookie is among them"),
    ]
}

/// Whether the request can be the callback of a provider, or a link that was followed. A new
/// flow is begun within such requests too.
fn may_carry_token(point: Point, release: Release) -> bool {
    match (point.flow, point.phase) {
        (Flow::Recovery | Flow::Verification, phase) => phase != Phase::Before,
        (Flow::Login | Flow::Registration | Flow::Settings, Phase::Before) => true,
        (Flow::Login | Flow::Registration | Flow::Settings, phase) => match point.key {
            ChainKey::Method(Method::Oidc) | ChainKey::Other => true,
            // A profile change that waited for a new address ends in the verifying request.
            ChainKey::Method(Method::Profile) => {
                phase == Phase::PostPersist && release >= Release::Main
            }
            ChainKey::Method(_) | ChainKey::Flow => false,
        },
    }
}

fn headers(release: Release, options: &CtxOptions) -> Shape {
    // Go's server has no header without a value.
    let values = non_empty(string());
    if release < FILTERED {
        return record(values);
    }
    let mut members: Vec<Member> = Vec::new();
    for name in allow_list(release, options) {
        if members.iter().all(|it| it.name != name) {
            members.push(optional(name, values.clone()));
        }
    }
    for (name, absence) in FILTERED_OUT {
        match members
            .iter_mut()
            .find(|it| it.name.eq_ignore_ascii_case(name))
        {
            Some(member) => member.notes.push(Note::new(
                NoteKind::Secret,
                "whoever has it can act as the visitor",
            )),
            None => members.push(never(name, *absence)),
        }
    }
    Shape::Object(ObjectShape {
        name: Some("request headers"),
        members,
        additional: Additional::Closed,
    })
}

/// The keys under which headers can appear.
fn allow_list(release: Release, options: &CtxOptions) -> Vec<String> {
    match &options.header_allow_list {
        // v25.4.0 looks the canonical name up, and keeps the spelling of the configuration.
        Some(names) if release == Release::V25_4_0 => names.clone(),
        Some(names) if release > Release::V25_4_0 => {
            names.iter().map(|it| canonical_header(it)).collect()
        }
        _ => DEFAULT_ALLOW_LIST
            .iter()
            .map(|it| (*it).to_owned())
            .collect(),
    }
}

/// What people look for among the headers and do not find there by default: credentials, all.
const FILTERED_OUT: &[(&str, Absence)] = &[
    (
        "Cookie",
        Absence::because("it is not among the allowed headers")
            .until(LAST_UNFILTERED)
            .instead("ctx.request_cookies"),
    ),
    (
        "Authorization",
        Absence::because("it is not among the allowed headers").until(LAST_UNFILTERED),
    ),
    (
        "X-Session-Token",
        Absence::because("it is not among the allowed headers").until(LAST_UNFILTERED),
    ),
];

/// Go's `textproto.CanonicalMIMEHeaderKey`: upper case at the start and behind each hyphen, lower
/// case elsewhere; a text that is no header name stays as it is.
#[must_use]
pub fn canonical_header(name: &str) -> String {
    let is_token = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it);
    if !name.chars().all(is_token) {
        return name.to_owned();
    }
    let mut upper = true;
    name.chars()
        .map(|it| {
            let letter = if upper {
                it.to_ascii_uppercase()
            } else {
                it.to_ascii_lowercase()
            };
            upper = it == '-';
            letter
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_are_spelt_as_go_spells_them() {
        for (written, canonical) in [
            ("user-agent", "User-Agent"),
            ("SEC-CH-UA", "Sec-Ch-Ua"),
            ("x_forwarded-FOR", "X_forwarded-For"),
            ("-x--y-", "-X--Y-"),
            ("no name", "no name"),
            ("ünicode", "ünicode"),
            ("", ""),
        ] {
            assert_eq!(canonical_header(written), canonical);
        }
        for name in DEFAULT_ALLOW_LIST {
            assert_eq!(canonical_header(name), *name);
        }
    }
}
