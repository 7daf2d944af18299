//! The identity schemas of a project: where they come from, and what they say about `ctx.identity`.
//!
//! The project file names them, or else the base does (`identity.schemas`, `file://` and
//! `base64://`); of a configuration by itself see [`Schemas`]. Invariant: when one of them cannot be had, traits are unknown, which is said once
//! and makes reads of them silent.

use base64::Engine as _;
use diagnostics::{Diagnostic, FileId, Level, Rule, Sources, Span, TextRange};
use jsonnet_check::Ty;
use serde_json::{Value, json};
use yaml::{Node, View};

use crate::ctx::{bundle, formats};
use crate::files::{FileError, Files, relative_to};
use crate::settings::Settings;

/// No telling what the traits of an identity are.
pub(crate) static UNKNOWN_TRAITS: Rule = Rule {
    code: "unknown-traits",
    summary: "an identity schema that cannot be had, so that reads of traits are not checked",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/unknown-traits.md"),
};

/// A schema that is no JSON Schema of an identity.
pub(crate) static INVALID_SCHEMA: Rule = Rule {
    code: "invalid-schema",
    summary: "a JSON Schema of the project that cannot be read",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/invalid-schema.md"),
};

/// One identity schema.
#[derive(Clone, Debug)]
pub struct IdentitySchema {
    /// Its id: the value of `ctx.identity.schema_id`.
    pub id: String,
    /// The whole document, under an address of our own (`ctx/bundle.rs`).
    pub document: Value,
    /// The type of the traits.
    pub traits: Ty,
    /// Whether every identity has a verifiable address: a required trait carries verification.
    pub derives_verifiable: bool,
    /// The same for recovery addresses.
    pub derives_recovery: bool,
}

/// All identity schemas, and that of the public metadata. Empty when traits are unknown.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// The schemas, by id.
    pub schemas: Vec<IdentitySchema>,
    /// The schema of `metadata_public` where it is not null.
    pub metadata_public: Option<Value>,
    /// Whether a schema was named at all. One that cannot be had is reported where it is named.
    pub are_named: bool,
}

impl Identities {
    /// What is to be said once of reads of traits when no schema was named; `read` is the first.
    pub(crate) fn unnamed(&self, read: Span) -> Option<Diagnostic> {
        let message = "no identity schema is named, so what `traits` hold is not checked";
        let help = "name it under `identity_schemas` in actionc.yaml, or for a loose body with \
                    `--identity-schema FILE`";
        (!self.are_named).then(|| {
            Diagnostic::new(&UNKNOWN_TRAITS, read, message)
                .annotate("the first read of them")
                .help(help)
        })
    }
}

impl IdentitySchema {
    /// Reads the document.
    #[must_use]
    pub fn new(id: impl Into<String>, document: &Value) -> Self {
        let id = id.into();
        let document = bundle::bundled(document, &bundle::uri("identity-schema", &id));
        let whole = jsonnet_check::from_schema(&formats::only(formats::OF_TRAITS, &document));
        let traits = member(&whole, "traits").unwrap_or_else(|| Ty::map(Ty::Unknown));
        let root = document.pointer("/properties/traits");
        let derives = |kind: &str| root.is_some_and(|traits| derives(&document, traits, kind, 0));
        Self {
            id,
            traits,
            derives_verifiable: derives("verification"),
            derives_recovery: derives("recovery"),
            document,
        }
    }

    /// The schema of the traits, as a reference to the document.
    pub(crate) fn traits_reference(&self) -> Value {
        let address = self.document.get("$id").and_then(Value::as_str);
        match (self.document.pointer("/properties/traits"), address) {
            (Some(_), Some(address)) => json!({"$ref": format!("{address}#/properties/traits")}),
            _ => json!({"type": "object"}),
        }
    }

    /// The optional members that every identity of this schema has.
    pub(crate) fn derived(&self) -> Vec<&'static str> {
        let mut members = vec!["verifiable_addresses", "recovery_addresses"];
        members.retain(|member| self.derives(member));
        members
    }

    /// Whether every identity of this schema has that member, which in general is optional.
    pub(crate) fn derives(&self, member: &str) -> bool {
        match member {
            "verifiable_addresses" => self.derives_verifiable,
            "recovery_addresses" => self.derives_recovery,
            _ => false,
        }
    }
}

