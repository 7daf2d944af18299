//! The files of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

/// Paths relative to the root, with `/`, and the text of each file that is text.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads what is tracked by git or could be: new files too, ignored ones not.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let arguments = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let listed = Command::new("git")
            .args(arguments)
            .current_dir(root)
            .output();
        let paths = match listed {
            Ok(output) if output.status.success() => {
                let paths = String::from_utf8(output.stdout)?;
                paths.split_terminator('\0').map(str::to_owned).collect()
            }
            // An unpacked archive has no history, and nothing in it that is ignored but builds.
            _ => {
                let mut paths = Vec::new();
                walk(root, "", &mut paths)?;
                paths
            }
        };
        let mut files = BTreeMap::new();
        for path in paths {
            let place = root.join(&path);
            // Listed, but removed since; or a link, whose target is listed itself.
            if fs::symlink_metadata(&place).is_ok_and(|metadata| metadata.is_file()) {
                let bytes = fs::read(&place).with_context(|| path.clone())?;
                files.insert(path, String::from_utf8(bytes).ok());
            }
        }
        Ok(Self { files })
    }

    /// The paths and texts of the files that are text, in byte order of the paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.files.iter();
        texts.filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// The paths of all files, in byte order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Tree {
    /// A tree made up, for tests of what looks at trees.
    fn from(files: [(&str, &str); N]) -> Self {
        let file = |(path, text): (&str, &str)| (path.to_owned(), Some(text.to_owned()));
        Self {
            files: files.into_iter().map(file).collect(),
        }
    }
}

fn walk(root: &Path, folder: &str, paths: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if folder.is_empty() && [".git", "target", "dist"].contains(&name.as_str()) {
            continue;
        }
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        if entry.file_type()?.is_dir() {
            walk(root, &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
