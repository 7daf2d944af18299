//! Runs every Markdown page of the repository that says what `actionc` prints.
//!
//! `cargo test -p actionc --test mdtest -- FILTER`; `MDTEST_UPDATE=1` writes new outputs.

use std::process::ExitCode;

use mdtest::{Binary, Suite};

/// The example project that the repository is.
const EXAMPLE: [&str; 5] = [
    "actionc.yaml",
    "actions",
    "kratos.base.yaml",
    "schemas",
    "snapshots",
];

fn main() -> ExitCode {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let actionc = Binary::new(env!("CARGO_BIN_EXE_actionc"), env!("CARGO_PKG_VERSION"));
    let readme = Suite::new(root, "README.md")
        .strict()
        .project(EXAMPLE)
        .elsewhere("cargo test --workspace", ".ci/run");
    let suites = [
        Suite::new(root, "crates/actionc/mdtest/*.md"),
        Suite::new(root, "crates/*/diagnostics/*.md").pages(),
        Suite::new(root, "docs/checker.md"),
        readme,
    ];
    mdtest::main(&actionc, &suites)
}
