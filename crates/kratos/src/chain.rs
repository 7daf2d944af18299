//! What a configuration means: for each point of execution, the hooks that Kratos runs there.

use crate::slot::Slot;
use crate::words::{Flow, Method, Phase, Timing, words};

/// The hooks that Kratos runs at one point, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Where and when.
    pub point: Point,
    /// What runs, first to last.
    pub links: Vec<Link>,
}

/// A point of execution: the place of one chain. Their order is that in which chains are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// The flow.
    pub flow: Flow,
    /// Before or after.
    pub timing: Timing,
    /// Which of the flow's hook lists Kratos looks up.
    pub key: ChainKey,
    /// The moment within the flow.
    pub phase: Phase,
}

/// What Kratos looks a chain up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainKey {
    /// The flow alone: it has no method lists at this timing.
    Flow,
    /// A method that has a list of its own.
    Method(Method),
    /// What has no list of its own in this release: native OIDC login with an `id_token`, SAML,
    /// device, and methods whose list came later.
    Other,
}

/// One element of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// The verifier that Kratos adds of its own accord while verification is enabled.
    ImplicitVerifier,
    /// A hook of the configuration.
    Hook {
        /// The list in which it is written.
        slot: Slot,
        /// Its place in that list.
        index: usize,
        /// Whose requests reach it.
        clients: Clients,
    },
}

words! {
    /// Whose requests reach a hook.
    Clients {
        /// Everybody's.
        All = "all",
        /// Those of plain HTML forms only: before v1.2.0 the `session` hook answers API and SPA
        /// clients itself, so that what stands behind it is not reached.
        BrowserForms = "browser-forms",
    }
}

impl ChainKey {
    /// How `plan` prints it: null where the flow has no method lists, `other` for what has none.
    #[must_use]
    pub const fn auth_method(self) -> Option<&'static str> {
        match self {
            Self::Flow => None,
            Self::Method(method) => Some(method.as_str()),
            Self::Other => Some("other"),
        }
    }
}

impl Point {
    /// The method list that serves this point alone, where there is one.
    #[must_use]
    pub const fn method_slot(self) -> Option<Slot> {
        match self.key {
            ChainKey::Method(method) => Some(Slot {
                flow: self.flow,
                timing: self.timing,
                method: Some(method),
            }),
            ChainKey::Flow | ChainKey::Other => None,
        }
    }

    /// The global list of this point's flow and timing. Whether Kratos reads it for this point is
    /// for [`crate::effective_chains`] to say.
    #[must_use]
    pub const fn global_slot(self) -> Slot {
        Slot::global(self.flow, self.timing)
    }
}
