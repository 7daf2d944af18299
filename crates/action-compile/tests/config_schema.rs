//! Kratos's own configuration schemas as the judge of what we say Kratos does not start with, where
//! `../shared` is there: every kind in every list of every release, and webhooks with one or two
//! slips.
//!
//! Held: what is an error in a base, the schema refuses below `selfservice.flows`; and what the
//! schema refuses there, is an error.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test says what it expects"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use action_compile::{MemoryFiles, Options, compile};
use kratos::{Flow, HookKind, Release, Slot};
use serde_json::{Value, json};

/// References to schemas of other files are stubbed: what they describe is not ours.
struct Stub;

impl jsonschema::Retrieve for Stub {
    fn retrieve(
        &self,
        _uri: &jsonschema::Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::Bool(true))
    }
}

fn schema(release: Release) -> Option<jsonschema::Validator> {
    let name = match release {
        Release::Main => "HEAD",
        release => release.name(),
    };
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/kratos/config-schema"
    ));
    let text = std::fs::read_to_string(path.join(format!("{name}.json"))).ok()?;
    let schema: Value = serde_json::from_str(&text).unwrap();
    let options = jsonschema::options().with_retriever(Stub);
    // Kratos's validator asserts formats.
    let options = options.should_validate_formats(true);
    Some(options.build(&schema).unwrap())
}

/// What the schema refuses of hooks: in the lists of a flow, or a flow or list that does not exist.
fn refused(schema: &jsonschema::Validator, base: &Value) -> Option<String> {
    let mut errors = schema.iter_errors(base);
    let found = errors.find(|error| {
        let path: Vec<&str> = error.instance_path().as_str().split('/').skip(1).collect();
        match path.as_slice() {
            ["selfservice", "flows"] => true,
            ["selfservice", "flows", flow, timing, ..] => {
                Flow::parse(flow).is_some() && ["before", "after"].contains(timing)
            }
            _ => false,
        }
    })?;
    Some(format!("{}: {found}", found.instance_path()))
}

/// What is an error in the base of a project.
fn reported(base: &Value, release: Release) -> Option<String> {
    let mut files = MemoryFiles::default();
    files.insert("base.json", base.to_string());
    files.insert(
        "actions/off.yaml",
        "flow: verification\ntiming: after\nurl: https://api.example.com/\nenabled: false\n",
    );
    let options = Options {
        base: Some("base.json".to_owned()),
        kratos: Some(release.name().to_owned()),
        ..Options::default()
    };
    let compiled = compile(&files, &options).unwrap();
    let mut errors = compiled.diagnostics.iter().filter(|it| it.is_error());
    let error = errors.find(|it| compiled.sources.path(it.primary.file) == "base.json")?;
    Some(format!("{}: {}", error.rule.code, error.message))
}

fn with_hooks(path: &[&str], hooks: Value) -> Value {
    let inner = path
        .iter()
        .rev()
        .fold(hooks, |inner, key| json!({*key: inner}));
    json!({"dsn": "memory", "identity": {"schemas": []}, "selfservice": inner["selfservice"]})
}

/// The field or part of a webhook that a slip puts, by its path; null takes it away.
type Slip = (&'static [&'static str], Value);

