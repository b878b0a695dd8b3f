//! Faults of surfaces that run through one another.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::edges::counted;
use super::{Survey, fault_at};
use crate::TriMesh;
use crate::intersect::{Found, Meeting, scan};
use crate::spatial::BoxTree;
use crate::topology::Topology;

/// The most pairs that are looked for: a few thousand triangles on top of one another make
/// millions.
const MOST_PAIRS: usize = 4_000_000;

/// Pairs of triangles that run through one another; touching is none. Each pair ascending, pairs
/// sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Crossings {
    /// Pairs that cross, or lie in one plane and overlap.
    pub(crate) through: Vec<[u32; 2]>,
    /// Whether there are more than were looked for.
    pub(crate) cut: bool,
}

impl Crossings {
    /// All pairs of a mesh.
    pub(crate) fn new(mesh: &TriMesh, topology: &Topology, tree: &BoxTree) -> Self {
        let scan = scan(mesh, topology, tree, MOST_PAIRS);
        Self { cut: !scan.complete, ..Self::sorted(scan.found) }
    }

    /// The same pairs by new numbers; those without a new number (`u32::MAX`) are left out.
    pub(crate) fn renumbered(&self, now: &[u32]) -> Self {
        let mut through: Vec<[u32; 2]> = self
            .through
            .iter()
            .map(|pair| pair.map(|t| now[t as usize]))
            .filter(|pair| !pair.contains(&u32::MAX))
            .map(|[a, b]| [a.min(b), a.max(b)])
            .collect();
        through.sort_unstable();
        Self { through, cut: self.cut }
    }

    /// Adds pairs.
    pub(crate) fn add(&mut self, more: Self) {
        self.through.extend(more.through);
        self.through.sort_unstable();
        self.through.dedup();
        self.cut |= more.cut;
    }

    /// Pairs that were found.
    pub(crate) fn sorted(met: Vec<Found>) -> Self {
        let through = met.into_iter().filter(|found| found.meeting != Meeting::Touch);
        Self { through: through.map(|found| found.pair).collect(), cut: false }
    }
}

/// Self-intersections of shells, and shells that overlap.
pub(super) fn crossings(survey: &Survey<'_>, found: &mut Vec<MeshFault>) {
    let (mesh, number) = (survey.mesh, &survey.shells.number);
    let same = |t: &[u32; 3], o: &[u32; 3]| t.iter().all(|v| o.contains(v));
    let (mut within, mut between) = (Vec::new(), Vec::new());
    for pair in &survey.crossings.through {
        let [a, b] = pair.map(|t| t as usize);
        // Repeated triangles are a fault of their own.
        if same(&mesh.triangles[a], &mesh.triangles[b]) {
            continue;
        }
        if number[a] == number[b] { within.push(*pair) } else { between.push(*pair) }
    }
    let mut tell = |code, pairs: &[[u32; 2]], what: &str| {
        if pairs.is_empty() {
            return;
        }
        let mut triangles: Vec<u32> = pairs.as_flattened().to_vec();
        triangles.sort_unstable();
        triangles.dedup();
        let [a, b] = pairs[0];
        let text = format!(
            "{what} in {}, such as triangles {a} and {b}",
            counted(pairs.len(), "pair of triangles", "pairs of triangles"),
        );
        found.push(fault_at(code, Severity::Warning, pairs.len(), mesh, &triangles, text));
    };
    tell(FaultCode::SelfIntersections, &within, "the surface runs through itself");
    tell(FaultCode::OverlappingShells, &between, "shells run through one another");
}
