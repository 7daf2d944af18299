//! What is generated from the program is what the program says now.

use std::path::Path;
use std::process::Command;

#[test]
fn schemas_are_up_to_date() {
    for what in ["action", "project"] {
        let output = Command::new(env!("CARGO_BIN_EXE_actionc"))
            .args(["schema", what])
            .output()
            .unwrap();
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schemas/{what}.schema.json"));
        let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
        let now = String::from_utf8(output.stdout).unwrap();
        assert!(
            on_disk == now,
            "schemas/{what}.schema.json is stale: run `cargo xtask gen`"
        );
    }
}
