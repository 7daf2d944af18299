//! `man`: the manual page of the program or of a command, as `man` reads it.

use anyhow::bail;
use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::Exit;
use crate::cli::Arguments;
use crate::print;

pub(super) fn run(name: Option<&str>) -> anyhow::Result<Exit> {
    let mut program = Arguments::command();
    // What is inherited by every command stands in each page.
    program.build();
    let page = match name {
        None => Man::new(program),
        Some(name) => {
            let known = |it: &&clap::Command| {
                !it.is_hide_set()
                    && (it.get_name() == name || it.get_all_aliases().any(|it| it == name))
            };
            let Some(command) = program.get_subcommands().find(known) else {
                let names = program.get_subcommands().filter(|it| !it.is_hide_set());
                match diagnostics::did_you_mean(name, names.map(|it| it.get_name())) {
                    Some(near) => bail!("there is no command `{name}`; did you mean `{near}`?"),
                    None => bail!("there is no command `{name}`; `actionc --help` lists them"),
                }
            };
            Man::new(command.clone()).source(concat!("actionc ", env!("CARGO_PKG_VERSION")))
        }
    };
    let mut text = Vec::new();
    page.render(&mut text)?;
    // The header of the page ends its lines with blanks.
    let text = String::from_utf8(text)?;
    let lines = text.lines().map(|line| format!("{}\n", line.trim_end()));
    print::out(&lines.collect::<String>());
    Ok(Exit::Clean)
}
