//! Types of exactly one value.

use serde_json::Value;

use super::{Array, Presence, Shape, Ty, number_value};

impl Ty {
    /// The only value of the type, if there is one.
    ///
    /// Numbers are written as JSON has them, so that equal numbers are equal values.
    pub(crate) fn constant(&self) -> Option<Value> {
        let Self::Kinds(kinds) = self else {
            return None;
        };
        let mut all = Vec::new();
        if kinds.null {
            all.push(Value::Null);
        }
        for (value, is_there) in [false, true].into_iter().zip(kinds.bools) {
            if is_there {
                all.push(Value::Bool(value));
            }
        }
        if let Some(number) = &kinds.number {
            // From -0 to 0 there are two, which are equal.
            let only = (number.low == number.high).then_some(number.low);
            all.push(number_value(only? + 0.0));
        }
        if let Some(text) = &kinds.text {
            all.push(Value::String(text.single()?.to_string()));
        }
        if let Some(array) = &kinds.array {
            all.push(array.constant()?);
        }
        for shape in &kinds.shapes {
            all.push(shape.constant()?);
        }
        match all.as_slice() {
            [_] => all.pop(),
            _ => None,
        }
    }
}

/// More equal elements are not written out.
const MAX_ELEMENTS: usize = 32;

impl Array {
    fn constant(&self) -> Option<Value> {
        let mut elements: Vec<Value> = Vec::new();
        for it in &self.prefix {
            elements.push(it.constant()?);
        }
        let is_full = self.rest.is_never() && self.min == elements.len();
        if !is_full {
            let others = self.min.checked_sub(elements.len())?;
            if self.max != Some(self.min) || others > MAX_ELEMENTS {
                return None;
            }
            if others > 0 {
                let other = self.rest.constant()?;
                elements.extend(std::iter::repeat_n(other, others));
            }
        }
        Some(Value::Array(elements))
    }
}

impl Shape {
    fn constant(&self) -> Option<Value> {
        if self.late || self.rest.as_ref().is_some_and(|it| !it.is_never()) {
            return None;
        }
        let members = self.present().map(|(name, field)| {
            let is_there = field.presence == Presence::Required;
            Some((name.to_string(), field.ty.constant().filter(|_| is_there)?))
        });
        members.collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Field, Number, Ty};

    #[test]
    fn one_value_is_a_constant() {
        let object = Ty::object([
            ("a", Field::required(Ty::literal("x"))),
            ("b", Field::required(Ty::from(Number::literal(1.0)))),
        ]);
        assert_eq!(object.constant(), Some(json!({ "a": "x", "b": 1 })));
        assert_eq!(Ty::null().constant(), Some(json!(null)));
    }

    #[test]
    fn more_values_are_none() {
        let optional = Ty::object([("a", Field::optional(Ty::null()))]);
        for ty in [
            Ty::boolean(),
            Ty::null().or_null().join(&Ty::bool(true)),
            Ty::string(),
            Ty::array(Ty::null()),
            Ty::map(Ty::null()),
            Ty::never(),
            Ty::Unknown,
            optional,
        ] {
            assert_eq!(ty.constant(), None, "{ty}");
        }
    }
}
