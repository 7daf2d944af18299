//! Bodies: where their text comes from, and how it reaches the configuration.
//!
//! Invariant: what is emitted is `base64://` in the standard alphabet with padding, the one form
//! that every release decodes (`request/builder.go`), or a `file://` URI.

use base64::Engine as _;
use diagnostics::{Diagnostic, FileId, Level, Rule, Sources, Span};
use kratos::{ChainKey, Timing};

use crate::files::{FileError, Files, relative_to};
use crate::lint::{UNKNOWN_BODY_SCHEME, is_scheme, unknown_scheme};
use crate::load::text_of;

/// A body file that is not there.
pub(crate) static MISSING_BODY_FILE: Rule = Rule {
    code: "missing-body-file",
    summary: "a `body_file` that cannot be read",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/missing-body-file.md"),
};

/// A body file that lies elsewhere.
pub(crate) static BODY_FILE_OUTSIDE: Rule = Rule {
    code: "body-file-outside",
    summary: "a `body_file` outside the repository",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/body-file-outside.md"),
};

/// An action without a body.
pub(crate) static DEFAULT_BODY: Rule = Rule {
    code: "default-body",
    summary: "an action without a body gets the default body",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../diagnostics/default-body.md"),
};

/// A `base64://` body that cannot be decoded.
pub(crate) static BAD_BODY_ENCODING: Rule = Rule {
    code: "bad-body-encoding",
    summary: "a `base64://` body that Kratos cannot decode",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/bad-body-encoding.md"),
};

/// Whether a finding is a remark: good to know, no mistake, and true of so many hooks that it would
/// drown the rest. That something was added for the user is more than a remark.
#[must_use]
pub fn is_remark(found: &Diagnostic) -> bool {
    found.level == Level::Note && found.rule != &DEFAULT_BODY
}

/// The text of an action's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BodyText {
    /// As written by the user.
    Written(String),
    /// None was written: [`default_body`] of each point.
    Default,
    /// None was written and none is sent: the method is `TRACE`.
    None,
}

/// Reads a body file.
pub(crate) fn read_file(
    files: &dyn Files,
    action_path: &str,
    path: &str,
    at: Span,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(FileId, String)> {
    let full = relative_to(action_path, path);
    let full = if path.starts_with('/') {
        files.known_as(path)
    } else {
        full
    };
    match files.read_in_repository(&full) {
        Ok(bytes) => {
            // Several actions may name one file; what it holds is found once.
            let known = sources
                .iter()
                .find(|(_, source)| source.path() == full && source.text().as_bytes() == bytes)
                .map(|(file, _)| file);
            let file = match known {
                Some(file) => file,
                None => text_of(bytes, &full, sources, diagnostics)?,
            };
            Some((file, sources.text(file).to_owned()))
        }
        Err(FileError::Outside) => {
            diagnostics.push(
                Diagnostic::new(
                    &BODY_FILE_OUTSIDE,
                    at,
                    format!("the body file `{path}` lies outside the repository"),
                )
                .help("move it into the repository, so that the result depends on nothing else"),
            );
            None
        }
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(
                    &MISSING_BODY_FILE,
                    at,
                    format!("cannot read the body file `{full}`: {error}"),
                )
                .help("the path is relative to the folder of the action file"),
            );
            None
        }
    }
}

/// The text of an inline body. As in the Terraform resource it may be a `base64://` URI already;
/// Kratos decodes the standard alphabet with padding and nothing else (`fetcher.go`).
pub(crate) fn decode(text: &str, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let Some(encoded) = text.trim().strip_prefix("base64://") else {
        // No program is a single word that begins with a scheme.
        let word = text.trim();
        let scheme = word.split_once("://").map(|(scheme, _)| scheme);
        return match scheme.filter(|it| is_scheme(it) && !word.contains(char::is_whitespace)) {
            Some("file") => {
                diagnostics.push(
                    Diagnostic::new(
                        &UNKNOWN_BODY_SCHEME,
                        at,
                        "`body` is the Jsonnet text itself, found the URI of a file",
                    )
                    .help("name the file with `body_file`; its text is put into the configuration"),
                );
                None
            }
            Some(scheme) => {
                diagnostics.push(
                    unknown_scheme(at, scheme)
                        .help("write the Jsonnet text itself, or name a file with `body_file`"),
                );
                None
            }
            None => Some(text.to_owned()),
        };
    };
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    if decoded.is_none() {
        diagnostics.push(
            Diagnostic::new(
                &BAD_BODY_ENCODING,
                at,
                "not base64 of a text in the standard alphabet with padding",
            )
            .help("write the Jsonnet text itself; it is encoded for you"),
        );
    }
    decoded
}

/// The body that an action without one gets at a point. It reads only what every release always
/// passes there (`ctx.json` of the model), so it cannot fail.
#[must_use]
pub fn default_body(timing: Timing, key: ChainKey) -> String {
    let method = match (timing, key) {
        (Timing::Before, _) => String::new(),
        (_, ChainKey::Method(method)) => format!("    method: '{method}',\n"),
        (_, ChainKey::Flow | ChainKey::Other) => {
            "    [if 'active' in ctx.flow then 'method']: ctx.flow.active,\n".to_owned()
        }
    };
    let identity = match timing {
        Timing::Before => "",
        Timing::After => {
            "  identity: {\n    id: ctx.identity.id,\n    schema_id: ctx.identity.schema_id,\n    \
             state: ctx.identity.state,\n    traits: ctx.identity.traits,\n  },\n"
        }
    };
    format!(
        "function(ctx) {{\n  flow: {{\n    id: ctx.flow.id,\n    type: ctx.flow.type,\n{method}  }},\n{identity}}}\n"
    )
}

/// The same for the content type `form`: an object of strings.
#[must_use]
pub fn default_form_body(timing: Timing, key: ChainKey) -> String {
    let method = match (timing, key) {
        (Timing::Before, _) => String::new(),
        (_, ChainKey::Method(method)) => format!("  method: '{method}',\n"),
        (_, ChainKey::Flow | ChainKey::Other) => {
            "  [if 'active' in ctx.flow then 'method']: ctx.flow.active,\n".to_owned()
        }
    };
    let identity = match timing {
        Timing::Before => "",
        Timing::After => {
            "  identity_id: ctx.identity.id,\n  identity_schema_id: ctx.identity.schema_id,\n  \
             identity_state: ctx.identity.state,\n"
        }
    };
    format!(
        "function(ctx) {{\n  flow_id: ctx.flow.id,\n  flow_type: ctx.flow.type,\n{method}{identity}}}\n"
    )
}

/// The body inside the configuration.
#[must_use]
pub fn inline_uri(text: &str) -> String {
    format!(
        "base64://{}",
        base64::engine::general_purpose::STANDARD.encode(text)
    )
}
