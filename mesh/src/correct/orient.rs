//! Which side of a surface is outside.

use nalgebra::Point3;
use platewright_model::geometry::BoxMm;

use crate::TriMesh;
use crate::topology::{Topology, balance};

/// What [`make_consistent`] turned.
pub(super) struct Turned {
    /// Number of triangles.
    pub(super) triangles: usize,
    /// One of them.
    pub(super) example: Option<u32>,
    /// For each triangle, whether its patch had to be made consistent, so that the sense the
    /// file gave it says nothing.
    pub(super) patched: Vec<bool>,
    /// The sides of the mesh, where nothing was turned.
    topology: Option<Topology>,
}

/// Turns triangles so that both triangles of every edge with two agree. Patches that have no
/// two sides (as a Möbius strip) stay as they are.
pub(super) fn make_consistent(mesh: &mut TriMesh) -> Turned {
    let n = mesh.triangles.len();
    let topology = Topology::new(mesh);
    let mut turned =
        Turned { triangles: 0, example: None, patched: vec![false; n], topology: None };
    if topology.irregular_edges().all(|edge| edge.len() != 2 || balance(edge) == 0) {
        turned.topology = Some(topology);
        return turned;
    }
    let links = Links::new(&topology);
    // 0: not visited, 1: as it is, 2: to be turned.
    let mut state = vec![0_u8; n];
    for start in 0..n {
        if state[start] != 0 {
            continue;
        }
        let Some(patch) = spread(&links, &mut state, start as u32) else { continue };
        let flips = patch.iter().filter(|&&t| state[t as usize] == 2).count();
        if flips == 0 {
            continue;
        }
        // The majority is right.
        let wrong = if 2 * flips <= patch.len() { 2 } else { 1 };
        for &t in &patch {
            turned.patched[t as usize] = true;
            if state[t as usize] == wrong {
                mesh.triangles[t as usize].swap(1, 2);
                turned.triangles += 1;
                turned.example = Some(turned.example.map_or(t, |e| e.min(t)));
            }
        }
    }
    turned
}

/// Visits a patch; `None` if it has no two sides.
fn spread(links: &Links<'_>, state: &mut [u8], start: u32) -> Option<Vec<u32>> {
    state[start as usize] = 1;
    let mut patch = vec![start];
    let mut two_sided = true;
    let mut i = 0;
    while i < patch.len() {
        let t = patch[i];
        i += 1;
        for (next, agree) in links.of(t) {
            let wanted = if agree { state[t as usize] } else { 3 - state[t as usize] };
            match state[next as usize] {
                0 => {
                    state[next as usize] = wanted;
                    patch.push(next);
                }
                found => two_sided &= found == wanted,
            }
        }
    }
    two_sided.then_some(patch)
}

/// Neighbours across edges with two triangles, and whether they agree.
struct Links<'a> {
    topology: &'a Topology,
    /// Pairs that disagree, both ways, sorted; the others are twins.
    against: Vec<(u32, u32)>,
}

impl<'a> Links<'a> {
    fn new(topology: &'a Topology) -> Self {
        let mut against = Vec::new();
        for edge in topology.irregular_edges() {
            if edge.len() == 2 && balance(edge) != 0 {
                against.push((edge[0].triangle, edge[1].triangle));
                against.push((edge[1].triangle, edge[0].triangle));
            }
        }
        against.sort_unstable();
        Self { topology, against }
    }

    fn of(&self, t: u32) -> impl Iterator<Item = (u32, bool)> {
        let twins = (3 * t..3 * t + 3).filter_map(|s| self.topology.twin(s));
        let from = self.against.partition_point(|&(a, _)| a < t);
        let against = self.against[from..].iter().take_while(move |&&(a, _)| a == t);
        twins.map(|s| (s / 3, true)).chain(against.map(|&(_, b)| (b, false)))
    }
}

/// What [`face_outwards`] turned.
pub(super) struct Faced {
    /// Number of shells.
    pub(super) shells: usize,
    /// A triangle of the first of them.
    pub(super) example: Option<u32>,
}

/// A closed shell.
struct Shell {
    triangles: Vec<u32>,
    bounds: BoxMm,
    /// Whether it faces outwards.
    outward: bool,
    /// Whether its sense was made up by [`make_consistent`].
    patched: bool,
}

/// Turns closed shells outwards, or inwards where they are cavities.
pub(super) fn face_outwards(mesh: &mut TriMesh, turned: Turned) -> Faced {
    let topology = turned.topology.unwrap_or_else(|| Topology::new(mesh));
    let shells = closed_shells(mesh, &topology, &turned.patched);
    let mut faced = Faced { shells: 0, example: None };
    if shells.iter().all(|s| s.outward && !s.patched) {
        return faced;
    }
    let wanted = wanted_senses(mesh, &shells);
    for (shell, wanted) in shells.iter().zip(wanted) {
        if shell.outward != wanted {
            faced.shells += 1;
            faced.example.get_or_insert(shell.triangles[0]);
            for &t in &shell.triangles {
                mesh.triangles[t as usize].swap(1, 2);
            }
        }
    }
    faced
}

