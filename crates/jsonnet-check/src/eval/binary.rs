//! Binary operators.

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind};

use super::{Checker, KindSet, repeated};
use crate::{
    rules,
    ty::Ty,
    value::{EnvId, Outcome, Outcomes, Value},
    world::WorldId,
};

pub(super) type Operand<'v> = (&'v Value, ExprId);

impl Checker<'_> {
    /// Walks the left operands in a loop: `a + b + c + …` may be as long as the text.
    pub(super) fn binary(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let mut spine = Vec::new();
        let mut at = id;
        while let ExprKind::Binary {
            op, left, right, ..
        } = self.program.expr(at).kind
        {
            spine.push((op, left, right, at));
            at = left;
        }
        let mut outcomes = self.eval(at, env, world);
        while let Some((op, left, right, whole)) = spine.pop() {
            if let Some(kinds) = operands(op) {
                outcomes = self.only_unknown_of(outcomes, kinds);
            }
            if outcomes.is_empty() {
                return outcomes;
            }
            outcomes = self.chain(outcomes, whole, |it, value, world| match op {
                BinaryOp::And | BinaryOp::Or => it.logic(op, (&value, left), right, env, world),
                _ => {
                    let rights = it.eval(right, env, world);
                    it.chain(rights, whole, |it, other, world| {
                        let (left, right) = ((&value, left), (&other, right));
                        match it.compared_by_edges(op, (left, right), env, world) {
                            Some(known) => Self::data(world, Ty::bool(known)),
                            None => it.binary_values(op, left, right, whole, world),
                        }
                    })
                }
            });
            outcomes = self.compact(outcomes, whole);
            // The order of numbers is learnt of themselves.
            let is_order = repeated::is_order(op) && outcomes.len() == 1;
            if is_order || op == BinaryOp::Add {
                outcomes = self.known_repeat(whole, env, outcomes);
            }
        }
        outcomes
    }

    fn logic(
        &mut self,
        op: BinaryOp,
        (value, left): Operand<'_>,
        right: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("an operand of `{}`", op.as_str());
        let (yes, no) = self.truth(value, left, rule, &what, world);
        let (decided, open) = match op {
            BinaryOp::And => (no, yes),
            _ => (yes, no),
        };
        let mut all: Outcomes = Vec::new();
        if let Some(world) = decided {
            all.push(Outcome {
                world,
                value: Value::Data(Ty::bool(op == BinaryOp::Or)),
            });
        }
        if let Some(world) = open {
            for Outcome { world, value } in self.eval(right, env, world) {
                let (yes, no) = self.truth(&value, right, rule, &what, world);
                all.extend(Self::truths(
                    yes.into_iter().collect(),
                    no.into_iter().collect(),
                ));
            }
        }
        all
    }

    /// Every operator but `&&` and `||`, on evaluated operands.
    pub(crate) fn binary_values(
        &mut self,
        op: BinaryOp,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        match op {
            BinaryOp::Add => self.add(left, right, whole, world),
            BinaryOp::Eq => {
                let (yes, no) = self.equal(left.0, right.0, whole, world);
                Self::truths(yes, no)
            }
            BinaryOp::NotEq => {
                let (yes, no) = self.equal(left.0, right.0, whole, world);
                Self::truths(no, yes)
            }
            BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq => {
                self.ordering(op, left, right, whole, world)
            }
            BinaryOp::In => {
                let rule = &rules::WRONG_OPERAND;
                let what = "the left operand of `in`";
                let Some((name, world)) =
                    self.expect(left.0, KindSet::STRING, left.1, rule, what, world)
                else {
                    return Self::poison(world);
                };
                let what = "the right operand of `in`";
                let Some((object, world)) =
                    self.expect(right.0, KindSet::OBJECT, right.1, rule, what, world)
                else {
                    return Self::poison(world);
                };
                let (yes, no) = self.has(&object, &name, true, world);
                Self::truths(yes, no)
            }
            BinaryOp::Mod => self.modulo(left, right, world),
            _ => self.arithmetic(op, left, right, world),
        }
    }

    /// `+`: numbers, arrays, objects, and strings with anything.
    fn add(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        if self.is_poison(left.0, world) || self.is_poison(right.0, world) {
            return Self::poison(world);
        }
        let a = self.kinds(left.0, world);
        let b = self.kinds(right.0, world);
        let mut world = world;
        let mut allowed = (KindSet::NONE, KindSet::NONE);
        let mut bad = false;
        for x in a.each() {
            for y in b.each() {
                if can_add(x, y) {
                    allowed = (allowed.0.or(x), allowed.1.or(y));
                } else {
                    bad = true;
                }
            }
        }
        if bad {
            match self.wrong_addends(left, right, world) {
                Some(after) => world = after,
                None => return Self::poison(world),
            }
        }
        let a = self.kinds(left.0, world).and(allowed.0);
        let b = self.kinds(right.0, world).and(allowed.1);
        let mut all = Vec::new();
        let text = KindSet::STRING;
        // With a string on one side all is text; the other pairs are of one kind.
        if a.contains(text) || b.contains(text) {
            let is_text_only = a == text || b == text;
            let narrowed = if is_text_only {
                Some(world)
            } else if b.contains(text) {
                self.narrow(right.0, text, world).map(|it| it.1)
            } else {
                self.narrow(left.0, text, world).map(|it| it.1)
            };
            if let Some(world) = narrowed {
                all.append(&mut self.concatenate(left, right, whole, world));
            }
            if is_text_only {
                return all;
            }
        }
        for kind in [KindSet::NUMBER, KindSet::ARRAY, KindSet::OBJECT] {
            if !a.contains(kind) || !b.contains(kind) {
                continue;
            }
            let Some((x, at)) = self.narrow(left.0, kind, world) else {
                continue;
            };
            let Some((y, at)) = self.narrow(right.0, kind, at) else {
                continue;
            };
            all.append(&mut match kind {
                KindSet::NUMBER => self.arithmetic(BinaryOp::Add, (&x, left.1), (&y, right.1), at),
                KindSet::ARRAY => self.append(&x, &y, whole, at),
                _ => self.extend(&x, &y, whole, at),
            });
        }
        all
    }

    /// Reports operands that cannot be added; gives the world in which they can.
    fn wrong_addends(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        world: WorldId,
    ) -> Option<WorldId> {
        let a = self.kinds(left.0, world);
        let b = self.kinds(right.0, world);
        let fits = |a: KindSet, b: KindSet| {
            !a.is_empty() && !b.is_empty() && a.each().all(|x| b.each().all(|y| can_add(x, y)))
        };
        let rule = &rules::WRONG_OPERAND;
        let what = "an operand of `+`";
        let null = KindSet::NULL;
        let (x, y) = (a.minus(null), b.minus(null));
        if fits(x, b) {
            return Some(self.expect(left.0, x, left.1, rule, what, world)?.1);
        }
        if fits(a, y) {
            return Some(self.expect(right.0, y, right.1, rule, what, world)?.1);
        }
        if fits(x, y) {
            let world = self.expect(left.0, x, left.1, rule, what, world)?.1;
            return Some(self.expect(right.0, y, right.1, rule, what, world)?.1);
        }
        let wanted = a.each().filter(|x| fits(*x, *x) && *x != KindSet::STRING);
        let wanted = wanted.fold(KindSet::STRING, KindSet::or);
        let (value, place, wanted) = if a.each().any(|x| fits(x, x)) {
            (right.0, right.1, wanted)
        } else {
            let wanted = b.each().filter(|x| fits(*x, *x));
            (left.0, left.1, wanted.fold(KindSet::STRING, KindSet::or))
        };
        let found = self.kinds(value, world);
        if wanted.contains(found) {
            // The sides fit in some pairs only: a value of one kind is asked for.
            let other = self.type_name(left.0, world);
            let shown = self.type_name(right.0, world);
            let message = format!("`+` cannot add {shown} to {other}");
            self.say(rule, right.1, message);
            return Some(world);
        }
        Some(self.expect(value, wanted, place, rule, what, world)?.1)
    }
}

fn can_add(a: KindSet, b: KindSet) -> bool {
    let text = KindSet::STRING;
    let function = KindSet::FUNCTION;
    if a == text || b == text {
        return a != function && b != function;
    }
    a == b && matches!(a, KindSet::NUMBER | KindSet::ARRAY | KindSet::OBJECT)
}

/// The kinds of which the left operand must be, whatever the right one is.
fn operands(op: BinaryOp) -> Option<KindSet> {
    match op {
        BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq => {
            Some(KindSet::NUMBER.or(KindSet::STRING).or(KindSet::ARRAY))
        }
        BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => Some(KindSet::NUMBER),
        _ => None,
    }
}
