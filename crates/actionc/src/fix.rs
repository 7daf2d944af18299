//! Fixes, applied: a file is changed only into one of which less is to be said.
//!
//! Each change is tried in memory and the whole project checked again. It is kept if the findings
//! that it is for are gone and no error or warning is new. What a change uncovers in the same file
//! is mended with it, or the change is left to a person. Changes that touch each other are made in
//! turn.

use std::collections::{BTreeMap, BTreeSet};

use action_compile::{Compiled, Options};
use diagnostics::{Applicability, Diagnostic, Fix, Level, Sources, apply, compatible};

use crate::overlay::Overlay;
use crate::subject::Subject;

/// How often a project is checked at most; each check that leads nowhere halves what is tried.
const MOST_CHECKS: usize = 500;

/// What became of a project.
pub(crate) struct Mended {
    /// New texts by path.
    pub(crate) texts: BTreeMap<String, String>,
    /// How many findings were mended.
    pub(crate) mended: usize,
    /// The findings that stay since their change would have left others, with their places in the
    /// new texts.
    pub(crate) refused: Vec<String>,
}

/// A finding as it is known from one check to the next.
type Key = (String, &'static str, String);

/// A finding as it is known as long as its file stays the same: path, offset and the rest.
type Place = (String, u32, &'static str, String);

/// A change to be tried.
struct Candidate<'a> {
    finding: Key,
    place: Place,
    fix: &'a Fix,
}

/// Mends what can be mended, and leaves the texts in the overlay.
pub(crate) fn mend(
    overlay: &mut Overlay<'_>,
    subject: &Subject,
    options: &Options,
    with_unsafe: bool,
    is_wanted: &dyn Fn(&str) -> bool,
) -> anyhow::Result<Mended> {
    let mut files = overlay.without_evaluation();
    let mut compiled = subject.check(&files, options)?;
    let mut result = Mended {
        texts: BTreeMap::new(),
        mended: 0,
        refused: Vec::new(),
    };
    let mut refused: BTreeSet<Place> = BTreeSet::new();
    let mut checks = 0;
    loop {
        let candidates = candidates(&compiled, with_unsafe, is_wanted, &refused);
        let mut tried = candidates.as_slice();
        let mut accepted = None;
        while !tried.is_empty() && checks < MOST_CHECKS {
            checks += 1;
            accepted = attempt(&files, subject, options, with_unsafe, &compiled, tried);
            if accepted.is_some() {
                break;
            }
            if let [alone] = tried {
                refused.insert(alone.place.clone());
                break;
            }
            tried = tried.get(..tried.len() / 2).unwrap_or_default();
        }
        let count = tried.len();
        let exhausted = tried.is_empty() || checks >= MOST_CHECKS;
        let Some((texts, after)) = accepted else {
            if exhausted {
                break;
            }
            continue;
        };
        result.mended += count;
        // Places move with the text, and what could not be mended before may be mended now.
        refused.retain(|(path, ..)| !texts.contains_key(path));
        for (path, text) in texts {
            files.insert(&path, text.clone());
            overlay.insert(&path, text.clone());
            result.texts.insert(path, text);
        }
        compiled = after;
    }
    let found = compiled.diagnostics.iter();
    let found = found.filter(|it| refused.contains(&place(it, &compiled.sources)));
    result.refused = found.map(|it| named(it, &compiled.sources)).collect();
    Ok(result)
}

/// How many findings could be mended by changes that somebody should look at.
pub(crate) fn unsafe_ones(found: &[Diagnostic]) -> usize {
    let is_unsafe =
        |it: &&Diagnostic| only_fix(it, true).is_some() && only_fix(it, false).is_none();
    found.iter().filter(is_unsafe).count()
}

/// The changes to try next, none touching another.
fn candidates<'a>(
    compiled: &'a Compiled,
    with_unsafe: bool,
    is_wanted: &dyn Fn(&str) -> bool,
    refused: &BTreeSet<Place>,
) -> Vec<Candidate<'a>> {
    let sources = &compiled.sources;
    let possible: Vec<Candidate<'a>> = compiled
        .diagnostics
        .iter()
        .filter_map(|it| {
            let fix = only_fix(it, with_unsafe)?;
            let here = |edit: &diagnostics::Edit| is_wanted(sources.path(edit.span.file));
            let candidate = Candidate {
                finding: key(it, sources),
                place: place(it, sources),
                fix,
            };
            (fix.edits.iter().all(here) && !refused.contains(&candidate.place)).then_some(candidate)
        })
        .collect();
    // They come in the order that they are asked in.
    let mut together = compatible(possible.iter().map(|it| it.fix))
        .into_iter()
        .peekable();
    let mut is_next = |it: &Candidate<'_>| {
        let fix = together.next_if(|fix| std::ptr::eq(*fix, it.fix));
        fix.is_some()
    };
    possible.into_iter().filter(|it| is_next(it)).collect()
}

