//! Verdicts by process.

use platewright_model::config::Limits;
use platewright_model::material::ProcessCategory;
use platewright_model::measure::LengthUnit;

use super::*;
use crate::fixtures::{LIMITS, cuboid, inverted, joined};
use crate::{load_part, write_stl};

fn needs(category: ProcessCategory, nesting: NestingMode, volumes: &[[f64; 3]]) -> PrintNeeds {
    PrintNeeds {
        process: "p".into(),
        nesting,
        limits: PrintLimits::usual(category, nesting),
        volumes: volumes.to_vec(),
    }
}

fn judged(mesh: &TriMesh, needs: &PrintNeeds) -> Printability {
    let limits: &Limits = &LIMITS;
    let unit = Some(LengthUnit::Mm);
    let (record, mesh) = load_part(&write_stl(mesh), &"a".into(), "a.stl", unit, limits);
    printability(&mesh.unwrap(), &record, std::slice::from_ref(needs)).remove(0)
}

fn codes(judged: &Printability) -> Vec<FaultCode> {
    judged.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn a_block_is_printable_and_lies_on_its_largest_face() {
    let block = cuboid([0.0; 3], [30.0, 20.0, 5.0]);
    let found = judged(&block, &needs(ProcessCategory::Mex, NestingMode::Plate, &[[100.0; 3]]));
    assert_eq!((found.verdict, found.reasons.len()), (Verdict::Printable, 0));
    assert_eq!(found.orientations.len(), 3);
    for advice in &found.orientations {
        assert!((advice.height_mm - 5.0).abs() < 1e-9 && advice.up[2].abs() > 0.999, "{advice:?}");
        assert!(advice.support_mm3 == 0.0 && (advice.base_mm2 - 600.0).abs() < 1e-6);
    }
}

#[test]
fn a_table_is_laid_on_its_top() {
    let table = joined(&[
        cuboid([-20.0, -20.0, 20.0], [20.0, 20.0, 25.0]),
        cuboid([-2.0, -2.0, 0.0], [2.0, 2.0, 20.0]),
    ]);
    let found = judged(&table, &needs(ProcessCategory::Mex, NestingMode::Plate, &[]));
    let best = &found.orientations[0];
    assert_eq!(best.best_for, BestFor::LeastSupport);
    assert!(best.up[2] < -0.999 && best.overhang_mm2 < 1e-6, "{best:?}");
    // As it came, all of the top's underside but the leg hangs over.
    assert!(codes(&found).contains(&FaultCode::Overhangs));
    // Overhangs alone do not stop a part.
    assert!(found.verdict.enters_plan());
    // Powder carries it.
    let found = judged(&table, &needs(ProcessCategory::Pbf, NestingMode::Volume, &[]));
    assert!(found.orientations.is_empty() && codes(&found).is_empty());
}

#[test]
fn thin_walls_cavities_and_size_are_told_by_process() {
    let plate = cuboid([0.0; 3], [30.0, 20.0, 0.6]);
    let powder = needs(ProcessCategory::Pbf, NestingMode::Volume, &[[50.0, 10.0, 40.0]]);
    let found = judged(&plate, &powder);
    assert_eq!(codes(&found), [FaultCode::ThinWalls]);
    assert_eq!(found.verdict, Verdict::NeedsReview);
    assert!(found.reasons[0].text.contains("0.60 mm"), "{}", found.reasons[0].text);
    let resin = needs(ProcessCategory::Vpp, NestingMode::Plate, &[]);
    assert!(!codes(&judged(&plate, &resin)).contains(&FaultCode::ThinWalls));

    let hollow = joined(&[cuboid([0.0; 3], [20.0; 3]), inverted(&cuboid([5.0; 3], [15.0; 3]))]);
    let found = judged(&hollow, &powder);
    assert_eq!(codes(&found), [FaultCode::TooLarge, FaultCode::TrappedVolume]);
    assert_eq!(found.verdict, Verdict::NotPrintable);
    assert!(found.reasons[1].text.contains("1000.0 mm³"), "{}", found.reasons[1].text);
    let filament = needs(ProcessCategory::Mex, NestingMode::Plate, &[]);
    assert!(!codes(&judged(&hollow, &filament)).contains(&FaultCode::TrappedVolume));
}
