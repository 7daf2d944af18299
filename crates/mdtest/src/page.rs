//! The page of a diagnostic code: its structure, and that it tells the truth.
//!
//! A page is `# code`, a sentence or two, and the sections *Why is this bad?*, *Example* and
//! *Use instead*. The last command of a section that calls the program is what it is about: usually
//! `actionc check`. It is run once more with `--format json`:
//!
//! - on the Example, where it must report the page's code, and no other at error level;
//! - on the Example with the steps of *Use instead* on top, where it must report nothing but notes of
//!   other codes. If *Use instead* calls the program itself, then that call is the one that must.
//!
//! `<!-- also: code, code -->` names codes that may occur in both besides.
//! Invariant: what is excepted occurs.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::command::{Command, Verb};
use crate::document::{Document, Failure, Form, Prompt, Section, Step};
use crate::program::Program;
use crate::session::{Played, Session};

/// The sections of a page, in order.
const SECTIONS: [&str; 3] = ["Why is this bad?", "Example", "Use instead"];

/// Checks the page of a code at a path.
///
/// # Errors
/// Everything that is wrong with it, as lines of `path:line: text`.
pub fn page(path: &Path, program: &dyn Program) -> Result<(), Vec<String>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("{shown}: {error}")])?;
    let document = Document::read(&text, &Form::default());
    let code = path.file_stem().unwrap_or_default().to_string_lossy();
    let played = check(&document, &code, program);
    let failures = document.failures.iter().chain(&played.failures);
    let lines: Vec<String> = failures
        .map(|it| format!("{shown}:{}: {}", it.line, it.text))
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(lines) }
}

/// Checks a page that has been read without failures.
pub(crate) fn check(document: &Document, code: &str, program: &dyn Program) -> Played {
    let mut played = Played::default();
    let (example, instead) = match structure(document, code) {
        Ok(sections) => sections,
        Err(failures) => {
            played.failures = failures;
            return played;
        }
    };
    let page = Page {
        code,
        also: also(document),
        program,
        example,
        instead,
    };
    if let Err(failure) = page.judge(&mut played) {
        played.failures.push(failure);
    }
    played
}

/// The sections that are run, if everything is where it belongs.
fn structure<'a>(
    document: &'a Document,
    code: &str,
) -> Result<(&'a Section, &'a Section), Vec<Failure>> {
    let mut failures = Vec::new();
    let mut fail = |line: usize, text: String| failures.push(Failure::new(line, text));
    let mut sections = document.sections.iter();
    if let Some(start) = sections
        .next()
        .filter(|it| it.prose || !it.steps.is_empty())
    {
        fail(start.line.max(1), format!("a page begins with `# {code}`"));
    }
    let title = sections.next();
    match title {
        Some(title) if title.level == 1 && title.title == code => {
            if !title.prose {
                fail(title.line, "the code is not explained".to_owned());
            }
        }
        Some(other) => fail(other.line, format!("the title is not `# {code}`")),
        None => fail(1, format!("the title `# {code}` is missing")),
    }
    let sections: Vec<&Section> = sections.collect();
    for (index, expected) in SECTIONS.iter().enumerate() {
        match sections.get(index) {
            Some(section) if section.level == 2 && section.title == *expected => {}
            Some(section) => {
                fail(section.line, format!("`## {expected}` is expected here"));
                break;
            }
            None => {
                fail(1, format!("the section `## {expected}` is missing"));
                break;
            }
        }
    }
    if let Some(section) = sections.get(SECTIONS.len()) {
        fail(
            section.line,
            format!("`{}` is no section of a page", section.title),
        );
    }
    let above = title.into_iter().chain(sections.first().copied());
    for step in above.flat_map(|it| &it.steps) {
        fail(
            step.line(),
            "files and commands belong under `## Example`".to_owned(),
        );
    }
    if let Some(why) = sections.first().filter(|why| !why.prose) {
        fail(why.line, format!("`{}` has no answer", why.title));
    }
    if let Some(example) = sections.get(1) {
        if !example.steps.iter().any(|it| matches!(it, Step::File(_))) {
            fail(example.line, "the example has no file".to_owned());
        }
        if proof(example).is_none() {
            fail(
                example.line,
                "no command of the example calls the program".to_owned(),
            );
        }
    }
    if let Some(instead) = sections.get(2).filter(|it| it.steps.is_empty()) {
        fail(instead.line, "nothing is used instead".to_owned());
    }
    match sections.as_slice() {
        [_, example, instead] if failures.is_empty() => Ok((example, instead)),
        _ => Err(failures),
    }
}

/// The codes of `<!-- also: … -->`, with the line that says so.
fn also(document: &Document) -> Vec<(usize, String)> {
    let lists = document.comments.iter().filter_map(|(line, text)| {
        let codes = text.strip_prefix("also:")?;
        Some(codes.split(',').map(|code| (*line, code.trim().to_owned())))
    });
    lists.flatten().collect()
}

/// The command that a section is about: the last that calls the program.
fn proof(section: &Section) -> Option<(&Prompt, &Command, &[String])> {
    let prompts = section.steps.iter().filter_map(|step| match step {
        Step::Console(console) => Some(&console.prompts),
        Step::File(_) => None,
    });
    let mut calls = prompts.flatten().filter_map(|prompt| {
        let command = prompt.command.as_deref()?;
        match &command.verb {
            Verb::Program(arguments) => Some((prompt, command, arguments.as_slice())),
            _ => None,
        }
    });
    calls.next_back()
}

struct Page<'a> {
    code: &'a str,
    also: Vec<(usize, String)>,
    program: &'a dyn Program,
    example: &'a Section,
    instead: &'a Section,
}

