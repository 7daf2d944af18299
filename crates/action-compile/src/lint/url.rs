//! Where a request goes: the transport, the host, and what must not stand in a URL.
//!
//! Kratos reads the URL once more at each execution (`request/builder.go`), turns its userinfo into
//! basic authentication, and shows it, query included, to the visitor when the hook fails.

use std::net::IpAddr;

use ::url::{Host, Url};
use diagnostics::{Diagnostic, Level, Rule};
use yaml::Node;

use super::secrets;
use super::web_hook_at::{Text, WebHookAt};
use super::{Findings, Surroundings};
use crate::url_secrets;

/// Plain HTTP to another machine.
pub(crate) static INSECURE_URL: Rule = Rule {
    code: "insecure-url",
    summary: "a webhook over plain `http` to another machine; a note where the host is inside a private network",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/insecure-url.md"),
};

/// A user name or password in the URL.
pub(crate) static CREDENTIALS_IN_URL: Rule = Rule {
    code: "credentials-in-url",
    summary: "a user name or password before the `@` of a URL",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/credentials-in-url.md"),
};

/// A host that Kratos is told not to call.
pub(crate) static PRIVATE_ADDRESS: Rule = Rule {
    code: "private-address",
    summary: "a private or loopback address where the base sets `clients.http.disallow_private_ip_ranges`",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/private-address.md"),
};

/// A secret in the query.
pub(crate) static SECRET_IN_URL: Rule = Rule {
    code: "secret-in-url",
    summary: "a parameter of the query that is named or looks like a secret; the visitor sees it when the webhook fails",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/secret-in-url.md"),
};

/// The URL, unless it holds a placeholder that something else fills in later, or is broken.
fn parsed<'a>(hook: &WebHookAt<'a>) -> Option<(Text<'a>, Url)> {
    let text = hook.url.filter(|url| !secrets::is_placeholder(url.value))?;
    Url::parse(text.value).ok().map(|url| (text, url))
}

pub(super) fn insecure(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let Some((text, url)) = parsed(hook).filter(|(_, url)| url.scheme() == "http") else {
        return;
    };
    let Some(host) = url.host() else { return };
    let level = match place_of(&host) {
        HostPlace::ThisMachine => return,
        HostPlace::PrivateNetwork => Level::Note,
        HostPlace::Anywhere => Level::Warning,
    };
    let mut diagnostic = Diagnostic::new(
        &INSECURE_URL,
        text.span,
        format!("the request to `{host}` travels over plain http"),
    )
    .help(
        "use `https`, unless nobody else can read or answer on the way: identities travel with it",
    );
    diagnostic.level = level;
    found.push(diagnostic);
}

pub(super) fn credentials(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let Some((text, url)) = parsed(hook) else {
        return;
    };
    if url.username().is_empty() && url.password().is_none() {
        return;
    }
    found.push(
        Diagnostic::new(
            &CREDENTIALS_IN_URL,
            text.span,
            "the URL holds a user name or password",
        )
        .help("move them to `auth: {type: basic_auth, config: {user: …, password: …}}`"),
    );
}

pub(super) fn secret(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let Some(text) = hook.url else { return };
    let Some((_, query)) = text.value.split_once('?') else {
        return;
    };
    let query = query.split('#').next().unwrap_or(query);
    let named = query.split('&').find(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        url_secrets::is_secret(name, value)
    });
    let Some(pair) = named else { return };
    let name = pair.split('=').next().unwrap_or(pair);
    found.push(
        Diagnostic::new(
            &SECRET_IN_URL,
            text.span,
            format!("the query parameter `{name}` holds a secret"),
        )
        .help("send it with `auth`: when the webhook fails, the visitor sees the whole URL"),
    );
}

pub(super) fn private(hook: &WebHookAt<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    let Some(base) = &around.loaded.base else {
        return;
    };
    let http = base.root.at(&["clients", "http"]);
    let setting = |key: &str| http.and_then(|http| http.get(key));
    let disallowed = setting("disallow_private_ip_ranges");
    if disallowed.and_then(|it| it.as_bool()) != Some(true) {
        return;
    }
    let Some((text, url)) = parsed(hook) else {
        return;
    };
    let Some(host) = url.host() else { return };
    let is_private = match &host {
        Host::Domain(name) => is_loopback_name(name),
        Host::Ipv4(address) => {
            address.is_private() || address.is_loopback() || address.is_link_local()
        }
        Host::Ipv6(address) => {
            address.is_loopback()
                || (address.segments().first().copied().unwrap_or(0) & 0xfe00) == 0xfc00
        }
    };
    let globs = setting("private_ip_exception_urls").and_then(|it| it.as_sequence());
    let excepted = globs.into_iter().flat_map(|list| &list.items).any(|glob| {
        let bare = text.value.split(['?', '#']).next().unwrap_or(text.value);
        glob.as_str().is_some_and(|glob| matches_glob(glob, bare))
    });
    if !is_private || excepted {
        return;
    }
    let mut diagnostic = Diagnostic::new(
        &PRIVATE_ADDRESS,
        text.span,
        format!("Kratos refuses to call `{host}`, a private address"),
    )
    .help("add the URL to `clients.http.private_ip_exception_urls` of the base");
    if let Some(setting) = disallowed.map(|it: &std::sync::Arc<Node>| it.range.in_file(base.file)) {
        diagnostic = diagnostic.label(setting, "private addresses are disallowed here");
    }
    found.push(diagnostic);
}

