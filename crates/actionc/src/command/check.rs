//! `check`: everything short of writing, of the project, of existing configurations or of both, and with
//! `--fix` the writing of what mends a finding.

use std::io::Read as _;

use action_compile::{Compiled, FileError, MAX_FILE_SIZE};
use anyhow::{Context as _, bail};
use diagnostics::Diagnostic;

use crate::cli::{Arguments, Command, FixArguments};
use crate::disk::Disk;
use crate::findings::{self, Stream};
use crate::fix::{self, Mended};
use crate::overlay::Overlay;
use crate::subject::Subject;
use crate::{Exit, diff, print, write};

/// What stands for standard input.
const STDIN: &str = "-";

/// The name of a configuration on standard input that was given none.
const NAMELESS_CONFIGURATION: &str = "stdin.yaml";

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let Command::Check {
        paths,
        project,
        fix,
        stdin_filename,
    } = &arguments.command
    else {
        bail!("`check` was asked to run another command");
    };
    let disk = Disk::find()?;
    let options = super::options(&disk, project);
    let mut files = Overlay::new(&disk);
    let from_stdin = paths.iter().any(|path| path == STDIN);
    if from_stdin && paths.len() > 1 {
        bail!("`-` stands alone: with `--stdin-filename FILE` it stands for that file");
    }
    if !from_stdin && stdin_filename.is_some() {
        bail!("`--stdin-filename` names what `-` stands for; expected `-` among the arguments");
    }
    let mends = fix.fix || fix.diff;
    if fix.unsafe_fixes && !mends {
        bail!("`--unsafe-fixes` goes with `--fix` or `--diff`");
    }
    let mut named: Vec<String> = stdin_filename.iter().cloned().collect();
    let subject = if from_stdin {
        stdin(&mut files, stdin_filename.as_deref())?
    } else {
        let (subject, of_project) = subject(&disk, paths);
        if !matches!(subject, Subject::Configurations(_)) {
            let actions = options.actions.as_deref().unwrap_or("actions");
            must_be_of_project(&disk, actions, &of_project)?;
        }
        named = of_project.into_iter().cloned().collect();
        subject
    };
    let mut wanted = Wanted {
        paths: named.iter().map(|path| disk.typed(path)).collect(),
    };
    let compiled = match &subject {
        Subject::Both(configurations) => {
            let both = action_compile::compile_beside(&files, configurations, &options)?;
            wanted.must_be_there(&disk, &both.compiled, &named)?;
            wanted.paths.extend(both.read);
            both.compiled
        }
        _ => subject.check(&files, &options)?,
    };
    match (&subject, from_stdin) {
        // Its bodies are of it, but only it can be printed.
        (Subject::Configurations(paths), true) if mends => wanted.paths.clone_from(paths),
        (Subject::Configurations(_), _) => wanted.paths.clear(),
        (Subject::Project, true) if stdin_filename.is_none() => {
            wanted.paths = files
                .nameless_path()
                .map(str::to_owned)
                .into_iter()
                .collect();
            wanted.must_be_there(&disk, &compiled, paths)?;
        }
        (Subject::Project, _) => wanted.must_be_there(&disk, &compiled, &named)?,
        (Subject::Both(_), _) => {}
    }
    match subject {
        Subject::Project | Subject::Both(_) => super::verbose(arguments, &compiled),
        Subject::Configurations(_) => super::verbose_of_configuration(arguments, &compiled),
    }
    findings::must_be_free(arguments, &disk, &compiled.settings, &compiled.sources)?;
    if !mends {
        let found = wanted.of(&compiled);
        findings::report(arguments, &disk, &found, &compiled.sources, Stream::Out)?;
        return Ok(super::exit(arguments, &found));
    }
    let mended = fix::mend(&mut files, &subject, &options, fix.unsafe_fixes, &|path| {
        wanted.holds(path)
    })?;
    let after = subject.check(&files, &options)?;
    let (before, left) = (wanted.of(&compiled), wanted.of(&after));
    // A diff, or the mended standard input, is the answer.
    let stream = if fix.diff || from_stdin {
        Stream::Err
    } else {
        Stream::Out
    };
    if fix.diff {
        for (path, new) in &mended.texts {
            print::out(&diff::shown(
                path,
                &format!("{path} (mended)"),
                old(&compiled, path),
                new,
            ));
        }
    } else if from_stdin {
        for path in &wanted.paths {
            let new = mended.texts.get(path).map(String::as_str);
            print::out(new.unwrap_or_else(|| old(&compiled, path)));
        }
    } else {
        write_all(&disk, &mended, &compiled)?;
    }
    findings::report(arguments, &disk, &left, &after.sources, stream)?;
    remark(&mended, fix, &left);
    // What a diff shows has not happened.
    let stands = if fix.diff { &before } else { &left };
    Ok(super::exit(arguments, stands))
}

/// What the paths name, and which of them are of the project.
fn subject<'a>(disk: &Disk, paths: &'a [String]) -> (Subject, Vec<&'a String>) {
    let mut configurations = Vec::new();
    let mut others = Vec::new();
    for written in paths {
        let path = disk.typed(written);
        if action_compile::is_configuration(disk, &path) {
            // A file that is named twice is checked once.
            if !configurations.contains(&path) {
                configurations.push(path);
            }
        } else {
            others.push(written);
        }
    }
    let subject = match (configurations.is_empty(), others.is_empty()) {
        (false, true) => Subject::Configurations(configurations),
        (false, false) => Subject::Both(configurations),
        (true, _) => Subject::Project,
    };
    (subject, others)
}

