//! Replays what real Kratos was recorded doing against chains that someone planned.
//!
//! Plain code with plain inputs, so that the tests of another crate can include it by `#[path]`
//! and hold what they plan against the same recordings. A recorded line is a hook configuration
//! that ran on real Kratos and, for each step of each event (a visitor signing up, signing in …),
//! which webhooks were called, in order. [`replay`] predicts them from the planned chains alone;
//! only URLs, bodies and answers are looked up in the configuration.
//!
//! Which chains a step runs is Kratos's doing and not the plan's, and is written down here:
//! `settings.before` runs again inside each update and each recovery, a refused webhook ends the
//! step, an ignored one runs aside, a body that cancels calls nobody.

mod body;
mod grants;

pub(crate) use body::Judge;
use serde_json::{Value, json};

/// A chain as `plan` prints it.
#[derive(Debug, Clone)]
pub(crate) struct PlannedChain {
    /// The flow.
    pub(crate) flow: String,
    /// `before` or `after`.
    pub(crate) timing: String,
    /// A method, `other`, or none where the flow has no method lists.
    pub(crate) auth_method: Option<String>,
    /// `before`, `after`, `pre-persist` or `post-persist`.
    pub(crate) phase: String,
    /// What runs, first to last.
    pub(crate) hooks: Vec<PlannedHook>,
}

/// A hook of a chain as `plan` prints it.
#[derive(Debug, Clone)]
pub(crate) struct PlannedHook {
    /// The kind, or `implicit_verifier`.
    pub(crate) hook: String,
    /// The list it is written in, such as `registration.after.password`.
    pub(crate) slot: Option<String>,
    /// Its place in that list.
    pub(crate) index: Option<usize>,
    /// `wait`, `ignore`, `parse` or `can_interrupt`; webhooks only.
    pub(crate) response: Option<String>,
    /// `all` or `browser-forms`.
    pub(crate) clients: Option<String>,
}

/// What a replay found.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    /// Steps whose webhook calls were predicted.
    pub(crate) steps: usize,
    /// Submits for which it was predicted what the visitor is given: a session, the next form.
    pub(crate) grants: usize,
    /// Where prediction and recording differ, in words.
    pub(crate) differences: Vec<String>,
}

/// Predicts each recorded step. `flows` is the `selfservice.flows` section that the plan is about;
/// it may be another text than the recorded one, as long as it calls the recorded URLs.
pub(crate) fn replay(
    chains: &[PlannedChain],
    flows: &Value,
    recorded: &Value,
    judge: &mut Judge,
) -> Replayed {
    let release = text(&recorded["kratos"]);
    let mut replayed = Replayed::default();
    for event in array(&recorded["events"]) {
        let name = text(&event["event"]);
        let mut submission = None;
        for call in array(&event["calls"]) {
            let step = text(&call["step"]);
            let mut visit = Visit::new(name, chains, flows, &recorded["answers"], judge);
            match step {
                "init" => visit.init(),
                "send code" => {}
                "submit" => {
                    visit.submit(release);
                    submission = Some(visit.outcome.clone());
                }
                _ => visit.missing.push(format!("the step `{step}`")),
            }
            let mut say = |what: &str, predicted: &dyn std::fmt::Debug, found: &Value| {
                replayed.differences.push(format!(
                    "{release} seed {} {name} {step}: {what} predicted {predicted:?}, recorded {found}",
                    recorded["seed"]
                ));
            };
            if !visit.missing.is_empty() {
                say("no chain for", &visit.missing, &Value::Null);
            }
            if json!(visit.called) != call["called"] {
                say("called", &visit.called, &call["called"]);
            }
            // Ignored hooks run at the same time, so their order says nothing.
            let mut ignored: Vec<&str> = array(&call["ignored_called"]).map(text).collect();
            ignored.sort_unstable();
            visit.ignored_called.sort_unstable();
            if visit.ignored_called != ignored {
                say("ignored", &visit.ignored_called, &call["ignored_called"]);
            }
            replayed.steps += 1;
        }
        if let Some(outcome) = submission {
            grants::compare(name, release, &outcome, event, recorded, &mut replayed);
        }
    }
    replayed
}

/// How the visitor of an event speaks to Kratos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    Api,
    HtmlForm,
    Spa,
}

impl Client {
    fn of(event: &str) -> Self {
        match event.rsplit_once(' ') {
            Some((_, "html")) => Self::HtmlForm,
            Some((_, "spa")) => Self::Spa,
            _ => Self::Api,
        }
    }
}

/// What the hooks of a submit did besides calling webhooks.
#[derive(Debug, Clone, Default)]
struct Outcome {
    completed: bool,
    session: bool,
    verification_flow: bool,
    verification_shown: bool,
}

/// A visitor's one step.
struct Visit<'a> {
    flow: &'a str,
    method: &'a str,
    client: Client,
    address_verified: bool,
    chains: &'a [PlannedChain],
    flows: &'a Value,
    answers: &'a Value,
    judge: &'a mut Judge,
    submitting: bool,
    called: Vec<String>,
    ignored_called: Vec<String>,
    outcome: Outcome,
    missing: Vec<String>,
}

