//! What a run is told: flags and environment first, then the project file, then the defaults.

use action_format::{IdentitySchema, Project, RuleSetting, Spanned};
use diagnostics::{Diagnostic, FileId, Level, Registry, Rule, Span, TextRange};
use indexmap::IndexMap;
use kratos::{Method, Release};

use crate::load::{LoadError, named_methods};

/// A rule that the project file names and nobody has.
pub(crate) static UNKNOWN_RULE: Rule = Rule {
    code: "unknown-rule",
    summary: "a rule in the project file that does not exist",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/unknown-rule.md"),
};

/// An error that the project file wants to lower.
pub(crate) static FIXED_RULE_LEVEL: Rule = Rule {
    code: "fixed-rule-level",
    summary: "the project file lowers a rule that is always an error",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/fixed-rule-level.md"),
};

/// What the caller says, over the project file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The project file; `None` for a run without one.
    pub project: Option<String>,
    /// The target release, as written.
    pub kratos: Option<String>,
    /// The folder of actions.
    pub actions: Option<String>,
    /// The base.
    pub base: Option<String>,
    /// The output; only its format and that it is none of the inputs matter here.
    pub out: Option<String>,
    /// The result is printed and not written, so that it replaces no file.
    pub to_stdout: bool,
    /// How bodies are emitted.
    pub bodies: Bodies,
    /// Identity schemas, by id, instead of the project's.
    pub identity_schemas: Vec<(String, String)>,
    /// The schema of `metadata_public`.
    pub metadata_public: Option<String>,
    /// The methods that are on; none for those of the project.
    pub methods: Vec<Method>,
    /// Levels of rules, over the project's.
    pub rules: Vec<(String, Option<Level>)>,
}

/// How bodies reach the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Bodies {
    /// In the configuration itself, as `base64://`.
    #[default]
    Inline,
    /// As files, named in the configuration as `file://` and the prefix.
    Files {
        /// What stands before a file's name in the URI: the path where Kratos finds the folder.
        prefix: String,
    },
}

/// The settled settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The target release.
    pub kratos: Release,
    /// Set when the release that was asked for is not modelled itself: what was asked for.
    pub kratos_asked: Option<String>,
    /// The folder of actions.
    pub actions: String,
    /// The base.
    pub base: Option<String>,
    /// The output.
    pub out: Option<String>,
    /// The methods that are on, where the project says so.
    pub methods: Option<Vec<Method>>,
    /// Identity schemas by id, where the project names them.
    pub identity_schemas: IndexMap<String, IdentitySchema>,
    /// The schema of `metadata_public`.
    pub metadata_public: Option<Spanned<String>>,
    /// Levels of rules.
    pub rules: IndexMap<String, RuleSetting>,
    /// How bodies are emitted.
    pub bodies: Bodies,
}

impl Settings {
    /// Settles the options with the project file.
    ///
    /// # Errors
    /// When the release among the options is not known.
    pub(crate) fn settle(options: &Options, project: Project) -> Result<Self, LoadError> {
        let given = |method: &&Method| options.methods.contains(method);
        let methods = if options.methods.is_empty() {
            named_methods(&project)
        } else {
            Some(Method::ALL.iter().filter(given).copied().collect())
        };
        let asked = match (&options.kratos, &project.kratos) {
            (Some(asked), _) => Some((
                asked.clone(),
                Release::parse(asked).map_err(LoadError::Release)?,
            )),
            // A release that the project file has wrong was reported there.
            (None, Some(target)) => target
                .release
                .map(|found| (target.text.value.clone(), found)),
            (None, None) => None,
        };
        let kratos = asked
            .as_ref()
            .map_or(Release::NEWEST, |(_, found)| found.release);
        let kratos_asked = asked
            .filter(|(_, found)| !found.exact)
            .map(|(asked, _)| asked);
        let or = |flag: &Option<String>, file: Option<Spanned<String>>| {
            flag.clone().or(file.map(|it| it.value)).map(clean)
        };
        Ok(Self {
            kratos,
            kratos_asked,
            actions: or(&options.actions, project.actions).unwrap_or_else(|| "actions".to_owned()),
            base: or(&options.base, project.base),
            out: or(&options.out, project.out),
            methods,
            identity_schemas: identity_schemas(options, project.identity_schemas),
            metadata_public: options
                .metadata_public
                .as_ref()
                .map(|path| Spanned::new(path.clone(), NOWHERE))
                .or(project.metadata_public),
            rules: rules(options, project.rules),
            bodies: options.bodies.clone(),
        })
    }

    /// Gives findings the levels of the project, leaves out what is off, and reports codes that
    /// do not exist. An error stays one: what certainly fails cannot be wished away.
    pub(crate) fn apply_levels(&self, registry: &Registry, diagnostics: &mut Vec<Diagnostic>) {
        for (code, setting) in &self.rules {
            let Some(rule) = registry.get(code) else {
                let mut diagnostic = Diagnostic::new(
                    &UNKNOWN_RULE,
                    setting.code,
                    format!("there is no rule `{code}`"),
                );
                diagnostic = match registry.nearest(code) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(
                        format!("rename to `{near}`"),
                        setting.code,
                        near,
                    ),
                    None => diagnostic.help("`actionc explain` lists all rules"),
                };
                diagnostics.push(diagnostic);
                continue;
            };
            let level = setting.level.value;
            if rule.level == Level::Error && level != Some(Level::Error) {
                diagnostics.push(
                    Diagnostic::new(
                        &FIXED_RULE_LEVEL,
                        setting.level.span,
                        format!(
                            "`{code}` is always an error, found `{}`",
                            level.map_or("off", Level::as_str)
                        ),
                    )
                    .help("mend what it reports; only warnings and notes have a level to choose"),
                );
                continue;
            }
            diagnostics.retain_mut(|diagnostic| {
                if diagnostic.rule.code == code {
                    match level {
                        Some(level) => diagnostic.level = level,
                        None => return false,
                    }
                }
                true
            });
        }
    }
}

/// The place of what no file says.
const NOWHERE: Span = Span {
    file: FileId::DETACHED,
    range: TextRange { start: 0, end: 0 },
};

fn identity_schemas(
    options: &Options,
    project: IndexMap<String, IdentitySchema>,
) -> IndexMap<String, IdentitySchema> {
    if options.identity_schemas.is_empty() {
        return project;
    }
    let given = options.identity_schemas.iter().map(|(id, path)| {
        let schema = IdentitySchema {
            id: NOWHERE,
            file: Spanned::new(path.clone(), NOWHERE),
        };
        (id.clone(), schema)
    });
    given.collect()
}

fn rules(
    options: &Options,
    mut rules: IndexMap<String, RuleSetting>,
) -> IndexMap<String, RuleSetting> {
    for (code, level) in &options.rules {
        let setting = RuleSetting {
            code: NOWHERE,
            level: Spanned::new(*level, NOWHERE),
        };
        rules.insert(code.clone(), setting);
    }
    rules
}

/// `./a//b` as `a/b`: paths are compared and printed.
fn clean(path: String) -> String {
    let absolute = path.starts_with('/');
    let cleaned = crate::files::relative_to("", &path);
    if absolute {
        format!("/{cleaned}")
    } else {
        cleaned
    }
}
