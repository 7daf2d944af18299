//! What the text says of recursion: which functions may call themselves, and which of them give
//! nothing but data.
//!
//! Names are taken for all that is bound to them anywhere: a function that only seems to call
//! itself, or to reach something, does no harm.

use std::collections::HashSet;

use diagnostics::TextRange;
use jsonnet_syntax::{Bind, ExprId, ExprKind, Member, Param, Program, Spec, Symbol, Visibility};

/// Programs with more names than this are not asked: their recursion is followed to a depth.
const MAX_BINDS: usize = 200;

/// What a name is bound to.
#[derive(Debug)]
struct Bound {
    name: Symbol,
    value: ExprId,
    range: TextRange,
    /// The names that are read in it.
    reads: HashSet<Symbol>,
}

/// The names of a program: where they are bound, and where they are read.
#[derive(Debug)]
pub(super) struct Recursion {
    binds: Vec<Bound>,
    reads: Vec<(Symbol, TextRange)>,
    /// The functions that may call themselves.
    pub(super) functions: HashSet<ExprId>,
}

impl Recursion {
    pub(super) fn of(program: &Program) -> Self {
        let mut reads = Vec::new();
        let mut binds: Vec<Bind> = Vec::new();
        for (id, expr) in program.ids().zip(program.exprs()) {
            match &expr.kind {
                ExprKind::Var(name) => reads.push((*name, program.span(id).range)),
                ExprKind::Local { binds: named, .. } => binds.extend(named.iter().copied()),
                ExprKind::Object(members) | ExprKind::ObjectComp { members, .. } => {
                    binds.extend(members.iter().filter_map(|it| match it {
                        Member::Local(bind) => Some(*bind),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        if binds.len() > MAX_BINDS {
            binds.clear();
        }
        let bound = |bind: &Bind| {
            let range = program.span(bind.value).range;
            Bound {
                name: bind.name.symbol,
                value: bind.value,
                range,
                reads: names_in(&reads, range),
            }
        };
        let binds: Vec<Bound> = binds.iter().map(bound).collect();
        let mut it = Self {
            binds,
            reads,
            functions: HashSet::new(),
        };
        for bind in &it.binds {
            let is_function = matches!(program.expr(bind.value).kind, ExprKind::Function { .. });
            if is_function && it.reached_from(&bind.reads).0.contains(&bind.name) {
                it.functions.insert(bind.value);
            }
        }
        it
    }

    /// Those names, the names in all that is bound to them, and in that; and where all that stands.
    fn reached_from(&self, names: &HashSet<Symbol>) -> (HashSet<Symbol>, Vec<TextRange>) {
        let mut reached = names.clone();
        let mut open: Vec<Symbol> = names.iter().copied().collect();
        let mut ranges = Vec::new();
        while let Some(name) = open.pop() {
            for bind in self.binds.iter().filter(|it| it.name == name) {
                ranges.push(bind.range);
                open.extend(bind.reads.iter().filter(|it| reached.insert(**it)));
            }
        }
        (reached, ranges)
    }

    /// Whether all that a function gives is said by the type of its output: it raises no error of
    /// its own, its objects hold nothing but visible members that do not read each other, and what
    /// it reads of outer functions is their data.
    pub(super) fn gives_data(&self, program: &Program, function: ExprId) -> bool {
        let own = program.span(function).range;
        let (_, mut ranges) = self.reached_from(&names_in(&self.reads, own));
        ranges.push(own);
        let is_inside = |at: TextRange| ranges.iter().any(|it| it.contains(at));
        let encloses = |at: TextRange| !is_inside(at) && ranges.iter().any(|it| at.contains(*it));
        let is_plain = |member: &Member| match member {
            Member::Field(it) => !it.plus && it.visibility == Visibility::Inherit,
            Member::Local(_) => true,
            Member::Assert { .. } => false,
        };
        let mut outer: Vec<Symbol> = Vec::new();
        for (id, expr) in program.ids().zip(program.exprs()) {
            let at = program.span(id).range;
            if is_inside(at) {
                let is_data = match &expr.kind {
                    ExprKind::Object(members) | ExprKind::ObjectComp { members, .. } => {
                        members.iter().all(is_plain)
                    }
                    ExprKind::Member { name, .. } => {
                        program.text_at(name.symbol.index()) != "assertEqual"
                    }
                    ExprKind::SelfRef
                    | ExprKind::Dollar
                    | ExprKind::SuperMember { .. }
                    | ExprKind::SuperIndex { .. }
                    | ExprKind::InSuper { .. }
                    | ExprKind::Error(_)
                    | ExprKind::Assert { .. } => false,
                    _ => true,
                };
                if !is_data {
                    return false;
                }
            }
            if !encloses(at) {
                continue;
            }
            match &expr.kind {
                // The arguments of the program are data.
                ExprKind::Function { params, .. } => {
                    let is_root = id == program.root();
                    let given = |it: &&Param| !is_root || it.default.is_some();
                    outer.extend(params.iter().filter(given).map(|it| it.name.symbol));
                }
                ExprKind::ArrayComp { specs, .. } | ExprKind::ObjectComp { specs, .. } => {
                    outer.extend(specs.iter().filter_map(|it| match it {
                        Spec::For { name, .. } => Some(name.symbol),
                        Spec::If { .. } => None,
                    }));
                }
                _ => {}
            }
        }
        let mut reads = self.reads.iter();
        !reads.any(|(name, at)| outer.contains(name) && is_inside(*at))
    }
}

fn names_in(reads: &[(Symbol, TextRange)], range: TextRange) -> HashSet<Symbol> {
    let inside = reads.iter().filter(|(_, at)| range.contains(*at));
    inside.map(|(name, _)| *name).collect()
}
