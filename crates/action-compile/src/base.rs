//! A configuration that exists: its hooks with their places, and what decides whether they run.
//!
//! Invariants:
//! - [`Base::section`] and [`Base::hooks`] name the same hooks by slot and index;
//! - what Kratos would refuse to load as a hooks list is reported as `invalid-base`; the rest of
//!   the configuration is not judged here.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::{Diagnostic, FileId, Level, Rule, Span};
use kratos::{HookKind, HookName, MethodSettings, Release, Response, Section, Slot};
use serde_json::Value;
use yaml::{Node, View};

use crate::document::{self, Format};

/// A base that Kratos itself would not load.
pub(crate) static INVALID_BASE: Rule = Rule {
    code: "invalid-base",
    summary: "a base configuration that Kratos would not load",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/invalid-base.md"),
};

/// A document of a configuration that nobody reads.
pub(crate) static FURTHER_DOCUMENT: Rule = Rule {
    code: "further-document",
    summary: "a second YAML document in a configuration, which Kratos does not read",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/further-document.md"),
};

/// A hook of the base.
#[derive(Clone, Debug)]
pub struct BaseHook {
    /// Its place.
    pub span: Span,
    /// Its value.
    pub value: Value,
    /// The same as it is written.
    pub node: Arc<Node>,
}

impl BaseHook {
    /// The name of its kind, or the whole hook: the smallest place that stands for it.
    pub(crate) fn name_span(&self, file: FileId) -> Span {
        self.node
            .get("hook")
            .map_or(self.span, |name| name.range.in_file(file))
    }
}

/// A configuration that was read.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its path.
    pub path: String,
    /// Its number among the sources.
    pub file: FileId,
    /// How it is written.
    pub format: Format,
    /// Its top node.
    pub root: Arc<Node>,
    /// The hooks of each list that is written down.
    pub hooks: BTreeMap<Slot, Vec<BaseHook>>,
    /// The same, as the model reads it.
    pub section: Section,
    /// Which methods it switches on.
    pub methods: MethodSettings,
}

impl Base {
    /// Reads a configuration; `None` when nothing can be said about it, which is reported.
    pub fn read(
        path: &str,
        text: &str,
        file: FileId,
        release: Release,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        Self::read_from(path, text, file, release, diagnostics, |root| root)
    }

    /// The same for a configuration that nothing is written into, and which may stand inside of a
    /// Helm chart's values.
    pub(crate) fn read_alone(
        path: &str,
        text: &str,
        file: FileId,
        release: Release,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let inside = document::configuration_in;
        // In a project it is refused: nothing can be written into such a file.
        if let Some(second) = document::second(Format::of_path(path), text, file) {
            let message = "only the first document of a configuration is read, by Kratos and here";
            diagnostics.push(
                Diagnostic::new(&FURTHER_DOCUMENT, second, message)
                    .help("move it to a file of its own, or into the first"),
            );
        }
        Self::read_from(path, text, file, release, diagnostics, inside)
    }

    fn read_from(
        path: &str,
        text: &str,
        file: FileId,
        release: Release,
        diagnostics: &mut Vec<Diagnostic>,
        root_in: impl FnOnce(Arc<Node>) -> Arc<Node>,
    ) -> Option<Self> {
        let format = Format::of_path(path);
        let (root, found) = document::read(format, text, file);
        let broken = found.iter().any(Diagnostic::is_error);
        diagnostics.extend(found);
        if broken {
            return None;
        }
        let empty = Arc::new(Node::null(diagnostics::TextRange::empty(0)));
        let whole = root.unwrap_or(empty);
        let root = root_in(Arc::clone(&whole));
        let inside = document::configuration_in(Arc::clone(&whole));
        let mut reader = Reader {
            file,
            diagnostics,
            fit: true,
        };
        // What is written at the top of such a file reaches no Kratos.
        if Arc::ptr_eq(&root, &whole) && !Arc::ptr_eq(&inside, &whole) {
            reader.diagnostics.push(
                Diagnostic::new(
                    &INVALID_BASE,
                    inside.range.in_file(file),
                    "this is a configuration inside the values of a Helm chart, and a base is one itself",
                )
                .help("move the configuration to a file of its own, and give the chart the compiled one"),
            );
            return None;
        }
        reader.mapping(&root, "the configuration");
        let mut hooks = BTreeMap::new();
        let mut slots = BTreeMap::new();
        for slot in every_slot() {
            if let Some((listed, modelled)) = reader.list(&root, slot) {
                hooks.insert(slot, listed);
                slots.insert(slot, modelled);
            }
        }
        let fit = reader.fit;
        let verification_enabled = root
            .at(&["selfservice", "flows", "verification", "enabled"])
            .and_then(Node::as_bool)
            .unwrap_or(false);
        fit.then(|| Self {
            path: path.to_owned(),
            file,
            format,
            hooks,
            section: Section {
                slots,
                verification_enabled,
            },
            methods: method_settings(&root, release),
            root,
        })
    }
}

