//! Models that cannot be read, or that fit nowhere.

use std::io::{Cursor, Write};

use platewright_datasets::body;
use platewright_mesh::write_stl;
use platewright_model::stage::{FaultCode, UnplacedReason, Verdict};
use serde_json::json;

use super::{GOOD_UNITS, SmallNight, placed};

/// A night with one line of the model `name`; `None`: its file is missing.
fn night_with(name: &str, bytes: Option<&[u8]>) -> SmallNight {
    let night = SmallNight::with_line(|line| {
        line["model"] = json!(name);
        if name.ends_with(".3mf") {
            line.as_object_mut().expect("a line").remove("unit");
        }
    });
    if let Some(bytes) = bytes {
        night.put(name, bytes);
    }
    night
}

/// Plans a night with a bad model: it is left out for a reason that says `text`.
fn left_out(name: &str, bytes: Option<&[u8]>, text: &str) {
    let run = night_with(name, bytes).plan();
    let record = run.plan.parts.parts.iter().find(|p| p.file == name);
    let record = record.expect("the model is in the record of parts");
    assert_eq!(record.verdict, Verdict::NotPrintable);
    assert!(record.faults.iter().any(|f| f.text.contains(text)), "{:#?}", record.faults);
    let [left] = &run.plan.build_plan.unplaced[..] else {
        panic!("one unit is left over, not {:#?}", run.plan.build_plan.unplaced);
    };
    assert_eq!(left.reason, UnplacedReason::NotPrintable);
    assert!(left.text.contains(name) && left.text.contains(text), "{}", left.text);
    assert_eq!(placed(&run), GOOD_UNITS);
}

/// A good binary STL.
fn stl() -> Vec<u8> {
    write_stl(&body::cuboid(30.0, 20.0, 10.0))
}

/// A good STL with `value` in place of a coordinate of its third triangle.
fn stl_with(value: f32) -> Vec<u8> {
    let mut bytes = stl();
    let at = 84 + 2 * 50 + 12 + 4;
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    bytes
}

/// A ZIP archive with the members given, beside those that every 3MF has.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    let types = br#"<?xml version="1.0"?><Types
        xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let relations = br#"<?xml version="1.0"?><Relationships
        xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
        Id="r0" Target="/3D/3dmodel.model"
        Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>"#;
    let common: [(&str, &[u8]); 2] = [("[Content_Types].xml", types), ("_rels/.rels", relations)];
    for (name, content) in common.iter().chain(members) {
        writer.start_file(*name, options).expect("members can be added");
        writer.write_all(content).expect("members can be written");
    }
    writer.finish().expect("the archive can be finished").into_inner()
}

#[test]
fn a_missing_model() {
    left_out("nowhere.stl", None, "E1007");
}

#[test]
fn a_model_of_no_bytes() {
    left_out("empty.stl", Some(&[]), "E2001");
}

#[test]
fn a_truncated_stl() {
    let bytes = stl();
    left_out("cut.stl", Some(&bytes[..bytes.len() - 30]), "E2007");
}

#[test]
fn an_stl_cut_within_its_header() {
    left_out("stub.stl", Some(&stl()[..60]), "E20");
}

#[test]
fn a_vertex_that_is_not_a_number() {
    left_out("nan.stl", Some(&stl_with(f32::NAN)), "E2009");
}

#[test]
fn a_vertex_at_infinity() {
    left_out("infinite.stl", Some(&stl_with(f32::NEG_INFINITY)), "E2009");
}

#[test]
fn a_vertex_beyond_every_machine() {
    left_out("far.stl", Some(&stl_with(1e30)), "E2010");
}

#[test]
fn a_zip_bomb() {
    let bomb = archive(&[("3D/3dmodel.model", &vec![0; 100_000_000])]);
    assert!(bomb.len() < 200_000, "the bomb is small: {} bytes", bomb.len());
    left_out("bomb.3mf", Some(&bomb), "E2021");
}

#[test]
fn a_path_out_of_the_archive() {
    let model = br#"<?xml version="1.0"?><model unit="millimeter"
        xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"/>"#;
    let bytes = archive(&[("3D/3dmodel.model", model), ("../../evil.txt", b"out")]);
    left_out("escape.3mf", Some(&bytes), "E2022");
}

#[test]
fn a_3mf_that_is_no_archive() {
    left_out("text.3mf", Some(b"PK\x03\x04 and then nothing of use"), "E2020");
}

#[test]
fn a_header_that_lies_about_the_count() {
    for said in [7_u32, u32::MAX] {
        let mut bytes = stl();
        bytes[80..84].copy_from_slice(&said.to_le_bytes());
        let run = night_with("liar.stl", Some(&bytes)).plan();
        let record = run.plan.parts.parts.iter().find(|p| p.file == "liar.stl");
        let record = record.expect("the model is in the record of parts");
        let told = record.faults.iter().find(|f| f.code == FaultCode::HeaderMismatch);
        assert!(told.expect("the header is reported").text.contains(&said.to_string()));
        // What the file really holds is whole, so it is printed.
        assert_eq!(record.facts.expect("it was read").triangles, 12);
        assert_eq!(placed(&run), GOOD_UNITS + 1);
    }
}

#[test]
fn a_model_with_a_hole_is_kept_for_a_person() {
    let mut bytes = stl();
    bytes.truncate(bytes.len() - 50);
    let run = night_with("open.stl", Some(&bytes)).plan();
    let record = run.plan.parts.parts.iter().find(|p| p.file == "open.stl");
    assert_eq!(record.expect("it was inspected").verdict, Verdict::NeedsReview);
    assert_eq!(run.plan.build_plan.unplaced.len(), 1);
    assert_eq!(placed(&run), GOOD_UNITS);
}

#[test]
fn a_part_larger_than_every_machine() {
    let bytes = write_stl(&body::cuboid(900.0, 20.0, 10.0));
    let run = night_with("beam.stl", Some(&bytes)).plan();
    let [left] = &run.plan.build_plan.unplaced[..] else {
        panic!("one unit is left over, not {:#?}", run.plan.build_plan.unplaced);
    };
    assert_eq!(left.reason, UnplacedReason::TooLarge);
    assert!(!left.text.is_empty());
    assert_eq!(placed(&run), GOOD_UNITS);
}
