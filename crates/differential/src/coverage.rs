//! What of the language, of std and of the checker's codes the programs of a run touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use diagnostics::FileId;
use jsonnet_check::Checked;
use jsonnet_syntax::{ExprKind, FieldName, Member, Program, Spec, Visibility};

use crate::std_table::SIGNATURES;

/// Touched, by how many programs and by how many of them that were accepted.
type Counts = BTreeMap<String, (usize, usize)>;

/// What was touched.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    constructs: Counts,
    std: Counts,
    codes: BTreeMap<&'static str, usize>,
}

/// Forms of the grammar that a program can have; each has to be reached.
const CONSTRUCTS: [&str; 63] = [
    "array",
    "array comprehension",
    "assert",
    "boolean",
    "call",
    "call by name",
    "call tailstrict",
    "dollar",
    "e { … }",
    "error",
    "field assert",
    "field computed",
    "field hidden `::`",
    "field local",
    "field shown `:::`",
    "field with `+:`",
    "function",
    "function with default",
    "if",
    "if without else",
    "import",
    "in super",
    "index",
    "local",
    "local, several",
    "member",
    "method",
    "null",
    "number",
    "object",
    "object comprehension",
    "operation",
    "parens",
    "second `for`",
    "`if` of a comprehension",
    "self",
    "slice",
    "slice with step",
    "string",
    "super index",
    "super member",
    "variable",
    "operator !",
    "operator !=",
    "operator %",
    "operator &",
    "operator &&",
    "operator *",
    "operator +",
    "operator -",
    "operator /",
    "operator <",
    "operator <<",
    "operator <=",
    "operator ==",
    "operator >",
    "operator >=",
    "operator >>",
    "operator ^",
    "operator ~",
    "operator in",
    "operator |",
    "operator ||",
];

impl Coverage {
    /// Counts a program.
    pub fn count(&mut self, text: &str, checked: Option<&Checked>) {
        let parsed = jsonnet_syntax::parse(text, FileId::DETACHED);
        let is_accepted = checked.is_some_and(Checked::is_accepted);
        let (constructs, functions) = touched(&parsed.program);
        for (counts, names) in [
            (&mut self.constructs, constructs),
            (&mut self.std, functions),
        ] {
            for name in names {
                let count = counts.entry(name).or_default();
                count.0 += 1;
                count.1 += usize::from(is_accepted);
            }
        }
        let found = checked.into_iter().flat_map(|it| &it.diagnostics);
        let codes: BTreeSet<_> = found
            .chain(&parsed.diagnostics)
            .map(|it| it.rule.code)
            .collect();
        for code in codes {
            *self.codes.entry(code).or_default() += 1;
        }
    }

    /// Adds what others counted.
    pub fn add(&mut self, other: &Self) {
        for (own, others) in [
            (&mut self.constructs, &other.constructs),
            (&mut self.std, &other.std),
        ] {
            for (name, (all, accepted)) in others {
                let count = own.entry(name.clone()).or_default();
                count.0 += all;
                count.1 += accepted;
            }
        }
        for (code, count) in &other.codes {
            *self.codes.entry(code).or_default() += count;
        }
    }

    /// Forms of the grammar that no program has.
    #[must_use]
    pub fn unreached_constructs(&self) -> Vec<&'static str> {
        let reached = |it: &&str| self.constructs.contains_key(*it);
        CONSTRUCTS.into_iter().filter(|it| !reached(it)).collect()
    }

    /// Functions of std that no program names.
    #[must_use]
    pub fn unreached_std(&self) -> Vec<&'static str> {
        let names: BTreeSet<&str> = SIGNATURES.iter().map(|it| it.name).collect();
        names
            .into_iter()
            .filter(|it| !self.std.contains_key(*it))
            .collect()
    }

    /// Codes of parser and checker that were never reported.
    #[must_use]
    pub fn unreached_codes(&self) -> Vec<&'static str> {
        let rules = jsonnet_check::RULES.iter().chain(jsonnet_syntax::RULES);
        let codes: BTreeSet<_> = rules.map(|it| it.code).collect();
        codes
            .into_iter()
            .filter(|it| !self.codes.contains_key(it))
            .collect()
    }
}

