//! Evaluation in a worker: hostile programs and broken workers end in an outcome, in time.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects"
)]

#[path = "../../jsonnet-eval/tests/outcomes/suite.rs"]
mod suite;
#[expect(dead_code, reason = "the program itself is not the worker here")]
#[path = "../src/worker.rs"]
mod worker;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Limit, Limits};
use serde_json::{Value, json};

use worker::Bounded;

fn bounded() -> Bounded {
    Bounded::new(env!("CARGO_BIN_EXE_actionc"))
}

/// The tests measure time, and one writes programs while another starts some.
fn one_at_a_time() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Programs that take what there is, each with the ends that it may have.
fn hostile() -> Vec<(&'static str, String, &'static [Limit])> {
    use Limit::{Frames, Memory, Nesting, Output, Time};
    let nested =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let chain = |link: &str, times| format!("{}1", link.repeat(times));
    let doubling: String = (1..60)
        .map(|n| format!("local a{n} = a{} + a{};", n - 1, n - 1))
        .collect();
    vec![
        ("brackets", nested("[", "]"), &[Nesting]),
        ("open brackets", "(".repeat(1_000_000), &[Nesting]),
        ("braces", nested("{a:", "}"), &[Nesting]),
        ("ifs", chain("if true then ", 100_000), &[Nesting, Time]),
        ("locals", chain("local a = 1;", 100_000), &[Nesting, Time]),
        (
            "functions",
            chain("function(x) ", 100_000),
            &[Nesting, Time],
        ),
        ("signs", chain("-", 1_000_000), &[Nesting, Time]),
        ("sums", chain("1+", 1_000_000), &[Nesting, Time]),
        ("recursion", "local f(x) = f(x + 1); f(1)".into(), &[Frames]),
        (
            "calls that double",
            "local f(n) = if n < 2 then n else f(n - 1) + f(n - 2); f(100)".into(),
            &[Time],
        ),
        (
            "locals that double",
            format!("local a0 = ['x']; {doubling} std.foldl(function(s, it) s, a59, 1)"),
            &[Time, Memory],
        ),
        (
            "a long text",
            "std.repeat('x', 1e9)".into(),
            &[Memory, Time],
        ),
        (
            "a text that doubles",
            "std.length(std.foldl(function(a, _) a + a, std.range(1, 40), 'x'))".into(),
            &[Memory],
        ),
        (
            "a large array",
            "std.makeArray(1e9, function(i) i)".into(),
            &[Memory],
        ),
        (
            "a sorted array",
            "std.sort(std.range(1, 1e8), function(x) -x)".into(),
            &[Memory, Time],
        ),
        (
            "an array for ever",
            "std.foldl(function(a, b) a + b, std.range(1, 1e9), 0)".into(),
            &[Time],
        ),
        (
            "a tree of shared branches",
            "std.manifestJson(std.foldl(function(a, _) [a, a], std.range(1, 40), 1))".into(),
            &[Memory, Time],
        ),
        (
            "equal trees",
            "local t = std.foldl(function(a, _) [a, a], std.range(1, 40), 1);
             local u = std.foldl(function(a, _) [a, a], std.range(1, 40), 1);
             t == u"
                .into(),
            &[Time],
        ),
        (
            "a deep value",
            "std.foldl(function(a, _) [a], std.range(1, 1e5), 1)".into(),
            &[Nesting, Time],
        ),
        (
            "a long literal",
            format!("'{}'", "x".repeat(10_000_000)),
            &[Output],
        ),
        (
            "many fields",
            "{ ['f' + i]: i for i in std.range(1, 100000) }".into(),
            &[Output, Time],
        ),
    ]
}

#[test]
fn hostile_programs_end_at_a_limit() {
    let _turn = one_at_a_time();
    let limits = Limits::default();
    let mut slowest = (Duration::ZERO, "");
    for (name, program, ends) in hostile() {
        let started = Instant::now();
        let evaluated = bounded().evaluate(&program, &json!({}), &limits);
        let took = started.elapsed();
        println!("{name}: {evaluated:?} in {took:?}");
        let Evaluated::Exceeded(limit) = evaluated else {
            panic!("{name}: {evaluated:?}");
        };
        assert!(ends.contains(&limit), "{name}: {limit}");
        // Twice the time, for machines with other work; alone it is a tenth more.
        assert!(took < limits.time * 2, "{name} took {took:?}");
        slowest = slowest.max((took, name));
    }
    println!("slowest: {} in {:?}", slowest.1, slowest.0);
    let after = bounded().evaluate("function(ctx) ctx + 1", &json!(1), &limits);
    assert_eq!(after, Evaluated::Value(json!(2)));
}

/// The outcomes are those of the evaluator without a worker, page for page.
#[test]
fn programs_end_in_a_worker_as_the_suites_say() {
    let _turn = one_at_a_time();
    println!("{} cases", suite::run(&bounded()));
}

#[test]
fn workers_run_side_by_side() {
    let _turn = one_at_a_time();
    let bounded = bounded();
    let limits = Limits {
        time: Duration::from_secs(10),
        ..Limits::default()
    };
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (bounded, limits) = (&bounded, &limits);
            scope.spawn(move || {
                let evaluated = bounded.evaluate("function(ctx) ctx * ctx", &json!(n), limits);
                assert_eq!(evaluated, Evaluated::Value(json!(n * n)));
            });
        }
    });
}

