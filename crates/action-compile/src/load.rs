//! Load: the project file, the action files and the base, read and understood.
//!
//! Invariants:
//! - files are taken in the order of their paths, whatever order the folder lists them in;
//! - what cannot be had at all is a [`LoadError`]; what can be had and is wrong is a diagnostic.

use action_format::{Action, Project, Read};
use diagnostics::{Diagnostic, FileId, Level, Rule, Source, Sources, TextRange};
use kratos::{Method, Release, UnknownRelease};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use thiserror::Error;

use crate::base::Base;
use crate::ctx::CtxContext;
use crate::files::{FileError, Files};
use crate::identity::{self, Schemas};
use crate::settings::{Options, Settings};

/// Bytes that are no UTF-8.
pub(crate) static NOT_UTF8: Rule = Rule {
    code: "not-utf8",
    summary: "a file that is not UTF-8",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/not-utf8.md"),
};

/// Why there is nothing to compile. All of it is exit status 2.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LoadError {
    /// A file that must be there cannot be read.
    #[error("cannot read the {role} `{path}`: {error}")]
    Unreadable {
        /// What the file is for: `project file`, `action file`, `base`.
        role: &'static str,
        /// Its path.
        path: String,
        /// Why.
        error: FileError,
    },
    /// The folder of actions cannot be read.
    #[error("cannot read the folder of actions `{path}`: {error}")]
    Folder {
        /// Its path.
        path: String,
        /// Why.
        error: FileError,
    },
    /// The folder holds no action file.
    #[error(
        "no action file in `{path}`: expected at least one `*.yaml`, `*.yml` or `*.json` whose name does not begin with `_` or `.`"
    )]
    NoActions {
        /// The folder.
        path: String,
    },
    /// A release on the command line that is not known.
    #[error("{0}")]
    Release(UnknownRelease),
    /// Base and output are one file.
    #[error(
        "base and output are the same file `{path}`: actions that are renamed or removed would stay in it"
    )]
    BaseIsOutput {
        /// The file.
        path: String,
    },
}

/// An action with the file it stands in.
#[derive(Clone, Debug)]
pub(crate) struct LoadedAction {
    /// The file.
    pub file: FileId,
    /// What it says.
    pub action: Action,
}

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Every file that was read.
    pub sources: Sources,
    /// Flags, environment and project file, settled.
    pub settings: Settings,
    /// The actions, by path of their file and place in it.
    pub actions: Vec<LoadedAction>,
    /// Whether every action of every file is among them.
    pub complete: bool,
    /// The base, if there is one.
    pub base: Option<Base>,
    /// What decides the ctx of bodies, beside the point.
    pub ctx: CtxContext,
    /// What is wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads everything.
///
/// # Errors
/// When a file that must be there is not to be had, or there are no actions.
pub(crate) fn load(files: &dyn Files, options: &Options) -> Result<Loaded, LoadError> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();

    let project = read_project(files, options, &mut sources, &mut diagnostics)?;
    let settings = settle(files, options, project)?;
    if let (Some(base), Some(out)) = (&settings.base, &settings.out)
        && base == out
        && !options.to_stdout
    {
        return Err(LoadError::BaseIsOutput { path: base.clone() });
    }
    let (actions, complete) =
        read_actions(files, &settings.actions, &mut sources, &mut diagnostics)?;
    let base = match &settings.base {
        Some(path) => read_base(files, path, settings.kratos, &mut sources, &mut diagnostics)?,
        None => None,
    };
    let ctx = ctx_context(
        files,
        Schemas::OfProject,
        &settings,
        base.as_ref(),
        &mut sources,
        &mut diagnostics,
    );
    Ok(Loaded {
        sources,
        settings,
        actions,
        complete,
        base,
        ctx,
        diagnostics,
    })
}

