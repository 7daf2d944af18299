//! Who may know whom, and what a library may not do.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{DEVELOPMENT, MAY_KNOW, NAMED_ONCE, Problem};
use crate::Tree;

/// A crate of the workspace, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crate {
    /// The package's name.
    pub name: String,
    /// The names of its dependencies, apart from those of its tests.
    pub knows: Vec<String>,
}

/// The crates of the workspace at `root`, by name.
///
/// # Errors
/// When cargo cannot read the workspace.
pub fn crates(root: &Path) -> anyhow::Result<Vec<Crate>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut crates = packages
        .into_iter()
        .flatten()
        .map(package)
        .collect::<Option<Vec<Crate>>>()
        .context("cargo metadata has changed its form")?;
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(crates)
}

fn package(package: &Value) -> Option<Crate> {
    let mut knows = Vec::new();
    for dependency in package.get("dependencies")?.as_array()? {
        // The kind is null for a dependency of the product.
        if dependency.get("kind")?.as_str() != Some("dev") {
            knows.push(dependency.get("name")?.as_str()?.to_owned());
        }
    }
    Some(Crate {
        name: package.get("name")?.as_str()?.to_owned(),
        knows,
    })
}

pub(super) fn problems(tree: &Tree, crates: &[Crate]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for it in crates {
        let manifest = format!("crates/{}/Cargo.toml", it.name);
        let mut problem = |text: String| problems.push(Problem::new(&manifest, 0, text));
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == it.name) else {
            problem("the table of allowed edges does not have this crate".to_owned());
            continue;
        };
        for known in &it.knows {
            let ours = MAY_KNOW.iter().any(|(name, _)| name == known);
            if ours && !allowed.contains(&known.as_str()) {
                problem(format!("`{}` may not know `{known}`", it.name));
            }
            let once = NAMED_ONCE.iter().find(|(name, _)| name == known);
            if let Some((_, owner)) = once.filter(|(_, owner)| *owner != it.name) {
                problem(format!("only `{owner}` may name `{known}`"));
            }
        }
        problems.extend(library(tree, &it.name));
        problems.extend(versions(tree, &manifest));
    }
    problems
}

/// A library's own `clippy.toml` keeps it from IO.
fn library(tree: &Tree, name: &str) -> Option<Problem> {
    let is_library = tree.text(&format!("crates/{name}/src/lib.rs")).is_some();
    if !is_library || DEVELOPMENT.contains(&name) {
        return None;
    }
    let path = format!("crates/{name}/clippy.toml");
    let lints = tree.text(&path).unwrap_or_default();
    (!lints.contains("\ndisallowed-methods = [")).then(|| {
        let text = "a library forbids itself IO with `disallowed-methods`";
        Problem::new(&path, 0, text)
    })
}

/// Versions stand in the workspace, with the reason for the dependency.
fn versions(tree: &Tree, manifest: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut section = "";
    for (number, line) in (1..).zip(tree.text(manifest).unwrap_or_default().lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies")
            && !line.is_empty()
            && !line.starts_with('#')
            && !line.contains("workspace = true")
        {
            let text = "dependencies are declared in the workspace";
            problems.push(Problem::new(manifest, number, text));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn one(name: &str, knows: &[&str]) -> Vec<String> {
        let it = Crate {
            name: name.to_owned(),
            knows: knows.iter().map(|&it| it.to_owned()).collect(),
        };
        lines(problems(&Tree::default(), &[it]))
    }

    #[test]
    fn edges_go_by_the_table() {
        assert_eq!(one("action-format", &["yaml", "kratos", "serde"]), [""; 0]);
        assert_eq!(
            one("jsonnet-check", &["kratos", "jsonnet-syntax"]),
            ["crates/jsonnet-check/Cargo.toml: `jsonnet-check` may not know `kratos`"]
        );
        assert_eq!(
            one("kratos", &["jsonnet-syntax", "jrsonnet-stdlib"]),
            [
                "crates/kratos/Cargo.toml: `kratos` may not know `jsonnet-syntax`",
                "crates/kratos/Cargo.toml: only `jsonnet-eval` may name `jrsonnet-stdlib`"
            ]
        );
        assert_eq!(
            one("actionc", &["mdtest"]),
            ["crates/actionc/Cargo.toml: `actionc` may not know `mdtest`"]
        );
        assert_eq!(
            one("action-ide", &[]),
            ["crates/action-ide/Cargo.toml: the table of allowed edges does not have this crate"]
        );
    }

    #[test]
    fn the_table_keeps_the_checker_and_the_model_apart() {
        for (name, allowed) in MAY_KNOW {
            let jsonnet = |it: &str| it.starts_with("jsonnet-");
            let both = allowed.contains(&"kratos") && allowed.iter().any(|it| jsonnet(it));
            assert!(!both || name.starts_with("action"), "{name}");
            assert!(!(jsonnet(name) && allowed.contains(&"kratos")), "{name}");
            assert!(!allowed.iter().any(|it| DEVELOPMENT.contains(it)), "{name}");
        }
    }

    #[test]
    fn a_library_forbids_itself_io() {
        let crates = [Crate {
            name: "yaml".to_owned(),
            ..Crate::default()
        }];
        let lib = ("crates/yaml/src/lib.rs", "");
        let problem = |tree| lines(problems(&tree, &crates));
        let expected =
            "crates/yaml/clippy.toml: a library forbids itself IO with `disallowed-methods`";
        assert_eq!(problem(Tree::from([lib])), [expected]);
        let empty = ("crates/yaml/clippy.toml", "# disallowed-methods = [\n");
        assert_eq!(problem(Tree::from([lib, empty])), [expected]);
        let lints = ("crates/yaml/clippy.toml", "a = 1\ndisallowed-methods = [\n");
        assert_eq!(problem(Tree::from([lib, lints])), [""; 0]);
    }

    #[test]
    fn versions_stand_in_the_workspace() {
        let manifest = "\
[package]
version = \"1\"
[dependencies]
# Why.
a.workspace = true
b = { workspace = true, features = [\"x\"] }
c = \"1\"
[dev-dependencies]
d = { path = \"../d\" }
";
        let tree = Tree::from([("m", manifest)]);
        assert_eq!(
            lines(versions(&tree, "m")),
            [
                "m:7: dependencies are declared in the workspace",
                "m:9: dependencies are declared in the workspace"
            ]
        );
    }
}
