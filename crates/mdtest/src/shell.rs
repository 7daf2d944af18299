//! The small programs that set a test up and look at what it left.
//!
//! Invariant: `cat`, `ls` and `cd` fail like the real ones, because a page may want to show that
//! something is missing; the others prepare a test, and their failure is an error of the page.

use std::fs;
use std::io;
use std::path::Path;

use crate::command::Verb;
use crate::folder::{self, Folder};
use crate::program::Completed;

/// Does what a verb other than the program says; `cwd` is relative to the folder and may change.
pub(crate) fn perform(verb: &Verb, folder: &Folder, cwd: &mut String) -> Result<Completed, String> {
    let place = |path: &str| folder.place(cwd, path);
    let must = |path: &str, result: io::Result<()>| {
        result.map_err(|error| format!("`{path}`: {error}"))?;
        Ok(Completed::default())
    };
    match verb {
        Verb::Program(_) => Err("the program is not called here".to_owned()),
        Verb::Cat(files) => cat(files, folder, cwd),
        Verb::Cd(to) => {
            if !place(to)?.is_dir() {
                return Ok(failed(format!("cd: {to}: No such file or directory\n"), 1));
            }
            *cwd = folder::inside(cwd, to)?;
            Ok(Completed::default())
        }
        Verb::Chmod(mode, file) => must(file, set_mode(&place(file)?, *mode)),
        Verb::Copy {
            recursive,
            from,
            to,
        } => {
            let source = place(from)?;
            if source.is_dir() && !recursive {
                return Err(format!("`{from}` is a folder; say `cp -r`"));
            }
            let mut target = place(to)?;
            if target.is_dir() {
                target.push(source.file_name().unwrap_or_default());
            }
            must(from, folder::copy(&source, &target))
        }
        Verb::Link { target, link } => must(link, symbolic_link(target, &place(link)?)),
        Verb::List { all, folder } => Ok(list(*all, folder, &place(folder)?)),
        Verb::MakeFolder {
            parents: true,
            folder,
        } => must(folder, fs::create_dir_all(place(folder)?)),
        Verb::MakeFolder { folder, .. } => must(folder, fs::create_dir(place(folder)?)),
        Verb::Print(bytes) => Ok(Completed {
            output: bytes.clone(),
            ..Completed::default()
        }),
        Verb::Remove { recursive, files } => {
            for file in files {
                must(file, remove(&place(file)?, *recursive))?;
            }
            Ok(Completed::default())
        }
        Verb::Replace { from, to, file } => replace(from, to, file, &place(file)?),
        Verb::Touch(files) => {
            for file in files {
                must(file, touch(&place(file)?))?;
            }
            Ok(Completed::default())
        }
    }
}

fn failed(errors: String, status: i32) -> Completed {
    Completed {
        errors: errors.into_bytes(),
        status,
        ..Completed::default()
    }
}

/// The text of the C library, which does not change with the Rust release.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "No such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "Permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "Is a directory".to_owned(),
        io::ErrorKind::NotADirectory => "Not a directory".to_owned(),
        _ => error.to_string(),
    }
}

fn cat(files: &[String], folder: &Folder, cwd: &str) -> Result<Completed, String> {
    let mut completed = Completed::default();
    for file in files {
        match fs::read(folder.place(cwd, file)?) {
            Ok(bytes) => completed.output.extend(bytes),
            Err(error) => {
                let text = format!("cat: {file}: {}\n", reason(&error));
                completed.errors.extend(text.into_bytes());
                completed.status = 1;
            }
        }
    }
    Ok(completed)
}

fn list(all: bool, shown: &str, place: &Path) -> Completed {
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Completed {
                output: format!("{shown}\n").into_bytes(),
                ..Completed::default()
            };
        }
        Err(error) => {
            let reason = reason(&error);
            return failed(format!("ls: cannot access '{shown}': {reason}\n"), 2);
        }
    };
    let names = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| all || !name.starts_with('.')).collect();
    names.sort();
    let lines = names.into_iter().map(|name| name + "\n");
    Completed {
        output: lines.collect::<String>().into_bytes(),
        ..Completed::default()
    }
}

fn remove(place: &Path, recursive: bool) -> io::Result<()> {
    // The metadata of a link, so that a link to a folder goes and the folder stays.
    if recursive && fs::symlink_metadata(place)?.is_dir() {
        fs::remove_dir_all(place)
    } else {
        fs::remove_file(place)
    }
}

fn replace(from: &str, to: &str, file: &str, place: &Path) -> Result<Completed, String> {
    let error = |error: io::Error| format!("`{file}`: {error}");
    let text = fs::read_to_string(place).map_err(error)?;
    let new: String = text
        .split_inclusive('\n')
        .map(|line| line.replacen(from, to, 1))
        .collect();
    // A step that changes nothing would let the page claim what does not happen.
    if new == text {
        return Err(format!("`{file}` has no `{from}` to replace"));
    }
    fs::write(place, new).map_err(error)?;
    Ok(Completed::default())
}

fn touch(place: &Path) -> io::Result<()> {
    let file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(place)?;
    file.set_modified(std::time::SystemTime::now())
}

#[cfg(unix)]
fn set_mode(place: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(place, fs::Permissions::from_mode(mode))
}

#[cfg(unix)]
fn symbolic_link(target: &str, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn set_mode(_place: &Path, _mode: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn symbolic_link(_target: &str, _link: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
