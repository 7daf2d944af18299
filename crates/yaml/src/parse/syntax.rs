//! `yaml-syntax`: the parser's errors in our words, at the place a reader would look at.

mod escape;
mod layout;

use diagnostics::{Diagnostic, FileId, Level, Rule, TextRange};
use granit_parser::{ErrorKind, ScanError};

use super::{Limits, gap, nesting, quoted};

/// Text that is not YAML.
pub static YAML_SYNTAX: Rule = Rule {
    code: "yaml-syntax",
    summary: "text that is not YAML",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/yaml-syntax.md"),
};

/// Where the parser stood when it stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop<'a> {
    /// The whole text.
    pub(crate) text: &'a str,
    /// The offset it complains about.
    pub(crate) at: usize,
    /// The range of the scalar that was read last.
    pub(crate) last_scalar: TextRange,
    /// Where the innermost open block collection begins, unless brackets are open in it.
    pub(crate) block: Option<usize>,
    /// The innermost open bracket.
    pub(crate) bracket: Option<usize>,
}

/// What is said about a stop.
struct Finding {
    range: TextRange,
    message: String,
    help: Option<String>,
    label: Option<(TextRange, &'static str)>,
}

impl Finding {
    fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            help: None,
            label: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn label(mut self, range: TextRange, message: &'static str) -> Self {
        self.label = Some((range, message));
        self
    }
}

/// Says in our words what stopped the parser.
pub(crate) fn report(
    error: &ScanError,
    stop: Stop<'_>,
    file: FileId,
    limits: Limits,
) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0);
    let stop = Stop {
        at: at.min(stop.text.len()),
        ..stop
    };
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return nesting::too_deep(stop.character().in_file(file), limits.depth);
    }
    let mut finding = explain(error.kind(), stop);
    if finding.range.is_empty() {
        finding.range = last_character(stop.text);
    }
    if stop.is_template() {
        finding.help = Some("render the template first: only its result is YAML".to_owned());
    }
    let mut found = Diagnostic::new(&YAML_SYNTAX, finding.range.in_file(file), finding.message);
    found.help = finding.help;
    match finding.label {
        Some((range, message)) => found.label(range.in_file(file), message),
        None => found,
    }
}

/// A core tag on a value that it does not fit.
pub(crate) fn wrong_tag(tag: TextRange, spelt: &str, found: &str, file: FileId) -> Diagnostic {
    Diagnostic::new(
        &YAML_SYNTAX,
        tag.in_file(file),
        format!("tag {} does not fit {found}", quoted(spelt)),
    )
    .help("remove the tag, or write a value of its type")
}

