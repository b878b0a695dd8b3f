//! All model parts of a 3MF: references between them checked, sizes measured before anything is
//! put together, and what is not read told.

use std::cell::RefCell;
use std::collections::BTreeMap;

use platewright_model::config::Limits;
use platewright_model::measure::LengthUnit;

use super::part::{Item, Kind, ModelPart, Object, Required};
use super::{opc, parser};
use crate::{MeshError, ZipMembers};

/// Components nested deeper than this are refused.
const DEPTH_MAX: u32 = 64;
/// More uses of objects than this are refused, however small the objects are.
const USES_MAX: u64 = 1_000_000;

/// An object: the number of its part, its id.
pub(super) type Key = (usize, u32);

/// All model parts of a package; the first is the root.
pub(super) struct Package {
    pub(super) parts: Vec<ModelPart>,
    /// Members of the parts in lower case, and their number.
    index: BTreeMap<String, usize>,
    pub(super) limits: Limits,
    pub(super) opc: opc::Package,
    /// Textures that are not there.
    pub(super) lost_textures: u32,
    /// What objects hold, as far as it was measured.
    sizes: RefCell<BTreeMap<Key, Size>>,
}

/// What an object holds with all its components.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    pub(super) triangles: u64,
    pub(super) vertices: u64,
    /// Uses of supports and helpers, which are left out.
    pub(super) skipped: u64,
    uses: u64,
    depth: u32,
    /// Whether something in it has slices, so that it may only be moved and turned in the plane.
    sliced: bool,
}

impl Size {
    fn add(&mut self, other: &Self) {
        self.triangles = self.triangles.saturating_add(other.triangles);
        self.vertices = self.vertices.saturating_add(other.vertices);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.uses = self.uses.saturating_add(other.uses);
        self.depth = self.depth.max(other.depth + 1);
        self.sliced |= other.sliced;
    }
}

impl Package {
    /// Reads the root part and all parts that it refers to.
    pub(super) fn open(members: &ZipMembers<'_>, limits: &Limits) -> Result<Self, MeshError> {
        let opc = opc::Package::read(members)?;
        let mut package = Self {
            parts: Vec::new(),
            index: BTreeMap::new(),
            limits: *limits,
            lost_textures: 0,
            sizes: RefCell::default(),
            opc,
        };
        let mut open = vec![package.opc.root.clone()];
        while let Some(name) = open.pop() {
            if package.index.contains_key(&name) {
                continue;
            }
            let part = parser::read(members, &name, limits)?;
            for path in paths(&part) {
                open.push(member_of(&name, path)?);
            }
            let lost = |path: &&String| !member_of(&name, path).is_ok_and(|m| members.contains(&m));
            package.lost_textures += part.groups.textures.iter().filter(lost).count() as u32;
            package.index.insert(name, package.parts.len());
            package.parts.push(part);
        }
        package.check()?;
        Ok(package)
    }

    pub(super) fn unit(&self) -> LengthUnit {
        self.parts[0].unit.unwrap_or(LengthUnit::Mm)
    }

    /// Member of a part.
    pub(super) fn name(&self, part: usize) -> &str {
        self.index.iter().find(|(_, i)| **i == part).map_or("", |(name, _)| name)
    }

    /// The number of the part that a path names, seen from another part.
    pub(super) fn part_of(&self, from: usize, path: Option<&str>) -> usize {
        let member = path.map(|path| opc::resolve("", path).unwrap_or_default());
        member.and_then(|m| self.index.get(&m)).copied().unwrap_or(from)
    }

    /// The object that an item or component of part `from` uses.
    pub(super) fn key(&self, from: usize, item: &Item) -> Key {
        (self.part_of(from, item.path.as_deref()), item.object)
    }

    pub(super) fn object(&self, (part, id): Key) -> &Object {
        &self.parts[part].objects[&id]
    }

    pub(super) fn object_mut(&mut self, (part, id): Key) -> &mut Object {
        self.parts[part].objects.get_mut(&id).expect("references were checked")
    }

