//! Suppressions: a comment accepts named findings in place, `actionc: ignore[code, …] reason`.
//!
//! On a line of its own the comment speaks of what begins on the next line: an entry or item in
//! YAML and TOML, a member, local or argument in Jsonnet. Behind something it speaks of its line. In
//! an encoded body, whose findings have one place, it speaks of all of the body.
//!
//! Invariants:
//! - what cannot be compiled cannot be accepted: beside warnings and notes only the checker's
//!   errors and the lints can be, for with them the output is possible and its author answers for
//!   it;
//! - a comment that accepts nothing is reported, unless an error keeps later findings away: one of
//!   reading keeps all away, one in a body those that only the checker has in the same file;
//! - what is accepted is accepted by its code, so that another mistake at the place still shows.

mod comments;
mod syntax;

use std::collections::BTreeSet;

use diagnostics::{
    Applicability, Diagnostic, Edit, FileId, Fix, Level, Registry, Rule, Source, Sources, Span,
    TextRange,
};

use crate::document::Format;
use crate::resolve::{BodyPlace, BodySource};

use syntax::Directive;

/// A comment that accepts what is not there.
pub(crate) static UNUSED_SUPPRESSION: Rule = Rule {
    code: "unused-suppression",
    summary: "a comment that accepts a finding which is not there",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/unused-suppression.md"),
};

/// A comment that accepts without saying why.
pub(crate) static UNEXPLAINED_SUPPRESSION: Rule = Rule {
    code: "unexplained-suppression",
    summary: "a comment that accepts a finding without a reason",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/unexplained-suppression.md"),
};

/// A comment that can accept nothing.
pub(crate) static INVALID_SUPPRESSION: Rule = Rule {
    code: "invalid-suppression",
    summary: "a comment that is to accept a finding and cannot",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/invalid-suppression.md"),
};

/// The rules about suppressions, which no suppression accepts.
const OWN: [&Rule; 3] = [
    &UNUSED_SUPPRESSION,
    &UNEXPLAINED_SUPPRESSION,
    &INVALID_SUPPRESSION,
];

/// A comment with its place and what it speaks of.
#[derive(Debug)]
struct Suppression {
    /// The whole comment.
    comment: Span,
    /// What it says.
    directive: Directive<Span>,
    /// The bytes of its file in which a finding must begin.
    covers: TextRange,
    /// The codes that have accepted something.
    used: BTreeSet<String>,
    /// It stands in an encoded body: its places are all of the body, which no change can be made in.
    encoded: bool,
}

/// All suppressions of a run.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
}

/// Finds the suppressions of every file and of every body that stands in one. What lies in
/// `unchecked` is about nothing that was looked at.
pub(crate) fn find<'a>(
    sources: &Sources,
    bodies: impl Iterator<Item = &'a BodySource> + Clone,
    unchecked: &[Span],
) -> Suppressions {
    let mut list = Vec::new();
    let is_body = |file: FileId| {
        let mut places = bodies.clone().map(|body| &body.place);
        places.any(|place| matches!(place, BodyPlace::File(it) if *it == file))
    };
    for (file, source) in sources.iter() {
        let text = source.text();
        if !may_hold_some(text) {
            continue;
        }
        let found = if is_jsonnet(source.path()) || is_body(file) {
            comments::of_jsonnet(text)
        } else {
            comments::of_document(Format::of_path(source.path()), text)
        };
        list.extend(found.into_iter().map(|it| Suppression {
            comment: it.comment.in_file(file),
            directive: it.directive.map(|range| range.in_file(file)),
            covers: it.covers,
            used: BTreeSet::new(),
            encoded: false,
        }));
    }
    for body in bodies.filter(|body| may_hold_some(&body.text)) {
        if matches!(body.place, BodyPlace::File(_)) {
            continue;
        }
        let found = comments::of_jsonnet(&body.text).into_iter();
        list.extend(found.map(|it| Suppression {
            comment: body.place.span(it.comment),
            covers: body.place.span(it.covers).range,
            used: BTreeSet::new(),
            encoded: matches!(body.place, BodyPlace::Encoded(_)),
            directive: it.directive.map(|range| body.place.span(range)),
        }));
    }
    let is_unchecked = |it: &Suppression| {
        let of = TextRange::empty(it.covers.start as usize);
        unchecked
            .iter()
            .any(|span| span.file == it.comment.file && span.range.contains(of))
    };
    list.retain(|it| !is_unchecked(it));
    // A body that an alias stands for belongs to several actions and has each comment once; the
    // comments of an encoded body share a place.
    list.sort_by_key(|it| it.comment);
    list.dedup_by(|a, b| a.comment == b.comment && a.directive == b.directive);
    Suppressions { list }
}

