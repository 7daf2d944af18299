//! The crate in one page: a project in memory, compiled; the result; what is wrong with another.

use action_compile::{MemoryFiles, Options, compile};

#[test]
fn a_project_is_compiled_and_its_mistakes_are_found() {
    let mut files = MemoryFiles::default();
    files.insert("actionc.yaml", "base: kratos.base.yaml\n");
    files.insert(
        "kratos.base.yaml",
        "selfservice:\n  flows:\n    recovery:\n      after:\n        hooks:\n          - hook: revoke_active_sessions # all of them\n",
    );
    files.insert(
        "actions/audit.yaml",
        "flow: recovery\ntiming: after\nurl: https://audit.example.com/\nbody: 'function(ctx) {}'\n",
    );
    let options = Options {
        project: Some("actionc.yaml".to_owned()),
        ..Options::default()
    };

    let compiled = compile(&files, &options).unwrap();
    assert_eq!(mistakes(&compiled), [] as [&str; 0]);
    let output = compiled.output.unwrap();
    assert!(
        output
            .text
            .starts_with("selfservice:\n  flows:\n    recovery:\n")
    );
    assert!(output.text.contains(
        "revoke_active_sessions # all of them\n          # actionc: audit (actions/audit.yaml)\n"
    ));
    let chain = output
        .plan
        .chains
        .iter()
        .find(|chain| !chain.hooks.is_empty())
        .unwrap();
    assert_eq!(chain.point.flow, kratos::Flow::Recovery);
    assert_eq!(chain.hooks[1].action.as_deref(), Some("audit"));

    files.insert(
        "actions/broken.yaml",
        "flow: recvery\ntiming: after\nurl: https://a.example/\n",
    );
    let compiled = compile(&files, &options).unwrap();
    assert!(compiled.output.is_none());
    assert_eq!(mistakes(&compiled), ["unknown-flow"]);
}

/// The codes of what was found, remarks left out.
fn mistakes(compiled: &action_compile::Compiled) -> Vec<&'static str> {
    let found = compiled.diagnostics.iter();
    let found = found.filter(|it| !action_compile::is_remark(it));
    found.map(|it| it.rule.code).collect()
}
