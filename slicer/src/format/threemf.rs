//! 3MF with slice stacks (ISO/IEC 25422, slice extension 1.0.2): each distinct body is an
//! object, its mesh placed as it was sliced; each part is an item that is moved only, so that
//! copies at any height share the slices.
//!
//! Layers come in order, but the slices of an object must stand together. So the text of the
//! layers is kept by body until there is much of it, then goes out as a part of the package with
//! the next slices of each body, which the stacks in the root part refer to. Memory holds one
//! such part, whatever the number of layers.

use std::collections::BTreeMap;
use std::mem::take;

use platewright_mesh::{
    SliceRun, SlicedBuild, SlicedObject, SlicedThreeMf, ThreeMfItem, put_slice,
};
use platewright_model::geometry::Pose;
use platewright_model::id::derive_uuid;

use super::{FormatOptions, LayerFormat, LayerWriter, Output};
use crate::build::Shape;
use crate::error::SliceError;
use crate::layers::{Layer, Stack};

pub(crate) const FORMAT: LayerFormat =
    LayerFormat { name: "3mf", ending: "3mf", about: "3MF with meshes and slice stacks", open };

/// Bytes of slices that are kept before a part of the package is written.
const PART_BYTES: usize = 16 << 20;

/// Steps of the grid in a millimetre. Dividing by it gives the number nearest to the decimal, so
/// that coordinates are written with five places at most.
const STEPS_PER_MM: f64 = 100_000.0;

struct Writer {
    package: SlicedThreeMf<Box<dyn Output>>,
    stack: Stack,
    options: FormatOptions,
    /// Of each body the number of its object; none without triangles, which 3MF does not have.
    objects: Vec<Option<usize>>,
    /// Of each body the lowest of its copies, whose slices are taken for all.
    leaders: Vec<u32>,
    /// Slices of each body that wait to be written: where the first begins, and their text.
    waiting: BTreeMap<u32, (f64, Vec<u8>)>,
    waiting_bytes: usize,
}

fn open(
    out: Box<dyn Output>,
    stack: &Stack,
    options: &FormatOptions,
) -> Result<Box<dyn LayerWriter>, SliceError> {
    let mut leaders: Vec<Option<u32>> = vec![None; stack.bodies.len()];
    for (number, part) in (0..).zip(&stack.parts) {
        let leader = leaders[part.body as usize].get_or_insert(number);
        if part.first_layer < stack.parts[*leader as usize].first_layer {
            *leader = number;
        }
    }
    let mut count = 0..;
    let mut objects = Vec::new();
    for body in &stack.bodies {
        let Shape::Mesh { mesh, .. } = &body.shape else {
            let what = "the triangles of a file are no mesh; slice the model inspected".to_owned();
            return Err(SliceError::FormatCannot { format: FORMAT.name, what });
        };
        objects.push(if mesh.triangles.is_empty() { None } else { count.next() });
    }
    Ok(Box::new(Writer {
        objects,
        package: SlicedThreeMf::new(out)?,
        stack: stack.clone(),
        options: options.clone(),
        leaders: leaders.into_iter().map(|l| l.expect("each body has a part")).collect(),
        waiting: BTreeMap::new(),
        waiting_bytes: 0,
    }))
}

impl Writer {
    /// Writes what waits as a part of the package.
    fn put_part(&mut self) -> Result<(), SliceError> {
        let waiting = take(&mut self.waiting);
        self.waiting_bytes = 0;
        let runs: Vec<SliceRun<'_>> = waiting
            .iter()
            .filter_map(|(&body, (bottom_mm, slices))| {
                let object = self.objects[body as usize]?;
                Some(SliceRun { object, bottom_mm: *bottom_mm, slices })
            })
            .collect();
        if !runs.is_empty() {
            self.package.put_slices(&runs)?;
        }
        Ok(())
    }

    fn item(&self, k: usize) -> Option<ThreeMfItem> {
        let part = &self.stack.parts[k];
        let [x, y] = part.shift.map(|steps| f64::from(steps) / STEPS_PER_MM);
        let bottom = if part.first_layer == 0 { 0.0 } else { self.top(part.first_layer - 1) };
        let given = self.options.parts.get(k).and_then(|label| label.uuid);
        Some(ThreeMfItem {
            object: self.objects[part.body as usize]?,
            pose: Pose { translation: [x, y, bottom], ..Pose::IDENTITY },
            uuid: given.unwrap_or_else(|| self.uuid("item", k)).to_string(),
            part_number: self.options.label(k).into_owned(),
        })
    }

