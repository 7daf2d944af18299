//! A project and configurations beside it, checked in one run: two results become one.
//!
//! Invariant: a file that both have read is one source, and what both say of a place is said once,
//! at the graver level.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Diagnostic, FileId, Sources, Span, render};

use crate::files::Files;
use crate::settings::Options;
use crate::suppress::UNUSED_SUPPRESSION;
use crate::{CompileError, Compiled, check_files, compile};

/// A project together with existing configurations, which are checked each by itself.
#[derive(Debug)]
pub struct Beside {
    /// Both results.
    pub compiled: Compiled,
    /// Every file that was read for the configurations.
    pub read: BTreeSet<String>,
}

/// Compiles the project and checks configurations beside it.
///
/// # Errors
/// When files cannot be had, or on a defect of ours.
pub fn compile_beside(
    files: &dyn Files,
    paths: &[String],
    options: &Options,
) -> Result<Beside, CompileError> {
    let project = compile(files, options)?;
    let apart = check_files(files, paths, options)?;
    let of_project = options.project.as_deref();
    let read = apart.sources.iter().map(|(_, source)| source.path());
    let read = read.filter(|path| Some(*path) != of_project);
    Ok(Beside {
        read: read.map(str::to_owned).collect(),
        compiled: both(project, apart),
    })
}

/// What identifies a finding among those of two runs.
type Key = (Span, &'static str, String, String);

fn both(project: Compiled, apart: Compiled) -> Compiled {
    let mut sources = project.sources;
    let (known_as, shared) = join(&mut sources, &apart.sources);
    let mut others = apart.diagnostics;
    for diagnostic in &mut others {
        diagnostic.map_spans(|span| Span {
            file: known_as.get(&span.file).copied().unwrap_or(span.file),
            range: span.range,
        });
    }
    let (here, there) = (unused(&project.diagnostics), unused(&others));
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    for diagnostic in project.diagnostics.into_iter().chain(others) {
        let place = diagnostic.primary;
        // What one of the two runs has accepted is of use.
        let is_used = !(here.contains(&place) && there.contains(&place));
        if *diagnostic.rule == UNUSED_SUPPRESSION && shared.contains(&place.file) && is_used {
            continue;
        }
        let key = (
            place,
            diagnostic.rule.code,
            diagnostic.message.clone(),
            diagnostic.annotation.clone(),
        );
        match places.get(&key).and_then(|at| diagnostics.get_mut(*at)) {
            Some(known) => known.level = known.level.min(diagnostic.level),
            None => {
                places.insert(key, diagnostics.len());
                diagnostics.push(diagnostic);
            }
        }
    }
    render::sort(&mut diagnostics, &sources);
    Compiled {
        sources,
        settings: project.settings,
        diagnostics,
        output: project.output,
    }
}

fn unused(found: &[Diagnostic]) -> BTreeSet<Span> {
    let found = found.iter().filter(|it| *it.rule == UNUSED_SUPPRESSION);
    found.map(|it| it.primary).collect()
}

/// Adds sources to others: what each is known as then, and which both have.
fn join(sources: &mut Sources, others: &Sources) -> (BTreeMap<FileId, FileId>, BTreeSet<FileId>) {
    let mut known_as = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for (file, other) in others.iter() {
        let same = sources
            .iter()
            .find(|(_, it)| it.path() == other.path() && it.text() == other.text())
            .map(|(file, _)| file);
        let known = match same {
            Some(known) => {
                shared.insert(known);
                known
            }
            None => sources.add(other.path(), other.text()),
        };
        sources.hide(known, other.hidden().iter().copied());
        known_as.insert(file, known);
    }
    (known_as, shared)
}
