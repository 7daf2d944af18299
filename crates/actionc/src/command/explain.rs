//! `explain`: the page of a rule.

use anyhow::bail;

use crate::Exit;
use crate::print;

pub(super) fn run(code: Option<&str>) -> anyhow::Result<Exit> {
    let registry = action_compile::registry();
    let Some(code) = code else {
        let width = registry
            .iter()
            .map(|rule| rule.code.len())
            .max()
            .unwrap_or(0);
        for rule in registry.iter() {
            print::out(&format!(
                "{:width$}  {:7}  {}\n",
                rule.code,
                rule.level.as_str(),
                rule.summary
            ));
        }
        return Ok(Exit::Clean);
    };
    let Some(rule) = registry.get(code) else {
        match registry.nearest(code) {
            Some(near) => bail!("there is no rule `{code}`; did you mean `{near}`?"),
            None => bail!("there is no rule `{code}`; `actionc explain` lists all rules"),
        }
    };
    print::out(rule.page);
    Ok(Exit::Clean)
}
