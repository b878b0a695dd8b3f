//! Correction of what can be corrected without changing the shape: named steps, each of which
//! changes nothing when it is applied again. To add one, write it and add it to [`STEPS`].

mod drop;
mod holes;
mod islands;
mod lookup;
mod needles;
mod noise;
mod orient;
mod outward;
mod resolve;
mod sheets;
mod split;
mod stitch;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use platewright_model::stage::CorrectionStep;

use lookup::Lookup;
pub(crate) use orient::turns;

use crate::TriMesh;
use crate::inspect::{Crossings, EdgeCounts};
use crate::joined::welded;
use crate::shells::Shells;
use crate::spatial::BoxTree;
use crate::topology::Topology;

/// A corrected mesh and what was corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The mesh after correction.
    pub mesh: TriMesh,
    /// What was corrected; empty if the mesh is as it was.
    pub steps: Vec<CorrectionStep>,
    /// Why a person should look at the result: changes that a program cannot be sure of.
    pub review: Vec<String>,
    /// For each triangle its number in the mesh before, `None` where it is new or was moved.
    pub origin: Vec<Option<u32>>,
    /// Pairs of triangles of the result that meet.
    pub(crate) crossings: Crossings,
}

/// A mesh on its way through the steps.
pub(crate) struct Work {
    pub(crate) mesh: TriMesh,
    /// For each triangle its number in the mesh that came, or [`NEW`].
    pub(crate) origin: Vec<u32>,
    /// Number of triangles that came.
    came: usize,
    /// For each triangle that came, whether the sense the file gave its patch says little;
    /// empty where all is sure.
    unsure: Vec<bool>,
    /// Where the triangles that came lie.
    tree: Arc<BoxTree>,
    /// Pairs of triangles of the mesh that came which meet.
    crossings: Crossings,
    /// Whether no two triangles of the mesh as it is run through one another, where known.
    resolved: bool,
    /// Sides of the mesh as it is; made when asked for.
    topology: Option<Topology>,
    /// Shells of the mesh as it is, where they are known.
    shells: Option<Shells>,
    /// Whether a surface with only one side was found, to which no step applies.
    one_sided: bool,
    review: Vec<String>,
}

/// In place of a number: the triangle is not one of those that came.
pub(crate) const NEW: u32 = u32::MAX;

/// What a step did.
pub(crate) struct Effect {
    /// Triangles that were dropped, turned, moved or added.
    triangles: usize,
    /// No point of the new surface is further from the surface before, mm; `None`: not known.
    hausdorff_mm: Option<f64>,
    /// What was done, for people.
    text: String,
}