/// The change of a finding that has one; between several somebody must choose.
fn only_fix(diagnostic: &Diagnostic, with_unsafe: bool) -> Option<&Fix> {
    let mut fixes = diagnostic
        .fixes
        .iter()
        .filter(|fix| with_unsafe || fix.applicability == Applicability::Safe);
    let fix = fixes.next()?;
    fixes.next().is_none().then_some(fix)
}

fn key(diagnostic: &Diagnostic, sources: &Sources) -> Key {
    let path = sources.path(diagnostic.primary.file).to_owned();
    (path, diagnostic.rule.code, diagnostic.message.clone())
}

fn place(diagnostic: &Diagnostic, sources: &Sources) -> Place {
    let (path, code, message) = key(diagnostic, sources);
    (path, diagnostic.primary.range.start, code, message)
}

/// A finding by its place and code, as `concise` prints them.
fn named(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let code = diagnostic.rule.code;
    let Some(source) = sources.get(diagnostic.primary.file) else {
        return format!("[{code}]");
    };
    let start = diagnostic.primary.range.start as usize;
    let at = source.lines().line_column(source.text(), start);
    format!("{}:{}:{}: [{code}]", source.path(), at.line, at.column)
}

/// How often a change may call for the next one before it is given up.
const LONGEST_CHAIN: usize = 4;

/// The new texts and what is found then, if that is better. What a change uncovers is mended too
/// where it can be.
fn attempt(
    files: &Overlay<'_>,
    subject: &Subject,
    options: &Options,
    with_unsafe: bool,
    before: &Compiled,
    candidates: &[Candidate<'_>],
) -> Option<(BTreeMap<String, String>, Compiled)> {
    let mut changed = files.without_evaluation();
    let mut texts = BTreeMap::new();
    let mut put = |fixes: &[&Fix], sources: &Sources| -> Option<Compiled> {
        for (file, text) in apply(fixes.iter().copied(), sources)? {
            let path = sources.path(file).to_owned();
            changed.insert(&path, text.clone());
            texts.insert(path, text);
        }
        subject.check(&changed, options).ok()
    };
    let fixes: Vec<&Fix> = candidates.iter().map(|it| it.fix).collect();
    let mut after = put(&fixes, &before.sources)?;
    let known: BTreeSet<Key> = keys(before).collect();
    for _ in 0..LONGEST_CHAIN {
        if is_better(before, &after, candidates) {
            break;
        }
        let uncovered = after.diagnostics.iter();
        let uncovered = uncovered.filter(|it| !known.contains(&key(it, &after.sources)));
        let next = compatible(uncovered.filter_map(|it| only_fix(it, with_unsafe)));
        let paths: BTreeSet<&str> = next
            .iter()
            .flat_map(|fix| &fix.edits)
            .map(|edit| after.sources.path(edit.span.file))
            .collect();
        if next.is_empty()
            || !paths
                .iter()
                .all(|path| changed_paths(candidates, before).contains(path))
        {
            return None;
        }
        after = put(&next, &after.sources)?;
    }
    is_better(before, &after, candidates).then_some((texts, after))
}

/// The files that the changes are made in.
fn changed_paths<'a>(candidates: &[Candidate<'_>], compiled: &'a Compiled) -> BTreeSet<&'a str> {
    let edits = candidates.iter().flat_map(|it| &it.fix.edits);
    edits
        .map(|edit| compiled.sources.path(edit.span.file))
        .collect()
}

fn keys(compiled: &Compiled) -> impl Iterator<Item = Key> {
    let sources = &compiled.sources;
    compiled.diagnostics.iter().map(|it| key(it, sources))
}

/// Whether the mended findings are gone and none is new. A note may be: an action that was
/// refused as a whole had none.
fn is_better(before: &Compiled, after: &Compiled, mended: &[Candidate<'_>]) -> bool {
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for key in keys(before) {
        *known.entry(key).or_insert(0) += 1;
    }
    for candidate in mended {
        match known.get_mut(&candidate.finding) {
            Some(times) if *times > 0 => *times -= 1,
            _ => return false,
        }
    }
    let fixed: BTreeSet<&Key> = mended.iter().map(|it| &it.finding).collect();
    after.diagnostics.iter().all(|it| {
        let key = key(it, &after.sources);
        match known.get_mut(&key) {
            Some(times) if *times > 0 => {
                *times -= 1;
                true
            }
            _ => it.level == Level::Note && !fixed.contains(&key),
        }
    })
}
