//! Parts lying on one of their faces.

use i_overlay::mesh::float::outline::offset::OutlineOffset;
use i_overlay::mesh::float::style::{LineJoin, OutlineStyle};
use platewright_mesh::{Polygon, TriMesh, ring_area, silhouette};
use platewright_model::geometry::Pose;
use platewright_model::order::OrientationPolicy;

use crate::planar::{Point, convex_hull};
use crate::ring::validate_ring;

/// How far a silhouette may lie within the true one, mm (see [`silhouette`]).
pub(super) const ROUNDING_MM: f64 = 2e-4;
/// By how much a silhouette that touches itself is grown, mm.
const CLOSING_MM: f64 = 0.01;

/// A rotation: rows of a matrix.
pub(super) type Face = [[f64; 3]; 3];

/// The six faces a part may lie on: as drawn, upside down, and the four sides.
const FACES: [Face; 6] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]],
    [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]],
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]],
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]],
    [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
];

/// The faces that a part may lie on.
pub(super) fn faces(policy: OrientationPolicy) -> &'static [Face] {
    match policy {
        OrientationPolicy::Fixed | OrientationPolicy::Upright => &FACES[..1],
        OrientationPolicy::Axis24 | OrientationPolicy::Any => &FACES[..],
    }
}

/// The turns that a part may have on its face, degrees; any if there are none.
pub(super) fn turns(policy: OrientationPolicy) -> Option<Vec<f64>> {
    match policy {
        OrientationPolicy::Fixed => Some(vec![0.0]),
        OrientationPolicy::Axis24 => Some(vec![0.0, 90.0, 180.0, 270.0]),
        OrientationPolicy::Upright | OrientationPolicy::Any => None,
    }
}

/// A part lying on a face.
#[derive(Clone, Debug)]
pub(super) struct Lying {
    pub(super) face: Face,
    /// Its lowest point.
    pub(super) low: f64,
    /// Height over that, mm.
    pub(super) height: f64,
    /// A simple polygon that holds its silhouette.
    pub(super) outline: Vec<Point>,
    /// Holes in its silhouette.
    pub(super) holes: Vec<Vec<Point>>,
    /// How far the true silhouette may reach beyond, mm.
    pub(super) margin: f64,
    /// Area of the silhouette less its holes, mm².
    pub(super) area: f64,
}

impl Lying {
    /// `None` if there is no silhouette.
    pub(super) fn new(mesh: &TriMesh, face: &Face) -> Option<Self> {
        let lying = mesh.posed(&Pose { rotation: *face, translation: [0.0; 3] });
        let bounds = lying.bounds()?;
        let plan: Vec<Point> = lying.vertices.iter().map(|v| [v.x, v.y]).collect();
        let hull = convex_hull(&plan);
        let regions = silhouette(&lying);
        if regions.is_empty() || validate_ring(&hull).is_err() {
            return None;
        }
        let area = regions.iter().map(Polygon::area).sum();
        let (outline, holes, margin) = outline(hull, regions);
        let [low, height] = [bounds.min[2], bounds.size()[2]];
        Some(Self { face: *face, low, height, outline, holes, margin, area })
    }
}

/// The outline, its holes, and how exact they are. Islands share a hull; a silhouette that is its
/// own hull is taken from the corners of the mesh, so that what fits exactly fits.
fn outline(hull: Vec<Point>, mut regions: Vec<Polygon>) -> (Vec<Point>, Vec<Vec<Point>>, f64) {
    let filled = ring_area(&regions[0].outer);
    let convex = ring_area(&hull) - filled <= 1e-6 * filled;
    let region = (regions.len() == 1).then(|| regions.swap_remove(0));
    match region {
        Some(region) if convex => (hull, simple(region.holes), 0.0),
        Some(region) => {
            let holes = simple(region.holes);
            let closed = vec![vec![region.outer.clone()]]
                .outline(&OutlineStyle::new(CLOSING_MM).line_join(LineJoin::Miter(0.1)));
            let closed = closed.into_iter().flatten().next();
            let found =
                std::iter::once(region.outer).chain(closed).find(|r| validate_ring(r).is_ok());
            match found {
                Some(ring) => (ring, holes, ROUNDING_MM),
                None => (hull, Vec::new(), 0.0),
            }
        }
        None => (hull, Vec::new(), 0.0),
    }
}

fn simple(mut holes: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
    holes.retain(|hole| validate_ring(hole).is_ok());
    holes
}
