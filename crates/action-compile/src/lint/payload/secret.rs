//! Secrets of Kratos that reach the payload: cookies, the CSRF token, codes in the request URL.

use std::collections::BTreeMap;

use diagnostics::{Level, Rule, TextRange};
use jsonnet_check::Flow;
use jsonnet_syntax::{ExprId, ExprKind, FieldName, Member, Program};

use super::{BodyAt, Collected};
use crate::ctx::SECRET;

/// A secret that leaves Kratos.
pub(crate) static PAYLOAD_LEAKS_SECRET: Rule = Rule {
    code: "payload-leaks-secret",
    summary: "a secret of ctx reaches the payload: cookies, the CSRF token, codes and tokens in `request_url`",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../../diagnostics/payload-leaks-secret.md"),
};

pub(super) fn leaks(body: &BodyAt<'_>, collected: &mut Collected) {
    for at in body.examined {
        let secrets = at.report.flows.iter().filter(|it| &*it.note.tag == SECRET);
        // What is sent whole is one mistake, however many secrets it holds.
        let mut by_member: BTreeMap<&str, Vec<&Flow>> = BTreeMap::new();
        for flow in secrets {
            let member = flow.path.first().map_or("", |name| &**name);
            by_member.entry(member).or_default().push(flow);
        }
        let whole = by_member.len() > 1 && !is_object(body.program);
        for (member, flows) in by_member {
            let Some(first) = flows.first() else { continue };
            let read = at
                .report
                .reads
                .iter()
                .find(|read| flows.iter().any(|flow| flow.note == read.note));
            let range = match read {
                Some(read) if flows.len() == 1 => read.span.range,
                _ => place_of(body.program, member),
            };
            let path = written(&first.path);
            let more = match flows.len() {
                1 if !whole => String::new(),
                _ => " and more".to_owned(),
            };
            collected.add(
                &PAYLOAD_LEAKS_SECRET,
                range,
                at.slot,
                format!(
                    "the payload holds a secret at `{path}`{more}: {}",
                    first.note.text
                ),
                "send only the members that the receiver needs",
            );
        }
    }
}

/// `a.b[].c`; the payload itself is `.`.
fn written(path: &[std::sync::Arc<str>]) -> String {
    let mut text = String::new();
    for name in path {
        if !text.is_empty() && &**name != "[]" {
            text.push('.');
        }
        text.push_str(name);
    }
    if text.is_empty() {
        ".".to_owned()
    } else {
        text
    }
}

/// The object that the program evaluates to, as far as that is written down.
fn result(program: &Program) -> ExprId {
    let mut at = program.root();
    loop {
        at = match &program.expr(at).kind {
            ExprKind::Function { body, .. }
            | ExprKind::Local { body, .. }
            | ExprKind::Parens(body) => *body,
            _ => return at,
        };
    }
}

fn is_object(program: &Program) -> bool {
    matches!(program.expr(result(program)).kind, ExprKind::Object(_))
}

/// Where a member of the payload is made: its name in the object, else the expression.
fn place_of(program: &Program, member: &str) -> TextRange {
    let result = program.expr(result(program));
    if let ExprKind::Object(members) = &result.kind {
        let named = members.iter().find_map(|it| match it {
            Member::Field(field) => match field.name {
                FieldName::Fixed(name) if program.text(name.symbol) == member => Some(name.range),
                _ => None,
            },
            _ => None,
        });
        if let Some(range) = named {
            return range;
        }
        // An object of many lines would be underlined whole.
        return TextRange::new(result.range.start as usize, result.range.start as usize + 1);
    }
    result.range
}
