//! A webhook with the place of each of its parts, whether an action or a configuration says it.
//!
//! Invariant: values are those that Kratos will read; a part without a value was not written.

use action_format::{ApiKeyIn, Auth, ContentType, Hook, Mode, WebHook};
use diagnostics::{FileId, Span};
use kratos::{Chain, Link, Phase, Point, Release, Response, Slot};
use yaml::{Node, View};

use crate::base::{Base, BaseHook};
use crate::load::LoadedAction;
use crate::resolve::{BodySource, Element};

/// A text with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// The text.
    pub(crate) value: &'a str,
    /// Where it is written.
    pub(crate) span: Span,
}

/// One request header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderAt<'a> {
    /// Its name, as written.
    pub(crate) name: Text<'a>,
    /// Its value.
    pub(crate) value: Text<'a>,
}

/// The credentials of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AuthAt<'a> {
    /// A key in a header or cookie.
    ApiKey {
        /// The header or cookie.
        name: Text<'a>,
        /// The key; never shown.
        value: Text<'a>,
        /// Whether it is put into a cookie.
        cookie: bool,
    },
    /// HTTP basic authentication.
    Basic {
        /// The user.
        user: Option<Text<'a>>,
        /// The password; never shown.
        password: Text<'a>,
    },
    /// Something else, which is reported elsewhere.
    Other,
}

/// Where a webhook gets its body from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyFrom<'a> {
    /// The action's own text.
    Written(&'a BodySource),
    /// The default body of actions.
    Default,
    /// The URI of a configuration.
    Uri(Text<'a>),
    /// Nothing is written.
    None,
}

/// A webhook, its parts and their places.
#[derive(Clone, Debug)]
pub(crate) struct WebHookAt<'a> {
    /// Where to point at for what concerns the webhook as a whole.
    pub(crate) head: Span,
    /// The lists it stands in; of an action all of them.
    pub(crate) slots: Vec<Slot>,
    /// The points at which it runs.
    pub(crate) points: Vec<Point>,
    /// Whether the base holds it.
    pub(crate) of_base: bool,
    /// Where the request goes.
    pub(crate) url: Option<Text<'a>>,
    /// The method, where it is written.
    pub(crate) method: Option<Text<'a>>,
    /// The headers, as written.
    pub(crate) headers: Vec<HeaderAt<'a>>,
    /// The credentials.
    pub(crate) auth: Option<AuthAt<'a>>,
    /// The body.
    pub(crate) body: BodyFrom<'a>,
    /// What Kratos does with the answer.
    pub(crate) response: Response,
    /// The mode, where an action says it.
    pub(crate) mode: Option<Mode>,
    /// Where it is said what Kratos does with the answer.
    pub(crate) response_span: Option<Span>,
    /// Whether the body is sent as a form.
    pub(crate) form: bool,
}

impl<'a> WebHookAt<'a> {
    /// The webhook of an action; `None` for any other hook.
    pub(crate) fn of_action(
        loaded: &'a LoadedAction,
        elements: &[&Element],
        body: Option<&'a BodySource>,
        release: Release,
    ) -> Option<Self> {
        let Hook::Web(web) = loaded.action.hook.as_ref()? else {
            return None;
        };
        let web: &'a WebHook = web;
        let mut points: Vec<Point> = elements
            .iter()
            .flat_map(|element| crate::check::points_of(element, release))
            .collect();
        points.sort();
        points.dedup();
        let content_type = web.content_type.as_ref();
        Some(Self {
            head: loaded.action.head,
            slots: elements.iter().map(|element| element.slot).collect(),
            points,
            of_base: false,
            url: web.url.as_ref().map(text),
            method: web.method.as_ref().map(text),
            headers: web
                .headers
                .iter()
                .map(|header| HeaderAt {
                    name: text(&header.name),
                    value: text(&header.value),
                })
                .collect(),
            auth: web.auth.as_ref().map(|auth| auth_of_action(&auth.value)),
            body: match body {
                Some(body) => BodyFrom::Written(body),
                None if web.method() == "TRACE" => BodyFrom::None,
                None => BodyFrom::Default,
            },
            response: web.response.switches,
            mode: web.response.mode.as_ref().map(|mode| mode.value),
            response_span: web.response.span,
            form: content_type.is_some_and(|it| it.value == ContentType::Form)
                || crate::resolve::is_form(web),
        })
    }

