//! Text that tries to exhaust stack, time or memory ends in a tree or a diagnostic, quickly.

use std::time::{Duration, Instant};

use diagnostics::FileId;
use jsonnet_syntax::{Parsed, parse};

/// Debug builds on a busy machine are slow; a release build takes a tenth of this.
#[expect(clippy::disallowed_methods, reason = "the test is about time")]
fn quickly(text: &str) -> Parsed {
    let start = Instant::now();
    let parsed = parse(text, FileId::DETACHED);
    let copy = parsed.clone();
    drop(copy);
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?} for {} bytes beginning {:?}",
        start.elapsed(),
        text.len(),
        text.get(..20)
    );
    parsed
}

fn code(text: &str) -> &'static str {
    let parsed = quickly(text);
    let error = parsed.diagnostics.iter().find(|it| it.is_error());
    error.map_or("accepted", |it| it.rule.code)
}

#[test]
fn deep_nesting_is_one_diagnostic() {
    let deep = 100_000;
    for text in [
        "[".repeat(deep) + &"]".repeat(deep),
        "(".repeat(1_000_000),
        "{a:".repeat(deep),
        "-".repeat(deep) + "1",
        "- ".repeat(deep) + "1",
        "!".repeat(deep),
        "if 1 then ".repeat(deep),
        "function(x) ".repeat(deep),
        "error ".repeat(deep),
        "f(".repeat(deep),
        "{local x = ".repeat(deep),
        "assert true; ".repeat(deep) + "1",
        "a".to_owned() + &".b".repeat(500_000),
        "a".to_owned() + &"[0]".repeat(300_000),
        "a".to_owned() + &"()".repeat(300_000),
        "a".to_owned() + &"{}".repeat(300_000),
        "local x = ".repeat(deep),
    ] {
        assert_eq!(code(&text), "expression-too-deep", "{:?}", text.get(..20));
    }
}

#[test]
fn long_chains_are_read() {
    let count = 250_000;
    for text in [
        "1".to_owned() + &" + 1".repeat(count),
        "true".to_owned() + &" && true".repeat(count / 2),
        "local x = 1; ".repeat(count / 4) + "x",
        "[".to_owned() + &"1, ".repeat(count) + "]",
        "{".to_owned()
            + &(0..count / 10)
                .map(|n| format!("a{n}: 1, "))
                .collect::<String>()
            + "}",
        format!("'{}'", "x".repeat(10_000_000)),
        "/*".to_owned() + &"*".repeat(1_000_000) + "*/ 1",
    ] {
        assert_eq!(code(&text), "accepted", "{:?}", text.get(..20));
    }
}

#[test]
fn endless_mistakes_are_cut_off() {
    for text in [
        "? ".repeat(200_000),
        ", ".repeat(200_000),
        "'\\x".repeat(200_000) + "'",
        "{a ".repeat(200_000),
        "x ".repeat(200_000),
        "[1 ".repeat(200) + &"2 ".repeat(200_000),
        "[".to_owned() + &"y, ".repeat(200_000) + "]",
        ") ".repeat(200_000),
        "local ".repeat(200_000),
        "{for ".repeat(200_000),
        "|||\n ".repeat(100_000),
    ] {
        let parsed = quickly(&text);
        assert!(!parsed.is_accepted(), "{:?}", text.get(..20));
        assert!(parsed.diagnostics.len() <= 1_001);
    }
}
