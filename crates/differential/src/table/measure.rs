//! Holding the checker against the table.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use jsonnet_check::{Profile, StdVersion, Ty, from_schema, json_schema};
use serde_json::{Value, json};

use super::classes::{Class, classes};
use super::{Template, templates};
use crate::case::checked_under;
use crate::judge::{Judge, Outcome};

/// Codes that are not about failures, or say that something could not be shown.
const ASIDE: [&str; 5] = [
    "cannot-prove",
    "unknown-type",
    "failed-assertion",
    "native-unavailable",
    "std-trace",
];

/// Whether each case of each template fails.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<(Template, Vec<bool>)>,
    release: StdVersion,
    found: Found,
}

/// What was found.
#[derive(Clone, Debug, Default)]
struct Found {
    accepted: usize,
    rejected: usize,
    aside: usize,
    unsound: Vec<String>,
    mistyped: Vec<String>,
    imprecise: BTreeMap<String, Vec<String>>,
}

/// How many cases of a template go to one line of the file, by four bits a letter.
const BITS: usize = 4;

impl Table {
    /// The carried outcomes, of go-jsonnet 0.21, of the templates with that text in them.
    #[must_use]
    pub fn carried(only: &str) -> Option<Self> {
        let mut lines = include_str!("outcomes.txt").lines();
        let mut rows = Vec::new();
        for template in templates() {
            let (text, letters) = lines.next()?.split_once('\t')?;
            if text != template.text {
                return None;
            }
            let letters = expanded(letters);
            let bits = letters.chars().flat_map(|it| {
                let digit = it.to_digit(16).unwrap_or_default();
                (0..BITS).map(move |at| digit >> at & 1 == 1)
            });
            let fails: Vec<bool> = bits.take(template.cases()).collect();
            (fails.len() == template.cases()).then_some(())?;
            if template.text.contains(only) {
                rows.push((template, fails));
            }
        }
        Some(Self::new(rows, StdVersion::V0_21))
    }

    const fn new(rows: Vec<(Template, Vec<bool>)>, release: StdVersion) -> Self {
        Self {
            rows,
            release,
            found: Found {
                accepted: 0,
                rejected: 0,
                aside: 0,
                unsound: Vec::new(),
                mistyped: Vec::new(),
                imprecise: BTreeMap::new(),
            },
        }
    }

    /// Asks go-jsonnet for every case, and holds the checker against each.
    pub fn measured(judge: &mut dyn Judge, release: StdVersion, only: &str) -> Self {
        let mut table = Self::new(Vec::new(), release);
        for template in templates() {
            if !template.text.contains(only) {
                continue;
            }
            let mut fails = Vec::new();
            for case in 0..template.cases() {
                let program = template.program(case);
                let outcome = judge.judge(&program, &[Value::Null]).pop();
                let outcome = outcome.unwrap_or_else(|| Outcome::Undecided(String::new()));
                fails.push(outcome.is_failure());
                table.hold(&template, &program, &outcome);
            }
            table.rows.push((template, fails));
        }
        table
    }

    /// Holds the checker against every `step`th case.
    pub fn hold_values(&mut self, step: usize) {
        for (template, fails) in self.rows.clone() {
            for (case, fails) in fails.iter().enumerate().filter(|it| it.0 % step == 0) {
                let outcome = if *fails {
                    Outcome::Failed(String::new())
                } else {
                    Outcome::UserError(String::new())
                };
                self.hold(&template, &template.program(case), &outcome);
            }
        }
    }

    fn hold(&mut self, template: &Template, program: &str, outcome: &Outcome) {
        let Ok(checked) = self.checked(program, &Ty::null()) else {
            // What the parser refuses must fail.
            self.found.rejected += 1;
            if !outcome.is_failure() {
                self.imprecise(template, format!("{program}  unreadable"));
            }
            return;
        };
        let failure = match outcome {
            Outcome::Failed(message) | Outcome::Undecided(message) => Some(message),
            Outcome::Value(_) | Outcome::UserError(_) => None,
        };
        if checked.is_accepted() {
            self.found.accepted += 1;
            if let Some(message) = failure {
                self.found.unsound.push(format!("{program}  {message}"));
            }
            if let Outcome::Value(output) = outcome
                && jsonschema::validator_for(&json_schema(&checked.result))
                    .is_ok_and(|it| !it.is_valid(output))
            {
                let ty = checked.result.to_full_string();
                let line = format!("{program}  gives {output}, foretold was {ty}");
                self.found.mistyped.push(line);
            }
            return;
        }
        self.found.rejected += 1;
        if failure.is_none() {
            self.not_failing(template, program, &checked);
        }
    }

    fn not_failing(
        &mut self,
        template: &Template,
        program: &str,
        checked: &jsonnet_check::Checked,
    ) {
        let mut errors = checked.diagnostics.iter().filter(|it| it.is_error());
        let Some(first) = errors.next() else {
            return;
        };
        if ASIDE.contains(&first.rule.code) || errors.any(|it| ASIDE.contains(&it.rule.code)) {
            self.found.aside += 1;
            return;
        }
        let line = format!("{program}  [{}] {}", first.rule.code, first.message);
        self.imprecise(template, line);
    }

    fn imprecise(&mut self, template: &Template, line: String) {
        let lines = self.found.imprecise.entry(template.text.clone());
        lines.or_default().push(line);
    }

