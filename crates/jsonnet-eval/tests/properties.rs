//! What holds of every value.

use jsonnet_eval::{Answer, Evaluated, Evaluator, Jrsonnet, Limit, Limits, manifest};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Any value in the form in which values come out.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_992_i64..=9_007_199_254_740_992).prop_map(Value::from),
        any::<f64>()
            .prop_filter("a fraction", |it| it.fract() != 0.0)
            .prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,3}", inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn identity(value: &Value, limits: &Limits) -> Evaluated {
    Jrsonnet.evaluate("function(ctx) ctx", value, limits)
}

proptest! {
    #[test]
    fn ctx_comes_out_as_it_went_in(value in value()) {
        let evaluated = identity(&value, &Limits::default());
        prop_assert_eq!(&evaluated, &Evaluated::Value(value));
        let answer = Answer(evaluated);
        prop_assert_eq!(Answer::from_json(answer.to_json().as_bytes()).unwrap(), answer);
    }

    #[test]
    fn output_is_counted_to_the_byte(value in value()) {
        let limits = |output| Limits { output, ..Limits::default() };
        let bytes = manifest(&value).len();
        prop_assert_eq!(
            identity(&value, &limits(bytes - 1)),
            Evaluated::Exceeded(Limit::Output)
        );
        prop_assert_eq!(identity(&value, &limits(bytes)), Evaluated::Value(value));
    }

    /// What is written as JSON is a program that is its own value.
    #[test]
    fn a_manifested_value_is_a_program(value in value()) {
        let evaluated = Jrsonnet.evaluate(&manifest(&value), &Value::Null, &Limits::default());
        prop_assert_eq!(evaluated, Evaluated::Value(value));
    }
}
