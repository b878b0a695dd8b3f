//! Tests of reading 3MF: components, transforms, parts, and every way a file can be bad.

mod conformance;
mod layouts;
mod robust;
mod rules;

use platewright_model::measure::LengthUnit;

use super::SLICE;
use super::names::MATERIAL;
use super::*;
use crate::fixtures::{LIMITS, Member, data, files_below, zip_of};
use crate::{inspect, load_part, read_model};

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/\
    relationships\"><Relationship Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/\
    3dmodel\" Target=\"/3D/3dmodel.model\" Id=\"r\"/></Relationships>";
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"\
    ><Default Extension=\"model\" ContentType=\"application/vnd.ms-package.3dmanufacturing-\
    3dmodel+xml\"/></Types>";
const TETRAHEDRON: &str = "<mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" \
    y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" z=\"0\"/><vertex x=\"0\" y=\"0\" z=\"1\"/></vertices>\
    <triangles><triangle v1=\"0\" v2=\"2\" v3=\"1\"/><triangle v1=\"0\" v2=\"1\" v3=\"3\"/>\
    <triangle v1=\"0\" v2=\"3\" v3=\"2\"/><triangle v1=\"1\" v2=\"2\" v3=\"3\"/></triangles>\
    </mesh>";

const BEAMS: &str = "http://schemas.microsoft.com/3dmanufacturing/beamlattice/2017/02";

fn model(attributes: &str, resources: &str, build: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<model xmlns=\"{CORE}\" xmlns:p=\"{PRODUCTION}\" \
         xmlns:b=\"{BEAMS}\" xmlns:m=\"{MATERIAL}\" xmlns:s=\"{SLICE}\" \
         {attributes}>\n<resources>{resources}</resources>\n\
         <build>{build}</build></model>"
    )
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut members = vec![
        Member { name: "[Content_Types].xml", content: TYPES.as_bytes() },
        Member { name: "_rels/.rels", content: RELATIONS.as_bytes() },
    ];
    members.extend(parts.iter().map(|(name, xml)| Member { name, content: xml.as_bytes() }));
    zip_of(&members).0
}

fn one(xml: &str) -> Vec<u8> {
    package(&[("3D/3dmodel.model", xml)])
}

fn read_one(xml: &str) -> Result<crate::ReadModel, MeshError> {
    read_model(&one(xml), "a.3mf", None, &LIMITS)
}

fn message(xml: &str) -> String {
    read_one(xml).unwrap_err().to_string()
}

fn object(id: u32, content: &str) -> String {
    format!("<object id=\"{id}\" type=\"model\">{content}</object>")
}

#[test]
fn units_items_and_transforms() {
    let solid = object(1, TETRAHEDRON);
    let items =
        "<item objectid=\"1\"/><item objectid=\"1\" transform=\"2 0 0 0 2 0 0 0 2 5 0 0\"/>";
    let found = read_one(&model("unit=\"inch\"", &solid, items)).unwrap();
    assert_eq!(found.unit, LengthUnit::Inch);
    let inch = 25.4_f64;
    assert!((found.mesh.volume() - 9.0 / 6.0 * inch.powi(3)).abs() < 1e-6);
    assert!((found.mesh.bounds().unwrap().max[0] - 7.0 * inch).abs() < 1e-9);
    assert_eq!(inspect(&found.mesh).facts.shells, 2);
    assert_eq!(read_one(&model("", &solid, items)).unwrap().unit, LengthUnit::Mm);
    assert!(message(&model("unit=\"parsec\"", &solid, items)).contains("parsec"));
}

#[test]
fn mirror_keeps_the_outside_outside() {
    let mirrored = "<item objectid=\"1\" transform=\"-1 0 0 0 1 0 0 0 1 0 0 0\"/>";
    let found = read_one(&model("", &object(1, TETRAHEDRON), mirrored)).unwrap();
    assert!((found.mesh.volume() - 1.0 / 6.0).abs() < 1e-12);
    // No rigid motion: the mesh is moved, the pose is not.
    let bytes = one(&model("", &object(1, TETRAHEDRON), mirrored));
    let items = read_3mf_items(&bytes, &LIMITS).unwrap();
    assert_eq!(items[0].pose, Pose::IDENTITY);
    assert!((items[0].mesh.bounds().unwrap().min[0] + 1.0).abs() < 1e-12);
}

#[test]
fn components_are_put_together_through_parts() {
    let far = model("", &object(7, TETRAHEDRON), "");
    let resources = [
        object(1, TETRAHEDRON),
        object(
            2,
            "<components><component objectid=\"1\" transform=\"0 1 0 -1 0 0 0 0 1 10 0 0\"/>\
             <component objectid=\"7\" p:path=\"/3D/Parts/far.model\" \
             transform=\"1 0 0 0 1 0 0 0 1 0 0 5\"/></components>",
        ),
    ]
    .concat();
    let build = "<item objectid=\"2\" transform=\"1 0 0 0 1 0 0 0 1 100 0 0\"/>";
    let root = model("requiredextensions=\"p\"", &resources, build);
    let bytes = package(&[("3D/3dmodel.model", &root), ("3D/Parts/far.model", &far)]);
    let mesh = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap().mesh;
    let bounds = mesh.bounds().unwrap();
    assert!((mesh.volume() - 2.0 / 6.0).abs() < 1e-12);
    // The first tetrahedron lies at x 109 to 110, the second at z 5 to 6.
    assert_eq!((bounds.min, bounds.max), ([100.0, 0.0, 0.0], [110.0, 1.0, 6.0]));
}

