//! Pages of diagnostic codes: what is asked of them, and that each lie is noticed.

use crate::fake::{Fake, Repository, run};

const GOOD: &str = "\
# bad-thing

Reports a bad thing.

## Why is this bad?

It is.

## Example

`a.yaml`:
```yaml
error: bad-thing
```

```console
$ actionc check
a.yaml:1: error[bad-thing]
[exit 1]
```

## Use instead

`a.yaml`:
```yaml
good: thing
```
";

fn check(text: &str) -> (bool, String) {
    let repository = Repository::new(&[("diagnostics/bad-thing.md", text)]);
    let (outcome, out) = run(repository.suite("*/*.md").pages(), "");
    assert_eq!(outcome.passed + outcome.failed, 1, "{out}");
    (outcome.failed == 0, out)
}

#[test]
fn a_good_page_passes() {
    let (ok, out) = check(GOOD);
    assert!(ok, "{out}");
    assert!(
        out.contains("test diagnostics/bad-thing.md ... ok\n"),
        "{out}"
    );
}

#[test]
fn the_command_may_be_another_one() {
    // What is used instead may be another command, too, and files may be prepared.
    let text = GOOD
        .replace(
            "$ actionc check\n",
            "$ actionc echo first\nfirst\n$ cp a.yaml b.yaml\n$ rm b.yaml\n$ actionc check --format concise\n",
        )
        .replace(
            "`a.yaml`:\n```yaml\ngood: thing\n```",
            "```console\n$ rm a.yaml\n$ actionc check\n```",
        );
    let (ok, out) = check(&text);
    assert!(ok, "{out}");
}

#[test]
fn an_example_may_show_lesser_findings_of_other_codes() {
    let text = GOOD
        .replace("error: bad-thing", "error: bad-thing\nwarning: other")
        .replace("[exit 1]", "a.yaml:2: warning[other]\n[exit 1]");
    let (ok, out) = check(&text);
    assert!(ok, "{out}");
}

#[test]
fn no_page_excepts_its_own_code() {
    let text = GOOD
        .replace("## Why", "<!-- also: bad-thing -->\n\n## Why")
        .replace("good: thing", "note: bad-thing");
    let (ok, out) = check(&text);
    assert!(
        !ok && out.contains("has a finding: note[bad-thing]"),
        "{out}"
    );
}

#[test]
fn an_exception_is_for_other_codes() {
    let also = |codes| {
        GOOD.replace("## Why", &format!("<!-- also: {codes} -->\n\n## Why"))
            .replace("good: thing", "good: thing\nwarning: other")
            .replace("error: bad-thing", "error: bad-thing\nerror: third")
            .replace("[exit 1]", "a.yaml:2: error[third]\n[exit 1]")
    };
    let (ok, out) = check(&also("other, third"));
    assert!(ok, "{out}");
    for (codes, expected) in [
        ("other", "the example has an error of another code, `third`"),
        (
            "third",
            "what is used instead has a finding: warning[other]",
        ),
        (
            "other, third, fourth",
            "bad-thing.md:5: `fourth` is excepted but does not occur",
        ),
    ] {
        let (ok, out) = check(&also(codes));
        assert!(!ok && out.contains(expected), "{codes}\n{out}");
    }
}

