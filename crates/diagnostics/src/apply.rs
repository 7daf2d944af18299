//! Changes put into texts.
//!
//! Invariant: two changes are made together only if no edit of the one touches an edit of the
//! other, so that the result is the same in whatever order they are made.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Edit, FileId, Fix, Sources, TextRange};

/// As many of the fixes as can be made together, the earlier ones first.
#[must_use]
pub fn compatible<'a>(fixes: impl IntoIterator<Item = &'a Fix>) -> Vec<&'a Fix> {
    // By start, and so by end too: what is taken does not overlap.
    let mut taken: BTreeMap<FileId, BTreeSet<(u32, u32)>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for fix in fixes {
        let free = fix.edits.iter().all(|edit| {
            let TextRange { start, end } = edit.span.range;
            let others = taken.get(&edit.span.file);
            let last = others.and_then(|it| it.range(..=(end, u32::MAX)).next_back());
            // Two insertions at one place touch, too: their order would count.
            last.is_none_or(|last| last.1 < start)
        });
        if !free {
            continue;
        }
        for edit in &fix.edits {
            let TextRange { start, end } = edit.span.range;
            let of_file = taken.entry(edit.span.file).or_default();
            of_file.insert((start, end));
        }
        chosen.push(fix);
    }
    chosen
}

/// The new texts of the files that the fixes change; `None` when an edit does not fit its file or
/// edits of one fix overlap.
#[must_use]
pub fn apply<'a>(
    fixes: impl IntoIterator<Item = &'a Fix>,
    sources: &Sources,
) -> Option<BTreeMap<FileId, String>> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.into_iter().flat_map(|fix| &fix.edits) {
        edits.entry(edit.span.file).or_default().push(edit);
    }
    let mut texts = BTreeMap::new();
    for (file, mut edits) in edits {
        edits.sort_by_key(|edit| (edit.span.range.start, edit.span.range.end));
        let old = sources.get(file)?.text();
        let mut new = String::with_capacity(old.len());
        let mut at = 0;
        for edit in edits {
            let range = edit.span.range.to_usize();
            new.push_str(old.get(at..range.start)?);
            // The end must lie on a character as well.
            old.get(range.clone())?;
            new.push_str(&edit.new_text);
            at = range.end;
        }
        new.push_str(old.get(at..)?);
        texts.insert(file, new);
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Applicability;

    fn fix(file: FileId, edits: &[(usize, usize, &str)]) -> Fix {
        let edit = |(start, end, text): &(usize, usize, &str)| Edit {
            span: TextRange::new(*start, *end).in_file(file),
            new_text: (*text).to_owned(),
        };
        Fix {
            title: String::new(),
            edits: edits.iter().map(edit).collect(),
            applicability: Applicability::Safe,
        }
    }

    #[test]
    fn fixes_that_touch_are_left_for_another_time() {
        let mut sources = Sources::default();
        let file = sources.add("a", "0123456789");
        let around = fix(file, &[(1, 1, "("), (4, 4, ")")]);
        let inside = fix(file, &[(2, 3, "x")]);
        let touching = fix(file, &[(3, 4, "y")]);
        let fixes = [around, inside, touching];
        let chosen = compatible(&fixes);
        assert_eq!(chosen.len(), 2);
        let texts = apply(chosen, &sources).unwrap();
        assert_eq!(texts[&file], "0(1x3)456789");
    }

    #[test]
    fn an_edit_that_does_not_fit_changes_nothing() {
        let mut sources = Sources::default();
        let file = sources.add("a", "é");
        for edits in [
            &[(0, 1, "")][..],
            &[(0, 9, "")],
            &[(0, 2, "a"), (1, 2, "b")],
        ] {
            assert_eq!(apply([&fix(file, edits)], &sources), None);
        }
        assert_eq!(
            apply([&fix(FileId::DETACHED, &[(0, 0, "a")])], &sources),
            None
        );
    }
}