/// Where there is no project, a path that names no configuration is to blame, not the project.
fn must_be_of_project(disk: &Disk, actions: &str, paths: &[&String]) -> anyhow::Result<()> {
    if disk.project().is_some() || disk.full(actions).exists() {
        return Ok(());
    }
    let Some(path) = paths.first() else {
        return Ok(());
    };
    if !disk.full(&disk.typed(path)).exists() {
        bail!("cannot read `{path}`: {}", FileError::Missing);
    }
    bail!(
        "`{path}` is no configuration, which has `selfservice` at its top, and there is no project here, which has a folder `{actions}`"
    );
}

/// Puts standard input where it belongs: at the path that it stands for, or without a name among
/// the actions, unless it is a configuration.
fn stdin(files: &mut Overlay<'_>, name: Option<&str>) -> anyhow::Result<Subject> {
    if let Some(name) = name {
        let path = files.disk().typed(name);
        let is_folder = files.disk().full(&path).is_dir() || name.ends_with('/');
        if is_folder || name.is_empty() {
            let found = if name.is_empty() {
                "nothing"
            } else {
                "a folder"
            };
            bail!("`--stdin-filename {name:?}` names {found}, expected the path of a file");
        }
    }
    let path = files.disk().typed(name.unwrap_or(NAMELESS_CONFIGURATION));
    let text = read_stdin()?;
    let mut named = files.clone();
    named.insert(&path, text.clone());
    let is_configuration = action_compile::is_configuration(&named, &path);
    if is_configuration || name.is_some() {
        *files = named;
    } else {
        files.insert_nameless(text);
    }
    Ok(if is_configuration {
        Subject::Configurations(vec![path])
    } else {
        Subject::Project
    })
}

/// The files whose findings are asked for; all of them when none is named.
struct Wanted {
    paths: Vec<String>,
}

impl Wanted {
    fn holds(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|wanted| lies_in(path, wanted))
    }

    fn of(&self, compiled: &Compiled) -> Vec<Diagnostic> {
        let path = |it: &Diagnostic| compiled.sources.path(it.primary.file);
        let found = compiled.diagnostics.iter();
        found.filter(|it| self.holds(path(it))).cloned().collect()
    }

    /// Nothing is not the same as no findings.
    fn must_be_there(
        &self,
        disk: &Disk,
        compiled: &Compiled,
        typed: &[String],
    ) -> anyhow::Result<()> {
        for (path, typed) in self.paths.iter().zip(typed) {
            let mut sources = compiled.sources.iter();
            if !sources.any(|(_, source)| lies_in(source.path(), path)) {
                if disk.full(path).is_file() {
                    bail!(
                        "`{typed}` is no file of the project, and no configuration, which has `selfservice` at its top"
                    );
                }
                bail!("no file of the project lies in `{typed}`");
            }
        }
        Ok(())
    }
}

/// Whether a file is that file or lies below that folder; nothing is the project's folder.
fn lies_in(path: &str, wanted: &str) -> bool {
    let below = |path: &str| {
        path.strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    wanted.is_empty() || path == wanted || below(path)
}

fn read_stdin() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let stdin = std::io::stdin().lock();
    stdin
        .take(MAX_FILE_SIZE + 1)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    if bytes.len() as u64 > MAX_FILE_SIZE {
        bail!("standard input is larger than 16 MiB");
    }
    Ok(bytes)
}

/// The text of a file before it was mended.
fn old<'a>(compiled: &'a Compiled, path: &str) -> &'a str {
    let mut sources = compiled.sources.iter();
    let found = sources.find(|(_, source)| source.path() == path);
    found.map_or("", |(_, source)| source.text())
}

/// Writes every mended file whose text is still the one that was checked.
fn write_all(disk: &Disk, mended: &Mended, compiled: &Compiled) -> anyhow::Result<()> {
    for path in mended.texts.keys() {
        let now = write::current(&disk.full(path), path)?;
        if now.as_deref() != Some(old(compiled, path)) {
            bail!("cannot mend `{path}`: it has changed since it was checked");
        }
    }
    for (path, text) in &mended.texts {
        write::replace(&disk.full(path), path, text)?;
        print::remark(&format!("wrote {path}"));
    }
    Ok(())
}

fn remark(mended: &Mended, fix: &FixArguments, left: &[Diagnostic]) {
    let findings = |n: usize| match n {
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    let verb = if fix.diff { "would mend" } else { "mended" };
    if mended.mended > 0 {
        let files = match mended.texts.len() {
            1 => "1 file".to_owned(),
            n => format!("{n} files"),
        };
        print::remark(&format!("{verb} {} in {files}", findings(mended.mended)));
    }
    let more = fix::unsafe_ones(left);
    if more > 0 && !fix.unsafe_fixes {
        print::remark(&format!(
            "{} left with a change to look at: `--unsafe-fixes` makes it",
            findings(more)
        ));
    }
    for refused in &mended.refused {
        print::remark(&format!(
            "{refused} not mended: the change would leave others"
        ));
    }
}
