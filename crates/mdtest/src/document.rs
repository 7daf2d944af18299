//! From a page to its sections, and from these to tests.
//!
//! Invariant: every fenced block and every path line becomes a step, an error, or prose that was
//! recognised as such.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::command::{self, Command};
use crate::folder;
use crate::markdown::{Fence, Item, scan};

/// Something wrong with a page, or found by running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The 1-based line of the page.
    pub(crate) line: usize,
    /// What, over one line or more.
    pub(crate) text: String,
    /// Whether an output is not the expected one, which an update mends.
    pub(crate) difference: bool,
}

impl Failure {
    pub(crate) fn new(line: usize, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
            difference: false,
        }
    }
}

/// How a page is to be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    /// No block is prose unless it says why, and files are shown, not written.
    pub(crate) strict: bool,
    /// Commands that another place runs.
    pub(crate) elsewhere: Vec<String>,
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) sections: Vec<Section>,
    /// The insides of `<!-- … -->`, with their lines.
    pub(crate) comments: Vec<(usize, String)>,
    pub(crate) failures: Vec<Failure>,
}

/// A heading and the text up to the next heading of any level.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// 0 for what stands before the first heading.
    pub(crate) level: usize,
    pub(crate) title: String,
    /// The line of the heading.
    pub(crate) line: usize,
    pub(crate) steps: Vec<Step>,
    /// Whether there is a line of prose.
    pub(crate) prose: bool,
    /// The index of the heading it stands under.
    parent: Option<usize>,
}

/// One thing that a test does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    File(File),
    Console(Console),
}

/// A file given by a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) line: usize,
    pub(crate) path: String,
    pub(crate) content: Vec<u8>,
}

/// A console block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Console {
    /// The line of the opening fence.
    pub(crate) line: usize,
    pub(crate) indent: usize,
    pub(crate) ticks: String,
    /// How many lines stand between the fences.
    pub(crate) length: usize,
    pub(crate) prompts: Vec<Prompt>,
}

/// A command and what it is expected to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) line: usize,
    pub(crate) source: String,
    /// Nothing if another place runs it.
    pub(crate) command: Option<std::sync::Arc<Command>>,
    /// The lines below it, `[exit N]` included.
    pub(crate) expected: Vec<String>,
}

/// A section with everything that happens in it.
#[derive(Debug)]
pub(crate) struct Test {
    /// The headings, joined by ` › `.
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Inherited files first.
    pub(crate) steps: Vec<Step>,
}

/// What stands between the headings in the name of a test.
pub(crate) const SEPARATOR: &str = " › ";
/// The mark of a command.
pub(crate) const PROMPT: &str = "$ ";

impl Step {
    /// The line of the page at which it begins.
    pub(crate) fn line(&self) -> usize {
        match self {
            Self::File(file) => file.line,
            Self::Console(console) => console.line,
        }
    }

    /// The commands of the step that are run here.
    pub(crate) fn commands(&self) -> impl Iterator<Item = &Command> {
        let prompts = match self {
            Self::Console(console) => console.prompts.as_slice(),
            Self::File(_) => &[],
        };
        prompts
            .iter()
            .filter_map(|prompt| prompt.command.as_deref())
    }
}

impl Document {
    /// Reads a page.
    pub(crate) fn read(text: &str, form: &Form) -> Self {
        let mut reader = Reader {
            form,
            document: Self {
                sections: vec![Section::default()],
                ..Self::default()
            },
        };
        reader.items(&scan(text));
        reader.document
    }

