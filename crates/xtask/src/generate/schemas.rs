//! The JSON Schemas of the file formats, as the product prints them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::Generated;

/// The schemas: what `actionc schema` calls each, and where it is committed.
const SCHEMAS: [(&str, &str); 2] = [
    ("action", "schemas/action.schema.json"),
    ("project", "schemas/project.schema.json"),
];

/// Asks `actionc` for its schemas, after building it if need be.
///
/// # Errors
/// When it does not build, fails, or prints something else than a JSON object on lines.
pub fn schemas(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = |(name, path): (&str, &'static str)| {
        let content = printed(root, name).with_context(|| format!("actionc schema {name}"))?;
        Ok(Generated { path, content })
    };
    SCHEMAS.into_iter().map(schema).collect()
}

fn printed(root: &Path, name: &str) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "-p", "actionc", "--", "schema", name])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let content = String::from_utf8(output.stdout)?;
    let value: serde_json::Value = serde_json::from_str(&content)?;
    if !value.is_object() || !content.ends_with("}\n") {
        bail!("not a JSON object that ends with a line break");
    }
    Ok(content)
}
