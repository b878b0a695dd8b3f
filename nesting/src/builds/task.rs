//! A problem, prepared for the search.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::volume::{Space, Turns, VolumeGoal, VolumePart, VolumeProblem};
use rayon::prelude::*;

use super::lowest::lowest;
use super::rotations::{DRAWN, Rotations};
use super::space::Kind;
use super::validate::hollow;
use crate::NestError;
use crate::bins::{Aim, Begun, Bin, BinKind, Bins, Unit, Wanted, units};
use crate::solid::{Arrangement, Form, Keeps, Layered, Posed, Solid, Solids, Vector, turned};

/// Distance that is kept beyond what is asked, as a share of the longest edge of a volume: far more
/// than rounding can take away, far less than anybody measures.
const SPARE: f64 = 1e-6;
/// Convex pieces of a part that is not cut exactly.
const PIECES: usize = 32;
/// Share of a build's volume up to which it is filled with ease.
const EASY: f64 = 0.25;

/// The meshes that a problem names.
#[derive(Clone, Copy, Debug)]
pub struct SolidMeshes<'a> {
    /// By part: closed.
    pub parts: &'a [Arc<TriMesh>],
    /// By kind of volume: the mesh whose inside it is, if it is one.
    pub spaces: &'a [Option<Arc<TriMesh>>],
}

/// What the search knows.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) problem: &'a VolumeProblem,
    pub(super) kinds: Vec<Kind>,
    /// The parts first, then the walls of all kinds of volumes.
    pub(super) solids: Solids,
    /// By solid: the middle of its box, in the frame of its mesh.
    pub(super) middles: Vec<Vector>,
    /// What is to be placed, but for what stays in begun builds.
    units: Vec<Unit>,
    /// By kind of volume: its walls.
    walls: Vec<Vec<Posed>>,
    /// The builds that are begun, and what stays in them.
    begun: Vec<Begun>,
    pinned: Vec<Vec<Posed>>,
    /// By part and kind of volume: whether it fits when it is empty.
    fits: Vec<Vec<bool>>,
    /// Distance that is kept beyond what is asked.
    pub(super) spare: f64,
}

impl<'a> Task<'a> {
    pub(super) fn new(
        problem: &'a VolumeProblem,
        meshes: SolidMeshes<'_>,
    ) -> Result<Self, NestError> {
        let mut forms = forms(problem, meshes)?;
        let sizes = problem.volumes.iter().zip(meshes.spaces);
        let longest = sizes.map(|(volume, space)| longest_edge(&volume.space, space.as_deref()));
        let spare = SPARE * longest.fold(0.0, f64::max);
        let mut kinds = kinds(problem, meshes, &forms, spare)?;
        let mut rotations = Rotations::default();
        let mut solids: Vec<Solid> = Vec::new();
        for (form, part) in forms.iter().zip(&problem.parts) {
            let keeps = Keeps::Part(problem.clearance.max(part.clearance) + spare);
            let (pieces, turns) = (form.pieces.clone(), rotations.of(&part.turns));
            solids.push(Solid { pieces, volume: form.volume, turns, keeps, exact: form.exact });
        }
        let drawn = rotations.number(&DRAWN);
        let mut walls = Vec::new();
        for (kind, volume) in kinds.iter_mut().zip(&problem.volumes) {
            let keeps = Keeps::Wall(volume.wall + spare);
            let own = std::mem::take(&mut kind.walls).into_iter().map(|wall| {
                let solid = solids.len() as u32;
                let (pieces, volume) = (wall.pieces.clone(), wall.volume);
                solids.push(Solid { pieces, volume, turns: vec![drawn], keeps, exact: true });
                let at = [0, 1, 2].map(|k| wall.middle[k] - kind.origin[k]);
                forms.push(wall);
                Posed { solid, rotation: drawn, at }
            });
            walls.push(own.collect());
        }
        let begun = problem.begun.iter().map(|begun| Begun {
            kind: begun.volume,
            load: begun.placed.iter().map(|p| solids[p.part].volume).sum(),
        });
        let begun = begun.collect();
        let stay = problem.begun.iter().flat_map(|begun| &begun.placed);
        stay.for_each(|placed| {
            rotations.number(&placed.pose.rotation);
        });
        let mut task = Self {
            problem,
            kinds,
            units: units(wanted(problem, &solids)),
            solids: Solids::new(solids, rotations.0.clone(), problem.removable),
            middles: forms.iter().map(|form| form.middle).collect(),
            walls,
            begun,
            pinned: Vec::new(),
            fits: Vec::new(),
            spare,
        };
        let pinned = problem.begun.iter().map(|begun| {
            let stay = begun.placed.iter().map(|placed| {
                let rotation = rotations.number(&placed.pose.rotation);
                task.posed(begun.volume, placed.part, rotation, &placed.pose)
            });
            stay.collect()
        });
        task.pinned = pinned.collect();
        if problem.volumes.iter().any(|volume| volume.layers.is_some()) {
            let own = meshes.parts.iter().zip(&task.middles);
            task.solids.meshes = own.map(|(mesh, middle)| (Arc::clone(mesh), *middle)).collect();
        }
        task.fits = (0..problem.parts.len())
            .into_par_iter()
            .map(|part| {
                let alone = |kind: usize| lowest(&task, &task.empty(kind, None), part).is_some();
                (0..task.kinds.len()).map(alone).collect()
            })
            .collect();
        Ok(task)
    }

