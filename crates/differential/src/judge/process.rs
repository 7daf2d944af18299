//! Judges in processes of their own: go-jsonnet behind Python, and jrsonnet.
//!
//! A process reads a line for each question and answers with one. One that dies or takes too long
//! is started again, and the inputs are asked one by one to find which it was. So a run survives
//! every program.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{JrsonnetJudge, Judge, Outcome};

/// How many programs that took too long are remembered: a case asks about few forms of its own.
const MANY_GIVEN_UP: usize = 8;
/// Forty times the frames of go-jsonnet.
const MANY_FRAMES: usize = 20_000;
/// How long one question may take.
const LONGEST: Duration = Duration::from_secs(20);
/// What the process of jrsonnet may use: go-jsonnet's 500 frames, of a build that is not optimised.
const STACK: usize = 256 << 20;

/// An evaluator in another process.
#[derive(Debug)]
pub struct ProcessJudge {
    program: OsString,
    arguments: Vec<OsString>,
    running: Option<Running>,
    /// The last programs that took too long: they are not asked about again.
    given_up: VecDeque<String>,
}

#[derive(Debug)]
struct Running {
    process: Child,
    to: ChildStdin,
    lines: Receiver<String>,
}

/// What is asked of a program and its inputs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    All,
    ToFirstFailure,
    /// All, with [`MANY_FRAMES`].
    Deeper,
}

/// Why there is no answer.
enum Silence {
    Died,
    TooLong,
    /// An output nests deeper than can be read.
    TooDeep,
}

impl ProcessJudge {
    /// go-jsonnet, with a Python that has the package `gojsonnet`.
    ///
    /// # Errors
    /// When there is no such Python, or it has no `gojsonnet`.
    pub fn go(python: &str) -> anyhow::Result<Self> {
        let script = include_str!("judge.py");
        Self::start(python.into(), vec!["-u".into(), "-c".into(), script.into()])
            .context("does this Python have the package `gojsonnet`?")
    }

    /// jrsonnet, by a program and its arguments that [`serve`].
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn jrsonnet(program: OsString, arguments: Vec<OsString>) -> anyhow::Result<Self> {
        Self::start(program, arguments)
    }

    fn start(program: OsString, arguments: Vec<OsString>) -> anyhow::Result<Self> {
        let mut judge = Self {
            program,
            arguments,
            running: None,
            given_up: VecDeque::new(),
        };
        let outcomes = judge.ask("function(ctx) [ctx]", &[json!(1)], Asked::All);
        match outcomes.as_deref() {
            Ok([Outcome::Value(value)]) if *value == json!([1]) => Ok(judge),
            _ => anyhow::bail!("`{}` does not evaluate", judge.program.display()),
        }
    }

