//! Random projects, and what they must run.

use std::collections::BTreeMap;

use action_compile::{HookView, MemoryFiles};
use kratos::{
    ChainKey, ConfigRule, Flow, Hook, HookKind, Link, Method, MethodSettings, Phase, Point,
    Release, Response, Section, Slot, Timing, effective_chains, methods_of, methods_run,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// One project.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) release: Release,
    pub(crate) base_path: &'static str,
    pub(crate) verification: bool,
    pub(crate) switched_on: Vec<&'static str>,
    pub(crate) base: BTreeMap<Slot, Vec<BaseHook>>,
    pub(crate) actions: Vec<Action>,
}

#[derive(Clone, Debug)]
pub(crate) struct BaseHook {
    kind: HookKind,
    response: Response,
    url: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Action {
    name: String,
    flow: Flow,
    timing: Timing,
    methods: Methods,
    kind: HookKind,
    response: Response,
    order: i64,
    run_after: Vec<String>,
}

#[derive(Clone, Debug)]
enum Methods {
    None,
    All,
    Some(Vec<Method>),
}

const SWITCHES: [&str; 8] = [
    "password",
    "profile",
    "code",
    "totp",
    "lookup_secret",
    "webauthn",
    "passkey",
    "oidc",
];

fn response() -> impl Strategy<Value = Response> {
    let switches = |ignore, parse, can_interrupt| Response {
        ignore,
        parse,
        can_interrupt,
    };
    prop_oneof![
        3 => Just(switches(false, false, false)),
        2 => Just(switches(true, false, false)),
        3 => Just(switches(false, true, false)),
        1 => Just(switches(false, false, true)),
    ]
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let release = select(Release::ALL.to_vec());
    let path = select(vec![
        "base.yaml",
        "flow.yaml",
        "base.json",
        "one-line.json",
        "base.toml",
    ]);
    (
        release,
        path,
        any::<bool>(),
        proptest::sample::subsequence(SWITCHES.to_vec(), 2..=8),
    )
        .prop_flat_map(|(release, base_path, verification, switched_on)| {
            let slots = Slot::all(release);
            let lists = proptest::sample::subsequence(slots.clone(), 0..=slots.len().min(8));
            let base = lists.prop_flat_map(move |slots| base(slots, release));
            let actions = proptest::collection::vec(action(release), 1..=7);
            (base, actions).prop_map(move |(base, actions)| Case {
                release,
                base_path,
                verification,
                switched_on: switched_on.clone(),
                base,
                actions: named(actions),
            })
        })
}

fn base(
    slots: Vec<Slot>,
    release: Release,
) -> impl Strategy<Value = BTreeMap<Slot, Vec<BaseHook>>> {
    let lists: Vec<_> = slots
        .into_iter()
        .map(|slot| {
            let kinds: Vec<HookKind> = slot
                .kinds(release)
                .into_iter()
                .map(|(kind, _)| kind)
                .collect();
            let kind = prop_oneof![2 => Just(HookKind::WebHook), 2 => select(kinds)];
            let hooks = proptest::collection::vec((kind, response()), 0..=3);
            hooks.prop_map(move |hooks| (slot, unique(slot, hooks)))
        })
        .collect();
    lists.prop_map(|lists| lists.into_iter().collect())
}

/// Kratos refuses a list with two identical hooks.
fn unique(slot: Slot, hooks: Vec<(HookKind, Response)>) -> Vec<BaseHook> {
    let mut out: Vec<BaseHook> = Vec::new();
    for (kind, response) in hooks {
        if kind == HookKind::WebHook || out.iter().all(|other| other.kind != kind) {
            let response = if kind == HookKind::WebHook {
                response
            } else {
                Response::default()
            };
            out.push(BaseHook {
                kind,
                response,
                url: format!("https://base.example/{slot}/{}", out.len()),
            });
        }
    }
    out
}

fn action(release: Release) -> impl Strategy<Value = Action> {
    let slots = Slot::all(release);
    (
        select(slots),
        any::<u8>(),
        response(),
        -1_i64..=1,
        any::<u8>(),
    )
        .prop_map(move |(slot, pick, response, order, spread)| {
            let methods = methods_of(slot.flow, slot.timing, release);
            let kinds = slot.kinds(release);
            let web = pick % 4 != 0 || slot.method.is_none() && !methods.is_empty();
            let kind = if web {
                HookKind::WebHook
            } else {
                kinds[usize::from(pick / 4) % kinds.len()].0
            };
            let methods = match slot.method {
                None if methods.is_empty() => Methods::None,
                None => Methods::All,
                Some(method) if kind == HookKind::WebHook && spread % 3 == 0 => {
                    let other = methods[usize::from(spread) % methods.len()];
                    let mut both = vec![method, other];
                    both.dedup();
                    Methods::Some(both)
                }
                Some(method) => Methods::Some(vec![method]),
            };
            let response = if kind == HookKind::WebHook {
                response
            } else {
                Response::default()
            };
            Action {
                name: String::new(),
                flow: slot.flow,
                timing: slot.timing,
                methods,
                kind,
                response,
                order,
                run_after: if spread % 2 == 0 {
                    vec![String::new()]
                } else {
                    Vec::new()
                },
            }
        })
}

/// Names, and constraints on the action before where both are of one phase and one flow.
fn named(mut actions: Vec<Action>) -> Vec<Action> {
    let mut seen = Vec::new();
    // Two identical built-in hooks in one list are an error of their own.
    actions.retain(|action| {
        let methods = match &action.methods {
            Methods::Some(methods) => methods.clone(),
            _ => Vec::new(),
        };
        let key = (action.kind, action.flow, action.timing, methods);
        let fresh = action.kind == HookKind::WebHook || !seen.contains(&key);
        seen.push(key);
        fresh
    });
    let names = ["m", "b", "z", "a", "k", "c", "x"];
    for index in 0..actions.len() {
        actions[index].name = names[index].to_owned();
        let before = index.checked_sub(1).map(|before| actions[before].clone());
        let action = &mut actions[index];
        let wanted = !action.run_after.is_empty();
        action.run_after = before
            .filter(|before| {
                wanted
                    && before.kind == HookKind::WebHook
                    && action.kind == HookKind::WebHook
                    && before.response == action.response
            })
            .map(|before| before.name)
            .into_iter()
            .collect();
    }
    actions
}

/// How a hook is told apart from every other.
pub(crate) fn label(hook: &HookView) -> String {
    hook.url.clone().unwrap_or_else(|| hook.hook.clone())
}

/// How a chain is told apart from every other.
pub(crate) fn name(point: Point) -> String {
    let key = point.key.auth_method().unwrap_or("-");
    format!("{}.{}.{key}.{}", point.flow, point.timing, point.phase)
}

impl Case {
    pub(crate) fn files(&self) -> MemoryFiles {
        let mut files = MemoryFiles::default();
        files.insert(self.base_path, self.base_text());
        for (index, action) in self.actions.iter().enumerate() {
            // Paths sort otherwise than names and otherwise than the order they were made in.
            let path = format!("actions/{}-{}.json", (index * 5) % 7, action.name);
            files.insert(path, action.json().to_string());
        }
        files
    }

