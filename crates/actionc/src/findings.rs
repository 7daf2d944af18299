//! Findings as the arguments want them: format, colour, where to.
//!
//! Invariant: programs get every finding; people get as many as somebody reads, and remarks when
//! they ask for them with `-v`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use action_compile::Settings;
use anyhow::bail;
use diagnostics::{Diagnostic, Level, Sources, render};

use crate::cli::{Arguments, Color, Deny, Format};
use crate::disk::Disk;
use crate::{print, write};

/// More findings than this are only counted: nobody reads them, and a hostile file has millions.
const MOST_SHOWN: usize = 1_000;

/// Where findings go, unless they go to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// They are the answer.
    Out,
    /// They stand beside the answer.
    Err,
}

/// Prints findings and, for people, how many there were.
pub(crate) fn report(
    arguments: &Arguments,
    disk: &Disk,
    found: &[Diagnostic],
    sources: &Sources,
    stream: Stream,
) -> anyhow::Result<()> {
    report_as(arguments.format, arguments, disk, found, sources, stream)
}

/// The same in another format than the arguments say.
pub(crate) fn report_as(
    format: Format,
    arguments: &Arguments,
    disk: &Disk,
    found: &[Diagnostic],
    sources: &Sources,
    stream: Stream,
) -> anyhow::Result<()> {
    let files = sources.len();
    let keeps_back = format.is_for_people() && !arguments.verbose;
    let told: Vec<Diagnostic> = found
        .iter()
        .filter(|it| !keeps_back || !action_compile::is_remark(it))
        .cloned()
        .collect();
    let shown = match format.is_for_people() {
        true => told.get(..MOST_SHOWN).unwrap_or(&told),
        false => &told,
    };
    let folder = disk.folder_in_repository();
    let as_report = render::Report {
        diagnostics: shown,
        sources,
        folder: &folder,
        version: env!("CARGO_PKG_VERSION"),
        fails_at: fails_at(arguments),
    };
    let to_file = to_file(arguments);
    let stream = match arguments.output_file {
        Some(_) if to_file.is_none() => Stream::Out,
        _ => stream,
    };
    let text = match format {
        Format::Full => render::full(shown, sources, colored(arguments.color, stream, to_file)),
        Format::Concise => render::concise(shown, sources),
        Format::Json => render::json(shown, sources, files),
        Format::Sarif => render::sarif(&as_report),
        Format::Github => render::github(&as_report),
        Format::Gitlab => render::gitlab(&as_report),
        Format::Junit => render::junit(&as_report),
    };
    match (to_file, stream) {
        (Some(path), _) => write_report(disk, path, &text, sources)?,
        (None, Stream::Out) => print::out(&text),
        (None, Stream::Err) if text.is_empty() => {}
        (None, Stream::Err) => print::beside(text.trim_end_matches('\n')),
    }
    if format == Format::Gitlab {
        let unplaced: Vec<Diagnostic> = render::placeless(shown, sources).cloned().collect();
        if !unplaced.is_empty() {
            print::beside(render::concise(&unplaced, sources).trim_end_matches('\n'));
        }
    }
    if format.is_for_people() && shown.len() < told.len() {
        print::remark(&format!("… and {} more findings", told.len() - shown.len()));
    }
    let for_people = format.is_for_people() || to_file.is_some();
    if for_people && (stream == Stream::Out || !found.is_empty()) {
        print::remark(&render::summary(&told, files, found.len() - told.len()));
    }
    Ok(())
}

/// The least level that makes the run fail.
pub(crate) fn fails_at(arguments: &Arguments) -> Level {
    match arguments.deny {
        Some(Deny::Warnings) => Level::Warning,
        None => Level::Error,
    }
}

/// The file that the findings go to; `-` is standard output.
fn to_file(arguments: &Arguments) -> Option<&str> {
    arguments.output_file.as_deref().filter(|it| *it != "-")
}

/// Writes the report, over nothing that was read.
fn write_report(disk: &Disk, typed: &str, text: &str, sources: &Sources) -> anyhow::Result<()> {
    let path = target(disk, typed, sources)?;
    write::replace(&path, typed, text)?;
    Ok(())
}

/// Where the report goes: to a regular file that was not read, if there is one already.
fn target(disk: &Disk, typed: &str, sources: &Sources) -> anyhow::Result<PathBuf> {
    let path = disk.full(&disk.typed(typed));
    if let Some(input) = write::input_at(disk, &path, sources) {
        bail!("cannot write the findings to `{typed}`: it is the input `{input}`");
    }
    if path.metadata().is_ok_and(|it| !it.is_file()) {
        let what = if path.is_dir() {
            "a folder"
        } else {
            "no regular file"
        };
        bail!(
            "cannot write the findings to `{typed}`: it is {what}; `--output-file -` prints them"
        );
    }
    Ok(path)
}

/// Refuses a file for the findings that the project needs for something else, before anything is
/// written.
pub(crate) fn must_be_free(
    arguments: &Arguments,
    disk: &Disk,
    settings: &Settings,
    sources: &Sources,
) -> anyhow::Result<()> {
    let Some(typed) = to_file(arguments) else {
        return Ok(());
    };
    let path = target(disk, typed, sources)?;
    let Some(path) = write::real(&path) else {
        return Ok(());
    };
    if let Some(out) = &settings.out
        && write::real(&disk.full(out)).is_some_and(|it| it == path)
    {
        bail!("cannot write the findings to `{typed}`: the configuration is written there");
    }
    let folder = disk.full(&settings.actions).canonicalize().ok();
    let below = folder.and_then(|it| path.strip_prefix(it).ok().map(Path::to_path_buf));
    if below.is_some_and(|it| action_compile::is_action_file(&it.to_string_lossy())) {
        bail!(
            "cannot write the findings to `{typed}`: it would be read as an action, as all of `{}`",
            settings.actions
        );
    }
    Ok(())
}

fn colored(color: Color, stream: Stream, to_file: Option<&str>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let terminal = match stream {
                _ if to_file.is_some() => false,
                Stream::Out => std::io::stdout().is_terminal(),
                Stream::Err => std::io::stderr().is_terminal(),
            };
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}