fn closed_shells(mesh: &TriMesh, topology: &Topology, patched: &[bool]) -> Vec<Shell> {
    let (number, count) = topology.shells(mesh.triangles.len());
    let mut closed = vec![true; count];
    for edge in topology.irregular_edges() {
        closed[number[edge[0].triangle as usize] as usize] &= balance(edge) == 0;
    }
    let mut triangles = vec![Vec::new(); count];
    for (t, &shell) in number.iter().enumerate() {
        triangles[shell as usize].push(t as u32);
    }
    triangles
        .into_iter()
        .zip(closed)
        .filter(|(_, closed)| *closed)
        .filter_map(|(triangles, _)| {
            let (bounds, six) = extent_and_volume(mesh, &triangles);
            let patched = triangles.iter().any(|&t| patched[t as usize]);
            // A shell without volume has no outside.
            (six != 0.0).then_some(Shell { triangles, bounds, outward: six > 0.0, patched })
        })
        .collect()
}

fn extent_and_volume(mesh: &TriMesh, triangles: &[u32]) -> (BoxMm, f64) {
    let origin = mesh.corners(triangles[0] as usize)[0];
    let mut bounds = BoxMm { min: origin.into(), max: origin.into() };
    let mut six = 0.0;
    for &t in triangles {
        let corners = mesh.corners(t as usize);
        for v in &corners {
            for k in 0..3 {
                bounds.min[k] = bounds.min[k].min(v[k]);
                bounds.max[k] = bounds.max[k].max(v[k]);
            }
        }
        let [a, b, c] = corners.map(|p| p - origin);
        six += a.dot(&b.cross(&c));
    }
    (bounds, six)
}

/// For each shell whether it must face outwards.
fn wanted_senses(mesh: &TriMesh, shells: &[Shell]) -> Vec<bool> {
    let around: Vec<Vec<usize>> = (0..shells.len()).map(|s| enclosing(mesh, shells, s)).collect();
    let mut wanted: Vec<bool> = shells.iter().map(|s| s.outward).collect();
    let mut order: Vec<usize> = (0..shells.len()).collect();
    order.sort_by_key(|&s| (around[s].len(), s));
    for s in order {
        if shells[s].patched {
            wanted[s] = around[s].len().is_multiple_of(2);
            continue;
        }
        // A file that is inside out as a whole keeps the roles of its shells: what lies in a
        // shell that was turned turns with it.
        let outermost = around[s].iter().copied().find(|&o| around[o].is_empty());
        if outermost.is_some_and(|o| !shells[o].outward && !shells[o].patched) {
            wanted[s] = !shells[s].outward;
        }
        // A cavity needs a body around it.
        let level: i32 = around[s].iter().map(|&o| if wanted[o] { 1 } else { -1 }).sum();
        wanted[s] |= level < 1;
    }
    wanted
}

/// Shells that enclose shell `s`.
fn enclosing(mesh: &TriMesh, shells: &[Shell], s: usize) -> Vec<usize> {
    let inner = &shells[s].bounds;
    let holds = |outer: &BoxMm| {
        (0..3).all(|k| outer.min[k] <= inner.min[k] && inner.max[k] <= outer.max[k])
    };
    let candidates: Vec<usize> =
        (0..shells.len()).filter(|&o| o != s && holds(&shells[o].bounds)).collect();
    if candidates.is_empty() {
        return candidates;
    }
    let probe = probe(mesh, &shells[s]);
    candidates
        .into_iter()
        .filter(|&o| winding(mesh, &shells[o].triangles, probe).abs() > 0.5)
        .collect()
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

/// Winding number of a closed shell around a point, from solid angles (Van Oosterom and
/// Strackee 1983): ±1 inside, 0 outside, no special cases at edges.
fn winding(mesh: &TriMesh, triangles: &[u32], p: Point3<f64>) -> f64 {
    let sum: f64 = triangles
        .iter()
        .map(|&t| {
            let [a, b, c] = mesh.corners(t as usize).map(|v| v - p);
            let (la, lb, lc) = (a.norm(), b.norm(), c.norm());
            let top = a.dot(&b.cross(&c));
            let bottom = la * lb * lc + a.dot(&b) * lc + b.dot(&c) * la + c.dot(&a) * lb;
            top.atan2(bottom)
        })
        .sum();
    sum / (2.0 * std::f64::consts::PI)
}
