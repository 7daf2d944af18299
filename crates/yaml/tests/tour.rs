//! The crate in one page: read, look, point, write, change.

use diagnostics::{Sources, TextRange};
use serde_json::json;
use yaml::{Item, RULES, SetItems, emit, offset_map, parse, set_items, to_json};

const TEXT: &str = "\
selfservice:
  flows:
    registration: &flow
      after:
        password:
          hooks:
            - hook: session # last
    login: *flow
body: |
  function(ctx) {
    id: ctx.idenity.id,
  }
";

#[test]
fn a_text_becomes_a_tree_with_places() {
    let mut sources = Sources::default();
    let file = sources.add("kratos.yaml", TEXT);
    let parsed = parse(TEXT, file);
    assert!(parsed.diagnostics.is_empty() && parsed.complete);

    let [document] = parsed.documents.as_slice() else {
        panic!("one document");
    };
    let hooks = document
        .root
        .at(&[
            "selfservice",
            "flows",
            "login",
            "after",
            "password",
            "hooks",
        ])
        .unwrap();
    let [first] = hooks.as_sequence().unwrap().items.as_slice() else {
        panic!("one hook");
    };
    assert_eq!(first.get("hook").unwrap().as_str(), Some("session"));
    assert_eq!(first.range.of(TEXT), "hook: session");
    assert_eq!(sources.line(first.range.in_file(file)), 7);
    assert_eq!(document.comments.first().unwrap().text, " last");
    assert_eq!(to_json(hooks), json!([{"hook": "session"}]));
}

#[test]
fn a_place_in_a_decoded_text_is_a_place_in_the_file() {
    let mut sources = Sources::default();
    let file = sources.add("kratos.yaml", TEXT);
    let parsed = parse(TEXT, file);
    let body = parsed.documents.first().unwrap().root.get("body").unwrap();
    let at = body.as_str().unwrap().find("idenity").unwrap();
    let place = offset_map(body, TEXT).to_file(TextRange::new(at, at + "idenity".len()));
    assert_eq!(place.of(TEXT), "idenity");
}

#[test]
fn mistakes_are_reported_by_registered_rules() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "name: a\nname: b\n");
    let found = parse(sources.text(file), file).diagnostics;
    let codes: Vec<&str> = found.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["duplicate-key"]);
    assert!(found.iter().all(|found| RULES.contains(&found.rule)));
}

#[test]
fn values_are_written_so_that_every_parser_reads_them_alike() {
    let value = json!({"hook": "web_hook", "config": {"url": "https://x", "method": "on"}});
    assert_eq!(
        emit::block(&value, 0),
        "hook: web_hook\nconfig:\n  url: \"https://x\"\n  method: \"on\"\n"
    );
    assert_eq!(
        emit::flow(&value),
        "{hook: web_hook, config: {url: \"https://x\", method: \"on\"}}"
    );
}

#[test]
fn a_list_is_changed_and_every_other_byte_is_kept() {
    let mut sources = Sources::default();
    let file = sources.add("kratos.yaml", TEXT);
    let path = ["selfservice", "flows", "registration", "before", "hooks"];
    let change = SetItems {
        path: path.map(str::to_owned).to_vec(),
        items: vec![Item::New {
            comments: vec!["from actions/check.yaml".to_owned()],
            value: json!({"hook": "web_hook"}),
        }],
    };
    // `login` is an alias of `registration`: the change would show there as well.
    assert!(set_items(TEXT, file, std::slice::from_ref(&change)).is_err());

    let text = TEXT.replace("    login: *flow\n", "");
    let changed = set_items(&text, file, &[change]).unwrap();
    let added = "      before:
        hooks:
          # from actions/check.yaml
          - hook: web_hook
";
    assert_eq!(changed, text.replace("body:", &format!("{added}body:")));
}
