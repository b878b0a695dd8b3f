//! What each element of a model part adds to it, and the rules it must follow.

use platewright_model::measure::LengthUnit;
use quick_xml::name::{Namespace, QName, ResolveResult};

use super::attributes::{Attributes, undeclared};
use super::names::{Name, Space};
use super::parser::{Fault, Parser};
use super::part::{Item, Kind, ModelPart, Object, Required};
use super::properties::Groups;
use super::scan::Triangle;
use super::slices::Stack;
use super::transform::Transform;
use crate::MeshError;

/// An element begins.
pub(super) fn open(
    parser: &mut Parser,
    name: Name,
    parent: Option<Name>,
    a: &Attributes,
) -> Result<(), Fault> {
    match name {
        Name::Model => model(parser, a),
        Name::Metadata => metadata(parser, parent, a),
        Name::MetadataGroup => {
            parser.metadata[1].clear();
            Ok(())
        }
        Name::Resources => once(&mut parser.part.has_resources, "resources"),
        Name::Build => {
            uuid(&mut parser.part, a)?;
            once(&mut parser.part.has_build, "build")
        }
        Name::BaseMaterials
        | Name::ColorGroup
        | Name::Texture
        | Name::TextureGroup
        | Name::Composites
        | Name::Multis => {
            free(&parser.part, a.id("id")?)?;
            Ok(parser.part.groups.open(name, a)?)
        }
        Name::Base | Name::Color | Name::TextureCoordinate | Name::Composite | Name::Multi => {
            Ok(parser.part.groups.open(name, a)?)
        }
        Name::Object => begin_object(parser, a),
        Name::Mesh | Name::Components => shape(current(parser)?, name),
        Name::Vertices => once(&mut current(parser)?.content.vertices, "vertices"),
        Name::Triangles => {
            let content = &mut current(parser)?.content;
            if !content.vertices {
                return Err("triangles stand before the vertices they refer to".into());
            }
            once(&mut content.triangles, "triangles")
        }
        Name::Vertex => vertex(parser, a),
        Name::Triangle => triangle(parser, a),
        Name::Component => component(parser, a),
        Name::Item => {
            let item = item(&mut parser.part, a)?;
            parser.part.items.push(item);
            Ok(())
        }
        Name::SliceStack => {
            let id = a.id("id")?;
            free(&parser.part, id)?;
            parser.stack = Some((id, Stack::begin(a)?));
            Ok(())
        }
        Name::SliceRef
        | Name::Slice
        | Name::SliceVertices
        | Name::SliceVertex
        | Name::Polygon
        | Name::Segment => Ok(stack(parser)?.open(name, a)?),
    }
}

/// An element ends.
pub(super) fn close(parser: &mut Parser, name: Name) -> Result<(), Fault> {
    match name {
        Name::Object => {
            let Some((id, object)) = parser.object.take() else { return Ok(()) };
            check_object(id, &object)?;
            parser.part.objects.insert(id, object);
        }
        Name::SliceStack => {
            if let Some((id, stack)) = parser.stack.take() {
                parser.part.stacks.insert(id, stack);
            }
        }
        Name::Polygon => stack(parser)?.close_polygon()?,
        _ => {}
    }
    Ok(())
}

impl ModelPart {
    /// Whether a resource of this part has the id.
    pub(super) fn has_resource(&self, id: u32) -> bool {
        self.objects.contains_key(&id) || self.groups.contains(id) || self.stacks.contains_key(&id)
    }
}

fn once(seen: &mut bool, what: &str) -> Result<(), Fault> {
    if std::mem::replace(seen, true) {
        return Err(format!("{what} is there twice; keep one").into());
    }
    Ok(())
}

fn free(part: &ModelPart, id: u32) -> Result<(), Fault> {
    if part.has_resource(id) {
        return Err(format!("id {id} is there twice; give each resource its own").into());
    }
    Ok(())
}

fn current(parser: &mut Parser) -> Result<&mut Object, Fault> {
    parser.object.as_mut().map(|(_, o)| o).ok_or_else(|| "no object is open".into())
}

/// An object is one mesh, or other objects put together.
fn shape(object: &mut Object, name: Name) -> Result<(), Fault> {
    let content = &mut object.content;
    let is_mesh = name == Name::Mesh;
    let other = if is_mesh { content.components } else { content.mesh };
    if other {
        return Err("an object has a mesh and components; keep one".into());
    }
    if is_mesh {
        once(&mut content.mesh, "mesh")
    } else {
        once(&mut content.components, "components")
    }
}

