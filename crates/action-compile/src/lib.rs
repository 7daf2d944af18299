//! From action files and a base configuration to a proven `kratos.yaml`.
//!
//! The passes stand in `passes` in their order, one line each. Invariants:
//! - files are asked for through [`Files`]; nothing else of the environment is seen;
//! - a pass gets values and gives values; what is wrong becomes a diagnostic, and the later passes
//!   work with what is right;
//! - there is output only when there is no finding at error level and [`prove`] has agreed.
//!
//! Start with [`compile`], then read the passes from `load` to `prove`.

mod base;
mod beside;
mod body;
mod body_at;
mod check;
mod credentials;
mod ctx;
mod document;
mod emit;
mod encoded;
mod files;
mod form;
mod headers;
mod identity;
mod lint;
mod load;
mod lower;
mod order;
mod plan;
mod prove;
mod registry;
mod resolve;
mod same;
mod settings;
mod shared;
mod suppress;
mod url_secrets;
mod view;
mod witness;

use diagnostics::{Diagnostic, FileId, Sources, Span, render};
use thiserror::Error;

pub use base::{Base, BaseHook};
pub use beside::{Beside, compile_beside};
pub use body::{default_body, default_form_body, inline_uri, is_remark};
pub use body_at::{BodyAt, PointError};
pub use check::check_body;
pub use credentials::credentials;
pub use ctx::{CtxContext, phase, points};
pub use document::Format;
pub use emit::Output;
pub use files::{FileError, Files, MAX_FILE_SIZE, MemoryFiles};
pub use identity::{Identities, IdentitySchema, given};
pub use jsonnet_check::Checked;
pub use load::{LoadError, is_action_file};
pub use registry::registry;
pub use resolve::BodyFile;
pub use settings::{Bodies, Options, Settings};
pub use url_secrets::without_url_secrets;
pub use view::{ChainView, HookView, PlanView};

/// What became of a run.
#[derive(Debug)]
pub struct Compiled {
    /// Every file that was read.
    pub sources: Sources,
    /// The settled settings.
    pub settings: Settings,
    /// Everything that was found, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The result; `None` when a finding is an error.
    pub output: Option<Output>,
}

/// The payload of an action.
#[derive(Debug)]
pub struct Payload {
    /// What was found on the way.
    pub compiled: Compiled,
    /// The schema; `None` when there is no such action, or it sends nothing.
    pub schema: Option<serde_json::Value>,
}

/// Why a run ended without a result to speak of.
#[derive(Debug, Error)]
pub enum CompileError {
    /// Something that must be there is not.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The emitted configuration does not run what was intended.
    #[error(transparent)]
    Defect(#[from] prove::Unproven),
}

/// Compiles the project: everything short of writing.
///
/// # Errors
/// When files cannot be had, or on a defect of ours.
pub fn compile(files: &dyn Files, options: &Options) -> Result<Compiled, CompileError> {
    passes(files, options, lint::lint)
}

/// The same without the rules of `lint`, to measure what those cost.
///
/// # Errors
/// When files cannot be had, or on a defect of ours.
pub fn compile_unlinted(files: &dyn Files, options: &Options) -> Result<Compiled, CompileError> {
    passes(files, options, |_, _, _, _, _| Vec::new())
}

fn passes(
    files: &dyn Files,
    options: &Options,
    lint: lint::Lint,
) -> Result<Compiled, CompileError> {
    let mut loaded = load::load(files, options)?;
    let resolved = resolve::resolve(files, &mut loaded);
    let examined = check::check(files, &resolved, &mut loaded);
    let lists = order::order(&resolved, &mut loaded);
    let intent = plan::plan(&loaded, &resolved, &lists);
    let of_base = lint(files, &mut loaded, &resolved, &intent, &examined);
    let accepted = suppress(&resolved, &of_base, &mut loaded);
    let lowered = lower::lower(&mut loaded, &resolved, &lists);
    let merged = emit::merge(&mut loaded, &resolved, &lowered);
    let output = match merged {
        Some((text, emitted)) => {
            let chains = prove::prove(&intent, &emitted, &loaded)?;
            Some(emit::output(
                text, emitted, &chains, &lowered, resolved, &loaded,
            ))
        }
        None => None,
    };
    Ok(finish(loaded, accepted, output))
}

/// What Kratos runs with an existing configuration, without any action, and what [`check_files`]
/// finds in it. What runs is a fact, be it right or wrong: there is an output beside errors too.
///
/// # Errors
/// When the file or the release is not to be had.
pub fn plan_file(
    files: &dyn Files,
    path: &str,
    options: &Options,
) -> Result<Compiled, CompileError> {
    let mut loaded = load::load_settings(files, options)?;
    loaded.read_configuration(files, path)?;
    let bodies = lint::lint_file(files, &mut loaded);
    let accepted = suppress(&resolve::Resolved::default(), &bodies, &mut loaded);
    let output = loaded.base.take().map(|base| {
        let chains = kratos::effective_chains(loaded.settings.kratos, &base.section);
        emit::unchanged(base, &chains, &loaded)
    });
    let compiled = finish(loaded, accepted, None);
    Ok(Compiled { output, ..compiled })
}

/// Whether a file is a configuration of Kratos: it has `selfservice` at its top, or is the values of
/// a Helm chart with such a configuration.
#[must_use]
pub fn is_configuration(files: &dyn Files, path: &str) -> bool {
    let Ok(bytes) = files.read(path) else {
        return false;
    };
    // What is no UTF-8 is reported as such, so it is enough to guess: UTF-16 has a zero beside each
    // letter of a key.
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(error.as_bytes());
        text.replace(['\0', char::REPLACEMENT_CHARACTER], "")
    });
    let format = Format::of_path(path);
    let (root, _) = document::read(format, &text, FileId::DETACHED);
    match root {
        Some(root) => {
            let configuration = document::configuration_in(root);
            configuration.get("selfservice").is_some()
        }
        // Of what does not parse there is no top; what it was meant to be shows all the same.
        None => document::seems_configuration(format, &text),
    }
}

