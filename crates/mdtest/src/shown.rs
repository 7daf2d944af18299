//! Outputs as a page shows them.
//!
//! Invariant: two outputs that differ are shown differently, apart from the folder's path and a
//! version that the page itself leaves open.

use std::path::Path;

use crate::document::PROMPT;

/// Stands for the version of the program.
const VERSION: &str = "[VERSION]";
/// Stands for the folder of the test.
const ROOT: &str = "[ROOT]";
/// The last line of an output that does not end its last line, as `diff` has it.
const NO_NEWLINE: &str = "\\ no newline at end of output";

/// The lines of an output, and `[exit N]` unless the status is 0.
///
/// `expected` decides whether the version is left open.
pub(crate) fn shown(
    output: &[u8],
    status: i32,
    root: &Path,
    version: &str,
    expected: &[String],
) -> Vec<String> {
    let mut text = String::new();
    for chunk in output.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' | '\t' => text.push(c),
                '\r' => text.push_str("\\r"),
                c if c.is_ascii_control() => text.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    if let Some(root) = root.to_str() {
        text = text.replace(root, ROOT);
    }
    if expected.iter().any(|line| line.contains(VERSION)) {
        text = text.replace(version, VERSION);
    }
    // What would be read as a command on the page is escaped, and so is the escape.
    let line = |line: &str| match line.trim_start_matches('\\') {
        rest if rest.starts_with(PROMPT) => format!("\\{line}"),
        _ => line.to_owned(),
    };
    let mut lines: Vec<String> = text.lines().map(line).collect();
    if !text.is_empty() && !text.ends_with('\n') {
        lines.push(NO_NEWLINE.to_owned());
    }
    if status != 0 {
        lines.push(format!("[exit {status}]"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(output: &[u8], status: i32, expected: &str) -> Vec<String> {
        let expected = [expected.to_owned()];
        shown(output, status, Path::new("/t/x"), "1.2.3", &expected)
    }

    #[test]
    fn nothing_is_invisible() {
        assert_eq!(
            show(b"a\r\n\x1b[1mb\x00\xff\tc\n\n", 1, ""),
            ["a\\r", "\\x1b[1mb\\x00\\xff\tc", "", "[exit 1]"]
        );
        assert_eq!(show(b"a", 0, ""), ["a", NO_NEWLINE]);
        assert_eq!(show(b"", 0, ""), [""; 0]);
    }

    #[test]
    fn commands_in_an_output_are_escaped() {
        assert_eq!(
            show(b"$ a\n\\$ b\n $ c\n$d\n", 0, ""),
            ["\\$ a", "\\\\$ b", " $ c", "$d"]
        );
    }

    #[test]
    fn the_folder_always_and_the_version_on_demand() {
        assert_eq!(show(b"/t/x/a 1.2.3\n", 0, ""), ["[ROOT]/a 1.2.3"]);
        assert_eq!(
            show(b"/t/x/a 1.2.3\n", 0, "v[VERSION]"),
            ["[ROOT]/a [VERSION]"]
        );
    }
}
