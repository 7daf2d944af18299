//! What an action file says, normalised: one [`Action`] for each action, whatever spelling it used.
//!
//! Invariants:
//! - a field that is required and absent, or there and wrong, is `None`, [`Action::complete`] is
//!   false, and a diagnostic says why: no later pass reports it again;
//! - every spelling of one thing (nested, flat as in the Terraform resource, `mode`) ends in one
//!   type, and two spellings of it at once have been reported.

use std::sync::Arc;

use diagnostics::Span;
use kratos::{Flow, HookKind, Method, Timing};
use serde_json::Value;
use yaml::Node;

use crate::{Secret, Spanned};

/// One action.
#[derive(Clone, Debug)]
pub struct Action {
    /// The whole action.
    pub span: Span,
    /// Where to point at for what concerns the action as a whole: its first key.
    pub head: Span,
    /// Whether no field is missing, wrong, unknown or in conflict with another.
    pub complete: bool,
    /// The identity of the action. When the file does not say it, the file's stem at [`head`],
    /// if the file has no other action.
    ///
    /// [`head`]: Self::head
    pub name: Option<Spanned<String>>,
    /// For people; may have several lines.
    pub description: Option<Spanned<String>>,
    /// The flow; required.
    pub flow: Option<Spanned<Flow>>,
    /// Before or after; required.
    pub timing: Option<Spanned<Timing>>,
    /// The methods it is for; `None` when nothing is said. Only where the flow and timing have
    /// method slots; whether they have one for this method depends on the release and is not
    /// checked here.
    pub auth_method: Option<AuthMethods>,
    /// What runs; `None` when its kind is unknown.
    pub hook: Option<Hook>,
    /// Position within a slot; 0 by default, ties by name.
    pub order: i64,
    /// Names of actions that run before this one in its slots.
    pub run_after: Vec<Spanned<String>>,
    /// Names of actions that run behind this one in its slots.
    pub run_before: Vec<Spanned<String>>,
    /// Whether it takes part; true by default.
    pub enabled: bool,
    /// Part of the action's address, as in the Terraform resource; Kratos has no such thing.
    pub project_id: Option<Spanned<String>>,
}

/// The value of `auth_method`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthMethods {
    /// `all`, at its place.
    All(Span),
    /// One method or a list, without repetitions; empty only when every entry was wrong.
    List(Vec<Spanned<Method>>),
}

/// The hook of an action.
#[derive(Clone, Debug)]
pub enum Hook {
    /// Calls a URL.
    Web(Box<WebHook>),
    /// One of Kratos's own.
    BuiltIn(BuiltIn),
}

impl Hook {
    /// The kind of hook.
    #[must_use]
    pub fn kind(&self) -> HookKind {
        match self {
            Self::Web(_) => HookKind::WebHook,
            Self::BuiltIn(hook) => hook.kind.value,
        }
    }
}

/// A hook that Kratos implements itself.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    /// Which one; never [`HookKind::WebHook`].
    pub kind: Spanned<HookKind>,
    /// Its settings, as a JSON object, for the kinds that take any.
    pub config: Option<Spanned<Value>>,
}

/// A `web_hook`.
#[derive(Clone, Debug)]
pub struct WebHook {
    /// The place of `web_hook`, when the action says it.
    pub hook: Option<Span>,
    /// Where the request goes; required, never empty, otherwise unchecked. `$${` has become `${`.
    pub url: Option<Spanned<String>>,
    /// The HTTP method as written, never empty; see [`WebHook::method`].
    pub method: Option<Spanned<String>>,
    /// Request headers in the order of the file. `$${` has become `${` in their values.
    pub headers: Vec<Header>,
    /// The Jsonnet body; `None` when there is none.
    pub body: Option<Body>,
    /// What Kratos does with the answer.
    pub response: Response,
    /// The encoding of the body, when the action says it.
    pub content_type: Option<Spanned<ContentType>>,
    /// Credentials of the request.
    pub auth: Option<Spanned<Auth>>,
    /// Whether Kratos adds its `Ory-Webhook-*` headers (its default is true).
    pub emit_analytics_event: Option<Spanned<bool>>,
}

impl WebHook {
    /// The HTTP method: `POST` unless the action says otherwise.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method
            .as_ref()
            .map_or("POST", |method| method.value.as_str())
    }
}

/// One request header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name as written; never empty.
    pub name: Spanned<String>,
    /// The value.
    pub value: Spanned<String>,
}

/// Where the body of a request comes from.
#[derive(Clone, Debug)]
pub enum Body {
    /// Text in the action file.
    Inline(InlineBody),
    /// A path relative to the action file, never empty.
    File(Spanned<String>),
}

/// A body that stands in the action file.
#[derive(Clone, Debug)]
pub struct InlineBody {
    /// The Jsonnet program: the decoded text of the scalar.
    pub text: String,
    /// The place of the scalar itself, also when an alias refers to it.
    pub span: Span,
    /// The scalar, from which positions in `text` are mapped to the file.
    pub node: Arc<Node>,
}

/// What Kratos does with the answer to a webhook, and where the action says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The switches of the hook. `ignore` stands alone: with `parse` or `can_interrupt` Kratos
    /// refuses the hook (`web_hook.go`, v0.13.0 and later), which has been reported.
    pub switches: kratos::Response,
    /// The mode, where the action said it in that form.
    pub mode: Option<Spanned<Mode>>,
    /// Where it is said: the value of `mode`, `response`, or of the first flat field.
    pub span: Option<Span>,
}

/// The readable form of response handling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Kratos waits, and a status of 400 or more fails the flow.
    Wait,
    /// Nobody waits for the answer.
    Notify,
    /// The answer may stop the flow with messages.
    Block,
    /// The answer may also change the identity.
    Modify,
}

impl Mode {
    /// Every mode with its spelling.
    pub const ALL: &[(&'static str, Self)] = &[
        ("wait", Self::Wait),
        ("notify", Self::Notify),
        ("block", Self::Block),
        ("modify", Self::Modify),
    ];

    /// The switches that it stands for.
    #[must_use]
    pub fn switches(self) -> kratos::Response {
        kratos::Response {
            ignore: self == Self::Notify,
            parse: matches!(self, Self::Block | Self::Modify),
            can_interrupt: false,
        }
    }
}

/// How the body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentType {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

impl ContentType {
    /// Every encoding with its spelling.
    pub const ALL: &[(&'static str, Self)] = &[("json", Self::Json), ("form", Self::Form)];

    /// The value of the Content-Type header, byte for byte as Kratos accepts it.
    #[must_use]
    pub fn header_value(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// Credentials of a request. `$${` has become `${` in every text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A key in a header or cookie.
    ApiKey {
        /// The name of the header or cookie; never empty.
        name: Spanned<String>,
        /// The key.
        value: Spanned<Secret>,
        /// Where it is put.
        location: Spanned<ApiKeyIn>,
    },
    /// HTTP basic authentication.
    BasicAuth {
        /// The user name.
        user: Spanned<String>,
        /// The password.
        password: Spanned<Secret>,
    },
}

/// Where an API key is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiKeyIn {
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
}

impl ApiKeyIn {
    /// Every place with its spelling.
    pub const ALL: &[(&'static str, Self)] = &[("header", Self::Header), ("cookie", Self::Cookie)];
}