    /// Top of a layer of the build, mm.
    fn top(&self, i: u32) -> f64 {
        to_picometre(self.stack.planes.top(i))
    }

    fn uuid(&self, kind: &str, k: usize) -> uuid::Uuid {
        derive_uuid(&format!("sliced/{}/{kind}/{k}", self.options.name))
    }
}

impl LayerWriter for Writer {
    /// For each body whose leader has a layer here: the number of the body, the length of its
    /// slice, the slice.
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let mut out = Vec::new();
        for (body, leader) in (0_u32..).zip(&self.leaders) {
            let planes = &self.stack.bodies[body as usize].planes;
            let first = self.stack.parts[*leader as usize].first_layer;
            let Some(own) = layer.index.checked_sub(first) else { continue };
            if own >= planes.count() {
                continue;
            }
            let piece = layer.pieces.binary_search_by_key(leader, |piece| piece.part).ok();
            let rings = piece.into_iter().flat_map(|k| layer.pieces[k].region.rings());
            let points = rings
                .map(|ring| ring.iter().map(|p| p.map(|steps| f64::from(steps) / STEPS_PER_MM)));
            out.extend(body.to_le_bytes());
            let from = out.len();
            out.extend([0; 8]);
            put_slice(&mut out, to_picometre(planes.top(own)), points)?;
            let length = (out.len() - from - 8) as u64;
            out[from..from + 8].copy_from_slice(&length.to_le_bytes());
        }
        Ok(out)
    }

    fn append(&mut self, layer: &Layer, encoded: &[u8]) -> Result<(), SliceError> {
        let mut rest = encoded;
        while let Some((head, after)) = rest.split_first_chunk::<4>() {
            let body = u32::from_le_bytes(*head);
            let (length, after) = after.split_first_chunk().expect("encode wrote a length");
            let (slice, after) = after.split_at(u64::from_le_bytes(*length) as usize);
            let first = self.stack.parts[self.leaders[body as usize] as usize].first_layer;
            let own = layer.index - first;
            let planes = &self.stack.bodies[body as usize].planes;
            let below = own.checked_sub(1).map_or(0.0, |i| to_picometre(planes.top(i)));
            self.waiting.entry(body).or_insert((below, Vec::new())).1.extend(slice);
            self.waiting_bytes += slice.len();
            rest = after;
        }
        if self.waiting_bytes >= PART_BYTES { self.put_part() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), SliceError> {
        self.put_part()?;
        let stack = self.stack.clone();
        let mut objects = Vec::new();
        for (number, body) in (0_u32..).zip(&stack.bodies) {
            let Shape::Mesh { mesh, .. } = &body.shape else { continue };
            if self.objects[number as usize].is_some() {
                objects.push(SlicedObject {
                    name: format!("body {}", number + 1),
                    mesh,
                    pose: body.pose,
                    uuid: self.uuid("object", number as usize).to_string(),
                });
            }
        }
        let title = ("Title".to_owned(), self.options.name.clone());
        let build = SlicedBuild {
            uuid: self.uuid("build", 0).to_string(),
            objects,
            items: (0..stack.parts.len()).filter_map(|k| self.item(k)).collect(),
            metadata: vec![title, ("Application".to_owned(), "Platewright".to_owned())],
        };
        let mut out = self.package.finish(&build)?;
        out.flush().map_err(super::failed)
    }
}

