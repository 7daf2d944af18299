//! Edits in flow style: between brackets, on one line unless comments need lines of their own.
//!
//! A closing bracket never begins a line here: the least indentation it may have is not agreed on.

use super::{
    EditError, place,
    plan::{Content, NewItem},
    style,
    walk::{At, Walker},
};
use crate::{
    Entry, Kind, Mapping, Node, Sequence,
    emit::{self, Quotes},
    parse::gap,
};

/// An item or entry as it is written in flow style.
struct Element {
    comments: Vec<String>,
    text: String,
}

/// The blanks before what is written on lines of its own.
#[derive(Clone)]
struct Pad {
    /// Of the line the collection begins on.
    outer: String,
    /// How much deeper its content stands.
    step: String,
}

impl Pad {
    fn inner(&self) -> String {
        self.outer.clone() + &self.step
    }

    fn deeper(&self) -> Self {
        Self {
            outer: self.inner(),
            step: self.step.clone(),
        }
    }
}

impl<'a> Walker<'a> {
    /// Writes new items between those of a flow list.
    pub(super) fn insert_in_flow(
        &mut self,
        at: At<'a>,
        list: &'a Node,
        sequence: &'a Sequence,
        gaps: Vec<Vec<NewItem>>,
    ) -> Result<(), EditError> {
        let depth = at.depth + 1;
        let quotes = sequence
            .items
            .iter()
            .find_map(|item| match &item.kind {
                Kind::Mapping(mapping) => style::quotes(mapping),
                _ => None,
            })
            .unwrap_or(at.quotes);
        let mut previous: Option<&Node> = None;
        for (index, gap) in gaps.into_iter().enumerate() {
            let elements = self.elements(&gap, quotes);
            let item = sequence.items.get(index).map(|item| &**item);
            match item {
                _ if elements.is_empty() => {}
                None => self.append_in_flow(list, previous, elements, depth)?,
                Some(item) => self.insert_before(list, previous, item, &elements, depth)?,
            }
            previous = item;
        }
        Ok(())
    }

    /// Writes entries at the end of a flow mapping.
    pub(super) fn append_flow_entries(
        &mut self,
        at: At<'a>,
        mapping: &'a Mapping,
        entries: &[(String, Content)],
    ) -> Result<(), EditError> {
        let last = mapping.entries.last();
        let pad = self.pad(at.node).deeper();
        let elements = entries
            .iter()
            .map(|(key, content)| Element {
                comments: Vec::new(),
                text: self.flow_entry(key, content, &pad, at.quotes),
            })
            .collect();
        // A key without a value ends behind itself.
        let last = last.map(|entry| {
            if entry.value.range.end > entry.key.range.end {
                &*entry.value
            } else {
                &*entry.key
            }
        });
        self.append_in_flow(at.node, last, elements, at.depth)
    }

    /// Writes a value where null, an empty collection or an alias stands.
    pub(super) fn replace_in_flow(&mut self, at: At<'a>, entry: &Entry, content: &Content) {
        let value = &*entry.value;
        let depth = at.depth + 1;
        let key_end = entry.key.range.end as usize;
        let pad = self.pad_of_line(key_end);
        let text = self.flow_text(content, &pad, at.quotes);
        if let Some(tag) = value.tag {
            let from = place::without_blanks(self.text, tag.start as usize);
            self.splice((from, tag.end as usize), depth, String::new());
        }
        let range = value.range.to_usize();
        if !range.is_empty() {
            self.splice((range.start, range.end), depth, text);
            return;
        }
        let (end, text) = match gap::colon_after(self.text, key_end) {
            Some(colon) => (colon + 1, format!(" {text}")),
            None => (key_end, format!(": {text}")),
        };
        let anchor = value.anchor.map_or(end, |range| range.end as usize);
        let end = end.max(anchor);
        self.splice((end, end), depth, text);
    }

    /// Behind the last element, or into an empty collection.
    fn append_in_flow(
        &mut self,
        container: &Node,
        last: Option<&Node>,
        elements: Vec<Element>,
        depth: usize,
    ) -> Result<(), EditError> {
        let open = container.range.start as usize + 1;
        let close = (container.range.end as usize).saturating_sub(1);
        if !matches!(self.text.as_bytes().get(close), Some(b']' | b'}')) || close < open {
            return Err(EditError::Guard(
                "a flow collection has no brackets".to_owned(),
            ));
        }
        let with_comments = elements.iter().any(|element| !element.comments.is_empty());
        let Some(last) = last else {
            let inside = self.text.get(open..close).unwrap_or("");
            let lines = with_comments || inside.contains(['\n', '\r']);
            let at = self.behind_comments(open);
            let text = if lines {
                let pad = self.pad(container).inner();
                self.on_lines(at, &pad, &elements)
            } else {
                on_one_line(&elements)
            };
            self.splice((at, at), depth, text);
            return Ok(());
        };
        let last_end = last.range.end as usize;
        let next = gap::skip_trivia(self.text, last_end);
        let comma = self.text.as_bytes().get(next) == Some(&b',');
        let end = if comma { next + 1 } else { last_end };
        // Not every parser takes `key:,` for a key without a value.
        let apart = if !comma
            && self
                .text
                .get(..last_end)
                .is_some_and(|it| it.ends_with(':'))
        {
            " "
        } else {
            ""
        };
        let last_start = full_start(last);
        let own_line = place::begins_line(self.text, last_start);
        if !own_line && !with_comments {
            let separator = if comma { "" } else { "," };
            let text = format!("{apart}{separator} {}", on_one_line(&elements));
            self.splice((end, end), depth, text);
            return Ok(());
        }
        let pad = if own_line {
            place::leading_blanks(self.text, last_start).to_owned()
        } else {
            self.pad(container).inner()
        };
        let at = self.behind_comments(end);
        let mut text = self.on_lines(at, &pad, &elements);
        if comma && own_line {
            text.push(',');
        }
        if comma {
            self.splice((at, at), depth, text);
        } else if at == last_end {
            self.splice((at, at), depth, format!("{apart},{text}"));
        } else {
            self.splice((last_end, last_end), depth, format!("{apart},"));
            self.splice((at, at), depth, text);
        }
        Ok(())
    }

