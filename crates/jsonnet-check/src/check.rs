//! The entry: a program, the types of its arguments, and what its sandbox offers.

use std::{fmt, sync::Arc};

use diagnostics::{Diagnostic, Span};
use jsonnet_syntax::{ExprKind, Parsed};

use crate::{
    eval::{Checker, MAX_DEPTH, SHALLOW_DEPTH},
    rules,
    ty::{Annotation, Field, Shape, Ty},
    value::{Outcomes, Value},
    world::WorldId,
};

/// Holds [`MAX_DEPTH`] evaluations inside each other in a build without optimisation.
const DEEP_STACK: usize = 64 << 20;

/// Findings of one program; who reads a hundred does not read more.
const MAX_DIAGNOSTICS: usize = 100;

/// A release of go-jsonnet's standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum StdVersion {
    /// 0.20
    V0_20,
    /// 0.21
    #[default]
    V0_21,
    /// 0.22
    V0_22,
}

impl fmt::Display for StdVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V0_20 => "0.20",
            Self::V0_21 => "0.21",
            Self::V0_22 => "0.22",
        })
    }
}

/// What the evaluator offers.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Which standard library there is.
    pub std_version: StdVersion,
    /// Whether `std.extVar` finds anything; then its value is unknown.
    pub external_variables: bool,
    /// Whether `std.native` finds anything.
    pub native_functions: bool,
    /// Whether `std.trace` is welcome.
    pub trace: bool,
}

/// What the program is given and where it runs.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// The named arguments of the program, with their types.
    pub args: Vec<(Arc<str>, Ty)>,
    /// What the evaluator offers.
    pub profile: Profile,
}

/// A member that carries an annotation and is read on a feasible path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its name.
    pub name: Arc<str>,
    /// What the caller said of it.
    pub note: Annotation,
    /// Where it is read.
    pub span: Span,
}

/// An `error` or a failed assertion of the program that some input reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// Its text, where it is known.
    pub text: Option<Arc<str>>,
    /// Where it is raised.
    pub span: Span,
}

/// A member of the output, by the path to it, and an annotation that its value carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The names on the way from the whole output; `[]` stands for any element.
    pub path: Vec<Arc<str>>,
    /// What the caller said of the input that flows there.
    pub note: Annotation,
}

/// What the caller's own rules are written over.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Reads of annotated members, in the order of the text.
    pub reads: Vec<Read>,
    /// The errors of the program itself that can be reached.
    pub errors: Vec<UserError>,
    /// The annotations that reach each member of the output.
    pub flows: Vec<Flow>,
}

/// On which arguments an error happens.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Where the error is reported.
    pub place: Span,
    /// Its code.
    pub code: &'static str,
    /// The types of the arguments on the way to the error, in the order of the signature, with the
    /// guilty value narrowed to what fails; one list for each case. What is known of computed
    /// values is not in them, so that a value of these types mostly fails, and need not.
    pub inputs: Vec<Vec<Ty>>,
}

/// What checking gives.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The type of the output; [`Ty::Poison`] where errors left nothing to say.
    pub result: Ty,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// On which arguments the errors happen, in the same order: where to look for a witness.
    pub failing: Vec<Failing>,
    /// What the caller's rules need beside them.
    pub report: Report,
}

impl Checked {
    /// Whether no input that conforms can make the program fail, its own `error` aside.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Checks a program against the types of its arguments. The parser's diagnostics are not repeated;
/// a program that they say cannot be read is not evaluated.
#[must_use]
pub fn check(parsed: &Parsed, signature: &Signature) -> Checked {
    if let Some(checked) = check_within(parsed, signature, SHALLOW_DEPTH) {
        return checked;
    }
    // Deep recursion needs more stack than a caller may have left.
    let deep = || check_within(parsed, signature, MAX_DEPTH);
    let checked = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(DEEP_STACK);
        let thread = builder.spawn_scoped(scope, deep);
        thread.ok().and_then(|it| it.join().ok()).flatten()
    });
    checked.unwrap_or_else(|| {
        let root = parsed.program.root();
        let message = "this recursion is too deep to be followed";
        let span = parsed.program.span(root);
        Checked {
            result: Ty::Poison,
            diagnostics: vec![Diagnostic::new(&rules::CANNOT_PROVE, span, message)],
            failing: Vec::new(),
            report: Report::default(),
        }
    })
}

