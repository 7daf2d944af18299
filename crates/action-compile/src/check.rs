//! Check: every body against the ctx that Kratos will pass at each point where it runs.
//!
//! The checker knows no Kratos: here its findings get their place in the file and, where a body
//! runs at several points, the points at which they hold.
//! Invariant: a body is checked once for each distinct ctx, whatever the number of its lists.

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, FileId, Level, Rule};
use jsonnet_check::{Checked, Kinds, Profile, Signature, StdVersion, Ty};
use jsonnet_eval::Evaluator;
use kratos::{ChainKey, Point, Release, Slot};

use crate::ctx::CtxContext;
use crate::files::Files;
use crate::lint::Examined;
use crate::load::Loaded;
use crate::resolve::{BodySource, Element, Resolved};
use crate::witness::{Rejected, Search};

/// A form body whose result Kratos cannot encode.
pub(crate) static FORM_BODY_NOT_STRINGS: Rule = Rule {
    code: "form-body-not-strings",
    summary: "a form body that is not an object of strings",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/form-body-not-strings.md"),
};

/// Checks the bodies of all actions, and gives what the checker saw in each.
pub(crate) fn check(
    files: &dyn Files,
    resolved: &Resolved,
    loaded: &mut Loaded,
) -> BTreeMap<usize, Vec<Examined>> {
    let mut examined = BTreeMap::new();
    let mut types = Types::default();
    let mut search = Search::new(files.evaluator());
    let mut found = Vec::new();
    for (action, body) in &resolved.bodies {
        let elements: Vec<&Element> = resolved
            .elements
            .iter()
            .filter(|it| it.action == *action)
            .collect();
        let form = loaded
            .actions
            .get(*action)
            .is_some_and(|it| is_form(&it.action));
        found.extend(of_action(
            body,
            &elements,
            form,
            loaded,
            &mut types,
            &mut search,
            examined.entry(*action).or_default(),
        ));
    }
    loaded.diagnostics.extend(found);
    examined
}

/// The JSON Schema of what an action sends at any of its points; `None` when there is no such
/// action or it sends nothing.
pub(crate) fn payload(
    files: &dyn Files,
    resolved: &Resolved,
    loaded: &mut Loaded,
    name: &str,
) -> Option<serde_json::Value> {
    let named =
        |it: &crate::load::LoadedAction| it.action.name.as_ref().is_some_and(|it| it.value == name);
    let action = loaded.actions.iter().position(named)?;
    let form = loaded
        .actions
        .get(action)
        .is_some_and(|it| is_form(&it.action));
    let release = loaded.settings.kratos;
    let elements = resolved.elements.iter().filter(|it| it.action == action);
    let mut sent: Option<Ty> = None;
    for element in elements.filter(|it| it.hook.kind() == Some(kratos::HookKind::WebHook)) {
        let text = match resolved.bodies.get(&action) {
            Some(body) => body.text.clone(),
            None if form => crate::body::default_form_body(element.slot.timing, element.key),
            None => crate::body::default_body(element.slot.timing, element.key),
        };
        let ctx = loaded.ctx.ty(&points_of(element, release), release);
        let (found, result) = checked(&parse(&text), &ctx, release, false);
        if found.iter().any(Diagnostic::is_error) {
            continue;
        }
        sent = Some(sent.map_or_else(|| result.result.clone(), |all| all.join(&result.result)));
    }
    let _ = check(files, resolved, loaded);
    Some(jsonnet_check::json_schema(&sent?))
}

/// The types of ctx that a run has made, by the points they are for.
#[derive(Default)]
struct Types {
    made: BTreeMap<Vec<Point>, Ty>,
}

fn is_form(action: &action_format::Action) -> bool {
    match &action.hook {
        Some(action_format::Hook::Web(web)) => crate::resolve::is_form(web),
        _ => false,
    }
}

fn of_action(
    body: &BodySource,
    elements: &[&Element],
    form: bool,
    loaded: &Loaded,
    types: &mut Types,
    search: &mut Search<'_>,
    examined: &mut Vec<Examined>,
) -> Vec<Diagnostic> {
    let release = loaded.settings.kratos;
    let program = parse(&body.text);
    let mut found: Vec<(Diagnostic, Vec<Slot>)> = program
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.clone(), Vec::new()))
        .collect();
    let mut slots = Vec::new();
    for element in elements {
        let points = points_of(element, release);
        let slot = element.slot;
        slots.push(slot);
        let ty = types
            .made
            .entry(points.clone())
            .or_insert_with_key(|points| loaded.ctx.ty(points, release));
        let (mut here, result) = checked(&program, ty, release, form);
        examined.push(Examined {
            slot,
            points: points.clone(),
            report: result.report,
        });
        let rejected = Rejected {
            text: &body.text,
            ctx: ty,
            points: &points,
            release,
            context: &loaded.ctx,
        };
        // What is known from another point has been looked at there.
        here.retain_mut(|diagnostic| {
            let known = found.iter_mut().find(|(other, _)| {
                other.rule == diagnostic.rule && other.primary == diagnostic.primary
            });
            let is_new = known.is_none();
            if let Some((_, at)) = known {
                at.push(slot);
            }
            is_new
        });
        search.confirm(&rejected, &mut here);
        found.extend(here.into_iter().map(|diagnostic| (diagnostic, vec![slot])));
    }
    let everywhere = slots.len();
    let placed = found.into_iter().map(|(mut diagnostic, at)| {
        // A finding that holds at some of the points only says at which.
        if !at.is_empty() && at.len() < everywhere {
            let names: Vec<String> = at.iter().map(|slot| format!("`{slot}`")).collect();
            diagnostic.annotation = format!("at {}", names.join(", "));
        }
        diagnostic.map_spans(|span| body.place.span(span.range));
        diagnostic.fixes.retain_mut(|fix| {
            fix.edits.iter_mut().all(|edit| {
                let written = body.place.written(&edit.new_text);
                let can_be = written.is_some();
                edit.new_text = written.unwrap_or_default();
                can_be
            })
        });
        diagnostic
    });
    placed.collect()
}

