//! The places of a configuration that hold a list of hooks, and what each accepts per release.
//!
//! Source: the configuration schemas of the tags in ory/kratos (`embedx/config.schema.json`).
//! Kratos validates its configuration against them when it starts, and objects are closed: a slot
//! or kind that is not here stops Kratos.

use crate::release::Release;
use crate::words::{Flow, HookKind, Method, Timing};
use std::fmt;

/// One list of hooks of the configuration: `selfservice.flows.<flow>.<timing>[.<method>].hooks`.
///
/// Any combination can be written down; [`Slot::exists`] says whether a release has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The flow.
    pub flow: Flow,
    /// Before or after.
    pub timing: Timing,
    /// The method of a method list; `None` is the global list.
    pub method: Option<Method>,
}

/// What a slot says about the `config` key of a kind of hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfigRule {
    /// The key must be there.
    Required,
    /// The key may be there.
    Allowed,
    /// The key must not be there, not even empty.
    Forbidden,
}

/// The methods with a list of their own at this flow and timing: none but for `after` of login,
/// registration and settings.
#[must_use]
pub fn methods_of(flow: Flow, timing: Timing, release: Release) -> Vec<Method> {
    Method::ALL
        .iter()
        .copied()
        .filter(|method| {
            Slot {
                flow,
                timing,
                method: Some(*method),
            }
            .exists(release)
        })
        .collect()
}

impl Slot {
    /// The global list of a flow.
    #[must_use]
    pub const fn global(flow: Flow, timing: Timing) -> Self {
        Self {
            flow,
            timing,
            method: None,
        }
    }

    /// The list of one method below `after`.
    #[must_use]
    pub const fn after(flow: Flow, method: Method) -> Self {
        Self {
            flow,
            timing: Timing::After,
            method: Some(method),
        }
    }