impl<'a> Visit<'a> {
    fn new(
        event: &'a str,
        chains: &'a [PlannedChain],
        flows: &'a Value,
        answers: &'a Value,
        judge: &'a mut Judge,
    ) -> Self {
        let (flow, rest) = event.split_once('.').unwrap_or((event, ""));
        Self {
            flow,
            method: rest.split(' ').next().unwrap_or_default(),
            client: Client::of(event),
            address_verified: !event.ends_with("unverified address"),
            chains,
            flows,
            answers,
            judge,
            submitting: false,
            called: Vec::new(),
            ignored_called: Vec::new(),
            outcome: Outcome::default(),
            missing: Vec::new(),
        }
    }

    fn init(&mut self) {
        self.run(self.flow, "before", "before");
    }

    fn submit(&mut self, release: &str) {
        self.submitting = true;
        let code_comes_later = release == "v0.13.0" && self.method == "code";
        if code_comes_later && matches!(self.flow, "login" | "registration") {
            return;
        }
        let steps: &[(&str, &str, &str)] = match self.flow {
            "registration" => &[
                ("registration", "after", "pre-persist"),
                ("registration", "after", "post-persist"),
            ],
            "login" => &[("login", "after", "after")],
            "settings" => &[
                ("settings", "after", "pre-persist"),
                ("settings", "before", "before"),
                ("settings", "after", "post-persist"),
            ],
            "recovery" if release == "v0.13.0" => &[
                ("settings", "before", "before"),
                ("recovery", "after", "after"),
            ],
            "recovery" => &[
                ("recovery", "after", "after"),
                ("settings", "before", "before"),
            ],
            _ => &[("verification", "after", "after")],
        };
        self.outcome.completed = steps
            .iter()
            .all(|(flow, timing, phase)| self.run(flow, timing, phase));
    }

    /// Runs one chain; false if a hook ended the flow.
    fn run(&mut self, flow: &str, timing: &str, phase: &str) -> bool {
        let wanted: &[Option<&str>] = match (timing, flow) {
            ("before", _) | (_, "recovery" | "verification") => &[None],
            _ => &[Some(self.method), Some("other")],
        };
        let chain = wanted.iter().find_map(|method| {
            self.chains.iter().find(|chain| {
                chain.flow == flow
                    && chain.timing == timing
                    && chain.phase == phase
                    && chain.auth_method.as_deref() == *method
            })
        });
        let Some(chain) = chain else {
            let method = self.method;
            let missing = format!("{flow} {timing} {method} {phase}");
            self.missing.push(missing);
            return true;
        };
        let has_identity = timing == "after";
        chain.hooks.iter().all(|hook| {
            let reached =
                self.client == Client::HtmlForm || hook.clients.as_deref() != Some("browser-forms");
            !reached || self.run_hook(hook, has_identity)
        })
    }

    fn run_hook(&mut self, hook: &PlannedHook, has_identity: bool) -> bool {
        match hook.hook.as_str() {
            "web_hook" => return self.run_web_hook(hook, has_identity),
            "require_verified_address" => return self.address_verified,
            "session" => self.outcome.session = true,
            "implicit_verifier" | "verification" => self.outcome.verification_flow = true,
            "show_verification_ui" => {
                self.outcome.verification_shown |= self.outcome.verification_flow;
            }
            _ => {}
        }
        true
    }

    fn run_web_hook(&mut self, hook: &PlannedHook, has_identity: bool) -> bool {
        let config = &written(self.flows, hook)["config"];
        let url = text(&config["url"]);
        let ctx = self.ctx(has_identity);
        if self.judge.cancels(text(&config["body"]), &ctx) {
            return true;
        }
        let called = url.strip_prefix("http://receiver.example/").unwrap_or(url);
        if hook.response.as_deref() == Some("ignore") {
            self.ignored_called.push(called.to_owned());
            return true;
        }
        self.called.push(called.to_owned());
        self.answers[url].is_null()
    }

    /// As much of `ctx` as decides whether a recorded body cancels.
    fn ctx(&self, has_identity: bool) -> Value {
        let kind = match self.client {
            Client::Api => "api",
            Client::HtmlForm | Client::Spa => "browser",
        };
        // The CSRF cookie is handed out with the form, so that the first request has none yet.
        let cookies = match (self.client, self.submitting) {
            (Client::HtmlForm | Client::Spa, true) => json!({"csrf_token": "…"}),
            _ => json!({}),
        };
        let mut ctx = json!({
            "flow": {"id": "f5f2c1a5-0b63-4e3c-8a06-6a5c1a2b9d10", "type": kind},
            "request_cookies": cookies,
        });
        if has_identity {
            ctx["identity"] = json!({"id": "0c2f7ad0-58c9-4a4d-9d9b-6a7a4f2f2c11"});
        }
        ctx
    }
}

/// The entry of the configuration that a planned hook names by slot and index.
fn written<'a>(flows: &'a Value, hook: &PlannedHook) -> &'a Value {
    let slot = hook.slot.as_deref().unwrap_or_default();
    let list = slot.split('.').fold(flows, |at, key| &at[key]);
    hook.index
        .map_or(&Value::Null, |index| &list["hooks"][index])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
