//! Programs that try to exhaust stack, time or memory of the checker end in a diagnostic, quickly.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use diagnostics::FileId;
use jsonnet_check::{Profile, Signature, Ty, check};

/// The codes of the errors. Debug builds are slow; a release build takes a tenth of the bound.
#[expect(clippy::disallowed_methods, reason = "the test is about time")]
fn codes(program: &str) -> Vec<&'static str> {
    let start = Instant::now();
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let signature = Signature {
        args: vec![("ctx".into(), Ty::map(Ty::Unknown))],
        profile: Profile::default(),
    };
    let checked = check(&parsed, &signature);
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?} for {:?}",
        start.elapsed(),
        program.get(..60)
    );
    let all = parsed.diagnostics.iter().chain(&checked.diagnostics);
    let mut codes: Vec<_> = all
        .filter(|it| it.is_error())
        .map(|it| it.rule.code)
        .collect();
    codes.dedup();
    codes
}

fn rejects(program: &str) {
    assert!(!codes(program).is_empty(), "{:?}", program.get(..100));
}

#[test]
fn recursion_without_end() {
    for program in [
        "local f(x) = f(x + 1); f(0)",
        "local f(x) = f(x) + f(x); f(0)",
        "local f(x) = g(x), g(x) = f(x + 1); f(0)",
        "local f(x) = [f(x + 1)]; f(0)",
        "local f(x) = { a: f(x + 1) }; f(0)",
        "local o = { a: self { b: 1 }.a }; o",
        "local f(x) = x(x); f(f)",
        "local y(f) = (function(x) f(function(v) x(x)(v)))(function(x) f(function(v) x(x)(v))); y(function(r) function(n) r(n))(1)",
        "local f(n) = std.map(function(x) f(n + 1), [1]); f(0)",
        "local f(n) = std.foldl(function(a, x) f(n), [1, 2], 0); f(0)",
        "{ a: $ }",
        "local x = [x]; x",
        "local a = { b: a }; a",
        "local f(s) = f(s + 'x'); f('')",
        "local f(n) = if n == 0 then 0 else f(n - 1); f(-1)",
    ] {
        rejects(program);
    }
}

#[test]
fn blow_up() {
    let mut doubling = String::from("local a0 = 'x';");
    let mut pairs = String::from("local a0 = [1];");
    let mut choices = String::from("function(ctx)\n local a0 = 0;");
    let mut objects = String::from("local a0 = { x: 1 };");
    let mut formats = String::from("local a0 = 'x';");
    let mut dollars = String::from("local a0 = '$';");
    for at in 1..60 {
        let last = at - 1;
        let _ = write!(doubling, "local a{at} = a{last} + a{last};");
        let _ = write!(pairs, "local a{at} = [a{last}, a{last}];");
        let _ = write!(formats, "local a{at} = '%s-%s' % [a{last}, a{last}];");
        let _ = write!(dollars, "local a{at} = std.escapeStringDollars(a{last});");
        let _ = write!(
            choices,
            "local a{at} = if 'k{at}' in ctx then a{last} + 1 else a{last};"
        );
        let _ = write!(
            objects,
            "local a{at} = a{last} + {{ y: super.x, x: self.y }} + a{last};"
        );
    }
    codes(&(doubling + "a59"));
    codes(&(pairs + "a59"));
    codes(&(formats + "a59 == 'x'"));
    codes(&(dollars + "a59 == '$'"));
    codes(&(choices + "a59"));
    codes(&(objects + "a59.x"));
    let mut long = String::from("function(ctx) local a0 = [1] + std.objectFields(ctx);");
    let mut text = String::from("function(ctx) local a0 = 'x' + ctx;");
    let mut tuple = String::from("local a0 = std.prune([1, 2]);");
    for at in 1..80 {
        let last = at - 1;
        let _ = write!(long, "local a{at} = a{last} + a{last};");
        let _ = write!(text, "local a{at} = a{last} + a{last};");
        let _ = write!(tuple, "local a{at} = a{last} + a{last};");
    }
    codes(&(long + "std.length(a79)"));
    codes(&(text + "std.length(a79)"));
    codes(&(tuple + "a79[0]"));
    codes(&format!("function(ctx) '{}'", "x".repeat(10_000_000)));
    let calls = "local f(n) = if n <= 1 then 1 else f(n - 1) + f(n - 2); f(40)";
    codes(calls);
    let many: String = (0..400)
        .map(|at| format!("[if 'k{at}' in ctx then 'k{at}']: ctx.k{at},"))
        .collect();
    assert_eq!(codes(&format!("function(ctx) {{ {many} }}")), [""; 0]);
    let ifs: String = (0..100)
        .map(|at| format!("(if 'k{at}' in ctx then 'a' else 'b') + "))
        .collect();
    assert_eq!(codes(&format!("function(ctx) {ifs} ''")), [""; 0]);
    let ands: String = (0..200).map(|at| format!("'k{at}' in ctx && ")).collect();
    assert_eq!(codes(&format!("function(ctx) {ands} true")), [""; 0]);
}

#[test]
fn many_findings() {
    let fields: String = (0..12_000).map(|at| format!("a{at}: null.x,")).collect();
    let program = format!("local unread = 1; {{ {fields} }}");
    assert_eq!(codes(&program), ["not-indexable"]);
    let parsed = jsonnet_syntax::parse(&program, FileId::DETACHED);
    let checked = check(&parsed, &Signature::default());
    assert_eq!(checked.diagnostics.len(), 100);
    let last = checked.diagnostics.last().map(|it| &*it.annotation);
    assert!(
        last.is_some_and(|it| it.contains("11900 more findings")),
        "{last:?}"
    );
}

#[test]
fn long_and_deep() {
    let deep = "[".repeat(195) + &"]".repeat(195);
    assert_eq!(codes(&deep), [""; 0]);
    let chain = "1".to_owned() + &" + 1".repeat(50_000);
    codes(&chain);
    let text = "function(ctx) 'a'".to_owned() + &" + 'b'".repeat(20_000);
    codes(&text);
    let parens = "(".repeat(190) + "1" + &")".repeat(190);
    assert_eq!(codes(&parens), [""; 0]);
    let fields: String = (0..3_000).map(|at| format!("a{at}: {at},")).collect();
    assert_eq!(codes(&format!("{{ {fields} }}")), [""; 0]);
    let plain: String = (0..30_000).map(|at| format!("a{at}: {at},")).collect();
    assert_eq!(codes(&format!("{{ {plain} }}")), [""; 0]);
    let named: String = (0..12_000).map(|at| format!("['a{at}']: {at},")).collect();
    assert_eq!(codes(&format!("{{ {named} }}")), [""; 0]);
    let locals: String = (0..3_000)
        .map(|at| format!("local a{at} = {at};"))
        .collect();
    assert_eq!(codes(&format!("{locals} a0")), [""; 0]);
    let nested = "if 'a' in ctx then ".repeat(100) + "1";
    assert_eq!(codes(&format!("function(ctx) {nested}")), [""; 0]);
    let sums = "local f(x) = x; ".to_owned() + &"f(".repeat(150) + "1" + &")".repeat(150);
    codes(&sums);
    let elements: String = (0..20_000).map(|at| format!("{at}, ")).collect();
    codes(&format!("[{elements}]"));
}