    fn checked(&self, program: &str, ty: &Ty) -> Result<jsonnet_check::Checked, &'static str> {
        let profile = Profile {
            std_version: self.release,
            ..Profile::default()
        };
        checked_under(program, ty, profile)
    }

    /// Holds the checker against inputs of a type in every hole: what it accepts may fail for no
    /// value of the type.
    pub fn hold_types(&mut self, step: usize) {
        let classes = classes();
        for (template, fails) in self.rows.clone() {
            if template.holes == 0 || template.holes > 3 {
                continue;
            }
            let all = classes
                .len()
                .pow(u32::try_from(template.holes).unwrap_or(1));
            for number in (0..all).filter(|it| it % step == 0) {
                self.hold_type(&template, &fails, &classes, number);
            }
        }
    }

    fn hold_type(&mut self, template: &Template, fails: &[bool], classes: &[Class], number: usize) {
        let mut left = number;
        let mut chosen: Vec<&Class> = Vec::new();
        for _ in 0..template.holes {
            chosen.extend(classes.get(left % classes.len()));
            left /= classes.len();
        }
        let names = ["ctx.a", "ctx.b", "ctx.c"];
        let properties: serde_json::Map<String, Value> = ["a", "b", "c"]
            .iter()
            .zip(&chosen)
            .map(|(name, class)| ((*name).to_owned(), class.schema.clone()))
            .collect();
        let required: Vec<&String> = properties.keys().collect();
        let schema = json!({ "type": "object", "required": required, "properties": properties });
        let names = names.get(..template.holes).unwrap_or_default();
        let program = format!("function(ctx) {}", template.filled(names));
        let Ok(checked) = self.checked(&program, &from_schema(&schema)) else {
            return;
        };
        let mut failing = None;
        let mut tried = false;
        for (case, fails) in fails.iter().enumerate() {
            let tuple = template.tuple(case);
            let conforms = tuple
                .iter()
                .zip(&chosen)
                .all(|(at, it)| it.values.contains(at));
            tried |= conforms;
            if conforms && *fails {
                failing = Some(case);
                break;
            }
        }
        if checked.is_accepted() {
            self.found.accepted += 1;
            if let Some(case) = failing {
                let line = format!("{program}  {schema}  {}", template.program(case));
                self.found.unsound.push(line);
            }
            return;
        }
        self.found.rejected += 1;
        if tried && failing.is_none() {
            let shown = format!("{program}  {}", Value::Object(properties));
            self.not_failing(template, &shown, &checked);
        }
    }

    /// Accepted cases that fail, or give what was not foretold.
    #[must_use]
    pub fn broken_promises(&self) -> Vec<&str> {
        let lines = self.found.unsound.iter().chain(&self.found.mistyped);
        lines.map(String::as_str).collect()
    }

    /// Rejected cases that do not fail, of how many that were rejected.
    #[must_use]
    pub fn imprecise_of(&self) -> (usize, usize) {
        let imprecise = self.found.imprecise.values().map(Vec::len).sum();
        (imprecise, self.found.rejected)
    }

    /// How many were accepted.
    #[must_use]
    pub const fn accepted(&self) -> usize {
        self.found.accepted
    }
}

/// The outcomes as `outcomes.txt` has them: a template and a tab, then a bit for each case, set where it
/// fails, four to a letter from the lowest; a letter that is repeated is followed by `*`, how often, `.`.
#[must_use]
pub fn measured_text(table: &Table) -> String {
    let mut text = String::new();
    for (template, fails) in &table.rows {
        let letters: String = fails
            .chunks(BITS)
            .filter_map(|bits| {
                let digit = bits.iter().enumerate().map(|(at, it)| u32::from(*it) << at);
                char::from_digit(digit.sum(), 16)
            })
            .collect();
        let _ = writeln!(text, "{}\t{}", template.text, compact(&letters));
    }
    text
}

fn compact(letters: &str) -> String {
    let mut text = String::new();
    let mut rest = letters;
    while let Some(first) = rest.chars().next() {
        let others = rest.trim_start_matches(first);
        let count = rest.len() - others.len();
        if count > 4 {
            let _ = write!(text, "{first}*{count}.");
        } else {
            text.extend(std::iter::repeat_n(first, count));
        }
        rest = others;
    }
    text
}

fn expanded(text: &str) -> String {
    let mut letters = String::new();
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '*' {
            letters.push(letter);
            continue;
        }
        let count: String = rest.by_ref().take_while(|it| *it != '.').collect();
        if let Some(last) = letters.chars().next_back() {
            let more = count.parse::<usize>().unwrap_or(1).saturating_sub(1);
            letters.extend(std::iter::repeat_n(last, more));
        }
    }
    letters
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (imprecise, rejected) = self.imprecise_of();
        writeln!(
            f,
            "{} accepted, of them {} fail and {} give another type; {rejected} rejected, of them \
             {imprecise} do not fail, and {} more could not be proven or are refused on purpose",
            self.found.accepted,
            self.found.unsound.len(),
            self.found.mistyped.len(),
            self.found.aside,
        )
    }
}

impl Table {
    /// What was found, `show` cases of each template.
    #[must_use]
    pub fn findings(&self, show: usize) -> String {
        let mut text = String::new();
        for (title, lines) in [
            ("unsound", &self.found.unsound),
            ("mistyped", &self.found.mistyped),
        ] {
            for line in lines.iter().take(40 * show) {
                let _ = writeln!(text, "{title}: {line}");
            }
        }
        for (template, lines) in &self.found.imprecise {
            let _ = writeln!(text, "imprecise: {template}: {}", lines.len());
            for line in lines.iter().take(show) {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }
}
