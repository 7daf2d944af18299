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
            // `passwordless_enabled` switches the strategy on even where `enabled` is false
            // (`driver/config/config.go`, `SelfServiceStrategy`).
            Method::Code => match flow {
                Flow::Registration => self.code.passwordless,
                Flow::Login => self.code.passwordless || (self.code.enabled && self.code.mfa),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn run(flow: Flow, release: Release, settings: &MethodSettings) -> String {
        let methods = methods_run(flow, release, settings);
        let names: Vec<&str> = methods.into_iter().map(Method::as_str).collect();
        names.join(" ")
    }

    #[test]
    fn by_default_people_use_passwords_and_edit_their_profile() {
        for release in Release::ALL.iter().copied() {
            let defaults = MethodSettings::defaults(release);
            assert_eq!(run(Flow::Login, release, &defaults), "password");
            assert_eq!(run(Flow::Registration, release, &defaults), "password");
            assert_eq!(run(Flow::Settings, release, &defaults), "password profile");
            assert_eq!(run(Flow::Recovery, release, &defaults), "");
            assert_eq!(run(Flow::Verification, release, &defaults), "");
        }
    }

    #[test]
    fn everything_on_is_every_method_list_of_the_release() {
        let all = MethodSettings::all();
        for release in Release::ALL.iter().copied() {
            for flow in Flow::ALL.iter().copied() {
                assert_eq!(
                    methods_run(flow, release, &all),
                    methods_of(flow, Timing::After, release)
                );
            }
        }
        assert_eq!(
            run(Flow::Login, Release::V1_0_0, &all),
            "password oidc webauthn"
        );
        assert_eq!(
            run(Flow::Login, Release::V1_2_0, &all),
            "password oidc code webauthn passkey totp lookup_secret"
        );
    }

    #[test]
    fn a_code_signs_in_when_it_is_a_factor() {
        let with = |enabled, passwordless, mfa| MethodSettings {
            password: false,
            code: CodeSettings {
                enabled,
                passwordless,
                mfa,
            },
            ..MethodSettings::defaults(Release::NEWEST)
        };
        for (code, login, registration) in [
            (with(true, false, false), "", ""),
            (with(true, true, false), "code", "code"),
            (with(false, true, false), "code", "code"),
            (with(true, false, true), "code", ""),
            (with(false, false, true), "", ""),
        ] {
            assert_eq!(run(Flow::Login, Release::NEWEST, &code), login);
            assert_eq!(
                run(Flow::Registration, Release::NEWEST, &code),
                registration
            );
        }
    }

    #[test]
    fn a_security_key_registers_only_without_password() {
        let with = |enabled, passwordless| MethodSettings {
            password: false,
            webauthn: WebauthnSettings {
                enabled,
                passwordless,
            },
            ..MethodSettings::defaults(Release::NEWEST)
        };
        for (webauthn, login, registration) in [
            (with(true, true), "webauthn", "webauthn"),
            (with(true, false), "webauthn", ""),
            (with(false, true), "", ""),
        ] {
            assert_eq!(run(Flow::Login, Release::NEWEST, &webauthn), login);
            assert_eq!(
                run(Flow::Registration, Release::NEWEST, &webauthn),
                registration
            );
        }
    }
}
