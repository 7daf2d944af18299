//! The command line of `actionc`: arguments in, real files, printing, exit status.
//!
//! Exit status: 0 clean, 1 findings at error level or drift, 2 usage, input or environment error,
//! 101 a defect of ours. Nothing else.

mod cli;
mod command;
mod diff;
mod disk;
mod environment;
mod findings;
mod fix;
mod overlay;
mod print;
mod subject;
mod worker;
mod write;

use std::process::ExitCode;

use clap::Parser as _;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Clean,
    Findings,
    Environment,
    Defect,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Environment => Self::from(2),
            Exit::Defect => Self::from(101),
        }
    }
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        print::error(&format!("{panic}\n{DEFECT}"));
    }));
    let is_worker = std::env::args_os()
        .nth(1)
        .is_some_and(|it| it == worker::COMMAND);
    let result = if is_worker {
        command::evaluate()
    } else {
        match cli::Arguments::try_parse() {
            Ok(arguments) => command::run(&arguments),
            Err(error) => environment::name_variable(error).exit(),
        }
    };
    match result {
        Ok(_) if print::was_lost() => Exit::Environment.into(),
        Ok(exit) => exit.into(),
        Err(error) => {
            let defect = error
                .downcast_ref::<action_compile::CompileError>()
                .is_some_and(|error| matches!(error, action_compile::CompileError::Defect(_)));
            if defect {
                print::error(&format!("{error:#}\n{DEFECT}"));
                return Exit::Defect.into();
            }
            print::error(&format!("{error:#}"));
            Exit::Environment.into()
        }
    }
}

/// What a user reads when we are at fault.
const DEFECT: &str = "this is a defect of actionc, not of your files; nothing was written. \
                      Please report it with the input that led here";
