//! Lint: what Kratos gets silently wrong, over the hooks of the actions, of the base, and over the
//! chains that come of both.
//!
//! A rule is a plain function from what it looks at to findings; the tables below are all of them.
//! Rules look at four things: one webhook ([`WebHookAt`], of an action or of a configuration), the
//! configuration itself ([`Base`]), the chains ([`ChainAt`]), and what the checker saw in a body
//! ([`Examined`]).
//!
//! Invariants:
//! - what stops or fails every run is an error, what can fail or surprises a warning, what is good
//!   to know a note;
//! - in a project, what the base got wrong before it came here is a warning at most, as long as
//!   Kratos starts with it: hooks can be added to it all the same;
//! - one mistake is one finding: what the reader, the resolver or the checker report is not
//!   repeated here.

mod answer;
mod auth;
mod base_bodies;
mod body_uri;
mod can_interrupt;
mod chain;
mod constraints;
mod headers;
mod method;
mod payload;
mod refused;
pub(crate) mod secrets;
mod shadowing;
mod url;
mod web_hook_at;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Diagnostic, Level, Rule, Span};
use kratos::{Chain, Point, Shape};

use crate::base::Base;
use crate::files::Files;
use crate::load::Loaded;
use crate::lower::behind_session;
use crate::plan::Intent;
use crate::resolve::{BodySource, Element, Resolved};

use chain::ChainAt;
use payload::{BodyAt, Known};
use web_hook_at::WebHookAt;

pub(crate) use body_uri::{UNKNOWN_BODY_SCHEME, is_scheme, unknown_scheme};
pub(crate) use constraints::without_effect;
pub(crate) use payload::{Examined, HEADER_NOT_IN_ALLOWLIST};

/// What rules know beside the thing they look at.
pub(crate) struct Surroundings<'a> {
    /// The settings, base and schemas.
    pub(crate) loaded: &'a Loaded,
    /// The points whose ctx can hold what the client sends along.
    transient: OnceCell<BTreeSet<Point>>,
}

impl Surroundings<'_> {
    /// The target release.
    pub(crate) fn release(&self) -> kratos::Release {
        self.loaded.settings.kratos
    }
}

type Findings = Vec<Diagnostic>;

/// Rules over one webhook.
const WEB_HOOK_RULES: &[fn(&WebHookAt<'_>, &Surroundings<'_>, &mut Findings)] = &[
    url::insecure,
    url::credentials,
    url::private,
    url::secret,
    method::bad,
    headers::invalid,
    headers::content_type,
    headers::duplicate,
    headers::without_effect,
    headers::overridden,
    auth::cookie_value,
    auth::user_name,
    secrets::hardcoded,
    body_uri::too_large,
    answer::blocking,
    answer::retried,
    answer::open_to_empty_body,
    answer::identity_before,
    answer::identity_ignored,
];