fn slips() -> Vec<Slip> {
    let api_key = |name: Value, place: Value| json!({"type": "api_key", "config": {"name": name, "value": "v", "in": place}});
    let mut slips: Vec<Slip> = vec![
        (&["hook"], json!("webhook")),
        (&["name"], json!("x")),
        (&["config"], Value::Null),
        (&["config"], json!([])),
        (&["config"], json!("x")),
        (&["config", "url"], Value::Null),
        (&["config", "method"], Value::Null),
        (&["config", "urls"], json!("https://a.example")),
        (&["config", "additionalProperties"], json!(false)),
    ];
    let fields: [(&'static [&'static str], Vec<Value>); 12] = [
        (
            &["config", "url"],
            vec![
                json!(1),
                json!(""),
                json!("/relative"),
                json!("a.example"),
                json!("https://b.example/x?y=z#f"),
                json!("ftp://b.example"),
                json!("https://b.example/%zz"),
                json!("https:b.example"),
                json!("https:///b.example"),
            ],
        ),
        (
            &["config", "method"],
            vec![json!(1), json!(""), json!("get"), json!(true)],
        ),
        (
            &["config", "body"],
            vec![
                json!(1),
                json!(""),
                json!("{}"),
                json!("json://x"),
                json!("file://a.jsonnet"),
                json!("base64://e30="),
                json!({}),
            ],
        ),
        (
            &["config", "headers"],
            vec![
                json!({}),
                json!({"A": "b"}),
                json!({"A": 1}),
                json!([]),
                json!("x"),
            ],
        ),
        (
            &["config", "can_interrupt"],
            vec![json!(true), json!(false), json!("yes")],
        ),
        (
            &["config", "emit_analytics_event"],
            vec![json!(true), json!(false), json!("yes")],
        ),
        (&["config", "id"], vec![json!("x"), json!(1)]),
        (
            &["config", "response"],
            vec![
                json!({}),
                json!([]),
                json!("x"),
                json!({"ignore": true}),
                json!({"parse": true}),
                json!({"ignore": true, "parse": true}),
                json!({"ignore": true, "parse": false}),
                json!({"ignore": "yes"}),
                json!({"parse": 1}),
                json!({"other": true}),
            ],
        ),
        (
            &["config", "auth"],
            vec![
                json!({}),
                json!("x"),
                json!([]),
                json!({"type": "api_key"}),
                json!({"type": "bearer", "config": {}}),
                json!({"type": 1, "config": {}}),
                json!({"config": {"name": "n", "value": "v", "in": "header"}}),
                api_key(json!("n"), json!("header")),
                api_key(json!("n"), json!("cookie")),
                api_key(json!("n"), json!("query")),
                api_key(json!("n"), json!(1)),
                api_key(json!(1), json!("header")),
                json!({"type": "api_key", "config": {"name": "n", "in": "header"}}),
                json!({"type": "api_key", "config": "x"}),
                json!({"type": "api_key", "config": {"name": "n", "value": "v", "in": "header", "x": 1}}),
                json!({"type": "api_key", "x": 1, "config": {"name": "n", "value": "v", "in": "header"}}),
                json!({"type": "basic_auth", "config": {"user": "u", "password": "p"}}),
                json!({"type": "basic_auth", "config": {"user": "u"}}),
                json!({"type": "basic_auth", "config": {"user": "u", "password": 1}}),
                json!({"type": "basic_auth", "config": {"user": "u", "password": "p", "in": "header"}}),
            ],
        ),
        (&["config", "response", "ignore"], vec![json!(true)]),
        (&["config", "response", "parse"], vec![json!(true)]),
        (
            &["hook"],
            vec![json!("session"), json!("b2b_sso"), json!("verification")],
        ),
    ];
    for (path, values) in fields {
        slips.extend(values.into_iter().map(|value| (path, value)));
    }
    slips
}

fn slipped(hook: &Value, (path, value): &Slip) -> Value {
    let mut hook = hook.clone();
    let mut at = &mut hook;
    let (last, above) = path.split_last().unwrap();
    for key in above {
        let Some(object) = at.as_object_mut() else {
            return hook;
        };
        at = object.entry(*key).or_insert_with(|| json!({}));
    }
    if let Some(object) = at.as_object_mut() {
        if value.is_null() {
            object.remove(*last);
        } else {
            object.insert((*last).to_owned(), value.clone());
        }
    }
    hook
}

