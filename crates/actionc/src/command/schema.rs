//! `schema`: JSON Schemas of the file formats, of ctx at a point, of an action's payload.

use anyhow::bail;

use crate::Exit;
use crate::cli::{Arguments, Schema};
use crate::disk::Disk;
use crate::findings::{self, Stream};
use crate::print;

pub(super) fn run(arguments: &Arguments, what: &Schema) -> anyhow::Result<Exit> {
    let schema = match what {
        Schema::Action => action_format::action_schema(),
        Schema::Project => action_format::project_schema(),
        Schema::Ctx(at) => {
            let mut sources = diagnostics::Sources::default();
            let mut found = Vec::new();
            let disk = Disk::find()?;
            let at = super::body::point(&disk, at, &mut sources, &mut found)?;
            at.settle(&sources, &mut found);
            if !found.is_empty() {
                findings::report(arguments, &disk, &found, &sources, Stream::Err)?;
            }
            at.ctx_schema()
        }
        Schema::Payload { name, project } => {
            let disk = Disk::find()?;
            let options = super::options(&disk, project);
            let payload = action_compile::payload_schema(&disk, &options, name)?;
            let compiled = &payload.compiled;
            findings::report(
                arguments,
                &disk,
                &compiled.diagnostics,
                &compiled.sources,
                Stream::Err,
            )?;
            if super::exit(arguments, &compiled.diagnostics) != Exit::Clean {
                return Ok(Exit::Findings);
            }
            match payload.schema {
                Some(schema) => schema,
                None => bail!("there is no action `{name}` that sends anything"),
            }
        }
    };
    print::out(&format!("{schema:#}\n"));
    Ok(Exit::Clean)
}
