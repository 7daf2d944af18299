//! What functions give that ask something of constants alone, or make a text of constant ones.
//!
//! Only answers that are the same in every release and evaluator are given here; of all else the
//! type of the result is known and no more. A condition whose answer is known leaves one way to go,
//! so nothing is said of what never runs.

use serde_json::Value as Constant;

use super::Call;
use crate::{
    eval::{Checker, manifest::Purpose},
    ty::{MAX_TEXT, Number, Ty},
    value::{Outcome, Outcomes, Value},
    world::WorldId,
};

/// Functions that are answered, and how many arguments each takes.
fn parameters(name: &str) -> usize {
    match name {
        "isDecimal"
        | "isInteger"
        | "isEven"
        | "isOdd"
        | "trim"
        | "escapeStringJson"
        | "escapeStringPython"
        | "escapeStringBash"
        | "escapeStringDollars" => 1,
        "startsWith" | "endsWith" | "equalsIgnoreCase" | "member" | "contains" | "count"
        | "setMember" | "xor" | "xnor" => 2,
        name if is_strip(name) => 2,
        _ => 0,
    }
}

/// Functions that take characters from the ends of a text.
fn is_strip(name: &str) -> bool {
    matches!(name, "stripChars" | "lstripChars" | "rstripChars")
}

impl Checker<'_> {
    /// The outcomes of a call, with its answer in the place of its type where that is known.
    pub(super) fn folded(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        outcomes: Outcomes,
    ) -> Outcomes {
        let count = parameters(call.name);
        let [Outcome { world, value }] = outcomes.as_slice() else {
            return outcomes;
        };
        let is_open = matches!(value, Value::Data(ty) if !ty.is_poison() && !ty.is_never());
        let has_others = call.slot(count).is_some();
        if count == 0 || !is_open || has_others {
            return outcomes;
        }
        let world = *world;
        let mut args = Vec::with_capacity(count);
        for (at, value) in values.iter().take(count).enumerate() {
            match self.constant_argument(value, call, at, world) {
                Some(it) => args.push(it),
                None => return outcomes,
            }
        }
        match answer(call.name, &args) {
            Some(ty) => Self::data(world, ty),
            None => outcomes,
        }
    }

    /// The argument, if it is the same in every evaluation and nothing is said of it.
    fn constant_argument(
        &mut self,
        value: &Value,
        call: &Call<'_>,
        at: usize,
        world: WorldId,
    ) -> Option<Constant> {
        let ty = match value {
            // What takes texts looks at no element before it has to.
            Value::Array(_) if is_strip(call.name) => return None,
            // Their elements were compared, or there are none.
            Value::Array(_) => {
                self.manifest_for(value, call.place_of(at), world, Purpose::Comparison)
            }
            _ => self.data_type(value, world)?,
        };
        ty.constant().filter(|_| ty.kinds().notes.is_empty())
    }
}

fn answer(name: &str, args: &[Constant]) -> Option<Ty> {
    use Constant::{Array, Bool, Number as Num, String as Text};
    let holds = match (name, args) {
        ("isDecimal", [Num(x)]) => x.as_f64()?.fract() != 0.0,
        ("isInteger", [Num(x)]) => x.as_f64()?.fract() == 0.0,
        // What they say of fractions differs.
        ("isEven", [Num(x)]) => x.as_i64()? % 2 == 0,
        ("isOdd", [Num(x)]) => x.as_i64()? % 2 != 0,
        ("xor", [Bool(a), Bool(b)]) => a != b,
        ("xnor", [Bool(a), Bool(b)]) => a == b,
        ("startsWith", [Text(a), Text(b)]) => a.starts_with(b.as_str()),
        ("endsWith", [Text(a), Text(b)]) => a.ends_with(b.as_str()),
        ("equalsIgnoreCase", [Text(a), Text(b)]) if a.is_ascii() && b.is_ascii() => {
            a.eq_ignore_ascii_case(b)
        }
        ("member" | "contains", [Text(text), Text(part)]) => text.contains(part.as_str()),
        ("member" | "contains", [Array(elements), x]) => elements.contains(x),
        // A set is searched by order, which what is no set leaves open.
        ("setMember", [_, Array(elements)]) if elements.is_empty() => false,
        ("setMember", [x, Array(elements)]) if elements.len() == 1 => elements.contains(x),
        ("count", [Array(elements), x]) => {
            let count = elements.iter().filter(|it| *it == x).count();
            let count = Number::literal(crate::eval::position::as_f64(count));
            return Some(Ty::from(count));
        }
        _ => {
            let text = text_answer(name, args).filter(|it| it.len() <= MAX_TEXT);
            return text.map(|it| Ty::literal(&it));
        }
    };
    Some(Ty::bool(holds))
}

