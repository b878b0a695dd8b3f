//! Shapes: the poses an item may take on the plate, each with its silhouette.

use std::f64::consts::TAU;
use std::sync::Arc;

use jagua_rs::geometry::Transformation;
use jagua_rs::geometry::geo_traits::Transformable;
use jagua_rs::geometry::primitives::SPolygon;
use platewright_mesh::{TriMesh, ring_area};
use platewright_model::config::PlateConfig;
use platewright_model::geometry::Pose;
use platewright_model::order::OrientationPolicy;

use super::container::Container;
use super::grown::grown;
use super::plane::{Point, Rect, Ring, enclosing_circle, hull, turn, upright_angle};
use super::raster::{Mask, Raster, WORDS_MAX, mask, only, touched};
use super::silhouette::{Silhouette, silhouette};
use crate::{Item, NestError};

/// What items with the same mesh, policy and clearance share.
#[derive(Debug)]
pub(super) struct Shape {
    /// Poses that fit the empty plate; none if the part is too large.
    pub(super) poses: Vec<Footprint>,
    /// Area of the grown outline, mm².
    pub(super) grown_area: f64,
}

/// A part in one orientation. Points are relative to the least corner of its box in plan.
#[derive(Debug)]
pub(super) struct Footprint {
    rotation: [[f64; 3]; 3],
    /// What to add to a position to get the pose's translation.
    shift: [f64; 3],
    /// Height over its lowest point.
    pub(super) height: f64,
    /// Outer contours of the silhouette.
    pub(super) rings: Vec<Ring>,
    /// Convex hull of the vertices in plan.
    pub(super) hull: Ring,
    /// Width and depth.
    pub(super) size: Point,
    /// Silhouette area, mm².
    pub(super) area: f64,
    /// Centroid of the hull's corners, which ranks positions of turned poses fairly.
    pub(super) centre: Point,
    /// Outline grown by the share of the clearance.
    pub(super) grown: Ring,
    pub(super) engine: Arc<SPolygon>,
    pub(super) mask: Mask,
    /// Per lattice row the first and last free position on the empty plate.
    pub(super) range: Vec<Option<(usize, usize)>>,
    /// Blocked positions by excluded boxes, if any comes into question.
    zones: Option<Vec<[u64; WORDS_MAX]>>,
}

impl Footprint {
    /// The motion that brings the part to a position.
    pub(super) fn pose(&self, at: Point) -> Pose {
        let [x, y, z] = self.shift;
        Pose { rotation: self.rotation, translation: [at[0] + x, at[1] + y, z] }
    }

    /// Blocked positions of a lattice row on the empty plate.
    pub(super) fn blocked_by_plate(&self, j: usize) -> Option<[u64; WORDS_MAX]> {
        let (first, last) = (*self.range.get(j)?)?;
        let mut row = only(first, last);
        if let Some(zones) = &self.zones {
            for (r, z) in row.iter_mut().zip(&zones[j]) {
                *r |= z;
            }
        }
        Some(row)
    }

    /// Whether the part may stand there as far as plate, walls and excluded boxes go.
    pub(super) fn allowed(&self, plate: &Container, at: Point) -> bool {
        plate.allows(&self.hull, &self.rings, self.size, at, self.height)
    }

    /// Some position on the empty plate.
    pub(super) fn anywhere(&self, plate: &Container) -> Option<Point> {
        let lat = plate.lattice;
        let mut tries = Vec::new();
        if let Some((c, _)) = plate.radius() {
            let (centre, _) = enclosing_circle(&self.hull);
            tries.push([c[0] - centre[0], c[1] - centre[1]]);
        }
        let wall = plate.wall();
        if let Some((lo, hi)) = plate.range_x(&self.hull, self.size, wall) {
            tries.extend([[lo, wall], [hi, wall]]);
        }
        tries.into_iter().find(|at| self.allowed(plate, *at)).or_else(|| {
            (0..lat.ny).find_map(|j| {
                let row = self.blocked_by_plate(j)?;
                (0..lat.nx)
                    .filter(|i| row[i / 64] >> (i % 64) & 1 == 0)
                    .map(|i| lat.at(i, j))
                    .find(|at| self.allowed(plate, *at))
            })
        })
    }
}

/// The six faces a part may lie on: as drawn, upside down, and the four sides.
const FACES: [[[f64; 3]; 3]; 6] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]],
    [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]],
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]],
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]],
    [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
];

/// How a shape is prepared.
pub(super) struct Recipe<'a> {
    pub(super) plate: &'a Container,
    pub(super) cfg: &'a PlateConfig,
    /// By how much its outlines are grown, mm.
    pub(super) grow: f64,
}