/// Rules over all webhooks together.
const RECEIVER_RULES: &[fn(&[WebHookAt<'_>], &Surroundings<'_>, &mut Findings)] =
    &[auth::unauthenticated];

/// Rules over a configuration with its hooks.
const BASE_RULES: &[fn(&Base, &Surroundings<'_>, &mut Findings)] = &[
    shadowing::shadowed,
    shadowing::parse_never_called,
    shadowing::never_runs,
    body_uri::of_base,
];

/// Rules over the chains, as they will run.
const CHAIN_RULES: &[fn(&[ChainAt], &Surroundings<'_>, &mut Findings)] = &[
    chain::revoke_before_failing,
    chain::verification_ui_without_verifier,
    chain::verify_new_address,
];

/// The rules that are declared here.
pub(crate) static RULES: &[&Rule] = &[
    &answer::BLOCKING_HOOK,
    &answer::GATE_OPEN_TO_EMPTY_BODY,
    &answer::IDENTITY_CHANGE_IGNORED,
    &answer::IDENTITY_IN_BEFORE_RESPONSE,
    &answer::RETRY_DROPS_MESSAGES,
    &auth::COLON_IN_USER_NAME,
    &auth::COOKIE_VALUE_CHANGED,
    &auth::UNAUTHENTICATED_WEBHOOK,
    &body_uri::BODY_TOO_LARGE,
    &body_uri::MISSING_BODY,
    &body_uri::UNCHECKED_BODY,
    &UNKNOWN_BODY_SCHEME,
    &chain::REVOKE_BEFORE_FAILING_HOOK,
    &chain::SHOW_VERIFICATION_UI_WITHOUT_VERIFIER,
    &chain::VERIFY_NEW_ADDRESS_CONFLICT,
    &constraints::CONSTRAINT_WITHOUT_EFFECT,
    &headers::BAD_CONTENT_TYPE,
    &headers::DUPLICATE_HEADER,
    &headers::HEADER_OVERRIDDEN_BY_AUTH,
    &headers::HEADER_WITHOUT_EFFECT,
    &headers::INVALID_HEADER,
    &method::BAD_METHOD,
    &payload::CANCEL_ELSEWHERE,
    &payload::CANCEL_IN_FORM_BODY,
    &payload::CANCEL_PREFIX,
    &payload::HEADER_KEY_NOT_CANONICAL,
    &HEADER_NOT_IN_ALLOWLIST,
    &payload::NIL_IDENTITY_ID,
    &payload::NIL_SESSION_ID,
    &payload::OLD_IDENTITY_IN_SETTINGS,
    &payload::PAYLOAD_LEAKS_SECRET,
    &payload::TRANSIENT_PAYLOAD_DROPPED,
    &payload::TRANSIENT_PAYLOAD_NOT_IN_CTX,
    &refused::SESSION_NOT_ALLOWED_GLOBALLY,
    &secrets::HARDCODED_SECRET,
    &shadowing::GLOBAL_PARSE_NEVER_CALLED,
    &shadowing::SHADOWED_HOOKS,
    &url::CREDENTIALS_IN_URL,
    &url::INSECURE_URL,
    &url::PRIVATE_ADDRESS,
    &url::SECRET_IN_URL,
];

impl<'a> Surroundings<'a> {
    pub(crate) fn new(loaded: &'a Loaded) -> Self {
        Self {
            loaded,
            transient: OnceCell::new(),
        }
    }

    /// A word to replace a scalar by, in the quotes that it stands in.
    fn in_its_quotes(&self, scalar: Span, word: &str) -> String {
        in_quotes_of(self.loaded.sources.slice(scalar), word)
    }

    /// Whether ctx can hold what the client sends along at this point.
    pub(crate) fn holds_transient_payload(&self, point: Point) -> bool {
        let of_release = || {
            let holds = |point: &Point| {
                let ctx = kratos::ctx(*point, self.release(), &kratos::CtxOptions::default());
                let flows = ctx.alternatives().iter().filter_map(|it| match it {
                    Shape::Object(ctx) => ctx.member("flow"),
                    _ => None,
                });
                flows
                    .flat_map(|flow| flow.shape.alternatives())
                    .any(|it| match it {
                        Shape::Object(flow) => flow
                            .member("transient_payload")
                            .is_some_and(|member| !member.presence.is_never()),
                        _ => false,
                    })
            };
            Point::all(self.release())
                .into_iter()
                .filter(holds)
                .collect()
        };
        self.transient.get_or_init(of_release).contains(&point)
    }
}

/// A word that needs no escape, in the quotes of the text that it replaces.
fn in_quotes_of(written: &str, word: &str) -> String {
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{word}{quote}"),
        _ => word.to_owned(),
    }
}

/// Whether a comment may accept what a rule of these reports: not where Kratos refuses the hook, or
/// does not start.
pub(crate) fn can_be_accepted(rule: &'static Rule) -> bool {
    let refused = [&UNKNOWN_BODY_SCHEME, &refused::SESSION_NOT_ALLOWED_GLOBALLY];
    RULES.contains(&rule) && !refused.contains(&rule)
}

/// Whether a rule of these goes by what the checker saw of a body.
pub(crate) fn is_of_bodies(rule: &'static Rule) -> bool {
    payload::RULES.contains(&rule)
}

/// What [`lint`] is to the other passes.
pub(crate) type Lint = fn(
    &dyn Files,
    &mut Loaded,
    &Resolved,
    &Intent,
    &BTreeMap<usize, Vec<Examined>>,
) -> Vec<BodySource>;

/// All rules over a project; the bodies of the base that were read are given back.
pub(crate) fn lint(
    files: &dyn Files,
    loaded: &mut Loaded,
    resolved: &Resolved,
    intent: &Intent,
    examined: &BTreeMap<usize, Vec<Examined>>,
) -> Vec<BodySource> {
    let known = Known::of(&loaded.diagnostics);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let around = Surroundings::new(loaded);
    let mut found = Vec::new();
    for (action, body) in &resolved.bodies {
        found.extend(of_action_body(
            *action,
            body,
            examined,
            &around,
            &known,
            &mut diagnostics,
        ));
    }
    let mut hooks = of_actions(resolved, loaded);
    let actions = hooks.len();
    let chains = loaded.base.as_ref().map(|base| base_chains(base, loaded));
    hooks.extend(
        loaded
            .base
            .iter()
            .flat_map(|base| of_base(base, chains.as_deref().unwrap_or_default())),
    );
    for hook in hooks.iter().take(actions) {
        for rule in WEB_HOOK_RULES {
            rule(hook, &around, &mut found);
        }
    }
    for rule in RECEIVER_RULES {
        rule(&hooks, &around, &mut found);
    }
    let chains = chain::of_project(intent, resolved, loaded);
    for rule in CHAIN_RULES {
        rule(&chains, &around, &mut found);
    }
    let mut of_configuration = Vec::new();
    for hook in hooks.iter().skip(actions) {
        for rule in WEB_HOOK_RULES {
            rule(hook, &around, &mut of_configuration);
        }
    }
    let refused = configuration(&around, &mut of_configuration);
    let bodies = base_bodies::named(&hooks);
    drop(hooks);
    let mut read = Vec::new();
    if let Some(path) = loaded.base.as_ref().map(|base| base.path.clone()) {
        let in_bodies = base_bodies::check(files, &bodies, &path, loaded, &diagnostics, &mut read);
        of_configuration.extend(in_bodies);
    }
    // Hooks can be added to a base that Kratos starts with, whatever else is wrong with it.
    for diagnostic in &mut of_configuration {
        diagnostic.level = diagnostic.level.max(Level::Warning);
    }
    found.extend(refused);
    found.extend(of_configuration);
    once(&mut found);
    diagnostics.extend(found);
    loaded.diagnostics = diagnostics;
    read
}

/// All rules over a configuration that never saw an action; its bodies that were read are given
/// back.
pub(crate) fn lint_file(files: &dyn Files, loaded: &mut Loaded) -> Vec<BodySource> {
    let Some(base) = &loaded.base else {
        return Vec::new();
    };
    let path = base.path.clone();
    let around = Surroundings::new(loaded);
    let mut found = Vec::new();
    let chains = base_chains(base, loaded);
    let hooks: Vec<WebHookAt<'_>> = of_base(base, &chains).collect();
    for hook in &hooks {
        for rule in WEB_HOOK_RULES {
            rule(hook, &around, &mut found);
        }
    }
    for rule in RECEIVER_RULES {
        rule(&hooks, &around, &mut found);
    }
    let written = chain::of_file(base, &chains);
    for rule in CHAIN_RULES {
        rule(&written, &around, &mut found);
    }
    let refused = configuration(&around, &mut found);
    found.extend(refused);
    found.extend(behind_session(base, around.release()));
    let bodies = base_bodies::named(&hooks);
    drop(hooks);
    let mut read = Vec::new();
    let in_bodies = base_bodies::check(files, &bodies, &path, loaded, &[], &mut read);
    found.extend(in_bodies);
    once(&mut found);
    loaded.diagnostics.extend(found);
    read
}

/// The rules over the base; what Kratos does not start with is given back.
fn configuration(around: &Surroundings<'_>, found: &mut Findings) -> Findings {
    let mut refused = Vec::new();
    if let Some(base) = &around.loaded.base {
        let text = around.loaded.sources.text(base.file);
        refused::of_base(base, text, around.release(), &mut refused, found);
        for rule in BASE_RULES {
            rule(base, around, found);
        }
    }
    refused
}

fn of_action_body(
    action: usize,
    body: &BodySource,
    examined: &BTreeMap<usize, Vec<Examined>>,
    around: &Surroundings<'_>,
    known: &Known,
    diagnostics: &mut [Diagnostic],
) -> Vec<Diagnostic> {
    let Some(examined) = examined.get(&action).filter(|it| !it.is_empty()) else {
        return Vec::new();
    };
    let hook = around
        .loaded
        .actions
        .get(action)
        .and_then(|it| it.action.hook.as_ref());
    let form = matches!(hook, Some(action_format::Hook::Web(web)) if crate::resolve::is_form(web));
    let parsed = crate::check::parse(&body.text);
    let body_at = BodyAt {
        source: body,
        program: &parsed.program,
        form,
        examined,
    };
    payload::of_body(&body_at, around, known, diagnostics)
}

/// The webhooks of the actions.
fn of_actions<'a>(resolved: &'a Resolved, loaded: &'a Loaded) -> Vec<WebHookAt<'a>> {
    let mut by_action: BTreeMap<usize, Vec<&Element>> = BTreeMap::new();
    for element in &resolved.elements {
        by_action.entry(element.action).or_default().push(element);
    }
    by_action
        .into_iter()
        .filter_map(|(action, elements)| {
            WebHookAt::of_action(
                loaded.actions.get(action)?,
                &elements,
                resolved.bodies.get(&action),
                loaded.settings.kratos,
            )
        })
        .collect()
}

fn base_chains(base: &Base, loaded: &Loaded) -> Vec<Chain> {
    kratos::effective_chains(loaded.settings.kratos, &base.section)
}

/// The webhooks of a configuration.
fn of_base<'a>(base: &'a Base, chains: &'a [Chain]) -> impl Iterator<Item = WebHookAt<'a>> {
    base.hooks.iter().flat_map(move |(slot, hooks)| {
        hooks
            .iter()
            .enumerate()
            .filter_map(move |(index, hook)| WebHookAt::of_base(base, *slot, index, hook, chains))
    })
}

/// One finding for each rule and place: a hook in several chains is looked at several times, and an
/// alias stands in several lists.
fn once(found: &mut Findings) {
    let mut seen = BTreeSet::new();
    found.retain(|it| {
        let place = (
            it.primary.file,
            it.primary.range,
            it.rule.code,
            it.annotation.clone(),
        );
        seen.insert(place)
    });
}
