//! `%` formats: the codes of the string against the values they are given.

use std::sync::Arc;

use jsonnet_syntax::ExprId;

use super::text_of;
use crate::{
    eval::{Checker, KindSet},
    rules,
    ty::{Array, MAX_TEXT, Presence, Text, Ty},
    value::{ArrayValue, Outcome, Outcomes, Value},
    world::WorldId,
};

/// go-jsonnet overflows its stack on wider fields.
const MAX_WIDTH: usize = 400;

/// One code of a format.
#[derive(Debug, PartialEq)]
struct Code {
    key: Option<Arc<str>>,
    /// How many `*` take their number from the values.
    stars: usize,
    conversion: char,
}

impl Checker<'_> {
    /// `format % values`.
    pub(crate) fn format(
        &mut self,
        (format, place): (&Value, ExprId),
        (values, values_place): (&Value, ExprId),
        world: WorldId,
    ) -> Outcomes {
        if self.is_poison(values, world) {
            return Self::poison(world);
        }
        let ty = self.data_type(format, world).unwrap_or(Ty::Poison);
        let Some(literals) = text_of(&ty).literals else {
            self.as_data(values, values_place, world);
            if !ty.is_poison() {
                let message = "this format is not known, so it may not fit its values";
                let diagnostic = self
                    .diagnostic(&rules::WRONG_FORMAT, place, message)
                    .help("write the format as a literal, or join the parts with `+`");
                self.push(diagnostic);
            }
            return Self::data(world, Ty::string().with_notes(&ty.kinds().notes));
        };
        let mut notes = ty.kinds().notes.clone();
        if let [format] = literals.as_slice()
            && notes.is_empty()
            && let Some(text) = self.constant(format, values, world)
            && text.len() <= MAX_TEXT
        {
            return Self::data(world, Ty::literal(&text));
        }
        let is_integer = self.writes_integer(&literals, values, world);
        let mut least: Option<usize> = None;
        for literal in literals {
            let codes = match parse(&literal) {
                Ok(codes) => codes,
                Err(message) => {
                    self.say(&rules::WRONG_FORMAT, place, message);
                    continue;
                }
            };
            let before = literal.chars().take_while(|it| *it != '%').count();
            // Every code but `%s` writes something.
            let written = codes.iter().filter(|it| it.conversion != 's').count();
            least = Some(least.map_or(before + written, |it| it.min(before + written)));
            notes.extend(self.fit_codes(&codes, place, values, values_place, world));
        }
        let text = if is_integer {
            Text::integer()
        } else {
            Text::at_least(least.unwrap_or(0))
        };
        Self::data(world, Ty::from(text).with_notes(&notes))
    }

    /// What a format of plain `%s` and `%d` makes of constants.
    fn constant(&mut self, format: &str, values: &Value, world: WorldId) -> Option<Arc<str>> {
        let mut constants = Vec::new();
        match values {
            Value::Array(array) => {
                let ArrayValue::Fixed(elements) = &**array else {
                    return None;
                };
                for element in elements {
                    let place = self.place_of_thunk(*element)?;
                    let outcomes = self.force(*element, world, place);
                    let [Outcome { world: at, value }] = outcomes.as_slice() else {
                        return None;
                    };
                    constants.push(self.data_type(value, *at)?);
                }
            }
            _ => constants.push(self.data_type(values, world)?),
        }
        let mut constants = constants.iter();
        let (mut text, mut rest) = (String::new(), format);
        while let Some((before, after)) = rest.split_once('%') {
            text.push_str(before);
            let code = after.chars().next()?;
            rest = after.get(1..)?;
            match code {
                '%' => text.push('%'),
                's' | 'd' => text.push_str(&plain(constants.next()?, code == 's')?),
                _ => return None,
            }
        }
        text.push_str(rest);
        constants.next().is_none().then(|| text.into())
    }

    /// Whether formats write one number, and nothing else, with all of its digits: `%d` those before
    /// the point, `%s` those of an integer.
    fn writes_integer(&mut self, formats: &[Arc<str>], values: &Value, world: WorldId) -> bool {
        let is_cut = formats.iter().all(|it| matches!(&**it, "%d" | "%i" | "%u"));
        if !is_cut && !formats.iter().all(|it| &**it == "%s") {
            return false;
        }
        let one = match values {
            Value::Array(array) => match &**array {
                ArrayValue::Fixed(elements) => match elements.as_slice() {
                    [one] => Some(*one),
                    _ => return false,
                },
                _ => return false,
            },
            _ => None,
        };
        let ty = match one {
            Some(thunk) => {
                let Some(place) = self.place_of_thunk(thunk) else {
                    return false;
                };
                let mut all = Ty::never();
                for Outcome { world, value } in self.force(thunk, world, place) {
                    let ty = self.data_type(&value, world);
                    all = all.join(&ty.unwrap_or(Ty::Unknown));
                }
                all
            }
            None => self.data_type(values, world).unwrap_or(Ty::Unknown),
        };
        let number = ty.kinds().number.as_ref();
        KindSet::of(&ty) == KindSet::NUMBER
            && number.is_some_and(|it| it.is_exact() && (is_cut || it.integer))
    }

    /// Checks the values against the codes; gives what was said of them.
    fn fit_codes(
        &mut self,
        codes: &[Code],
        place: ExprId,
        values: &Value,
        values_place: ExprId,
        world: WorldId,
    ) -> Vec<crate::ty::Annotation> {
        let mut notes = Vec::new();
        for kind in self.kinds(values, world).each() {
            let Some((values, world)) = self.narrow(values, kind, world) else {
                continue;
            };
            match kind {
                KindSet::ARRAY => {
                    self.fit_array(codes, place, &values, values_place, world, &mut notes);
                }
                KindSet::OBJECT => {
                    self.fit_object(codes, place, &values, values_place, world, &mut notes);
                }
                _ => {
                    let count: usize = codes.iter().map(Code::count).sum();
                    if count != 1 {
                        let needs = crate::eval::call::plural(count, "value");
                        let message = format!("this format needs {needs}, this is one value");
                        self.say(&rules::WRONG_FORMAT, values_place, message);
                        continue;
                    }
                    if let Some(code) = codes.first() {
                        self.fit_value(code, &values, values_place, world, &mut notes);
                    }
                }
            }
        }
        notes
    }

    fn fit_array(
        &mut self,
        codes: &[Code],
        place: ExprId,
        values: &Value,
        values_place: ExprId,
        world: WorldId,
        notes: &mut Vec<crate::ty::Annotation>,
    ) {
        let count: usize = codes.iter().map(Code::count).sum();
        let (min, max) = self.length(values, world);
        if min != count || max != Some(count) {
            let found = match max {
                Some(max) if max == min => crate::eval::call::plural(max, "value"),
                _ => "an array of unknown length".to_owned(),
            };
            let needs = crate::eval::call::plural(count, "value");
            let message = format!("this format needs {needs}, it gets {found}");
            let diagnostic = self
                .diagnostic(&rules::WRONG_FORMAT, values_place, message)
                .label(self.program.span(place), "the format");
            self.push(diagnostic);
            return;
        }
        if let Value::Array(array) = values
            && let ArrayValue::Fixed(elements) = &**array
        {
            let elements = elements.clone();
            let mut at = elements.iter();
            for code in codes {
                for _ in 0..code.stars {
                    let Some(thunk) = at.next() else { return };
                    for Outcome { world, value } in self.force(*thunk, world, values_place) {
                        let rule = &rules::WRONG_FORMAT;
                        let what = "the width for a `*`";
                        self.expect(&value, KindSet::NUMBER, values_place, rule, what, world);
                        let width = self.number_range(&value, world);
                        let limit = crate::eval::position::as_f64(MAX_WIDTH);
                        if width.high > limit {
                            let message = format!(
                                "the width may be more than {MAX_WIDTH}, which overflows the stack"
                            );
                            self.say(&rules::WRONG_FORMAT, values_place, message);
                        }
                    }
                }
                if code.conversion == '%' {
                    continue;
                }
                let Some(thunk) = at.next() else { return };
                let place = self.place_of_thunk(*thunk).unwrap_or(values_place);
                for Outcome { world, value } in self.force(*thunk, world, place) {
                    self.fit_value(code, &value, place, world, notes);
                }
            }
            return;
        }
        let ty = self.as_data(values, values_place, world);
        let array = ty
            .kinds()
            .array
            .clone()
            .unwrap_or_else(|| Array::of(Ty::Poison));
        let mut at = 0;
        for code in codes {
            at += code.stars;
            if code.conversion == '%' {
                continue;
            }
            let element = array.at(at).unwrap_or(Ty::Poison);
            self.fit_value(code, &Value::Data(element), values_place, world, notes);
            at += 1;
        }
    }

    fn place_of_thunk(&self, thunk: crate::value::ThunkId) -> Option<ExprId> {
        match self.store.thunks.get(thunk.0 as usize)?.body {
            crate::value::Body::Expr(expr, _) => Some(expr),
            _ => None,
        }
    }

    fn fit_object(
        &mut self,
        codes: &[Code],
        place: ExprId,
        values: &Value,
        values_place: ExprId,
        world: WorldId,
        notes: &mut Vec<crate::ty::Annotation>,
    ) {
        for code in codes.iter().filter(|it| it.conversion != '%') {
            let Some(key) = &code.key else {
                let message = format!(
                    "`%{}` needs a key, as in `%(name)s`, for an object",
                    code.conversion
                );
                self.say(&rules::WRONG_FORMAT, place, message);
                return;
            };
            if code.stars > 0 {
                self.say(
                    &rules::WRONG_FORMAT,
                    place,
                    "`*` cannot be used with an object",
                );
                return;
            }
            let (found, missing) = self.get(values, key, values_place, world);
            if !missing.is_empty() {
                let ty = self.data_type(values, world);
                let may = ty.is_some_and(|ty| {
                    let mut shapes = ty.kinds().shapes.iter();
                    shapes.any(|it| it.presence(key) != Presence::Absent)
                });
                let message = if may {
                    format!("the values may have no member `{key}`")
                } else {
                    format!("the values have no member `{key}`")
                };
                let diagnostic = self
                    .diagnostic(&rules::WRONG_FORMAT, values_place, message)
                    .label(self.program.span(place), "the format");
                self.push(diagnostic);
            }
            for Outcome { world, value } in found {
                self.fit_value(code, &value, values_place, world, notes);
            }
        }
    }

    fn fit_value(
        &mut self,
        code: &Code,
        value: &Value,
        place: ExprId,
        world: WorldId,
        notes: &mut Vec<crate::ty::Annotation>,
    ) {
        let rule = &rules::WRONG_FORMAT;
        match code.conversion {
            '%' => {}
            's' => {
                let ty = self.as_data(value, place, world);
                notes.extend(ty.kinds().notes.iter().cloned());
            }
            'c' => {
                let what = "the value for `%c`";
                let kinds = KindSet::NUMBER.or(KindSet::STRING);
                if let Some((value, world)) = self.expect(value, kinds, place, rule, what, world) {
                    let ty = self.data_type(&value, world).unwrap_or(Ty::Poison);
                    let texts = ty.kinds().text.as_ref().and_then(|it| it.literals.clone());
                    let is_one =
                        texts.is_some_and(|it| it.iter().all(|it| it.chars().count() == 1));
                    let code_point = ty.kinds().number.as_ref();
                    let in_range =
                        code_point.is_none_or(|it| it.low >= 0.0 && it.high <= 1_114_111.0);
                    if (ty.kinds().text.is_some() && !is_one || !in_range) && !ty.is_poison() {
                        self.say(rule, place, "`%c` needs one character or a code point");
                    }
                }
            }
            conversion => {
                let what = format!("the value for `%{conversion}`");
                self.expect(value, KindSet::NUMBER, place, rule, &what, world);
            }
        }
    }
}

