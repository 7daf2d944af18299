//! Runs cases by the thousand and says what came of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use differential::{
    Case, Coverage, Finding, Judge, ProcessJudge, Said, Speed, Table, Tally, Verdict,
    measured_text, serve,
};
use jsonnet_check::StdVersion;

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
    /// What the checker says of random programs, a number for each; `random --unless` leaves out
    /// those of which it still says the same.
    Said {
        /// What everything is made from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The number of the first program.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// How many programs.
        #[arg(long, default_value_t = 1000)]
        programs: u64,
    },
    /// Time per program: parse and check, jrsonnet, and go-jsonnet where there is a Python.
    Speed {
        /// A Python that has `gojsonnet`.
        #[arg(long)]
        python: Option<String>,
        /// How many programs.
        #[arg(long, default_value_t = 200)]
        programs: u64,
    },
    /// Every operation on every tuple of a pool of values, judged by go-jsonnet.
    Table {
        /// A Python that has `gojsonnet`; without it the carried outcomes are taken.
        #[arg(long)]
        python: Option<String>,
        /// Its release.
        #[arg(long, value_enum, default_value_t = Release::V0_21)]
        release: Release,
        /// Only templates that have this in them.
        #[arg(long, default_value = "")]
        only: String,
        /// Findings that are shown of each template.
        #[arg(long, default_value_t = 3)]
        show: usize,
        /// The file for the outcomes.
        #[arg(long)]
        outcomes: Option<PathBuf>,
    },
    /// Evaluates what a run asks on its input.
    #[command(hide = true)]
    Judge,
}

#[derive(Clone, clap::Args)]
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
    /// A Python that has `gojsonnet`; with jrsonnet it has the last word on what looks wrong.
    #[arg(long)]
    python: Option<String>,
    /// Programs at the same time.
    #[arg(long, default_value_t = 1)]
    jobs: u64,
    /// Findings that are shrunk and shown, of each sort.
    #[arg(long, default_value_t = 20)]
    show: usize,
    /// Smaller programs that are tried for each.
    #[arg(long, default_value_t = 1500)]
    trials: usize,
    /// Only findings of one of these words are shrunk and shown.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Print the programs and their verdicts.
    #[arg(long)]
    verbose: bool,
    /// The file for the figures, written anew every 2,000 programs.
    #[arg(long)]
    table: Option<PathBuf>,
    /// The file for the findings, beside the output.
    #[arg(long)]
    findings: Option<PathBuf>,
    /// A file that `said` wrote: programs of which the checker says the same are left out.
    #[arg(long)]
    unless: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum JudgeName {
    Jrsonnet,
    Go,
}

#[derive(Clone, Copy, ValueEnum)]
enum Release {
    #[value(name = "0.21")]
    V0_21,
    #[value(name = "0.22")]
    V0_22,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Judge => serve(),
        Command::Random(run) => random(&run),
        Command::Table {
            python,
            release,
            only,
            show,
            outcomes,
        } => table(python.as_deref(), release, &only, show, outcomes),
        Command::Said {
            seed,
            from,
            programs,
        } => said(seed, from, programs),
        Command::Speed { python, programs } => speed(python.as_deref(), programs),
    }
}

