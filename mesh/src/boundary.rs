//! Holes of a surface: loops of open edges.

use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::TriMesh;
use crate::topology::Topology;

/// A loop of open edges, in the sense of the triangles at it: the hole lies on its right.
pub(crate) struct Loop {
    /// Its vertices, each once.
    pub(crate) vertices: Vec<u32>,
}

impl Loop {
    /// Its edges' length together, mm.
    pub(crate) fn length(&self, mesh: &TriMesh) -> f64 {
        let point = |i: usize| mesh.vertices[self.vertices[i % self.vertices.len()] as usize];
        (0..self.vertices.len()).map(|i| (point(i + 1) - point(i)).norm()).sum()
    }

    /// Area of its projection along its mean normal, mm².
    pub(crate) fn area(&self, mesh: &TriMesh) -> f64 {
        self.normal_times_area(mesh).norm()
    }

    /// Mean normal (Newell), as long as the area; towards the side that is outside.
    pub(crate) fn normal_times_area(&self, mesh: &TriMesh) -> Vector3<f64> {
        let origin = mesh.vertices[self.vertices[0] as usize];
        let point = |i: usize| mesh.vertices[self.vertices[i % self.vertices.len()] as usize];
        let sum: Vector3<f64> = (0..self.vertices.len())
            .map(|i| (point(i + 1) - origin).cross(&(point(i) - origin)))
            .sum();
        sum / 2.0
    }
}

/// The holes of a mesh, each a loop that passes no vertex twice; open edges that lead nowhere
/// (beside edges with too many triangles) are in none.
pub(crate) fn loops(mesh: &TriMesh, topology: &Topology) -> Vec<Loop> {
    rims(mesh, topology).iter().flat_map(Rim::loops).collect()
}

/// A walk along open edges, in the sense of the triangles at them.
pub(crate) struct Rim {
    /// Its vertices; the last is not the first.
    pub(crate) vertices: Vec<u32>,
    /// Whether an edge leads from the last vertex to the first.
    pub(crate) closed: bool,
}

impl Rim {
    /// The loops of the walk: it is cut where it comes to a vertex again.
    pub(crate) fn loops(&self) -> Vec<Loop> {
        let mut loops = Vec::new();
        let mut path: Vec<u32> = Vec::new();
        // Where on the path a vertex is.
        let mut place: BTreeMap<u32, usize> = BTreeMap::new();
        let back = self.vertices.first().filter(|_| self.closed);
        for &v in self.vertices.iter().chain(back) {
            if let Some(&i) = place.get(&v) {
                let vertices: Vec<u32> = path.drain(i..).collect();
                for v in &vertices {
                    place.remove(v);
                }
                if vertices.len() > 2 {
                    loops.push(Loop { vertices });
                }
            }
            place.insert(v, path.len());
            path.push(v);
        }
        loops
    }
}

/// The walks along all open edges, each of which is in one. Around a gap of the surface a walk
/// goes on at the next triangle beyond the gap, so that it may pass a vertex several times.
pub(crate) fn rims(mesh: &TriMesh, topology: &Topology) -> Vec<Rim> {
    // Open edges by the vertex they begin at.
    let mut out: Vec<(u32, u32)> = topology
        .irregular_edges()
        .filter(|edge| edge.len() == 1)
        .map(|edge| {
            let (low, high) = edge[0].edge;
            if edge[0].forward { (low, high) } else { (high, low) }
        })
        .collect();
    out.sort_unstable();
    let next = following(mesh, &out);
    let mut led_to = vec![false; out.len()];
    for &e in next.iter().flatten() {
        led_to[e as usize] = true;
    }
    // Walks with an end begin where no edge leads to, the others anywhere.
    let mut firsts: Vec<usize> = (0..out.len()).filter(|&e| !led_to[e]).collect();
    firsts.extend((0..out.len()).filter(|&e| led_to[e]));
    let mut used = vec![false; out.len()];
    let mut rims = Vec::new();
    for first in firsts {
        if used[first] {
            continue;
        }
        let mut rim = Rim { vertices: Vec::new(), closed: false };
        let mut e = first;
        loop {
            used[e] = true;
            rim.vertices.push(out[e].0);
            match next[e].map(|e| e as usize) {
                Some(following) if following == first => rim.closed = true,
                Some(following) => {
                    e = following;
                    continue;
                }
                None => rim.vertices.push(out[e].1),
            }
            break;
        }
        rims.push(rim);
    }
    rims
}