#[test]
fn the_worker_says_what_it_was_not_asked() {
    let _turn = one_at_a_time();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_actionc"))
        .arg("worker-evaluate")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: the other end says"));
}

#[cfg(unix)]
mod broken {
    //! Workers that do not do what they should.

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Evaluates with a shell script as the worker.
    fn with(script: &str, program: &str) -> (Evaluated, Duration) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("worker");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
        let limits = Limits {
            time: Duration::from_millis(250),
            ..Limits::default()
        };
        let started = Instant::now();
        let evaluated = Bounded::new(&path).evaluate(program, &Value::Null, &limits);
        (evaluated, started.elapsed())
    }

    fn complaint(evaluated: &Evaluated) -> &str {
        match evaluated {
            Evaluated::Failed(failure) if failure.kind == FailureKind::EvaluatorError => {
                &failure.message
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn workers_that_die_are_outcomes() {
        let _turn = one_at_a_time();
        let (killed, _) = with("kill -9 $$", "1");
        assert_eq!(killed, Evaluated::Exceeded(Limit::Memory));
        let (silent, _) = with("exit 3", "1");
        let expected = "the worker ended with exit status: 3: ";
        assert_eq!(complaint(&silent), expected);
        let (aborted, _) = with("echo why >&2; kill -6 $$", "1");
        assert!(complaint(&aborted).starts_with("the worker ended with signal: 6"));
        assert!(complaint(&aborted).ends_with(": why"));
        for words in [
            "echo hello",
            "printf '{\"value\":'",
            "echo '{\"value\":1} 2'",
        ] {
            let (evaluated, _) = with(words, "1");
            assert!(complaint(&evaluated).contains("exit status: 0"), "{words}");
        }
    }

    #[test]
    fn workers_that_do_not_die_are_killed() {
        let _turn = one_at_a_time();
        for script in [
            "exec sleep 60",
            // What holds the pipes is not the worker.
            "sleep 5",
            "exec >&- 2>&- <&-; exec sleep 60",
            "while :; do :; done",
            "printf '{\"value\":1}'; exec sleep 60",
        ] {
            let (evaluated, took) = with(script, "1");
            assert_eq!(evaluated, Evaluated::Exceeded(Limit::Time), "{script}");
            assert!(took < Duration::from_secs(10), "{script} took {took:?}");
        }
        let (endless, took) = with("exec cat /dev/zero", "1");
        assert_eq!(endless, Evaluated::Exceeded(Limit::Output));
        assert!(took < Duration::from_secs(10), "{took:?}");
    }

    #[test]
    fn a_worker_need_not_listen() {
        let _turn = one_at_a_time();
        let long = format!("'{}'", "x".repeat(5_000_000));
        let (evaluated, _) = with("echo '{\"value\":1}'", &long);
        assert_eq!(evaluated, Evaluated::Value(json!(1)));
    }

    #[test]
    fn there_may_be_no_worker() {
        let _turn = one_at_a_time();
        let nowhere = Bounded::new("/nowhere/actionc");
        let evaluated = nowhere.evaluate("1", &Value::Null, &Limits::default());
        assert!(complaint(&evaluated).starts_with("cannot start a worker: "));
    }
}

#[cfg(target_os = "linux")]
mod memory {
    //! What the system says about the memory of a worker.

    use std::borrow::Cow;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use jsonnet_eval::Request;

    use super::*;

    /// The most memory that a worker had at a time, in bytes.
    fn peak(program: &str, limits: &Limits) -> u64 {
        let request = Request {
            program: Cow::Borrowed(program),
            ctx: Cow::Owned(Value::Null),
            limits: limits.clone(),
        };
        let mut worker = Command::new(env!("CARGO_BIN_EXE_actionc"))
            .arg("worker-evaluate")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", worker.id());
        let mut stdin = worker.stdin.take().unwrap();
        stdin.write_all(request.to_json().as_bytes()).unwrap();
        drop(stdin);
        let started = Instant::now();
        let mut peak = 0;
        while worker.try_wait().unwrap().is_none() {
            if started.elapsed() > limits.time {
                worker.kill().unwrap();
            }
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok());
            peak = peak.max(kilobytes.unwrap_or(0_u64) << 10);
            std::thread::sleep(Duration::from_millis(1));
        }
        peak
    }

    #[test]
    fn no_program_takes_more_than_it_may() {
        let _turn = one_at_a_time();
        let limits = Limits::default();
        let mut highest = (0, "");
        for (name, program, ends) in hostile() {
            let refused = limits.admit(&program, &Value::Null).is_err();
            if refused || ends == [Limit::Time] {
                continue;
            }
            let peak = peak(&program, &limits);
            println!("{name}: {} MiB", peak >> 20);
            assert!(peak < limits.memory, "{name}: {peak}");
            highest = highest.max((peak, name));
        }
        println!("highest: {} with {} MiB", highest.1, highest.0 >> 20);
        // Else nothing was measured.
        assert!(highest.0 > 50 << 20);
    }
}
