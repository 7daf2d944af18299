//! Which methods a configuration has switched on, and so which method lists can ever run.

use crate::release::Release;
use crate::slot::methods_of;
use crate::words::{Flow, Method, Timing};

/// The switches below `selfservice.methods` that decide which methods run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodSettings {
    /// `password.enabled`.
    pub password: bool,
    /// `profile.enabled`.
    pub profile: bool,
    /// The switches of `code`.
    pub code: CodeSettings,
    /// `link.enabled`; it only recovers and verifies, and has no hook list.
    pub link: bool,
    /// `totp.enabled`.
    pub totp: bool,
    /// `lookup_secret.enabled`.
    pub lookup_secret: bool,
    /// The switches of `webauthn`.
    pub webauthn: WebauthnSettings,
    /// `passkey.enabled`.
    pub passkey: bool,
    /// `oidc.enabled`.
    pub oidc: bool,
}

/// The switches of the method `code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSettings {
    /// `enabled`: recovery and verification by code.
    pub enabled: bool,
    /// `passwordless_enabled`: registration and login by code.
    pub passwordless: bool,
    /// `mfa_enabled`: code as second factor of a login.
    pub mfa: bool,
}

/// The switches of the method `webauthn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebauthnSettings {
    /// `enabled`.
    pub enabled: bool,
    /// `config.passwordless`: a first factor, so that people can register with it.
    pub passwordless: bool,
}

impl MethodSettings {
    /// The defaults of the release's configuration schema, the same in every modelled release:
    /// `password`, `profile` and `code` are on, `code` for recovery and verification only.
    #[must_use]
    pub const fn defaults(_release: Release) -> Self {
        Self {
            password: true,
            profile: true,
            code: CodeSettings {
                enabled: true,
                passwordless: false,
                mfa: false,
            },
            link: false,
            totp: false,
            lookup_secret: false,
            webauthn: WebauthnSettings {
                enabled: false,
                passwordless: false,
            },
            passkey: false,
            oidc: false,
        }
    }

    /// Everything on: what must be assumed when no configuration is known.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            password: true,
            profile: true,
            code: CodeSettings {
                enabled: true,
                passwordless: true,
                mfa: true,
            },
            link: true,
            totp: true,
            lookup_secret: true,
            webauthn: WebauthnSettings {
                enabled: true,
                passwordless: true,
            },
            passkey: true,
            oidc: true,
        }
    }

    /// Whether the method takes part in the flow at all; slots are another question.
    const fn takes_part(&self, flow: Flow, method: Method) -> bool {
        match method {
            Method::Password => self.password,
            Method::Profile => self.profile,
            Method::Oidc => self.oidc,
            Method::Passkey => self.passkey,
            Method::Totp => self.totp,
            Method::LookupSecret => self.lookup_secret,
            Method::Webauthn => {
                self.webauthn.enabled
                    && (self.webauthn.passwordless || !matches!(flow, Flow::Registration))
            }
            Method::Code => match flow {
                Flow::Registration => self.code.passwordless,
                Flow::Login => self.code.passwordless || self.code.mfa,
                Flow::Recovery | Flow::Settings | Flow::Verification => self.code.enabled,
            },
        }
    }
}

/// The methods whose `after` lists of this flow can run under these settings: those that have a
/// slot in the release and are switched on. What `auth_method: all` stands for.
#[must_use]
pub fn methods_run(flow: Flow, release: Release, settings: &MethodSettings) -> Vec<Method> {
    let mut methods = methods_of(flow, Timing::After, release);
    methods.retain(|method| settings.takes_part(flow, *method));
    methods
}
