//! Name resolution: the checks that go-jsonnet makes between parsing and evaluation.
//!
//! Scopes as go-jsonnet has them: the binds of one `local` see each other; defaults see all
//! parameters; locals of an object and its `self` are visible in field values, locals and asserts
//! but not in field names; the clauses of a comprehension see the variables of the clauses before
//! them, and stand outside the object of an object comprehension.
//!
//! Invariant: linear in the size of the tree; chains that may be long are walked in loops.

use diagnostics::{Diagnostic, TextRange, did_you_mean};

use crate::{
    rules::{SELF_OUTSIDE_OBJECT, UNKNOWN_VARIABLE, UNUSED_VARIABLE},
    tree::{Bind, ExprId, ExprKind, FieldName, Member, Name, Param, Program, Spec, Symbol},
};

/// Reports unknown and unused variables, and `self`, `super` and `$` outside objects.
pub(crate) fn resolve(
    program: &Program,
    diagnostics: &mut Vec<Diagnostic>,
    newer: &mut Vec<TextRange>,
) {
    let mut resolver = Resolver {
        program,
        innermost: vec![None; program.text_count()],
        bindings: Vec::new(),
        objects: 0,
        diagnostics,
        newer,
    };
    resolver.expr(program.root());
}

struct Binding {
    name: Name,
    /// The binding of the same name that this one shadows.
    shadowed: Option<u32>,
    used: bool,
    warns: bool,
}

struct Resolver<'p> {
    program: &'p Program,
    /// By symbol: the binding that the name stands for here.
    innermost: Vec<Option<u32>>,
    bindings: Vec<Binding>,
    /// How many objects are around this place.
    objects: usize,
    diagnostics: &'p mut Vec<Diagnostic>,
    newer: &'p mut Vec<TextRange>,
}

