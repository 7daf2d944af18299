//! Real programs: one pipe for both streams, the environment, permissions, time.

#![cfg(unix)]

use std::path::Path;
use std::time::Duration;

use mdtest::{Arguments, Binary, Completed, Invocation, Program as _, Suite};

fn shell() -> Binary {
    Binary::new("/bin/sh", "1.2.3")
}

fn call(binary: &Binary, script: &str, apart: bool) -> std::io::Result<Completed> {
    binary.call(&Invocation {
        arguments: &["-c".to_owned(), script.to_owned()],
        folder: Path::new("/"),
        env: &[("A".to_owned(), "1".to_owned())],
        stdin: None,
        apart,
        user: None,
    })
}

#[test]
fn both_streams_in_the_order_of_writing() {
    let script = "echo 1; echo 2 >&2; echo 3; exit 4";
    let completed = call(&shell(), script, false).unwrap();
    assert_eq!(completed.output, b"1\n2\n3\n");
    assert_eq!(completed.status, 4);
    let completed = call(&shell(), script, true).unwrap();
    assert_eq!(completed.output, b"1\n3\n");
    assert_eq!(completed.errors, b"2\n");
}

#[test]
fn nothing_of_the_environment_comes_through() {
    let completed = call(
        &shell(),
        "echo $A-$HOME-$CARGO_MANIFEST_DIR; read x || echo empty",
        false,
    );
    assert_eq!(completed.unwrap().output, b"1--\nempty\n");
}

#[test]
fn a_program_that_does_not_end_or_dies_is_an_error() {
    let binary = shell().limit(Duration::from_millis(100));
    for script in ["exec sleep 60", "exec >&- 2>&-; exec sleep 60"] {
        let error = call(&binary, script, false).unwrap_err();
        assert_eq!(error.to_string(), "it is still running after 0.1 seconds");
    }
    let error = call(&shell(), "kill -9 $$", false).unwrap_err();
    assert!(
        error.to_string().starts_with("it was ended by a signal"),
        "{error}"
    );
}

#[test]
fn more_output_than_a_pipe_holds() {
    let script = "i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; echo x >&2";
    let completed = call(&shell(), script, true).unwrap();
    assert_eq!(
        (completed.output.len(), completed.errors.len()),
        (220_000, 2)
    );
}

#[test]
fn permissions_count_for_the_superuser_too() {
    let root = tempfile::TempDir::new().unwrap();
    let page = "\
# Modes

`secret`:
```text
x
```
```console
$ mkdir closed
$ chmod 000 secret
$ chmod 555 closed
$ actionc -c 'cat secret 2>/dev/null || echo refused; touch closed/x 2>/dev/null || echo too'
refused
too
$ actionc -c ': > open && ls'
closed
open
secret
```
";
    std::fs::write(root.path().join("a.md"), page).unwrap();
    let suites = [Suite::new(root.path(), "a.md")];
    let mut out = Vec::new();
    let outcome = mdtest::run(&shell(), &suites, &Arguments::default(), &mut out).unwrap();
    assert_eq!(outcome.passed, 1, "{}", String::from_utf8(out).unwrap());
}
