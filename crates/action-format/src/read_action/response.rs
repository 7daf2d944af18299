//! Response handling in its three spellings, and the deprecated `can_interrupt`.

use diagnostics::{Applicability, Diagnostic, Level, Rule, Span};
use kratos::{Flow, Timing};

use super::hook::{CONFLICTING_FIELDS, conflict};
use super::slot::SlotFields;
use crate::reader::{Field, Fields, Reader, UNKNOWN_VALUE, choose, removal, rewording};
use crate::{Mode, Response, Spanned};

/// A hook that is told both to ignore the answer and to read it.
pub static IGNORE_AND_PARSE: Rule = Rule {
    code: "ignore-and-parse",
    summary: "an answer that is to be both ignored and read",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/ignore-and-parse.md"),
};

/// The deprecated form of `mode: block`.
pub static DEPRECATED_CAN_INTERRUPT: Rule = Rule {
    code: "deprecated-can-interrupt",
    summary: "`can_interrupt`, which Kratos deprecated for `response.parse`",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/deprecated-can-interrupt.md"),
};

/// The spellings; no two of them may meet.
const SPELLINGS: &[(&str, u8)] = &[
    ("mode", 0),
    ("response", 1),
    ("response_ignore", 2),
    ("response_parse", 2),
];

/// The switches as the file says them, each with the place of its value.
#[derive(Default)]
struct Switches {
    ignore: Option<Spanned<bool>>,
    parse: Option<Spanned<bool>>,
    can_interrupt: Option<Spanned<bool>>,
}

pub(super) fn read(cx: &mut Reader<'_>, fields: &Fields<'_>, slot: &SlotFields) -> Response {
    let mode = fields.get("mode").and_then(|field| {
        choose(
            cx,
            &UNKNOWN_VALUE,
            ("`mode`", "a mode"),
            field.value,
            Mode::ALL,
        )
    });
    let mut switches = Switches::default();
    if let Some(field) = fields.get("response") {
        read_nested(cx, &field, &mut switches);
    }
    let mut flag = |name: &str| {
        let field = fields.get(name)?;
        cx.boolean(&field.subject(), field.value)
    };
    let (ignore, parse) = (flag("response_ignore"), flag("response_parse"));
    switches.can_interrupt = flag("can_interrupt");
    switches.ignore = switches.ignore.or(ignore);
    switches.parse = switches.parse.or(parse);

    if !one_spelling(cx, fields) && consistent(cx, &switches) {
        deprecate(cx, fields, &switches);
    }
    if let Some(mode) = &mode {
        check_modify(cx, mode, slot);
    }
    let on = |switch: &Option<Spanned<bool>>| switch.as_ref().is_some_and(|it| it.value);
    let mut said = mode.as_ref().map_or_else(
        || kratos::Response {
            ignore: on(&switches.ignore),
            parse: on(&switches.parse),
            can_interrupt: false,
        },
        |mode| mode.value.switches(),
    );
    said.can_interrupt = on(&switches.can_interrupt);
    let place = SPELLINGS
        .iter()
        .map(|(name, _)| *name)
        .chain(["can_interrupt"])
        .find_map(|name| fields.get(name));
    Response {
        switches: said,
        mode,
        span: place.map(|field| cx.place(field.value)),
    }
}

fn read_nested(cx: &mut Reader<'_>, field: &Field<'_>, switches: &mut Switches) {
    let Some(mapping) = cx.mapping("`response`", field.value) else {
        return;
    };
    let known = &["ignore", "parse"];
    let fields = Fields::read(cx, field.value, mapping, "`response`", known, None);
    let mut flag = |name: &str| {
        let field = fields.get(name)?;
        cx.boolean(&field.subject(), field.value)
    };
    switches.ignore = flag("ignore");
    switches.parse = flag("parse");
}

