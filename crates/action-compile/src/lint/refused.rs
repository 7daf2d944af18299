//! What Kratos itself refuses to start with, below the hooks of a configuration.
//!
//! Its schema is closed: an unknown flow, list, kind or field, or one that a later release brought,
//! ends the start (`embedx/config.schema.json`). Codes are those of action files, where the same
//! mistake is possible there.

use std::collections::BTreeMap;

use action_format::{
    IGNORE_AND_PARSE, MISSING_FIELD, UNKNOWN_FIELD, UNKNOWN_FLOW, UNKNOWN_HOOK, UNKNOWN_METHOD,
    UNKNOWN_VALUE, WRONG_TYPE,
};
use diagnostics::{Diagnostic, FileId, Level, Rule, did_you_mean};
use kratos::{ConfigRule, Flow, HookKind, Method, Release, Slot, Timing, WebHookField, methods_of};
use yaml::{Entry, Node, View};

use super::can_interrupt::{Written, deprecated};
use super::secrets::is_placeholder;
use super::{Findings, in_quotes_of};
use crate::base::{Base, BaseHook};
use crate::resolve::{
    DUPLICATE_HOOK, FIELD_NOT_IN_RELEASE, HOOK_NOT_ALLOWED_IN_SLOT, INVALID_URL,
    METHOD_NOT_ALLOWED_HERE, uri_fault, url_fault,
};
use crate::same::fingerprint;

/// `session` in the global list.
pub(crate) static SESSION_NOT_ALLOWED_GLOBALLY: Rule = Rule {
    code: "session-not-allowed-globally",
    summary: "`session` in the global list of registration, which Kratos's schema refuses",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/session-not-allowed-globally.md"),
};

/// Everything below `selfservice.flows` that keeps Kratos from starting; what it starts with and
/// can never call is `failing`.
pub(super) fn of_base(
    base: &Base,
    text: &str,
    release: Release,
    found: &mut Findings,
    failing: &mut Findings,
) {
    let mut reader = Reader {
        file: base.file,
        written: Written {
            file: base.file,
            format: base.format,
            text,
        },
        release,
        found,
        failing,
    };
    let flows = base.root.at(&["selfservice", "flows"]);
    for entry in entries(flows) {
        let Some(name) = entry.key_text() else {
            continue;
        };
        match Flow::parse(name) {
            Some(flow) => reader.flow(flow, &entry.value),
            None if matches!(name, "logout" | "error") => {}
            None => {
                let known = ["logout", "error"]
                    .into_iter()
                    .chain(Flow::ALL.iter().map(|flow| flow.as_str()));
                reader.unknown(&UNKNOWN_FLOW, &entry.key, name, "flow", known);
            }
        }
    }
    for (slot, hooks) in &base.hooks {
        if slot.exists(release) {
            reader.hooks(*slot, hooks);
        }
    }
}

/// Stands beside the hooks of a list.
const RETURN_URL: &str = "default_browser_return_url";

fn entries(node: Option<&Node>) -> Vec<&Entry> {
    node.and_then(Node::as_mapping)
        .map(yaml::Mapping::effective)
        .unwrap_or_default()
}

struct Reader<'a> {
    file: FileId,
    written: Written<'a>,
    release: Release,
    found: &'a mut Findings,
    failing: &'a mut Findings,
}