    fn base_text(&self) -> String {
        let mut root = json!({"dsn": "memory", "selfservice": {"methods": {}, "flows": {}}});
        for switch in SWITCHES {
            root["selfservice"]["methods"][switch] =
                json!({"enabled": self.switched_on.contains(&switch)});
        }
        if self.verification {
            root["selfservice"]["flows"]["verification"] = json!({"enabled": true});
        }
        for (slot, hooks) in &self.base {
            let mut place = &mut root;
            for key in slot.config_path() {
                place = &mut place[key];
            }
            *place = hooks
                .iter()
                .map(|hook| hook.json(*slot, self.release))
                .collect();
        }
        match self.base_path {
            "base.yaml" => yaml::emit::block(&root, 0),
            "base.json" => format!("{root:#}\n"),
            "base.toml" => toml(&root),
            _ => root.to_string(),
        }
    }

    fn settings(&self) -> MethodSettings {
        let on = |name: &str| self.switched_on.contains(&name);
        let mut settings = MethodSettings::defaults(self.release);
        settings.password = on("password");
        settings.profile = on("profile");
        settings.code.enabled = on("code");
        settings.totp = on("totp");
        settings.lookup_secret = on("lookup_secret");
        settings.webauthn.enabled = on("webauthn");
        settings.passkey = on("passkey");
        settings.oidc = on("oidc");
        settings
    }

