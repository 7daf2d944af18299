//! What bodies do with their ctx, as the checker saw it: Kratos's rules over its report.
//!
//! The checker knows no Kratos; what the model says of each member of ctx travels through it as
//! annotations and comes back with the places where it is read and where it reaches the payload.
//! Where the checker has an error at such a place, that error gets the code and the help of the
//! rule; nothing is reported twice.

mod headers;
mod lookups;
mod reads;
mod secret;

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, Level, Rule, TextRange};
use jsonnet_check::Report;
use jsonnet_syntax::Program;
use kratos::{Point, Slot};

use super::Surroundings;
use crate::resolve::{BodyPlace, BodySource};

pub(crate) use headers::{HEADER_KEY_NOT_CANONICAL, HEADER_NOT_IN_ALLOWLIST};
pub(crate) use reads::{
    NIL_IDENTITY_ID, NIL_SESSION_ID, OLD_IDENTITY_IN_SETTINGS, TRANSIENT_PAYLOAD_DROPPED,
    TRANSIENT_PAYLOAD_NOT_IN_CTX,
};
pub(crate) use secret::PAYLOAD_LEAKS_SECRET;

/// `error "cancel"` where nobody listens.
pub(crate) static CANCEL_IN_FORM_BODY: Rule = Rule {
    code: "cancel-in-form-body",
    summary: "`error 'cancel'` in a form body, where it does not cancel but fails the flow",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/cancel-in-form-body.md"),
};

/// An `error` that cancels though it says more.
pub(crate) static CANCEL_PREFIX: Rule = Rule {
    code: "cancel-prefix",
    summary: "an `error` text that only begins with `cancel`, which cancels the webhook all the same",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/cancel-prefix.md"),
};

/// An `error` that fails the flow.
pub(crate) static CANCEL_ELSEWHERE: Rule = Rule {
    code: "cancel-elsewhere",
    summary: "an `error` other than `cancel` that can be reached, which fails the flow",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/cancel-elsewhere.md"),
};

/// The rules over bodies.
pub(crate) static RULES: &[&Rule] = &[
    &CANCEL_ELSEWHERE,
    &CANCEL_IN_FORM_BODY,
    &CANCEL_PREFIX,
    &HEADER_KEY_NOT_CANONICAL,
    &HEADER_NOT_IN_ALLOWLIST,
    &NIL_IDENTITY_ID,
    &NIL_SESSION_ID,
    &OLD_IDENTITY_IN_SETTINGS,
    &PAYLOAD_LEAKS_SECRET,
    &TRANSIENT_PAYLOAD_DROPPED,
    &TRANSIENT_PAYLOAD_NOT_IN_CTX,
];

/// What the checker saw of a body at the points of one list.
#[derive(Clone, Debug)]
pub(crate) struct Examined {
    /// The list.
    pub(crate) slot: Slot,
    /// The points.
    pub(crate) points: Vec<Point>,
    /// What the checker's own findings leave to say.
    pub(crate) report: Report,
}

/// A body with all that is known of it.
pub(crate) struct BodyAt<'a> {
    /// Its text and place.
    pub(crate) source: &'a BodySource,
    /// Its program.
    pub(crate) program: &'a Program,
    /// Whether it is sent as a form.
    pub(crate) form: bool,
    /// What the checker saw, at each list.
    pub(crate) examined: &'a [Examined],
}

/// The findings of the checker at places of files, to be given the code of a rule.
#[derive(Debug, Default)]
pub(crate) struct Known {
    by_place: BTreeMap<(diagnostics::FileId, u32), Vec<usize>>,
}

impl Known {
    /// Those among the findings that say that a member is not there.
    pub(crate) fn of(found: &[Diagnostic]) -> Self {
        let mut by_place: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, diagnostic) in found.iter().enumerate() {
            let rule = diagnostic.rule;
            if *rule == jsonnet_check::UNKNOWN_MEMBER
                || *rule == jsonnet_check::MEMBER_MAY_BE_ABSENT
                || *rule == HEADER_NOT_IN_ALLOWLIST
            {
                let key = (diagnostic.primary.file, diagnostic.primary.range.end);
                by_place.entry(key).or_default().push(index);
            }
        }
        Self { by_place }
    }

    /// The finding about this member whose place ends where this one does.
    fn at<'d>(
        &self,
        place: &BodyPlace,
        range: TextRange,
        name: &str,
        found: &'d mut [Diagnostic],
    ) -> Option<&'d mut Diagnostic> {
        let span = place.span(range);
        let quoted = format!("`{name}`");
        let indices = self.by_place.get(&(span.file, span.range.end))?;
        let index = indices.iter().copied().find(|index| {
            found
                .get(*index)
                .is_some_and(|it| it.message.contains(&quoted))
        })?;
        found.get_mut(index)
    }
}