    /// Height of a single build that is open above, and the least that it may have; the distance
    /// to the plate counts.
    pub(super) fn open_height(&self, builds: &[Bin<Self>]) -> Option<[f64; 2]> {
        let [build] = builds else { return None };
        let open = matches!(self.problem.volumes[build.kind].space, Space::Open(_));
        let below = self.kinds[build.kind].origin[2];
        let heights = || [self.top(&build.holder), self.least_height(build.kind, &build.holder)];
        open.then(|| heights().map(|height| below + height))
    }

    /// Where the highest part ends.
    pub(super) fn top(&self, arrangement: &Arrangement) -> f64 {
        let parts = arrangement.posed().iter().filter(|posed| self.is_part(posed.solid));
        parts.map(|posed| self.high(posed)).fold(0.0, f64::max)
    }

    fn high(&self, posed: &Posed) -> f64 {
        self.solids.extent(posed.solid, posed.rotation).moved(posed.at).high()[2]
    }

    /// Whether a solid is a part, not a wall.
    fn is_part(&self, solid: u32) -> bool {
        (solid as usize) < self.problem.parts.len()
    }

    /// A height that no build of some parts can be below: that of the highest at its lowest
    /// rotation, and that of all volume, each over the base.
    pub(super) fn least_height(&self, kind: usize, arrangement: &Arrangement) -> f64 {
        let size = self.kinds[kind].size;
        let parts = || arrangement.posed().iter().filter(|posed| self.is_part(posed.solid));
        let volume: f64 = parts().map(|p| self.solids.solids[p.solid as usize].volume).sum();
        let least = |posed: &Posed| {
            // Turned at will it may be lower than any of these.
            if self.problem.parts[posed.solid as usize].turns == Turns::Free {
                return 0.0;
            }
            let turns = self.solids.solids[posed.solid as usize].turns.iter();
            let sizes = turns.map(|&by| self.solids.extent(posed.solid, by).size());
            let fitting = sizes.filter(|edges| edges[0] <= size[0] && edges[1] <= size[1]);
            fitting.map(|edges| edges[2]).fold(f64::INFINITY, f64::min)
        };
        let pinned = arrangement.posed()[arrangement.moved().len()..].iter();
        let stays = pinned
            .filter(|posed| self.is_part(posed.solid))
            .map(|posed| self.solids.extent(posed.solid, posed.rotation).moved(posed.at).high()[2]);
        let highest = arrangement.moved().iter().map(least).chain(stays).fold(0.0, f64::max);
        highest.max(volume / (size[0] * size[1]))
    }

    /// A part in the frame of the search.
    pub(super) fn posed(&self, kind: usize, part: usize, rotation: u32, pose: &Pose) -> Posed {
        let middle = turned(&self.solids.rotations[rotation as usize], self.middles[part]);
        let origin = self.kinds[kind].origin;
        let at = [0, 1, 2].map(|k| pose.translation[k] + middle[k] - origin[k]);
        Posed { solid: part as u32, rotation, at }
    }
}

