//! Thin walls and small features, by inscribed balls and rays.
//!
//! At a sample of the surface a ball grows inwards, tangent to the surface, until it touches a
//! part of the surface that faces the opposite way within [`OPPOSED`]. Its diameter is the
//! thickness there (Ma, Bae and Choi, "3D medial axis point approximation using nearest
//! neighbors and the normal field", 2012; here the ball is shrunk by nearest places of the
//! triangles instead of sampled points). Parts that face any other way do not stop the ball: the
//! sides of a sharp edge wider than 30° never face each other, so edges and corners are not
//! thin, and the facets beside a sample of a round body do not shrink its ball.
//!
//! A thin place is a *feature* (a pin, a bead, a strut) if the body through the middle of the
//! ball is also short in a direction across, between surfaces that face opposite ways (which the
//! corner of a plate is not); else it is a *wall*.

mod sample;

use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

use crate::TriMesh;
use crate::spatial::BoxTree;
use sample::{Sample, samples};

/// Least sizes a process makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ThicknessLimits {
    /// Least thickness of a wall, mm.
    pub(crate) wall_mm: f64,
    /// Least diameter of a pin or the like, mm.
    pub(crate) feature_mm: f64,
    /// At most so many samples a part.
    pub(crate) samples: usize,
}

/// What is thin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThinKind {
    /// Thin in one direction.
    Wall,
    /// Thin in two.
    Feature,
}

/// A place where the body is thinner than the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ThinPlace {
    pub(crate) kind: ThinKind,
    pub(crate) triangle: u32,
    pub(crate) at: Point3<f64>,
    /// Thickness, mm.
    pub(crate) thickness_mm: f64,
}

/// What the samples say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thickness {
    /// Thin places in the order of the samples.
    pub(crate) thin: Vec<ThinPlace>,
    /// The thinnest of them; of equal ones the first.
    pub(crate) thinnest: Option<ThinPlace>,
    /// Share of the surface that is thin, 0 to 1.
    pub(crate) share: f64,
    /// Number of samples.
    pub(crate) samples: usize,
}

/// Cosine of the angle between normals that count as opposed: within 30° of opposite.
const OPPOSED: f64 = -0.866_025_403_784_438_6;
/// Steps until a ball has shrunk; each step moves on to a nearer triangle, few are needed.
const STEPS_MAX: usize = 30;
/// A ball that shrinks by a smaller share in a step has settled.
const SETTLED: f64 = 1e-4;
/// Directions across in which the body is measured, over half a turn.
const ACROSS: usize = 8;
/// A feature is at most so many times as long across as it is thick.
const FEATURE_ASPECT: f64 = 2.0;

/// Finds walls and features thinner than the limits, at samples of the surface.
///
/// The surface should close and face outwards; where it does not, results are those of the
/// triangles as they are. Cost: a few searches of the tree a sample.
pub(crate) fn wall_thickness(
    mesh: &TriMesh,
    tree: &BoxTree,
    limits: &ThicknessLimits,
) -> Thickness {
    let normals: Vec<Vector3<f64>> = (0..mesh.triangles.len())
        .map(|t| mesh.normal_times_area(t).try_normalize(0.0).unwrap_or_default())
        .collect();
    let probe = Probe { mesh, tree, normals: &normals, limits };
    let all = samples(mesh, limits);
    let found: Vec<Option<ThinPlace>> =
        all.par_iter().with_min_len(64).map(|sample| probe.thin_at(sample)).collect();
    let of_area = all.iter().filter(|s| s.by_area).count();
    let thin_of_area =
        all.iter().zip(&found).filter(|(sample, f)| sample.by_area && f.is_some()).count();
    let thin: Vec<ThinPlace> = found.into_iter().flatten().collect();
    let thinnest = thin.iter().copied().min_by(|a, b| a.thickness_mm.total_cmp(&b.thickness_mm));
    let share = if of_area > 0 { thin_of_area as f64 / of_area as f64 } else { 0.0 };
    Thickness { thin, thinnest, share, samples: all.len() }
}

