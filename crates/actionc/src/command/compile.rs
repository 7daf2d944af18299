//! `compile`: check, then write; or compare with what is on disk.

use action_compile::{Bodies, Compiled, Output};
use anyhow::bail;

use crate::Exit;
use crate::cli::{Arguments, Body, Command, ProjectArguments};
use crate::disk::Disk;
use crate::findings::{self, Stream};
use crate::{diff, print, write};

/// A file to write: its path for the compiler, and its text.
type Target<'a> = (String, &'a str);

pub(super) fn run(arguments: &Arguments, project: &ProjectArguments) -> anyhow::Result<Exit> {
    let Command::Compile {
        check,
        diff,
        body,
        body_dir,
        body_prefix,
        ..
    } = &arguments.command
    else {
        bail!("`compile` was asked to run another command");
    };
    let disk = Disk::find()?;
    let mut options = super::options(&disk, project);
    let body_dir = body_dir
        .as_deref()
        .filter(|_| *body == Body::File)
        .map(|dir| disk.typed(dir));
    if let Some(dir) = &body_dir {
        let prefix = body_prefix
            .as_deref()
            .map_or(Ok(dir.as_str()), checked_prefix)?;
        options.bodies = Bodies::Files {
            prefix: prefix.to_owned(),
        };
    }
    let to_stdout = project.out.as_deref() == Some("-");
    let compiled = action_compile::compile(&disk, &options)?;
    // For programs findings are the answer, unless the configuration itself is printed.
    let stream = if arguments.format.is_for_people() || to_stdout {
        Stream::Err
    } else {
        Stream::Out
    };
    super::verbose(arguments, &compiled);
    findings::must_be_free(arguments, &disk, &compiled.settings, &compiled.sources)?;
    findings::report(
        arguments,
        &disk,
        &compiled.diagnostics,
        &compiled.sources,
        stream,
    )?;
    let exit = super::exit(arguments, &compiled.diagnostics);
    let Some(output) = compiled.output.as_ref().filter(|_| exit == Exit::Clean) else {
        return Ok(Exit::Findings);
    };
    let mut targets = body_targets(output, body_dir.as_deref());
    if to_stdout {
        refuse_inputs(&disk, &targets, &compiled)?;
        if *check || *diff {
            bail!("`--check` and `--diff` compare with a file: name it with `--out`");
        }
        write_all(&disk, &targets)?;
        print::out(&output.text);
        return Ok(exit);
    }
    let Some(out) = compiled.settings.out.clone() else {
        bail!(
            "nowhere to write to: set `out` in {}, or give `--out FILE`, or `--out -` to print",
            crate::disk::PROJECT_FILE
        );
    };
    // The configuration comes last: what it names is there before it is.
    targets.push((out, &output.text));
    refuse_inputs(&disk, &targets, &compiled)?;
    if *check || *diff {
        return compare(&disk, &targets, *check);
    }
    write_all(&disk, &targets)?;
    Ok(exit)
}

fn body_targets<'a>(output: &'a Output, dir: Option<&str>) -> Vec<Target<'a>> {
    let Some(dir) = dir else { return Vec::new() };
    let files = output.body_files.iter();
    files
        .map(|file| {
            (
                if dir.is_empty() {
                    file.name.clone()
                } else {
                    format!("{}/{}", dir.trim_end_matches('/'), file.name)
                },
                file.text.as_str(),
            )
        })
        .collect()
}

/// What stands before a file's name in a `file://` URI.
fn checked_prefix(prefix: &str) -> anyhow::Result<&str> {
    let path = prefix.strip_prefix("file://").unwrap_or(prefix);
    if path.contains("://") || path.contains(char::is_whitespace) {
        bail!(
            "`--body-prefix {prefix}` is no path: Kratos reads bodies as `file://` and the path, without blanks"
        );
    }
    Ok(path)
}

/// A result must not take the place of what it was made from.
fn refuse_inputs(disk: &Disk, targets: &[Target<'_>], compiled: &Compiled) -> anyhow::Result<()> {
    let folder = disk.full(&compiled.settings.actions).canonicalize().ok();
    for (path, _) in targets {
        let full = disk.full(path);
        if let Some(input) = write::input_at(disk, &full, &compiled.sources) {
            bail!("cannot write `{path}`: it is the input `{input}`");
        }
        let lies_in = |folder| write::real(&full).is_some_and(|real| real.starts_with(folder));
        if folder.as_ref().is_some_and(lies_in) {
            bail!(
                "cannot write `{path}`: it lies in the folder of actions `{}`",
                compiled.settings.actions
            );
        }
    }
    Ok(())
}

fn write_all(disk: &Disk, targets: &[Target<'_>]) -> anyhow::Result<()> {
    for (path, _) in targets {
        write::check_target(&disk.full(path), path)?;
    }
    for (path, text) in targets {
        let written = write::replace(&disk.full(path), path, text)?;
        print::remark(&if written {
            format!("wrote {path}")
        } else {
            format!("{path} is up to date")
        });
    }
    Ok(())
}

/// Shows what would change.
fn compare(disk: &Disk, targets: &[Target<'_>], check: bool) -> anyhow::Result<Exit> {
    let mut stale = false;
    for (path, text) in targets {
        let current = write::current(&disk.full(path), path)?;
        if current.as_deref() == Some(*text) {
            continue;
        }
        stale = true;
        let missing = current.is_none();
        let current = current.unwrap_or_default();
        print::out(&diff::shown(
            path,
            &format!("{path} (compiled)"),
            &current,
            text,
        ));
        if check {
            let state = if missing {
                "does not exist"
            } else {
                "is stale"
            };
            print::error(&format!("{path} {state}; run `actionc compile`"));
        }
    }
    Ok(if stale && check {
        Exit::Findings
    } else {
        Exit::Clean
    })
}