/// The same of all files but those.
pub(crate) fn find_outside(sources: &Sources, programs: &[FileId]) -> Suppressions {
    let mut found = find(sources, std::iter::empty(), &[]);
    found.list.retain(|it| !programs.contains(&it.comment.file));
    found
}

/// The same of those files, which are programs themselves.
pub(crate) fn find_in_programs(sources: &Sources, programs: &[FileId]) -> Suppressions {
    let is_program = |file: &FileId| programs.contains(file);
    let found = sources
        .iter()
        .filter(|(file, it)| is_program(file) && may_hold_some(it.text()));
    let list = found.flat_map(|(file, source)| {
        let found = comments::of_jsonnet(source.text()).into_iter();
        found.map(move |it| Suppression {
            comment: it.comment.in_file(file),
            directive: it.directive.map(|range| range.in_file(file)),
            covers: it.covers,
            used: BTreeSet::new(),
            encoded: false,
        })
    });
    Suppressions {
        list: list.collect(),
    }
}

fn is_jsonnet(path: &str) -> bool {
    path.ends_with(".jsonnet") || path.ends_with(".libsonnet")
}

/// Spares most files the search for comments.
fn may_hold_some(text: &str) -> bool {
    text.contains(syntax::NAME)
}

impl Suppressions {
    /// Leaves out what is accepted. May be called again when more is found.
    pub(crate) fn accept(
        &mut self,
        registry: &Registry,
        sources: &Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for suppression in &mut self.list {
            let Directive::Accepts { codes, .. } = &suppression.directive else {
                continue;
            };
            let path = sources.path(suppression.comment.file);
            let covers = suppression.covers;
            for (code, _) in codes {
                let Some(rule) = registry.get(code).filter(|rule| can_be_accepted(rule)) else {
                    continue;
                };
                let is_here = |it: &Diagnostic| {
                    it.rule == rule && sources.path(it.primary.file) == path && covered(it, covers)
                };
                let before = diagnostics.len();
                diagnostics.retain(|it| !is_here(it));
                if diagnostics.len() < before {
                    suppression.used.insert(code.clone());
                }
            }
        }
    }

    /// Reports comments that accept nothing, or without a reason.
    pub(crate) fn report(
        &self,
        registry: &Registry,
        sources: &Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut found = Vec::new();
        let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|it| it.is_error()).collect();
        // What was read in part was checked in part.
        let all_was_read = errors.iter().all(|it| can_be_accepted(it.rule));
        // Of a failing expression nothing more is said.
        let all_was_checked = |suppression: &Suppression, rule: &'static Rule| {
            let fails = |it: &&&Diagnostic| {
                of_checker(it.rule) && it.primary.file == suppression.comment.file
            };
            all_was_read && !(of_bodies(rule) && errors.iter().any(|it| fails(&it)))
        };
        for suppression in &self.list {
            let before = found.len();
            match &suppression.directive {
                Directive::Malformed(at) => found.push(malformed(*at)),
                Directive::Accepts { codes, explained } => {
                    for (index, (code, at)) in codes.iter().enumerate() {
                        match registry.get(code) {
                            None => found.push(unknown(code, *at, registry)),
                            Some(rule) if !can_be_accepted(rule) => {
                                found.push(unacceptable(rule, *at));
                            }
                            Some(_) if suppression.used.contains(code) => {}
                            Some(rule) => {
                                // Where an error stands that it does not name, it is wrong in any case.
                                let other = errors.iter().find(|it| {
                                    can_be_accepted(it.rule) && suppression.is_about(it, sources)
                                });
                                if other.is_none() && !all_was_checked(suppression, rule) {
                                    continue;
                                }
                                let source = sources.get(suppression.comment.file);
                                let fix = source.and_then(|source| {
                                    removal(source, suppression.comment, codes, index)
                                });
                                found.push(not_needed(code, *at, other.copied(), fix));
                            }
                        }
                    }
                    // A comment that would do without a reason has been told that it cannot.
                    let own = UNEXPLAINED_SUPPRESSION.code;
                    let is_told = codes.iter().any(|(code, _)| code == own);
                    if !explained && !is_told && !suppression.used.is_empty() {
                        found.push(unexplained(suppression.comment, codes));
                    }
                }
            }
            for diagnostic in found.iter_mut().skip(before) {
                if suppression.encoded {
                    diagnostic.fixes.clear();
                }
            }
        }
        diagnostics.extend(found);
    }
}

impl Suppression {
    /// Whether a finding begins in what it speaks of.
    fn is_about(&self, finding: &Diagnostic, sources: &Sources) -> bool {
        sources.path(finding.primary.file) == sources.path(self.comment.file)
            && covered(finding, self.covers)
    }
}

