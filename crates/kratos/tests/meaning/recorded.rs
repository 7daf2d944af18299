//! The recordings of real Kratos, and the chains that the model plans for them.

use crate::replay::{Judge, PlannedChain, PlannedHook, Replayed, replay};
use kratos::{
    Chain, Hook, HookKind, HookName, Link, Release, Response, Rules, Section, Slot,
    effective_chains_under,
};
use serde_json::Value;
use std::path::Path;

const CARRIED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded");
const ALL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/kratos/recorded/chains"
);

/// A hook configuration that ran on real Kratos, and what Kratos did.
pub(crate) struct Recorded {
    pub(crate) release: Release,
    pub(crate) line: Value,
    section: Section,
}

impl Recorded {
    fn parse(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let release = match line["kratos"].as_str().unwrap() {
            "HEAD" => Release::Main,
            name => Release::parse(name).unwrap().release,
        };
        let section = section_of(&line["flows"]);
        Self {
            release,
            line,
            section,
        }
    }

    /// Predicts every step of the recording under these rules.
    pub(crate) fn replay(&self, rules: &Rules, judge: &mut Judge) -> Replayed {
        let chains = effective_chains_under(rules, self.release, &self.section);
        let planned: Vec<PlannedChain> = chains
            .iter()
            .map(|chain| planned(chain, &self.section))
            .collect();
        replay(&planned, &self.line["flows"], &self.line, judge)
    }
}

/// The recordings carried in the repository, oldest release first.
pub(crate) fn carried() -> Vec<Recorded> {
    read(Path::new(CARRIED)).expect("tests/recorded is part of the repository")
}

/// Every recording, where they are at hand.
fn all() -> Option<Vec<Recorded>> {
    read(Path::new(ALL))
}

fn read(folder: &Path) -> Option<Vec<Recorded>> {
    let mut recordings = Vec::new();
    for entry in folder.read_dir().ok()? {
        let path = entry.unwrap().path();
        if path.extension() != Some("jsonl".as_ref()) {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        recordings.extend(text.lines().map(Recorded::parse));
    }
    recordings.sort_by_key(|it| (it.release, it.line["seed"].as_u64()));
    Some(recordings)
}

/// Reads `selfservice.flows`.
fn section_of(flows: &Value) -> Section {
    fn walk(value: &Value, path: &str, section: &mut Section) {
        for (key, value) in value.as_object().into_iter().flatten() {
            if key == "hooks" {
                let slot = Slot::parse(path).unwrap_or_else(|| panic!("{path} is no slot"));
                let hooks = value.as_array().unwrap().iter().map(hook_of).collect();
                section.slots.insert(slot, hooks);
            } else {
                let path = match path {
                    "" => key.clone(),
                    _ => format!("{path}.{key}"),
                };
                walk(value, &path, section);
            }
        }
    }
    let mut section = Section {
        verification_enabled: flows["verification"]["enabled"] == true,
        ..Section::default()
    };
    walk(flows, "", &mut section);
    section
}

fn hook_of(value: &Value) -> Hook {
    let config = &value["config"];
    Hook {
        name: HookName::parse(value["hook"].as_str().unwrap()),
        response: Response {
            ignore: config["response"]["ignore"] == true,
            parse: config["response"]["parse"] == true,
            can_interrupt: config["can_interrupt"] == true,
        },
    }
}

fn planned(chain: &Chain, section: &Section) -> PlannedChain {
    PlannedChain {
        flow: chain.point.flow.to_string(),
        timing: chain.point.timing.to_string(),
        auth_method: chain.point.key.auth_method().map(str::to_owned),
        phase: chain.point.phase.to_string(),
        hooks: chain
            .links
            .iter()
            .map(|link| planned_hook(link, section))
            .collect(),
    }
}

fn planned_hook(link: &Link, section: &Section) -> PlannedHook {
    match *link {
        Link::ImplicitVerifier => PlannedHook {
            hook: "implicit_verifier".to_owned(),
            slot: None,
            index: None,
            response: None,
            clients: None,
        },
        Link::Hook {
            slot,
            index,
            clients,
        } => {
            let hook = &section.hooks(slot)[index];
            let calls = hook.kind() == Some(HookKind::WebHook);
            PlannedHook {
                hook: hook.name.to_string(),
                slot: Some(slot.to_string()),
                index: Some(index),
                response: calls.then(|| hook.response.handling().to_string()),
                clients: Some(clients.to_string()),
            }
        }
    }
}

fn predict(recordings: &[Recorded], what: &str) {
    let mut judge = Judge::default();
    let mut differences = Vec::new();
    for release in Release::ALL {
        let (mut lines, mut steps, mut grants, mut wrong) = (0, 0, 0, 0);
        for recorded in recordings.iter().filter(|it| it.release == *release) {
            let replayed = recorded.replay(&Rules::of(*release), &mut judge);
            lines += 1;
            steps += replayed.steps;
            grants += replayed.grants;
            wrong += replayed.differences.len();
            differences.extend(replayed.differences);
        }
        if lines > 0 {
            println!(
                "{release}: {wrong} of {steps} steps and {grants} grants wrong, in {lines} {what} configurations"
            );
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn carried_recordings_are_predicted() {
    let carried = carried();
    assert!(!carried.is_empty());
    predict(&carried, "carried");
}

#[test]
fn all_recordings_are_predicted() {
    match all() {
        Some(recordings) => predict(&recordings, "recorded"),
        None => println!("predicted 0 steps: no recordings at {ALL}"),
    }
}
