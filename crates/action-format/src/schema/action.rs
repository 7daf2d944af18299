//! The action file.
#![expect(dead_code, reason = "only their schemas are used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::{conditions, strings};

/// An action of Ory Kratos's self-service flows, or a list of them under `actions`.
#[derive(JsonSchema)]
#[schemars(title = "Action file", untagged, transform = conditions::file)]
pub(super) enum ActionFile {
    List(ActionList),
    One(Box<Action>),
}

/// Several actions in one file; each needs a name.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ActionList {
    /// The actions.
    #[schemars(length(min = 1), transform = conditions::list)]
    actions: Vec<Action>,
}

/// A webhook or built-in hook of one self-service flow.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, transform = conditions::action)]
pub(super) struct Action {
    /// The identity of the action, unique over the whole folder. Default: the path of the file
    /// below the folder, without its extension.
    #[schemars(transform = strings::name)]
    name: Option<String>,
    /// What the action is for; becomes a comment in the compiled configuration.
    description: Option<String>,
    /// The self-service flow.
    flow: Flow,
    /// Whether the hook runs when the flow is created or after it succeeded.
    timing: Timing,
    /// The methods that the action is for: one, a list, or `all`. Only for `timing: after` of
    /// login, registration and settings, where it defaults to `password`, with a warning.
    auth_method: Option<AuthMethod>,
    /// The kind of hook.
    #[schemars(extend("default" = "web_hook"))]
    hook: Option<HookKind>,
    /// Where the request of a webhook goes.
    #[schemars(transform = strings::needed_literal, extend("examples" = ["https://api.example.com/hooks/welcome"]))]
    url: Option<String>,
    /// The HTTP method, sent as it is written.
    #[schemars(transform = strings::needed, extend("default" = "POST", "examples" = ["POST", "PUT", "PATCH", "GET", "DELETE"]))]
    method: Option<String>,
    /// Not built yet. A named target of the project file, instead of `url`.
    target: Option<strings::NotBuilt>,
    /// Not built yet. A path behind the address of the target.
    path: Option<strings::NotBuilt>,
    /// Request headers. `$${` stands for a literal `${`.
    headers: Option<strings::Headers>,
    /// The body of the request: a Jsonnet function with the parameter `ctx`. Without one, a
    /// documented default body is sent.
    #[schemars(transform = strings::needed, extend("examples" = ["function(ctx) { email: ctx.identity.traits.email }\n"]))]
    body: Option<String>,
    /// The path of a Jsonnet file with the body, relative to the action file.
    #[schemars(transform = strings::needed)]
    body_file: Option<String>,
    /// What Kratos does with the answer; `mode` says the same in one word.
    response: Option<Response>,
    /// Nobody waits for the answer. The same as `response.ignore`.
    #[schemars(extend("default" = false))]
    response_ignore: Option<bool>,
    /// The answer is read. The same as `response.parse`.
    #[schemars(extend("default" = false))]
    response_parse: Option<bool>,
    /// What Kratos does with the answer, in one word.
    #[schemars(extend("default" = "wait"))]
    mode: Option<Mode>,
    /// Deprecated: write `mode: block`.
    #[schemars(extend("default" = false, "deprecated" = true))]
    can_interrupt: Option<bool>,
    /// Not built yet. A Jsonnet expression over `ctx`; the webhook is called only if it is true.
    when: Option<strings::NotBuilt>,
    /// How the body is encoded; sets the Content-Type header.
    #[schemars(extend("default" = "json"))]
    content_type: Option<ContentType>,
    /// The credentials of the request.
    auth: Option<Auth>,
    /// The type of the credentials that the other `webhook_auth_*` fields hold.
    webhook_auth_type: Option<AuthType>,
    /// The name of the header or cookie. The same as `auth.config.name`.
    #[schemars(transform = strings::needed_literal)]
    webhook_auth_api_key_name: Option<String>,
    /// The API key. The same as `auth.config.value`.
    #[schemars(transform = strings::literal)]
    webhook_auth_api_key_value: Option<String>,
    /// The API key, in Terraform's write-only spelling.
    #[schemars(transform = strings::literal)]
    webhook_auth_api_key_value_wo: Option<String>,
    /// When Terraform sends the key again; has no meaning here.
    webhook_auth_api_key_value_wo_version: Option<strings::Version>,
    /// Where the API key is put. The same as `auth.config.in`.
    webhook_auth_api_key_in: Option<ApiKeyIn>,
    /// The user name. The same as `auth.config.user`.
    #[schemars(transform = strings::literal)]
    webhook_auth_basic_auth_user: Option<String>,
    /// The password. The same as `auth.config.password`.
    #[schemars(transform = strings::literal)]
    webhook_auth_basic_auth_password: Option<String>,
    /// The password, in Terraform's write-only spelling.
    #[schemars(transform = strings::literal)]
    webhook_auth_basic_auth_password_wo: Option<String>,
    /// When Terraform sends the password again; has no meaning here.
    webhook_auth_basic_auth_password_wo_version: Option<strings::Version>,
    /// The settings of a built-in hook that has any.
    config: Option<BTreeMap<String, Value>>,
    /// Whether Kratos adds its `Ory-Webhook-*` headers.
    #[schemars(extend("default" = true))]
    emit_analytics_event: Option<bool>,
    /// The position within a slot; ties by name.
    #[schemars(extend("default" = 0, "minimum" = i64::MIN, "maximum" = i64::MAX))]
    order: Option<i64>,
    /// Names of actions that run before this one.
    run_after: Option<Vec<ActionName>>,
    /// Names of actions that run behind this one.
    run_before: Option<Vec<ActionName>>,
    /// Whether the action takes part. A list of environments is not built yet.
    #[schemars(extend("default" = true))]
    enabled: Option<bool>,
    /// Part of the action's address, as in the Terraform resource.
    #[schemars(transform = strings::needed)]
    project_id: Option<String>,
}

