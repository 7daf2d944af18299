//! Calls of std, of every function that has a type.

use serde_json::json;

use super::Generator;
use crate::shape::{Member, Range, Rest, Shape};
use crate::std_table::{SIGNATURES, Signature, Spec};

/// What the letters of a signature stand for in one call.
type Letters = Vec<(char, Shape)>;

impl Generator<'_> {
    /// A call that gives such a value, if there is any.
    pub(super) fn std_call(&mut self, wanted: &Shape, depth: usize) -> Option<String> {
        for _ in 0..40 {
            let signature = self.random.pick(&SIGNATURES)?;
            let mut letters = Letters::new();
            if gives(&signature.result, wanted, &mut letters) {
                return Some(self.std_call_of(signature, letters, depth));
            }
        }
        None
    }

    fn std_call_of(&mut self, signature: &Signature, mut letters: Letters, depth: usize) -> String {
        for it in &signature.params {
            self.choose(&it.spec, &mut letters);
        }
        let all_by_name = signature.params.iter().all(|it| it.by_name) && self.random.percent(12);
        let mut args = Vec::new();
        let mut left_out = false;
        for it in &signature.params {
            if it.optional && self.random.percent(40) {
                left_out = true;
                continue;
            }
            let value = self.argument(&it.spec, &letters, depth);
            if all_by_name || left_out {
                args.push(format!("{}={value}", it.name));
            } else {
                args.push(value);
            }
        }
        if self.random.per_mille(self.style.mistakes) {
            match self.random.below(3) {
                0 => args.push("1".to_owned()),
                1 => drop(args.pop()),
                _ => args.reverse(),
            }
        }
        let name = signature.name;
        let called = if self.random.percent(2) {
            format!("std['{name}']")
        } else {
            format!("std.{name}")
        };
        format!("{called}({})", args.join(", "))
    }

    /// Gives every letter a shape.
    fn choose(&mut self, spec: &Spec, letters: &mut Letters) {
        match spec {
            Spec::Letter(letter) => {
                if letters.iter().any(|it| it.0 == *letter) {
                    return;
                }
                let shape = match letter {
                    'K' => self.random.pick(&[Shape::text(), Shape::number()]).cloned(),
                    _ => None,
                };
                let shape = shape.unwrap_or_else(|| self.output_shape(1));
                letters.push((*letter, shape));
            }
            Spec::List(item, _) => {
                // What an array of the scope has for elements, so that it can be the argument.
                if let Spec::Letter(letter) = **item
                    && letter != 'K'
                    && letters.iter().all(|it| it.0 != letter)
                    && self.random.percent(75)
                    && let Some(walk) = self.walk(&|it| matches!(it, Shape::List(..)))
                    && let Shape::List(item, ..) = walk.shape
                {
                    letters.push((letter, *item));
                    return;
                }
                self.choose(item, letters);
            }
            Spec::Map(value) => {
                if let Spec::Letter(letter) = **value
                    && letters.iter().all(|it| it.0 != letter)
                    && self.random.percent(60)
                    && let Some(walk) =
                        self.walk(&|it| matches!(it, Shape::Object(_, Rest::Map(_))))
                    && let Shape::Object(_, Rest::Map(value)) = walk.shape
                {
                    letters.push((letter, *value));
                    return;
                }
                self.choose(value, letters);
            }
            // Arrays stand behind functions in most signatures, and are chosen first.
            Spec::Function(..) | Spec::Kind(_) | Spec::Picky(_) => {}
        }
    }

    fn argument(&mut self, spec: &Spec, letters: &Letters, depth: usize) -> String {
        match spec {
            Spec::Picky(word) if !word.starts_with("entry") => self.picky(word, depth),
            Spec::List(item, least) => match **item {
                Spec::Picky(word) if word != "char" => {
                    let count = least + self.random.below(3);
                    let items: Vec<String> = (0..count).map(|_| self.picky(word, depth)).collect();
                    format!("[{}]", items.join(", "))
                }
                _ => {
                    let shape = shape_of(spec, letters);
                    self.expr(&shape, depth)
                }
            },
            Spec::Function(params, result) => {
                let params: Vec<Shape> = params.iter().map(|it| shape_of(it, letters)).collect();
                self.callback(&params, &shape_of(result, letters), depth)
            }
            _ => {
                let shape = shape_of(spec, letters);
                self.expr(&shape, depth)
            }
        }
    }

    /// A function of std as a value.
    pub(super) fn std_function(&mut self, params: &[Shape], result: &Shape) -> Option<String> {
        for _ in 0..60 {
            let signature = self.random.pick(&SIGNATURES)?;
            let required = signature.params.iter().filter(|it| !it.optional).count();
            let mut letters = Letters::new();
            let takes = required == params.len()
                && signature
                    .params
                    .iter()
                    .zip(params)
                    .all(|(it, given)| takes(&it.spec, given, &mut letters));
            if takes && gives(&signature.result, result, &mut letters) {
                return Some(format!("std.{}", signature.name));
            }
        }
        None
    }
}

