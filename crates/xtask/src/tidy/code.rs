//! Rust files: they say what they are for, stay short, and hold nothing left over.

use super::{LONG_FILES, MOST_LINES, Problem};
use crate::Tree;

/// What is left over from work, or hides a test. Written apart, for this file is judged too.
const LEFT_OVER: [&str; 4] = [
    concat!("todo", "!("),
    concat!("dbg", "!("),
    concat!("#[ig", "nore"),
    concat!("should_", "panic"),
];

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| path.ends_with(".rs")) {
        if !text.starts_with("//!") {
            problems.push(Problem::new(
                path,
                1,
                "a file opens with `//!`: what it is for",
            ));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES && !LONG_FILES.contains(&path) {
            let text = format!("{lines} lines; a file has at most {MOST_LINES}");
            problems.push(Problem::new(path, 0, text));
        }
        for (number, line) in (1..).zip(text.lines()) {
            for left_over in LEFT_OVER.iter().filter(|it| line.contains(*it)) {
                let text = format!("`{left_over}` is not committed");
                problems.push(Problem::new(path, number, text));
            }
        }
    }
    let gone = LONG_FILES.iter().filter(|path| tree.text(path).is_none());
    problems.extend(gone.map(|path| Problem::new(path, 0, "excepted, but not there")));
    problems
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn each_rule_is_noticed() {
        let left_over = LEFT_OVER.map(|it| format!("    {it}")).join("\n");
        let long = format!("//! Long.\n{}", "\n".repeat(MOST_LINES));
        let tree = Tree::from([
            ("a.rs", "fn a() {}\n"),
            ("b.rs", &format!("//! B.\n{left_over}\n")),
            ("c.rs", &long),
            ("d.rs", "//! Fine.\n"),
            ("e.md", &left_over),
        ]);
        assert_eq!(
            lines(problems(&tree)),
            [
                "a.rs:1: a file opens with `//!`: what it is for".to_owned(),
                format!("b.rs:2: `{}` is not committed", LEFT_OVER[0]),
                format!("b.rs:3: `{}` is not committed", LEFT_OVER[1]),
                format!("b.rs:4: `{}` is not committed", LEFT_OVER[2]),
                format!("b.rs:5: `{}` is not committed", LEFT_OVER[3]),
                "c.rs: 1201 lines; a file has at most 1200".to_owned(),
            ]
        );
    }
}
