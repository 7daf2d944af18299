//! The reader of the project file.

use diagnostics::{Diagnostic, FileId, Level, Rule};
use indexmap::IndexMap;
use kratos::{Release, UnknownRelease};
use yaml::Node;

use crate::read_action::read_methods;
use crate::reader::{Fields, Reader, UNKNOWN_VALUE, WRONG_TYPE, choose, refuse_fields};
use crate::{IdentitySchema, Project, Read, RuleSetting, Spanned, Target};

/// A release of Kratos that cannot be compiled for.
pub static UNKNOWN_RELEASE: Rule = Rule {
    code: "unknown-release",
    summary: "a release of Kratos that is not known",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/unknown-release.md"),
};

/// The fields of the project file, in the order in which they are listed to people.
pub(crate) const FIELDS: &[&str] = &[
    "kratos",
    "actions",
    "base",
    "out",
    "identity_schemas",
    "metadata_public",
    "methods",
    "vars",
    "targets",
    "environments",
    "rules",
];

/// Fields of features that are not built, each with what to do meanwhile.
const NOT_BUILT: &[(&str, &str)] = &[
    ("vars", "write the values into the action files"),
    (
        "targets",
        "write address and credentials into the action files",
    ),
    ("environments", "keep a project file for each environment"),
];

/// Levels as the project file spells them.
pub(crate) const LEVELS: &[(&str, Option<Level>)] = &[
    ("error", Some(Level::Error)),
    ("warning", Some(Level::Warning)),
    ("note", Some(Level::Note)),
    ("off", None),
];

/// Reads a project file. An empty one is a project of which everything is left to the defaults.
#[must_use]
pub fn read_project(text: &str, file: FileId) -> Read<Project> {
    let (mut cx, documents) = Reader::open(text, file);
    let mut documents = documents.unwrap_or_default().into_iter();
    let project = documents
        .next()
        .map_or_else(Project::default, |root| read_root(&mut cx, &root));
    if let Some(second) = documents.next() {
        let place = cx.place(&second);
        cx.report(
            Diagnostic::new(
                &WRONG_TYPE,
                place,
                "a second document, expected one project",
            )
            .help("keep a project file for each project"),
        );
    }
    cx.finish(project)
}

fn read_root(cx: &mut Reader<'_>, root: &Node) -> Project {
    let Some(mapping) = cx.mapping("the project file", root) else {
        return Project::default();
    };
    let fields = Fields::read(cx, root, mapping, "the project file", FIELDS, None);
    refuse_fields(cx, &fields, NOT_BUILT);
    let mut path = |name: &str| {
        let field = fields.get(name)?;
        cx.non_empty((&field.subject(), "a path"), field.value)
    };
    Project {
        actions: path("actions"),
        base: path("base"),
        out: path("out"),
        metadata_public: path("metadata_public"),
        kratos: read_target(cx, &fields),
        identity_schemas: read_identity_schemas(cx, &fields),
        methods: fields.get("methods").and_then(|field| {
            let list = cx.list("`methods`", field.value, "methods")?;
            if list.items.is_empty() {
                cx.empty("`methods`", field.value, "at least one method");
                return None;
            }
            let methods = read_methods(cx, "`methods`", &list.items);
            Some(Spanned::new(methods, cx.place(field.value)))
        }),
        rules: read_rules(cx, &fields),
    }
}

fn read_target(cx: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Target> {
    let field = fields.get("kratos")?;
    let text = cx.string("`kratos`", field.value)?;
    let found = Release::parse(&text.value);
    if let Err(unknown) = &found {
        let finding = Diagnostic::new(&UNKNOWN_RELEASE, text.span, unknown.to_string());
        cx.report(match unknown {
            UnknownRelease::NotAVersion(_) => finding,
            UnknownRelease::TooOld(_) => {
                finding.help("upgrade Kratos: older hooks are not modelled")
            }
            UnknownRelease::TooNew(_) => finding.help(format!(
                "write `{}` or `main`, whichever is nearer, or upgrade actionc",
                Release::NEWEST
            )),
        });
    }
    Some(Target {
        text,
        release: found.ok(),
    })
}

fn read_identity_schemas(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
) -> IndexMap<String, IdentitySchema> {
    let mut schemas = IndexMap::new();
    let Some(field) = fields.get("identity_schemas") else {
        return schemas;
    };
    let Some(mapping) = cx.mapping("`identity_schemas`", field.value) else {
        return schemas;
    };
    for entry in mapping.effective() {
        let id = cx.non_empty(("the id of a schema", "a name"), &entry.key);
        let file = cx.non_empty(("the file of a schema", "a path"), &entry.value);
        if let (Some(id), Some(file)) = (id, file) {
            let schema = IdentitySchema { id: id.span, file };
            schemas.insert(id.value, schema);
        }
    }
    schemas
}

fn read_rules(cx: &mut Reader<'_>, fields: &Fields<'_>) -> IndexMap<String, RuleSetting> {
    let mut rules = IndexMap::new();
    let Some(field) = fields.get("rules") else {
        return rules;
    };
    let Some(mapping) = cx.mapping("`rules`", field.value) else {
        return rules;
    };
    for entry in mapping.effective() {
        let code = cx.non_empty(("the code of a rule", "a code"), &entry.key);
        let words = ("the level of a rule", "a level");
        let level = choose(cx, &UNKNOWN_VALUE, words, &entry.value, LEVELS);
        if let (Some(code), Some(level)) = (code, level) {
            let setting = RuleSetting {
                code: code.span,
                level,
            };
            rules.insert(code.value, setting);
        }
    }
    rules
}
