//! `check`: everything short of writing.

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
    let mut compiled = action_compile::compile(&disk, &super::options(&disk, project))?;
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
    print::findings(
        &compiled.diagnostics,
        &compiled.sources,
        arguments.format,
        arguments.color,
        Stream::Out,
    );
    Ok(super::exit(arguments, &compiled))
}

/// Whether a file is that file or lies below that folder; nothing is the project's folder.
fn lies_in(path: &str, wanted: &str) -> bool {
    let below = |path: &str| {
        path.strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    wanted.is_empty() || path == wanted || below(path)
}
