//! `plan`: what Kratos will run, as text or as the stable JSON, `format_version: "1"`.

mod failure;

use action_compile::{ChainView, HookView, PlanView};
use diagnostics::Sources;
use kratos::Clients;
use serde_json::{Map, Value, json};

use crate::Exit;
use crate::cli::{Arguments, Format, ProjectArguments};
use crate::disk::Disk;
use crate::findings::{self, Stream};
use crate::print;

pub(super) fn run(
    arguments: &Arguments,
    project: &ProjectArguments,
    file: Option<&str>,
) -> anyhow::Result<Exit> {
    let disk = Disk::find()?;
    let options = super::options(&disk, project);
    let compiled = match file {
        Some(file) => action_compile::plan_file(&disk, &disk.typed(file), &options)?,
        None => action_compile::compile(&disk, &options)?,
    };
    let exit = super::exit(arguments, &compiled.diagnostics);
    match file {
        Some(_) => super::verbose_of_configuration(arguments, &compiled),
        None => super::verbose(arguments, &compiled),
    }
    findings::must_be_free(arguments, &disk, &compiled.settings, &compiled.sources)?;
    findings::report_as(
        quiet_json(arguments.format, &compiled),
        arguments,
        &disk,
        &compiled.diagnostics,
        &compiled.sources,
        Stream::Err,
    )?;
    // What runs with a configuration is a fact, be it right or wrong; a project with errors has no
    // output.
    let is_shown = file.is_some() || exit == Exit::Clean;
    let Some(output) = compiled.output.as_ref().filter(|_| is_shown) else {
        return Ok(Exit::Findings);
    };
    print::out(&match arguments.format {
        Format::Json => as_json(&output.plan, &compiled.sources),
        _ => as_text(&output.plan, &compiled.sources),
    });
    Ok(exit)
}

/// Where the plan itself is JSON on standard output, findings stand beside it as lines.
fn quiet_json(format: Format, compiled: &action_compile::Compiled) -> Format {
    match format {
        Format::Json if compiled.output.is_some() => Format::Concise,
        format => format,
    }
}

fn as_json(plan: &PlanView, sources: &Sources) -> String {
    let chains: Vec<Value> = plan
        .chains
        .iter()
        .map(|chain| {
            let hooks = chain.hooks.iter();
            json!({
                "flow": chain.point.flow.as_str(),
                "timing": chain.point.timing.as_str(),
                "auth_method": chain.point.key.auth_method(),
                "phase": chain.point.phase.as_str(),
                "repeats": failure::repeats(chain.point),
                "hooks": hooks.map(|hook| hook_json(chain, hook, sources)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({"format_version": "1", "kratos": plan.kratos.name(), "chains": chains});
    format!("{document:#}\n")
}

fn hook_json(chain: &ChainView, hook: &HookView, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("hook".into(), hook.hook.clone().into());
    let Some((slot, index)) = hook.place else {
        object.insert("slot".into(), Value::Null);
        return Value::Object(object);
    };
    object.insert("slot".into(), slot.to_string().into());
    object.insert("index".into(), index.into());
    object.insert("action".into(), hook.action.clone().into());
    if let Some(span) = hook.source {
        let source = json!({"file": sources.path(span.file), "line": sources.line(span)});
        object.insert("source".into(), source);
    }
    if let Some(url) = &hook.url {
        object.insert("url".into(), url.clone().into());
    }
    if let Some(response) = hook.response {
        object.insert("response".into(), response.as_str().into());
        object.insert("on_failure".into(), failure::as_json(chain.point, response));
    }
    object.insert("clients".into(), hook.clients.as_str().into());
    Value::Object(object)
}

/// Chains that run something; what runs alike at several methods is written once.
fn as_text(plan: &PlanView, sources: &Sources) -> String {
    let mut groups: Vec<Group> = Vec::new();
    for chain in plan.chains.iter().filter(|chain| !chain.hooks.is_empty()) {
        let point = chain.point;
        let group = Group {
            place: format!("{}.{}", point.flow, point.timing),
            phase: point.phase.as_str(),
            keys: point.key.auth_method().into_iter().collect(),
            lines: chain.hooks.iter().map(|hook| line(hook, sources)).collect(),
            remarks: failure::lines(chain)
                .into_iter()
                .chain(failure::repeats(point).map(str::to_owned))
                .collect(),
        };
        match groups.iter_mut().find(|other| other.runs_like(&group)) {
            Some(other) => other.keys.extend(group.keys),
            None => groups.push(group),
        }
    }
    let mut out = format!("Kratos {}\n", plan.kratos);
    for group in &groups {
        let keys = match group.keys.as_slice() {
            [] => String::new(),
            [key] => format!(".{key}"),
            keys => format!(".{{{}}}", keys.join(", ")),
        };
        let timing = group.place.rsplit('.').next() == Some(group.phase);
        let phase = if timing {
            String::new()
        } else {
            format!(" ({})", group.phase)
        };
        out.push_str(&format!("\n{}{keys}{phase}\n", group.place));
        for (number, line) in group.lines.iter().enumerate() {
            out.push_str(&format!("  {}. {line}\n", number + 1));
        }
        for remark in &group.remarks {
            out.push_str(&format!("  {remark}\n"));
        }
    }
    if groups.is_empty() {
        out.push_str("\nno hook runs at any point\n");
    }
    if let Some(legend) = failure::legend(&plan.chains, plan.kratos) {
        out.push_str(&format!("\n{legend}"));
    }
    out
}

/// Chains of one flow, timing and phase that run the same hooks.
struct Group {
    place: String,
    phase: &'static str,
    keys: Vec<&'static str>,
    lines: Vec<String>,
    remarks: Vec<String>,
}

impl Group {
    fn runs_like(&self, other: &Self) -> bool {
        (&self.place, self.phase, &self.lines) == (&other.place, other.phase, &other.lines)
    }
}

fn line(hook: &HookView, sources: &Sources) -> String {
    let mut parts = vec![hook.hook.clone()];
    if let Some(url) = &hook.url {
        parts.push(format!("{} {url}", hook.method.as_deref().unwrap_or("GET")));
    }
    if let Some(response) = hook.response {
        parts.push(response.as_str().to_owned());
    }
    if hook.clients == Clients::BrowserForms {
        parts.push("browser forms only".to_owned());
    }
    let source = hook
        .source
        .map(|span| format!("{}:{}", sources.path(span.file), sources.line(span)));
    let from = match (&hook.action, source) {
        (Some(action), Some(source)) => format!("{action} ({source})"),
        (Some(action), None) => action.clone(),
        (None, Some(source)) => source,
        (None, None) => "added by Kratos".to_owned(),
    };
    parts.push(from);
    parts.join(" · ")
}