/// The checker may go deep where it is not optimised.
fn deep() -> std::thread::Builder {
    std::thread::Builder::new().stack_size(256 << 20)
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn said(seed: u64, from: u64, programs: u64) -> anyhow::Result<()> {
    let said = deep().spawn(move || Said::of_run(seed, from..from + programs))?;
    let said = said.join();
    print!(
        "{}",
        said.map_err(|_| anyhow::anyhow!("the checker panicked"))?
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn speed(python: Option<&str>, programs: u64) -> anyhow::Result<()> {
    let go = python.map(ProcessJudge::go).transpose()?;
    println!("{}", Speed::of_random(programs, go));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn table(
    python: Option<&str>,
    release: Release,
    only: &str,
    show: usize,
    outcomes: Option<PathBuf>,
) -> anyhow::Result<()> {
    let release = match release {
        Release::V0_21 => StdVersion::V0_21,
        Release::V0_22 => StdVersion::V0_22,
    };
    let mut table = match python {
        Some(python) => Table::measured(&mut ProcessJudge::go(python)?, release, only),
        None => {
            let mut table = Table::carried(only).context("the carried outcomes are stale")?;
            table.hold_values(1);
            table
        }
    };
    if let Some(path) = outcomes {
        std::fs::write(path, measured_text(&table))?;
    }
    println!("values: {table}{}", table.findings(show));
    table.hold_types(1);
    println!("values and types: {table}{}", table.findings(show));
    Ok(())
}

fn jrsonnet() -> anyhow::Result<ProcessJudge> {
    let this = std::env::current_exe()?.into_os_string();
    ProcessJudge::jrsonnet(this, vec!["judge".into()])
}

/// What comes of one program.
struct Judged {
    number: u64,
    case: Case,
    verdict: Verdict,
    coverage: Coverage,
}

/// The judges of one job: the quick one, and the one that has the last word.
struct Judges {
    quick: ProcessJudge,
    last: Option<ProcessJudge>,
}

impl Judges {
    fn start(run: &RandomRun) -> anyhow::Result<Self> {
        let last = run.python.as_deref().map(ProcessJudge::go).transpose()?;
        if run.judge == JudgeName::Go && last.is_none() {
            anyhow::bail!("`--judge go` needs `--python`");
        }
        Ok(Self {
            quick: jrsonnet()?,
            last,
        })
    }

    fn last(&mut self) -> &mut dyn Judge {
        match &mut self.last {
            Some(last) => last,
            None => &mut self.quick,
        }
    }

    /// The verdict; where the depth of the stack depends on data, nothing is promised.
    fn verdict(&mut self, case: &Case, name: JudgeName) -> Verdict {
        match self.said(case, name) {
            Verdict::Unsound(it)
                if it.message.contains("stack frames") && self.ends_deeper(case, &it) =>
            {
                Verdict::Undecided(it)
            }
            other => other,
        }
    }

    /// Whether one of them comes to an end with more frames.
    fn ends_deeper(&mut self, case: &Case, found: &Finding) -> bool {
        let judges = [Some(&mut self.quick), self.last.as_mut()];
        let mut judges = judges.into_iter().flatten();
        judges.any(|it| it.ends_deeper(&case.program, &found.input))
    }

    fn said(&mut self, case: &Case, name: JudgeName) -> Verdict {
        if name == JudgeName::Go {
            return case.judge(self.last());
        }
        let verdict = case.judge(&mut self.quick);
        match &mut self.last {
            Some(last) if verdict.is_in_doubt() => case.confirmed(verdict, last),
            _ => verdict,
        }
    }
}

fn judged(
    run: &RandomRun,
    job: u64,
    before: &Said,
    results: &SyncSender<Judged>,
) -> anyhow::Result<()> {
    let mut judges = Judges::start(run)?;
    let numbers = run.from..run.from + run.programs;
    for number in numbers.filter(|it| it % run.jobs == job) {
        let case = Case::random(run.seed, number, run.inputs);
        if run.unless.is_some() && before.holds(number, &case) {
            continue;
        }
        let verdict = judges.verdict(&case, run.judge);
        let mut coverage = Coverage::default();
        coverage.count(&case.program, case.check().ok().as_ref());
        let judged = Judged {
            number,
            case,
            verdict,
            coverage,
        };
        if results.send(judged).is_err() {
            break;
        }
    }
    Ok(())
}

fn random(run: &RandomRun) -> anyhow::Result<()> {
    let before = match &run.unless {
        Some(path) => Said::read(&std::fs::read_to_string(path)?)?,
        None => Said::default(),
    };
    std::thread::scope(|scope| {
        // Jobs wait while findings are shrunk.
        let (results, judgements) = sync_channel(256);
        let mut jobs = Vec::new();
        for job in 0..run.jobs {
            let results = results.clone();
            let before = &before;
            jobs.push(deep().spawn_scoped(scope, move || judged(run, job, before, &results))?);
        }
        drop(results);
        report(run, judgements)?;
        for job in jobs {
            job.join()
                .map_err(|_| anyhow::anyhow!("a job panicked"))??;
        }
        Ok(())
    })
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports"
)]
fn report(run: &RandomRun, judgements: impl IntoIterator<Item = Judged>) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut judges = Judges::start(run)?;
    let mut tally = Tally::default();
    let mut shown = BTreeMap::<String, usize>::new();
    let (mut findings, mut done) = (String::new(), 0);
    let head = |done: u64| {
        format!(
            "# Seed {}, programs {} to {} ({done} done), {} inputs each, {}, {:.0} s\n\n",
            run.seed,
            run.from,
            run.from + run.programs,
            run.inputs,
            if run.judge == JudgeName::Go {
                "go-jsonnet"
            } else {
                "jrsonnet"
            },
            start.elapsed().as_secs_f64(),
        )
    };
    for it in judgements {
        tally.count(&it.verdict);
        tally.coverage.add(&it.coverage);
        done += 1;
        if run.verbose {
            println!(
                "{}: {}\n   {}\n   {:?}",
                it.number, it.case.program, it.case.schema, it.verdict
            );
        }
        if let Verdict::Right(codes, false) = &it.verdict
            && run.only.iter().any(|it| it == "witness")
        {
            let title = format!("no witness {}", codes.first().copied().unwrap_or_default());
            let count = shown.entry(title.clone()).or_default();
            *count += 1;
            if *count <= run.show {
                let finding = it.case.failure(judges.last());
                println!("{}", shown_finding(run, &title, &it, &finding, &mut judges));
            }
        }
        if let Some((title, finding)) = titled(&it.verdict) {
            let count = shown.entry(title.clone()).or_default();
            *count += 1;
            if matches!(it.verdict, Verdict::Unsound(_) | Verdict::Mistyped(_)) {
                eprintln!("{title}: program {}", it.number);
            }
            let wanted = run.only.is_empty() || run.only.iter().any(|it| title.contains(it));
            if wanted && *count <= run.show {
                let text = shown_finding(run, &title, &it, finding, &mut judges);
                println!("{text}");
                writeln!(findings, "{text}")?;
                if let Some(path) = &run.findings {
                    std::fs::write(path, &findings)?;
                }
            }
        }
        if done % 2000 == 0 {
            eprintln!(
                "{done}: {:.0} s, {} broken promises",
                start.elapsed().as_secs_f64(),
                tally.broken_promises()
            );
            if let Some(path) = &run.table {
                std::fs::write(path, format!("{}{tally}", head(done)))?;
            }
        }
    }
    println!("{}{tally}", head(done));
    if let Some(path) = &run.table {
        std::fs::write(path, format!("{}{tally}", head(done)))?;
    }
    Ok(())
}

/// What a finding is called; nothing for what is as it should be.
fn titled(verdict: &Verdict) -> Option<(String, &Finding)> {
    let first = |codes: &[&'static str]| codes.first().copied().unwrap_or_default();
    match verdict {
        Verdict::Unsound(it) => Some(("unsound".to_owned(), it)),
        Verdict::Mistyped(it) => Some(("mistyped".to_owned(), it)),
        Verdict::Undecided(it) => Some(("undecided".to_owned(), it)),
        Verdict::Imprecise(codes, it) => Some((format!("imprecise {}", first(codes)), it)),
        Verdict::Unreached(codes, it) => Some((format!("unreached {}", first(codes)), it)),
        Verdict::Sound | Verdict::Right(..) | Verdict::Unreadable(_) => None,
    }
}

fn shown_finding(
    run: &RandomRun,
    title: &str,
    judged: &Judged,
    finding: &Finding,
    judges: &mut Judges,
) -> String {
    let Judges { quick, last } = judges;
    let (case, verdict) = (&judged.case, &judged.verdict);
    let (small, found) = case.shrunk(verdict, run.trials, quick, last.as_mut());
    let ty = small.ty().to_full_string();
    let finding = found.unwrap_or_else(|| finding.clone());
    format!(
        "=== {title} (program {})\n{}\n  schema {}\n  type {ty}\n  input {}\n  {}\n",
        judged.number, small.program, small.schema, finding.input, finding.message
    )
}
