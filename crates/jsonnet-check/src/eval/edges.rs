//! Beginnings and ends of computed texts: what is known of a text of which the rest is not.
//!
//! Two texts that begin differently are two texts, whatever follows, and their order is known; two
//! that end differently are two as well. This is read off the expressions, since a type says nothing
//! of parts of its strings.
//!
//! Invariant: edges are given only of what is a string for certain, and every string that it can be
//! has them. They may overlap in it.

use std::{cmp::Ordering, sync::Arc};

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind};

use super::{
    Checker, KindSet, binary::Operand, distinct::plain_codes, ordering::holds, repeated::is_order,
};
use crate::{
    ty::Text,
    value::{Body, EnvId, Value},
    world::WorldId,
};

/// How many expressions are looked at for one name: locals may refer to each other many times, or
/// to themselves.
const MAX_VISITED: u32 = 64;

/// What every string of some begins and ends with.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    start: String,
    end: String,
    /// Whether there is only one string: both edges are all of it.
    is_whole: bool,
}

impl Edges {
    fn whole(text: &str) -> Self {
        Self {
            start: text.to_owned(),
            end: text.to_owned(),
            is_whole: true,
        }
    }

    /// Whether that may be one of the strings.
    pub(super) fn admit(&self, text: &str) -> bool {
        text.starts_with(&self.start) && text.ends_with(&self.end)
    }

    /// The orders in which a string of these and one of those may be.
    fn orders(&self, other: &Self) -> Vec<Ordering> {
        use Ordering::{Equal, Greater, Less};
        let (a, b) = (&self.start, &other.start);
        if self.is_whole && other.is_whole {
            return vec![a.cmp(b)];
        }
        let differing = a.chars().zip(b.chars()).find(|(a, b)| a != b);
        let mut orders = match differing {
            Some((a, b)) => return vec![a.cmp(&b)],
            // One is the beginning of the other, and what may follow it decides.
            None if self.is_whole && a.len() < b.len() => return vec![Less],
            None if other.is_whole && b.len() < a.len() => return vec![Greater],
            None if self.is_whole && a == b => vec![Less, Equal],
            None if other.is_whole && a == b => vec![Equal, Greater],
            None => vec![Less, Equal, Greater],
        };
        let can_be_equal = match (self.is_whole, other.is_whole) {
            (true, _) => other.admit(a),
            (_, true) => self.admit(b),
            _ => self.can_meet(other),
        };
        orders.retain(|it| can_be_equal || *it != Equal);
        orders
    }

    /// Whether a string may have these edges and those.
    pub(super) fn can_meet(&self, other: &Self) -> bool {
        let (a, b) = (&self.start, &other.start);
        let can_start = a.starts_with(b.as_str()) || b.starts_with(a.as_str());
        let (a, b) = (&self.end, &other.end);
        can_start && (a.ends_with(b.as_str()) || b.ends_with(a.as_str()))
    }

    /// What the strings of both have in common.
    fn join(&self, other: &Self) -> Self {
        let start = self.start.chars().zip(other.start.chars());
        let end = self.end.chars().rev().zip(other.end.chars().rev());
        let end: Vec<char> = end.take_while(|(a, b)| a == b).map(|it| it.0).collect();
        Self {
            start: start.take_while(|(a, b)| a == b).map(|it| it.0).collect(),
            end: end.into_iter().rev().collect(),
            is_whole: false,
        }
    }

    /// What follows on what; none of what may be anything.
    fn concat(left: Option<Self>, right: Option<Self>) -> Option<Self> {
        if left.is_none() && right.is_none() {
            return None;
        }
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        let (mut start, mut end) = (left.start, right.end);
        if left.is_whole {
            start.push_str(&right.start);
        }
        if right.is_whole {
            end.insert_str(0, &left.end);
        }
        Some(Self {
            start,
            end,
            is_whole: left.is_whole && right.is_whole,
        })
    }
}

