//! The body of a configuration's webhook: whether it is there, where it comes from, and whether it
//! fits into what Kratos passes to its workers.
//!
//! All of these start fine and fail at each execution (`request/builder.go`, recorded).

use base64::Engine as _;
use diagnostics::{Diagnostic, Level, Rule};
use kratos::{HookKind, Release, Slot};
use yaml::View;

use super::secrets::is_placeholder;
use super::web_hook_at::{BodyFrom, WebHookAt, is_blank};
use super::{Findings, Surroundings};
use crate::base::{Base, BaseHook};
use crate::body::BAD_BODY_ENCODING;
use crate::resolve::uri_fault;
use crate::settings::Bodies;

/// No body.
pub(crate) static MISSING_BODY: Rule = Rule {
    code: "missing-body",
    summary: "a webhook of a configuration without `body`, which fails every request but `TRACE`",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/missing-body.md"),
};

/// A scheme that Kratos does not know.
pub(crate) static UNKNOWN_BODY_SCHEME: Rule = Rule {
    code: "unknown-body-scheme",
    summary: "a body whose URI is none of `base64://`, `file://`, `http://` and `https://`, or that is Jsonnet itself",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-body-scheme.md"),
};

/// A body that is not at hand.
pub(crate) static UNCHECKED_BODY: Rule = Rule {
    code: "unchecked-body",
    summary: "a body of a configuration that is fetched from elsewhere and so not checked",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unchecked-body.md"),
};

/// A body near or above the limit of Kratos's workers.
pub(crate) static BODY_TOO_LARGE: Rule = Rule {
    code: "body-too-large",
    summary: "a body that with the smallest ctx fills more than three quarters of a worker's 64 KiB; an error where it exceeds them",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/body-too-large.md"),
};

/// What a worker reads at most (`oryx/jsonnetsecure/cmd.go`, the default of `bufio.Scanner`).
const WORKER_LIMIT: usize = 65_535;
/// Shorter sources are no concern: they count at most four times, escapes included.
const NO_CONCERN: usize = 8 * 1024;

/// How the body of a configuration is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Uri<'a> {
    /// The source itself.
    Source(String),
    /// A path that Kratos reads at each execution.
    File(&'a str),
    /// Fetched over the network.
    Remote,
    /// Something fills it in before Kratos reads it.
    Placeholder,
    /// Base64 that Kratos cannot decode.
    BadEncoding,
    /// A scheme that Kratos takes for a part of a path.
    UnknownScheme(&'a str),
    /// Jsonnet itself, which Kratos takes for a path.
    Jsonnet,
    /// What Kratos does not start with.
    Refused,
}

/// Reads a URI as Kratos does: prefixes are compared byte for byte.
pub(super) fn read(uri: &str) -> Uri<'_> {
    if let Some(encoded) = uri.strip_prefix("base64://") {
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded);
        // What is a text stays one: capitals alone may be base64 as well.
        return match decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(text) => Uri::Source(text),
            None if is_placeholder(encoded) => Uri::Placeholder,
            None => Uri::BadEncoding,
        };
    }
    if is_placeholder(uri) {
        return Uri::Placeholder;
    }
    let path = uri.strip_prefix("file://");
    if path.is_some() || uri.starts_with("http://") || uri.starts_with("https://") {
        return match path {
            _ if uri_fault(uri).is_some() => Uri::Refused,
            Some(path) => Uri::File(path),
            None => Uri::Remote,
        };
    }
    if is_jsonnet(uri) {
        return Uri::Jsonnet;
    }
    match uri.split_once("://") {
        Some((scheme, _)) if is_scheme(scheme) => Uri::UnknownScheme(scheme),
        _ => Uri::File(uri),
    }
}

/// Whether a text is a program and no path.
fn is_jsonnet(text: &str) -> bool {
    let text = text.trim();
    let begins = ["function(", "function (", "local "];
    text.contains('\n')
        || (text.starts_with('{') && text.ends_with('}'))
        || begins.iter().any(|it| text.starts_with(it))
}

/// Whether a text is the scheme of a URI.
pub(crate) fn is_scheme(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
}

/// What is wrong with the bodies of a configuration as such.
pub(super) fn of_base(base: &Base, around: &Surroundings<'_>, found: &mut Findings) {
    for (slot, hooks) in &base.hooks {
        for (index, hook) in hooks.iter().enumerate() {
            let modelled = base.section.hooks(*slot).get(index);
            if modelled.and_then(kratos::Hook::kind) == Some(HookKind::WebHook) {
                of_hook(base, *slot, hook, around, found);
            }
        }
    }
}

