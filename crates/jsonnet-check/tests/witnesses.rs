//! The input that is tried first for an error: the smallest of what is known on the way to it, with
//! the guilty value as it fails. jrsonnet fails on it, and not for another error of the program.

#![expect(clippy::expect_used, reason = "tests")]

mod support;

use diagnostics::FileId;
use jsonnet_check::{Profile, Signature, check, inputs};
use support::{Run, run, ty};

const INPUT: &str = r#"{
  mail?: string | null, count: number, sizes: number[], ids: string[], label: string,
  flow: { type: "api" } | { type: "browser", query?: string },
  rows: { note?: string, kind: "a" | "b" }[], map: { [string]: { first?: string } },
  nick?: string, far?: { away?: { name?: string } },
}"#;

/// For each error of the program, in the order of the text: the members of its first input that
/// are not those of the smallest, and a part of what jrsonnet says.
fn first_inputs(program: &str) -> Vec<(String, String)> {
    let ty = ty(INPUT);
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let signature = Signature {
        args: vec![("ctx".into(), ty.clone())],
        profile: Profile::default(),
    };
    let checked = check(&parsed, &signature);
    let smallest = inputs(&parsed.program, &ty, &[], 1, |_| true);
    let smallest = smallest.first().expect("the type has a value");
    let of_error = checked.failing.iter().map(|it| {
        let first = inputs(&parsed.program, &ty, std::slice::from_ref(it), 1, |_| true);
        let first = first.first().expect("an error has an input").clone();
        let error = match run(program, &first) {
            Run::Failure(message) => message,
            Run::Output(output) => format!("gives {output}"),
            Run::UserError(message) => format!("raises {message}"),
        };
        let members = first.as_object().expect("the input is an object");
        let other = members
            .iter()
            .filter(|(name, it)| smallest.get(name) != Some(it));
        let other: Vec<String> = other.map(|(name, it)| format!("{name}: {it}")).collect();
        let error = error.lines().next().unwrap_or_default().to_owned();
        (other.join(", "), error)
    });
    of_error.collect()
}

#[test]
fn the_first_input_fails_for_the_error() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        // Present, but null.
        (
            "function(ctx) if 'mail' in ctx then std.length(ctx.mail)",
            &[("mail: null", "")],
        ),
        // Absent, in one of several forms.
        (
            "function(ctx) if ctx.flow.type == 'browser' then ctx.flow.query",
            &[(r#"flow: {"type":"browser"}"#, "query")],
        ),
        // An element for which the guard of the loop holds.
        (
            "function(ctx) [r.note for r in ctx.rows if r.kind == 'b']",
            &[(r#"rows: [{"kind":"b"}]"#, "note")],
        ),
        // In a function that is called for each element.
        (
            "function(ctx) std.map(function(r) if r.kind == 'b' then r.note, ctx.rows)",
            &[(r#"rows: [{"kind":"b"}]"#, "note")],
        ),
        // Long enough for the test, and not for the read.
        (
            "function(ctx) if std.length(ctx.ids) > 2 then ctx.ids[3]",
            &[(r#"ids: ["x","x","x"]"#, "")],
        ),
        // What an object holds under any name.
        (
            "function(ctx) [ctx.map[k].first for k in std.objectFields(ctx.map)]",
            &[(r#"map: {"x":{}}"#, "first")],
        ),
        // In a function that is called with the guilty value.
        (
            "function(ctx) local half(n) = 10 / n; if ctx.label != '' then half(ctx.count)",
            &[("", "divide by zero")],
        ),
        // Behind a member that may be absent itself.
        (
            "function(ctx) if 'far' in ctx && 'away' in ctx.far then ctx.far.away.name",
            &[(r#"far: {"away":{}}"#, "name")],
        ),
        // Two errors: on what fails for the second, the first does not happen.
        (
            "function(ctx) [ctx.nick, ctx.mail]",
            &[(r#"mail: "x""#, "nick"), (r#"nick: "x""#, "mail")],
        ),
        (
            "function(ctx) if std.objectHas(ctx, 'nick') then ctx.mail else ctx.sizes[0]",
            &[
                (r#"nick: "x", sizes: [0]"#, "mail"),
                (r#"mail: "x""#, "out of bounds"),
            ],
        ),
    ];
    let mut faults = String::new();
    for (program, expected) in cases {
        let found = first_inputs(program);
        let fits = found.len() == expected.len()
            && found.iter().zip(*expected).all(|(found, (input, error))| {
                found.0 == *input
                    && found.1.contains(error)
                    && !found.1.starts_with("gives ")
                    && !found.1.starts_with("raises ")
            });
        if !fits {
            faults.push_str(&format!(
                "{program}\n  found {found:?}\n  not {expected:?}\n"
            ));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