/// Checks existing configurations that never saw an action, each by itself: its hooks, and its
/// bodies against the identity schemas that it names.
///
/// # Errors
/// When a file or the release is not to be had.
pub fn check_files(
    files: &dyn Files,
    paths: &[String],
    options: &Options,
) -> Result<Compiled, CompileError> {
    let mut loaded = load::load_settings(files, options)?;
    let mut bodies = Vec::new();
    for path in paths {
        loaded.read_configuration(files, path)?;
        bodies.extend(lint::lint_file(files, &mut loaded));
    }
    // Several may name one body or schema.
    let mut told = std::collections::BTreeSet::new();
    loaded.diagnostics.retain(|it| {
        let place = (it.primary.file, it.primary.range, it.annotation.clone());
        told.insert((place, it.rule.code, it.message.clone()))
    });
    let accepted = suppress(&resolve::Resolved::default(), &bodies, &mut loaded);
    Ok(finish(loaded, accepted, None))
}

/// The JSON Schema of what an action sends, from the types that its body has where it runs.
///
/// # Errors
/// When files cannot be had.
pub fn payload_schema(
    files: &dyn Files,
    options: &Options,
    name: &str,
) -> Result<Payload, CompileError> {
    let mut loaded = load::load(files, options)?;
    let resolved = resolve::resolve(files, &mut loaded);
    let payload = check::payload(files, &resolved, &mut loaded, name);
    let accepted = suppress(&resolved, &[], &mut loaded);
    let compiled = finish(loaded, accepted, None);
    Ok(Payload {
        compiled,
        schema: payload,
    })
}

/// Leaves out what comments accept of what was found so far, so that it keeps no later pass away.
fn suppress(
    resolved: &resolve::Resolved,
    of_base: &[resolve::BodySource],
    loaded: &mut load::Loaded,
) -> suppress::Suppressions {
    let actions = loaded.actions.iter().map(|it| &it.action);
    let disabled: Vec<Span> = actions
        .filter(|action| !action.enabled)
        .map(|action| action.span)
        .collect();
    let sources = &loaded.sources;
    let bodies = resolved.bodies.values().chain(of_base);
    let mut accepted = suppress::find(sources, bodies, &disabled);
    accepted.accept(&registry(), sources, &mut loaded.diagnostics);
    accepted
}

/// What is accepted, levels, order, and no output where there is an error.
fn finish(
    loaded: load::Loaded,
    mut accepted: suppress::Suppressions,
    output: Option<Output>,
) -> Compiled {
    let load::Loaded {
        mut sources,
        settings,
        mut diagnostics,
        ..
    } = loaded;
    // Before levels: what is switched off has been found all the same.
    let registry = registry();
    accepted.accept(&registry, &sources, &mut diagnostics);
    accepted.report(&registry, &sources, &mut diagnostics);
    settings.apply_levels(&registry, &mut diagnostics);
    shared::leave_to_a_person(&mut diagnostics, &sources);
    render::sort(&mut diagnostics, &sources);
    credentials::hide(&mut sources, &diagnostics);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    Compiled {
        sources,
        settings,
        output: output.filter(|_| !failed),
        diagnostics,
    }
}
