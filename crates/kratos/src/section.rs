//! What a configuration says: the hooks written in its slots.

use crate::slot::Slot;
use crate::words::{HookKind, words};
use std::collections::BTreeMap;
use std::fmt;

/// The hooks of a configuration, reduced to what decides when they run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The list of each slot that is written down, empty lists included. Slots that the release
    /// does not have may be here; they are not run.
    pub slots: BTreeMap<Slot, Vec<Hook>>,
    /// `selfservice.flows.verification.enabled`, which adds the implicit verifier.
    pub verification_enabled: bool,
}

/// One entry of a list of hooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its `hook` key.
    pub name: HookName,
    /// Its response handling; meaningful for a `web_hook` only.
    pub response: Response,
}

/// The `hook` key of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookName {
    /// A kind that Kratos has, in some release.
    Known(HookKind),
    /// Any other text; Kratos ignores such a hook with a warning, where its schema lets it start.
    Unknown(String),
}

/// The response switches of a `web_hook`, as written; absent ones are false.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Response {
    /// `response.ignore`.
    pub ignore: bool,
    /// `response.parse`.
    pub parse: bool,
    /// `can_interrupt`.
    pub can_interrupt: bool,
}

words! {
    /// What Kratos does with the answer to a `web_hook`, spelt as `plan` prints it.
    Handling {
        /// Waits; a status of 400 or more fails the flow.
        Wait = "wait",
        /// Does not wait; failures are logged only.
        Ignore = "ignore",
        /// Waits and reads the answer.
        Parse = "parse",
        /// Waits and reads the messages of a refusal.
        CanInterrupt = "can_interrupt",
    }
}

impl Section {
    /// The list written in a slot; an absent list is an empty one.
    #[must_use]
    pub fn hooks(&self, slot: Slot) -> &[Hook] {
        self.slots.get(&slot).map_or(&[], Vec::as_slice)
    }
}

impl Hook {
    /// A hook of this kind, waiting for its answer if it has one.
    #[must_use]
    pub fn new(kind: HookKind) -> Self {
        Self {
            name: HookName::Known(kind),
            response: Response::default(),
        }
    }

    /// The same hook with this response handling.
    #[must_use]
    pub fn with_response(self, response: Response) -> Self {
        Self { response, ..self }
    }

    /// Its kind, if Kratos has it.
    #[must_use]
    pub fn kind(&self) -> Option<HookKind> {
        match self.name {
            HookName::Known(kind) => Some(kind),
            HookName::Unknown(_) => None,
        }
    }
}

impl HookName {
    /// Takes any text for a name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        HookKind::parse(text).map_or_else(|| Self::Unknown(text.to_owned()), Self::Known)
    }

    /// The text of the `hook` key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(kind) => kind.as_str(),
            Self::Unknown(text) => text,
        }
    }
}

impl fmt::Display for HookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Response {
    /// The one word for these switches. `parse` outweighs `can_interrupt`, and both outweigh
    /// `ignore`: together with it they decide the phase, and the call then fails as misconfigured
    /// (`selfservice/hook/web_hook.go`), which Kratos's schema does not let start.
    #[must_use]
    pub const fn handling(self) -> Handling {
        match self {
            Self { parse: true, .. } => Handling::Parse,
            Self {
                can_interrupt: true,
                ..
            } => Handling::CanInterrupt,
            Self { ignore: true, .. } => Handling::Ignore,
            Self { .. } => Handling::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handling_is_the_strongest_switch() {
        let response = |ignore, parse, can_interrupt| Response {
            ignore,
            parse,
            can_interrupt,
        };
        for (switches, handling) in [
            (response(false, false, false), Handling::Wait),
            (response(true, false, false), Handling::Ignore),
            (response(false, false, true), Handling::CanInterrupt),
            (response(true, false, true), Handling::CanInterrupt),
            (response(false, true, true), Handling::Parse),
            (response(true, true, false), Handling::Parse),
        ] {
            assert_eq!(switches.handling(), handling, "{switches:?}");
        }
    }

    #[test]
    fn any_text_names_a_hook() {
        let known = HookName::parse("web_hook");
        assert_eq!(known, HookName::Known(HookKind::WebHook));
        let unknown = HookName::parse("two_step_registration");
        assert_eq!(unknown.to_string(), "two_step_registration");
        let hook = Hook {
            name: unknown,
            response: Response::default(),
        };
        assert_eq!(hook.kind(), None);
    }
}
