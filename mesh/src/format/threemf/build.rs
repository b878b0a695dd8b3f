//! The parts of a 3MF package put together: components resolved, items placed.

use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_model::config::Limits;
use platewright_model::geometry::Pose;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::{FaultCode, Severity};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::part::{self, Item, ModelPart, Object};
use super::transform::Transform;
use super::{MODEL_TYPE, ReadItem};
use crate::format::{Raw, check_count};
use crate::inspect::fault;
use crate::read::checked;
use crate::weld::Welder;
use crate::{MeshError, TriMesh, ZipMembers};

/// Components nested deeper than this are refused.
const MAX_DEPTH: usize = 64;
/// More uses of objects than this are refused, however small the objects are.
const MAX_USES: u64 = 1_000_000;

/// All model parts of a package.
pub(super) struct Package {
    root: String,
    /// By member name in lower case.
    parts: BTreeMap<String, ModelPart>,
    limits: Limits,
}

/// An object by its part and id.
type Key = (String, u32);

impl Package {
    /// Reads the root part and all parts that it refers to.
    pub(super) fn open(members: &ZipMembers<'_>, limits: &Limits) -> Result<Self, MeshError> {
        let root = root_part(members)?;
        let mut parts = BTreeMap::new();
        let mut open = vec![root.clone()];
        while let Some(name) = open.pop() {
            if parts.contains_key(&name) {
                continue;
            }
            let part = part::read(&name, &members.read(&name)?, limits)?;
            let uses = part.objects.values().flat_map(|o| &o.components).chain(&part.items);
            open.extend(uses.filter_map(|u| u.path.as_deref()).map(member_name));
            parts.insert(name, part);
        }
        Ok(Self { root, parts, limits: *limits })
    }

    fn root(&self) -> &ModelPart {
        &self.parts[&self.root]
    }

    fn unit(&self) -> LengthUnit {
        self.root().unit.unwrap_or(LengthUnit::Mm)
    }

    /// All items as one mesh, in the unit of the file.
    pub(super) fn merged(&self) -> Result<Raw, MeshError> {
        let mut flat = Flat::new(self);
        let mut skipped = 0;
        for item in &self.root().items {
            if !flat.add(&self.root, item, &Transform::IDENTITY)? {
                skipped += 1;
            }
        }
        let mut raw = Raw { unit: Some(self.unit()), ..flat.raw };
        let mut note = |count, severity, text| {
            if count > 0 {
                raw.faults.push(fault(FaultCode::UnsupportedContent, severity, count, None, text));
            }
        };
        note(skipped, Severity::Note, "supports and helper objects are not read");
        let foreign = self.parts.values().map(|p| p.foreign).sum();
        note(foreign, Severity::Warning, "beam lattices and booleans are not read");
        Ok(raw)
    }

    /// The items one by one.
    pub(super) fn items(&self) -> Result<Vec<ReadItem>, MeshError> {
        let mut numbers: BTreeMap<Key, usize> = BTreeMap::new();
        let mut meshes: BTreeMap<Key, Arc<TriMesh>> = BTreeMap::new();
        let mut items = Vec::new();
        for item in &self.root().items {
            let key = key(&self.root, item);
            let next = numbers.len();
            let number = *numbers.entry(key.clone()).or_insert(next);
            let pose = item.transform.pose(self.unit().in_mm());
            let mesh = match (pose, meshes.get(&key)) {
                (Some(_), Some(mesh)) => mesh.clone(),
                (Some(_), None) => {
                    let mesh = Arc::new(self.mesh_of(item, &Transform::IDENTITY)?);
                    meshes.insert(key.clone(), mesh.clone());
                    mesh
                }
                (None, _) => Arc::new(self.mesh_of(item, &item.transform)?),
            };
            let object = self.object(&key)?;
            items.push(ReadItem {
                uuid: item.uuid.clone(),
                part_number: item.part_number.clone(),
                object: number,
                object_uuid: object.uuid.clone(),
                name: object.name.clone(),
                pose: pose.unwrap_or(Pose::IDENTITY),
                mesh,
            });
        }
        Ok(items)
    }