    fn insert_before(
        &mut self,
        list: &Node,
        previous: Option<&Node>,
        item: &Node,
        elements: &[Element],
        depth: usize,
    ) -> Result<(), EditError> {
        let start = full_start(item);
        let end = match previous {
            None => list.range.start as usize + 1,
            Some(previous) => {
                let comma = gap::skip_trivia(self.text, previous.range.end as usize);
                if self.text.as_bytes().get(comma) != Some(&b',') {
                    return Err(EditError::Guard("an item has no comma".to_owned()));
                }
                comma + 1
            }
        };
        if place::begins_line(self.text, start) {
            let pad = place::leading_blanks(self.text, start);
            let at = place::above(self.text, start, usize::MAX, end);
            let mut lines = Vec::new();
            for element in elements {
                lines.extend(element.comments.iter().map(|it| format!("{pad}{it}")));
                lines.push(format!("{pad}{},", element.text));
            }
            let text = place::as_lines(self.text, at, &lines);
            self.splice((at, at), depth, text);
        } else if elements.iter().any(|element| !element.comments.is_empty()) {
            let pad = self.pad(list).inner();
            let mut text = self.on_lines(end, &pad, elements);
            text.push(',');
            if end == start {
                text.push(' ');
            }
            self.splice((end, end), depth, text);
        } else {
            let text = on_one_line(elements) + ", ";
            self.splice((start, start), depth, text);
        }
        Ok(())
    }

    /// Elements on lines of their own, to stand behind something on a line before.
    fn on_lines(&self, at: usize, pad: &str, elements: &[Element]) -> String {
        let line_break = place::line_break(self.text, at);
        let mut text = String::new();
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            for line in element.comments.iter().chain([&element.text]) {
                text.push_str(line_break);
                text.push_str(pad);
                text.push_str(line);
            }
        }
        text
    }

    /// Behind the comments that follow, up to the next token.
    fn behind_comments(&self, from: usize) -> usize {
        let mut at = from;
        let mut next = from;
        loop {
            let rest = self.text.get(next..).unwrap_or("");
            next += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            if self.text.as_bytes().get(next) != Some(&b'#') {
                return at;
            }
            next = gap::line_end(self.text, next);
            at = next;
        }
    }

    fn pad(&self, container: &Node) -> Pad {
        self.pad_of_line(container.range.start as usize)
    }

    fn pad_of_line(&self, at: usize) -> Pad {
        let outer = place::leading_blanks(self.text, at).to_owned();
        let step = if outer.contains('\t') {
            "\t".to_owned()
        } else {
            " ".repeat(self.samples.near(at).mapping)
        };
        Pad { outer, step }
    }

    fn elements(&mut self, items: &[NewItem], quotes: Quotes) -> Vec<Element> {
        items
            .iter()
            .map(|item| {
                self.comments += item.comments.len();
                let mut text = String::new();
                emit::write_flow(&item.value, quotes, &mut text);
                Element {
                    comments: item.comments.clone(),
                    text,
                }
            })
            .collect()
    }

    fn flow_text(&mut self, content: &Content, pad: &Pad, quotes: Quotes) -> String {
        match content {
            Content::List(items) => {
                let elements = self.elements(items, quotes);
                let with_comments = elements.iter().any(|element| !element.comments.is_empty());
                let inside = if with_comments {
                    self.on_lines(0, &pad.inner(), &elements)
                } else {
                    on_one_line(&elements)
                };
                format!("[{inside}]")
            }
            Content::Mapping(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, content)| self.flow_entry(key, content, pad, quotes))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn flow_entry(&mut self, key: &str, content: &Content, pad: &Pad, quotes: Quotes) -> String {
        let value = self.flow_text(content, pad, quotes);
        format!("{}: {value}", emit::string(key, quotes))
    }
}

fn on_one_line(elements: &[Element]) -> String {
    let texts: Vec<&str> = elements.iter().map(|it| it.text.as_str()).collect();
    texts.join(", ")
}

/// Where a node begins with its anchor and tag.
fn full_start(node: &Node) -> usize {
    [node.anchor, node.tag]
        .into_iter()
        .flatten()
        .fold(node.range.start, |start, range| start.min(range.start)) as usize
}
