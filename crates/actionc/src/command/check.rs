//! `check`: everything short of writing.

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
        compiled.diagnostics.retain(|found| {
            let path = sources.path(found.primary.file);
            wanted.iter().any(|wanted| {
                wanted.is_empty()
                    || path == wanted
                    || path
                        .strip_prefix(wanted)
                        .is_some_and(|rest| rest.starts_with('/'))
            })
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