/// Prepares an item: the first face on which it fits the empty plate, in all its turns.
///
/// # Errors
/// [`NestError::NoMesh`] for a mesh without triangles or with coordinates that are no numbers.
pub(super) fn prepare(item: &Item, recipe: &Recipe<'_>) -> Result<Shape, NestError> {
    let mesh = item.mesh.as_ref();
    let finite = mesh.vertices.iter().all(|v| v.iter().all(|c| c.is_finite() && c.abs() < 1e6));
    let indexed = mesh.triangles.iter().flatten().all(|v| (*v as usize) < mesh.vertices.len());
    if mesh.triangles.is_empty() || !finite || !indexed {
        return Err(NestError::NoMesh { part: item.part.clone() });
    }
    let faces = match item.orientation {
        OrientationPolicy::Fixed | OrientationPolicy::Upright => &FACES[..1],
        OrientationPolicy::Axis24 | OrientationPolicy::Any => &FACES[..],
    };
    for face in faces {
        let Some(poses) = on_face(mesh, face, item.orientation, recipe) else {
            let text = "its silhouette is empty or cannot be grown by the clearance".to_owned();
            return Err(NestError::Prepare { part: item.part.clone(), text });
        };
        if !poses.is_empty() {
            let grown_area = ring_area(&poses[0].grown);
            return Ok(Shape { poses, grown_area });
        }
    }
    Ok(Shape { poses: Vec::new(), grown_area: 0.0 })
}

/// Poses on a face that fit the empty plate; `None` if there is no silhouette.
fn on_face(
    mesh: &TriMesh,
    face: &[[f64; 3]; 3],
    policy: OrientationPolicy,
    recipe: &Recipe<'_>,
) -> Option<Vec<Footprint>> {
    let lying = mesh.posed(&Pose { rotation: *face, translation: [0.0; 3] });
    let bounds = lying.bounds()?;
    let height = bounds.size()[2];
    let plate = recipe.plate;
    if plate.bottom + height > plate.top + super::container::ROUNDING_MM {
        return Some(Vec::new());
    }
    let corner = [bounds.min[0], bounds.min[1]];
    let back = |p: Point| [p[0] - corner[0], p[1] - corner[1]];
    let flat: Ring = lying.vertices.iter().map(|v| back([v.x, v.y])).collect();
    let corners = hull(&flat);
    let Silhouette { mut rings, area } = silhouette(&lying);
    for p in rings.iter_mut().flatten() {
        *p = back(*p);
    }
    if rings.is_empty() || corners.len() < 3 {
        return None;
    }
    let slack = recipe.cfg.simplify_mm.clamp(0.01, 1.0) * 0.3;
    let (grown, engine) = grown(&rings, recipe.grow, slack)?;
    let base =
        Base { face, height, low: bounds.min[2], corner, corners, rings, area, grown, engine };
    let mut poses: Vec<Footprint> = Vec::new();
    for angle in angles(policy, recipe.cfg.turns, &base.corners) {
        let Some(plan) = base.plan(angle) else { continue };
        if !may_fit(&plan, plate) {
            continue;
        }
        let pose = plan.footprint(recipe);
        let twin = poses
            .iter()
            .any(|p| p.mask == pose.mask && same_size(p, &pose) && same_centre(p, &pose));
        if !twin && pose.anywhere(plate).is_some() {
            poses.push(pose);
        }
    }
    Some(poses)
}

fn same_size(a: &Footprint, b: &Footprint) -> bool {
    (0..2).all(|k| (a.size[k] - b.size[k]).abs() < 1e-6)
}

fn same_centre(a: &Footprint, b: &Footprint) -> bool {
    (0..2).all(|k| (a.centre[k] - b.centre[k]).abs() < 1e-6)
}

/// Angles about z that are tried, radians in `[0, 2π)`.
fn angles(policy: OrientationPolicy, turns: u32, corners: &[Point]) -> Vec<f64> {
    let steps = match policy {
        OrientationPolicy::Fixed => 1,
        OrientationPolicy::Axis24 => 4,
        OrientationPolicy::Upright | OrientationPolicy::Any => turns.clamp(1, 360),
    };
    let mut angles: Vec<f64> = (0..steps).map(|k| TAU * f64::from(k) / f64::from(steps)).collect();
    if matches!(policy, OrientationPolicy::Upright | OrientationPolicy::Any) {
        // Parts drawn askew lie best along the edges of the plate.
        let upright = upright_angle(corners).rem_euclid(TAU / 4.0);
        let askew = angles.iter().all(|a| {
            let off = (a - upright).rem_euclid(TAU / 4.0);
            off.min(TAU / 4.0 - off) > 0.01
        });
        if askew {
            angles.extend((0..4).map(|k| upright + TAU / 4.0 * f64::from(k)));
        }
    }
    angles
}

/// Sine and cosine, exact for quarter turns.
fn sin_cos(angle: f64) -> (f64, f64) {
    let quarters = angle / (TAU / 4.0);
    if (quarters - quarters.round()).abs() < 1e-12 {
        return match quarters.round() as i64 & 3 {
            0 => (0.0, 1.0),
            1 => (1.0, 0.0),
            2 => (0.0, -1.0),
            _ => (-1.0, 0.0),
        };
    }
    angle.sin_cos()
}

