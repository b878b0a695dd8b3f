//! Whether a part can be printed in a process, and how to lay it.

use nalgebra::Vector3;
use platewright_model::id::ProcessId;
use platewright_model::material::NestingMode;
use platewright_model::print_limits::PrintLimits;
use platewright_model::stage::{
    BestFor, FaultCode, MeshFault, OrientationAdvice, PartRecord, Printability, Severity, Verdict,
};

use crate::TriMesh;
use crate::inspect::{fault, fault_at, place};
use crate::overhang::{AdviceOptions, advise_orientation, overhang};
use crate::shells::Shells;
use crate::spatial::BoxTree;
use crate::thickness::{ThicknessLimits, ThinKind, wall_thickness};
use crate::topology::Topology;

/// Samples of the surface at which a part's thickness is looked at.
const SAMPLES: usize = 10_000;
/// Ways to lay a part that are measured exactly.
const CANDIDATES: usize = 1;

/// What is asked of a part.
#[derive(Clone, Debug)]
pub struct PrintNeeds {
    /// The process.
    pub process: ProcessId,
    /// Whether parts stand on a plate.
    pub nesting: NestingMode,
    /// What it can print.
    pub limits: PrintLimits,
    /// Edges of the largest build volumes of its machines, mm; empty where none is known.
    pub volumes: Vec<[f64; 3]>,
}

/// Judges a part by processes. `record` and `mesh` are what [`crate::load_part`] gave.
///
/// The verdict is the part's own, or *needs review* where walls, features or cavities are beyond
/// the process, or *not printable* where no machine is large enough. Overhangs are no reason:
/// supports carry them.
pub fn printability(
    mesh: &TriMesh,
    record: &PartRecord,
    needs: &[PrintNeeds],
) -> Vec<Printability> {
    if needs.is_empty() || mesh.triangles.is_empty() {
        return Vec::new();
    }
    let tree = BoxTree::new(mesh);
    let topology = Topology::new(mesh);
    let shells = Shells::new(mesh, &topology);
    let cavities = cavities(mesh, &tree, &shells);
    needs.iter().map(|needs| judge(mesh, &tree, record, needs, &shells, &cavities)).collect()
}

/// Closed shells that bound a cavity.
fn cavities(mesh: &TriMesh, tree: &BoxTree, shells: &Shells) -> Vec<usize> {
    (0..shells.list.len())
        .filter(|&s| shells.list[s].closed && shells.list[s].six_volume < 0.0)
        .filter(|&s| !shells.enclosing(mesh, tree, s).is_empty())
        .collect()
}

fn judge(
    mesh: &TriMesh,
    tree: &BoxTree,
    record: &PartRecord,
    needs: &PrintNeeds,
    shells: &Shells,
    cavities: &[usize],
) -> Printability {
    let limits = needs.limits;
    let mut reasons = Vec::new();
    let mut verdict = record.verdict;
    if let Some(size) = record.facts.map(|f| f.bounds.size())
        && let Some(fault) = too_large(size, &needs.volumes)
    {
        verdict = Verdict::NotPrintable;
        reasons.push(fault);
    }
    reasons.extend(thin(mesh, tree, limits));
    if limits.fills_cavities && !cavities.is_empty() {
        let triangles: Vec<u32> =
            cavities.iter().flat_map(|&s| &shells.list[s].triangles).copied().collect();
        let volume: f64 = cavities.iter().map(|&s| -shells.list[s].six_volume / 6.0).sum();
        let text = format!("{} closed cavities keep {volume:.1} mm³ of feedstock", cavities.len());
        let (code, severity) = (FaultCode::TrappedVolume, Severity::Warning);
        reasons.push(fault_at(code, severity, cavities.len(), mesh, &triangles, text));
    }
    if !reasons.is_empty() && verdict.enters_plan() {
        verdict = Verdict::NeedsReview;
    }
    let mut orientations = Vec::new();
    if needs.nesting == NestingMode::Plate && limits.overhang_degrees > 0.0 {
        let steepest = limits.overhang_degrees.to_radians();
        orientations = advise(mesh, tree, steepest);
        let as_it_is = overhang(mesh, tree, Vector3::z(), steepest);
        if as_it_is.area_mm2 > 0.0 {
            let text = format!(
                "as it lies, {:.1} mm² hang over further than {}°",
                as_it_is.area_mm2, limits.overhang_degrees
            );
            let (code, severity) = (FaultCode::Overhangs, Severity::Note);
            let count = as_it_is.triangles.len();
            reasons.push(fault_at(code, severity, count, mesh, &as_it_is.triangles, text));
        }
    }
    Printability { process: needs.process.clone(), verdict, reasons, orientations }
}

