//! Killing the program at any moment of a write leaves the old output or the new one.
#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn project(folder: &std::path::Path, actions: usize, version: &str) {
    std::fs::create_dir_all(folder.join("actions")).unwrap();
    std::fs::write(folder.join("actionc.yaml"), "out: kratos.yaml\n").unwrap();
    for index in 0..actions {
        let body = format!("function(ctx) {{ version: '{version}', index: {index} }}");
        let text = format!(
            "flow: registration\ntiming: after\nauth_method: password\nurl: https://a.example/{index}\nbody: \"{body}\"\n"
        );
        std::fs::write(folder.join(format!("actions/a{index:04}.yaml")), text).unwrap();
    }
}

fn compile(folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_actionc"));
    command
        .arg("compile")
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[test]
fn a_killed_compile_leaves_the_old_output_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("kratos.yaml");
    let actions = 200;
    project(folder.path(), actions, "old");
    assert!(compile(folder.path()).status().unwrap().success());
    let old = std::fs::read(&out).unwrap();
    project(folder.path(), actions, "new");
    let started = Instant::now();
    assert!(compile(folder.path()).status().unwrap().success());
    let whole = started.elapsed();
    let new = std::fs::read(&out).unwrap();
    assert_ne!(old, new);

    let (mut kept, mut replaced) = (0, 0);
    let rounds = 80;
    for round in 0..rounds {
        std::fs::write(&out, &old).unwrap();
        let mut child = compile(folder.path()).spawn().unwrap();
        // From before the first byte is read until a little after the last is written.
        let moment = whole.mul_f64(1.3 * f64::from(round) / f64::from(rounds));
        let deadline = Instant::now() + moment;
        while Instant::now() < deadline {
            std::thread::sleep(Duration::from_micros(50));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let found = std::fs::read(&out).unwrap();
        if found == old {
            kept += 1;
        } else {
            assert_eq!(found, new, "a part of an output");
            replaced += 1;
        }
    }
    println!("killed {rounds} times: {kept} old outputs, {replaced} new ones");
    assert!(kept > 0);
}

#[test]
fn what_a_killed_process_left_is_hidden_and_goes_with_a_later_write() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), 1, "new");
    let old = folder.path().join(".actionc-abcdef");
    let fresh = folder.path().join(".actionc-ghijkl");
    let among_actions = folder.path().join("actions/.actionc-mnopqr.yaml");
    for path in [&old, &fresh, &among_actions] {
        std::fs::write(path, "[").unwrap();
    }
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(600);
    let file = std::fs::OpenOptions::new().write(true).open(&old).unwrap();
    file.set_modified(long_ago).unwrap();
    assert!(compile(folder.path()).status().unwrap().success());
    assert!(!old.exists(), "nobody writes to it any more");
    assert!(fresh.exists(), "another run may be writing it");
}
