//! `ctx.identity`, and the identity within a session and a settings flow.
//!
//! Source: ory/kratos `identity/identity.go`, `identity_verification.go`, `identity_recovery.go`.
//! What a parsed web hook answers becomes part of the identity that the next hook of the chain
//! sees, before Kratos validates it: the shapes assume that such answers fit them.

use super::members::{
    always, boolean, date_time, never, non_empty, object, one_of, optional, string, uri, uuid,
};
use crate::release::Release;
use crate::shape::{Absence, Shape};

/// The identity as every point sees it; what a single point knows more is its narrowing.
///
/// The address arrays are left out when empty, hence optional with at least one element. Kratos
/// derives them from the traits, so a caller who finds that a required trait of the identity schema
/// carries verification (or recovery) may make them always present.
pub(super) fn identity(release: Release) -> Shape {
    object(
        Some("identity"),
        [
            always("id", uuid()),
            optional("external_id", string()).since(Release::V25_4_0, release),
            always("schema_id", string()),
            always("schema_url", uri()),
            always("state", one_of(&["active", "inactive"])),
            optional("state_changed_at", date_time().nullable()),
            always("traits", Shape::Traits).client_controlled("the visitor types it"),
            optional("verifiable_addresses", non_empty(verifiable_address())),
            optional("recovery_addresses", non_empty(recovery_address(release))),
            always("metadata_public", Shape::MetadataPublic.nullable()),
            never(
                "metadata_admin",
                Absence::because("Kratos strips it from every identity it passes to a hook"),
            ),
            never(
                "credentials",
                Absence::because("Kratos strips them from every identity it passes to a hook"),
            ),
            always("created_at", date_time()),
            always("updated_at", date_time()),
            always("organization_id", uuid().nullable()).since(Release::V1_1_0, release),
            optional(
                "region",
                one_of(&[
                    "eu-central",
                    "asia-northeast",
                    "us-east",
                    "us-west",
                    "eu",
                    "asia",
                    "us",
                    "global",
                ]),
            )
            .since(Release::Main, release)
            .remark("the open-source build never sets it"),
        ],
    )
}

fn verifiable_address() -> Shape {
    object(
        Some("verifiable address"),
        [
            always("id", uuid()),
            always("value", string()),
            always("verified", boolean()),
            always("via", one_of(&["email", "sms"])),
            // Empty where the answer to a parsed web hook gave an address without status.
            always("status", one_of(&["pending", "sent", "completed", ""])),
            optional("verified_at", date_time().nullable()),
            always("created_at", date_time()),
            always("updated_at", date_time()),
        ],
    )
}

fn recovery_address(release: Release) -> Shape {
    object(
        Some("recovery address"),
        [
            always("id", uuid()),
            always("value", string()),
            always("via", one_of(&["email", "sms"])),
            optional("break_glass_for_organization", uuid()).since(Release::Main, release),
            always("created_at", date_time()),
            always("updated_at", date_time()),
        ],
    )
}
