//! Every recorded answer of a web hook, predicted by [`kratos::outcome`].
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it expects and how many cases it ran"
)]

use kratos::{
    Answer, AnswerBody, ChainKey, FlowOutcome, Handling, Left, Phase, Point, Slot, Timing, outcome,
};
use serde_json::Value;

const RECORDED: &str = include_str!("main.jsonl");

/// The point at which a hook of this slot runs.
fn point(slot: Slot, handling: Handling) -> Point {
    let reads = matches!(handling, Handling::Parse | Handling::CanInterrupt);
    let phase = match (slot.timing, slot.flow) {
        (Timing::Before, _) => Phase::Before,
        (_, kratos::Flow::Registration | kratos::Flow::Settings) if reads => Phase::PrePersist,
        (_, kratos::Flow::Registration | kratos::Flow::Settings) => Phase::PostPersist,
        _ => Phase::After,
    };
    Point {
        flow: slot.flow,
        timing: slot.timing,
        key: slot.method.map_or(ChainKey::Flow, ChainKey::Method),
        phase,
    }
}

/// As Kratos's Go types read the body (`web_hook.go`): `id` of a message is an integer, `state` a
/// text, and only some members of an identity are applied. The traits of the recordings are an
/// e-mail address and a name.
fn read(status: u64, body: &Value) -> AnswerBody {
    let Some(body) = body.as_object() else {
        return AnswerBody::Unreadable;
    };
    let messages = body.get("messages").and_then(Value::as_array);
    let texts = messages.into_iter().flatten();
    let mut texts = texts.flat_map(|it| it["messages"].as_array().into_iter().flatten());
    if texts.any(|it| !it["id"].is_u64()) {
        return AnswerBody::Unreadable;
    }
    if status >= 400 {
        return match messages {
            Some(list) if !list.is_empty() => AnswerBody::Messages,
            _ => AnswerBody::Plain,
        };
    }
    let Some(identity) = body.get("identity").and_then(Value::as_object) else {
        return AnswerBody::Plain;
    };
    if identity
        .get("state")
        .is_some_and(|state| !state.is_string())
    {
        return AnswerBody::Unreadable;
    }
    let known = |traits: &Value| {
        let mut names = traits.as_object().unwrap().keys();
        names.all(|name| name == "email" || name == "name")
    };
    match identity.get("traits") {
        Some(traits) if !known(traits) => AnswerBody::InvalidIdentity,
        Some(_) => AnswerBody::Identity,
        None if identity.contains_key("metadata_public") => AnswerBody::Identity,
        None => AnswerBody::Plain,
    }
}

#[test]
fn recorded_answers_are_predicted() {
    let (mut agreeing, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for line in RECORDED.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let times = row["times"].as_u64().unwrap();
        let slot = Slot::parse(row["slot"].as_str().unwrap()).unwrap();
        let handling = Handling::parse(row["handling"].as_str().unwrap()).unwrap();
        let status = row["status"].as_u64().unwrap();
        let body = read(status, &row["body"]);
        let answer = Answer::Status(u16::try_from(status).unwrap(), body);
        let predicted = outcome(point(slot, handling), handling, answer);
        let goes_on = predicted.flow == FlowOutcome::Continues;
        // Of what a failing hook leaves, the recordings show identities and their changes.
        let stored = match slot.flow {
            kratos::Flow::Registration | kratos::Flow::Settings if slot.timing == Timing::After => {
                Some(goes_on || matches!(predicted.left, Left::Identity | Left::Change))
            }
            _ => row["stored"].as_bool(),
        };
        let same = row["attempts"].as_u64() == predicted.attempts.map(u64::from)
            && row["outcome"] == predicted.flow.as_str()
            && row["next"].as_bool() == Some(goes_on)
            && row["stored"].as_bool() == stored;
        all += times;
        if same {
            agreeing += times;
        } else {
            wrong.push(format!("{line}\n  predicted {predicted:?}"));
        }
    }
    println!("{agreeing} of {all} recorded answers agree");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(all, 378);
}
