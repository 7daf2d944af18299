//! The crate in one page: declare a rule, report it, render it three ways.

use diagnostics::{Diagnostic, Level, Registry, Rule, Sources, TextRange, render};

static UNKNOWN_FIELD: Rule = Rule {
    code: "unknown-field",
    summary: "a key that the format does not have",
    level: Level::Error,
    since: "0.1.0",
    page: "# unknown-field",
};

#[test]
fn a_finding_is_rendered_for_people_lines_and_programs() {
    let mut sources = Sources::default();
    let text = "name: héllo\nmetod: POST\n";
    let file = sources.add("actions/a.yaml", text);
    let start = text.find("metod").unwrap();
    let span = TextRange::new(start, start + 5).in_file(file);
    let found = vec![
        Diagnostic::new(&UNKNOWN_FIELD, span, "unknown field `metod`")
            .help("did you mean `method`?")
            .fix("rename to `method`", span, "method"),
    ];

    let concise = render::concise(&found, &sources);
    assert_eq!(
        concise,
        "actions/a.yaml:2:1: error[unknown-field] unknown field `metod`\n"
    );

    let full = render::full(&found, &sources, false);
    assert!(full.contains("metod: POST"), "{full}");
    assert!(full.contains("did you mean `method`?"), "{full}");

    let json: serde_json::Value = serde_json::from_str(&render::json(&found, &sources, 1)).unwrap();
    assert_eq!(json["format_version"], "1");
    assert_eq!(json["diagnostics"][0]["range"]["start"]["offset"], start);
    assert_eq!(json["diagnostics"][0]["range"]["start"]["line"], 2);
    assert_eq!(
        json["diagnostics"][0]["fixes"][0]["edits"][0]["new_text"],
        "method"
    );

    let registry = Registry::new(&[&[&UNKNOWN_FIELD]]);
    assert_eq!(registry.nearest("unknwon-field"), Some("unknown-field"));
}

#[test]
fn findings_are_sorted_by_path_offset_and_code() {
    let mut sources = Sources::default();
    let b = sources.add("b.yaml", "xx");
    let a = sources.add("a.yaml", "xx");
    let at = |file, start| {
        Diagnostic::new(
            &UNKNOWN_FIELD,
            TextRange::new(start, start + 1).in_file(file),
            "m",
        )
    };
    let mut found = vec![at(b, 0), at(a, 1), at(a, 0), at(a, 0)];
    render::sort(&mut found, &sources);
    assert_eq!(found, vec![at(a, 0), at(a, 1), at(b, 0)]);
}

#[test]
fn control_characters_of_hostile_input_never_reach_the_terminal() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "a\u{1b}[31mb");
    let found = [Diagnostic::new(
        &UNKNOWN_FIELD,
        TextRange::new(0, 3).in_file(file),
        "unknown field `a\u{1b}[31m`",
    )];
    assert!(!render::full(&found, &sources, false).contains('\u{1b}'));
    assert!(!render::concise(&found, &sources).contains('\u{1b}'));
}
