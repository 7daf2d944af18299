//! Lists changed in texts of every shape: what was there stays, byte for byte.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what it expects"
)]

use diagnostics::FileId;
use serde_json::{Value, json};
use yaml::{EditError, Item, SetItems, parse, set_items, to_json};

fn path(keys: &str) -> Vec<String> {
    keys.split('.').map(str::to_owned).collect()
}

fn new(name: &str) -> Item {
    Item::New {
        comments: vec![format!("of {name}")],
        value: json!({ "hook": name }),
    }
}

/// How many items the list has now.
fn count(text: &str, keys: &str) -> usize {
    let root = to_json(&parse(text, FileId::DETACHED).documents[0].root);
    let list = keys.split('.').try_fold(&root, |value, key| value.get(key));
    list.and_then(Value::as_array).map_or(0, Vec::len)
}

/// A change that adds items before the ones that are there and behind them.
fn around(text: &str, keys: &str, before: &[&str], behind: &[&str]) -> SetItems {
    let mut items: Vec<Item> = before.iter().map(|name| new(name)).collect();
    items.extend((0..count(text, keys)).map(Item::Keep));
    items.extend(behind.iter().map(|name| new(name)));
    SetItems {
        path: path(keys),
        items,
    }
}

#[track_caller]
fn check(text: &str, change: SetItems, expected: &str) {
    let found = set_items(text, FileId::DETACHED, &[change]).unwrap_or_else(|error| {
        panic!("{error:?} of\n{text}");
    });
    assert!(
        found == expected,
        "of\n{text}\nexpected\n{expected}\nfound\n{found}\n{found:?}"
    );
}

#[track_caller]
fn appends(keys: &str, text: &str, expected: &str) {
    check(text, around(text, keys, &[], &["x"]), expected);
}

#[track_caller]
fn prepends(keys: &str, text: &str, expected: &str) {
    check(text, around(text, keys, &["x"], &[]), expected);
}

#[test]
fn items_follow_the_indentation_of_their_list() {
    appends(
        "a.hooks",
        "a:\n    hooks:\n        -   hook: old\n            on:\n                k: 1\nb: 2\n",
        "a:\n    hooks:\n        -   hook: old\n            on:\n                k: 1\n        # of x\n        -   hook: x\nb: 2\n",
    );
    appends(
        "a.hooks",
        "a:\n  hooks:\n  - hook: old\n  # of b?\n  b: 2\n",
        "a:\n  hooks:\n  - hook: old\n  # of x\n  - hook: x\n  # of b?\n  b: 2\n",
    );
    prepends(
        "hooks",
        "hooks: # all\n\n  # one\n  - hook: old\n",
        "hooks: # all\n\n  # of x\n  - hook: x\n  # one\n  - hook: old\n",
    );
}

#[test]
fn items_go_between_items_and_above_their_comments() {
    let text = "hooks:\n  - a # a\n    # still a\n\n  # b\n  - b\n\n  - c\n";
    let change = SetItems {
        path: path("hooks"),
        items: vec![
            new("0"),
            Item::Keep(0),
            new("1"),
            new("2"),
            Item::Keep(1),
            new("3"),
            Item::Keep(2),
            new("4"),
        ],
    };
    check(
        text,
        change,
        "hooks:\n  # of 0\n  - hook: \"0\"\n  - a # a\n    # still a\n\n  # of 1\n  - hook: \"1\"\n  # of 2\n  - hook: \"2\"\n  # b\n  - b\n\n  # of 3\n  - hook: \"3\"\n  - c\n  # of 4\n  - hook: \"4\"\n",
    );
}

#[test]
fn line_ends_stay_what_they_are() {
    appends(
        "h",
        "h:\r\n- a\r\nb: 1\r\n",
        "h:\r\n- a\r\n# of x\r\n- hook: x\r\nb: 1\r\n",
    );
    appends("h", "h:\r- a", "h:\r- a\r# of x\r- hook: x");
    appends("h", "h:\n  - a", "h:\n  - a\n  # of x\n  - hook: x");
    appends("h", "h:", "h:\n  # of x\n  - hook: x");
}

