//! Pages that speak about the repository itself, such as the README.
//!
//! In them a file is not written but shown: the block must equal the file of the repository.
//! Invariant: a strict page holds no block that nothing checks (the reader of the page sees to
//! that) and names no command that neither it nor the place it points to runs.

use std::path::Path;

use crate::document::{Document, Failure, File, Step};

/// A command that a page shows and another file runs.
#[derive(Clone, Debug)]
pub(crate) struct Elsewhere {
    pub(crate) command: String,
    /// Relative to the root.
    pub(crate) file: String,
}

/// Takes the files out of a page, so that its tests do not write them.
pub(crate) fn take_files(document: &mut Document) -> Vec<File> {
    let mut files = Vec::new();
    for section in &mut document.sections {
        section.steps.retain(|step| match step {
            Step::File(file) => {
                files.push(file.clone());
                false
            }
            Step::Console(_) => true,
        });
    }
    files
}

/// Compares the files that a page shows with those of the repository.
pub(crate) fn compare(files: &[File], root: &Path) -> Vec<Failure> {
    let wrong = |file: &File| match std::fs::read(root.join(&file.path)) {
        Ok(content) if content == file.content => None,
        Ok(content) => {
            let (there, here) = (
                String::from_utf8_lossy(&content).into_owned(),
                String::from_utf8_lossy(&file.content).into_owned(),
            );
            let diff = similar::TextDiff::from_lines(&here, &there);
            let diff = diff.unified_diff().context_radius(2).to_string();
            let text = format!("`{}` is not what the repository has\n{diff}", file.path);
            Some(Failure::new(file.line, text.trim_end()))
        }
        Err(error) => Some(Failure::new(
            file.line,
            format!("`{}` is not in the repository: {error}", file.path),
        )),
    };
    files.iter().filter_map(wrong).collect()
}

/// Looks each command that a page leaves to another file up there.
pub(crate) fn looked_up(document: &Document, elsewhere: &[Elsewhere], root: &Path) -> Vec<Failure> {
    let consoles = document.sections.iter().flat_map(|section| &section.steps);
    let prompts = consoles.filter_map(|step| match step {
        Step::Console(console) => Some(&console.prompts),
        Step::File(_) => None,
    });
    let wrong = prompts.flatten().filter_map(|prompt| {
        let place = elsewhere.iter().find(|it| it.command == prompt.source)?;
        let text = std::fs::read_to_string(root.join(&place.file)).unwrap_or_default();
        // It may be followed by a redirection, not by further arguments.
        let runs = |line: &str| {
            let rest = line.trim().strip_prefix(place.command.as_str());
            rest.map(str::trim_start).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(['>', '|', ';', '&']) || rest.starts_with("2>")
            })
        };
        (!text.lines().any(runs)).then(|| {
            let text = format!("`{}` does not run `{}`", place.file, place.command);
            Failure::new(prompt.line, text)
        })
    });
    wrong.collect()
}
