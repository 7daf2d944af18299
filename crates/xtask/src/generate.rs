//! What is generated, and whether the committed files still are what would be generated.

mod diagnostics;
mod schemas;

use std::fs;
use std::path::Path;

use ::diagnostics::Registry;
use anyhow::Context as _;

pub use self::diagnostics::page as diagnostics_page;
pub use self::schemas::schemas;

/// A file as it ought to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Relative to the root.
    pub path: &'static str,
    /// The whole content.
    pub content: String,
}

/// Every rule of the product: what the page of diagnostics is made from.
#[must_use]
pub fn registry() -> Registry {
    action_compile::registry()
}

/// The files that are not as they ought to be, each with the difference.
#[must_use]
pub fn stale(root: &Path, generated: &[Generated]) -> Vec<String> {
    let differs = |file: &Generated| {
        let path = file.path;
        let Ok(committed) = fs::read_to_string(root.join(path)) else {
            return Some(format!("{path} is missing"));
        };
        (committed != file.content).then(|| {
            let diff = similar::TextDiff::from_lines(&committed, &file.content);
            let mut diff = diff.unified_diff();
            diff.header(path, "as generated").to_string()
        })
    };
    generated.iter().filter_map(differs).collect()
}

/// Writes the files that are not as they ought to be, and names them.
///
/// # Errors
/// When a file cannot be written.
pub fn renew(root: &Path, generated: &[Generated]) -> anyhow::Result<Vec<&'static str>> {
    let mut renewed = Vec::new();
    for file in generated {
        let place = root.join(file.path);
        if fs::read_to_string(&place).is_ok_and(|committed| committed == file.content) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).with_context(|| file.path)?;
        }
        fs::write(&place, &file.content).with_context(|| file.path)?;
        renewed.push(file.path);
    }
    Ok(renewed)
}
