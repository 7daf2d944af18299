//! How long checking takes, beside evaluating the same programs once.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use diagnostics::FileId;
use jsonnet_check::{Profile, Signature, Ty, check};
use serde_json::Value;

use crate::case::Case;
use crate::judge::{JrsonnetJudge, Judge, ProcessJudge};

/// Rounds of which the quickest counts.
const ROUNDS: usize = 5;

/// Times of the same programs, by who worked.
#[derive(Clone, Debug, Default)]
pub struct Speed {
    /// Who worked, and how long on each program, shortest first.
    times: Vec<(&'static str, Vec<Duration>)>,
}

/// The quickest of a few rounds.
pub fn quickest(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

/// How long it takes to parse and check a program.
#[must_use]
pub fn of_check(program: &str, ty: &Ty) -> Duration {
    let signature = Signature {
        args: vec![("ctx".into(), ty.clone())],
        profile: Profile::default(),
    };
    quickest(|| {
        let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
        black_box(check(&parsed, &signature));
    })
}

impl Speed {
    /// Of accepted random programs.
    #[must_use]
    pub fn of_random(programs: u64, mut go: Option<ProcessJudge>) -> Self {
        let accepted = (0..).map(|number| Case::random(1, number, 1));
        let accepted = accepted.filter(|it| it.check().is_ok_and(|it| it.is_accepted()));
        let mut times: [Vec<Duration>; 3] = Default::default();
        for case in accepted.take(usize::try_from(programs).unwrap_or(usize::MAX)) {
            let [of_us, of_jrsonnet, of_go] = &mut times;
            of_us.push(of_check(&case.program, &case.ty()));
            let input: &[Value] = &case.inputs;
            of_jrsonnet.push(quickest(|| {
                black_box(JrsonnetJudge.judge(&case.program, input));
            }));
            if let Some(go) = &mut go {
                of_go.push(quickest(|| {
                    black_box(go.judge(&case.program, input));
                }));
            }
        }
        let names = [
            "parse and check",
            "jrsonnet, one evaluation",
            "go-jsonnet, one evaluation",
        ];
        let mut times: Vec<_> = names.into_iter().zip(times).collect();
        times.retain(|it| !it.1.is_empty());
        times.iter_mut().for_each(|it| it.1.sort_unstable());
        Self { times }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | programs | median | 90 % | worst |\n|---|---:|---:|---:|---:|"
        )?;
        for (name, times) in &self.times {
            let at = |percent: usize| {
                let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
                times.get(at).map_or(0, Duration::as_micros)
            };
            writeln!(
                f,
                "| {name} | {} | {} µs | {} µs | {} µs |",
                times.len(),
                at(50),
                at(90),
                at(100)
            )?;
        }
        Ok(())
    }
}
