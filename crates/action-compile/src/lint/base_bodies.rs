//! The bodies of a configuration, checked like those of actions against the ctx of the points at
//! which their hooks run.
//!
//! A finding in an encoded body points at the scalar that holds it, and says in words where in the
//! body it is. Bodies that are files have places of their own.

use diagnostics::{Diagnostic, Span};
use kratos::{Point, Slot};

use super::body_uri::{self, UNCHECKED_BODY, Uri};
use super::payload::{self, BodyAt, Examined, Known};
use super::web_hook_at::{BodyFrom, WebHookAt};
use super::{Surroundings, secrets};
use crate::check::{examine, parse, read_of_traits};
use crate::encoded::locate;
use crate::files::{Files, relative_to};
use crate::identity::UNKNOWN_TRAITS;
use crate::load::{Loaded, text_once};
use crate::resolve::{BodyPlace, BodySource};
use crate::witness::Search;

/// A body that the configuration names, before it is read.
pub(super) struct Named {
    uri: String,
    span: Span,
    slot: Slot,
    points: Vec<Point>,
    form: bool,
}

/// The bodies that a configuration names and runs.
pub(super) fn named(hooks: &[WebHookAt<'_>]) -> Vec<Named> {
    let of_base = hooks
        .iter()
        .filter(|hook| hook.of_base && !hook.points.is_empty());
    of_base
        .filter_map(|hook| {
            let BodyFrom::Uri(uri) = hook.body else {
                return None;
            };
            Some(Named {
                uri: uri.value.to_owned(),
                span: uri.span,
                slot: *hook.slots.first()?,
                points: hook.points.clone(),
                form: hook.form,
            })
        })
        .collect()
}

/// Reads and checks them; those that could be had are `read`.
pub(super) fn check(
    files: &dyn Files,
    bodies: &[Named],
    base_path: &str,
    loaded: &mut Loaded,
    known: &[Diagnostic],
    read: &mut Vec<BodySource>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut search = Search::new(files.evaluator());
    let mut traits = None;
    for body in bodies {
        let source = match body_uri::read(&body.uri) {
            Uri::Source(text) => BodySource {
                text,
                place: BodyPlace::Encoded(body.span),
            },
            Uri::File(path) => match file(files, base_path, path, body.span, loaded, &mut found) {
                Some(source) => source,
                None => continue,
            },
            _ => continue,
        };
        let around = Surroundings::new(loaded);
        found.extend(of_body(body, &source, &around, &mut search, &mut traits));
        read.push(source);
    }
    // Once for a run, be it of a body of an action.
    let is_known = |it: &Diagnostic| it.rule == &UNKNOWN_TRAITS;
    if !known.iter().any(is_known) {
        let identities = &loaded.ctx.identities;
        found.extend(traits.and_then(|read| identities.unnamed(read)));
    }
    found
}

fn file(
    files: &dyn Files,
    base_path: &str,
    path: &str,
    at: Span,
    loaded: &mut Loaded,
    found: &mut Vec<Diagnostic>,
) -> Option<BodySource> {
    let local = if path.starts_with('/') {
        files.known_as(path)
    } else {
        relative_to(base_path, path)
    };
    match files.read_in_repository(&local) {
        Ok(bytes) => {
            let file = text_once(bytes, &local, &mut loaded.sources, found)?;
            Some(BodySource {
                text: loaded.sources.text(file).to_owned(),
                place: BodyPlace::File(file),
            })
        }
        Err(error) => {
            found.push(
                Diagnostic::new(
                    &UNCHECKED_BODY,
                    at,
                    format!("this body was not checked: `{local}`: {error}"),
                )
                .help("check it where it is, with `actionc body check --at POINT FILE`"),
            );
            None
        }
    }
}

fn of_body(
    body: &Named,
    source: &BodySource,
    around: &Surroundings<'_>,
    search: &mut Search<'_>,
    traits: &mut Option<Span>,
) -> Vec<Diagnostic> {
    let parsed = parse(&source.text);
    let mut found = parsed.diagnostics.clone();
    let (diagnostics, checked) = examine(
        &parsed,
        &source.text,
        &body.points,
        body.form,
        around.loaded,
        search,
    );
    found.extend(diagnostics);
    *traits = traits.or(read_of_traits(&checked).map(|it| source.place.span(it)));
    let examined = [Examined {
        slot: body.slot,
        points: body.points.clone(),
        report: checked.report,
    }];
    // Rules see the body's own places; these are moved into the file at the end.
    let own = BodySource {
        text: source.text.clone(),
        place: BodyPlace::File(diagnostics::FileId::DETACHED),
    };
    let known = Known::of(&found);
    let body_at = BodyAt {
        source: &own,
        program: &parsed.program,
        form: body.form,
        examined: &examined,
    };
    let more = payload::of_body(&body_at, around, &known, &mut found);
    found.extend(more);
    let literal = secrets::in_body(&parsed.program);
    found.extend(
        literal
            .into_iter()
            .map(|range| secrets::of_body(own.place.span(range))),
    );
    for diagnostic in &mut found {
        if let BodyPlace::Encoded(_) = source.place {
            locate(diagnostic, &source.text);
        }
        diagnostic.map_spans(|span| source.place.span(span.range));
    }
    found
}
