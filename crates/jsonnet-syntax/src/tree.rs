//! The syntax tree: expressions in one flat list, referred to by number.
//!
//! Invariants:
//! - a child has a smaller [`ExprId`] than its parent, so the tree has no cycles and is dropped
//!   without recursion;
//! - no path from the root is longer than [`crate::MAX_NESTING`] steps, not counting steps into
//!   the left operand of a binary operator and into the body of a `local`, which may be as long as
//!   the text;
//! - sugar is kept except in two places: `f(x) = e` in binds and fields is a function, and every
//!   object and comprehension keeps its members in the order of the text.

use diagnostics::{FileId, Span, TextRange};

/// The number of an expression in its [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(u32);

impl ExprId {
    /// The position in [`Program::exprs`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// The number of an identifier or string value in its [`Program`]; equal texts have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u32);

impl Symbol {
    /// The position among the program's texts.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A parsed program.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) exprs: Vec<Expr>,
    pub(crate) texts: Vec<Box<str>>,
    pub(crate) root: ExprId,
    pub(crate) file: FileId,
}

static MISSING: Expr = Expr {
    range: TextRange { start: 0, end: 0 },
    kind: ExprKind::Missing,
};

impl Program {
    /// The whole program.
    #[must_use]
    pub fn root(&self) -> ExprId {
        self.root
    }

    /// The file that every range of this program belongs to.
    #[must_use]
    pub fn file(&self) -> FileId {
        self.file
    }

    /// An expression; [`ExprKind::Missing`] for a number of another program.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        self.exprs.get(id.index()).unwrap_or(&MISSING)
    }

    /// Every expression, children before parents.
    #[must_use]
    pub fn exprs(&self) -> &[Expr] {
        &self.exprs
    }

    /// The number of each expression, in the same order.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.exprs.len()).map(ExprId::new)
    }

    /// An identifier, or a string with its escapes decoded.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.index()).map_or("", |text| text)
    }

    /// The text of that number, as [`Symbol::index`] counts them.
    #[must_use]
    pub fn text_at(&self, index: usize) -> &str {
        self.texts.get(index).map_or("", |text| text)
    }

    /// How many different texts there are: one more than the largest [`Symbol`].
    #[must_use]
    pub fn text_count(&self) -> usize {
        self.texts.len()
    }

    /// The place of an expression.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.expr(id).range.in_file(self.file)
    }
}

/// An expression and the bytes it covers.
#[derive(Clone, Debug)]
pub struct Expr {
    /// From its first token to its last.
    pub range: TextRange,
    /// What it is.
    pub kind: ExprKind,
}

/// An identifier where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its text.
    pub symbol: Symbol,
    /// Its place; for a string used as a name, quotes included.
    pub range: TextRange,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Nothing could be read here; a diagnostic says why.
    Missing,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number literal; infinite when the literal overflows, which fails where it is evaluated.
    Number(f64),
    /// A string literal of any form, escapes decoded.
    String(Symbol),
    /// `self`
    SelfRef,
    /// `$`
    Dollar,
    /// A variable.
    Var(Symbol),
    /// `(e)`
    Parens(ExprId),
    /// `[e, …]`
    Array(Box<[ExprId]>),
    /// `[e for x in xs if c]`
    ArrayComp {
        /// What is collected.
        element: ExprId,
        /// At least one, the first a `for`.
        specs: Box<[Spec]>,
    },
    /// `{ … }`
    Object(Box<[Member]>),
    /// `{ [k]: v for x in xs }`: exactly one field, computed and not hidden; any locals.
    ObjectComp {
        /// The field and the locals.
        members: Box<[Member]>,
        /// At least one, the first a `for`.
        specs: Box<[Spec]>,
    },
    /// `e.name`
    Member {
        /// The object.
        target: ExprId,
        /// The field.
        name: Name,
    },
    /// `e[i]`
    Index {
        /// The object, array or string.
        target: ExprId,
        /// The field name or position.
        index: ExprId,
    },
    /// `e[from:to:step]`
    Slice {
        /// The array or string.
        target: ExprId,
        /// The first position.
        from: Option<ExprId>,
        /// The position behind the last.
        to: Option<ExprId>,
        /// The distance.
        step: Option<ExprId>,
    },
    /// `super.name`
    SuperMember {
        /// The field.
        name: Name,
    },
    /// `super[e]`
    SuperIndex {
        /// The field name.
        index: ExprId,
    },
    /// `e in super`
    InSuper {
        /// The field name.
        name: ExprId,
    },
    /// `f(…)`
    Call {
        /// The function.
        target: ExprId,
        /// Positional ones first.
        args: Box<[Arg]>,
        /// From `(` to `)`.
        parens: TextRange,
        /// The keyword, where it is given.
        tailstrict: Option<TextRange>,
    },
    /// `e { … }`, which is `e + { … }` and binds tighter.
    ApplyBrace {
        /// The left operand.
        target: ExprId,
        /// An object or object comprehension.
        object: ExprId,
    },
    /// `-e`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its place.
        op_range: TextRange,
        /// The operand.
        operand: ExprId,
    },
    /// `a + b`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Its place.
        op_range: TextRange,
        /// The left operand.
        left: ExprId,
        /// The right operand.
        right: ExprId,
    },
    /// `if c then a else b`
    If {
        /// The condition.
        condition: ExprId,
        /// The value when it holds.
        then: ExprId,
        /// The value otherwise; `null` when left out.
        otherwise: Option<ExprId>,
    },
    /// `local x = a, y = b; e`
    Local {
        /// Visible in each other and in the body.
        binds: Box<[Bind]>,
        /// The value.
        body: ExprId,
    },
    /// `function(x, y=d) e`, or the sugared forms `f(x) = e` and `{ f(x): e }`.
    Function {
        /// The parameters.
        params: Box<[Param]>,
        /// The body.
        body: ExprId,
        /// The name in a sugared form.
        name: Option<Name>,
    },
    /// `assert c : m; e`
    Assert {
        /// The condition.
        condition: ExprId,
        /// The message.
        message: Option<ExprId>,
        /// The value.
        rest: ExprId,
    },
    /// `error e`
    Error(ExprId),
    /// `import 'path'`, `importstr`, `importbin`
    Import {
        /// Which of them.
        form: ImportForm,
        /// The path as it is written, escapes decoded.
        path: Name,
    },
}

