//! Resolve: each action becomes the hook values it stands for, one for each list it belongs to.
//!
//! An action for several methods is several [`Element`]s; `auth_method: all` is one for each
//! method that is on, and one for the global list where that list accepts the kind of hook.
//!
//! Invariant: an element's value is exactly what will stand in the configuration, and depends on
//! nothing but the action, its place, the release and the body.

mod rules;
mod targets;
mod url;
mod value;

pub(crate) use rules::phases_run;
pub(crate) use rules::{
    DUPLICATE_HOOK, DUPLICATE_NAME, FIELD_NOT_IN_RELEASE, HOOK_NEVER_RUNS,
    HOOK_NOT_ALLOWED_IN_SLOT, INVALID_URL, METHOD_NOT_ALLOWED_HERE, MISSING_AUTH_METHOD,
    OTHER_NOT_COVERED, RELEASE_NOT_MODELLED,
};
pub(crate) use targets::uncarriable;
pub(crate) use url::{uri_fault, url_fault};
pub use value::BodyFile;
pub(crate) use value::is_form;

use std::collections::BTreeMap;

use action_format::{Action, Body, Hook};
use diagnostics::{Diagnostic, FileId, Span, TextRange};
use kratos::{ChainKey, HookName, Method, Phase, Release, Response, Slot};
use serde_json::Value;
use yaml::{OffsetMap, Style};

use crate::body::{self, BodyText, DEFAULT_BODY};
use crate::files::Files;
use crate::load::Loaded;

/// One hook of one action in one list.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// The action: its index in [`Loaded::actions`].
    pub action: usize,
    /// The list.
    pub slot: Slot,
    /// The chains it is meant for: the method's, the flow's, or what has no method list.
    pub key: ChainKey,
    /// The methods that have no list of their own in the base and so read the global list too.
    pub also: Vec<Method>,
    /// What the model needs to know.
    pub hook: kratos::Hook,
    /// The phases in which it runs from that list.
    pub phases: Vec<Phase>,
    /// What is emitted.
    pub value: Value,
    /// The lines above it.
    pub comments: Vec<String>,
}

/// A body that the user wrote.
#[derive(Debug)]
pub(crate) struct BodySource {
    /// The Jsonnet program.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) place: BodyPlace,
}

/// Where a body stands, so that positions in it can be shown in a file.
#[derive(Debug)]
pub(crate) enum BodyPlace {
    /// It is a file of its own.
    File(FileId),
    /// It is a scalar of a file.
    Scalar(OffsetMap, FileId, Style),
    /// It is encoded: every position in it is the whole of this.
    Encoded(Span),
}

impl BodyPlace {
    /// The place in a file of a range of the program's text.
    pub(crate) fn span(&self, range: TextRange) -> Span {
        match self {
            Self::File(file) => range.in_file(*file),
            Self::Scalar(map, file, _) => map.to_file(range).in_file(*file),
            Self::Encoded(span) => *span,
        }
    }
}

impl BodyPlace {
    /// A text of the program as it must be written where it stands; `None` where it cannot be.
    pub(crate) fn written(&self, text: &str) -> Option<String> {
        match self {
            Self::File(_) => Some(text.to_owned()),
            Self::Encoded(_) => None,
            Self::Scalar(_, _, style) => match style {
                Style::SingleQuoted => Some(text.replace('\'', "''")),
                Style::DoubleQuoted => Some(text.replace('\\', "\\\\").replace('"', "\\\"")),
                // A line of its own would need the indentation of its neighbours.
                Style::Literal | Style::Folded => (!text.contains('\n')).then(|| text.to_owned()),
                Style::Plain => {
                    let special = ["\n", ": ", " #", "[", "]", "{", "}", ","];
                    (!special.iter().any(|it| text.contains(it))).then(|| text.to_owned())
                }
            },
        }
    }
}

/// All actions, resolved.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// The elements, in the order of their actions.
    pub elements: Vec<Element>,
    /// Body files to write, when bodies are emitted as files.
    pub body_files: Vec<BodyFile>,
    /// The body of each action that has one of its own.
    pub bodies: BTreeMap<usize, BodySource>,
}

