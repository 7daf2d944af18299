//! What the method adds to what its phase knows.
//!
//! Login looks its hooks up by `flow.active`, so the key of the chain is its value. Registration
//! and settings look them up by the strategy, and `flow.active` can be left over from an earlier
//! attempt within the same flow.

use super::narrowing::{
    Fact::{Absent, NotNull, Noted, OneOf, Present},
    Narrowing, known,
};
use crate::chain::{ChainKey, Point};
use crate::release::Release;
use crate::shape::{Absence, Note, NoteKind};
use crate::words::{Flow, Method, Phase};

/// The facts of the point's method. [`ChainKey::Other`] serves methods of many kinds, of which
/// nothing more is known.
pub(super) fn of_method(point: Point) -> &'static [Narrowing] {
    let ChainKey::Method(method) = point.key else {
        return &[];
    };
    let by_method = match (point.flow, point.phase) {
        (Flow::Login, Phase::After) => LOGIN,
        (Flow::Registration, Phase::PrePersist | Phase::PostPersist) => REGISTRATION,
        (Flow::Settings, Phase::PrePersist | Phase::PostPersist) => SETTINGS,
        _ => &[],
    };
    let found = by_method.iter().find(|(it, _)| *it == method);
    found.map_or(&[], |(_, narrowings)| narrowings)
}

type ByMethod = &'static [(Method, &'static [Narrowing])];

const PAYLOAD: &str = "flow.transient_payload";
const ACTIVE: &str = "flow.active";

/// It is there in every recording, but nothing is known of all ways to get here.
const SEEN: Note = Note::new(
    NoteKind::Remark,
    "it was there in every recorded run, yet not every way to this point was recorded",
);

static LOGIN: ByMethod = &[
    (
        Method::Password,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Present, OneOf(&["password"])]),
        ],
    ),
    (
        Method::Code,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Present, OneOf(&["code"])]),
            known("flow.state", &[OneOf(&["passed_challenge"])]),
        ],
    ),
    (
        Method::Totp,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Present, OneOf(&["totp"])]),
        ],
    ),
    (
        Method::Webauthn,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Present, OneOf(&["webauthn"])]),
        ],
    ),
    (
        Method::Passkey,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Present, OneOf(&["passkey"])]),
        ],
    ),
    (
        Method::Oidc,
        &[
            known(PAYLOAD, &[Noted(SEEN)]),
            known(ACTIVE, &[Present, OneOf(&["oidc"])]),
        ],
    ),
    (
        Method::LookupSecret,
        &[
            known(PAYLOAD, &[Absent(DROPPED_AT_LOOKUP_SECRET)]),
            known(ACTIVE, &[Present, OneOf(&["lookup_secret"])]),
        ],
    ),
];

const DROPPED_AT_LOOKUP_SECRET: Absence =
    Absence::because("Kratos drops it at a login with a backup code");

const LEFT_OVER: Note = Note::new(
    NoteKind::Remark,
    "this method does not set it: it names an earlier attempt of the same flow, if there was one",
);

static REGISTRATION: ByMethod = &[
    (
        Method::Password,
        &[
            known(PAYLOAD, &[Present, NotNull, Noted(TWO_STEPS)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Code,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Present, OneOf(&["code"])]),
            known("flow.state", &[OneOf(&["passed_challenge"])]),
        ],
    ),
    (
        Method::Webauthn,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Passkey,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Oidc,
        &[
            known(PAYLOAD, &[Noted(SEEN)]),
            known(ACTIVE, &[Noted(OIDC_BY_REDIRECT)]),
        ],
    ),
];

const OIDC_BY_REDIRECT: Note = Note::new(
    NoteKind::Remark,
    "it is `oidc` after a redirect; a native client with an `id_token` leaves it as it was",
);

const TWO_STEPS: Note = Note::new(
    NoteKind::Remark,
    "of a registration in two steps it is what the second step sent",
);

static SETTINGS: ByMethod = &[
    (
        Method::Profile,
        &[
            known(PAYLOAD, &[Present, NotNull]).until(Release::V1_3_1),
            known(PAYLOAD, &[Absent(DROPPED_AT_PROFILE)]).from(Release::V25_4_0),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Password,
        &[
            known(PAYLOAD, &[Absent(DROPPED_AT_PASSWORD)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Totp,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::LookupSecret,
        &[
            known(PAYLOAD, &[Present, NotNull]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Webauthn,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Passkey,
        &[
            known(PAYLOAD, &[NotNull, Noted(SEEN)]),
            known(ACTIVE, &[Noted(LEFT_OVER)]),
        ],
    ),
    (
        Method::Oidc,
        &[
            known(PAYLOAD, &[Noted(NULL_WHEN_LINKING)]),
            known(ACTIVE, &[OneOf(&["oidc"])]),
        ],
    ),
];

const DROPPED_AT_PROFILE: Absence = Absence::because(
    "Kratos drops it: the profile strategy runs before the one that would keep it",
)
.until(Release::V1_3_1);

const DROPPED_AT_PASSWORD: Absence = Absence::because("Kratos drops it when a password is changed");

const NULL_WHEN_LINKING: Note = Note::new(
    NoteKind::Remark,
    "it is null where a provider is linked, and an object where one is unlinked",
);