/// Whether such a result is what is wanted; the letters stand for what makes it so.
fn gives(spec: &Spec, wanted: &Shape, letters: &mut Letters) -> bool {
    match spec {
        Spec::Letter('K') => match wanted {
            Shape::Number(_) | Shape::Text(..) => bind('K', wanted, letters),
            Shape::Any => bind('K', &Shape::text(), letters),
            _ => false,
        },
        Spec::Letter(letter) => bind(*letter, wanted, letters),
        Spec::List(item, least) => match wanted {
            Shape::List(inner, low, None) => least >= low && gives(item, inner, letters),
            Shape::Any => gives(item, &Shape::Any, letters),
            _ => false,
        },
        Spec::Map(value) => match wanted {
            Shape::Object(members, Rest::Map(inner)) if members.is_empty() => {
                gives(value, inner, letters)
            }
            Shape::Object(members, Rest::Open) if members.is_empty() => {
                gives(value, &Shape::Any, letters)
            }
            Shape::Any => gives(value, &Shape::Any, letters),
            _ => false,
        },
        Spec::Function(..) => false,
        Spec::Picky(word) if word.starts_with("entry") => {
            let members = match wanted {
                Shape::Any => return bind('T', &Shape::Any, letters),
                Shape::Object(members, Rest::Open) => members,
                _ => return false,
            };
            members.is_empty() && bind('T', &Shape::Any, letters)
        }
        Spec::Kind(_) | Spec::Picky(_) => shape_of(spec, letters).fits(wanted),
    }
}

/// Whether a parameter takes such a value.
fn takes(spec: &Spec, given: &Shape, letters: &mut Letters) -> bool {
    match spec {
        Spec::Letter('K') => {
            matches!(given, Shape::Number(_) | Shape::Text(..)) && bind('K', given, letters)
        }
        Spec::Letter(letter) => bind(*letter, given, letters),
        Spec::Kind(_) => given.fits(&shape_of(spec, letters)),
        Spec::List(item, least) => match given {
            Shape::List(inner, low, _) => low >= least && takes(item, inner, letters),
            _ => false,
        },
        _ => false,
    }
}

fn bind(letter: char, shape: &Shape, letters: &mut Letters) -> bool {
    match letters.iter().find(|it| it.0 == letter) {
        Some((_, known)) => known == shape,
        None => {
            letters.push((letter, shape.clone()));
            true
        }
    }
}

fn shape_of(spec: &Spec, letters: &Letters) -> Shape {
    match spec {
        Spec::Kind(word) => match *word {
            "num" => Shape::number(),
            "int" => Shape::Number(Range::WHOLE),
            "nat" => Shape::Number(Range::NATURAL),
            "str" => Shape::text(),
            "bool" => Shape::Bool,
            "null" => Shape::Null,
            "obj" => Shape::Object(Vec::new(), Rest::Open),
            _ => Shape::Any,
        },
        Spec::Letter(letter) => letters
            .iter()
            .find(|it| it.0 == *letter)
            .map_or(Shape::text(), |it| it.1.clone()),
        Spec::Picky("char") => Shape::Text(1, None),
        Spec::Picky("kind") => Shape::OneOf(vec![
            json!("string"),
            json!("number"),
            json!("object"),
            json!("array"),
            json!("boolean"),
            json!("null"),
        ]),
        Spec::Picky("text or null") => Shape::text().or_null(),
        Spec::Picky(word) if word.starts_with("entry") => {
            let value = shape_of(&Spec::Letter('T'), letters);
            let member = |name: &str, shape| Member {
                name: name.to_owned(),
                shape,
                required: true,
            };
            let members = vec![member("key", Shape::text()), member("value", value)];
            Shape::Object(members, Rest::Closed)
        }
        Spec::Picky("size" | "limit" | "zero") => Shape::Number(Range::SMALL),
        Spec::Picky("unit" | "positive" | "divisor" | "codepoint" | "byte" | "bound" | "step") => {
            Shape::number()
        }
        Spec::Picky(_) => Shape::text(),
        Spec::List(item, least) => Shape::List(Box::new(shape_of(item, letters)), *least, None),
        Spec::Map(value) => Shape::map(shape_of(value, letters)),
        Spec::Function(params, result) => Shape::function(
            params.iter().map(|it| shape_of(it, letters)).collect(),
            shape_of(result, letters),
        ),
    }
}
