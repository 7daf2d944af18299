//! Where a member of the flow tells what else is there, the flow is a union that says so.

use super::narrowing::{
    Fact::{Absent, Present},
    Narrowing, known,
};
use crate::release::Release;
use crate::shape::{Absence, Member, ObjectShape, Presence, Shape, Values};
use crate::words::{Flow, Phase};

/// A member of the flow by whose value other members differ.
struct Split {
    member: &'static str,
    /// Without effect in earlier releases.
    from: Release,
    cases: &'static [Case],
}

/// What is known of the flow for one value of the member.
struct Case {
    /// None where the member is absent.
    value: Option<&'static str>,
    /// Their paths begin at the flow.
    narrowings: &'static [Narrowing],
}

/// Splits the flow below `ctx` where its point knows how.
pub(super) fn split(flow: Flow, phase: Phase, release: Release, ctx: &mut ObjectShape) {
    let Some(split) = split_of(flow, phase) else {
        return;
    };
    if release < split.from {
        return;
    }
    for member in &mut ctx.members {
        let Member { name, shape, .. } = member;
        if name == "flow"
            && let Shape::Object(flow) = shape
        {
            let cases = split.cases.iter();
            *shape = Shape::union(cases.map(|case| split.alternative(case, flow, release)));
        }
    }
}

impl Split {
    fn alternative(&self, case: &Case, flow: &ObjectShape, release: Release) -> Shape {
        let mut flow = flow.clone();
        for member in &mut flow.members {
            if member.name != self.member {
                continue;
            }
            match case.value {
                None => {
                    member.presence = Presence::Never(Absence::because(
                        "this alternative is that of flows without it",
                    ));
                }
                Some(value) => {
                    member.presence = Presence::Always;
                    if let Shape::String(string) = &mut member.shape {
                        string.values = Values::OneOf(vec![value]);
                    }
                }
            }
        }
        let mut alternative = Shape::Object(flow);
        for narrowing in case.narrowings {
            narrowing.apply(&mut alternative, release);
        }
        alternative
    }
}

const fn split_of(flow: Flow, phase: Phase) -> Option<Split> {
    match (flow, phase) {
        (Flow::Login | Flow::Registration, Phase::Before) => Some(Split {
            member: "type",
            from: Release::V1_0_0,
            cases: BY_TYPE,
        }),
        (Flow::Recovery, Phase::After) => Some(Split {
            member: "active",
            from: Release::V1_2_0,
            cases: BY_STRATEGY,
        }),
        _ => None,
    }
}

static BY_TYPE: &[Case] = &[
    Case {
        value: Some("browser"),
        narrowings: &[known(
            "session_token_exchange_code",
            &[Absent(Absence::because(
                "only flows of API clients have it",
            ))],
        )],
    },
    Case {
        value: Some("api"),
        narrowings: &[],
    },
];

static BY_STRATEGY: &[Case] = &[
    Case {
        value: Some("code"),
        narrowings: &[known("transient_payload", &[Present])],
    },
    Case {
        value: Some("link"),
        narrowings: &[known(
            "transient_payload",
            &[Absent(Absence::because(
                "nothing is submitted when a recovery link is followed",
            ))],
        )],
    },
    Case {
        value: None,
        narrowings: &[],
    },
];
