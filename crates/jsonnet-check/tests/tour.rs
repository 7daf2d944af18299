//! A tour of the crate: schemas to types, a check, its report, and the schema of the output.

use diagnostics::{FileId, Sources, render};
use jsonnet_check::{
    Annotation, Checked, Field, Presence, Profile, Shape, Signature, StdVersion, Ty, check,
    from_schema, json_schema,
};
use serde_json::{Value, json};

fn checked(program: &str, input: &Ty) -> Checked {
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    assert!(parsed.is_accepted(), "{:?}", parsed.diagnostics);
    let signature = Signature {
        args: vec![("ctx".into(), input.clone())],
        profile: Profile::default(),
    };
    check(&parsed, &signature)
}

#[test]
fn a_schema_becomes_a_type() {
    let cases: &[(Value, &str)] = &[
        (json!(true), "unknown"),
        (json!({}), "unknown"),
        (json!(false), "never"),
        (json!({ "type": ["string", "null"] }), "string | null"),
        (json!({ "enum": ["a", 1, null] }), "1 | \"a\" | null"),
        (json!({ "const": { "a": [1] } }), "{ a: [1] }"),
        (
            json!({ "type": "object", "properties": { "a": { "type": "integer" }, "b": {} }, "required": ["a"], "additionalProperties": false }),
            "{ a: integer, b?: unknown }",
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            "{ [string]: string }",
        ),
        (json!({ "type": "object" }), "{ [string]: unknown }"),
        (
            json!({ "type": "object", "required": ["x"], "additionalProperties": false }),
            "{ x: never }",
        ),
        (
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
            "string[]",
        ),
        (
            json!({ "type": "array", "items": [{ "type": "string" }], "additionalItems": false }),
            "[string]",
        ),
        (
            json!({ "definitions": { "t": { "type": "string" } }, "$ref": "#/definitions/t" }),
            "string",
        ),
        (
            json!({ "allOf": [{ "type": ["string", "null"] }, { "type": ["string", "number"] }] }),
            "string",
        ),
        (
            json!({ "oneOf": [
                { "type": "object", "properties": { "k": { "const": "a" } }, "required": ["k"], "additionalProperties": false },
                { "type": "object", "properties": { "k": { "const": "b" } }, "required": ["k"], "additionalProperties": false }
            ] }),
            "{ k: \"a\" } | { k: \"b\" }",
        ),
        (
            json!({ "type": "object", "properties": { "a": { "$ref": "#" } }, "additionalProperties": false }),
            "{ a?: { a?: { a?: unknown } } }",
        ),
        (json!({ "$ref": "https://example.org/other" }), "unknown"),
    ];
    for (schema, shown) in cases {
        assert_eq!(from_schema(schema).to_full_string(), *shown, "{schema}");
    }
}

#[test]
fn keywords_about_one_kind_leave_the_others() {
    let ty = from_schema(&json!({ "properties": { "a": { "type": "string" } } }));
    let kinds = ty.kinds();
    assert!(kinds.null && kinds.text.is_some() && kinds.unknown);
    assert_eq!(kinds.shapes[0].presence("a"), Presence::Optional);
}

#[test]
fn a_discriminator_selects_a_shape() {
    let schema = json!({ "oneOf": [
        { "type": "object", "properties": { "id": { "const": "person" }, "mail": { "type": "string" } }, "required": ["id", "mail"], "additionalProperties": false },
        { "type": "object", "properties": { "id": { "const": "robot" }, "key": { "type": "string" } }, "required": ["id", "key"], "additionalProperties": false }
    ] });
    let input = from_schema(&schema);
    let program = "function(ctx) { to: if ctx.id == 'person' then ctx.mail else ctx.key }";
    assert!(checked(program, &input).is_accepted());
    let program = "function(ctx) { to: ctx.mail }";
    assert!(!checked(program, &input).is_accepted());
}

