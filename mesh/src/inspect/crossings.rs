//! Faults of surfaces that run through one another.

use platewright_model::stage::{FaultCode, MeshFault, Severity};

use super::edges::counted;
use super::{Survey, fault_at};
use crate::TriMesh;
use crate::intersect::{Found, Meeting, scan};
use crate::spatial::BoxTree;

/// The most pairs that are looked for: a few thousand triangles on top of one another make
/// millions.
const MOST_PAIRS: usize = 4_000_000;

/// Pairs of triangles that meet beyond what they share; each pair ascending, pairs sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Crossings {
    /// Pairs that cross, or lie in one plane and overlap.
    pub(crate) through: Vec<[u32; 2]>,
    /// Pairs that touch.
    pub(crate) touching: Vec<[u32; 2]>,
    /// Whether there are more than were looked for.
    pub(crate) cut: bool,
}

impl Crossings {
    /// All pairs of a mesh.
    pub(crate) fn new(mesh: &TriMesh, tree: &BoxTree) -> Self {
        let scan = scan(mesh, tree, MOST_PAIRS);
        Self { cut: !scan.complete, ..Self::sorted(scan.found) }
    }

    /// The same pairs by new numbers; those without a new number (`u32::MAX`) are left out.
    pub(crate) fn renumbered(&self, now: &[u32]) -> Self {
        let renumber = |pairs: &[[u32; 2]]| {
            let mut pairs: Vec<[u32; 2]> = pairs
                .iter()
                .map(|pair| pair.map(|t| now[t as usize]))
                .filter(|pair| !pair.contains(&u32::MAX))
                .map(|[a, b]| [a.min(b), a.max(b)])
                .collect();
            pairs.sort_unstable();
            pairs
        };
        Self { through: renumber(&self.through), touching: renumber(&self.touching), cut: self.cut }
    }

    /// Adds pairs.
    pub(crate) fn add(&mut self, more: Self) {
        let join = |own: &mut Vec<[u32; 2]>, more: Vec<[u32; 2]>| {
            own.extend(more);
            own.sort_unstable();
            own.dedup();
        };
        join(&mut self.through, more.through);
        join(&mut self.touching, more.touching);
    }

    /// Pairs that were found.
    pub(crate) fn sorted(met: Vec<Found>) -> Self {
        let mut crossings = Self::default();
        for Found { pair, meeting } in met {
            match meeting {
                Meeting::Cross | Meeting::Coplanar => crossings.through.push(pair),
                Meeting::Touch => crossings.touching.push(pair),
            }
        }
        crossings
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
