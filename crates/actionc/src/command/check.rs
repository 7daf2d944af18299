//! `check`: everything short of writing, of the project or of one existing configuration.

use action_compile::Compiled;
use anyhow::bail;

use crate::Exit;
use crate::cli::{Arguments, ProjectArguments};
use crate::disk::Disk;
use crate::print::{self, Stream};

pub(super) fn run(
    arguments: &Arguments,
    project: &ProjectArguments,
    paths: &[String],
) -> anyhow::Result<Exit> {
    let disk = Disk::find()?;
    let options = super::options(&disk, project);
    let (configurations, paths): (Vec<&String>, Vec<&String>) = paths
        .iter()
        .partition(|path| action_compile::is_configuration(&disk, &disk.typed(path)));
    if let [configuration] = configurations.as_slice()
        && paths.is_empty()
    {
        let compiled = action_compile::check_file(&disk, &disk.typed(configuration), &options)?;
        return Ok(report(arguments, &compiled));
    }
    if !configurations.is_empty() {
        bail!("a configuration is checked alone: give one at a time, without other paths");
    }
    let mut compiled = action_compile::compile(&disk, &options)?;
    if !paths.is_empty() {
        let wanted: Vec<String> = paths.iter().map(|path| disk.typed(path)).collect();
        let sources = &compiled.sources;
        for (path, typed) in wanted.iter().zip(paths) {
            let read = |(_, source): (_, &diagnostics::Source)| lies_in(source.path(), path);
            if !sources.iter().any(read) {
                bail!("no file of the project lies in `{typed}`");
            }
        }
        compiled.diagnostics.retain(|found| {
            let path = sources.path(found.primary.file);
            wanted.iter().any(|wanted| lies_in(path, wanted))
        });
    }
    Ok(report(arguments, &compiled))
}

fn report(arguments: &Arguments, compiled: &Compiled) -> Exit {
    print::findings(
        &super::shown(arguments, &compiled.diagnostics),
        &compiled.sources,
        arguments.format,
        arguments.color,
        Stream::Out,
    );
    super::exit(arguments, compiled)
}

/// Whether a file is that file or lies below that folder; nothing is the project's folder.
fn lies_in(path: &str, wanted: &str) -> bool {
    let below = |path: &str| {
        path.strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    wanted.is_empty() || path == wanted || below(path)
}