/// A step: its name and what it does; `None` if it had nothing to do.
type Step = (&'static str, fn(&mut Work) -> Option<Effect>);

/// The steps, in their order.
const STEPS: &[Step] = &[
    ("drop_degenerate", drop::degenerate),
    ("drop_duplicates", drop::duplicates),
    ("stitch_cracks", stitch::cracks),
    ("split_t_junctions", stitch::junctions),
    ("drop_repeats", drop::repeats),
    ("turn_triangles", orient::turn),
    ("drop_sheets", sheets::drop_sheets),
    ("split_edges", split::edges),
    ("fill_holes", holes::holes),
    ("split_vertices", split::vertices),
    ("flatten_needles", needles::flip),
    ("turn_shells", outward::turn_shells),
    ("drop_noise", noise::drop_specks),
    ("resolve_overlaps", resolve::overlaps),
];

/// Corrects what can be corrected without changing the shape.
///
/// Vertices with equal coordinates become one. Repeated and flat triangles are dropped, cracks
/// stitched, neighbours turned so that they agree, holes filled, bodies that touch separated,
/// closed shells turned outwards (cavities inwards), specks dropped, and surfaces that run
/// through themselves or one another rebuilt around what they enclose (winding number at least
/// 1, the positive rule of 3MF). A shell inside another keeps its role (body or cavity) where
/// the file says it consistently; where it does not, every second level is a cavity.
pub fn correct(mesh: &TriMesh) -> Correction {
    let (joined, _) = welded(mesh);
    correct_distinct(joined.unwrap_or_else(|| mesh.clone()))
}

/// The same for a mesh whose vertices are all distinct, such as [`crate::read_model`] gives:
/// they are not looked for again, and the mesh is not copied.
pub fn correct_distinct(mesh: TriMesh) -> Correction {
    let (topology, tree) = (Topology::new(&mesh), BoxTree::new(&mesh));
    let crossings = Crossings::new(&mesh, &topology, &tree);
    correct_known(mesh, Some(topology), tree, crossings)
}

/// The same for a mesh of distinct vertices of which more is known.
pub(crate) fn correct_known(
    mesh: TriMesh,
    topology: Option<Topology>,
    tree: BoxTree,
    crossings: Crossings,
) -> Correction {
    let origin = (0..mesh.triangles.len() as u32).collect();
    let mut work = Work {
        came: mesh.triangles.len(),
        unsure: Vec::new(),
        mesh,
        origin,
        tree: Arc::new(tree),
        crossings,
        resolved: false,
        topology,
        shells: None,
        one_sided: false,
        review: Vec::new(),
    };
    let mut steps = Vec::new();
    let mut volume = work.volume();
    for (name, step) in STEPS {
        if work.one_sided {
            break;
        }
        let Some(effect) = step(&mut work) else { continue };
        #[cfg(test)]
        if let Some(followed) = &work.topology {
            assert_eq!(*followed, Topology::new(&work.mesh), "after {name}");
        }
        let after = work.volume();
        steps.push(CorrectionStep {
            step: (*name).to_owned(),
            triangles: u32::try_from(effect.triangles).unwrap_or(u32::MAX),
            volume_change_mm3: volume.zip(after).map(|(before, after)| after - before),
            hausdorff_mm: effect.hausdorff_mm,
            text: effect.text,
        });
        volume = after;
    }
    let changed = !steps.is_empty();
    if changed {
        drop::unused_vertices(&mut work.mesh);
    }
    let crossings = if changed { work.crossings() } else { std::mem::take(&mut work.crossings) };
    let origin = work.origin.iter().map(|&o| (o != NEW).then_some(o)).collect();
    Correction { mesh: work.mesh, steps, review: work.review, origin, crossings }
}

impl Work {
    /// The sides of the mesh as it is.
    pub(crate) fn topology(&mut self) -> &Topology {
        self.topology.get_or_insert_with(|| Topology::new(&self.mesh))
    }

    /// The sides, taken out so that the mesh can be changed beside them.
    pub(crate) fn take_topology(&mut self) -> Topology {
        self.shells = None;
        self.topology.take().unwrap_or_else(|| Topology::new(&self.mesh))
    }

    /// Puts the sides back where nothing was changed.
    pub(crate) fn keep_topology(&mut self, topology: Topology) {
        self.topology = Some(topology);
    }

    /// The sides and the shells, taken out.
    pub(crate) fn take_shells(&mut self) -> (Topology, Shells) {
        let shells = self.shells.take();
        let topology = self.take_topology();
        let shells = shells.unwrap_or_else(|| Shells::new(&self.mesh, &topology));
        (topology, shells)
    }

    /// Puts both back where nothing was changed.
    pub(crate) fn keep_shells(&mut self, topology: Topology, shells: Shells) {
        self.topology = Some(topology);
        self.shells = Some(shells);
    }

    /// Keeps the triangles that `keep` says; gives how many were dropped.
    pub(crate) fn retain(&mut self, keep: impl FnMut(u32) -> bool) -> usize {
        self.shells = None;
        let before = self.mesh.triangles.len();
        let kept: Vec<bool> = (0..before as u32).map(keep).collect();
        let mut flags = kept.iter();
        self.mesh.triangles.retain(|_| *flags.next().unwrap_or(&true));
        let mut flags = kept.iter();
        self.origin.retain(|_| *flags.next().unwrap_or(&true));
        if let Some(topology) = &mut self.topology {
            topology.retain(&self.mesh, &kept);
        }
        before - self.mesh.triangles.len()
    }

    /// Keeps the triangles that `keep` says, of those of `topology` and those added since; gives
    /// how many of the former were dropped.
    pub(crate) fn replace(
        &mut self,
        mut topology: Topology,
        before: usize,
        keep: &[bool],
    ) -> usize {
        self.shells = None;
        let mut flags = keep.iter();
        self.mesh.triangles.retain(|_| *flags.next().unwrap_or(&true));
        let mut flags = keep.iter();
        self.origin.retain(|_| *flags.next().unwrap_or(&true));
        let kept = keep[..before].iter().filter(|&&k| k).count();
        if kept < before {
            topology.retain(&self.mesh, &keep[..before]);
        }
        let added: Vec<u32> = (kept as u32..self.mesh.triangles.len() as u32).collect();
        self.changed(topology, &added);
        before - kept
    }

    /// Says that triangles got other corners or were added since `topology` was put back;
    /// ascending.
    pub(crate) fn changed(&mut self, mut topology: Topology, triangles: &[u32]) {
        self.shells = None;
        topology.change(&self.mesh, triangles);
        self.topology = Some(topology);
    }

    /// Adds a triangle.
    pub(crate) fn push(&mut self, triangle: [u32; 3]) {
        self.mesh.triangles.push(triangle);
        self.origin.push(NEW);
    }

    /// The volume, where the surface closes.
    fn volume(&mut self) -> Option<f64> {
        let closes = EdgeCounts::new(self.topology()).closes();
        closes.then(|| self.mesh.volume())
    }

    /// The pairs of the mesh as it is: those of triangles that are as they came, and those of
    /// new triangles.
    pub(crate) fn crossings(&self) -> Crossings {
        if self.resolved {
            return Crossings::default();
        }
        self.crossings_with(&Lookup::new(self))
    }

    /// The same where the trees are there already.
    pub(crate) fn crossings_with(&self, lookup: &Lookup) -> Crossings {
        let mut crossings = self.crossings.renumbered(lookup.now());
        crossings.add(lookup.crossings_of_fresh(&self.mesh));
        crossings
    }
}
