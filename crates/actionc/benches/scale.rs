//! Time and peak memory of `compile` for 10, 1,000 and 10,000 actions, against the floor of the
//! same run: walking the folder, reading every file and parsing its YAML, in a process of its own.
//! Then the same 1,000 actions in memory, with and without the rules of `lint`; `-- --rules` does
//! that alone.
//!
//! `cargo bench -p actionc --bench scale`. Nothing is asserted; figures are for reading.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what it expects"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A project of that many actions over the slots of four flows.
fn project(folder: &Path, actions: usize) {
    std::fs::create_dir_all(folder.join("actions")).unwrap();
    std::fs::write(
        folder.join("actionc.yaml"),
        "base: kratos.base.yaml\nout: kratos.yaml\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("kratos.base.yaml"),
        "dsn: memory\nselfservice:\n  flows: {}\n",
    )
    .unwrap();
    let points = [
        "flow: registration\ntiming: after\nauth_method: password\n",
        "flow: login\ntiming: after\nauth_method: [password, oidc]\n",
        "flow: settings\ntiming: after\nauth_method: profile\n",
        "flow: recovery\ntiming: after\n",
    ];
    for index in 0..actions {
        let point = points[index % points.len()];
        let text = format!(
            "description: generated action number {index}\n{point}url: https://api.example.com/hooks/{index}\nmode: notify\nbody: |\n  function(ctx) {{\n    // what the receiver needs\n    event: 'number {index}',\n    flow: ctx.flow.id,\n    identity: {{\n      id: ctx.identity.id,\n      traits: ctx.identity.traits,\n    }},\n  }}\n"
        );
        std::fs::write(folder.join(format!("actions/action-{index:05}.yaml")), text).unwrap();
    }
}

/// Seconds and the high-water mark of resident memory in MiB, of one run.
fn measure(mut command: Command) -> (f64, f64) {
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM:"))
            && let Some(kib) = line
                .split_whitespace()
                .nth(1)
                .and_then(|kib| kib.parse::<f64>().ok())
        {
            peak = peak.max(kib / 1024.0);
        }
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return (started.elapsed().as_secs_f64(), peak);
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// The best time and the largest peak of several runs.
fn best(runs: usize, command: impl Fn() -> Command) -> (f64, f64) {
    let measured: Vec<(f64, f64)> = (0..runs).map(|_| measure(command())).collect();
    let time = measured
        .iter()
        .map(|run| run.0)
        .fold(f64::INFINITY, f64::min);
    let peak = measured.iter().map(|run| run.1).fold(0.0, f64::max);
    (time, peak)
}

fn floor(folder: &str) {
    let mut sources = diagnostics::Sources::default();
    let mut nodes = 0;
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let file = sources.add(entry.path().display().to_string(), text);
            nodes += yaml::parse(sources.text(file), file).documents.len();
        }
    }
    assert!(nodes > 0);
}

/// Median seconds of all passes over 1,000 actions: with the rules of `lint`, and without.
fn rules() -> [f64; 2] {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path(), 1_000);
    let mut files = action_compile::MemoryFiles::default();
    for entry in walkdir::WalkDir::new(folder.path()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder.path()).unwrap();
            files.insert(path.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
        }
    }
    let options = action_compile::Options {
        project: Some("actionc.yaml".to_owned()),
        ..Default::default()
    };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..21 {
        for (passes, times) in [action_compile::compile, action_compile::compile_unlinted]
            .into_iter()
            .zip(&mut times)
        {
            let started = Instant::now();
            let compiled = passes(&files, &options).unwrap();
            times.push(started.elapsed().as_secs_f64());
            assert!(compiled.output.is_some());
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

fn print_rules() {
    let [with, without] = rules();
    println!(
        "1,000 actions in memory: {with:.4} s with every rule, {without:.4} s without, ratio {:.2}",
        with / without
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, folder] = arguments.as_slice()
        && flag == "--floor"
    {
        floor(folder);
        return;
    }
    if arguments.iter().any(|it| it == "--rules") {
        print_rules();
        return;
    }
    let this = std::env::current_exe().unwrap();
    println!(
        "{:>8} {:>12} {:>12} {:>7} {:>12} {:>12}",
        "actions", "compile s", "floor s", "ratio", "compile MiB", "floor MiB"
    );
    for actions in [10, 1_000, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        project(folder.path(), actions);
        let runs = if actions > 1_000 { 3 } else { 7 };
        let (time, peak) = best(runs, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_actionc"));
            command
                .args(["compile", "--out", "-"])
                .current_dir(folder.path());
            command
        });
        let (floor_time, floor_peak) = best(runs, || {
            let mut command = Command::new(&this);
            command.arg("--floor").arg(folder.path().join("actions"));
            command
        });
        println!(
            "{actions:>8} {time:>12.4} {floor_time:>12.4} {:>7.1} {peak:>12.1} {floor_peak:>12.1}",
            time / floor_time
        );
    }
    print_rules();
}
