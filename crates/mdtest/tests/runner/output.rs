//! The lines that `cargo test` and its readers know.

use crate::fake::{Repository, run};

const PAGE: &str = "\
# A

## Passes
```console
$ actionc echo a
a
```

## Fails
```console
$ actionc echo 1 2
1
```
";

/// The output with the one thing in it that changes.
fn timeless(out: &str) -> String {
    let mut lines: Vec<String> = out.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let Some(at) = line.find("finished in ") {
            let time = line.split_off(at + "finished in ".len());
            let seconds = time.strip_suffix('s').unwrap();
            assert!(
                seconds.parse::<f64>().is_ok() && seconds.contains('.'),
                "{time}"
            );
            line.push_str("TIME");
        }
    }
    lines.join("\n")
}

#[test]
fn results_look_like_those_of_libtest() {
    let repository = Repository::new(&[("docs/a.md", PAGE)]);
    let (_, out) = run(repository.suite("docs/*.md"), "");
    assert_eq!(
        timeless(&out),
        "
running 2 tests
test docs/a.md › A › Passes ... ok
test docs/a.md › A › Fails ... FAILED

failures:

---- docs/a.md › A › Fails stdout ----
docs/a.md:11: $ actionc echo 1 2
the page has `-`, the program printed `+`
  -1
  +1 2

MDTEST_UPDATE=1 writes the new outputs; review them like code.


failures:
    docs/a.md › A › Fails

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in TIME
"
    );
}

#[test]
fn filters_select_by_name() {
    let repository = Repository::new(&[("a.md", PAGE)]);
    let (_, out) = run(repository.suite("a.md"), "Passes");
    assert_eq!(
        timeless(&out),
        "
running 1 test
test a.md › A › Passes ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in TIME
"
    );
    let (outcome, _) = run(repository.suite("a.md"), "nothing-is-called-this");
    assert_eq!(
        (outcome.passed, outcome.failed, outcome.filtered),
        (0, 0, 2)
    );
}

#[test]
fn a_list_runs_nothing() {
    let repository = Repository::new(&[("a.md", PAGE)]);
    let (outcome, out) = run(repository.suite("a.md"), "--list");
    assert_eq!((outcome.passed, outcome.failed), (0, 0));
    assert_eq!(
        out,
        "a.md › A › Passes: test\na.md › A › Fails: test\n\n2 tests, 0 benchmarks\n"
    );
}

#[test]
fn the_order_does_not_depend_on_threads() {
    let tests: String = (0..40)
        .map(|it| format!("## {it:02}\n```console\n$ actionc echo {it}\n{it}\n```\n"))
        .collect();
    let repository = Repository::new(&[("a.md", &format!("# A\n{tests}"))]);
    let out = |line| timeless(&run(repository.suite("a.md"), line).1);
    let one = out("--test-threads=1");
    assert!(one.contains("40 passed"), "{one}");
    assert_eq!(one, out("--test-threads=8"));
}
