//! What a comment says: `actionc: ignore[code, code] reason`.
//!
//! Invariant: a comment that only begins alike, as those above compiled hooks do, is none.

use diagnostics::TextRange;

/// What every such comment begins with.
pub(super) const NAME: &str = "actionc:";
const WORD: &str = "ignore";

/// What a comment says, with places of type `P`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Directive<P> {
    /// These codes are accepted.
    Accepts {
        /// The codes with their places; at least one.
        codes: Vec<(String, P)>,
        /// Whether a reason is given.
        explained: bool,
    },
    /// It begins as if codes were to follow.
    Malformed(P),
}

impl<P> Directive<P> {
    /// The same with other places.
    pub(super) fn map<Q>(self, mut map: impl FnMut(P) -> Q) -> Directive<Q> {
        match self {
            Self::Malformed(at) => Directive::Malformed(map(at)),
            Self::Accepts { codes, explained } => Directive::Accepts {
                codes: codes
                    .into_iter()
                    .map(|(code, at)| (code, map(at)))
                    .collect(),
                explained,
            },
        }
    }
}

/// Reads the comment at `range`, markers included.
pub(super) fn read(text: &str, range: TextRange) -> Option<Directive<TextRange>> {
    let comment = range.of(text);
    let (inner, behind) = match comment.strip_prefix("/*") {
        Some(inner) => (inner, inner.strip_suffix("*/").unwrap_or(inner)),
        None => {
            let inner = comment
                .strip_prefix("//")
                .or_else(|| comment.strip_prefix('#'))?;
            (inner, inner)
        }
    };
    let start = range.start as usize + (comment.len() - inner.len());
    let rest = behind.trim_start().strip_prefix(NAME)?;
    let rest = rest.trim_start().strip_prefix(WORD)?;
    let at = |part: &str| {
        // Every part is a suffix of a prefix of `behind`.
        let offset = part.as_ptr() as usize - behind.as_ptr() as usize;
        TextRange::new(start + offset, start + offset + part.len())
    };
    let listed = rest.trim_start();
    if let Some(listed) = listed.strip_prefix('[')
        && let Some((codes, reason)) = listed.split_once(']')
    {
        let codes: Vec<(String, TextRange)> = codes
            .split(',')
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(|code| (code.to_owned(), at(code)))
            .collect();
        if codes.is_empty() {
            return Some(Directive::Malformed(range));
        }
        let blank = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.');
        let explained = !reason.trim_matches(blank).is_empty();
        return Some(Directive::Accepts { codes, explained });
    }
    // `# actionc: ignore (actions/ignore.yaml)` names an action.
    let unfinished = listed.is_empty() || listed.starts_with('[') || rest.starts_with(':');
    let word = listed.split([' ', ',', ':']).next().unwrap_or_default();
    let names_a_rule = rest.starts_with(' ') && crate::registry().get(word).is_some();
    (unfinished || names_a_rule).then_some(Directive::Malformed(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(comment: &str) -> Option<(Vec<String>, bool)> {
        match read(comment, TextRange::new(0, comment.len()))? {
            Directive::Malformed(_) => Some((Vec::new(), false)),
            Directive::Accepts { codes, explained } => {
                for (code, at) in &codes {
                    assert_eq!(at.of(comment), code);
                }
                let codes = codes.into_iter().map(|(code, _)| code);
                Some((codes.collect(), explained))
            }
        }
    }

    #[test]
    fn codes_and_reason_are_read() {
        let one = |explained| Some((vec!["a-b".to_owned()], explained));
        assert_eq!(said("# actionc: ignore[a-b] why"), one(true));
        assert_eq!(said("#actionc:ignore [ a-b ]: "), one(false));
        assert_eq!(said("// actionc: ignore[a-b] — why"), one(true));
        assert_eq!(said("/* actionc: ignore[a-b] */"), one(false));
        assert_eq!(said("/* actionc: ignore[a-b] why */"), one(true));
        let two = Some((vec!["a".to_owned(), "é".to_owned()], true));
        assert_eq!(said("# actionc: ignore[a, é,] x"), two);
    }

    #[test]
    fn what_names_no_rule_is_malformed_and_what_is_about_something_else_is_nothing() {
        for comment in [
            "# actionc: ignore",
            "# actionc: ignore[]",
            "# actionc: ignore[a",
            "# actionc: ignore: x",
            "# actionc: ignore default-body",
        ] {
            assert_eq!(said(comment), Some((Vec::new(), false)), "{comment}");
        }
        for comment in [
            "# actionc: ignore (actions/ignore.yaml)",
            "# actionc: ignored (actions/ignored.yaml)",
            "# actionc: ignore me (actions/a.yaml)",
            "# ignore[a]",
            "# see actionc: ignore[a]",
        ] {
            assert_eq!(said(comment), None, "{comment}");
        }
    }
}
