//! Reader and schema accept and reject alike.
//!
//! Valid documents are changed, first in every single way and every pair of fields, then several
//! ways at random; each is given to both as the same JSON text. `ACTIONC_CASES` sets how many
//! random documents are tried.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "the number of cases is a setting, and is printed"
)]

mod changes;
mod samples;

use changes::{Change, changed, paths};
use diagnostics::FileId;
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samples::{ACTIONS, JUNK, PROJECTS, action_fields, project_fields, words};
use serde_json::Value;

/// What a schema cannot say: errors of the reader that do not count.
///
/// Beyond single documents, and so not tried here: that names are unique over the folder, that
/// the actions of several documents of one file are named, that an empty project file is one.
const EXEMPT: &[(&str, &str)] = &[
    ("unknown-release", "is older than"),
    ("unknown-release", "is newer than"),
];

#[derive(Clone, Copy)]
enum Format {
    Action,
    Project,
}

struct Both {
    format: Format,
    validator: Validator,
    tried: usize,
    accepted: usize,
}

impl Both {
    fn new(format: Format) -> Self {
        let schema = match format {
            Format::Action => action_format::action_schema(),
            Format::Project => action_format::project_schema(),
        };
        let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
        Self {
            format,
            validator,
            tried: 0,
            accepted: 0,
        }
    }

    /// The errors of the reader that count.
    fn read(&self, text: &str) -> Vec<String> {
        let diagnostics = match self.format {
            Format::Action => action_format::read_actions(text, FileId::DETACHED, "s").diagnostics,
            Format::Project => action_format::read_project(text, FileId::DETACHED).diagnostics,
        };
        let exempt = |code: &str, message: &str| {
            EXEMPT
                .iter()
                .any(|(exempt, part)| code == *exempt && message.contains(part))
        };
        diagnostics
            .iter()
            .filter(|it| it.is_error() && !exempt(it.rule.code, &it.message))
            .map(|it| format!("{}: {}", it.rule.code, it.message))
            .collect()
    }

    /// Whether both accept the document, or what they disagree about.
    fn agree(&mut self, document: &Value) -> Result<bool, String> {
        let text = document.to_string();
        let read = self.read(&text);
        self.tried += 1;
        self.accepted += usize::from(read.is_empty());
        if read.is_empty() == self.validator.is_valid(document) {
            return Ok(read.is_empty());
        }
        let refused: Vec<String> = self
            .validator
            .iter_errors(document)
            .map(|error| format!("{error} at {}", error.schema_path()))
            .collect();
        Err(format!(
            "{text}\n  reader: {read:#?}\n  schema: {refused:#?}"
        ))
    }

    fn assert(&mut self, document: &Value) {
        let difference = self.agree(document).err().unwrap_or_default();
        assert!(difference.is_empty(), "{difference}");
    }

    fn report(&self, what: &str) {
        println!(
            "{what}: {} documents, {} accepted",
            self.tried, self.accepted
        );
        assert!(
            self.accepted > 0 && self.accepted < self.tried,
            "it cannot fail"
        );
    }
}

fn parsed(texts: &[&str]) -> Vec<Value> {
    texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("a sample is JSON"))
        .collect()
}

