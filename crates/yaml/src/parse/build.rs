//! From events to documents.
//!
//! The stack of open collections is a vector, and never longer than [`Limits::depth`]: neither
//! building the tree nor dropping it recurses deeper.

use std::{ops::ControlFlow, sync::Arc};

use diagnostics::{Diagnostic, FileId, TextRange};
use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle, Tag};

use super::{
    Limits, Parsed,
    alias::{Anchors, Extent},
    gap, keys, merge, nesting, quoted, resolve, syntax,
};
use crate::{
    Alias, Comment, Document, Entry, Kind, Mapping, Node, Resolved, Scalar, Sequence, Style,
};

/// Reads all events.
pub(super) fn build(text: &str, file: FileId, limits: Limits) -> Parsed {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // Comments are kept whole anyway, so buffering them costs nothing more.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    let mut builder = Builder {
        text,
        file,
        limits,
        frames: Vec::new(),
        anchors: Anchors::default(),
        root: None,
        document_start: 0,
        comments: Vec::new(),
        cursor: 0,
        documents: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut complete = true;
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, span)) => builder.event(&mut parser, &event, &span),
            Err(error) => ControlFlow::Break(syntax::report(&error, text, file, limits)),
        };
        if let ControlFlow::Break(stop) = step {
            builder.diagnostics.push(stop);
            complete = false;
            break;
        }
    }
    builder.finish(complete)
}

struct Builder<'a> {
    text: &'a str,
    file: FileId,
    limits: Limits,
    /// The open collections, outermost first.
    frames: Vec<Frame>,
    anchors: Anchors,
    root: Option<Arc<Node>>,
    document_start: usize,
    comments: Vec<Comment>,
    /// The end of the last token that is not a comment.
    cursor: usize,
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

/// An open collection.
struct Frame {
    children: Children,
    flow: bool,
    start: usize,
    /// The end of what was read of it.
    end: usize,
    properties: Properties,
    extent: Extent,
}

enum Children {
    Items(Vec<Arc<Node>>),
    Entries {
        entries: Vec<Entry>,
        key: Option<Arc<Node>>,
    },
}

/// What stands before a value.
#[derive(Clone, Copy, Default)]
struct Properties {
    anchor: Option<TextRange>,
    anchor_id: usize,
    tag: Option<TextRange>,
}

type Events<'a> = Parser<'a, StrInput<'a>>;

