//! Surfaces that run through themselves or one another, rebuilt around what they enclose.
//!
//! Enclosed is where the winding number is at least 1 (3MF core specification, positive fill
//! rule). Where triangles cross in general position, only they are divided along their
//! intersections, and the pieces inside dropped: the rest of the mesh stays as it is. Where
//! they touch or overlap in one plane, a library rebuilds the shells concerned. Either result is
//! taken only if it closes and nothing in it meets any more.

mod arrange;
mod internal;
mod library;
mod patches;

use super::lookup::Lookup;
use super::{Effect, NEW, Work};
use crate::TriMesh;
use crate::inspect::{Crossings, EdgeCounts};
use crate::shells::Shells;
use crate::topology::{Sets, Topology};
use patches::Divided;

/// Resolves overlaps of a surface that closes; others enclose nothing.
pub(super) fn overlaps(work: &mut Work) -> Option<Effect> {
    let (topology, shells) = work.take_shells();
    if !EdgeCounts::new(&topology).closes() {
        work.keep_shells(topology, shells);
        return None;
    }
    let lookup = Lookup::new(work);
    let crossings = work.crossings_with(&lookup);
    if crossings.cut {
        let text = "too many triangles run through one another to be resolved";
        work.review.push(text.to_owned());
        work.keep_topology(topology);
        return None;
    }
    if crossings.through.is_empty() && shells.list.len() < 2 {
        work.keep_topology(topology);
        return None;
    }
    let clusters = clusters(&shells, &crossings);
    let before = work.mesh.triangles.len();
    let mut keep = vec![true; before];
    let mut failed = 0;
    for cluster in &clusters {
        let scene = Scene { topology: &topology, lookup: &lookup, shells: &shells, before };
        if !resolve(work, &scene, cluster, &mut keep) {
            failed += 1;
        }
    }
    let dropped = if keep.contains(&false) {
        work.replace(topology, before, &keep)
    } else {
        work.keep_shells(topology, shells);
        0
    };
    let added = work.mesh.triangles.len() + dropped - before;
    let internal = internal::drop_internal(work);
    if failed > 0 {
        work.review.push("surfaces that run through one another could not be resolved".to_owned());
    }
    work.resolved = failed == 0;
    if failed == clusters.len() && internal == 0 {
        return None;
    }
    let text = format!(
        "surfaces that ran through one another became one in {} places; {internal} bodies within \
         others were left out",
        clusters.len() - failed,
    );
    Some(Effect { triangles: dropped + added, hausdorff_mm: None, text })
}

/// What is known of the mesh before any cluster was resolved.
struct Scene<'a> {
    topology: &'a Topology,
    lookup: &'a Lookup,
    shells: &'a Shells,
    /// Number of triangles.
    before: usize,
}

/// Shells that run through one another, and the pairs of triangles that do.
struct Cluster {
    /// Ascending.
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

/// Resolves one cluster: adds triangles to the mesh and says which of all to keep. Tells whether
/// it could; if not, all stays as it was.
fn resolve(work: &mut Work, scene: &Scene<'_>, cluster: &Cluster, keep: &mut Vec<bool>) -> bool {
    for way in [divide, rebuild] {
        let (triangles, vertices) = (work.mesh.triangles.len(), work.mesh.vertices.len());
        if way(work, scene, cluster, keep).is_some() {
            return true;
        }
        work.mesh.triangles.truncate(triangles);
        work.origin.truncate(triangles);
        work.mesh.vertices.truncate(vertices);
        keep.truncate(triangles);
        for &t in cluster.shells.iter().flat_map(|&s| &scene.shells.list[s].triangles) {
            keep[t as usize] = true;
        }
    }
    false
}

/// Divides the triangles that cross and keeps the outer pieces.
fn divide(
    work: &mut Work,
    scene: &Scene<'_>,
    cluster: &Cluster,
    keep: &mut Vec<bool>,
) -> Option<()> {
    let first = work.mesh.triangles.len() as u32;
    let pieces = arrange::divided(&work.mesh, &cluster.pairs)?;
    work.mesh.vertices.extend(pieces.vertices);
    for &piece in &pieces.triangles {
        work.push(piece);
        keep.push(true);
    }
    let divided = Divided::new(first, &pieces.parents, cluster);
    patches::keep_outer(&work.mesh, scene, &divided, keep)?;
    sound(work, scene, first, keep).then_some(())
}

/// Lets the library rebuild the shells of a cluster.
fn rebuild(
    work: &mut Work,
    scene: &Scene<'_>,
    cluster: &Cluster,
    keep: &mut Vec<bool>,
) -> Option<()> {
    let size: usize = cluster.shells.iter().map(|&s| scene.shells.list[s].triangles.len()).sum();
    if size > library::MOST_TRIANGLES || cluster.pairs.len() > library::MOST_PAIRS {
        return None;
    }
    let mut part = TriMesh { vertices: work.mesh.vertices.clone(), triangles: Vec::new() };
    for &t in cluster.shells.iter().flat_map(|&s| &scene.shells.list[s].triangles) {
        part.triangles.push(work.mesh.triangles[t as usize]);
        keep[t as usize] = false;
    }
    super::drop::unused_vertices(&mut part);
    let rebuilt = library::rebuilt(&part)?;
    if Topology::new(&rebuilt).irregular_edges().next().is_some() {
        return None;
    }
    let first = work.mesh.triangles.len() as u32;
    work.mesh.append(&rebuilt);
    work.origin.resize(work.mesh.triangles.len(), NEW);
    keep.resize(work.mesh.triangles.len(), true);
    sound(work, scene, first, keep).then_some(())
}

/// Whether no triangle from `first` on runs through another one that is kept.
fn sound(work: &Work, scene: &Scene<'_>, first: u32, keep: &[bool]) -> bool {
    let new: Vec<u32> =
        (first..work.mesh.triangles.len() as u32).filter(|&t| keep[t as usize]).collect();
    scene.lookup.crossings_of(&work.mesh, new, |t| keep[t as usize]).through.is_empty()
}
