//! Features that the format knows and the compiler does not have yet: refused where they are used,
//! never dropped.

use diagnostics::{Diagnostic, Level, Rule, Span};

use super::{Field, Fields, Reader};

/// A field or form whose feature is not built yet.
pub static FEATURE_NOT_BUILT: Rule = Rule {
    code: "feature-not-built",
    summary: "a part of the format that this version does not compile yet",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/feature-not-built.md"),
};

/// Refuses a form at its place.
pub(crate) fn refuse(cx: &mut Reader<'_>, place: Span, what: &str, help: &str) {
    cx.report(
        Diagnostic::new(
            &FEATURE_NOT_BUILT,
            place,
            format!("{what} is not built yet"),
        )
        .help(help),
    );
}

/// Refuses the fields of `table` that are there; each comes with what to do meanwhile.
pub(crate) fn refuse_fields(cx: &mut Reader<'_>, fields: &Fields<'_>, table: &[(&str, &str)]) {
    for (name, help) in table {
        if let Some(Field { key, .. }) = fields.get(name) {
            let place = cx.place(key);
            refuse(cx, place, &format!("`{name}`"), help);
        }
    }
}