/// The type of a required member of an object type.
fn member(ty: &Ty, name: &str) -> Option<Ty> {
    let found = ty
        .kinds()
        .shapes
        .iter()
        .filter_map(|shape| shape.member(name));
    found.reduce(|all, it| all.join(&it))
}

/// Whether every value of a schema of objects holds a string that Kratos derives an address from:
/// one that is required on every level and carries the extension.
fn derives(document: &Value, schema: &Value, kind: &str, depth: usize) -> bool {
    if depth > 16 {
        return false;
    }
    let schema = referred(document, schema);
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|it| it == name))
    };
    let carries = |property: &Value| {
        let via = property.pointer(&format!("/ory.sh~1kratos/{kind}/via"));
        via.is_some() && property.get("type").and_then(Value::as_str) == Some("string")
    };
    let mut properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let parts = schema.get("allOf").and_then(Value::as_array);
    properties.any(|(name, property)| {
        let property = referred(document, property);
        required(name) && (carries(property) || derives(document, property, kind, depth + 1))
    }) || parts
        .into_iter()
        .flatten()
        .any(|part| derives(document, part, kind, depth + 1))
}

/// What a schema refers to within its document, or the schema itself.
fn referred<'s>(document: &'s Value, mut schema: &'s Value) -> &'s Value {
    for _ in 0..8 {
        let reference = schema.get("$ref").and_then(Value::as_str);
        match reference.and_then(|it| document.pointer(it.strip_prefix('#')?)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Whose schemas are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schemas {
    /// Those of the project, or else of its base.
    OfProject,
    /// Those that a configuration names by itself. A copy that an argument names takes the place of
    /// the schema of its id, one of the project file only where that cannot be had.
    OfConfiguration,
}

/// Where a schema is named, and how.
struct Named {
    id: String,
    url: String,
    span: Span,
    /// What is read where that cannot be had.
    copy: Option<(String, Span)>,
}

/// Reads the schemas of a project or a configuration.
pub(crate) fn load(
    files: &dyn Files,
    whose: Schemas,
    settings: &Settings,
    base: Option<(&str, &Node, FileId)>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Identities {
    let mut identities = Identities::default();
    let mut named = base.map_or_else(Vec::new, |(path, root, file)| of_base(path, root, file));
    if whose == Schemas::OfConfiguration && !named.is_empty() {
        take_copies(&mut named, settings);
    } else if !settings.identity_schemas.is_empty() {
        named = of_project(settings);
    }
    identities.are_named = !named.is_empty();
    let mut missing = None;
    for schema in &named {
        match document(files, schema, sources, diagnostics) {
            Ok(Some(document)) => identities
                .schemas
                .push(IdentitySchema::new(&*schema.id, &document)),
            // Reported as broken.
            Ok(None) => missing = Some(None),
            Err(fault) => missing = missing.or(Some(Some((schema, fault)))),
        }
    }
    if let Some(reason) = missing {
        identities.schemas.clear();
        if let Some((schema, (span, reason))) = reason {
            diagnostics.push(unknown(span, &schema.id, &reason, "identity_schemas"));
        }
    }
    if let Some(path) = &settings.metadata_public {
        let schema = Named {
            id: "metadata_public".to_owned(),
            url: path.value.clone(),
            span: path.span,
            copy: None,
        };
        match document(files, &schema, sources, diagnostics) {
            Ok(document) => {
                let uri = bundle::uri("metadata-public", "");
                identities.metadata_public = document.map(|it| bundle::bundled(&it, &uri));
            }
            Err((span, reason)) => {
                diagnostics.push(unknown(span, &schema.id, &reason, "metadata_public"));
            }
        }
    }
    identities
}

fn unknown(span: Span, id: &str, reason: &str, key: &str) -> Diagnostic {
    Diagnostic::new(
        &UNKNOWN_TRAITS,
        span,
        format!("the schema `{id}` cannot be read: {reason}; what it describes is not checked"),
    )
    .help(format!("name a local copy under `{key}` in actionc.yaml"))
}

/// Where a configuration's own schemas have local copies.
fn take_copies(named: &mut [Named], settings: &Settings) {
    for schema in named {
        let Some(copy) = settings.identity_schemas.get(&schema.id) else {
            continue;
        };
        let file = &copy.file;
        if file.span.file == FileId::DETACHED {
            schema.url.clone_from(&file.value);
            schema.span = file.span;
        } else {
            schema.copy = Some((file.value.clone(), file.span));
        }
    }
}

fn of_project(settings: &Settings) -> Vec<Named> {
    let schemas = settings.identity_schemas.iter();
    schemas
        .map(|(id, schema)| Named {
            id: id.clone(),
            url: schema.file.value.clone(),
            span: schema.file.span,
            copy: None,
        })
        .collect()
}

/// `identity.schemas` of a configuration; paths are relative to the configuration.
fn of_base(path: &str, root: &Node, file: FileId) -> Vec<Named> {
    let Some(View::Sequence(list)) = root.at(&["identity", "schemas"]).map(Node::view) else {
        return Vec::new();
    };
    let named = list.items.iter().filter_map(|item| {
        let url = item.get("url")?;
        let text = url.as_str()?;
        let text = match text.strip_prefix("file://") {
            Some(local) if local.starts_with('/') => local.to_owned(),
            Some(local) => relative_to(path, local),
            None => text.to_owned(),
        };
        Some(Named {
            id: item.get("id")?.as_str()?.to_owned(),
            url: text,
            span: url.range.in_file(file),
            copy: None,
        })
    });
    named.collect()
}

/// The document of a schema; `None` when it is broken, which is reported, and a reason with its
/// place when it cannot be had.
fn document(
    files: &dyn Files,
    schema: &Named,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Value>, (Span, String)> {
    let own = document_at(
        files,
        schema,
        &schema.url,
        schema.span,
        sources,
        diagnostics,
    );
    match (&schema.copy, own) {
        (Some((path, span)), Err(_)) => {
            let copy = document_at(files, schema, path, *span, sources, diagnostics);
            copy.map_err(|reason| (*span, reason))
        }
        (_, own) => own.map_err(|reason| (schema.span, reason)),
    }
}

fn document_at(
    files: &dyn Files,
    schema: &Named,
    url: &str,
    at: Span,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Value>, String> {
    let mut broken = |span: Span, what: String| {
        diagnostics.push(
            Diagnostic::new(
                &INVALID_SCHEMA,
                span,
                format!("the schema `{}` is not JSON: {what}", schema.id),
            )
            .help("mend the schema; Kratos would not start with it"),
        );
        Ok(None)
    };
    let text = if let Some(encoded) = url.strip_prefix("base64://") {
        match base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .ok()
            .map(String::from_utf8)
        {
            Some(Ok(text)) => text,
            _ => {
                return broken(at, "its base64 does not decode to a text".to_owned());
            }
        }
    } else if let Some((scheme, _)) = url.split_once("://") {
        return Err(format!(
            "`{scheme}://` is not followed, since checking needs no network"
        ));
    } else {
        let bytes = files
            .read(url)
            .map_err(|error: FileError| format!("`{url}`: {error}"))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Several configurations may name it.
        let known = sources
            .iter()
            .find(|(_, it)| it.path() == url && it.text() == text)
            .map(|(file, _)| file);
        let file = known.unwrap_or_else(|| sources.add(url, &*text));
        if let Err(error) = serde_json::from_str::<Value>(&text) {
            let line = sources
                .get(file)
                .and_then(|source| source.lines().line_start(error.line()));
            let at = line.unwrap_or(0) + error.column().saturating_sub(1);
            return broken(TextRange::new(at, at + 1).in_file(file), reason(&error));
        }
        text
    };
    match serde_json::from_str(&text) {
        Ok(document) => Ok(Some(document)),
        Err(error) => broken(at, reason(&error)),
    }
}

/// serde_json's words without the place, which is pointed at.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line").next().unwrap_or_default().to_owned()
}

/// Identity schemas that a caller has in hand, such as those named on a command line.
#[must_use]
pub fn given(schemas: impl IntoIterator<Item = (String, Value)>) -> Identities {
    Identities {
        schemas: schemas
            .into_iter()
            .map(|(id, document)| IdentitySchema::new(id, &document))
            .collect(),
        metadata_public: None,
        are_named: true,
    }
}
