//! A part's mesh as the verifier sees it: usable triangles, shells, volume, surface.

use std::collections::BTreeMap;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;

use super::tree::Tree;
use super::vector::{Bounds, Triangle, V3, cross, dot, norm, sub};

/// Greatest coordinate that is looked at, mm: a kilometre. Beyond it a plan is damaged in any
/// case, and products of coordinates would lose the millimetres.
const FAR: f64 = 1e6;

/// A part in its own frame.
pub(crate) struct Solid {
    /// Usable triangles, those of each shell together.
    pub(crate) triangles: Vec<Triangle>,
    /// Where each shell begins in `triangles`.
    pub(crate) shells: Vec<usize>,
    /// Triangles left out: corners that do not exist or are not numbers.
    pub(crate) unusable: usize,
    /// Every edge is run through equally often in both directions.
    pub(crate) closed: bool,
    /// Signed volume, mm³.
    pub(crate) volume: f64,
    /// Surface, mm².
    pub(crate) surface: f64,
}

impl Solid {
    /// Looks at a mesh; coordinates are compared exactly.
    pub(crate) fn new(mesh: &TriMesh) -> Self {
        let corner = |v: u32| -> Option<V3> {
            let p = mesh.vertices.get(v as usize)?;
            let p = [p.x, p.y, p.z];
            p.iter().all(|x| x.abs() <= FAR).then_some(p)
        };
        let usable: Vec<Triangle> = mesh
            .triangles
            .iter()
            .filter_map(|t| Some([corner(t[0])?, corner(t[1])?, corner(t[2])?]))
            .collect();
        let unusable = mesh.triangles.len() - usable.len();
        let corners = number_corners(&usable);
        let (triangles, shells) = by_shell(usable, &corners);
        let origin = triangles.first().map_or([0.0; 3], |t| t[0]);
        let (mut volume, mut surface) = (0.0, 0.0);
        for t in &triangles {
            let [a, b, c] = t.map(|p| sub(p, origin));
            volume += dot(a, cross(b, c)) / 6.0;
            surface += norm(cross(sub(b, a), sub(c, a))) / 2.0;
        }
        let closed = !triangles.is_empty() && is_closed(&corners);
        Self { triangles, shells, unusable, closed, volume, surface }
    }

    /// The triangles of each shell.
    pub(crate) fn by_shell(&self) -> impl Iterator<Item = &[Triangle]> {
        let ends = self.shells.iter().skip(1).copied().chain([self.triangles.len()]);
        self.shells.iter().zip(ends).map(|(&start, end)| &self.triangles[start..end])
    }

    /// The part's triangles in a build's frame; `None` if the pose is no place in this world.
    pub(crate) fn posed(&self, pose: &Pose) -> Option<Vec<Triangle>> {
        let numbers = pose.rotation.iter().flatten().chain(&pose.translation);
        numbers
            .into_iter()
            .all(|x| x.abs() <= FAR)
            .then(|| self.triangles.iter().map(|t| t.map(|p| pose.apply(p))).collect())
    }

    /// The part where it stands in a build; `None` if that is no place in this world.
    pub(crate) fn standing(&self, pose: &Pose) -> Option<Standing> {
        let posed = self.posed(pose)?;
        let tips = self.by_shell().filter_map(|s| s.first()).map(|t| pose.apply(t[0])).collect();
        Some(Standing { tree: Tree::new(posed), tips })
    }
}

/// A part in its build.
pub(crate) struct Standing {
    /// Its triangles in the build's frame.
    pub(crate) tree: Tree,
    /// One corner of each shell.
    pub(crate) tips: Vec<V3>,
}

impl Standing {
    /// Its box.
    pub(crate) fn bounds(&self) -> Bounds {
        self.tree.bounds()
    }
}

/// Numbers corners by their exact place; +0 and -0 are one place.
fn number_corners(triangles: &[Triangle]) -> Vec<[usize; 3]> {
    let mut places: BTreeMap<[u64; 3], usize> = BTreeMap::new();
    let mut number = |p: V3| {
        let next = places.len();
        *places.entry(p.map(|x| (x + 0.0).to_bits())).or_insert(next)
    };
    triangles.iter().map(|t| t.map(&mut number)).collect()
}

fn is_closed(corners: &[[usize; 3]]) -> bool {
    let mut balance: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for t in corners {
        for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
            *balance.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
    }
    balance.iter().all(|((a, b), n)| *n == 0 || a == b)
}

/// Sorts triangles by the shell they are connected to, and says where each shell begins.
fn by_shell(triangles: Vec<Triangle>, corners: &[[usize; 3]]) -> (Vec<Triangle>, Vec<usize>) {
    let n = corners.iter().flatten().max().map_or(0, |m| m + 1);
    let mut parent: Vec<usize> = (0..n).collect();
    for t in corners {
        for k in 1..3 {
            let (a, b) = (root(&mut parent, t[0]), root(&mut parent, t[k]));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut shells: BTreeMap<usize, Vec<Triangle>> = BTreeMap::new();
    for (t, c) in triangles.into_iter().zip(corners) {
        shells.entry(root(&mut parent, c[0])).or_default().push(t);
    }
    let (mut sorted, mut starts) = (Vec::new(), Vec::new());
    for shell in shells.into_values() {
        starts.push(sorted.len());
        sorted.extend(shell);
    }
    (sorted, starts)
}

fn root(parent: &mut [usize], mut x: usize) -> usize {
    while parent[x] != x {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    x
}
