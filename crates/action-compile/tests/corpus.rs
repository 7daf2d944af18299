//! Real configurations as bases, where `../shared` is there: one more action on
//! registration.after.password and one for all methods of login, in YAML, JSON and TOML.
//!
//! Held: bytes outside the touched `hooks` entries stay, the chains are the base's plus the
//! actions, and compiling the result again changes nothing.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test says what it expects"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use action_compile::{Compiled, HookView, MemoryFiles, Options, compile, plan_file};
use kratos::{ChainKey, Flow, Method, Phase, Point, Timing};
use serde_json::Value;
use yaml::{Kind, Node};

const WELCOME: &str = "https://action.example/welcome";
const AUDIT: &str = "https://action.example/audit";

fn project(path: &str, base: &str) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    files.insert(path, base);
    files.insert(
        "actions/welcome.yaml",
        format!("flow: registration\ntiming: after\nauth_method: password\nurl: {WELCOME}\nmode: wait\nbody: '{{}}'\n"),
    );
    files.insert(
        "actions/audit.yaml",
        format!("flow: login\ntiming: after\nauth_method: all\nurl: {AUDIT}\nmode: notify\nbody: '{{}}'\n"),
    );
    files
}

fn run(files: &MemoryFiles, path: &str) -> Compiled {
    let options = Options {
        base: Some(path.to_owned()),
        ..Options::default()
    };
    compile(files, &options).unwrap()
}

fn is_ours(hook: &HookView) -> bool {
    matches!(hook.url.as_deref(), Some(WELCOME | AUDIT))
}

/// Checks one base in one format; gives the reason when it is refused.
fn check(path: &str, base: &str) -> Result<(), String> {
    let files = project(path, base);
    let compiled = run(&files, path);
    let Some(output) = compiled.output else {
        let found: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|it| format!("{}: {}", it.rule.code, it.message))
            .collect();
        return Err(found.join("; "));
    };
    let before = plan_file(&files, path, &Options::default())
        .unwrap()
        .output
        .unwrap()
        .plan;

    let mut covered = BTreeSet::new();
    for (chain, base_chain) in output.plan.chains.iter().zip(&before.chains) {
        assert_eq!(chain.point, base_chain.point);
        let same = |hook: &HookView| {
            (
                hook.hook.clone(),
                hook.url.clone(),
                hook.response,
                hook.clients,
            )
        };
        let rest: Vec<_> = chain
            .hooks
            .iter()
            .filter(|hook| !is_ours(hook))
            .map(same)
            .collect();
        let expected: Vec<_> = base_chain.hooks.iter().map(same).collect();
        assert_eq!(rest, expected, "{path}: {:?}", chain.point);
        for hook in chain.hooks.iter().filter(|hook| is_ours(hook)) {
            assert!(
                covered.insert((chain.point, hook.url.clone())),
                "twice at {:?}",
                chain.point
            );
        }
    }
    let welcome = Point {
        flow: Flow::Registration,
        timing: Timing::After,
        key: ChainKey::Method(Method::Password),
        phase: Phase::PostPersist,
    };
    assert!(
        covered.remove(&(welcome, Some(WELCOME.to_owned()))),
        "{path}: the welcome action does not run"
    );
    let login = |point: &Point| point.flow == Flow::Login && point.timing == Timing::After;
    assert!(
        covered
            .iter()
            .all(|(point, url)| login(point) && url.as_deref() == Some(AUDIT))
    );
    assert!(
        covered
            .iter()
            .any(|(point, _)| point.key == ChainKey::Other)
    );

    kept(path, base, &output.text);
    let mut again = files.clone();
    again.insert(path, output.text.as_bytes());
    assert_eq!(
        run(&again, path).output.unwrap().text,
        output.text,
        "{path}: a second compile changes the file"
    );
    Ok(())
}

