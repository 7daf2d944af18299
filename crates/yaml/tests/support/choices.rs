//! Random documents as sequences of choices: shrinking the sequence shrinks the document.

/// How many cases a property runs: `ACTIONC_CASES`, or a number that suits every run.
pub(crate) fn cases(default: u32) -> u32 {
    std::env::var("ACTIONC_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(default)
}

/// A source of decisions; when it runs dry, every decision is the simplest one.
pub(crate) struct Choices<'a> {
    left: &'a [u16],
}

impl<'a> Choices<'a> {
    pub(crate) fn new(choices: &'a [u16]) -> Self {
        Self { left: choices }
    }

    /// A number below `bound`; 0 is the simplest.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.left.split_first() else {
            return 0;
        };
        self.left = rest;
        *first as usize % bound.max(1)
    }

    /// True once in `times` decisions.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    /// One of several; the first is the simplest.
    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}
