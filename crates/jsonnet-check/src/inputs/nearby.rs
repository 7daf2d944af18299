//! Values that differ from one in a text, a number or the length of an array, by what a program
//! compares and computes with.

use jsonnet_syntax::{ExprKind, Program};
use serde_json::{Value, json};

/// Values that are made of one.
const MAX_NEARBY: usize = 48;
/// Literals of a program that are tried, of each kind.
const MAX_LITERALS: usize = 8;
/// A longer text is prose.
const LONGEST_TEXT: usize = 24;
/// Places in a value that are changed.
const MAX_PLACES: usize = 12;

/// What differs from the value in one place, the likeliest change of every place first.
pub(super) fn nearby(value: &Value, program: &Program) -> Vec<Value> {
    let literals = Literals::of(program);
    let mut places = Vec::new();
    collect(value, String::new(), &mut places);
    let mut changes: Vec<(String, std::vec::IntoIter<Value>)> = Vec::new();
    for pointer in places {
        if let Some(old) = value.pointer(&pointer) {
            let others = literals.others(old);
            changes.push((pointer, others.into_iter()));
        }
    }
    let mut found = Vec::new();
    while found.len() < MAX_NEARBY && !changes.is_empty() {
        changes.retain_mut(|(pointer, others)| {
            let Some(new) = others.next() else {
                return false;
            };
            let mut changed = value.clone();
            if let Some(slot) = changed.pointer_mut(pointer) {
                *slot = new;
                found.push(changed);
            }
            true
        });
    }
    found
}

/// The pointers to what can be changed.
fn collect(value: &Value, pointer: String, places: &mut Vec<String>) {
    if places.len() >= MAX_PLACES {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(member, format!("{pointer}/{name}"), places);
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                collect(element, format!("{pointer}/{at}"), places);
            }
            places.push(pointer);
        }
        Value::String(_) | Value::Number(_) => places.push(pointer),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The literals of a program, in the order of the text.
struct Literals {
    texts: Vec<String>,
    numbers: Vec<f64>,
}

impl Literals {
    fn of(program: &Program) -> Self {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for expr in program.exprs() {
            match &expr.kind {
                ExprKind::String(symbol) => {
                    let text = program.text(*symbol).to_owned();
                    if text.len() <= LONGEST_TEXT
                        && texts.len() < MAX_LITERALS
                        && !texts.contains(&text)
                    {
                        texts.push(text);
                    }
                }
                ExprKind::Number(number)
                    if numbers.len() < MAX_LITERALS && !numbers.contains(number) =>
                {
                    numbers.push(*number);
                }
                _ => {}
            }
        }
        Self { texts, numbers }
    }

    /// What may stand in the place of a value.
    fn others(&self, old: &Value) -> Vec<Value> {
        match old {
            Value::String(_) => {
                let mut all: Vec<Value> = self.texts.iter().map(|it| json!(it)).collect();
                all.extend(["", "1", "é😀"].map(Value::from));
                for it in self.texts.iter().filter(|it| !it.is_empty()) {
                    all.push(json!(format!("x{it}x")));
                    all.push(json!(format!("{it}{it}")));
                }
                all
            }
            Value::Number(_) => {
                let around = |it: &f64| [*it, it + 1.0, it - 1.0];
                let numbers = self.numbers.iter().flat_map(around);
                let usual = [0.0, -1.0, 0.5, 1e6, -1e6, crate::ty::MAX_NUMBER];
                let mut all: Vec<Value> = Vec::new();
                for it in numbers.chain(usual) {
                    let value = crate::ty::number_value(it);
                    if !all.contains(&value) {
                        all.push(value);
                    }
                }
                all
            }
            Value::Array(elements) => {
                let mut all = Vec::new();
                if let (Some(first), Some(last)) = (elements.first(), elements.last()) {
                    all.push(json!([elements.clone(), vec![last.clone()]].concat()));
                    all.push(json!([vec![first.clone()], elements.clone()].concat()));
                    all.push(json!([&[last.clone(), last.clone()], &**elements].concat()));
                    all.push(json!([]));
                }
                all
            }
            _ => Vec::new(),
        }
    }
}
