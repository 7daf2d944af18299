//! Runs the steps of a test and compares what they print.

use similar::{ChangeTag, TextDiff};

use crate::command::{Command, Verb};
use crate::document::{Console, Failure, File, Prompt, Step};
use crate::folder::{Folder, Project};
use crate::program::{Completed, Invocation, Program};
use crate::shell;
use crate::shown::shown;
use crate::update::Edit;

/// A user without rights, known as `nobody`.
const NOBODY: u32 = 65534;
/// How many equal lines a difference shows around it.
const CONTEXT: usize = 3;

/// A test that is under way.
pub(crate) struct Session<'a> {
    program: &'a dyn Program,
    folder: Folder,
    /// Relative to the folder.
    cwd: String,
    /// Whom the program is called as.
    user: Option<u32>,
}

/// What running some steps came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) failures: Vec<Failure>,
    /// What an update would write instead of failing.
    pub(crate) edits: Vec<Edit>,
    /// Every output, in order, with the line of its command.
    pub(crate) outputs: Vec<(usize, Vec<String>)>,
}

impl<'a> Session<'a> {
    /// A session in a fresh folder; the steps that are to come decide who runs them.
    pub(crate) fn new<'b>(
        program: &'a dyn Program,
        project: Option<&Project>,
        steps: impl IntoIterator<Item = &'b Step>,
    ) -> Result<Self, String> {
        let folder =
            Folder::new(project).map_err(|error| format!("the folder cannot be made: {error}"))?;
        // The superuser may read and write whatever the mode of a file says.
        let permissions = steps
            .into_iter()
            .flat_map(Step::commands)
            .any(|command| matches!(command.verb, Verb::Chmod(..)));
        let user = (permissions && folder.is_superusers()).then_some(NOBODY);
        Ok(Self {
            program,
            folder,
            cwd: String::new(),
            user,
        })
    }

    /// Runs steps in order; a failure does not keep the later ones from running.
    pub(crate) fn play<'b>(&mut self, steps: impl IntoIterator<Item = &'b Step>) -> Played {
        let mut played = Played::default();
        for step in steps {
            match step {
                Step::File(file) => self.write(file, &mut played),
                Step::Console(console) => self.console(console, &mut played),
            }
        }
        played
    }

    fn write(&self, file: &File, played: &mut Played) {
        if let Err(text) = self.folder.write(&file.path, &file.content) {
            played.failures.push(Failure::new(file.line, text));
        }
    }

    fn console(&mut self, console: &Console, played: &mut Played) {
        let mut lines = Vec::new();
        let mut complete = true;
        for prompt in &console.prompts {
            lines.push(format!("{}{}", crate::document::PROMPT, prompt.source));
            let Some(command) = prompt.command.as_deref() else {
                continue;
            };
            match self.prompt(command, prompt) {
                Ok(output) => {
                    if let Some(text) = difference(prompt, &output) {
                        played.failures.push(Failure {
                            difference: true,
                            ..Failure::new(prompt.line, text)
                        });
                    }
                    lines.extend(output.iter().cloned());
                    played.outputs.push((prompt.line, output));
                }
                Err(text) => {
                    complete = false;
                    let text = format!("$ {}\n{text}", prompt.source);
                    played.failures.push(Failure::new(prompt.line, text));
                }
            }
        }
        // A block whose commands did not all run is not one to write down.
        if complete {
            played.edits.extend(Edit::new(console, lines));
        }
    }

    /// The output of a command, as the page would show it.
    fn prompt(&mut self, command: &Command, prompt: &Prompt) -> Result<Vec<String>, String> {
        let completed = self.command(command)?;
        let mut output = completed.errors;
        output.extend(completed.output);
        Ok(shown(
            &output,
            completed.status,
            &self.folder.root,
            self.program.version(),
            &prompt.expected,
        ))
    }

    /// Does what a command says, redirections included.
    fn command(&mut self, command: &Command) -> Result<Completed, String> {
        let apart = command.stdout.is_some() || command.head.is_some();
        let mut completed = match &command.verb {
            Verb::Program(arguments) => self.call(command, arguments, apart)?,
            verb => shell::perform(verb, &self.folder, &mut self.cwd)?,
        };
        if let Some(file) = &command.stdout {
            let place = self.folder.place(&self.cwd, file)?;
            let output = std::mem::take(&mut completed.output);
            std::fs::write(place, output).map_err(|error| format!("`{file}`: {error}"))?;
        }
        if let Some(head) = command.head {
            let lines = completed.output.split_inclusive(|byte| *byte == b'\n');
            completed.output = lines.take(head).flatten().copied().collect();
        }
        Ok(completed)
    }

    /// Calls the program with other arguments than the page says.
    pub(crate) fn call(
        &self,
        command: &Command,
        arguments: &[String],
        apart: bool,
    ) -> Result<Completed, String> {
        if let Some(user) = self.user {
            let result = self.folder.hand_over(user);
            result.map_err(|error| format!("the folder cannot be handed over: {error}"))?;
        }
        let mut env = vec![
            ("NO_COLOR".to_owned(), "1".to_owned()),
            ("COLUMNS".to_owned(), "100".to_owned()),
        ];
        env.extend(command.env.iter().cloned());
        let stdin = command.stdin.as_deref();
        let stdin = stdin
            .map(|path| self.folder.place(&self.cwd, path))
            .transpose()?;
        let invocation = Invocation {
            arguments,
            folder: &self.folder.place(&self.cwd, ".")?,
            env: &env,
            stdin: stdin.as_deref(),
            apart,
            user: self.user,
        };
        let completed = self.program.call(&invocation);
        completed.map_err(|error| format!("the program failed: {error}"))
    }
}

/// What is wrong with an output, line by line.
fn difference(prompt: &Prompt, output: &[String]) -> Option<String> {
    if prompt.expected == output {
        return None;
    }
    let expected: Vec<&str> = prompt.expected.iter().map(String::as_str).collect();
    let output: Vec<&str> = output.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&expected, &output);
    let mut text = format!(
        "$ {}\nthe page has `-`, the program printed `+`",
        prompt.source
    );
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            text.push_str("\n  …");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line = format!("\n  {sign}{}", change.value());
            text.push_str(line.trim_end_matches(' '));
        }
    }
    Some(text)
}
