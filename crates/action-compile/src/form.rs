//! Form bodies: what Kratos encodes as a form must be an object of strings.
//!
//! Invariant: each guilty member is one finding, at its value where the text shows it.

use diagnostics::{Applicability, Diagnostic, Edit, Fix, Level, Rule, Span, TextRange};
use jsonnet_check::{Checked, Kinds, Ty};
use jsonnet_syntax::{ExprId, ExprKind, FieldName, Member, Program};

/// A form body whose result Kratos cannot encode.
pub(crate) static FORM_BODY_NOT_STRINGS: Rule = Rule {
    code: "form-body-not-strings",
    summary: "a form body that is not an object of strings",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/form-body-not-strings.md"),
};

/// What Kratos cannot encode of the result of a form body.
///
/// It decodes the result into a map of strings; null becomes the empty one (`request/builder.go`).
pub(crate) fn findings(program: &Program, checked: &Checked) -> Vec<Diagnostic> {
    let root = program.root();
    let result = &checked.result;
    if result.is_poison() {
        return Vec::new();
    }
    let objects = Kinds {
        shapes: result.kinds().shapes.clone(),
        ..Kinds::default()
    };
    let whole = || {
        let message = format!("a form body is {result}, expected an object of strings");
        let finding = Diagnostic::new(&FORM_BODY_NOT_STRINGS, program.span(root), message);
        vec![finding.help("return an object of strings, or send JSON")]
    };
    if !only(result.kinds(), &objects) {
        return whole();
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for shape in &result.kinds().shapes {
        if shape.rest.as_ref().is_some_and(|ty| !is_string(ty)) {
            return whole();
        }
        for (name, field) in shape.present().filter(|(_, field)| !is_string(&field.ty)) {
            let Some(value) = value_of(program, root, name) else {
                return whole();
            };
            let span = program.span(value);
            if found.iter().all(|it| it.primary != span) {
                found.push(of_member(name, &field.ty, span));
            }
        }
    }
    found
}

fn of_member(name: &str, ty: &Ty, span: Span) -> Diagnostic {
    let message = format!("the member `{name}` of a form body is {ty}, expected a string");
    let mut finding = Diagnostic::new(&FORM_BODY_NOT_STRINGS, span, message)
        .help("turn it into a string with `std.toString`, or send JSON");
    let insert = |at: u32, text: &str| Edit {
        span: TextRange::empty(at as usize).in_file(span.file),
        new_text: text.to_owned(),
    };
    finding.fixes.push(Fix {
        title: "turn it into a string".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![
            insert(span.range.start, "std.toString("),
            insert(span.range.end, ")"),
        ],
    });
    finding
}

fn is_string(ty: &Ty) -> bool {
    let strings = Kinds {
        text: ty.kinds().text.clone(),
        null: ty.kinds().null,
        ..Kinds::default()
    };
    ty.is_poison() || only(ty.kinds(), &strings)
}

/// Whether a type holds no kind of value that the other does not.
fn only(kinds: &Kinds, allowed: &Kinds) -> bool {
    let Kinds {
        null,
        bools,
        number,
        text,
        array,
        shapes,
        unknown,
        ..
    } = kinds;
    !unknown
        && (!null || allowed.null)
        && bools == &[false, false]
        && number.is_none()
        && array.is_none()
        && (text.is_none() || allowed.text.is_some())
        && (shapes.is_empty() || !allowed.shapes.is_empty())
}

/// The value of a member of the object that an expression ends in, where it is written there.
/// Recursion is bounded by the nesting that the parser allows.
fn value_of(program: &Program, expr: ExprId, wanted: &str) -> Option<ExprId> {
    let of = |expr: ExprId| value_of(program, expr, wanted);
    match &program.expr(expr).kind {
        ExprKind::Parens(inner) => of(*inner),
        ExprKind::Function { body, .. } | ExprKind::Local { body, .. } => of(*body),
        ExprKind::Assert { rest, .. } => of(*rest),
        ExprKind::If {
            then, otherwise, ..
        } => of(*then).or_else(|| of((*otherwise)?)),
        ExprKind::Binary { left, right, .. } => of(*right).or_else(|| of(*left)),
        ExprKind::ApplyBrace { target, object } => of(*object).or_else(|| of(*target)),
        ExprKind::Object(members) => members.iter().find_map(|member| {
            let Member::Field(field) = member else {
                return None;
            };
            let is_wanted = match field.name {
                FieldName::Fixed(name) => program.text(name.symbol) == wanted,
                FieldName::Computed(name) => ends_in(program, name, wanted),
            };
            is_wanted.then_some(field.value)
        }),
        _ => None,
    }
}

/// Whether a computed name is that string, perhaps under a condition.
fn ends_in(program: &Program, expr: ExprId, wanted: &str) -> bool {
    match &program.expr(expr).kind {
        ExprKind::Parens(inner) => ends_in(program, *inner, wanted),
        ExprKind::String(text) => program.text(*text) == wanted,
        ExprKind::If {
            then, otherwise, ..
        } => {
            ends_in(program, *then, wanted)
                || otherwise.is_some_and(|it| ends_in(program, it, wanted))
        }
        _ => false,
    }
}
