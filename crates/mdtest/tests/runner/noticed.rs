//! Every kind of failure is noticed: each case is a page with one thing wrong.

use crate::fake::{Repository, run, run_page};

/// A page of tests around some lines.
fn around(lines: &str) -> String {
    format!("# T\n\n{lines}\n\n## Sound\n\n```console\n$ actionc echo\n\n```\n")
}

#[test]
fn in_pages_of_tests() {
    let cases = [
        // Outputs.
        (
            "```console\n$ actionc echo a\n```",
            "a.md:4: $ actionc echo a\nthe page has `-`, the program printed `+`\n  +a\n",
        ),
        ("```console\n$ actionc echo a\nb\n```", "  -b\n  +a\n"),
        ("```console\n$ actionc echo a\na\n\n```", "  -\n"),
        ("```console\n$ actionc exit 3\n```", "  +[exit 3]\n"),
        (
            "```console\n$ actionc exit 0\n[exit 1]\n```",
            "  -[exit 1]\n",
        ),
        (
            "```console\n$ actionc fail\n```",
            "the program failed: ended by a signal",
        ),
        (
            "```console\n$ actionc version\nactionc 9.9.9\n```",
            "  +actionc 1.2.3\n",
        ),
        // Commands.
        (
            "```console\n$ kubectl get\n```",
            "a.md:4: unknown command `kubectl`",
        ),
        ("```console\n$ rm a\n```", "`a`: No such file"),
        (
            "```console\n$ cat ../a\n```",
            "`../a` is not a path inside the test's folder",
        ),
        (
            "`a`:\n```\nx\n```\n```console\n$ sed -i 's/y/z/' a\n```",
            "`a` has no `y` to replace",
        ),
        ("```console\n$ cp . b\n```", "`.` is a folder; say `cp -r`"),
        ("```console\n$ actionc echo 'a\n```", "unclosed `'`"),
        // Blocks.
        (
            "```console\n```",
            "a.md:3: a console block without a command",
        ),
        (
            "```console\noutput\n$ actionc echo\n```",
            "a.md:3: a console block begins with `$ `",
        ),
        (
            "```console crlf\n$ actionc echo\n```",
            "a.md:3: unknown word `crlf` behind the fence",
        ),
        (
            "```\n$ actionc echo\n```",
            "a.md:3: a session that is not run",
        ),
        (
            "```consol\n$ actionc echo\n```",
            "a.md:3: a session that is not run",
        ),
        (
            "```yaml fresh\na: 1\n```",
            "a.md:3: unknown word `fresh` behind the fence",
        ),
        (
            "```yaml crlf\na: 1\n```",
            "`crlf` is for a block below a `` `path`: `` line",
        ),
        (
            "```yaml ignore-reason=\"\"\na: 1\n```",
            "`ignore-reason` gives no reason",
        ),
        // Files.
        ("`a`:\n\ntext", "a.md:3: no block follows the path `a`"),
        (
            "`a`:\n`b`:\n```\nx\n```",
            "a.md:3: no block follows the path `a`",
        ),
        (
            "`a`:\n```yaml fresh\nx\n```",
            "unknown word `fresh` behind the fence",
        ),
        (
            "`a`:\n```yaml\n```",
            "`a` has no content; say `empty` if so meant",
        ),
        ("`a`:\n```empty\nx\n```", "`a` is `empty` but has content"),
        (
            "`a`:\n```base64 crlf\nx\n```",
            "only one of `base64`, `crlf` and `empty`",
        ),
        ("`a`:\n```base64\n!\n```", "`a` is not base64"),
        ("`../a`:\n```\nx\n```", "`../a` is not a path inside"),
        (
            "`a`:\n```console\n$ ls\n```",
            "`a` is followed by a session",
        ),
        (
            "```console\n$ ls\n```\n\n`a`:\n```\nx\n```\n## S\n# U",
            "a.md:7: no command uses the file `a`",
        ),
        (
            "```console\n$ ls\n```\n\n```console\n$ ls",
            "a.md:7: the block is not closed",
        ),
        // Tests.
        (
            "## Sound\n```console\n$ ls\n```",
            "a second test is called `T › Sound`",
        ),
    ];
    for (lines, expected) in cases {
        let text = match lines.contains("# U") || lines.ends_with("ls") {
            true => format!("# T\n\n{lines}\n"),
            false => around(lines),
        };
        let (outcome, out) = run_page(&text);
        assert!(outcome.failed > 0, "{text}\n{out}");
        assert!(out.contains(expected), "{text}\n{out}");
    }
}

#[test]
fn a_file_that_only_a_later_test_could_use() {
    let text = "# A\n## B\n`a`:\n```\nx\n```\n## C\n```console\n$ ls\n```\n";
    let (outcome, out) = run_page(text);
    assert_eq!(outcome.failed, 1, "{out}");
    assert!(
        out.contains("a.md:3: no command uses the file `a`"),
        "{out}"
    );
}

#[test]
fn a_page_without_a_test() {
    let (outcome, out) = run_page("# Only prose\n\ntext\n");
    assert_eq!((outcome.passed, outcome.failed), (0, 1), "{out}");
    assert!(out.contains("a.md:1: the page has no command"), "{out}");
}

#[test]
fn in_strict_pages() {
    let cases = [
        (
            "```yaml\na: 1\n```",
            "README.md:3: a block that nothing checks",
        ),
        ("```\na: 1\n```", "README.md:3: a block that nothing checks"),
        (
            "`none.yaml`:\n```yaml\na: 1\n```",
            "README.md:3: `none.yaml` is not in the repository",
        ),
        (
            "```console\n$ cargo test\nrunning\n```",
            "output is given for a command that is not run here",
        ),
        (
            "```console\n$ cargo test --lib\n```",
            "unknown command `cargo`",
        ),
    ];
    for (lines, expected) in cases {
        let text = format!("# P\n\n{lines}\n");
        let repository = Repository::new(&[("README.md", &text), ("run", "cargo test\n")]);
        let suite = repository
            .suite("README.md")
            .strict()
            .elsewhere("cargo test", "run");
        let (outcome, out) = run(suite, "");
        assert_eq!(outcome.failed, 1, "{text}\n{out}");
        assert!(out.contains(expected), "{text}\n{out}");
    }
}

#[test]
fn suites_without_pages() {
    let repository = Repository::new(&[("a.md", "")]);
    let arguments = mdtest::Arguments::default();
    let error = |suite| {
        let result = mdtest::run(
            &crate::fake::Fake::default(),
            &[suite],
            &arguments,
            &mut Vec::new(),
        );
        format!("{:#}", result.unwrap_err())
    };
    assert_eq!(
        error(repository.suite("*/x.md")),
        "no page matches `*/x.md`"
    );
    assert_eq!(
        error(repository.suite("*.md").except("b.md")),
        "`b.md` is left out of `*.md`, which does not have it"
    );
    assert_eq!(
        error(repository.suite("*.md").except("a.md")),
        "no page matches `*.md`"
    );
}

#[test]
fn a_project_that_is_not_there() {
    let text = "# A\n```console\n$ ls\n```\n";
    let repository = Repository::new(&[("a.md", text)]);
    let (outcome, out) = run(repository.suite("a.md").project(["none"]), "");
    assert_eq!(outcome.failed, 1, "{out}");
    assert!(
        out.contains("the folder cannot be made: none: No such file"),
        "{out}"
    );
}
