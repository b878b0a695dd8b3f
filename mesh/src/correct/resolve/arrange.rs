//! Triangles divided along the curves in which they cross.

use std::collections::{BTreeMap, BTreeSet};

use nalgebra::Point3;
use robust::{Coord, Coord3D, orient2d, orient3d};
use spade::handles::FixedVertexHandle;
use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};

use crate::TriMesh;

/// Pieces of divided triangles.
pub(super) struct Pieces {
    /// New vertices, numbered after those of the mesh.
    pub(super) vertices: Vec<Point3<f64>>,
    /// The pieces.
    pub(super) triangles: Vec<[u32; 3]>,
    /// For each piece the triangle it is a piece of, ascending.
    pub(super) parents: Vec<u32>,
}

/// Divides the triangles of all pairs, so that surfaces meet in common edges; `None` if some
/// pair is not in general position.
pub(super) fn divided(mesh: &TriMesh, pairs: &[[u32; 2]]) -> Option<Pieces> {
    let mut crossing = Crossing::new(mesh);
    for pair in pairs {
        crossing.add(*pair)?;
    }
    crossing.meet_in_threes()?;
    let mut pieces = Pieces { vertices: Vec::new(), triangles: Vec::new(), parents: Vec::new() };
    let mut flat = Flat::default();
    for (&t, cuts) in &crossing.of_triangle {
        let chains: Vec<Vec<u32>> =
            cuts.iter().map(|&c| crossing.cuts[c as usize].chain()).collect();
        let tri = mesh.triangles[t as usize];
        crossing.divide(tri, &chains, &mut flat, &mut pieces.triangles)?;
        pieces.parents.resize(pieces.triangles.len(), t);
    }
    pieces.vertices = crossing.points;
    Some(pieces)
}

/// The segment in which two triangles cross.
struct Cut {
    pair: [u32; 2],
    /// The vertices at its ends.
    ends: (u32, u32),
    /// Vertices within it, with their place from the first end to the second.
    within: Vec<(f64, u32)>,
}

impl Cut {
    /// All vertices from end to end.
    fn chain(&self) -> Vec<u32> {
        let mut within = self.within.clone();
        within.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
        let mut chain = vec![self.ends.0];
        chain.extend(within.into_iter().map(|(_, vertex)| vertex));
        chain.push(self.ends.1);
        chain
    }
}

/// Points and segments in which triangles cross.
struct Crossing<'a> {
    mesh: &'a TriMesh,
    /// New vertices, numbered after those of the mesh.
    points: Vec<Point3<f64>>,
    /// The new vertex in which an edge passes through a triangle.
    known: BTreeMap<((u32, u32), u32), u32>,
    /// New vertices on an edge, with their place from its lower to its higher vertex.
    on_edge: BTreeMap<(u32, u32), Vec<(f64, u32)>>,
    /// Segments in which triangles cross.
    cuts: Vec<Cut>,
    /// Numbers of the cuts of each triangle.
    of_triangle: BTreeMap<u32, Vec<u32>>,
}

impl<'a> Crossing<'a> {
    fn new(mesh: &'a TriMesh) -> Self {
        Self {
            mesh,
            points: Vec::new(),
            known: BTreeMap::new(),
            on_edge: BTreeMap::new(),
            cuts: Vec::new(),
            of_triangle: BTreeMap::new(),
        }
    }