/// The parts as convex pieces.
fn forms(problem: &VolumeProblem, meshes: SolidMeshes<'_>) -> Result<Vec<Form>, NestError> {
    let unusable = |k: usize| NestError::BadVolumes { what: hollow(k) };
    let form = |(k, (part, mesh)): (usize, (&VolumePart, &Arc<TriMesh>))| {
        Form::new(mesh, !part.inside_cavity, PIECES).ok_or_else(|| unusable(k))
    };
    problem.parts.par_iter().zip(meshes.parts).enumerate().map(form).collect()
}

/// The kinds of volumes; what is open above is so high that all parts fit one above the other.
fn kinds(
    problem: &VolumeProblem,
    meshes: SolidMeshes<'_>,
    forms: &[Form],
    spare: f64,
) -> Result<Vec<Kind>, NestError> {
    let across = |(part, form): (&VolumePart, &Form)| {
        let clearance = problem.clearance.max(part.clearance);
        f64::from(part.copies) * (form.across() + clearance + spare)
    };
    let stack: f64 = problem.parts.iter().zip(forms).map(across).sum();
    let faceted = |k: usize| NestError::BadVolumes {
        what: format!(
            "the inside of volume {k} is no solid of a few flat faces; give it fewer faces"
        ),
    };
    let volumes = problem.volumes.iter().zip(meshes.spaces).enumerate();
    volumes
        .map(|(k, (volume, space))| {
            Kind::new(volume, space.as_deref(), spare, stack).ok_or_else(|| faceted(k))
        })
        .collect()
}

/// The longest edge of a volume.
fn longest_edge(space: &Space, mesh: Option<&TriMesh>) -> f64 {
    let most = |edges: &[f64]| edges.iter().copied().fold(0.0, f64::max);
    match space {
        Space::Box(size) => most(size),
        Space::Open(base) => most(base),
        Space::Cylinder { radius, height } => most(&[2.0 * radius, *height]),
        Space::Mesh(_) => mesh
            .and_then(TriMesh::bounds)
            .map_or(0.0, |bounds| most(&[0, 1, 2].map(|k| bounds.max[k] - bounds.min[k]))),
    }
}

/// What parts ask for, but for what stays in begun builds.
fn wanted(problem: &VolumeProblem, solids: &[Solid]) -> Vec<Wanted> {
    let mut copies: Vec<u32> = problem.parts.iter().map(|part| part.copies).collect();
    for placed in problem.begun.iter().flat_map(|begun| &begun.placed) {
        copies[placed.part] = copies[placed.part].saturating_sub(1);
    }
    let wanted = |((part, copies), solid): ((&VolumePart, u32), &Solid)| Wanted {
        copies,
        load: solid.volume,
        group: part.group,
        optional: part.optional,
        worth: part.value.unwrap_or(solid.volume),
        priority: part.priority,
    };
    problem.parts.iter().zip(copies).zip(solids).map(wanted).collect()
}

impl Bins for Task<'_> {
    type Holder = Arrangement;

    fn world(&self) -> &Solids {
        &self.solids
    }

    fn kinds(&self) -> usize {
        self.kinds.len()
    }

    fn kind(&self, kind: usize) -> &BinKind {
        &self.kinds[kind].bin
    }

    fn units(&self) -> &[Unit] {
        &self.units
    }

    fn begun(&self) -> &[Begun] {
        &self.begun
    }

    fn load(&self, part: usize) -> f64 {
        self.solids.solids[part].volume
    }

    fn aim(&self) -> Aim {
        match self.problem.goal {
            VolumeGoal::Builds => Aim::Cheapest,
            VolumeGoal::Value => Aim::Value,
        }
    }

    fn easy(&self) -> f64 {
        EASY
    }

    fn empty(&self, kind: usize, begun: Option<usize>) -> Arrangement {
        let pinned = begun.map_or(&[][..], |begun| &self.pinned[begun]);
        let fixed = pinned.iter().chain(&self.walls[kind]).copied().collect();
        let mut empty = Arrangement::new(self.kinds[kind].size, &self.solids, fixed);
        let below = self.kinds[kind].origin[2];
        empty.layers = self.problem.volumes[kind].layers.map(|limits| Layered { limits, below });
        empty
    }

    fn fits(&self, unit: &Unit, kind: usize) -> bool {
        unit.parts.iter().all(|&part| self.fits[part][kind])
    }

    fn first_place(&self, arrangement: &Arrangement, part: usize) -> Option<Posed> {
        lowest(self, arrangement, part)
    }
}
