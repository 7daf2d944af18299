//! What changes in a file, as a unified diff.
//!
//! Invariant: a credential of either side is never shown.

use similar::TextDiff;

/// The diff of two texts of a file of that path.
pub(crate) fn shown(path: &str, new_path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut secrets = action_compile::credentials(path, old);
    secrets.extend(action_compile::credentials(path, new));
    masked(
        &diff.unified_diff().header(path, new_path).to_string(),
        &secrets,
    )
}

/// A diff without the credentials of either side. Short ones are looked for at the ends of lines
/// only, where a value stands, so that they do not blot out half the text.
fn masked(diff: &str, secrets: &[String]) -> String {
    const MASK: &str = "•••";
    const SHORT: usize = 4;
    let mut out = String::with_capacity(diff.len());
    for line in diff.lines() {
        let mut line = action_compile::without_url_secrets(line);
        for secret in secrets {
            // As it is, and as it stands in quotes.
            let quoted = serde_json::Value::from(secret.as_str()).to_string();
            let quoted = quoted.trim_matches('"');
            for form in [secret.as_str(), quoted] {
                let end = line.trim_end_matches([',', '}', ' ', '"', '\'']).len();
                if form.len() >= SHORT {
                    line = line.replace(form, MASK);
                } else if let Some(start) = line
                    .get(..end)
                    .and_then(|value| value.strip_suffix(form))
                    .map(str::len)
                {
                    line.replace_range(start..end, MASK);
                }
            }
        }
        // An empty line of context, without the blank that marks it.
        out.push_str(if line == " " { "" } else { &line });
        out.push('\n');
    }
    out
}