/// Resolves every action that is complete and enabled.
#[must_use]
pub(crate) fn resolve(files: &dyn Files, loaded: &mut Loaded) -> Resolved {
    let mut resolved = Resolved::default();
    let actions = std::mem::take(&mut loaded.actions);
    rules::settings(loaded);
    rules::names(&actions, loaded);
    let mut file_names = value::FileNames::default();
    for (index, loaded_action) in actions.iter().enumerate() {
        let action = &loaded_action.action;
        if !action.complete || !action.enabled {
            continue;
        }
        let Some(name) = action.name.as_ref().map(|name| name.value.as_str()) else {
            continue;
        };
        let Some(hook) = &action.hook else { continue };
        let action_path = loaded.sources.path(loaded_action.file).to_owned();
        let targets = targets::targets(action, loaded);
        rules::fields(action, &targets, loaded);
        let Some(text) = body_text(
            files,
            action,
            hook,
            index,
            &action_path,
            loaded,
            &mut resolved,
        ) else {
            continue;
        };
        let comments = comments(action, name, &action_path);
        for (slot, key) in targets {
            let mut emit = value::Emit {
                name,
                release: loaded.settings.kratos,
                bodies: &loaded.settings.bodies,
                file_names: &mut file_names,
                body_files: &mut resolved.body_files,
            };
            let element = Element {
                action: index,
                slot,
                key,
                also: Vec::new(),
                phases: phases_run(&modelled(hook), slot, loaded.settings.kratos),
                hook: modelled(hook),
                value: emit.hook(hook, &text, slot, key),
                comments: comments.clone(),
            };
            resolved.elements.push(element);
        }
    }
    loaded.actions = actions;
    targets::reach(&mut resolved.elements, loaded);
    rules::duplicates(&resolved, loaded);
    resolved
}

/// The hook as the model of chains sees it.
fn modelled(hook: &Hook) -> kratos::Hook {
    let response = match hook {
        Hook::Web(web) => web.response.switches,
        Hook::BuiltIn(_) => Response::default(),
    };
    kratos::Hook {
        name: HookName::Known(hook.kind()),
        response,
    }
}

/// The text of the body; `None` when it cannot be had, which is reported.
fn body_text(
    files: &dyn Files,
    action: &Action,
    hook: &Hook,
    index: usize,
    action_path: &str,
    loaded: &mut Loaded,
    resolved: &mut Resolved,
) -> Option<BodyText> {
    let Hook::Web(web) = hook else {
        return Some(BodyText::None);
    };
    match &web.body {
        Some(Body::Inline(body)) => {
            let text = body::decode(&body.text, body.span, &mut loaded.diagnostics)?;
            let place = if text == body.text {
                let map = yaml::offset_map(&body.node, loaded.sources.text(body.span.file));
                let style = body
                    .node
                    .as_scalar()
                    .map_or(Style::Plain, |scalar| scalar.style);
                BodyPlace::Scalar(map, body.span.file, style)
            } else {
                BodyPlace::Encoded(body.span)
            };
            let source = BodySource {
                text: text.clone(),
                place,
            };
            resolved.bodies.insert(index, source);
            Some(BodyText::Written(text))
        }
        Some(Body::File(path)) => {
            let (file, text) = body::read_file(
                files,
                action_path,
                &path.value,
                path.span,
                &mut loaded.sources,
                &mut loaded.diagnostics,
            )?;
            let source = BodySource {
                text: text.clone(),
                place: BodyPlace::File(file),
            };
            resolved.bodies.insert(index, source);
            Some(BodyText::Written(text))
        }
        // The one method for which Kratos looks at no body (`request/builder.go`).
        None if web.method() == "TRACE" => Some(BodyText::None),
        None => {
            loaded.diagnostics.push(
                Diagnostic::new(
                    &DEFAULT_BODY,
                    action.head,
                    "no `body`: the default body is sent (flow, and identity where there is one)",
                )
                .help("write a `body` to choose what is sent; Kratos itself fails a webhook without one"),
            );
            Some(BodyText::Default)
        }
    }
}

/// The comment lines that name the source of a hook, without `#`.
fn comments(action: &Action, name: &str, path: &str) -> Vec<String> {
    let mut lines = vec![format!("actionc: {name} ({path})")];
    if let Some(description) = &action.description {
        lines.extend(
            description
                .value
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned),
        );
    }
    for line in &mut lines {
        line.retain(|c| !c.is_control());
    }
    lines
}

/// Whether the release passes `id` through (telemetry only, since v25.4.0).
fn knows_id(release: Release) -> bool {
    kratos::WebHookField::Id.is_known(release)
}
