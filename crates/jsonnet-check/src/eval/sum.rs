//! What `+` makes of strings, arrays and objects.

use std::rc::Rc;

use jsonnet_syntax::ExprId;

use super::{Checker, KindSet, binary::Operand};
use crate::{
    rules,
    ty::{Annotation, Array, MAX_TEXT, Number, Text, Ty},
    value::{ArrayValue, Layer, Outcomes, Value},
    world::WorldId,
};

/// Objects of more layers are not followed.
const MAX_LAYERS: usize = 300;
/// Elements of a type that are told apart by position.
const MAX_LISTED: usize = 256;
/// Arrays added to each other further than this are taken as data.
const MAX_CONCATENATED: u32 = 12;

impl Checker<'_> {
    pub(super) fn concatenate(
        &mut self,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let a = self.text_of_value(left.0, left.1, world);
        let b = self.text_of_value(right.0, right.1, world);
        if a.is_poison() || b.is_poison() {
            return Self::poison(world);
        }
        let _ = whole;
        let notes: Vec<Annotation> = a
            .kinds()
            .notes
            .iter()
            .chain(&b.kinds().notes)
            .cloned()
            .collect();
        let (Some(x), Some(y)) = (&a.kinds().text, &b.kinds().text) else {
            return Vec::new();
        };
        let is_empty = |it: &Text| it.single().is_some_and(|it| it.is_empty());
        let text = match (&x.literals, &y.literals) {
            // Nothing before or after a text leaves it as it is.
            (_, None) if is_empty(x) => y.clone(),
            (None, _) if is_empty(y) => x.clone(),
            (Some(xs), Some(ys)) if xs.len() * ys.len() <= 16 => {
                let pairs = xs.iter().flat_map(|x| ys.iter().map(move |y| (x, y)));
                let texts: Vec<_> = pairs.map(|(x, y)| format!("{x}{y}")).collect();
                if texts.iter().all(|it| it.len() <= MAX_TEXT) {
                    Text::of(texts.into_iter().map(Into::into).collect())
                } else {
                    Text::at_least(x.min_length.saturating_add(y.min_length))
                }
            }
            _ => Text::at_least(x.min_length.saturating_add(y.min_length)),
        };
        Self::data(world, Ty::from(text).with_notes(&notes))
    }

    /// What `std.toString` gives.
    pub(crate) fn text_of_value(&mut self, value: &Value, place: ExprId, world: WorldId) -> Ty {
        let ty = self.as_data(value, place, world);
        if ty.is_poison() {
            return ty;
        }
        let kinds = ty.kinds();
        if KindSet::of(&ty) == KindSet::STRING {
            return ty;
        }
        let only = KindSet::of(&ty);
        let literal = match only {
            KindSet::NULL => Some("null".to_owned()),
            KindSet::BOOL => match kinds.bools {
                [true, false] => Some("false".to_owned()),
                [false, true] => Some("true".to_owned()),
                _ => None,
            },
            KindSet::NUMBER => kinds
                .number
                .as_ref()
                .and_then(Number::single)
                .filter(|it| it.fract() == 0.0 && it.abs() < 1e15)
                .map(|it| format!("{it}")),
            _ => None,
        };
        let text = match literal {
            Some(literal) => Text::of(vec![literal.into()]),
            None if only.contains(KindSet::STRING) => {
                Text::at_least(kinds.text.as_ref().map_or(0, |it| it.min_length.min(1)))
            }
            None if only == KindSet::NUMBER
                && (kinds.number.as_ref()).is_some_and(|it| it.integer && it.is_exact()) =>
            {
                Text::integer()
            }
            None => Text::at_least(1),
        };
        Ty::from(text).with_notes(&kinds.notes)
    }

    /// Arrays one after the other.
    pub(crate) fn append(
        &mut self,
        left: &Value,
        right: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let (a, b) = (self.data_type(left, world), self.data_type(right, world));
        if let (Some(a), Some(b)) = (a, b) {
            if a.is_poison() || b.is_poison() {
                return Self::poison(world);
            }
            if let (Some(x), Some(y)) = (&a.kinds().array, &b.kinds().array) {
                let notes: Vec<Annotation> = a
                    .kinds()
                    .notes
                    .iter()
                    .chain(&b.kinds().notes)
                    .cloned()
                    .collect();
                return Self::data(world, Ty::from(append_types(x, y)).with_notes(&notes));
            }
        }
        if let (Value::Array(a), Value::Array(b)) = (left, right)
            && let (ArrayValue::Fixed(x), ArrayValue::Fixed(y)) = (&**a, &**b)
            && x.len() + y.len() <= 256
        {
            let all = x.iter().chain(y).copied().collect();
            return Self::one(world, Value::Array(Rc::new(ArrayValue::Fixed(all))));
        }
        let depth = |it: &Value| match it {
            Value::Array(array) => match &**array {
                ArrayValue::Concat(_, _, depth) => depth + 1,
                _ => 1,
            },
            _ => 0,
        };
        let depth = depth(left).max(depth(right));
        if depth > MAX_CONCATENATED {
            let a = self.as_data(left, place, world);
            let b = self.as_data(right, place, world);
            let all = array_element(&a).join(&array_element(&b));
            return Self::data(world, Ty::array(all));
        }
        let both = ArrayValue::Concat(left.clone(), right.clone(), depth);
        Self::one(world, Value::Array(Rc::new(both)))
    }

    /// The object of the layers of both.
    pub(crate) fn extend(
        &mut self,
        left: &Value,
        right: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        self.has_extended = true;
        let mut layers = Vec::new();
        for value in [left, right] {
            match value {
                Value::Object(object) => {
                    layers.extend(self.store.layers_of(*object).iter().copied());
                }
                Value::Std => return self.refuse_std(place, world),
                _ => {
                    let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                    if !ty.is_poison() && ty.kinds().shapes.iter().any(|it| it.late) {
                        let message = "what this object hides or reads of itself is not known here";
                        let diagnostic = self
                            .diagnostic(&rules::CANNOT_PROVE, place, message)
                            .help("add to it where it is written");
                        self.push(diagnostic);
                        return Self::poison(world);
                    }
                    let layer = self.data_layer(value);
                    layers.push(layer);
                }
            }
        }
        if layers.len() > MAX_LAYERS {
            self.give_up(
                place,
                "this object is made of too many others to be followed",
            );
            return Vec::new();
        }
        let object = self.store.object(layers);
        Self::one(world, Value::Object(object))
    }

    /// The layer of data, the same for the same path.
    pub(super) fn data_layer(&mut self, value: &Value) -> crate::value::LayerId {
        let same = self.store.layers.iter().position(
            |it| matches!(&**it, Layer::Data(known) if matches!(known, Value::Ref(_)) && known.is_same(value)),
        );
        match same {
            Some(at) => crate::value::LayerId(u32::try_from(at).unwrap_or(u32::MAX)),
            None => self.layer(Layer::Data(value.clone())),
        }
    }
}

pub(super) fn array_element(ty: &Ty) -> Ty {
    if ty.is_poison() {
        return Ty::Poison;
    }
    let element = ty.kinds().array.as_ref().map(Array::element);
    element.unwrap_or_else(Ty::never)
}

pub(super) fn append_types(a: &Array, b: &Array) -> Array {
    let min = a.min.saturating_add(b.min);
    let max = a.max.zip(b.max).map(|(x, y)| x.saturating_add(y));
    // Positions of the second are known only when the first has one length.
    let listed = a.prefix.len().saturating_add(b.prefix.len());
    if a.max == Some(a.min) && a.prefix.len() == a.min && listed <= MAX_LISTED {
        let prefix = a.prefix.iter().chain(&b.prefix).cloned().collect();
        return Array {
            prefix,
            rest: b.rest.clone(),
            min,
            max,
            unique: false,
            keyed: false,
            sorted: false,
        };
    }
    Array {
        prefix: a
            .prefix
            .iter()
            .take(a.min.min(MAX_LISTED))
            .cloned()
            .collect(),
        rest: a.element().join(&b.element()),
        min,
        max,
        unique: false,
        keyed: false,
        sorted: false,
    }
}
