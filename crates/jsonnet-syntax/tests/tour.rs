//! A tour of the crate: what `parse` gives, read from short texts.

use diagnostics::{FileId, Sources, render};
use jsonnet_syntax::{BinaryOp, ExprKind, parse};

/// The diagnostics of a text, one per line, with the text they point at.
fn findings(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("t", text);
    let parsed = parse(text, file);
    let lines = parsed.diagnostics.iter().map(|it| {
        format!(
            "{}: {} @ `{}`\n",
            it.rule.code,
            it.message,
            it.primary.range.of(text)
        )
    });
    // Every span must fit the text, or rendering it would show the wrong place.
    let _ = render::concise(&parsed.diagnostics, &sources);
    lines.collect()
}

#[test]
fn operators_bind_as_in_go_jsonnet_and_keep_their_places() {
    let text = "1 + 2 * -x.y";
    let parsed = parse(text, FileId::DETACHED);
    let program = &parsed.program;
    let ExprKind::Binary { op, right, .. } = program.expr(program.root()).kind else {
        panic!("an addition at the root");
    };
    assert_eq!(op, BinaryOp::Add);
    let ExprKind::Binary {
        op,
        op_range,
        right,
        ..
    } = program.expr(right).kind
    else {
        panic!("a multiplication on its right");
    };
    assert_eq!((op, op_range.of(text)), (BinaryOp::Mul, "*"));
    assert_eq!(program.expr(right).range.of(text), "-x.y");
}

#[test]
fn strings_are_decoded() {
    for (text, value) in [
        (r"'a\n\u00e9\/'", "a\né/"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d\u0041""#, "\u{FFFD}"),
        ("@'it''s'", "it's"),
        ("|||\n\n    a\n      b\n\n  |||", "\na\n  b\n\n"),
        ("|||-\n\ta\n\n|||", "a\n"),
        ("|||-\n\ta\n|||", "a"),
        ("|||\r\n  a\r\n|||", "a\r\n"),
    ] {
        let parsed = parse(text, FileId::DETACHED);
        assert!(parsed.is_accepted(), "{text:?}: {:?}", parsed.diagnostics);
        let ExprKind::String(symbol) = parsed.program.expr(parsed.program.root()).kind else {
            panic!("a string");
        };
        assert_eq!(parsed.program.text(symbol), value, "{text:?}");
    }
}

#[test]
fn a_missing_comma_is_one_finding_and_the_tree_is_whole() {
    let text = "{ a: [1 2], b: 3\n c: f(1 2) } + { d: x }";
    let parsed = parse(text, FileId::DETACHED);
    assert!(parsed.is_checkable);
    let codes: Vec<_> = parsed.diagnostics.iter().map(|it| it.rule.code).collect();
    assert_eq!(
        codes,
        [
            "jsonnet-syntax",
            "jsonnet-syntax",
            "unknown-variable",
            "jsonnet-syntax",
            "unknown-variable"
        ]
    );
    let mut fixed = text.to_owned();
    let mut fixes: Vec<_> = parsed.diagnostics.iter().flat_map(|it| &it.fixes).collect();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.edits[0].span.range.start));
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        fixed.replace_range(edit.span.range.to_usize(), &edit.new_text);
    }
    assert_eq!(fixed, "{ a: [1, 2], b: 3,\n c: f(1, 2) } + { d: x }");
}

#[test]
fn mistakes_are_named_where_they_stand() {
    let cases = [
        (
            "{ a = 1 }",
            "jsonnet-syntax: expected `:` behind the field name, found `=` @ `=`\n",
        ),
        (
            "(1",
            "jsonnet-syntax: expected `)`, found the end of the text @ ``\n",
        ),
        (
            "'\\x41'",
            "jsonnet-syntax: this escape is not one of Jsonnet's @ `\\x`\n",
        ),
        (
            "1!=-1",
            "jsonnet-syntax: `!` is not a binary operator @ `!`\n",
        ),
        (
            "local a = 1 a",
            "jsonnet-syntax: expected `;` after the value of the local, found `a` @ `a`\n",
        ),
        (
            "{ a: 1, 'a': 2 }",
            "duplicate-member: the member `a` is declared twice here @ `'a'`\n",
        ),
        (
            "local a = 1, a = 2; a",
            "unused-variable: `a` is never read @ `a`\nduplicate-local: the local `a` is declared twice here @ `a`\n",
        ),
        (
            "{ [self.a]: 1 }",
            "self-outside-object: `self` stands outside any object @ `self`\n",
        ),
        (
            "local id = 1; idd",
            "unused-variable: `id` is never read @ `id`\nunknown-variable: unknown variable `idd` @ `idd`\n",
        ),
        (
            "",
            "jsonnet-syntax: expected an expression, found the end of the text @ ``\n",
        ),
        (
            "\u{feff}1",
            "jsonnet-syntax: the character `\\u{feff}` belongs to no Jsonnet token @ `\u{feff}`\n",
        ),
        (
            "{ a: 1, } }",
            "jsonnet-syntax: expected the end of the program, found `}` @ `}`\n",
        ),
        (
            "import 'a' + 'b'",
            "jsonnet-syntax: the path of an import must be one string literal @ `'a' + 'b'`\n",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(findings(text), expected, "{text:?}");
    }
}

#[test]
fn comments_are_kept() {
    let text = "1 // a\n# b\n/* c */";
    let parsed = parse(text, FileId::DETACHED);
    let comments = parsed.comments.iter().map(|it| it.range.of(text));
    assert_eq!(comments.collect::<Vec<_>>(), ["// a", "# b", "/* c */"]);
}
