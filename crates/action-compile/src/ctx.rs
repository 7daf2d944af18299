//! What Kratos passes to a body, as a type for the checker and as a JSON Schema for people.
//!
//! The one place where the model's shapes become Jsonnet types. The model leaves two holes, the
//! traits and the public metadata of an identity, which the project's schemas fill.
//! Invariant: the type holds every value of the schema; what the checker cannot express is
//! widened, never narrowed.

pub(crate) mod bundle;
pub(crate) mod formats;
mod schema;

use std::sync::Arc;

use jsonnet_check::{Annotation, Array, Field, Kinds, Presence, Text, Ty};
use kratos::{
    Additional, CtxOptions, Flow, Member, Note, NoteKind, ObjectShape, Phase, Point, Release,
    Shape, Slot, StringShape, Values,
};
use serde_json::{Map, Value, json};

use crate::identity::{Identities, IdentitySchema};
use schema::{Alternative, Holes};

/// What of the configuration decides the ctx, beside the point.
#[derive(Debug, Default)]
pub struct CtxContext {
    /// The identity schemas.
    pub identities: Identities,
    /// The base's header allow-list, if it sets one.
    pub header_allow_list: Option<Vec<String>>,
}

/// The tag of what must not leave Kratos.
pub(crate) const SECRET: &str = NoteKind::Secret.as_str();

/// The points at which the hooks of a list run in a phase. A global list serves every method that
/// may read it.
#[must_use]
pub fn points(slot: Slot, phase: Phase, release: Release) -> Vec<Point> {
    let of_list = |point: &Point| {
        let own = point.method_slot() == Some(slot);
        let global = slot.method.is_none() && point.global_slot() == slot;
        point.phase == phase && (own || global)
    };
    Point::all(release).into_iter().filter(of_list).collect()
}

/// The phase in which a hook of a list runs: `parsed` hooks of registration and settings run
/// before anything is stored.
#[must_use]
pub fn phase(slot: Slot, parsed: bool) -> Phase {
    match (slot.timing, slot.flow) {
        (kratos::Timing::Before, _) => Phase::Before,
        (_, Flow::Registration | Flow::Settings) if parsed => Phase::PrePersist,
        (_, Flow::Registration | Flow::Settings) => Phase::PostPersist,
        _ => Phase::After,
    }
}

impl CtxContext {
    fn shape(&self, points: &[Point], release: Release) -> Shape {
        let options = CtxOptions {
            header_allow_list: self.header_allow_list.clone(),
        };
        kratos::ctx_of_points(points.iter().copied(), release, &options)
    }

    /// The type of `ctx` at these points.
    #[must_use]
    pub fn ty(&self, points: &[Point], release: Release) -> Ty {
        let reader = Types {
            identities: &self.identities,
            current: None,
            unknown_traits: Ty::Poison,
        };
        reader.ty(&self.shape(points, release))
    }

    /// The same for the search of witnesses: unknown traits are some object.
    #[must_use]
    pub(crate) fn ty_of_witness(&self, points: &[Point], release: Release) -> Ty {
        let reader = Types {
            identities: &self.identities,
            current: None,
            unknown_traits: Ty::map(Ty::Unknown),
        };
        reader.ty(&self.shape(points, release))
    }

    /// The JSON Schema (2020-12) of `ctx` at these points.
    #[must_use]
    pub fn schema(&self, points: &[Point], release: Release) -> Value {
        let schemas = &self.identities.schemas;
        let alternatives = schemas.iter().map(|schema| Alternative {
            key: format!("identity_{}", bundle::key(&schema.id)),
            id: schema.id.clone(),
            traits: schema.traits_reference(),
            derived: schema.derived(),
        });
        let metadata = self.identities.metadata_public.as_ref();
        let holes = Holes {
            alternatives: alternatives.collect(),
            traits: json!({"type": "object"}),
            metadata_public: metadata
                .cloned()
                .unwrap_or_else(|| json!({"type": "object"})),
        };
        let mut document = schema::to_json_schema(&self.shape(points, release), &holes);
        let definitions = document.get_mut("$defs").and_then(Value::as_object_mut);
        let is_identity = |it: &&mut Map<String, Value>| {
            holes.alternatives.iter().any(|of| it.contains_key(&of.key))
        };
        if let Some(definitions) = definitions.filter(is_identity) {
            for schema in schemas {
                let key = format!("identity_schema_{}", bundle::key(&schema.id));
                // Two ids may make one key; the address is what counts.
                let key = if definitions.contains_key(&key) {
                    format!("{key}_{}", definitions.len())
                } else {
                    key
                };
                definitions.insert(key, schema.document.clone());
            }
        }
        document
    }
}

/// Turns shapes into types.
#[derive(Clone)]
struct Types<'a> {
    identities: &'a Identities,
    /// The identity schema that the object being read conforms to.
    current: Option<&'a IdentitySchema>,
    unknown_traits: Ty,
}