/// A name and its value in a `local`.
#[derive(Clone, Copy, Debug)]
pub struct Bind {
    /// The name.
    pub name: Name,
    /// The value; a function for `f(x) = e`.
    pub value: ExprId,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The name.
    pub name: Name,
    /// The default, which sees all parameters.
    pub default: Option<ExprId>,
}

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// The parameter it is for, when named.
    pub name: Option<Name>,
    /// The value.
    pub value: ExprId,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub enum Member {
    /// `name: e`
    Field(Field),
    /// `local x = e`
    Local(Bind),
    /// `assert c : m`
    Assert {
        /// The condition.
        condition: ExprId,
        /// The message.
        message: Option<ExprId>,
        /// From the keyword to the end.
        range: TextRange,
    },
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// Whether it is `+:`, which adds to the field of `super`.
    pub plus: bool,
    /// How it is manifested.
    pub visibility: Visibility,
    /// The place of `:`, `::`, `+:` and so on.
    pub op_range: TextRange,
    /// The value; a function for `{ f(x): e }`.
    pub value: ExprId,
}

/// The name of a field.
#[derive(Clone, Copy, Debug)]
pub enum FieldName {
    /// An identifier or a string.
    Fixed(Name),
    /// `[e]`, evaluated outside the object.
    Computed(ExprId),
}

/// The colons of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// `:`, visible unless the field it overrides is hidden.
    Inherit,
    /// `::`
    Hidden,
    /// `:::`
    Visible,
}

/// A clause of a comprehension.
#[derive(Clone, Copy, Debug)]
pub enum Spec {
    /// `for x in e`
    For {
        /// The variable.
        name: Name,
        /// The array.
        source: ExprId,
    },
    /// `if c`
    If {
        /// The condition.
        condition: ExprId,
    },
}

/// The forms of imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportForm {
    /// `import`: a program.
    Program,
    /// `importstr`: a text.
    Text,
    /// `importbin`: an array of bytes.
    Bytes,
}

impl ImportForm {
    /// The keyword.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Program => "import",
            Self::Text => "importstr",
            Self::Bytes => "importbin",
        }
    }
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `~`
    BitNot,
    /// `+`
    Plus,
    /// `-`
    Minus,
}

impl UnaryOp {
    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::BitNot => "~",
            Self::Plus => "+",
            Self::Minus => "-",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        [Self::Not, Self::BitNot, Self::Plus, Self::Minus]
            .into_iter()
            .find(|op| op.as_str() == text)
    }
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "`as_str` is their documentation")]
pub enum BinaryOp {
    Mul,
    Div,
    Mod,
    Add,
    Sub,
    ShiftLeft,
    ShiftRight,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    In,
    Eq,
    NotEq,
    BitAnd,
    BitXor,
    BitOr,
    And,
    Or,
}

impl BinaryOp {
    const ALL: [Self; 19] = [
        Self::Mul,
        Self::Div,
        Self::Mod,
        Self::Add,
        Self::Sub,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::Less,
        Self::LessEq,
        Self::Greater,
        Self::GreaterEq,
        Self::In,
        Self::Eq,
        Self::NotEq,
        Self::BitAnd,
        Self::BitXor,
        Self::BitOr,
        Self::And,
        Self::Or,
    ];

    /// The operator as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Add => "+",
            Self::Sub => "-",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Less => "<",
            Self::LessEq => "<=",
            Self::Greater => ">",
            Self::GreaterEq => ">=",
            Self::In => "in",
            Self::Eq => "==",
            Self::NotEq => "!=",
            Self::BitAnd => "&",
            Self::BitXor => "^",
            Self::BitOr => "|",
            Self::And => "&&",
            Self::Or => "||",
        }
    }

    /// How tightly it binds: the lower, the tighter. All operators associate to the left.
    #[must_use]
    pub fn precedence(self) -> u8 {
        match self {
            Self::Mul | Self::Div | Self::Mod => 5,
            Self::Add | Self::Sub => 6,
            Self::ShiftLeft | Self::ShiftRight => 7,
            Self::Less | Self::LessEq | Self::Greater | Self::GreaterEq | Self::In => 8,
            Self::Eq | Self::NotEq => 9,
            Self::BitAnd => 10,
            Self::BitXor => 11,
            Self::BitOr => 12,
            Self::And => 13,
            Self::Or => 14,
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str() == text)
    }
}
