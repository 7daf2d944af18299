//! Real bodies, where the corpus is there: checked at their slots and held against the verdicts of
//! `bodies.tsv`, each of which was judged by hand. None that is accepted fails on any of 200 ctxs,
//! and whatever is rejected is seen to fail, or it is said why not.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test reads files and says what it expects"
)]

#[path = "bodies/runs.rs"]
mod runs;

use std::collections::BTreeMap;
use std::path::PathBuf;

use action_compile::{CtxContext, check_body, given, phase, points};
use diagnostics::{Diagnostic, Sources};
use jsonnet_eval::Jrsonnet;
use kratos::{Release, Slot};
use runs::{INPUTS, failure};
use serde_json::Value;

const RELEASE: Release = Release::NEWEST;

struct Corpus {
    folder: PathBuf,
    /// File, repository, path, note.
    index: Vec<[String; 4]>,
}

type Body = (String, String, Vec<(Slot, bool)>);

impl Corpus {
    fn open() -> Option<Self> {
        let folder = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/corpus"
        ));
        let index = std::fs::read_to_string(folder.join("INDEX.tsv")).ok()?;
        let row = |line: &str| {
            let columns: Vec<&str> = line.split('\t').collect();
            let column = |at: usize| columns.get(at).copied().unwrap_or_default().to_owned();
            [column(0), column(1), column(2), column(4)]
        };
        Some(Self {
            folder,
            index: index.lines().map(row).collect(),
        })
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).unwrap()
    }

    /// Every body with its repository and the lists of hooks where it runs, parsed or not.
    fn bodies(&self) -> Vec<Body> {
        let bodies = self.index.iter().filter_map(|[file, repository, _, note]| {
            let name = file.strip_prefix("bodies/")?;
            Some((name.to_owned(), repository.clone(), slots(note)))
        });
        bodies.collect()
    }

    /// The identity schemas that a repository uses, by the names of their files, else the default.
    fn context(&self, repository: &str) -> CtxContext {
        let own =
            |row: &&[String; 4]| row[0].starts_with("identity-schemas/") && row[1] == repository;
        let all: Vec<&[String; 4]> = self.index.iter().filter(own).collect();
        let used = |row: &&[String; 4]| row[3].starts_with("used by");
        let any_used = all.iter().any(&used);
        let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
        for row in all.iter().filter(|it| !any_used || used(it)) {
            let name = row[2].rsplit('/').next().unwrap_or_default();
            let id = name.split('.').next().unwrap_or_default().to_owned();
            let document: Value = serde_json::from_str(&self.read(&row[0])).unwrap();
            schemas.entry(id).or_insert(document);
        }
        if schemas.is_empty() {
            let text = self.read("default.schema.json");
            schemas.insert("default".to_owned(), serde_json::from_str(&text).unwrap());
        }
        CtxContext {
            identities: given(schemas),
            header_allow_list: None,
        }
    }
}

/// The lists of hooks that a note names; `(parse)` and `(interrupt)` say that the answer is read.
fn slots(note: &str) -> Vec<(Slot, bool)> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
    let mut found = Vec::new();
    for word in note.split([' ', ',', ';']) {
        let trimmed = word.trim_start_matches('(');
        let name: String = trimmed.chars().take_while(|it| is_part(*it)).collect();
        let Some(slot) = Slot::parse(&name).filter(|it| it.exists(RELEASE)) else {
            continue;
        };
        let is_parsed = word.contains("(parse") || word.contains("(interrupt");
        if !found.contains(&(slot, is_parsed)) {
            found.push((slot, is_parsed));
        }
    }
    if found.is_empty() {
        found.push((Slot::parse("registration.after.password").unwrap(), false));
    }
    found
}

fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
    let errors = found.iter().filter(|it| it.is_error());
    let mut codes: Vec<&str> = errors.map(|it| it.rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// How a function is spoken of that the release lacks and the evaluator of the tests has.
const NEWER: &str = "exists from go-jsonnet";

/// Why a finding has no witness, if that needs none.
fn excuse(finding: &Diagnostic, found: &[Diagnostic]) -> Option<&'static str> {
    let is_broken = found.iter().any(|it| it.rule.code == "jsonnet-syntax");
    match finding.rule.code {
        "cannot-prove" | "unknown-type" => Some("could not be proven"),
        _ if is_broken => Some("the text does not parse"),
        _ if finding.message.contains(NEWER) => Some("the evaluator has a newer library"),
        _ => None,
    }
}

