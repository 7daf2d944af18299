//! The reader of action files: documents, the list under `actions:`, names, and the fields that
//! every kind of hook has. What belongs to a webhook is read in [`web_hook`].

mod auth;
mod hook;
mod response;
mod slot;
mod web_hook;

use diagnostics::{Diagnostic, FileId, Level, Rule, TextRange, did_you_mean};
use yaml::{Entry, Mapping, Node};

use crate::reader::{
    Fields, INVALID_NAME, Nearby, Reader, UNKNOWN_FIELD, WRONG_TYPE, name_problem, refuse,
    refuse_fields,
};
use crate::{Action, Read, Spanned};

pub use hook::CONFLICTING_FIELDS;
pub use response::{DEPRECATED_CAN_INTERRUPT, IGNORE_AND_PARSE};
pub(crate) use slot::read_list as read_methods;
pub(crate) use web_hook::FIELDS as WEB_FIELDS;

/// One of several actions of a file that has no name.
pub static UNNAMED_ACTION: Rule = Rule {
    code: "unnamed-action",
    summary: "one of several actions of a file without a name",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/unnamed-action.md"),
};

/// The fields of an action, in the order in which they are listed to people.
pub(crate) const FIELDS: &[&str] = &[
    "name",
    "description",
    "flow",
    "timing",
    "auth_method",
    "hook",
    "url",
    "method",
    "target",
    "path",
    "headers",
    "body",
    "body_file",
    "response",
    "response_ignore",
    "response_parse",
    "mode",
    "can_interrupt",
    "when",
    "content_type",
    "auth",
    "webhook_auth_type",
    "webhook_auth_api_key_name",
    "webhook_auth_api_key_value",
    "webhook_auth_api_key_value_wo",
    "webhook_auth_api_key_value_wo_version",
    "webhook_auth_api_key_in",
    "webhook_auth_basic_auth_user",
    "webhook_auth_basic_auth_password",
    "webhook_auth_basic_auth_password_wo",
    "webhook_auth_basic_auth_password_wo_version",
    "config",
    "emit_analytics_event",
    "order",
    "run_after",
    "run_before",
    "enabled",
    "project_id",
];

/// Fields of features that are not built, each with what to do meanwhile.
const NOT_BUILT: &[(&str, &str)] = &[
    (
        "when",
        "let the body decide: `if … then … else error \"cancel\"`",
    ),
    (
        "target",
        "write `url`, `method`, `headers` and `auth` in the action itself",
    ),
    ("path", "write the whole address in `url`"),
];

/// Reads an action file: YAML or JSON, one action, several documents, or a list under `actions:`.
///
/// `stem` is the path of the file below the folder of actions, without its extension: the name of
/// the action when the file holds only one and does not name it.
#[must_use]
pub fn read_actions(text: &str, file: FileId, stem: &str) -> Read<Vec<Action>> {
    let (mut cx, documents) = Reader::open(text, file);
    let mut found = Vec::new();
    if let Some(documents) = &documents {
        for root in documents {
            read_document(&mut cx, root, &mut found);
        }
        if documents.is_empty() {
            report_nothing(&mut cx);
        }
        settle_names(&mut cx, &mut found, stem);
    }
    cx.finish(found.into_iter().map(|found| found.action).collect())
}

fn report_nothing(cx: &mut Reader<'_>) {
    let place = cx.span(TextRange::empty(0));
    let finding = Diagnostic::new(&WRONG_TYPE, place, "the file holds no action");
    cx.report(
        finding.help("add one, delete the file, or begin its name with `_` to have it skipped"),
    );
}

/// An action of the file, and whether it says a name, be it a wrong one.
struct Found {
    action: Action,
    named: bool,
}

/// An action or a list of actions.
fn read_document(cx: &mut Reader<'_>, root: &Node, actions: &mut Vec<Found>) {
    if let Some(list) = root.as_sequence() {
        let finding = cx
            .wrong_type("an action file", root, "a mapping")
            .help("put the list under `actions:`");
        cx.report(finding);
        for item in &list.items {
            actions.extend(read_action(cx, item));
        }
        return;
    }
    let Some(mapping) = cx.mapping("an action", root) else {
        return;
    };
    if let Some(entry) = mapping.get("selfservice") {
        let place = cx.place(&entry.key);
        cx.report(
            Diagnostic::new(
                &UNKNOWN_FIELD,
                place,
                "`selfservice` is not a field of an action",
            )
            .help("move this configuration of Kratos out of the folder of actions"),
        );
        return;
    }
    let Some(entry) = list_entry(mapping) else {
        actions.extend(read_action(cx, root));
        return;
    };
    let beside = Nearby {
        keys: FIELDS,
        help: "move it into an entry of `actions`".to_owned(),
        excused: &[],
    };
    let known = &["actions"];
    Fields::read(cx, root, mapping, "a list of actions", known, Some(&beside));
    let Some(list) = cx.list("`actions`", &entry.value, "actions") else {
        return;
    };
    if list.items.is_empty() {
        cx.empty("`actions`", &entry.value, "at least one action");
    }
    for item in &list.items {
        actions.extend(read_action(cx, item));
    }
}

