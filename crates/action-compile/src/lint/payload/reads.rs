//! Members of ctx that are not what their name says.

use diagnostics::{Diagnostic, Level, Rule};
use jsonnet_check::Read;
use jsonnet_syntax::{ExprKind, Program};
use kratos::{CtxOptions, Release, Shape};

use super::lookups::lookups;
use super::{BodyAt, Collected, Known, Surroundings};

/// An id that is all zeros.
pub(crate) static NIL_IDENTITY_ID: Rule = Rule {
    code: "nil-identity-id",
    summary: "a body reads the id of the identity, or of an address, before Kratos stores it: it is all zeros",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/nil-identity-id.md"),
};

/// The same of a session.
pub(crate) static NIL_SESSION_ID: Rule = Rule {
    code: "nil-session-id",
    summary: "a body reads the id of the session after login: at a first factor it is all zeros",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/nil-session-id.md"),
};

/// An identity as it was.
pub(crate) static OLD_IDENTITY_IN_SETTINGS: Rule = Rule {
    code: "old-identity-in-settings",
    summary: "a body reads the identity of the flow or the session after settings, which is the one before the change, and never `ctx.identity`",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/old-identity-in-settings.md"),
};

/// The payload of the client at the wrong place.
pub(crate) static TRANSIENT_PAYLOAD_NOT_IN_CTX: Rule = Rule {
    code: "transient-payload-not-in-ctx",
    summary: "a body reads `ctx.transient_payload`, which stands in `ctx.flow`",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/transient-payload-not-in-ctx.md"),
};

/// The payload of the client where Kratos drops it.
pub(crate) static TRANSIENT_PAYLOAD_DROPPED: Rule = Rule {
    code: "transient-payload-dropped",
    summary: "a body reads `transient_payload` at a point where Kratos accepts and drops it; a warning where the read is guarded",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/transient-payload-dropped.md"),
};

pub(super) fn rules(
    body: &BodyAt<'_>,
    around: &Surroundings<'_>,
    known: &Known,
    found: &mut [Diagnostic],
    collected: &mut Collected,
) {
    let reads_new_identity = reads_identity(body.program);
    for at in body.examined {
        for read in &at.report.reads {
            let range = read.span.range;
            let text = &*read.note.text;
            match &*read.note.tag {
                "useless" | "sometimes-useless" if text.contains("nil UUID") => {
                    let login = at.slot.flow == kratos::Flow::Login;
                    let rule = if login {
                        &NIL_SESSION_ID
                    } else {
                        &NIL_IDENTITY_ID
                    };
                    let help = if login {
                        "use the id of the identity or of the flow"
                    } else {
                        "use the id of the flow, or a hook that does not parse the answer: it runs when the identity is stored"
                    };
                    let message = format!("`{}` says nothing here: {text}", read.name);
                    collected.add(rule, range, at.slot, message, help);
                }
                "stale" if !reads_new_identity => {
                    let message = format!("this `{}` is the one before the change", read.name);
                    let help = "read `ctx.identity`";
                    collected.add(&OLD_IDENTITY_IN_SETTINGS, range, at.slot, message, help);
                }
                "absent" if &*read.name == "transient_payload" => {
                    transient_payload(body, read, known, found);
                }
                _ => {}
            }
        }
    }
    guarded_transient_payload(body, around.release(), collected);
}

/// Gives an error of the checker about `transient_payload` the code of the rule.
fn transient_payload(body: &BodyAt<'_>, read: &Read, known: &Known, found: &mut [Diagnostic]) {
    let text = &*read.note.text;
    let (rule, message) = if text.starts_with("read `ctx.flow.transient_payload`") {
        (&TRANSIENT_PAYLOAD_NOT_IN_CTX, NOT_IN_CTX)
    } else if text.contains(DROPPED) {
        (&TRANSIENT_PAYLOAD_DROPPED, NEVER_ARRIVES)
    } else {
        return;
    };
    let error = known.at(&body.source.place, read.span.range, &read.name, found);
    if let Some(diagnostic) = error.filter(|it| it.rule != rule) {
        diagnostic.rule = rule;
        diagnostic.level = rule.level;
        diagnostic.message = message.to_owned();
        if rule == &TRANSIENT_PAYLOAD_NOT_IN_CTX {
            diagnostic.help = Some(READ_IT_OF_THE_FLOW.to_owned());
        }
    }
}

const NOT_IN_CTX: &str = "`transient_payload` stands in `ctx.flow`, not in `ctx`";
const READ_IT_OF_THE_FLOW: &str = "read `ctx.flow.transient_payload`";
const NEVER_ARRIVES: &str = "`transient_payload` never arrives here";
/// What the model says of it where Kratos takes it from the client and loses it.
const DROPPED: &str = "Kratos drops it";

/// Guarded reads, which do not fail and never give anything either. A guard is right where the
/// member is there at one of the points.
fn guarded_transient_payload(body: &BodyAt<'_>, release: Release, collected: &mut Collected) {
    let guarded = |path: &[&str]| {
        let found = lookups(body.program, path).into_iter();
        found.filter(|it| it.guarded && it.name == "transient_payload")
    };
    for lookup in guarded(&[]) {
        for at in body.examined {
            let message = NOT_IN_CTX.to_owned();
            collected.add(
                &TRANSIENT_PAYLOAD_NOT_IN_CTX,
                lookup.range,
                at.slot,
                message,
                READ_IT_OF_THE_FLOW,
            );
            collected.lower_last();
        }
    }
    let mut in_flow = guarded(&["flow"]).peekable();
    if in_flow.peek().is_none() {
        return;
    }
    let points = body
        .examined
        .iter()
        .flat_map(|at| at.points.iter().copied());
    let ctx = kratos::ctx_of_points(points, release, &CtxOptions::default());
    let Some(why) = dropped(&ctx) else { return };
    for lookup in in_flow {
        for at in body.examined {
            let message = NEVER_ARRIVES.to_owned();
            collected.add(
                &TRANSIENT_PAYLOAD_DROPPED,
                lookup.range,
                at.slot,
                message,
                why,
            );
            collected.lower_last();
        }
    }
}

/// Why the flow never holds what the client sends along; `None` where it may.
fn dropped(ctx: &Shape) -> Option<&'static str> {
    let objects = |shape: &Shape, name: &str| -> Vec<kratos::Member> {
        let of_object = |it: &Shape| match it {
            Shape::Object(object) => object.member(name).cloned(),
            _ => None,
        };
        shape.alternatives().iter().filter_map(of_object).collect()
    };
    let members: Vec<kratos::Member> = objects(ctx, "flow")
        .iter()
        .flat_map(|flow| objects(&flow.shape, "transient_payload"))
        .collect();
    let why = members.iter().map(|member| match member.presence {
        kratos::Presence::Never(absence) if absence.why.contains(DROPPED) => Some(absence.why),
        _ => None,
    });
    why.collect::<Option<Vec<_>>>()?.first().copied()
}

/// Whether a program reads `ctx.identity` anywhere.
fn reads_identity(program: &Program) -> bool {
    program.exprs().iter().any(|expr| match &expr.kind {
        ExprKind::Member { target, name } => {
            program.text(name.symbol) == "identity"
                && matches!(program.expr(*target).kind, ExprKind::Var(it) if program.text(it) == "ctx")
        }
        _ => false,
    })
}
