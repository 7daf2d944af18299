//! Check: every body against the ctx that Kratos will pass at each point where it runs.
//!
//! The checker knows no Kratos: here its findings get their place in the file and, where a body
//! runs at several points, the points at which they hold.
//! Invariant: a body is checked once for each distinct ctx, whatever the number of its lists.

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, FileId, Span, TextRange};
use jsonnet_check::{Checked, Profile, Signature, StdVersion, Ty};
use jsonnet_eval::Evaluator;
use kratos::{ChainKey, Point, Release, Slot};

use crate::ctx::CtxContext;
use crate::encoded::locate;
use crate::files::Files;
use crate::form;
use crate::headers;
use crate::lint::Examined;
use crate::load::Loaded;
use crate::resolve::{BodyPlace, BodySource, Element, Resolved};
use crate::witness::{Rejected, Search};

/// Checks the bodies of all actions, and gives what the checker saw in each.
pub(crate) fn check(
    files: &dyn Files,
    resolved: &Resolved,
    loaded: &mut Loaded,
) -> BTreeMap<usize, Vec<Examined>> {
    let mut examined = BTreeMap::new();
    let mut run = Run {
        types: BTreeMap::new(),
        search: Search::new(files.evaluator()),
        traits: None,
    };
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
        let seen = examined.entry(*action).or_default();
        found.extend(of_action(body, &elements, form, loaded, &mut run, seen));
    }
    let identities = &loaded.ctx.identities;
    found.extend(run.traits.and_then(|read| identities.unnamed(read)));
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

/// What the bodies of one run share.
struct Run<'a> {
    /// The types of ctx that were made, by the points they are for.
    types: BTreeMap<Vec<Point>, Ty>,
    search: Search<'a>,
    /// Where traits are read first.
    traits: Option<Span>,
}

/// The first read of the traits of an identity.
pub(crate) fn read_of_traits(checked: &Checked) -> Option<TextRange> {
    let mut reads = checked.report.reads.iter();
    reads
        .find(|it| &*it.name == "traits")
        .map(|it| it.span.range)
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
    run: &mut Run<'_>,
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
        let ty = run
            .types
            .entry(points.clone())
            .or_insert_with_key(|points| loaded.ctx.ty(points, release));
        let (mut here, result) = checked(&program, ty, release, form);
        let read = read_of_traits(&result).map(|it| body.place.span(it));
        run.traits = run.traits.or(read);
        examined.push(Examined {
            slot,
            points: points.clone(),
            report: result.report,
        });
        let rejected = Rejected {
            text: &body.text,
            program: &program.program,
            is_broken: program.diagnostics.iter().any(Diagnostic::is_error),
            points: &points,
            release,
            context: &loaded.ctx,
            failing: &result.failing,
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
        run.search.confirm(&rejected, &mut here);
        found.extend(here.into_iter().map(|diagnostic| (diagnostic, vec![slot])));
    }
    let everywhere = slots.len();
    let placed = found.into_iter().map(|(mut diagnostic, at)| {
        // A finding that holds at some of the points only says at which.
        if !at.is_empty() && at.len() < everywhere {
            let names: Vec<String> = at.iter().map(|slot| format!("`{slot}`")).collect();
            diagnostic.annotation = format!("at {}", names.join(", "));
        }
        if let BodyPlace::Encoded(_) = body.place {
            locate(&mut diagnostic, &body.text);
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
    for diagnostic in &mut diagnostics {
        headers::explain(diagnostic, release);
    }
    if form && diagnostics.iter().all(|it| !it.is_error()) {
        diagnostics.extend(form::findings(&program.program, &checked));
    }
    (diagnostics, checked)
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
        program: &program.program,
        is_broken: program.diagnostics.iter().any(Diagnostic::is_error),
        points,
        release,
        context: &loaded.ctx,
        failing: &result.failing,
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
        program: &program.program,
        is_broken: program.diagnostics.iter().any(Diagnostic::is_error),
        points,
        release,
        context,
        failing: &result.failing,
    };
    Search::new(evaluator).confirm(&rejected, &mut found);
    diagnostics.extend(found);
    let read = read_of_traits(&result).map(|it| it.in_file(file));
    for diagnostic in &mut diagnostics {
        diagnostic.map_spans(|span| span.range.in_file(file));
    }
    diagnostics.extend(read.and_then(|it| context.identities.unnamed(it)));
    (diagnostics, result)
}
