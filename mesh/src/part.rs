//! From the bytes of a model to the record of a part.

use platewright_model::config::Limits;
use platewright_model::id::PartId;
use platewright_model::measure::LengthUnit;
use platewright_model::stage::{FaultCode, MeshFacts, MeshFault, PartRecord, Severity, Verdict};
use sha2::{Digest, Sha256};

use crate::inspect::fault;
use crate::{TriMesh, correct, inspect, read_model};

/// A greatest extent outside of this suggests another unit, mm.
const USUAL_MM: std::ops::RangeInclusive<f64> = 0.5..=2000.0;

/// Reads, inspects and corrects a model; the mesh is there unless the model cannot be read.
///
/// The facts are those of the mesh that is returned. Printable (or corrected) is a surface that
/// closes with a consistent outside and encloses a positive volume, also where shells touch
/// along edges.
pub fn load_part(
    bytes: &[u8],
    id: &PartId,
    file: &str,
    unit: Option<LengthUnit>,
    limits: &Limits,
) -> (PartRecord, Option<TriMesh>) {
    let mut record = PartRecord {
        id: id.clone(),
        file: file.to_owned(),
        sha256: sha256_hex(bytes),
        unit: unit.unwrap_or(LengthUnit::Mm),
        facts: None,
        faults: Vec::new(),
        verdict: Verdict::NotPrintable,
    };
    let model = match read_model(bytes, file, unit, limits) {
        Ok(model) => model,
        Err(error) => {
            let text = error.to_string();
            record.faults.push(fault(FaultCode::Unreadable, Severity::Error, 1, None, text));
            return (record, None);
        }
    };
    let correction = correct(&model.mesh);
    let inspection = inspect(&correction.mesh);
    record.unit = model.unit;
    record.verdict = verdict(&inspection.facts, &correction.made);
    record.faults = model.faults;
    record.faults.extend(correction.made);
    record.faults.extend(inspection.faults);
    record.faults.extend(unit_suspicion(&inspection.facts, model.unit));
    record.faults.sort_by_key(|f| std::cmp::Reverse(f.severity));
    record.facts = Some(inspection.facts);
    (record, Some(correction.mesh))
}

fn verdict(facts: &MeshFacts, made: &[MeshFault]) -> Verdict {
    let closes = facts.open_edges == 0 && facts.oriented;
    if facts.triangles == 0 || !closes || facts.volume_mm3 <= 0.0 {
        Verdict::NeedsReview
    } else if made.is_empty() {
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

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests;
