//! Bodies found in the wild, where they are at hand: each is checked without panic, and what is
//! accepted does not fail in jrsonnet. Prints a table.

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use diagnostics::FileId;
use jsonnet_check::{Profile, Random, Signature, check, sample};
use support::{Run, run, ty, with_stack};

/// What Kratos passes after a registration with the default identity schema, simplified.
const INPUT: &str = r#"{
  flow: {
    id: uuid, type: "api" | "browser", state: string, request_url: string, expires_at: string,
    issued_at: string, active?: string, transient_payload: { [string]: unknown },
    return_to?: string, organization_id?: string | null, ui: { action: string, method: string, nodes: unknown[] }
  },
  identity: {
    id: uuid, schema_id: string, schema_url: string, state: "active" | "inactive",
    state_changed_at?: string | null,
    traits: { email: email, username?: string, phone?: string, name?: { first?: string, last?: string } },
    verifiable_addresses?: ({ id: uuid, value: string, verified: boolean, via: "email" | "sms", status: string })[]+,
    recovery_addresses?: ({ id: uuid, value: string, via: "email" | "sms" })[]+,
    metadata_public: null | unknown, created_at: string, updated_at: string, organization_id?: string | null
  },
  request_headers: { [string]: string[]+ }, request_method: string, request_url: string,
  request_cookies: { [string]: string }
}"#;

#[test]
#[expect(clippy::disallowed_methods, reason = "the table shows times")]
fn bodies_in_the_wild() {
    with_stack(|| {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/bodies");
        let Ok(entries) = fs::read_dir(Path::new(directory)) else {
            println!("no corpus at {directory}: nothing was checked");
            return;
        };
        let mut files: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
        files.sort();
        let input = ty(INPUT);
        let signature = Signature {
            args: vec![("ctx".into(), input.clone())],
            profile: Profile::default(),
        };
        let mut table: BTreeMap<String, usize> = BTreeMap::new();
        let mut times: Vec<Duration> = Vec::new();
        let mut parses: Vec<Duration> = Vec::new();
        for file in &files {
            let text = fs::read_to_string(file).expect("a body");
            let start = Instant::now();
            let parsed = jsonnet_syntax::parse(&text, FileId::DETACHED);
            parses.push(start.elapsed());
            let checked = check(&parsed, &signature);
            times.push(start.elapsed());
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if parsed.is_accepted() && checked.is_accepted() {
                *table.entry("accepted".to_owned()).or_default() += 1;
                let mut random = Random::new(3);
                for _ in 0..50 {
                    let ctx = sample(&input, &mut random);
                    if let Run::Failure(message) = run(&text, &ctx) {
                        panic!("{name} is accepted, yet it fails on {ctx}: {message}");
                    }
                }
                continue;
            }
            let mut codes: Vec<_> = parsed
                .diagnostics
                .iter()
                .chain(&checked.diagnostics)
                .filter(|it| it.is_error())
                .collect();
            for it in &codes {
                println!("{name}: [{}] {}", it.rule.code, it.message);
            }
            codes.sort_by_key(|it| it.rule.code);
            codes.dedup_by_key(|it| it.rule.code);
            for it in codes {
                *table
                    .entry(format!("rejected: {}", it.rule.code))
                    .or_default() += 1;
            }
        }
        times.sort();
        parses.sort();
        println!("{} bodies", files.len());
        for (what, count) in table {
            println!("{count:4} {what}");
        }
        println!(
            "parse: median {:?}; parse and check: median {:?}, longest {:?}",
            parses[parses.len() / 2],
            times[times.len() / 2],
            times[times.len() - 1]
        );
    });
}
