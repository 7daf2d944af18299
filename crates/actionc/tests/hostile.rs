//! Hostile projects end in a finding, in bounded time.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Checks a project of one action file; the time is generous, since the point is to end at all.
fn check(text: &[u8]) -> (Output, Duration) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let actions = folder.path().join("actions");
    std::fs::create_dir(&actions).expect("a folder");
    std::fs::write(actions.join("a.yaml"), text).expect("a file");
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_actionc"))
        .args(["check", "--format", "concise"])
        .current_dir(folder.path())
        .output()
        .expect("actionc runs");
    (output, started.elapsed())
}

#[test]
fn hostile_files_end_in_a_finding() {
    let deep_lists = "[".repeat(20_000);
    let closed_lists = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let deep_maps = "{a: ".repeat(20_000);
    let deep_block: String = (0..20_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth % 300)))
        .collect();
    let dashes = "- ".repeat(20_000);
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..40).map(|n| {
            let refs = vec![format!("*a{}", n - 1); 10].join(", ");
            format!("a{n}: &a{n} [{refs}]\n")
        }))
        .collect();
    let long_line = format!("name: {}\n", "x".repeat(2_000_000));
    let many_keys: String = (0..50_000).map(|n| format!("k{n}: 1\n")).collect();
    let quotes = "\"".repeat(100_001);
    let cases: [(&str, &[u8], &str); 12] = [
        ("lists", deep_lists.as_bytes(), "nesting-too-deep"),
        ("closed lists", closed_lists.as_bytes(), "nesting-too-deep"),
        ("maps", deep_maps.as_bytes(), "nesting-too-deep"),
        ("block", deep_block.as_bytes(), "nesting-too-deep"),
        ("dashes", dashes.as_bytes(), "nesting-too-deep"),
        ("alias bomb", bomb.as_bytes(), "alias-expansion"),
        ("a long line", long_line.as_bytes(), "missing-field"),
        ("many keys", many_keys.as_bytes(), "unknown-field"),
        ("quotes", quotes.as_bytes(), "yaml-syntax"),
        ("no text", &[0xff, 0xfe, 0x00], "not-utf8"),
        ("a null byte", b"name: a\0b\n", "yaml-syntax"),
        ("nothing", b"", "wrong-type"),
    ];
    for (name, text, code) in cases {
        let (output, took) = check(text);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{name}: {shown}");
        assert!(
            shown.contains(&format!("[{code}]")),
            "{name}: {}",
            shown.chars().take(400).collect::<String>()
        );
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
    }
}