/// None when evaluation went deeper than `max_depth`, which is less than the most there is.
fn check_within(parsed: &Parsed, signature: &Signature, max_depth: u32) -> Option<Checked> {
    let mut checker = Checker::new(&parsed.program, &signature.profile, max_depth);
    if !parsed.is_checkable {
        return Some(Checked {
            result: Ty::Poison,
            diagnostics: Vec::new(),
            failing: Vec::new(),
            report: checker.report,
        });
    }
    if signature.profile.std_version < StdVersion::V0_22 {
        for range in &parsed.newer_than_0_21 {
            let message = format!(
                "go-jsonnet reads this from 0.22 on, this is {}",
                signature.profile.std_version
            );
            let span = range.in_file(parsed.program.file());
            checker.push(Diagnostic::new(&rules::NEWER_SYNTAX, span, message));
        }
    }
    let root = parsed.program.root();
    let outcomes = checker.run(signature);
    let mut result = Ty::never();
    for outcome in outcomes {
        let ty = checker.manifest(&outcome.value, root, outcome.world);
        let ty = checker.resumed(ty);
        result = result.join(&ty);
    }
    if checker.is_too_deep() && max_depth < MAX_DEPTH {
        return None;
    }
    if checker.gave_up() {
        result = Ty::Poison;
    }
    let is_told = checker.diagnostics.iter().any(Diagnostic::is_error);
    if checker.was_given_up() && !is_told {
        let message = "this could not be followed to its end";
        let span = parsed.program.span(root);
        let diagnostic = Diagnostic::new(&rules::CANNOT_PROVE, span, message);
        checker.diagnostics.push(diagnostic);
    }
    let mut report = std::mem::take(&mut checker.report);
    report.reads.sort_by_key(|it| it.span.range.start);
    flows(&result, &mut Vec::new(), &mut report.flows, &mut 20_000);
    let mut diagnostics = std::mem::take(&mut checker.diagnostics);
    diagnostics.sort_by(|a, b| {
        let key = |it: &Diagnostic| (it.primary.range.start, it.primary.range.end, it.rule.code);
        key(a).cmp(&key(b))
    });
    let failing = checker.failing(&diagnostics, signature.args.len());
    keep_few(&mut diagnostics);
    Some(Checked {
        result,
        diagnostics,
        failing,
        report,
    })
}

/// Leaves the first [`MAX_DIAGNOSTICS`], errors before all others, and says in the last how many
/// went.
fn keep_few(diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS);
    if more == 0 {
        return;
    }
    let errors = diagnostics.iter().filter(|it| it.is_error()).count();
    let mut others = MAX_DIAGNOSTICS.saturating_sub(errors);
    diagnostics.retain(|it| {
        let is_kept = it.is_error() || others > 0;
        others -= usize::from(is_kept && !it.is_error());
        is_kept
    });
    diagnostics.truncate(MAX_DIAGNOSTICS);
    if let Some(last) = diagnostics.last_mut() {
        let join = if last.annotation.is_empty() { "" } else { "; " };
        last.annotation += &format!("{join}{more} more findings in this program are not shown");
    }
}