    /// Adds a pair of triangles.
    fn add(&mut self, [a, b]: [u32; 2]) -> Option<()> {
        let (ta, tb) = (self.mesh.triangles[a as usize], self.mesh.triangles[b as usize]);
        let shared: Vec<u32> = ta.iter().copied().filter(|v| tb.contains(v)).collect();
        let mut ends = match shared.as_slice() {
            [] => Vec::new(),
            [v] => vec![*v],
            _ => return None,
        };
        for (t, other) in [(ta, b), (tb, a)] {
            let tri = self.mesh.triangles[other as usize];
            let sides = t.map(|v| if shared.contains(&v) { 0 } else { self.side(tri, v) });
            for k in 0..3 {
                let (x, y) = (t[k], t[(k + 1) % 3]);
                let (from, to) = (sides[k], sides[(k + 1) % 3]);
                if !shared.contains(&x) && !shared.contains(&y) {
                    if from == 0 || to == 0 {
                        return None;
                    }
                    if from != to {
                        ends.extend(self.through((x.min(y), x.max(y)), other)?);
                    }
                } else if shared.len() == 1 && from == 0 && to == 0 {
                    // An edge from the shared vertex must leave the other triangle's plane.
                    return None;
                }
            }
        }
        let &[p, q] = ends.as_slice() else { return None };
        if p == q {
            return None;
        }
        for t in [a, b] {
            self.of_triangle.entry(t).or_default().push(self.cuts.len() as u32);
        }
        self.cuts.push(Cut { pair: [a, b], ends: (p, q), within: Vec::new() });
        Some(())
    }

    /// Adds the points in which three triangles cross: where two cuts of a triangle cross each
    /// other, the third pair has a cut that passes there as well.
    fn meet_in_threes(&mut self) -> Option<()> {
        let mut threes = BTreeSet::new();
        for (&t, cuts) in &self.of_triangle {
            for (i, &c) in cuts.iter().enumerate() {
                for &d in &cuts[i + 1..] {
                    if self.cross(t, c, d)? {
                        let other = |c: u32| {
                            let [a, b] = self.cuts[c as usize].pair;
                            if a == t { b } else { a }
                        };
                        let mut three = [t, other(c), other(d)];
                        three.sort_unstable();
                        threes.insert(three);
                    }
                }
            }
        }
        for [a, b, c] in threes {
            let cuts = [(a, b), (b, c), (a, c)].map(|(a, b)| {
                let own = self.of_triangle.get(&a)?;
                own.iter().copied().find(|&cut| self.cuts[cut as usize].pair.contains(&b))
            });
            let [Some(ab), Some(bc), Some(ac)] = cuts else { return None };
            let point = self.on_cut(ab, c)?;
            let vertex = (self.mesh.vertices.len() + self.points.len()) as u32;
            self.points.push(point);
            for cut in [ab, bc, ac] {
                let (p, q) = self.cuts[cut as usize].ends;
                let (from, along) = (self.place(p), self.place(q) - self.place(p));
                let place = (point - from).dot(&along) / along.norm_squared();
                self.cuts[cut as usize].within.push((place, vertex));
            }
        }
        Some(())
    }

    /// Whether two cuts of a triangle cross within it; fails if they only touch.
    fn cross(&self, t: u32, c: u32, d: u32) -> Option<bool> {
        let ((p, q), (r, s)) = (self.cuts[c as usize].ends, self.cuts[d as usize].ends);
        if p == r || p == s || q == r || q == s {
            return Some(false);
        }
        let (u, v, _) = flat_axes(self.mesh, self.mesh.triangles[t as usize]);
        let at = |vertex: u32| {
            let place = self.place(vertex);
            Coord { x: place[u], y: place[v] }
        };
        let (p, q, r, s) = (at(p), at(q), at(r), at(s));
        let sides = [orient2d(p, q, r), orient2d(p, q, s), orient2d(r, s, p), orient2d(r, s, q)];
        let apart = |a: f64, b: f64| (a > 0.0 && b > 0.0) || (a < 0.0 && b < 0.0);
        if apart(sides[0], sides[1]) || apart(sides[2], sides[3]) {
            return Some(false);
        }
        if sides.iter().all(|&side| side == 0.0) {
            // On one line: the cuts of a flat face with several triangles.
            let (low, high) = ((p.x.min(q.x), p.y.min(q.y)), (p.x.max(q.x), p.y.max(q.y)));
            let beyond = |x: f64, y: f64| x < low.0 || x > high.0 || y < low.1 || y > high.1;
            let same_end = [r.x - p.x, s.x - p.x, r.y - p.y, s.y - p.y].map(f64::signum);
            let one_side = same_end[0] == same_end[1] && same_end[2] == same_end[3];
            return (beyond(r.x, r.y) && beyond(s.x, s.y) && one_side).then_some(false);
        }
        (!sides.contains(&0.0)).then_some(true)
    }

