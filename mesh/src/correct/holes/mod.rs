//! Holes, filled.

mod least;
mod outline;
mod plane;
mod refine;
#[cfg(test)]
mod tests;

use std::ops::Range;

use nalgebra::{Point3, Vector3};

use super::lookup::Lookup;
use super::{Effect, Work};
use crate::TriMesh;
use crate::boundary::{Rim, rims};
use outline::{Edges, Outline};

/// A hole longer than this share of the model is filled, but a person should look at it.
const LARGE: f64 = 0.1;

/// No point within a loop is further from the loop than this share of its extent (Jung 1901, in
/// space: √(3/8)).
const JUNG: f64 = 0.612_372_435_695_794_5;

/// All refined surfaces together have at most so many points for a triangle of the model.
const FINE: usize = 2;

/// A surface over an outline.
struct Patch {
    /// Its triangles in the sense of the outline: numbers of points on it, and beyond those of
    /// `points`.
    triangles: Vec<[u32; 3]>,
    /// Points within the outline.
    points: Vec<Point3<f64>>,
}

/// Fills every hole: flat ones in their plane, others by the tightest surface over them with
/// triangles as large as those around.
pub(super) fn holes(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let rims = rims(&work.mesh, &topology);
    if rims.is_empty() {
        work.keep_topology(topology);
        return None;
    }
    let mut edges = Edges::new(&work.mesh, &topology);
    let (triangles, vertices) = (work.mesh.triangles.len(), work.mesh.vertices.len());
    let mut filled = fill(work, &rims, &mut edges, &[]);
    if filled.fine.iter().any(|f| !f.is_empty()) {
        let coarse = crossing(work, &filled.fine);
        if !coarse.is_empty() {
            work.mesh.triangles.truncate(triangles);
            work.mesh.vertices.truncate(vertices);
            work.origin.truncate(triangles);
            edges.forget_added();
            filled = fill(work, &rims, &mut edges, &coarse);
        }
    }
    let added: Vec<u32> = (triangles as u32..work.mesh.triangles.len() as u32).collect();
    let triangles = added.len();
    work.changed(topology, &added);
    if filled.large > 0 {
        let what = if filled.large == 1 { "a large hole was" } else { "large holes were" };
        work.review.push(format!("{what} filled; look whether the shape is as it was meant"));
    }
    let fine = filled.fine.iter().filter(|f| !f.is_empty()).count();
    let text = format!(
        "{} holes were filled, {fine} of them with triangles as small as those around",
        filled.fine.len(),
    );
    let hausdorff_mm = Some(JUNG * filled.reach);
    (triangles > 0).then_some(Effect { triangles, hausdorff_mm, text })
}

/// What was filled.
#[derive(Default)]
struct Filled {
    /// For each hole the triangles of its surface if it is refined, else an empty range.
    fine: Vec<Range<u32>>,
    /// Number of large holes.
    large: usize,
    /// The longest reach of a hole, mm.
    reach: f64,
}

/// Fills all holes, those in `coarse` (ascending) without refinement.
fn fill(work: &mut Work, rims: &[Rim], edges: &mut Edges, coarse: &[usize]) -> Filled {
    let size = work.mesh.bounds().map_or(0.0, |b| diagonal(b.size()));
    let mut filled = Filled::default();
    let (came, mut refined) = (work.mesh.triangles.len(), 0);
    for rim in rims {
        for outline in outlines(&work.mesh, rim, edges) {
            let mut patch = cover(&outline, edges);
            let fine = if coarse.binary_search(&filled.fine.len()).is_ok() {
                None
            } else {
                let most = (FINE * (came + outline.len())).saturating_sub(refined);
                fine(&outline, &patch, edges, most)
            };
            let first = work.mesh.triangles.len() as u32;
            let is_fine = fine.is_some();
            refined += fine.as_ref().map_or(0, |patch| patch.points.len());
            patch = fine.unwrap_or(patch);
            add(work, &outline, &patch, edges);
            let last = if is_fine { work.mesh.triangles.len() as u32 } else { first };
            filled.fine.push(first..last);
            let reach = reach(&outline.points);
            filled.reach = filled.reach.max(reach);
            filled.large += usize::from(reach > LARGE * size);
        }
    }
    filled
}

