//! Reads snippets from standard input, each as a line with its length in bytes and then its text,
//! and prints a line for each: `accept`, or `reject` with the first error.
//!
//! `tests/judge.py` compares these lines with go-jsonnet's verdicts.

use std::io::{self, BufRead, Read, Write};

use diagnostics::{Diagnostic, FileId};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let length = line.trim().parse().map_err(io::Error::other)?;
        line.clear();
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(io::Error::other)?;
        let parsed = jsonnet_syntax::parse(&text, FileId::DETACHED);
        match parsed.diagnostics.iter().find(|it| it.is_error()) {
            None => writeln!(output, "accept")?,
            Some(Diagnostic { rule, message, .. }) => {
                writeln!(
                    output,
                    "reject {}: {}",
                    rule.code,
                    message.replace('\n', " ")
                )?;
            }
        }
    }
    output.flush()
}
