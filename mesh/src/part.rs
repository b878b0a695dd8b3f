//! From the bytes of a model to the record of a part.

use platewright_model::config::Limits;
use platewright_model::id::PartId;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::{
    CorrectionStep, FaultCode, MeshFacts, MeshFault, PartRecord, Severity, Verdict,
};
use sha2::{Digest, Sha256};

use crate::correct::{Correction, correct_known};
use crate::inspect::{Inspection, Survey, fault};
use crate::source::Source;
use crate::{TriMesh, read_model};

/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 24;
/// A greatest extent outside of this suggests another unit, mm.
const USUAL_MM: std::ops::RangeInclusive<f64> = 0.5..=2000.0;

/// Reads, inspects and corrects a model; the mesh is there unless the model cannot be read.
///
/// Faults are those of the model as it came; those that the correction removed say so. The facts
/// are those of the mesh that is returned. Printable (or corrected) is a surface that closes with
/// a consistent outside and encloses a positive volume. The file itself is never changed.
pub fn load_part<'a>(
    source: impl Into<Source<'a>>,
    id: &PartId,
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> (PartRecord, Option<TriMesh>) {
    let source = source.into();
    let mut record = PartRecord {
        id: id.clone(),
        file: file.to_owned(),
        sha256: sha256_hex(source),
        unit: unit.unwrap_or(LengthUnit::Mm),
        facts: None,
        faults: Vec::new(),
        corrections: Vec::new(),
        review: Vec::new(),
        printability: Vec::new(),
        verdict: Verdict::NotPrintable,
    };
    let model = match read_model(source, file, unit, limits) {
        Ok(model) => model,
        Err(error) => {
            record.faults.push(unreadable(error.to_string()));
            return (record, None);
        }
    };
    let examined = examine(model.mesh);
    record.unit = model.unit;
    record.faults = model.faults;
    record.faults.extend(examined.faults);
    record.faults.extend(unit_suspicion(&examined.facts, model.unit));
    record.faults.sort_by_key(|f| (f.corrected, std::cmp::Reverse(f.severity)));
    record.verdict = verdict(&examined.facts, &examined.steps, &examined.review);
    record.facts = Some(examined.facts);
    record.corrections = examined.steps;
    record.review = examined.review;
    (record, Some(examined.mesh))
}

/// The fault of a model that cannot be read.
pub fn unreadable(text: String) -> MeshFault {
    fault(FaultCode::Unreadable, Severity::Error, 1, None, text)
}

/// A mesh as it is printed, and everything found out on the way.
struct Examined {
    mesh: TriMesh,
    facts: MeshFacts,
    faults: Vec<MeshFault>,
    steps: Vec<CorrectionStep>,
    review: Vec<String>,
}

/// Inspects a mesh of distinct vertices, corrects it and looks what remains.
fn examine(mesh: TriMesh) -> Examined {
    let survey = Survey::new(&mesh);
    let Inspection { facts, mut faults } = survey.inspection();
    let (topology, tree, crossings) = survey.into_parts();
    let Correction { mesh, steps, review, crossings, .. } =
        correct_known(mesh, Some(topology), tree, crossings);
    if steps.is_empty() {
        return Examined { mesh, facts, faults, steps, review };
    }
    let remaining = Survey::with_crossings(&mesh, crossings).inspection();
    for fault in &mut faults {
        fault.corrected = remaining.faults.iter().all(|f| f.code != fault.code);
    }
    let known: Vec<FaultCode> = faults.iter().map(|f| f.code).collect();
    faults.extend(remaining.faults.into_iter().filter(|f| !known.contains(&f.code)));
    Examined { mesh, facts: remaining.facts, faults, steps, review }
}

fn verdict(facts: &MeshFacts, steps: &[CorrectionStep], review: &[String]) -> Verdict {
    let closes = facts.open_edges == 0 && facts.oriented;
    if facts.triangles == 0 || !closes || facts.volume_mm3 <= 0.0 || !review.is_empty() {
        Verdict::NeedsReview
    } else if steps.is_empty() {
        Verdict::Printable
    } else {
        Verdict::Corrected
    }
}

fn unit_suspicion(facts: &MeshFacts, unit: LengthUnit) -> Option<MeshFault> {
    let extent = facts.bounds.size().into_iter().fold(0.0, f64::max);
    if USUAL_MM.contains(&extent) {
        return None;
    }
    let text = format!(
        "the model is {extent:.4} mm long, read in {}; check that this is its unit",
        unit.name()
    );
    Some(fault(FaultCode::UnitSuspicion, Severity::Warning, 1, None, text))
}

fn sha256_hex(source: Source<'_>) -> String {
    let mut digest = Sha256::new();
    source.pieces(PIECE).for_each(|piece| digest.update(piece));
    digest.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
