//! One model part of a 3MF: XML to objects, items, properties and slices.

use std::collections::{BTreeMap, BTreeSet};

use platewright_model::measure::LengthUnit;

use super::properties::Groups;
use super::slices::Stack;
use super::transform::Transform;

/// A model part.
#[derive(Debug, Default)]
pub(super) struct ModelPart {
    pub(super) unit: Option<LengthUnit>,
    pub(super) objects: BTreeMap<u32, Object>,
    pub(super) items: Vec<Item>,
    pub(super) groups: Groups,
    pub(super) stacks: BTreeMap<u32, Stack>,
    /// Extensions that the part requires.
    pub(super) required: BTreeSet<Required>,
    pub(super) has_resources: bool,
    pub(super) has_build: bool,
    /// Extensions with a shape that is not read, and how often one begins.
    pub(super) shapes: BTreeMap<&'static str, u32>,
    /// Elements in the name space of the core that it does not define.
    pub(super) unknown: BTreeMap<String, u32>,
    /// UUIDs in their order.
    pub(super) uuids: Vec<String>,
    /// Builds, items, objects and components without UUID.
    pub(super) without_uuid: u32,
}

/// An extension that must be understood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Required {
    Production,
    Slice,
    /// One with a shape that is not read, by its name for people.
    Shape(&'static str, String),
}

/// What an object is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Model,
    SolidSupport,
    Support,
    Surface,
    Other,
}

impl Kind {
    /// The kind of this name.
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "model" => Self::Model,
            "solidsupport" => Self::SolidSupport,
            "support" => Self::Support,
            "surface" => Self::Surface,
            "other" => Self::Other,
            _ => return None,
        })
    }

    /// Supports and helpers are no bodies.
    pub(super) fn is_body(self) -> bool {
        !matches!(self, Self::Support | Self::Other)
    }
}

/// An object: a mesh, or other objects put together.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) name: Option<String>,
    pub(super) uuid: Option<String>,
    pub(super) kind: Kind,
    pub(super) vertices: Vec<[f64; 3]>,
    pub(super) triangles: Vec<[u32; 3]>,
    pub(super) components: Vec<Item>,
    /// Group of its properties.
    pub(super) group: Option<u32>,
    /// Triangles name properties, the object none.
    pub(super) lacks_default: bool,
    /// Elements that make up its shape.
    pub(super) content: Content,
    /// Its slices: path of another part, id.
    pub(super) slices: Option<(Option<String>, u32)>,
    /// The mesh is a rough picture of the slices only.
    pub(super) is_rough: bool,
}

/// Which elements an object has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) mesh: bool,
    pub(super) vertices: bool,
    pub(super) triangles: bool,
    pub(super) components: bool,
    /// A shape of an extension that is not read.
    pub(super) foreign: bool,
}

/// A use of an object: an item of the build or a component.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The part that holds the object, if another one.
    pub(super) path: Option<String>,
    pub(super) object: u32,
    pub(super) transform: Transform,
    pub(super) uuid: Option<String>,
    pub(super) part_number: Option<String>,
}
