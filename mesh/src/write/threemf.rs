//! 3MF: core specification with the production extension, the same bytes every time.

use std::io::Write;

use platewright_model::geometry::Pose;

use super::mesh_xml::put_mesh;
use super::number::put_number;
use super::package::{HEAD, escaped, members, zipped};
use crate::format::threemf::{CORE, PRODUCTION};
use crate::{MeshError, TriMesh};

/// Name space of metadata that the core specification does not name.
pub(super) const OURS: &str = "urn:platewright:metadata";
/// Names of metadata in the core specification.
const WELL_KNOWN: [&str; 9] = [
    "Title",
    "Designer",
    "Description",
    "Copyright",
    "LicenseTerms",
    "Rating",
    "CreationDate",
    "ModificationDate",
    "Application",
];

/// A build to be written as 3MF.
#[derive(Clone, Debug)]
pub struct ThreeMfBuild<'a> {
    /// UUID of the build.
    pub uuid: String,
    /// Meshes, each written once.
    pub objects: Vec<ThreeMfObject<'a>>,
    /// What stands where.
    pub items: Vec<ThreeMfItem>,
    /// Names and values. Names that the core specification does not know are written in a name
    /// space of our own.
    pub metadata: Vec<(String, String)>,
}

/// A mesh of a build.
#[derive(Clone, Debug)]
pub struct ThreeMfObject<'a> {
    /// Name for people.
    pub name: String,
    /// The mesh, mm.
    pub mesh: &'a TriMesh,
    /// UUID of the object.
    pub uuid: String,
}

/// A printed copy in a build.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreeMfItem {
    /// Index into [`ThreeMfBuild::objects`].
    pub object: usize,
    /// From the object's frame to the build's frame.
    pub pose: Pose,
    /// UUID of the item.
    pub uuid: String,
    /// Part number.
    pub part_number: String,
}

/// The bytes of a 3MF package: fixed times, members in a fixed order, deflated.
///
/// # Errors
/// E2040: an item of an object that is not there, a name that is no UUID, a coordinate that is
/// no number, an object without triangles.
pub fn write_3mf(build: &ThreeMfBuild<'_>) -> Result<Vec<u8>, MeshError> {
    zipped(&three_mf_members(build)?)
}

/// The members of the 3MF package of a build with their content: content types, relationships
/// and the model part.
///
/// # Errors
/// As [`write_3mf`].
pub fn three_mf_members(build: &ThreeMfBuild<'_>) -> Result<Vec<(String, Vec<u8>)>, MeshError> {
    let model = model_xml(build).map_err(|text| MeshError::Write { what: "3MF", text })?;
    Ok(members(model))
}

fn model_xml(build: &ThreeMfBuild<'_>) -> Result<Vec<u8>, String> {
    let mut xml = Vec::with_capacity(4096);
    // Writing to a vector cannot fail; the macro keeps the calls below short.
    macro_rules! put {
        ($($text:tt)*) => { write!(xml, $($text)*).expect("a vector takes all") };
    }
    put!("{HEAD}<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\" ");
    put!("xmlns:p=\"{PRODUCTION}\" xmlns:pw=\"{OURS}\" requiredextensions=\"p\">\n");
    put_metadata(&mut xml, &build.metadata);
    put!("<resources>\n");
    for (i, object) in build.objects.iter().enumerate() {
        put_object(&mut xml, i + 1, object)?;
    }
    put!("</resources>\n<build p:UUID=\"{}\">\n", checked_uuid(&build.uuid)?);
    for item in &build.items {
        if item.object >= build.objects.len() {
            return Err(format!("item {} is of object {}", item.uuid, item.object));
        }
        let (r, t) = (&item.pose.rotation, &item.pose.translation);
        put!("<item objectid=\"{}\" transform=\"", item.object + 1);
        // 3MF multiplies rows by the matrix: columns of ours come first, the shift last.
        for k in 0..3 {
            for row in r {
                put_number(&mut xml, row[k])?;
                xml.push(b' ');
            }
        }
        for (k, &x) in t.iter().enumerate() {
            put_number(&mut xml, x)?;
            xml.push(if k < 2 { b' ' } else { b'"' });
        }
        let uuid = checked_uuid(&item.uuid)?;
        let part_number = escaped(&item.part_number);
        put!(" partnumber=\"{part_number}\" p:UUID=\"{uuid}\"/>\n");
    }
    put!("</build>\n</model>\n");
    Ok(xml)
}

/// Appends metadata; names that the core specification does not know get our name space.
pub(super) fn put_metadata(xml: &mut Vec<u8>, metadata: &[(String, String)]) {
    for (name, value) in metadata {
        let prefix = if WELL_KNOWN.contains(&name.as_str()) { "" } else { "pw:" };
        let (name, value) = (escaped(name), escaped(value));
        let line = format!("<metadata name=\"{prefix}{name}\">{value}</metadata>\n");
        xml.extend_from_slice(line.as_bytes());
    }
}

fn put_object(xml: &mut Vec<u8>, id: usize, object: &ThreeMfObject<'_>) -> Result<(), String> {
    let name = escaped(&object.name);
    if object.mesh.triangles.is_empty() {
        return Err(format!("object {name} has no triangle"));
    }
    let uuid = checked_uuid(&object.uuid)?;
    write!(xml, "<object id=\"{id}\" type=\"model\" name=\"{name}\" p:UUID=\"{uuid}\">")
        .expect("a vector takes all");
    put_mesh(xml, object.mesh, 0, |_| None)?;
    xml.extend_from_slice(b"</object>\n");
    Ok(())
}

pub(super) fn checked_uuid(uuid: &str) -> Result<&str, String> {
    let groups: Vec<&str> = uuid.split('-').collect();
    let lengths = groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12]);
    if lengths && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit())) {
        Ok(uuid)
    } else {
        Err(format!("{uuid:?} is not a UUID"))
    }
}

#[cfg(test)]
mod tests;
