//! `schema`: the JSON Schemas of the file formats.

use crate::Exit;
use crate::cli::Schema;
use crate::print;

pub(super) fn run(what: Schema) -> anyhow::Result<Exit> {
    let schema = match what {
        Schema::Action => action_format::action_schema(),
        Schema::Project => action_format::project_schema(),
    };
    print::out(&format!("{schema:#}\n"));
    Ok(Exit::Clean)
}
