//! `--fix` never makes a project worse: over every project of the Markdown suites, and over real
//! bodies where they are, what is left to say is a part of what was said before, and nothing but
//! the mended files has changed.
#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Files = BTreeMap<String, Vec<u8>>;

/// What is said about a project: level, code, file and message of each finding.
type Said = Vec<[String; 4]>;

fn actionc(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_actionc"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

/// `None` when there is nothing to judge. The subject is the project, or the named configuration.
fn said(folder: &Path, subject: &[&str]) -> Option<Said> {
    let arguments = [&["check", "--format", "json"], subject].concat();
    let (status, text) = actionc(folder, &arguments);
    if status == 2 {
        return None;
    }
    let document: Value = serde_json::from_str(&text).unwrap();
    let word = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let found = document.get("diagnostics").and_then(Value::as_array);
    let found = found.unwrap().iter();
    let keys = ["severity", "code", "file", "message"];
    Some(found.map(|it| keys.map(|key| word(it, key))).collect())
}

fn contents(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.to_str().unwrap().to_owned();
            files.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// Mends a project with every fix there is; gives how many findings that removed.
fn mend(name: &str, files: &Files, flags: &[&str], subject: &[&str]) -> usize {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let Some(before) = said(folder.path(), subject) else {
        return 0;
    };
    let mut arguments = vec!["check", "--fix", "--format", "github"];
    arguments.extend(flags);
    arguments.extend(subject);
    let (status, _) = actionc(folder.path(), &arguments);
    assert!(status < 2, "{name}: exit status {status}");
    let after = said(folder.path(), subject).unwrap();
    for (path, bytes) in contents(folder.path()) {
        if path.ends_with(".yaml") && serde_yaml::from_slice::<Value>(&files[&path]).is_ok() {
            let read = serde_yaml::from_slice::<Value>(&bytes);
            assert!(read.is_ok(), "{name}: {path} does not parse any more");
        }
    }
    let mut rest = before.clone();
    for finding in &after {
        match rest.iter().position(|it| it == finding) {
            Some(at) => {
                rest.swap_remove(at);
            }
            None => assert_eq!(finding[0], "note", "{name}: new: {finding:?}"),
        }
    }
    let now = contents(folder.path());
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(files), names(&now), "{name}");
    if rest.is_empty() {
        assert_eq!(files, &now, "{name}: changed for nothing");
    }
    rest.len()
}

/// The projects of a page: the files of each heading, with those of the headings above it.
fn projects(page: &Path) -> Vec<(String, Files)> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut open: Vec<(usize, String, Files)> = Vec::new();
    let mut all = Vec::new();
    let close = |open: &mut Vec<(usize, String, Files)>, level: usize, all: &mut Vec<_>| {
        while open.last().is_some_and(|(it, _, _)| *it >= level) {
            let files = open
                .iter()
                .flat_map(|(_, _, files)| files.clone())
                .collect();
            let (_, name, _) = open.pop().unwrap();
            all.push((format!("{} › {name}", page.display()), files));
        }
    };
    let mut path = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if let Some(fence) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let end = if fence.contains("crlf") { "\r\n" } else { "\n" };
            let text: String = block.iter().flat_map(|line| [*line, end]).collect();
            let (Some(path), Some((_, _, files))) = (path.take(), open.last_mut()) else {
                continue;
            };
            // What is no text has nothing to mend.
            if !fence.contains("base64") {
                files.insert(path, text.into_bytes());
            }
        } else if level > 0 {
            close(&mut open, level, &mut all);
            open.push((level, line.to_owned(), Files::new()));
        } else if let Some(name) = line.strip_prefix('`').and_then(|it| it.strip_suffix("`:")) {
            path = Some(name.to_owned());
        }
    }
    close(&mut open, 0, &mut all);
    all.retain(|(_, files): &(String, Files)| files.keys().any(|it| it.starts_with("actions/")));
    all
}

fn pages() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(crates)
        .unwrap()
        .flat_map(|it| {
            let folder = it.unwrap().path();
            let of_crate = |name| std::fs::read_dir(folder.join(name)).into_iter().flatten();
            of_crate("diagnostics")
                .chain(of_crate("mdtest"))
                .collect::<Vec<_>>()
        })
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "md"))
        .collect();
    pages.sort();
    pages
}

#[test]
fn the_projects_of_the_suites_get_no_worse() {
    let (mut projects_run, mut mended) = (0, 0);
    for page in pages() {
        for (name, files) in projects(&page) {
            projects_run += 1;
            mended += mend(&name, &files, &["--unsafe-fixes"], &[]);
        }
    }
    println!("mended {mended} findings of {projects_run} projects");
    assert!(
        projects_run > 150 && mended > 40,
        "{projects_run}, {mended}"
    );
}

#[test]
fn real_bodies_get_no_worse_where_they_are() {
    let bodies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/bodies");
    let Ok(entries) = std::fs::read_dir(bodies) else {
        println!("ran no case: the corpus is not here");
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let (mut run, mut mended) = (0, 0);
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let action =
            "flow: registration\ntiming: after\nauth_method: password\nurl: https://a.example\n";
        let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
        let inline = format!("{action}body: |2\n{indented}");
        let files = Files::from([
            ("actions/inline.yaml".to_owned(), inline.into_bytes()),
            (
                "actions/file.yaml".to_owned(),
                format!("{action}body_file: body.jsonnet\nmethod: PUT\n").into_bytes(),
            ),
            ("actions/body.jsonnet".to_owned(), text.into_bytes()),
        ]);
        run += 1;
        mended += mend(
            &path.display().to_string(),
            &files,
            &["--unsafe-fixes"],
            &[],
        );
    }
    println!("mended {mended} findings of {run} bodies, each in a scalar and in a file");
}

#[test]
fn real_configurations_get_no_worse_where_they_are() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/kratos-configs");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("ran no case: the corpus is not here");
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    // As they are; and with slips that real files have been seen with, each of which has a fix.
    let slips = [
        ("", ""),
        ("hook: web_hook", "hook: webhook"),
        ("method: POST", "method: post"),
        ("response:", "respons:"),
        ("registration:", "registraton:"),
        ("password:", "pasword:"),
    ];
    let (mut run, mut mended, mut as_they_are) = (0, 0, 0);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        if serde_yaml::from_str::<Value>(&text).is_err() {
            continue;
        }
        for (right, wrong) in slips {
            let text = text.replace(right, wrong);
            let files = Files::from([("kratos.yaml".to_owned(), text.into_bytes())]);
            let name = format!("{} with {wrong:?}", path.display());
            for flags in [&[][..], &["--unsafe-fixes"]] {
                run += 1;
                let gone = mend(&name, &files, flags, &["kratos.yaml"]);
                mended += gone;
                as_they_are += if wrong.is_empty() { gone } else { 0 };
            }
        }
    }
    println!(
        "mended {mended} findings in {run} runs over real configurations, \
         {as_they_are} of them in files as they are"
    );
    assert!(mended > 0, "nothing was mended");
}