/// A part lying on a face.
struct Base<'a> {
    face: &'a [[f64; 3]; 3],
    height: f64,
    low: f64,
    /// Least corner in plan in the lying frame; all points are relative to it.
    corner: Point,
    corners: Ring,
    rings: Vec<Ring>,
    area: f64,
    grown: Ring,
    engine: SPolygon,
}

/// A part lying on a face, turned.
struct Plan {
    rotation: [[f64; 3]; 3],
    /// Least corner in plan and height before it is moved.
    least: [f64; 3],
    height: f64,
    rings: Vec<Ring>,
    area: f64,
    hull: Ring,
    size: Point,
    grown: Ring,
    engine: SPolygon,
}

impl Base<'_> {
    fn plan(&self, angle: f64) -> Option<Plan> {
        let (sin, cos) = sin_cos(angle);
        let f = self.face;
        let rotation = [
            std::array::from_fn(|k| cos * f[0][k] - sin * f[1][k]),
            std::array::from_fn(|k| sin * f[0][k] + cos * f[1][k]),
            f[2],
        ];
        let mut hull: Ring = self.corners.iter().map(|p| turn(*p, sin, cos)).collect();
        let bounds = Rect::around(&hull)?;
        let back = |p: Point| [p[0] - bounds.min[0], p[1] - bounds.min[1]];
        for p in &mut hull {
            *p = back(*p);
        }
        let moved =
            |ring: &Ring| -> Ring { ring.iter().map(|p| back(turn(*p, sin, cos))).collect() };
        let corner = turn(self.corner, sin, cos);
        // Single precision is covered by the margin of grown outlines.
        let turned = Transformation::from_rotation(angle as f32)
            .translate((-bounds.min[0] as f32, -bounds.min[1] as f32));
        Some(Plan {
            rotation,
            least: [bounds.min[0] + corner[0], bounds.min[1] + corner[1], self.low],
            height: self.height,
            rings: self.rings.iter().map(moved).collect(),
            area: self.area,
            hull,
            size: bounds.size(),
            grown: moved(&self.grown),
            engine: self.engine.transform_clone(&turned),
        })
    }
}

/// A quick look before outlines are grown.
fn may_fit(plan: &Plan, plate: &Container) -> bool {
    match plate.radius() {
        Some((_, r)) => enclosing_circle(&plan.hull).1 <= r + 1e-6,
        None => plate.range_x(&plan.hull, plan.size, plate.wall()).is_some(),
    }
}

impl Plan {
    fn footprint(self, recipe: &Recipe<'_>) -> Footprint {
        let plate = recipe.plate;
        let lat = plate.lattice;
        let cells = mask(&self.grown, &lat);
        let range = (0..lat.ny)
            .map(|j| {
                let (lo, hi) = plate.range_x(&self.hull, self.size, lat.at(0, j)[1])?;
                let first = ((lo - lat.origin[0]) / lat.cell - 1e-9).ceil().max(0.0) as usize;
                let last = ((hi - lat.origin[0]) / lat.cell + 1e-9).floor();
                (last >= first as f64).then_some((first, (last as usize).min(lat.nx - 1)))
            })
            .map(|r| r.filter(|(first, last)| first <= last))
            .collect();
        let n = self.hull.len() as f64;
        let sum = self.hull.iter().fold([0.0; 2], |s, p| [s[0] + p[0] / n, s[1] + p[1] / n]);
        let zones = zones(&cells, plate, self.height, recipe.grow);
        Footprint {
            rotation: self.rotation,
            shift: [-self.least[0], -self.least[1], plate.bottom - self.least[2]],
            height: self.height,
            area: self.area,
            rings: self.rings,
            hull: self.hull,
            size: self.size,
            centre: sum,
            grown: self.grown,
            engine: Arc::new(self.engine),
            mask: cells,
            range,
            zones,
        }
    }
}

/// Positions blocked by excluded boxes, per lattice row.
fn zones(cells: &Mask, plate: &Container, height: f64, grow: f64) -> Option<Vec<[u64; WORDS_MAX]>> {
    let lat = plate.lattice;
    let rim = plate.wall() - grow;
    let mut raster: Option<Raster> = None;
    for zone in plate.obstacles(height) {
        // The outline is grown already; where it is grown more than the distance to the box,
        // the box shrinks, and what is cut wrongly is cut by the exact test later.
        let mut r = zone;
        for k in 0..2 {
            let half = ((r.max[k] - r.min[k]) / 2.0 + rim).max(0.0);
            let mid = f64::midpoint(r.max[k], r.min[k]);
            (r.min[k], r.max[k]) = (mid - half, mid + half);
        }
        let hit = touched(&r.corners(), [0.0; 2], &lat);
        raster.get_or_insert_with(|| Raster::new(&lat)).block(&hit);
    }
    let raster = raster?;
    Some(
        (0..lat.ny)
            .map(|j| {
                let mut row = [0; WORDS_MAX];
                raster.blocked(cells, j, &mut row);
                row
            })
            .collect(),
    )
}
