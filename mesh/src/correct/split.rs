//! Surfaces that touch along edges or in vertices, made separate there.

use nalgebra::Vector3;

use super::{Effect, Work};
use crate::TriMesh;
use crate::inspect::fans;
use crate::topology::{Side, Topology};

/// Separates bodies at edges with more than two triangles: around the edge, the two triangles
/// that bound the same wedge of solid become neighbours. Sides that bound none are left open.
pub(super) fn edges(work: &mut Work) -> Option<Effect> {
    let mut topology = work.take_topology();
    let edges: Vec<Vec<Side>> =
        topology.irregular_edges().filter(|e| e.len() > 1).map(<[Side]>::to_vec).collect();
    if edges.is_empty() {
        work.keep_topology(topology);
        return None;
    }
    let mut at = vec![false; work.mesh.vertices.len()];
    let mut triangles = 0;
    for edge in &edges {
        at[edge[0].edge.0 as usize] = true;
        at[edge[0].edge.1 as usize] = true;
        triangles += edge.len();
        for (a, b) in wedges(&work.mesh, edge) {
            topology.pair(a, b);
        }
    }
    if separate(&mut work.mesh, &topology, |v| at[v as usize]) == 0 {
        work.keep_topology(Topology::new(&work.mesh));
        return None;
    }
    let text = "bodies that touch along edges were separated".to_owned();
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Gives each fan of triangles around a vertex a vertex of its own.
pub(super) fn vertices(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let triangles = separate(&mut work.mesh, &topology, |_| true);
    if triangles == 0 {
        work.keep_topology(topology);
        return None;
    }
    let text = "surfaces that touch in a point were separated".to_owned();
    Some(Effect { triangles, hausdorff_mm: Some(0.0), text })
}

/// Splits vertices with several fans; gives the number of corners that got a new one.
fn separate(mesh: &mut TriMesh, topology: &Topology, at: impl Fn(u32) -> bool) -> usize {
    let fans = fans(mesh, topology);
    let mut first_copy = vec![0_u32; mesh.vertices.len()];
    for (v, (first, &fans)) in first_copy.iter_mut().zip(&fans.of_vertex).enumerate() {
        if fans > 1 && at(v as u32) {
            *first = mesh.vertices.len() as u32;
            let p = mesh.vertices[v];
            mesh.vertices.extend(std::iter::repeat_n(p, fans as usize - 1));
        }
    }
    let mut corners = 0;
    for (v, &fan) in mesh.triangles.as_flattened_mut().iter_mut().zip(&fans.of_corner) {
        let copy = first_copy[*v as usize];
        if fan > 0 && copy > 0 {
            *v = copy + fan - 1;
            corners += 1;
        }
    }
    corners
}

/// Pairs of sides that bound the same wedge of solid at an edge.
///
/// Around the edge (seen from its higher vertex), solid begins at a side that runs backward and
/// ends at one that runs forward, as brackets do.
fn wedges(mesh: &TriMesh, edge: &[Side]) -> Vec<(u32, u32)> {
    let (low, high) = edge[0].edge;
    let (from, to) = (mesh.vertices[low as usize], mesh.vertices[high as usize]);
    let axis = (to - from).normalize();
    let helper = if axis.x.abs() < 0.5 { Vector3::x() } else { Vector3::y() };
    let x = axis.cross(&helper).normalize();
    let y = axis.cross(&x);
    let mut around: Vec<(f64, bool, u32)> = edge
        .iter()
        .map(|side| {
            let tri = mesh.triangles[side.triangle as usize];
            let k = (0..3).find(|&k| tri[k] != low && tri[k] != high).unwrap_or(0);
            let w = mesh.vertices[tri[k] as usize] - from;
            let angle = w.dot(&y).atan2(w.dot(&x));
            // The side that ends in the corner after the opposite one.
            (angle, side.forward, 3 * side.triangle + ((k as u32 + 1) % 3))
        })
        .collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut pairs = Vec::new();
    let mut begun: Vec<u32> = Vec::new();
    // Twice around, because a wedge may reach over the angle the circle begins at.
    let mut done = vec![false; around.len()];
    for round in 0..2 {
        for (i, &(_, forward, side)) in around.iter().enumerate() {
            if done[i] {
                continue;
            }
            if !forward {
                if round == 0 {
                    begun.push(side);
                }
            } else if let Some(start) = begun.pop() {
                pairs.push((start, side));
                done[i] = true;
                if let Some(s) = around.iter().position(|a| a.2 == start) {
                    done[s] = true;
                }
            }
        }
    }
    pairs
}
