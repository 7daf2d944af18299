//! `cargo xtask`: what is behind the recipes of the justfile.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::bail;
use xtask::{Generated, Tree};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  gen [schemas|diagnostics] [--check]  renew what is generated, or say what is stale
  tidy                                 judge the repository by its own rules
  check                                formatting, lints and tidy
  ci                                   exactly what CI runs
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let result = match arguments.as_slice() {
        ["gen", rest @ ..] => generate(root, rest),
        ["tidy"] => tidy(root),
        ["check"] => check(root),
        ["ci"] => run(root, "bash", &[".ci/run"]),
        [] | ["help" | "--help"] => say(USAGE),
        _ => Err(anyhow::anyhow!("unknown command\n{USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nowhere to say it when even that fails.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let check = arguments.contains(&"--check");
    let names: Vec<&str> = arguments
        .iter()
        .copied()
        .filter(|it| *it != "--check")
        .collect();
    if let Some(name) = names
        .iter()
        .find(|name| !["schemas", "diagnostics"].contains(name))
    {
        bail!("`{name}` is not generated\n{USAGE}");
    }
    let wanted = |name| names.is_empty() || names.contains(&name);
    let mut generated: Vec<Generated> = Vec::new();
    if wanted("diagnostics") {
        generated.push(xtask::diagnostics_page(&xtask::registry()));
    }
    if wanted("schemas") {
        generated.extend(xtask::schemas(root)?);
    }
    if check {
        let stale = xtask::stale(root, &generated);
        if !stale.is_empty() {
            bail!("stale; `cargo xtask gen` renews\n\n{}", stale.join("\n"));
        }
        return Ok(());
    }
    for path in xtask::renew(root, &generated)? {
        say(&format!("renewed {path}\n"))?;
    }
    Ok(())
}

fn tidy(root: &Path) -> anyhow::Result<()> {
    let problems = xtask::tidy(
        &Tree::load(root)?,
        &xtask::crates(root)?,
        &xtask::registry(),
    );
    if problems.is_empty() {
        return Ok(());
    }
    for problem in &problems {
        say(&format!("{problem}\n"))?;
    }
    bail!("{} untidy places", problems.len());
}

fn check(root: &Path) -> anyhow::Result<()> {
    run(root, "cargo", &["fmt", "--all", "--check"])?;
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    run(root, "cargo", &clippy)?;
    tidy(root)
}

fn run(root: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .status()?;
    if !status.success() {
        bail!("`{program} {}` failed", arguments.join(" "));
    }
    Ok(())
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}
