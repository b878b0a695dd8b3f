//! Surfaces that run through themselves or one another, rebuilt around what they enclose.
//!
//! Enclosed is where the winding number is at least 1 (3MF core specification, positive fill
//! rule). Where triangles cross in general position, only they are divided along their
//! intersections, and the pieces inside dropped: the rest of the mesh stays as it is. Where
//! they touch or overlap in one plane, a library rebuilds the shells concerned. Either result is
//! taken only if it closes and nothing in it meets any more.

mod arrange;
mod library;
mod patches;

use super::lookup::Lookup;
use super::{Effect, NEW, Work};
use crate::TriMesh;
use crate::inspect::{Crossings, EdgeCounts};
use crate::shells::Shells;
use crate::topology::{Sets, Topology};

/// A mesh and where its triangles come from.
struct Traced {
    mesh: TriMesh,
    origin: Vec<u32>,
}

/// Resolves overlaps of a surface that closes; others enclose nothing.
pub(super) fn overlaps(work: &mut Work) -> Option<Effect> {
    let topology = work.take_topology();
    let shells = Shells::new(&work.mesh, &topology);
    let closes = EdgeCounts::new(&topology).closes();
    work.keep_topology(topology);
    let crossings = work.crossings();
    if !closes || (crossings.through.is_empty() && shells.list.len() < 2) {
        return None;
    }
    let before = work.mesh.triangles.len();
    let mut failed = 0;
    let clusters = clusters(&shells, &crossings);
    if !clusters.is_empty() {
        let mut taken = vec![false; shells.list.len()];
        let mut results = Vec::new();
        let lookup = Lookup::new(work);
        for cluster in &clusters {
            match resolve(work, &lookup, &shells, cluster) {
                Some(result) => {
                    cluster.shells.iter().for_each(|&s| taken[s] = true);
                    results.push(result);
                }
                None => failed += 1,
            }
        }
        drop(lookup);
        if !results.is_empty() {
            work.retain(|t| !taken[shells.number[t as usize] as usize]);
            results.into_iter().for_each(|result| append(work, result));
        }
    }
    let internal = patches::drop_internal(work);
    if failed > 0 {
        work.review.push("surfaces that run through one another could not be resolved".to_owned());
    }
    work.resolved = failed == 0;
    let new = work.origin.iter().filter(|&&o| o == NEW).count();
    if failed == clusters.len() && internal == 0 {
        return None;
    }
    let text = format!(
        "surfaces that ran through one another became one in {} places; {internal} bodies within \
         others were left out",
        clusters.len() - failed,
    );
    let triangles = new + before.saturating_sub(work.mesh.triangles.len() - new);
    Some(Effect { triangles, hausdorff_mm: Some(1e-9), text })
}

/// Shells that run through one another, and the pairs of triangles that do.
struct Cluster {
    shells: Vec<usize>,
    pairs: Vec<[u32; 2]>,
}

fn clusters(shells: &Shells, crossings: &Crossings) -> Vec<Cluster> {
    let shell = |t: u32| shells.number[t as usize];
    let mut sets = Sets::new(shells.list.len());
    let mut involved = vec![false; shells.list.len()];
    for &[a, b] in &crossings.through {
        sets.join(shell(a), shell(b));
        involved[shell(a) as usize] = true;
        involved[shell(b) as usize] = true;
    }
    let (number, count) = sets.numbered();
    let mut clusters: Vec<Cluster> =
        (0..count).map(|_| Cluster { shells: Vec::new(), pairs: Vec::new() }).collect();
    for s in (0..shells.list.len()).filter(|&s| involved[s]) {
        clusters[number[s] as usize].shells.push(s);
    }
    for &pair in &crossings.through {
        clusters[number[shell(pair[0]) as usize] as usize].pairs.push(pair);
    }
    clusters.retain(|c| !c.shells.is_empty());
    clusters
}

/// Resolves one cluster; `None` if neither way gives a sound surface.
fn resolve(work: &Work, lookup: &Lookup<'_>, shells: &Shells, cluster: &Cluster) -> Option<Traced> {
    let mut triangles: Vec<u32> =
        cluster.shells.iter().flat_map(|&s| &shells.list[s].triangles).copied().collect();
    triangles.sort_unstable();
    let part = extract(work, &triangles);
    let pairs: Vec<[u32; 2]> = cluster
        .pairs
        .iter()
        .map(|pair| pair.map(|t| triangles.partition_point(|&o| o < t) as u32))
        .collect();
    let inside = |t: u32| cluster.shells.contains(&(shells.number[t as usize] as usize));
    let sound = |result: &Traced| sound(work, result);
    arrange::divided(&part, &pairs)
        .and_then(|divided| {
            // The winding numbers are those of the surface before it was divided.
            let front = |place: [f64; 3], piece: u32| {
                let parent = triangles[divided.parent[piece as usize] as usize];
                lookup.winding(place, |t| t != parent && inside(t))
            };
            let around = |place: [f64; 3]| lookup.winding(place, &inside);
            patches::outer(divided.traced, &front, &around)
        })
        .filter(sound)
        .or_else(|| library::rebuilt(&part.mesh).filter(sound))
}

/// Whether a surface closes without edges of more than two triangles, and nothing new in it runs
/// through anything.
fn sound(work: &Work, result: &Traced) -> bool {
    !result.mesh.triangles.is_empty()
        && Topology::new(&result.mesh).irregular_edges().next().is_none()
        && Lookup::of(&result.mesh, &result.origin, &work.tree, work.came)
            .crossings_of_fresh()
            .through
            .is_empty()
}

/// Some triangles as a mesh of their own.
fn extract(work: &Work, triangles: &[u32]) -> Traced {
    let mut index = vec![u32::MAX; work.mesh.vertices.len()];
    let mut part = Traced { mesh: TriMesh::default(), origin: Vec::new() };
    for &t in triangles {
        let tri = work.mesh.triangles[t as usize].map(|v| {
            if index[v as usize] == u32::MAX {
                index[v as usize] = part.mesh.vertices.len() as u32;
                part.mesh.vertices.push(work.mesh.vertices[v as usize]);
            }
            index[v as usize]
        });
        part.mesh.triangles.push(tri);
        part.origin.push(work.origin[t as usize]);
    }
    part
}

/// Appends a result.
fn append(work: &mut Work, result: Traced) {
    work.mesh.append(&result.mesh);
    work.origin.extend(result.origin);
}
