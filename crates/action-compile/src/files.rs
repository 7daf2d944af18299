//! The compiler's only window on files.
//!
//! Invariant: paths are relative to the project's folder, with `/`, or absolute. What an action
//! names is asked for with [`Files::read_in_repository`], which never leaves the repository,
//! through symbolic links neither.

use std::collections::BTreeMap;

use jsonnet_eval::Evaluator;
use thiserror::Error;

/// Why a file could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// There is nothing of that name.
    #[error("no such file or folder")]
    Missing,
    /// The path leads out of the repository.
    #[error("lies outside the repository")]
    Outside,
    /// It is larger than [`MAX_FILE_SIZE`].
    #[error("is larger than 16 MiB")]
    TooLarge,
    /// The system says no, in its own words.
    #[error("{0}")]
    Unreadable(String),
}

/// No file that is read may be larger, in bytes.
pub const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// Where files come from: the disk, an editor's buffers, a test.
pub trait Files: Sync {
    /// The bytes of a file that the user names: the project file, the base.
    ///
    /// # Errors
    /// When it is missing, too large or unreadable.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// The bytes of a file that an action names.
    ///
    /// # Errors
    /// When it is missing, outside the repository, too large or unreadable.
    fn read_in_repository(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// A path as findings name it: relative to the project's folder where it lies inside.
    fn known_as(&self, path: &str) -> String {
        path.to_owned()
    }

    /// What evaluates bodies within bounds, for witnesses; none where there is no such thing.
    fn evaluator(&self) -> Option<&dyn Evaluator> {
        None
    }

    /// Every file below a folder, in any order. Names that begin with `.` or `_` are left out,
    /// folders of such names with all they hold.
    ///
    /// # Errors
    /// When the folder is missing, is none, or cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, FileError>;
}

/// Files in memory, by path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
    reversed: bool,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Lists folders in the opposite order, as another file system may.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.reversed = !self.reversed;
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.get(path).cloned().ok_or(FileError::Missing)
    }

    fn read_in_repository(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path.starts_with("../") || path.starts_with('/') {
            return Err(FileError::Outside);
        }
        self.read(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = format!("{folder}/");
        let hidden = |path: &str| path.split('/').any(|part| part.starts_with(['.', '_']));
        let below = self.files.keys().filter(|path| path.starts_with(&prefix));
        let mut found: Vec<String> = below
            .filter(|path| !hidden(path.strip_prefix(&prefix).unwrap_or(path)))
            .cloned()
            .collect();
        if self.reversed {
            found.reverse();
        }
        if found.is_empty() && !self.files.keys().any(|path| path.starts_with(&prefix)) {
            return Err(FileError::Missing);
        }
        Ok(found)
    }
}

/// Joins a path relative to a file onto that file's folder and removes `.` and `..` steps.
#[must_use]
pub(crate) fn relative_to(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    normalize(parts.into_iter().chain(path.split('/')))
}

/// Removes `.` steps, and `..` steps where something stands before them.
fn normalize<'a>(steps: impl Iterator<Item = &'a str>) -> String {
    let mut out: Vec<&str> = Vec::new();
    for step in steps {
        match step {
            "" | "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            step => out.push(step),
        }
    }
    out.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_onto_the_folder_of_the_file() {
        assert_eq!(
            relative_to("actions/a/b.yaml", "../bodies/x.jsonnet"),
            "actions/bodies/x.jsonnet"
        );
        assert_eq!(
            relative_to("actions/b.yaml", "./x.jsonnet"),
            "actions/x.jsonnet"
        );
        assert_eq!(relative_to("b.yaml", "../../x"), "../../x");
    }
}