    /// What must run at each point: the base's chain, and the actions in their declared order
    /// behind it, before `session`.
    pub(crate) fn expected(&self) -> BTreeMap<String, Vec<String>> {
        let section = Section {
            slots: self
                .base
                .iter()
                .map(|(slot, hooks)| (*slot, hooks.iter().map(BaseHook::hook).collect()))
                .collect(),
            verification_enabled: self.verification,
        };
        let chains = effective_chains(self.release, &section);
        let expected = chains.iter().map(|chain| {
            let base: Vec<(String, bool)> = chain
                .links
                .iter()
                .map(|link| self.base_label(link))
                .collect();
            let split = base
                .iter()
                .position(|(_, behind)| *behind)
                .unwrap_or(base.len());
            let mut labels: Vec<String> = base.iter().map(|(label, _)| label.clone()).collect();
            let behind = labels.split_off(split);
            let (actions, sessions): (Vec<&Action>, Vec<&Action>) = self
                .at(chain.point)
                .into_iter()
                .partition(|action| action.kind != HookKind::Session);
            // A built-in hook that the base runs already is not added again.
            let known: Vec<String> = labels.iter().chain(&behind).cloned().collect();
            let new = |action: &&&Action| !known.contains(&action.label());
            labels.extend(actions.iter().filter(new).map(|action| action.label()));
            labels.extend(sessions.iter().filter(new).map(|action| action.label()));
            labels.extend(behind);
            (name(chain.point), labels)
        });
        expected.collect()
    }

    /// The label of a base's link, and whether actions go before it.
    fn base_label(&self, link: &Link) -> (String, bool) {
        let Link::Hook { slot, index, .. } = link else {
            return ("implicit_verifier".to_owned(), false);
        };
        let list = &self.base[slot];
        let hook = &list[*index];
        let is_session = hook.kind == HookKind::Session;
        let old = self.release < Release::V1_2_0;
        let behind = is_session
            || old
                && list[..*index]
                    .iter()
                    .any(|before| before.kind == HookKind::Session);
        (hook.label(), behind)
    }

    /// The actions meant for a point, in their declared order.
    fn at(&self, point: Point) -> Vec<&Action> {
        let meant = self.actions.iter().filter(|action| {
            action.flow == point.flow
                && action.timing == point.timing
                && action.runs_in(point.phase, self.release)
                && self.is_meant(action, point)
        });
        let mut left: Vec<&Action> = meant.collect();
        left.sort_by_key(|action| (action.order, action.name.clone()));
        let mut sorted: Vec<&Action> = Vec::new();
        while !left.is_empty() {
            let free = left.iter().position(|action| {
                action
                    .run_after
                    .iter()
                    .all(|name| left.iter().all(|other| other.name != *name))
            });
            sorted.push(left.remove(free.expect("the generator makes no cycles")));
        }
        sorted
    }

    fn is_meant(&self, action: &Action, point: Point) -> bool {
        match (&action.methods, point.key) {
            (Methods::None, ChainKey::Flow) => true,
            (Methods::Some(methods), ChainKey::Method(method)) => methods.contains(&method),
            (Methods::All, ChainKey::Method(method)) => {
                let slot = Slot::after(point.flow, method);
                methods_run(point.flow, self.release, &self.settings()).contains(&method)
                    || self.reads_global(point) && !self.shadows(slot, point.phase)
            }
            (Methods::All, ChainKey::Other) => self.reads_global(point),
            _ => false,
        }
    }

    fn reads_global(&self, point: Point) -> bool {
        point.phase != Phase::PrePersist
    }

    fn shadows(&self, slot: Slot, phase: Phase) -> bool {
        let implements = |hook: &BaseHook| hook.kind.implements(slot.flow, phase);
        self.base
            .get(&slot)
            .is_some_and(|list| list.iter().any(implements))
    }
}

impl BaseHook {
    fn hook(&self) -> Hook {
        Hook::new(self.kind).with_response(self.response)
    }

    fn label(&self) -> String {
        if self.kind == HookKind::WebHook {
            self.url.clone()
        } else {
            self.kind.as_str().to_owned()
        }
    }

