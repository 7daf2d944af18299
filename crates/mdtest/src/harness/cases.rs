//! From pages to the tests that are run and named.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::document::{Document, Failure, File, Form, SEPARATOR, Test};
use crate::page;
use crate::program::Program;
use crate::session::{Played, Session};
use crate::strict;
use crate::suite::{Kind, Suite};

/// A page that has been read.
pub(super) struct Loaded<'a> {
    suite: &'a Suite,
    pub(super) place: PathBuf,
    /// The path below the suite's root.
    pub(super) label: String,
    pub(super) text: String,
    document: Document,
    /// The files that a strict page shows.
    files: Vec<File>,
}

/// A test with a name of its own.
pub(super) struct Case<'a> {
    pub(super) name: String,
    /// The index of its page.
    pub(super) page: usize,
    loaded: &'a Loaded<'a>,
    work: Work,
}

enum Work {
    /// The page cannot be run as it is.
    Broken(Vec<Failure>),
    /// The page of a code.
    Page,
    /// What a strict page shows and does not run.
    Shown,
    /// A section.
    Test(Test),
}

/// Reads every page of some suites.
pub(super) fn load(suites: &[Suite]) -> anyhow::Result<Vec<Loaded<'_>>> {
    let mut loaded = Vec::new();
    for suite in suites {
        for label in suite.files()? {
            let place = suite.root.join(&label);
            let text = fs::read_to_string(&place).with_context(|| label.clone())?;
            let form = Form {
                strict: suite.kind == Kind::Strict,
                elsewhere: suite
                    .elsewhere
                    .iter()
                    .map(|it| it.command.clone())
                    .collect(),
            };
            let mut document = Document::read(&text, &form);
            let files = match suite.kind {
                Kind::Strict => strict::take_files(&mut document),
                Kind::Tests | Kind::Pages => Vec::new(),
            };
            loaded.push(Loaded {
                suite,
                place,
                label,
                text,
                document,
                files,
            });
        }
    }
    Ok(loaded)
}

/// The tests of some pages, in order.
pub(super) fn cases<'a>(pages: &'a [Loaded<'a>]) -> Vec<Case<'a>> {
    let of = |(page, loaded): (usize, &'a Loaded<'a>)| {
        let case = move |name: &str, work| Case {
            name: match name {
                "" => loaded.label.clone(),
                name => format!("{}{SEPARATOR}{name}", loaded.label),
            },
            page,
            loaded,
            work,
        };
        let kind = loaded.suite.kind;
        let mut failures = loaded.document.failures.clone();
        if kind == Kind::Pages {
            return match failures.is_empty() {
                true => vec![case("", Work::Page)],
                false => vec![case("", Work::Broken(failures))],
            };
        }
        let (tests, unused) = loaded.document.tests();
        failures.extend(unused);
        if kind == Kind::Tests && failures.is_empty() && tests.is_empty() {
            failures.push(Failure::new(1, "the page has no command"));
        }
        failures.sort_by_key(|failure| failure.line);
        let whole = match (failures.is_empty(), kind) {
            (false, _) => Some(Work::Broken(failures)),
            (true, Kind::Strict) => Some(Work::Shown),
            (true, _) => None,
        };
        let whole = whole.map(|work| case("", work));
        let tests = tests.into_iter().map(|test| {
            let name = test.name.clone();
            case(&name, Work::Test(test))
        });
        whole.into_iter().chain(tests).collect()
    };
    pages.iter().enumerate().flat_map(of).collect()
}

impl Case<'_> {
    /// Runs the test.
    pub(super) fn play(&self, program: &dyn Program) -> Played {
        let failed = |failures| Played {
            failures,
            ..Played::default()
        };
        let Loaded {
            suite,
            document,
            files,
            place,
            ..
        } = self.loaded;
        match &self.work {
            Work::Broken(failures) => failed(failures.clone()),
            Work::Page => page::check(document, &code(place), program),
            Work::Shown => {
                let mut failures = strict::compare(files, &suite.root);
                failures.extend(strict::looked_up(document, &suite.elsewhere, &suite.root));
                failed(failures)
            }
            Work::Test(test) => match Session::new(program, suite.project.as_ref(), &test.steps) {
                Ok(mut session) => session.play(&test.steps),
                Err(text) => failed(vec![Failure::new(test.line.max(1), text)]),
            },
        }
    }
}

fn code(place: &Path) -> String {
    place
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
