//! The loose bodies of the suites, the rule pages and the manual: what the checker accepts there
//! does not fail on any of 200 ctxs that conform.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test reads files and says what it expects"
)]

#[path = "bodies/runs.rs"]
mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use action_compile::{CtxContext, Identities, check_body, given, phase, points};
use diagnostics::{Diagnostic, Sources};
use kratos::{Release, Slot};
use runs::{INPUTS, failure};

/// A command that checks, types or renders bodies, with the files that are there.
struct Command {
    words: Vec<String>,
    files: BTreeMap<String, String>,
}

/// The commands of a page, as `mdtest` reads it: files of a heading are there for deeper ones.
fn commands(text: &str) -> Vec<Command> {
    let mut found = Vec::new();
    let mut scopes: Vec<(usize, BTreeMap<String, String>)> = vec![(0, BTreeMap::new())];
    let mut named = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let depth = line.bytes().take_while(|it| *it == b'#').count();
        if depth > 0 {
            scopes.retain(|(outer, _)| *outer < depth);
            let files = scopes.last().map(|it| it.1.clone()).unwrap_or_default();
            scopes.push((depth, files));
        } else if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
            let files = &mut scopes.last_mut().unwrap().1;
            if let Some(name) = named.take() {
                files.insert(name, block.join("\n"));
            } else if language == "console" {
                let bodies = block
                    .iter()
                    .filter_map(|it| it.strip_prefix("$ actionc body "));
                found.extend(bodies.map(|it| Command {
                    words: it.split_whitespace().map(str::to_owned).collect(),
                    files: files.clone(),
                }));
            }
        } else {
            let name = line.strip_prefix('`').and_then(|it| it.strip_suffix("`:"));
            named = name
                .map(str::to_owned)
                .or(named.filter(|_| line.is_empty()));
        }
    }
    found
}

/// What a command says of its bodies; `None` where the project decides that too, or nothing is
/// there to be checked.
struct Given {
    slot: Slot,
    is_parsed: bool,
    release: Release,
    context: CtxContext,
    bodies: Vec<String>,
}

fn given_by(command: &Command) -> Option<Given> {
    if command.files.contains_key("actionc.yaml") {
        return None;
    }
    let (mut slot, mut is_parsed, mut release) = (None, false, Release::NEWEST);
    let (mut schemas, mut bodies) = (Vec::new(), Vec::new());
    let mut words = command.words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--parse" => is_parsed = true,
            "--at" => slot = Slot::parse(words.next()?),
            "--kratos" => release = Release::parse(words.next()?).ok()?.release,
            "--identity-schema" => {
                let path = words.next()?;
                let document = serde_json::from_str(command.files.get(path)?).ok()?;
                schemas.push((path.split('.').next()?.to_owned(), document));
            }
            "|" => break,
            option if option.starts_with('-') => _ = words.next(),
            path => bodies.extend(command.files.get(path).cloned()),
        }
    }
    Some(Given {
        slot: slot.filter(|it| it.exists(release))?,
        is_parsed,
        release,
        context: CtxContext {
            identities: if schemas.is_empty() {
                Identities::default()
            } else {
                given(schemas)
            },
            header_allow_list: None,
        },
        bodies,
    })
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [
        "crates/actionc/mdtest",
        "crates/action-compile/diagnostics",
        "crates/jsonnet-check/diagnostics",
        "crates/jsonnet-syntax/diagnostics",
        "docs",
    ];
    let entries = folders
        .iter()
        .flat_map(|it| root.join(it).read_dir().unwrap());
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.retain(|it| {
        it.extension().is_some_and(|it| it == "md") && !it.ends_with("diagnostics.md")
    });
    paths.sort();
    paths
}

#[test]
fn what_is_accepted_on_a_page_does_not_fail() {
    let (mut accepted, mut rejected, mut runs) = (0, 0, 0);
    let (mut outside, mut without) = (0, 0);
    let mut unsound = Vec::new();
    let mut done = BTreeSet::new();
    for path in pages() {
        let text = std::fs::read_to_string(&path).unwrap();
        for command in commands(&text) {
            let Some(given) = given_by(&command) else {
                without += 1;
                continue;
            };
            let points = points(
                given.slot,
                phase(given.slot, given.is_parsed),
                given.release,
            );
            for body in &given.bodies {
                let is_new = done.insert((
                    given.slot,
                    given.release,
                    command.files.clone(),
                    body.clone(),
                ));
                if !is_new {
                    continue;
                }
                let file = Sources::default().add("body.jsonnet", body.as_str());
                let (found, _) =
                    check_body(body, file, &given.context, &points, given.release, None);
                // Of traits that no schema describes nothing is promised, and jrsonnet refuses
                // what go-jsonnet takes: two parameters of one name.
                let is_outside = |it: &Diagnostic| {
                    matches!(it.rule.code, "unknown-traits" | "duplicate-parameter")
                };
                if found.iter().any(is_outside) {
                    outside += 1;
                    continue;
                }
                if found.iter().any(Diagnostic::is_error) {
                    rejected += 1;
                    continue;
                }
                accepted += 1;
                let (tried, failed) = failure(body, &given.context, &points, given.release);
                runs += tried;
                if tried < INPUTS {
                    println!("only {tried} ctxs for {}:\n{body}", path.display());
                }
                unsound.extend(failed.map(|it| format!("{}: {it}\n{body}", path.display())));
            }
        }
    }
    println!(
        "{accepted} bodies of pages accepted and run {runs} times, {rejected} rejected, \
         {outside} outside of the promise; {without} commands are about a project or no point"
    );
    assert!(unsound.is_empty(), "{unsound:#?}");
    assert!(accepted > 40 && rejected > 60 && runs > accepted * INPUTS / 2);
}
