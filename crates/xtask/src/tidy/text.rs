//! Every text: no blanks at line ends, no places that only one machine or service has; and one
//! command for the tests.

use super::{Problem, VERBATIM};
use crate::Tree;

/// Services that packages are fetched from: cargo knows them, and readers need not.
/// Written apart, for this file is judged too.
const REGISTRIES: [&str; 5] = [
    concat!("crates", ".io"),
    concat!("docs", ".rs"),
    concat!("npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("proxy.go", "lang.org"),
];

/// Folders of one machine.
const PLACES: [&str; 2] = [concat!("/wo", "rk"), concat!("/t", "mp")];

/// Names the registry of each package, as cargo writes it.
const LOCK: &str = "Cargo.lock";

/// Kinds of files in which a blank at a line end is an oversight.
const WRITTEN: [&str; 8] = ["rs", "md", "toml", "yaml", "yml", "json", "jsonnet", "sh"];

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| *path != LOCK) {
        let name = path.rsplit('/').next().unwrap_or(path);
        // Files without an ending are scripts and licences.
        let ending = name.trim_start_matches('.').rsplit_once('.').map(|it| it.1);
        let written = ending.is_none_or(|ending| WRITTEN.contains(&ending));
        let ours = path.ends_with(".rs");
        let verbatim = !ours && VERBATIM.iter().any(|folder| path.contains(folder));
        for (number, line) in (1..).zip(text.lines()) {
            let mut problem = |text| problems.push(Problem::new(path, number, text));
            if written && !verbatim && line.ends_with([' ', '\t']) {
                problem("blanks at the end of the line".to_owned());
            }
            for registry in REGISTRIES.iter().filter(|it| line.contains(*it)) {
                problem(format!("names the registry `{registry}`"));
            }
            for place in PLACES.iter().filter(|place| names(line, place)) {
                problem(format!("names `{place}`, a folder of one machine"));
            }
        }
    }
    problems
}

/// Whether a line names an absolute folder or something in it, not merely a path that ends so.
fn names(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|it| it.chars().next_back());
        let after = line
            .get(at + place.len()..)
            .and_then(|it| it.chars().next());
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        !before.is_some_and(|c| part(c) || matches!(c, '.' | '*' | ']' | '}' | '>'))
            && !after.is_some_and(part)
    })
}

/// The README and CI must run the tests in the same way.
pub(super) fn test_command(tree: &Tree) -> Vec<Problem> {
    let (readme, ci) = ("README.md", ".ci/run");
    let (Some(shown), Some(run)) = (tree.text(readme), tree.text(ci)) else {
        return vec![Problem::new(readme, 0, format!("it or `{ci}` is missing"))];
    };
    let commands: Vec<(usize, &str)> = (1..)
        .zip(shown.lines())
        .filter_map(|(line, text)| Some((line, text.strip_prefix("$ ")?)))
        .filter(|(_, command)| command.starts_with("cargo test"))
        .collect();
    let [(line, command)] = commands.as_slice() else {
        return vec![Problem::new(
            readme,
            0,
            "it does not show one `$ cargo test` command",
        )];
    };
    // Behind the command there may be a redirection, but no argument.
    let runs = run
        .lines()
        .filter_map(|line| line.trim().strip_prefix(command));
    let same = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with("2>") || rest.starts_with(['>', '|', ';', '&'])
    };
    if runs.into_iter().any(same) {
        return Vec::new();
    }
    let text = format!("`{ci}` runs another command than `{command}`");
    vec![Problem::new(readme, *line, text)]
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn each_rule_is_noticed() {
        let registry = format!("see https://{}/crates/x\n", REGISTRIES[0]);
        let [work, temporary] = PLACES;
        let place = format!("cd {work}/main\n{work}\n.github{work}flows a{work} x{temporary}/y\n");
        let temporary = format!("fine\n`{temporary}/x`\n");
        let tree = Tree::from([
            ("Cargo.lock", &*registry),
            (".ci/run", "a \n"),
            ("a.md", "x \n\ty\n"),
            ("a.snap", "x \n"),
            ("b.md", &registry),
            ("c", &place),
            ("crates/a/tests/a.rs", "x \n"),
            ("crates/a/tests/messages.md", "x \n"),
            ("d.rs", &temporary),
            ("snapshots/a.yaml", "x \n"),
        ]);
        assert_eq!(
            lines(problems(&tree)),
            [
                ".ci/run:1: blanks at the end of the line".to_owned(),
                "a.md:1: blanks at the end of the line".to_owned(),
                format!("b.md:1: names the registry `{}`", REGISTRIES[0]),
                format!("c:1: names `{work}`, a folder of one machine"),
                format!("c:2: names `{work}`, a folder of one machine"),
                "crates/a/tests/a.rs:1: blanks at the end of the line".to_owned(),
                format!("d.rs:2: names `{}`, a folder of one machine", PLACES[1]),
            ]
        );
    }

    #[test]
    fn one_command_for_the_tests() {
        let problem = |readme: &str, run: &str| {
            lines(test_command(&Tree::from([
                ("README.md", readme),
                (".ci/run", run),
            ])))
        };
        let readme = "# A\n```console\n$ cargo test --workspace\n```\n";
        assert!(problem(readme, "set -e\ncargo test --workspace 2>&1 | tee x\n").is_empty());
        let other = ["README.md:3: `.ci/run` runs another command than `cargo test --workspace`"];
        assert_eq!(problem(readme, "cargo test --workspace --lib\n"), other);
        assert_eq!(problem(readme, "# cargo test --workspace\n"), other);
        let none = ["README.md: it does not show one `$ cargo test` command"];
        assert_eq!(problem("cargo test\n", "cargo test\n"), none);
        let missing = lines(test_command(&Tree::default()));
        assert_eq!(missing, ["README.md: it or `.ci/run` is missing"]);
    }
}
