//! What the text says of recursion: which functions may call themselves, and which of them give
//! nothing but data.
//!
//! Names are taken for all that is bound to them anywhere: a function that only seems to call
//! itself, or to reach something, does no harm.

use std::collections::HashSet;

use diagnostics::TextRange;
use jsonnet_syntax::{Bind, ExprId, ExprKind, Member, Param, Program, Spec, Symbol, Visibility};

/// The names of a program: where they are bound, and where they are read.
#[derive(Debug)]
pub(super) struct Recursion {
    binds: Vec<(Symbol, TextRange)>,
    reads: Vec<(Symbol, TextRange)>,
    /// The functions that may call themselves.
    pub(super) functions: HashSet<ExprId>,
}

impl Recursion {
    pub(super) fn of(program: &Program) -> Self {
        let mut it = Self {
            binds: Vec::new(),
            reads: Vec::new(),
            functions: HashSet::new(),
        };
        let mut binds: Vec<Bind> = Vec::new();
        for (id, expr) in program.ids().zip(program.exprs()) {
            match &expr.kind {
                ExprKind::Var(name) => it.reads.push((*name, program.span(id).range)),
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
        let range = |bind: &Bind| program.span(bind.value).range;
        it.binds = binds
            .iter()
            .map(|bind| (bind.name.symbol, range(bind)))
            .collect();
        for bind in &binds {
            if matches!(program.expr(bind.value).kind, ExprKind::Function { .. }) {
                let ranges = it.reached_from(range(bind));
                let mut reads = it.reads.iter();
                let is_own = |(name, at): &(Symbol, TextRange)| {
                    *name == bind.name.symbol && ranges.iter().any(|it| it.contains(*at))
                };
                if reads.any(is_own) {
                    it.functions.insert(bind.value);
                }
            }
        }
        it
    }

    /// A range, and those of all that is bound to the names in it, and in theirs.
    fn reached_from(&self, range: TextRange) -> Vec<TextRange> {
        let mut ranges = vec![range];
        let mut at = 0;
        while let Some(range) = ranges.get(at).copied() {
            at += 1;
            for (name, _) in self.reads.iter().filter(|(_, it)| range.contains(*it)) {
                for (_, bound) in self.binds.iter().filter(|(it, _)| it == name) {
                    if !ranges.contains(bound) {
                        ranges.push(*bound);
                    }
                }
            }
        }
        ranges
    }

    /// Whether all that a function gives is said by the type of its output: it raises no error of
    /// its own, its objects hold nothing but visible members that do not read each other, and what
    /// it reads of outer functions is their data.
    pub(super) fn gives_data(&self, program: &Program, function: ExprId) -> bool {
        let ranges = self.reached_from(program.span(function).range);
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