fn vertex(parser: &mut Parser, a: &Attributes) -> Result<(), Fault> {
    let p = [a.number("x")?, a.number("y")?, a.number("z")?];
    if let Some(x) = p.iter().find(|x| !x.is_finite()) {
        return Err(Fault::Value(x.to_string()));
    }
    current(parser)?.vertices.push(p);
    Ok(())
}

fn stack(parser: &mut Parser) -> Result<&mut Stack, Fault> {
    parser.stack.as_mut().map(|(_, s)| s).ok_or_else(|| "no slice stack is open".into())
}

fn model(parser: &mut Parser, a: &Attributes) -> Result<(), Fault> {
    let unit = a.get("unit").unwrap_or("millimeter");
    let known = LengthUnit::from_name(unit)
        .filter(|u| unit.len() > 2 || *u == LengthUnit::Mm)
        .ok_or_else(|| format!("unit {unit:?} is not known to 3MF"))?;
    parser.part.unit = Some(known);
    for prefix in words(a.get("requiredextensions")) {
        let address = address(parser, prefix)?;
        let required = match Space::of(&address) {
            Space::Core | Space::Material | Space::Harmless => continue,
            Space::Production => Required::Production,
            Space::Slice => Required::Slice,
            Space::Shape(name) => Required::Shape(name, address),
            _ => return Err(Fault::Mesh(MeshError::Extension { name: address })),
        };
        parser.part.required.insert(required);
    }
    for prefix in words(a.of_space(Space::Compatibility, "Ignorable")) {
        let address = address(parser, prefix)?;
        parser.ignorable.push(address);
    }
    Ok(())
}

fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split_ascii_whitespace()
}

/// The address of a name space that is named by its prefix.
fn address(parser: &Parser, prefix: &str) -> Result<String, Fault> {
    match parser.spaces.resolve_element(QName(&format!("{prefix}:x"))).0 {
        ResolveResult::Bound(Namespace(address)) => Ok(address.to_owned()),
        _ => Err(undeclared(prefix).into()),
    }
}

/// Names that are not known are ignored, as the specification advises; names that are there twice
/// say two things of one.
fn metadata(parser: &mut Parser, parent: Option<Name>, a: &Attributes) -> Result<(), Fault> {
    let name = a.needed("name").map_err(|_| "metadata without a name; give it one")?.trim();
    if name.is_empty() {
        return Err("metadata without a name; give it one".into());
    }
    let names = &mut parser.metadata[usize::from(parent != Some(Name::Model))];
    if !names.insert(name.to_owned()) {
        return Err(format!("metadata {name} is there twice; keep one").into());
    }
    Ok(())
}

fn begin_object(parser: &mut Parser, a: &Attributes) -> Result<(), Fault> {
    let id = a.id("id")?;
    free(&parser.part, id)?;
    let kind = a.get("type").unwrap_or("model");
    let kind = Kind::of(kind).ok_or_else(|| {
        format!("object type {kind:?} is none of model, solidsupport, support, surface, other")
    })?;
    let (group, index) = (a.optional_id("pid")?, a.index("pindex")?);
    match group {
        Some(group) => parser.part.groups.check(group, index)?,
        None if index.is_some() => {
            return Err(format!("object {id} has pindex without pid; give both or none").into());
        }
        None => {}
    }
    let mut slices = None;
    if let Some(text) = a.of_space(Space::Slice, "slicestackid") {
        let path = a.of_space(Space::Slice, "slicepath").map(str::to_owned);
        let stack = super::attributes::id("slicestackid", text)?;
        if path.is_none() && !parser.part.stacks.contains_key(&stack) {
            return Err(format!("slicestackid={stack} refers to nothing before it").into());
        }
        slices = Some((path, stack));
    }
    let is_rough = match a.of_space(Space::Slice, "meshresolution") {
        None | Some("fullres") => false,
        Some("lowres") => true,
        Some(other) => {
            return Err(format!("meshresolution {other:?} is no fullres or lowres").into());
        }
    };
    let name = a.get("name").map(str::to_owned);
    let uuid = uuid(&mut parser.part, a)?;
    let object = Object { name, uuid, kind, group, slices, is_rough, ..Object::default() };
    parser.object = Some((id, object));
    Ok(())
}

