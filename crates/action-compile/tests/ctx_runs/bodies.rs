//! Bodies to run: those of the suites, and those of the corpus.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// A body.
pub(crate) struct Body {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Bodies and the identity schema for which they were written.
pub(crate) struct Bodies {
    pub(crate) all: Vec<Body>,
    pub(crate) identity_schema: Value,
}

const SUITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../actionc/mdtest");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

impl Bodies {
    /// Every Jsonnet block of the suites, with the schema that stands at the head of `bodies.md`.
    pub(crate) fn of_suites() -> Self {
        let mut texts = BTreeSet::new();
        for name in ["bodies.md", "body.md"] {
            texts.extend(blocks(&read(&Path::new(SUITES).join(name)), "jsonnet"));
        }
        let schemas = blocks(&read(&Path::new(SUITES).join("bodies.md")), "json");
        let first = schemas.first().expect("a schema in bodies.md");
        let bodies = texts.into_iter().enumerate().map(|(number, text)| Body {
            name: format!(
                "suite body {number} ({})",
                text.lines().next().unwrap_or_default()
            ),
            text,
        });
        Self {
            all: bodies.collect(),
            identity_schema: serde_json::from_str(first).expect("the schema is JSON"),
        }
    }

    /// Real bodies, where they are at hand.
    pub(crate) fn of_corpus() -> Option<Self> {
        let folder = Path::new(CORPUS);
        let entries = folder.join("bodies").read_dir().ok()?;
        let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
        paths.sort();
        let bodies = paths.iter().filter_map(|path| {
            Some(Body {
                name: path.file_name()?.to_string_lossy().into_owned(),
                text: std::fs::read_to_string(path).ok()?,
            })
        });
        Some(Self {
            all: bodies.collect(),
            identity_schema: serde_json::from_str(&read(&folder.join("default.schema.json")))
                .unwrap(),
        })
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The code blocks of a language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in markdown.lines() {
        match &mut open {
            Some(_) if line.starts_with("```") => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
            None if line.strip_prefix("```") == Some(language) => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}
