//! Runs cases by the thousand and says what came of them.

use clap::{Parser, Subcommand, ValueEnum};
use differential::{Case, Finding, GoJsonnet, JrsonnetJudge, Judge, Tally, Verdict};

#[derive(Parser)]
#[command(about = "Holds the checker against evaluators")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Random programs over random schemas.
    Random(RandomRun),
}

#[derive(clap::Args)]
struct RandomRun {
    /// What everything is made from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The number of the first program.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many programs.
    #[arg(long, default_value_t = 1000)]
    programs: u64,
    /// Inputs for each.
    #[arg(long, default_value_t = 20)]
    inputs: usize,
    /// Who says what a program does.
    #[arg(long, value_enum, default_value_t = JudgeName::Jrsonnet)]
    judge: JudgeName,
    /// A Python that has `gojsonnet`; with jrsonnet it has the last word on what it finds wrong.
    #[arg(long)]
    python: Option<String>,
    /// Findings that are shrunk and shown, of each sort.
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// Only findings of these words are shrunk and shown.
    #[arg(long)]
    only: Option<String>,
    /// Print the programs and their verdicts.
    #[arg(long)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum JudgeName {
    Jrsonnet,
    Go,
}

fn main() -> anyhow::Result<()> {
    let Command::Random(run) = Arguments::parse().command;
    // What jrsonnet evaluates goes deep.
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    let thread = thread.spawn(move || random(&run))?;
    thread.join().map_err(|_| anyhow::anyhow!("a case panicked"))?
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]
fn random(run: &RandomRun) -> anyhow::Result<()> {
    let mut go = match &run.python {
        Some(python) => Some(GoJsonnet::start(python)?),
        None => None,
    };
    let mut tally = Tally::default();
    let mut shown = std::collections::BTreeMap::<String, usize>::new();
    let start = std::time::Instant::now();
    for number in run.from..run.from + run.programs {
        let case = Case::random(run.seed, number, run.inputs);
        if run.verbose {
            println!("{number}: {}\n   {}", case.program, case.schema);
        }
        let mut verdict = match (run.judge, &mut go) {
            (JudgeName::Go, Some(go)) => case.judge(go),
            (JudgeName::Go, None) => anyhow::bail!("`--judge go` needs `--python`"),
            (JudgeName::Jrsonnet, _) => case.judge(&mut JrsonnetJudge),
        };
        let is_finding = !matches!(verdict, Verdict::Sound | Verdict::Right(_) | Verdict::Unreadable(_));
        if let (true, JudgeName::Jrsonnet, Some(go)) = (is_finding, run.judge, &mut go) {
            verdict = case.judge(go);
        }
        tally.count(&verdict);
        if run.verbose {
            println!("   {verdict:?}");
        }
        let (title, finding) = match &verdict {
            Verdict::Unsound(it) => ("unsound".to_owned(), it),
            Verdict::Mistyped(it) => ("mistyped".to_owned(), it),
            Verdict::Undecided(it) => ("undecided".to_owned(), it),
            Verdict::Imprecise(codes, it) => {
                (format!("imprecise {}", codes.first().copied().unwrap_or_default()), it)
            }
            Verdict::Unreached(codes, it) => {
                (format!("unreached {}", codes.first().copied().unwrap_or_default()), it)
            }
            _ => continue,
        };
        let count = shown.entry(title.clone()).or_default();
        *count += 1;
        if *count > run.show || run.only.as_ref().is_some_and(|only| !title.contains(only)) {
            continue;
        }
        let judge: &mut dyn Judge = match &mut go {
            Some(go) => go,
            None => &mut JrsonnetJudge,
        };
        println!("{}", report(&title, number, &case, finding, judge, &verdict));
        if number % 10_000 == 0 {
            eprintln!("{number}: {:.0} s", start.elapsed().as_secs_f64());
        }
    }
    println!("{tally}{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn report(
    title: &str,
    number: u64,
    case: &Case,
    finding: &Finding,
    judge: &mut dyn Judge,
    verdict: &Verdict,
) -> String {
    let (small, last) = case.shrunk(verdict, &mut JrsonnetJudge, judge);
    let ty = small.ty().to_full_string();
    let finding = last.unwrap_or_else(|| finding.clone());
    format!(
        "=== {title} (program {number})\n{}\n  schema {}\n  type {ty}\n  input {}\n  {}\n",
        small.program, small.schema, finding.input, finding.message
    )
}
