//! The commands, one file each.

mod body;
mod check;
mod compile;
mod completions;
mod explain;
mod man;
mod plan;
mod schema;
mod worker;

use action_compile::{Compiled, Options};
use diagnostics::Diagnostic;

use crate::cli::{Arguments, Command, ProjectArguments};
use crate::disk::Disk;
use crate::{Exit, findings, print};

/// The hidden command that `worker::Bounded` starts: no argument of people, so that no list of
/// commands has it.
pub(crate) use worker::run as evaluate;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    if arguments.quiet {
        print::quieten();
    }
    match &arguments.command {
        Command::Check { .. } => check::run(arguments),
        Command::Compile { project, .. } => compile::run(arguments, project),
        Command::Plan { file, project } => plan::run(arguments, project, file.as_deref()),
        Command::Body { what } => body::run(arguments, what),
        Command::Schema { what } => schema::run(arguments, what),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Completions { shell } => completions::run(*shell),
        Command::Man { command } => man::run(command.as_deref()),
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
        identity_schemas: project
            .identity_schemas
            .iter()
            .map(|(id, path)| (id.clone(), disk.typed(path)))
            .collect(),
        metadata_public: typed(&project.metadata_public),
        methods: project.methods.clone(),
        rules: project.rules.clone(),
        ..Options::default()
    }
}

/// The exit status that findings stand for.
fn exit(arguments: &Arguments, found: &[Diagnostic]) -> Exit {
    let fails_at = findings::fails_at(arguments);
    if found.iter().any(|it| it.level <= fails_at) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Says what a run went by, for those who want to know.
fn verbose(arguments: &Arguments, compiled: &Compiled) {
    let settings = &compiled.settings;
    let path = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
    let paths = [
        ("actions", settings.actions.clone()),
        ("base", path(&settings.base)),
        ("out", path(&settings.out)),
    ];
    verbose_with(arguments, compiled, &paths);
}

/// The same for configurations, to which the project's paths are nothing.
fn verbose_of_configuration(arguments: &Arguments, compiled: &Compiled) {
    verbose_with(arguments, compiled, &[]);
}

fn verbose_with(arguments: &Arguments, compiled: &Compiled, paths: &[(&str, String)]) {
    if !arguments.verbose {
        return;
    }
    print::remark(&format!("release: {}", compiled.settings.kratos));
    for (name, path) in paths {
        print::remark(&format!("{name}: {path}"));
    }
    for (_, source) in compiled.sources.iter() {
        print::remark(&format!("read: {}", source.path()));
    }
}
