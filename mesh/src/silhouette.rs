//! The shadow of a mesh along z.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use self::noded::noded;
use crate::weld::mix;
use crate::{Polygon, TriMesh};

/// Steps of the grid in a mm: 2¹⁶, that is 15 nm.
const STEPS: f64 = 65536.0;
/// Greatest coordinate of the grid that the union is exact for.
const REACH: f64 = ((1_i64 << 30) - 1) as f64;
/// Holes and islands smaller than this are noise of rounding, mm².
const NOISE_MM2: f64 = 1e-6;

/// The union of the projections of all triangles along z, holes kept; largest region first.
///
/// Points are rounded to a grid of 2⁻¹⁶ mm (of a coarser power of two for coordinates beyond
/// 16 m). Points up to four steps apart become one and edges are bent on to points up to four
/// steps beside them, which is within what single precision leaves of straight walls; without
/// it, rims of walls cross in thousands of places. The outline lies within ten steps (0.15 µm)
/// of the true one, and rounding of crossings, on either side; whoever needs it outside adds
/// that.
/// Holes and islands below 1e-6 mm² are left out.
///
/// For a closed mesh, the triangles that face upwards cover the whole shadow. How often they
/// cover a point is the winding number of the border of that set of triangles, so only border
/// edges take part in the union: its cost depends on the outline, not on the triangles.
pub fn silhouette(mesh: &TriMesh) -> Vec<Polygon> {
    let reach = mesh.vertices.iter().flat_map(|v| [v.x.abs(), v.y.abs()]).fold(0.0, f64::max);
    if mesh.triangles.is_empty() || !reach.is_finite() {
        return Vec::new();
    }
    let mut steps = STEPS;
    while reach * steps > REACH {
        steps /= 2.0;
    }
    let mut grid: Vec<[i32; 2]> = mesh
        .vertices
        .iter()
        .map(|v| [(v.x * steps).round() as i32, (v.y * steps).round() as i32])
        .collect();
    let border = noded(&directed_edges(mesh, &grid), &mut grid);
    let loops = border_loops(border);
    let points = loops.iter().map(Vec::len).sum();
    let options = IntOverlayOptions { min_output_area: 0, ..Default::default() };
    let mut overlay = Overlay::<i32>::new_custom(points, options, Default::default());
    for ring in &loops {
        let path = ring.iter().map(|&v| IntPoint::new(grid[v as usize][0], grid[v as usize][1]));
        overlay.add_path_iter(path, ShapeType::Subject);
    }
    let shapes = overlay.overlay(OverlayRule::Subject, FillRule::Positive);
    let mut regions: Vec<Polygon> = shapes
        .into_iter()
        .filter_map(|shape| {
            let mut rings = shape.into_iter().map(|ring| {
                ring.iter()
                    .map(|p| [f64::from(p.x) / steps, f64::from(p.y) / steps])
                    .collect::<Vec<_>>()
            });
            let outer = rings.next()?;
            let holes = rings.filter(|h| crate::ring_area(h).abs() > NOISE_MM2).collect();
            (crate::ring_area(&outer) > NOISE_MM2).then_some(Polygon { outer, holes })
        })
        .collect();
    regions.sort_by(|a, b| {
        b.area().total_cmp(&a.area()).then_with(|| {
            a.outer[0][0].total_cmp(&b.outer[0][0]).then(a.outer[0][1].total_cmp(&b.outer[0][1]))
        })
    });
    regions
}

/// Directed border edges of the triangles that cover the shadow, seen from above counter-
/// clockwise. Facing is decided on the grid, so that rounding turns no triangle over.
fn directed_edges(mesh: &TriMesh, grid: &[[i32; 2]]) -> Vec<(u32, u32)> {
    let closed = is_closed(mesh);
    let mut edges = Vec::new();
    for &[a, b, c] in &mesh.triangles {
        let [p, q, r] = [a, b, c].map(|v| grid[v as usize].map(i128::from));
        let twice = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
        if twice > 0 {
            edges.extend([(a, b), (b, c), (c, a)]);
        } else if twice < 0 && !closed {
            edges.extend([(a, c), (c, b), (b, a)]);
        }
    }
    cancelled(edges)
}

/// Edges less those that cancel with their reverse.
fn cancelled(mut edges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    let key = |&(a, b): &(u32, u32)| (a.min(b), a.max(b));
    edges.sort_unstable_by_key(|e| (key(e), e.0));
    let mut border = Vec::new();
    for same in edges.chunk_by(|x, y| key(x) == key(y)) {
        let (a, b) = key(&same[0]);
        let forward = same.iter().filter(|e| e.0 == a).count();
        let backward = same.len() - forward;
        for _ in backward..forward {
            border.push((a, b));
        }
        for _ in forward..backward {
            border.push((b, a));
        }
    }
    border
}

/// Whether every edge is run through as often in one direction as in the other. Compared are
/// sums of hashes of the edges: equal by chance once in 2⁶⁴ open meshes.
fn is_closed(mesh: &TriMesh) -> bool {
    let sum = mesh.triangles.iter().fold(0_u64, |sum, t| {
        (0..3).fold(sum, |sum, k| {
            let (a, b) = (t[k], t[(k + 1) % 3]);
            let hash = mix((u64::from(a.min(b)) << 32) | u64::from(a.max(b)));
            if a < b { sum.wrapping_add(hash) } else { sum.wrapping_sub(hash) }
        })
    });
    sum == 0
}

/// Closed walks that use every edge once. They exist because as many edges end in each vertex as
/// begin there.
fn border_loops(mut edges: Vec<(u32, u32)>) -> Vec<Vec<u32>> {
    edges.sort_unstable();
    let begins = |v: u32| edges.partition_point(|e| e.0 < v);
    let mut used = vec![false; edges.len()];
    // The next edge to try from the first edge of each vertex.
    let mut next: Vec<usize> = (0..edges.len()).collect();
    let mut loops = Vec::new();
    for start in 0..edges.len() {
        if used[start] {
            continue;
        }
        let mut ring = Vec::new();
        let mut at = edges[start].0;
        loop {
            let first = begins(at);
            let Some(slot) = next.get_mut(first) else { break };
            while *slot < edges.len() && edges[*slot].0 == at && used[*slot] {
                *slot += 1;
            }
            let edge = *slot;
            if edge >= edges.len() || edges[edge].0 != at {
                break;
            }
            used[edge] = true;
            ring.push(at);
            at = edges[edge].1;
        }
        loops.push(ring);
    }
    loops
}

mod noded;
#[cfg(test)]
mod tests;
