//! What is checked: the project, or existing configurations that never saw an action.

use action_compile::{CompileError, Compiled, Files, Options};

/// What a run of `check` is about.
#[derive(Debug)]
pub(crate) enum Subject {
    /// The project, with its base.
    Project,
    /// The configurations at these paths, each by itself.
    Configurations(Vec<String>),
}

impl Subject {
    /// Everything that is found about it.
    pub(crate) fn check(
        &self,
        files: &dyn Files,
        options: &Options,
    ) -> Result<Compiled, CompileError> {
        match self {
            Self::Project => action_compile::compile(files, options),
            Self::Configurations(paths) => action_compile::check_files(files, paths, options),
        }
    }
}
