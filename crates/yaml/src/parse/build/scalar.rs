//! Scalars: the exact range of what is written, the text of what is meant, and its type.

use diagnostics::TextRange;
use granit_parser::{ScalarStyle, Span, Tag};

use super::{Builder, Properties, range_of};
use crate::{
    Kind, Node, Resolved, Scalar, Style,
    parse::{alias::Extent, gap, quoted, resolve, syntax},
};

impl Builder<'_> {
    pub(super) fn scalar(
        &mut self,
        (text, style): (&str, ScalarStyle),
        tag: Option<&Tag>,
        span: &Span,
        properties: Properties,
    ) {
        let granted = range_of(span);
        self.last_scalar = granted;
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

    pub(super) fn check_collection_tag(
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
