//! What an evaluation may take.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::nesting;

/// What an evaluation may take. Time and memory are kept by a worker process only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time, from the request to the answer; the start of the worker counts.
    pub time: Duration,
    /// Bytes of the worker's address space, its code and stacks included (some 80 MiB).
    pub memory: u64,
    /// Bytes of the manifested value, as [`crate::manifest()`] writes it.
    pub output: usize,
    /// Calls and manifested values inside each other; what jrsonnet counts is close to what
    /// go-jsonnet counts, and not the same.
    pub frames: usize,
    /// Brackets of the program inside each other, and levels of ctx and of the value.
    pub nesting: usize,
}

impl Default for Limits {
    /// A second, 512 MiB, 256 KiB of output, go-jsonnet's 500 frames, 200 levels.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(1),
            memory: 512 << 20,
            output: 256 << 10,
            frames: 500,
            nesting: 200,
        }
    }
}

impl Limits {
    /// Whether program and ctx are such that evaluating them may begin; else what they exceed.
    /// Takes time linear in the text, and no stack.
    ///
    /// # Errors
    /// [`Limit::Nesting`].
    pub fn admit(&self, program: &str, ctx: &Value) -> Result<(), Limit> {
        let deepest = nesting::of_program(program).max(nesting::of_value(ctx));
        if deepest > self.nesting {
            return Err(Limit::Nesting);
        }
        Ok(())
    }
}

/// What ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// [`Limits::time`].
    Time,
    /// [`Limits::memory`].
    Memory,
    /// [`Limits::output`].
    Output,
    /// [`Limits::frames`].
    Frames,
    /// [`Limits::nesting`], or more of other nesting than the evaluator's own stack can take.
    Nesting,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Time,
        Self::Memory,
        Self::Output,
        Self::Frames,
        Self::Nesting,
    ];

    /// One word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Memory => "memory",
            Self::Output => "output",
            Self::Frames => "frames",
            Self::Nesting => "nesting",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
