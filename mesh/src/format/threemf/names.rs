//! Name spaces and elements of 3MF: which are read, which are told, where each may stand.

use super::{CORE, PRODUCTION, SLICE};

/// Name space of the materials and properties extension.
pub(crate) const MATERIAL: &str = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02";

/// Whose an element or attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Core,
    Production,
    Material,
    Slice,
    /// An extension that adds shape which is not read; its name for people.
    Shape(&'static str),
    /// An extension that does not change the shape.
    Harmless,
    /// `xml:`
    Xml,
    /// Instances of XML schemas.
    Instance,
    /// Markup compatibility: which name spaces may be ignored.
    Compatibility,
    /// Any other.
    Other,
}

impl Space {
    /// The name space with this address.
    pub(super) fn of(address: &str) -> Self {
        match address {
            CORE => Self::Core,
            PRODUCTION => Self::Production,
            MATERIAL => Self::Material,
            SLICE => Self::Slice,
            "http://www.w3.org/XML/1998/namespace" => Self::Xml,
            "http://www.w3.org/2001/XMLSchema-instance" => Self::Instance,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Self::Compatibility,
            _ => Self::extension(address),
        }
    }

    /// Extensions by the words of their address, because their versions differ in the year only.
    fn extension(address: &str) -> Self {
        let ours = ["http://schemas.microsoft.com/3dmanufacturing/", "http://schemas.3mf.io/"];
        if !ours.iter().any(|head| address.starts_with(head)) {
            return Self::Other;
        }
        let shapes = [
            ("/beamlattice/", "beam lattices"),
            ("/booleanoperations/", "boolean shapes"),
            ("/displacement/", "displaced surfaces"),
            ("/volumetric/", "volumetric shapes"),
            ("/implicit/", "implicit shapes"),
        ];
        let harmless = ["/trianglesets", "/securecontent/", "/production/", "/material"];
        if let Some((_, name)) = shapes.iter().find(|(part, _)| address.contains(part)) {
            Self::Shape(name)
        } else if harmless.iter().any(|part| address.contains(part)) {
            Self::Harmless
        } else {
            Self::Other
        }
    }
}

/// Elements that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Model,
    Metadata,
    MetadataGroup,
    Resources,
    BaseMaterials,
    Base,
    Object,
    Mesh,
    Vertices,
    Vertex,
    Triangles,
    Triangle,
    Components,
    Component,
    Build,
    Item,
    Texture,
    TextureGroup,
    TextureCoordinate,
    ColorGroup,
    Color,
    Composites,
    Composite,
    Multis,
    Multi,
    SliceStack,
    SliceRef,
    Slice,
    SliceVertices,
    SliceVertex,
    Polygon,
    Segment,
}

impl Name {
    /// The element of this name; `None` if it is none that is read.
    pub(super) fn of(space: Space, local: &str) -> Option<Self> {
        Some(match (space, local) {
            (Space::Core, "model") => Self::Model,
            (Space::Core, "metadata") => Self::Metadata,
            (Space::Core, "metadatagroup") => Self::MetadataGroup,
            (Space::Core, "resources") => Self::Resources,
            (Space::Core, "basematerials") => Self::BaseMaterials,
            (Space::Core, "base") => Self::Base,
            (Space::Core, "object") => Self::Object,
            (Space::Core, "mesh") => Self::Mesh,
            (Space::Core, "vertices") => Self::Vertices,
            (Space::Core, "vertex") => Self::Vertex,
            (Space::Core, "triangles") => Self::Triangles,
            (Space::Core, "triangle") => Self::Triangle,
            (Space::Core, "components") => Self::Components,
            (Space::Core, "component") => Self::Component,
            (Space::Core, "build") => Self::Build,
            (Space::Core, "item") => Self::Item,
            (Space::Material, "texture2d") => Self::Texture,
            (Space::Material, "texture2dgroup") => Self::TextureGroup,
            (Space::Material, "tex2coord") => Self::TextureCoordinate,
            (Space::Material, "colorgroup") => Self::ColorGroup,
            (Space::Material, "color") => Self::Color,
            (Space::Material, "compositematerials") => Self::Composites,
            (Space::Material, "composite") => Self::Composite,
            (Space::Material, "multiproperties") => Self::Multis,
            (Space::Material, "multi") => Self::Multi,
            (Space::Slice, "slicestack") => Self::SliceStack,
            (Space::Slice, "sliceref") => Self::SliceRef,
            (Space::Slice, "slice") => Self::Slice,
            (Space::Slice, "vertices") => Self::SliceVertices,
            (Space::Slice, "vertex") => Self::SliceVertex,
            (Space::Slice, "polygon") => Self::Polygon,
            (Space::Slice, "segment") => Self::Segment,
            _ => return None,
        })
    }

    /// The elements it may stand in; the model stands in none.
    pub(super) fn parents(self) -> &'static [Self] {
        match self {
            Self::Model => &[],
            Self::Metadata => &[Self::Model, Self::MetadataGroup],
            Self::MetadataGroup => &[Self::Object, Self::Item],
            Self::Resources | Self::Build => &[Self::Model],
            Self::BaseMaterials
            | Self::Object
            | Self::Texture
            | Self::TextureGroup
            | Self::ColorGroup
            | Self::Composites
            | Self::Multis
            | Self::SliceStack => &[Self::Resources],
            Self::Base => &[Self::BaseMaterials],
            Self::Mesh | Self::Components => &[Self::Object],
            Self::Vertices | Self::Triangles => &[Self::Mesh],
            Self::Vertex => &[Self::Vertices],
            Self::Triangle => &[Self::Triangles],
            Self::Component => &[Self::Components],
            Self::Item => &[Self::Build],
            Self::TextureCoordinate => &[Self::TextureGroup],
            Self::Color => &[Self::ColorGroup],
            Self::Composite => &[Self::Composites],
            Self::Multi => &[Self::Multis],
            Self::SliceRef | Self::Slice => &[Self::SliceStack],
            Self::SliceVertices | Self::Polygon => &[Self::Slice],
            Self::SliceVertex => &[Self::SliceVertices],
            Self::Segment => &[Self::Polygon],
        }
    }

    /// Whether its elements are properties that are counted.
    pub(super) fn is_group(self) -> bool {
        use Name::{BaseMaterials, ColorGroup, Composites, Multis, TextureGroup};
        matches!(self, BaseMaterials | ColorGroup | Composites | Multis | TextureGroup)
    }

    /// Whether the schema of the core specification leaves room for attributes of others here.
    pub(super) fn takes_foreign_attributes(self) -> bool {
        !matches!(self, Self::Mesh | Self::Vertices | Self::Triangles | Self::Components)
    }
}