#[test]
fn the_report_serves_rules_of_the_caller() {
    let secret = Annotation {
        tag: "secret".into(),
        text: "must not leave the server".into(),
    };
    let mut shape = Shape::default();
    shape.set(
        "token".into(),
        Field::required(Ty::string().annotated(secret.clone())),
    );
    shape.set("id".into(), Field::required(Ty::string()));
    let mut gone = Field::new(Ty::never(), Presence::Absent);
    gone.note = Some(Annotation {
        tag: "moved".into(),
        text: "read `ctx.flow.payload` instead".into(),
    });
    shape.set("payload".into(), gone);
    let input = Ty::from(shape);

    let program = "function(ctx) if ctx.id == '' then error 'cancel' else { a: { b: 'x' + ctx.token }, c: ctx.id }";
    let found = checked(program, &input);
    assert!(found.is_accepted(), "{:?}", found.diagnostics);
    let flows: Vec<_> = found
        .report
        .flows
        .iter()
        .map(|it| it.path.join("."))
        .collect();
    assert_eq!(flows, ["a.b"]);
    assert_eq!(found.report.flows[0].note, secret);
    assert_eq!(found.report.errors.len(), 1);
    assert_eq!(found.report.errors[0].text.as_deref(), Some("cancel"));

    let found = checked("function(ctx) { a: ctx.payload }", &input);
    assert_eq!(found.diagnostics[0].rule.code, "unknown-member");
    assert_eq!(
        found.diagnostics[0].help.as_deref(),
        Some("read `ctx.flow.payload` instead")
    );
    assert_eq!(&*found.report.reads[0].note.tag, "moved");
}

#[test]
fn the_output_has_a_schema() {
    let input =
        from_schema(&json!({ "type": "object", "properties": { "n": { "type": "integer" } } }));
    let program =
        "function(ctx) { kind: 'a', [if 'n' in ctx then 'n']: 'x' + ctx.n, l: [1, 2], h:: 1 }";
    let found = checked(program, &input);
    assert!(found.is_accepted(), "{:?}", found.diagnostics);
    assert_eq!(
        json_schema(&found.result),
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "kind": { "const": "a" },
                "l": { "type": "array", "prefixItems": [{ "const": 1 }, { "const": 2 }], "minItems": 2, "maxItems": 2 },
                "n": { "type": "string", "minLength": 2 }
            },
            "required": ["kind", "l"],
            "additionalProperties": false
        })
    );
    let back = from_schema(&json_schema(&found.result));
    assert_eq!(back.to_full_string(), found.result.to_full_string());
}

#[test]
fn the_library_is_that_of_a_release() {
    let program = jsonnet_syntax::parse("[std.isNull(1), 1_000]", FileId::DETACHED);
    let codes = |std_version| {
        let signature = Signature {
            args: Vec::new(),
            profile: Profile {
                std_version,
                ..Profile::default()
            },
        };
        let found = check(&program, &signature);
        found
            .diagnostics
            .iter()
            .map(|it| it.rule.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes(StdVersion::V0_21),
        ["unknown-std-function", "newer-syntax"]
    );
    assert!(codes(StdVersion::V0_22).is_empty());
}

#[test]
fn a_fix_can_be_applied() {
    let program = "function(ctx) { name: ctx.trait.nick, also: ctx.traits.nick }";
    let input = from_schema(&json!({
        "type": "object", "required": ["traits"], "additionalProperties": false,
        "properties": { "traits": { "type": "object", "properties": { "nick": { "type": "string" } } } }
    }));
    let mut sources = Sources::default();
    let file = sources.add("body.jsonnet", program);
    let parsed = jsonnet_syntax::parse(program, file);
    let signature = Signature {
        args: vec![("ctx".into(), input)],
        profile: Profile::default(),
    };
    let found = check(&parsed, &signature);
    assert_eq!(
        render::concise(&found.diagnostics, &sources)
            .lines()
            .count(),
        2
    );
    let mut fixed = program.to_owned();
    let mut edits: Vec<_> = found
        .diagnostics
        .iter()
        .flat_map(|it| &it.fixes)
        .flat_map(|it| &it.edits)
        .collect();
    edits.sort_by_key(|it| std::cmp::Reverse(it.span.range.start));
    for edit in edits {
        fixed.replace_range(edit.span.range.to_usize(), &edit.new_text);
    }
    assert_eq!(
        fixed,
        "function(ctx) { name: ctx.traits.nick, also: std.get(ctx.traits, 'nick', '') }"
    );
}