impl Resolver<'_> {
    fn declare(&mut self, name: Name, warns: bool) {
        let number = u32::try_from(self.bindings.len()).unwrap_or(u32::MAX);
        let Some(slot) = self.innermost.get_mut(name.symbol.index()) else {
            return;
        };
        let shadowed = slot.replace(number);
        let warns = warns && !self.program.text(name.symbol).starts_with('_');
        self.bindings.push(Binding {
            name,
            shadowed,
            used: false,
            warns,
        });
    }

    /// Leaves every scope entered since there were `count` bindings.
    fn leave(&mut self, count: usize) {
        while self.bindings.len() > count {
            let Some(binding) = self.bindings.pop() else {
                return;
            };
            if let Some(slot) = self.innermost.get_mut(binding.name.symbol.index()) {
                *slot = binding.shadowed;
            }
            if !binding.used && binding.warns {
                let name = self.program.text(binding.name.symbol);
                self.diagnostics.push(
                    Diagnostic::new(
                        &UNUSED_VARIABLE,
                        binding.name.range.in_file(self.program.file()),
                        format!("`{name}` is never read"),
                    )
                    .help(format!("remove it, or name it `_{name}`")),
                );
            }
        }
    }

    fn expr(&mut self, id: ExprId) {
        let program = self.program;
        let expr = program.expr(id);
        match &expr.kind {
            ExprKind::Missing
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Import { .. } => {}
            ExprKind::SelfRef => self.needs_object("self", expr.range),
            ExprKind::Dollar => self.needs_object("$", expr.range),
            ExprKind::Var(symbol) => self.variable(*symbol, expr.range),
            ExprKind::Parens(inner) | ExprKind::Error(inner) => self.expr(*inner),
            ExprKind::Array(elements) => elements.iter().for_each(|it| self.expr(*it)),
            ExprKind::ArrayComp { element, specs } => {
                let count = self.bindings.len();
                self.specs(specs);
                self.expr(*element);
                self.leave(count);
            }
            ExprKind::Object(members) => self.members(members),
            ExprKind::ObjectComp { members, specs } => {
                let count = self.bindings.len();
                self.specs(specs);
                self.members(members);
                self.leave(count);
            }
            ExprKind::Member { target, .. } => self.expr(*target),
            ExprKind::Index { target, index } => {
                self.expr(*target);
                self.expr(*index);
            }
            ExprKind::Slice {
                target,
                from,
                to,
                step,
            } => {
                self.expr(*target);
                [from, to, step]
                    .into_iter()
                    .flatten()
                    .for_each(|it| self.expr(*it));
            }
            ExprKind::SuperMember { .. } => self.needs_object("super", expr.range),
            ExprKind::SuperIndex { index } => {
                self.needs_object("super", expr.range);
                self.newer_super(*index);
                self.expr(*index);
            }
            ExprKind::InSuper { name } => {
                self.needs_object("super", expr.range);
                self.expr(*name);
            }
            ExprKind::Call { target, args, .. } => {
                self.expr(*target);
                args.iter().for_each(|arg| self.expr(arg.value));
            }
            ExprKind::ApplyBrace { target, object } => {
                self.expr(*target);
                self.expr(*object);
            }
            ExprKind::Unary { operand, .. } => self.expr(*operand),
            ExprKind::Binary { .. } => self.binary(id),
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                self.expr(*condition);
                self.expr(*then);
                otherwise.iter().for_each(|it| self.expr(*it));
            }
            ExprKind::Local { .. } => self.locals(id),
            ExprKind::Function { params, body, name } => {
                self.function(params, *body, name.is_some());
            }
            ExprKind::Assert {
                condition,
                message,
                rest,
            } => {
                self.expr(*condition);
                message.iter().for_each(|it| self.expr(*it));
                self.expr(*rest);
            }
        }
    }

    fn binary(&mut self, id: ExprId) {
        let mut rights = Vec::new();
        let mut left = id;
        while let ExprKind::Binary {
            left: next, right, ..
        } = self.program.expr(left).kind
        {
            rights.push(right);
            left = next;
        }
        self.expr(left);
        while let Some(right) = rights.pop() {
            self.expr(right);
        }
    }

    fn locals(&mut self, id: ExprId) {
        let program = self.program;
        let count = self.bindings.len();
        let mut rest = id;
        while let ExprKind::Local { binds, body } = &program.expr(rest).kind {
            self.binds(binds.iter());
            rest = *body;
        }
        self.expr(rest);
        self.leave(count);
    }

    fn binds<'b>(&mut self, binds: impl Iterator<Item = &'b Bind> + Clone) {
        for bind in binds.clone() {
            self.declare(bind.name, true);
        }
        for bind in binds {
            self.expr(bind.value);
        }
    }

    fn function(&mut self, params: &[Param], body: ExprId, warns: bool) {
        let count = self.bindings.len();
        for param in params {
            self.declare(param.name, warns);
        }
        for param in params {
            param.default.iter().for_each(|it| self.expr(*it));
        }
        self.expr(body);
        self.leave(count);
    }

    fn specs(&mut self, specs: &[Spec]) {
        for spec in specs {
            match spec {
                Spec::For { name, source } => {
                    self.expr(*source);
                    self.declare(*name, false);
                }
                Spec::If { condition } => self.expr(*condition),
            }
        }
    }

    fn members(&mut self, members: &[Member]) {
        for member in members {
            if let Member::Field(field) = member
                && let FieldName::Computed(name) = field.name
            {
                self.expr(name);
            }
        }
        let count = self.bindings.len();
        self.objects += 1;
        let locals = members.iter().filter_map(|member| match member {
            Member::Local(bind) => Some(bind),
            _ => None,
        });
        self.binds(locals);
        for member in members {
            match member {
                Member::Field(field) => self.expr(field.value),
                Member::Local(_) => {}
                Member::Assert {
                    condition, message, ..
                } => {
                    self.expr(*condition);
                    message.iter().for_each(|it| self.expr(*it));
                }
            }
        }
        self.objects -= 1;
        self.leave(count);
    }

    fn variable(&mut self, symbol: Symbol, range: TextRange) {
        let number = self.innermost.get(symbol.index()).copied().flatten();
        let binding = number.and_then(|number| self.bindings.get_mut(number as usize));
        if let Some(binding) = binding {
            binding.used = true;
            return;
        }
        let name = self.program.text(symbol);
        if name == "std" {
            return;
        }
        let mut diagnostic = Diagnostic::new(
            &UNKNOWN_VARIABLE,
            range.in_file(self.program.file()),
            format!("unknown variable `{name}`"),
        );
        // The nearest scope comes first, so that a tie goes to it.
        let names = self.bindings.iter().rev().take(1_000);
        let names = names.map(|it| self.program.text(it.name.symbol));
        if let Some(near) = did_you_mean(name, names.chain(["std"])) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?")).fix(
                format!("replace with `{near}`"),
                range.in_file(self.program.file()),
                near,
            );
        }
        if self.diagnostics.len() < 1_000 {
            self.diagnostics.push(diagnostic);
        }
    }

    fn needs_object(&mut self, what: &str, range: TextRange) {
        if self.objects > 0 {
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(
                &SELF_OUTSIDE_OBJECT,
                range.in_file(self.program.file()),
                format!("`{what}` stands outside any object"),
            )
            .help(
                "use it in the value of a field; the name of a field is evaluated outside its \
                 object",
            ),
        );
    }

    fn newer_super(&mut self, index: ExprId) {
        let expr = self.program.expr(index);
        let is_plain = matches!(
            expr.kind,
            ExprKind::Var(_)
                | ExprKind::String(_)
                | ExprKind::Member { .. }
                | ExprKind::Index { .. }
                | ExprKind::Call { .. }
                | ExprKind::SuperMember { .. }
        );
        if !is_plain {
            self.newer.push(expr.range);
        }
    }
}
