//! The folder in which a test happens.
//!
//! Invariant: nothing is read or written outside of it, except through symbolic links that the test
//! made itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The files of a repository that a test finds in its folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    /// Files and folders, relative to the root.
    pub(crate) paths: Vec<String>,
}

/// A fresh folder, gone when dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    /// The same place, until it is removed.
    temporary: Option<TempDir>,
    /// Without symbolic links, as programs see it.
    pub(crate) root: PathBuf,
}

impl Folder {
    /// An empty folder, or a copy of a project.
    pub(crate) fn new(project: Option<&Project>) -> io::Result<Self> {
        let temporary = tempfile::Builder::new().prefix("mdtest-").tempdir()?;
        let root = temporary.path().canonicalize()?;
        if let Some(project) = project {
            for path in &project.paths {
                let to = root.join(path);
                if let Some(parent) = to.parent() {
                    fs::create_dir_all(parent)?;
                }
                copy(&project.root.join(path), &to)
                    .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
            }
        }
        Ok(Self {
            temporary: Some(temporary),
            root,
        })
    }

    /// The place of a path that is relative to a folder of the test.
    pub(crate) fn place(&self, folder: &str, path: &str) -> Result<PathBuf, String> {
        // Joining nothing would leave a slash behind.
        Ok(match inside(folder, path)?.as_str() {
            "" => self.root.clone(),
            path => self.root.join(path),
        })
    }

    /// Writes a file, over whatever is there.
    pub(crate) fn write(&self, path: &str, content: &[u8]) -> Result<(), String> {
        let place = self.place("", path)?;
        let write = || {
            if let Some(parent) = place.parent() {
                fs::create_dir_all(parent)?;
            }
            // A link or a file without permissions makes room first.
            match fs::remove_file(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error)?,
                _ => fs::write(&place, content),
            }
        };
        write().map_err(|error: io::Error| format!("`{path}` cannot be written: {error}"))
    }

    /// Whether the folder belongs to the superuser, whom no permission stops.
    #[cfg(unix)]
    pub(crate) fn is_superusers(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(&self.root).is_ok_and(|metadata| metadata.uid() == 0)
    }

    /// Hands everything over to a user, so that permissions count.
    #[cfg(unix)]
    pub(crate) fn hand_over(&self, user: u32) -> io::Result<()> {
        fn walk(place: &Path, user: u32) -> io::Result<()> {
            std::os::unix::fs::lchown(place, Some(user), Some(user))?;
            if fs::symlink_metadata(place)?.is_dir() {
                for entry in fs::read_dir(place)? {
                    walk(&entry?.path(), user)?;
                }
            }
            Ok(())
        }
        walk(&self.root, user)
    }

    /// Permissions are not modelled here.
    #[cfg(not(unix))]
    pub(crate) fn is_superusers(&self) -> bool {
        false
    }

    /// Permissions are not modelled here.
    #[cfg(not(unix))]
    pub(crate) fn hand_over(&self, _user: u32) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let removed = self.temporary.take().map(TempDir::close);
        // A test may have closed a folder to its owner.
        #[cfg(unix)]
        if matches!(removed, Some(Err(_))) {
            let _ = open_up(&self.root).and_then(|()| fs::remove_dir_all(&self.root));
        }
        #[cfg(not(unix))]
        drop(removed);
    }
}

#[cfg(unix)]
fn open_up(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}

/// Copies a file, or a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// A path made relative to the test's folder: `folder` and `path` joined, dots resolved.
pub(crate) fn inside(folder: &str, path: &str) -> Result<String, String> {
    let outside = || format!("`{path}` is not a path inside the test's folder");
    if path.is_empty() || path.starts_with(['/', '~']) {
        return Err(outside());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or_else(outside)?),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(inside("", "a/./b/../c").unwrap(), "a/c");
        assert_eq!(inside("a/b", "../c").unwrap(), "a/c");
        assert_eq!(inside("a", "..").unwrap(), "");
        for (folder, path) in [("", "../a"), ("a", "../../b"), ("a", "/b"), ("", "")] {
            assert!(inside(folder, path).is_err(), "{folder} {path}");
        }
    }

    #[test]
    fn a_project_is_copied_with_its_folders() {
        let source = Folder::new(None).unwrap();
        source.write("actions/deep/a.yaml", b"x").unwrap();
        source.write("b.yaml", b"y").unwrap();
        let project = Project {
            root: source.root.clone(),
            paths: vec!["actions".to_owned()],
        };
        let copied = Folder::new(Some(&project)).unwrap();
        assert_eq!(
            fs::read(copied.root.join("actions/deep/a.yaml")).unwrap(),
            b"x"
        );
        assert!(!copied.root.join("b.yaml").exists());
        let missing = Project {
            paths: vec!["none".to_owned()],
            ..project
        };
        assert!(Folder::new(Some(&missing)).is_err());
    }
}
