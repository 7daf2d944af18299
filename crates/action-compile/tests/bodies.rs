//! Real bodies, where `../shared` is there: checked at their slots without panic, and none that is
//! accepted fails on any of 200 ctxs.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads files and says what it expects"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use action_compile::{CtxContext, check_body, given, phase, points};
use diagnostics::Sources;
use jsonnet_check::{Random, candidates, sample};
use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Jrsonnet, Limits};
use kratos::{Release, Slot};
use serde_json::Value;

/// Bodies of other languages' templates, and what jrsonnet refuses for reasons of its own.
const INPUTS: usize = 200;

/// The slot of each body, as far as its index names one.
fn slots(folder: &Path) -> BTreeMap<String, Slot> {
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let slot_of = |line: &str| {
        let mut columns = line.split('\t');
        let file = columns.next()?.strip_prefix("bodies/")?;
        let words = columns.next_back()?.split([' ', ',', ';', '(']);
        Some((file.to_owned(), words.filter_map(Slot::parse).next()?))
    };
    index.lines().filter_map(slot_of).collect()
}

#[test]
fn real_bodies_are_judged_and_what_is_accepted_does_not_fail() {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus"
    ));
    if !folder.is_dir() {
        println!("ran no case: the corpus is not here");
        return;
    }
    let text = std::fs::read_to_string(folder.join("default.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let context = CtxContext {
        identities: given([("default".to_owned(), schema)]),
        header_allow_list: None,
    };
    let release = Release::NEWEST;
    let slots = slots(&folder);
    let fallback = Slot::parse("registration.after.password").unwrap();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder.join("bodies"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let (mut accepted, mut rejected, mut runs) = (0, 0, 0);
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unsound = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let slot = slots
            .get(&name)
            .copied()
            .filter(|slot| slot.exists(release))
            .unwrap_or(fallback);
        let points = points(slot, phase(slot, false), release);
        let file = Sources::default().add(&*name, &*text);
        let (found, _) = check_body(&text, file, &context, &points, release, None);
        let mut codes: Vec<&str> = found
            .iter()
            .filter(|it| it.is_error())
            .map(|it| it.rule.code)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        println!(
            "{name}\t{slot}\t{}",
            if codes.is_empty() {
                "accepted".to_owned()
            } else {
                codes.join(" ")
            }
        );
        if !codes.is_empty() {
            rejected += 1;
            for code in codes {
                *by_code.entry(code).or_default() += 1;
            }
            continue;
        }
        accepted += 1;
        let ty = context.ty(&points, release);
        let mut random = Random::new(7);
        let inputs = candidates(&ty, INPUTS / 2).into_iter();
        let inputs = inputs.chain((0..INPUTS / 2).map(|_| sample(&ty, &mut random)));
        for ctx in inputs {
            runs += 1;
            if let Evaluated::Failed(failure) = Jrsonnet.evaluate(&text, &ctx, &Limits::default())
                && failure.kind != FailureKind::UserError
            {
                unsound.push(format!("{name}: {failure} on {ctx}"));
                break;
            }
        }
    }
    println!(
        "{} bodies: {accepted} accepted, {rejected} rejected {by_code:?}; {runs} runs of accepted ones",
        paths.len()
    );
    assert!(unsound.is_empty(), "{unsound:#?}");
    assert!(accepted > 20 && rejected > 20);
}