impl Types<'_> {
    fn ty(&self, shape: &Shape) -> Ty {
        match shape {
            Shape::Any => Ty::Unknown,
            Shape::Null => Ty::null(),
            Shape::Boolean(None) => Ty::boolean(),
            Shape::Boolean(Some(value)) => Ty::bool(*value),
            Shape::Integer => Ty::integer(),
            Shape::String(string) => string_type(string),
            Shape::Array(array) => Ty::new(Kinds {
                array: Some(Array {
                    min: array.min_items,
                    ..Array::of(self.ty(&array.items))
                }),
                ..Kinds::default()
            }),
            Shape::Object(object) => self.object(object),
            Shape::Union(shapes) => shapes
                .iter()
                .fold(Ty::never(), |all, shape| all.join(&self.ty(shape))),
            // Without a schema nothing is known and nothing is said (one warning for the project).
            Shape::Traits => self.current.map_or_else(
                || self.unknown_traits.clone(),
                |schema| schema.traits.clone(),
            ),
            Shape::MetadataPublic => match &self.identities.metadata_public {
                Some(schema) => {
                    jsonnet_check::from_schema(&formats::only(formats::OF_METADATA, schema))
                }
                None => Ty::map(Ty::Unknown),
            },
        }
    }

    /// An identity is one of as many alternatives as there are schemas, told apart by `schema_id`.
    fn object(&self, object: &ObjectShape) -> Ty {
        if object.name != Some("identity")
            || self.current.is_some()
            || self.identities.schemas.is_empty()
        {
            return self.members(object, |_| None);
        }
        let alternatives = self.identities.schemas.iter().map(|schema| {
            let reader = Types {
                current: Some(schema),
                ..self.clone()
            };
            reader.members(object, |member| match &*member.name {
                "schema_id" => Some(Field::required(Ty::literal(&schema.id))),
                name if schema.derives(name) => Some(Field::required(reader.ty(&member.shape))),
                _ => None,
            })
        });
        alternatives.fold(Ty::never(), |all, it| all.join(&it))
    }

    fn members(&self, object: &ObjectShape, special: impl Fn(&Member) -> Option<Field>) -> Ty {
        let mut shape = jsonnet_check::Shape::default();
        for member in &object.members {
            let mut field = match special(member).filter(|_| !member.presence.is_never()) {
                Some(field) => field,
                None => Field::new(self.ty(&member.shape), presence(member)),
            };
            field.note = note(member);
            // Where it flows to is reported, so it stays with the value.
            if let Some(note) = field.note.clone().filter(|it| &*it.tag == SECRET) {
                field.ty = field.ty.annotated(note);
            }
            shape.set(Arc::from(&*member.name), field);
        }
        shape.rest = match &object.additional {
            Additional::Closed => None,
            Additional::Open(rest) => Some(self.ty(rest)),
        };
        Ty::new(Kinds {
            shapes: vec![shape],
            ..Kinds::default()
        })
    }
}

fn presence(member: &Member) -> Presence {
    match member.presence {
        kratos::Presence::Always => Presence::Required,
        kratos::Presence::Optional => Presence::Optional,
        kratos::Presence::Never(_) => Presence::Absent,
    }
}

/// The one thing that is most worth saying about a member.
fn note(member: &Member) -> Option<Annotation> {
    if let kratos::Presence::Never(absence) = member.presence {
        let instead = absence.instead.map(|path| format!("read `{path}`: "));
        let since = absence
            .since
            .map(|release| format!(", Kratos has it since {release}"));
        let until = absence
            .until
            .map(|release| format!(", Kratos had it until {release}"));
        let text = format!(
            "{}{}{}",
            instead.unwrap_or_default(),
            absence.why,
            since.or(until).unwrap_or_default()
        );
        return Some(Annotation {
            tag: Arc::from("absent"),
            text: Arc::from(text),
        });
    }
    let weight = |note: &&Note| match note.kind {
        NoteKind::Secret => 0,
        NoteKind::Useless => 1,
        NoteKind::SometimesUseless => 2,
        NoteKind::Stale => 3,
        NoteKind::ClientControlled => 4,
        NoteKind::Remark => 5,
    };
    let note = member.notes.iter().min_by_key(weight)?;
    let instead = note
        .instead
        .map(|path| format!("; read `{path}`"))
        .unwrap_or_default();
    Some(Annotation {
        tag: Arc::from(note.kind.as_str()),
        text: Arc::from(format!("{}{instead}", note.text)),
    })
}

fn string_type(string: &StringShape) -> Ty {
    match &string.values {
        Values::OneOf(values) => values
            .iter()
            .fold(Ty::never(), |all, value| all.join(&Ty::literal(value))),
        Values::Any | Values::Known(_) => Ty::new(Kinds {
            text: Some(match string.format {
                Some(format) => Text::of_format(format.as_str()),
                None => Text::any(),
            }),
            ..Kinds::default()
        }),
    }
}
