//! The codes of this crate: what go-jsonnet refuses before it evaluates anything.

use diagnostics::{Level, Rule};

macro_rules! rule {
    ($(#[$doc:meta])* $name:ident, $code:literal, $summary:literal, $level:ident) => {
        $(#[$doc])*
        pub static $name: Rule = Rule {
            code: $code,
            summary: $summary,
            level: Level::$level,
            since: "0.1.0",
            page: include_str!(concat!("../diagnostics/", $code, ".md")),
        };
    };
}

rule!(
    /// The text is not Jsonnet.
    JSONNET_SYNTAX,
    "jsonnet-syntax",
    "text that is not Jsonnet",
    Error
);
rule!(
    /// A name that nothing in scope declares.
    UNKNOWN_VARIABLE,
    "unknown-variable",
    "a variable that is declared nowhere in scope",
    Error
);
rule!(
    /// A local or parameter of a named function that is never read.
    UNUSED_VARIABLE,
    "unused-variable",
    "a local that is never read",
    Warning
);
rule!(
    /// Two equal names in one `local`, or among the locals of one object.
    DUPLICATE_LOCAL,
    "duplicate-local",
    "two locals of one name in one place",
    Error
);
rule!(
    /// Two fields of one name in one object.
    DUPLICATE_MEMBER,
    "duplicate-member",
    "two fields of one name in one object",
    Error
);
rule!(
    /// Two parameters of one name: go-jsonnet accepts it and the last one wins.
    DUPLICATE_PARAMETER,
    "duplicate-parameter",
    "two parameters of one name in one function",
    Warning
);
rule!(
    /// `self`, `super` or `$` where there is no object.
    SELF_OUTSIDE_OBJECT,
    "self-outside-object",
    "`self`, `super` or `$` outside an object",
    Error
);
rule!(
    /// Deeper nesting than the program reads.
    EXPRESSION_TOO_DEEP,
    "expression-too-deep",
    "expressions nested deeper than can be read",
    Error
);

/// Every rule of this crate.
pub static RULES: &[&Rule] = &[
    &JSONNET_SYNTAX,
    &UNKNOWN_VARIABLE,
    &UNUSED_VARIABLE,
    &DUPLICATE_LOCAL,
    &DUPLICATE_MEMBER,
    &DUPLICATE_PARAMETER,
    &SELF_OUTSIDE_OBJECT,
    &EXPRESSION_TOO_DEEP,
];
