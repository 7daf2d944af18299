//! Reading is total: whatever the text, it ends, in bounded memory, and says something sensible.

use std::collections::BTreeSet;

use diagnostics::{Diagnostic, FileId};
use proptest::prelude::*;

const SEED: &str = "\
name: \"wel\\u0063ome\"
flow: registration
timing: after
auth_method: [password, oidc]
url: &url 'https://example.com/${x}'
headers:
  X-A: *url
  X-B: >-
    folded
    text
body: |
  function(ctx) { é: 1 }
response: {ignore: true, parse: false}
order: 5
---
actions:
  - <<: {flow: login}
    timing: before
";

fn read(text: &str) -> Vec<Diagnostic> {
    let mut findings = action_format::read_actions(text, FileId::DETACHED, "stem").diagnostics;
    findings.extend(action_format::read_project(text, FileId::DETACHED).diagnostics);
    findings
}

/// What holds for every finding, whatever the text.
fn check(text: &str) -> Result<(), String> {
    for finding in read(text) {
        let places = [finding.primary]
            .into_iter()
            .chain(finding.labels.iter().map(|label| label.span))
            .chain(
                finding
                    .fixes
                    .iter()
                    .flat_map(|fix| &fix.edits)
                    .map(|it| it.span),
            );
        for place in places {
            if text.get(place.range.to_usize()).is_none() {
                return Err(format!("{finding:?} lies outside the text"));
            }
        }
        let message = &finding.message;
        if message.ends_with('.') || message.contains(['\n', '\t']) || message.len() > 240 {
            return Err(format!("{message:?} is no clause of one line"));
        }
    }
    Ok(())
}

#[test]
fn every_prefix_of_a_file_is_read() {
    for end in (0..=SEED.len()).filter(|end| SEED.is_char_boundary(*end)) {
        assert_eq!(check(&SEED[..end]), Ok(()), "{}", &SEED[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_text_is_read(text in "[-a-z0-9:,\\[\\]{}&*!|>'\"%@` #\\n\\t$é\\u{feff}\\u{2028}]{0,60}") {
        prop_assert_eq!(check(&text), Ok(()));
    }

    #[test]
    fn every_damaged_file_is_read(at in any::<prop::sample::Index>(), length in 0_usize..12, text in "[-:\\[{&*|\"' \\n$a]{0,4}") {
        let starts: Vec<usize> = SEED.char_indices().map(|(start, _)| start).collect();
        let start = starts[at.index(starts.len())];
        let end = starts.iter().copied().find(|end| *end >= start + length).unwrap_or(SEED.len());
        let mut damaged = SEED.to_owned();
        damaged.replace_range(start..end, &text);
        prop_assert_eq!(check(&damaged), Ok(()));
    }
}

#[test]
fn nesting_and_alias_bombs_are_cheap() {
    let deep = format!("config: {}{}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(read(&deep)[0].rule.code, "nesting-too-deep");
    let bomb = |first: &str, line: fn(usize) -> String| -> String {
        let lines = (1..60).map(line);
        std::iter::once(first.to_owned()).chain(lines).collect()
    };
    let laughs = bomb("a0: &a0 [x]\n", |i| {
        format!("a{i}: &a{i} [*a{0}, *a{0}]\n", i - 1)
    });
    let merges = bomb("a0: &a0 {x: 1}\n", |i| {
        format!("a{i}: &a{i} {{<<: [*a{0}, *a{0}]}}\n", i - 1)
    });
    for text in [laughs + "config: *a59\n", merges + "<<: *a59\n"] {
        let codes: BTreeSet<_> = read(&text).iter().map(|it| it.rule.code).collect();
        assert!(codes.contains("alias-expansion"), "{codes:?}");
    }
}

#[test]
fn many_keys_and_entries_take_linear_time() {
    let keys: String = (0..30_000).map(|i| format!("unknown{i}: 1\n")).collect();
    assert_eq!(read(&keys).len(), 2 * 30_000 + 1);
    let names: String = (0..30_000).map(|i| format!("  - {i}\n")).collect();
    let action = format!("flow: login\ntiming: before\nhook: organization\nrun_after:\n{names}");
    let findings = action_format::read_actions(&action, FileId::DETACHED, "stem").diagnostics;
    assert_eq!(findings.len(), 30_000);
}

/// Wherever a credential is wrong, no message, label, help or fix repeats it.
#[test]
fn credentials_are_not_repeated() {
    const SECRET: &str = "71077345";
    let action = "flow: login\ntiming: before\nurl: https://example.com\n";
    let values = [
        SECRET.to_owned(),
        format!("[{SECRET}]"),
        format!("{{a: {SECRET}}}"),
        format!("'${{vars.a}}{SECRET}'"),
        format!("\"{SECRET}\""),
        format!("|\n      {SECRET}\n"),
    ];
    let forms = [
        "auth: VALUE\n",
        "auth:\n  type: bearer\n  config:\n    user: u\n    password: VALUE\n",
        "auth:\n  type: basic_auth\n  config:\n    user: 5\n    password: VALUE\n",
        "auth:\n  type: basic_auth\n  config: VALUE\n",
        "auth:\n  type: api_key\n  config:\n    name: n\n    in: body\n    value: VALUE\n",
        "auth:\n  type: api_key\n  config:\n    name: n\n    in: header\n    valeu: VALUE\n",
        "auth:\n  type: api_key\n  password: VALUE\n",
        "webhook_auth_api_key_value: VALUE\n",
        "webhook_auth_type: api_key\nwebhook_auth_basic_auth_password: VALUE\n",
        "webhook_auth_type: basic_auth\nwebhook_auth_basic_auth_password_wo: VALUE\n",
    ];
    let mut wrong = 0;
    for form in forms {
        for value in &values {
            let text = format!("{action}{}", form.replace("VALUE", value));
            for finding in read(&text) {
                let labels = finding.labels.iter().map(|label| &label.message);
                let edits = finding.fixes.iter().flat_map(|fix| &fix.edits);
                let said = [&finding.message]
                    .into_iter()
                    .chain(labels)
                    .chain(&finding.help)
                    .chain(finding.fixes.iter().map(|fix| &fix.title))
                    .chain(edits.map(|edit| &edit.new_text));
                for text in said {
                    assert!(!text.contains(SECRET), "{text}");
                }
                wrong += 1;
            }
        }
    }
    assert!(wrong > 60, "{wrong}");
}
