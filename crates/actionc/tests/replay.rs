//! The chains that `plan FILE --kratos RELEASE` prints predict what real Kratos called.
//!
//! The recordings in the repository always; all of them where `../shared` is there.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test says what it expects"
)]

#[path = "../../kratos/tests/replay/replay.rs"]
mod replay;

use std::path::{Path, PathBuf};
use std::process::Command;

use replay::{Judge, PlannedChain, PlannedHook};
use serde_json::{Value, json};

/// The plan of one recorded configuration, as the program prints it.
fn plan(folder: &Path, flows: &Value, release: &str) -> Vec<PlannedChain> {
    let file = folder.join("kratos.json");
    std::fs::write(&file, json!({"selfservice": {"flows": flows}}).to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_actionc"))
        .args([
            "plan",
            "kratos.json",
            "--kratos",
            release,
            "--format",
            "json",
        ])
        .current_dir(folder)
        .output()
        .unwrap();
    // Some recorded lists hold hooks that never run, which is a finding.
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["format_version"], "1");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let hook = |hook: &Value| PlannedHook {
        hook: text(&hook["hook"]).unwrap(),
        slot: text(&hook["slot"]),
        index: hook["index"]
            .as_u64()
            .map(|index| usize::try_from(index).unwrap()),
        response: text(&hook["response"]),
        clients: text(&hook["clients"]),
    };
    let chain = |chain: &Value| PlannedChain {
        flow: text(&chain["flow"]).unwrap(),
        timing: text(&chain["timing"]).unwrap(),
        auth_method: text(&chain["auth_method"]),
        phase: text(&chain["phase"]).unwrap(),
        hooks: chain["hooks"]
            .as_array()
            .unwrap()
            .iter()
            .map(hook)
            .collect(),
    };
    document["chains"]
        .as_array()
        .unwrap()
        .iter()
        .map(chain)
        .collect()
}

/// Replays every line of a file; gives predicted and different steps.
fn replay_file(path: &Path, folder: &Path) -> (usize, Vec<String>) {
    let mut judge = Judge::default();
    let mut steps = 0;
    let mut differences = Vec::new();
    for line in std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| line.starts_with('{'))
    {
        let recorded: Value = serde_json::from_str(line).unwrap();
        let release = match recorded["kratos"].as_str().unwrap() {
            "HEAD" => "main",
            release => release,
        };
        let chains = plan(folder, &recorded["flows"], release);
        let replayed = replay::replay(&chains, &recorded["flows"], &recorded, &mut judge);
        steps += replayed.steps;
        differences.extend(replayed.differences);
    }
    (steps, differences)
}

fn replay_folder(recordings: &Path) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(recordings)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "jsonl")
    });
    let mut all = 0;
    for file in files {
        let (steps, differences) = replay_file(&file, folder.path());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        println!(
            "{name}: predicted {steps} of {} recorded steps",
            steps + differences.len()
        );
        assert!(differences.is_empty(), "{name}: {differences:#?}");
        all += steps;
    }
    all
}

#[test]
fn plans_predict_the_recordings_of_the_repository() {
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kratos/tests/recorded");
    assert!(replay_folder(&recordings) > 1500);
}

#[test]
fn plans_predict_all_recordings_where_they_are() {
    let recordings =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/kratos/recorded/chains");
    if recordings.is_dir() {
        println!("predicted {} steps in all", replay_folder(&recordings));
    } else {
        println!("ran no case: the full recordings are not here");
    }
}
