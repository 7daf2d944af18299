//! Writes outputs into a page.
//!
//! Invariant: only lines of console blocks change, apart from fences that have become too short
//! for what stands between them; a page that is right already stays byte for byte.

use crate::document::Console;

/// The new content of a console block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// The 1-based line of the opening fence.
    pub(crate) line: usize,
    /// How many lines the block has had between its fences.
    length: usize,
    indent: usize,
    /// The old fence.
    ticks: String,
    lines: Vec<String>,
}

impl Edit {
    /// The edit that makes a block say `lines`, if it does not already.
    pub(crate) fn new(console: &Console, lines: Vec<String>) -> Option<Self> {
        let mut said = Vec::new();
        for prompt in &console.prompts {
            said.push(format!("{}{}", crate::document::PROMPT, prompt.source));
            said.extend(prompt.expected.iter().cloned());
        }
        (said != lines).then(|| Self {
            line: console.line,
            length: console.length,
            indent: console.indent,
            ticks: console.ticks.clone(),
            lines,
        })
    }
}

/// Applies edits of different blocks to a page.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.line);
    let mut lines = text.split_inclusive('\n');
    let mut at = 0;
    let mut out = String::with_capacity(text.len());
    for edit in edits {
        // Up to the opening fence.
        let before = edit.line.saturating_sub(at + 1);
        out.extend(lines.by_ref().take(before));
        let fence = edit.fence();
        out.push_str(
            &lines
                .next()
                .unwrap_or_default()
                .replacen(&edit.ticks, &fence, 1),
        );
        lines.by_ref().take(edit.length).for_each(drop);
        for line in &edit.lines {
            if !line.is_empty() {
                out.push_str(&" ".repeat(edit.indent));
            }
            out.push_str(line);
            out.push('\n');
        }
        let closing = lines.next().unwrap_or_default();
        let closing = closing
            .trim_start_matches(' ')
            .trim_start_matches(edit.ticks.chars().next().unwrap_or('`'));
        out.push_str(&" ".repeat(edit.indent));
        out.push_str(&fence);
        out.push_str(closing);
        at = edit.line + edit.length + 1;
    }
    out.extend(lines);
    out
}

impl Edit {
    /// A fence that no line of the block closes.
    fn fence(&self) -> String {
        let mark = self.ticks.chars().next().unwrap_or('`');
        let longest = self.lines.iter().map(|line| {
            let line = line.trim_start_matches(' ');
            line.len() - line.trim_start_matches(mark).len()
        });
        let needed = longest.max().unwrap_or(0) + 1;
        mark.to_string().repeat(self.ticks.len().max(needed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_go_where_they_belong_in_any_order() {
        let text = "a\n```console\n$ x\n```\nb\n  ```console\n  $ y\n  old\n  ```";
        let edit = |line, length, indent, lines: &[&str]| Edit {
            line,
            length,
            indent,
            ticks: "```".to_owned(),
            lines: lines.iter().map(|&it| it.to_owned()).collect(),
        };
        let edits = [
            edit(6, 2, 2, &["$ y", "", "new"]),
            edit(2, 1, 0, &["$ x", "new"]),
        ];
        assert_eq!(
            apply(text, &edits),
            "a\n```console\n$ x\nnew\n```\nb\n  ```console\n  $ y\n\n  new\n  ```"
        );
    }
}
