//! From events to documents.
//!
//! The stack of open collections is a vector, and never longer than [`Limits::depth`]: neither
//! building the tree nor dropping it recurses deeper.

mod scalar;

use std::{ops::ControlFlow, sync::Arc};

use diagnostics::{Diagnostic, FileId, TextRange};
use granit_parser::{Event, Parser, Span, StrInput, StructureStyle};

use super::{
    Limits, Parsed,
    alias::{Anchors, Extent},
    gap, keys, merge, nesting, syntax,
};
use crate::{Alias, Comment, Document, Entry, Kind, Mapping, Node, Sequence};

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
        last_scalar: TextRange::default(),
        documents: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut complete = true;
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, span)) => builder.event(&mut parser, &event, &span),
            Err(error) => ControlFlow::Break(syntax::report(&error, builder.stop(), file, limits)),
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
    last_scalar: TextRange,
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
    /// Where things stand, for a message about what comes next.
    fn stop(&self) -> syntax::Stop<'a> {
        syntax::Stop {
            text: self.text,
            at: 0,
            last_scalar: self.last_scalar,
            block: self
                .frames
                .last()
                .filter(|frame| !frame.flow)
                .map(|frame| frame.start),
            bracket: self.frames.last().filter(|frame| frame.flow).and_then(|_| {
                // A pair in a list has no bracket of its own.
                let starts = self.frames.iter().rev().map(|frame| frame.start);
                starts
                    .into_iter()
                    .find(|start| matches!(self.text.as_bytes().get(*start), Some(b'[' | b'{')))
            }),
        }
    }

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
                let range = self.at_first_dash(*style, range);
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

    /// A list that is not indented under its key is announced behind its first dash.
    fn at_first_dash(&self, style: StructureStyle, range: TextRange) -> TextRange {
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
            Children::Items(mut items) => {
                items.shrink_to_fit();
                Kind::Sequence(Sequence {
                    items,
                    flow: frame.flow,
                })
            }
            Children::Entries { mut entries, key } => {
                // A key without a value is left only where the text broke off.
                if let Some(key) = key {
                    let value = Arc::new(Node::null(TextRange::empty(key.range.end as usize)));
                    entries.push(Entry { key, value });
                }
                entries.shrink_to_fit();
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
