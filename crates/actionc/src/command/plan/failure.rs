//! What a failing web hook does to its flow, in the words of `plan`.
//!
//! Invariant: every claim is an answer of `kratos::judge`, which is held against a running Kratos.

use action_compile::{ChainView, HookView};
use kratos::{
    ATTEMPT_SECONDS, Answer, Flow, Handling, MAX_ATTEMPTS, Outcome, Phase, Point, Release, Says,
    Stored, Verdict, WAIT_SECONDS, judge, stored_at,
};
use serde_json::{Value, json};

/// A refusal without readable messages, and one with.
const REFUSED: Answer = Answer::Status {
    status: 400,
    says: Says::Unreadable,
};
const REFUSED_WITH_MESSAGES: Answer = Answer::Status {
    status: 400,
    says: Says::Messages,
};

/// The member `on_failure` of a web hook: what a refusal makes of the flow, without and with
/// messages, what stays stored, and how long a visitor may wait.
pub(super) fn as_json(point: Point, handling: Handling) -> Value {
    let Verdict { outcome, .. } = judge(point, handling, REFUSED);
    let unanswered = judge(point, handling, Answer::Missing).attempts;
    let messages = judge(point, handling, REFUSED_WITH_MESSAGES).outcome;
    json!({
        "flow": outcome.as_str(),
        "with_messages": messages.as_str(),
        "stored": stored_at(point).as_str(),
        "attempts": unanswered,
        "wait_seconds": unanswered.map(|_| WAIT_SECONDS),
    })
}

/// Lines below the hooks of a chain: what happens when those fail that Kratos waits for.
pub(super) fn lines(chain: &ChainView) -> Vec<String> {
    let mut groups: Vec<(Handling, Vec<usize>)> = Vec::new();
    for (index, hook) in chain.hooks.iter().enumerate() {
        let Some(handling) = waited_for(hook) else {
            continue;
        };
        // Both read the messages of a refusal, and nothing else counts here.
        let alike = |other: Handling| (other == Handling::Wait) == (handling == Handling::Wait);
        match groups.iter_mut().find(|(other, _)| alike(*other)) {
            Some((_, numbers)) => numbers.push(index + 1),
            None => groups.push((handling, vec![index + 1])),
        }
    }
    let sentence = |(handling, numbers): &(Handling, Vec<usize>)| {
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let numbers = numbers.join(" or ");
        format!(
            "if {numbers} fails: the flow ends in an error, {}{}",
            kept(chain.point),
            messages(chain.point, *handling)
        )
    };
    groups.iter().map(sentence).collect()
}

/// When a chain runs that one would not expect to.
pub(super) fn repeats(point: Point) -> Option<&'static str> {
    match (point.flow, point.phase) {
        (Flow::Settings, Phase::Before) => {
            Some("runs again after each update of settings and after each recovery")
        }
        (Flow::Login, Phase::After) => Some("runs once for each factor"),
        _ => None,
    }
}

/// What holds for every hook that Kratos waits for; nothing where there is none.
pub(super) fn legend(chains: &[ChainView], release: Release) -> Option<String> {
    let mut hooks = chains.iter().flat_map(|chain| &chain.hooks);
    hooks.find_map(waited_for)?;
    let mut legend = format!(
        "A webhook fails by a status of 400 or more, by no answer, or by its body. After 429, 5xx \
         (not 501)\nor no answer it is asked again, {MAX_ATTEMPTS} times in all, {ATTEMPT_SECONDS} \
         s each: a visitor may wait {WAIT_SECONDS} s.\n"
    );
    if release >= Release::V1_3_1 {
        legend.push_str(
            "The error shows the visitor the URL with its query and, where the body fails, the \
             body's source.\n",
        );
    }
    Some(legend)
}

fn waited_for(hook: &HookView) -> Option<Handling> {
    hook.response.filter(|it| *it != Handling::Ignore)
}

const fn kept(point: Point) -> &'static str {
    match (stored_at(point), point.phase) {
        (Stored::Nothing, Phase::Before) => "no flow begins",
        (Stored::Nothing, _) => "nothing is stored",
        (Stored::Identity, _) => "though the account exists by then",
        (Stored::Update, _) => "though the update is stored by then",
        (Stored::Challenge, _) => "though the code is used up by then",
        (Stored::Address, _) => "though the address is verified by then",
    }
}

fn messages(point: Point, handling: Handling) -> &'static str {
    match judge(point, handling, REFUSED_WITH_MESSAGES).outcome {
        Outcome::Form => "; messages of a 4xx are shown in the form",
        Outcome::NewFlow => "; messages of a 4xx are shown in a new flow",
        Outcome::Continues | Outcome::Error | Outcome::Panic if handling == Handling::Wait => "",
        Outcome::Continues | Outcome::Error | Outcome::Panic => "; messages are not shown",
    }
}