    /// Where a cut passes through the plane of a triangle.
    fn on_cut(&self, cut: u32, t: u32) -> Option<Point3<f64>> {
        let (p, q) = self.cuts[cut as usize].ends;
        let (from, to) = (self.place(p), self.place(q));
        let [a, b, c] = self.mesh.corners(t as usize);
        let normal = (b - a).cross(&(c - a));
        let (d0, d1) = (normal.dot(&(from - a)), normal.dot(&(to - a)));
        let place = d0 / (d0 - d1);
        (place > 0.0 && place < 1.0).then(|| from + (to - from) * place)
    }

    /// A vertex, old or new.
    fn place(&self, vertex: u32) -> Point3<f64> {
        let old = self.mesh.vertices.len();
        match self.mesh.vertices.get(vertex as usize) {
            Some(place) => *place,
            None => self.points[vertex as usize - old],
        }
    }

    /// The vertex in which an edge passes through a triangle, if it does; fails if it touches.
    /// The ends of the edge lie on either side of the triangle's plane.
    fn through(&mut self, edge: (u32, u32), t: u32) -> Option<Option<u32>> {
        if let Some(&known) = self.known.get(&(edge, t)) {
            return Some(Some(known));
        }
        let tri = self.mesh.triangles[t as usize];
        let (low, high) = edge;
        let turns = [0, 1, 2].map(|k| self.side([low, high, tri[k]], tri[(k + 1) % 3]));
        if turns.contains(&1) && turns.contains(&-1) {
            return Some(None);
        }
        if turns.contains(&0) {
            return None;
        }
        let (place, point) = self.meet(edge, tri);
        let vertex = (self.mesh.vertices.len() + self.points.len()) as u32;
        self.points.push(point);
        self.known.insert((edge, t), vertex);
        self.on_edge.entry(edge).or_default().push((place, vertex));
        Some(Some(vertex))
    }

    /// On which side of a triangle's plane a vertex lies, exactly.
    fn side(&self, tri: [u32; 3], v: u32) -> i32 {
        let coord = |v: u32| {
            let p = self.mesh.vertices[v as usize];
            Coord3D { x: p.x, y: p.y, z: p.z }
        };
        let sign = orient3d(coord(tri[0]), coord(tri[1]), coord(tri[2]), coord(v));
        i32::from(sign > 0.0) - i32::from(sign < 0.0)
    }

    /// Where an edge meets the plane of a triangle: place along the edge, and the point.
    fn meet(&self, (low, high): (u32, u32), tri: [u32; 3]) -> (f64, Point3<f64>) {
        let [a, b, c] = tri.map(|v| self.mesh.vertices[v as usize]);
        let normal = (b - a).cross(&(c - a));
        let (from, to) = (self.mesh.vertices[low as usize], self.mesh.vertices[high as usize]);
        // The corner nearest in each case keeps the differences small.
        let (d0, d1) = (normal.dot(&(from - a)), normal.dot(&(to - a)));
        let place = (d0 / (d0 - d1)).clamp(0.0, 1.0);
        let place = if place.is_finite() { place } else { 0.5 };
        // From the nearer end, so that rounding is least.
        let point = if place <= 0.5 {
            from + (to - from) * place
        } else {
            to - (to - from) * (1.0 - place)
        };
        (place, point)
    }
}

/// The axes of the projection in which a triangle looks largest, and whether it is seen there
/// from behind.
fn flat_axes(mesh: &TriMesh, tri: [u32; 3]) -> (usize, usize, bool) {
    let [a, b, c] = tri.map(|v| mesh.vertices[v as usize]);
    let normal = (b - a).cross(&(c - a));
    let axis = normal.iamax();
    ((axis + 1) % 3, (axis + 2) % 3, normal[axis] < 0.0)
}

