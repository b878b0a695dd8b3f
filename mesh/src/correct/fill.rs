//! Holes, filled.

use super::triangulate::triangulate;
use super::{Effect, Work};
use crate::boundary::{Loop, loops};

/// A hole longer than this share of the model is filled, but a person should look at it.
const LARGE: f64 = 0.1;

/// No point within a loop is further from the loop than this share of its extent (Jung 1901, in
/// space: √(3/8)).
const JUNG: f64 = 0.612_372_435_695_794_5;

/// Fills every hole: flat ones by their plane, others by the surface of least area.
pub(super) fn holes(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let holes = loops(&work.mesh, &topology);
    if holes.is_empty() {
        work.keep_topology(topology);
        return None;
    }
    let before = work.mesh.triangles.len() as u32;
    let size = work.mesh.bounds().map_or(0.0, |b| diagonal(b.size()));
    let (mut triangles, mut off, mut large) = (0, 0.0_f64, 0);
    for hole in &holes {
        let reach = reach(work, hole);
        off = off.max(JUNG * reach);
        large += usize::from(reach > LARGE * size);
        triangles += fill(work, hole);
    }
    let added: Vec<u32> = (before..work.mesh.triangles.len() as u32).collect();
    work.changed(topology, &added);
    if large > 0 {
        let what = if large == 1 { "a large hole was" } else { "large holes were" };
        work.review.push(format!("{what} filled; look whether the shape is as it was meant"));
    }
    let text = format!("{} holes were filled", holes.len());
    Some(Effect { triangles, hausdorff_mm: Some(off), text })
}

/// Fills one; gives the number of triangles added.
fn fill(work: &mut Work, hole: &Loop) -> usize {
    // The hole's own surface runs against the triangles around it.
    let rim: Vec<u32> = hole.vertices.iter().rev().copied().collect();
    let points: Vec<_> = rim.iter().map(|&v| work.mesh.vertices[v as usize]).collect();
    let patch = triangulate(&points);
    for t in &patch {
        work.push(t.map(|i| rim[i as usize]));
    }
    patch.len()
}

/// Longest extent of a hole's box, mm.
fn reach(work: &Work, hole: &Loop) -> f64 {
    let first = work.mesh.vertices[hole.vertices[0] as usize];
    let (mut min, mut max) = (first, first);
    for &v in &hole.vertices {
        min = min.inf(&work.mesh.vertices[v as usize]);
        max = max.sup(&work.mesh.vertices[v as usize]);
    }
    diagonal((max - min).into())
}

fn diagonal(size: [f64; 3]) -> f64 {
    size.iter().map(|x| x * x).sum::<f64>().sqrt()
}
