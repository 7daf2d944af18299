//! Values that come from the environment, named so when they are wrong.

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue};

use crate::cli::Arguments;

/// Says of a wrong value that a variable gave it, where no argument did.
pub(crate) fn name_variable(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let name = shown.split([' ', '=']).next().unwrap_or_default();
    let Some(long) = name.strip_prefix("--") else {
        return error;
    };
    let is_given = std::env::args_os().any(|it| {
        let it = it.to_string_lossy();
        it == name
            || it
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('='))
    });
    let variable = variable(&Arguments::command(), long);
    if let Some(variable) = variable.filter(|it| !is_given && std::env::var_os(it).is_some()) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable));
    }
    error
}

/// The variable of an argument, whichever command has it.
fn variable(command: &clap::Command, long: &str) -> Option<String> {
    let mut arguments = command.get_arguments();
    let own = arguments
        .find(|it| it.get_long() == Some(long) && it.get_env().is_some())
        .and_then(|it| it.get_env());
    own.map(|it| it.to_string_lossy().into_owned()).or_else(|| {
        let mut below = command.get_subcommands();
        below.find_map(|it| variable(it, long))
    })
}
