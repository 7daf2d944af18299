//! `body`: the checker on Jsonnet files that belong to no action.

use action_compile::{BodyAt, Checked, Files as _};
use anyhow::{Context as _, bail};
use diagnostics::{Diagnostic, Sources};
use jsonnet_eval::{Evaluated, FailureKind, Limits, manifest};

use crate::Exit;
use crate::cli::{Arguments, At, BodyArguments, BodyCommand};
use crate::disk::Disk;
use crate::findings::{self, Stream};
use crate::print;

pub(super) fn run(arguments: &Arguments, what: &BodyCommand) -> anyhow::Result<Exit> {
    let (BodyCommand::Check(body) | BodyCommand::Type(body) | BodyCommand::Render { body, .. }) =
        what;
    let disk = Disk::find()?;
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let mut at = point(&disk, &body.at, &mut sources, &mut diagnostics)?;
    let results = check(&disk, &mut at, body, &mut sources, &mut diagnostics)?;
    let stream = match what {
        BodyCommand::Check(_) => Stream::Out,
        BodyCommand::Type(_) | BodyCommand::Render { .. } => Stream::Err,
    };
    findings::report(arguments, &disk, &diagnostics, &sources, stream)?;
    if let BodyCommand::Type(_) = what {
        let several = results.len() > 1;
        for (path, checked) in &results {
            let name = if several {
                format!("{path}: ")
            } else {
                String::new()
            };
            print::out(&format!("{name}{}\n", checked.result.to_full_string()));
        }
    }
    if let BodyCommand::Render { body, ctx } = what {
        // What is rejected may still be tried on a ctx: that is how one sees it fail.
        return render_all(&disk, &at, body, ctx.as_deref());
    }
    Ok(super::exit(arguments, &diagnostics))
}

/// Prints what each body sends.
fn render_all(
    disk: &Disk,
    at: &BodyAt,
    body: &BodyArguments,
    ctx: Option<&str>,
) -> anyhow::Result<Exit> {
    let ctx = match ctx {
        Some(path) => {
            let bytes = disk
                .read(&disk.typed(path))
                .with_context(|| format!("cannot read `{path}`"))?;
            serde_json::from_slice(&bytes).with_context(|| format!("`{path}` is not JSON"))?
        }
        None => at.example(),
    };
    let evaluator = disk
        .evaluator()
        .context("cannot start this program again to evaluate a body")?;
    let mut exit = Exit::Clean;
    for path in &body.files {
        let bytes = disk
            .read(&disk.typed(path))
            .with_context(|| format!("cannot read `{path}`"))?;
        let text = String::from_utf8(bytes).with_context(|| format!("`{path}` is not UTF-8"))?;
        match evaluator.evaluate(&text, &ctx, &Limits::default()) {
            Evaluated::Value(value) => print::out(&manifest(&value)),
            Evaluated::Failed(failure) if failure.kind == FailureKind::EvaluatorError => {
                bail!("{failure}")
            }
            Evaluated::Failed(failure) => {
                print::error(&format!("{path}: {failure}"));
                exit = Exit::Findings;
            }
            Evaluated::Exceeded(limit) => {
                print::error(&format!(
                    "{path}: the evaluation exceeds its limit of {}",
                    limit.as_str()
                ));
                exit = Exit::Findings;
            }
        }
    }
    Ok(exit)
}

/// What was found of each file, by its path.
type Results = Vec<(String, Checked)>;

/// Checks every file.
fn check(
    disk: &Disk,
    at: &mut BodyAt,
    body: &BodyArguments,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<Results> {
    let mut results = Vec::new();
    for path in &body.files {
        let path = disk.typed(path);
        let read = at
            .check(disk, &path, sources)
            .with_context(|| format!("cannot read `{path}`"));
        let (found, checked) = read?;
        diagnostics.extend(found);
        results.extend(checked.map(|checked| (path, checked)));
    }
    at.settle(sources, diagnostics);
    Ok(results)
}

/// The point that the arguments name, with the project's settings or the schemas given.
pub(super) fn point(
    disk: &Disk,
    at: &At,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<BodyAt> {
    let schemas: Vec<String> = at
        .identity_schema
        .iter()
        .map(|path| disk.typed(path))
        .collect();
    let options = action_compile::Options {
        project: disk.project(),
        kratos: at.kratos.clone(),
        rules: at.rules.clone(),
        ..action_compile::Options::default()
    };
    Ok(BodyAt::new(
        disk,
        &options,
        &at.at,
        at.parse,
        &schemas,
        sources,
        diagnostics,
    )?)
}
