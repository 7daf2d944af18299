//! Values out of a fixed set of words.

use diagnostics::{Diagnostic, Level, Rule, did_you_mean};
use yaml::Node;

use super::{Reader, edits::respelt, fields::shown};
use crate::Spanned;

/// A flow that Kratos does not have.
pub static UNKNOWN_FLOW: Rule = Rule {
    code: "unknown-flow",
    summary: "a flow that has no hooks in Kratos",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-flow.md"),
};

/// A timing other than before and after.
pub static UNKNOWN_TIMING: Rule = Rule {
    code: "unknown-timing",
    summary: "a timing other than `before` and `after`",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-timing.md"),
};

/// A method that no slot of Kratos has.
pub static UNKNOWN_METHOD: Rule = Rule {
    code: "unknown-method",
    summary: "an authentication method without hooks in Kratos",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-method.md"),
};

/// A kind of hook that Kratos does not have.
pub static UNKNOWN_HOOK: Rule = Rule {
    code: "unknown-hook",
    summary: "a kind of hook that Kratos does not have",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-hook.md"),
};

/// Any other word outside its set.
pub static UNKNOWN_VALUE: Rule = Rule {
    code: "unknown-value",
    summary: "a word that is not one of those a field takes",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-value.md"),
};

/// Reads one of `options`; `what` says what each of them is, as in `a flow`.
pub(crate) fn choose<T: Copy>(
    cx: &mut Reader<'_>,
    rule: &'static Rule,
    (subject, what): (&str, &str),
    node: &Node,
    options: &[(&'static str, T)],
) -> Option<Spanned<T>> {
    let names: Vec<&'static str> = options.iter().map(|(name, _)| *name).collect();
    let few = names.len() <= 4;
    let Some(text) = node.as_str() else {
        // Quotes would not make a word of it, so this says more than a wrong type elsewhere.
        let expected = if few {
            alternatives(&names)
        } else {
            what.to_owned()
        };
        let finding = cx.wrong_type(subject, node, &expected);
        cx.report(finding);
        return None;
    };
    let place = cx.place(node);
    if let Some((_, value)) = options.iter().find(|(name, _)| *name == text) {
        return Some(Spanned::new(*value, place));
    }
    let mut message = format!("{} is not {what}", shown(text));
    if few {
        message.push_str(&format!(", expected {}", alternatives(&names)));
    }
    let mut finding = Diagnostic::new(rule, place, message);
    // Shortened words are common: `warn`, `notif`.
    let longer = |name: &&&str| text.len() >= 3 && name.starts_with(text);
    let near = did_you_mean(text, names.iter().copied());
    if let Some(name) = near.or_else(|| names.iter().find(longer).copied()) {
        finding = finding.help(format!("did you mean `{name}`?"));
        if let Some(new_text) = node.as_scalar().and_then(|scalar| respelt(scalar, name)) {
            finding = finding.safe_fix(format!("write `{name}`"), place, new_text);
        }
    } else if !few {
        finding = finding.help(format!("expected {}", alternatives(&names)));
    }
    cx.report(finding);
    None
}

/// `a`, `b` or `c`.
pub(crate) fn alternatives(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => quoted.concat(),
    }
}
