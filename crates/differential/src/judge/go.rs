//! go-jsonnet, through a Python process that has the package `gojsonnet`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::{Judge, Outcome};

/// The process, which reads a line for each program and answers with one.
#[derive(Debug)]
pub struct GoJsonnet {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl GoJsonnet {
    /// Starts it, with that Python.
    ///
    /// # Errors
    /// When there is no such Python, or it has no `gojsonnet`.
    pub fn start(python: &str) -> anyhow::Result<Self> {
        let script = include_str!("judge.py");
        let mut process = Command::new(python)
            .args(["-u", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start `{python}`"))?;
        let to = process.stdin.take().context("no stdin")?;
        let from = BufReader::new(process.stdout.take().context("no stdout")?);
        let mut judge = Self { process, to, from };
        judge
            .ask("function(ctx) ctx", &[json!(1)])
            .context("does this Python have the package `gojsonnet`?")?;
        Ok(judge)
    }

    fn ask(&mut self, program: &str, inputs: &[Value]) -> anyhow::Result<Vec<Outcome>> {
        let question = json!({ "program": program, "inputs": inputs });
        writeln!(self.to, "{question}")?;
        self.to.flush()?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let answers: Vec<(String, Value)> = serde_json::from_str(&line)?;
        let outcome = |(kind, value): (String, Value)| match kind.as_str() {
            "value" => Outcome::Value(value),
            "user" => Outcome::UserError(text(&value)),
            "failed" => Outcome::Failed(text(&value)),
            _ => Outcome::Undecided(text(&value)),
        };
        Ok(answers.into_iter().map(outcome).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Judge for GoJsonnet {
    fn judge(&mut self, program: &str, inputs: &[Value]) -> Vec<Outcome> {
        self.ask(program, inputs).unwrap_or_else(|error| {
            let undecided = Outcome::Undecided(error.to_string());
            vec![undecided; inputs.len()]
        })
    }
}

impl Drop for GoJsonnet {
    fn drop(&mut self) {
        // It ends by itself when nothing can be asked any more; this is for one that hangs.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
