//! Values with their places, texts that must not be shown, and what a reader gives back.
//!
//! Invariant: the span of a value that an alias stands for is the alias, where it is used; the
//! body is the one exception, since positions inside it belong to its text.

use std::fmt;

use diagnostics::{Diagnostic, Span};

/// A value and the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place, without the key.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(f(self.value), self.span)
    }
}

/// A text that is never shown: its `Debug` form is `•••`, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the emitted configuration and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// What a file says, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// Everything that could be understood.
    pub value: T,
    /// All findings of the file, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether nothing had to be left out. When it is false, something that is missed elsewhere
    /// (a name in `run_after`) may be in what was left out, and another finding would say the same
    /// mistake twice.
    pub complete: bool,
}
