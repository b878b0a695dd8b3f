//! The cut of a mesh by a level plane, as a set of directed segments.

use platewright_mesh::TriMesh;
use rayon::prelude::*;

use super::slabs::{CutAreas, region_areas};

/// A directed segment, solid on its left, mm.
pub(super) type Segment = [[f64; 2]; 2];

/// The directed segments in which a level plane cuts meshes.
///
/// A vertex exactly on the plane counts as above it (simulation of simplicity, Edelsbrunner and
/// Mücke 1990): each triangle gives one segment or none, level faces give none, and the cut is
/// the limit of cuts just below.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    segments: Vec<Segment>,
}

impl Cut {
    /// Cuts meshes at the height `z`, all triangles of all of them, sound or not. Triangles that
    /// name no vertex or have coordinates that are not finite are left out.
    ///
    /// Takes time in proportion to the number of triangles.
    pub fn new<'a>(meshes: impl IntoIterator<Item = &'a TriMesh>, z: f64) -> Self {
        let mut segments = Vec::new();
        for mesh in meshes {
            for triangle in &mesh.triangles {
                let corners = triangle.map(|v| mesh.vertices.get(v as usize));
                if let [Some(a), Some(b), Some(c)] = corners {
                    segments.extend(cut_triangle([(*a).into(), (*b).into(), (*c).into()], z));
                }
            }
        }
        Self { segments }
    }

    /// The segments, from the first triangle to the last; solid is on their left.
    pub fn segments(&self) -> &[[[f64; 2]; 2]] {
        &self.segments
    }

    /// Half the sum of the cross products of the ends (Green's formula), mm²: the integral of the
    /// winding number, so that what two shells share counts twice. Means something only for
    /// closed surfaces.
    pub fn signed_area(&self) -> f64 {
        // About an end of the cut itself, since products of large coordinates cancel.
        let Some(&[[x, y], _]) = self.segments.first() else { return 0.0 };
        let cross = |[a, b]: &Segment| (a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y);
        self.segments.iter().map(cross).sum::<f64>() / 2.0
    }

    /// Length of all segments, mm.
    pub fn length(&self) -> f64 {
        self.segments.iter().map(|[a, b]| (b[0] - a[0]).hypot(b[1] - a[1])).sum()
    }

    /// Exact areas of the regions that the fill rules call solid.
    ///
    /// Takes O(n² ) time for n segments at worst, near to n times the segments across a line
    /// in practice.
    pub fn areas(&self) -> CutAreas {
        region_areas(&self.segments)
    }

    /// How often the segments wind around a point, counter-clockwise, counted along the way
    /// from far −x to the point. On a segment itself either side's number may come.
    pub fn winding(&self, [x, y]: [f64; 2]) -> i32 {
        let crossed = |[a, b]: &&Segment| {
            let between = (a[1] <= y) != (b[1] <= y);
            between && a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) < x
        };
        let turns = self.segments.iter().filter(crossed);
        turns.map(|[a, b]| if a[1] > b[1] { 1 } else { -1 }).sum()
    }
}

/// Areas of all `meshes` together at each of the `heights`, in their order.
pub fn layer_areas(meshes: &[TriMesh], heights: &[f64]) -> Vec<CutAreas> {
    heights.par_iter().map(|&z| Cut::new(meshes, z).areas()).collect()
}

/// The segment in which a triangle is cut.
fn cut_triangle(t: [[f64; 3]; 3], z: f64) -> Option<Segment> {
    if !t.iter().flatten().all(|c| c.is_finite()) {
        return None;
    }
    let (mut up, mut down) = (None, None);
    for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
        if (a[2] < z) && (b[2] >= z) {
            up = Some(crossing(a, b, z));
        } else if (b[2] < z) && (a[2] >= z) {
            down = Some(crossing(b, a, z));
        }
    }
    // Seen from above, an outward triangle that is left over its rising edge has the solid on
    // the left of the way from its falling edge to its rising one.
    Some([down?, up?])
}

/// Where the edge from `low`, below `z`, to `high`, not below, passes the height; the same bits
/// for both triangles of the edge.
fn crossing(low: [f64; 3], high: [f64; 3], z: f64) -> [f64; 2] {
    if high[2] == z {
        return [high[0], high[1]];
    }
    let s = (z - low[2]) / (high[2] - low[2]);
    [low[0] + s * (high[0] - low[0]), low[1] + s * (high[1] - low[1])]
}
