//! The words of Kratos's hook configuration: flows, timings, methods, phases, kinds of hook.
//!
//! Each is spelt exactly as in `kratos.yaml`; phases, which no configuration names, are spelt as
//! `plan` prints them. `ALL` is in the order in which they are listed to people.

/// Declares an enum whose variants have one spelling each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration, which is also the order of `Ord`.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The exact spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The value of this exact spelling; case counts, as it does in Kratos.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// A self-service flow that has hooks; `logout` and `error` have none
    /// (`selfservice/flow/name.go`).
    Flow {
        /// Signing in, a second factor and re-authentication included.
        Login = "login",
        /// Signing up.
        Registration = "registration",
        /// Regaining access by link or code.
        Recovery = "recovery",
        /// Changing profile or credentials while signed in.
        Settings = "settings",
        /// Proving ownership of an address.
        Verification = "verification",
    }
}

words! {
    /// Whether hooks run when a flow is created or when it succeeds.
    Timing {
        /// At creation of the flow, not at submission; there is no identity yet.
        Before = "before",
        /// After the flow was submitted successfully.
        After = "after",
    }
}

words! {
    /// An authentication method that can have a hook list of its own below `after`.
    Method {
        /// Password.
        Password = "password",
        /// Social sign-in.
        Oidc = "oidc",
        /// One-time code by e-mail or SMS.
        Code = "code",
        /// Security keys.
        Webauthn = "webauthn",
        /// Passkeys.
        Passkey = "passkey",
        /// Authenticator apps.
        Totp = "totp",
        /// Backup codes.
        LookupSecret = "lookup_secret",
        /// Traits; settings only.
        Profile = "profile",
    }
}

words! {
    /// The moment within a flow at which a chain of hooks runs.
    Phase {
        /// The flow is being created.
        Before = "before",
        /// The one moment after success of login, recovery and verification.
        After = "after",
        /// Registration and settings: the identity is checked but not stored.
        PrePersist = "pre-persist",
        /// Registration and settings: the identity is stored, and stays so if a hook fails.
        PostPersist = "post-persist",
    }
}

words! {
    /// A kind of hook, as named by the `hook` key of a list entry.
    HookKind {
        /// Calls an HTTP endpoint.
        WebHook = "web_hook",
        /// Signs in right after registration.
        Session = "session",
        /// Ends all other sessions of the identity.
        RevokeActiveSessions = "revoke_active_sessions",
        /// Refuses a login without a verified address.
        RequireVerifiedAddress = "require_verified_address",
        /// Sends the visitor on to the verification form.
        ShowVerificationUi = "show_verification_ui",
        /// Starts a verification at login.
        Verification = "verification",
        /// Defers a change of address until the new one is verified; `main` only.
        VerifyNewAddress = "verify_new_address",
        /// Tells the old addresses of a change; `main` only.
        NotifyPreviousAddresses = "notify_previous_addresses",
        /// Ory's enterprise build only; the open-source build ignores it with a warning.
        B2bSso = "b2b_sso",
        /// The later name of `b2b_sso`.
        Organization = "organization",
    }
}

impl HookKind {
    /// Whether Kratos's Go type for this kind implements the interface of the executor of this
    /// flow and phase.
    ///
    /// Kratos drops a hook that does not, without a log line
    /// (`driver/registry_default_hooks.go`, `getHooks`). A `web_hook` implements both phases of
    /// registration and settings; which of them it acts in depends on its response handling.
    /// `b2b_sso` and `organization` implement nothing in the open-source build.
    #[must_use]
    pub const fn implements(self, flow: Flow, phase: Phase) -> bool {
        use Flow::{Login, Recovery, Registration, Settings};
        use Phase::{After, PostPersist, PrePersist};
        match self {
            Self::WebHook => match phase {
                Phase::Before => true,
                After => !matches!(flow, Registration | Settings),
                PrePersist | PostPersist => matches!(flow, Registration | Settings),
            },
            Self::Session => matches!((flow, phase), (Registration, PostPersist)),
            Self::RevokeActiveSessions => matches!(
                (flow, phase),
                (Login | Recovery, After) | (Settings, PostPersist)
            ),
            Self::RequireVerifiedAddress => matches!((flow, phase), (Login, After)),
            Self::ShowVerificationUi | Self::Verification => matches!(
                (flow, phase),
                (Login, After) | (Registration | Settings, PostPersist)
            ),
            Self::VerifyNewAddress => matches!((flow, phase), (Settings, PrePersist)),
            Self::NotifyPreviousAddresses => matches!((flow, phase), (Settings, PostPersist)),
            Self::B2bSso | Self::Organization => false,
        }
    }
}

impl Flow {
    /// The phases of this flow at this timing, in the order in which they run.
    #[must_use]
    pub const fn phases(self, timing: Timing) -> &'static [Phase] {
        match (timing, self) {
            (Timing::Before, _) => &[Phase::Before],
            (Timing::After, Self::Registration | Self::Settings) => {
                &[Phase::PrePersist, Phase::PostPersist]
            }
            (Timing::After, Self::Login | Self::Recovery | Self::Verification) => &[Phase::After],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word of the enum, after checking that it reads back and that the order holds.
    macro_rules! spelt {
        ($name:ident) => {{
            for it in $name::ALL.iter().copied() {
                assert_eq!($name::parse(it.as_str()), Some(it));
                assert_eq!($name::parse(&it.as_str().to_uppercase()), None);
                assert_eq!(it.to_string(), it.as_str());
            }
            assert!($name::ALL.is_sorted());
            let words: Vec<&str> = $name::ALL.iter().map(|it| it.as_str()).collect();
            words.join(" ")
        }};
    }

    #[test]
    fn words_are_spelt_as_in_kratos() {
        assert_eq!(
            spelt!(Flow),
            "login registration recovery settings verification"
        );
        assert_eq!(spelt!(Timing), "before after");
        assert_eq!(
            spelt!(Method),
            "password oidc code webauthn passkey totp lookup_secret profile"
        );
        assert_eq!(spelt!(Phase), "before after pre-persist post-persist");
        assert_eq!(
            spelt!(HookKind),
            "web_hook session revoke_active_sessions require_verified_address \
             show_verification_ui verification verify_new_address notify_previous_addresses \
             b2b_sso organization"
        );
    }
}
