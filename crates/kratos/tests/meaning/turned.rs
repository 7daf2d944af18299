//! Each rule turned around, in each release: a case of `chains.md` must notice, and the recordings
//! of real Kratos as `evidence.md` says. A rule whose opposite goes unnoticed would be an unproven
//! claim.

use crate::recorded::carried;
use crate::replay::Judge;
use crate::written::cases;
use kratos::{
    ByFlow, Clients, EarlyHooks, Flow, GlobalList, HookKind, Phase, Release, Rules, SessionPlace,
    Shadowing, Timing, VerifierPlace,
};
use std::collections::BTreeMap;

/// The rules of a release with one of them turned around, for each rule and each way.
fn turned(release: Release) -> Vec<(String, Rules)> {
    let mut all = Vec::new();
    let mut turn = |name: String, change: &dyn Fn(&mut Rules)| {
        let mut rules = Rules::of(release);
        change(&mut rules);
        if rules != Rules::of(release) {
            all.push((name, rules));
        }
    };
    // A new rule does not compile until it is turned around below.
    let Rules {
        method_lists: _,
        global_list: _,
        global_list_pre_persist: _,
        shadowing: _,
        early_registration: _,
        early_settings: _,
        implements: _,
        drops_no_ops: _,
        session: _,
        session_once: _,
        verifier: _,
        verifier_place: _,
        verifier_needs_verification: _,
        verifier_shadows: _,
    } = Rules::of(release);

    for flow in Flow::ALL.iter().copied() {
        turn(format!("method_lists.{flow}"), &|rules| {
            flip(of(&mut rules.method_lists, flow));
        });
        turn(format!("verifier.{flow}"), &|rules| {
            flip(of(&mut rules.verifier, flow));
        });
    }
    for role in [
        GlobalList::Never,
        GlobalList::Fallback,
        GlobalList::Appended,
    ] {
        turn(format!("global_list = {role:?}"), &|rules| {
            rules.global_list = role;
        });
        turn(format!("global_list_pre_persist = {role:?}"), &|rules| {
            rules.global_list_pre_persist = role;
        });
    }
    for shadowing in [
        Shadowing::Written,
        Shadowing::AnyHook,
        Shadowing::Implementing,
        Shadowing::Acting,
    ] {
        turn(format!("shadowing = {shadowing:?}"), &|rules| {
            rules.shadowing = shadowing;
        });
    }
    for early in [
        EarlyHooks::ParseOrInterrupt,
        EarlyHooks::Interrupt,
        EarlyHooks::Parse,
    ] {
        turn(format!("early_registration = {early:?}"), &|rules| {
            rules.early_registration = early;
        });
        turn(format!("early_settings = {early:?}"), &|rules| {
            rules.early_settings = early;
        });
    }
    for (kind, flow, phase) in cells() {
        turn(format!("implements {kind} {flow} {phase}"), &|rules| {
            let cell = (kind, flow, phase);
            if !rules.implements.remove(&cell) {
                rules.implements.insert(cell);
            }
        });
    }
    turn("drops_no_ops".to_owned(), &|rules| {
        flip(&mut rules.drops_no_ops);
    });
    turn("session = Last".to_owned(), &|rules| {
        rules.session = SessionPlace::Last;
    });
    for behind in Clients::ALL.iter().copied() {
        turn(format!("session = AsWritten, then {behind}"), &|rules| {
            rules.session = SessionPlace::AsWritten { behind };
        });
    }
    turn("session_once".to_owned(), &|rules| {
        flip(&mut rules.session_once);
    });
    for place in [VerifierPlace::First, VerifierPlace::Last] {
        turn(format!("verifier_place = {place:?}"), &|rules| {
            rules.verifier_place = place;
        });
    }
    turn("verifier_needs_verification".to_owned(), &|rules| {
        flip(&mut rules.verifier_needs_verification);
    });
    turn("verifier_shadows".to_owned(), &|rules| {
        flip(&mut rules.verifier_shadows);
    });
    all
}

/// Every kind at every point of execution.
fn cells() -> Vec<(HookKind, Flow, Phase)> {
    let mut cells = Vec::new();
    for kind in HookKind::ALL.iter().copied() {
        for flow in Flow::ALL.iter().copied() {
            for timing in Timing::ALL.iter().copied() {
                let phases = flow.phases(timing).iter();
                cells.extend(phases.map(|phase| (kind, flow, *phase)));
            }
        }
    }
    cells
}

fn of(by_flow: &mut ByFlow<bool>, flow: Flow) -> &mut bool {
    match flow {
        Flow::Login => &mut by_flow.login,
        Flow::Registration => &mut by_flow.registration,
        Flow::Recovery => &mut by_flow.recovery,
        Flow::Settings => &mut by_flow.settings,
        Flow::Verification => &mut by_flow.verification,
    }
}

fn flip(value: &mut bool) {
    *value = !*value;
}

/// The table of `evidence.md` as it should be: for each rule, whose recordings notice.
fn table(noticed: &BTreeMap<String, Vec<&str>>) -> String {
    let mut table = String::from("| turned around | noticed by the recordings of |\n|---|---|\n");
    for (rule, releases) in noticed {
        let implements = rule.starts_with("implements ");
        if !releases.is_empty() {
            table.push_str(&format!("| `{rule}` | {} |\n", releases.join(", ")));
        } else if !implements {
            table.push_str(&format!("| `{rule}` | none |\n"));
        }
    }
    table
}

#[test]
fn each_turned_rule_is_noticed() {
    let cases = cases();
    let recordings = carried();
    let mut judge = Judge::default();
    let mut survivors = Vec::new();
    let mut noticed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for release in Release::ALL.iter().copied() {
        let (mut turns, mut seen) = (0, 0);
        for (rule, rules) in turned(release) {
            turns += 1;
            let by_cases = cases
                .iter()
                .any(|case| !case.differences(&rules, release).is_empty());
            let by_recordings = recordings
                .iter()
                .filter(|it| it.release == release)
                .any(|it| !it.replay(&rules, &mut judge).differences.is_empty());
            if !by_cases {
                survivors.push(format!("{release}: {rule}"));
            }
            let releases = noticed.entry(rule).or_default();
            if by_recordings {
                seen += 1;
                releases.push(release.name());
            }
        }
        println!("{release}: {turns} rules turned around, {seen} noticed by recordings");
    }
    assert!(survivors.is_empty(), "unnoticed:\n{}", survivors.join("\n"));
    let table = table(&noticed);
    assert!(
        include_str!("evidence.md").ends_with(&format!("\n\n{table}")),
        "evidence.md is stale; its table should be\n{table}"
    );
}
