//! 3MF: core specification with the production extension, the same bytes every time.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use platewright_model::geometry::Pose;
use zip::write::SimpleFileOptions;

use crate::format::threemf::{CORE, MODEL_TYPE, PRODUCTION};
use crate::{MeshError, TriMesh};

/// Name space of metadata that the core specification does not name.
const OURS: &str = "urn:platewright:metadata";
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
    let failed = |text: String| MeshError::Write { what: "3MF", text };
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .system(zip::System::Unix);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in three_mf_members(build)? {
        archive.start_file(name, options).map_err(|e| failed(e.to_string()))?;
        archive.write_all(&content).map_err(|e| failed(e.to_string()))?;
    }
    Ok(archive.finish().map_err(|e| failed(e.to_string()))?.into_inner())
}

/// The members of the 3MF package of a build with their content: content types, relationships
/// and the model part.
///
/// # Errors
/// As [`write_3mf`].
pub fn three_mf_members(build: &ThreeMfBuild<'_>) -> Result<Vec<(String, Vec<u8>)>, MeshError> {
    let types = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"model\" \
         ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/></Types>\n"
    );
    let relations = format!(
        "{HEAD}<Relationships \
         xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Target=\"/3D/3dmodel.model\" Id=\"rel0\" Type=\"{MODEL_TYPE}\"/>\
         </Relationships>\n"
    );
    let model = model_xml(build).map_err(|text| MeshError::Write { what: "3MF", text })?;
    Ok(vec![
        ("[Content_Types].xml".to_owned(), types.into_bytes()),
        ("_rels/.rels".to_owned(), relations.into_bytes()),
        ("3D/3dmodel.model".to_owned(), model.into_bytes()),
    ])
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn model_xml(build: &ThreeMfBuild<'_>) -> Result<String, String> {
    let triangles: usize = build.objects.iter().map(|o| o.mesh.triangles.len()).sum();
    let mut xml = String::with_capacity(4096 + 80 * triangles);
    xml.push_str(HEAD);
    // Writing to a string cannot fail; the macro keeps the calls below short.
    macro_rules! put {
        ($($text:tt)*) => { write!(xml, $($text)*).expect("a string takes all") };
    }
    put!("<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\" ");
    put!("xmlns:p=\"{PRODUCTION}\" xmlns:pw=\"{OURS}\" requiredextensions=\"p\">\n");
    for (name, value) in &build.metadata {
        let prefix = if WELL_KNOWN.contains(&name.as_str()) { "" } else { "pw:" };
        put!("<metadata name=\"{prefix}{}\">{}</metadata>\n", escaped(name), escaped(value));
    }
    xml.push_str("<resources>\n");
    for (i, object) in build.objects.iter().enumerate() {
        put_object(&mut xml, i + 1, object)?;
    }
    let uuid = checked_uuid(&build.uuid)?;
    write!(xml, "</resources>\n<build p:UUID=\"{uuid}\">\n").expect("a string takes all");
    for item in &build.items {
        if item.object >= build.objects.len() {
            return Err(format!("item {} is of object {}", item.uuid, item.object));
        }
        let (r, t) = (&item.pose.rotation, &item.pose.translation);
        write!(xml, "<item objectid=\"{}\" transform=\"", item.object + 1)
            .expect("a string takes all");
        // 3MF multiplies rows by the matrix: columns of ours come first, the shift last.
        for k in 0..3 {
            for row in r {
                put_number(&mut xml, row[k])?;
                xml.push(' ');
            }
        }
        for (k, &x) in t.iter().enumerate() {
            put_number(&mut xml, x)?;
            xml.push_str(if k < 2 { " " } else { "\"" });
        }
        let uuid = checked_uuid(&item.uuid)?;
        let part_number = escaped(&item.part_number);
        writeln!(xml, " partnumber=\"{part_number}\" p:UUID=\"{uuid}\"/>")
            .expect("a string takes all");
    }
    xml.push_str("</build>\n</model>\n");
    Ok(xml)
}

fn put_object(xml: &mut String, id: usize, object: &ThreeMfObject<'_>) -> Result<(), String> {
    let name = escaped(&object.name);
    if object.mesh.triangles.is_empty() {
        return Err(format!("object {name} has no triangle"));
    }
    let uuid = checked_uuid(&object.uuid)?;
    write!(xml, "<object id=\"{id}\" type=\"model\" name=\"{name}\" p:UUID=\"{uuid}\">")
        .expect("a string takes all");
    xml.push_str("<mesh>\n<vertices>\n");
    for v in &object.mesh.vertices {
        for (head, x) in ["<vertex x=\"", "\" y=\"", "\" z=\""].iter().zip(v.iter()) {
            xml.push_str(head);
            put_number(xml, *x)?;
        }
        xml.push_str("\"/>\n");
    }
    xml.push_str("</vertices>\n<triangles>\n");
    for [a, b, c] in &object.mesh.triangles {
        writeln!(xml, "<triangle v1=\"{a}\" v2=\"{b}\" v3=\"{c}\"/>").expect("a string takes all");
    }
    xml.push_str("</triangles>\n</mesh></object>\n");
    Ok(())
}

/// The shortest text that reads back as the same number.
fn put_number(xml: &mut String, x: f64) -> Result<(), String> {
    if !x.is_finite() {
        return Err(format!("a coordinate is {x}"));
    }
    write!(xml, "{x}").expect("a string takes all");
    Ok(())
}

fn checked_uuid(uuid: &str) -> Result<&str, String> {
    let groups: Vec<&str> = uuid.split('-').collect();
    let lengths = groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12]);
    if lengths && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit())) {
        Ok(uuid)
    } else {
        Err(format!("{uuid:?} is not a UUID"))
    }
}

/// Text for an attribute or an element; what XML cannot hold becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                write!(out, "&#{};", u32::from(c)).expect("a string takes all");
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