fn cases(release: Release) -> Vec<Value> {
    let web_hook = json!({"hook": "web_hook", "config": {"url": "https://a.example/hook", "method": "POST", "body": "base64://e30="}});
    let mut cases = Vec::new();
    let mut slots = Slot::all(Release::Main);
    slots.sort();
    let kinds = HookKind::ALL.iter().map(|kind| kind.as_str());
    let kinds: Vec<&str> = kinds.chain(["nonsense", "web-hook"]).collect();
    for slot in &slots {
        for kind in &kinds {
            let config = &web_hook["config"];
            for hook in [
                json!({"hook": kind}),
                json!({"hook": kind, "config": config}),
            ] {
                cases.push(with_hooks(&slot.config_path(), json!([hook])));
            }
        }
        cases.push(with_hooks(&slot.config_path(), json!([web_hook, web_hook])));
        for wrong in [json!({}), json!("x"), json!([1]), json!([{}]), json!([])] {
            cases.push(with_hooks(&slot.config_path(), wrong));
        }
    }
    for flow in Flow::ALL {
        let names = kratos::Method::ALL.iter().map(|method| method.as_str());
        for name in names.chain(["sms", "all", "default_browser_return_url", "hook"]) {
            for timing in ["before", "after"] {
                for value in [
                    json!({"hooks": []}),
                    json!({"hook": []}),
                    json!("https://a.example/"),
                ] {
                    let path = ["selfservice", "flows", flow.as_str(), timing, name];
                    cases.push(with_hooks(&path, value));
                }
            }
        }
    }
    for config in [
        json!({}),
        json!([]),
        json!({"recipients": "all"}),
        json!({"recipients": "none"}),
        json!({"recipients": "all", "x": 1}),
    ] {
        let hook = json!({"hook": "notify_previous_addresses", "config": config});
        let path = [
            "selfservice",
            "flows",
            "settings",
            "after",
            "profile",
            "hooks",
        ];
        cases.push(with_hooks(&path, json!([hook])));
    }
    let slips = slips();
    let list = Slot::all(release)
        .into_iter()
        .find(|slot| slot.method.is_some());
    let path = list.unwrap().config_path();
    for (index, first) in slips.iter().enumerate() {
        let one = slipped(&web_hook, first);
        cases.push(with_hooks(&path, json!([one])));
        // Every pair would take a minute.
        for second in slips.iter().skip(index + 1).step_by(5) {
            cases.push(with_hooks(&path, json!([slipped(&one, second)])));
        }
    }
    cases
}

#[test]
fn what_kratos_does_not_start_with_is_what_its_schema_refuses() {
    let mut run = BTreeMap::new();
    let mut wrong = BTreeMap::new();
    for release in Release::ALL.iter().copied() {
        let Some(schema) = schema(release) else {
            continue;
        };
        let counts: &mut [usize; 2] = run.entry(release).or_default();
        for base in cases(release) {
            let (ours, theirs) = (reported(&base, release), refused(&schema, &base));
            counts[0] += 1;
            counts[1] += usize::from(theirs.is_some());
            if ours.is_some() != theirs.is_some() {
                let shown: String = format!("ours {ours:?}, theirs {theirs:?}")
                    .chars()
                    .take(160)
                    .collect();
                wrong
                    .entry(shown)
                    .or_insert_with(Vec::new)
                    .push((release, base["selfservice"]["flows"].to_string()));
            }
        }
    }
    if run.is_empty() {
        println!("ran no case: Kratos's configuration schemas are not here");
        return;
    }
    for (release, [cases, refused]) in &run {
        println!("{release}: {cases} hooks sections, of which the schema refuses {refused}");
    }
    for (how, bases) in wrong.iter().take(60) {
        println!("{} of {how}, as {:?}", bases.len(), bases.first().unwrap());
    }
    assert!(wrong.is_empty(), "{} ways to be wrong", wrong.len());
}

#[test]
fn real_configurations_are_judged_alike() {
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let Ok(entries) = std::fs::read_dir(shared.join("corpus/kratos-configs")) else {
        println!("ran no case: the corpus is not here");
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut cases, mut count, mut wrong) = (0, 0, Vec::new());
    for release in Release::ALL.iter().copied() {
        let Some(schema) = schema(release) else {
            continue;
        };
        for path in &paths {
            let text = std::fs::read_to_string(path).unwrap();
            // What stands for a value that is put in later is not judged.
            let text = text.replace("OVERWRITE_ME", "https://a.example/");
            let Ok(base) = serde_yaml::from_str::<Value>(&text) else {
                continue;
            };
            // The values of a Helm chart hold a configuration and are none.
            if base.get("selfservice").is_none() {
                continue;
            }
            let (ours, theirs) = (reported(&base, release), refused(&schema, &base));
            cases += 1;
            count += usize::from(theirs.is_some());
            if ours.is_some() != theirs.is_some() {
                wrong.push(format!(
                    "{release} {}: ours {ours:?}, theirs {theirs:?}",
                    path.display()
                ));
            }
        }
    }
    println!("{cases} real configurations and releases, of which the schema refuses {count}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
