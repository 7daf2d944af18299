//! Suites of programs and their outcomes, as Markdown: text in, text out.
//!
//! A heading opens a case. Its blocks are `jsonnet` (the program), `json ctx` (else `{}`),
//! `json limits` (those that are not the default) and `text` (the outcome). `MDTEST_UPDATE=1`
//! writes the outcomes.

use std::path::Path;
use std::time::Duration;

use jsonnet_eval::{Evaluated, Evaluator, Limits, manifest};
use serde_json::{Value, json};

/// Runs the suites of this crate; gives how many cases there were.
pub(crate) fn run(evaluator: &dyn Evaluator) -> usize {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../jsonnet-eval/mdtest"
    ));
    let mut pages: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    pages.sort();
    pages.iter().map(|page| run_page(page, evaluator)).sum()
}

fn run_page(path: &Path, evaluator: &dyn Evaluator) -> usize {
    let page = std::fs::read_to_string(path).unwrap();
    let (renewed, cases) = evaluate_all(&page, evaluator);
    if std::env::var_os("MDTEST_UPDATE").is_some_and(|it| it == "1") {
        if renewed != page {
            std::fs::write(path, renewed).unwrap();
        }
    } else {
        for (line, (left, right)) in (1..).zip(page.lines().zip(renewed.lines())) {
            assert_eq!(left, right, "{}:{line}", path.display());
        }
        assert_eq!(page, renewed, "{}", path.display());
    }
    cases
}

#[derive(Default)]
struct Case {
    program: Option<String>,
    ctx: Option<Value>,
    limits: Limits,
}

/// The page with the outcomes that there are, and how many.
fn evaluate_all(page: &str, evaluator: &dyn Evaluator) -> (String, usize) {
    let mut out = String::new();
    let mut cases = 0;
    let mut case = Case::default();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.starts_with('#') {
            assert!(case.program.is_none(), "no outcome before `{line}`");
            case = Case::default();
        }
        let Some(kind) = line.strip_prefix("```") else {
            continue;
        };
        let mut block = String::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            block.push_str(line);
            block.push('\n');
        }
        match kind {
            "jsonnet" => case.program = Some(block.clone()),
            "json ctx" => case.ctx = Some(serde_json::from_str(&block).unwrap()),
            "json limits" => case.limits = limits(&serde_json::from_str(&block).unwrap()),
            "text" => {
                let case = std::mem::take(&mut case);
                let program = case.program.expect("a program before its outcome");
                let ctx = case.ctx.unwrap_or_else(|| json!({}));
                block = outcome(&program, &evaluator.evaluate(&program, &ctx, &case.limits));
                cases += 1;
            }
            other => panic!("unknown block `{other}`"),
        }
        out.push_str(&block);
        out.push_str("```\n");
    }
    assert!(case.program.is_none(), "no outcome at the end");
    (out, cases)
}

fn limits(given: &Value) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in given.as_object().unwrap() {
        let number = value.as_u64().unwrap();
        let size = usize::try_from(number).unwrap();
        match name.as_str() {
            "time_ms" => limits.time = Duration::from_millis(number),
            "memory" => limits.memory = number,
            "output" => limits.output = size,
            "frames" => limits.frames = size,
            "nesting" => limits.nesting = size,
            other => panic!("unknown limit `{other}`"),
        }
    }
    limits
}

fn outcome(program: &str, evaluated: &Evaluated) -> String {
    match evaluated {
        Evaluated::Value(value) => manifest(value),
        Evaluated::Exceeded(limit) => format!("exceeded: {limit}\n"),
        Evaluated::Failed(failure) => {
            let kind = failure.kind.as_str();
            let place = failure.span.clone().map_or_else(String::new, |span| {
                let text = program.get(span.clone()).unwrap_or("?");
                format!(" at {span:?} `{text}`")
            });
            let line = format!("{kind}{place}: {}", failure.message);
            format!("{}\n", line.trim_end())
        }
    }
}