#[test]
fn parts_in_another_unit_are_told() {
    let far = model("unit=\"inch\"", &object(7, TETRAHEDRON), "");
    let root = model("", "", "<item objectid=\"7\" p:path=\"/3D/far.model\"/>");
    let bytes = package(&[("3D/3dmodel.model", &root), ("3D/far.model", &far)]);
    let read = read_model(&bytes, "a.3mf", None, &LIMITS).unwrap();
    assert_eq!(read.unit, LengthUnit::Mm);
    assert!(read.faults[0].text.contains("another unit"), "{:?}", read.faults);
}

#[test]
fn bad_packages_are_named() {
    let bad = |from: &str, to: &str| {
        let good = model("", &object(1, TETRAHEDRON), "<item objectid=\"1\"/>");
        assert!(good.contains(from));
        message(&good.replacen(from, to, 1))
    };
    assert!(bad("v3=\"1\"", "v3=\"4\"").contains("line 3: vertex 4 is out of range"));
    assert!(bad("v3=\"1\"", "v3=\"-1\"").contains("no number"));
    assert!(bad("x=\"0\"", "x=\"nan\"").contains("E2009"));
    assert!(bad("x=\"0\"", "x=\"1e400\"").contains("E2009"));
    assert!(bad("x=\"0\"", "x=\"1e5\"").contains("E2010"));
    assert!(bad("x=\"0\"", "").contains("attribute x is missing"));
    assert!(bad("<item objectid=\"1\"/>", "<item objectid=\"3\"/>").contains("not there"));
    assert!(bad("<item objectid=\"1\"/>", "").contains("E2012"));
    assert!(bad("<object id=\"1\"", "<object id=\"0\"").contains("id=\"0\" is no id"));
    assert!(bad("</build></model>", "").contains("cut off"));
    assert!(bad("<build>", "<!-- ").starts_with("E2030"));
    assert!(bad("<resources>", "<vertices>").starts_with("E2030"));
    assert!(bad("<?xml version=\"1.0\"?>", "<!DOCTYPE x [<!ENTITY a \"b\">]>").contains("DTD"));
    assert!(bad("xmlns:b", "requiredextensions=\"q\" xmlns:q=\"urn:q\" xmlns:b").contains("E2031"));
    let flat = "objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 0 0 0 0\"";
    assert!(bad("objectid=\"1\"", flat).contains("flat"));
    assert!(bad("objectid=\"1\"", "objectid=\"1\" transform=\"1 0 0\"").contains("12 numbers"));
    let far = "objectid=\"1\" p:path=\"/3D/x.model\"";
    assert!(bad("objectid=\"1\"", far).contains("E2023"));
}

#[test]
fn missing_members_are_named() {
    let read = |bytes: &[u8]| read_model(bytes, "a.3mf", None, &LIMITS).unwrap_err().to_string();
    assert!(read(&package(&[])).contains("3dmodel.model"));
    let (nothing, _) = zip_of(&[]);
    assert!(read(&nothing).contains("_rels/.rels"));
    let other = Member { name: "_rels/.rels", content: b"<Relationships/>" };
    assert!(read(&zip_of(&[other]).0).contains("names no 3D model part"));
    assert!(read(b"PK\x03\x04 and nothing else").starts_with("E2020"));
    let out = Member { name: "../../3D/3dmodel.model", content: b"x" };
    assert!(read(&zip_of(&[out]).0).starts_with("E2022"));
}

/// Samples that are refused, and why.
const REFUSED_SAMPLES: &[(&str, &str)] = &[
    // Nothing but beams, which their extension demands to be read.
    ("pyramid.3mf", "E2031"),
    ("variable voronoi.3mf", "E2031"),
    // A file that must fail has the same fault.
    ("dodeca_chain_loop_color.3mf", "metadata Description is there twice"),
    // No XML with name spaces: another file that must fail has the same fault.
    ("multiprop-metallic.3mf", "the prefix ms is not declared"),
    ("multiprop-translucent.3mf", "the prefix ms is not declared"),
];

/// Area of a slice, mm².
fn area(slice: &ReadSlice) -> f64 {
    let ring = |p: &Vec<[f64; 2]>| -> f64 {
        let next = p.iter().cycle().skip(1);
        p.iter().zip(next).map(|(a, b)| (a[0] * b[1] - a[1] * b[0]) / 2.0).sum()
    };
    slice.polygons.iter().map(ring).sum()
}

#[test]
fn samples_of_the_consortium_are_read() {
    let Some(folder) = data("3mf-samples/examples") else { return };
    let mut read = 0;
    for file in files_below(&folder, "3mf") {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (record, _) = load_part(&bytes, &"p".into(), &name, None, &LIMITS);
        let faults: Vec<&str> = record.faults.iter().map(|f| f.text.as_str()).collect();
        if let Some((_, reason)) = REFUSED_SAMPLES.iter().find(|(sample, _)| *sample == name) {
            assert!(record.faults[0].text.contains(reason), "{name}: {faults:?}");
            assert!(read_3mf_items(&bytes, &LIMITS).is_err(), "{name}");
            continue;
        }
        println!("{name}: {:?} {faults:?}", record.verdict);
        read += usize::from(record.facts.is_some());
        let items = read_3mf_items(&bytes, &LIMITS);
        assert!(items.is_ok() && record.facts.is_some(), "{name}: {faults:?}");
        if name.contains("sliced") {
            let slices = read_3mf_slices(&bytes, &LIMITS).unwrap();
            assert!(slices.iter().all(|s| s.slices.len() > 10), "{name}");
            let area: f64 = slices[0].slices.iter().map(area).fold(0.0, f64::max);
            println!("{name}: {} stacks, largest slice {area} mm²", slices.len());
            assert!(area > 1.0, "{name}");
        }
    }
    assert!(read >= 20, "only {read} were read");
}