/// The forms and the functions of std of a program.
fn touched(program: &Program) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut forms, mut functions) = (BTreeSet::new(), BTreeSet::new());
    for expr in program.exprs() {
        let mut form = |it: &str| {
            forms.insert(it.to_owned());
        };
        form(match &expr.kind {
            ExprKind::Missing => continue,
            ExprKind::Null => "null",
            ExprKind::Bool(_) => "boolean",
            ExprKind::Number(_) => "number",
            ExprKind::String(_) => "string",
            ExprKind::SelfRef => "self",
            ExprKind::Dollar => "dollar",
            ExprKind::Var(_) => "variable",
            ExprKind::Parens(_) => "parens",
            ExprKind::Array(_) => "array",
            ExprKind::ArrayComp { .. } => "array comprehension",
            ExprKind::Object(_) => "object",
            ExprKind::ObjectComp { .. } => "object comprehension",
            ExprKind::Member { .. } => "member",
            ExprKind::Index { .. } => "index",
            ExprKind::Slice { step: None, .. } => "slice",
            ExprKind::Slice { .. } => "slice with step",
            ExprKind::SuperMember { .. } => "super member",
            ExprKind::SuperIndex { .. } => "super index",
            ExprKind::InSuper { .. } => "in super",
            ExprKind::Call { .. } => "call",
            ExprKind::ApplyBrace { .. } => "e { … }",
            ExprKind::Unary { .. } | ExprKind::Binary { .. } => "operation",
            ExprKind::If {
                otherwise: None, ..
            } => "if without else",
            ExprKind::If { .. } => "if",
            ExprKind::Local { binds, .. } if binds.len() > 1 => "local, several",
            ExprKind::Local { .. } => "local",
            ExprKind::Function { params, .. } if params.iter().any(|it| it.default.is_some()) => {
                "function with default"
            }
            ExprKind::Function { .. } => "function",
            ExprKind::Assert { .. } => "assert",
            ExprKind::Error(_) => "error",
            ExprKind::Import { .. } => "import",
        });
        match &expr.kind {
            ExprKind::Unary { op, .. } => form(&format!("operator {}", op.as_str())),
            ExprKind::Binary { op, .. } => form(&format!("operator {}", op.as_str())),
            ExprKind::Call {
                args, tailstrict, ..
            } => {
                if args.iter().any(|it| it.name.is_some()) {
                    form("call by name");
                }
                if tailstrict.is_some() {
                    form("call tailstrict");
                }
            }
            ExprKind::Object(members) => {
                members.iter().for_each(|it| member(program, it, &mut form))
            }
            ExprKind::ObjectComp { members, specs } => {
                members.iter().for_each(|it| member(program, it, &mut form));
                clauses(specs, &mut form);
            }
            ExprKind::ArrayComp { specs, .. } => clauses(specs, &mut form),
            ExprKind::Member { target, name, .. } => {
                if let ExprKind::Var(variable) = program.expr(*target).kind
                    && program.text(variable) == "std"
                {
                    functions.insert(program.text(name.symbol).to_owned());
                }
            }
            _ => {}
        }
    }
    (forms, functions)
}

fn member(program: &Program, member: &Member, form: &mut impl FnMut(&str)) {
    match member {
        Member::Local(_) => form("field local"),
        Member::Assert { .. } => form("field assert"),
        Member::Field(field) => {
            if matches!(field.name, FieldName::Computed(_)) {
                form("field computed");
            }
            match field.visibility {
                Visibility::Hidden => form("field hidden `::`"),
                Visibility::Visible => form("field shown `:::`"),
                Visibility::Inherit => {}
            }
            if field.plus {
                form("field with `+:`");
            }
            if matches!(
                &program.expr(field.value).kind,
                ExprKind::Function { name: Some(_), .. }
            ) {
                form("method");
            }
        }
    }
}

fn clauses(specs: &[Spec], form: &mut impl FnMut(&str)) {
    if specs
        .iter()
        .filter(|it| matches!(it, Spec::For { .. }))
        .count()
        > 1
    {
        form("second `for`");
    }
    if specs.iter().any(|it| matches!(it, Spec::If { .. })) {
        form("`if` of a comprehension");
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, what: &str, reached: usize, unreached: &[&str]| {
            let list = if unreached.is_empty() {
                "none".to_owned()
            } else {
                unreached.join(", ")
            };
            writeln!(
                f,
                "| {what} | {reached} | {} | {list} |",
                reached + unreached.len()
            )
        };
        writeln!(
            f,
            "| what | reached | of | never reached |\n|---|---:|---:|---|"
        )?;
        let constructs = self.unreached_constructs();
        line(
            f,
            "forms of the grammar",
            CONSTRUCTS.len() - constructs.len(),
            &constructs,
        )?;
        let names: BTreeSet<&str> = SIGNATURES.iter().map(|it| it.name).collect();
        let std = self.unreached_std();
        line(f, "functions of std", names.len() - std.len(), &std)?;
        let refused: Vec<&str> = names
            .into_iter()
            .filter(|it| self.std.get(*it).is_some_and(|it| it.1 == 0))
            .collect();
        line(
            f,
            "functions of std in accepted programs",
            self.std.values().filter(|it| it.1 > 0).count(),
            &refused,
        )?;
        line(f, "codes", self.codes.len(), &self.unreached_codes())
    }
}