fn explain(kind: &ErrorKind, stop: Stop<'_>) -> Finding {
    use ErrorKind as E;
    let here = stop.character();
    match kind {
        E::MappingValueNotAllowed => layout::key_not_allowed(stop),
        E::ExpectedBlockMappingKey => layout::expected_key(stop),
        E::ExpectedBlockSequenceEntry => layout::expected_item(stop),
        E::ExpectedDocumentStart => layout::behind_document(stop),
        E::SimpleKeyExpected | E::InvalidSimpleKey => layout::key_without_colon(stop),
        E::InvalidQuotedScalarIndent | E::DocumentIndicatorInQuotedScalar => {
            layout::open_quote(stop)
        }
        E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabNotAllowed
        | E::TabInPlainScalar
        | E::TabAtBlockScalarStart
        | E::InvalidBlockEntryWhitespace
        | E::InvalidMappingValueWhitespace => layout::tab(stop),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => escape::bad_escape(stop),
        E::UnclosedQuotedScalar => {
            Finding::new(here, "this quote is never closed").help("close it at the end of its text")
        }
        E::UnclosedFlowCollection { open } => {
            Finding::new(here, format!("`{open}` is never closed"))
                .help(format!("close it with `{}`", closing(*open)))
        }
        E::MismatchedFlowCollectionEnd { open, close } => Finding::new(
            here,
            format!(
                "`{open}` is closed by `{close}`, expected `{}`",
                closing(*open)
            ),
        ),
        E::MisplacedFlowCollectionEnd => Finding::new(
            here,
            format!("{} closes nothing", quoted(here.of(stop.text))),
        )
        .help("remove it, or put the text in quotes"),
        E::ExpectedFlowMappingSeparator => stop
            .in_brackets("expected `,` or `}` before this")
            .help("close the mapping, or separate entries with `,`"),
        E::ExpectedFlowSequenceSeparator => stop
            .in_brackets("expected `,` or `]` before this")
            .help("close the list, or separate items with `,`"),
        E::InvalidColonPlacement => stop
            .in_brackets("expected `,` or `]` before this, found `:`")
            .help("close the list before the next key, or separate items with `,`"),
        E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
            if stop.at < stop.text.len() =>
        {
            stop.in_brackets("expected a value before this")
                .help("remove the `,`, or write `null`")
        }
        E::UnexpectedCharacter { character } => unexpected(*character, here),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar
            if stop.bracket.is_some() =>
        {
            stop.in_brackets("expected `:`, `,` or a closing bracket behind the quote")
        }
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            Finding::new(stop.word(), "expected nothing behind the closing quote").help(
                if *kind == E::InvalidTrailingSingleQuotedScalar {
                    "write a quote inside single quotes twice: `''`"
                } else {
                    "write a quote inside double quotes as `\\\"`"
                },
            )
        }
        E::CommentNotSeparated => Finding::new(here, "expected a blank before this `#`")
            .help("put a blank before the comment, or the text in quotes"),
        E::CommentInterceptedScalar => {
            Finding::new(here, "a comment stands inside a text of several lines")
                .help("move the comment, or put the text in quotes")
        }
        E::MissingAnchorOrAliasName => Finding::new(
            here,
            format!("expected a name behind {}", quoted(here.of(stop.text))),
        )
        .help("put the value in quotes if it is text"),
        E::BlockSequenceEntryNotAllowed => {
            Finding::new(here, "a list cannot begin on the line of its key")
                .help("begin it on the next line, or write `[…]`")
        }
        E::BlockEntryInFlowCollection | E::PlainScalarStartsWithDashFlowIndicator => {
            Finding::new(here, "`-` begins no item inside brackets")
                .help("separate the items with `,`")
        }
        E::InvalidBlockScalarHeader => Finding::new(
            stop.rest_of_line(),
            "expected nothing behind the `|` or `>`",
        )
        .help("begin the text on the next line"),
        E::ZeroBlockScalarIndent => Finding::new(
            stop.rest_of_line(),
            "expected an indentation from 1 to 9, found 0",
        ),
        E::MappingKeyNotAllowed => Finding::new(here, "a key cannot stand here")
            .help("begin the mapping on a line of its own"),
        E::FlowMappingValueAdjacentCollection => {
            Finding::new(here, "expected a blank behind this `:`").help("write `: `")
        }
        E::InvalidDocumentEnd => Finding::new(
            stop.word(),
            "expected nothing behind the end of the document",
        )
        .help("begin the next document with `---`"),
        E::BomInsideDocument => {
            Finding::new(here, "a byte order mark stands inside the text").help("remove it")
        }
        E::UnsupportedYamlMajorVersion => {
            Finding::new(stop.rest_of_line(), "expected YAML version 1.2")
        }
        E::UndeclaredTagHandle => Finding::new(stop.word(), "the tag's prefix is not declared")
            .help("remove the tag, or put the value in quotes if it is text"),
        kind => stop.other(kind),
    }
}

impl Stop<'_> {
    /// The character the parser complains about; nothing at the end of the text.
    fn character(self) -> TextRange {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest.chars().next().map_or(0, char::len_utf8);
        TextRange::new(self.at, self.at + length)
    }

    /// What stands there up to the next blank or indicator.
    fn word(self) -> TextRange {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '[' | ']' | '{' | '}'))
            .unwrap_or(rest.len());
        self.character()
            .cover(TextRange::new(self.at, self.at + length))
    }

    /// Whether the line is one of a Helm or Jinja template.
    fn is_template(self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        let begins = before.len() - line.len();
        let line = self.text.get(begins..gap::line_end(self.text, self.at));
        line.is_some_and(|line| line.contains("{{-") || line.contains("{%"))
    }

    fn rest_of_line(self) -> TextRange {
        let rest = self.text.get(self.at..).unwrap_or("");
        let line = rest.split(['\n', '\r']).next().unwrap_or("");
        TextRange::new(self.at, self.at + line.trim_end().len())
    }

    /// The place, with the bracket that is open there.
    fn in_brackets(self, message: &str) -> Finding {
        let finding = Finding::new(self.character(), message);
        match self.bracket {
            Some(bracket) => finding.label(TextRange::new(bracket, bracket + 1), "opened here"),
            None => finding,
        }
    }

    /// What hardly anybody meets is said in the parser's words.
    fn other(self, kind: &ErrorKind) -> Finding {
        let text = kind.to_string();
        let message: String = text
            .strip_prefix("while ")
            .and_then(|text| text.split_once(", "))
            .map_or(text.as_str(), |(_, message)| message)
            .trim_end_matches('.')
            .to_owned();
        Finding::new(self.character(), message)
    }
}

/// At the end of the text nothing can be pointed at but what it ends with.
fn last_character(text: &str) -> TextRange {
    let end = text.trim_end().len();
    let last = text.get(..end).and_then(|text| text.chars().next_back());
    TextRange::new(end - last.map_or(0, char::len_utf8), end)
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

fn unexpected(character: char, here: TextRange) -> Finding {
    if character.is_control() {
        let code = u32::from(character);
        return Finding::new(here, format!("control character U+{code:04X} in the text"))
            .help("remove it, or write it as an escape in double quotes");
    }
    Finding::new(
        here,
        format!("`{character}` cannot begin a value without quotes"),
    )
    .help("put the value in quotes")
}