#[test]
fn missing_null_and_empty_values_become_block_lists() {
    let list = "a:\n  h:\n    # of x\n    - hook: x\n";
    for text in [
        "a:\n  h:\n",
        "a:\n  h: ~\n",
        "a:\n  h: []\n",
        "a:\n  h:\t[ ]\n",
        "a:\n  h:\n    []\n",
        "a:\n  h: !!null null\n",
    ] {
        appends("a.h", text, list);
    }
    for text in ["a:\n", "a: ~\n", "a: {}\n", ""] {
        appends("a.h", text, list);
    }
    appends(
        "a.h",
        "a:\n  b: 1\n",
        "a:\n  b: 1\n  h:\n    # of x\n    - hook: x\n",
    );
    appends(
        "a.h",
        "a:\n  h: # none\nb: 1\n",
        "a:\n  h: # none\n    # of x\n    - hook: x\nb: 1\n",
    );
    appends(
        "a.h",
        "a:\n  h: [] # none\n    # - old\n  # b\n  b: 1\n",
        "a:\n  h: # none\n    # - old\n    # of x\n    - hook: x\n  # b\n  b: 1\n",
    );
    appends(
        "a.h",
        "a:\n  h: # c\n    ~ # d\n",
        "a:\n  h: # c\n # d\n    # of x\n    - hook: x\n",
    );
    appends(
        "a.h",
        "a: &m {}\n",
        "a: &m\n  h:\n    # of x\n    - hook: x\n",
    );
    appends("h", "? h\n? i\n", "? h\n:\n  # of x\n  - hook: x\n? i\n");
    appends("h", "? h\n: ~\n", "? h\n:\n  # of x\n  - hook: x\n");
}

#[test]
fn an_empty_document_is_begun() {
    appends("h", "# c\n", "# c\nh:\n  # of x\n  - hook: x\n");
    appends("h", "# c", "# c\nh:\n  # of x\n  - hook: x");
    appends("h", "\u{feff}", "\u{feff}h:\n  # of x\n  - hook: x\n");
    appends(
        "h",
        "---\n# c\n...\n",
        "---\n# c\nh:\n  # of x\n  - hook: x\n...\n",
    );
    appends("h", "--- # c\n", "--- # c\nh:\n  # of x\n  - hook: x\n");
    appends("h", "--- ~\n...\n", "---\nh:\n  # of x\n  - hook: x\n...\n");
    appends("h", "{}\n", "h:\n  # of x\n  - hook: x\n");
    appends("h", "~ # c\n", " # c\nh:\n  # of x\n  - hook: x\n");
}

#[test]
fn new_mappings_follow_the_last_entry() {
    appends(
        "login.after.h",
        "login:\n    before:\n      h:\n      - a\n      # c\n# of b\nb: 1\n",
        "login:\n    before:\n      h:\n      - a\n      # c\n    after:\n      h:\n      # of x\n      - hook: x\n# of b\nb: 1\n",
    );
    appends(
        "a.b.h",
        "a:\n  t: |\n    x\n\n\nc: 1\n",
        "a:\n  t: |\n    x\n  b:\n    h:\n      # of x\n      - hook: x\n\n\nc: 1\n",
    );
    appends(
        "a.h",
        "a:\n  t: |+\n    x\n\n\nc: 1\n",
        "a:\n  t: |+\n    x\n\n\n  h:\n    # of x\n    - hook: x\nc: 1\n",
    );
}

