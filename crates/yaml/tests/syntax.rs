//! What is said about text that is not YAML: the guilty text, the message, the cause and the help.

use diagnostics::{Diagnostic, FileId};
use yaml::parse;

fn say(found: &Diagnostic, text: &str) -> String {
    let labels: String = found
        .labels
        .iter()
        .map(|label| format!(" [{}: `{}`]", label.message, label.span.range.of(text)))
        .collect();
    let help = found.help.as_deref().unwrap_or("-");
    let guilty = found.primary.range.of(text).escape_debug();
    format!("`{guilty}`: {}{labels} -> {help}", found.message)
}

#[track_caller]
fn says(text: &str, expected: &str) {
    let parsed = parse(text, FileId::DETACHED);
    let found: Vec<String> = parsed.diagnostics.iter().map(|it| say(it, text)).collect();
    assert_eq!(found, [expected], "{text}");
    let [found] = parsed.diagnostics.as_slice() else {
        return;
    };
    assert_eq!(found.rule.code, "yaml-syntax");
    assert!(found.message.chars().count() <= 80, "{}", found.message);
}

#[test]
fn brackets_that_do_not_match() {
    says("a: {b: c", "`{`: `{` is never closed -> close it with `}`");
    says("a: [1, 2", "`[`: `[` is never closed -> close it with `]`");
    says(
        "a: [1\nb: 2\n",
        "`:`: expected `,` or `]` before this, found `:` [opened here: `[`] -> close the list before the next key, or separate items with `,`",
    );
    says(
        "a: {b c: d\ne: f\n",
        "`:`: expected `,` or `}` before this [opened here: `{`] -> close the mapping, or separate entries with `,`",
    );
    says(
        "a: {b: c]\n",
        "`{`: `{` is closed by `]`, expected `}` -> -",
    );
    says(
        "a: 1\nb: ]\n",
        "`]`: `]` closes nothing -> remove it, or put the text in quotes",
    );
    says(
        "a: [-]\n",
        "`-`: `-` begins no item inside brackets -> separate the items with `,`",
    );
    says(
        "a: [b,,c]\n",
        "`,`: expected a value before this [opened here: `[`] -> remove the `,`, or write `null`",
    );
}

#[test]
fn quotes_and_escapes() {
    says(
        "a: \"x\nb: c\n",
        "`\\\"`: expected the closing quote before the next line -> close the quote, or indent the lines that continue the text",
    );
    says(
        "a: 'x",
        "`\\'`: this quote is never closed -> close it at the end of its text",
    );
    says(
        "a: 'it's'\n",
        "`s\\'`: expected nothing behind the closing quote -> write a quote inside single quotes twice: `''`",
    );
    says(
        "a: \"ok \\q\"\n",
        "`\\\\q`: unknown escape `\\q` -> write a backslash as `\\\\`, or use single quotes",
    );
    says(
        "a: \"\\xZ\"\n",
        "`\\\\x`: escape `\\x` is no character of 2 hexadecimal digits -> write a backslash as `\\\\`, or use single quotes",
    );
    says(
        "a: \"\\ud800\"\n",
        "`\\\\ud800`: escape `\\ud800` is no character of 4 hexadecimal digits -> write a backslash as `\\\\`, or use single quotes",
    );
    says(
        "a: \u{1}\n",
        "`\\u{1}`: control character U+0001 in the text -> remove it, or write it as an escape in double quotes",
    );
    says(
        "a: [x]#c\n",
        "`#`: expected a blank before this `#` -> put a blank before the comment, or the text in quotes",
    );
    says(
        "a: \"é\" ü\n",
        "`ü`: expected nothing behind the closing quote -> write a quote inside double quotes as `\\\"`",
    );
}

#[test]
fn indentation() {
    says(
        "a:\n\tb: 1\n",
        "`\\t`: expected blanks, found a tab -> indent with blanks",
    );
    says(
        "a:\n  b: 1\n\tc: 2\n",
        "`\\t`: expected blanks, found a tab -> indent with blanks",
    );
    says(
        "a: 1\n b: 2\n",
        "`b`: expected a key, but this line continues the text above it [the text begins here: `1`] -> indent the key as the keys it belongs to",
    );
    says(
        "key:value\nb: 1\n",
        "`b`: expected a key, but this line continues the text above it [the text begins here: `key:value`] -> put a blank behind the `:` of the key above",
    );
    says(
        "a:\n  b: 1\n c: 2\n",
        "`c`: expected the indentation of a mapping above -> indent the line as the keys it belongs to",
    );
    says(
        "  a: 1\nb: 2\n",
        "`b`: expected the end of the document -> indent the line as the first one, or begin a document with `---`",
    );
    says(
        "a: 1\n- b\n",
        "`-`: expected a key of this mapping, found a list item [the mapping begins here: `a`] -> indent the list under its key",
    );
    says(
        "- a\nb: 1\n",
        "`b`: expected `-` and the next item of this list [the list begins here: `-`] -> indent the line as what it belongs to",
    );
    says(
        "a: 1\nb\nc: 2\n",
        "`b`: expected `:` behind this key -> add `:`, or indent the line if it continues the text above",
    );
    says(
        "a: 1\n... b\n",
        "`b`: expected nothing behind the end of the document -> begin the next document with `---`",
    );
    says(
        "%x\n",
        "`x`: expected the end of the document -> indent the line as the first one, or begin a document with `---`",
    );
}

#[test]
fn characters_and_indicators() {
    says(
        "a: @x\n",
        "`@`: `@` cannot begin a value without quotes -> put the value in quotes",
    );
    says(
        "a: b: c\n",
        "`:`: expected one `: ` on this line, found another -> put the value in quotes, or begin the mapping on the next line",
    );
    says(
        "a: - b\n",
        "`-`: a list cannot begin on the line of its key -> begin it on the next line, or write `[…]`",
    );
    says(
        "a: | x\n  y\n",
        "`| x`: expected nothing behind the `|` or `>` -> begin the text on the next line",
    );
    says(
        "a: *\n",
        "`*`: expected a name behind `*` -> put the value in quotes if it is text",
    );
    says(
        "a: {{ x }} y\n",
        "`y`: expected the end of the line behind this value -> put the whole value in quotes",
    );
    says(
        "{a: 1} b\n",
        "`b`: expected the end of the line behind this value -> put the whole value in quotes",
    );
    says(
        "a: x # c\n  y\n",
        "`#`: a comment stands inside a text of several lines -> move the comment, or put the text in quotes",
    );
    says(
        "a: !x!y b\n",
        "`!x!y`: the tag's prefix is not declared -> remove the tag, or put the value in quotes if it is text",
    );
    says(
        "a: !!int x\n",
        "`!!int`: tag `!!int` does not fit `x` -> remove the tag, or write a value of its type",
    );
}

#[test]
fn templates_are_recognised() {
    says(
        "labels:\n  {{- include \"labels\" . }}\n",
        "`-`: `-` begins no item inside brackets -> render the template first: only its result is YAML",
    );
}
