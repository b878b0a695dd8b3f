//! Layouts of builds, checked on true triangles.

mod count;
mod fault;
mod inside;
mod layers;
mod rotation;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::volume::{FilledVolume, VolumeLayout, VolumeProblem, VolumeType};
use rayon::prelude::*;

pub use self::fault::{Stand, VolumeFault};
use crate::geometry::{
    Bounds, Place, Solid, Standing, close_pairs, meets_on_its_way, pierce, place, transpose_times,
};

/// How far a part may be out of its place, mm: far below what any machine resolves and far above
/// the rounding of coordinates of a few hundred millimetres.
const PLACE_MM: f64 = 1e-6;

/// The meshes that a problem names.
#[derive(Clone, Copy, Debug)]
pub struct VolumeMeshes<'a> {
    /// By part.
    pub parts: &'a [Arc<TriMesh>],
    /// By kind of volume: the mesh whose inside it is, if it is one.
    pub spaces: &'a [Option<Arc<TriMesh>>],
}

/// Everything that is wrong with a layout; nothing if every copy is there or told as left over,
/// each at an allowed rotation and far enough from walls, excluded boxes and all others, and stock,
/// groups, begun builds, limits on layers and the order of drawing out are respected.
///
/// Distances are those of triangles to triangles; a part may be 10⁻⁶ mm out of its place. The area
/// of a layer is that of the cuts in its middle. A part can be drawn out if none of its triangles,
/// swept along the way that is told for it, meets a triangle of a part that is drawn out later.
///
/// A sweep along an axis finds neighbours, trees of boxes the nearest triangles: milliseconds for
/// a hundred parts of a thousand triangles.
pub fn check_volumes(
    problem: &VolumeProblem,
    meshes: VolumeMeshes<'_>,
    layout: &VolumeLayout,
) -> Vec<VolumeFault> {
    let bad = count::problem(problem, meshes);
    if !bad.is_empty() {
        return bad;
    }
    let mut faults = count::faults(problem, layout);
    let solids: Vec<Solid> = meshes.parts.par_iter().map(|mesh| Solid::new(mesh)).collect();
    let spaces: Vec<Option<Solid>> =
        meshes.spaces.par_iter().map(|mesh| mesh.as_deref().map(Solid::new)).collect();
    for (index, filled) in layout.builds.iter().enumerate() {
        let Some(kind) = problem.volumes.get(filled.volume) else { continue };
        let space = spaces[filled.volume].as_ref();
        let build = Build { problem, kind, space, solids: &solids, index, filled };
        faults.extend(build.faults());
    }
    faults
}

/// One build of a layout, of a kind that is there.
struct Build<'a> {
    problem: &'a VolumeProblem,
    kind: &'a VolumeType,
    space: Option<&'a Solid>,
    solids: &'a [Solid],
    /// Index into [`VolumeLayout::builds`].
    index: usize,
    filled: &'a FilledVolume,
}

/// A part in its place.
struct Standing3d<'a> {
    stand: Stand,
    solid: &'a Solid,
    standing: Standing,
}