/// Reads the configuration of the project and its hooks.
///
/// # Errors
/// When the file is not to be had.
pub(crate) fn read_base(
    files: &dyn Files,
    path: &str,
    release: Release,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Base>, LoadError> {
    let bytes = files.read(path).map_err(|error| LoadError::Unreadable {
        role: "base",
        path: path.to_owned(),
        error,
    })?;
    Ok(text_of(bytes, path, sources, diagnostics)
        .and_then(|file| Base::read(path, sources.text(file), file, release, diagnostics)))
}

fn read_project(
    files: &dyn Files,
    options: &Options,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Project, LoadError> {
    let Some(path) = &options.project else {
        return Ok(Project::default());
    };
    let bytes = files.read(path).map_err(|error| LoadError::Unreadable {
        role: "project file",
        path: path.clone(),
        error,
    })?;
    let Some(file) = text_of(bytes, path, sources, diagnostics) else {
        return Ok(Project::default());
    };
    let read = action_format::read_project(sources.text(file), file);
    diagnostics.extend(read.diagnostics);
    Ok(read.value)
}

/// The settings, where the schema of the metadata that an argument names is there.
fn settle(files: &dyn Files, options: &Options, project: Project) -> Result<Settings, LoadError> {
    if let Some(path) = &options.metadata_public {
        files.read(path).map_err(|error| LoadError::Unreadable {
            role: "schema of `metadata_public`",
            path: path.clone(),
            error,
        })?;
    }
    Settings::settle(options, project)
}

/// The identity schemas and the header allow-list.
fn ctx_context(
    files: &dyn Files,
    whose: Schemas,
    settings: &Settings,
    base: Option<&Base>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> CtxContext {
    let of_base = base.map(|base| (base.path.as_str(), &*base.root, base.file));
    let list = base.and_then(|base| {
        base.root
            .at(&["clients", "web_hook", "header_allowlist"])?
            .as_sequence()
    });
    let names = |list: &yaml::Sequence| {
        list.items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    };
    CtxContext {
        identities: identity::load(files, whose, settings, of_base, sources, diagnostics),
        header_allow_list: list.map(names),
    }
}

/// Whether a path below the folder of actions names an action file.
#[must_use]
pub fn is_action_file(below: &str) -> bool {
    has_extension_of_action(below) && !below.split('/').any(|it| it.starts_with(['.', '_']))
}

fn has_extension_of_action(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("yaml" | "yml" | "json"))
}

/// Above this many files, reading them side by side pays.
const PARALLEL_FROM: usize = 64;

fn read_actions(
    files: &dyn Files,
    folder: &str,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Vec<LoadedAction>, bool), LoadError> {
    let mut paths = files.list(folder).map_err(|error| LoadError::Folder {
        path: folder.to_owned(),
        error,
    })?;
    paths.retain(|path| has_extension_of_action(path));
    paths.sort();
    if paths.is_empty() {
        return Err(LoadError::NoActions {
            path: folder.to_owned(),
        });
    }
    let read_bytes = |path: &String| files.read(path);
    let contents: Vec<Result<Vec<u8>, FileError>> = if paths.len() < PARALLEL_FROM {
        paths.iter().map(read_bytes).collect()
    } else {
        paths.par_iter().map(read_bytes).collect()
    };
    let mut texts = Vec::new();
    let mut complete = true;
    for (path, bytes) in paths.iter().zip(contents) {
        let bytes = bytes.map_err(|error| LoadError::Unreadable {
            role: "action file",
            path: path.clone(),
            error,
        })?;
        match text_of(bytes, path, sources, diagnostics) {
            Some(file) => texts.push(file),
            None => complete = false,
        }
    }
    let sources: &Sources = sources;
    let read = |file: &FileId| read_file(*file, folder, sources);
    let reads: Vec<Read<Vec<Action>>> = if texts.len() < PARALLEL_FROM {
        texts.iter().map(read).collect()
    } else {
        texts.par_iter().map(read).collect()
    };
    let mut actions = Vec::new();
    for (file, read) in texts.iter().zip(reads) {
        diagnostics.extend(read.diagnostics);
        complete &= read.complete;
        let loaded = read.value.into_iter().map(|action| LoadedAction {
            file: *file,
            action,
        });
        actions.extend(loaded);
    }
    Ok((actions, complete))
}

fn read_file(file: FileId, folder: &str, sources: &Sources) -> Read<Vec<Action>> {
    let path = sources.path(file);
    let below = path
        .strip_prefix(folder)
        .map_or(path, |rest| rest.trim_start_matches('/'));
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    action_format::read_actions(sources.text(file), file, stem)
}

/// Adds the file; `None` when its bytes are no text, which is reported.
pub(crate) fn text_of(
    bytes: Vec<u8>,
    path: &str,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FileId> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(sources.add(path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            // The text up to the fault is kept, so that the finding has a line to stand on.
            let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
            // The range is empty: the byte is shown as three.
            let file = sources.add(path, shown);
            diagnostics.push(
                Diagnostic::new(
                    &NOT_UTF8,
                    TextRange::empty(at).in_file(file),
                    format!("byte {at} is not UTF-8"),
                )
                .help("save the file as UTF-8"),
            );
            None
        }
    }
}

/// The same for a file that several configurations may name: it is one source all the same, so
/// that what is said about it, and what comments in it accept, is one thing too.
pub(crate) fn text_once(
    bytes: Vec<u8>,
    path: &str,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FileId> {
    let is_it = |source: &Source| source.path() == path && source.text().as_bytes() == bytes;
    let known = sources.iter().find(|(_, source)| is_it(source));
    match known.map(|(file, _)| file) {
        Some(file) => Some(file),
        None => text_of(bytes, path, sources, diagnostics),
    }
}

/// The methods that the project names, in the order of [`Method::ALL`].
pub(crate) fn named_methods(project: &Project) -> Option<Vec<Method>> {
    let named = project.methods.as_ref()?;
    let is_named = |method: &&Method| named.value.iter().any(|it| it.value == **method);
    Some(Method::ALL.iter().filter(is_named).copied().collect())
}

/// The project without its actions and its base: where configurations are read into, one after the
/// other.
///
/// # Errors
/// When a file that is named outside of the project file is not to be had, or the release.
pub(crate) fn load_settings(files: &dyn Files, options: &Options) -> Result<Loaded, LoadError> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let project = read_project(files, options, &mut sources, &mut diagnostics)?;
    let settings = settle(files, options, project)?;
    Ok(Loaded {
        sources,
        settings,
        actions: Vec::new(),
        complete: true,
        base: None,
        ctx: CtxContext::default(),
        diagnostics,
    })
}

impl Loaded {
    /// Reads a configuration with the identity schemas that it names, in the place of the last.
    ///
    /// # Errors
    /// When the file is not to be had.
    pub(crate) fn read_configuration(
        &mut self,
        files: &dyn Files,
        path: &str,
    ) -> Result<(), LoadError> {
        let bytes = files.read(path).map_err(|error| LoadError::Unreadable {
            role: "configuration",
            path: path.to_owned(),
            error,
        })?;
        let release = self.settings.kratos;
        let file = text_of(bytes, path, &mut self.sources, &mut self.diagnostics);
        self.base = file.and_then(|file| {
            let text = self.sources.text(file);
            Base::read_alone(path, text, file, release, &mut self.diagnostics)
        });
        self.ctx = ctx_context(
            files,
            Schemas::OfConfiguration,
            &self.settings,
            self.base.as_ref(),
            &mut self.sources,
            &mut self.diagnostics,
        );
        Ok(())
    }
}

/// The settings and what decides the ctx, of a project whose actions do not matter.
pub(crate) fn context_of(
    files: &dyn Files,
    options: &Options,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(Settings, CtxContext), LoadError> {
    let project = read_project(files, options, sources, diagnostics)?;
    let settings = settle(files, options, project)?;
    let base = match &settings.base {
        Some(path) => read_base(files, path, settings.kratos, sources, diagnostics)?,
        None => None,
    };
    let ctx = ctx_context(
        files,
        Schemas::OfProject,
        &settings,
        base.as_ref(),
        sources,
        diagnostics,
    );
    Ok((settings, ctx))
}
