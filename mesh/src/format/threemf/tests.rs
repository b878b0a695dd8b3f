//! Tests of reading 3MF: components, transforms, parts, and every way a file can be bad.

use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{LIMITS, Member, data, files_below, zip_of};
use crate::{inspect, load_part, read_model};

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/\
    relationships\"><Relationship Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/\
    3dmodel\" Target=\"/3D/3dmodel.model\" Id=\"r\"/></Relationships>";
const TETRAHEDRON: &str = "<mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" \
    y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" z=\"0\"/><vertex x=\"0\" y=\"0\" z=\"1\"/></vertices>\
    <triangles><triangle v1=\"0\" v2=\"2\" v3=\"1\"/><triangle v1=\"0\" v2=\"1\" v3=\"3\"/>\
    <triangle v1=\"0\" v2=\"3\" v3=\"2\"/><triangle v1=\"1\" v2=\"2\" v3=\"3\"/></triangles>\
    </mesh>";

fn model(attributes: &str, resources: &str, build: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<model xmlns=\"{CORE}\" xmlns:p=\"{PRODUCTION}\" \
         xmlns:b=\"urn:beams\" {attributes}>\n<resources>{resources}</resources>\n\
         <build>{build}</build></model>"
    )
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut members = vec![Member { name: "_rels/.rels", content: RELATIONS.as_bytes() }];
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
fn cycles_and_deep_or_wide_nests_are_refused() {
    let own = object(1, "<components><component objectid=\"1\"/></components>");
    assert!(message(&model("", &own, "<item objectid=\"1\"/>")).contains("made of itself"));
    let link = |id: u32, to: u32| {
        object(id, &format!("<components><component objectid=\"{to}\"/></components>"))
    };
    let two = link(1, 2) + &link(2, 1);
    assert!(message(&model("", &two, "<item objectid=\"1\"/>")).contains("made of itself"));
    let deep: String = (1..100).map(|i| link(i, i + 1)).collect();
    assert!(message(&model("", &deep, "<item objectid=\"1\"/>")).contains("64 deep"));
    // Each object is ten of the next: 10⁹ tetrahedra, or as many of nothing.
    for (last, text) in [(TETRAHEDRON, "E2006"), ("", "more than 1000000 times")] {
        let wide: String = (1..10)
            .map(|i| {
                let ten = format!("<component objectid=\"{}\"/>", i + 1).repeat(10);
                object(i, &format!("<components>{ten}</components>"))
            })
            .collect();
        let wide = wide + &object(10, last);
        let bytes = one(&model("", &wide, "<item objectid=\"1\"/>"));
        let limits = Limits { triangles: 1000, ..LIMITS };
        let found = read_model(&bytes, "a.3mf", None, &limits).unwrap_err().to_string();
        assert!(found.contains(text), "{found}");
    }
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
    assert!(bad("<object id=\"1\"", "<object id=\"0\"").contains("id 0"));
    assert!(bad("</build></model>", "").contains("cut off"));
    assert!(bad("<build>", "<!-- ").starts_with("E2030"));
    assert!(bad("<resources>", "<vertices>").starts_with("E2030"));
    assert!(bad("<?xml version=\"1.0\"?>", "<!DOCTYPE x [<!ENTITY a \"b\">]>").contains("DTD"));
    assert!(bad("xmlns:b", "requiredextensions=\"b\" xmlns:b").contains("E2031"));
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

#[test]
fn other_content_is_noted() {
    let support =
        object(1, TETRAHEDRON).replace("\"model\"", "\"support\"") + &object(2, TETRAHEDRON);
    let found =
        read_one(&model("", &support, "<item objectid=\"1\"/><item objectid=\"2\"/>")).unwrap();
    assert_eq!((found.mesh.triangles.len(), found.faults.len()), (4, 1));
    let beams = TETRAHEDRON.replace(
        "</mesh>",
        "<b:beamlattice><b:vertices><b:vertex x=\"q\"/></b:vertices></b:beamlattice></mesh>",
    );
    let found = read_one(&model("", &object(1, &beams), "<item objectid=\"1\"/>")).unwrap();
    assert_eq!((found.mesh.triangles.len(), found.faults.len()), (4, 1));
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
        println!("{name}: {:?} {faults:?}", record.verdict);
        read += usize::from(record.facts.is_some());
        let items = read_3mf_items(&bytes, &LIMITS);
        assert_eq!(items.is_ok(), record.facts.is_some(), "{name}");
    }
    assert!(read >= 20, "only {read} were read");
}

#[test]
fn conformance_samples_never_panic() {
    let Some(folder) = data("3mf-samples/validation tests/_archive") else { return };
    let (mut pass, mut fail) = ([0, 0], [0, 0]);
    for file in files_below(&folder, "3mf") {
        let bytes = std::fs::read(&file).unwrap();
        let read = read_model(&bytes, "a.3mf", None, &LIMITS);
        let must_pass = file.to_string_lossy().contains("MUSTPASS");
        if let (true, Err(error)) = (must_pass, &read) {
            println!("{}: {error}", file.file_name().unwrap().to_string_lossy());
        }
        let tally = if must_pass { &mut pass } else { &mut fail };
        tally[usize::from(read.is_ok())] += 1;
    }
    println!("refused, read: must pass {pass:?}, must fail {fail:?}");
}
