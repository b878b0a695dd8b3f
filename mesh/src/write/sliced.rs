//! 3MF with the slice extension (ISO/IEC 25422, slice 1.0.2), written piece by piece: slices in
//! parts of their own under `/2D`, then the meshes and the build; nothing is held that was
//! written.

use std::io::{Seek, Write};

use platewright_model::geometry::Pose;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::mesh_xml::{
    AFTER_TRIANGLES, BEFORE_TRIANGLES, BEFORE_VERTICES, put_triangles, put_vertices,
};
use super::number::{put_index, put_number};
use super::package::{HEAD, escaped, member_options, members, relationships};
use super::threemf::{checked_uuid, put_metadata};
use crate::format::threemf::{CORE, PRODUCTION, SLICE};
use crate::{MeshError, ThreeMfItem, TriMesh};

/// Vertices or triangles that are turned into text at once.
const CHUNK: usize = 1 << 14;
/// The root model part; relationships go out from it.
const ROOT: &str = "3D/3dmodel.model";

/// A 3MF with slices that is being written.
#[derive(Debug)]
pub struct SlicedThreeMf<W: Write + Seek> {
    zip: ZipWriter<W>,
    /// Of each object the parts that hold slices of it, in order.
    runs: Vec<Vec<u32>>,
    /// Number of parts with slices.
    parts: u32,
}

/// The next slices of an object.
#[derive(Clone, Copy, Debug)]
pub struct SliceRun<'a> {
    /// Index into [`SlicedBuild::objects`].
    pub object: usize,
    /// Where the first of them begins, in the frame of the object, mm.
    pub bottom_mm: f64,
    /// The slices, as [`put_slice`] writes them.
    pub slices: &'a [u8],
}

/// The build of a 3MF with slices.
#[derive(Clone, Debug)]
pub struct SlicedBuild<'a> {
    /// UUID of the build.
    pub uuid: String,
    /// Meshes, each written once, with the slices that were put for them.
    pub objects: Vec<SlicedObject<'a>>,
    /// What stands where; moved only, never turned.
    pub items: Vec<ThreeMfItem>,
    /// Names and values, as in [`crate::ThreeMfBuild`].
    pub metadata: Vec<(String, String)>,
}

/// A mesh with slices.
#[derive(Clone, Debug)]
pub struct SlicedObject<'a> {
    /// Name for people.
    pub name: String,
    /// The mesh in its own frame, mm.
    pub mesh: &'a TriMesh,
    /// From the mesh's frame to that of the slices.
    pub pose: Pose,
    /// UUID of the object.
    pub uuid: String,
}

/// Appends a slice: its top, mm, and its closed polygons, mm. A ring without area is left out;
/// a slice without polygons is empty, which the stack of an object may not leave out.
///
/// # Errors
/// E2040: a coordinate is no finite number.
pub fn put_slice<R: Iterator<Item = [f64; 2]>>(
    xml: &mut Vec<u8>,
    top_mm: f64,
    rings: impl Iterator<Item = R>,
) -> Result<(), MeshError> {
    let failed = |text| MeshError::Write { what: "3MF", text };
    let mut polygons = Vec::new();
    let (mut count, mut ring) = (0, Vec::new());
    xml.extend_from_slice(b"<s:slice ztop=\"");
    put_number(xml, top_mm).map_err(failed)?;
    for points in rings {
        ring.clear();
        ring.extend(points);
        // A point twice in a row would be a segment from a place to itself.
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            continue;
        }
        xml.extend_from_slice(if count == 0 { b"\">\n<s:vertices>\n" } else { b"" });
        for [x, y] in &ring {
            xml.extend_from_slice(b"<s:vertex x=\"");
            put_number(xml, *x).map_err(failed)?;
            xml.extend_from_slice(b"\" y=\"");
            put_number(xml, *y).map_err(failed)?;
            xml.extend_from_slice(b"\"/>\n");
        }
        polygons.extend_from_slice(b"<s:polygon startv=\"");
        put_index(&mut polygons, count);
        polygons.extend_from_slice(b"\">\n");
        let n = ring.len() as u32;
        for k in 1..=n {
            polygons.extend_from_slice(b"<s:segment v2=\"");
            put_index(&mut polygons, count + k % n);
            polygons.extend_from_slice(b"\"/>\n");
        }
        polygons.extend_from_slice(b"</s:polygon>\n");
        count += n;
    }
    if count == 0 {
        xml.extend_from_slice(b"\"/>\n");
    } else {
        xml.extend_from_slice(b"</s:vertices>\n");
        xml.extend_from_slice(&polygons);
        xml.extend_from_slice(b"</s:slice>\n");
    }
    Ok(())
}