/// What a call reported.
struct Findings {
    /// Code and level, in the order of the report.
    found: Vec<(String, String)>,
    status: i32,
}

impl Page<'_> {
    fn judge(&self, played: &mut Played) -> Result<(), Failure> {
        let Some((prompt, command, arguments)) = proof(self.example) else {
            return Ok(());
        };
        let at = |line: usize| move |text: String| Failure::new(line, text);

        // The pages say what is printed; what follows judges whether that is the right thing.
        let mut session = self.session().map_err(at(self.example.line))?;
        *played = session.play(&self.example.steps);
        let named = format!("[{}]", self.code);
        let names =
            |(_, output): &(usize, Vec<String>)| output.iter().any(|it| it.contains(&named));
        if !played
            .outputs
            .iter()
            .any(|it| it.0 == prompt.line && names(it))
        {
            let text = format!("the output does not name `{named}`");
            played.failures.push(Failure::new(prompt.line, text));
        }

        let mut session = self.session().map_err(at(self.example.line))?;
        play_before(&mut session, self.example, prompt.line);
        let example = findings(&session, command, arguments).map_err(at(prompt.line))?;
        for text in self.wrong_in_example(&example) {
            played.failures.push(Failure::new(prompt.line, text));
        }

        let mut session = self.session().map_err(at(self.instead.line))?;
        play_before(&mut session, self.example, prompt.line);
        let mended = session.play(&self.instead.steps);
        played.failures.extend(mended.failures);
        played.edits.extend(mended.edits);
        let (line, instead) = if let Some((prompt, command, arguments)) = proof(self.instead) {
            let mut session = self.session().map_err(at(self.instead.line))?;
            play_before(&mut session, self.example, self.instead.line);
            play_before(&mut session, self.instead, prompt.line);
            (prompt.line, findings(&session, command, arguments))
        } else {
            (self.instead.line, findings(&session, command, arguments))
        };
        let instead = instead.map_err(at(line))?;
        for text in self.wrong_instead(&instead) {
            played.failures.push(Failure::new(line, text));
        }

        let found = example.found.iter().chain(&instead.found);
        let found: BTreeSet<&str> = found.map(|(code, _)| code.as_str()).collect();
        for (line, code) in &self.also {
            if !found.contains(code.as_str()) {
                let text = format!("`{code}` is excepted but does not occur");
                played.failures.push(Failure::new(*line, text));
            }
        }
        Ok(())
    }

    fn session(&self) -> Result<Session<'_>, String> {
        let steps = self.example.steps.iter().chain(&self.instead.steps);
        Session::new(self.program, None, steps)
    }

    fn excepts(&self, code: &str) -> bool {
        self.also.iter().any(|(_, also)| also == code)
    }

    fn wrong_in_example(&self, findings: &Findings) -> Vec<String> {
        let mut wrong = Vec::new();
        if !findings.found.iter().any(|(code, _)| code == self.code) {
            wrong.push(format!("the example has no finding of `{}`", self.code));
        }
        for (code, level) in &findings.found {
            if code != self.code && level == "error" && !self.excepts(code) {
                wrong.push(format!(
                    "the example has an error of another code, `{code}`"
                ));
            }
        }
        wrong
    }

    fn wrong_instead(&self, findings: &Findings) -> Vec<String> {
        let mut wrong = Vec::new();
        for (code, level) in &findings.found {
            if code == self.code || (level != "note" && !self.excepts(code)) {
                wrong.push(format!(
                    "what is used instead has a finding: {level}[{code}]"
                ));
            }
        }
        if findings.status != 0 {
            let status = findings.status;
            wrong.push(format!(
                "what is used instead ends with exit status {status}"
            ));
        }
        wrong
    }
}

/// Runs the steps of a section up to a line of the page; what they print is compared elsewhere.
fn play_before(session: &mut Session<'_>, section: &Section, line: usize) {
    let steps = section.steps.iter().filter_map(|step| match step {
        Step::File(file) => (file.line < line).then(|| step.clone()),
        Step::Console(console) => {
            let mut console = console.clone();
            console.prompts.retain(|prompt| prompt.line < line);
            Some(Step::Console(console))
        }
    });
    let steps: Vec<Step> = steps.collect();
    session.play(&steps);
}

/// Runs a command with its findings as JSON.
fn findings(
    session: &Session<'_>,
    command: &Command,
    arguments: &[String],
) -> Result<Findings, String> {
    let arguments = as_json(arguments);
    let completed = session.call(command, &arguments, true)?;
    // Where standard output is taken, by a configuration for instance, findings go to the other.
    let document = [&completed.output, &completed.errors]
        .into_iter()
        .find_map(|bytes| serde_json::from_slice::<Value>(bytes).ok())
        .filter(|document| document.get("diagnostics").is_some());
    let Some(document) = document else {
        let errors = String::from_utf8_lossy(&completed.errors);
        return Err(format!(
            "`actionc {}` prints no JSON of findings: exit status {}\n{}",
            arguments.join(" "),
            completed.status,
            errors.trim_end()
        ));
    };
    let diagnostics = document.get("diagnostics").and_then(Value::as_array);
    let text = |finding: &Value, member: &str| {
        let text = finding.get(member).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let found = diagnostics.into_iter().flatten();
    let found = found.map(|it| (text(it, "code"), text(it, "severity")));
    Ok(Findings {
        found: found.collect(),
        status: completed.status,
    })
}

/// The arguments with `--format json` in place of any other format.
fn as_json(arguments: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--format" {
            rest.next();
        } else if !argument.starts_with("--format=") {
            kept.push(argument.clone());
        }
    }
    kept.extend(["--format".to_owned(), "json".to_owned()]);
    kept
}
