//! Which templates there are.

use super::Template;
use crate::std_table::SIGNATURES;

/// Functions that random programs do not call: internal ones, those without a result of their own,
/// those that not every release has.
const OTHERS: [(&str, &[&str]); 11] = [
    ("__array_greater", &["arr1", "arr2"]),
    ("__array_greater_or_equal", &["arr1", "arr2"]),
    ("__array_less", &["arr1", "arr2"]),
    ("__array_less_or_equal", &["arr1", "arr2"]),
    ("__compare", &["v1", "v2"]),
    ("__compare_array", &["arr1", "arr2"]),
    ("extVar", &["x"]),
    ("format", &["str", "vals"]),
    ("id", &["x"]),
    ("isNull", &["x"]),
    ("native", &["x"]),
];

const BINARY: [&str; 19] = [
    "+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "&&",
    "||", "in",
];

const FORMS: [&str; 52] = [
    "-$0",
    "+$0",
    "!$0",
    "~$0",
    "$0[$1]",
    "$0.a",
    "$0[$1:$2]",
    "$0[$1:]",
    "$0[:$1]",
    "$0[::$1]",
    "$0[$1:$2:$3]",
    "$0 { a: 1 }",
    "$0()",
    "$0($1)",
    "$0($1, $2)",
    "$0(x=$1)",
    "$0($1, y=$2)",
    "$0($1) tailstrict",
    "(function(x, y=$1) y)($0)",
    "(function(x, y=x) [x, y])($0)",
    "(local x = $0; [x, $1])",
    "(local x = $0; $1)",
    "(if $0 then $1)",
    "(if $0 then $1 else $2)",
    "(if !$0 then $1 else $2)",
    "(if $0 == $1 then $2 else 1)",
    "(assert $0; $1)",
    "(assert true : $0; $1)",
    "(assert false : $0; $1)",
    "error $0",
    "[$0, $1]",
    "[x for x in $0]",
    "[x for x in $0 if $1]",
    "[x + $1 for x in $0]",
    "[[x, y] for x in $0 for y in $1]",
    "{ [$0]: 1 }",
    "{ [$0]: $1 }",
    "{ [$0]:: $1 }",
    "{ [x]: 1 for x in $0 }",
    "{ [x]: $1 for x in $0 }",
    "{ ['a']: $1 for x in $0 if $1 }",
    "{ assert $0, a: $1 }",
    "{ assert $0, a: 1 }.a",
    "{ a+: $0 }",
    "({ a: $0 } + { a+: $1 })",
    "({ a: 1 } + { b: super[$0] })",
    "({ [$0]: 1 } + { b: $1 in super })",
    "({ a: $0 } + { b: super.a + $1 })",
    "{ a: $0, b: self.a[$1] }",
    "{ a:: $0, b: $.a + $1 }",
    "std.type($0)",
    "{ local x = $0, a: x, b(y):: y, c: self.b($1) }",
];

const CONVERSIONS: [&str; 40] = [
    "d", "i", "u", "o", "x", "X", "e", "E", "f", "F", "g", "G", "c", "s", "a", "%", "q", "", "5d",
    "-5d", "05d", "+d", " d", "#x", "#o", ".2f", "5.1f", ".0f", ".3s", "5s", "-5s", "05s", "ld",
    "hd", ".3g", "+.2e", "5c", "5%", ".d", "5",
];

/// Every template, in the order of the table.
pub(crate) fn templates() -> Vec<Template> {
    let mut all = of_std();
    let binary = BINARY.into_iter().map(|it| format!("$0 {it} $1"));
    all.extend(binary.map(Template::new));
    all.extend(FORMS.into_iter().map(Template::new));
    for it in CONVERSIONS {
        all.push(Template::new(format!("'%{it}' % $0")));
        all.push(Template::new(format!("'%{it}' % [$0]")));
        all.push(Template::new(format!("'%(a){it}' % {{ a: $0 }}")));
    }
    let others = [
        "'%*d' % [$0, $1]",
        "'%.*f' % [$0, $1]",
        "'%*.*f' % [$0, $1, $2]",
        "'%d %d' % $0",
        "'%(a)d' % $0",
        "'%(a)*d' % $0",
        "'%(a' % $0",
        "'%()s' % $0",
        "'%(b)s' % $0",
        "'%(a)s %s' % $0",
        "'-%d-%s' % [$0, $1]",
        "'-%c-%5.1f' % [$0, $1]",
        "'x' % $0",
        "'%%' % $0",
        "$0 % [$1, $2]",
        "$0 % { a: $1 }",
    ];
    all.extend(others.into_iter().map(Template::new));
    all
}

fn of_std() -> Vec<Template> {
    let mut functions: Vec<(&str, Vec<(&str, bool)>)> = Vec::new();
    for it in SIGNATURES.iter() {
        if functions.last().is_none_or(|last| last.0 != it.name) {
            let params = it.params.iter().map(|it| (it.name, it.optional));
            functions.push((it.name, params.collect()));
        }
    }
    for (name, params) in OTHERS {
        functions.push((name, params.iter().map(|it| (*it, false)).collect()));
    }
    let mut all = vec![Template::new("std.pi"), Template::new("std.thisFile")];
    for (name, params) in functions {
        let required = params.iter().filter(|it| !it.1).count();
        for count in 0..=params.len() {
            let args: Vec<String> = (0..count).map(|it| format!("${it}")).collect();
            // Too few: one case says it.
            if count >= required {
                all.push(call(name, &args));
            } else {
                let nulls: Vec<String> = args.iter().map(|_| "'a'".to_owned()).collect();
                all.push(call(name, &nulls));
            }
        }
        let too_many: Vec<String> = (0..=params.len()).map(|_| "'a'".to_owned()).collect();
        all.push(call(name, &too_many));
        // By name, from the last on; and each optional one without those before it.
        let named = |at: usize, hole: usize| {
            let name = params.get(at).map_or("", |it| it.0);
            format!("{name}=${hole}")
        };
        let backwards = (0..params.len()).rev().map(|at| named(at, at));
        all.push(call(name, &backwards.collect::<Vec<_>>()));
        for skipped in required + 1..params.len() {
            let mut args: Vec<String> = (0..required).map(|it| format!("${it}")).collect();
            args.push(named(skipped, required));
            all.push(call(name, &args));
        }
        all.push(call(name, &["unheard=$0".to_owned()]));
    }
    all
}

fn call(name: &str, args: &[String]) -> Template {
    Template::new(format!("std.{name}({})", args.join(", ")))
}