impl Checker<'_> {
    /// Evaluates the program and calls it with its arguments.
    fn run(&mut self, signature: &Signature) -> Outcomes {
        let root = self.program.root();
        let mut world = self.start;
        let mut args = Vec::new();
        for (name, ty) in &signature.args {
            let root = self
                .worlds
                .new_root(Some(name), crate::value::no_elements());
            let Some(bound) = self.worlds.bind(world, root, ty.clone()) else {
                return Vec::new();
            };
            world = bound;
            let path = self.worlds.path_of_root(root);
            let thunk = self.value_thunk(Value::Ref(path));
            args.push((name.clone(), thunk));
        }
        self.start = world;
        let values = self.eval(root, Self::GLOBAL, world);
        if args.is_empty() {
            return values;
        }
        self.chain(values, root, |it, value, world| {
            it.enter(&value, &args, world)
        })
    }

    fn enter(
        &mut self,
        value: &Value,
        args: &[(Arc<str>, crate::value::ThunkId)],
        world: WorldId,
    ) -> Outcomes {
        let root = self.program.root();
        let Value::Closure(function, _) = value else {
            if let Value::Builtin(_) = value {
                let message = "a library function cannot be the program";
                self.say(&rules::NO_CTX_PARAMETER, root, message);
                return Self::poison(world);
            }
            let names: Vec<String> = args.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!(
                "this program is no function, so it ignores {}",
                names.join(", ")
            );
            let name = args.first().map_or("ctx", |(name, _)| name);
            let diagnostic = self
                .diagnostic(&rules::NOT_A_FUNCTION, root, message)
                .help(format!("begin with `function({name})`"));
            if !self.is_poison(value, world) {
                self.push(diagnostic);
            }
            return Self::one(world, value.clone());
        };
        let (function, program) = (*function, self.program);
        let ExprKind::Function { params, .. } = &program.expr(function).kind else {
            return Self::poison(world);
        };
        let mut arguments = Vec::new();
        for (name, thunk) in args {
            let is_known = params.iter().any(|it| self.name(it.name.symbol) == *name);
            if is_known {
                arguments.push(crate::eval::Argument {
                    name: Some(name.clone()),
                    thunk: *thunk,
                    place: function,
                    name_range: None,
                });
                continue;
            }
            let span = params.first().map_or_else(
                || self.program.span(function),
                |it| it.name.range.in_file(self.program.file()),
            );
            let message = format!("this function has no parameter `{name}`");
            let mut diagnostic = Diagnostic::new(&rules::NO_CTX_PARAMETER, span, message);
            diagnostic = match params.len() {
                1 => diagnostic.help(format!("name it `{name}`")).fix(
                    format!("rename the parameter to `{name}`"),
                    span,
                    &**name,
                ),
                _ => diagnostic.help(format!("begin with `function({name})`")),
            };
            self.push(diagnostic);
            return Self::poison(world);
        }
        let missing = params.iter().find(|param| {
            param.default.is_none()
                && !args
                    .iter()
                    .any(|(it, _)| *it == self.name(param.name.symbol))
        });
        if let Some(param) = missing {
            let name = self.name(param.name.symbol);
            let span = param.name.range.in_file(self.program.file());
            let message = format!("nothing is given for the parameter `{name}`");
            let diagnostic = Diagnostic::new(&rules::WRONG_CALL, span, message)
                .help(format!("give it a default, as in `{name}=null`"));
            self.push(diagnostic);
            return Self::poison(world);
        }
        self.call(value, &arguments, function, Self::GLOBAL, world)
    }
}

/// Collects the annotations of a type by the paths of the members that carry them.
fn flows(ty: &Ty, path: &mut Vec<Arc<str>>, found: &mut Vec<Flow>, budget: &mut usize) {
    // Values that are shared many times have types of many paths.
    if path.len() > 12 || *budget == 0 {
        return;
    }
    *budget -= 1;
    let kinds = ty.kinds();
    for note in &kinds.notes {
        let flow = Flow {
            path: path.clone(),
            note: note.clone(),
        };
        if !found.contains(&flow) {
            found.push(flow);
        }
    }
    if matches!(ty, Ty::Unknown | Ty::Poison) {
        return;
    }
    if let Some(array) = &kinds.array {
        path.push("[]".into());
        flows(&array.element(), path, found, budget);
        path.pop();
    }
    for shape in &kinds.shapes {
        for (name, field) in Shape::present(shape) {
            path.push(name.clone());
            flows(&field.ty, path, found, budget);
            if let Field {
                note: Some(note), ..
            } = field
            {
                let flow = Flow {
                    path: path.clone(),
                    note: note.clone(),
                };
                if !found.contains(&flow) {
                    found.push(flow);
                }
            }
            path.pop();
        }
        if let Some(rest) = &shape.rest {
            path.push("*".into());
            flows(rest, path, found, budget);
            path.pop();
        }
    }
}
