//! Files on disk, some of them replaced by texts in memory: standard input, and what a fix would
//! make of a file.
//!
//! Invariant: a text in memory is where its path would be: it counts as outside of the repository
//! where the file does, and is listed with the folder that it lies in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use action_compile::{FileError, Files};
use jsonnet_eval::Evaluator;

use crate::disk::Disk;

/// The name of standard input in the folder of actions, when it was given none.
const NAMELESS: &str = "stdin.yaml";

/// The disk with other texts at some paths.
#[derive(Clone, Debug)]
pub(crate) struct Overlay<'a> {
    disk: &'a Disk,
    texts: BTreeMap<String, Vec<u8>>,
    nameless: Option<Vec<u8>>,
    /// Where the nameless text lies, once the folder of actions is known.
    nameless_path: OnceLock<String>,
    evaluates: bool,
}

impl<'a> Overlay<'a> {
    /// The disk as it is.
    pub(crate) fn new(disk: &'a Disk) -> Self {
        Self {
            disk,
            texts: BTreeMap::new(),
            nameless: None,
            nameless_path: OnceLock::new(),
            evaluates: true,
        }
    }

    /// The disk below.
    pub(crate) fn disk(&self) -> &Disk {
        self.disk
    }

    /// Puts a text at a path.
    pub(crate) fn insert(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        if self.nameless_path() == Some(path) {
            self.nameless = Some(text.into());
        } else {
            self.texts.insert(path.to_owned(), text.into());
        }
    }

    /// Puts a text among the actions.
    pub(crate) fn insert_nameless(&mut self, text: Vec<u8>) {
        self.nameless = Some(text);
    }

    /// The path of the nameless text, once a run has asked for the folder.
    pub(crate) fn nameless_path(&self) -> Option<&str> {
        self.nameless_path.get().map(String::as_str)
    }

    /// The same texts, where no body is evaluated: findings without witnesses, in less time.
    pub(crate) fn without_evaluation(&self) -> Self {
        Self {
            disk: self.disk,
            texts: self.texts.clone(),
            nameless: self.nameless.clone(),
            nameless_path: self.nameless_path.clone(),
            evaluates: false,
        }
    }

    fn text(&self, path: &str) -> Option<&Vec<u8>> {
        let nameless = self.nameless.as_ref();
        let nameless = nameless.filter(|_| self.nameless_path() == Some(path));
        nameless.or_else(|| self.texts.get(path))
    }
}

impl Files for Overlay<'_> {
    fn evaluator(&self) -> Option<&dyn Evaluator> {
        self.disk.evaluator().filter(|_| self.evaluates)
    }

    fn known_as(&self, path: &str) -> String {
        self.disk.known_as(path)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.text(path) {
            Some(text) => Ok(text.clone()),
            None => self.disk.read(path),
        }
    }

    fn read_in_repository(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let on_disk = self.disk.read_in_repository(path);
        match self.text(path) {
            Some(text) if on_disk != Err(FileError::Outside) => Ok(text.clone()),
            _ => on_disk,
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let is_hidden = |path: &str| path.split('/').any(|step| step.starts_with(['.', '_']));
        let mut added: Vec<String> = self
            .texts
            .keys()
            .filter(|path| path.strip_prefix(&prefix).is_some_and(|it| !is_hidden(it)))
            .cloned()
            .collect();
        if self.nameless.is_some() {
            let path = self.nameless_path.get_or_init(|| prefix + NAMELESS);
            added.push(path.clone());
        }
        match self.disk.list(folder) {
            Ok(mut found) => {
                found.extend(added);
                found.sort();
                found.dedup();
                Ok(found)
            }
            Err(FileError::Missing) if !added.is_empty() => Ok(added),
            error => error,
        }
    }
}
