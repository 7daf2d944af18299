//! Findings as the arguments want them: format, colour, where to.
//!
//! Invariant: programs get every finding; people get as many as somebody reads, and each note once.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::Path;

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
    let folded = if format.is_for_people() && !arguments.verbose {
        fold(found)
    } else {
        found.to_vec()
    };
    let shown = match format.is_for_people() {
        true => folded.get(..MOST_SHOWN).unwrap_or(&folded),
        false => &folded,
    };
    let folder = disk.folder_in_repository();
    let as_report = render::Report {
        diagnostics: shown,
        sources,
        folder: &folder,
        version: env!("CARGO_PKG_VERSION"),
        fails_at: fails_at(arguments),
    };
    let to_file = arguments.output_file.as_deref();
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
    if format.is_for_people() && shown.len() < folded.len() {
        print::remark(&format!(
            "… and {} more findings",
            folded.len() - shown.len()
        ));
    }
    let for_people = format.is_for_people() || to_file.is_some();
    if for_people && (stream == Stream::Out || !found.is_empty()) {
        print::remark(&render::summary(found, files));
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

/// What is good to know needs to be said once: notes of one rule and text become the first of them.
fn fold(found: &[Diagnostic]) -> Vec<Diagnostic> {
    let key = |it: &Diagnostic| (it.rule.code, it.message.clone());
    let mut times: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for note in found.iter().filter(|it| it.level == Level::Note) {
        *times.entry(key(note)).or_insert(0) += 1;
    }
    let mut folded = Vec::with_capacity(found.len());
    for diagnostic in found {
        let mut diagnostic = diagnostic.clone();
        if diagnostic.level == Level::Note {
            match times.remove(&key(&diagnostic)) {
                Some(1) => {}
                Some(times) => {
                    let more = format!("; and {} more like it, which `-v` lists", times - 1);
                    diagnostic.message.push_str(&more);
                }
                // The first of them was there.
                None => continue,
            }
        }
        folded.push(diagnostic);
    }
    folded
}

/// Writes the report, over nothing that was read.
fn write_report(disk: &Disk, typed: &str, text: &str, sources: &Sources) -> anyhow::Result<()> {
    let path = disk.full(&disk.typed(typed));
    if let Some(input) = write::input_at(disk, &path, sources) {
        bail!("cannot write the findings to `{typed}`: it is the input `{input}`");
    }
    write::replace(Path::new(&path), typed, text)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use diagnostics::{FileId, Rule, TextRange};

    static RULE: Rule = Rule {
        code: "rule",
        summary: "a rule",
        level: Level::Note,
        since: "0.1.0",
        page: "# rule",
    };

    #[test]
    fn notes_alike_are_folded_and_nothing_else() {
        let at = |message: &str, start| {
            let span = TextRange::empty(start).in_file(FileId::DETACHED);
            Diagnostic::new(&RULE, span, message)
        };
        let mut warning = at("a", 9);
        warning.level = Level::Warning;
        let found = [at("a", 1), at("b", 2), at("a", 3), warning.clone(), warning];
        let messages: Vec<String> = fold(&found).into_iter().map(|it| it.message).collect();
        let first = "a; and 1 more like it, which `-v` lists";
        assert_eq!(messages, [first, "b", "a", "a"]);
    }
}