impl Reader<'_> {
    fn report(&mut self, rule: &'static Rule, at: &Node, message: String, help: impl Into<String>) {
        let span = at.range.in_file(self.file);
        self.found
            .push(Diagnostic::new(rule, span, message).help(help));
    }

    fn unknown<'k>(
        &mut self,
        rule: &'static Rule,
        at: &Node,
        name: &str,
        what: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        let span = at.range.in_file(self.file);
        let message = format!("Kratos has no {what} `{name}` here, and does not start");
        let diagnostic = Diagnostic::new(rule, span, message);
        let names: Vec<String> = known.clone().map(|it| format!("`{it}`")).collect();
        self.found.push(match did_you_mean(name, known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(
                format!("rename to `{near}`"),
                span,
                in_quotes_of(at.range.of(self.written.text), near),
            ),
            None => diagnostic.help(format!("expected one of {}", names.join(", "))),
        });
    }

    fn flow(&mut self, flow: Flow, node: &Node) {
        for entry in entries(node.get("before").map(|it| &**it)) {
            let Some(name) = entry.key_text().filter(|name| *name != "hooks") else {
                continue;
            };
            if Method::parse(name).is_some() {
                let message = format!("`{flow}.before` has no lists of methods, found `{name}`");
                let help = format!("put the hooks into `{flow}.before.hooks`");
                self.report(&METHOD_NOT_ALLOWED_HERE, &entry.key, message, help);
            } else {
                self.unknown(
                    &UNKNOWN_FIELD,
                    &entry.key,
                    name,
                    "field",
                    ["hooks"].into_iter(),
                );
            }
        }
        for entry in entries(node.get("after").map(|it| &**it)) {
            let Some(name) = entry.key_text() else {
                continue;
            };
            match name {
                "hooks" => {}
                RETURN_URL => self.return_url(&entry.value),
                _ => self.method(flow, name, entry),
            }
        }
    }

    fn method(&mut self, flow: Flow, name: &str, entry: &Entry) {
        let methods = methods_of(flow, Timing::After, self.release);
        let Some(method) = Method::parse(name) else {
            let known = ["hooks", RETURN_URL]
                .into_iter()
                .chain(methods.iter().map(|method| method.as_str()));
            self.unknown(&UNKNOWN_METHOD, &entry.key, name, "list", known);
            return;
        };
        let slot = Slot::after(flow, method);
        if !slot.exists(self.release) {
            let release = self.release;
            let (message, help) = match slot.first_release() {
                Some(first) => (
                    format!("`{slot}` does not exist in {release}, only since {first}"),
                    format!("remove it, or set `--kratos {first}` or later"),
                ),
                None => (
                    format!("`{flow}.after` has no list for `{method}`, and Kratos does not start"),
                    format!("put the hooks into `{flow}.after.hooks`"),
                ),
            };
            self.report(&METHOD_NOT_ALLOWED_HERE, &entry.key, message, help);
            return;
        }
        for inner in entries(Some(&entry.value)) {
            let Some(name) = inner.key_text() else {
                continue;
            };
            match name {
                "hooks" => {}
                RETURN_URL => self.return_url(&inner.value),
                _ => {
                    let known = ["hooks", RETURN_URL].into_iter();
                    self.unknown(&UNKNOWN_FIELD, &inner.key, name, "field", known);
                }
            }
        }
    }

    fn return_url(&mut self, value: &Node) {
        if value.as_str().is_none() {
            self.wrong_type(value, &format!("`{RETURN_URL}`"), "a string");
        }
    }

    fn hooks(&mut self, slot: Slot, hooks: &[BaseHook]) {
        let mut first: BTreeMap<String, &BaseHook> = BTreeMap::new();
        for hook in hooks {
            if let Some(earlier) = first.get(&fingerprint(&hook.value)) {
                self.found.push(
                    Diagnostic::new(
                        &DUPLICATE_HOOK,
                        hook.name_span(self.file),
                        format!("the same hook stands twice in `{slot}`"),
                    )
                    .label(earlier.name_span(self.file), "first here")
                    .help("remove one of the two; Kratos refuses a list with two identical hooks"),
                );
                continue;
            }
            first.insert(fingerprint(&hook.value), hook);
            self.hook(slot, hook);
        }
    }

    fn hook(&mut self, slot: Slot, hook: &BaseHook) {
        let Some(name_node) = hook.node.get("hook") else {
            return;
        };
        let name = name_node.as_str().unwrap_or_default();
        let accepted = slot.kinds(self.release);
        let Some(kind) = HookKind::parse(name) else {
            let known = accepted.iter().map(|(kind, _)| kind.as_str());
            self.unknown(&UNKNOWN_HOOK, name_node, name, "hook", known);
            return;
        };
        // Hooks of the Enterprise build may hold anything since then, as far as the schema goes.
        let enterprise = matches!(kind, HookKind::B2bSso | HookKind::Organization);
        let open = enterprise && self.release >= Release::Main;
        if !open {
            self.only(&hook.node, &["hook", "config"]);
        }
        let config = hook.node.get("config");
        if let Some(config) = config
            && enterprise
            && !open
            && config.as_mapping().is_none()
        {
            self.wrong_type(config, "`config`", "a mapping");
        }
        match slot.config_rule(kind, self.release) {
            None => self.not_accepted(slot, kind, name_node),
            Some(ConfigRule::Forbidden) => {
                if let Some(config) = config {
                    let message = format!("`{kind}` takes no `config`, and Kratos does not start");
                    self.report(&UNKNOWN_FIELD, config, message, "remove it");
                }
            }
            Some(ConfigRule::Required) if config.is_none() => {
                let message = format!("`{kind}` needs a `config`, and Kratos does not start");
                self.report(&MISSING_FIELD, name_node, message, "add `config`");
            }
            Some(_) => {}
        }
        match (config, kind) {
            (Some(config), HookKind::WebHook) => self.web_hook(slot, config, name_node),
            (Some(config), HookKind::NotifyPreviousAddresses) => self.notification(config),
            _ => {}
        }
    }

    /// Reports every other member.
    fn only(&mut self, node: &Node, known: &[&str]) {
        for entry in entries(Some(node)) {
            if let Some(key) = entry.key_text()
                && !known.contains(&key)
            {
                let known = known.iter().copied();
                self.unknown(&UNKNOWN_FIELD, &entry.key, key, "field", known);
            }
        }
    }

    fn notification(&mut self, config: &Node) {
        if config.as_mapping().is_none() {
            self.wrong_type(config, "`config`", "a mapping");
            return;
        }
        self.only(config, &["recipients"]);
        let known = ["removed", "all_verified", "all"];
        if let Some(recipients) = config.get("recipients")
            && !recipients.as_str().is_some_and(|it| known.contains(&it))
        {
            let message =
                "expected `removed`, `all_verified` or `all` as the recipients".to_owned();
            let help = "remove it: `removed` is the default";
            self.report(&UNKNOWN_VALUE, recipients, message, help);
        }
    }

    fn not_accepted(&mut self, slot: Slot, kind: HookKind, at: &Node) {
        let release = self.release;
        let global = slot.method.is_none() && slot.timing == Timing::After;
        if kind == HookKind::Session && slot.flow == Flow::Registration && global {
            let message = format!("`session` is refused in `{slot}`, and Kratos does not start");
            let help =
                "move it into the list of each method, such as `registration.after.password`";
            self.report(&SESSION_NOT_ALLOWED_GLOBALLY, at, message, help);
            return;
        }
        let later = slot.first_release_with(kind);
        let elsewhere: Vec<String> = Slot::all(release)
            .into_iter()
            .filter(|other| other.config_rule(kind, release).is_some())
            .map(|other| format!("`{other}`"))
            .collect();
        let help = match later {
            Some(later) => format!("Kratos accepts it there since {later}"),
            None if elsewhere.is_empty() => format!("Kratos {release} has no `{kind}`"),
            None => format!("`{kind}` is accepted in {}", elsewhere.join(", ")),
        };
        let message = format!("`{kind}` is not accepted in `{slot}` of {release}");
        self.report(&HOOK_NOT_ALLOWED_IN_SLOT, at, message, help);
    }

    fn web_hook(&mut self, slot: Slot, config: &Node, name: &Node) {
        if config.as_mapping().is_none() {
            self.wrong_type(config, "`config`", "a mapping");
            return;
        }
        for entry in entries(Some(config)) {
            let Some(key) = entry.key_text() else {
                continue;
            };
            self.field(key, entry);
        }
        for required in ["url", "method"] {
            if config.get(required).is_none() {
                let message =
                    format!("this webhook has no `{required}`, and Kratos does not start");
                let help = format!("add `{required}`");
                self.report(&MISSING_FIELD, name, message, help);
            }
        }
        // There `parse` alone does not move the hook before the write.
        let is_needed = slot.flow == Flow::Settings && self.release <= Release::V0_13_0;
        if !is_needed {
            self.found.extend(deprecated(config, self.written));
        }
        let set = |path: &[&str]| config.at(path).and_then(Node::as_bool) == Some(true);
        if set(&["response", "ignore"])
            && (set(&["response", "parse"]) || set(&["can_interrupt"]))
            && let Some(response) = config.get("response")
        {
            let message = "`ignore` excludes `parse` and `can_interrupt`".to_owned();
            let help = "keep one of the two; Kratos refuses both";
            self.report(&IGNORE_AND_PARSE, response, message, help);
        }
    }

    fn field(&mut self, key: &str, entry: &Entry) {
        let value = &entry.value;
        let subject = format!("`{key}`");
        let since = |field: WebHookField| field.since();
        let field = match key {
            "url" => WebHookField::Url,
            "method" => WebHookField::Method,
            "body" => WebHookField::Body,
            "headers" => WebHookField::Headers,
            "auth" => WebHookField::Auth,
            "response" => WebHookField::ResponseIgnore,
            "can_interrupt" => WebHookField::CanInterrupt,
            "emit_analytics_event" => WebHookField::EmitAnalyticsEvent,
            "id" => WebHookField::Id,
            _ => {
                let known = [
                    "url",
                    "method",
                    "body",
                    "headers",
                    "auth",
                    "response",
                    "can_interrupt",
                    "emit_analytics_event",
                    "id",
                ];
                self.unknown(&UNKNOWN_FIELD, &entry.key, key, "field", known.into_iter());
                return;
            }
        };
        if !field.is_known(self.release) {
            let message = format!(
                "Kratos {} has no `{key}`, only since {}",
                self.release,
                since(field)
            );
            let help = format!("remove it, or set `--kratos {}` or later", since(field));
            self.report(&FIELD_NOT_IN_RELEASE, &entry.key, message, help);
            return;
        }
        match key {
            "url" | "method" | "body" | "id" if value.as_str().is_none() => {
                self.wrong_type(value, &subject, "a string");
            }
            "url" => self.url(value),
            "body" => self.body(value),
            "can_interrupt" | "emit_analytics_event" if value.as_bool().is_none() => {
                self.wrong_type(value, &subject, "true or false");
            }
            "headers" => self.headers(value),
            "response" => self.response(value),
            "auth" => self.auth(value),
            _ => {}
        }
    }

    fn url(&mut self, value: &Node) {
        let text = value.as_str().unwrap_or_default();
        if is_placeholder(text) {
            return;
        }
        if let Some(fault) = url_fault(text) {
            let span = value.range.in_file(self.file);
            let mut finding = Diagnostic::new(&INVALID_URL, span, fault.message).help(fault.help);
            finding.level = fault.level;
            if fault.starts {
                self.failing.push(finding);
            } else {
                self.found.push(finding);
            }
        }
    }

    /// Base64 that is none is reported elsewhere, and a path without a scheme may be anything.
    fn body(&mut self, value: &Node) {
        let text = value.as_str().unwrap_or_default();
        let is_uri = ["file://", "http://", "https://"]
            .iter()
            .any(|it| text.starts_with(it));
        if !is_uri || is_placeholder(text) {
            return;
        }
        if let Some(what) = uri_fault(text) {
            let message = format!("not a URI, and Kratos does not start: {what}");
            let help = "write a path without blanks in its first step, such as `file://./hooks/body.jsonnet`, on one line";
            self.report(&INVALID_URL, value, message, help);
        }
    }

    fn headers(&mut self, value: &Node) {
        if value.as_mapping().is_none() {
            self.wrong_type(value, "`headers`", "a mapping");
        }
        for header in entries(Some(value)) {
            if header.value.as_str().is_none() {
                let subject = format!("the header `{}`", header.key_text().unwrap_or_default());
                self.wrong_type(&header.value, &subject, "a string");
            }
        }
    }

    fn response(&mut self, value: &Node) {
        if value.as_mapping().is_none() {
            self.wrong_type(value, "`response`", "a mapping");
        }
        for entry in entries(Some(value)) {
            let Some(key) = entry.key_text() else {
                continue;
            };
            if !matches!(key, "ignore" | "parse") {
                let known = ["ignore", "parse"].into_iter();
                self.unknown(&UNKNOWN_FIELD, &entry.key, key, "field", known);
            } else if entry.value.as_bool().is_none() {
                self.wrong_type(&entry.value, &format!("`{key}`"), "true or false");
            }
        }
    }

    fn auth(&mut self, value: &Node) {
        let Some(kind) = value.get("type") else {
            let message = "`auth` has no `type`, and Kratos does not start".to_owned();
            self.report(
                &MISSING_FIELD,
                value,
                message,
                "add `type: api_key` or `type: basic_auth`",
            );
            return;
        };
        let required: &[&str] = match kind.as_str() {
            Some("api_key") => &["name", "value", "in"],
            Some("basic_auth") => &["user", "password"],
            _ => {
                let message =
                    "expected `api_key` or `basic_auth` as the `type` of `auth`".to_owned();
                self.report(
                    &UNKNOWN_VALUE,
                    kind,
                    message,
                    "these are the two kinds of credentials",
                );
                return;
            }
        };
        self.only(value, &["type", "config"]);
        let config = value.get("config");
        if let Some(config) = config {
            self.only(config, required);
        }
        for field in required {
            match config.and_then(|config| config.get(field)) {
                None => {
                    let message = format!("`auth` has no `{field}`, and Kratos does not start");
                    self.report(
                        &MISSING_FIELD,
                        kind,
                        message,
                        format!("add `config.{field}`"),
                    );
                }
                Some(text) if text.as_str().is_none() => {
                    self.wrong_type(text, &format!("`{field}`"), "a string");
                }
                Some(place)
                    if *field == "in" && !matches!(place.as_str(), Some("header" | "cookie")) =>
                {
                    let message =
                        "expected `header` or `cookie` as the place of an API key".to_owned();
                    self.report(&UNKNOWN_VALUE, place, message, "write `header`");
                }
                Some(_) => {}
            }
        }
    }

    fn wrong_type(&mut self, at: &Node, subject: &str, expected: &str) {
        let found = match at.view() {
            View::Null => "empty",
            view => view.kind_name(),
        };
        let message = format!("{subject} is {found}, expected {expected}");
        let help = "Kratos's schema refuses it, and Kratos does not start";
        self.report(&WRONG_TYPE, at, message, help);
    }
}