impl Build<'_> {
    fn faults(&self) -> Vec<VolumeFault> {
        let standing: Vec<Option<Standing3d<'_>>> =
            (0..self.filled.placed.len()).into_par_iter().map(|k| self.standing(k)).collect();
        let standing: Vec<Standing3d<'_>> = standing.into_iter().flatten().collect();
        let mut faults: Vec<VolumeFault> = standing
            .par_iter()
            .flat_map_iter(|part| {
                let mut faults = Vec::new();
                self.rotation(part, &mut faults);
                self.place(part, &mut faults);
                faults
            })
            .collect();
        faults.extend(self.neighbours(&standing));
        self.layers(&standing, &mut faults);
        if self.problem.removable {
            faults.extend(self.removal(&standing));
        }
        faults
    }

    /// None for what names no part or stands nowhere; that is told elsewhere.
    fn standing(&self, placed: usize) -> Option<Standing3d<'_>> {
        let given = &self.filled.placed[placed];
        let solid = self.solids.get(given.part)?;
        let standing = rotation::is_rigid(&given.pose).then(|| solid.standing(&given.pose))??;
        let stand = Stand { build: self.index, placed, part: given.part };
        Some(Standing3d { stand, solid, standing })
    }

    /// Distances between parts, and parts inside one another.
    fn neighbours(&self, standing: &[Standing3d<'_>]) -> Vec<VolumeFault> {
        let asked = |part: &Standing3d<'_>| {
            self.problem.parts[part.stand.part].clearance.max(self.problem.clearance)
        };
        let boxes: Vec<Bounds> = standing.iter().map(|part| part.standing.bounds()).collect();
        let most = standing.iter().map(asked).fold(0.0, f64::max);
        let found: Vec<Option<VolumeFault>> = close_pairs(&boxes, most)
            .into_par_iter()
            .map(|(i, j)| {
                let (one, other) = (&standing[i], &standing[j]);
                let asked = asked(one).max(asked(other));
                // Where nothing is asked for, parts may touch.
                let touch = asked <= PLACE_MM && is_near(one, other);
                let near = if touch { crossing(one, other) } else { too_close(one, other, asked) };
                near.or_else(|| self.enclosed(one, other, touch))
                    .or_else(|| self.enclosed(other, one, touch))
            })
            .collect();
        found.into_iter().flatten().collect()
    }

    /// Whether a shell of one stands in another. Where their surfaces do not meet, one corner
    /// speaks for its shell; where they touch, all that is beneath its faces is asked.
    fn enclosed(
        &self,
        inner: &Standing3d<'_>,
        outer: &Standing3d<'_>,
        touch: bool,
    ) -> Option<VolumeFault> {
        let around = outer.standing.bounds();
        let pose = &self.filled.placed[outer.stand.placed].pose;
        let cavities = self.problem.parts[outer.stand.part].inside_cavity;
        let within = |tip: &[f64; 3]| {
            let from: [f64; 3] = std::array::from_fn(|k| tip[k] - pose.translation[k]);
            match place(outer.solid, transpose_times(&pose.rotation, from)) {
                Place::Solid => true,
                Place::Cavity => !cavities,
                Place::Outside => false,
            }
        };
        let found = if touch {
            inner.standing.beneath(inner.solid.volume).any(|p| around.holds(p) && within(&p))
        } else {
            inner.standing.tips.iter().any(|tip| around.holds(*tip) && within(tip))
        };
        found.then_some(VolumeFault::Enclosed { inner: inner.stand, outer: outer.stand })
    }

    /// Draws the parts out, one after the other.
    fn removal(&self, standing: &[Standing3d<'_>]) -> Vec<VolumeFault> {
        let found: Vec<Option<VolumeFault>> = standing
            .par_iter()
            .enumerate()
            .map(|(k, part)| {
                let stuck = |why: String| Some(VolumeFault::Stuck { stand: part.stand, why });
                let Some(way) = self.filled.placed[part.stand.placed].out else {
                    return stuck("no way is told".to_owned());
                };
                let length = way.iter().map(|x| x * x).sum::<f64>().sqrt();
                if length.is_nan() || (length - 1.0).abs() > 1e-6 {
                    return stuck("the way that is told is no direction of length 1".to_owned());
                }
                let later = standing[k + 1..].iter();
                let mut met = later.filter(|other| {
                    meets_on_its_way(&part.standing, &other.standing, way, PLACE_MM)
                });
                met.next().and_then(|other| stuck(format!("it meets {}", other.stand)))
            })
            .collect();
        found.into_iter().flatten().collect()
    }
}

fn is_near(one: &Standing3d<'_>, other: &Standing3d<'_>) -> bool {
    one.standing.tree.distance_below(&other.standing.tree, PLACE_MM).is_some()
}

fn crossing(one: &Standing3d<'_>, other: &Standing3d<'_>) -> Option<VolumeFault> {
    let crossing = pierce(&one.standing.tree, &other.standing.tree, PLACE_MM);
    let (one, other) = (one.stand, other.stand);
    crossing.then_some(VolumeFault::Clearance { one, other, distance: 0.0, asked: 0.0 })
}

fn too_close(one: &Standing3d<'_>, other: &Standing3d<'_>, asked: f64) -> Option<VolumeFault> {
    let distance = one.standing.tree.distance_below(&other.standing.tree, asked - PLACE_MM)?;
    Some(VolumeFault::Clearance { one: one.stand, other: other.stand, distance, asked })
}
