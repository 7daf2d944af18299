//! Writing: all of a file or nothing of it.
//!
//! Invariant: the new text is complete on disk under another name in the same folder before it
//! takes the place of the old one by a rename, so that whoever reads the path, at whatever moment
//! the process is killed, finds the old text or the new one. What a killed process leaves is hidden
//! from every check, and removed by a later write to the folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use diagnostics::Sources;

use crate::disk::{Disk, reason};

/// Replaces a file. The same text again leaves the file alone.
pub(crate) fn replace(path: &Path, shown: &str, text: &str) -> anyhow::Result<bool> {
    // A link is followed, so that what it points to is replaced and the link stays.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    check_target(&path, shown)?;
    if std::fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let folder = folder_of(&path);
    remove_leftovers(folder);
    let failed =
        |error: std::io::Error| anyhow::anyhow!("cannot write `{shown}`: {}", reason(&error));
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    set_permissions(file.as_file(), &path).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(true)
}

/// What the other name begins with: no check reads such a file.
const PREFIX: &str = ".actionc-";

/// A write is over in less; what is older was left by a process that was killed.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// Removes what earlier runs left behind. What cannot be removed does no harm.
fn remove_leftovers(folder: &Path) {
    let is_old = |entry: &std::fs::DirEntry| {
        let written = entry.metadata().and_then(|it| it.modified());
        let age = written.ok().and_then(|it| it.elapsed().ok());
        age.is_some_and(|age| age > LONGEST_WRITE)
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_file = entry.file_type().is_ok_and(|it| it.is_file());
        if is_ours && is_file && is_old(&entry) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Whether a file can be put there at all: a regular file or nothing, in a folder that exists.
pub(crate) fn check_target(path: &Path, shown: &str) -> anyhow::Result<()> {
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => bail!("cannot write `{shown}`: it is a folder"),
        Ok(metadata) if !metadata.is_file() => {
            bail!("cannot write `{shown}`: it is not a regular file; `--out -` prints the result")
        }
        _ if !folder_of(path).is_dir() => {
            bail!("cannot write `{shown}`: its folder does not exist")
        }
        _ => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Those of the file that is replaced, else what a new file would have.
fn set_permissions(file: &std::fs::File, path: &Path) -> std::io::Result<()> {
    if let Ok(old) = path.metadata() {
        return file.set_permissions(old.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// The input that lies at a path, through links too, if there is one.
pub(crate) fn input_at(disk: &Disk, path: &Path, sources: &Sources) -> Option<String> {
    let real = real(path)?;
    let is_input = |shown: &str| {
        disk.full(shown)
            .canonicalize()
            .is_ok_and(|input| input == real)
    };
    let (_, input) = sources.iter().find(|(_, source)| is_input(source.path()))?;
    Some(input.path().to_owned())
}

/// A path without links. A file that is not there yet lies where its folder lies.
pub(crate) fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().or_else(|| {
        let name = path.file_name()?;
        Some(folder_of(path).canonicalize().ok()?.join(name))
    })
}

/// The text of a file that may not be there.
pub(crate) fn current(path: &Path, shown: &str) -> anyhow::Result<Option<String>> {
    check_target(path, shown)?;
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => bail!("cannot read `{shown}`: {}", reason(&error)),
    }
}