/// Every slot of every release: what a release does not have may still be written down.
fn every_slot() -> Vec<Slot> {
    let mut slots = Slot::all(Release::Main);
    slots.sort();
    slots
}

struct Reader<'a> {
    file: FileId,
    diagnostics: &'a mut Vec<Diagnostic>,
    fit: bool,
}

impl Reader<'_> {
    /// Null counts as an empty mapping; anything else but a mapping does not.
    fn mapping(&mut self, node: &Node, what: &str) {
        if !matches!(node.view(), View::Mapping(_) | View::Null) {
            self.report(
                node,
                &format!("{what} is {}, expected a mapping", node.view().kind_name()),
            );
        }
    }

    fn report(&mut self, node: &Node, message: &str) {
        let span = node.range.in_file(self.file);
        // Two slots may lead through one broken mapping.
        if !self
            .diagnostics
            .iter()
            .any(|d| d.primary == span && d.rule == &INVALID_BASE)
        {
            self.diagnostics.push(
                Diagnostic::new(&INVALID_BASE, span, message)
                    .help("mend the base; Kratos would not start with it"),
            );
        }
        self.fit = false;
    }

    fn list(&mut self, root: &Node, slot: Slot) -> Option<(Vec<BaseHook>, Vec<kratos::Hook>)> {
        let mut node = root;
        let mut walked = Vec::new();
        for key in slot.config_path() {
            if !walked.is_empty() {
                self.mapping(node, &format!("`{}`", walked.join(".")));
            }
            walked.push(key);
            node = node.get(key)?;
        }
        match node.view() {
            View::Sequence(list) => {
                let mut listed = Vec::new();
                let mut modelled = Vec::new();
                for item in &list.items {
                    let (base_hook, hook) = self.hook(item, slot)?;
                    listed.push(base_hook);
                    modelled.push(hook);
                }
                Some((listed, modelled))
            }
            View::Null => None,
            found => {
                let message = format!(
                    "the hooks of `{slot}` are {}, expected a list",
                    found.kind_name()
                );
                self.report(node, &message);
                None
            }
        }
    }

    fn hook(&mut self, item: &Arc<Node>, slot: Slot) -> Option<(BaseHook, kratos::Hook)> {
        let name = item.get("hook").and_then(|name| name.as_str());
        let Some(name) = name else {
            let found = item.view().kind_name();
            let message = match item.view() {
                View::Mapping(_) => format!("a hook of `{slot}` has no `hook` that names its kind"),
                _ => format!("a hook of `{slot}` is {found}, expected a mapping"),
            };
            self.report(item, &message);
            return None;
        };
        let switch = |path: &[&str]| item.at(path).and_then(Node::as_bool).unwrap_or(false);
        let hook = kratos::Hook {
            name: HookKind::parse(name)
                .map_or_else(|| HookName::Unknown(name.to_owned()), HookName::Known),
            response: Response {
                ignore: switch(&["config", "response", "ignore"]),
                parse: switch(&["config", "response", "parse"]),
                can_interrupt: switch(&["config", "can_interrupt"]),
            },
        };
        let base_hook = BaseHook {
            span: item.range.in_file(self.file),
            value: yaml::to_json(item),
            node: Arc::clone(item),
        };
        Some((base_hook, hook))
    }
}

/// What the configuration switches on, over the defaults of the release.
fn method_settings(root: &Node, release: Release) -> MethodSettings {
    let mut settings = MethodSettings::defaults(release);
    let set = |switch: &mut bool, path: &[&str]| {
        let methods = root.at(&["selfservice", "methods"]);
        if let Some(value) = methods
            .and_then(|node| node.at(path))
            .and_then(Node::as_bool)
        {
            *switch = value;
        }
    };
    set(&mut settings.password, &["password", "enabled"]);
    set(&mut settings.profile, &["profile", "enabled"]);
    set(&mut settings.code.enabled, &["code", "enabled"]);
    set(
        &mut settings.code.passwordless,
        &["code", "passwordless_enabled"],
    );
    set(&mut settings.code.mfa, &["code", "mfa_enabled"]);
    set(&mut settings.link, &["link", "enabled"]);
    set(&mut settings.totp, &["totp", "enabled"]);
    set(&mut settings.lookup_secret, &["lookup_secret", "enabled"]);
    set(&mut settings.webauthn.enabled, &["webauthn", "enabled"]);
    set(
        &mut settings.webauthn.passwordless,
        &["webauthn", "config", "passwordless"],
    );
    set(&mut settings.passkey, &["passkey", "enabled"]);
    set(&mut settings.oidc, &["oidc", "enabled"]);
    settings
}