impl<W: Write + Seek> SlicedThreeMf<W> {
    /// Begins a package.
    ///
    /// # Errors
    /// E2040: it cannot be written.
    pub fn new(out: W) -> Result<Self, MeshError> {
        let mut package = Self { zip: ZipWriter::new(out), runs: Vec::new(), parts: 0 };
        for (name, content) in members(Vec::new()).iter().filter(|(name, _)| name != ROOT) {
            package.begin(name, 0)?;
            package.put(content)?;
        }
        Ok(package)
    }

    /// Writes a part with the next slices of some objects, at most one run of each.
    ///
    /// # Errors
    /// E2040: it cannot be written.
    pub fn put_slices(&mut self, runs: &[SliceRun<'_>]) -> Result<(), MeshError> {
        self.parts += 1;
        let name = slice_part(self.parts);
        let bytes: usize = runs.iter().map(|run| run.slices.len() + 80).sum();
        self.begin(&name, bytes as u64)?;
        self.put(format!(
            "{HEAD}<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\" \
             xmlns:s=\"{SLICE}\">\n<resources>\n"
        ))?;
        for run in runs {
            let mut head = format!("<s:slicestack id=\"{}\" zbottom=\"", run.object + 1).into();
            put_number(&mut head, run.bottom_mm).map_err(failed)?;
            head.extend_from_slice(b"\">\n");
            self.put(head)?;
            self.put(run.slices)?;
            self.put("</s:slicestack>\n")?;
            if self.runs.len() <= run.object {
                self.runs.resize(run.object + 1, Vec::new());
            }
            self.runs[run.object].push(self.parts);
        }
        self.put("</resources>\n<build/>\n</model>\n")
    }

    /// Writes the meshes and the build, and ends the package.
    ///
    /// # Errors
    /// E2040: an item of an object that is not there or that is turned, a name that is no UUID,
    /// a coordinate that is no number, an object without triangles; it cannot be written.
    pub fn finish(mut self, build: &SlicedBuild<'_>) -> Result<W, MeshError> {
        // At most 25 digits a coordinate and 10 an index.
        let bytes =
            |o: &SlicedObject<'_>| 110 * o.mesh.vertices.len() + 60 * o.mesh.triangles.len();
        self.begin(ROOT, build.objects.iter().map(bytes).sum::<usize>() as u64)?;
        let mut xml = format!(
            "{HEAD}<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\" \
             xmlns:p=\"{PRODUCTION}\" xmlns:s=\"{SLICE}\" xmlns:pw=\"{}\" \
             requiredextensions=\"p\">\n",
            super::threemf::OURS
        )
        .into_bytes();
        put_metadata(&mut xml, &build.metadata);
        xml.extend_from_slice(b"<resources>\n");
        self.put(xml)?;
        for (k, object) in build.objects.iter().enumerate() {
            self.put_object(k, object)?;
        }
        self.put(build_xml(build).map_err(failed)?)?;
        self.put("</model>\n")?;
        let targets = (1..=self.parts).map(|part| format!("/{}", slice_part(part)));
        let relations = relationships(targets);
        self.begin("3D/_rels/3dmodel.model.rels", 0)?;
        self.put(relations)?;
        self.zip.finish().map_err(|e| failed(e.to_string()))
    }

    fn put_object(&mut self, k: usize, object: &SlicedObject<'_>) -> Result<(), MeshError> {
        let name = escaped(&object.name);
        if object.mesh.triangles.is_empty() {
            return Err(failed(format!("object {name} has no triangle")));
        }
        let (stack, id) = (2 * k + 1, 2 * k + 2);
        let mut xml = Vec::new();
        // A vector takes all.
        let mut add = |text: String| xml.extend_from_slice(text.as_bytes());
        let runs = self.runs.get(k).map(Vec::as_slice).unwrap_or_default();
        let mut attribute = String::new();
        if !runs.is_empty() {
            attribute = format!(" s:slicestackid=\"{stack}\"");
            add(format!("<s:slicestack id=\"{stack}\" zbottom=\"0\">\n"));
            for &part in runs {
                let path = slice_part(part);
                add(format!("<s:sliceref slicestackid=\"{}\" slicepath=\"/{path}\"/>\n", k + 1));
            }
            add("</s:slicestack>\n".to_owned());
        }
        let uuid = checked_uuid(&object.uuid).map_err(failed)?;
        add(format!(
            "<object id=\"{id}\" type=\"model\" name=\"{name}\"{attribute} p:UUID=\"{uuid}\">"
        ));
        xml.extend_from_slice(BEFORE_VERTICES);
        for vertices in object.mesh.vertices.chunks(CHUNK) {
            // Adding zero turns -0 into 0.
            let placed = vertices.iter().map(|v| object.pose.apply([v.x, v.y, v.z]));
            put_vertices(&mut xml, placed.map(|v| v.map(|x| x + 0.0))).map_err(failed)?;
            self.put(&xml)?;
            xml.clear();
        }
        xml.extend_from_slice(BEFORE_TRIANGLES);
        for triangles in object.mesh.triangles.chunks(CHUNK) {
            put_triangles(&mut xml, triangles, 0, |_| None);
            self.put(&xml)?;
            xml.clear();
        }
        self.put(AFTER_TRIANGLES)?;
        self.put("</object>\n")
    }

    fn begin(&mut self, name: &str, bytes: u64) -> Result<(), MeshError> {
        let options: SimpleFileOptions =
            member_options().large_file(bytes >= u64::from(u32::MAX) / 2);
        self.zip.start_file(name, options).map_err(|e| failed(e.to_string()))
    }

    fn put(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), MeshError> {
        self.zip.write_all(bytes.as_ref()).map_err(|e| failed(e.to_string()))
    }
}

/// The end of the resources, and the build. A sliced object may not be tilted, and the numbers
/// that say so are literally 0 and 1.
fn build_xml(build: &SlicedBuild<'_>) -> Result<Vec<u8>, String> {
    let uuid = checked_uuid(&build.uuid)?;
    let mut xml = format!("</resources>\n<build p:UUID=\"{uuid}\">\n").into_bytes();
    for item in &build.items {
        if item.object >= build.objects.len() {
            return Err(format!("item {} is of object {}", item.uuid, item.object));
        }
        if item.pose.rotation != Pose::IDENTITY.rotation {
            return Err(format!("item {} is turned; turn its object instead", item.uuid));
        }
        let head =
            format!("<item objectid=\"{}\" transform=\"1 0 0 0 1 0 0 0 1", 2 * item.object + 2);
        xml.extend_from_slice(head.as_bytes());
        for x in item.pose.translation {
            xml.push(b' ');
            put_number(&mut xml, x + 0.0)?;
        }
        let (number, uuid) = (escaped(&item.part_number), checked_uuid(&item.uuid)?);
        let tail = format!("\" partnumber=\"{number}\" p:UUID=\"{uuid}\"/>\n");
        xml.extend_from_slice(tail.as_bytes());
    }
    xml.extend_from_slice(b"</build>\n");
    Ok(xml)
}

fn slice_part(number: u32) -> String {
    format!("2D/slices{number}.model")
}

fn failed(text: String) -> MeshError {
    MeshError::Write { what: "3MF", text }
}

#[cfg(test)]
mod tests;
