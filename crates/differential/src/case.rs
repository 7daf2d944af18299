//! One case: what the checker says, what the evaluators do, and what that means.

use std::cell::OnceCell;

use diagnostics::{FileId, TextRange};
use jsonnet_check::{
    Checked, Profile, Signature, Ty, candidates, check, from_schema, inputs, json_schema,
};
use jsonnet_syntax::{ExprKind, Field, FieldName, Member, Symbol};
use serde_json::Value;

use crate::judge::{Judge, Outcome, ProcessJudge, of_all};
use crate::program::{Style, program};
use crate::random::Random;
use crate::schema::{self, Mode, Spoken, sample};
use crate::shape::{LARGEST, Shape};
use crate::tally::is_imprecision;

/// A schema, a program, inputs.
#[derive(Clone, Debug)]
pub struct Case {
    /// What inputs are.
    pub shape: Shape,
    /// The same as a JSON Schema.
    pub schema: Value,
    /// The program.
    pub program: String,
    /// Inputs that conform.
    pub inputs: Vec<Value>,
}

/// What the checker said and what happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The parser refuses the text, with this code.
    Unreadable(&'static str),
    /// Accepted, and no input makes it fail.
    Sound,
    /// Accepted, and fails.
    Unsound(Finding),
    /// Accepted, and an output is not of the type that was foretold.
    Mistyped(Finding),
    /// Accepted, and an evaluator gave up.
    Undecided(Finding),
    /// Rejected, and some input makes it fail; whether one is among those that a user would be shown.
    Right(Vec<&'static str>, bool),
    /// Rejected, and no input was found that makes it fail, although some reach the place.
    Imprecise(Vec<&'static str>, Finding),
    /// Rejected for a place that no input was found to reach.
    Unreached(Vec<&'static str>, Finding),
}

impl Verdict {
    /// Whether another judge may know better: what evaluators do differently looks like a mistake of
    /// the checker. What it says it could not prove is no mistake.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match self {
            Self::Unsound(_) | Self::Mistyped(_) | Self::Undecided(_) => true,
            Self::Imprecise(codes, _) | Self::Unreached(codes, _) => is_imprecision(codes),
            Self::Unreadable(_) | Self::Sound | Self::Right(..) => false,
        }
    }
}

/// What a person needs to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// An input.
    pub input: Value,
    /// What an evaluator or the checker says.
    pub message: String,
}

/// Further inputs that are tried on what is rejected.
const MORE_INPUTS: usize = 180;
/// Small values of the checker's own type that are tried too.
const CANDIDATES: usize = 150;
/// Inputs that are likely to fail where the checker says, which are tried on what is rejected.
const LIKELY: usize = 200;
/// Of those, the ones that are tried when a user waits.
const WITNESSES: usize = 48;

impl Case {
    /// The case of that number.
    #[must_use]
    pub fn random(seed: u64, number: u64, inputs: usize) -> Self {
        let random = &mut Random::of_case(seed, number);
        let shape = schema::input(random);
        let schema = schema::json_schema(&shape, random);
        let style = Style::draw(random);
        let program = program(&shape, style, random);
        let spoken = spoken(&program);
        let inputs = (0..inputs).map(|at| sample(&shape, Mode::of(at), &spoken, random));
        Self {
            inputs: inputs.collect(),
            shape,
            schema,
            program,
        }
    }

    /// The type that the checker makes of the schema.
    #[must_use]
    pub fn ty(&self) -> Ty {
        from_schema(&self.schema)
    }

