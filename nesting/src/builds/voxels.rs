//! First fillings on voxels, for hundreds of parts of any shape.

use std::sync::Arc;

use platewright_model::config::VolumeConfig;
use platewright_model::geometry::{BuildVolume, VolumeShape, Way};
use platewright_model::id::PartId;
use platewright_model::measure::Mm;
use platewright_model::order::OrientationPolicy;
use platewright_model::run::RunContext;
use platewright_model::volume::{
    FilledVolume, PlacedSolid, Space, Turns, VolumeGoal, VolumeLayout, VolumeProblem, VolumeType,
};

use super::task::SolidMeshes;
use crate::volume::nest_volume;
use crate::{Item, Layout, NestError, Problem};

/// Voxels along the longest edge of a base.
const ALONG: f64 = 250.0;
/// Share of an open volume that is filled for sure, to begin with.
const SPARSE: f64 = 0.12;
/// Times that an open volume is made twice as high before it is given up.
const HIGHER: u32 = 6;

/// A layout whose parts lie on a grid of voxels; `steps` improve it. None if the problem has what
/// voxels do not know: several kinds of volumes, insides of meshes, lists of rotations, groups,
/// begun builds, values.
pub(super) fn on_voxels(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    steps: Option<u64>,
    ctx: &RunContext,
) -> Result<Option<VolumeLayout>, NestError> {
    let [kind] = &problem.volumes[..] else { return Ok(None) };
    let plain = problem.goal == VolumeGoal::Builds
        && problem.begun.is_empty()
        && problem.parts.iter().all(|part| part.group.is_none());
    let items: Option<Vec<Item>> = problem
        .parts
        .iter()
        .zip(meshes.parts)
        .enumerate()
        .map(|(number, (part, mesh))| {
            Some(Item {
                part: PartId::from(format!("{number}")),
                mesh: Arc::clone(mesh),
                copies: part.copies,
                orientation: policy(&part.turns)?,
                clearance: Mm(part.clearance.max(problem.clearance)),
                inside_cavity: part.inside_cavity,
                priority: part.priority + u32::from(!part.optional) * (1 << 16),
            })
        })
        .collect();
    let Some(items) = items.filter(|_| plain) else { return Ok(None) };
    let volume: f64 =
        items.iter().map(|item| item.mesh.volume().abs() * f64::from(item.copies)).sum();
    let most = kind.stock.map_or(usize::MAX, |stock| stock as usize);
    let mut ctx = ctx.clone();
    ctx.budget.iterations = steps;
    for higher in 0..HIGHER {
        let Some((shape, base)) = shape(kind, volume, &items, higher) else { return Ok(None) };
        let (voxel_mm, removable) = (edge(base, &items), problem.removable);
        let cfg =
            VolumeConfig { voxel_mm, iterations: u64::MAX, removable, balanced: problem.balanced };
        let given = Problem {
            items: items.clone(),
            volume: BuildVolume { shape, excluded: kind.excluded.clone() },
            part_wall: Mm(kind.wall),
            part_plate: Mm(kind.wall),
            layers: kind.layers,
        };
        let open = matches!(kind.space, Space::Open(_));
        let nest = nest_volume(&given, if open { 1 } else { most }, &cfg, &ctx)?;
        if !open || nest.left.is_empty() || higher + 1 == HIGHER {
            return Ok(Some(layout(&nest.layouts, problem)));
        }
    }
    Ok(None)
}

/// Edge of a voxel: about a share of the base, and a whole fraction of the distance that most
/// copies keep, so that they keep no more.
fn edge(base: f64, items: &[Item]) -> f64 {
    let about = base / ALONG;
    let keeping = |clearance: f64| -> u32 {
        items.iter().filter(|item| item.clearance.0 == clearance).map(|item| item.copies).sum()
    };
    let clearances = items.iter().map(|item| item.clearance.0);
    let most = clearances.max_by(|a, b| keeping(*a).cmp(&keeping(*b)).then(b.total_cmp(a)));
    let clearance = most.unwrap_or(0.0);
    let parts = (clearance / about).round();
    if parts >= 1.0 { clearance / parts } else { about }
}

/// The rotations of voxels that a part may have, if they are all it may have, or as good.
fn policy(turns: &Turns) -> Option<OrientationPolicy> {
    match turns {
        Turns::Fixed => Some(OrientationPolicy::Fixed),
        Turns::Upright(steps) if steps % 4 == 0 => Some(OrientationPolicy::Upright),
        Turns::Upright(_) | Turns::List(_) => None,
        Turns::Cube | Turns::Free => Some(OrientationPolicy::Axis24),
    }
}

/// The shape of a volume and the longer edge of its base; one that is open above is high enough,
/// each time twice as high.
fn shape(
    kind: &VolumeType,
    volume: f64,
    items: &[Item],
    higher: u32,
) -> Option<(VolumeShape, f64)> {
    match &kind.space {
        Space::Box([x, y, z]) => {
            Some((VolumeShape::Box { x: Mm(*x), y: Mm(*y), z: Mm(*z) }, x.max(*y)))
        }
        Space::Cylinder { radius, height } => {
            let diameter = 2.0 * radius;
            Some((VolumeShape::Cylinder { diameter: Mm(diameter), z: Mm(*height) }, diameter))
        }
        Space::Open([x, y]) => {
            let longest = items
                .iter()
                .filter_map(|item| item.mesh.bounds())
                .map(|bounds| (0..3).map(|k| bounds.max[k] - bounds.min[k]).fold(0.0, f64::max));
            let longest = longest.fold(0.0, f64::max) + 2.0 * kind.wall;
            let z = longest.max(volume / (SPARSE * x * y)) * f64::from(2_u32.pow(higher));
            Some((VolumeShape::Box { x: Mm(*x), y: Mm(*y), z: Mm(z) }, x.max(*y)))
        }
        Space::Mesh(_) => None,
    }
}

fn layout(layouts: &[Layout], problem: &VolumeProblem) -> VolumeLayout {
    let mut left: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    let builds = layouts.iter().map(|layout| {
        let placed = layout.placed.iter().map(|placed| {
            left[placed.item] -= 1;
            let out = placed.out.map(Way::direction);
            PlacedSolid { part: placed.item, pose: placed.pose, out }
        });
        FilledVolume { volume: 0, placed: placed.collect() }
    });
    let builds = builds.collect();
    let left = left.into_iter().enumerate().filter(|(_, copies)| *copies > 0).collect();
    VolumeLayout { builds, left }
}
