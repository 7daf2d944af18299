//! How Kratos finds the hooks of a point, as data: one field for each rule.
//!
//! Some differ between releases, most have held in every modelled one. The timeless ones are
//! fields too, so that a test can turn each around and see that the recordings of real Kratos, or
//! a table, notice.

use crate::chain::Clients;
use crate::release::Release;
use crate::words::{Flow, HookKind, Phase};
use std::collections::BTreeSet;

/// The rules of one release. [`Rules::of`] is Kratos; anything else is a counterfactual for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The flows whose `after` reads method lists. Recovery and verification read the global list
    /// only (`registry_default_recovery.go`, `registry_default_verification.go`).
    pub method_lists: ByFlow<bool>,
    /// What the global list is to a method, pre-persist excepted.
    pub global_list: GlobalList,
    /// What the global list is to a method pre-persist.
    pub global_list_pre_persist: GlobalList,
    /// What a method list must hold to stand in for the global list.
    pub shadowing: Shadowing,
    /// Which web hooks of registration act before the identity is stored.
    pub early_registration: EarlyHooks,
    /// The same for settings.
    pub early_settings: EarlyHooks,
    /// Which kinds implement the executor of which flow and phase: [`HookKind::implements`].
    pub implements: BTreeSet<(HookKind, Flow, Phase)>,
    /// Whether a hook whose kind does not implement the phase is dropped.
    pub drops_no_ops: bool,
    /// Where `session` runs.
    pub session: SessionPlace,
    /// Whether several `session` entries run once.
    pub session_once: bool,
    /// The flows whose post-persist chain gets the implicit verifier (login: whose after chain).
    pub verifier: ByFlow<bool>,
    /// Where it is put.
    pub verifier_place: VerifierPlace,
    /// Whether it takes `selfservice.flows.verification.enabled` to get it.
    pub verifier_needs_verification: bool,
    /// Whether it counts as a hook of the method list, which would then shadow the global list.
    pub verifier_shadows: bool,
}

/// One value for each flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByFlow<T> {
    /// Login.
    pub login: T,
    /// Registration.
    pub registration: T,
    /// Recovery.
    pub recovery: T,
    /// Settings.
    pub settings: T,
    /// Verification.
    pub verification: T,
}

/// What the global `after` list is to a method that has a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalList {
    /// Not read.
    Never,
    /// Read when the method list does not shadow it.
    Fallback,
    /// Read as well, behind the method list.
    Appended,
}

/// What a method list must hold to shadow the global list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shadowing {
    /// Nothing: that it is written down suffices.
    Written,
    /// Any hook.
    AnyHook,
    /// A hook whose kind implements the phase, whether or not it then acts in it.
    Implementing,
    /// A hook that acts in the phase.
    Acting,
}

/// Which web hooks act before the identity is stored; the others act after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyHooks {
    /// Those with `response.parse` or `can_interrupt`.
    ParseOrInterrupt,
    /// Those with `can_interrupt`; `response.parse` alone is late, when nothing is changed any more.
    Interrupt,
    /// Those with `response.parse`.
    Parse,
}

/// Where `session` runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionPlace {
    /// Where it is written.
    AsWritten {
        /// Who still reaches what stands behind it.
        behind: Clients,
    },
    /// Behind all others.
    Last,
}

/// Where the implicit verifier is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierPlace {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
}

impl Rules {
    /// The rules of a release.
    #[must_use]
    pub fn of(release: Release) -> Self {
        Self {
            method_lists: ByFlow {
                login: true,
                registration: true,
                recovery: false,
                settings: true,
                verification: false,
            },
            global_list: GlobalList::Fallback,
            global_list_pre_persist: GlobalList::Never,
            shadowing: Shadowing::Implementing,
            early_registration: EarlyHooks::ParseOrInterrupt,
            early_settings: if release < Release::V1_0_0 {
                EarlyHooks::Interrupt
            } else {
                EarlyHooks::ParseOrInterrupt
            },
            implements: implementations(),
            drops_no_ops: true,
            session: if release < Release::V1_2_0 {
                SessionPlace::AsWritten {
                    behind: Clients::BrowserForms,
                }
            } else {
                SessionPlace::Last
            },
            session_once: release >= Release::V1_2_0,
            verifier: ByFlow {
                login: false,
                registration: true,
                recovery: false,
                settings: true,
                verification: false,
            },
            verifier_place: VerifierPlace::First,
            verifier_needs_verification: true,
            verifier_shadows: false,
        }
    }

    pub(crate) fn implements(&self, kind: HookKind, flow: Flow, phase: Phase) -> bool {
        self.implements.contains(&(kind, flow, phase))
    }
}

fn implementations() -> BTreeSet<(HookKind, Flow, Phase)> {
    let mut set = BTreeSet::new();
    for kind in HookKind::ALL.iter().copied() {
        for flow in Flow::ALL.iter().copied() {
            let phases = Phase::ALL.iter().copied();
            set.extend(
                phases
                    .filter(|phase| kind.implements(flow, *phase))
                    .map(|phase| (kind, flow, phase)),
            );
        }
    }
    set
}

impl<T: Copy> ByFlow<T> {
    /// The value of a flow.
    #[must_use]
    pub const fn of(&self, flow: Flow) -> T {
        match flow {
            Flow::Login => self.login,
            Flow::Registration => self.registration,
            Flow::Recovery => self.recovery,
            Flow::Settings => self.settings,
            Flow::Verification => self.verification,
        }
    }
}
