//! Beginnings and ends of computed names: what is known of a text of which the rest is not.
//!
//! A name is one text, so two that begin differently are two names, whatever follows; and so are
//! two that end differently. This is read off the expressions, since a type says nothing of parts
//! of its strings.
//!
//! Invariant: edges are given only of what is a string for certain, and every string that it can be
//! has them. They may overlap in it.

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind};

use super::{Checker, KindSet, distinct::plain_codes};
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
