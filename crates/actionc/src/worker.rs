//! Evaluation in a process of its own, which ends at its limits.
//!
//! jrsonnet can neither be interrupted nor be kept from taking memory, and some programs end the
//! process that evaluates them. So this program starts itself again for each evaluation, as
//! `actionc worker-evaluate`, and whatever becomes of that process is an outcome.
//!
//! | limit | kept by |
//! |---|---|
//! | nesting of brackets, of ctx | [`Limits::admit`], before anything is started |
//! | time | the worker is killed when it has worked that long, or is not done after ten times that; a worker without this end has its CPU time limited |
//! | memory | the worker limits its own address space, where the system can (Linux) |
//! | output, frames, levels of the value | the evaluator, in the worker |
//! | the length of the answer | this end, which reads no further |
//!
//! Time is that of the worker where the system says it (Linux), so that what is found does not depend
//! on what else the machine does; elsewhere it is that of the clock.
//!
//! Invariant: no evaluation outlasts its time by more than it takes to kill a process, whatever the
//! worker does; nothing waits for its pipes.

use std::borrow::Cow;
use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use jsonnet_eval::{Answer, Evaluated, Evaluator, Limit, Limits, Request};
use serde_json::Value;

/// Evaluates each program in a process of its own.
#[derive(Clone, Debug)]
pub(crate) struct Bounded {
    program: PathBuf,
}

impl Bounded {
    /// With this program as the worker.
    pub(crate) fn of_this_program() -> io::Result<Self> {
        std::env::current_exe().map(Self::new)
    }

    /// With another file of this program as the worker.
    pub(crate) fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
        }
    }
}

impl Evaluator for Bounded {
    fn evaluate(&self, program: &str, ctx: &Value, limits: &Limits) -> Evaluated {
        if let Err(limit) = limits.admit(program, ctx) {
            return Evaluated::Exceeded(limit);
        }
        let request = Request {
            program: Cow::Borrowed(program),
            ctx: Cow::Borrowed(ctx),
            limits: limits.clone(),
        };
        self.ask(request.to_json(), limits).unwrap_or_else(|error| {
            Evaluated::evaluator_error(format!("cannot start a worker: {error}"))
        })
    }
}

/// What a worker said before it ended.
struct Said {
    answer: Vec<u8>,
    complaint: Vec<u8>,
}

/// The command that evaluates.
pub(crate) const COMMAND: &str = "worker-evaluate";

impl Bounded {
    fn ask(&self, request: String, limits: &Limits) -> io::Result<Evaluated> {
        let started = Instant::now();
        let child = Command::new(&self.program)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let id = child.id();
        let mut worker = Worker(child);
        let left = || {
            let elapsed = started.elapsed();
            let most = limits.time.saturating_mul(PATIENCE);
            // Until the clock has run for so long, no worker can have worked longer.
            let worked = match elapsed < limits.time {
                true => elapsed,
                false => time_worked(id).unwrap_or(elapsed),
            };
            most.saturating_sub(elapsed)
                .min(limits.time.saturating_sub(worked))
        };
        let longest = longest_answer(limits);
        let said = worker.converse(request, longest)?;

        let said = loop {
            let wait = limits
                .time
                .saturating_sub(started.elapsed())
                .max(SHORTEST_WAIT);
            match said.recv_timeout(wait) {
                Ok(said) => break said,
                Err(mpsc::RecvTimeoutError::Timeout) if left().is_zero() => {
                    return Ok(Evaluated::Exceeded(Limit::Time));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("its pipes cannot be read"));
                }
            }
        };
        if said.answer.len() > longest {
            return Ok(Evaluated::Exceeded(Limit::Output));
        }
        if let Ok(Answer(evaluated)) = Answer::from_json(&said.answer) {
            return Ok(evaluated);
        }
        let status = worker.ended(left)?;
        Ok(status.map_or(Evaluated::Exceeded(Limit::Time), |status| {
            death(status, &String::from_utf8_lossy(&said.complaint))
        }))
    }
}

/// On a busy machine a worker gets its time in so many times that time.
const PATIENCE: u32 = 10;

/// A worker that has not worked long is asked again after this.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// How long a process has worked: its ticks in user and system mode, of which Linux counts 100 a
/// second for every program (`proc_pid_stat(5)`).
#[cfg(target_os = "linux")]
fn time_worked(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut ticks = fields.split(' ').skip(11);
    let mut next = || ticks.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (next()? + next()?)))
}

#[cfg(not(target_os = "linux"))]
fn time_worked(_: u32) -> Option<Duration> {
    None
}

/// The most bytes of an answer that keeps its limits: escapes, the ends of numbers and a message
/// are not counted alike at both ends.
fn longest_answer(limits: &Limits) -> usize {
    limits.output.saturating_mul(2).saturating_add(16 << 10)
}

/// What a worker's death without an answer stands for.
fn death(status: ExitStatus, complaint: &str) -> Evaluated {
    // Both are what Rust's own runtime says before it aborts.
    if complaint.contains("memory allocation of") {
        return Evaluated::Exceeded(Limit::Memory);
    }
    if complaint.contains("has overflowed its stack") {
        return Evaluated::Exceeded(Limit::Nesting);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        match status.signal() {
            // Killed by neither end: the system was out of memory.
            Some(9) => return Evaluated::Exceeded(Limit::Memory),
            // The limit of CPU time.
            Some(24) => return Evaluated::Exceeded(Limit::Time),
            _ => {}
        }
    }
    let complaint = complaint.lines().next().unwrap_or_default();
    Evaluated::evaluator_error(format!("the worker ended with {status}: {complaint}"))
}

/// A process that does not outlive its owner.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        // A killed process ends; without this it would stay in the table of processes.
        let _ = self.0.wait();
    }
}

impl Worker {
    /// Sends the request; what is received is said in one piece, when the worker has ended or said
    /// more than it may. The threads end with the pipes, and nobody waits for them.
    fn converse(&mut self, request: String, longest: usize) -> io::Result<mpsc::Receiver<Said>> {
        let (stdin, stdout, stderr) = (
            self.0.stdin.take(),
            self.0.stdout.take(),
            self.0.stderr.take(),
        );
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            if let Some(mut stdin) = stdin {
                // A worker that is gone takes no request; how it went is known from its end.
                let _ = stdin.write_all(request.as_bytes());
            }
        })?;
        thread::Builder::new().spawn(move || {
            let answer = read(stdout, longest.saturating_add(1));
            let complaint = if answer.len() > longest {
                Vec::new()
            } else {
                read(stderr, 4 << 10)
            };
            let _ = sender.send(Said { answer, complaint });
        })?;
        Ok(receiver)
    }

    /// The status, if the worker ends in the time that is left.
    fn ended(&mut self, left: impl Fn() -> Duration) -> io::Result<Option<ExitStatus>> {
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(Some(status));
            }
            if left().is_zero() {
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// What a pipe gives until its end, but so many bytes at most.
fn read(pipe: Option<impl Read>, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        // What was read before an error stays.
        let _ = pipe.take(most).read_to_end(&mut bytes);
    }
    bytes
}
