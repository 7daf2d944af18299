//! From jrsonnet's values to JSON, as far as the limits go.
//!
//! Values are lazy and may be far larger than what they were made from; sizes are asked for before
//! texts and items are.

use jrsonnet_evaluator::{Error, Val, ensure_sufficient_stack};
use serde_json::{Map, Number, Value};

use crate::limits::{Limit, Limits};
use crate::manifest::Budget;

/// Why there is no value.
pub(super) enum Stop {
    Error(Error),
    /// A function is in the output.
    Function,
    Limit(Limit),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Evaluates all that is visible: objects in the order of their fields' code points, assertions
/// before fields.
pub(super) fn manifested(value: &Val, limits: &Limits) -> Result<Value, Stop> {
    let budget = Budget::new(limits.output).ok_or(Stop::Limit(Limit::Output))?;
    let mut walk = Walk {
        budget,
        deepest: limits.nesting,
    };
    walk.value(value, 0)
}

struct Walk {
    budget: Budget,
    deepest: usize,
}

/// A step that the budget allows.
fn within(taken: Option<()>) -> Result<(), Stop> {
    taken.ok_or(Stop::Limit(Limit::Output))
}

impl Walk {
    fn value(&mut self, value: &Val, level: usize) -> Result<Value, Stop> {
        let scalar = match value {
            Val::Null => Value::Null,
            Val::Bool(it) => Value::Bool(*it),
            Val::Num(it) => number(it.get()),
            Val::Str(it) => {
                // Before the text is put together.
                if self.budget.left() < it.len() {
                    return Err(Stop::Limit(Limit::Output));
                }
                Value::String(it.into_flat().to_string())
            }
            Val::Arr(_) | Val::Obj(_) if level >= self.deepest => {
                return Err(Stop::Limit(Limit::Nesting));
            }
            Val::Arr(_) | Val::Obj(_) => {
                return ensure_sufficient_stack(|| self.parts(value, level));
            }
            Val::Func(_) => return Err(Stop::Function),
        };
        within(self.budget.take_scalar(&scalar))?;
        Ok(scalar)
    }

    fn parts(&mut self, value: &Val, level: usize) -> Result<Value, Stop> {
        match value {
            Val::Obj(object) => {
                object.run_assertions()?;
                let mut fields = Map::new();
                for (index, name) in object.fields().into_iter().enumerate() {
                    within(self.budget.take_separator(index, level))?;
                    within(self.budget.take_name(&name))?;
                    let field = object.get_or_bail(name.clone())?;
                    fields.insert(name.to_string(), self.value(&field, level + 1)?);
                }
                within(self.budget.take_brackets(fields.is_empty(), level))?;
                Ok(Value::Object(fields))
            }
            Val::Arr(array) => {
                let mut items = Vec::new();
                for (index, item) in array.iter().enumerate() {
                    within(self.budget.take_separator(index, level))?;
                    items.push(self.value(&item?, level + 1)?);
                }
                within(self.budget.take_brackets(items.is_empty(), level))?;
                Ok(Value::Array(items))
            }
            scalar => self.value(scalar, level),
        }
    }
}

/// Up to which every whole number is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn number(number: f64) -> Value {
    let whole = number.fract() == 0.0 && number.abs() <= EXACT;
    // JSON knows -0, integers do not.
    let negative_zero = number == 0.0 && number.is_sign_negative();
    if whole && !negative_zero {
        #[expect(clippy::cast_possible_truncation, reason = "whole and exact")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_are_integers() {
        assert_eq!(number(3.0), json!(3));
        assert_eq!(number(-3.0), json!(-3));
        assert_eq!(number(0.0), json!(0));
        assert_eq!(number(-0.0), json!(-0.0));
        assert_eq!(number(0.5), json!(0.5));
        assert_eq!(number(1e300), json!(1e300));
        assert_eq!(number(EXACT), json!(9_007_199_254_740_992_i64));
    }
}
