//! What is found in real configurations, where `../shared` is there: a table of findings per code,
//! and four mistakes counted a second time, on the plain values, by what Kratos does with them.
//!
//! Held: each such mistake is found, and nothing else is found under its code.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test says what it expects"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use action_compile::{MemoryFiles, Options, check_files, is_configuration};
use diagnostics::Level;
use serde_json::Value;

/// How often each of the four mistakes stands in a configuration.
type Counts = BTreeMap<&'static str, usize>;

const COUNTED: [&str; 4] = [
    "shadowed-hooks",
    "global-parse-never-called",
    "missing-body",
    "bad-method",
];

/// The values of a Helm chart hold the configuration at `kratos.config`.
fn configuration_in(document: &Value) -> &Value {
    let paths = ["", "/kratos/config", "/kratos/kratos/config"];
    let mut found = paths.iter().filter_map(|path| document.pointer(path));
    found.find(|it| it["selfservice"].is_object()).unwrap()
}

fn hooks(list: &Value) -> Vec<&Value> {
    list["hooks"].as_array().into_iter().flatten().collect()
}

/// Whether a method is on, and asked by the flow after it; as the defaults of v26.2.0 are.
fn is_on(methods: &Value, method: &str) -> bool {
    let switch = &methods[method]["enabled"];
    let by_default = ["password", "profile", "code", "link"].contains(&method);
    switch.as_bool().unwrap_or(by_default)
}

fn is_parsed(hook: &Value) -> bool {
    let config = &hook["config"];
    hook["hook"] == "web_hook"
        && (config["response"]["parse"] == true || config["can_interrupt"] == true)
}

fn counted(root: &Value) -> Counts {
    let mut counts = Counts::new();
    let mut count = |code, number| *counts.entry(code).or_default() += number;
    let selfservice = &root["selfservice"];
    let flows = selfservice["flows"].as_object().into_iter().flatten();
    for (flow, lists) in flows {
        let after = &lists["after"];
        let has_phases = ["registration", "settings"].contains(&flow.as_str());
        let global = hooks(after);
        let mut all = vec![hooks(&lists["before"]), global.clone()];
        for (method, list) in after.as_object().into_iter().flatten() {
            let own = hooks(list);
            // Parsed hooks of the global list never run there, so nothing switches them off.
            let lost = global.iter().any(|hook| {
                let runs = !(has_phases && is_parsed(hook));
                let is_refused = flow == "registration" && hook["hook"] == "session";
                runs && !is_refused && !own.contains(hook)
            });
            if !own.is_empty() && lost && is_on(&selfservice["methods"], method) {
                count("shadowed-hooks", 1);
            }
            all.push(own);
        }
        let never_called = global.iter().filter(|hook| has_phases && is_parsed(hook));
        count("global-parse-never-called", never_called.count());
        for hook in all.concat() {
            let config = &hook["config"];
            if hook["hook"] == "web_hook" {
                let is_without = |key: &str| config[key].as_str().is_none_or(str::is_empty);
                count(
                    "missing-body",
                    usize::from(is_without("body") && config["method"] != "TRACE"),
                );
                count("bad-method", usize::from(config["method"] == ""));
            }
        }
    }
    counts
}

#[test]
fn real_configurations_are_linted() {
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
    let mut others = Vec::new();
    let mut table: BTreeMap<(Level, &str), usize> = BTreeMap::new();
    let (mut linted, mut independent, mut errors) = (0, Counts::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut files = MemoryFiles::default();
        files.insert(&name, text.as_str());
        if !is_configuration(&files, &name) {
            others.push(name);
            continue;
        }
        linted += 1;
        let compiled =
            check_files(&files, std::slice::from_ref(&name), &Options::default()).unwrap();
        let mut found = Counts::new();
        for finding in &compiled.diagnostics {
            *table.entry((finding.level, finding.rule.code)).or_default() += 1;
            if let Some(code) = COUNTED.iter().find(|code| **code == finding.rule.code) {
                *found.entry(code).or_default() += 1;
            }
            if finding.is_error() {
                let line = compiled.sources.line(finding.primary);
                errors.push(format!(
                    "{name}:{line}: {}: {}",
                    finding.rule.code, finding.message
                ));
            }
        }
        let value: Value = serde_yaml::from_str(&text).unwrap();
        for (code, number) in counted(configuration_in(&value)) {
            assert_eq!(
                found.get(code).copied().unwrap_or(0),
                number,
                "{name}: {code}"
            );
            *independent.entry(code).or_default() += number;
        }
    }
    println!(
        "linted {linted} of {all} files; no configuration: {}",
        others.join(", ")
    );
    for ((level, code), number) in &table {
        println!("{number:>5} {} {code}", level.as_str());
    }
    println!("counted on the plain values as well: {independent:?}");
    println!("at error level:\n  {}", errors.join("\n  "));
    for code in COUNTED {
        assert!(independent[code] > 0, "the corpus has no {code}");
    }
    assert!(linted >= 28, "linted {linted}");
}