    /// What the checker says of the program.
    pub fn check(&self) -> Result<Checked, &'static str> {
        checked(&self.program, &self.ty())
    }

    /// Judges the case.
    pub fn judge(&self, judge: &mut dyn Judge) -> Verdict {
        let checked = match self.check() {
            Ok(checked) => checked,
            Err(code) => return Verdict::Unreadable(code),
        };
        if checked.is_accepted() {
            return self.accepted(&checked, judge);
        }
        let errors: Vec<_> = checked
            .diagnostics
            .iter()
            .filter(|it| it.is_error())
            .collect();
        let mut codes: Vec<&'static str> = errors.iter().map(|it| it.rule.code).collect();
        codes.dedup();
        let further = Further::of(self, &checked);
        if self.fails(judge, &further, &codes) {
            let witnessed = self.has_witness(&checked, judge);
            return Verdict::Right(codes, witnessed);
        }
        let Some(first) = errors.first() else {
            return Verdict::Right(codes, false);
        };
        let place = first.primary.range;
        let text = place.of(&self.program);
        let finding = Finding {
            input: Value::Null,
            message: format!("[{}] {} at `{text}`", first.rule.code, first.message),
        };
        // What could not be proven is counted apart, wherever it stands.
        if !is_imprecision(&codes) || self.reaches(judge, &further, place) {
            Verdict::Imprecise(codes, finding)
        } else {
            Verdict::Unreached(codes, finding)
        }
    }

    /// The verdict when another judge has the last word on one that is in doubt.
    #[must_use]
    pub fn confirmed(&self, verdict: Verdict, judge: &mut dyn Judge) -> Verdict {
        let (Verdict::Imprecise(codes, _) | Verdict::Unreached(codes, _)) = &verdict else {
            return self.judge(judge);
        };
        let Ok(checked) = self.check() else {
            return verdict;
        };
        // Which place is reached they see alike.
        match self.fails(judge, &Further::of(self, &checked), codes) {
            true => Verdict::Right(codes.clone(), self.has_witness(&checked, judge)),
            false => verdict,
        }
    }

    /// Whether some input makes the program evaluate what stands at that place.
    fn reaches(&self, judge: &mut dyn Judge, further: &Further<'_>, place: TextRange) -> bool {
        let parsed = jsonnet_syntax::parse(&self.program, FileId::DETACHED);
        let around =
            |it: &&jsonnet_syntax::Expr| it.range.start <= place.start && place.end <= it.range.end;
        let exprs = parsed.program.exprs().iter();
        let Some(expr) = exprs
            .filter(around)
            .min_by_key(|it| it.range.end - it.range.start)
        else {
            return true;
        };
        let range = expr.range.to_usize();
        let mut program = self.program.clone();
        program.replace_range(range, &format!("(error '{HERE}')"));
        let inputs = [self.inputs.as_slice(), further.inputs()].concat();
        inputs.chunks(64).any(|it| is_here(judge, &program, it))
    }

    fn accepted(&self, checked: &Checked, judge: &mut dyn Judge) -> Verdict {
        let outcomes = judge.judge(&self.program, &self.inputs);
        let mut undecided = None;
        let finding = |input: &Value, message: &str| Finding {
            input: input.clone(),
            message: message.to_owned(),
        };
        // A program without an end has none for any input; where some end, the depth depends on
        // data, of which nothing is promised.
        let ends = outcomes.iter().any(|it| matches!(it, Outcome::Value(_)));
        for (input, outcome) in self.inputs.iter().zip(&outcomes) {
            match outcome {
                Outcome::Failed(message) if ends && message.contains("stack frames") => {
                    undecided = Some(finding(input, message));
                }
                Outcome::Failed(message) => return Verdict::Unsound(finding(input, message)),
                Outcome::Undecided(message) => undecided = Some(finding(input, message)),
                Outcome::Value(_) | Outcome::UserError(_) => {}
            }
        }
        let schema = json_schema(&checked.result);
        if let Ok(validator) = jsonschema::validator_for(&schema) {
            for (input, outcome) in self.inputs.iter().zip(&outcomes) {
                if let Outcome::Value(output) = outcome
                    && !validator.is_valid(output)
                {
                    let ty = checked.result.to_full_string();
                    let message = format!("gives {output}, foretold was {ty}");
                    return Verdict::Mistyped(finding(input, &message));
                }
            }
        }
        match undecided {
            Some(finding) => Verdict::Undecided(finding),
            None => Verdict::Sound,
        }
    }

    /// Whether some input makes the program fail; more are tried than the case has. Where all that
    /// is said is that an assertion never holds, no input may give an output.
    fn fails(&self, judge: &mut dyn Judge, further: &Further<'_>, codes: &[&str]) -> bool {
        if codes == ["failed-assertion"] {
            let outcomes = judge.judge(&self.program, &self.inputs);
            return outcomes.iter().all(|it| !matches!(it, Outcome::Value(_)));
        }
        judge.first_failure(&self.program, &self.inputs).is_some()
            || judge
                .first_failure(&self.program, further.inputs())
                .is_some()
    }

    /// An input that makes the program fail, and how.
    pub fn failure(&self, judge: &mut dyn Judge) -> Finding {
        let mut inputs = self.inputs.clone();
        if let Ok(checked) = self.check() {
            inputs.extend_from_slice(Further::of(self, &checked).inputs());
        }
        let failed = inputs.iter().find_map(|it| {
            let one = std::slice::from_ref(it);
            let failure = judge.first_failure(&self.program, one)?;
            Some(Finding {
                input: it.clone(),
                message: failure.1,
            })
        });
        failed.unwrap_or_else(|| Finding {
            input: Value::Null,
            message: "fails on no input".to_owned(),
        })
    }

    /// Whether one of the inputs among which a user's witness is looked for makes the program fail.
    fn has_witness(&self, checked: &Checked, judge: &mut dyn Judge) -> bool {
        let tried = self.tried(checked, WITNESSES);
        judge.first_failure(&self.program, &tried).is_some()
    }

    /// So many of the inputs among which a witness is looked for.
    fn tried(&self, checked: &Checked, limit: usize) -> Vec<Value> {
        let Ok(validator) = validator(&self.schema) else {
            return Vec::new();
        };
        let parsed = jsonnet_syntax::parse(&self.program, FileId::DETACHED);
        let failing = &checked.failing;
        inputs(&parsed.program, &self.ty(), failing, limit, |it| {
            validator.is_valid(it)
        })
    }
}

