//! How the surroundings are written: indentation, dashes, quotes.

use crate::{
    Kind, Mapping, Node, Style,
    emit::{Layout, Quotes},
};

use super::place;

/// Every block collection of a document that shows how it is indented.
#[derive(Debug, Default)]
pub(super) struct Samples {
    mappings: Vec<Sample>,
    sequences: Vec<Sample>,
    dashes: Vec<Sample>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: usize,
    width: usize,
}

impl Samples {
    /// Reads them off a document.
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let mut samples = Self::default();
        samples.collect(text, root);
        samples
    }

    fn collect(&mut self, text: &str, node: &Node) {
        let at = node.range.start as usize;
        match &node.kind {
            Kind::Mapping(mapping) => {
                for entry in &mapping.entries {
                    if !mapping.flow {
                        self.under_key(text, at, &entry.value);
                    }
                    self.collect(text, &entry.value);
                }
            }
            Kind::Sequence(sequence) => {
                for item in &sequence.items {
                    if !sequence.flow {
                        self.behind_dash(text, item);
                    }
                    self.collect(text, item);
                }
            }
            Kind::Scalar(_) | Kind::Alias(_) => {}
        }
    }

    /// A block collection under a key of the mapping that begins at `parent`.
    fn under_key(&mut self, text: &str, parent: usize, value: &Node) {
        let at = value.range.start as usize;
        let (samples, least) = match &value.kind {
            Kind::Mapping(mapping) if !mapping.flow => (&mut self.mappings, 1),
            Kind::Sequence(sequence) if !sequence.flow => (&mut self.sequences, 0),
            _ => return,
        };
        let (inner, outer) = (place::column(text, at), place::column(text, parent));
        if let Some(width) = inner.checked_sub(outer)
            && (least..=WIDEST).contains(&width)
            && place::begins_line(text, at)
        {
            samples.push(Sample { at, width });
        }
    }

    fn behind_dash(&mut self, text: &str, item: &Node) {
        let at = item.range.start as usize;
        let Some(dash) = place::without_blanks(text, at).checked_sub(1) else {
            return;
        };
        let width = at - dash;
        if text.as_bytes().get(dash) == Some(&b'-')
            && place::begins_line(text, dash)
            && (2..=WIDEST).contains(&width)
        {
            self.dashes.push(Sample { at, width });
        }
    }

    /// The layout of what is written near `at`.
    pub(super) fn near(&self, at: usize) -> Layout {
        let default = Layout::default();
        let nearest = |samples: &[Sample]| {
            samples
                .iter()
                .min_by_key(|sample| sample.at.abs_diff(at))
                .map(|sample| sample.width)
        };
        let sequence = nearest(&self.sequences);
        let mapping = nearest(&self.mappings)
            .or(sequence.filter(|width| *width > 0))
            .unwrap_or(default.mapping);
        Layout {
            mapping,
            sequence: sequence.unwrap_or(mapping),
            dash: nearest(&self.dashes).unwrap_or(default.dash),
        }
    }
}

/// Wider indentation is a singular choice, not a style to follow.
const WIDEST: usize = 8;

/// How keys of a flow mapping are quoted; `None` if it has none.
pub(super) fn quotes(mapping: &Mapping) -> Option<Quotes> {
    let first = mapping.entries.first()?;
    Some(match &first.key.kind {
        Kind::Scalar(scalar) if scalar.style == Style::DoubleQuoted => Quotes::Always,
        _ => Quotes::WhereNeeded,
    })
}
