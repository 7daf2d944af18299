//! Jsonnet text to a syntax tree with a place for everything.
//!
//! Follows go-jsonnet: what it refuses before evaluation is a diagnostic here, and what it accepts
//! has none of level error. `tests/judge.py` compares the two on mutated programs.
//!
//! Invariants:
//! - parsing never fails, it reports: any text gives a tree and diagnostics;
//! - time is linear in the length of the text, and the stack is bounded by [`MAX_NESTING`];
//! - the tree is flat ([`ExprId`] numbers into one list), `Send + Sync`, and dropped without
//!   recursion.
//!
//! Start with [`parse`] and [`Program`].

mod token;

mod lexer;
mod literal;

mod tree;

mod parser;
mod resolve;

mod extent;

mod rules;

pub use extent::extent;
pub use lexer::{Piece, pieces};
pub use parser::{MAX_NESTING, Parsed, parse};
pub use rules::{
    DUPLICATE_LOCAL, DUPLICATE_MEMBER, DUPLICATE_PARAMETER, EXPRESSION_TOO_DEEP, JSONNET_SYNTAX,
    RULES, SELF_OUTSIDE_OBJECT, UNKNOWN_VARIABLE, UNUSED_VARIABLE,
};
pub use token::Comment;
pub use tree::{
    Arg, BinaryOp, Bind, Expr, ExprId, ExprKind, Field, FieldName, ImportForm, Member, Name, Param,
    Program, Spec, Symbol, UnaryOp, Visibility,
};
