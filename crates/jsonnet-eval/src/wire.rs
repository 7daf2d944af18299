//! What goes to a worker and comes back: one JSON document each way.
//!
//! Both ends are of one program, so the form is nobody's contract. Numbers and the order of fields
//! survive; depth is bounded by [`Limits::nesting`], which both ends keep.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::evaluator::{Evaluated, Failure, FailureKind};
use crate::limits::{Limit, Limits};

/// An evaluation that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<'a> {
    /// The text of the program.
    pub program: Cow<'a, str>,
    /// The value of its parameter.
    pub ctx: Cow<'a, Value>,
    /// What it may take.
    pub limits: Limits,
}

/// The outcome of an evaluation that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer(pub Evaluated);

/// A document that is no request, or no answer.
#[derive(Debug, thiserror::Error)]
#[error("the other end says something else: {0}")]
pub struct WireError(#[from] serde_json::Error);

#[derive(Serialize, Deserialize)]
struct WireRequest<'a> {
    program: Cow<'a, str>,
    ctx: Cow<'a, Value>,
    time: Duration,
    memory: u64,
    output: usize,
    frames: usize,
    nesting: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WireAnswer<'a> {
    Value(Cow<'a, Value>),
    Failed {
        kind: Cow<'a, str>,
        message: Cow<'a, str>,
        span: Option<(usize, usize)>,
    },
    Exceeded(Cow<'a, str>),
}

impl Request<'_> {
    /// The document.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Limits {
            time,
            memory,
            output,
            frames,
            nesting,
        } = self.limits;
        to_json(&WireRequest {
            program: Cow::Borrowed(&self.program),
            ctx: Cow::Borrowed(&self.ctx),
            time,
            memory,
            output,
            frames,
            nesting,
        })
    }

    /// Reads the document.
    ///
    /// # Errors
    /// When it is none of a request.
    pub fn from_json(document: &[u8]) -> Result<Request<'static>, WireError> {
        let request: WireRequest<'static> = from_json(document)?;
        Ok(Request {
            program: request.program,
            ctx: request.ctx,
            limits: Limits {
                time: request.time,
                memory: request.memory,
                output: request.output,
                frames: request.frames,
                nesting: request.nesting,
            },
        })
    }
}

impl Answer {
    /// The document.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(&match &self.0 {
            Evaluated::Value(value) => WireAnswer::Value(Cow::Borrowed(value)),
            Evaluated::Failed(failure) => WireAnswer::Failed {
                kind: Cow::Borrowed(failure.kind.as_str()),
                message: Cow::Borrowed(&failure.message),
                span: failure.span.as_ref().map(|it| (it.start, it.end)),
            },
            Evaluated::Exceeded(limit) => WireAnswer::Exceeded(Cow::Borrowed(limit.as_str())),
        })
    }

    /// Reads the document.
    ///
    /// # Errors
    /// When it is none of an answer.
    pub fn from_json(document: &[u8]) -> Result<Self, WireError> {
        Ok(Self(match from_json(document)? {
            WireAnswer::Value(value) => Evaluated::Value(value.into_owned()),
            WireAnswer::Failed {
                kind,
                message,
                span,
            } => {
                let known = FailureKind::ALL.into_iter().find(|it| it.as_str() == kind);
                let kind = known.ok_or_else(|| unknown(&kind))?;
                let span = span.map(|(start, end)| start..end);
                Evaluated::Failed(Failure::new(kind, message, span))
            }
            WireAnswer::Exceeded(limit) => {
                let known = Limit::ALL.into_iter().find(|it| it.as_str() == limit);
                Evaluated::Exceeded(known.ok_or_else(|| unknown(&limit))?)
            }
        }))
    }
}

fn unknown(word: &str) -> WireError {
    WireError(serde::de::Error::custom(format_args!(
        "the word `{word}` is unknown"
    )))
}

fn to_json(document: &impl Serialize) -> String {
    // Writing to a text fails for maps with keys that are no texts only.
    serde_json::to_string(document).unwrap_or_default()
}

fn from_json<T: for<'de> Deserialize<'de>>(document: &[u8]) -> Result<T, WireError> {
    let mut reader = serde_json::Deserializer::from_slice(document);
    reader.disable_recursion_limit();
    let read = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn round_trip(outcome: Evaluated) {
        let sent = Answer(outcome);
        let read = Answer::from_json(sent.to_json().as_bytes()).unwrap();
        assert_eq!(read, sent);
    }

    #[test]
    fn every_outcome_comes_back() {
        let mut deep = json!("deep");
        for _ in 0..500 {
            deep = json!([deep]);
        }
        let numbers = json!([0.1, 1e-7, 1.0 / 3.0, 5e-324, 1.797e308, -0.0, i64::MAX]);
        let order = json!({"b": 1, "a": {"\u{0}": "\u{10ffff}"}, "": null});
        for value in [deep, numbers, order] {
            round_trip(Evaluated::Value(value));
        }
        for limit in Limit::ALL {
            round_trip(Evaluated::Exceeded(limit));
        }
        for kind in FailureKind::ALL {
            for span in [None, Some(3..7)] {
                round_trip(Evaluated::Failed(Failure::new(kind, "why \"so\"\n", span)));
            }
        }
    }

    #[test]
    fn a_request_comes_back() {
        let sent = Request {
            program: "function(ctx) 'ä\u{0}'".into(),
            ctx: Cow::Owned(json!({"a": [1.5, null]})),
            limits: Limits::default(),
        };
        assert_eq!(Request::from_json(sent.to_json().as_bytes()).unwrap(), sent);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in [
            "",
            "null",
            "{}",
            r#"{"value":1} {"value":1}"#,
            r#"{"value":1"#,
            r#"{"exceeded":"patience"}"#,
            r#"{"failed":{"kind":"bad luck","message":"","span":null}}"#,
        ] {
            assert!(Answer::from_json(text.as_bytes()).is_err(), "{text}");
            assert!(Request::from_json(text.as_bytes()).is_err(), "{text}");
        }
        let unknown = Answer::from_json(br#"{"exceeded":"patience"}"#).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "the other end says something else: the word `patience` is unknown"
        );
    }
}