impl Crossing<'_> {
    /// Pieces of a triangle between its sides, divided at new vertices, and its cuts.
    ///
    /// The pieces are found in the projection along the axis nearest to the normal: what does
    /// not overlap there does not in space.
    fn divide(
        &self,
        tri: [u32; 3],
        cuts: &[Vec<u32>],
        flat: &mut Flat,
        pieces: &mut Vec<[u32; 3]>,
    ) -> Option<()> {
        let (u, v, flip) = flat_axes(self.mesh, tri);
        let mut rim = Vec::new();
        for k in 0..3 {
            self.chain(tri[k], tri[(k + 1) % 3], &mut rim);
        }
        let mut vertices = rim.clone();
        vertices.extend(cuts.iter().flatten());
        vertices.sort_unstable();
        vertices.dedup();
        flat.plane.clear();
        flat.vertices.clear();
        for &vertex in &vertices {
            let p = self.place(vertex);
            flat.insert(p[u], p[v], vertex)?;
        }
        for (i, &p) in rim.iter().enumerate() {
            flat.constrain(p, rim[(i + 1) % rim.len()])?;
        }
        for pair in cuts.iter().flat_map(|chain| chain.windows(2)) {
            flat.constrain(pair[0], pair[1])?;
        }
        flat.inside(&rim, flip, pieces)
    }

    /// Vertices of a side from its beginning up to its end, without the end.
    fn chain(&self, from: u32, to: u32, chain: &mut Vec<u32>) {
        chain.push(from);
        let Some(points) = self.on_edge.get(&(from.min(to), from.max(to))) else { return };
        let mut points = points.clone();
        points.sort_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
        if from > to {
            points.reverse();
        }
        chain.extend(points.into_iter().map(|(_, vertex)| vertex));
    }
}

/// A constrained triangulation in the plane.
#[derive(Default)]
struct Flat {
    plane: ConstrainedDelaunayTriangulation<Point2<f64>>,
    /// Vertices by the number of their handle, ascending.
    vertices: Vec<u32>,
}

impl Flat {
    /// Adds vertices in ascending order; fails if two fall together.
    fn insert(&mut self, x: f64, y: f64, vertex: u32) -> Option<()> {
        let handle = self.plane.insert(Point2::new(x, y)).ok()?;
        if handle.index() != self.vertices.len() {
            return None;
        }
        self.vertices.push(vertex);
        Some(())
    }

    fn handle(&self, vertex: u32) -> Option<FixedVertexHandle> {
        self.vertices.binary_search(&vertex).ok().map(FixedVertexHandle::from_index)
    }

    /// Fails if the segment crosses another or passes through a vertex.
    fn constrain(&mut self, p: u32, q: u32) -> Option<()> {
        let (from, to) = (self.handle(p)?, self.handle(q)?);
        if !self.plane.can_add_constraint(from, to) {
            return None;
        }
        self.plane.add_constraint(from, to);
        self.plane.get_edge_from_neighbors(from, to).map(|_| ())
    }

    /// Triangles inside a rim, in its sense.
    fn inside(&self, rim: &[u32], flip: bool, pieces: &mut Vec<[u32; 3]>) -> Option<()> {
        let mut sides: Vec<(u32, u32)> = (0..rim.len())
            .map(|i| (rim[i], rim[(i + 1) % rim.len()]))
            .map(|(p, q)| if flip { (q, p) } else { (p, q) })
            .collect();
        sides.sort_unstable();
        // From the faces along the rim inwards; a rim side has its face on the left.
        let count = self.plane.num_all_faces();
        let mut seen = vec![false; count];
        let mut open = Vec::new();
        for &(p, q) in &sides {
            let edge = self.plane.get_edge_from_neighbors(self.handle(p)?, self.handle(q)?)?;
            open.push(edge.face().as_inner()?.fix());
        }
        while let Some(face) = open.pop() {
            if std::mem::replace(&mut seen[face.index()], true) {
                continue;
            }
            let face = self.plane.face(face);
            let corners = face.vertices().map(|v| self.vertices[v.fix().index()]);
            pieces.push(if flip { [corners[0], corners[2], corners[1]] } else { corners });
            for edge in face.adjacent_edges() {
                let ends = edge.vertices().map(|v| self.vertices[v.fix().index()]);
                if sides.binary_search(&(ends[0], ends[1])).is_err() {
                    open.push(edge.rev().face().as_inner()?.fix());
                }
            }
        }
        Some(())
    }
}