#[test]
fn real_bodies_are_judged_and_what_is_accepted_does_not_fail() {
    let Some(corpus) = Corpus::open() else {
        println!("ran no case: the corpus is not here");
        return;
    };
    let table = include_str!("bodies.tsv").lines().skip(1);
    let judged: BTreeMap<(&str, &str), Vec<&str>> = table
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            ((columns[0], columns[1]), columns[2..].to_vec())
        })
        .collect();
    let (mut accepted, mut rejected, mut runs) = (0, 0, 0);
    let (mut seen, mut excused, mut unconfirmed) = (0, Vec::new(), Vec::new());
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut unsound, mut unexpected, mut wrong) = (Vec::new(), Vec::new(), 0);
    let bodies = corpus.bodies();
    for (name, repository, slots) in &bodies {
        let text = corpus.read(&format!("bodies/{name}"));
        let context = corpus.context(repository);
        for (slot, is_parsed) in slots {
            let place = format!("{slot}{}", if *is_parsed { " --parse" } else { "" });
            let points = points(*slot, phase(*slot, *is_parsed), RELEASE);
            let file = Sources::default().add(name.as_str(), &*text);
            let (found, _) = check_body(&text, file, &context, &points, RELEASE, Some(&Jrsonnet));
            let codes = codes(&found);
            let verdict = if codes.is_empty() {
                "accepted"
            } else {
                "rejected"
            };
            let row = [verdict.to_owned(), codes.join(" ")];
            let known = judged.get(&(name.as_str(), place.as_str()));
            if known.is_none_or(|it| it[..2] != row) {
                unexpected.push(format!("{name}\t{place}\t{verdict}\t{}", row[1]));
            }
            wrong += usize::from(known.is_some_and(|it| it[2] != "right"));
            if codes.is_empty() {
                accepted += 1;
                let (tried, failed) = failure(&text, &context, &points, RELEASE);
                runs += tried;
                if tried < INPUTS {
                    println!("{name} at {place}: only {tried} ctxs");
                }
                unsound.extend(failed.map(|it| format!("{name} at {place}: {it}")));
                continue;
            }
            rejected += 1;
            for code in codes {
                *by_code.entry(code).or_default() += 1;
            }
            for finding in found.iter().filter(|it| it.is_error()) {
                let line = format!(
                    "{name} at {place}: [{}] {}",
                    finding.rule.code, finding.message
                );
                println!("{line}");
                match (&finding.witness, excuse(finding, &found)) {
                    (Some(_), _) => seen += 1,
                    _ if finding.rule.code == "jsonnet-syntax" => {}
                    (None, Some(why)) => excused.push(format!("{line} ({why})")),
                    (None, None) => unconfirmed.push(line),
                }
            }
        }
    }
    println!(
        "{} bodies at {} lists: {accepted} accepted, {rejected} rejected, {wrong} judged wrong",
        bodies.len(),
        accepted + rejected,
    );
    for (code, count) in &by_code {
        println!("{count:5} rejected with {code}");
    }
    println!("{runs} runs of accepted ones on conforming ctxs");
    println!(
        "{seen} errors seen, {} excused, {} unconfirmed:\n{}\n{}",
        excused.len(),
        unconfirmed.len(),
        excused.join("\n"),
        unconfirmed.join("\n"),
    );
    assert!(unsound.is_empty(), "{unsound:#?}");
    assert!(
        unexpected.is_empty(),
        "not as judged:\n{}",
        unexpected.join("\n")
    );
    assert_eq!(judged.len(), accepted + rejected, "a row has no body");
    assert!(unconfirmed.len() * 20 <= seen + unconfirmed.len());
    assert!(accepted > 20 && rejected > 20 && runs > accepted * INPUTS / 2);
}

/// The findings in what the suites show: the code, and whether it was seen to happen.
fn shown(block: &str) -> Vec<(&str, bool)> {
    let mut found: Vec<(&str, bool)> = Vec::new();
    let mut is_error = false;
    for line in block.lines() {
        if let Some((code, _)) = line
            .strip_prefix("error[")
            .and_then(|it| it.split_once(']'))
        {
            is_error = !line.contains(NEWER);
            found.extend(is_error.then_some((code, false)));
        } else if line.starts_with("warning[") || line.starts_with("note[") {
            is_error = false;
        } else if line.starts_with("seen: ")
            && let Some(last) = found.last_mut().filter(|_| is_error)
        {
            last.1 = true;
        }
    }
    found
}

#[test]
fn errors_of_the_suites_are_seen() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../actionc/mdtest");
    let unproven = ["cannot-prove", "unknown-type"];
    let checked: Vec<&str> = jsonnet_check::RULES.iter().map(|it| it.code).collect();
    let (mut seen, mut unseen, mut excused) = (0, Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("\n### ") {
            for block in part.split("```console\n").skip(1) {
                let block = block.split("```").next().unwrap();
                let is_broken = block.contains("error[jsonnet-syntax]")
                    || block.contains("error[unknown-variable]");
                for (code, is_seen) in shown(block) {
                    match () {
                        () if !checked.contains(&code) => {}
                        () if is_seen => seen += 1,
                        () if is_broken || unproven.contains(&code) => excused += 1,
                        () => unseen.push(format!("[{code}] in {}", part.lines().next().unwrap())),
                    }
                }
            }
        }
    }
    println!(
        "{seen} errors of the suites seen, {excused} excused, {} unconfirmed:\n{}",
        unseen.len(),
        unseen.join("\n"),
    );
    assert!(seen > 50);
    assert!(unseen.len() * 20 <= seen + unseen.len());
}
