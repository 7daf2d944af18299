//! What `MDTEST_UPDATE=1` writes, and what it leaves.

use crate::fake::{Repository, run};

/// The page after an update, which must leave it passing and itself without work.
fn updated(text: &str) -> String {
    let repository = Repository::new(&[("a.md", text)]);
    let (outcome, out) = run(repository.suite("a.md"), "MDTEST_UPDATE");
    assert_eq!(outcome.failed, 0, "{out}");
    let first = repository.read("a.md");
    let (outcome, out) = run(repository.suite("a.md"), "");
    assert_eq!(outcome.failed, 0, "{first}\n{out}");
    let (_, out) = run(repository.suite("a.md"), "MDTEST_UPDATE");
    assert!(!out.contains("updated"), "{out}");
    assert_eq!(repository.read("a.md"), first);
    first
}

#[test]
fn only_outputs_change() {
    let before = "\
# A  \n
Prose with trailing blanks.  \n
- a list
  ```console
  $ actionc echo  'a  b'
  $ actionc exit 1
  old
  older
  $ cat none
  ```

~~~console
$ actionc version
actionc [VERSION]
$ actionc root
~~~
the end, without a line break";
    let after = "\
# A  \n
Prose with trailing blanks.  \n
- a list
  ```console
  $ actionc echo  'a  b'
  a  b
  $ actionc exit 1
  [exit 1]
  $ cat none
  cat: none: No such file or directory
  [exit 1]
  ```

~~~console
$ actionc version
actionc [VERSION]
$ actionc root
[ROOT]
~~~
the end, without a line break";
    assert_eq!(updated(before), after);
}

#[test]
fn a_fence_grows_with_what_it_holds() {
    assert_eq!(
        updated("# A\n```console\n$ actionc emit\n```\n"),
        "# A\n````console\n$ actionc emit\na\\r\n\\$ b\n```\nend\n\\ no newline at end of output\n````\n"
    );
}

#[test]
fn a_page_that_is_right_stays() {
    let text = "# A\n```console\n$ actionc echo a\na\n```\n\n\n";
    assert_eq!(updated(text), text);
}

#[test]
fn only_tests_that_run_are_written() {
    let text = "# A\n## One\n```console\n$ actionc echo 1\n```\n## Two\n```console\n$ actionc echo 2\n```\n";
    let repository = Repository::new(&[("a.md", text)]);
    let (outcome, out) = run(repository.suite("a.md"), "MDTEST_UPDATE Two");
    assert_eq!((outcome.passed, outcome.filtered), (1, 1), "{out}");
    assert!(out.contains("updated a.md: 1 console block\n"), "{out}");
    let expected = text.replace("echo 2\n", "echo 2\n2\n");
    assert_eq!(repository.read("a.md"), expected);
}

#[test]
fn what_changes_from_run_to_run_is_not_written() {
    let text = "# A\n```console\n$ actionc count\n```\n";
    let repository = Repository::new(&[("a.md", text)]);
    let (outcome, out) = run(repository.suite("a.md"), "MDTEST_UPDATE");
    assert_eq!(outcome.failed, 1);
    assert!(
        out.contains("a.md:3: the output differs from run to run"),
        "{out}"
    );
    assert_eq!(repository.read("a.md"), text);
}

#[test]
fn errors_stay_errors() {
    let cases = [
        ("# A\n```console\n$ rm a\n```\n", "`a`: No such file"),
        (
            "# A\n```console\n$ actionc echo a\n$ nothing\n```\n",
            "unknown command",
        ),
        (
            "# A\n```console\n$ actionc echo a\n$ actionc fail\n```\n",
            "the program failed",
        ),
    ];
    for (text, expected) in cases {
        let repository = Repository::new(&[("a.md", text)]);
        let (outcome, out) = run(repository.suite("a.md"), "MDTEST_UPDATE");
        assert!(outcome.failed > 0, "{out}");
        assert!(out.contains(expected), "{out}");
        if !text.contains("nothing") {
            assert_eq!(repository.read("a.md"), text);
        }
    }
}
