//! Did-you-mean.
//!
//! Invariant: a suggestion is near enough that a person would have meant it; none is better than
//! a far-fetched one. Ties go to the first candidate, so the answer does not depend on a hash.

/// The candidate nearest to `word`, if one is near: a third of its letters may differ.
#[must_use]
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Distances are quadratic in the length; nobody misspells a name of this size.
    if word.len() > 100 {
        return None;
    }
    let folded = fold(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(&folded, &fold(candidate));
        let limit = (candidate.chars().count().max(word.chars().count()) / 3).max(1);
        if distance <= limit && best.is_none_or(|(nearest, _)| distance < nearest) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Case, and which of `-`, `_` and space was typed, are not what a person got wrong.
fn fold(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '-' | ' ' => '_',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(did_you_mean("metod", ["method", "mode"]), Some("method"));
        assert_eq!(
            did_you_mean("authMethod", ["auth_method"]),
            Some("auth_method")
        );
        assert_eq!(
            did_you_mean("auth-method", ["auth_method", "auth"]),
            Some("auth_method")
        );
        assert_eq!(did_you_mean("banana", ["method", "mode"]), None);
        assert_eq!(did_you_mean("urk", ["url", "order"]), Some("url"));
    }
}
