//! Functions on strings, and tests of kinds.

use std::{rc::Rc, sync::Arc};

use super::{Call, array_of, text_of};
use crate::{
    eval::{Checker, KindSet, position::as_f64},
    rules,
    ty::{Array, Kinds, Number, Refinement, Text, Ty},
    value::{ArrayValue, Outcomes, Value},
    world::WorldId,
};

/// A constant text of more parts is taken apart as any text is.
const MAX_PARTS: usize = 32;

impl Checker<'_> {
    pub(super) fn text_function(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        world: WorldId,
    ) -> Option<Outcomes> {
        let first = values.first()?;
        let second = values.get(1);
        let kind = match call.name {
            "isNull" => Some(KindSet::NULL),
            "isBoolean" => Some(KindSet::BOOL),
            "isNumber" => Some(KindSet::NUMBER),
            "isString" => Some(KindSet::STRING),
            "isArray" => Some(KindSet::ARRAY),
            "isObject" => Some(KindSet::OBJECT),
            "isFunction" => Some(KindSet::FUNCTION),
            _ => None,
        };
        if let Some(kind) = kind {
            let yes = self.narrow(first, kind, world).map(|it| it.1);
            let no = self
                .narrow(first, KindSet::ANY.minus(kind), world)
                .map(|it| it.1);
            return Some(Self::truths(
                yes.into_iter().collect(),
                no.into_iter().collect(),
            ));
        }
        Some(match (call.name, second) {
            ("type", _) => {
                let mut all = Vec::new();
                for kind in self.kinds(first, world).each() {
                    if let Some((_, world)) = self.narrow(first, kind, world) {
                        all.append(&mut Self::data(world, Ty::literal(&kind.name())));
                    }
                }
                all
            }
            ("isEmpty", _) => {
                let empty = Value::text("");
                let (yes, no) = self.equal(first, &empty, call.place, world);
                Self::truths(yes, no)
            }
            ("equals" | "primitiveEquals", Some(other)) => {
                if call.name == "primitiveEquals" {
                    let scalars = KindSet::ARRAY.or(KindSet::OBJECT).or(KindSet::FUNCTION);
                    let (a, b) = (self.kinds(first, world), self.kinds(other, world));
                    if !a.and(b).and(scalars).is_empty() {
                        let message = "`std.primitiveEquals` cannot compare these values";
                        self.may_fail(call, 0, message, "compare with `==`");
                    }
                }
                let (yes, no) = self.equal(first, other, call.place, world);
                Self::truths(yes, no)
            }
            ("assertEqual", Some(other)) => {
                let (yes, no) = self.equal(first, other, call.place, world);
                if !no.is_empty() {
                    let message = "the two values may differ, and `std.assertEqual` then fails";
                    self.may_fail(call, 1, message, "use it in tests only");
                }
                Self::truths(yes, Vec::new())
            }
            ("format", Some(_)) => {
                let format = (first, call.place_of(0));
                let values = (second?, call.place_of(1));
                self.format(format, values, world)
            }
            ("mod", Some(other)) => self.binary_values(
                jsonnet_syntax::BinaryOp::Mod,
                (first, call.place_of(0)),
                (other, call.place_of(1)),
                call.place,
                world,
            ),
            (
                "toString"
                | "escapeStringJson"
                | "escapeStringBash"
                | "escapeStringDollars"
                | "escapeStringPython"
                | "escapeStringXML",
                _,
            ) => {
                let text = self.text_of_value(first, call.place_of(0), world);
                if call.name == "toString" || text.is_poison() {
                    return Some(Self::data(world, text));
                }
                // All but these two put quotes around it.
                let least = match call.name {
                    "escapeStringDollars" | "escapeStringXML" => text_of(&text).min_length,
                    _ => 2,
                };
                let escaped = Ty::from(Text::at_least(least));
                Self::data(world, escaped.with_notes(&text.kinds().notes))
            }
            (
                "manifestJson"
                | "manifestJsonEx"
                | "manifestJsonMinified"
                | "manifestPython"
                | "manifestPythonVars"
                | "manifestToml"
                | "manifestTomlEx"
                | "manifestYamlDoc"
                | "manifestYamlStream"
                | "manifestIni"
                | "manifestXmlJsonml",
                _,
            ) => self.manifested(call, first, world),
            ("asciiUpper" | "asciiLower", _) => {
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                let text = text_of(&ty);
                let changed = text.literals.as_ref().map(|literals| {
                    let change = |it: &str| match call.name {
                        "asciiUpper" => it.to_ascii_uppercase(),
                        _ => it.to_ascii_lowercase(),
                    };
                    Text::of(literals.iter().map(|it| change(it).into()).collect())
                });
                let changed = changed.unwrap_or_else(|| Text {
                    format: text.caseless_format().map(Into::into),
                    ..Text::at_least(text.min_length)
                });
                Self::data(world, Ty::from(changed).with_notes(&ty.kinds().notes))
            }
            ("split" | "splitLimit" | "splitLimitR", Some(separator)) => {
                let separator = self.data_type(separator, world).unwrap_or(Ty::Poison);
                if text_of(&separator).min_length == 0 && !separator.is_poison() {
                    let message = "the separator may be empty, and splitting by nothing fails";
                    self.may_fail(call, 1, message, "split by a string that is not empty");
                }
                if let Some(limit) = values.get(2) {
                    let limit = self.number_range(limit, world);
                    self.expect_integer(call, 2, &limit);
                    if limit.low < -1.0 {
                        let message = "the number of splits must be at least -1";
                        self.may_fail(call, 2, message, "give -1 for no limit");
                    }
                }
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                let notes = &ty.kinds().notes;
                if call.name == "split"
                    && let (Some(text), Some(by)) = (only(&ty), only(&separator))
                    && !by.is_empty()
                    && text.matches(&*by).count() < MAX_PARTS
                {
                    let parts = text.split(&*by).map(|it| {
                        let part = Ty::literal(it).with_notes(notes);
                        self.value_thunk(Value::Data(part))
                    });
                    let parts = ArrayValue::Fixed(parts.collect());
                    return Some(Self::one(world, Value::Array(Rc::new(parts))));
                }
                let mut parts = Array::of(Ty::string().with_notes(notes));
                parts.min = 1 + self.least_splits(values, world);
                Self::data(world, Ty::from(parts))
            }
            ("findSubstr", Some(text)) => {
                let pattern = self.data_type(first, world).unwrap_or(Ty::Poison);
                let mut found = Array::of(super::natural());
                found.min = least_count(&self.data_type(text, world)?, &pattern);
                Self::data(world, Ty::from(found))
            }
            ("substr", Some(_)) => {
                for at in [1, 2] {
                    let number = self.number_range(values.get(at)?, world);
                    // go-jsonnet takes a position of any size.
                    match at {
                        1 => self.expect_whole(call, at, &number),
                        _ => self.expect_integer(call, at, &number),
                    }
                    if number.low < 0.0 {
                        let message = "a position or length in a string must not be negative";
                        self.may_fail(call, at, message, "bound it with `std.max(0, …)`");
                    }
                }
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                Self::data(world, Ty::string().with_notes(&ty.kinds().notes))
            }
            ("strReplace", Some(from)) => {
                let from = self.data_type(from, world).unwrap_or(Ty::Poison);
                if text_of(&from).min_length == 0 && !from.is_poison() {
                    let message = "what is replaced may be empty, and that fails";
                    self.may_fail(call, 1, message, "replace a string that is not empty");
                }
                return None;
            }
            ("stringChars", _) => {
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                let characters = self.characters(&text_of(&ty));
                Self::data(world, characters)
            }
            ("startsWith" | "endsWith", Some(Value::Ref(end)))
                if matches!(first, Value::Ref(it) if it == end)
                    && self.kinds(first, world) == KindSet::STRING =>
            {
                Self::data(world, Ty::bool(true))
            }
            ("startsWith" | "endsWith", Some(end)) => {
                let end = self.data_type(end, world).unwrap_or(Ty::Poison);
                let least = text_of(&end).min_length;
                let Value::Ref(path) = first else { return None };
                let is_text = self.kinds(first, world) == KindSet::STRING;
                if !is_text || end.is_poison() || KindSet::of(&end) != KindSet::STRING || least == 0
                {
                    return None;
                }
                let fact = Refinement::Length(least, None);
                let yes = self.worlds.assume(world, *path, fact);
                Self::truths(yes.into_iter().collect(), vec![world])
            }
            ("md5" | "sha1" | "sha256" | "sha3" | "sha512", _) => {
                let length = match call.name {
                    "md5" => 32,
                    "sha1" => 40,
                    "sha256" => 64,
                    _ => 128,
                };
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                let digest = Ty::from(Text::at_least(length));
                Self::data(world, digest.with_notes(&ty.kinds().notes))
            }
            ("codepoint", _) => {
                let ty = self.data_type(first, world).unwrap_or(Ty::Poison);
                let text = text_of(&ty);
                let one = text
                    .literals
                    .iter()
                    .flatten()
                    .all(|it| it.chars().count() == 1);
                let is_one = text.format.as_deref() == Some(crate::ty::CHARACTER);
                if !is_one && (text.literals.is_none() || !one) {
                    let message = "`std.codepoint` needs exactly one character";
                    self.may_fail(call, 0, message, "take one with an index");
                }
                return None;
            }
            ("parseInt" | "parseHex" | "parseOctal" | "parseJson" | "parseYaml", _) => {
                self.parsed(call, first, world)
            }
            ("base64Decode" | "base64DecodeBytes", _) => {
                let text = text_of(&self.manifest(first, call.place_of(0), world));
                let is_known = text.literals.as_ref();
                let is_made = text.format.as_deref() == Some(crate::ty::BASE64);
                if !is_made && !is_known.is_some_and(|it| it.iter().all(|it| is_base64(it))) {
                    let message = "this may be no base64 text, and decoding it then fails";
                    let help =
                        "nothing in Jsonnet can test it: decode it where the payload is received";
                    self.may_fail(call, 0, message, help);
                }
                return None;
            }
            ("base64", _) => {
                let ty = self.manifest(first, call.place_of(0), world);
                self.expect_bytes(call, &ty);
                let text = ty.kinds().text.as_ref();
                let is_latin = |it: &Text| {
                    let literals = it.literals.iter().flatten();
                    it.literals.is_some() && literals.flat_map(|it| it.chars()).all(|c| c <= 'ÿ')
                };
                let is_safe_format = |it: &Text| {
                    let format = it.format.as_deref();
                    matches!(
                        format,
                        Some("uuid" | "date-time" | "date" | "time" | crate::ty::BASE64)
                    )
                };
                if text.is_some_and(|it| !is_latin(it) && !is_safe_format(it)) && !ty.is_poison() {
                    let message = "`std.base64` fails on characters above U+00FF";
                    let help = "encode first: `std.base64(std.encodeUTF8(…))`";
                    self.may_fail(call, 0, message, help);
                }
                let shortest = text.map_or(array_of(&ty).min, |it| it.min_length);
                let is_filled = shortest > 0 && KindSet::of(&ty).each().count() == 1;
                let mut made = Text::at_least(if is_filled { 4 } else { 0 });
                made.format = Some(crate::ty::BASE64.into());
                Self::data(world, Ty::from(made).with_notes(&ty.kinds().notes))
            }
            ("decodeUTF8", _) => {
                let ty = self.manifest(first, call.place_of(0), world);
                self.expect_bytes(call, &ty);
                return None;
            }
            ("deepJoin", _) => {
                let ty = self.manifest(first, call.place_of(0), world);
                if let Some(found) = not_deep_text(&ty, 0) {
                    let rule = &rules::WRONG_ARGUMENT;
                    let message = format!("`std.deepJoin` joins strings only, not {found}");
                    self.say(rule, call.place_of(0), message);
                }
                if self.kinds(first, world) != KindSet::STRING {
                    return None;
                }
                Self::one(world, first.clone())
            }
            ("encodeUTF8", _) => {
                let bytes = Ty::from(Number::integers(0.0, 255.0));
                Self::data(world, Ty::array(bytes))
            }
            ("lines", _) => return None,
            ("id", _) => Self::one(world, first.clone()),
            ("trace", _) => match call.slot(1) {
                Some(rest) => self.force(rest, world, call.place_of(1)),
                None => Self::poison(world),
            },
            ("extVar" | "native", _) => Self::data(world, Ty::Unknown),
            ("xor" | "xnor", Some(other)) => {
                let (a, b) = (self.data_type(first, world), self.data_type(other, world));
                let mut bools = [false, false];
                if let (Some(a), Some(b)) = (a, b) {
                    for x in 0..2_usize {
                        for y in 0..2_usize {
                            let has = |ty: &Ty, at: usize| {
                                ty.kinds().bools.get(at).copied().unwrap_or(true)
                            };
                            if has(&a, x) && has(&b, y) {
                                let result = usize::from((x == y) == (call.name == "xnor"));
                                if let Some(slot) = bools.get_mut(result) {
                                    *slot = true;
                                }
                            }
                        }
                    }
                }
                Self::data(
                    world,
                    Ty::new(Kinds {
                        bools,
                        ..Kinds::default()
                    }),
                )
            }
            _ => return None,
        })
    }

    /// How often `std.split` and its like certainly split: what is split, by what, how often at
    /// most.
    fn least_splits(&mut self, values: &[Value], world: WorldId) -> usize {
        let (Some(text), Some(separator)) = (values.first(), values.get(1)) else {
            return 0;
        };
        let text = self.data_type(text, world).unwrap_or(Ty::Poison);
        let separator = self.data_type(separator, world).unwrap_or(Ty::Poison);
        let count = least_count(&text, &separator);
        let Some(limit) = values.get(2) else {
            return count;
        };
        let limit = self.number_range(limit, world);
        (0..=count)
            .take_while(|it| limit.high < 0.0 || limit.low >= as_f64(*it))
            .last()
            .unwrap_or(0)
    }

    fn expect_bytes(&mut self, call: &Call<'_>, ty: &Ty) {
        let Some(array) = &ty.kinds().array else {
            return;
        };
        let element = array.element();
        let is_byte = element.is_never()
            || element
                .kinds()
                .number
                .as_ref()
                .is_some_and(|it| it.integer && it.low >= 0.0 && it.high <= 255.0);
        if !is_byte && !ty.is_poison() && !element.is_poison() {
            let message = format!("`std.{}` needs integers from 0 to 255", call.name);
            self.may_fail(
                call,
                0,
                &message,
                "give bytes, as `std.encodeUTF8` makes them",
            );
        }
    }
}

/// The string that the type stands for, where it is only one.
fn only(ty: &Ty) -> Option<Arc<str>> {
    let text = ty.kinds().text.as_ref().and_then(Text::single).cloned();
    text.filter(|it| Ty::literal(it).with_notes(&ty.kinds().notes) == *ty)
}

/// How often the pattern stands in the text at least; known of single characters only.
fn least_count(text: &Ty, pattern: &Ty) -> usize {
    let pattern = text_of(pattern);
    let mut characters = pattern.single().map_or("", |it| it).chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) => text_of(text).count_of(one),
        _ => 0,
    }
}

fn not_deep_text(ty: &Ty, depth: usize) -> Option<String> {
    if ty.is_poison() || ty.is_never() {
        return None;
    }
    let wrong = KindSet::of(ty).minus(KindSet::STRING.or(KindSet::ARRAY));
    if !wrong.is_empty() || depth > 12 {
        return Some(ty.to_string());
    }
    let element = ty.kinds().array.as_ref().map(Array::element)?;
    not_deep_text(&element, depth + 1)
}

/// Whether a text is padded base64 without anything between.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_digit = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(is_digit)
        && digits.len() % 4 != 1
}
