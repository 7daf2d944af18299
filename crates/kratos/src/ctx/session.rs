//! `ctx.session`.
//!
//! Source: ory/kratos `session/session.go`.

use super::identity::identity;
use super::members::{
    always, array, boolean, date_time, never, non_empty, object, one_of, optional, string, uuid,
};
use crate::release::Release;
use crate::shape::{Absence, Shape};

/// The session as every point sees it that has one.
pub(super) fn session(release: Release) -> Shape {
    object(
        Some("session"),
        [
            always("id", uuid()),
            always("active", boolean()),
            always("expires_at", date_time()),
            always("authenticated_at", date_time()),
            always(
                "authenticator_assurance_level",
                one_of(&["aal0", "aal1", "aal2"]),
            ),
            always(
                "authentication_methods",
                array(authentication_method(release)).nullable(),
            ),
            always("issued_at", date_time()),
            // A pointer in Go, yet set wherever a session is passed to a hook.
            always("identity", identity(release)),
            always("devices", array(device()).nullable()),
            optional("tokenized", string())
                .since(Release::V1_1_0, release)
                .remark("Kratos sets it in answers of its API, not in hooks"),
            never(
                "token",
                Absence::because("Kratos never passes it to a hook"),
            ),
            never(
                "logout_token",
                Absence::because("Kratos never passes it to a hook"),
            ),
        ],
    )
}

fn authentication_method(release: Release) -> Shape {
    object(
        Some("authentication method"),
        [
            always(
                "method",
                one_of(&[
                    "password",
                    "oidc",
                    "totp",
                    "lookup_secret",
                    "webauthn",
                    "code",
                    "passkey",
                    "saml",
                    "deviceauthn",
                    "link_recovery",
                    "code_recovery",
                ]),
            ),
            always("aal", one_of(&["aal1", "aal2"])),
            always("completed_at", date_time()),
            optional("provider", string()).since(Release::V1_0_0, release),
            optional("organization", string()).since(Release::V1_1_0, release),
            optional("upstream_acr", string()).since(Release::Main, release),
            optional("upstream_amr", non_empty(string())).since(Release::Main, release),
        ],
    )
}

fn device() -> Shape {
    object(
        Some("device"),
        [
            always("id", uuid()),
            always("ip_address", string().nullable())
                .client_controlled("a proxy header can name any address"),
            always("user_agent", string().nullable())
                .client_controlled("it is the header `User-Agent`"),
            always("location", string().nullable())
                .client_controlled("it comes from headers of a proxy, and is empty without them"),
        ],
    )
}
