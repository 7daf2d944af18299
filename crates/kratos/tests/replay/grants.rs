//! What a visitor is given at the end shows hooks that no webhook call shows: `session`, and
//! the verifier, without whose verification flow there is no form to go on to.

use super::{Client, Outcome, Replayed, array, text};
use serde_json::Value;

pub(super) fn compare(
    name: &str,
    release: &str,
    outcome: &Outcome,
    event: &Value,
    recorded: &Value,
    replayed: &mut Replayed,
) {
    let mut check = |what: &str, predicted: bool, found: bool| {
        replayed.grants += 1;
        if predicted != found {
            replayed.differences.push(format!(
                "{release} seed {} {name}: {what} predicted {predicted}, recorded {found}",
                recorded["seed"]
            ));
        }
    };
    if name.starts_with("registration") {
        let key = match Client::of(name) {
            Client::Api => "session_token",
            Client::HtmlForm | Client::Spa => "session_cookie",
        };
        let session = outcome.completed && outcome.session;
        check("session", session, event[key].as_bool().unwrap_or(false));
    }
    // `continue_with` was noted in the rounds that had HTML and SPA visitors too. An HTML form gets
    // no document to find it in, and who registers by code has a verified address already.
    let noted = array(&recorded["events"]).any(|it| text(&it["event"]).ends_with(" html"));
    let continues = matches!(
        name,
        "registration.password" | "registration.password spa" | "login.password unverified address"
    );
    if noted && continues {
        // Until v25.4.0 the verification flow alone was enough to be sent there.
        let legacy = matches!(release, "v1.1.0" | "v1.3.1");
        let shown = match legacy {
            true => outcome.verification_flow,
            false => outcome.verification_shown,
        };
        let found = array(&event["continue_with"]).any(|it| it == "show_verification_ui");
        check("verification form", outcome.completed && shown, found);
    }
}
