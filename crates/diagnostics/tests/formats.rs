//! The formats for programs are what their specifications say, whatever the findings hold.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

use diagnostics::render::{self, Report};
use diagnostics::{Diagnostic, Level, Rule, Sources, TextRange, Witness};
use serde_json::Value;

static BROKEN: Rule = Rule {
    code: "broken",
    summary: "a thing that is broken",
    level: Level::Error,
    since: "0.1.0",
    page: "# broken\n\nA thing is broken.\n",
};
static DOUBTFUL: Rule = Rule {
    code: "doubtful",
    summary: "a thing that is doubtful",
    level: Level::Warning,
    since: "0.1.0",
    page: "# doubtful\n\nA thing is doubtful.\n",
};

const HOSTILE: &str = "a,b::c%\r\n\u{1b}[31m<\"&>]]>\u{202e}\u{ffff}";

fn found() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let text = "name: 'ünïcødé' # é\nmetod: POST\nlast: 1\n";
    let file = sources.add("actions/é, 1.yaml", text);
    let other = sources.add("../base.yaml", "a: 1\n");
    sources.add("actions/clean.yaml", "a: 1\n");
    let span = |part: &str| {
        let start = text.find(part).expect("a part of the text");
        TextRange::new(start, start + part.len()).in_file(file)
    };
    let long = span("metod: POST\nlast");
    let mut witness = Diagnostic::new(&BROKEN, span("# é"), HOSTILE)
        .annotate("here")
        .label(TextRange::new(0, 1).in_file(other), HOSTILE)
        .help("mend it")
        .fix("rename", span("metod"), "method");
    witness.witness = Some(Witness {
        ctx: Value::Null,
        error: "RUNTIME ERROR: x".to_owned(),
    });
    let found = vec![
        witness,
        Diagnostic::new(&DOUBTFUL, span("metod"), "same"),
        Diagnostic::new(&DOUBTFUL, long, "same"),
        Diagnostic::new(&BROKEN, TextRange::empty(0).in_file(other), "elsewhere"),
    ];
    (sources, found)
}

