//! A sound body under the hands of the fault injector.

use std::collections::HashMap;

use nalgebra::{Point3, Vector3};
use platewright_mesh::TriMesh;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::kernel::Body;
use super::{FaultKind, FaultyCase, Injected, Truth};

/// Corners of a triangle in single precision, as an STL holds them.
pub(super) type Tri = [[f32; 3]; 3];

/// How an added shell counts for the truth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It overlaps the body: the truth is the union.
    United,
    /// It stands apart from the body or just touches it: its volume is added.
    Apart,
    /// A speck that may stay or go.
    Speck,
}

struct Draft {
    kind: FaultKind,
    count: u32,
    triangles: Vec<usize>,
    at: Vec<[f64; 3]>,
}

/// Places of a fault that are noted.
const PLACES: usize = 64;

pub(super) struct Work {
    /// The sound body, coordinates in single precision.
    pub(super) base: TriMesh,
    /// Volume of `base`, mm³; faults that change the shape are kept small against it.
    pub(super) volume: f64,
    /// The triangles of `base` in their order, then what was added; `None` is deleted.
    pub(super) soup: Vec<Option<Tri>>,
    /// Faults may lie side by side, as in damage at random.
    pub(super) crowded: bool,
    /// The body winds through itself: the truth is where it winds at least once.
    pub(super) folded: bool,
    /// Shells of the truth touch along edges or at corners.
    pub(super) touching: bool,
    /// Neighbour of each triangle across the side from corner k to k + 1.
    pub(super) across: Vec<[u32; 3]>,
    /// Triangles around each vertex.
    pub(super) around: Vec<Vec<u32>>,
    used: Vec<bool>,
    shells: Vec<(Role, TriMesh)>,
    drafts: Vec<Draft>,
}

impl Work {
    pub(super) fn new(base: TriMesh) -> Self {
        let mut around = vec![Vec::new(); base.vertices.len()];
        let mut side = HashMap::new();
        for (t, triangle) in base.triangles.iter().enumerate() {
            for k in 0..3 {
                around[triangle[k] as usize].push(t as u32);
                side.insert((triangle[k], triangle[(k + 1) % 3]), t as u32);
            }
        }
        let across = base.triangles.iter().map(|t| {
            // A sound body has a neighbour everywhere; a triangle is its own where one lacks.
            let own = side[&(t[0], t[1])];
            [0, 1, 2].map(|k| side.get(&(t[(k + 1) % 3], t[k])).copied().unwrap_or(own))
        });
        Self {
            volume: base.volume(),
            soup: (0..base.triangles.len()).map(|t| Some(single(base.corners(t)))).collect(),
            crowded: false,
            folded: false,
            touching: false,
            across: across.collect(),
            around,
            used: vec![false; base.vertices.len()],
            shells: Vec::new(),
            drafts: Vec::new(),
            base,
        }
    }

    /// Triangles of the body.
    pub(super) fn n(&self) -> usize {
        self.base.triangles.len()
    }

    /// A share of the triangles, but at least three.
    pub(super) fn share(&self, one_in: usize) -> usize {
        (self.n() / one_in).max(3)
    }

    /// A triangle of the body at random.
    pub(super) fn any(&self, rng: &mut Pcg64) -> usize {
        rng.random_range(0..self.n())
    }

    /// Up to `n` triangles of the body that no fault has touched, nor their corners unless
    /// faults may be crowded; they count as touched now.
    pub(super) fn pick(
        &mut self,
        rng: &mut Pcg64,
        n: usize,
        accept: impl Fn(&Self, usize) -> bool,
    ) -> Vec<usize> {
        let mut picked = Vec::new();
        for _ in 0..60 * n {
            let t = self.any(rng);
            if picked.len() < n
                && self.soup[t].is_some()
                && !picked.contains(&t)
                && (self.crowded || !self.is_used(t))
                && accept(self, t)
            {
                self.mark(t);
                picked.push(t);
            }
        }
        picked
    }

    pub(super) fn is_used(&self, t: usize) -> bool {
        self.base.triangles[t].iter().any(|&v| self.used[v as usize])
    }

    pub(super) fn mark(&mut self, t: usize) {
        for v in self.base.triangles[t] {
            self.used[v as usize] = true;
        }
    }

    /// Adds a triangle.
    pub(super) fn push(&mut self, tri: Tri) -> usize {
        self.soup.push(Some(tri));
        self.soup.len() - 1
    }

    /// Adds a shell: its triangles to the soup, in the other sense if `inward`, and its solid
    /// to the truth.
    pub(super) fn push_shell(&mut self, role: Role, shell: TriMesh, inward: bool) -> Vec<usize> {
        let added = (0..shell.triangles.len()).map(|t| {
            let [a, b, c] = single(shell.corners(t));
            self.soup.push(Some(if inward { [a, c, b] } else { [a, b, c] }));
            self.soup.len() - 1
        });
        let added = added.collect();
        self.shells.push((role, shell));
        added
    }

