//! One hook as it stands in the configuration.
//!
//! Invariant: fields that the release does not have are left out (`id`) or have been refused;
//! members stand in the order in which people write them.

use std::collections::BTreeMap;

use action_format::{ApiKeyIn, Auth, BuiltIn, ContentType, Hook, WebHook};
use kratos::{ChainKey, ConfigRule, Release, Slot};
use serde_json::{Map, Value, json};

use crate::body::{BodyText, default_body, default_form_body, inline_uri};
use crate::settings::Bodies;

/// A body that is written as a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyFile {
    /// Its name in the folder of bodies.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Hands out file names for bodies: one name for one text.
#[derive(Debug, Default)]
pub(super) struct FileNames {
    taken: BTreeMap<String, String>,
}

impl FileNames {
    /// The name for this text, and whether it is new.
    fn name(&mut self, wanted: &str, text: &str) -> (String, bool) {
        let safe: String = wanted
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        for attempt in 1_usize.. {
            let name = match attempt {
                1 => format!("{safe}.jsonnet"),
                n => format!("{safe}-{n}.jsonnet"),
            };
            match self.taken.get(&name) {
                Some(other) if other == text => return (name, false),
                Some(_) => {}
                None => {
                    self.taken.insert(name.clone(), text.to_owned());
                    return (name, true);
                }
            }
        }
        (format!("{safe}.jsonnet"), false)
    }
}

/// What the value of a hook depends on beside the action itself.
pub(super) struct Emit<'a> {
    pub(super) name: &'a str,
    pub(super) release: Release,
    pub(super) bodies: &'a Bodies,
    pub(super) file_names: &'a mut FileNames,
    pub(super) body_files: &'a mut Vec<BodyFile>,
}

impl Emit<'_> {
    /// The whole hook.
    pub(super) fn hook(
        &mut self,
        hook: &Hook,
        text: &BodyText,
        slot: Slot,
        key: ChainKey,
    ) -> Value {
        match hook {
            Hook::Web(web) => json!({"hook": "web_hook", "config": self.web(web, text, slot, key)}),
            Hook::BuiltIn(built_in) => self.built_in(built_in, slot),
        }
    }

    fn built_in(&self, hook: &BuiltIn, slot: Slot) -> Value {
        let kind = hook.kind.value;
        let mut value = Map::new();
        value.insert("hook".into(), kind.as_str().into());
        match (&hook.config, slot.config_rule(kind, self.release)) {
            (Some(config), _) => {
                value.insert("config".into(), config.value.clone());
            }
            (None, Some(ConfigRule::Required)) => {
                value.insert("config".into(), Value::Object(Map::new()));
            }
            (None, _) => {}
        }
        Value::Object(value)
    }

    fn web(&mut self, web: &WebHook, text: &BodyText, slot: Slot, key: ChainKey) -> Value {
        let mut config = Map::new();
        if super::knows_id(self.release) {
            config.insert("id".into(), self.name.into());
        }
        let url = web.url.as_ref().map_or("", |url| url.value.as_str());
        config.insert("url".into(), url.into());
        config.insert("method".into(), web.method().into());
        let headers = headers(web);
        if !headers.is_empty() {
            config.insert("headers".into(), Value::Object(headers));
        }
        let form = is_form(web);
        if let Some(uri) = self.body(text, form, slot, key) {
            config.insert("body".into(), uri.into());
        }
        if let Some(auth) = &web.auth {
            config.insert("auth".into(), auth_value(&auth.value));
        }
        let mut response = Map::new();
        if web.response.switches.ignore {
            response.insert("ignore".into(), true.into());
        }
        if web.response.switches.parse {
            response.insert("parse".into(), true.into());
        }
        if !response.is_empty() {
            config.insert("response".into(), Value::Object(response));
        }
        if web.response.switches.can_interrupt {
            config.insert("can_interrupt".into(), true.into());
        }
        if let Some(emit) = &web.emit_analytics_event {
            config.insert("emit_analytics_event".into(), emit.value.into());
        }
        Value::Object(config)
    }

    fn body(&mut self, text: &BodyText, form: bool, slot: Slot, key: ChainKey) -> Option<String> {
        let (text, wanted) = match text {
            BodyText::None => return None,
            BodyText::Written(text) => (text.clone(), self.name.to_owned()),
            BodyText::Default => (
                if form {
                    default_form_body(slot.timing, key)
                } else {
                    default_body(slot.timing, key)
                },
                format!("{}-{slot}", self.name),
            ),
        };
        Some(match self.bodies {
            Bodies::Inline => inline_uri(&text),
            Bodies::Files { prefix } => {
                let (name, new) = self.file_names.name(&wanted, &text);
                let uri = format!("file://{}/{name}", prefix.trim_end_matches('/'));
                if new {
                    self.body_files.push(BodyFile { name, text });
                }
                uri
            }
        })
    }
}

/// Whether the webhook sends a form.
pub(crate) fn is_form(web: &WebHook) -> bool {
    let form = ContentType::Form;
    let field = web.content_type.as_ref().map(|it| it.value) == Some(form);
    let header = |header: &action_format::Header| {
        header.name.value.eq_ignore_ascii_case("content-type")
            && header.value.value == form.header_value()
    };
    field || web.headers.iter().any(header)
}

fn headers(web: &WebHook) -> Map<String, Value> {
    let mut headers: Map<String, Value> = web
        .headers
        .iter()
        .map(|header| (header.name.value.clone(), header.value.value.clone().into()))
        .collect();
    // Kratos's default is the JSON one; writing it would only add noise.
    if let Some(content_type) = web
        .content_type
        .as_ref()
        .filter(|it| it.value == ContentType::Form)
    {
        headers.insert(
            "Content-Type".into(),
            content_type.value.header_value().into(),
        );
    }
    headers
}

fn auth_value(auth: &Auth) -> Value {
    match auth {
        Auth::ApiKey {
            name,
            value,
            location,
        } => json!({
            "type": "api_key",
            "config": {
                "name": name.value,
                "value": value.value.expose(),
                "in": match location.value {
                    ApiKeyIn::Header => "header",
                    ApiKeyIn::Cookie => "cookie",
                },
            },
        }),
        Auth::BasicAuth { user, password } => json!({
            "type": "basic_auth",
            "config": {"user": user.value, "password": password.value.expose()},
        }),
    }
}
