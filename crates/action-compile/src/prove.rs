//! Prove: the emitted text, read back, runs what was intended.
//!
//! Invariant: a difference is a defect of this program. It is never output and never blamed on
//! the user.

use kratos::{Chain, Link, Point};
use serde_json::Value;

use crate::base::Base;
use crate::load::Loaded;
use crate::plan::{Intended, Intent};

/// The emitted configuration does not run what was intended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the emitted hooks of {point} are not the intended ones")]
pub struct Unproven {
    point: String,
}

/// Compares the chains of the emitted configuration with the intent, point by point, and gives
/// them.
///
/// # Errors
/// When any point differs.
pub(crate) fn prove(
    intent: &Intent,
    emitted: &Base,
    loaded: &Loaded,
) -> Result<Vec<Chain>, Unproven> {
    let chains = kratos::effective_chains(loaded.settings.kratos, &emitted.section);
    if chains.len() != intent.chains.len() {
        return Err(Unproven {
            point: "the configuration".into(),
        });
    }
    for (chain, (point, intended)) in chains.iter().zip(&intent.chains) {
        let same = chain.point == *point
            && chain.links.len() == intended.len()
            && chain
                .links
                .iter()
                .zip(intended)
                .all(|(link, intended)| matches(link, intended, emitted));
        if !same {
            return Err(Unproven {
                point: name(*point),
            });
        }
    }
    Ok(chains)
}

fn matches(link: &Link, intended: &Intended, emitted: &Base) -> bool {
    match (link, intended) {
        (Link::ImplicitVerifier, Intended::ImplicitVerifier) => true,
        (
            Link::Hook {
                slot,
                index,
                clients,
            },
            Intended::Hook {
                value,
                clients: wanted,
            },
        ) => {
            let found: Option<&Value> = emitted
                .hooks
                .get(slot)
                .and_then(|list| list.get(*index))
                .map(|hook| &hook.value);
            clients == wanted && found == Some(value)
        }
        _ => false,
    }
}

fn name(point: Point) -> String {
    let slot = point.method_slot().unwrap_or(point.global_slot());
    format!("`{slot}` ({})", point.phase)
}
