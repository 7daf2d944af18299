//! What the model says of answers to web hooks, held against a running Kratos (`README.md`).

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test says what it did and may fail"
)]

use kratos::{
    Answer, ChainKey, Flow, Handling, Method, Outcome, Phase, Point, Says, Slot, Stored, Timing,
    judge, stored_at,
};
use serde_json::Value;
use std::collections::BTreeMap;

const RECORDED: &str = include_str!("main.tsv");
const ANSWERS: &str = include_str!("answers.json");

#[test]
fn every_recorded_answer_is_judged_as_kratos_did() {
    let answers: BTreeMap<String, Value> = serde_json::from_str(ANSWERS).unwrap();
    let mut lines = 0;
    for line in RECORDED.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [slot, handling, name, attempts, next, stored, _, outcome] = fields[..] else {
            panic!("eight fields: {line}");
        };
        let handling = Handling::parse(handling).unwrap();
        let point = point(Slot::parse(slot).unwrap(), handling);
        let verdict = judge(point, handling, answer(&answers[name]));

        assert_eq!(verdict.outcome.as_str(), outcome, "{line}");
        let count = verdict.attempts.map_or("-".to_owned(), |n| n.to_string());
        assert_eq!(count, attempts, "{line}");
        let continues = verdict.outcome == Outcome::Continues;
        assert_eq!(continues, next == "yes", "{line}");
        if stored != "-" && !continues {
            let kept = stored_at(point) != Stored::Nothing;
            assert_eq!(kept, stored == "yes", "{line}");
        }
        lines += 1;
    }
    println!("answers: {lines} of {lines} recorded ones judged as Kratos did");
    assert!(lines > 300, "the recordings are all here");
}

/// The point at which a hook of this handling runs when it is written in this slot.
fn point(slot: Slot, handling: Handling) -> Point {
    let parsed = matches!(handling, Handling::Parse | Handling::CanInterrupt);
    let phase = match (slot.timing, slot.flow) {
        (Timing::Before, _) => Phase::Before,
        (Timing::After, Flow::Registration | Flow::Settings) if parsed => Phase::PrePersist,
        (Timing::After, Flow::Registration | Flow::Settings) => Phase::PostPersist,
        (Timing::After, _) => Phase::After,
    };
    Point {
        flow: slot.flow,
        timing: slot.timing,
        key: slot.method.map_or(ChainKey::Flow, ChainKey::Method),
        phase,
    }
}

fn answer(recorded: &Value) -> Answer {
    let status = recorded["status"].as_u64().unwrap();
    Answer::Status {
        status: status.try_into().expect("a status code"),
        says: says(status, &recorded["body"]),
    }
}

/// Reads a body as Kratos does: the messages of a refusal, the identity of anything else.
fn says(status: u64, body: &Value) -> Says {
    let Some(members) = body.as_object() else {
        return Says::Unreadable;
    };
    if status >= 400 {
        return match members.get("messages").and_then(Value::as_array) {
            Some(groups) if !groups.is_empty() && groups.iter().all(readable) => Says::Messages,
            _ => Says::Unreadable,
        };
    }
    let identity = &body["identity"];
    match () {
        () if identity["state"].is_number() => Says::Unreadable,
        () if identity["traits"].get("nope").is_some() => Says::InvalidTraits,
        () if ["traits", "metadata_public", "state"]
            .iter()
            .any(|it| !identity[it].is_null()) =>
        {
            Says::Identity
        }
        () => Says::Nothing,
    }
}

/// Identifiers of messages are integer literals: Go refuses `"1"` and `1.0`.
fn readable(group: &Value) -> bool {
    let messages = group["messages"].as_array();
    messages.is_some_and(|it| it.iter().all(|message| message["id"].is_u64()))
}

#[test]
fn hooks_that_ask_nobody_or_get_no_answer_fail_the_flow_unless_ignored() {
    let slot = Slot::parse("registration.after.password").unwrap();
    let method = ChainKey::Method(Method::Password);
    for handling in [Handling::Wait, Handling::Parse, Handling::CanInterrupt] {
        let point = point(slot, handling);
        assert_eq!(point.key, method);
        for (answer, attempts) in [(Answer::NotAsked, 0), (Answer::Missing, 3)] {
            let verdict = judge(point, handling, answer);
            assert_eq!(
                (verdict.outcome, verdict.attempts),
                (Outcome::Error, Some(attempts))
            );
        }
    }
    let ignored = judge(
        point(slot, Handling::Ignore),
        Handling::Ignore,
        Answer::Missing,
    );
    assert_eq!(
        (ignored.outcome, ignored.attempts),
        (Outcome::Continues, None)
    );
}
