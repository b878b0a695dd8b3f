//! Edges of more than two triangles, divided so that contours neither cross nor branch there.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::{Point3, Vector3};

use crate::triangles::Triangles;

/// One side of a triangle, on an edge of more than two triangles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Side<V> {
    /// The edge.
    pub(crate) edge: u32,
    /// The triangle.
    pub(crate) triangle: u32,
    /// Whether the triangle runs the edge upward.
    pub(crate) rising: bool,
    /// Corner of the triangle that is not on the edge.
    pub(crate) opposite: V,
}

/// The copies of divided edges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies {
    /// The edge that each copy is of; copies are numbered after the edges.
    pub(crate) of: Vec<u32>,
    own: BTreeMap<(u32, u32), u32>,
}

impl Copies {
    /// The copy of an edge that is a triangle's own.
    pub(crate) fn own(&self, edge: u32, triangle: u32) -> u32 {
        self.own.get(&(edge, triangle)).copied().unwrap_or(edge)
    }
}

/// Divides edges of more than two triangles into copies of at most two, and tells the triangles
/// to be left out: of triangles with the same corners those that are there more than once, as
/// many turned one way as the other (two bodies that touch face to face are then one).
///
/// `ends` gives the vertices of an edge, the lower first; `edges` is the number of edges.
pub(crate) fn resolve<T: Triangles>(
    source: &T,
    mut sides: Vec<Side<T::Vertex>>,
    ends: impl Fn(u32) -> [T::Vertex; 2],
    edges: u32,
) -> (Copies, BTreeSet<u32>) {
    let left_out = repeated(source, &sides);
    sides.retain(|side| !left_out.contains(&side.triangle));
    sides.sort_by_key(|side| (side.edge, side.triangle));
    let mut copies = Copies::default();
    for fan in sides.chunk_by(|a, b| a.edge == b.edge) {
        let edge = fan[0].edge;
        let [low, high] = ends(edge).map(|v| Point3::from(source.place(v)));
        let mut first = true;
        for wedge in wedges(source, fan, low, high) {
            // The edge itself serves the first wedge.
            if !std::mem::take(&mut first) {
                let copy = edges + copies.of.len() as u32;
                copies.of.push(edge);
                copies.own.extend(wedge.iter().map(|side| ((edge, side.triangle), copy)));
            }
        }
    }
    (copies, left_out)
}

/// Triangles that are there more than once: as many turned one way as the other cancel out. Of
/// those left over in a set all but the first go too where the surface closes better without
/// them: where on each of their edges more triangles run their way than the other.
fn repeated<T: Triangles>(source: &T, sides: &[Side<T::Vertex>]) -> BTreeSet<u32> {
    let mut balance: BTreeMap<u32, i64> = BTreeMap::new();
    let mut edges: BTreeMap<u32, Vec<(u32, i64)>> = BTreeMap::new();
    for side in sides {
        let way = if side.rising { 1 } else { -1 };
        *balance.entry(side.edge).or_default() += way;
        edges.entry(side.triangle).or_default().push((side.edge, way));
    }
    let mut left_out = BTreeSet::new();
    for set in same_corners(source, edges.keys().copied()) {
        let even = set.iter().filter(|(even, _)| *even).count();
        let odd = set.len() - even;
        let mut left_over = even.abs_diff(odd);
        for (sense, t) in set {
            if sense != (even > odd) || left_over == 0 {
                left_out.insert(t);
                continue;
            }
            let own = &edges[&t];
            let surplus = own.iter().all(|(edge, way)| balance[edge] * way > 0);
            if left_over > 1 && surplus {
                for (edge, way) in own {
                    *balance.entry(*edge).or_default() -= way;
                }
                left_out.insert(t);
            }
            left_over -= 1;
        }
    }
    left_out
}

/// Sets of two and more triangles with the same corners, and whether each runs evenly around
/// its sorted corners.
fn same_corners<T: Triangles>(
    source: &T,
    triangles: impl Iterator<Item = u32>,
) -> impl Iterator<Item = Vec<(bool, u32)>> {
    let mut sets: BTreeMap<[T::Vertex; 3], Vec<(bool, u32)>> = BTreeMap::new();
    for t in triangles {
        let corners = source.corners(t);
        let mut sorted = corners;
        sorted.sort_unstable();
        let least = corners.iter().position(|v| *v == sorted[0]).expect("it is one of them");
        let even = corners[(least + 1) % 3] == sorted[1];
        sets.entry(sorted).or_default().push((even, t));
    }
    sets.into_values().filter(|set| set.len() > 1)
}

/// Pairs the sides of an edge so that each pair bounds one wedge of solid: bodies that touch
/// along an edge come apart, and winding is conserved. Sides without a partner stay alone.
fn wedges<T: Triangles>(
    source: &T,
    fan: &[Side<T::Vertex>],
    low: Point3<f64>,
    high: Point3<f64>,
) -> Vec<Vec<Side<T::Vertex>>> {
    let axis = high - low;
    let mut helper = Vector3::zeros();
    helper[axis.iamin()] = 1.0;
    let u = axis.cross(&helper);
    let v = axis.cross(&u) / axis.norm().max(f64::MIN_POSITIVE);
    let mut around: Vec<(f64, Side<T::Vertex>)> = fan
        .iter()
        .map(|&side| {
            let d = Point3::from(source.place(side.opposite)) - low;
            (d.dot(&v).atan2(d.dot(&u)), side)
        })
        .collect();
    around.sort_by(|(a, x), (b, y)| {
        a.total_cmp(b).then(x.rising.cmp(&y.rising)).then(x.triangle.cmp(&y.triangle))
    });
    // Solid lies after a falling side and before a rising one: brackets on a circle. Two rounds
    // of the stack close the brackets that span the seam.
    let n = around.len();
    let mut waiting: Vec<usize> = Vec::new();
    let mut joined = vec![false; n];
    let mut wedges = Vec::new();
    for k in 0..2 * n {
        let i = k % n;
        if joined[i] {
            continue;
        }
        if !around[i].1.rising {
            if k < n {
                waiting.push(i);
            }
        } else if let Some(open) = waiting.pop() {
            wedges.push(vec![around[open].1, around[i].1]);
            (joined[i], joined[open]) = (true, true);
        }
    }
    wedges.extend((0..n).filter(|&i| !joined[i]).map(|i| vec![around[i].1]));
    wedges
}
