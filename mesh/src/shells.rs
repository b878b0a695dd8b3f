//! The shells of a mesh: connected surfaces, their volumes and how they lie in one another.

use nalgebra::{Point3, Vector3};
use platewright_model::geometry::BoxMm;

use crate::TriMesh;
use crate::spatial::{BoxTree, winding_of};
use crate::topology::{Topology, balance};

/// A connected surface.
pub(crate) struct Shell {
    /// Its triangles, ascending.
    pub(crate) triangles: Vec<u32>,
    /// Box around it.
    pub(crate) bounds: BoxMm,
    /// Six times the signed volume about the middle of the box, mm³.
    pub(crate) six_volume: f64,
    /// Whether it separates inside from outside.
    pub(crate) closed: bool,
    /// Whether so few of its edges are at fault that its volume still means something.
    pub(crate) nearly_closed: bool,
}

/// A shell with one edge at fault for this many triangles is still nearly closed.
const NEARLY: usize = 10;

/// All shells, by their first triangles.
pub(crate) struct Shells {
    /// The shell of each triangle.
    pub(crate) number: Vec<u32>,
    /// The shells.
    pub(crate) list: Vec<Shell>,
}

impl Shells {
    /// Finds the shells.
    pub(crate) fn new(mesh: &TriMesh, topology: &Topology) -> Self {
        let (number, count) = topology.shells(mesh.triangles.len());
        Self::numbered(mesh, topology, number, count)
    }

    /// The same where the shell of each triangle is known.
    pub(crate) fn numbered(
        mesh: &TriMesh,
        topology: &Topology,
        number: Vec<u32>,
        count: usize,
    ) -> Self {
        let mut faulty = vec![0_usize; count];
        for edge in topology.irregular_edges().filter(|edge| balance(edge) != 0) {
            faulty[number[edge[0].triangle as usize] as usize] += 1;
        }
        let mut sizes = vec![0_usize; count];
        for &shell in &number {
            sizes[shell as usize] += 1;
        }
        let mut triangles: Vec<Vec<u32>> = sizes.into_iter().map(Vec::with_capacity).collect();
        for (t, &shell) in number.iter().enumerate() {
            triangles[shell as usize].push(t as u32);
        }
        let list = triangles
            .into_iter()
            .zip(faulty)
            .map(|(triangles, faulty)| {
                let (bounds, six_volume) = extent_and_volume(mesh, &triangles);
                let nearly_closed = faulty * NEARLY <= triangles.len();
                Shell { triangles, bounds, six_volume, closed: faulty == 0, nearly_closed }
            })
            .collect();
        Self { number, list }
    }

    /// The closed shells with a volume that enclose shell `s`, ascending.
    pub(crate) fn enclosing(&self, mesh: &TriMesh, tree: &BoxTree, s: usize) -> Vec<usize> {
        self.enclosing_by(mesh, s, |p, o| {
            winding_of(mesh, tree, p, |t| self.number[t as usize] == o as u32)
        })
    }

    /// The same where `winding` gives the winding number of a shell around a point, `None` for
    /// points on it.
    pub(crate) fn enclosing_by(
        &self,
        mesh: &TriMesh,
        s: usize,
        winding: impl Fn([f64; 3], usize) -> Option<i32>,
    ) -> Vec<usize> {
        let inner = &self.list[s].bounds;
        let holds = |outer: &BoxMm| {
            (0..3).all(|k| outer.min[k] <= inner.min[k] && inner.max[k] <= outer.max[k])
        };
        let candidates: Vec<usize> = (0..self.list.len())
            .filter(|&o| o != s && self.list[o].closed && self.list[o].six_volume != 0.0)
            .filter(|&o| holds(&self.list[o].bounds))
            .collect();
        if candidates.is_empty() {
            return candidates;
        }
        let probe = probe(mesh, &self.list[s]);
        // A point on the surface of another shell is not within it.
        let within = |o: usize| winding(probe.into(), o).is_some_and(|w| w != 0);
        candidates.into_iter().filter(|&o| within(o)).collect()
    }
}

fn extent_and_volume(mesh: &TriMesh, triangles: &[u32]) -> (BoxMm, f64) {
    let origin = mesh.corners(triangles[0] as usize)[0];
    let (mut min, mut max) = (origin, origin);
    let (mut six, mut area) = (0.0, Vector3::zeros());
    for &t in triangles {
        let corners = mesh.corners(t as usize);
        for v in &corners {
            for k in 0..3 {
                // Not `f64::min`: that also sees to what is no number, and takes thrice as long.
                min[k] = if v[k] < min[k] { v[k] } else { min[k] };
                max[k] = if v[k] > max[k] { v[k] } else { max[k] };
            }
        }
        let [a, b, c] = corners.map(|p| p - origin);
        six += a.dot(&b.cross(&c));
        area += (b - a).cross(&(c - a));
    }
    // Where the surface does not close, the middle of its box is the least bad origin; where it
    // does, the area vectors sum up to nothing.
    six += (origin - nalgebra::center(&min, &max)).dot(&area);
    (BoxMm { min: min.into(), max: max.into() }, six)
}

/// The mesh without the shells that bound closed cavities, of a sound mesh: those of the other
/// sense than the whole. Vertices stay.
pub fn without_cavities(mesh: &TriMesh) -> TriMesh {
    let shells = Shells::new(mesh, &Topology::new(mesh));
    let whole: f64 = shells.list.iter().map(|shell| shell.six_volume).sum();
    let solid = |t: &usize| shells.list[shells.number[*t] as usize].six_volume * whole > 0.0;
    let triangles = (0..mesh.triangles.len()).filter(solid).map(|t| mesh.triangles[t]);
    TriMesh { triangles: triangles.collect(), vertices: mesh.vertices.clone() }
}

/// A point on the shell, away from its edges: the middle of its largest triangle.
fn probe(mesh: &TriMesh, shell: &Shell) -> Point3<f64> {
    let area = |t: u32| mesh.normal_times_area(t as usize).norm_squared();
    let mut best = (shell.triangles[0], area(shell.triangles[0]));
    for &t in &shell.triangles[1..] {
        let a = area(t);
        if a > best.1 {
            best = (t, a);
        }
    }
    let [a, b, c] = mesh.corners(best.0 as usize);
    Point3::from((a.coords + b.coords + c.coords) / 3.0)
}
