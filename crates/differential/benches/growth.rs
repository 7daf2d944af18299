//! How the time of a check grows: with the length of a program, with its nesting, with its branches
//! and with the alternatives of its input. And how it compares with evaluating the same programs.
//!
//! `cargo bench -p differential --bench growth`. Nothing is asserted; figures are for reading.

#![expect(clippy::print_stdout, reason = "a program that reports")]

use std::fmt::Write as _;

use differential::{Speed, of_check};
use jsonnet_check::{Ty, from_schema};
use serde_json::{Value, json};

fn member(name: &str, required: bool) -> Value {
    let required: &[&str] = if required { &[name] } else { &[] };
    json!({ "type": "object", "properties": { name: { "type": "string" } }, "required": required })
}

/// Fields one under the other, each with a guard.
fn long(size: usize) -> (String, Ty) {
    let mut fields = String::new();
    for number in 0..size {
        let _ = writeln!(
            fields,
            "  f{number}: if 'a' in ctx then ctx.a else 'n{number}',"
        );
    }
    (
        format!("function(ctx) {{\n{fields}}}"),
        from_schema(&member("a", false)),
    )
}

/// Guards inside each other.
fn nested(size: usize) -> (String, Ty) {
    let body = (0..size).fold("ctx.a".to_owned(), |body, _| {
        format!("{{ x: if 'a' in ctx then {body} else 0 }}")
    });
    (
        format!("function(ctx) if 'a' in ctx then {body}"),
        from_schema(&member("a", false)),
    )
}

/// Optional members, each asked for on its own.
fn branches(size: usize) -> (String, Ty) {
    let (mut binds, mut properties) = (String::new(), serde_json::Map::new());
    for number in 0..size {
        let _ = writeln!(
            binds,
            "local v{number} = if 'm{number}' in ctx then ctx.m{number} else 'none';"
        );
        properties.insert(format!("m{number}"), json!({ "type": "string" }));
    }
    let names: Vec<String> = (0..size).map(|it| format!("v{it}")).collect();
    let schema = json!({ "type": "object", "properties": properties });
    (
        format!(
            "function(ctx)\n{binds}std.join(' ', [{}])",
            names.join(", ")
        ),
        from_schema(&schema),
    )
}

/// Objects that one member tells apart.
fn alternatives(size: usize) -> (String, Ty) {
    let (mut cases, mut schemas) = (String::new(), Vec::new());
    for number in 0..size {
        let _ = writeln!(
            cases,
            "  if ctx.kind == 'k{number}' then ctx.m{number} else"
        );
        schemas.push(json!({
            "type": "object",
            "properties": { "kind": { "const": format!("k{number}") }, format!("m{number}"): { "type": "string" } },
            "required": ["kind", format!("m{number}")],
            "additionalProperties": false,
        }));
    }
    (
        format!("function(ctx)\n{cases}  'none'"),
        from_schema(&json!({ "anyOf": schemas })),
    )
}

fn main() {
    type Family = (&'static str, fn(usize) -> (String, Ty), [usize; 5]);
    let families: [Family; 4] = [
        ("guarded fields", long, [10, 20, 40, 80, 160]),
        ("guards inside each other", nested, [5, 10, 20, 40, 60]),
        ("optional members", branches, [5, 10, 20, 40, 80]),
        ("alternatives of the input", alternatives, [2, 4, 8, 16, 32]),
    ];
    println!("| program | size | bytes | time | for each |\n|---|---:|---:|---:|---:|");
    for (name, write, sizes) in families {
        for size in sizes {
            let (program, ty) = write(size);
            let time = of_check(&program, &ty).as_secs_f64() * 1e6;
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let each = time / size as f64;
            println!(
                "| {name} | {size} | {} | {time:.0} µs | {each:.1} µs |",
                program.len()
            );
        }
    }
    println!("\n{}", Speed::of_random(300, None));
}
