//! What is checked: the project, existing configurations that never saw an action, or both.

use action_compile::{CompileError, Compiled, Files, Options};

/// What a run of `check` is about.
#[derive(Debug)]
pub(crate) enum Subject {
    /// The project, with its base.
    Project,
    /// The configurations at these paths, each by itself.
    Configurations(Vec<String>),
    /// The project, and beside it the configurations at these paths.
    Both(Vec<String>),
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
            Self::Both(paths) => {
                action_compile::compile_beside(files, paths, options).map(|both| both.compiled)
            }
        }
    }
}
