//! Tests of records and verdicts.

use super::*;
use crate::fixtures::{LIMITS, cuboid, inverted, joined};
use crate::write_stl;

fn load(mesh: &TriMesh, unit: LengthUnit) -> PartRecord {
    load_part(&write_stl(mesh), &"p".into(), "a.stl", Some(unit), &LIMITS).0
}

fn has(record: &PartRecord, code: FaultCode) -> bool {
    record.faults.iter().any(|f| f.code == code)
}

#[test]
fn verdicts() {
    let good = cuboid([0.0; 3], [10.0; 3]);
    let record = load(&good, LengthUnit::Mm);
    assert_eq!((record.verdict, record.faults.len()), (Verdict::Printable, 0));
    assert_eq!(record.facts.unwrap().vertices, 8);

    let record = load(&inverted(&good), LengthUnit::Mm);
    assert_eq!(record.verdict, Verdict::Corrected);
    assert!(has(&record, FaultCode::InsideOut) && record.facts.unwrap().volume_mm3 > 999.0);

    let mut open = good.clone();
    open.triangles.pop();
    // The hole is filled, but it is large: a person must look at it.
    let record = load(&open, LengthUnit::Mm);
    assert_eq!(record.verdict, Verdict::NeedsReview);
    assert!((record.facts.unwrap().volume_mm3 - 1000.0).abs() < 1e-9);

    let pair = joined(&[good, cuboid([10.0, 10.0, 0.0], [20.0, 20.0, 10.0])]);
    let record = load(&pair, LengthUnit::Mm);
    assert_eq!(record.verdict, Verdict::Corrected);
    assert!(record.faults[0].corrected && record.facts.unwrap().watertight);
    assert!(has(&record, FaultCode::NonManifoldEdges));
}

#[test]
fn odd_sizes_are_suspected_and_still_printable() {
    let good = cuboid([0.0; 3], [10.0; 3]);
    for (unit, suspect) in
        [(LengthUnit::Micron, true), (LengthUnit::Mm, false), (LengthUnit::Foot, true)]
    {
        let record = load(&good, unit);
        assert_eq!(has(&record, FaultCode::UnitSuspicion), suspect);
        assert_eq!(record.verdict, Verdict::Printable);
    }
}

#[test]
fn unreadable_model_keeps_its_error_and_hash() {
    let (record, mesh) = load_part(b"", &"p".into(), "a.stl", None, &LIMITS);
    assert!(mesh.is_none() && record.facts.is_none());
    assert_eq!(record.verdict, Verdict::NotPrintable);
    assert_eq!(record.faults[0].code, FaultCode::Unreadable);
    assert!(record.faults[0].text.starts_with("E2001") && record.faults[0].text.contains("a.stl"));
    // SHA-256 of nothing, FIPS 180-4.
    assert_eq!(record.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