#[test]
fn each_lie_is_noticed() {
    let cases: [(&str, &str, &str); 16] = [
        // Structure.
        (
            "# bad-thing",
            "# bad thing",
            ":1: the title is not `# bad-thing`",
        ),
        (
            "# bad-thing\n\n",
            "text\n\n# bad-thing\n\n",
            ":1: a page begins with `# bad-thing`",
        ),
        ("Reports a bad thing.", "", ":1: the code is not explained"),
        ("It is.", "", "`Why is this bad?` has no answer"),
        (
            "## Why is this bad?",
            "## What it does",
            ":5: `## Why is this bad?` is expected here",
        ),
        (
            "## Use instead\n",
            "## See also\n\nx\n\n## Use instead\n",
            "`## Use instead` is expected here",
        ),
        ("## Example", "### Example", "`## Example` is expected here"),
        (
            "It is.",
            "It is.\n\n`b`:\n```\nx\n```",
            ":9: files and commands belong under `## Example`",
        ),
        // The example.
        (
            "`a.yaml`:\n```yaml\nerror: bad-thing\n```",
            "",
            "the example has no file",
        ),
        (
            "$ actionc check\na.yaml:1: error[bad-thing]\n[exit 1]",
            "$ ls",
            "no command of the example calls the program",
        ),
        (
            "error: bad-thing",
            "error: other",
            "the output does not name `[bad-thing]`",
        ),
        (
            "error: bad-thing",
            "error: other",
            "the example has no finding of `bad-thing`",
        ),
        (
            "error: bad-thing",
            "error: bad-thing\nerror: other",
            "the example has an error of another code, `other`",
        ),
        ("[exit 1]", "[exit 2]", "  -[exit 2]\n  +[exit 1]\n"),
        // What is used instead.
        (
            "good: thing",
            "note: bad-thing",
            "what is used instead has a finding: note[bad-thing]",
        ),
        (
            "good: thing",
            "error: other",
            "what is used instead ends with exit status 1",
        ),
    ];
    for (from, to, expected) in cases {
        assert!(GOOD.contains(from), "{from}");
        let (ok, out) = check(&GOOD.replacen(from, to, 1));
        assert!(!ok && out.contains(expected), "{to}: {out}");
    }
    let (ok, out) = check(GOOD.split("`a.yaml`:\n```yaml\ngood").next().unwrap());
    assert!(!ok && out.contains("nothing is used instead"), "{out}");
    let (ok, out) = check(GOOD.split("## Use").next().unwrap());
    assert!(
        !ok && out.contains("the section `## Use instead` is missing"),
        "{out}"
    );
    let (ok, out) = check(&format!("{GOOD}\n## See also\n"));
    assert!(
        !ok && out.contains("`See also` is no section of a page"),
        "{out}"
    );
    let (ok, out) = check(&GOOD.replace("yaml\nerror", "yaml new\nerror"));
    assert!(!ok && out.contains("unknown word `new`"), "{out}");
}

#[test]
fn a_command_without_findings_as_json() {
    let text = GOOD.replace(
        "$ actionc check\na.yaml:1: error[bad-thing]\n[exit 1]",
        "$ actionc echo [bad-thing]",
    );
    let text = text.replace("echo [bad-thing]", "echo '[bad-thing]'\n[bad-thing]");
    let (ok, out) = check(&text);
    assert!(!ok && out.contains("prints no JSON of findings"), "{out}");
}

#[test]
fn outputs_are_filled_in_and_still_judged() {
    let blank = GOOD.replace("a.yaml:1: error[bad-thing]\n[exit 1]\n", "");
    let repository = Repository::new(&[("bad-thing.md", &blank)]);
    let (outcome, out) = run(repository.suite("*.md").pages(), "MDTEST_UPDATE");
    assert_eq!(outcome.failed, 0, "{out}");
    assert_eq!(repository.read("bad-thing.md"), GOOD);

    let other = blank.replace("error: bad-thing", "error: other");
    let repository = Repository::new(&[("bad-thing.md", &other)]);
    let (outcome, out) = run(repository.suite("*.md").pages(), "MDTEST_UPDATE");
    assert_eq!(outcome.failed, 1, "{out}");
    assert!(
        out.contains("the example has no finding of `bad-thing`"),
        "{out}"
    );
}

#[test]
fn one_page_can_be_checked_alone() {
    let repository = Repository::new(&[("bad-thing.md", GOOD), ("other.md", GOOD)]);
    let page = |name| mdtest::page(&repository.root().join(name), &Fake::default());
    assert_eq!(page("bad-thing.md"), Ok(()));
    let errors = page("other.md").unwrap_err();
    assert!(
        errors[0].ends_with("other.md:1: the title is not `# other`"),
        "{errors:?}"
    );
    assert!(page("none.md").is_err());
}
