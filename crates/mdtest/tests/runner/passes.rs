//! What a page can do.

use crate::fake::{Repository, run, run_page};

/// Asserts that every test of a page passes, and how many there are.
fn passes(tests: usize, text: &str) {
    let (outcome, out) = run_page(text);
    assert_eq!((outcome.passed, outcome.failed), (tests, 0), "{out}");
}

#[test]
fn files_are_inherited_and_replaced() {
    passes(
        3,
        "\
# Rules

`a.yaml`:
```yaml
error: top
```

## Inherited

```console
$ actionc check
a.yaml:1: error[top]
[exit 1]
```

## Replaced

`a.yaml`:
```yaml
error: first
```

`a.yaml`:

```yaml
note: second
```

```console
$ actionc check
a.yaml:1: note[second]
```

### In the middle of a test

`b.yaml`:
```yaml
warning: b
```
```console
$ actionc check
a.yaml:1: note[second]
b.yaml:1: warning[b]
```
`b.yaml`:
```yaml
x: 1
```
```console
$ actionc check
a.yaml:1: note[second]
```

## Prose

```yaml
shown: only
```
",
    );
}

#[test]
fn bytes_of_a_file() {
    passes(
        1,
        "\
# Bytes

`crlf`:
```yaml crlf
a: 1
b: 2
```
`raw`:
```base64
/wA=
```
`none`:
```yaml empty
```
```console
$ cat crlf raw none
a: 1\\r
b: 2\\r
\\xff\\x00
\\ no newline at end of output
```
",
    );
}

#[test]
fn the_small_programs_work() {
    passes(
        1,
        "\
# Commands

`d/a`:
```text
one one
```
```console
$ sed -i 's/one/two/' d/a
$ cat d/a
two one
$ cp d/a b
$ cp -r d e
$ mkdir -p f/g
$ touch f/.hidden
$ printf 'x\\n' > f/x
$ ln -s ../b f/link
$ cat f/link f/x
two one
x
$ ls f
g
link
x
$ ls -A f
.hidden
g
link
x
$ rm f/link
$ rm -r f e
$ ls
b
d
$ ls none
ls: cannot access 'none': No such file or directory
[exit 2]
$ cat none
cat: none: No such file or directory
[exit 1]
$ cd d
$ ls .. > list
$ cat list ../b
b
d
two one
$ cd none
cd: none: No such file or directory
[exit 1]
```
",
    );
}

#[test]
fn output_of_the_program() {
    passes(
        1,
        "\
# Output

`in`:
```text
typed
```
```console
$ actionc two
to stderr
1
2
3
$ actionc two | head -n 2
to stderr
1
2
$ actionc two > out
to stderr
$ cat out | head -n 1
1
$ cargo run --release -- echo 'a  b'
a  b
$ actionc stdin < in
typed
$ actionc root
[ROOT]
$ actionc version
actionc [VERSION]
$ actionc version
actionc 1.2.3
$ ACTIONC_KRATOS=v1 actionc env
NO_COLOR=1
COLUMNS=100
ACTIONC_KRATOS=v1
$ actionc exit 3 | head -n 1
[exit 3]
```
",
    );
}

#[test]
fn a_test_changes_only_its_own_folder() {
    passes(
        3,
        "\
`a`:
```text
a
```
# One
```console
$ rm a
$ actionc write b
$ ls
b
```
# Two
```console
$ ls
a
$ touch b
```
## Deeper
Files are inherited, what commands did is not.
```console
$ ls
a
```
",
    );
}

#[test]
fn strict_pages_speak_about_the_repository() {
    let readme = "\
# Product

`a.yaml`:
```yaml
warning: w
```

```console
$ actionc check
a.yaml:1: warning[w]
```

```text
free
```

```sh ignore-reason=\"needs a network\"
curl
```

## Tests

```console
$ cargo test --workspace
```
";
    let files = [
        ("README.md", readme),
        ("a.yaml", "warning: w\n"),
        (".ci/run", "set -e\ncargo test --workspace 2>&1 | tee log\n"),
    ];
    let repository = Repository::new(&files);
    let suite = || {
        let suite = repository.suite("README.md").strict().project(["a.yaml"]);
        suite.elsewhere("cargo test --workspace", ".ci/run")
    };
    let (outcome, out) = run(suite(), "");
    assert_eq!((outcome.passed, outcome.failed), (2, 0), "{out}");

    // What is compared can differ.
    std::fs::write(repository.root().join("a.yaml"), "warning: other\n").unwrap();
    std::fs::write(
        repository.root().join(".ci/run"),
        "cargo test --workspace --lib\n",
    )
    .unwrap();
    let (outcome, out) = run(suite(), "");
    assert_eq!((outcome.passed, outcome.failed), (0, 2), "{out}");
    assert!(
        out.contains("README.md:3: `a.yaml` is not what the repository has"),
        "{out}"
    );
    assert!(
        out.contains("README.md:24: `.ci/run` does not run `cargo test --workspace`"),
        "{out}"
    );
    assert!(
        out.contains("-a.yaml:1: warning[w]\n  +a.yaml:1: warning[other]"),
        "{out}"
    );
}
