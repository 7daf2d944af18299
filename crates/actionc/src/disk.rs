//! Files on disk, as the compiler asks for them.
//!
//! The project's folder is where `actionc.yaml` stands, found by walking up from the current
//! folder; without one it is the current folder. The repository is the nearest folder above it
//! that holds `.git`, or the project's folder itself. Invariant: only regular files are opened, so
//! that a pipe or device of that name cannot hang a run.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use action_compile::{FileError, Files, MAX_FILE_SIZE};
use anyhow::Context as _;
use jsonnet_eval::Evaluator;

use crate::worker::Bounded;

/// The name of the project file.
pub(crate) const PROJECT_FILE: &str = "actionc.yaml";

/// The folders that a run works in.
#[derive(Debug)]
pub(crate) struct Disk {
    /// Where the user stands.
    current: PathBuf,
    /// The project's folder.
    root: PathBuf,
    /// What body files may not leave.
    repository: PathBuf,
    has_project: bool,
    /// Evaluates bodies in processes of their own.
    evaluator: Option<Bounded>,
}

impl Disk {
    /// Finds the project from the current folder.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let current = std::env::current_dir().context("cannot tell the current folder")?;
        let project = current
            .ancestors()
            .find(|folder| folder.join(PROJECT_FILE).is_file());
        let root = project.unwrap_or(&current).to_path_buf();
        let repository = root.ancestors().find(|folder| folder.join(".git").exists());
        let repository = repository.unwrap_or(&root).to_path_buf();
        let repository = repository.canonicalize().unwrap_or(repository);
        Ok(Self {
            evaluator: Bounded::of_this_program().ok(),
            has_project: project.is_some(),
            current,
            root,
            repository,
        })
    }

    /// The project file's path for the compiler.
    pub(crate) fn project(&self) -> Option<String> {
        self.has_project.then(|| PROJECT_FILE.to_owned())
    }

    /// A path that the user typed, relative to the current folder, as the compiler names it:
    /// relative to the project's folder.
    pub(crate) fn typed(&self, path: &str) -> String {
        let full = lexical(&self.current.join(path));
        let up = self
            .root
            .ancestors()
            .enumerate()
            .find_map(|(steps, ancestor)| {
                let below = full.strip_prefix(ancestor).ok()?;
                // From the root of the file system on, a relative path says nothing.
                (steps == 0 || ancestor.parent().is_some())
                    .then(|| "../".repeat(steps) + &slashes(below))
            });
        up.unwrap_or_else(|| slashes(&full))
    }

    /// The project's folder as the repository names it: empty when it is its root.
    pub(crate) fn folder_in_repository(&self) -> String {
        let root = self.root.canonicalize();
        let root = root.as_deref().unwrap_or(&self.root);
        root.strip_prefix(&self.repository)
            .map(slashes)
            .unwrap_or_default()
    }

    /// Where a path of the compiler lies on disk.
    pub(crate) fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// Removes `.` and `..` without asking the disk.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            component => out.push(component),
        }
    }
    out
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

fn read_file(path: &Path) -> Result<Vec<u8>, FileError> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(reason(&error)),
    };
    let metadata = path.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() {
            "is a folder"
        } else {
            "is not a regular file"
        };
        return Err(FileError::Unreadable(what.to_owned()));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    // A file may grow between the two calls.
    file.take(MAX_FILE_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_SIZE {
        return Err(FileError::TooLarge);
    }
    Ok(bytes)
}

/// `permission denied` instead of `Permission denied (os error 13)`.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

impl Files for Disk {
    fn evaluator(&self) -> Option<&dyn Evaluator> {
        self.evaluator.as_ref().map(|it| it as &dyn Evaluator)
    }

    fn known_as(&self, path: &str) -> String {
        let full = lexical(Path::new(path));
        let real = self.root.canonicalize();
        let roots = std::iter::once(&self.root).chain(&real);
        let mut inside = roots.filter_map(|root| full.strip_prefix(root).ok());
        inside.next().map_or_else(|| path.to_owned(), slashes)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        read_file(&self.full(path))
    }

    fn read_in_repository(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let full = self.full(path);
        // What does not exist is outside if it would be.
        let inside = |path: &Path| path.starts_with(&self.repository);
        match full.canonicalize() {
            Ok(real) if inside(&real) => read_file(&real),
            Ok(_) => Err(FileError::Outside),
            Err(_) => {
                let folder = lexical(&full);
                let root = self
                    .root
                    .canonicalize()
                    .unwrap_or_else(|_| self.root.clone());
                let seen = folder
                    .strip_prefix(&self.root)
                    .map_or_else(|_| folder.clone(), |below| root.join(below));
                if inside(&seen) {
                    Err(FileError::Missing)
                } else {
                    Err(FileError::Outside)
                }
            }
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let start = self.full(folder);
        let metadata = start.metadata().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FileError::Missing,
            _ => FileError::Unreadable(reason(&error)),
        })?;
        if !metadata.is_dir() {
            return Err(FileError::Unreadable("is not a folder".to_owned()));
        }
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with(['.', '_'])
        };
        let mut found = Vec::new();
        for entry in walkdir::WalkDir::new(&start)
            .follow_links(true)
            .into_iter()
            .filter_entry(visible)
        {
            match entry {
                // What is no regular file is listed too, so that reading it says so.
                Ok(entry) if !entry.file_type().is_dir() => {
                    let below = entry.path().strip_prefix(&start).unwrap_or(entry.path());
                    found.push(format!(
                        "{}/{}",
                        folder.trim_end_matches('/'),
                        slashes(below)
                    ));
                }
                Ok(_) => {}
                // A link back to a folder above adds nothing.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let why = error.io_error().map_or_else(|| error.to_string(), reason);
                    let at = error.path().map(slashes).unwrap_or_default();
                    return Err(FileError::Unreadable(format!("`{at}`: {why}")));
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_path_inside_the_project_is_known_as_all_others() {
        let disk = Disk {
            current: PathBuf::from("/repository/project/deploy"),
            root: PathBuf::from("/repository/project"),
            repository: PathBuf::from("/repository"),
            has_project: true,
            evaluator: None,
        };
        let known = |path| disk.known_as(path);
        assert_eq!(known("/repository/project/a/./b.jsonnet"), "a/b.jsonnet");
        assert_eq!(
            known("/repository/project/../b.jsonnet"),
            "/repository/project/../b.jsonnet"
        );
        assert_eq!(
            known("/repository/projects/b.jsonnet"),
            "/repository/projects/b.jsonnet"
        );
    }
}
