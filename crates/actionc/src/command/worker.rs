//! `worker-evaluate`: one evaluation, in a process that may be ended.
//!
//! The inside of `worker::Bounded`. Reads a request, gives an answer, and is not made to be called
//! by hand: it limits itself before the program is looked at.

use std::io::Read as _;

use anyhow::anyhow;
use jsonnet_eval::{Answer, Evaluator as _, Jrsonnet, Limits, Request};

use crate::Exit;
use crate::print;

/// What the evaluator's recursion may take. jrsonnet's parser takes some 2 KiB for a bracket and
/// less for an operator; 64 MiB take what [`Limits::nesting`] admits many times over.
const STACK: usize = 64 << 20;

pub(crate) fn run() -> anyhow::Result<Exit> {
    // Panics of the evaluator are outcomes, and the other end reads what they are.
    std::panic::set_hook(Box::new(|_| {}));
    let mut document = Vec::new();
    std::io::stdin().lock().read_to_end(&mut document)?;
    let evaluation = move || -> anyhow::Result<String> {
        let request = Request::from_json(&document)?;
        drop(document);
        restrict(&request.limits);
        let outcome = Jrsonnet.evaluate(&request.program, &request.ctx, &request.limits);
        Ok(Answer(outcome).to_json())
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(evaluation)?;
    let answer = thread
        .join()
        .map_err(|_| anyhow!("the worker panicked"))??;
    print::out(&answer);
    Ok(Exit::Clean)
}

/// Asks the system to keep the limits of this process. Where it refuses, it has stricter ones, or,
/// as macOS with memory, keeps none; what bounds the worker then is the time that it is given.
#[cfg(unix)]
fn restrict(limits: &Limits) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let set = |resource, most| {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let _ = setrlimit(resource, limit);
    };
    set(Resource::As, limits.memory);
    // An aborted worker leaves no image of its memory behind.
    set(Resource::Core, 0);
    // Ends a worker whose other end is gone.
    set(Resource::Cpu, limits.time.as_secs() + 2);
}

/// This system has no such limits; what bounds the worker is the time that it is given.
#[cfg(not(unix))]
fn restrict(_: &Limits) {}
