//! Where an action goes: `flow`, `timing`, `auth_method`.

use diagnostics::{Applicability, Diagnostic, Fix, Span};
use kratos::{Flow, Method, Timing};
use yaml::Node;

use super::hook::CONFLICTING_FIELDS;
use crate::reader::{
    Field, Fields, Reader, UNKNOWN_FLOW, UNKNOWN_METHOD, UNKNOWN_TIMING, choose, removal,
};
use crate::{AuthMethods, Spanned};

/// What an action says about its place in Kratos's configuration.
pub(super) struct SlotFields {
    pub(super) flow: Option<Spanned<Flow>>,
    pub(super) timing: Option<Spanned<Timing>>,
    pub(super) auth_method: Option<AuthMethods>,
}

pub(super) fn read(cx: &mut Reader<'_>, fields: &Fields<'_>) -> SlotFields {
    let flow = fields.get("flow").and_then(|field| {
        let flows: Vec<_> = Flow::ALL.iter().map(|it| (it.as_str(), *it)).collect();
        choose(cx, &UNKNOWN_FLOW, ("`flow`", "a flow"), field.value, &flows)
    });
    let timing = fields.get("timing").and_then(|field| {
        let timings: Vec<_> = Timing::ALL.iter().map(|it| (it.as_str(), *it)).collect();
        let words = ("`timing`", "a timing");
        choose(cx, &UNKNOWN_TIMING, words, field.value, &timings)
    });
    let auth_method = fields.get("auth_method").and_then(|field| {
        let methods = read_methods(cx, &field);
        match without_methods(flow.as_ref(), timing.as_ref()) {
            None => methods,
            Some((place, says)) => {
                report_no_methods(cx, fields, &field, place, says);
                None
            }
        }
    });
    SlotFields {
        flow,
        timing,
        auth_method,
    }
}

/// What makes the slot one without methods, if something does: only `after` of login,
/// registration and settings has method lists, in every release (`config.schema.json`).
fn without_methods(
    flow: Option<&Spanned<Flow>>,
    timing: Option<&Spanned<Timing>>,
) -> Option<(Span, String)> {
    if let Some(flow) = flow
        && matches!(flow.value, Flow::Recovery | Flow::Verification)
    {
        return Some((flow.span, format!("`flow: {}`", flow.value)));
    }
    let timing = timing.filter(|timing| timing.value == Timing::Before)?;
    Some((timing.span, format!("`timing: {}`", timing.value)))
}

fn report_no_methods(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
    field: &Field<'_>,
    place: Span,
    says: String,
) {
    let mut finding = Diagnostic::new(
        &CONFLICTING_FIELDS,
        cx.place(field.key),
        format!("`auth_method` does not go with {says}"),
    )
    .label(place, "hooks here are not told apart by method")
    .help("remove `auth_method`: the hook runs whatever the method");
    // That the hook should then run for every method is for its author to say.
    let fix = removal(cx, fields.mapping(), (field.key, field.value));
    finding.fixes.extend(fix.map(|fix| Fix {
        applicability: Applicability::Unsafe,
        ..fix
    }));
    cx.report(finding);
}

/// A method, `all`, or a list of methods.
fn read_methods(cx: &mut Reader<'_>, field: &Field<'_>) -> Option<AuthMethods> {
    if let Some(list) = field.value.as_sequence() {
        if list.items.is_empty() {
            cx.empty("`auth_method`", field.value, "at least one method");
            return None;
        }
        return Some(AuthMethods::List(read_list(
            cx,
            "`auth_method`",
            &list.items,
        )));
    }
    if field.value.as_str() == Some("all") {
        return Some(AuthMethods::All(cx.place(field.value)));
    }
    let mut words: Vec<_> = Method::ALL
        .iter()
        .map(|method| (method.as_str(), Some(*method)))
        .collect();
    words.push(("all", None));
    if is_without_slot(field.value) {
        report_without_slot(cx, field.value);
        return None;
    }
    let method = choose(
        cx,
        &UNKNOWN_METHOD,
        ("`auth_method`", "a method"),
        field.value,
        &words,
    )?;
    Some(match method.value {
        None => AuthMethods::All(method.span),
        Some(value) => AuthMethods::List(vec![Spanned::new(value, method.span)]),
    })
}

/// The methods of a list, each once.
pub(crate) fn read_list(
    cx: &mut Reader<'_>,
    subject: &str,
    items: &[std::sync::Arc<Node>],
) -> Vec<Spanned<Method>> {
    let words: Vec<_> = Method::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let subject = format!("an entry of {subject}");
    let mut methods: Vec<Spanned<Method>> = Vec::new();
    for item in items {
        if is_without_slot(item) {
            report_without_slot(cx, item);
        } else if item.as_str() == Some("all") {
            let place = cx.place(item);
            cx.report(
                Diagnostic::new(&UNKNOWN_METHOD, place, "`all` is not a method of its own")
                    .help("name the methods one by one"),
            );
        } else if let Some(method) =
            choose(cx, &UNKNOWN_METHOD, (&subject, "a method"), item, &words)
            && methods.iter().all(|known| known.value != method.value)
        {
            methods.push(method);
        }
    }
    methods
}

/// Methods that Kratos's enterprise build has and that its configuration has no hook lists for.
fn is_without_slot(node: &Node) -> bool {
    matches!(node.as_str(), Some("saml" | "deviceauthn"))
}

fn report_without_slot(cx: &mut Reader<'_>, node: &Node) {
    let place = cx.place(node);
    let method = node.as_str().unwrap_or_default();
    cx.report(
        Diagnostic::new(
            &UNKNOWN_METHOD,
            place,
            format!("Kratos has no hooks for the method `{method}` alone"),
        )
        .help("write `all`, which covers it where Kratos can"),
    );
}
