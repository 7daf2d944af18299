//! `ARCHITECTURE.md` describes the tree that is there.

use super::{Crate, Problem};
use crate::Tree;

const FILE: &str = "ARCHITECTURE.md";

pub(super) fn problems(tree: &Tree, crates: &[Crate]) -> Vec<Problem> {
    let Some(text) = tree.text(FILE) else {
        return vec![Problem::new(FILE, 0, "missing")];
    };
    let mut problems = Vec::new();
    for it in crates {
        // A heading or a paragraph of its own begins with the name.
        let quoted = format!("`{}`", it.name);
        let opens = |line: &str| {
            line.trim_start_matches(['#', '-', '*', ' '])
                .starts_with(&quoted)
        };
        if !text.lines().any(opens) {
            let text = format!("no heading or paragraph is about the crate {quoted}");
            problems.push(Problem::new(FILE, 0, text));
        }
    }
    let mut in_fence = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        // Every second piece between backticks is code.
        let code = line.split('`').skip(1).step_by(2);
        for path in code.filter(|it| !in_fence && looks_like_a_path(tree, it)) {
            if !tree.paths().any(|it| is_or_holds(it, path)) {
                problems.push(Problem::new(
                    FILE,
                    number,
                    format!("`{path}` does not exist"),
                ));
            }
        }
    }
    problems
}

/// Whether a piece of code is meant to be a path of the repository.
fn looks_like_a_path(tree: &Tree, code: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || matches!(c, ':' | '(' | '=' | '$' | '|' | ',' | '…');
    if code.contains(odd) || code.starts_with(['/', '-', '.']) && !code.starts_with(".c") {
        return false;
    }
    let (first, rest) = code.split_once('/').unwrap_or((code, ""));
    let last = code.rsplit('/').next().unwrap_or(code);
    let file = [".rs", ".md", ".toml", ".json"]
        .iter()
        .any(|ending| last.ends_with(ending));
    if !code.contains('/') {
        return file;
    }
    // `web_hook/session` is no path, `crates/nothing` is one.
    file || rest.is_empty() || tree.paths().any(|path| is_or_holds(path, first))
}

/// Whether a file is what a pattern names, or lies in the folder it names.
///
/// `*` and `<name>` stand for a part of a name; a name without a slash may be of any folder.
fn is_or_holds(file: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.trim_end_matches('/').split('/').collect();
    let names: Vec<&str> = file.split('/').collect();
    if let [name] = parts.as_slice() {
        let folder = names.first().is_some_and(|first| matches(name, first));
        return folder || names.last().is_some_and(|last| matches(name, last));
    }
    let fits = parts
        .iter()
        .zip(&names)
        .all(|(part, name)| matches(part, name));
    parts.len() <= names.len() && fits
}

fn matches(pattern: &str, name: &str) -> bool {
    let open = pattern.find(['*', '<', '{']);
    let Some((start, rest)) = open.and_then(|at| pattern.split_at_checked(at)) else {
        return pattern == name;
    };
    let close = match rest.chars().next() {
        Some('<') => rest.find('>'),
        Some('{') => rest.find('}'),
        _ => Some(0),
    };
    let end = close.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
    // One hole a name is enough for what documents say.
    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let crates = [Crate {
            name: "yaml".to_owned(),
            ..Crate::default()
        }];
        let tree = Tree::from([
            ("ARCHITECTURE.md", text),
            (".ci/run", ""),
            ("crates/yaml/diagnostics/a.md", ""),
            ("crates/yaml/src/tree.rs", ""),
        ]);
        lines(problems(&tree, &crates))
    }

    #[test]
    fn paths_that_exist_and_words_that_are_none() {
        let text = "\
### `yaml`
`crates/yaml/src/tree.rs`, `tree.rs`, `crates/*/diagnostics/<code>.md`, `crates/`, `.ci/run`,
`crates/yaml`, `web_hook/session`, `application/json`, `yaml::set_items`, `cargo xtask tidy`.
```text
crates/gone/a.rs `crates/gone/b.rs`
```
";
        assert_eq!(found(text), [""; 0]);
    }

    #[test]
    fn what_is_gone_is_noticed() {
        let text = "\
# About `yaml`
`crates/yaml/src/gone.rs`
`gone.rs`, `crates/gone`, `crates/*/gone/<code>.md`, `docs/`
";
        assert_eq!(
            found(text),
            [
                "ARCHITECTURE.md: no heading or paragraph is about the crate `yaml`",
                "ARCHITECTURE.md:2: `crates/yaml/src/gone.rs` does not exist",
                "ARCHITECTURE.md:3: `gone.rs` does not exist",
                "ARCHITECTURE.md:3: `crates/gone` does not exist",
                "ARCHITECTURE.md:3: `crates/*/gone/<code>.md` does not exist",
                "ARCHITECTURE.md:3: `docs/` does not exist",
            ]
        );
        assert_eq!(
            lines(problems(&Tree::default(), &[])),
            ["ARCHITECTURE.md: missing"]
        );
    }
}
