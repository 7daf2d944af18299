//! What is wrong with the URL of a webhook, as Kratos and Go read it.
//!
//! Kratos's schema asserts `format: uri`, which is Go's `url.Parse` and a scheme; at each execution
//! Go reads the URL once more and connects. Browsers read URLs otherwise (WHATWG): what only they
//! refuse is no fault here, and what only Go refuses is one.

use diagnostics::Level;

/// What is wrong with a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UrlFault {
    /// A clause that says so.
    pub(crate) message: String,
    /// Whether Kratos starts with it all the same.
    pub(crate) starts: bool,
    /// An error, unless the request may arrive.
    pub(crate) level: Level,
    /// What to do.
    pub(crate) help: &'static str,
}

const WRITE_IN_FULL: &str = "write it in full, such as `https://hooks.example.com/path`";

/// What keeps Kratos from starting with this URL, or from ever calling it, or what most receivers
/// refuse.
pub(crate) fn url_fault(text: &str) -> Option<UrlFault> {
    let fault = |message: String, starts: bool| UrlFault {
        message,
        starts,
        level: Level::Error,
        help: WRITE_IN_FULL,
    };
    let parts = match parse(text) {
        Ok(parts) => parts,
        Err(Refused::NoScheme) => {
            return Some(fault(
                "not an absolute URL: it has no scheme".to_owned(),
                false,
            ));
        }
        Err(Refused::Part(what)) => return Some(fault(format!("not a URL: {what}"), false)),
    };
    if !["http", "https"]
        .iter()
        .any(|it| parts.scheme.eq_ignore_ascii_case(it))
    {
        let message = format!(
            "found the scheme `{}`, expected http or https",
            parts.scheme
        );
        return Some(fault(message, true));
    }
    let Some(authority) = parts.authority else {
        return Some(fault(
            "not an absolute URL: expected `//` behind the scheme".to_owned(),
            true,
        ));
    };
    let host = authority.rsplit('@').next().unwrap_or(authority);
    if host.is_empty() {
        return Some(fault(
            "not an absolute URL: it has no host".to_owned(),
            true,
        ));
    }
    // Go connects to this machine then.
    let doubtful = |message: &str, help: &'static str| {
        Some(UrlFault {
            message: message.to_owned(),
            starts: true,
            level: Level::Warning,
            help,
        })
    };
    if host.starts_with(':') {
        return doubtful(
            "the URL has no host, which stands for the machine of Kratos",
            "write the host; `localhost` for the same machine",
        );
    }
    // The host alone: what follows it may hold what browsers refuse and Go does not.
    if let Err(error) = ::url::Url::parse(&format!("{}://{host}/", parts.scheme)) {
        return Some(fault(format!("not a URL: {error}"), true));
    }
    if parts.query.is_some_and(|query| query.contains(' ')) {
        return doubtful(
            "the query holds a blank, which is sent as it is and which most servers refuse",
            "write `%20` for the blank",
        );
    }
    if parts.path.ends_with(' ') {
        return doubtful(
            "the path ends in a blank, which is sent as `%20`",
            "remove the blank",
        );
    }
    None
}

/// What keeps a text from being what Kratos's schema calls `format: uri`.
pub(crate) fn uri_fault(text: &str) -> Option<String> {
    match parse(text) {
        Ok(_) => None,
        Err(Refused::NoScheme) => Some("it has no scheme".to_owned()),
        Err(Refused::Part(what)) => Some(what),
    }
}

/// The parts of a URL that Go's `url.Parse` accepts.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    scheme: &'a str,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

/// What Go's `url.Parse` refuses, or accepts as relative.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refused {
    NoScheme,
    Part(String),
}

/// Reads a text as `net/url` does, as far as its errors go.
fn parse(text: &str) -> Result<Parts<'_>, Refused> {
    let refused = |what: &str| Err(Refused::Part(what.to_owned()));
    if text.chars().any(|it| it.is_ascii_control()) {
        return refused("it holds a line break, a tab or another control character");
    }
    let (text, fragment) = match text.split_once('#') {
        Some((text, fragment)) => (text, fragment),
        None => (text, ""),
    };
    let Some((scheme, rest)) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(Refused::NoScheme);
    };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let escapes = [rest, fragment];
    if !escapes.iter().all(|it| has_whole_escapes(it)) {
        return refused("a `%` is not followed by two hexadecimal digits");
    }
    let Some(behind) = rest.strip_prefix("//") else {
        return Ok(Parts {
            scheme,
            authority: None,
            path: rest,
            query,
        });
    };
    let (authority, path) = match behind.find('/') {
        Some(at) => behind.split_at(at),
        None => (behind, ""),
    };
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    let in_user = |it: char| it.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(it);
    if !user.chars().all(in_user) {
        return refused("what stands before `@` holds a character that must be encoded");
    }
    check_host(host)?;
    Ok(Parts {
        scheme,
        authority: Some(authority),
        path,
        query,
    })
}

fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|it| it.is_ascii_alphabetic())
        && chars.all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        rest.get(..2)
            .is_some_and(|two| two.bytes().all(|it| it.is_ascii_hexdigit()))
    })
}

/// Host and port.
fn check_host(host: &str) -> Result<(), Refused> {
    let refused = |what: String| Err(Refused::Part(what));
    let port = if host.starts_with('[') {
        match host.rsplit_once(']') {
            Some((_, port)) => port,
            None => return refused("its host has a `[` and no `]`".to_owned()),
        }
    } else {
        host.rfind(':').and_then(|at| host.get(at..)).unwrap_or("")
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    if port.len() == digits.len() && !port.is_empty() {
        return refused("expected `:` and a port behind the `]` of its host".to_owned());
    }
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        return refused("its port is no number".to_owned());
    }
    let allowed = |it: char| {
        !it.is_ascii() || it.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(it)
    };
    match host.chars().find(|it| !allowed(*it)) {
        None => {}
        Some(' ') => return refused("its host holds a blank".to_owned()),
        Some(sign) => return refused(format!("its host holds `{sign}`")),
    }
    // Of what is escaped, only what no host of ASCII holds, and the `%` of a zone.
    let mut escapes = host.split('%').skip(1);
    if !escapes.all(|rest| {
        rest.starts_with("25")
            || rest.starts_with([
                '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'A', 'B', 'C', 'D', 'E', 'F',
            ])
    }) {
        return refused("its host holds an escaped character".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_accepts_and_calls_has_no_fault() {
        for url in [
            "https://a.example.com/x",
            "HTTPS://a.example.com",
            "http://a.example.com:8080/x?y=100%#z",
            "http://a.example.com/a b/c",
            "http://a.example.com/a\\b",
            "http://a.example.com/{id}|^`",
            "http://a.example.com/\u{a0}ü",
            "http://bücher.example.com/x",
            "http://user:pass@a.example.com/x",
            "http://[::1]:4433/x",
            "http://my_service.default.svc:80/x",
            "http://a.example.com/x #gone",
        ] {
            let fault =
                url_fault(url).filter(|it| !url.ends_with("gone") || it.level == Level::Error);
            assert_eq!(fault, None, "{url}");
        }
    }

    #[test]
    fn what_stops_the_start_what_is_never_called_and_what_is_doubtful() {
        let (refused, never_called, doubtful) = (
            (false, Level::Error),
            (true, Level::Error),
            (true, Level::Warning),
        );
        for (url, expected) in [
            ("", refused),
            ("/relative", refused),
            ("a.example.com/x", refused),
            ("a.example.com:80/x", never_called),
            (" https://a.example.com", refused),
            ("1http://a.example.com", refused),
            ("https://a b/x", refused),
            ("https://a.example.com /x", refused),
            ("https://a.example.com\\x", refused),
            ("https://{host}/x", refused),
            ("https://a.example.com/x\n", refused),
            ("https://a.example.com/\tx", refused),
            ("https://a.example.com/100%", refused),
            ("https://a.example.com/%zz", refused),
            ("https://a%41.example.com/", refused),
            ("https://a.example.com:x/", refused),
            ("https://[::1/x", refused),
            ("https://[::1]x/", refused),
            ("https://us er@a.example.com/", refused),
            ("ftp://a.example.com/x", never_called),
            ("mailto:a@example.com", never_called),
            ("https:a.example.com", never_called),
            ("https:///x", never_called),
            ("https://u@/x", never_called),
            ("https://a.example.com:99999/", never_called),
            ("https://[nope]/", never_called),
            ("https://:80/x", doubtful),
            ("https://a.example.com/x?q=a b", doubtful),
            ("https://a.example.com/x ", doubtful),
        ] {
            let fault = url_fault(url).map(|it| (it.starts, it.level));
            assert_eq!(fault, Some(expected), "{url}");
        }
    }
}
