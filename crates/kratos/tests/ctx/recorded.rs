//! The recordings of `ctx` on real Kratos, and the points at which they were made.

use kratos::{ChainKey, Flow, Phase, Point, Release, Slot, Timing};
use serde_json::Value;
use std::path::Path;

const CARRIED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../kratos/tests/recorded-ctx");
const ALL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/kratos/recorded"
);

/// A `ctx` that real Kratos passed to a body.
pub(crate) struct Recorded {
    pub(crate) release: Release,
    pub(crate) point: Point,
    /// The name of the identity schema.
    pub(crate) identity_schema: String,
    pub(crate) ctx: Value,
    /// What to call it when it fails.
    pub(crate) label: String,
}

/// Recordings with the identity schemas that they name.
pub(crate) struct Recordings {
    pub(crate) documents: Vec<Recorded>,
    pub(crate) identity_schemas: Value,
}

/// The recordings carried in the repository.
pub(crate) fn carried() -> Recordings {
    let folder = Path::new(CARRIED);
    Recordings {
        documents: documents(folder).expect("tests/recorded-ctx is part of the repository"),
        identity_schemas: identity_schemas(folder),
    }
}

/// Every recording, where they are at hand: those made for `ctx`, and those of requests on the
/// wire, which name the `ctx` that led to them.
pub(crate) fn all() -> Option<Recordings> {
    let folder = Path::new(ALL);
    let mut all = documents(&folder.join("ctx"))?;
    all.extend(documents(folder)?);
    Some(Recordings {
        documents: all,
        identity_schemas: identity_schemas(folder),
    })
}

fn identity_schemas(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("identity-schemas.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The documents of the `.jsonl` files of a folder, in the order of their names.
fn documents(folder: &Path) -> Option<Vec<Recorded>> {
    let entries = folder.read_dir().ok()?;
    let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let mut documents = Vec::new();
    for path in paths {
        if path.extension() == Some("jsonl".as_ref()) {
            let text = std::fs::read_to_string(path).unwrap();
            documents.extend(text.lines().filter_map(Recorded::parse));
        }
    }
    Some(documents)
}

impl Recorded {
    /// None for a line that holds no `ctx`.
    fn parse(line: &str) -> Option<Self> {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str();
        let release = match text("kratos").unwrap() {
            "HEAD" => Release::Main,
            name => Release::parse(name).unwrap().release,
        };
        let ctx = line.get("ctx")?.clone();
        // Two recordings name the default schema though their identity has another.
        let identities = ["/identity", "/session/identity", "/flow/identity"];
        let identity_schema = identities
            .iter()
            .find_map(|it| ctx.pointer(it)?.get("schema_id")?.as_str())
            .or(text("identity_schema"))
            .unwrap_or("person")
            .to_owned();
        let at = text("at").or(text("slot")).unwrap();
        // The requests on the wire were all recorded with hooks that Kratos did not parse.
        let phase = Phase::parse(text("phase").unwrap_or("post-persist")).unwrap();
        let event = text("event").or(text("case")).unwrap();
        Some(Self {
            release,
            point: point(at, phase),
            identity_schema,
            label: format!(
                "{release} {at} {phase} {event:?} flow {}",
                ctx["flow"]["id"]
            ),
            ctx,
        })
    }
}

/// The point at which a hook of this slot ran.
pub(crate) fn point(at: &str, phase: Phase) -> Point {
    let slot = Slot::parse(at).unwrap();
    let has_methods = matches!(slot.flow, Flow::Login | Flow::Registration | Flow::Settings);
    Point {
        flow: slot.flow,
        timing: slot.timing,
        key: match slot.method {
            Some(method) => ChainKey::Method(method),
            None if has_methods && slot.timing == Timing::After => ChainKey::Other,
            None => ChainKey::Flow,
        },
        phase,
    }
}