fn check_object(id: u32, object: &Object) -> Result<(), Fault> {
    let content = object.content;
    // Shapes of extensions replace or extend the mesh.
    if content.foreign {
        return Ok(());
    }
    if content.components {
        if object.components.is_empty() {
            return Err(format!("object {id} has components, but none is there").into());
        }
        return Ok(());
    }
    if !content.mesh {
        return Err(format!("object {id} has no mesh and no components; give it one").into());
    }
    let (vertices, triangles) = (object.vertices.len(), object.triangles.len());
    if vertices < 3 || triangles == 0 {
        return Err(format!(
            "the mesh of object {id} has {vertices} vertices and {triangles} triangles; \
             3 and 1 are the least"
        )
        .into());
    }
    Ok(())
}

fn triangle(parser: &mut Parser, a: &Attributes) -> Result<(), Fault> {
    parser.count_triangle()?;
    let mut corners = [0; 3];
    for (corner, name) in corners.iter_mut().zip(["v1", "v2", "v3"]) {
        *corner = a.index(name)?.ok_or_else(|| format!("attribute {name} is missing"))?;
    }
    let properties = [a.index("p1")?, a.index("p2")?, a.index("p3")?];
    let found = Triangle { corners, group: a.index("pid")?, properties };
    let Some((_, object)) = &mut parser.object else { return Err("no object is open".into()) };
    Ok(take_triangle(object, &parser.part.groups, &found)?)
}

/// Adds a triangle, if its corners and properties are there.
#[inline]
pub(super) fn take_triangle(
    object: &mut Object,
    groups: &Groups,
    t: &Triangle,
) -> Result<(), String> {
    let count = object.vertices.len();
    if t.corners.iter().any(|v| *v as usize >= count) {
        return Err(out_of_range(t, count));
    }
    if t.group.is_some() || t.properties != [None; 3] {
        check_properties(object, groups, t)?;
    }
    object.triangles.push(t.corners);
    Ok(())
}

#[cold]
fn out_of_range(t: &Triangle, count: usize) -> String {
    let beyond = t.corners.iter().find(|v| **v as usize >= count).unwrap_or(&0);
    format!("vertex {beyond} is out of range, there are {count}")
}

fn check_properties(object: &mut Object, groups: &Groups, t: &Triangle) -> Result<(), String> {
    let group = t
        .group
        .or(object.group)
        .ok_or("a triangle names properties, but neither it nor its object a group; give pid")?;
    if t.properties[0].is_none() && t.properties != [None; 3] {
        return Err("a triangle has p2 or p3 without p1; give p1 or all".to_owned());
    }
    groups.check(group, None)?;
    for index in t.properties.iter().flatten() {
        groups.check(group, Some(*index))?;
    }
    object.lacks_default |= object.group.is_none();
    Ok(())
}

fn component(parser: &mut Parser, a: &Attributes) -> Result<(), Fault> {
    let item = item(&mut parser.part, a)?;
    if item.path.is_none() && !parser.part.objects.contains_key(&item.object) {
        let id = item.object;
        let own = parser.object.as_ref().is_some_and(|(own, _)| *own == id);
        return Err(if own {
            format!("object {id} is made of itself").into()
        } else {
            format!("a component refers to object {id}, which is not defined before it").into()
        });
    }
    current(parser)?.components.push(item);
    Ok(())
}

fn item(part: &mut ModelPart, a: &Attributes) -> Result<Item, Fault> {
    let transform = match a.get("transform") {
        Some(text) => Transform::parse(text)?,
        None => Transform::IDENTITY,
    };
    let path = a.of_space(Space::Production, "path").map(str::to_owned);
    if let Some(path) = path.as_deref().filter(|p| !p.starts_with('/')) {
        return Err(format!("path {path:?} does not begin with /").into());
    }
    Ok(Item {
        path,
        object: a.id("objectid")?,
        transform,
        uuid: uuid(part, a)?,
        part_number: a.get("partnumber").map(str::to_owned),
    })
}

fn uuid(part: &mut ModelPart, a: &Attributes) -> Result<Option<String>, Fault> {
    let Some(uuid) = a.of_space(Space::Production, "UUID") else {
        part.without_uuid += 1;
        return Ok(None);
    };
    let lengths = uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if !lengths || !uuid.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()) {
        return Err(format!("UUID {uuid:?} is none").into());
    }
    part.uuids.push(uuid.to_ascii_lowercase());
    Ok(Some(uuid.to_owned()))
}
