//! Every code has its page, and every page its code.

use ::diagnostics::Registry;

use super::Problem;
use crate::Tree;

pub(super) fn problems(tree: &Tree, registry: &Registry) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for (path, text) in tree.texts() {
        let parts: Vec<&str> = path.split('/').collect();
        let ["crates", _, "diagnostics", file] = parts.as_slice() else {
            continue;
        };
        let Some(rule) = file.strip_suffix(".md").and_then(|code| registry.get(code)) else {
            problems.push(Problem::new(path, 0, "no registered rule has this page"));
            continue;
        };
        if rule.page != text {
            problems.push(Problem::new(path, 0, "the rule embeds another page"));
        }
        seen.push(rule.code);
    }
    let unseen = registry.iter().filter(|rule| !seen.contains(&rule.code));
    problems.extend(unseen.map(|rule| {
        let path = format!("crates/*/diagnostics/{}.md", rule.code);
        Problem::new(&path, 0, "the rule has no page of its own")
    }));
    problems
}

#[cfg(test)]
mod tests {
    use ::diagnostics::{Level, Rule};

    use super::super::lines;
    use super::*;

    static RULE: Rule = Rule {
        code: "bad-thing",
        summary: "",
        level: Level::Error,
        since: "0.1.0",
        page: "# bad-thing\n",
    };

    #[test]
    fn codes_and_pages_belong_together() {
        let rules: &[&'static Rule] = &[&RULE];
        let registry = Registry::new(&[rules]);
        let path = "crates/yaml/diagnostics/bad-thing.md";
        let found = |tree| lines(problems(&tree, &registry));
        assert_eq!(found(Tree::from([(path, RULE.page)])), [""; 0]);
        assert_eq!(
            found(Tree::from([(path, "# other\n")])),
            ["crates/yaml/diagnostics/bad-thing.md: the rule embeds another page"]
        );
        assert_eq!(
            found(Tree::from([("crates/yaml/diagnostics/other.md", "")])),
            [
                "crates/yaml/diagnostics/other.md: no registered rule has this page",
                "crates/*/diagnostics/bad-thing.md: the rule has no page of its own"
            ]
        );
    }
}
