//! The fields of one layer: in the order of the text, and found by name in logarithmic time.
//!
//! Several fields of a name may be there where each has its worlds; they are found in their order.

use std::ops::Deref;

use super::LayerField;

#[derive(Debug, Default)]
pub(crate) struct Fields {
    all: Vec<LayerField>,
    /// Positions in `all`, ascending by name and then by position.
    by_name: Vec<usize>,
}

impl Fields {
    fn name_at(&self, at: usize) -> &str {
        self.all.get(at).map_or("", |it| &it.name)
    }

    /// The fields of that name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &LayerField> {
        let from = self.by_name.partition_point(|at| self.name_at(*at) < name);
        let all = self.by_name.get(from..).unwrap_or_default().iter();
        let fields = all.filter_map(|at| self.all.get(*at));
        fields.take_while(move |it| &*it.name == name)
    }
}

impl From<Vec<LayerField>> for Fields {
    fn from(all: Vec<LayerField>) -> Self {
        let mut by_name: Vec<usize> = (0..all.len()).collect();
        by_name.sort_by(|a, b| {
            let name = |at: usize| all.get(at).map(|it| &it.name);
            name(*a).cmp(&name(*b))
        });
        Self { all, by_name }
    }
}

impl Deref for Fields {
    type Target = [LayerField];

    fn deref(&self) -> &[LayerField] {
        &self.all
    }
}
