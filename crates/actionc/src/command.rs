//! The commands, one file each.

mod body;
mod check;
mod compile;
mod explain;
mod plan;
mod schema;
mod worker;

use action_compile::{Compiled, Options};
use diagnostics::{Diagnostic, Level};

use crate::Exit;
use crate::cli::{Arguments, Command, Deny, Format, ProjectArguments};
use crate::disk::Disk;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Check { paths, project } => check::run(arguments, project, paths),
        Command::Compile { project, .. } => compile::run(arguments, project),
        Command::Plan { file, project } => plan::run(arguments, project, file.as_deref()),
        Command::Body { what } => body::run(arguments, what),
        Command::Schema { what } => schema::run(arguments, what),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::WorkerEvaluate => worker::run(),
    }
}

/// What the arguments say over the project file. Typed paths are relative to the current folder,
/// those of the project file to its own.
fn options(disk: &Disk, project: &ProjectArguments) -> Options {
    let typed = |path: &Option<String>| path.as_deref().map(|path| disk.typed(path));
    Options {
        project: disk.project(),
        kratos: project.kratos.clone(),
        actions: typed(&project.actions),
        base: typed(&project.base),
        to_stdout: project.out.as_deref() == Some("-"),
        out: project
            .out
            .as_deref()
            .filter(|out| *out != "-")
            .map(|out| disk.typed(out)),
        ..Options::default()
    }
}

/// The exit status that findings stand for.
fn exit(arguments: &Arguments, compiled: &Compiled) -> Exit {
    let fails = |level: Level| match level {
        Level::Error => true,
        Level::Warning => arguments.deny == Some(Deny::Warnings),
        Level::Note => false,
    };
    if compiled.diagnostics.iter().any(|found| fails(found.level)) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// What is printed for people: remarks, which concern nearly every webhook, only when they are asked
/// for. Formats for programs have everything.
fn shown(arguments: &Arguments, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let people = matches!(arguments.format, Format::Full | Format::Concise);
    let is_shown =
        |it: &&Diagnostic| !people || arguments.verbose || !action_compile::is_remark(it);
    found.iter().filter(is_shown).cloned().collect()
}
