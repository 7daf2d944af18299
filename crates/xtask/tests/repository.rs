//! The repository keeps its own rules, and what is generated in it is fresh.

use std::path::Path;

use xtask::Tree;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_repository_is_tidy() {
    let tree = Tree::load(root()).unwrap();
    let crates = xtask::crates(root()).unwrap();
    assert!(tree.text("crates/xtask/tests/repository.rs").is_some());
    assert!(
        crates
            .iter()
            .any(|it| it.name == "xtask" && !it.knows.is_empty())
    );
    let problems = xtask::tidy(&tree, &crates, &xtask::registry());
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "untidy:\n{}", lines.join("\n"));
}

#[test]
fn the_page_of_diagnostics_is_up_to_date() {
    let page = xtask::diagnostics_page(&xtask::registry());
    let stale = xtask::stale(root(), &[page]);
    assert!(
        stale.is_empty(),
        "stale; `cargo xtask gen` renews\n{}",
        stale.join("\n")
    );
}
