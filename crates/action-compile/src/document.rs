//! A configuration file in YAML, JSON or TOML: read into one tree, edited without loss.
//!
//! Invariants:
//! - whatever the format, the tree is a [`yaml::Node`] whose ranges are bytes of the file;
//! - [`set_items`] changes the named lists (and adds what is missing above them) and nothing else;
//!   what it returns has been read back and compared, or it is an error.

mod json;
mod toml;

use std::sync::Arc;

use diagnostics::{Diagnostic, FileId, Level, Rule, Span, TextRange};
use serde_json::Value;
use yaml::{EditError, Item, Node, SetItems, View};

/// A file that is not what its extension says.
pub(crate) static DOCUMENT_SYNTAX: Rule = Rule {
    code: "document-syntax",
    summary: "a JSON or TOML file that does not parse",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/document-syntax.md"),
};

/// How a configuration file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON, strictly.
    Json,
    /// TOML 1.0.
    Toml,
}

impl Format {
    /// The format that a path's extension names; YAML where it names none.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("json") => Self::Json,
            Some("toml") => Self::Toml,
            _ => Self::Yaml,
        }
    }
}

/// Reads a configuration: its top node, `None` when there is none to speak of.
#[must_use]
pub(crate) fn read(
    format: Format,
    text: &str,
    file: FileId,
) -> (Option<Arc<Node>>, Vec<Diagnostic>) {
    match format {
        Format::Yaml => {
            let parsed = yaml::parse(text, file);
            let root = parsed
                .documents
                .first()
                .map(|document| Arc::clone(&document.root));
            (root, parsed.diagnostics)
        }
        Format::Json => json::read(text, file),
        Format::Toml => toml::read(text, file),
    }
}

/// The beginning of the second document of a text that holds something.
pub(crate) fn second(format: Format, text: &str, file: FileId) -> Option<Span> {
    if format != Format::Yaml || !text.contains("---") {
        return None;
    }
    let parsed = yaml::parse(text, file);
    let mut further = parsed.documents.iter().skip(1);
    let second = further.find(|it| !matches!(it.root.view(), View::Null))?;
    let start = second.root.range.start as usize;
    let line = second
        .root
        .range
        .of(text)
        .lines()
        .next()
        .unwrap_or_default();
    Some(TextRange::new(start, start + line.len()).in_file(file))
}

/// The comments of a TOML text, from `#` to the end of the line.
#[must_use]
pub(crate) fn toml_comments(text: &str) -> Vec<TextRange> {
    toml::comments(text)
}

/// The configuration in a document: the whole of it, or what the values of Kratos's Helm chart have
/// at `kratos.config`, once more below `kratos` where the chart is a part of another.
#[must_use]
pub(crate) fn configuration_in(root: Arc<Node>) -> Arc<Node> {
    if root.get("selfservice").is_some() {
        return root;
    }
    let mut above = &root;
    while let Some(values) = above.get("kratos") {
        if let Some(config) = values.get("config")
            && config.get("selfservice").is_some()
        {
            return Arc::clone(config);
        }
        above = values;
    }
    root
}

/// Whether a text that does not parse names `selfservice` where a configuration does.
pub(crate) fn seems_configuration(format: Format, text: &str) -> bool {
    let names = |line: &str| {
        let table = line.trim_start().trim_start_matches('[');
        let rest = table.strip_prefix("selfservice").unwrap_or("x");
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with(['.', ']', '='])
    };
    match format {
        Format::Json => text.contains("\"selfservice\""),
        Format::Toml => text.lines().any(names),
        Format::Yaml => false,
    }
}

/// Sets lists of the configuration. An empty text is an empty configuration.
///
/// # Errors
/// When the place is taken by something else, is shared by an alias, or the result does not read
/// back as intended.
pub(crate) fn set_items(
    format: Format,
    text: &str,
    file: FileId,
    changes: &[SetItems],
) -> Result<String, EditError> {
    let edited = match format {
        Format::Yaml => return yaml::set_items(text, file, changes),
        Format::Json => json::set_items(text, file, changes)?,
        Format::Toml => toml::set_items(text, file, changes)?,
    };
    guard(format, text, &edited, file, changes)?;
    Ok(edited)
}

/// The value of the whole configuration, an empty object when there is none.
fn value_of(format: Format, text: &str, file: FileId) -> Result<Value, EditError> {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    match read(format, text, file) {
        (Some(root), diagnostics) if diagnostics.iter().all(|d| !d.is_error()) => {
            Ok(yaml::to_json(&root))
        }
        (_, diagnostics) => Err(EditError::Unreadable(diagnostics)),
    }
}

/// Reads the edited text back: its value must be the intended one, and nothing that stood in the
/// old text may be gone.
fn guard(
    format: Format,
    old: &str,
    new: &str,
    file: FileId,
    changes: &[SetItems],
) -> Result<(), EditError> {
    let mut intended = value_of(format, old, file)?;
    for change in changes {
        apply(&mut intended, change);
    }
    if value_of(format, new, file)? != intended {
        return Err(EditError::Guard(
            "the edited text does not read back as intended".into(),
        ));
    }
    // Blanks inside an empty container and a null that gave way to a list are all that may go.
    let solid = |text: &str| -> Vec<u8> {
        text.bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect()
    };
    let mut rest = solid(new).into_iter();
    let kept = solid(old)
        .into_iter()
        .all(|byte| rest.any(|other| other == byte));
    if !kept && !old.contains("null") {
        return Err(EditError::Guard("the edit lost a part of the base".into()));
    }
    Ok(())
}

/// The same change on the value, independent of how the text is edited.
fn apply(root: &mut Value, change: &SetItems) {
    let mut place = root;
    for key in &change.path {
        if !place.is_object() {
            *place = Value::Object(serde_json::Map::new());
        }
        let Value::Object(members) = place else {
            return;
        };
        place = members.entry(key.clone()).or_insert(Value::Null);
    }
    let present = place.as_array().cloned().unwrap_or_default();
    let items = change.items.iter().map(|item| match item {
        Item::Keep(index) => present.get(*index).cloned().unwrap_or_default(),
        Item::New { value, .. } => value.clone(),
    });
    *place = items.collect();
}

/// A description of a syntax error as a finding at a byte offset.
fn syntax_error(file: FileId, at: usize, text: &str, message: String) -> Diagnostic {
    let end = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |c| at + c.len_utf8());
    let range = TextRange::new(at, end);
    Diagnostic::new(&DOCUMENT_SYNTAX, range.in_file(file), message)
}

/// How deep a JSON document may nest; Kratos's own readers stop far later, people far earlier.
const MAX_DEPTH: usize = 128;

/// The first place where brackets nest deeper than [`MAX_DEPTH`], strings left out.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(offset);
        }
    }
    None
}
