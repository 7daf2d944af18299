//! The rules of `chains.md`: sections in short, and the chains that they mean.

use kratos::{
    Chain, Clients, Hook, HookKind, HookName, Link, Release, Response, Rules, Section, Slot,
    effective_chains_under,
};
use std::collections::BTreeMap;

/// A section and what it means.
pub(crate) struct Case {
    title: String,
    section: Section,
    /// How the case calls its hooks.
    names: BTreeMap<(Slot, usize), String>,
    expected: Vec<Expected>,
}

/// The chains of some releases, one on each line.
struct Expected {
    releases: Vec<Release>,
    chains: Vec<(String, String)>,
}

/// The cases, each with an expectation for each release.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = include_str!("chains.md").lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case {
                title: title.to_owned(),
                section: Section::default(),
                names: BTreeMap::new(),
                expected: Vec::new(),
            });
        } else if let Some(fence) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let case = cases.last_mut().unwrap();
            match fence.split_once(' ') {
                None if fence == "section" => case.read_section(&block),
                Some(("chains", range)) => case.expected.push(Expected {
                    releases: releases(range),
                    chains: block.iter().map(|line| two(line)).collect(),
                }),
                _ => panic!("what is ```{fence} in {}?", case.title),
            }
        }
    }
    cases
}

impl Case {
    fn read_section(&mut self, block: &[&str]) {
        for line in block {
            let (slot, hooks) = two(line);
            if slot == "verification" {
                self.section.verification_enabled = hooks == "enabled";
                continue;
            }
            let slot = Slot::parse(&slot).unwrap_or_else(|| panic!("{slot} is no slot"));
            let list = self.section.slots.entry(slot).or_default();
            for (index, word) in hooks.split_whitespace().enumerate() {
                let (name, hook) = hook(word);
                self.names.insert((slot, index), name);
                list.push(hook);
            }
        }
    }

    /// Where these rules give other chains than are written, for one release.
    pub(crate) fn differences(&self, rules: &Rules, release: Release) -> Vec<String> {
        let chains = effective_chains_under(rules, release, &self.section);
        let mut differences = Vec::new();
        let expected = self.expected.iter();
        for expected in expected.filter(|it| it.releases.contains(&release)) {
            for (point, links) in &expected.chains {
                let chain = chains.iter().find(|chain| point_of(chain) == *point);
                let found = match chain {
                    Some(chain) => self.links_of(chain),
                    None => "no such point".to_owned(),
                };
                if found != *links {
                    let title = &self.title;
                    differences.push(format!(
                        "{title}, {release}, {point}: expected {links}, found {found}"
                    ));
                }
            }
        }
        differences
    }

    fn links_of(&self, chain: &Chain) -> String {
        let words: Vec<String> = chain
            .links
            .iter()
            .map(|link| match *link {
                Link::ImplicitVerifier => "verifier".to_owned(),
                Link::Hook {
                    slot,
                    index,
                    clients,
                } => {
                    let name = &self.names[&(slot, index)];
                    match clients {
                        Clients::All => name.clone(),
                        Clients::BrowserForms => format!("[{name}]"),
                    }
                }
            })
            .collect();
        match words.is_empty() {
            true => "-".to_owned(),
            false => words.join(" "),
        }
    }
}

fn point_of(chain: &Chain) -> String {
    let point = chain.point;
    let key = point.key.auth_method().map(|it| format!(".{it}"));
    let key = key.unwrap_or_default();
    format!("{}.{}{key} {}", point.flow, point.timing, point.phase)
}

/// A capital letter is a web hook of that name, anything else a kind.
fn hook(word: &str) -> (String, Hook) {
    let (name, handling) = word.split_once('(').unwrap_or((word, ")"));
    let web_hook = name.bytes().all(|it| it.is_ascii_uppercase());
    let hook = Hook {
        name: match web_hook {
            true => HookName::Known(HookKind::WebHook),
            false => HookName::parse(name),
        },
        response: Response {
            ignore: handling == "ignore)",
            parse: handling == "parse)",
            can_interrupt: handling == "can_interrupt)",
        },
    };
    (name.to_owned(), hook)
}

/// `all`, one release, or the first and the last of several.
fn releases(range: &str) -> Vec<Release> {
    let (first, last) = match range {
        "all" => ("v0.13.0", "main"),
        _ => range.split_once("..").unwrap_or((range, range)),
    };
    let known = |name| Release::parse(name).unwrap().release;
    let range = known(first)..=known(last);
    let all = Release::ALL.iter().copied();
    all.filter(|release| range.contains(release)).collect()
}

fn two(line: &str) -> (String, String) {
    let (left, right) = line.split_once(':').unwrap();
    (left.to_owned(), right.trim().to_owned())
}

#[test]
fn written_rules_hold_in_each_release() {
    let cases = cases();
    let mut differences = Vec::new();
    let mut chains = 0;
    for case in &cases {
        for release in Release::ALL.iter().copied() {
            let told: Vec<&Expected> = case
                .expected
                .iter()
                .filter(|it| it.releases.contains(&release))
                .collect();
            assert_eq!(told.len(), 1, "{} for {release}", case.title);
            chains += told[0].chains.len();
            differences.extend(case.differences(&Rules::of(release), release));
        }
    }
    println!("{chains} chains of {} cases", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