/// Everything but the touched lists is there as it was.
fn kept(path: &str, old: &str, new: &str) {
    if path.ends_with(".yaml") {
        let touched = touched(new);
        let diff = similar::TextDiff::from_lines(old, new);
        let mut at = 0;
        for change in diff.iter_all_changes() {
            let length = change.value().len();
            match change.tag() {
                similar::ChangeTag::Equal => at += length,
                similar::ChangeTag::Delete => {
                    let line = change.value().trim();
                    let empty = ["[]", "{}", "~", "null", ":"]
                        .iter()
                        .any(|end| line.ends_with(end));
                    assert!(empty, "{path}: lost {line:?}");
                }
                similar::ChangeTag::Insert => {
                    // The line itself, without its indentation.
                    let text = change.value();
                    let start = at + text.len() - text.trim_start().len();
                    let inside = text.trim().is_empty()
                        || touched.iter().any(|range| range.contains(&start));
                    assert!(inside, "{path}: added outside the hooks: {text:?}");
                    at += length;
                }
            }
        }
    } else {
        let solid = |text: &str| {
            text.chars()
                .filter(|c| !c.is_whitespace())
                .collect::<Vec<_>>()
        };
        let mut rest = solid(new).into_iter();
        assert!(
            solid(old).into_iter().all(|c| rest.any(|other| other == c)),
            "{path}: lost a part"
        );
    }
}

/// The places of `registration.after` and `login.after` entries, where new keys may stand.
fn touched(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut sources = diagnostics::Sources::default();
    let file = sources.add("x", text);
    let parsed = yaml::parse(text, file);
    let root = &parsed.documents.first().unwrap().root;
    let mut ranges = Vec::new();
    for path in [
        vec!["selfservice"],
        vec!["selfservice", "flows"],
        vec!["selfservice", "flows", "registration"],
        vec!["selfservice", "flows", "login"],
    ] {
        let (last, above) = path.split_last().unwrap();
        if let Some(Kind::Mapping(mapping)) = root.at(above).map(|node: &Node| &node.kind)
            && let Some(entry) = mapping.get(last)
        {
            // The key itself may be new; below it only `after` may.
            ranges.push(entry.key.range.to_usize());
            if let Some(after) = entry
                .value
                .as_mapping()
                .and_then(|mapping| mapping.get("after"))
            {
                ranges.push(after.key.range.start as usize..after.value.range.end as usize);
            }
        }
    }
    ranges
}

/// The configuration without nulls, which TOML does not have.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| !member.is_null());
            Value::Object(
                members
                    .map(|(key, member)| (key.clone(), without_null(member)))
                    .collect(),
            )
        }
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(without_null)
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn real_configurations_keep_everything_and_gain_the_actions() {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus/kratos-configs"
    ));
    if !folder.is_dir() {
        println!("ran no case: the corpus is not here");
        return;
    }
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let all = paths.len();
    let (mut plain, mut passed, mut refused) = (0, [0, 0, 0], Vec::new());
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        // Templates and broken files are no configurations.
        let Ok(value) = serde_yaml::from_str::<Value>(&text) else {
            continue;
        };
        plain += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let json = format!("{value:#}\n");
        let toml = toml_edit::ser::to_string_pretty(&without_null(&value)).unwrap();
        for (index, (base_path, base)) in [
            ("base.yaml", text.as_str()),
            ("base.json", json.as_str()),
            ("base.toml", toml.as_str()),
        ]
        .into_iter()
        .enumerate()
        {
            match check(base_path, base) {
                Ok(()) => passed[index] += 1,
                // Values of a Helm chart, which hold a configuration and are none.
                Err(reason) if value.get("selfservice").is_none() => {
                    assert!(reason.contains("invalid-base: "), "{name}: {reason}");
                    passed[index] += 1;
                }
                Err(reason) => refused.push(format!("{name} as {base_path}: {reason}")),
            }
        }
    }
    println!(
        "{all} files, {plain} plain: passed {} as YAML, {} as JSON, {} as TOML",
        passed[0], passed[1], passed[2]
    );
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(plain >= 25, "found {plain} plain configurations");
}