fn covered(finding: &Diagnostic, covers: TextRange) -> bool {
    (covers.start..=covers.end).contains(&finding.primary.range.start)
}

/// Whether the output is possible all the same.
fn can_be_accepted(rule: &'static Rule) -> bool {
    let of_output = of_checker(rule) || crate::lint::can_be_accepted(rule);
    !OWN.contains(&rule) && (rule.level != Level::Error || of_output)
}

/// Whether the checker itself reports it.
fn of_checker(rule: &'static Rule) -> bool {
    jsonnet_check::RULES.contains(&rule) || rule == &crate::form::FORM_BODY_NOT_STRINGS
}

/// Whether it takes a checked body to report it.
fn of_bodies(rule: &'static Rule) -> bool {
    of_checker(rule) || crate::lint::is_of_bodies(rule)
}

fn malformed(at: Span) -> Diagnostic {
    Diagnostic::new(
        &INVALID_SUPPRESSION,
        at,
        "this comment names no rule, expected codes in brackets",
    )
    .help("write `actionc: ignore[code] reason`")
}

fn unknown(code: &str, at: Span, registry: &Registry) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &INVALID_SUPPRESSION,
        at,
        format!("there is no rule `{code}` to accept"),
    );
    match registry.nearest(code) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(
            format!("write `{near}`"),
            at,
            near,
        ),
        None => diagnostic.help("`actionc explain` lists all rules"),
    }
}

fn unacceptable(rule: &Rule, at: Span) -> Diagnostic {
    let code = rule.code;
    let own = OWN.iter().any(|it| it.code == code);
    let message = format!("`{code}` cannot be accepted by a comment");
    Diagnostic::new(&INVALID_SUPPRESSION, at, message).help(if own {
        "mend the comment that it is about, or set its level under `rules` in actionc.yaml"
    } else {
        "mend what it reports: there is no output with it"
    })
}

fn unexplained(at: Span, codes: &[(String, Span)]) -> Diagnostic {
    let codes: Vec<String> = codes.iter().map(|(code, _)| format!("`{code}`")).collect();
    Diagnostic::new(
        &UNEXPLAINED_SUPPRESSION,
        at,
        format!("{} is accepted without a reason", codes.join(", ")),
    )
    .help("say behind the bracket why it is no harm here")
}

fn not_needed(code: &str, at: Span, other: Option<&Diagnostic>, fix: Option<Fix>) -> Diagnostic {
    let message = format!("there is no `{code}` to accept here");
    let mut diagnostic =
        Diagnostic::new(&UNUSED_SUPPRESSION, at, message).help("remove it from the comment");
    if let Some(other) = other {
        let other = other.rule.code;
        diagnostic.help = Some(format!(
            "remove it from the comment; what is found here is `{other}`"
        ));
    }
    diagnostic.fixes.extend(fix);
    diagnostic
}

/// A code out of several, or the whole comment: with its line when it has one for itself, else with
/// the blanks between it and what stands beside it.
fn removal(source: &Source, comment: Span, codes: &[(String, Span)], index: usize) -> Option<Fix> {
    let (title, removed) = if codes.len() > 1 {
        ("remove the code", one_of(codes, index)?)
    } else {
        ("remove the comment", whole(source.text(), comment.range)?)
    };
    Some(Fix {
        title: title.to_owned(),
        edits: vec![Edit {
            span: removed.in_file(comment.file),
            new_text: String::new(),
        }],
        applicability: Applicability::Safe,
    })
}

/// A code with the comma between it and a neighbour.
fn one_of(codes: &[(String, Span)], index: usize) -> Option<TextRange> {
    let this = codes.get(index)?.1.range;
    let range = match codes.get(index + 1) {
        Some((_, next)) => TextRange {
            start: this.start,
            end: next.range.start,
        },
        None => TextRange {
            start: codes.get(index.checked_sub(1)?)?.1.range.end,
            end: this.end,
        },
    };
    (range.start < range.end).then_some(range)
}

fn whole(text: &str, comment: TextRange) -> Option<TextRange> {
    let range = comment.to_usize();
    let line_start = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..range.start)?;
    let behind = text.get(range.end..)?;
    let line_end = behind
        .find('\n')
        .map_or(text.len(), |at| range.end + at + 1);
    let rest = text.get(range.end..line_end)?;
    let opens = before.trim().is_empty();
    Some(if opens && rest.trim().is_empty() {
        TextRange::new(line_start, line_end)
    } else if opens {
        // What stands behind it takes its place, and so its indentation.
        TextRange::new(range.start, line_end - rest.trim_start().len())
    } else {
        TextRange::new(line_start + before.trim_end().len(), range.end)
    })
}