impl<'a> Builder<'a> {
    /// Takes one event; a break ends the reading.
    fn event(
        &mut self,
        parser: &mut Events<'a>,
        event: &Event<'a>,
        span: &Span,
    ) -> ControlFlow<Diagnostic> {
        let range = range_of(span);
        match event {
            Event::DocumentStart(explicit, _) => {
                self.anchors.clear();
                // A document without `---` is announced with the range of its first token.
                if *explicit {
                    self.cursor = range.end as usize;
                }
            }
            Event::DocumentEnd => {
                self.cursor = self.cursor.max(range.end as usize);
                let root = self.root.take();
                self.close_document(root);
            }
            Event::Comment(text, _) => self.comments.push(Comment {
                text: text.to_string(),
                range,
            }),
            Event::Scalar(text, style, id, tag) => {
                let properties = self.properties(parser, *id, span);
                self.scalar((text, *style), tag.as_deref(), span, properties);
            }
            Event::SequenceStart(style, id, tag) => {
                let properties = self.properties(parser, *id, span);
                self.check_collection_tag(tag.as_deref(), "seq", "a list", properties);
                let range = self.from_dash(*style, range);
                self.open(Children::Items(Vec::new()), *style, range, properties)?;
            }
            Event::MappingStart(style, id, tag) => {
                let properties = self.properties(parser, *id, span);
                self.check_collection_tag(tag.as_deref(), "map", "a mapping", properties);
                let children = Children::Entries {
                    entries: Vec::new(),
                    key: None,
                };
                self.open(children, *style, range, properties)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(range)),
            Event::Alias(id) => {
                let target = self.anchors.follow(
                    *id,
                    range,
                    self.frames.len(),
                    (self.file, self.limits),
                    &mut self.diagnostics,
                );
                self.alias(range, target);
            }
            Event::UnresolvedAlias(name) => {
                self.diagnostics
                    .push(self.anchors.unknown(name, range, self.file));
                self.alias(range, None);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    /// The anchor follows its node's event at once; the tag is part of the span.
    fn properties(&mut self, parser: &mut Events<'a>, id: usize, span: &Span) -> Properties {
        let mut properties = Properties {
            anchor_id: id,
            tag: span.tag_span().map(|span| range_of(&span)),
            ..Properties::default()
        };
        if id != 0
            && let Some(Ok((Event::Anchor(_, name), span))) = parser.next_event()
        {
            let range = range_of(&span);
            properties.anchor = Some(range);
            self.anchors.declare(id, &name, range);
        }
        for range in [properties.anchor, properties.tag].into_iter().flatten() {
            self.cursor = self.cursor.max(range.end as usize);
        }
        properties
    }

    fn scalar(
        &mut self,
        (text, style): (&str, ScalarStyle),
        tag: Option<&Tag>,
        span: &Span,
        properties: Properties,
    ) {
        let granted = range_of(span);
        let (style, range) = match style {
            ScalarStyle::Plain => (Style::Plain, granted),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, granted),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, granted),
            ScalarStyle::Literal => (Style::Literal, self.block_range(text, span)),
            ScalarStyle::Folded => (Style::Folded, self.block_range(text, span)),
        };
        let missing = style == Style::Plain && range.is_empty();
        let text = match style {
            // The parser writes `~` for what is not there.
            Style::Plain if missing => "",
            Style::Literal | Style::Folded => self.without_assumed_break(text, span),
            _ => text,
        };
        let range = match self.pending_key_end() {
            Some(key_end) if missing && properties.anchor.is_none() && properties.tag.is_none() => {
                gap::colon_after(self.text, key_end)
                    .map_or(range, |colon| TextRange::empty(colon + 1))
            }
            _ => range,
        };
        let resolved = self.resolve(text, style, tag, properties);
        let node = Node {
            range,
            anchor: properties.anchor,
            tag: properties.tag,
            kind: Kind::Scalar(Scalar {
                text: text.to_owned(),
                style,
                resolved,
            }),
        };
        let extent = Extent {
            nodes: 1,
            height: 0,
        };
        self.complete(node, properties.anchor_id, extent);
    }

    fn resolve(
        &mut self,
        text: &str,
        style: Style,
        tag: Option<&Tag>,
        properties: Properties,
    ) -> Resolved {
        let untagged = if style == Style::Plain {
            resolve::plain(text)
        } else {
            Resolved::String
        };
        let Some(tag) = tag else {
            return untagged;
        };
        // The non-specific tag makes a string of any scalar (YAML 1.2, 6.9.1).
        if tag.original() == "!" {
            return Resolved::String;
        }
        let Some(suffix) = tag.core_suffix() else {
            return untagged;
        };
        resolve::tagged(suffix, text).unwrap_or_else(|| {
            self.report_tag(tag, &quoted(text), properties);
            untagged
        })
    }

    fn check_collection_tag(
        &mut self,
        tag: Option<&Tag>,
        fitting: &str,
        found: &str,
        properties: Properties,
    ) {
        if let Some(tag) = tag
            && tag.core_suffix().is_some_and(|suffix| suffix != fitting)
        {
            self.report_tag(tag, found, properties);
        }
    }

    fn report_tag(&mut self, tag: &Tag, found: &str, properties: Properties) {
        let range = properties.tag.unwrap_or_default();
        let spelt = tag.original();
        self.diagnostics
            .push(syntax::wrong_tag(range, &spelt, found, self.file));
    }

    /// A last line that ends with the file has no line feed (YAML 1.2, 8.1.1.2), as libyaml and
    /// the Go port of it read it too; the parser assumes one.
    fn without_assumed_break<'t>(&self, text: &'t str, span: &Span) -> &'t str {
        let range = range_of(span);
        let written = range.of(self.text);
        let last_line = written.rsplit(['\n', '\r']).next().unwrap_or(written);
        // Without content the indentation is not known, and is all that the line holds.
        let blank = last_line.len() <= span.indent.unwrap_or(usize::MAX)
            && last_line.bytes().all(|byte| byte == b' ');
        let assumed = match span.indent {
            Some(_) => !blank,
            None => text.len() >= line_breaks(written),
        };
        if range.end as usize == self.text.len() && !last_line.is_empty() && assumed {
            text.strip_suffix('\n').unwrap_or(text)
        } else {
            text
        }
    }

    /// From the `|` to the last byte that belongs to the value.
    fn block_range(&self, text: &str, span: &Span) -> TextRange {
        let granted = range_of(span);
        let Some(start) = gap::block_header(self.text, self.cursor) else {
            return granted;
        };
        let header: String = self
            .text
            .get(start..)
            .unwrap_or("")
            .chars()
            .skip(1)
            .take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-'))
            .collect();
        let header_end = start + 1 + header.len();
        if text.is_empty() {
            return TextRange::new(start, header_end);
        }
        let end = granted.end as usize;
        let body = self.text.get(header_end..end).unwrap_or("");
        let indent = span.indent.unwrap_or(0);
        if header.contains('+') {
            // The parser may count the indentation of the next line in.
            let last_line = body.rsplit(['\n', '\r']).next().unwrap_or("");
            let blank = last_line.len() <= indent && last_line.bytes().all(|byte| byte == b' ');
            let end = if blank { end - last_line.len() } else { end };
            return TextRange::new(start, end);
        }
        let last = last_content_line(body, indent);
        let end = if header.contains('-') {
            last.end
        } else {
            last.end_with_break
        };
        TextRange::new(start, header_end + end)
    }

    /// A list that is not indented under its key is announced behind its first dash.
    fn from_dash(&self, style: StructureStyle, range: TextRange) -> TextRange {
        match self.pending_key_end() {
            Some(_) if style == StructureStyle::Block => {
                gap::dash_after(self.text, self.cursor).map_or(range, TextRange::empty)
            }
            _ => range,
        }
    }

    /// The end of the key whose value comes next.
    fn pending_key_end(&self) -> Option<usize> {
        match &self.frames.last()?.children {
            Children::Entries { key: Some(key), .. } => Some(key.range.end as usize),
            _ => None,
        }
    }

    fn alias(&mut self, range: TextRange, target: Option<(Arc<Node>, Extent)>) {
        let (target, extent) = match target {
            Some((node, extent)) => (Some(node), extent),
            None => (None, Extent::default()),
        };
        let extent = Extent {
            nodes: extent.nodes.max(1),
            ..extent
        };
        self.complete(Node::new(range, Kind::Alias(Alias { target })), 0, extent);
    }

    fn open(
        &mut self,
        children: Children,
        style: StructureStyle,
        range: TextRange,
        properties: Properties,
    ) -> ControlFlow<Diagnostic> {
        if self.frames.len() >= self.limits.depth {
            return ControlFlow::Break(nesting::too_deep(
                range.in_file(self.file),
                self.limits.depth,
            ));
        }
        let end = range.end as usize;
        self.cursor = self.cursor.max(end);
        self.frames.push(Frame {
            children,
            flow: style == StructureStyle::Flow,
            start: range.start as usize,
            end,
            properties,
            extent: Extent {
                nodes: 1,
                height: 0,
            },
        });
        ControlFlow::Continue(())
    }

    /// Closes the innermost collection, at its bracket if it was closed by the text.
    fn close(&mut self, bracket: Option<TextRange>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let end = match bracket {
            // The end of a block collection is announced only where the next token begins.
            Some(range) if frame.flow => {
                self.cursor = self.cursor.max(range.end as usize);
                range.end as usize
            }
            _ => frame.end,
        };
        let kind = match frame.children {
            Children::Items(items) => Kind::Sequence(Sequence {
                items,
                flow: frame.flow,
            }),
            Children::Entries { mut entries, key } => {
                // A key without a value is left only where the text broke off.
                if let Some(key) = key {
                    let value = Arc::new(Node::null(TextRange::empty(key.range.end as usize)));
                    entries.push(Entry { key, value });
                }
                keys::check(&entries, self.file, &mut self.diagnostics);
                Kind::Mapping(Mapping {
                    entries,
                    flow: frame.flow,
                })
            }
        };
        let node = Node {
            range: TextRange::new(frame.start, end),
            anchor: frame.properties.anchor,
            tag: frame.properties.tag,
            kind,
        };
        let extent = Extent {
            nodes: frame.extent.nodes,
            height: frame.extent.height + 1,
        };
        self.complete(node, frame.properties.anchor_id, extent);
    }

    /// Hands a node to the collection it stands in.
    fn complete(&mut self, node: Node, anchor_id: usize, extent: Extent) {
        let end = node.range.end as usize;
        self.cursor = self.cursor.max(end);
        let node = Arc::new(node);
        self.anchors.complete(anchor_id, &node, extent);
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.end = frame.end.max(end);
        frame.extent.nodes = frame.extent.nodes.saturating_add(extent.nodes);
        frame.extent.height = frame.extent.height.max(extent.height);
        match &mut frame.children {
            Children::Items(items) => items.push(node),
            Children::Entries { entries, key } => match key.take() {
                None => *key = Some(node),
                Some(key) => {
                    let entry = Entry { key, value: node };
                    self.diagnostics.extend(merge::check(&entry, self.file));
                    entries.push(entry);
                }
            },
        }
    }

    fn close_document(&mut self, root: Option<Arc<Node>>) {
        let end = self
            .comments
            .last()
            .map_or(0, |comment| comment.range.end as usize)
            .max(self.cursor);
        let root = root.unwrap_or_else(|| Arc::new(Node::null(TextRange::empty(end))));
        self.documents.push(Document {
            root,
            range: TextRange::new(self.document_start, end),
            comments: std::mem::take(&mut self.comments),
        });
        self.document_start = end;
    }

    fn finish(mut self, complete: bool) -> Parsed {
        if !complete {
            while !self.frames.is_empty() {
                self.close(None);
            }
        }
        if let Some(root) = self.root.take() {
            self.close_document(Some(root));
        }
        // Comments behind the last document belong to it; without any document they make one.
        let left = std::mem::take(&mut self.comments);
        match self.documents.last_mut() {
            Some(last) => {
                last.comments.extend(left);
                last.range = TextRange::new(last.range.start as usize, self.text.len());
            }
            None => self.documents.push(Document {
                root: Arc::new(Node::null(TextRange::empty(self.text.len()))),
                range: TextRange::new(0, self.text.len()),
                comments: left,
            }),
        }
        self.diagnostics
            .sort_by_key(|found| (found.primary.range, found.rule.code));
        Parsed {
            documents: self.documents,
            diagnostics: self.diagnostics,
            complete,
        }
    }
}

fn range_of(span: &Span) -> TextRange {
    span.byte_range()
        .map(|range| TextRange::new(range.start, range.end))
        .unwrap_or_default()
}

fn line_breaks(text: &str) -> usize {
    let pairs = text.matches("\r\n").count();
    text.matches(['\n', '\r']).count() - pairs
}

/// Where the last line of a block scalar ends that is more than indentation.
struct LastLine {
    end: usize,
    end_with_break: usize,
}

fn last_content_line(body: &str, indent: usize) -> LastLine {
    let bytes = body.as_bytes();
    let mut end = body.len();
    loop {
        let with_break = end;
        if end > 0 && bytes.get(end - 1) == Some(&b'\n') {
            end -= 1;
        }
        if end > 0 && bytes.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        let line_start = bytes
            .get(..end)
            .and_then(|before| {
                before
                    .iter()
                    .rposition(|byte| matches!(byte, b'\n' | b'\r'))
            })
            .map_or(0, |at| at + 1);
        let line = bytes.get(line_start..end).unwrap_or_default();
        let blank = line.len() <= indent && line.iter().all(|byte| *byte == b' ');
        if !blank || line_start == 0 {
            return LastLine {
                end,
                end_with_break: with_break,
            };
        }
        end = line_start;
    }
}