/// Told if no volume takes the part however it is turned by right angles.
fn too_large(size: [f64; 3], volumes: &[[f64; 3]]) -> Option<MeshFault> {
    let sorted = |mut size: [f64; 3]| {
        size.sort_by(f64::total_cmp);
        size
    };
    let part = sorted(size);
    let fits = |volume: &[f64; 3]| {
        let volume = sorted(*volume);
        (0..3).all(|k| part[k] <= volume[k])
    };
    if volumes.is_empty() || volumes.iter().any(fits) {
        return None;
    }
    let largest = volumes.iter().max_by(|a, b| {
        let volume = |v: &[f64; 3]| v.iter().product::<f64>();
        volume(a).total_cmp(&volume(b))
    })?;
    let [x, y, z] = size;
    let [a, b, c] = largest;
    let text = format!(
        "the part is {x:.1} × {y:.1} × {z:.1} mm, the largest machine takes {a:.0} × {b:.0} × \
         {c:.0} mm"
    );
    Some(fault(FaultCode::TooLarge, Severity::Error, 1, None, text))
}

/// Walls and features that are thinner than the limits.
fn thin(mesh: &TriMesh, tree: &BoxTree, limits: PrintLimits) -> Vec<MeshFault> {
    let asked = ThicknessLimits {
        wall_mm: limits.wall_mm,
        feature_mm: limits.feature_mm,
        samples: SAMPLES,
    };
    let found = wall_thickness(mesh, tree, &asked);
    let kinds = [
        (ThinKind::Wall, FaultCode::ThinWalls, "walls", limits.wall_mm),
        (ThinKind::Feature, FaultCode::SmallFeatures, "pins or ribs", limits.feature_mm),
    ];
    let mut faults = Vec::new();
    for (kind, code, name, least) in kinds {
        let thin = || found.thin.iter().filter(|place| place.kind == kind);
        let Some(thinnest) = thin().min_by(|a, b| a.thickness_mm.total_cmp(&b.thickness_mm)) else {
            continue;
        };
        let mut triangles: Vec<u32> = thin().map(|place| place.triangle).collect();
        triangles.sort_unstable();
        triangles.dedup();
        let text = format!(
            "{name} down to {:.2} mm, the process prints {least} mm; seen at {} of {} places",
            thinnest.thickness_mm,
            thin().count(),
            found.samples
        );
        let mut told = fault(code, Severity::Warning, thin().count() as u32, None, text);
        told.place = place(mesh, &triangles);
        told.place.at = Some(thinnest.at.into());
        faults.push(told);
    }
    faults
}

/// The best ways to lay a part, each for what it is best for; ties are broken by the others.
fn advise(mesh: &TriMesh, tree: &BoxTree, angle: f64) -> Vec<OrientationAdvice> {
    let weights = [
        (BestFor::LeastSupport, [1.0, 1e-3, 1e-3]),
        (BestFor::LeastHeight, [1e-3, 1.0, 1e-3]),
        (BestFor::LargestBase, [1e-3, 1e-3, 1.0]),
    ];
    let best = |(best_for, [support, height, base]): (BestFor, [f64; 3])| {
        let options = AdviceOptions { angle, support, height, base, keep: CANDIDATES };
        let best = advise_orientation(mesh, tree, &options).into_iter().next()?;
        Some(OrientationAdvice {
            up: best.up.into(),
            height_mm: best.height_mm,
            base_mm2: best.base_mm2,
            overhang_mm2: best.overhang_mm2,
            support_mm3: best.support_mm3,
            best_for,
        })
    };
    weights.into_iter().filter_map(best).collect()
}

#[cfg(test)]
mod tests;
