//! Random configurations, written in every style that YAML has for them.

use crate::choices::Choices;

/// A document; not every one is valid YAML.
pub(crate) fn document(choices: &mut Choices<'_>) -> String {
    let eol = choices.pick(&["\n", "\n", "\r\n", "\r"]);
    let mut writer = Writer {
        choices,
        out: String::new(),
        eol,
        anchors: Vec::new(),
        serial: 0,
    };
    writer.start();
    match writer.choices.below(12) {
        10 => writer.nothing(0),
        11 => {
            writer.flow_mapping("", 0);
            writer.end_line();
        }
        _ => writer.block_mapping("", 0),
    }
    writer.finish()
}

struct Writer<'c, 'a> {
    choices: &'c mut Choices<'a>,
    out: String,
    eol: &'static str,
    /// Names with what they stand on: the keys of a mapping's place, or `hooks`.
    anchors: Vec<(String, &'static str)>,
    serial: usize,
}

/// The keys that a place has, beside those that say nothing.
fn keys_of(place: &str) -> &'static [&'static str] {
    match place {
        "" => &["flows"],
        "flows" => &["login", "registration", "settings"],
        "login" | "registration" | "settings" => &["after", "before"],
        "after" | "before" => &["hooks", "password"],
        "password" => &["hooks"],
        _ => &[],
    }
}

impl Writer<'_, '_> {
    fn start(&mut self) {
        if self.choices.one_in(12) {
            self.out.push('\u{feff}');
        }
        if self.choices.one_in(10) {
            self.out.push_str("%YAML 1.2");
            self.out.push_str(self.eol);
            self.out.push_str("---");
            self.end_line();
        } else if self.choices.one_in(8) {
            self.out.push_str("---");
            self.end_line();
        }
        self.between(0);
    }

    fn finish(mut self) -> String {
        self.between(0);
        if self.choices.one_in(10) {
            self.out.push_str("...");
            self.out.push_str(self.eol);
        }
        if self.choices.one_in(6) {
            self.out
                .truncate(self.out.trim_end_matches(['\n', '\r']).len());
        }
        self.out
    }

