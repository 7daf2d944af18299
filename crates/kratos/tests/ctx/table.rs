//! The model against the table of facts that was collected beside the recordings (`ctx.json`).
//!
//! The table is read anew here, by its own notation, and every path that both know is compared at
//! every point of every release. Where the model departs from the table, the reason stands in
//! [`DEPARTURES`].

use crate::flat::{Flat, Known, There, flat};
use kratos::{ChainKey, CtxOptions, Flow, Phase, Point, Release, Timing, ctx};
use serde_json::Value;
use std::collections::BTreeSet;

const TABLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/kratos/ctx.json"
);

/// Where the model says something else: the start of the point, a part of the path, and why.
const DEPARTURES: &[(&str, &str, &str)] = &[
    (
        "",
        "flow.ui.nodes",
        "the table notes: null before settings, an array otherwise",
    ),
    (
        "settings",
        "flow.identity",
        "the table notes: never null, and stale",
    ),
    (
        "",
        "session.identity",
        "the table notes: not null where there is a session",
    ),
    (
        "",
        "verifiable_addresses[].status",
        "the table notes: empty if the answer of a parsed web hook gave none",
    ),
    (
        "",
        "oauth2_login_request",
        "the table notes: to be treated as never present",
    ),
    (
        "registration.after",
        "identity.state_changed_at",
        "the table notes: present before the identity is stored",
    ),
    (
        "registration.after",
        "addresses[].created_at",
        "recorded: zero for recovery addresses too",
    ),
    (
        "registration.after",
        "addresses[].updated_at",
        "recorded: zero until the identity is stored",
    ),
    (
        "login.after",
        "session_token_exchange_code",
        "the table notes: only before",
    ),
    (
        "registration.after",
        "session_token_exchange_code",
        "the table notes: only before",
    ),
    (
        "login.after.oidc",
        "flow.active",
        "the list is looked up by this value, so it is always there",
    ),
    (
        "registration.after",
        "flow.active",
        "an attempt with a code stores it in the flow (`strategy/code/strategy_registration.go`), \
         and the flow can then be ended with another method",
    ),
    (
        "settings.after",
        "flow.state",
        "the table notes: `show_form` where `verify_new_address` goes on, which is `main` only",
    ),
    (
        "recovery.before",
        "flow.transient_payload",
        "recorded: never before",
    ),
    (
        "verification.before",
        "flow.transient_payload",
        "recorded: never before",
    ),
    (
        "verification.after",
        "flow.transient_payload",
        "recorded: always, by code and by link",
    ),
    (
        "verification.after",
        "flow.state",
        "v1.2.0 was not recorded: what held before and what holds after",
    ),
    (
        "verification.after",
        "flow.ui.method",
        "v1.2.0 was not recorded: what held before and what holds after",
    ),
];

#[test]
fn the_model_says_what_the_table_says() {
    let Ok(text) = std::fs::read_to_string(TABLE) else {
        println!("the table is not here: nothing compared");
        return;
    };
    let table: Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    let mut used = BTreeSet::new();
    let mut complaints = Vec::new();
    for release in Release::ALL.iter().copied() {
        for point in Point::all(release) {
            let model = flat(&ctx(point, release, &CtxOptions::default()));
            let expected = Table {
                table: &table,
                release,
            }
            .at(point);
            for (path, expected) in &expected {
                compared += 1;
                if model.get(path) == Some(expected) {
                    continue;
                }
                let mut departures = DEPARTURES.iter().enumerate();
                let at = name(point);
                match departures.find(|(_, it)| at.starts_with(it.0) && path.contains(it.1)) {
                    Some((index, _)) => drop(used.insert(index)),
                    None => complaints.push(format!(
                        "{release} {at} {path}: table {expected:?}, model {:?}",
                        model.get(path)
                    )),
                }
            }
            let unions = [
                "flow.ui.nodes[]",
                "flow.continue_with[]",
                "request_headers.",
            ];
            let is_compared = |path: &&String| unions.iter().all(|it| !path.starts_with(it));
            for path in model.keys().filter(is_compared) {
                if model[path].there != There::Never && !expected.contains_key(path) {
                    complaints.push(format!(
                        "{release} {} {path}: not in the table",
                        name(point)
                    ));
                }
            }
        }
    }
    println!("{compared} members compared, {} departures", used.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    for (index, departure) in DEPARTURES.iter().enumerate() {
        assert!(used.contains(&index), "departs nowhere: {departure:?}");
    }
}

/// `registration.after.password pre-persist`.
fn name(point: Point) -> String {
    let Point { flow, timing, .. } = point;
    match point.key.auth_method() {
        Some(method) => format!("{flow}.{timing}.{method} {}", point.phase),
        None => format!("{flow}.{timing} {}", point.phase),
    }
}

struct Table<'a> {
    table: &'a Value,
    release: Release,
}

