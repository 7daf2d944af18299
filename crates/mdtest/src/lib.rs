//! Runs Markdown pages as tests: text in, text out.
//!
//! A suite is prose. A heading opens a test; its name is the headings above it joined by ` › `.
//! In it:
//!
//! - a line with only `` `path`: `` and a fenced block below it is a file. The words after the
//!   block's language change what is written: `crlf` ends its lines so, `base64` decodes the
//!   content (for files that are not UTF-8), `empty` is a file without a byte. Files of a heading's
//!   own text are there for every deeper heading too; a path given again replaces the file.
//! - a fenced `console` block is a session: `$ ` begins a command, what follows is its exact
//!   output, standard output and standard error as they came, then `[exit N]` unless the status is
//!   0. There is no shell; `Command` lists what is understood.
//! - any other block is prose. It may say why it is not run: `ignore-reason="…"`.
//!
//! The steps of a test happen in the order in which they are read, in a fresh folder.
//! Outputs are compared byte for byte after three substitutions: the folder's path is `[ROOT]`;
//! characters that a page cannot hold are escaped (`\r`, `\x1b`, `\xff`); and the version of the
//! program is `[VERSION]` where the page already says so. `MDTEST_UPDATE=1` writes the outputs into
//! the page instead.
//!
//! Invariants:
//! - nothing that looks executable is passed over: a block or a file that no command uses, an
//!   unknown word, an unknown command, a path without a block are errors;
//! - what a page says depends on nothing but the page and the program: no home, no clock, no
//!   colour, no terminal width;
//! - an update changes outputs only, and only those of tests that run.
//!
//! Development only. Start with [`main`] and [`Suite`].

mod markdown;

mod command;
mod document;

mod folder;
mod program;
mod shell;
mod shown;

mod session;
mod update;

mod page;
mod strict;

mod harness;
mod suite;

pub use harness::{Arguments, Outcome, main, run};
pub use page::page;
pub use program::{Binary, Completed, Invocation, Program};
pub use suite::Suite;
