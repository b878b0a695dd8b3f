//! One model part of a 3MF: XML to objects and items.

use std::collections::BTreeMap;

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::transform::Transform;
use super::{CORE, PRODUCTION};
use crate::MeshError;
use crate::format::check_count;

/// Extensions that may be required, because the shape does not depend on them.
const HARMLESS: [&str; 4] = [
    PRODUCTION,
    "http://schemas.microsoft.com/3dmanufacturing/material/2015/02",
    "http://schemas.3mf.io/3dmanufacturing/trianglesets/2021/07",
    "http://schemas.microsoft.com/3dmanufacturing/2015/02/trianglesets",
];

/// A model part.
#[derive(Debug, Default)]
pub(super) struct ModelPart {
    pub(super) unit: Option<LengthUnit>,
    pub(super) objects: BTreeMap<u32, Object>,
    pub(super) items: Vec<Item>,
    /// Elements of other name spaces that describe shape, such as beams.
    pub(super) foreign: u32,
}

/// An object: a mesh, or other objects put together.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) name: Option<String>,
    pub(super) uuid: Option<String>,
    /// Supports and helpers are no bodies.
    pub(super) is_body: bool,
    pub(super) vertices: Vec<[f64; 3]>,
    pub(super) triangles: Vec<[u32; 3]>,
    pub(super) components: Vec<Item>,
}

/// A use of an object: an item of the build or a component.
#[derive(Debug)]
pub(super) struct Item {
    /// The part that holds the object, if another one.
    pub(super) path: Option<String>,
    pub(super) object: u32,
    pub(super) transform: Transform,
    pub(super) uuid: Option<String>,
    pub(super) part_number: Option<String>,
}

/// Reads the model part `member`.
pub(super) fn read(member: &str, xml: &[u8], limits: &Limits) -> Result<ModelPart, MeshError> {
    let xml = xml.strip_prefix(b"\xef\xbb\xbf").unwrap_or(xml);
    let text = std::str::from_utf8(xml).map_err(|error| MeshError::ThreeMf {
        place: member.to_owned(),
        text: format!("is no UTF-8: {error}"),
    })?;
    let mut parser = Parser {
        part: ModelPart::default(),
        object: None,
        path: Vec::new(),
        limits: *limits,
        triangles: 0,
    };
    let mut reader = NsReader::from_str(text);
    loop {
        let result = parser.step(&mut reader);
        match result {
            Ok(true) => {}
            Ok(false) => return Ok(parser.part),
            Err(Fault::Mesh(error)) => return Err(error),
            Err(Fault::Text(what)) => {
                let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
                let lines = text.as_bytes()[..at.min(text.len())].iter();
                let line = lines.filter(|&&b| b == b'\n').count() + 1;
                let place = format!("{member}, line {line}");
                return Err(MeshError::ThreeMf { place, text: what });
            }
        }
    }
}

/// What went wrong within a part; text gets its place from the reader.
enum Fault {
    Text(String),
    Mesh(MeshError),
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

struct Parser {
    part: ModelPart,
    object: Option<(u32, Object)>,
    /// Names of the open elements; elements of other name spaces are `None`.
    path: Vec<Option<Name>>,
    limits: Limits,
    triangles: u64,
}

/// Elements of the core specification that say something of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Model,
    Resources,
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
    Other,
}

impl Name {
    fn of(local: &str) -> Self {
        match local {
            "model" => Self::Model,
            "resources" => Self::Resources,
            "object" => Self::Object,
            "mesh" => Self::Mesh,
            "vertices" => Self::Vertices,
            "vertex" => Self::Vertex,
            "triangles" => Self::Triangles,
            "triangle" => Self::Triangle,
            "components" => Self::Components,
            "component" => Self::Component,
            "build" => Self::Build,
            "item" => Self::Item,
            _ => Self::Other,
        }
    }

    /// The element it must stand in.
    fn parent(self) -> Option<Self> {
        match self {
            Self::Resources | Self::Build => Some(Self::Model),
            Self::Object => Some(Self::Resources),
            Self::Mesh | Self::Components => Some(Self::Object),
            Self::Vertices | Self::Triangles => Some(Self::Mesh),
            Self::Vertex => Some(Self::Vertices),
            Self::Triangle => Some(Self::Triangles),
            Self::Component => Some(Self::Components),
            Self::Item => Some(Self::Build),
            Self::Model | Self::Other => None,
        }
    }
}