#[test]
fn flow_lists_stay_flow_lists() {
    appends("h", "h: [a, b]\n", "h: [a, b,\n  # of x\n  {hook: x}]\n");
    prepends("h", "h: [a, b]\n", "h: [\n  # of x\n  {hook: x}, a, b]\n");
    appends(
        "h",
        "h: [a, b,] # c\n",
        "h: [a, b,\n  # of x\n  {hook: x}] # c\n",
    );
    appends(
        "h",
        "h: [\n    a, # a\n    b # b\n    # end\n]\n",
        "h: [\n    a, # a\n    b, # b\n    # end\n    # of x\n    {hook: x}\n]\n",
    );
    prepends(
        "h",
        "h: [\n    # a\n    a,\n]\n",
        "h: [\n    # of x\n    {hook: x},\n    # a\n    a,\n]\n",
    );
    appends("h", "h: [ # c\n]\n", "h: [ # c\n  # of x\n  {hook: x}\n]\n");
    appends(
        "a.h",
        "{\n\t\"a\": {\n\t\t\"h\": [\n\t\t\t{\"hook\": \"old\"}\n\t\t]\n\t}\n}\n",
        "{\n\t\"a\": {\n\t\t\"h\": [\n\t\t\t{\"hook\": \"old\"},\n\t\t\t# of x\n\t\t\t{\"hook\": \"x\"}\n\t\t]\n\t}\n}\n",
    );
    appends(
        "a.b.h",
        "a: {}\nc: {d: 1}\n",
        "a:\n  b:\n    h:\n      # of x\n      - hook: x\nc: {d: 1}\n",
    );
    appends(
        "c.h",
        "c: {d: 1}\n",
        "c: {d: 1, h: [\n    # of x\n    {hook: x}]}\n",
    );
    appends(
        "c.h",
        "c: {\"h\":null}\n",
        "c: {\"h\":[\n  # of x\n  {\"hook\": \"x\"}]}\n",
    );
    appends("c.h", "c: {h}\n", "c: {h: [\n  # of x\n  {hook: x}]}\n");
    appends(
        "c.h",
        "c: {h: , d: 1}\n",
        "c: {h: [\n  # of x\n  {hook: x}] , d: 1}\n",
    );
    appends(
        "c.d.h",
        "c: {d}\n",
        "c: {d: {h: [\n  # of x\n  {hook: x}]}}\n",
    );
}

#[test]
fn without_comments_flow_lists_stay_on_their_line() {
    let bare = |item: &str| Item::New {
        comments: Vec::new(),
        value: json!(item),
    };
    let change = |items: Vec<Item>| SetItems {
        path: path("h"),
        items,
    };
    check(
        "h: [a, b]\n",
        change(vec![
            bare("0"),
            Item::Keep(0),
            bare("1"),
            Item::Keep(1),
            bare("z"),
        ]),
        "h: [\"0\", a, \"1\", b, z]\n",
    );
    check(
        "h: [a,]\n",
        change(vec![Item::Keep(0), bare("z")]),
        "h: [a, z]\n",
    );
    check("{h: []}", change(vec![bare("z")]), "{h: [z]}");
    check("{h: ~}", change(vec![bare("v"), bare("w")]), "{h: [v, w]}");
}

#[test]
fn shared_lists_become_lists_of_their_own() {
    appends(
        "b.h",
        "a:\n  h: &l\n    - hook: old\nb:\n  h: *l # shared\n",
        "a:\n  h: &l\n    - hook: old\nb:\n  h: # shared\n    - hook: old\n    # of x\n    - hook: x\n",
    );
    appends(
        "b.h",
        "a: &a\n  h:\n    - old\nb:\n  <<: *a\n",
        "a: &a\n  h:\n    - old\nb:\n  <<: *a\n  h:\n    - old\n    # of x\n    - hook: x\n",
    );
    appends(
        "b.h",
        "a: &l [1]\nb: {h: *l }\n",
        "a: &l [1]\nb: {h: [\n  1,\n  # of x\n  {hook: x}] }\n",
    );
}

#[test]
fn a_list_and_its_only_alias_can_both_be_changed() {
    let text = "a:\n  h: &l\n    - old\nb:\n  h: *l\n";
    let changes = [
        around(text, "a.h", &[], &["x"]),
        around(text, "b.h", &["y"], &[]),
    ];
    assert_eq!(
        set_items(text, FileId::DETACHED, &changes).unwrap(),
        "a:\n  h: &l\n    - old\n    # of x\n    - hook: x\nb:\n  h:\n    # of y\n    - hook: \"y\"\n    - old\n"
    );
}

#[test]
fn changes_at_one_place_come_deepest_first() {
    let text = "a:\n  b:\n    h:\n      - old\n";
    let changes = [
        around(text, "c.h", &[], &["c"]),
        around(text, "a.d.h", &[], &["d"]),
        around(text, "a.b.h", &[], &["b"]),
        around(text, "a.b.i", &[], &["i"]),
    ];
    assert_eq!(
        set_items(text, FileId::DETACHED, &changes).unwrap(),
        "a:\n  b:\n    h:\n      - old\n      # of b\n      - hook: b\n    i:\n      # of i\n      - hook: i\n  d:\n    h:\n      # of d\n      - hook: d\nc:\n  h:\n    # of c\n    - hook: c\n"
    );
}