    /// The tests of the page, and what no test uses.
    pub(crate) fn tests(&self) -> (Vec<Test>, Vec<Failure>) {
        let mut tests: Vec<Test> = Vec::new();
        let mut failures = Vec::new();
        let mut used = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (index, section) in self.sections.iter().enumerate() {
            if section
                .steps
                .iter()
                .all(|step| step.commands().count() == 0)
            {
                continue;
            }
            let above = self.above(index);
            let mut steps: Vec<Step> = Vec::new();
            for ancestor in &above {
                let files = ancestor.steps.iter();
                steps.extend(files.filter(|it| matches!(it, Step::File(_))).cloned());
            }
            steps.extend(section.steps.iter().cloned());
            let last = steps.iter().rposition(|step| step.commands().count() > 0);
            used.extend(steps.iter().take(last.unwrap_or(0)).map(Step::line));
            let titles = above.iter().chain([&section]).map(|it| it.title.as_str());
            let titles: Vec<&str> = titles.filter(|title| !title.is_empty()).collect();
            let name = titles.join(SEPARATOR);
            if !names.insert(name.clone()) {
                let text = format!("a second test is called `{name}`");
                failures.push(Failure::new(section.line, text));
            }
            tests.push(Test {
                name,
                line: section.line,
                steps,
            });
        }
        for step in self.sections.iter().flat_map(|section| &section.steps) {
            if let Step::File(file) = step
                && !used.contains(&file.line)
            {
                let text = format!("no command uses the file `{}`", file.path);
                failures.push(Failure::new(file.line, text));
            }
        }
        (tests, failures)
    }

    /// The sections that a section stands under, outermost first.
    fn above(&self, index: usize) -> Vec<&Section> {
        let mut above = Vec::new();
        let mut next = self.sections.get(index).and_then(|it| it.parent);
        while let Some(section) = next.and_then(|index| self.sections.get(index)) {
            above.push(section);
            next = section.parent;
        }
        above.reverse();
        above
    }
}

struct Reader<'a> {
    form: &'a Form,
    document: Document,
}

impl Reader<'_> {
    fn items(&mut self, items: &[Item<'_>]) {
        // A path line speaks of the block below it, with at most blank lines between.
        let mut pending: Option<(usize, &str)> = None;
        for item in items {
            if let (Some((line, path)), false) = (pending, matches!(item, Item::Fence(_))) {
                self.fail(line, format!("no block follows the path `{path}`"));
                pending = None;
            }
            match item {
                Item::Heading { level, text, line } => self.heading(*level, text, *line),
                Item::Path { path, line } => pending = Some((*line, path)),
                Item::Fence(fence) => self.fence(fence, pending.take()),
                Item::Comment { text, line } => {
                    self.document.comments.push((*line, (*text).to_owned()));
                }
                Item::Prose { .. } => {
                    if let Some(section) = self.document.sections.last_mut() {
                        section.prose = true;
                    }
                }
            }
        }
        if let Some((line, path)) = pending {
            self.fail(line, format!("no block follows the path `{path}`"));
        }
    }

    fn heading(&mut self, level: usize, title: &str, line: usize) {
        let sections = &self.document.sections;
        let parent = sections.iter().rposition(|it| it.level < level);
        self.document.sections.push(Section {
            level,
            title: title.to_owned(),
            line,
            parent,
            ..Section::default()
        });
    }

    fn fence(&mut self, fence: &Fence<'_>, path: Option<(usize, &str)>) {
        if !fence.closed {
            return self.fail(fence.line, "the block is not closed");
        }
        let words = info_words(fence.info);
        let language = words.first().map_or("", String::as_str);
        let step = match path {
            Some((line, path)) => file(path, line, &words, &fence.content).map(Some),
            None if language == "console" => self.console(fence, &words).map(Some),
            None => self.prose(fence, &words).map(|()| None),
        };
        match (step, self.document.sections.last_mut()) {
            (Ok(Some(step)), Some(section)) => section.steps.push(step),
            (Ok(_), _) => {}
            (Err(text), _) => self.fail(fence.line, text),
        }
    }

    fn console(&mut self, fence: &Fence<'_>, words: &[String]) -> Result<Step, String> {
        if let Some(word) = words.get(1) {
            return Err(unknown_word(word));
        }
        let mut prompts: Vec<Prompt> = Vec::new();
        for (line, &text) in (fence.line + 1..).zip(&fence.content) {
            if let Some(source) = text.strip_prefix(PROMPT) {
                let source = source.trim();
                let elsewhere = self.form.elsewhere.iter().any(|it| it == source);
                let command = match command::parse(source) {
                    _ if elsewhere => None,
                    Ok(command) => Some(std::sync::Arc::new(command)),
                    Err(text) => {
                        self.fail(line, text);
                        None
                    }
                };
                prompts.push(Prompt {
                    line,
                    source: source.to_owned(),
                    command,
                    expected: Vec::new(),
                });
            } else if let Some(prompt) = prompts.last_mut() {
                prompt.expected.push(text.to_owned());
            } else {
                return Err(format!("a console block begins with `{PROMPT}`"));
            }
        }
        if prompts.is_empty() {
            return Err("a console block without a command".to_owned());
        }
        for prompt in &prompts {
            if prompt.command.is_none() && !prompt.expected.is_empty() {
                let text = "output is given for a command that is not run here";
                self.fail(prompt.line, text);
            }
        }
        Ok(Step::Console(Console {
            line: fence.line,
            indent: fence.indent,
            ticks: fence.ticks.to_owned(),
            length: fence.content.len(),
            prompts,
        }))
    }

    fn prose(&self, fence: &Fence<'_>, words: &[String]) -> Result<(), String> {
        let excuse = |word: &str| {
            let reason = word.strip_prefix("ignore-reason=")?;
            Some(!reason.trim_matches('"').trim().is_empty())
        };
        // An excuse may stand in the place of the language.
        let language = words.first().filter(|word| excuse(word).is_none());
        let mut excused = false;
        for word in words.iter().skip(usize::from(language.is_some())) {
            match excuse(word) {
                Some(true) => excused = true,
                Some(false) => return Err("`ignore-reason` gives no reason".to_owned()),
                None if File::MODIFIERS.contains(&word.as_str()) => {
                    return Err(format!(
                        "`{word}` is for a block below a `` `path`: `` line"
                    ));
                }
                None => return Err(unknown_word(word)),
            }
        }
        let session = fence.content.iter().any(|line| line.starts_with(PROMPT));
        if excused {
            Ok(())
        } else if session {
            Err("a session that is not run; its language is `console`".to_owned())
        } else if self.form.strict && language.is_none_or(|language| language != "text") {
            Err(
                "a block that nothing checks: give it a `` `path`: `` line, make it `console` or \
                 `text`, or say `ignore-reason=\"…\"`"
                    .to_owned(),
            )
        } else {
            Ok(())
        }
    }

    fn fail(&mut self, line: usize, text: impl Into<String>) {
        self.document.failures.push(Failure::new(line, text));
    }
}