/// Where a host is, as far as its name or address tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostPlace {
    /// The machine of Kratos itself.
    ThisMachine,
    /// A name or an address that only a private network has.
    PrivateNetwork,
    /// Anywhere else.
    Anywhere,
}

/// Where the URL of a webhook leads; `None` where nothing is known of it.
pub(super) fn place(hook: &WebHookAt<'_>) -> Option<HostPlace> {
    parsed(hook).and_then(|(_, url)| Some(place_of(&url.host()?)))
}

/// The scheme, host and port of a webhook's URL.
pub(super) fn origin(hook: &WebHookAt<'_>) -> Option<String> {
    parsed(hook).map(|(_, url)| url.origin().ascii_serialization())
}

/// Whether the URL itself carries something that could be a credential.
pub(super) fn carries_credential(hook: &WebHookAt<'_>) -> bool {
    parsed(hook).is_some_and(|(_, url)| {
        !url.username().is_empty()
            || url.password().is_some()
            || url.query_pairs().any(|(name, value)| {
                secrets::is_secret_parameter(&name) || secrets::looks_secret(&value)
            })
    })
}

fn place_of<T: AsRef<str>>(host: &Host<T>) -> HostPlace {
    let address = match host {
        Host::Domain(name) if is_loopback_name(name.as_ref()) => return HostPlace::ThisMachine,
        Host::Domain(name) if is_private_name(name.as_ref()) => return HostPlace::PrivateNetwork,
        Host::Domain(_) => return HostPlace::Anywhere,
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
    };
    if address.is_loopback() || address.is_unspecified() {
        return HostPlace::ThisMachine;
    }
    let private = match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            (address.segments().first().copied().unwrap_or(0) & 0xfe00) == 0xfc00
        }
    };
    if private {
        HostPlace::PrivateNetwork
    } else {
        HostPlace::Anywhere
    }
}

fn is_loopback_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Names that no public resolver knows: those of containers and clusters.
fn is_private_name(name: &str) -> bool {
    const ENDINGS: [&str; 7] = [
        ".internal",
        ".local",
        ".lan",
        ".intranet",
        ".home.arpa",
        ".svc",
        ".docker",
    ];
    let name = name.trim_end_matches('.');
    !name.contains('.') || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Kratos matches these as globs whose `*` stops at `.` and `/`, and `**` does not
/// (`oryx/httpx/ssrf.go`).
fn matches_glob(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    // One row for each prefix of the glob: which prefixes of the text it matches.
    let mut row = vec![false; text.len() + 1];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    let mut rest = glob.iter().peekable();
    while let Some(pattern) = rest.next() {
        let mut next = vec![false; text.len() + 1];
        match pattern {
            '*' => {
                let any = rest.next_if(|it| **it == '*').is_some();
                let mut open = false;
                for (at, cell) in next.iter_mut().enumerate() {
                    let stops = at > 0
                        && text
                            .get(at - 1)
                            .is_some_and(|it| !any && matches!(it, '.' | '/'));
                    open = (open && !stops) || row.get(at) == Some(&true);
                    *cell = open;
                }
            }
            _ => {
                for (at, cell) in next.iter_mut().enumerate().skip(1) {
                    let same = match text.get(at - 1) {
                        Some(it) if *pattern == '?' => !matches!(it, '.' | '/'),
                        Some(it) => it == pattern,
                        None => false,
                    };
                    *cell = same && row.get(at - 1) == Some(&true);
                }
            }
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stops_at_dots_and_slashes() {
        for (glob, text, matches) in [
            ("http://10.0.0.1/hook", "http://10.0.0.1/hook", true),
            ("http://10.0.0.1/*", "http://10.0.0.1/hook", true),
            ("http://10.0.0.1/*", "http://10.0.0.1/a/b", false),
            ("http://10.0.0.1/**", "http://10.0.0.1/a/b", true),
            ("http://10.0.0.*/hook", "http://10.0.0.17/hook", true),
            ("http://*/hook", "http://10.0.0.17/hook", false),
            ("http://10.0.0.?/x", "http://10.0.0.7/x", true),
            ("http://10.0.0.1", "http://10.0.0.1/hook", false),
        ] {
            assert_eq!(matches_glob(glob, text), matches, "{glob} {text}");
        }
    }

    #[test]
    fn hosts_are_placed_by_name_and_address() {
        for (url, place) in [
            ("http://localhost:4455/x", HostPlace::ThisMachine),
            ("http://127.0.0.1/x", HostPlace::ThisMachine),
            ("http://[::1]/x", HostPlace::ThisMachine),
            ("http://api:8080/x", HostPlace::PrivateNetwork),
            (
                "http://api.shop.svc.cluster.local/x",
                HostPlace::PrivateNetwork,
            ),
            ("http://10.1.2.3/x", HostPlace::PrivateNetwork),
            ("http://[fd00::1]/x", HostPlace::PrivateNetwork),
            ("http://api.example.com/x", HostPlace::Anywhere),
            ("http://8.8.8.8/x", HostPlace::Anywhere),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(place_of(&url.host().unwrap()), place, "{url}");
        }
    }
}
