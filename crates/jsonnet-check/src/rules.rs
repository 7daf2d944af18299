//! The codes of this crate: what can go wrong when a program is evaluated.

use diagnostics::{Level, Rule};

macro_rules! rules {
    ($($name:ident $code:literal $level:ident $summary:literal)*) => {
        $(
            #[doc = $summary]
            pub static $name: Rule = Rule {
                code: $code,
                summary: $summary,
                level: Level::$level,
                since: "0.1.0",
                page: include_str!(concat!("../diagnostics/", $code, ".md")),
            };
        )*

        /// Every rule of this crate.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    UNKNOWN_MEMBER "unknown-member" Error "a member that the object never has"
    MEMBER_MAY_BE_ABSENT "member-may-be-absent" Error "a member read where it may be missing"
    MAY_BE_NULL "may-be-null" Error "a value used where it may be null"
    UNKNOWN_TYPE "unknown-type" Error "a value used of which the schema says nothing"
    WRONG_OPERAND "wrong-operand" Error "an operand of the wrong kind"
    WRONG_CONDITION "wrong-condition" Error "a condition that is not a boolean"
    NOT_INDEXABLE "not-indexable" Error "a member or element of something that has none"
    WRONG_INDEX "wrong-index" Error "an index of the wrong kind"
    INDEX_OUT_OF_RANGE "index-out-of-range" Error "a position that may not exist"
    NOT_CALLABLE "not-callable" Error "a call of something that is no function"
    WRONG_CALL "wrong-call" Error "arguments that do not fit the parameters"
    WRONG_ARGUMENT "wrong-argument" Error "an argument of the wrong kind"
    UNKNOWN_STD_FUNCTION "unknown-std-function" Error "a member of std that does not exist in this release"
    NEWER_SYNTAX "newer-syntax" Error "syntax that this release of go-jsonnet does not read"
    DIVISION_BY_ZERO "division-by-zero" Error "a divisor that may be zero"
    NUMBER_OUT_OF_RANGE "number-out-of-range" Error "a number that arithmetic cannot hold"
    ARGUMENT_OUT_OF_RANGE "argument-out-of-range" Error "an argument whose value may make the function fail"
    WRONG_FORMAT "wrong-format" Error "a format string that does not fit its values"
    NAME_NOT_STRING "name-not-string" Error "a computed field name that is neither string nor null"
    DUPLICATE_COMPUTED_MEMBER "duplicate-computed-member" Error "computed field names that may be equal"
    NOT_ITERABLE "not-iterable" Error "a loop over something that is no array"
    FUNCTION_COMPARISON "function-comparison" Error "functions compared with each other"
    FUNCTION_IN_PAYLOAD "function-in-payload" Error "a function in the output"
    NO_SUPER_MEMBER "no-super-member" Error "a member that super does not have"
    ENDLESS_EVALUATION "endless-evaluation" Error "a value that depends on itself"
    CANNOT_PROVE "cannot-prove" Error "evaluation that could not be shown to be safe or to end"
    FAILED_ASSERTION "failed-assertion" Warning "an assertion that never holds"
    IMPORT_NOT_BUNDLED "import-not-bundled" Error "an import where nothing can be imported"
    EXT_VAR_UNAVAILABLE "ext-var-unavailable" Error "std.extVar where there are no external variables"
    NATIVE_UNAVAILABLE "native-unavailable" Error "std.native where there are no native functions"
    STD_TRACE "std-trace" Warning "std.trace, which writes to the error output"
    NOT_A_FUNCTION "not-a-function" Warning "a program that ignores its arguments"
    NO_CTX_PARAMETER "no-ctx-parameter" Error "a program without a parameter for its argument"
}
