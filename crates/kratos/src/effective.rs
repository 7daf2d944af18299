//! From the hooks that are written down to the hooks that run.
//!
//! For each point of execution Kratos collects the hooks of one list, or of another if the first
//! yields none, keeps those whose Go type fits the executor, and runs them in order
//! (`driver/registry_default_hooks.go`, `registry_default_{login,registration,settings}.go`).
//! Every decision on the way is a field of [`Rules`].

use crate::chain::{Chain, ChainKey, Clients, Link, Point};
use crate::release::Release;
use crate::rules::{EarlyHooks, GlobalList, Rules, SessionPlace, Shadowing, VerifierPlace};
use crate::section::{Hook, Section};
use crate::slot::Slot;
use crate::words::{Flow, HookKind, Phase, Timing};

/// What Kratos of this release runs for this section: every chain of the release, empty ones
/// included, in the order of [`Point`].
#[must_use]
pub fn effective_chains(release: Release, section: &Section) -> Vec<Chain> {
    effective_chains_under(&Rules::of(release), release, section)
}

/// The same under other rules, for tests that turn a rule around. The slots are still those of the
/// release.
#[must_use]
pub fn effective_chains_under(rules: &Rules, release: Release, section: &Section) -> Vec<Chain> {
    let lists = Lists {
        rules,
        release,
        section,
    };
    Point::all_under(rules, release)
        .into_iter()
        .map(|point| Chain {
            point,
            links: lists.links(point),
        })
        .collect()
}

/// A hook and the place where it is written.
#[derive(Clone, Copy)]
struct Written<'a> {
    slot: Slot,
    index: usize,
    hook: &'a Hook,
}

/// The lists of a section, as a release reads them.
struct Lists<'a> {
    rules: &'a Rules,
    release: Release,
    section: &'a Section,
}

impl<'a> Lists<'a> {
    fn links(&self, point: Point) -> Vec<Link> {
        let has_verifier = self.has_verifier(point);
        let mut hooks = self.source(point, has_verifier);
        hooks.retain(|it| self.acts(it.hook, point) || self.is_kept_no_op(it.hook, point));
        self.place_session(&mut hooks);

        let mut links = Vec::new();
        let mut clients = Clients::All;
        for Written { slot, index, hook } in hooks {
            links.push(Link::Hook {
                slot,
                index,
                clients,
            });
            if let SessionPlace::AsWritten { behind } = self.rules.session
                && is_session(hook)
            {
                clients = behind;
            }
        }
        if has_verifier {
            match self.rules.verifier_place {
                VerifierPlace::First => links.insert(0, Link::ImplicitVerifier),
                VerifierPlace::Last => links.push(Link::ImplicitVerifier),
            }
        }
        links
    }

    /// The list that is read for the point, not yet reduced to what acts there.
    fn source(&self, point: Point, has_verifier: bool) -> Vec<Written<'a>> {
        let global = self.written(point.global_slot());
        if point.key == ChainKey::Flow {
            return global;
        }
        let method_slot = point.method_slot();
        let mut hooks = method_slot.map_or_else(Vec::new, |slot| self.written(slot));
        let role = match point.phase {
            Phase::PrePersist => self.rules.global_list_pre_persist,
            Phase::Before | Phase::After | Phase::PostPersist => self.rules.global_list,
        };
        let shadowed = (has_verifier && self.rules.verifier_shadows)
            || match self.rules.shadowing {
                Shadowing::Written => {
                    method_slot.is_some_and(|slot| self.section.slots.contains_key(&slot))
                }
                Shadowing::AnyHook => !hooks.is_empty(),
                Shadowing::Implementing => hooks.iter().any(|it| self.implements(it.hook, point)),
                Shadowing::Acting => hooks.iter().any(|it| self.acts(it.hook, point)),
            };
        match role {
            GlobalList::Never => hooks,
            GlobalList::Fallback if shadowed => hooks,
            GlobalList::Fallback => global,
            GlobalList::Appended => {
                hooks.extend(global);
                hooks
            }
        }
    }

    /// The hooks of a slot; none where the release does not have it.
    fn written(&self, slot: Slot) -> Vec<Written<'a>> {
        let hooks: &'a [Hook] = if slot.exists(self.release) {
            self.section.hooks(slot)
        } else {
            &[]
        };
        let hooks = hooks.iter().enumerate();
        hooks
            .map(|(index, hook)| Written { slot, index, hook })
            .collect()
    }

    fn implements(&self, hook: &Hook, point: Point) -> bool {
        hook.kind()
            .is_some_and(|kind| self.rules.implements(kind, point.flow, point.phase))
    }

    /// Whether the hook does anything at the point: its kind implements the phase and, for a web
    /// hook of registration and settings, its response handling chooses it.
    fn acts(&self, hook: &Hook, point: Point) -> bool {
        self.implements(hook, point) && self.phase_is_chosen(hook, point)
    }

    /// A hook that does nothing at the point and yet stands in its chain. No release has any.
    fn is_kept_no_op(&self, hook: &Hook, point: Point) -> bool {
        !self.rules.drops_no_ops && !self.implements(hook, point)
    }

    fn phase_is_chosen(&self, hook: &Hook, point: Point) -> bool {
        if hook.kind() != Some(HookKind::WebHook) {
            return true;
        }
        let early_hooks = match point.flow {
            Flow::Settings => self.rules.early_settings,
            _ => self.rules.early_registration,
        };
        let response = hook.response;
        let early = match early_hooks {
            EarlyHooks::ParseOrInterrupt => response.parse || response.can_interrupt,
            EarlyHooks::Interrupt => response.can_interrupt,
            EarlyHooks::Parse => response.parse,
        };
        match point.phase {
            Phase::PrePersist => early,
            Phase::PostPersist => !early,
            Phase::Before | Phase::After => true,
        }
    }

    fn place_session(&self, hooks: &mut Vec<Written<'a>>) {
        if self.rules.session_once {
            let mut seen = false;
            hooks.retain(|it| {
                let again = seen && is_session(it.hook);
                seen |= is_session(it.hook);
                !again
            });
        }
        if self.rules.session == SessionPlace::Last {
            // The sort is stable: all else stays in its order.
            hooks.sort_by_key(|it| is_session(it.hook));
        }
    }

    fn has_verifier(&self, point: Point) -> bool {
        let enabled = self.section.verification_enabled || !self.rules.verifier_needs_verification;
        let phase = matches!(point.phase, Phase::After | Phase::PostPersist);
        enabled && phase && self.rules.verifier.of(point.flow)
    }
}

impl Point {
    /// Every point of the release, in order.
    #[must_use]
    pub fn all(release: Release) -> Vec<Self> {
        Self::all_under(&Rules::of(release), release)
    }

    fn all_under(rules: &Rules, release: Release) -> Vec<Self> {
        let mut points = Vec::new();
        for flow in Flow::ALL.iter().copied() {
            for timing in Timing::ALL.iter().copied() {
                let mut keys = Vec::new();
                if timing == Timing::After && rules.method_lists.of(flow) {
                    let methods = crate::slot::methods_of(flow, timing, release);
                    keys.extend(methods.into_iter().map(ChainKey::Method));
                    keys.push(ChainKey::Other);
                } else {
                    keys.push(ChainKey::Flow);
                }
                for key in keys {
                    points.extend(flow.phases(timing).iter().map(|phase| Self {
                        flow,
                        timing,
                        key,
                        phase: *phase,
                    }));
                }
            }
        }
        points
    }
}

fn is_session(hook: &Hook) -> bool {
    hook.kind() == Some(HookKind::Session)
}