/// Texts that are made of constant ones; of those that are quoted, only where no character is
/// written in another way.
fn text_answer(name: &str, args: &[Constant]) -> Option<String> {
    let text = args.first()?.as_str()?;
    let is_plain = |it: char| it == ' ' || (it.is_ascii_graphic() && !"\"'\\$".contains(it));
    let quoted = |quote: char| {
        let is_whole = text.chars().all(is_plain);
        is_whole.then(|| format!("{quote}{text}{quote}"))
    };
    Some(match (name, args.get(1).and_then(Constant::as_str)) {
        ("escapeStringJson" | "escapeStringPython", _) => quoted('"')?,
        ("escapeStringBash", _) => quoted('\'')?,
        ("escapeStringDollars", _) => text.replace('$', "$$"),
        ("trim", _) if text.is_ascii() => {
            let is_space = |it: char| " \t\n\u{c}\r".contains(it);
            text.trim_matches(is_space).to_owned()
        }
        ("stripChars", Some(chars)) => text.trim_matches(|it| chars.contains(it)).to_owned(),
        ("lstripChars", Some(chars)) => {
            let kept = text.trim_start_matches(|it| chars.contains(it));
            kept.to_owned()
        }
        ("rstripChars", Some(chars)) => {
            let kept = text.trim_end_matches(|it| chars.contains(it));
            kept.to_owned()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::answer;
    use crate::ty::Ty;

    #[test]
    fn constants_are_answered_as_go_jsonnet_does() {
        for (name, args, holds) in [
            ("isDecimal", vec![json!(1)], false),
            ("isInteger", vec![json!(-0.5)], false),
            ("isOdd", vec![json!(-3)], true),
            ("isEven", vec![json!(0)], true),
            ("startsWith", vec![json!("abc"), json!("")], true),
            ("endsWith", vec![json!(""), json!("abc")], false),
            ("equalsIgnoreCase", vec![json!("aB"), json!("Ab")], true),
            ("member", vec![json!("items"), json!("x")], false),
            ("contains", vec![json!([1, [2]]), json!([2])], true),
            ("setMember", vec![json!(null), json!([])], false),
            ("xnor", vec![json!(true), json!(true)], true),
        ] {
            assert_eq!(
                answer(name, &args),
                Some(Ty::bool(holds)),
                "{name} {args:?}"
            );
        }
    }

    #[test]
    fn texts_are_made_of_constant_ones() {
        for (name, args, made) in [
            ("escapeStringJson", vec![json!("a b")], "\"a b\""),
            ("escapeStringBash", vec![json!("ab")], "'ab'"),
            ("escapeStringDollars", vec![json!("a$b")], "a$$b"),
            ("trim", vec![json!(" a\n")], "a"),
            ("stripChars", vec![json!("xaxbx"), json!("xy")], "axb"),
            ("lstripChars", vec![json!("xax"), json!("x")], "ax"),
            ("rstripChars", vec![json!("a,b"), json!("x")], "a,b"),
        ] {
            let made = Some(Ty::literal(made));
            assert_eq!(answer(name, &args), made, "{name} {args:?}");
        }
    }

    #[test]
    fn what_differs_is_left_open() {
        for (name, args) in [
            ("isOdd", vec![json!(0.5)]),
            ("equalsIgnoreCase", vec![json!("Ä"), json!("ä")]),
            ("setMember", vec![json!(3), json!([1, 3, 2])]),
        ] {
            assert_eq!(answer(name, &args), None, "{name} {args:?}");
        }
    }
}