/// For each open edge the one that follows it around the gap; no edge follows two.
fn following(mesh: &TriMesh, out: &[(u32, u32)]) -> Vec<Option<u32>> {
    let begins = |v: u32| out.partition_point(|&(a, _)| a < v);
    let at = |v: u32| out[begins(v)..].iter().take_while(move |&&(a, _)| a == v).count();
    let mut next = vec![None; out.len()];
    // Edges into vertices at which several begin, by vertex.
    let mut forked: Vec<(u32, u32)> = Vec::new();
    let mut taken = vec![false; out.len()];
    for (e, &(_, to)) in (0..).zip(out) {
        match at(to) {
            0 => {}
            1 => {
                let following = begins(to);
                if !std::mem::replace(&mut taken[following], true) {
                    next[e as usize] = Some(following as u32);
                }
            }
            _ => forked.push((to, e)),
        }
    }
    forked.sort_unstable();
    let normals = normals(mesh, &forked);
    for (group, normal) in forked.chunk_by(|a, b| a.0 == b.0).zip(normals) {
        let v = group[0].0;
        let first = begins(v) as u32;
        let mut around: Vec<(f64, bool, u32)> = Vec::new();
        let turn = turn_about(mesh, v, normal);
        around.extend(group.iter().map(|&(_, e)| (turn(out[e as usize].0), true, e)));
        let leaving = first..first + at(v) as u32;
        around.extend(leaving.map(|e| (turn(out[e as usize].1), false, e)));
        pair_around(&mut around, &mut next);
    }
    next
}

/// Pairs the open edges at a vertex, given by angle about the normal there, whether they end in
/// it, and number: a gap begins at an edge that ends there and lies counter-clockwise of it, up
/// to one that begins there. Where the surface folds over itself, gaps nest as brackets do.
fn pair_around(around: &mut [(f64, bool, u32)], next: &mut [Option<u32>]) {
    around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut begun: Vec<u32> = Vec::new();
    let mut left: Vec<u32> = Vec::new();
    for &(_, ends, e) in around.iter() {
        if ends {
            begun.push(e);
        } else if let Some(from) = begun.pop() {
            next[from as usize] = Some(e);
        } else {
            left.push(e);
        }
    }
    // Gaps over the angle the circle begins at.
    for (e, from) in left.into_iter().zip(begun.into_iter().rev()) {
        next[from as usize] = Some(e);
    }
}

/// Mean normals of the surface at the vertices of ascending groups.
fn normals(mesh: &TriMesh, forked: &[(u32, u32)]) -> Vec<Vector3<f64>> {
    let vertices: Vec<u32> = forked.chunk_by(|a, b| a.0 == b.0).map(|group| group[0].0).collect();
    let mut normals = vec![Vector3::zeros(); vertices.len()];
    each_corner_at(mesh, &vertices, |i, t, k| {
        normals[i] += normal_by_angle(mesh, t, k);
    });
    normals
}

/// Visits the corners at some vertices, ascending: number of the vertex among those, triangle,
/// corner.
pub(crate) fn each_corner_at(
    mesh: &TriMesh,
    vertices: &[u32],
    mut visit: impl FnMut(usize, u32, usize),
) {
    if vertices.is_empty() {
        return;
    }
    // One bit a vertex stays in the nearest cache.
    let mut marked = vec![0_u64; mesh.vertices.len().div_ceil(64)];
    for &v in vertices {
        marked[v as usize / 64] |= 1 << (v % 64);
    }
    for (t, tri) in (0..).zip(&mesh.triangles) {
        for (k, &v) in tri.iter().enumerate() {
            if marked[v as usize / 64] >> (v % 64) & 1 == 1
                && let Ok(i) = vertices.binary_search(&v)
            {
                visit(i, t, k);
            }
        }
    }
}

/// The unit normal of a triangle times its angle at a corner, radians; zero without area.
pub(crate) fn normal_by_angle(mesh: &TriMesh, t: u32, k: usize) -> Vector3<f64> {
    let corners = mesh.corners(t as usize);
    let (u, v) = (corners[(k + 1) % 3] - corners[k], corners[(k + 2) % 3] - corners[k]);
    let normal = u.cross(&v);
    normal.try_normalize(0.0).map_or_else(Vector3::zeros, |n| n * normal.norm().atan2(u.dot(&v)))
}

/// The angle of a vertex about a normal at `v`, radians.
fn turn_about(mesh: &TriMesh, v: u32, normal: Vector3<f64>) -> impl Fn(u32) -> f64 {
    let normal = normal.try_normalize(0.0).unwrap_or_else(Vector3::z);
    let helper = if normal.x.abs() < 0.6 { Vector3::x() } else { Vector3::y() };
    let x = normal.cross(&helper).normalize();
    let y = normal.cross(&x);
    let middle = mesh.vertices[v as usize];
    move |u: u32| {
        let off = mesh.vertices[u as usize] - middle;
        off.dot(&y).atan2(off.dot(&x))
    }
}

#[cfg(test)]
mod tests;
