//! Which pages there are, and how each kind is read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::folder::Project;
use crate::strict::Elsewhere;

/// A set of pages of one kind.
///
/// ```no_run
/// # use mdtest::Suite;
/// let readme = Suite::new("/repository", "README.md")
///     .strict()
///     .project(["actionc.yaml", "actions"])
///     .elsewhere("cargo test --workspace", ".ci/run");
/// ```
#[derive(Clone, Debug)]
pub struct Suite {
    pub(crate) root: PathBuf,
    pattern: String,
    except: Vec<String>,
    pub(crate) kind: Kind,
    pub(crate) project: Option<Project>,
    pub(crate) elsewhere: Vec<Elsewhere>,
}

/// What the pages of a suite are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Tests in prose.
    Tests,
    /// Pages of diagnostic codes.
    Pages,
    /// Pages without a block that nothing checks.
    Strict,
}

impl Suite {
    /// The pages below `root` that match a pattern, in which `*` stands for a part of one name.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, pattern: impl Into<String>) -> Self {
        Self {
            root: root.into(),
            pattern: pattern.into(),
            except: Vec::new(),
            kind: Kind::Tests,
            project: None,
            elsewhere: Vec::new(),
        }
    }

    /// Reads each as the page of the diagnostic code that its file is named after.
    #[must_use]
    pub fn pages(mut self) -> Self {
        self.kind = Kind::Pages;
        self
    }

    /// Every block must be a session, a file that equals the repository's, `text`, or say why it is
    /// not checked.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.kind = Kind::Strict;
        self
    }

    /// Leaves a page out, such as one that is generated from others.
    #[must_use]
    pub fn except(mut self, page: impl Into<String>) -> Self {
        self.except.push(page.into());
        self
    }

    /// Every test begins with a copy of these files and folders of the root.
    #[must_use]
    pub fn project<S: Into<String>>(mut self, paths: impl IntoIterator<Item = S>) -> Self {
        self.project = Some(Project {
            root: self.root.clone(),
            paths: paths.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// A command that pages show without output and that a file of the root runs.
    #[must_use]
    pub fn elsewhere(mut self, command: impl Into<String>, file: impl Into<String>) -> Self {
        self.elsewhere.push(Elsewhere {
            command: command.into(),
            file: file.into(),
        });
        self
    }

    /// The pages, relative to the root, in byte order.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        let parts: Vec<&str> = self.pattern.split('/').collect();
        search(&self.root, "", &parts, &mut found)?;
        for except in &self.except {
            if !found.contains(except) {
                bail!(
                    "`{except}` is left out of `{}`, which does not have it",
                    self.pattern
                );
            }
        }
        found.retain(|path| !self.except.contains(path));
        if found.is_empty() {
            bail!("no page matches `{}`", self.pattern);
        }
        Ok(found)
    }
}

fn search(
    root: &Path,
    folder: &str,
    parts: &[&str],
    found: &mut Vec<String>,
) -> anyhow::Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        return Ok(());
    };
    let place = root.join(folder);
    let entries = fs::read_dir(&place).with_context(|| place.display().to_string())?;
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    for name in names.iter().filter(|name| matches(part, name)) {
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let is_folder = root.join(&path).is_dir();
        if rest.is_empty() && !is_folder {
            found.push(path);
        } else if is_folder {
            search(root, &path, rest, found)?;
        }
    }
    Ok(())
}

/// Whether a name is one of a pattern.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.filter_map(|at| name.get(at..))
                .any(|name| matches(rest, name))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_a_part_of_a_name() {
        assert!(matches("*.md", "a.md") && matches("a*b*c", "a1b2b3c") && matches("*", ""));
        assert!(!matches("*.md", "a.txt") && !matches("a", "ab") && !matches("a*b", "a"));
    }
}