fn with<T>(folder: &str, render: impl Fn(&Report<'_>) -> T) -> T {
    let (sources, diagnostics) = found();
    render(&Report {
        diagnostics: &diagnostics,
        sources: &sources,
        folder,
        version: "0.1.0",
        fails_at: Level::Error,
    })
}

#[test]
fn sarif_is_what_its_schema_says() {
    let text = with("services/auth", render::sarif);
    let log: Value = serde_json::from_str(&text).unwrap();
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    // A member that the schema does not have would be lost on the way.
    assert_eq!(serde_json::to_value(&typed).unwrap(), log);

    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 2);
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let place = |line: &str, column: &str| (region[line].as_u64(), region[column].as_u64());
        assert!(place("startLine", "startColumn") <= place("endLine", "endColumn"));
    }
    let first = &run["results"][0];
    let region = &first["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 17, "columns count characters");
    let location = &first["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "services/auth/actions/%C3%A9%2C%201.yaml");
    let related = &first["relatedLocations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(related["uri"], "services/base.yaml");
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "method");
    // Two findings of one text in one file are two.
    assert_ne!(
        run["results"][1]["partialFingerprints"],
        run["results"][2]["partialFingerprints"]
    );
}

#[test]
fn an_annotation_is_one_line_and_one_command() {
    let text = with("auth", render::github);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(
        lines[0],
        "::error file=auth/actions/é%2C 1.yaml,line=1,col=17,endColumn=20,title=actionc%3A broken::\
         a,b::c%25\\u{d}%0A\\u{1b}[31m<\"&>]]>\\u{202e}\u{ffff}%0Ahere%0A\
         seen: RUNTIME ERROR: x%0Ahelp: mend it"
    );
    // A place of several lines has no columns.
    assert_eq!(
        lines[2],
        "::warning file=auth/actions/é%2C 1.yaml,line=2,endLine=3,title=actionc%3A doubtful::same"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn fingerprints_outlive_the_lines_above() {
    let prints = |text: &str| -> Vec<String> {
        let report: Value = serde_json::from_str(text).unwrap();
        let issues = report.as_array().unwrap().iter();
        issues
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = prints(&with("", render::gitlab));
    let (_, mut diagnostics) = found();
    let mut sources = Sources::default();
    let text = "# a new line\nname: 'ünïcødé' # é\nmetod: POST\nlast: 1\n";
    let file = sources.add("actions/é, 1.yaml", text);
    let other = sources.add("../base.yaml", "a: 1\n");
    for diagnostic in &mut diagnostics {
        diagnostic.map_spans(|span| {
            if span.file == other {
                return span;
            }
            let range =
                TextRange::new(span.range.start as usize + 13, span.range.end as usize + 13);
            range.in_file(file)
        });
    }
    let after = prints(&render::gitlab(&Report {
        diagnostics: &diagnostics,
        sources: &sources,
        folder: "",
        version: "0.1.0",
        fails_at: Level::Error,
    }));
    assert_eq!(before, after);
    let distinct: std::collections::BTreeSet<&String> = before.iter().collect();
    assert_eq!(distinct.len(), before.len());
}

#[test]
fn a_code_quality_report_has_what_gitlab_asks_for() {
    let report: Value = serde_json::from_str(&with("auth", render::gitlab)).unwrap();
    for issue in report.as_array().unwrap() {
        assert!(issue["description"].is_string());
        assert!(issue["check_name"].is_string());
        let known = ["info", "minor", "major", "critical", "blocker"];
        assert!(known.contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with(['.', '/']), "{path}");
        assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
    }
}

#[test]
fn the_junit_report_is_xml_and_its_counts_are_right() {
    let text = with("", render::junit);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let number = |node: roxmltree::Node<'_, '_>, name: &str| -> usize {
        node.attribute(name).unwrap().parse().unwrap()
    };
    let count = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.descendants()
            .filter(|it| it.has_tag_name(name))
            .count()
    };
    assert_eq!(number(root, "tests"), count(root, "testcase"));
    assert_eq!(number(root, "failures"), count(root, "failure"));
    assert_eq!(count(root, "testsuite"), 3, "clean files are suites too");
    for suite in root.children().filter(|it| it.has_tag_name("testsuite")) {
        assert_eq!(number(suite, "tests"), count(suite, "testcase"));
        assert_eq!(number(suite, "failures"), count(suite, "failure"));
    }
    let failure = root
        .descendants()
        .find(|it| it.has_tag_name("failure") && it.text().unwrap_or("").contains("a,b"));
    let message = failure.and_then(|it| it.attribute("message")).unwrap();
    assert!(message.contains("<\"&>]]>"), "{message}");
}

#[test]
fn what_is_in_no_file_has_no_place() {
    let placeless = TextRange::empty(0).in_file(diagnostics::FileId::DETACHED);
    let (sources, mut found) = found();
    found.insert(0, Diagnostic::new(&BROKEN, placeless, HOSTILE));
    let report = Report {
        diagnostics: &found,
        sources: &sources,
        folder: "services/auth",
        version: "0.1.0",
        fails_at: Level::Error,
    };

    let text = render::sarif(&report);
    let log: Value = serde_json::from_str(&text).unwrap();
    let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), log);
    let run = &log["runs"][0];
    let told = &run["invocations"][0]["toolConfigurationNotifications"];
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["associatedRule"]["id"], "broken");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), found.len() - 1);
    assert!(results.iter().all(|it| it["locations"][0].is_object()));

    let issues: Value = serde_json::from_str(&render::gitlab(&report)).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), found.len() - 1);
    assert!(issues.iter().all(|it| it["location"]["path"] != ""));
    assert_eq!(render::placeless(&found, &sources).count(), 1);

    let text = render::junit(&report);
    assert!(text.contains("<testcase name=\"broken\" classname=\"actionc\">"));
    assert!(!text.contains("file=\"\""));
}