impl Parser {
    /// Takes one event; `false` at the end.
    fn step(&mut self, reader: &mut NsReader<&[u8]>) -> Result<bool, Fault> {
        let (space, event) = reader.read_resolved_event().map_err(|e| e.to_string())?;
        let core = matches!(space, ResolveResult::Bound(Namespace(CORE)));
        match event {
            Event::Start(e) => self.open(core, &e, reader)?,
            Event::Empty(e) => {
                self.open(core, &e, reader)?;
                self.close();
            }
            Event::End(_) => self.close(),
            Event::DocType(_) => {
                return Err(Fault::Text("a DTD is not allowed in a 3MF".to_owned()));
            }
            Event::Eof if !self.path.is_empty() => {
                return Err(Fault::Text("the XML is cut off".to_owned()));
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn open(
        &mut self,
        core: bool,
        e: &BytesStart<'_>,
        reader: &NsReader<&[u8]>,
    ) -> Result<(), Fault> {
        let foreign_parent = self.path.last().is_some_and(Option::is_none);
        let name = (core && !foreign_parent).then(|| Name::of(e.local_name().as_ref()));
        if name.is_none() && matches!(e.local_name().as_ref(), "beamlattice" | "booleans") {
            self.part.foreign += 1;
        }
        let parent = self.path.last().copied().flatten();
        self.path.push(name);
        if self.path.len() > 64 {
            return Err(Fault::Text("elements are nested more than 64 deep".to_owned()));
        }
        let Some(name) = name else {
            if self.path.len() == 1 {
                return Err(Fault::Text("the root is no 3MF model".to_owned()));
            }
            return Ok(());
        };
        if self.path.len() == 1 && name != Name::Model {
            return Err(Fault::Text("the root is no 3MF model".to_owned()));
        }
        if name.parent().is_some_and(|p| parent != Some(p)) {
            return Err(Fault::Text(format!("{} stands in the wrong place", e.name().0)));
        }
        match name {
            Name::Model => self.model(e, reader),
            Name::Object => self.begin_object(e),
            Name::Vertex => self.vertex(e),
            Name::Triangle => self.triangle(e),
            Name::Component => {
                let item = item(e, reader)?;
                self.current()?.components.push(item);
                Ok(())
            }
            Name::Item => {
                let item = item(e, reader)?;
                self.part.items.push(item);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self) {
        if self.path.pop() == Some(Some(Name::Object))
            && let Some((id, object)) = self.object.take()
        {
            self.part.objects.insert(id, object);
        }
    }

    fn current(&mut self) -> Result<&mut Object, Fault> {
        self.object.as_mut().map(|(_, o)| o).ok_or_else(|| "no object is open".to_owned().into())
    }

    fn model(&mut self, e: &BytesStart<'_>, reader: &NsReader<&[u8]>) -> Result<(), Fault> {
        let unit = attribute(e, "unit")?.unwrap_or_else(|| "millimeter".to_owned());
        let known = LengthUnit::from_name(&unit)
            .filter(|u| unit.len() > 2 || *u == LengthUnit::Mm)
            .ok_or_else(|| format!("unit {unit:?} is not known to 3MF"))?;
        self.part.unit = Some(known);
        for prefix in attribute(e, "requiredextensions")?.unwrap_or_default().split_whitespace() {
            let name = format!("{prefix}:x");
            let space = match reader.resolver().resolve_element(quick_xml::name::QName(&name)).0 {
                ResolveResult::Bound(Namespace(space)) => space.to_owned(),
                _ => prefix.to_owned(),
            };
            if !HARMLESS.contains(&space.as_str()) {
                return Err(Fault::Mesh(MeshError::Extension { name: space }));
            }
        }
        Ok(())
    }

    fn begin_object(&mut self, e: &BytesStart<'_>) -> Result<(), Fault> {
        let id = needed(e, "id")?;
        if id == 0 || self.part.objects.contains_key(&id) {
            return Err(Fault::Text(format!("object id {id} is 0 or there twice")));
        }
        let kind = attribute(e, "type")?;
        let object = Object {
            name: attribute(e, "name")?,
            uuid: uuid(e)?,
            is_body: !matches!(kind.as_deref(), Some("support" | "other")),
            ..Object::default()
        };
        self.object = Some((id, object));
        Ok(())
    }

    fn vertex(&mut self, e: &BytesStart<'_>) -> Result<(), Fault> {
        let p = values(e, ["x", "y", "z"])?;
        if let Some(x) = p.iter().find(|x: &&f64| !x.is_finite()) {
            return Err(Fault::Text(format!("E2009: coordinate {x} is not a finite number")));
        }
        self.current()?.vertices.push(p);
        Ok(())
    }

    fn triangle(&mut self, e: &BytesStart<'_>) -> Result<(), Fault> {
        let t: [u32; 3] = values(e, ["v1", "v2", "v3"])?;
        self.triangles += 1;
        check_count(self.triangles, &self.limits).map_err(Fault::Mesh)?;
        let object = self.current()?;
        let count = object.vertices.len();
        if let Some(v) = t.iter().find(|&&v| v as usize >= count) {
            return Err(Fault::Text(format!("vertex {v} is out of range, there are {count}")));
        }
        object.triangles.push(t);
        Ok(())
    }
}

/// Three attributes that are numbers.
fn values<T: std::str::FromStr + Copy + Default>(
    e: &BytesStart<'_>,
    names: [&str; 3],
) -> Result<[T; 3], Fault> {
    let mut out = [None; 3];
    for attribute in e.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if let Some(k) = names.iter().position(|n| attribute.key.0 == *n) {
            let value = attribute.value.trim();
            let parsed = value
                .parse()
                .map_err(|_| format!("attribute {}={value:?} is no number in range", names[k]))?;
            out[k] = Some(parsed);
        }
    }
    let mut all = [T::default(); 3];
    for k in 0..3 {
        all[k] = out[k].ok_or_else(|| format!("attribute {} is missing", names[k]))?;
    }
    Ok(all)
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    for attribute in e.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.0 == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// An attribute of the production extension, whatever its prefix: no other extension that is
/// read has attributes of these names.
fn production(e: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    for attribute in e.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.prefix().is_some() && attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

fn uuid(e: &BytesStart<'_>) -> Result<Option<String>, Fault> {
    production(e, "UUID")
}

fn needed(e: &BytesStart<'_>, name: &str) -> Result<u32, Fault> {
    let value = attribute(e, name)?.ok_or_else(|| format!("attribute {name} is missing"))?;
    value.trim().parse().map_err(|_| Fault::Text(format!("attribute {name}={value:?} is no id")))
}

fn item(e: &BytesStart<'_>, _reader: &NsReader<&[u8]>) -> Result<Item, Fault> {
    let transform = match attribute(e, "transform")? {
        Some(text) => Transform::parse(&text)?,
        None => Transform::IDENTITY,
    };
    Ok(Item {
        path: production(e, "path")?,
        object: needed(e, "objectid")?,
        transform,
        uuid: uuid(e)?,
        part_number: attribute(e, "partnumber")?,
    })
}