/// What a format writes for a constant: the digits of an integer, and for `%s` a text as it is.
fn plain(constant: &Ty, is_text: bool) -> Option<String> {
    let kinds = constant.kinds();
    if kinds.notes.is_empty() && KindSet::of(constant) == KindSet::NUMBER {
        let number = kinds.number.as_ref()?.single()?;
        let is_integer = number.fract() == 0.0 && number.abs() < 1e15;
        let is_signed_zero = number == 0.0 && number.is_sign_negative();
        return (is_integer && !is_signed_zero).then(|| number.to_string());
    }
    let is_plain = is_text && kinds.notes.is_empty() && KindSet::of(constant) == KindSet::STRING;
    let text = kinds.text.as_ref().filter(|_| is_plain)?;
    text.single().map(|it| it.to_string())
}

impl Code {
    /// How many values it takes.
    fn count(&self) -> usize {
        self.stars + usize::from(self.conversion != '%')
    }
}

/// Reads the codes of a format.
fn parse(format: &str) -> Result<Vec<Code>, String> {
    let mut codes = Vec::new();
    let mut rest = format.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '%' {
            continue;
        }
        let cut_off = || "this format ends inside a code".to_owned();
        let mut code = Code {
            key: None,
            stars: 0,
            conversion: '%',
        };
        if rest.peek() == Some(&'(') {
            rest.next();
            let mut key = String::new();
            loop {
                match rest.next() {
                    Some(')') => break,
                    Some(character) => key.push(character),
                    None => return Err(cut_off()),
                }
            }
            code.key = Some(key.into());
        }
        while rest
            .next_if(|it| matches!(it, '#' | '0' | '-' | ' ' | '+'))
            .is_some()
        {}
        number(&mut rest, &mut code)?;
        if rest.next_if_eq(&'.').is_some() {
            number(&mut rest, &mut code)?;
        }
        while rest.next_if(|it| matches!(it, 'h' | 'l' | 'L')).is_some() {}
        code.conversion = rest.next().ok_or_else(cut_off)?;
        if !"diouxXeEfFgGcs%".contains(code.conversion) {
            return Err(format!("`%{}` is no code of a format", code.conversion));
        }
        codes.push(code);
    }
    Ok(codes)
}

/// A width or precision.
fn number(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    code: &mut Code,
) -> Result<(), String> {
    if rest.next_if_eq(&'*').is_some() {
        code.stars += 1;
        return Ok(());
    }
    let mut number = 0_usize;
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        let digit = digit.to_digit(10).unwrap_or(0) as usize;
        number = number.saturating_mul(10).saturating_add(digit);
    }
    if number > MAX_WIDTH {
        return Err(format!(
            "a width of more than {MAX_WIDTH} overflows the stack"
        ));
    }
    Ok(())
}
