//! Edits in block style: whole lines, indented as their surroundings.

use super::{
    EditError, place,
    plan::{Content, NewItem},
    walk::{At, Walker},
};
use crate::{
    Entry, Node, Sequence,
    emit::{self, Layout, Quotes},
    parse::gap,
};

impl<'a> Walker<'a> {
    /// Writes new items between those of a block list.
    pub(super) fn insert_in_block(
        &mut self,
        at: At<'a>,
        entry: &'a Entry,
        sequence: &'a Sequence,
        gaps: Vec<Vec<NewItem>>,
    ) -> Result<(), EditError> {
        let list = &*entry.value;
        let column = place::column(self.text, list.range.start as usize);
        let layout = self.samples.near(list.range.start as usize);
        let depth = at.depth + 1;
        for (index, gap) in gaps.into_iter().enumerate() {
            if gap.is_empty() {
                continue;
            }
            let lines = self.item_lines(&gap, layout);
            let Some(item) = sequence.items.get(index) else {
                // Comments that are as deep as the list are its own, unless the list is not
                // indented: then they may as well speak of the next key.
                let parent = place::column(self.text, at.node.range.start as usize);
                let end = list.range.end as usize;
                let place = place::below(self.text, end, column.max(parent + 1));
                self.insert_lines(place, column, lines, depth);
                continue;
            };
            let before = index
                .checked_sub(1)
                .and_then(|index| sequence.items.get(index));
            let (dash, floor) = match before {
                Some(before) => {
                    let end = before.range.end as usize;
                    (gap::skip_trivia(self.text, end), end)
                }
                None => (list.range.start as usize, entry.key.range.end as usize),
            };
            if self.text.as_bytes().get(dash) != Some(&b'-') || dash >= item.range.end as usize {
                return Err(EditError::Guard("an item has no dash".to_owned()));
            }
            if place::begins_line(self.text, dash) {
                let place = place::above(self.text, dash, column, floor);
                self.insert_lines(place, column, lines, depth);
            } else {
                // `? key` and `: - item`: the first new line takes the place of the dash.
                let break_and_pad =
                    place::line_break(self.text, dash).to_owned() + &" ".repeat(column);
                let text = lines.join(&break_and_pad) + &break_and_pad;
                self.splice((dash, dash), depth, text);
            }
        }
        Ok(())
    }

    /// Writes entries at the end of a block mapping.
    pub(super) fn append_entries(&mut self, at: At<'a>, entries: &[(String, Content)]) {
        let column = place::column(self.text, at.node.range.start as usize);
        let end = at.node.range.end as usize;
        let layout = self.samples.near(end);
        let lines = self.entry_lines(entries, layout);
        let place = place::below(self.text, end, column + 1);
        self.insert_lines(place, column, lines, at.depth);
    }

    /// Writes a value where null, an empty collection or an alias stands.
    pub(super) fn replace_in_block(&mut self, at: At<'a>, entry: &Entry, content: &Content) {
        let parent = place::column(self.text, at.node.range.start as usize);
        let key = entry.key.range;
        let layout = self.samples.near(key.start as usize);
        let depth = at.depth + 1;
        let Some(colon) = gap::colon_after(self.text, key.end as usize) else {
            // `? key` alone.
            let mut lines = vec![":".to_owned()];
            lines.extend(emit::indented(layout.mapping, self.lines(content, layout)));
            let place = place::below(self.text, key.end as usize, parent + 1);
            self.insert_lines(place, parent, lines, depth);
            return;
        };
        let width = match content {
            // Behind `? key` a list must be indented: not every parser takes it otherwise.
            Content::List(_) if !self.is_announced(entry) => layout.sequence,
            _ => layout.mapping,
        };
        let lines = self.lines(content, layout);
        let end = self.remove_value(&entry.value, colon + 1, depth);
        let place = place::below(self.text, end, parent + 1);
        self.insert_lines(place, parent + width, lines, depth);
    }

    /// Writes the document where there is none.
    pub(super) fn replace_root(&mut self, root: &Node, content: &Content) {
        let (start, end) = (root.range.start as usize, root.range.end as usize);
        let lines = self.lines(content, self.samples.near(start));
        let line_end = gap::line_end(self.text, end);
        let alone = place::line_start(self.text, start) == start
            && place::without_blanks(self.text, line_end) <= end
            && root.tag.is_none();
        if alone && start < end {
            let text = lines.join(place::line_break(self.text, end));
            self.splice((start, end), 0, text);
            return;
        }
        let floor = place::line_start(self.text, start);
        let end = self.remove_value(root, floor, 0).max(end);
        let place = place::below(self.text, end, 0);
        self.insert_lines(place, 0, lines, 0);
    }

    /// Takes a value and its tag away, not its anchor; gives the end of what remains or was.
    fn remove_value(&mut self, value: &Node, announced: usize, depth: usize) -> usize {
        let anchor = value.anchor.map(|range| range.end as usize);
        let mut end = anchor.map_or(announced, |end| end.max(announced));
        for range in [value.tag, Some(value.range)].into_iter().flatten() {
            if range.is_empty() {
                continue;
            }
            let start = range.start as usize;
            let before = [anchor, value.tag.map(|range| range.end as usize)]
                .into_iter()
                .flatten()
                .filter(|end| *end <= start)
                .fold(announced, usize::max);
            let alone = self
                .text
                .get(before..start)
                .is_some_and(|text| text.trim().is_empty());
            let from = if alone {
                before
            } else {
                place::without_blanks(self.text, start)
            };
            self.splice((from, range.end as usize), depth, String::new());
            end = end.max(range.end as usize);
        }
        end
    }

    /// Whether the key stands behind `?`.
    fn is_announced(&self, entry: &Entry) -> bool {
        let key = &entry.key;
        let start = [key.anchor, key.tag]
            .into_iter()
            .flatten()
            .fold(key.range.start, |start, range| start.min(range.start));
        let before = place::without_blanks(self.text, start as usize);
        before
            .checked_sub(1)
            .is_some_and(|at| self.text.as_bytes().get(at) == Some(&b'?'))
    }

    fn insert_lines(&mut self, at: usize, indent: usize, lines: Vec<String>, depth: usize) {
        let text = place::as_lines(self.text, at, &emit::indented(indent, lines));
        self.splice((at, at), depth, text);
    }

    fn lines(&mut self, content: &Content, layout: Layout) -> Vec<String> {
        match content {
            Content::List(items) => self.item_lines(items, layout),
            Content::Mapping(entries) => self.entry_lines(entries, layout),
        }
    }

    fn entry_lines(&mut self, entries: &[(String, Content)], layout: Layout) -> Vec<String> {
        let mut lines = Vec::new();
        for (key, content) in entries {
            lines.push(emit::string(key, Quotes::WhereNeeded) + ":");
            let width = match content {
                Content::List(_) => layout.sequence,
                Content::Mapping(_) => layout.mapping,
            };
            lines.extend(emit::indented(width, self.lines(content, layout)));
        }
        lines
    }

    fn item_lines(&mut self, items: &[NewItem], layout: Layout) -> Vec<String> {
        let mut lines = Vec::new();
        for item in items {
            self.comments += item.comments.len();
            lines.extend(item.comments.iter().cloned());
            lines.extend(emit::item_lines(&item.value, layout));
        }
        lines
    }
}
