//! `completions`: a script for a shell.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::Exit;
use crate::cli::Arguments;
use crate::print;

pub(super) fn run(shell: Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "actionc", &mut script);
    print::out(&String::from_utf8(script)?);
    Ok(Exit::Clean)
}
