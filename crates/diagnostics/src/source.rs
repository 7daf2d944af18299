//! The source files of one run, by number.
//!
//! Invariant: a [`FileId`] is valid for the [`Sources`] that gave it; files are never removed.

use crate::{LineIndex, Span, TextRange};

/// The number of a file in its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// Stands for a text that is not itself a file, such as a body inside a YAML scalar, until
    /// [`crate::Diagnostic::map_spans`] puts the real place in.
    pub const DETACHED: Self = Self(u32::MAX);
}

/// One source file: the name it is shown under, and its text.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    lines: LineIndex,
    hidden: Vec<TextRange>,
}

impl Source {
    /// The path as it is printed: relative to the project's root, with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts that are never shown.
    #[must_use]
    pub fn hidden(&self) -> &[TextRange] {
        &self.hidden
    }

    /// Where its lines begin.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// All files of one run, in the order they were added.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and gives its number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX - 1));
        self.files.push(Source {
            path: path.into(),
            lines: LineIndex::new(&text),
            text,
            hidden: Vec::new(),
        });
        id
    }

    /// Marks parts of a file, such as credentials, that no renderer may show.
    pub fn hide(&mut self, file: FileId, parts: impl IntoIterator<Item = TextRange>) {
        if let Some(source) = self.files.get_mut(file.0 as usize) {
            source.hidden.extend(parts);
        }
    }

    /// The file of that number; `None` for [`FileId::DETACHED`] and numbers of other `Sources`.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The text of a file, empty when it is unknown.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", Source::text)
    }

    /// The printed path of a file, empty when it is unknown.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.get(file).map_or("", Source::path)
    }

    /// The text that a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.range.of(self.text(span.file))
    }

    /// The 1-based line a span begins on.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        self.get(span.file).map_or(1, |source| {
            source
                .lines
                .line_column(&source.text, span.range.start as usize)
                .line
        })
    }

    /// Every file with its number, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether no file was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
