//! The two public functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_model::config::PlateConfig;
use platewright_model::measure::Mm;
use platewright_model::plate::{FilledPlate, PlateProblem};
use platewright_model::run::RunContext;
use rayon::prelude::*;

use super::lying::{Lying, faces};
use super::plan::{SPARE_MM, gap, part, plate, pose};
use crate::plates::{Heuristic, fit, nest_keeping};
use crate::{Item, Layout, Left, LeftReason, Nest, NestError, Placed, Problem};

/// Nests into at most `max_builds` plates: parts stand side by side, their silhouettes at least
/// the clearance apart. Iterations are copies for which a better place is looked for.
///
/// # Errors
/// [`NestError::NoVolume`] if the volume has no room, [`NestError::NoMesh`] for a mesh without
/// triangles, [`NestError::Prepare`] if a silhouette cannot be made, [`NestError::BadPlates`] if
/// there are more parts than can be nested at a time.
pub fn nest_plate(
    problem: &Problem,
    max_builds: usize,
    cfg: &PlateConfig,
    ctx: &RunContext,
) -> Result<Nest, NestError> {
    room(problem)?;
    let lying = all_lying(problem)?;
    let stands: Vec<usize> = (0..lying.len()).filter(|&i| lying[i].is_some()).collect();
    let parts = stands.iter().filter_map(|&i| Some(part(&problem.items[i], lying[i].as_deref()?)));
    let stock = u32::try_from(max_builds).ok();
    let plates = PlateProblem {
        plates: vec![plate(problem, stock)],
        parts: parts.collect(),
        gap: gap(problem),
        ..PlateProblem::default()
    };
    let mut ctx = ctx.clone();
    ctx.budget.iterations = ctx.budget.iterations.or(Some(cfg.iterations));
    let mut filled = Vec::new();
    let mut iterations = 0;
    if !stands.is_empty() {
        let nest = nest_keeping(&plates, SPARE_MM, None, Heuristic::Full, &ctx)?;
        (filled, iterations) = (nest.layout.plates, nest.iterations);
    }
    let mut written = Written::new(problem, &lying, &stands);
    let area = |plate: &FilledPlate| -> f64 {
        let of = |item: usize| lying[stands[item]].as_deref().map_or(0.0, |lying| lying.area);
        plate.placed.iter().map(|placed| of(placed.item)).sum()
    };
    filled.sort_by(|a, b| area(b).total_cmp(&area(a)));
    let layouts: Vec<Layout> = filled.iter().map(|plate| written.layout(plate)).collect();
    let stopped = ctx.cancel.is_cancelled();
    Ok(Nest { left: written.left(stopped), layouts, iterations })
}

/// Whether one copy of `item` fits the empty plate of `problem` in an allowed orientation.
/// Items that cannot be prepared at all fit nowhere.
pub fn fits_plate(item: &Item, problem: &Problem) -> bool {
    room(problem).is_ok() && lying(item, problem).is_ok_and(|lying| lying.is_some())
}

/// # Errors
/// [`NestError::NoVolume`].
fn room(problem: &Problem) -> Result<(), NestError> {
    let wall = problem.part_wall.0;
    let [x, y, z] = problem.volume.size();
    let plan =
        x - 2.0 * wall > 0.0 && y - 2.0 * wall > 0.0 && problem.volume.plate_area().is_finite();
    if plan && z - wall > problem.part_plate.0 {
        Ok(())
    } else {
        Err(NestError::NoVolume { volume: problem.volume.name() })
    }
}

/// By item: how it lies; `None` if it fits on no face.
fn all_lying(problem: &Problem) -> Result<Vec<Option<Arc<Lying>>>, NestError> {
    let mut kinds: Vec<&Item> = Vec::new();
    let mut index: BTreeMap<(usize, u8), usize> = BTreeMap::new();
    let kind_of: Vec<usize> = problem
        .items
        .iter()
        .map(|item| {
            *index.entry((Arc::as_ptr(&item.mesh) as usize, item.orientation as u8)).or_insert_with(
                || {
                    kinds.push(item);
                    kinds.len() - 1
                },
            )
        })
        .collect();
    let lying: Vec<Option<Arc<Lying>>> =
        kinds.par_iter().map(|item| lying(item, problem)).collect::<Result<_, _>>()?;
    Ok(kind_of.into_iter().map(|kind| lying[kind].clone()).collect())
}

/// The first face on which an item fits the empty plate.
fn lying(item: &Item, problem: &Problem) -> Result<Option<Arc<Lying>>, NestError> {
    let mesh = item.mesh.as_ref();
    let finite = mesh.vertices.iter().all(|v| v.iter().all(|c| c.is_finite() && c.abs() < 1e6));
    let indexed = mesh.triangles.iter().flatten().all(|v| (*v as usize) < mesh.vertices.len());
    if mesh.triangles.is_empty() || !finite || !indexed {
        return Err(NestError::NoMesh { part: item.part.clone() });
    }
    let room = problem.volume.size()[2] - problem.part_wall.0 - problem.part_plate.0;
    for face in faces(item.orientation) {
        let Some(lying) = Lying::new(mesh, face) else {
            let text = "its silhouette is empty".to_owned();
            return Err(NestError::Prepare { part: item.part.clone(), text });
        };
        let alone = PlateProblem {
            plates: vec![plate(problem, None)],
            parts: vec![part(item, &lying)],
            gap: gap(problem),
            ..PlateProblem::default()
        };
        if lying.height <= room + SPARE_MM && fit(&alone, SPARE_MM)?.iter().all(|fits| *fits) {
            return Ok(Some(Arc::new(lying)));
        }
    }
    Ok(None)
}

/// The answer in the terms of the problem. Copies are numbered plate by plate.
struct Written<'a> {
    problem: &'a Problem,
    lying: &'a [Option<Arc<Lying>>],
    /// Items of the parts that were nested.
    stands: &'a [usize],
    /// By item: the next copy.
    next: Vec<u32>,
}

impl<'a> Written<'a> {
    fn new(problem: &'a Problem, lying: &'a [Option<Arc<Lying>>], stands: &'a [usize]) -> Self {
        Self { problem, lying, stands, next: vec![0; problem.items.len()] }
    }

    fn layout(&mut self, plate: &FilledPlate) -> Layout {
        let (mut area, mut height) = (0.0, 0.0_f64);
        let mut placed = Vec::with_capacity(plate.placed.len());
        for at in &plate.placed {
            let item = self.stands[at.item];
            let Some(lying) = self.lying[item].as_deref() else { continue };
            area += lying.area;
            height = height.max(lying.height);
            let copy = self.next[item];
            self.next[item] += 1;
            placed.push(Placed { item, copy, pose: pose(self.problem, lying, at), out: None });
        }
        let height = Mm(self.problem.part_plate.0 + height);
        Layout { placed, height, density: area / self.problem.volume.plate_area() }
    }

    fn left(self, stopped: bool) -> Vec<Left> {
        let full = if stopped { LeftReason::BudgetEnded } else { LeftReason::NoRoom };
        let items = self.problem.items.iter().zip(&self.next).enumerate();
        let left = items.filter(|(_, (item, next))| **next < item.copies);
        left.map(|(i, (item, next))| Left {
            item: i,
            copies: item.copies - next,
            reason: if self.lying[i].is_some() { full } else { LeftReason::TooLarge },
        })
        .collect()
    }
}