struct Probe<'a> {
    mesh: &'a TriMesh,
    tree: &'a BoxTree,
    normals: &'a [Vector3<f64>],
    limits: &'a ThicknessLimits,
}

impl Probe<'_> {
    fn thin_at(&self, sample: &Sample) -> Option<ThinPlace> {
        let normal = self.normals[sample.triangle as usize];
        if normal == Vector3::zeros() {
            return None;
        }
        let at = sample.at;
        let (thickness_mm, across_from) = self.ball(sample.triangle, at, normal)?;
        let towards = across_from - at;
        if !self.sees(sample.triangle, at, towards) {
            return None;
        }
        let kind = if self.is_short_across(at + towards / 2.0, normal, thickness_mm) {
            ThinKind::Feature
        } else {
            ThinKind::Wall
        };
        let limit = match kind {
            ThinKind::Wall => self.limits.wall_mm,
            ThinKind::Feature => self.limits.feature_mm,
        };
        let place = ThinPlace { kind, triangle: sample.triangle, at, thickness_mm };
        // A ball that just reaches the limit is not thin: models are drawn at the limit.
        (thickness_mm < limit * (1.0 - 1e-6)).then_some(place)
    }

    /// Diameter of the ball tangent at a place and the place it touches across from it; `None`
    /// if it is beyond both limits.
    fn ball(&self, own: u32, at: Point3<f64>, normal: Vector3<f64>) -> Option<(f64, Point3<f64>)> {
        let facing = |t: u32| self.normals[t as usize].dot(&normal) > OPPOSED;
        let mut radius = self.limits.wall_mm.max(self.limits.feature_mm) / 2.0;
        let mut touched = None;
        // Straight across is mostly near the end of it, and makes the searches small.
        let across = self.tree.cast(self.mesh, at, -normal, &|t| t == own);
        if let Some(hit) = across.filter(|hit| !facing(hit.triangle) && hit.along < 2.0 * radius) {
            radius = hit.along / 2.0;
            touched = Some(at - normal * hit.along);
        }
        for _ in 0..STEPS_MAX {
            let centre = at - normal * radius;
            let within = radius * (1.0 - 1e-9);
            let Some(near) = self.tree.nearest(self.mesh, centre, within, &facing) else { break };
            let chord = near.at - at;
            let depth = -normal.dot(&chord);
            if depth <= 0.0 {
                break;
            }
            let smaller = chord.norm_squared() / (2.0 * depth);
            if smaller >= radius {
                break;
            }
            let settled = smaller > radius * (1.0 - SETTLED);
            radius = smaller;
            touched = Some(near.at);
            if settled {
                break;
            }
        }
        touched.map(|place| (2.0 * radius, place))
    }

    /// Whether the body reaches from `at` to the place across without a gap between.
    fn sees(&self, own: u32, at: Point3<f64>, towards: Vector3<f64>) -> bool {
        self.tree
            .cast(self.mesh, at, towards, &|t| t == own)
            .is_none_or(|hit| hit.along > 1.0 - 1e-6 || hit.along < 1e-6)
    }

    /// Whether the body through `middle` is short in a direction across the normal.
    fn is_short_across(&self, middle: Point3<f64>, normal: Vector3<f64>, thick: f64) -> bool {
        let least = normal.iamin();
        let mut axis = Vector3::zeros();
        axis[least] = 1.0;
        let u = normal.cross(&axis).normalize();
        let v = normal.cross(&u);
        let reach =
            |direction: Vector3<f64>| self.tree.cast(self.mesh, middle, direction, &|_| false);
        (0..ACROSS).any(|k| {
            let (s, c) = (std::f64::consts::PI * k as f64 / ACROSS as f64).sin_cos();
            let direction = u * c + v * s;
            let (Some(one), Some(other)) = (reach(direction), reach(-direction)) else {
                return false;
            };
            let ends = [one, other].map(|hit| self.normals[hit.triangle as usize]);
            one.along + other.along < FEATURE_ASPECT * thick && ends[0].dot(&ends[1]) < OPPOSED
        })
    }
}

#[cfg(test)]
mod tests;