/// Rounded to 10⁻⁹ mm, so that no noise of a product is written.
fn to_picometre(mm: f64) -> f64 {
    (mm * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platewright_mesh::{ZipMembers, read_3mf_items, read_3mf_slices, ring_area};
    use platewright_model::config::{Config, DEFAULT_TOML};

    use super::*;
    use platewright_model::measure::Mm;

    use crate::format::PartLabel;
    use crate::format::testing::{at, layers, placed, slicer, tube, write};
    use crate::{BuildSlicer, GRID_MM, Placed, Planes, SliceOptions, Unite};

    #[test]
    fn many_slices_go_out_part_by_part() {
        // Some 36 MB of text.
        let mesh = Arc::new(tube(40.0, 0.0, 1.0, 25_000));
        let placed = [Placed::sound(mesh, at(50.0, 50.0, 0.0))];
        let planes = Planes::uniform(Mm(0.05), Mm(1.0)).unwrap();
        let options = SliceOptions { unite: Unite::Never, ..SliceOptions::default() };
        let slicer = BuildSlicer::new(&placed, &planes, &options).unwrap();
        let bytes = write("3mf", &slicer, &FormatOptions::default()).unwrap();
        let limits = toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits;
        let members = ZipMembers::open(&bytes, &limits).unwrap();
        let parts = members.names().iter().filter(|name| name.starts_with("2D/")).count();
        assert!(parts > 2, "{parts}");
        let stacks = read_3mf_slices(&bytes, &limits).unwrap();
        assert_eq!(stacks[0].slices.len(), 20);
        for (slice, i) in stacks[0].slices.iter().zip(1..) {
            assert!((slice.top_mm - 0.05 * f64::from(i)).abs() < 1e-9);
            let area = slicer.layer(i - 1).facts.area_mm2;
            let read: f64 = slice.polygons.iter().map(|p| ring_area(p)).sum();
            assert!((read - area).abs() < 1e-6, "{read} {area}");
        }
    }

    #[test]
    fn steps_and_pitch_agree() {
        assert!((STEPS_PER_MM * GRID_MM - 1.0).abs() < 1e-15);
    }

    #[test]
    fn slices_and_meshes_come_back_in_place() {
        let uuid = derive_uuid("x");
        let label = PartLabel { label: "A/0/1".to_owned(), uuid: Some(uuid) };
        let options =
            FormatOptions { name: "b".to_owned(), parts: vec![label], ..FormatOptions::default() };
        let slicer = slicer();
        let bytes = write("3mf", &slicer, &options).unwrap();
        assert_eq!(bytes, write("3mf", &slicer, &options).unwrap());
        let limits = toml::from_str::<Config>(DEFAULT_TOML).unwrap().limits;
        let items = read_3mf_items(&bytes, &limits).unwrap();
        let stacks = read_3mf_slices(&bytes, &limits).unwrap();
        let stack = slicer.stack();
        assert_eq!((items.len(), stacks.len(), stack.bodies.len()), (4, 3, 3));
        assert_eq!(items[0].uuid.as_deref(), Some(uuid.to_string().as_str()));
        assert_eq!(items[0].part_number.as_deref(), Some("A/0/1"));
        assert_eq!(items[3].part_number.as_deref(), Some("part 4"));
        for ((item, placed), part) in items.iter().zip(placed()).zip(&stack.parts) {
            let Shape::Mesh { mesh, .. } = &placed.shape else { panic!("it is a mesh") };
            assert_eq!(item.object, part.body as usize);
            let moved = item.mesh.posed(&item.pose);
            for (read, v) in moved.vertices.iter().zip(&mesh.posed(&placed.pose).vertices) {
                // Half a step of the grid of contours in the plane, a nanometre in height.
                let reach = [0.5 * GRID_MM + 1e-9, 0.5 * GRID_MM + 1e-9, 1e-6];
                for (k, reach) in reach.into_iter().enumerate() {
                    assert!((read[k] - v[k]).abs() <= reach, "{read} {v}");
                }
            }
        }
        for layer in layers(&slicer) {
            let mut area = 0.0;
            for (item, part) in items.iter().zip(&stack.parts) {
                let slices = &stacks[part.body as usize].slices;
                assert_eq!(stacks[part.body as usize].bottom_mm, 0.0);
                let Some(own) = layer.index.checked_sub(part.first_layer) else { continue };
                let Some(slice) = slices.get(own as usize) else { continue };
                let top = item.pose.translation[2] + slice.top_mm;
                assert!((top - layer.top_mm).abs() < 1e-9, "{top} {}", layer.top_mm);
                area += slice.polygons.iter().map(|p| ring_area(p)).sum::<f64>();
            }
            assert!((area - layer.facts.area_mm2).abs() < 1e-9, "{area} {layer:?}");
        }
    }
}