impl File {
    /// The words that change what is written.
    const MODIFIERS: [&str; 3] = ["base64", "crlf", "empty"];
}

fn file(path: &str, line: usize, words: &[String], content: &[&str]) -> Result<Step, String> {
    folder::inside("", path)?;
    let is_modifier = |word: &String| File::MODIFIERS.contains(&word.as_str());
    let language = words.first().filter(|word| !is_modifier(word));
    if language.is_some_and(|language| language == "console") {
        return Err(format!("`{path}` is followed by a session"));
    }
    let modifiers = words.get(usize::from(language.is_some())..);
    let modifiers = modifiers.unwrap_or_default();
    if let Some(word) = modifiers.iter().find(|word| !is_modifier(word)) {
        return Err(unknown_word(word));
    }
    let modifier = match modifiers {
        [] => "",
        [modifier] => modifier.as_str(),
        _ => return Err("only one of `base64`, `crlf` and `empty`".to_owned()),
    };
    let text = |end: &str| {
        content
            .iter()
            .flat_map(|line| [line, end])
            .collect::<String>()
    };
    let content = match modifier {
        "empty" if content.is_empty() => Vec::new(),
        "empty" => return Err(format!("`{path}` is `empty` but has content")),
        _ if content.is_empty() => {
            return Err(format!("`{path}` has no content; say `empty` if so meant"));
        }
        "base64" => STANDARD
            .decode(content.concat().replace(' ', ""))
            .map_err(|error| format!("`{path}` is not base64: {error}"))?,
        "crlf" => text("\r\n").into_bytes(),
        _ => text("\n").into_bytes(),
    };
    Ok(Step::File(File {
        line,
        path: path.to_owned(),
        content,
    }))
}

fn unknown_word(word: &str) -> String {
    format!("unknown word `{word}` behind the fence")
}

/// Splits the text behind a fence at blanks outside of quotes.
fn info_words(info: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in info.chars() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