impl Checker<'_> {
    /// The edges of the name that an expression gives, where it gives one.
    pub(super) fn name_edges(&mut self, name: ExprId, env: EnvId, world: WorldId) -> Option<Edges> {
        let mut left = MAX_VISITED;
        self.branch_edges(name, (env, world), &mut left)
    }

    /// What a comparison of two strings gives, where their edges tell.
    pub(super) fn compared_by_edges(
        &mut self,
        op: BinaryOp,
        (left, right): (Operand<'_>, Operand<'_>),
        env: EnvId,
        world: WorldId,
    ) -> Option<bool> {
        let answer = |order: Ordering| match op {
            BinaryOp::Eq => order.is_eq(),
            BinaryOp::NotEq => order.is_ne(),
            _ => holds(op, order),
        };
        if !matches!(op, BinaryOp::Eq | BinaryOp::NotEq) && !is_order(op) {
            return None;
        }
        let a = self.operand_edges(left, env, world)?;
        let b = self.operand_edges(right, env, world)?;
        let mut answers = a.orders(&b).into_iter().map(answer);
        let first = answers.next()?;
        answers.all(|it| it == first).then_some(first)
    }

    /// Whether a string that is given somewhere is none of the names.
    pub(crate) fn is_none_of(
        &mut self,
        names: &[Arc<str>],
        string: Operand<'_>,
        env: EnvId,
        world: WorldId,
    ) -> bool {
        let edges = self.operand_edges(string, env, world);
        edges.is_some_and(|it| !names.iter().any(|name| it.admit(name)))
    }

    /// The edges of an evaluated operand that is a string.
    fn operand_edges(
        &mut self,
        (value, place): Operand<'_>,
        env: EnvId,
        world: WorldId,
    ) -> Option<Edges> {
        let edges = self.value_edges(value, world)?;
        if edges.is_whole {
            return Some(edges);
        }
        let mut left = MAX_VISITED;
        let written = self.text_edges(place, (env, world), &mut left);
        Some(written.unwrap_or_default())
    }

    /// The same for a branch: one that is null gives no name.
    fn branch_edges(
        &mut self,
        name: ExprId,
        at: (EnvId, WorldId),
        left: &mut u32,
    ) -> Option<Edges> {
        let program = self.program;
        let is_null = |it: ExprId| matches!(program.expr(it).kind, ExprKind::Null);
        match &program.expr(name).kind {
            ExprKind::Parens(inner) => self.branch_edges(*inner, at, left),
            ExprKind::If {
                then, otherwise, ..
            } => {
                *left = left.checked_sub(1)?;
                match otherwise.filter(|it| !is_null(*it)) {
                    None => self.branch_edges(*then, at, left),
                    Some(otherwise) if is_null(*then) => self.branch_edges(otherwise, at, left),
                    Some(otherwise) => {
                        let yes = self.branch_edges(*then, at, left)?;
                        Some(yes.join(&self.branch_edges(otherwise, at, left)?))
                    }
                }
            }
            _ => self.text_edges(name, at, left),
        }
    }

    /// The edges of what is a string for certain.
    fn text_edges(
        &mut self,
        text: ExprId,
        (env, world): (EnvId, WorldId),
        left: &mut u32,
    ) -> Option<Edges> {
        *left = left.checked_sub(1)?;
        let program = self.program;
        match &program.expr(text).kind {
            ExprKind::String(text) => Some(Edges::whole(program.text(*text))),
            ExprKind::Parens(inner) => self.text_edges(*inner, (env, world), left),
            ExprKind::Binary {
                op: BinaryOp::Add,
                left: a,
                right: b,
                ..
            } => {
                let a = self.text_edges(*a, (env, world), left);
                let b = self.text_edges(*b, (env, world), left);
                Edges::concat(a, b)
            }
            ExprKind::Binary {
                op: BinaryOp::Mod,
                left: format,
                ..
            } => {
                let format = self.text_edges(*format, (env, world), left)?;
                if !format.is_whole {
                    return None;
                }
                format_edges(&format.start)
            }
            ExprKind::Var(name) => {
                let thunk = self.store.variable(env, *name)?;
                let body = self.store.thunks.get(thunk.0 as usize)?.body.clone();
                match body {
                    Body::Expr(bound, env) => self.text_edges(bound, (env, world), left),
                    Body::Value(value) => self.value_edges(&value, world),
                    Body::Apply(..) => None,
                }
            }
            ExprKind::Call { .. } => {
                let (start, end) = match &*self.std_called(text, env)? {
                    "escapeStringJson" | "escapeStringPython" => ("\"", "\""),
                    "escapeStringBash" => ("'", "'"),
                    "manifestXmlJsonml" => ("<", ">"),
                    _ => return None,
                };
                Some(Edges {
                    start: start.to_owned(),
                    end: end.to_owned(),
                    is_whole: false,
                })
            }
            _ => None,
        }
    }

    fn value_edges(&mut self, value: &Value, world: WorldId) -> Option<Edges> {
        if self.kinds(value, world) != KindSet::STRING {
            return None;
        }
        let ty = self.data_type(value, world).filter(|it| !it.is_poison())?;
        let single = ty.kinds().text.as_ref().and_then(Text::single).cloned();
        Some(single.map_or_else(Edges::default, |it| Edges::whole(&it)))
    }
}

/// What a format begins and ends with, beside what it takes.
fn format_edges(format: &str) -> Option<Edges> {
    plain_codes(format)?;
    let (Some((start, _)), Some((_, rest))) = (format.split_once('%'), format.rsplit_once('%'))
    else {
        return Some(Edges::whole(format));
    };
    let mut end = rest.chars();
    end.next();
    Some(Edges {
        start: start.to_owned(),
        end: end.as_str().to_owned(),
        is_whole: false,
    })
}