/// Whether two spellings met, which is reported once.
fn one_spelling(cx: &mut Reader<'_>, fields: &Fields<'_>) -> bool {
    let group = |name: &str| SPELLINGS.iter().find(|it| it.0 == name).map(|it| it.1);
    let mut first: Option<(Field<'_>, u8)> = None;
    for field in fields.iter() {
        let group = match (group(field.name), field.name) {
            (Some(group), _) => group,
            // It says more than `mode`, and goes with the other spellings as in Kratos.
            (None, "can_interrupt") if fields.has("mode") => 3,
            _ => continue,
        };
        match first {
            None => first = Some((field, group)),
            Some((other, other_group)) if other_group != group => {
                let (guilty, place) = (cx.place(field.key), cx.place(other.key));
                conflict(
                    cx,
                    guilty,
                    format!("`{}` and `{}` exclude each other", field.name, other.name),
                    (place, "the answer is dealt with here already"),
                    "keep one of them",
                );
                return true;
            }
            Some(_) => {}
        }
    }
    false
}

/// Whether the switches can stand together; Kratos refuses to run such a hook
/// (`web_hook.go`: "cannot ignore and parse/interrupt").
fn consistent(cx: &mut Reader<'_>, switches: &Switches) -> bool {
    let on = |switch: &Option<Spanned<bool>>| {
        switch
            .as_ref()
            .filter(|switch| switch.value)
            .map(|switch| switch.span)
    };
    let Some(ignore) = on(&switches.ignore) else {
        return true;
    };
    let (guilty, name) = match (on(&switches.parse), on(&switches.can_interrupt)) {
        (Some(parse), _) => (parse, "parse"),
        (None, Some(can_interrupt)) => (can_interrupt, "can_interrupt"),
        (None, None) => return true,
    };
    cx.report(
        Diagnostic::new(
            &IGNORE_AND_PARSE,
            guilty,
            format!("`ignore` and `{name}` exclude each other"),
        )
        .label(ignore, "the answer is ignored")
        .help("keep `ignore` if nobody waits for the answer, else the other"),
    );
    false
}

fn deprecate(cx: &mut Reader<'_>, fields: &Fields<'_>, switches: &Switches) {
    let (Some(field), Some(value)) = (fields.get("can_interrupt"), &switches.can_interrupt) else {
        return;
    };
    let parses = switches.parse.as_ref().is_some_and(|parse| parse.value);
    let alone = SPELLINGS.iter().all(|(name, _)| !fields.has(name));
    let (help, fix) = if !value.value {
        let fix = removal(cx, fields.mapping(), (field.key, field.value));
        ("remove it: false is the default", fix)
    } else if parses {
        let fix = removal(cx, fields.mapping(), (field.key, field.value));
        (
            "remove it: `parse` already lets the answer stop the flow",
            fix,
        )
    } else if alone {
        let mut fix = rewording(cx, (field.key, field.value), ("mode", "block"));
        if let Some(fix) = &mut fix {
            // An empty answer of status 200 fails the flow from then on.
            fix.applicability = Applicability::Unsafe;
        }
        (
            "write `mode: block`; a 200 answer must be JSON then, or be 204",
            fix,
        )
    } else {
        ("write `mode: block` instead of all response fields", None)
    };
    let mut finding = Diagnostic::new(
        &DEPRECATED_CAN_INTERRUPT,
        cx.place(field.key),
        "`can_interrupt` is deprecated in favour of `mode: block`",
    )
    .help(help);
    finding.fixes.extend(fix);
    cx.report(finding);
}

/// Only registration and settings store what an answer says about the identity, and only after
/// the flow was submitted is there one (`selfservice/hook/web_hook.go`).
fn check_modify(cx: &mut Reader<'_>, mode: &Spanned<Mode>, slot: &SlotFields) {
    if mode.value != Mode::Modify {
        return;
    }
    let stores = |flow: Flow| matches!(flow, Flow::Registration | Flow::Settings);
    let other: Option<(Span, String, &str)> = match (&slot.flow, &slot.timing) {
        (Some(flow), _) if !stores(flow.value) => Some((
            flow.span,
            format!("`flow: {}`", flow.value),
            "only registration and settings store a changed identity",
        )),
        (_, Some(timing)) if timing.value == Timing::Before => Some((
            timing.span,
            format!("`timing: {}`", timing.value),
            "there is no identity yet",
        )),
        _ => None,
    };
    if let Some((place, says, why)) = other {
        cx.report(
            Diagnostic::new(
                &CONFLICTING_FIELDS,
                mode.span,
                format!("`mode: modify` does not go with {says}"),
            )
            .label(place, why)
            .help("write `mode: block` if the answer may only stop the flow"),
        );
    }
}