    /// Mesh of the object of an item under a transform, mm.
    fn mesh_of(&self, item: &Item, transform: &Transform) -> Result<TriMesh, MeshError> {
        let mut flat = Flat::new(self);
        let bare = Item {
            path: item.path.clone(),
            object: item.object,
            transform: Transform::IDENTITY,
            uuid: None,
            part_number: None,
        };
        flat.add(&self.root, &bare, transform)?;
        let scale = self.unit().in_mm();
        let mut welder = Welder::with_capacity(flat.raw.vertices.len());
        let mut index = Vec::with_capacity(flat.raw.vertices.len());
        for (v, p) in flat.raw.vertices.iter().enumerate() {
            let place = || format!("object {}, vertex {v}", item.object);
            index.push(welder.add(checked(*p, scale, &self.limits, place)?));
        }
        let triangles = flat.raw.triangles.iter().map(|t| t.map(|v| index[v as usize])).collect();
        Ok(TriMesh { vertices: welder.vertices, triangles })
    }

    fn object(&self, (part, id): &Key) -> Result<&Object, MeshError> {
        self.parts.get(part).and_then(|p| p.objects.get(id)).ok_or_else(|| MeshError::ThreeMf {
            place: part.clone(),
            text: format!("object {id} is referred to, but not there"),
        })
    }
}

/// The object that an item of part `from` uses.
fn key(from: &str, item: &Item) -> Key {
    (item.path.as_deref().map_or_else(|| from.to_owned(), member_name), item.object)
}

/// Name of the member of a part: paths are absolute within the package and ignore case.
fn member_name(path: &str) -> String {
    path.trim_start_matches('/').to_ascii_lowercase()
}

/// Collects triangles of objects and their components.
struct Flat<'a> {
    package: &'a Package,
    raw: Raw,
    /// Objects that are being added, outermost first.
    stack: Vec<Key>,
    uses: u64,
}

impl<'a> Flat<'a> {
    fn new(package: &'a Package) -> Self {
        Self { package, raw: Raw::default(), stack: Vec::new(), uses: 0 }
    }

    /// Adds what `item` of part `from` uses; `false` if that is no body.
    fn add(&mut self, from: &str, item: &Item, outer: &Transform) -> Result<bool, MeshError> {
        let key = key(from, item);
        let refuse = |text: String| MeshError::ThreeMf { place: from.to_owned(), text };
        if self.stack.contains(&key) {
            return Err(refuse(format!("object {} is made of itself", key.1)));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(refuse(format!("components are nested more than {MAX_DEPTH} deep")));
        }
        self.uses += 1;
        if self.uses > MAX_USES {
            return Err(refuse(format!("objects are used more than {MAX_USES} times")));
        }
        let object = self.package.object(&key)?;
        if !object.is_body {
            return Ok(false);
        }
        let transform = outer.after(&item.transform);
        self.add_mesh(object, &transform)?;
        self.stack.push(key.clone());
        for component in &object.components {
            self.add(&key.0, component, &transform)?;
        }
        self.stack.pop();
        Ok(true)
    }

    fn add_mesh(&mut self, object: &Object, transform: &Transform) -> Result<(), MeshError> {
        let triangles = self.raw.triangles.len() + object.triangles.len();
        check_count(triangles as u64, &self.package.limits)?;
        let base = self.raw.vertices.len();
        if base + object.vertices.len() > u32::MAX as usize {
            let (place, text) = (self.package.root.clone(), "more than 2³² vertices".to_owned());
            return Err(MeshError::ThreeMf { place, text });
        }
        let base = base as u32;
        self.raw.vertices.extend(object.vertices.iter().map(|&p| transform.apply(p)));
        // A mirror turns the inside out; swapping two corners turns it back.
        let mirrored = transform.determinant() < 0.0;
        self.raw.triangles.extend(object.triangles.iter().map(|t| {
            let [a, b, c] = t.map(|v| v + base);
            if mirrored { [a, c, b] } else { [a, b, c] }
        }));
        Ok(())
    }
}

/// Member name of the root model part, from the relationships of the package.
fn root_part(members: &ZipMembers<'_>) -> Result<String, MeshError> {
    const RELATIONS: &str = "_rels/.rels";
    let usual = "3d/3dmodel.model";
    if !members.contains(RELATIONS) && members.contains(usual) {
        return Ok(usual.to_owned());
    }
    let bytes = members.read(RELATIONS)?;
    let broken = |text: String| MeshError::ThreeMf { place: RELATIONS.to_owned(), text };
    let text = std::str::from_utf8(&bytes).map_err(|error| broken(error.to_string()))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "Relationship" => {
                let value = |name: &str| {
                    let found = e.try_get_attribute(name).ok().flatten();
                    found.map(|a| a.value.into_owned())
                };
                if value("Type").as_deref() == Some(MODEL_TYPE) {
                    let target = value("Target").unwrap_or_default();
                    return Ok(member_name(&target));
                }
            }
            Event::Eof => return Err(broken("names no 3D model part".to_owned())),
            _ => {}
        }
    }
}