    /// The webhook of a configuration; `None` for any other hook.
    pub(crate) fn of_base(
        base: &'a Base,
        slot: Slot,
        index: usize,
        hook: &'a BaseHook,
        chains: &[Chain],
    ) -> Option<Self> {
        let modelled = base.section.hooks(slot).get(index)?;
        if modelled.kind() != Some(kratos::HookKind::WebHook) {
            return None;
        }
        let file = base.file;
        let config = hook.node.get("config");
        let at = |path: &[&str]| config.and_then(|config| config.at(path));
        let text_at = |path: &[&str]| at(path).and_then(|node| text_of(node, file));
        let headers: Vec<HeaderAt<'a>> = at(&["headers"])
            .and_then(Node::as_mapping)
            .map(|headers| headers.effective())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|entry| {
                Some(HeaderAt {
                    name: Text {
                        value: entry.key_text()?,
                        span: entry.key.range.in_file(file),
                    },
                    value: text_of(&entry.value, file)?,
                })
            })
            .collect();
        let form = headers.iter().any(|header| {
            header.name.value.eq_ignore_ascii_case("content-type")
                && header.value.value == ContentType::Form.header_value()
        });
        let response_node = at(&["response"]).or_else(|| at(&["can_interrupt"]));
        Some(Self {
            head: hook.name_span(file),
            slots: vec![slot],
            points: points_of_base(slot, index, chains),
            of_base: true,
            url: text_at(&["url"]),
            method: text_at(&["method"]),
            headers,
            auth: at(&["auth"]).map(|auth| auth_of_base(auth, file)),
            body: match text_at(&["body"]).filter(|body| !body.value.is_empty()) {
                Some(uri) => BodyFrom::Uri(uri),
                None => BodyFrom::None,
            },
            response: modelled.response,
            mode: None,
            response_span: response_node.map(|node| node.range.in_file(file)),
            form,
        })
    }

    /// The method as it is sent: Go takes an empty one for GET, `actionc` fills in POST.
    pub(crate) fn sent_method(&self) -> &'a str {
        match self.method.map(|method| method.value) {
            Some("") => "GET",
            Some(method) => method,
            None if self.of_base => "GET",
            None => "POST",
        }
    }

    /// Whether it runs in this phase at one of its points.
    pub(crate) fn runs_in(&self, phase: Phase) -> bool {
        self.points.iter().any(|point| point.phase == phase)
    }
}

fn text(spanned: &action_format::Spanned<String>) -> Text<'_> {
    Text {
        value: &spanned.value,
        span: spanned.span,
    }
}

fn text_of(node: &Node, file: FileId) -> Option<Text<'_>> {
    Some(Text {
        value: node.as_str()?,
        span: node.range.in_file(file),
    })
}

fn auth_of_action(auth: &Auth) -> AuthAt<'_> {
    let secret = |secret: &'_ action_format::Spanned<action_format::Secret>| secret.span;
    match auth {
        Auth::ApiKey {
            name,
            value,
            location,
        } => AuthAt::ApiKey {
            name: text(name),
            value: Text {
                value: value.value.expose(),
                span: secret(value),
            },
            cookie: location.value == ApiKeyIn::Cookie,
        },
        Auth::BasicAuth { user, password } => AuthAt::Basic {
            user: Some(text(user)),
            password: Text {
                value: password.value.expose(),
                span: secret(password),
            },
        },
    }
}

fn auth_of_base(auth: &Node, file: FileId) -> AuthAt<'_> {
    let config = |key: &str| auth.at(&["config", key]).and_then(|it| text_of(it, file));
    match auth.get("type").and_then(|it| it.as_str()) {
        Some("api_key") => match (config("name"), config("value")) {
            (Some(name), Some(value)) => AuthAt::ApiKey {
                name,
                value,
                cookie: config("in").is_some_and(|it| it.value == "cookie"),
            },
            _ => AuthAt::Other,
        },
        Some("basic_auth") => match config("password") {
            Some(password) => AuthAt::Basic {
                user: config("user"),
                password,
            },
            None => AuthAt::Other,
        },
        _ => AuthAt::Other,
    }
}

/// The points at which a hook of the base runs, as its chains say.
fn points_of_base(slot: Slot, index: usize, chains: &[Chain]) -> Vec<Point> {
    let is_it = |link: &Link| matches!(link, Link::Hook { slot: at, index: number, .. } if *at == slot && *number == index);
    chains
        .iter()
        .filter(|chain| chain.links.iter().any(is_it))
        .map(|chain| chain.point)
        .collect()
}

/// Whether nothing stands at a node, or an empty text.
pub(crate) fn is_blank(node: Option<&Node>) -> bool {
    match node.map(Node::view) {
        None | Some(View::Null) => true,
        Some(View::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}