#[track_caller]
fn refuses(keys: &str, text: &str) -> EditError {
    let change = around(text, keys, &[], &["x"]);
    set_items(text, FileId::DETACHED, &[change]).unwrap_err()
}

#[test]
fn what_would_show_elsewhere_is_refused() {
    let texts = [
        ("b.h", "a: &a\n  h: [1]\nb: *a\n", "*a", "&a"),
        (
            "b.c.h",
            "a: &a\n  c:\n    h: [1]\nb:\n  <<: *a\n",
            "*a",
            "&a",
        ),
        ("a.h", "a: &a\n  h: [1]\nb: *a\n", "*a", "&a"),
        ("a.h", "a:\n  h: &a [1]\nb: *a\n", "*a", "&a"),
        ("a.h", "a:\n  h: &a\nb: *a\n", "*a", "&a"),
        ("a.h", "a: &a {}\nb:\n  <<: [*a]\n", "*a", "&a"),
    ];
    for (keys, text, alias, anchor) in texts {
        match refuses(keys, text) {
            EditError::AliasInTheWay { at, defined } => {
                assert_eq!((at.of(text), defined.of(text)), (alias, anchor), "{text}");
            }
            error => panic!("{error:?} of {text}"),
        }
    }
}

#[test]
fn a_shared_value_whose_change_shows_nowhere_is_no_obstacle() {
    appends(
        "a.h",
        "a: &a\n  h: [1]\nb:\n  <<: *a\n  h: [2]\n",
        "a: &a\n  h: [1,\n    # of x\n    {hook: x}]\nb:\n  <<: *a\n  h: [2]\n",
    );
}

#[test]
fn values_in_the_way_are_named_with_their_place() {
    let at = |keys: &str, text: &'static str| match refuses(keys, text) {
        EditError::NotAMapping { at, found } | EditError::NotAList { at, found } => {
            (at.of(text), found)
        }
        error => panic!("{error:?}"),
    };
    assert_eq!(at("a.h", "a: text\n"), ("text", "a string"));
    assert_eq!(at("a.h", "a:\n  - 1\n"), ("- 1", "a list"));
    assert_eq!(at("a.h", "a:\n  h: {b: 1}\n"), ("{b: 1}", "a mapping"));
    assert_eq!(at("a.h", "a:\n  h: ''\n"), ("''", "a string"));
    assert_eq!(at("a.h", "- 1\n"), ("- 1", "a list"));
    assert!(matches!(
        refuses("h", "h: |\n  x\ni: |\n  y"),
        EditError::NotAList { .. }
    ));
    assert!(matches!(
        refuses("h", "i: |\n  y"),
        EditError::NoFinalLineBreak { .. }
    ));
    assert!(matches!(refuses("h", "h: [\n"), EditError::Unreadable(_)));
    assert!(matches!(
        refuses("h", "a: 1\n---\nb: 1\n"),
        EditError::Unreadable(_)
    ));
}

#[test]
fn a_change_must_keep_every_item() {
    let change = |items: Vec<Item>| SetItems {
        path: path("h"),
        items,
    };
    let refused = |items: Vec<Item>| {
        matches!(
            set_items("h: [a, b]\n", FileId::DETACHED, &[change(items)]),
            Err(EditError::Guard(_))
        )
    };
    assert!(refused(vec![Item::Keep(0), new("x")]));
    assert!(refused(vec![Item::Keep(1), Item::Keep(0)]));
    assert!(refused(vec![]));
    assert!(refused(vec![Item::Keep(0), Item::Keep(1), Item::Keep(2)]));
    assert!(!refused(vec![Item::Keep(0), Item::Keep(1)]));
}

#[test]
fn comments_cannot_break_out_of_their_line() {
    let change = SetItems {
        path: path("h"),
        items: vec![Item::New {
            comments: vec!["one\ntwo\u{2028}\u{85}three\r\n".to_owned(), String::new()],
            value: json!(1),
        }],
    };
    check(
        "",
        change,
        "h:\n  # one\n  # two  three\n  #\n  #\n  #\n  - 1\n",
    );
}