/// Further inputs of a case, made when they are asked for, and once.
struct Further<'c> {
    case: &'c Case,
    checked: &'c Checked,
    inputs: OnceCell<Vec<Value>>,
}

impl<'c> Further<'c> {
    const fn of(case: &'c Case, checked: &'c Checked) -> Self {
        Self {
            case,
            checked,
            inputs: OnceCell::new(),
        }
    }

    /// Small values of the checker's type that conform.
    fn candidates(&self) -> Vec<Value> {
        let Ok(validator) = validator(&self.case.schema) else {
            return Vec::new();
        };
        let small = candidates(&self.case.ty(), CANDIDATES).into_iter();
        small.filter(|it| validator.is_valid(it)).collect()
    }

    fn inputs(&self) -> &[Value] {
        self.inputs.get_or_init(|| {
            let mut random = Random::new(self.case.program.len() as u64);
            let spoken = spoken(&self.case.program);
            let mut draw = |at| sample(&self.case.shape, Mode::of(at), &spoken, &mut random);
            let mut inputs: Vec<Value> = (0..MORE_INPUTS).map(&mut draw).collect();
            inputs.extend(self.candidates());
            inputs.extend(self.case.tried(self.checked, LIKELY));
            inputs
        })
    }
}

/// What a program says when it comes to the place that is looked for.
const HERE: &str = "cancel: here";

/// Whether a program says [`HERE`] for one of the inputs: it is called with all of them at once, and
/// with each half of them where another error comes first.
fn is_here(judge: &mut dyn Judge, program: &str, inputs: &[Value]) -> bool {
    let outcome = if let [one] = inputs {
        judge.judge(program, std::slice::from_ref(one)).pop()
    } else {
        let together = [Value::Array(inputs.to_vec())];
        judge.judge(&of_all(program), &together).pop()
    };
    match outcome {
        Some(Outcome::UserError(message) | Outcome::Failed(message)) if message.contains(HERE) => {
            true
        }
        Some(Outcome::Value(_)) | None => false,
        Some(_) if inputs.len() < 2 => false,
        Some(_) => {
            let (before, after) = inputs.split_at(inputs.len() / 2);
            is_here(judge, program, before) || is_here(judge, program, after)
        }
    }
}

/// The drafts differ in how tuples are written, and no schema here names its own.
fn validator(schema: &Value) -> Result<jsonschema::Validator, jsonschema::ValidationError<'_>> {
    jsonschema::validator_for(schema).or_else(|_| jsonschema::draft7::new(schema))
}

/// What a program speaks of.
fn spoken(program: &str) -> Spoken {
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let program = &parsed.program;
    let mut spoken = Spoken::default();
    for expr in program.exprs() {
        let symbols = match &expr.kind {
            ExprKind::Number(number) => {
                let is_usual = *number == 0.0 || (1e-9..LARGEST).contains(&number.abs());
                if is_usual && !spoken.numbers.contains(number) {
                    spoken.numbers.push(*number);
                }
                continue;
            }
            ExprKind::String(symbol) => vec![*symbol],
            ExprKind::Member { name, .. } => vec![name.symbol],
            ExprKind::Object(members) => names_of(members),
            _ => continue,
        };
        for text in symbols.into_iter().map(|it| program.text(it)) {
            // go-jsonnet's binding ends an error's text at U+0000.
            let is_usual = text.len() < 32 && !text.contains('\0');
            if is_usual && !spoken.texts.iter().any(|it| it == text) {
                spoken.texts.push(text.to_owned());
            }
        }
    }
    spoken
}

