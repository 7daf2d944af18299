//! The releases of Kratos that the model knows, and how a version number is mapped onto them.
//!
//! Hooks changed at these releases only; a release between two of them behaves as the lower one.

use std::fmt;

/// A release of Kratos at which hooks, or something they see, changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Release {
    /// v0.13.0: the first with `response.parse`.
    V0_13_0,
    /// v1.0.0.
    V1_0_0,
    /// v1.1.0.
    V1_1_0,
    /// v1.2.0: `session` runs last from here on.
    V1_2_0,
    /// v1.3.1.
    V1_3_1,
    /// v25.4.0.
    V25_4_0,
    /// v26.2.0.
    V26_2_0,
    /// The state of 2026-07-29 after v26.2.0 (ory/kratos b86338da0).
    Main,
}

/// What a version number was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseMatch {
    /// The release whose rules apply.
    pub release: Release,
    /// False for a release between two known ones, which counts as the lower.
    pub exact: bool,
}

/// Why a version number stands for no known release. `Display` names the releases that do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownRelease {
    /// Neither `main` nor numbers separated by dots.
    NotAVersion(String),
    /// Older than v0.13.0, whose hooks followed rules that are not modelled.
    TooOld(String),
    /// Newer than every release known here.
    TooNew(String),
}

impl Release {
    /// Every known release, oldest first.
    pub const ALL: &[Self] = &[
        Self::V0_13_0,
        Self::V1_0_0,
        Self::V1_1_0,
        Self::V1_2_0,
        Self::V1_3_1,
        Self::V25_4_0,
        Self::V26_2_0,
        Self::Main,
    ];

    /// The newest release that was published; `main` is newer but has no number.
    pub const NEWEST: Self = Self::V26_2_0;

    /// The tag in ory/kratos, or `main`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V0_13_0 => "v0.13.0",
            Self::V1_0_0 => "v1.0.0",
            Self::V1_1_0 => "v1.1.0",
            Self::V1_2_0 => "v1.2.0",
            Self::V1_3_1 => "v1.3.1",
            Self::V25_4_0 => "v25.4.0",
            Self::V26_2_0 => "v26.2.0",
            Self::Main => "main",
        }
    }

    /// Reads `v1.3.1`, `1.3.1`, `1.3` (as 1.3.0) or `main`. A pre-release such as `v1.2.0-rc.1`
    /// stands before its release; build metadata is ignored.
    ///
    /// # Errors
    ///
    /// When the text is no version, or the version lies outside the known releases.
    pub fn parse(text: &str) -> Result<ReleaseMatch, UnknownRelease> {
        if text == Self::Main.name() {
            return Ok(ReleaseMatch {
                release: Self::Main,
                exact: true,
            });
        }
        let Some(wanted) = Version::parse(text) else {
            return Err(UnknownRelease::NotAVersion(text.to_owned()));
        };
        let mut lower = None;
        let mut any_above = false;
        for (release, version) in Self::ALL
            .iter()
            .filter_map(|it| Some((*it, Version::parse(it.name())?)))
        {
            if version <= wanted {
                lower = Some((release, version == wanted));
            } else {
                any_above = true;
            }
        }
        match lower {
            None => Err(UnknownRelease::TooOld(text.to_owned())),
            Some((_, false)) if !any_above => Err(UnknownRelease::TooNew(text.to_owned())),
            Some((release, exact)) => Ok(ReleaseMatch { release, exact }),
        }
    }
}

/// Numbers in the order of semantic versioning, as far as Kratos's tags need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: [u32; 3],
    /// False for a pre-release, so that it sorts below the release of the same numbers.
    released: bool,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (text, released) = match text.split_once('-') {
            Some((_, "")) => return None,
            Some((numbers, _)) => (numbers, false),
            None => (text, true),
        };
        let mut numbers = [0; 3];
        let mut places = numbers.iter_mut();
        for part in text.split('.') {
            let digits_only = part.bytes().all(|it| it.is_ascii_digit());
            *places.next()? = part.parse().ok().filter(|_| digits_only)?;
        }
        Some(Self { numbers, released })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let newest = Release::NEWEST;
        match self {
            Self::NotAVersion(text) => write!(
                f,
                "`{text}` is not a Kratos release; expected one such as `{newest}`, or `main`"
            ),
            Self::TooOld(text) => write!(
                f,
                "Kratos `{text}` is older than `{}`, the oldest known release",
                Release::V0_13_0
            ),
            Self::TooNew(text) => write!(
                f,
                "Kratos `{text}` is newer than `{newest}`, the newest known release before `main`"
            ),
        }
    }
}

impl std::error::Error for UnknownRelease {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        match Release::parse(text) {
            Ok(ReleaseMatch { release, exact }) => {
                format!("{}{release}", if exact { "" } else { "as " })
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn versions_are_mapped_onto_known_releases() {
        for (text, expected) in [
            ("v26.2.0", "v26.2.0"),
            ("26.2", "v26.2.0"),
            ("main", "main"),
            ("v1.3.0", "as v1.2.0"),
            ("1.3.1", "v1.3.1"),
            ("v1.2.0-rc.1", "as v1.1.0"),
            ("v25.4.0+build", "v25.4.0"),
            ("v2", "as v1.3.1"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn versions_outside_the_known_releases_name_the_bounds() {
        for text in ["v26.2.1", "v27", "26.3.0-rc.1"] {
            assert_eq!(
                parsed(text),
                format!(
                    "Kratos `{text}` is newer than `v26.2.0`, the newest known release before `main`"
                )
            );
        }
        for text in ["v0.11.1", "0.13.0-alpha.1"] {
            assert_eq!(
                parsed(text),
                format!("Kratos `{text}` is older than `v0.13.0`, the oldest known release")
            );
        }
        for text in [
            "",
            "v",
            "HEAD",
            "latest",
            "v1..2",
            "v1.2.3.4",
            "+1.2",
            "v1.2-",
            "v99999999999",
        ] {
            assert_eq!(
                parsed(text),
                format!(
                    "`{text}` is not a Kratos release; expected one such as `v26.2.0`, or `main`"
                )
            );
        }
    }

    #[test]
    fn each_release_is_its_own_name_and_newer_than_the_one_before() {
        for release in Release::ALL {
            assert_eq!(parsed(release.name()), release.name());
        }
        assert!(Release::ALL.is_sorted());
    }
}