    fn json(&self, slot: Slot, release: Release) -> Value {
        match (self.kind, slot.config_rule(self.kind, release)) {
            (HookKind::WebHook, _) => {
                let mut config =
                    json!({"url": self.url, "method": "POST", "body": "base64://e30="});
                if self.response.ignore || self.response.parse {
                    let name = if self.response.ignore {
                        "ignore"
                    } else {
                        "parse"
                    };
                    config["response"] = json!({name: true});
                }
                if self.response.can_interrupt {
                    config["can_interrupt"] = true.into();
                }
                json!({"hook": "web_hook", "config": config})
            }
            (kind, Some(ConfigRule::Required)) => json!({"hook": kind.as_str(), "config": {}}),
            (kind, _) => json!({"hook": kind.as_str()}),
        }
    }
}

impl Action {
    fn label(&self) -> String {
        if self.kind == HookKind::WebHook {
            format!("https://action.example/{}", self.name)
        } else {
            self.kind.as_str().to_owned()
        }
    }

    fn json(&self) -> Value {
        let mut action = json!({
            "name": self.name,
            "flow": self.flow.as_str(),
            "timing": self.timing.as_str(),
            "order": self.order,
            "run_after": self.run_after,
        });
        match &self.methods {
            Methods::None => {}
            Methods::All => action["auth_method"] = "all".into(),
            Methods::Some(methods) => {
                action["auth_method"] = methods.iter().map(|method| method.as_str()).collect();
            }
        }
        if self.kind == HookKind::WebHook {
            action["url"] = self.label().into();
            action["body"] = "function(ctx) { id: ctx.flow.id }".into();
            for (name, on) in [
                ("response_ignore", self.response.ignore),
                ("response_parse", self.response.parse),
                ("can_interrupt", self.response.can_interrupt),
            ] {
                if on {
                    action[name] = true.into();
                }
            }
        } else {
            action["hook"] = self.kind.as_str().into();
        }
        action
    }

    fn runs_in(&self, phase: Phase, release: Release) -> bool {
        if self.kind != HookKind::WebHook {
            return self.kind.implements(self.flow, phase);
        }
        let early = match self.flow {
            Flow::Settings if release == Release::V0_13_0 => self.response.can_interrupt,
            _ => self.response.parse || self.response.can_interrupt,
        };
        match phase {
            Phase::PrePersist => early,
            Phase::PostPersist => !early,
            Phase::Before | Phase::After => true,
        }
    }
}

/// The base as TOML, hooks as arrays of tables.
fn toml(root: &Value) -> String {
    let mut out = String::from("dsn = \"memory\"\n");
    let selfservice = &root["selfservice"];
    for (method, value) in selfservice["methods"].as_object().unwrap() {
        out += &format!(
            "[selfservice.methods.{method}]\nenabled = {}\n",
            value["enabled"]
        );
    }
    fn walk(path: &str, value: &Value, out: &mut String) {
        for (key, member) in value.as_object().unwrap() {
            let path = format!("{path}.{key}");
            match member {
                Value::Object(_) => walk(&path, member, out),
                Value::Array(hooks) if hooks.is_empty() => {
                    *out += &format!("[{}]\nhooks = []\n", path.trim_end_matches(".hooks"));
                }
                Value::Array(hooks) => {
                    for hook in hooks {
                        *out += &format!("[[{path}]]\nhook = {}\n", hook["hook"]);
                        if let Some(config) = hook["config"].as_object() {
                            *out += &format!("[{path}.config]\n");
                            for (key, member) in config {
                                match member {
                                    Value::Object(inner) => {
                                        let inner: Vec<String> = inner
                                            .iter()
                                            .map(|(key, value)| format!("{key} = {value}"))
                                            .collect();
                                        *out += &format!("{key} = {{ {} }}\n", inner.join(", "));
                                    }
                                    member => *out += &format!("{key} = {member}\n"),
                                }
                            }
                        }
                    }
                }
                _ => {
                    let (table, _) = path.rsplit_once('.').unwrap();
                    *out += &format!("[{table}]\n{key} = {member}\n");
                }
            }
        }
    }
    walk("selfservice.flows", &selfservice["flows"], &mut out);
    out
}
