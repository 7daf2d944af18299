//! The crate in one sitting: read an action, look at it, point into its body, mend a mistake.

use action_format::{
    Auth, AuthMethods, Body, Hook, Mode, action_schema, read_actions, read_project,
};
use diagnostics::{Sources, TextRange, render};
use kratos::{Flow, Method, Timing};

const WELCOME: &str = "\
# Greets people who signed up.
flow: registration
timing: after
auth_method: [password, oidc]
url: https://api.example.com/hooks/welcome
mode: notify
auth:
  type: basic_auth
  config: {user: hooks, password: s3cret}
body: |
  function(ctx) {
    email: ctx.identity.traits.email,
  }
";

#[test]
fn an_action_is_read_into_types_that_the_compiler_can_use() {
    let mut sources = Sources::default();
    let file = sources.add("actions/crm/welcome.yaml", WELCOME);
    let read = read_actions(WELCOME, file, "crm/welcome");
    assert!(read.complete && read.diagnostics.is_empty());

    // A file with one action gives it its name.
    let action = &read.value[0];
    assert_eq!(action.name.as_ref().unwrap().value, "crm/welcome");
    assert_eq!(action.flow.as_ref().unwrap().value, Flow::Registration);
    assert_eq!(action.timing.as_ref().unwrap().value, Timing::After);
    let Some(AuthMethods::List(methods)) = &action.auth_method else {
        panic!("a list");
    };
    assert_eq!(methods[1].value, Method::Oidc);
    assert_eq!(sources.slice(methods[1].span), "oidc");

    // Every spelling of response handling ends in the switches of Kratos.
    let Some(Hook::Web(hook)) = &action.hook else {
        panic!("a webhook");
    };
    assert_eq!(hook.method(), "POST");
    assert!(hook.response.switches.ignore);
    assert_eq!(hook.response.mode.as_ref().unwrap().value, Mode::Notify);

    // Secrets do not show, unless they are asked for.
    let Auth::BasicAuth { password, .. } = &hook.auth.as_ref().unwrap().value else {
        panic!("basic authentication");
    };
    assert!(!format!("{action:?}").contains("s3cret"));
    assert_eq!(password.value.expose(), "s3cret");

    // Positions in the body are positions in the file.
    let Some(Body::Inline(body)) = &hook.body else {
        panic!("an inline body");
    };
    let email = body.text.find("email").unwrap();
    let place = yaml::offset_map(&body.node, WELCOME).to_file(TextRange::new(email, email + 5));
    assert_eq!(sources.slice(place.in_file(file)), "email");
    assert_eq!(sources.line(place.in_file(file)), 12);
}

#[test]
fn all_findings_come_in_one_run_and_the_rest_is_read() {
    let text = "flow: login\ntiming: before\nurll: https://example.com\norder: first\n";
    let mut sources = Sources::default();
    let file = sources.add("actions/check.yaml", text);
    let read = read_actions(text, file, "check");
    assert_eq!(
        render::concise(&read.diagnostics, &sources),
        "actions/check.yaml:3:1: error[unknown-field] `urll` is not a field of an action\n\
         actions/check.yaml:4:8: error[wrong-type] `order` is a string, expected an integer\n"
    );
    let action = &read.value[0];
    assert!(!action.complete);
    assert_eq!(action.flow.as_ref().unwrap().value, Flow::Login);

    // A fix can be applied as it stands.
    let edit = &read.diagnostics[0].fixes[0].edits[0];
    let mut mended = text.to_owned();
    mended.replace_range(edit.span.range.to_usize(), &edit.new_text);
    assert!(mended.contains("\nurl: https://example.com\n"));
}

#[test]
fn a_project_file_says_what_the_defaults_do_not() {
    let text = "kratos: v1.3\nidentity_schemas:\n  default: identity.schema.json\n";
    let mut sources = Sources::default();
    let file = sources.add("actionc.yaml", text);
    let project = read_project(text, file).value;
    let target = project.kratos.unwrap();
    assert_eq!(target.release.unwrap().release, kratos::Release::V1_2_0);
    assert!(!target.release.unwrap().exact);
    assert_eq!(
        project.identity_schemas["default"].file.value,
        "identity.schema.json"
    );
    assert!(project.base.is_none());
}

#[test]
fn editors_get_a_schema() {
    let schema = action_schema();
    let flow = &schema["$defs"]["Action"]["properties"]["flow"];
    assert_eq!(flow["description"], "The self-service flow.");
}