/// What a rule found in a body, and at which lists.
struct Finding {
    rule: &'static Rule,
    range: TextRange,
    message: String,
    help: String,
    fix: Option<(String, String)>,
    level: Option<Level>,
    slots: Vec<Slot>,
}

/// Collects findings: the same one at several lists is one.
#[derive(Default)]
struct Collected {
    findings: Vec<Finding>,
}

impl Collected {
    fn add(
        &mut self,
        rule: &'static Rule,
        range: TextRange,
        slot: Slot,
        message: String,
        help: impl Into<String>,
    ) {
        let known = self
            .findings
            .iter_mut()
            .find(|it| it.rule == rule && it.range == range);
        match known {
            Some(known) if known.slots.contains(&slot) => {}
            Some(known) => known.slots.push(slot),
            None => self.findings.push(Finding {
                rule,
                range,
                message,
                help: help.into(),
                fix: None,
                level: None,
                slots: vec![slot],
            }),
        }
    }
}

impl Collected {
    /// What was added last can surprise and does not fail.
    fn lower_last(&mut self) {
        if let Some(last) = self.findings.last_mut() {
            last.level = Some(Level::Warning);
        }
    }
}

/// The rules over one body. `found` holds the findings of the checker, some of which are given
/// another code.
pub(crate) fn of_body(
    body: &BodyAt<'_>,
    around: &Surroundings<'_>,
    known: &Known,
    found: &mut [Diagnostic],
) -> Vec<Diagnostic> {
    let mut collected = Collected::default();
    cancelling(body, &mut collected);
    reads::rules(body, around, known, found, &mut collected);
    headers::rules(body, around, known, found, &mut collected);
    secret::leaks(body, &mut collected);
    let everywhere = body.examined.len();
    let place = &body.source.place;
    let findings = collected.findings.into_iter().map(|it| {
        let span = place.span(it.range);
        let mut diagnostic = Diagnostic::new(it.rule, span, it.message).help(it.help);
        diagnostic.level = it.level.unwrap_or(it.rule.level);
        if it.slots.len() < everywhere {
            let names: Vec<String> = it.slots.iter().map(|slot| format!("`{slot}`")).collect();
            diagnostic.annotation = format!("at {}", names.join(", "));
        }
        match it.fix {
            Some((title, text)) => match place.written(&text) {
                Some(text) => diagnostic.fix(title, span, text),
                None => diagnostic,
            },
            None => diagnostic,
        }
    });
    findings.collect()
}

/// The program's own errors. Kratos takes the substring `RUNTIME ERROR: cancel` for the wish to
/// cancel, for JSON bodies only (`request/builder.go`).
fn cancelling(body: &BodyAt<'_>, collected: &mut Collected) {
    for at in body.examined {
        for error in &at.report.errors {
            let text = error.text.as_deref();
            let cancels = text.is_some_and(|text| text.starts_with("cancel"));
            let range = error.span.range;
            if body.form && cancels {
                collected.add(
                    &CANCEL_IN_FORM_BODY,
                    range,
                    at.slot,
                    "a form body cannot be cancelled: this fails the flow".to_owned(),
                    "send JSON (`content_type: json`), or send the form without cancelling",
                );
            } else if cancels && text != Some("cancel") {
                collected.add(
                    &CANCEL_PREFIX,
                    range,
                    at.slot,
                    "every `error` that begins with `cancel` cancels the webhook".to_owned(),
                    "write `error 'cancel'` to cancel, or another text to fail the flow",
                );
            } else if !cancels {
                let what = match text {
                    Some(text) if text.len() <= 40 => format!("`error '{text}'`"),
                    Some(_) | None => "this error".to_owned(),
                };
                collected.add(
                    &CANCEL_ELSEWHERE,
                    range,
                    at.slot,
                    format!("{what} fails the flow, and the visitor sees the source of the body"),
                    "write `error 'cancel'` if the webhook is to be skipped",
                );
            }
        }
    }
}