    fn number(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    fn end_line(&mut self) {
        match self.choices.below(8) {
            6 => self.out.push(' '),
            7 => {
                let number = self.number();
                self.out.push_str(&format!("  # é {number} [a: &x"));
            }
            _ => {}
        }
        self.out.push_str(self.eol);
    }

    /// Blank lines and comments before an entry or item.
    fn between(&mut self, indent: usize) {
        while self.choices.one_in(6) {
            if self.choices.one_in(2) {
                let column = match self.choices.below(4) {
                    0 => indent,
                    1 => indent + 2,
                    2 => 0,
                    _ => indent.saturating_sub(2),
                };
                let number = self.number();
                self.out.push_str(&" ".repeat(column));
                self.out.push_str(&format!("# - {number}: {{\"ü"));
            } else if self.choices.one_in(3) {
                self.out.push_str("   ");
            }
            self.out.push_str(self.eol);
        }
    }

    fn step(&mut self) -> usize {
        self.choices.pick(&[2, 2, 2, 4, 3, 1])
    }

    fn key(&mut self, key: &str) {
        match self.choices.below(8) {
            6 => self.out.push_str(&format!("\"{key}\"")),
            7 => self.out.push_str(&format!("'{key}'")),
            _ => self.out.push_str(key),
        }
    }

    /// A new anchor, sometimes.
    fn anchor(&mut self, place: &'static str) -> Option<(String, &'static str)> {
        if !self.choices.one_in(6) {
            return None;
        }
        let name = format!("a{}", self.number());
        self.out.push_str(&format!(" &{name}"));
        Some((name, place))
    }

    fn alias_of(&mut self, place: &str) -> Option<String> {
        if !self.choices.one_in(5) {
            return None;
        }
        let fitting: Vec<String> = self
            .anchors
            .iter()
            .filter(|(_, of)| *of == place)
            .map(|(name, _)| name.clone())
            .collect();
        (!fitting.is_empty()).then(|| {
            let index = self.choices.below(fitting.len());
            fitting[index].clone()
        })
    }

    fn block_mapping(&mut self, place: &'static str, indent: usize) {
        let pad = " ".repeat(indent);
        self.noise(&pad, indent);
        for key in keys_of(place) {
            if self.choices.one_in(5) {
                continue;
            }
            self.between(indent);
            self.out.push_str(&pad);
            let announced = self.choices.one_in(16);
            if announced {
                self.out.push_str("? ");
                self.key(key);
                self.end_line();
                self.out.push_str(&pad);
                self.out.push(':');
            } else {
                self.key(key);
                self.out.push_str(self.choices.pick(&[":", ":", ":", " :"]));
            }
            self.block_value(key, indent, announced);
            if self.choices.one_in(4) {
                self.noise(&pad, indent);
            }
        }
        if let Some(name) = self.alias_of(place) {
            self.between(indent);
            self.out.push_str(&format!("{pad}<<: *{name}"));
            self.end_line();
        }
    }

    /// Entries that no change goes to.
    fn noise(&mut self, pad: &str, indent: usize) {
        for _ in 0..self.choices.below(3) {
            self.between(indent);
            let number = self.number();
            self.out.push_str(&format!("{pad}n{number}:"));
            let eol = self.eol;
            let text = match self.choices.below(9) {
                0 => " 1".to_owned(),
                1 => " 'it''s: # é'".to_owned(),
                2 => format!(" \"a{eol}{pad}   b\""),
                3 => format!(" plain{eol}{pad}   text"),
                4 => {
                    self.literal(pad);
                    continue;
                }
                5 => format!(" [1, {{a: b}},{eol}{pad}   # é{eol}{pad}   c]"),
                6 => format!("{eol}{pad}  - 1{eol}{pad}  - - 2{eol}{pad}    - 3"),
                7 => format!("{eol}{pad}- x: 1{eol}{pad}  y:"),
                _ => String::new(),
            };
            self.out.push_str(&text);
            self.end_line();
        }
    }

    fn literal(&mut self, pad: &str) {
        let eol = self.eol;
        let header = self
            .choices
            .pick(&["|", "|-", "|+", ">", ">-", ">+", "|2", "|2+"]);
        self.out.push_str(&format!(" {header}"));
        self.end_line();
        self.out.push_str(&format!("{pad}  function(ctx) {{{eol}"));
        if self.choices.one_in(3) {
            self.out.push_str(eol);
        }
        self.out
            .push_str(&format!("{pad}    # no comment{eol}{pad}  }}{eol}"));
        for _ in 0..self.choices.below(3) {
            self.out.push_str(eol);
        }
    }

    fn nothing(&mut self, indent: usize) {
        let eol = self.eol;
        let pad = " ".repeat(indent);
        let text = match self.choices.below(9) {
            0 => String::new(),
            1 => " ~".to_owned(),
            2 => " null".to_owned(),
            3 => "\tnull".to_owned(),
            4 => format!("{eol}{pad}  ~"),
            5 => format!(" # c{eol}{pad}  null"),
            6 => " !!null ~".to_owned(),
            7 => " !!null".to_owned(),
            _ => "  ".to_owned(),
        };
        self.out.push_str(&text);
        self.end_line();
    }

    fn block_value(&mut self, key: &'static str, indent: usize, announced: bool) {
        let kind = if key == "hooks" { "hooks" } else { key };
        if let Some(name) = self.alias_of(kind) {
            self.out.push_str(&format!(" *{name}"));
            self.end_line();
            return;
        }
        let anchor = self.anchor(kind);
        match self.choices.below(8) {
            5 => self.nothing(indent),
            6 => {
                let (open, close) = if key == "hooks" {
                    ('[', ']')
                } else {
                    ('{', '}')
                };
                self.out.push_str(self.choices.pick(&[" ", "\t", "  "]));
                self.out.push(open);
                if self.choices.one_in(4) {
                    let eol = self.eol;
                    let pad = " ".repeat(indent + 2);
                    self.out.push_str(&format!(" # c{eol}{pad}"));
                }
                self.out.push(close);
                self.end_line();
            }
            7 => {
                self.out.push(' ');
                if key == "hooks" {
                    self.flow_list(indent + 1);
                } else {
                    self.flow_mapping(key, indent + 1);
                }
                self.end_line();
            }
            _ => {
                self.end_line();
                let step = self.step();
                if key == "hooks" {
                    let unindented = !announced && self.choices.one_in(2);
                    self.block_list(if unindented { indent } else { indent + step });
                } else {
                    let before = self.out.len();
                    self.block_mapping(key, indent + step);
                    if self.out.len() == before {
                        self.out
                            .push_str(&format!("{}n:", " ".repeat(indent + step)));
                        self.end_line();
                    }
                }
            }
        }
        self.anchors.extend(anchor);
    }

    fn block_list(&mut self, indent: usize) {
        let pad = " ".repeat(indent);
        let dash = self.choices.pick(&["- ", "- ", "-   "]);
        for _ in 0..=self.choices.below(3) {
            self.between(indent);
            let number = self.number();
            self.out.push_str(&pad);
            let deeper = " ".repeat(indent + dash.len());
            let eol = self.eol;
            match self.choices.below(8) {
                0 => self.out.push_str(&format!("{dash}hook: h{number}")),
                1 => self.out.push_str(&format!(
                    "{dash}hook: h{number}{eol}{deeper}config:{eol}{deeper}  url: 'http://é'{eol}{deeper}  # can: 1"
                )),
                2 => self.out.push_str(&format!("{dash}{{hook: h{number}}}")),
                3 => self.out.push_str(&format!("{dash}&i{number} {{\"hook\": \"h{number}\"}}")),
                4 => {
                    self.out.push_str(&format!("{dash}hook: h{number}{eol}{deeper}body:"));
                    self.literal(&deeper);
                    continue;
                }
                5 => self.out.push('-'),
                6 => self.out.push_str(&format!("{dash}# c{eol}{deeper}hook: h{number}{eol}{deeper}n:")),
                _ => self.out.push_str(&format!("{dash}!t h{number}")),
            }
            self.end_line();
        }
    }

    /// Blanks, or a line break, between the tokens of a flow collection.
    fn flow_gap(&mut self, indent: usize, lines: bool) {
        if !lines {
            self.out.push_str(self.choices.pick(&["", " "]));
            return;
        }
        self.end_line();
        if self.choices.one_in(6) {
            let number = self.number();
            self.out
                .push_str(&format!("{}# flow {number}", " ".repeat(indent)));
            self.out.push_str(self.eol);
        }
        self.out.push_str(&" ".repeat(indent));
    }

    fn flow_list(&mut self, indent: usize) {
        let lines = self.choices.one_in(2);
        self.out.push('[');
        let count = self.choices.below(4);
        for index in 0..count {
            self.flow_gap(indent + 2, lines);
            let number = self.number();
            match self.choices.below(5) {
                0 => self.out.push_str(&format!("{{hook: h{number}}}")),
                1 => self.out.push_str(&format!("{{\"hook\":\"h{number}\"}}")),
                2 => self.out.push_str(&format!("'h{number}'")),
                3 => self.out.push_str(&format!("&i{number} h{number}")),
                _ => self.out.push_str(&format!("k{number}: h")),
            }
            if lines && self.choices.one_in(6) {
                self.end_line();
                self.out.push_str(&" ".repeat(indent + 2));
            }
            if index + 1 < count || self.choices.one_in(5) {
                self.out.push(',');
                if !lines {
                    self.out.push(' ');
                }
            }
        }
        if lines || self.choices.one_in(4) {
            self.flow_gap(indent, lines);
        }
        self.out.push(']');
    }

    fn flow_mapping(&mut self, place: &'static str, indent: usize) {
        let lines = self.choices.one_in(3);
        let quoted = self.choices.one_in(2);
        self.out.push('{');
        let keys: Vec<&'static str> = keys_of(place)
            .iter()
            .copied()
            .filter(|_| !self.choices.one_in(3))
            .collect();
        let mut first = true;
        for key in keys {
            if !std::mem::take(&mut first) {
                self.out.push(',');
                if !lines {
                    self.out.push(' ');
                }
            }
            self.flow_gap(indent + 2, lines);
            if quoted {
                self.out.push_str(&format!("\"{key}\""));
            } else {
                self.out.push_str(key);
            }
            match self.choices.below(7) {
                4 => self
                    .out
                    .push_str(self.choices.pick(&["", ": null", ": ~", ": "])),
                5 => self
                    .out
                    .push_str(if key == "hooks" { ": []" } else { ": {}" }),
                6 => {
                    let place = if key == "hooks" { "hooks" } else { key };
                    match self.alias_of(place) {
                        Some(name) => self.out.push_str(&format!(": *{name} ")),
                        None => self.out.push_str(": null"),
                    }
                }
                _ => {
                    self.out.push_str(": ");
                    let anchor = self.anchor(key);
                    if anchor.is_some() {
                        self.out.push(' ');
                    }
                    if key == "hooks" {
                        self.flow_list(indent + 2);
                    } else {
                        self.flow_mapping(key, indent + 2);
                    }
                    self.anchors.extend(anchor);
                }
            }
        }
        if !first && self.choices.one_in(8) {
            self.out.push(',');
        }
        if lines || self.choices.one_in(4) {
            self.flow_gap(indent, lines);
        }
        self.out.push('}');
    }
}