/// The name of another action.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
struct ActionName(#[schemars(transform = strings::needed)] String);

/// A self-service flow.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum Flow {
    /// Signing in, a second factor and re-authentication included.
    Login,
    /// Signing up.
    Registration,
    /// Regaining access by link or code.
    Recovery,
    /// Changing profile or credentials while signed in.
    Settings,
    /// Proving ownership of an address.
    Verification,
}

/// When a hook runs.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum Timing {
    /// When the flow is created: there is no identity yet.
    Before,
    /// After the flow was submitted successfully.
    After,
}

/// One method, a list of methods, or `all`.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
enum AuthMethod {
    All(All),
    One(Method),
    Several(#[schemars(length(min = 1))] Vec<Method>),
}

/// Every method.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum All {
    /// Every method that the release has and the base configuration enables.
    All,
}

/// An authentication method.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
pub(super) enum Method {
    /// Password.
    Password,
    /// Social sign-in.
    Oidc,
    /// One-time code by e-mail or SMS.
    Code,
    /// Security keys.
    Webauthn,
    /// Passkeys.
    Passkey,
    /// Authenticator apps.
    Totp,
    /// Backup codes.
    LookupSecret,
    /// Traits; settings only.
    Profile,
}

/// A kind of hook.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum HookKind {
    /// Calls an HTTP endpoint.
    WebHook,
    /// Signs in right after registration.
    Session,
    /// Ends all other sessions of the identity.
    RevokeActiveSessions,
    /// Refuses a login without a verified address.
    RequireVerifiedAddress,
    /// Sends the visitor on to the verification form.
    ShowVerificationUi,
    /// Starts a verification at login.
    Verification,
    /// Defers a change of address until the new one is verified.
    VerifyNewAddress,
    /// Tells the old addresses of a change.
    NotifyPreviousAddresses,
    /// Ory's enterprise build only.
    B2bSso,
    /// The later name of `b2b_sso`.
    Organization,
}

/// Response handling as in Kratos.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline, transform = conditions::response)]
struct Response {
    /// Nobody waits for the answer.
    #[schemars(extend("default" = false))]
    ignore: Option<bool>,
    /// The answer may stop the flow, and in registration and settings change the identity.
    #[schemars(extend("default" = false))]
    parse: Option<bool>,
}

/// Response handling in one word.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum Mode {
    /// Kratos waits, and a status of 400 or more fails the flow.
    Wait,
    /// Nobody waits for the answer.
    Notify,
    /// The answer may stop the flow with messages.
    Block,
    /// The answer may also change the identity: after registration and settings only.
    Modify,
}

/// The encoding of a body.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum ContentType {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`; the body must be an object of strings.
    Form,
}

/// Credentials as in Kratos.
#[derive(JsonSchema)]
#[schemars(
    tag = "type",
    content = "config",
    rename_all = "snake_case",
    deny_unknown_fields,
    inline
)]
enum Auth {
    /// A key in a header or cookie.
    ApiKey(ApiKey),
    /// HTTP basic authentication.
    BasicAuth(BasicAuth),
}

/// The settings of an API key.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
struct ApiKey {
    /// The name of the header or cookie.
    #[schemars(transform = strings::needed_literal)]
    name: String,
    /// The key.
    #[schemars(transform = strings::literal)]
    value: String,
    /// Where it is put.
    r#in: ApiKeyIn,
}

/// The settings of HTTP basic authentication.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, inline)]
struct BasicAuth {
    /// The user name.
    #[schemars(transform = strings::literal)]
    user: String,
    /// The password.
    #[schemars(transform = strings::literal)]
    password: String,
}

/// A type of credentials.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum AuthType {
    /// A key in a header or cookie.
    ApiKey,
    /// HTTP basic authentication.
    BasicAuth,
}

/// A place for an API key.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum ApiKeyIn {
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
}
