//! Checks the program on standard input against a JSON Schema of `ctx` (a file, or any object) and
//! prints the type of its output and what was found.

use std::io::Read as _;

use diagnostics::{Sources, render};
use jsonnet_check::{Profile, Signature, Ty, check, from_schema};

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example is a program"
)]
fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input = match std::env::args().nth(1) {
        Some(path) => {
            let schema = std::fs::read_to_string(path)?;
            from_schema(&serde_json::from_str(&schema).map_err(std::io::Error::other)?)
        }
        None => Ty::map(Ty::Unknown),
    };
    let mut sources = Sources::default();
    let file = sources.add("body.jsonnet", text.as_str());
    let start = std::time::Instant::now();
    let parsed = jsonnet_syntax::parse(&text, file);
    let signature = Signature {
        args: vec![("ctx".into(), input)],
        profile: Profile::default(),
    };
    let checked = check(&parsed, &signature);
    let took = start.elapsed();
    let mut all = parsed.diagnostics;
    all.extend(checked.diagnostics);
    print!("{}", render::concise(&all, &sources));
    println!("{}\n{took:?}", checked.result);
    Ok(())
}