    fn running(&mut self) -> anyhow::Result<&mut Running> {
        if self.running.is_none() {
            let mut process = Command::new(&self.program)
                .args(&self.arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            let to = process.stdin.take().context("no stdin")?;
            let from = BufReader::new(process.stdout.take().context("no stdout")?);
            let (line, lines) = channel();
            std::thread::spawn(move || {
                for it in from.lines().map_while(Result::ok) {
                    if line.send(it).is_err() {
                        return;
                    }
                }
            });
            self.running = Some(Running { process, to, lines });
        }
        self.running.as_mut().context("it was just started")
    }

    fn ask(
        &mut self,
        program: &str,
        inputs: &[Value],
        asked: Asked,
    ) -> Result<Vec<Outcome>, Silence> {
        let answer = self.line(program, inputs, asked);
        match answer {
            Ok(line) => serde_json::from_str::<Vec<(String, Value)>>(&line)
                .map(|all| all.into_iter().map(Outcome::of_pair).collect())
                .map_err(|_| Silence::TooDeep),
            Err(silence) => {
                self.stop();
                Err(silence)
            }
        }
    }

    /// Whether a program that used up the frames of go-jsonnet ends with [`MANY_FRAMES`] of them.
    pub fn ends_deeper(&mut self, program: &str, input: &Value) -> bool {
        let outcomes = self.ask(program, std::slice::from_ref(input), Asked::Deeper);
        matches!(
            outcomes.as_deref(),
            Ok([Outcome::Value(_)]) | Err(Silence::TooDeep)
        )
    }

    fn line(&mut self, program: &str, inputs: &[Value], asked: Asked) -> Result<String, Silence> {
        let question = json!({
            "program": program,
            "inputs": inputs,
            "to_first_failure": asked == Asked::ToFirstFailure,
            "frames": (asked == Asked::Deeper).then_some(MANY_FRAMES),
        });
        let running = self.running().map_err(|_| Silence::Died)?;
        // In one piece: a pipe takes each write by itself.
        let line = format!("{question}\n");
        let written = running.to.write_all(line.as_bytes());
        written.map_err(|_| Silence::Died)?;
        running.to.flush().map_err(|_| Silence::Died)?;
        running.lines.recv_timeout(LONGEST).map_err(|it| match it {
            RecvTimeoutError::Timeout => Silence::TooLong,
            RecvTimeoutError::Disconnected => Silence::Died,
        })
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It may be dead already.
            let _ = running.process.kill();
            let _ = running.process.wait();
        }
    }
}

impl Judge for ProcessJudge {
    fn outcomes(
        &mut self,
        program: &str,
        inputs: &[Value],
        to_first_failure: bool,
    ) -> Vec<Outcome> {
        let asked = match to_first_failure {
            true => Asked::ToFirstFailure,
            false => Asked::All,
        };
        let too_long = Outcome::Undecided("it takes too long".to_owned());
        if self.given_up.iter().any(|it| it == program) {
            return vec![too_long; inputs.len()];
        }
        match self.ask(program, inputs, asked) {
            Ok(outcomes) => return outcomes,
            Err(Silence::TooDeep) if inputs.len() == 1 => {
                return vec![Outcome::Undecided("the output is too deep".to_owned())];
            }
            Err(Silence::Died) if inputs.len() == 1 => {
                return vec![Outcome::Failed(
                    "the evaluator died: endless recursion".to_owned(),
                )];
            }
            Err(Silence::TooLong) => {
                self.given_up.push_front(program.to_owned());
                self.given_up.truncate(MANY_GIVEN_UP);
                return vec![too_long; inputs.len()];
            }
            Err(Silence::Died | Silence::TooDeep) => {}
        }
        let mut outcomes = Vec::new();
        for it in inputs {
            outcomes.extend(self.outcomes(program, std::slice::from_ref(it), to_first_failure));
            if to_first_failure && outcomes.last().is_some_and(Outcome::is_failure) {
                break;
            }
        }
        outcomes
    }
}

impl Drop for ProcessJudge {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Answers the questions of a [`ProcessJudge`] with jrsonnet, until there are no more.
///
/// # Errors
/// When a question cannot be read, or an answer not be written.
pub fn serve() -> anyhow::Result<()> {
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(answers)?;
    thread
        .join()
        .map_err(|_| anyhow::anyhow!("the judge panicked"))?
}

fn answers() -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        let program = question.get("program").and_then(Value::as_str);
        let inputs = question.get("inputs").and_then(Value::as_array);
        let first = question.get("to_first_failure").and_then(Value::as_bool);
        let (Some(program), Some(inputs), Some(first)) = (program, inputs, first) else {
            anyhow::bail!("not a question: {question}");
        };
        let frames = question.get("frames").and_then(Value::as_u64);
        let outcomes = match frames.and_then(|it| usize::try_from(it).ok()) {
            Some(frames) => JrsonnetJudge::deeper(program, inputs, frames),
            None => JrsonnetJudge.outcomes(program, inputs, first),
        };
        let answer: Vec<_> = outcomes.iter().map(Outcome::to_pair).collect();
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        output.write_all(&line)?;
        output.flush()?;
    }
    Ok(())
}