    /// Notes a fault; `triangles` are numbers in the soup.
    pub(super) fn note(&mut self, kind: FaultKind, count: usize, triangles: &[usize]) {
        let centre = |&t: &usize| {
            let corners =
                self.soup[t].or_else(|| (t < self.n()).then(|| single(self.base.corners(t))));
            corners.map(|c| [0, 1, 2].map(|k| c.iter().map(|p| f64::from(p[k])).sum::<f64>() / 3.0))
        };
        let at = triangles.iter().take(PLACES).filter_map(centre).collect();
        let count = count as u32;
        self.drafts.push(Draft { kind, count, triangles: triangles.to_vec(), at });
    }

    /// Whether a fault of this kind was put in.
    pub(super) fn has(&self, kind: FaultKind) -> bool {
        self.drafts.iter().any(|d| d.kind == kind && d.count > 0)
    }

    /// The faulty mesh, its corners welded by exact coordinates, in another order of triangles
    /// if `shuffled`; its truth; what was put in; the sound meshes. `None` if the kernel finds no
    /// truth. Name and recipe are left empty.
    pub(super) fn finish(self, rng: &mut Pcg64, shuffled: bool) -> Option<FaultyCase> {
        let truth = self.truth()?;
        let mut order: Vec<usize> =
            (0..self.soup.len()).filter(|&t| self.soup[t].is_some()).collect();
        if shuffled {
            for i in (1..order.len()).rev() {
                order.swap(i, rng.random_range(0..=i));
            }
        }
        let mut place = vec![None; self.soup.len()];
        for (i, &t) in order.iter().enumerate() {
            place[t] = Some(i as u32);
        }
        let mesh = weld(order.iter().filter_map(|&t| self.soup[t]));
        let injected = self.drafts.into_iter().map(|d| {
            let mut triangles: Vec<u32> = d.triangles.iter().filter_map(|&t| place[t]).collect();
            triangles.sort_unstable();
            Injected { kind: d.kind, count: d.count, triangles, at: d.at }
        });
        let injected = injected.collect();
        let shells = self.shells.into_iter().filter(|(role, _)| *role != Role::Speck);
        let sound = std::iter::once(self.base).chain(shells.map(|(_, mesh)| mesh)).collect();
        Some(FaultyCase {
            name: String::new(),
            recipe: String::new(),
            mesh,
            truth,
            injected,
            sound,
        })
    }

    fn truth(&self) -> Option<Truth> {
        let sum = |role: Role| {
            let those = self.shells.iter().filter(move |s| s.0 == role).map(|s| &s.1);
            those.fold((0.0, 0), |(v, n), mesh| (v + mesh.volume(), n + 1))
        };
        let (apart_mm3, apart) = sum(Role::Apart);
        let (specks_mm3, specks) = sum(Role::Speck);
        let united = sum(Role::United).1 > 0;
        let (volume, shells) = if united || self.folded {
            let mut body = Body::new(&self.base)?;
            if self.folded {
                body = body.positive()?;
            }
            for (role, shell) in &self.shells {
                if *role == Role::United {
                    body = body.and(&Body::new(shell)?)?;
                }
            }
            (body.volume_mm3(), body.shells())
        } else {
            (self.volume, super::condition::shells(&self.base))
        };
        Some(Truth {
            volume_mm3: volume + apart_mm3,
            shells: shells + apart,
            specks,
            specks_mm3,
            touching: self.touching,
            tolerance: super::TOLERANCE,
        })
    }
}

/// A triangle in single precision.
pub(super) fn single(corners: [Point3<f64>; 3]) -> Tri {
    corners.map(point)
}

/// A point in single precision; −0 becomes 0.
pub(super) fn point(p: Point3<f64>) -> [f32; 3] {
    [p.x, p.y, p.z].map(|c| c as f32 + 0.0)
}

/// A mesh with its coordinates rounded to single precision.
pub(super) fn rounded(mesh: &TriMesh) -> TriMesh {
    weld((0..mesh.triangles.len()).map(|t| single(mesh.corners(t))))
}

/// Triangles with equal corners made one vertex each.
pub(super) fn weld(soup: impl Iterator<Item = Tri>) -> TriMesh {
    let mut mesh = TriMesh::default();
    let mut places: HashMap<[u32; 3], u32> = HashMap::new();
    for tri in soup {
        let triangle = tri.map(|corner| {
            let next = mesh.vertices.len() as u32;
            let index = *places.entry(corner.map(|c| (c + 0.0).to_bits())).or_insert(next);
            if index == next {
                mesh.vertices.push(Point3::from(corner.map(f64::from)));
            }
            index
        });
        mesh.triangles.push(triangle);
    }
    mesh
}

/// A unit normal of a triangle; zero if it has no area.
pub(super) fn normal(mesh: &TriMesh, t: usize) -> Vector3<f64> {
    mesh.normal_times_area(t).try_normalize(0.0).unwrap_or_default()
}

/// Length of the shortest side of a triangle, mm.
pub(super) fn shortest_side(mesh: &TriMesh, t: usize) -> f64 {
    let [a, b, c] = mesh.corners(t);
    (b - a).norm().min((c - b).norm()).min((a - c).norm())
}
