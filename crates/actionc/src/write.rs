//! Writing: all of a file or nothing of it.
//!
//! Invariant: the new text is complete on disk under another name in the same folder before it
//! takes the place of the old one by a rename, so that whoever reads the path, at whatever moment
//! the process is killed, finds the old text or the new one.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::disk::reason;

/// Replaces a file. The same text again leaves the file alone.
pub(crate) fn replace(path: &Path, shown: &str, text: &str) -> anyhow::Result<bool> {
    // A link is followed, so that what it points to is replaced and the link stays.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if path.is_dir() {
        bail!("cannot write `{shown}`: it is a folder");
    }
    if std::fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("cannot write `{shown}`: its folder does not exist");
    }
    let failed =
        |error: std::io::Error| anyhow::anyhow!("cannot write `{shown}`: {}", reason(&error));
    let mut file = tempfile::Builder::new()
        .prefix(".actionc-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    set_permissions(file.as_file(), &path).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(true)
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

/// The text of a file that may not be there.
pub(crate) fn current(path: &Path, shown: &str) -> anyhow::Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(anyhow::anyhow!(reason(&error))).with_context(|| format!("cannot read `{shown}`"))
        }
    }
}
