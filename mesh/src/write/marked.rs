//! 3MF with faults in colour.

use std::io::Write;

use super::mesh_xml::put_mesh;
use super::package::{HEAD, escaped, members, zipped};
use crate::format::threemf::CORE;
use crate::{MeshError, TriMesh};

/// Colour of triangles without a mark.
const PLAIN: [u8; 3] = [200, 200, 200];
/// Id of the group of colours.
const GROUP: u32 = 1;
/// Id of the object.
const OBJECT: u32 = 2;

/// Triangles to be shown in a colour.
#[derive(Clone, Debug)]
pub struct Mark<'a> {
    /// What they have in common, such as the name of a fault.
    pub name: &'a str,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// Numbers of the triangles; those that the mesh does not have are left out.
    pub triangles: &'a [u32],
}

/// The bytes of a 3MF of one mesh whose marked triangles carry the colour of their mark.
///
/// Marks are materials of the core specification with their name and colour, so that every program
/// shows them; a triangle of several marks carries the first. The same bytes every time.
///
/// # Errors
/// E2040: a coordinate that is no number, a mesh without triangles.
pub fn write_marked_3mf(mesh: &TriMesh, marks: &[Mark<'_>]) -> Result<Vec<u8>, MeshError> {
    let model = model(mesh, marks).map_err(|text| MeshError::Write { what: "3MF", text })?;
    zipped(&members(model))
}

fn model(mesh: &TriMesh, marks: &[Mark<'_>]) -> Result<Vec<u8>, String> {
    if mesh.triangles.is_empty() {
        return Err("the mesh has no triangle".to_owned());
    }
    // 0 for none, then the marks from 1 on, as in the group.
    let mut mark_of = vec![0; mesh.triangles.len()];
    for (number, mark) in (1..).zip(marks) {
        for &t in mark.triangles {
            if let Some(of) = mark_of.get_mut(t as usize).filter(|of| **of == 0) {
                *of = number;
            }
        }
    }
    let mut xml = Vec::with_capacity(4096);
    macro_rules! put {
        ($($text:tt)*) => { write!(xml, $($text)*).expect("a vector takes all") };
    }
    put!("{HEAD}<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\">\n<resources>\n");
    put!("<basematerials id=\"{GROUP}\">\n");
    let plain = [("no fault", PLAIN)];
    for (name, [r, g, b]) in plain.into_iter().chain(marks.iter().map(|m| (m.name, m.colour))) {
        let name = escaped(name);
        put!("<base name=\"{name}\" displaycolor=\"#{r:02X}{g:02X}{b:02X}\"/>\n");
    }
    put!("</basematerials>\n<object id=\"{OBJECT}\" type=\"model\" pid=\"{GROUP}\" pindex=\"0\">");
    put_mesh(&mut xml, mesh, GROUP, |t| Some(mark_of[t]).filter(|mark| *mark > 0))?;
    put!("</object>\n</resources>\n<build><item objectid=\"{OBJECT}\"/></build>\n</model>\n");
    Ok(xml)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{LIMITS, cuboid};
    use crate::{ZipMembers, read_model};

    #[test]
    fn marked_triangles_carry_the_colour_of_their_first_mark() {
        let mesh = cuboid([0.0; 3], [1.0 / 3.0, 2.0, 3.0]);
        let marks = [
            Mark { name: "holes & <gaps>", colour: [255, 0, 16], triangles: &[3, 1, 999] },
            Mark { name: "flipped", colour: [0, 200, 0], triangles: &[1, 2] },
            Mark { name: "none", colour: [0, 0, 1], triangles: &[] },
        ];
        let bytes = write_marked_3mf(&mesh, &marks).unwrap();
        assert_eq!(bytes, write_marked_3mf(&mesh, &marks).unwrap());
        let read = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap();
        assert_eq!(read.mesh.volume(), mesh.volume());
        assert!(read.faults.iter().all(|f| f.text.contains("names materials")));
        let model = ZipMembers::open(&bytes, &LIMITS).unwrap().read("3D/3dmodel.model").unwrap();
        let xml = String::from_utf8(model).unwrap();
        assert!(xml.contains("name=\"holes &amp; &lt;gaps&gt;\" displaycolor=\"#FF0010\""));
        let coloured: Vec<(usize, &str)> = xml
            .lines()
            .filter(|line| line.starts_with("<triangle "))
            .enumerate()
            .filter_map(|(t, line)| Some((t, line.split_once(" pid=\"1\" p1=\"")?.1)))
            .collect();
        assert_eq!(coloured, [(1, "1\"/>"), (2, "2\"/>"), (3, "1\"/>")]);
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        let mut mesh = cuboid([0.0; 3], [1.0; 3]);
        mesh.vertices[0].x = f64::NAN;
        for mesh in [mesh, TriMesh::default()] {
            let text = write_marked_3mf(&mesh, &[]).unwrap_err().to_string();
            assert!(text.starts_with("E2040"), "{text}");
        }
    }
}