/// The refined patch over a hole, of so many points at most, unless the hole is flat or its patch
/// needs none.
fn fine(outline: &Outline, patch: &Patch, edges: &Edges, most: usize) -> Option<Patch> {
    if outline.len() == 3 || plane::is_flat(&outline.points) || outline.is_pinched() {
        return None;
    }
    refine::refined(outline, patch, edges, most)
}

/// Numbers of refined holes whose triangles run through others.
fn crossing(work: &Work, fine: &[Range<u32>]) -> Vec<usize> {
    let crossings = Lookup::new(work).crossings_of_fresh(&work.mesh);
    let hole = |t: u32| {
        let i = fine.partition_point(|range| range.start <= t);
        (0..i).rev().find(|&i| !fine[i].is_empty()).filter(|&i| fine[i].contains(&t))
    };
    let mut holes: Vec<usize> =
        crossings.through.iter().flatten().filter_map(|&t| hole(t)).collect();
    holes.sort_unstable();
    holes.dedup();
    holes
}

/// The outlines that a walk along open edges is made of: the whole walk, where the surface over
/// it is smaller than those over the loops it is cut into where it passes a vertex again.
fn outlines(mesh: &TriMesh, rim: &Rim, edges: &Edges) -> Vec<Outline> {
    let loops = rim.loops();
    let parts: Vec<Outline> =
        loops.iter().map(|part| Outline::new(mesh, edges, &part.vertices)).collect();
    let simple = parts.len() == 1 && parts[0].len() == rim.vertices.len();
    if simple || !rim.closed || rim.vertices.len() > least::LONGEST {
        return parts;
    }
    let whole = Outline::new(mesh, edges, &rim.vertices);
    let (triangles, cost) = least::best(&whole, edges);
    let apart: f64 = parts.iter().map(|part| least::best(part, edges).1.area).sum();
    let sound = cost.forbidden == 0 && each_edge_once(&whole, &triangles);
    if sound && cost.area < apart { vec![whole] } else { parts }
}

/// Whether no two edges of a surface over a pinched outline run between the same vertices.
fn each_edge_once(outline: &Outline, triangles: &[[u32; 3]]) -> bool {
    let mut sides: Vec<(u32, u32)> = triangles
        .iter()
        .flat_map(|t| (0..3).map(|k| (t[k], t[(k + 1) % 3])))
        .map(|(i, k)| (outline.vertices[i as usize], outline.vertices[k as usize]))
        .collect();
    sides.sort_unstable();
    sides.windows(2).all(|pair| pair[0] != pair[1])
}

/// A surface over an outline.
fn cover(outline: &Outline, edges: &Edges) -> Patch {
    let triangles = if outline.len() <= least::LONGEST {
        let (triangles, cost) = least::best(outline, edges);
        if cost.forbidden > 0 {
            return fan(outline);
        }
        triangles
    } else {
        plane::flat(&outline.points).unwrap_or_else(|| plane::ears(&outline.points))
    };
    Patch { triangles, points: Vec::new() }
}

/// All triangles to a point in the middle: uses no edge that may be there already.
fn fan(outline: &Outline) -> Patch {
    let n = outline.len() as u32;
    let sum: Vector3<f64> = outline.points.iter().map(|p| p.coords).sum();
    let triangles = (0..n).map(|i| [i, (i + 1) % n, n]).collect();
    Patch { triangles, points: vec![Point3::from(sum / f64::from(n))] }
}

/// Adds a patch to the mesh.
fn add(work: &mut Work, outline: &Outline, patch: &Patch, edges: &mut Edges) {
    let (n, next) = (outline.len() as u32, work.mesh.vertices.len() as u32);
    work.mesh.vertices.extend(&patch.points);
    let vertex = |i: u32| match outline.vertices.get(i as usize) {
        Some(vertex) => *vertex,
        None => next + (i - n),
    };
    for t in &patch.triangles {
        let tri = t.map(vertex);
        (0..3).for_each(|k| edges.insert(tri[k], tri[(k + 1) % 3]));
        work.push(tri);
    }
}

/// Longest extent of the box of points, mm.
fn reach(points: &[Point3<f64>]) -> f64 {
    let (mut min, mut max) = (points[0], points[0]);
    for p in points {
        min = min.inf(p);
        max = max.sup(p);
    }
    diagonal((max - min).into())
}

fn diagonal(size: [f64; 3]) -> f64 {
    size.iter().map(|x| x * x).sum::<f64>().sqrt()
}
