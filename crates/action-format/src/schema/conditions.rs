//! Conditions between the fields of a document: what `#[derive(JsonSchema)]` has no words for.
//!
//! Each is the schema's form of a check of the reader, named in its comment.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// The schema of a file: the presence of `actions` decides which of the two it is, so that an
/// error is told about the one that was meant.
pub(super) fn file(schema: &mut Schema) {
    let Some(Value::Array(choices)) = schema.remove("anyOf") else {
        return;
    };
    let mut choices = choices.into_iter();
    if let (Some(list), Some(one)) = (choices.next(), choices.next()) {
        schema.insert("if".to_owned(), json!({"required": ["actions"]}));
        schema.insert("then".to_owned(), list);
        schema.insert("else".to_owned(), one);
    }
}

/// `unnamed-action`: an action may be named after its file only where it is alone in it.
pub(super) fn list(schema: &mut Schema) {
    let alone_or_named = json!([{"maxItems": 1}, {"items": {"required": ["name"]}}]);
    schema.insert("anyOf".to_owned(), alone_or_named);
}

/// `ignore-and-parse`, nested.
pub(super) fn response(schema: &mut Schema) {
    schema.insert("not".to_owned(), all_true(&["ignore", "parse"]));
}

/// Everything between the fields of an action.
pub(super) fn action(schema: &mut Schema) {
    let mut conditions = Vec::new();
    conditions.extend(kinds());
    conditions.extend(slots());
    conditions.extend(responses());
    conditions.extend(exclusions());
    conditions.extend(flat_credentials());
    schema.insert("allOf".to_owned(), Value::Array(conditions));
}

/// `missing-field` and `conflicting-fields`: what goes with which kind of hook.
fn kinds() -> Vec<Value> {
    let is =
        |kinds: &[&str]| json!({"required": ["hook"], "properties": {"hook": {"enum": kinds}}});
    let built_in =
        json!({"required": ["hook"], "properties": {"hook": {"not": {"const": "web_hook"}}}});
    vec![
        json!({
            "if": built_in,
            "then": without(crate::read_action::WEB_FIELDS),
            "else": {"required": ["url"], "properties": {"config": false}},
        }),
        json!({
            "if": is(&["notify_previous_addresses", "b2b_sso", "organization"]),
            "else": without(&["config"]),
        }),
        json!({
            "if": is(&["notify_previous_addresses"]),
            "then": {"properties": {"config": {
                "properties": {"recipients": {"enum": ["removed", "all_verified", "all"]}},
                "additionalProperties": false,
            }}},
        }),
    ]
}

/// `conflicting-fields`: methods where the slot has none, and changes that nobody stores.
fn slots() -> Vec<Value> {
    let after = |flows: &[&str]| json!({"properties": {"timing": {"const": "after"}, "flow": {"enum": flows}}});
    vec![
        beside("auth_method", after(&["login", "registration", "settings"])),
        json!({
            "if": {"required": ["mode"], "properties": {"mode": {"const": "modify"}}},
            "then": after(&["registration", "settings"]),
        }),
    ]
}

/// `ignore-and-parse`, flat and with `can_interrupt`.
fn responses() -> Vec<Value> {
    let mut nested = all_true(&["can_interrupt"]);
    if let Some(Value::Object(properties)) = nested.get_mut("properties") {
        properties.insert("response".to_owned(), all_true(&["ignore"]));
    }
    if let Some(Value::Array(required)) = nested.get_mut("required") {
        required.push("response".into());
    }
    vec![
        json!({"not": all_true(&["response_ignore", "response_parse"])}),
        json!({"not": all_true(&["response_ignore", "can_interrupt"])}),
        json!({"not": nested}),
    ]
}

/// `conflicting-fields`: two spellings of one thing.
fn exclusions() -> Vec<Value> {
    let flat = ["response_ignore", "response_parse"];
    let otherwise = [flat.as_slice(), &["response", "can_interrupt"]].concat();
    let credentials: Vec<&str> = crate::read_action::WEB_FIELDS
        .iter()
        .copied()
        .filter(|name| name.starts_with("webhook_auth_"))
        .collect();
    let any_case = "^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Tt][Yy][Pp][Ee]$";
    [
        ("mode", without(&otherwise)),
        ("response", without(&flat)),
        ("body_file", without(&["body"])),
        ("auth", without(&credentials)),
        (
            "content_type",
            json!({"properties": {"headers": {"propertyNames": {"not": {"pattern": any_case}}}}}),
        ),
    ]
    .into_iter()
    .map(|(field, others)| beside(field, others))
    .collect()
}

/// The flat credentials of the Terraform resource: which go together.
fn flat_credentials() -> Vec<Value> {
    let is = |kind: &str| {
        json!({
            "required": ["webhook_auth_type"],
            "properties": {"webhook_auth_type": {"const": kind}},
        })
    };
    let either = |name: &str| {
        let write_only = format!("{name}_wo");
        json!([{"required": [name]}, {"required": [write_only]}])
    };
    let (key, password) = ("webhook_auth_api_key", "webhook_auth_basic_auth");
    let of = |prefix: &str| -> Vec<&str> {
        let fields = crate::read_action::WEB_FIELDS.iter().copied();
        fields.filter(|name| name.starts_with(prefix)).collect()
    };
    let mut beside_type = Map::new();
    for name in [of(key), of(password)].concat() {
        let mut needed = vec!["webhook_auth_type".to_owned()];
        needed.extend(name.strip_suffix("_version").map(str::to_owned));
        beside_type.insert(name.to_owned(), json!(needed));
    }
    vec![
        json!({"dependentRequired": beside_type}),
        json!({
            "if": is("api_key"),
            "then": {
                "required": ["webhook_auth_api_key_name", "webhook_auth_api_key_in"],
                "anyOf": either("webhook_auth_api_key_value"),
                "properties": without(&of(password)).get("properties"),
            },
        }),
        json!({
            "if": is("basic_auth"),
            "then": {
                "required": ["webhook_auth_basic_auth_user"],
                "anyOf": either("webhook_auth_basic_auth_password"),
                "properties": without(&of(key)).get("properties"),
            },
        }),
        beside(
            "webhook_auth_api_key_value_wo",
            without(&["webhook_auth_api_key_value"]),
        ),
        beside(
            "webhook_auth_basic_auth_password_wo",
            without(&["webhook_auth_basic_auth_password"]),
        ),
    ]
}

/// Where `field` is, `schema` holds.
fn beside(field: &str, schema: Value) -> Value {
    let dependent: Map<String, Value> = [(field.to_owned(), schema)].into_iter().collect();
    json!({"dependentSchemas": dependent})
}

/// None of these fields is there.
fn without(names: &[&str]) -> Value {
    let denied: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), Value::Bool(false)))
        .collect();
    json!({"properties": denied})
}

/// All of these fields are there and true.
fn all_true(names: &[&str]) -> Value {
    let properties: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"const": true})))
        .collect();
    json!({"required": names, "properties": properties})
}