/// Fields with values that fit them.
type Fields = Vec<(&'static str, Vec<Value>)>;

/// Each format with its samples and fields.
fn formats() -> [(Both, Vec<Value>, Fields); 2] {
    [
        (Both::new(Format::Action), parsed(ACTIONS), action_fields()),
        (
            Both::new(Format::Project),
            parsed(PROJECTS),
            project_fields(),
        ),
    ]
}

#[test]
fn samples_are_accepted_by_both() {
    for (mut both, samples, _) in formats() {
        for sample in samples {
            let read = both.read(&sample.to_string());
            assert_eq!(both.agree(&sample), Ok(true), "{sample} {read:?}");
        }
    }
}

#[test]
fn the_fields_of_both_are_the_same() {
    let properties = |schema: &Value, pointer: &str| -> Vec<String> {
        let fields = schema.pointer(pointer).and_then(Value::as_object);
        fields.expect("properties").keys().cloned().collect()
    };
    let names = |fields: Vec<(&str, Vec<Value>)>| -> Vec<String> {
        fields
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let action = action_format::action_schema();
    assert_eq!(
        properties(&action, "/$defs/Action/properties"),
        names(action_fields())
    );
    let project = action_format::project_schema();
    assert_eq!(properties(&project, "/properties"), names(project_fields()));
}

#[test]
fn every_single_change_is_judged_alike() {
    for (mut both, samples, fields) in formats() {
        for sample in &samples {
            for path in paths(sample) {
                both.assert(&changed(sample, &path, Change::Remove));
                both.assert(&changed(sample, &path, Change::Rename("xyz")));
                for value in parsed(JUNK).into_iter().chain(words()) {
                    both.assert(&changed(sample, &path, Change::Replace(value)));
                }
            }
            for (name, values) in &fields {
                for value in values.iter().cloned().chain(parsed(JUNK)) {
                    both.assert(&changed(sample, &[], Change::Add(name, value)));
                }
            }
        }
        both.report("single changes");
    }
}

#[test]
fn every_pair_of_fields_is_judged_alike() {
    for (mut both, samples, fields) in formats() {
        for base in samples.iter().take(4) {
            for (index, (one, one_values)) in fields.iter().enumerate() {
                for (other, other_values) in fields.iter().skip(index + 1) {
                    for value in one_values {
                        let with_one = changed(base, &[], Change::Add(one, value.clone()));
                        for value in other_values {
                            both.assert(&changed(
                                &with_one,
                                &[],
                                Change::Add(other, value.clone()),
                            ));
                        }
                    }
                }
            }
        }
        both.report("pairs of fields");
    }
}

#[test]
fn random_changes_are_judged_alike() {
    let cases = std::env::var("ACTIONC_CASES")
        .ok()
        .and_then(|it| it.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(500),
        failure_persistence: None,
        ..Config::default()
    };
    for (both, samples, fields) in formats() {
        let both = std::cell::RefCell::new(both);
        let values: Vec<Value> = parsed(JUNK)
            .into_iter()
            .chain(words())
            .chain(fields.iter().flat_map(|(_, values)| values.clone()))
            .collect();
        let names: Vec<&'static str> = fields.iter().map(|(name, _)| *name).collect();
        let step = (
            0_u8..10,
            any::<prop::sample::Index>(),
            prop::sample::select(values),
            prop::sample::select(names),
        );
        let strategy = (
            prop::sample::select(samples),
            prop::collection::vec(step, 1..5),
        );
        TestRunner::new(config.clone())
            .run(&strategy, |(sample, steps)| {
                let mut document = sample;
                for (kind, index, value, name) in steps {
                    let paths = paths(&document);
                    let fallback = [];
                    let path = paths.get(index.index(paths.len().max(1)));
                    let path = path.map_or(&fallback[..], Vec::as_slice);
                    let own = fields.iter().find(|(field, _)| *field == name);
                    let fitting = own.and_then(|(_, values)| {
                        (!values.is_empty()).then(|| values[index.index(values.len())].clone())
                    });
                    let change = match kind {
                        0 => Change::Remove,
                        1 => Change::Rename(name),
                        2 | 3 => Change::Replace(value),
                        4 => Change::Add(name, value),
                        _ => Change::Add(name, fitting.unwrap_or(value)),
                    };
                    let root = matches!(change, Change::Add(..));
                    document = changed(&document, if root { &[] } else { path }, change);
                }
                both.borrow_mut()
                    .agree(&document)
                    .map_err(TestCaseError::fail)?;
                Ok(())
            })
            .unwrap_or_else(|failure| panic!("{failure}"));
        both.borrow().report("random changes");
    }
}

/// Each condition between fields is needed: without it, some document above is judged otherwise.
#[test]
fn no_condition_is_idle() {
    let [(both, samples, fields), _] = formats();
    let mut documents = Vec::new();
    for sample in &samples {
        for (name, values) in &fields {
            for value in values {
                let one = changed(sample, &[], Change::Add(name, value.clone()));
                for path in paths(&one) {
                    documents.push(changed(&one, &path, Change::Remove));
                }
                documents.push(one);
            }
        }
    }
    // Less of a schema accepts more, so only what is refused can tell.
    let refused: Vec<Value> = documents
        .into_iter()
        .filter(|it| !both.validator.is_valid(it))
        .collect();
    let schema = action_format::action_schema();
    let pointer = "/$defs/Action/allOf";
    let count = schema
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    assert!(count > 10, "the conditions are no longer at {pointer}");
    for index in 0..count {
        let mut schema = schema.clone();
        let conditions = schema.pointer_mut(pointer).and_then(Value::as_array_mut);
        let removed = conditions.expect("the conditions").remove(index);
        let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
        let noticed = refused.iter().any(|it| validator.is_valid(it));
        assert!(noticed, "nothing needs {removed}");
    }
    println!("{count} conditions, {} refused documents", refused.len());
}