    /// Checks what concerns more than one element.
    fn check(&self) -> Result<(), MeshError> {
        let root = &self.parts[0];
        if !root.has_resources {
            return Err(self.broken(0, "has no resources; add them"));
        }
        if !root.has_build {
            return Err(self.broken(0, "has no build; name the objects to print in one"));
        }
        for (p, part) in self.parts.iter().enumerate() {
            let components = part.objects.values().flat_map(|o| &o.components);
            for item in components.chain(&part.items) {
                let (target, id) = self.key(p, item);
                if !self.parts[target].objects.contains_key(&id) {
                    let text = format!("object {id} is referred to, but not there");
                    return Err(self.broken(p, &text));
                }
            }
            self.check_slices(p)?;
        }
        for item in &root.items {
            let object = self.object(self.key(0, item));
            if object.kind == Kind::Other && !object.content.components {
                let text = format!(
                    "the build names object {} of type other, which is not to be printed; \
                     leave the item out or give the object type model",
                    item.object
                );
                return Err(self.broken(0, &text));
            }
        }
        Ok(())
    }

    /// Fails if nothing is left to print of a file that needs a shape which is not read.
    pub(super) fn check_rest(&self, triangles: u64) -> Result<(), MeshError> {
        let needed = self.parts.iter().flat_map(|p| &p.required).find_map(|r| match r {
            Required::Shape(_, address) => Some(address),
            _ => None,
        });
        match needed {
            Some(name) if triangles == 0 => Err(MeshError::Extension { name: name.clone() }),
            _ => Ok(()),
        }
    }

    /// What the items hold together, found without putting anything together: that is how a file
    /// of few bytes with 10⁹ triangles is refused at once.
    pub(super) fn measure_all(&self, items: &[Item]) -> Result<Size, MeshError> {
        let mut all = Size::default();
        for item in items {
            let size = self.measure(0, item, &mut Vec::new())?;
            all.add(&size);
            if all.uses > USES_MAX {
                let text = format!("objects are used more than {USES_MAX} times");
                return Err(self.broken(0, &text));
            }
        }
        Ok(all)
    }

    fn measure(&self, from: usize, item: &Item, open: &mut Vec<Key>) -> Result<Size, MeshError> {
        let key = self.key(from, item);
        let known = self.sizes.borrow().get(&key).copied();
        let size = match known {
            Some(size) => size,
            None => self.measure_object(key, open)?,
        };
        if open.len() as u32 + size.depth >= DEPTH_MAX {
            let text = format!("components are nested more than {DEPTH_MAX} deep");
            return Err(self.broken(from, &text));
        }
        if size.sliced && !item.transform.is_planar() {
            let text = format!(
                "object {} has slices, but is tilted or stretched in z; turn it about z only",
                item.object
            );
            return Err(self.broken(from, &text));
        }
        Ok(size)
    }

    fn measure_object(&self, key: Key, open: &mut Vec<Key>) -> Result<Size, MeshError> {
        if open.contains(&key) {
            return Err(self.broken(key.0, &format!("object {} is made of itself", key.1)));
        }
        if open.len() as u32 >= DEPTH_MAX {
            let text = format!("components are nested more than {DEPTH_MAX} deep");
            return Err(self.broken(key.0, &text));
        }
        let object = self.object(key);
        let mut size = Size { uses: 1, sliced: object.slices.is_some(), ..Size::default() };
        if object.kind.is_body() {
            size.triangles = object.triangles.len() as u64;
            size.vertices = object.vertices.len() as u64;
        } else if object.content.mesh {
            size.skipped = 1;
        }
        open.push(key);
        for component in &object.components {
            let inner = self.measure(key.0, component, open)?;
            size.add(&inner);
        }
        open.pop();
        self.sizes.borrow_mut().insert(key, size);
        Ok(size)
    }

    /// An error in a part.
    pub(super) fn broken(&self, part: usize, text: &str) -> MeshError {
        MeshError::ThreeMf { place: self.name(part).to_owned(), text: text.to_owned() }
    }
}

/// Paths of other parts that a part refers to.
fn paths(part: &ModelPart) -> impl Iterator<Item = &str> {
    let objects = part.objects.values();
    let uses = objects.flat_map(|o| &o.components).chain(&part.items);
    let slices = part.objects.values().filter_map(|o| o.slices.as_ref()?.0.as_deref());
    let stacks = part.stacks.values().flat_map(|s| &s.references).map(|(path, _)| path.as_str());
    uses.filter_map(|u| u.path.as_deref()).chain(slices).chain(stacks)
}

/// The member that a path of part `from` names.
fn member_of(from: &str, path: &str) -> Result<String, MeshError> {
    opc::resolve("", path).map_err(|text| MeshError::ThreeMf { place: from.to_owned(), text })
}