impl Table<'_> {
    fn at(&self, point: Point) -> Flat {
        let name = match (point.timing, point.phase) {
            (Timing::Before, _) => format!("{}.before", point.flow),
            (_, Phase::PrePersist) => format!("{}.after.pre_persist", point.flow),
            (_, Phase::PostPersist) => format!("{}.after.post_persist", point.flow),
            _ => format!("{}.after", point.flow),
        };
        let entry = &self.table["points"][&name];
        let mut flat = Flat::new();
        self.members(&entry["ctx"], "", &mut flat);
        self.narrow(&entry["narrow"], &mut flat);
        for (tag, narrow) in entry["narrow_until"].as_object().into_iter().flatten() {
            if self.release <= release(tag) {
                self.narrow(narrow, &mut flat);
            }
        }
        if let ChainKey::Method(method) = point.key {
            self.narrow(&entry["by_method"][method.as_str()], &mut flat);
        } else if point.key == ChainKey::Other && point.flow == Flow::Login {
            // `narrow` names the methods with a list; the native logins have none.
            flat.get_mut("flow.active").unwrap().values = None;
        }
        for known in flat.values_mut().filter(|it| it.there == There::Never) {
            known.nullable = false;
            known.values = None;
        }
        flat
    }

    fn members(&self, properties: &Value, path: &str, flat: &mut Flat) {
        for (key, entry) in properties.as_object().into_iter().flatten() {
            let target = match entry["ref"].as_str() {
                Some(name) => &self.table["definitions"][name],
                None => entry,
            };
            let mut fields = entry.clone();
            for (tag, until) in entry["until"].as_object().into_iter().flatten() {
                if self.release <= release(tag) {
                    merge(&mut fields, until);
                }
            }
            let since = entry["since"].as_str().map_or(Release::V0_13_0, release);
            let there = match fields["presence"].as_str().unwrap() {
                _ if self.release < since => There::Never,
                word => there(word),
            };
            let path = format!("{path}{key}");
            let strings = fields["enum"].as_array().or(target["enum"].as_array());
            let constant = fields["const"].as_str();
            flat.insert(
                path.clone(),
                Known {
                    there,
                    nullable: fields["nullable"] == true,
                    values: strings
                        .map(|it| {
                            it.iter()
                                .map(|it| it.as_str().unwrap().to_owned())
                                .collect()
                        })
                        .or(constant.map(|it| vec![it.to_owned()]))
                        .map(sorted),
                },
            );
            // Forms and instructions to the client are unions, whose members have no one path.
            if there == There::Never || ["nodes", "continue_with"].contains(&key.as_str()) {
                continue;
            }
            self.members(&target["properties"], &format!("{path}."), flat);
            if let Some(name) = entry["items"]["ref"].as_str() {
                let items = &self.table["definitions"][name]["properties"];
                self.members(items, &format!("{path}[]."), flat);
            }
        }
    }

    fn narrow(&self, narrow: &Value, flat: &mut Flat) {
        for (path, fact) in narrow.as_object().into_iter().flatten() {
            let Some(known) = flat.get_mut(path) else {
                continue;
            };
            if known.there == There::Never {
                continue;
            }
            let mut fact = fact.clone();
            for (tag, until) in fact["until"].clone().as_object().into_iter().flatten() {
                if self.release <= release(tag) {
                    fact = until.clone();
                }
            }
            match fact.as_str() {
                Some("absent" | "never") => known.there = There::Never,
                Some("always") => {
                    known.there = There::Always;
                    known.nullable = false;
                }
                Some("uuid_nil" | "time_zero") => {
                    let constant = &self.table["definitions"][fact.as_str().unwrap()]["const"];
                    known.values = Some(vec![constant.as_str().unwrap().to_owned()]);
                }
                _ => {}
            }
            if fact.is_null() {
                known.nullable = true;
            }
            if let Some(word) = fact.get("presence") {
                known.there = there(word.as_str().unwrap());
                known.nullable = fact["nullable"] == true;
            }
            if let Some(values) = fact.get("enum").and_then(Value::as_array) {
                let values = values.iter().map(|it| it.as_str().unwrap().to_owned());
                known.values = Some(sorted(values.collect()));
            }
            if let Some(constant) = fact.get("const") {
                known.values = Some(vec![constant.as_str().unwrap().to_owned()]);
            }
        }
    }
}

fn merge(fields: &mut Value, more: &Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
}

fn there(word: &str) -> There {
    match word {
        "always" => There::Always,
        "optional" => There::Optional,
        "never" => There::Never,
        _ => panic!("{word} is no presence"),
    }
}

fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort();
    values
}

/// The first modelled release that is not older than the tag.
fn release(tag: &str) -> Release {
    if tag == "HEAD-unreleased" {
        return Release::Main;
    }
    Release::parse(tag).map_or(Release::V0_13_0, |it| it.release)
}
