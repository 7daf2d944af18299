//! What is worth saying about a header that `ctx.request_headers` does not have.

use diagnostics::Diagnostic;
use kratos::Release;

/// Where the checker finds a header missing, the help says which list decides and how names are
/// spelt. A name in the wrong case has its own, which stays.
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
    let name = kratos::canonical_header(name);
    let help = if release >= Release::V25_4_0 {
        format!(
            "Kratos passes the headers of `clients.web_hook.header_allowlist` only: add `{name}` \
             there, or read one of {members}"
        )
    } else {
        format!("Kratos {release} passes a fixed list of headers: read one of {members}")
    };
    finding.help = Some(help);
}
