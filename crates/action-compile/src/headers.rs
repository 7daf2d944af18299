//! What is worth saying about a header that `ctx.request_headers` does not have.

use diagnostics::Diagnostic;
use kratos::Release;

use crate::lint::HEADER_NOT_IN_ALLOWLIST;

/// As many headers are named to read instead.
const MOST_NAMED: usize = 8;

/// Gives a finding of the checker about a missing header its code and its words. A name in the
/// wrong case has words of its own, which stay.
pub(crate) fn explain(finding: &mut Diagnostic, release: Release) {
    let of_headers = finding
        .message
        .strip_prefix("`ctx.request_headers` has no member `");
    let Some(name) = of_headers.and_then(|rest| rest.strip_suffix('`')) else {
        return;
    };
    let help = finding.help.as_deref().unwrap_or_default();
    let Some(members) = help.strip_prefix("its members are ") else {
        return;
    };
    let help = advice(name, members, release);
    finding.message = not_passed_on(name);
    finding.help = Some(help);
    finding.rule = &HEADER_NOT_IN_ALLOWLIST;
    finding.level = finding.rule.level;
}

/// What is wrong with a read of a header that the list leaves out.
pub(crate) fn not_passed_on(name: &str) -> String {
    format!("Kratos does not pass the header `{name}` on")
}

/// Which list decides, and what to read instead.
pub(crate) fn advice(name: &str, members: &str, release: Release) -> String {
    let name = kratos::canonical_header(name);
    if release >= Release::V25_4_0 {
        format!(
            "add `{name}` to `clients.web_hook.header_allowlist`, together with the headers to \
             keep, or read one of {members}"
        )
    } else {
        format!("Kratos {release} passes a fixed list of headers: read one of {members}")
    }
}

/// The headers that there are, as a help names them.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.len() > MOST_NAMED {
        names.truncate(MOST_NAMED);
        names.push("…".to_owned());
    }
    names.join(", ")
}
