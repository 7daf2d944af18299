//! The pages of the codes: the example gives the code, the mended one gives nothing.

mod support;

use diagnostics::{FileId, Rule};
use jsonnet_check::{Profile, Signature, check};
use support::ty;

/// What Kratos passes after a registration, as far as the pages need it.
const INPUT: &str = r#"{
  flow: { id: uuid, type: "api" | "browser", transient_payload?: { [string]: unknown } },
  identity: {
    id: uuid, schema_id: string, state: "active" | "inactive",
    traits: { email: string, username?: string, phone?: string, name?: { first?: string, last?: string } },
    metadata_public: null | { [string]: unknown }
  },
  request_headers: { [string]: string[] }, request_method: string, request_url: string
}"#;

fn codes(program: &str) -> Vec<&'static str> {
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let signature = Signature {
        args: vec![("ctx".into(), ty(INPUT))],
        profile: Profile::default(),
    };
    let checked = check(&parsed, &signature);
    let all = parsed.diagnostics.iter().chain(&checked.diagnostics);
    all.map(|it| it.rule.code).collect()
}

fn programs(page: &str) -> Vec<&str> {
    let blocks = page.split("```jsonnet\n").skip(1);
    blocks
        .map(|block| block.split("\n```").next().unwrap_or_default())
        .collect()
}

#[test]
fn every_page_shows_its_code_and_mends_it() {
    let mut faults = String::new();
    let rules = jsonnet_check::RULES.iter().chain(jsonnet_syntax::RULES);
    for Rule { code, page, .. } in rules.copied() {
        assert!(page.starts_with(&format!("# {code}\n")), "{code}");
        let [bad, good] = programs(page).try_into().expect("two programs");
        let found = codes(bad);
        if found.is_empty() || found.iter().any(|it| it != code) {
            faults.push_str(&format!("{code} shows {found:?}:\n{bad}\n"));
        }
        let found = codes(good);
        if !found.is_empty() {
            faults.push_str(&format!("{code}, mended, shows {found:?}:\n{good}\n"));
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
