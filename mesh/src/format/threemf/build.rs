//! Items and components put together into triangles.

use std::sync::Arc;

use platewright_model::geometry::Pose;

use super::ReadItem;
use super::package::{Key, Package};
use super::part::{Item, Object};
use super::transform::Transform;
use crate::format::{Raw, check_count};
use crate::read::checked;
use crate::weld::Welder;
use crate::{MeshError, TriMesh};

impl Package {
    /// All items as one mesh, in the unit of the file.
    pub(super) fn merged(mut self) -> Result<Raw, MeshError> {
        let items = std::mem::take(&mut self.parts[0].items);
        let mut raw = Raw { unit: Some(self.unit()), ..Raw::default() };
        let total = self.measure_all(&items)?;
        check_count(total.triangles, &self.limits)?;
        self.check_vertices(total.vertices)?;
        self.check_rest(total.triangles)?;
        match &items[..] {
            // The usual file: nothing is copied.
            [item] if self.object(self.key(0, item)).components.is_empty() => {
                let key = self.key(0, item);
                let object = self.object_mut(key);
                if object.kind.is_body() {
                    raw.vertices = std::mem::take(&mut object.vertices);
                    raw.triangles = std::mem::take(&mut object.triangles);
                    place(&mut raw, 0, 0, &item.transform);
                }
            }
            items => {
                raw.vertices.reserve_exact(total.vertices as usize);
                raw.triangles.reserve_exact(total.triangles as usize);
                for item in items {
                    self.add(&mut raw, 0, item, &Transform::IDENTITY);
                }
            }
        }
        weld(&mut raw);
        raw.faults = self.faults(total.skipped);
        Ok(raw)
    }

    /// The items one by one.
    pub(super) fn items(&self) -> Result<Vec<ReadItem>, MeshError> {
        let mut numbers = std::collections::BTreeMap::<Key, usize>::new();
        let mut meshes = std::collections::BTreeMap::<Key, Arc<TriMesh>>::new();
        let mut items = Vec::new();
        let mut triangles = 0;
        self.check_rest(self.measure_all(&self.parts[0].items)?.triangles)?;
        for item in &self.parts[0].items {
            let key = self.key(0, item);
            let next = numbers.len();
            let number = *numbers.entry(key).or_insert(next);
            let pose = item.transform.pose(self.unit().in_mm());
            let mesh = match (pose, meshes.get(&key)) {
                (Some(_), Some(mesh)) => mesh.clone(),
                (pose, _) => {
                    let transform =
                        if pose.is_some() { Transform::IDENTITY } else { item.transform };
                    let mesh = Arc::new(self.mesh_of(item, &transform)?);
                    triangles += mesh.triangles.len() as u64;
                    check_count(triangles, &self.limits)?;
                    if pose.is_some() {
                        meshes.insert(key, mesh.clone());
                    }
                    mesh
                }
            };
            let object = self.object(key);
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
        let size = self.measure_all(std::slice::from_ref(item))?;
        check_count(size.triangles, &self.limits)?;
        self.check_vertices(size.vertices)?;
        let mut raw = Raw::default();
        let bare = Item { transform: Transform::IDENTITY, ..item.clone() };
        self.add(&mut raw, 0, &bare, transform);
        let scale = self.unit().in_mm();
        let mut welder = Welder::with_capacity(raw.vertices.len());
        let mut index = Vec::with_capacity(raw.vertices.len());
        for (v, p) in raw.vertices.iter().enumerate() {
            let place = || format!("object {}, vertex {v}", item.object);
            index.push(welder.add(checked(*p, scale, &self.limits, place)?));
        }
        let triangles = raw.triangles.iter().map(|t| t.map(|v| index[v as usize])).collect();
        Ok(TriMesh { vertices: welder.vertices, triangles })
    }

    /// Fails if there are more vertices than triangles can use, before room is made for them.
    fn check_vertices(&self, count: u64) -> Result<(), MeshError> {
        let limit = self.limits.triangles.saturating_mul(3).min(u64::from(u32::MAX));
        if count > limit {
            let text = format!(
                "the build has {count} vertices, more than the {limit} that limits.triangles \
                 allows; export it coarser"
            );
            return Err(self.broken(0, &text));
        }
        Ok(())
    }

    /// Adds what `item` of part `from` uses. Sizes and depth are known to be within limits.
    fn add(&self, raw: &mut Raw, from: usize, item: &Item, outer: &Transform) {
        let key = self.key(from, item);
        let object = self.object(key);
        let transform = outer.after(&item.transform);
        if object.kind.is_body() {
            add_mesh(raw, object, &transform);
        }
        for component in &object.components {
            self.add(raw, key.0, component, &transform);
        }
    }
}

fn add_mesh(raw: &mut Raw, object: &Object, transform: &Transform) {
    let (vertices, triangles) = (raw.vertices.len(), raw.triangles.len());
    raw.vertices.extend_from_slice(&object.vertices);
    raw.triangles.extend_from_slice(&object.triangles);
    place(raw, vertices, triangles, transform);
}

/// Moves the vertices and triangles that were added last to where they belong.
fn place(raw: &mut Raw, vertices: usize, triangles: usize, transform: &Transform) {
    if *transform != Transform::IDENTITY {
        for p in &mut raw.vertices[vertices..] {
            *p = transform.apply(*p);
        }
    }
    // A mirror turns the inside out; swapping two corners turns it back.
    let mirrored = transform.determinant() < 0.0;
    if vertices > 0 || mirrored {
        for t in &mut raw.triangles[triangles..] {
            let [a, b, c] = t.map(|v| v + vertices as u32);
            *t = if mirrored { [a, c, b] } else { [a, b, c] };
        }
    }
}

/// How many vertices are looked up at once, so that the misses of the cache overlap.
const BATCH: usize = 16;

/// Joins vertices with the same coordinates and leaves out those that no triangle uses; what is
/// left is in order of first use.
fn weld(raw: &mut Raw) {
    let mut index = vec![u32::MAX; raw.vertices.len()];
    let mut used = Vec::with_capacity(raw.vertices.len());
    for &corner in raw.triangles.as_flattened() {
        let slot = &mut index[corner as usize];
        if *slot == u32::MAX {
            *slot = used.len() as u32;
            used.push(raw.vertices[corner as usize]);
        }
    }
    // Half the memory is needed no longer.
    raw.vertices = Vec::new();
    let mut welder = Welder::with_capacity(used.len());
    let mut joined = Vec::with_capacity(used.len());
    let (batches, rest) = used.as_chunks::<BATCH>();
    for batch in batches {
        joined.extend_from_slice(&welder.add_all(batch));
    }
    joined.extend(rest.iter().map(|p| welder.add(*p)));
    for corner in raw.triangles.as_flattened_mut() {
        *corner = joined[index[*corner as usize] as usize];
    }
    raw.vertices = welder.vertices.into_iter().map(Into::into).collect();
    raw.welded = true;
}
