//! The fields of a webhook.

use std::sync::Arc;

use diagnostics::Span;
use yaml::{Kind, Node};

use super::slot::SlotFields;
use super::{auth, hook::conflict, response};
use crate::reader::{Field, Fields, Reader, UNKNOWN_VALUE, choose, literal};
use crate::{Body, ContentType, Header, InlineBody, Spanned, WebHook};

/// The fields that only webhooks have.
pub(crate) const FIELDS: &[&str] = &[
    "url",
    "method",
    "headers",
    "body",
    "body_file",
    "response",
    "response_ignore",
    "response_parse",
    "mode",
    "can_interrupt",
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
    "emit_analytics_event",
];

pub(super) fn read(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
    slot: &SlotFields,
    hook: Option<Span>,
) -> WebHook {
    let url = fields.get("url").and_then(|field| {
        let url = cx.non_empty(("`url`", "an address"), field.value);
        literal(cx, field.value, url)
    });
    let method = fields
        .get("method")
        .and_then(|field| cx.non_empty(("`method`", "one such as `POST`"), field.value));
    let headers = fields
        .get("headers")
        .map_or_else(Vec::new, |field| read_headers(cx, &field));
    let content_type = read_content_type(cx, fields, &headers);
    let emit_analytics_event = fields
        .get("emit_analytics_event")
        .and_then(|field| cx.boolean("`emit_analytics_event`", field.value));
    WebHook {
        hook,
        url,
        method,
        headers,
        body: read_body(cx, fields),
        response: response::read(cx, fields, slot),
        content_type,
        auth: auth::read(cx, fields),
        emit_analytics_event,
    }
}

fn read_headers(cx: &mut Reader<'_>, field: &Field<'_>) -> Vec<Header> {
    let Some(mapping) = cx.mapping("`headers`", field.value) else {
        return Vec::new();
    };
    let mut headers = Vec::new();
    for entry in mapping.effective() {
        let name = cx.non_empty(("the name of a header", "a name"), &entry.key);
        let subject = match &name {
            Some(name) => format!("the header `{}`", name.value),
            None => "a header".to_owned(),
        };
        let value = cx.string(&subject, &entry.value);
        let value = literal(cx, &entry.value, value);
        if let (Some(name), Some(value)) = (name, value) {
            headers.push(Header { name, value });
        }
    }
    headers
}

/// Kratos takes the content type from the header alone, so the two say the same thing.
fn read_content_type(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
    headers: &[Header],
) -> Option<Spanned<ContentType>> {
    let field = fields.get("content_type")?;
    let words = ("`content_type`", "a content type");
    let content_type = choose(cx, &UNKNOWN_VALUE, words, field.value, ContentType::ALL);
    let header = headers
        .iter()
        .find(|header| header.name.value.eq_ignore_ascii_case("content-type"));
    if let Some(header) = header {
        let place = cx.place(field.key);
        conflict(
            cx,
            header.name.span,
            format!(
                "the header `{}` and `content_type` exclude each other",
                header.name.value
            ),
            (place, "this sets the same header"),
            "remove the header",
        );
    }
    content_type
}

fn read_body(cx: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Body> {
    let inline = fields.get("body");
    let file = fields.get("body_file");
    let body = inline.and_then(|field| {
        let text = cx.non_empty(("`body`", "a Jsonnet function"), field.value)?;
        let node = target(field.value);
        Some(Body::Inline(InlineBody {
            text: text.value,
            span: cx.place(&node),
            node,
        }))
    });
    let path = file
        .and_then(|field| cx.non_empty(("`body_file`", "a path"), field.value))
        .map(Body::File);
    if let (Some(inline), Some(file)) = (inline, file) {
        let (guilty, other) = (cx.place(file.key), cx.place(inline.key));
        conflict(
            cx,
            guilty,
            "`body_file` and `body` exclude each other".to_owned(),
            (other, "the body is here already"),
            "keep one of them",
        );
    }
    body.or(path)
}

/// The node that holds the text: positions in it cannot be counted from an alias.
fn target(node: &Arc<Node>) -> Arc<Node> {
    match &node.kind {
        Kind::Alias(alias) => alias.target.as_ref().unwrap_or(node).clone(),
        _ => node.clone(),
    }
}
