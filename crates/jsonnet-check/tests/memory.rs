//! Programs that try to exhaust memory stay under 256 MB. A test file is a process of its own, so
//! what the system says of that is about these programs alone.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::fmt::Write as _;

use diagnostics::FileId;
use jsonnet_check::{Profile, Signature, Ty, check};

/// The most memory that this process ever held, in bytes.
#[expect(clippy::disallowed_methods, reason = "the system tells it in a file")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the status of a process");
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let number = line.and_then(|it| it.split_whitespace().next());
    let kilobytes: usize = number.and_then(|it| it.parse().ok()).expect("a number");
    kilobytes * 1024
}

/// `a0` as given, then each local made of the one before it by `step`, and the last of them.
fn chain(first: &str, count: usize, step: impl Fn(usize, usize) -> String) -> String {
    let mut program = format!("function(ctx)\n local a0 = {first};\n");
    for at in 1..count {
        let _ = writeln!(program, " local a{at} = {};", step(at, at - 1));
    }
    let _ = write!(program, " a{}", count - 1);
    program
}

#[test]
fn memory_is_bounded() {
    const LIMIT: usize = 256 << 20;
    let walker = "local walk(v) = if std.isObject(v) then { [k]: walk(v[k]) for k in \
                  std.objectFields(v) } else if std.isArray(v) then [walk(x) for x in v] else v; \
                  function(ctx) { a: walk(ctx), b: walk([ctx, ctx]) }";
    let mut programs = vec![
        ("brackets", "[".repeat(100_000) + &"]".repeat(100_000)),
        ("open parentheses", "(".repeat(1_000_000)),
        ("a long literal", format!("'{}'", "x".repeat(10_000_000))),
        (
            "calls",
            "local f(n) = if n <= 1 then 1 else f(n - 1) + f(n - 2); f(40)".to_owned(),
        ),
        (
            "mutual calls",
            "local f(x) = g(x), g(x) = [f(x + 1), f(x + 2)]; f(0)".to_owned(),
        ),
        ("a walker", walker.to_owned()),
    ];
    for count in [6, 12, 25, 50, 200] {
        programs.extend([
            (
                "doubled text",
                chain("'x' + ctx", count, |_, it| format!("a{it} + a{it}")),
            ),
            (
                "doubled lists",
                chain("[ctx]", count, |_, it| format!("[a{it}, a{it}]")),
            ),
            (
                "doubled loops",
                chain("std.objectFields(ctx)", count, |_, it| {
                    format!("[x + y for x in a{it} for y in a{it} if x != y]")
                }),
            ),
            (
                "tested values",
                chain("std.split(std.toString(ctx), '@')", count, |at, it| {
                    format!("if std.length(a{it}) > {at} then a{it}[{at}:] + a{it} else a{it}")
                }),
            ),
            (
                "choices",
                chain("0", count, |at, it| {
                    format!("if 'k{at}' in ctx then a{it} + 1 else a{it} * 2")
                }),
            ),
            (
                "forms",
                chain("{}", count, |at, it| {
                    format!("if 'k{it}' in a{it} then a{it} {{ k{at}: 1 }} else {{ k{at}: a{it} }}")
                }),
            ),
            (
                "keys",
                chain("ctx", count, |_, it| {
                    format!("{{ [k]: a{it}[k] for k in std.objectFields(a{it}) if k in ctx }}")
                }),
            ),
        ]);
    }
    for (name, program) in &programs {
        let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
        let signature = Signature {
            args: vec![("ctx".into(), Ty::map(Ty::Unknown))],
            profile: Profile::default(),
        };
        drop(check(&parsed, &signature));
        let peak = peak();
        assert!(peak < LIMIT, "{name}: {} MB", peak >> 20);
    }
    println!("{} programs, at most {} MB", programs.len(), peak() >> 20);
}