/// The entry of `actions`, or of a misspelling of it in a mapping that is no action.
fn list_entry(mapping: &Mapping) -> Option<&Entry> {
    let known = |entry: &Entry| entry.key_text().is_some_and(|key| FIELDS.contains(&key));
    let meant = |entry: &&Entry| {
        let near = |key| did_you_mean(key, ["actions"]).is_some();
        entry.value.as_sequence().is_some() && entry.key_text().is_some_and(near)
    };
    mapping.get("actions").or_else(|| {
        let entry = mapping.entries.iter().find(meant)?;
        (!mapping.entries.iter().any(known)).then_some(entry)
    })
}

/// One action; nothing if it is no mapping.
fn read_action(cx: &mut Reader<'_>, node: &Node) -> Option<Found> {
    let mapping = cx.mapping("an action", node)?;
    let errors = cx.errors();
    let fields = Fields::read(cx, node, mapping, "an action", FIELDS, None);
    let name = fields
        .get("name")
        .and_then(|field| cx.name("`name`", field.value));
    let description = fields
        .get("description")
        .and_then(|field| cx.string("`description`", field.value));
    let slot = slot::read(cx, &fields);
    let kind = hook::read_kind(cx, &fields);
    refuse_fields(cx, &fields, NOT_BUILT);
    let hook = hook::read(cx, &fields, &slot, kind);
    let order = fields
        .get("order")
        .and_then(|field| cx.integer("`order`", field.value));
    let run_after = read_names(cx, &fields, "run_after");
    let run_before = read_names(cx, &fields, "run_before");
    let enabled = read_enabled(cx, &fields);
    let project_id = fields
        .get("project_id")
        .and_then(|field| cx.non_empty(("`project_id`", "an id"), field.value));
    hook::require(cx, &fields, kind);
    let action = Action {
        span: cx.place(node),
        head: fields.head,
        complete: cx.errors() == errors,
        name,
        description,
        flow: slot.flow,
        timing: slot.timing,
        auth_method: slot.auth_method,
        hook,
        order: order.map_or(0, |order| order.value),
        run_after,
        run_before,
        enabled,
        project_id,
    };
    Some(Found {
        action,
        named: fields.has("name") || fields.was_meant("name"),
    })
}

/// A list of action names.
fn read_names(cx: &mut Reader<'_>, fields: &Fields<'_>, name: &str) -> Vec<Spanned<String>> {
    let Some(field) = fields.get(name) else {
        return Vec::new();
    };
    let Some(list) = cx.list(&field.subject(), field.value, "action names") else {
        return Vec::new();
    };
    let subject = format!("an entry of {}", field.subject());
    list.items
        .iter()
        .filter_map(|item| cx.non_empty((&subject, "a name"), item))
        .collect()
}

fn read_enabled(cx: &mut Reader<'_>, fields: &Fields<'_>) -> bool {
    let Some(field) = fields.get("enabled") else {
        return true;
    };
    if field.value.as_sequence().is_some() {
        let place = cx.place(field.value);
        refuse(
            cx,
            place,
            "a list of environments",
            "write `true` or `false`",
        );
        return true;
    }
    cx.boolean("`enabled`", field.value)
        .is_none_or(|enabled| enabled.value)
}

/// Gives a single action the name of its file, and reports actions that stay without a name.
fn settle_names(cx: &mut Reader<'_>, actions: &mut [Found], stem: &str) {
    let count = actions.len();
    for Found { action, .. } in actions.iter_mut().filter(|found| !found.named) {
        if count > 1 {
            action.complete = false;
            cx.report(
                Diagnostic::new(
                    &UNNAMED_ACTION,
                    action.head,
                    format!("this action has no `name`, as one of {count} in its file"),
                )
                .help(
                    "add `name: …`; only an action that has its file for itself is named after it",
                ),
            );
        } else if let Some(problem) = name_problem(stem) {
            action.complete = false;
            cx.report(
                Diagnostic::new(
                    &INVALID_NAME,
                    action.head,
                    format!("the name of the file, which names the action, {problem}"),
                )
                .help("rename the file, or add `name: …`"),
            );
        } else {
            action.name = Some(Spanned::new(stem.to_owned(), action.head));
        }
    }
}