fn of_hook(base: &Base, slot: Slot, hook: &BaseHook, _: &Surroundings<'_>, found: &mut Findings) {
    // A webhook without settings is refused, which is reported.
    let Some(config) = hook
        .node
        .get("config")
        .filter(|it| it.as_mapping().is_some())
    else {
        return;
    };
    let body = config.get("body").map(|node| &**node);
    let method = config.get("method").and_then(|it| it.as_str());
    if is_blank(body) {
        // Kratos does not start with null, which is reported.
        let is_null = body.is_some_and(|it| matches!(it.view(), View::Null));
        if is_null || method == Some("TRACE") {
            return;
        }
        let at = body.map_or_else(
            || config.get("url").map_or(hook.node.range, |url| url.range),
            |body| body.range,
        );
        let at = if at.is_empty() { hook.node.range } else { at };
        found.push(
            Diagnostic::new(
                &MISSING_BODY,
                at.in_file(base.file),
                format!("this webhook of `{slot}` has no body, so every request fails"),
            )
            .help("add a `body`, such as `base64://` and the Jsonnet text `function(ctx) { … }`"),
        );
        return;
    }
    let Some((text, at)) = body.and_then(|it| Some((it.as_str()?, it.range.in_file(base.file))))
    else {
        return;
    };
    match read(text) {
        Uri::BadEncoding => found.push(
            Diagnostic::new(
                &BAD_BODY_ENCODING,
                at,
                "not base64 of a text in the standard alphabet with padding",
            )
            .help("encode it anew, with `base64 -w0`"),
        ),
        Uri::UnknownScheme(scheme) => found.push(unknown_scheme(at, scheme)),
        Uri::Jsonnet => found.push(
            Diagnostic::new(
                &UNKNOWN_BODY_SCHEME,
                at,
                "this is Jsonnet itself, which Kratos takes for a path, so every request fails",
            )
            .help("write `base64://` and what `base64 -w0` makes of it, or `file://` and a path"),
        ),
        Uri::Remote => found.push(
            Diagnostic::new(
                &UNCHECKED_BODY,
                at,
                "this body is fetched over the network and was not checked",
            )
            .help("check a copy with `actionc body check`, or put it into the configuration"),
        ),
        Uri::Source(_) | Uri::File(_) | Uri::Placeholder | Uri::Refused => {}
    }
}

/// A scheme that Kratos reads as a part of a path.
pub(crate) fn unknown_scheme(at: diagnostics::Span, scheme: &str) -> Diagnostic {
    Diagnostic::new(
        &UNKNOWN_BODY_SCHEME,
        at,
        format!("Kratos has no bodies of the scheme `{scheme}`, so every request fails"),
    )
    .help("use `base64://`, `file://`, `http://` or `https://`")
}

pub(super) fn too_large(hook: &WebHookAt<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    if around.release() < Release::V1_3_1 {
        return;
    }
    let decoded;
    let (source, inline, span) = match hook.body {
        BodyFrom::Written(body) => {
            let inline = around.loaded.settings.bodies == Bodies::Inline;
            let start = diagnostics::TextRange::new(0, 1);
            (&body.text, inline, body.place.span(start))
        }
        BodyFrom::Uri(uri) => match read(uri.value) {
            Uri::Source(text) => {
                decoded = text;
                (&decoded, true, uri.span)
            }
            _ => return,
        },
        BodyFrom::Default | BodyFrom::None => return,
    };
    if source.len() < NO_CONCERN || hook.points.is_empty() {
        return;
    }
    let ty = around.loaded.ctx.ty(&hook.points, around.release());
    let ctx = jsonnet_check::candidates(&ty, 1).pop().unwrap_or_default();
    let size = request_size(source, inline, &ctx.to_string());
    let kib = size.div_ceil(1024);
    let (level, message) = if size > WORKER_LIMIT {
        let message = format!(
            "with the smallest ctx this body makes {kib} KiB, and Kratos's workers read 64"
        );
        (Level::Error, message)
    } else if size > WORKER_LIMIT / 4 * 3 {
        let message = format!(
            "with the smallest ctx this body makes {kib} of the 64 KiB that Kratos's workers read"
        );
        (Level::Warning, message)
    } else {
        return;
    };
    let mut diagnostic = Diagnostic::new(&BODY_TOO_LARGE, span, message);
    diagnostic.level = level;
    let help = if inline {
        "shorten it, or emit it as a file (`--body file`): inside the configuration it counts twice"
    } else {
        "shorten it"
    };
    found.push(diagnostic.help(help));
}

/// What a worker is sent: the name of the program, which for `base64://` is the whole URI, the
/// program, and the ctx, which is JSON inside JSON inside JSON.
fn request_size(source: &str, inline: bool, ctx: &str) -> usize {
    let escaped = |text: &str| serde_json::Value::from(text).to_string();
    let name = if inline {
        source.len().div_ceil(3) * 4 + 9
    } else {
        64
    };
    name + escaped(source).len() + escaped(&escaped(ctx)).len() + 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_that_were_seen_to_fail_are_over_the_limit() {
        let ctx = "x".repeat(2_500);
        let of = |kilobytes: usize| request_size(&"y".repeat(kilobytes * 1_000), true, &ctx);
        assert!(of(25) < WORKER_LIMIT);
        assert!(of(30) > WORKER_LIMIT);
    }

    #[test]
    fn uris_are_read_as_kratos_reads_them() {
        assert_eq!(read("base64://e30="), Uri::Source("{}".to_owned()));
        assert_eq!(read("base64://e30"), Uri::BadEncoding);
        assert_eq!(read("file://./a.jsonnet"), Uri::File("./a.jsonnet"));
        assert_eq!(read("/etc/a.jsonnet"), Uri::File("/etc/a.jsonnet"));
        assert_eq!(read("json://{}"), Uri::UnknownScheme("json"));
        assert_eq!(read("FILE://a"), Uri::UnknownScheme("FILE"));
        assert_eq!(read("https://a/b"), Uri::Remote);
        assert_eq!(read("base64://${BODY}"), Uri::Placeholder);
        assert_eq!(read("base64://BODY"), Uri::Placeholder);
        assert_eq!(read("base64://AAAA"), Uri::Source("\0\0\0".to_owned()));
        assert_eq!(read("function(ctx) {a: '://'}"), Uri::Jsonnet);
        assert_eq!(read("{}"), Uri::Jsonnet);
        assert_eq!(
            read("functions/a.jsonnet"),
            Uri::File("functions/a.jsonnet")
        );
        assert_eq!(read("file://a b/c.jsonnet"), Uri::Refused);
        assert_eq!(read("file://./a b.jsonnet"), Uri::File("./a b.jsonnet"));
    }
}