/// The points at which a hook runs.
pub(crate) fn points_of(element: &Element, release: Release) -> Vec<Point> {
    let keys: Vec<ChainKey> = std::iter::once(element.key)
        .chain(element.also.iter().copied().map(ChainKey::Method))
        .collect();
    let of_element = |point: &Point| {
        point.flow == element.slot.flow
            && point.timing == element.slot.timing
            && keys.contains(&point.key)
            && element.phases.contains(&point.phase)
    };
    Point::all(release).into_iter().filter(of_element).collect()
}

/// Parses a body. Its spans are those of the body's own text until they get their place.
#[must_use]
pub(crate) fn parse(text: &str) -> jsonnet_syntax::Parsed {
    jsonnet_syntax::parse(text, FileId::DETACHED)
}

/// Checks a body against the type of its ctx; the parser's findings are not repeated.
fn checked(
    program: &jsonnet_syntax::Parsed,
    ctx: &Ty,
    release: Release,
    form: bool,
) -> (Vec<Diagnostic>, Checked) {
    let signature = Signature {
        args: vec![("ctx".into(), ctx.clone())],
        profile: Profile {
            std_version: std_version(release),
            ..Profile::default()
        },
    };
    let mut checked = jsonnet_check::check(program, &signature);
    let mut diagnostics = std::mem::take(&mut checked.diagnostics);
    if form && diagnostics.iter().all(|it| !it.is_error()) && !is_form_result(&checked.result) {
        let root = program.program.span(program.program.root());
        let message = format!(
            "a form body is {}, expected an object of strings",
            checked.result
        );
        diagnostics.push(
            Diagnostic::new(&FORM_BODY_NOT_STRINGS, root, message)
                .help("turn each member into a string with `std.toString`, or send JSON"),
        );
    }
    (diagnostics, checked)
}

/// Kratos decodes the result into a map of strings; null becomes the empty one
/// (`request/builder.go`).
fn is_form_result(ty: &Ty) -> bool {
    let only_strings = |ty: &Ty| {
        let strings = Kinds {
            text: ty.kinds().text.clone(),
            null: ty.kinds().null,
            ..Kinds::default()
        };
        ty.is_poison() || only(ty.kinds(), &strings)
    };
    let kinds = ty.kinds();
    let objects = Kinds {
        shapes: kinds.shapes.clone(),
        ..Kinds::default()
    };
    ty.is_poison()
        || only(kinds, &objects)
            && kinds.shapes.iter().all(|shape| {
                shape.present().all(|(_, field)| only_strings(&field.ty))
                    && shape.rest.as_ref().is_none_or(only_strings)
            })
}

/// Whether a type holds no kind of value that the other does not.
fn only(kinds: &Kinds, allowed: &Kinds) -> bool {
    let Kinds {
        null,
        bools,
        number,
        text,
        array,
        shapes,
        unknown,
        ..
    } = kinds;
    !unknown
        && (!null || allowed.null)
        && bools == &[false, false]
        && number.is_none()
        && array.is_none()
        && (text.is_none() || allowed.text.is_some())
        && (shapes.is_empty() || !allowed.shapes.is_empty())
}

/// The standard library that a release of Kratos carries (its `go.mod`). 0.19 counts as 0.20.
fn std_version(release: Release) -> StdVersion {
    if release < Release::V25_4_0 {
        StdVersion::V0_20
    } else {
        StdVersion::V0_21
    }
}

/// Checks a body that is no action's, at these points. The parser's findings are not repeated.
pub(crate) fn examine(
    program: &jsonnet_syntax::Parsed,
    text: &str,
    points: &[Point],
    form: bool,
    loaded: &Loaded,
    search: &mut Search<'_>,
) -> (Vec<Diagnostic>, Checked) {
    let release = loaded.settings.kratos;
    let ctx = loaded.ctx.ty(points, release);
    let (mut found, result) = checked(program, &ctx, release, form);
    let rejected = Rejected {
        text,
        ctx: &ctx,
        points,
        release,
        context: &loaded.ctx,
    };
    search.confirm(&rejected, &mut found);
    (found, result)
}

/// Checks a body that is a file of its own, at these points.
#[must_use]
pub fn check_body(
    text: &str,
    file: FileId,
    context: &CtxContext,
    points: &[Point],
    release: Release,
    evaluator: Option<&dyn Evaluator>,
) -> (Vec<Diagnostic>, Checked) {
    let program = parse(text);
    let mut diagnostics = program.diagnostics.clone();
    let ctx = context.ty(points, release);
    let (mut found, result) = checked(&program, &ctx, release, false);
    let rejected = Rejected {
        text,
        ctx: &ctx,
        points,
        release,
        context,
    };
    Search::new(evaluator).confirm(&rejected, &mut found);
    diagnostics.extend(found);
    for diagnostic in &mut diagnostics {
        diagnostic.map_spans(|span| span.range.in_file(file));
    }
    (diagnostics, result)
}
