//! The project file.
#![expect(dead_code, reason = "only their schemas are used")]

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, json_schema};
use serde_json::Value;

use super::{action::Method, strings};

/// The project file of `actionc`, `actionc.yaml`.
#[derive(JsonSchema)]
#[schemars(title = "Project file", deny_unknown_fields)]
pub(super) struct Project {
    /// The target release of Kratos, or `main`. Default: the newest release. A release between two
    /// known ones counts as the lower.
    kratos: Option<Release>,
    /// The folder of the action files, relative to this file.
    #[schemars(transform = strings::needed, extend("default" = "actions"))]
    actions: Option<String>,
    /// The configuration of Kratos that the hooks are merged into: YAML, JSON or TOML.
    #[schemars(transform = strings::needed)]
    base: Option<String>,
    /// Where the merged configuration is written.
    #[schemars(transform = strings::needed)]
    out: Option<String>,
    /// Identity schemas: id and file. Default: `identity.schemas` of the base.
    #[schemars(extend("propertyNames" = {"minLength": 1}))]
    identity_schemas: Option<BTreeMap<String, Needed>>,
    /// The file of a JSON Schema of `metadata_public`. Default: an object with any members, or
    /// null.
    #[schemars(transform = strings::needed)]
    metadata_public: Option<String>,
    /// The methods that are enabled. Default: those of the base, or all of the release.
    #[schemars(length(min = 1))]
    methods: Option<Vec<Method>>,
    /// Not built yet. Values for `${vars.NAME}`.
    vars: Option<strings::NotBuilt>,
    /// Not built yet. Named addresses with credentials.
    targets: Option<strings::NotBuilt>,
    /// Not built yet. Settings by environment.
    environments: Option<strings::NotBuilt>,
    /// Levels of rules by code.
    #[schemars(extend("propertyNames" = {"minLength": 1}))]
    rules: Option<BTreeMap<String, RuleLevel>>,
}

/// A text that is not empty.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
struct Needed(#[schemars(transform = strings::needed)] String);

/// A release of Kratos.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
struct Release(#[schemars(schema_with = "release")] Value);

/// How much findings of a rule weigh.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
enum RuleLevel {
    /// Fails the run.
    Error,
    /// Is reported.
    Warning,
    /// Is reported as good to know.
    Note,
    /// Is not reported.
    Off,
}

/// A release: those whose hooks differ as suggestions, and any other version number.
fn release(_: &mut schemars::SchemaGenerator) -> Schema {
    let known: Vec<&str> = kratos::Release::ALL.iter().map(|it| it.name()).collect();
    json_schema!({
        "type": "string",
        "default": kratos::Release::NEWEST.name(),
        "anyOf": [
            {"enum": known},
            {"pattern": r"^v?[0-9]+(\.[0-9]+){0,2}(-[^+]+)?(\+.*)?$"},
        ],
    })
}