/// The names of members that are written as such.
fn names_of(members: &[Member]) -> Vec<Symbol> {
    let fixed = members.iter().filter_map(|it| match it {
        Member::Field(Field {
            name: FieldName::Fixed(name),
            ..
        }) => Some(name.symbol),
        _ => None,
    });
    fixed.collect()
}

/// What the checker says of a program, if the parser can read it.
pub(crate) fn checked(program: &str, ty: &Ty) -> Result<Checked, &'static str> {
    checked_under(program, ty, Profile::default())
}

/// The same under a profile.
pub(crate) fn checked_under(
    program: &str,
    ty: &Ty,
    profile: Profile,
) -> Result<Checked, &'static str> {
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    if let Some(first) = parsed.diagnostics.iter().find(|it| it.is_error()) {
        return Err(first.rule.code);
    }
    let signature = Signature {
        args: vec![("ctx".into(), ty.clone())],
        profile,
    };
    Ok(check(&parsed, &signature))
}

impl Case {
    /// A smaller case that comes to the same, of so many that are tried, and what was found of it.
    pub fn shrunk(
        &self,
        verdict: &Verdict,
        trials: usize,
        quick: &mut ProcessJudge,
        mut last: Option<&mut ProcessJudge>,
    ) -> (Self, Option<Finding>) {
        let same = |other: &Verdict| match (verdict, other) {
            (Verdict::Imprecise(codes, _), Verdict::Imprecise(other, _))
            | (Verdict::Unreached(codes, _), Verdict::Unreached(other, _)) => {
                codes.first() == other.first()
            }
            (Verdict::Right(codes, witnessed), Verdict::Right(other, also)) => {
                codes.first() == other.first() && witnessed == also
            }
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        let mut small = self.clone();
        // Failures need one input, what never fails is tried on many.
        if let Verdict::Unsound(it) | Verdict::Mistyped(it) | Verdict::Undecided(it) = verdict {
            small.inputs = vec![it.input.clone()];
        }
        let mut case = small.clone();
        // Where both judges see it, the quick one is asked first.
        let is_quick = same(&self.judge(quick));
        let mut is_same = |case: &Self| {
            (!is_quick || same(&case.judge(quick)))
                && last
                    .as_mut()
                    .is_none_or(|last| same(&case.judge(&mut **last)))
        };
        small.program = crate::shrink::shrink(&self.program, trials, &mut |program| {
            case.program = program.to_owned();
            is_same(&case)
        });
        // Members that the program does not speak of.
        let mut case = small.clone();
        case.shape = pruned(&case.shape, &small.program);
        case.schema = schema::json_schema(&case.shape, &mut Random::new(7));
        case.inputs = small
            .inputs
            .iter()
            .map(|it| without(it, &small.program))
            .collect();
        let valid = validator(&case.schema)
            .is_ok_and(|it| case.inputs.iter().all(|input| it.is_valid(input)));
        if valid && is_same(&case) {
            small = case;
        }
        let found = match small.judge(last.unwrap_or(quick)) {
            Verdict::Unsound(it)
            | Verdict::Mistyped(it)
            | Verdict::Undecided(it)
            | Verdict::Imprecise(_, it)
            | Verdict::Unreached(_, it) => Some(it),
            _ => None,
        };
        (small, found)
    }
}

fn pruned(shape: &Shape, program: &str) -> Shape {
    use crate::shape::{Member, Rest};
    match shape {
        Shape::Object(members, rest) => {
            let members = members.iter().filter(|it| program.contains(&it.name));
            let members = members.map(|it| Member {
                shape: pruned(&it.shape, program),
                ..it.clone()
            });
            let rest = match rest {
                Rest::Map(value) => Rest::Map(Box::new(pruned(value, program))),
                other => other.clone(),
            };
            Shape::Object(members.collect(), rest)
        }
        Shape::List(item, least, most) => {
            Shape::List(Box::new(pruned(item, program)), *least, *most)
        }
        Shape::Tuple(items) => Shape::Tuple(items.iter().map(|it| pruned(it, program)).collect()),
        Shape::Either(all) => Shape::Either(all.iter().map(|it| pruned(it, program)).collect()),
        other => other.clone(),
    }
}

fn without(value: &Value, program: &str) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| program.contains(name.as_str()))
            .map(|(name, value)| (name.clone(), without(value, program)))
            .collect(),
        Value::Array(items) => items.iter().map(|it| without(it, program)).collect(),
        other => other.clone(),
    }
}
