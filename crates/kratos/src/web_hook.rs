//! The fields of a `web_hook` that a configuration may give, and since when.

use crate::release::Release;
use crate::words::words;

words! {
    /// A field below `config` of a `web_hook`, by its path.
    WebHookField {
        /// The endpoint; required.
        Url = "url",
        /// The HTTP method, used verbatim; required.
        Method = "method",
        /// URI of the Jsonnet body. Optional for the schema, yet without it each execution fails.
        Body = "body",
        /// Extra request headers.
        Headers = "headers",
        /// `api_key` or `basic_auth`.
        Auth = "auth",
        /// Do not wait for the answer.
        ResponseIgnore = "response.ignore",
        /// Read the answer: messages on failure, changes of the identity on success.
        ResponseParse = "response.parse",
        /// The deprecated predecessor of `response.parse`.
        CanInterrupt = "can_interrupt",
        /// Send the `Ory-Webhook-*` headers.
        EmitAnalyticsEvent = "emit_analytics_event",
        /// A name for telemetry.
        Id = "id",
    }
}

impl WebHookField {
    /// The first modelled release whose configuration schema knows the field. Fields older than
    /// v0.13.0 answer v0.13.0.
    #[must_use]
    pub const fn since(self) -> Release {
        match self {
            Self::Url
            | Self::Method
            | Self::Body
            | Self::Auth
            | Self::ResponseIgnore
            | Self::ResponseParse
            | Self::CanInterrupt => Release::V0_13_0,
            Self::EmitAnalyticsEvent => Release::V1_1_0,
            Self::Headers => Release::V1_2_0,
            Self::Id => Release::V25_4_0,
        }
    }

    /// Whether the release's schema knows the field; an unknown one stops Kratos from starting.
    #[must_use]
    pub fn is_known(self, release: Release) -> bool {
        self.since() <= release
    }
}
