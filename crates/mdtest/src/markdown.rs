//! The little of Markdown that a suite needs: headings, fenced blocks, path lines, comments.
//!
//! Invariant: every line of the text belongs to exactly one item or is blank, and a fenced block
//! swallows everything up to its closing fence, as Markdown has it.

/// A piece of a page, with the 1-based line it begins at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// `## Text`
    Heading {
        level: usize,
        text: &'a str,
        line: usize,
    },
    /// `` `path`: `` alone on its line.
    Path { path: &'a str, line: usize },
    /// A fenced block.
    Fence(Fence<'a>),
    /// The inside of `<!-- … -->`.
    Comment { text: &'a str, line: usize },
    /// A line of prose.
    Prose { line: usize },
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fence<'a> {
    /// The 1-based line of the opening fence.
    pub(crate) line: usize,
    /// The blanks before the opening fence; as many are taken off each line of the content.
    pub(crate) indent: usize,
    /// The fence itself, such as three backticks.
    pub(crate) ticks: &'a str,
    /// What stands behind the opening fence.
    pub(crate) info: &'a str,
    /// The content, line by line, without the indentation of the block.
    pub(crate) content: Vec<&'a str>,
    /// Whether the closing fence is there.
    pub(crate) closed: bool,
}

/// Takes a text apart.
pub(crate) fn scan(text: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut lines = Lines::new(text);
    while let Some((line, start, content)) = lines.next() {
        let trimmed = content.trim();
        if trimmed.is_empty() {
            continue;
        }
        if let Some((ticks, info)) = opening_fence(content) {
            items.push(Item::Fence(fence(&mut lines, content, line, ticks, info)));
        } else if trimmed.starts_with("<!--") {
            items.push(comment(text, &mut lines, line, start));
        } else if let Some((level, text)) = heading(content) {
            items.push(Item::Heading { level, text, line });
        } else if let Some(path) = path_line(trimmed) {
            items.push(Item::Path { path, line });
        } else {
            items.push(Item::Prose { line });
        }
    }
    items
}

/// The lines of a text with their numbers and offsets.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            number: 0,
        }
    }

    fn next(&mut self) -> Option<(usize, usize, &'a str)> {
        let rest = self.text.get(self.offset..).filter(|it| !it.is_empty())?;
        let line = rest.split_inclusive('\n').next()?;
        let start = self.offset;
        self.offset += line.len();
        self.number += 1;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Some((self.number, start, line))
    }
}

fn opening_fence(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(' ');
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let ticks = line.get(..line.len() - rest.len())?;
    let info = rest.trim();
    // A code span that begins a line is prose.
    let fence = ticks.len() >= 3 && !(mark == '`' && info.contains('`'));
    fence.then_some((ticks, info))
}

fn fence<'a>(
    lines: &mut Lines<'a>,
    opening: &'a str,
    line: usize,
    ticks: &'a str,
    info: &'a str,
) -> Fence<'a> {
    let indent = opening.len() - opening.trim_start_matches(' ').len();
    let mut content = Vec::new();
    let mut closed = false;
    while let Some((_, _, next)) = lines.next() {
        let trimmed = next.trim();
        // The closing fence is at least as long, of the same mark, and has no information.
        let mark = ticks.get(..1).unwrap_or(ticks);
        if trimmed.len() >= ticks.len() && trimmed.trim_start_matches(mark).is_empty() {
            closed = true;
            break;
        }
        let blanks = next.len() - next.trim_start_matches(' ').len();
        content.push(next.get(blanks.min(indent)..).unwrap_or_default());
    }
    Fence {
        line,
        indent,
        ticks,
        info,
        content,
        closed,
    }
}

fn comment<'a>(text: &'a str, lines: &mut Lines<'a>, line: usize, start: usize) -> Item<'a> {
    let rest = text.get(start..).unwrap_or_default();
    let open = rest.find("<!--").map_or(0, |at| at + "<!--".len());
    let length = rest.find("-->").unwrap_or(rest.len());
    // The lines of the comment are gone; what follows `-->` on its last line is too.
    while lines.offset < start + length && lines.next().is_some() {}
    Item::Comment {
        text: rest.get(open..length.max(open)).unwrap_or_default().trim(),
        line,
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    if !(1..=6).contains(&level) || !rest.starts_with(' ') {
        return None;
    }
    Some((level, rest.trim().trim_end_matches('#').trim_end()))
}

fn path_line(line: &str) -> Option<&str> {
    let path = line.strip_prefix('`')?.strip_suffix("`:")?;
    (!path.is_empty() && !path.contains('`')).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let kind = |item: &Item<'_>| match item {
            Item::Heading { level, text, line } => format!("{line} h{level} {text}"),
            Item::Path { path, line } => format!("{line} path {path}"),
            Item::Fence(it) => format!(
                "{} fence {:?} {:?}{}",
                it.line,
                it.info,
                it.content,
                if it.closed { "" } else { " open" }
            ),
            Item::Comment { text, line } => format!("{line} comment {text:?}"),
            Item::Prose { line } => format!("{line} prose"),
        };
        scan(text).iter().map(kind).collect()
    }

    #[test]
    fn a_page_comes_apart_line_by_line() {
        let text = "# A\n\ntext\n\n`a.yaml`:\n```yaml\nx: 1\n```\n## B ##\n<!-- a\nb -->\n#tag\n";
        assert_eq!(
            kinds(text),
            [
                "1 h1 A",
                "3 prose",
                "5 path a.yaml",
                "6 fence \"yaml\" [\"x: 1\"]",
                "9 h2 B",
                "10 comment \"a\\nb\"",
                "12 prose",
            ]
        );
    }

    #[test]
    fn a_fence_holds_shorter_fences_and_headings() {
        let text = "````text\n# no\n```\n`a`:\n````\n# yes\n";
        assert_eq!(
            kinds(text),
            ["1 fence \"text\" [\"# no\", \"```\", \"`a`:\"]", "6 h1 yes"]
        );
    }

    #[test]
    fn indentation_of_the_fence_is_not_content() {
        assert_eq!(
            kinds("1. x\n   ~~~yaml\n   a:\n     b: 1\n\n   ~~~\n"),
            ["1 prose", "2 fence \"yaml\" [\"a:\", \"  b: 1\", \"\"]"]
        );
    }

    #[test]
    fn what_only_looks_like_it_is_prose() {
        assert_eq!(kinds("```a``` b\n"), ["1 prose"]);
        assert_eq!(kinds("see `a`: b\n"), ["1 prose"]);
        assert_eq!(kinds("`a` and `b`:\n"), ["1 prose"]);
        assert_eq!(kinds("####### seven\n"), ["1 prose"]);
    }

    #[test]
    fn an_unclosed_fence_says_so() {
        assert_eq!(kinds("```\na\n"), ["1 fence \"\" [\"a\"] open"]);
    }
}