    /// Reads `login.before` or `registration.after.password`. Whether a release has such a slot is
    /// another question: [`Slot::exists`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split('.');
        let flow = Flow::parse(words.next()?)?;
        let timing = Timing::parse(words.next()?)?;
        let method = match words.next() {
            Some(word) => Some(Method::parse(word)?),
            None => None,
        };
        match words.next() {
            Some(_) => None,
            None => Some(Self {
                flow,
                timing,
                method,
            }),
        }
    }

    /// The keys that lead from the root of the configuration to the list.
    #[must_use]
    pub fn config_path(self) -> Vec<&'static str> {
        let mut path = vec![
            "selfservice",
            "flows",
            self.flow.as_str(),
            self.timing.as_str(),
        ];
        path.extend(self.method.map(Method::as_str));
        path.push("hooks");
        path
    }

    /// Whether the release has this slot.
    #[must_use]
    pub fn exists(self, release: Release) -> bool {
        self.first_release().is_some_and(|since| since <= release)
    }

    /// Every slot of the release, global lists before method lists.
    #[must_use]
    pub fn all(release: Release) -> Vec<Self> {
        let mut slots = Vec::new();
        for flow in Flow::ALL {
            for timing in Timing::ALL {
                let methods = Method::ALL.iter().copied().map(Some);
                for method in std::iter::once(None).chain(methods) {
                    slots.push(Self {
                        flow: *flow,
                        timing: *timing,
                        method,
                    });
                }
            }
        }
        slots.retain(|slot| slot.exists(release));
        slots
    }

    /// The kinds of hook that the slot accepts in the release, in the order of [`HookKind::ALL`];
    /// empty where the release has no such slot.
    #[must_use]
    pub fn kinds(self, release: Release) -> Vec<(HookKind, ConfigRule)> {
        HookKind::ALL
            .iter()
            .filter_map(|kind| Some((*kind, self.config_rule(*kind, release)?)))
            .collect()
    }

    /// What the slot says about the `config` key of this kind; `None` when the release does not
    /// accept the kind here.
    #[must_use]
    pub fn config_rule(self, kind: HookKind, release: Release) -> Option<ConfigRule> {
        self.first_release_with(kind)
            .filter(|since| *since <= release)?;
        Some(match kind {
            HookKind::WebHook => ConfigRule::Required,
            HookKind::NotifyPreviousAddresses => ConfigRule::Allowed,
            // Until v26.2.0 the two had to have a `config`, empty or not.
            HookKind::B2bSso | HookKind::Organization if release < Release::Main => {
                ConfigRule::Required
            }
            HookKind::B2bSso | HookKind::Organization => ConfigRule::Allowed,
            HookKind::Session
            | HookKind::RevokeActiveSessions
            | HookKind::RequireVerifiedAddress
            | HookKind::ShowVerificationUi
            | HookKind::Verification
            | HookKind::VerifyNewAddress => ConfigRule::Forbidden,
        })
    }

    /// The first modelled release with this slot; `None` when none has it. Slots older than
    /// v0.13.0 answer v0.13.0.
    #[must_use]
    pub const fn first_release(self) -> Option<Release> {
        use Flow::{Login, Registration, Settings};
        use Method::{Code, LookupSecret, Oidc, Passkey, Password, Profile, Totp, Webauthn};
        match (self.flow, self.timing, self.method) {
            (_, _, None) => Some(Release::V0_13_0),
            (_, Timing::Before, Some(_)) => None,
            (Login | Registration, Timing::After, Some(Password | Oidc | Webauthn)) => {
                Some(Release::V0_13_0)
            }
            (Login | Registration, Timing::After, Some(Code))
            | (Login, Timing::After, Some(Totp | LookupSecret)) => Some(Release::V1_1_0),
            (Settings, Timing::After, Some(Password | Profile)) => Some(Release::V0_13_0),
            (Settings, Timing::After, Some(Oidc | Webauthn | Totp | LookupSecret)) => {
                Some(Release::V1_1_0)
            }
            (Login | Registration | Settings, Timing::After, Some(Passkey)) => {
                Some(Release::V1_2_0)
            }
            _ => None,
        }
    }

    /// The first modelled release that accepts this kind in this slot; `None` when none does.
    /// Kinds accepted before v0.13.0 answer v0.13.0. Once accepted, a kind was never withdrawn.
    #[must_use]
    pub fn first_release_with(self, kind: HookKind) -> Option<Release> {
        let slot = self.first_release()?;
        self.kind_since(kind).map(|kind| kind.max(slot))
    }

    /// The first release whose schema allowed the kind in slots such as this one, leaving aside
    /// when the slot itself came.
    const fn kind_since(self, kind: HookKind) -> Option<Release> {
        use Flow::{Login, Recovery, Registration, Settings, Verification};
        use Method::{Oidc, Profile};
        use Timing::{After, Before};
        match (kind, self.flow, self.timing, self.method) {
            (HookKind::WebHook, ..)
            | (HookKind::Session | HookKind::ShowVerificationUi, Registration, After, Some(_))
            | (HookKind::RevokeActiveSessions, Login | Recovery, After, _)
            | (HookKind::RequireVerifiedAddress, Login, After, _) => Some(Release::V0_13_0),

            (HookKind::RevokeActiveSessions, Settings, After, Some(Profile)) => None,
            (HookKind::RevokeActiveSessions, Settings, After, Some(_)) => Some(Release::V1_1_0),

            (HookKind::ShowVerificationUi | HookKind::Verification, Login, After, Some(Oidc)) => {
                None
            }
            (HookKind::ShowVerificationUi | HookKind::Verification, Login, After, _) => {
                Some(Release::V1_2_0)
            }
            (HookKind::ShowVerificationUi, Settings, After, Some(Profile)) => {
                Some(Release::V25_4_0)
            }

            (
                HookKind::VerifyNewAddress | HookKind::NotifyPreviousAddresses,
                Settings,
                After,
                Some(Profile),
            ) => Some(Release::Main),

            (HookKind::B2bSso | HookKind::Organization, Recovery, After, _)
            | (HookKind::B2bSso | HookKind::Organization, Settings, After, Some(_))
                if !matches!(self.method, Some(Profile)) =>
            {
                None
            }
            (HookKind::Organization, ..) | (HookKind::B2bSso, Settings, After, Some(_)) => {
                Some(Release::V25_4_0)
            }
            (HookKind::B2bSso, Login, After, Some(method)) if !matches!(method, Oidc) => {
                Some(Release::V25_4_0)
            }
            (HookKind::B2bSso, Login | Registration | Settings | Verification, ..)
            | (HookKind::B2bSso, Recovery, Before, _) => Some(Release::V1_1_0),

            _ => None,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.flow, self.timing)?;
        match self.method {
            Some(method) => write!(f, ".{method}"),
            None => Ok(()),
        }
    }
}
