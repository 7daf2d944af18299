//! Bodies that belong to no action, at a point that is named.

use diagnostics::{Diagnostic, FileId, Sources, render};
use jsonnet_check::Checked;
use kratos::{Point, Release, Slot};
use serde_json::Value;
use thiserror::Error;

use crate::check::check_body;
use crate::ctx::{CtxContext, phase, points};
use crate::files::{FileError, Files};
use crate::identity::{INVALID_SCHEMA, UNKNOWN_TRAITS, given};
use crate::load::{LoadError, context_of, text_of};
use crate::registry::registry;
use crate::settings::{Options, Settings};
use crate::suppress;

/// Why there is no such point, or nothing to check it with.
#[derive(Debug, Error)]
pub enum PointError {
    /// The name is none of a list of hooks.
    #[error(
        "`{0}` is no list of hooks; expected one such as `login.before` or `registration.after.password`"
    )]
    NoSlot(String),
    /// The release has no such list.
    #[error("Kratos {release} has no list `{slot}`")]
    NotInRelease {
        /// The list.
        slot: Slot,
        /// The release.
        release: Release,
    },
    /// An identity schema that was named cannot be read.
    #[error("cannot read the identity schema `{path}`: {reason}")]
    Schema {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// The project cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// A point, and what is known of the ctx there.
#[derive(Debug)]
pub struct BodyAt {
    settings: Settings,
    points: Vec<Point>,
    context: CtxContext,
    /// The bodies that were checked.
    bodies: Vec<FileId>,
}

impl BodyAt {
    /// The point of that name. The schemas named replace those of the project; what is wrong with
    /// those is found among the rest.
    ///
    /// # Errors
    /// When there is no such point, or a schema or the project cannot be read.
    pub fn new(
        files: &dyn Files,
        options: &Options,
        name: &str,
        parsed: bool,
        schemas: &[String],
        sources: &mut Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Self, PointError> {
        let mut found = Vec::new();
        let (settings, mut context) = context_of(files, options, sources, &mut found)?;
        let release = settings.kratos;
        let slot = Slot::parse(name).ok_or_else(|| PointError::NoSlot(name.to_owned()))?;
        if !slot.exists(release) {
            return Err(PointError::NotInRelease { slot, release });
        }
        if !schemas.is_empty() {
            let read = schemas.iter().map(|path| read_schema(files, path));
            context.identities = given(read.collect::<Result<Vec<_>, _>>()?);
            found.retain(|it| !is_about_schemas(it));
        }
        diagnostics.extend(found);
        Ok(Self {
            points: points(slot, phase(slot, parsed), release),
            settings,
            context,
            bodies: Vec::new(),
        })
    }

    /// The JSON Schema of ctx there.
    #[must_use]
    pub fn ctx_schema(&self) -> Value {
        self.context.schema(&self.points, self.settings.kratos)
    }

    /// The smallest ctx of the point.
    #[must_use]
    pub fn example(&self) -> Value {
        let ty = self.context.ty(&self.points, self.settings.kratos);
        jsonnet_check::candidates(&ty, 1).pop().unwrap_or_default()
    }

    /// Checks a body. Of one that is no text only that is found, and its type is unknown.
    ///
    /// # Errors
    /// When the file is not to be had.
    pub fn check(
        &mut self,
        files: &dyn Files,
        path: &str,
        sources: &mut Sources,
    ) -> Result<(Vec<Diagnostic>, Option<Checked>), FileError> {
        let bytes = files.read(path)?;
        let mut diagnostics = Vec::new();
        let Some(file) = text_of(bytes, path, sources, &mut diagnostics) else {
            return Ok((diagnostics, None));
        };
        self.bodies.push(file);
        let text = sources.text(file).to_owned();
        let (found, checked) = check_body(
            &text,
            file,
            &self.context,
            &self.points,
            self.settings.kratos,
            files.evaluator(),
        );
        // Said once for all files.
        self.context.identities.are_named |= found.iter().any(is_about_schemas);
        Ok((found, Some(checked)))
    }

    /// Leaves out what comments accept, gives the rest the levels of the project, and sorts it.
    pub fn settle(&self, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
        let registry = registry();
        // What else the project's files accept is not looked for, so it is not missed either.
        suppress::find_outside(sources, &self.bodies).accept(&registry, sources, diagnostics);
        let mut accepted = suppress::find_in_programs(sources, &self.bodies);
        accepted.accept(&registry, sources, diagnostics);
        accepted.report(&registry, sources, diagnostics);
        self.settings.apply_levels(&registry, diagnostics);
        render::sort(diagnostics, sources);
    }
}

fn is_about_schemas(diagnostic: &Diagnostic) -> bool {
    diagnostic.rule == &UNKNOWN_TRAITS || diagnostic.rule == &INVALID_SCHEMA
}

fn read_schema(files: &dyn Files, path: &str) -> Result<(String, Value), PointError> {
    let failed = |reason: String| PointError::Schema {
        path: path.to_owned(),
        reason,
    };
    let bytes = files
        .read(path)
        .map_err(|error| failed(error.to_string()))?;
    let document = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let id = name.split('.').next().unwrap_or(name);
    Ok((id.to_owned(), document))
}
