//! Lower and lower boxes.

use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::geometry::Pose;
use platewright_model::run::RunContext;
use platewright_model::search_step::SearchStep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use crate::NestError;
use crate::relaxed::{Patience, Separated, Shortest, separate, shorten};
use crate::solid::{Arrangement, Form, Posed, Rotation, Solid, Solids, Vector};

/// Distance that is kept between solids, as a share of the longest side of the base.
const SPARE: f64 = 1e-6;
/// Convex pieces of a mesh that is not cut exactly.
const PIECES: usize = 16;
/// Share of the volume that the first box is filled.
const FILLED: f64 = 0.4;
/// For the first arrangement.
const FIRST: Patience = Patience { rounds: 60, returns: 2 };
/// How much higher the box gets if that does not come free.
const HIGHER: f64 = 1.15;

/// Copies of a solid.
#[derive(Clone, Debug)]
pub struct Solid3d {
    /// Closed.
    pub mesh: Arc<TriMesh>,
    /// How many, at least 1.
    pub copies: u32,
    /// Rows of the rotations that it may have.
    pub rotations: Vec<[[f64; 3]; 3]>,
}

/// Solids and the base of the box that they are put into.
#[derive(Clone, Debug)]
pub struct Strip3dProblem {
    /// Width and depth of the box.
    pub base: [f64; 2],
    /// What is put into it.
    pub solids: Vec<Solid3d>,
    /// Distance that solids keep from one another.
    pub gap: f64,
}

/// A packing, and how it was found.
#[derive(Clone, Debug, Default)]
pub struct Strip3dNest {
    /// Height of the box.
    pub height: f64,
    /// Solid and pose of each copy.
    pub placed: Vec<(usize, Pose)>,
    /// No box is lower.
    pub bound: f64,
    /// Copies for which a better place was looked for.
    pub iterations: u64,
    /// Every improvement.
    pub trace: Vec<SearchStep>,
}

/// Puts solids into a box as low as the budget allows.
///
/// # Errors
/// [`NestError::NoMesh`]
pub fn nest_strip3d(problem: &Strip3dProblem, ctx: &RunContext) -> Result<Strip3dNest, NestError> {
    let mut rotations: Vec<Rotation> = Vec::new();
    let turns: Vec<Vec<u32>> = problem
        .solids
        .iter()
        .map(|solid| {
            let number = |by: &Rotation| {
                rotations.iter().position(|other| other == by).unwrap_or_else(|| {
                    rotations.push(*by);
                    rotations.len() - 1
                }) as u32
            };
            solid.rotations.iter().map(number).collect()
        })
        .collect();
    let forms: Vec<Form> = problem
        .solids
        .par_iter()
        .map(|solid| Form::new(&solid.mesh, PIECES).expect("solids enclose something"))
        .collect();
    let solids: Vec<Solid> = forms
        .iter()
        .zip(turns)
        .map(|(form, turns)| Solid { pieces: form.pieces.clone(), volume: form.volume, turns })
        .collect();
    let spare = SPARE * problem.base[0].max(problem.base[1]);
    let solids = Solids::new(solids, rotations, problem.gap + spare);
    let copies: Vec<u32> = problem
        .solids
        .iter()
        .enumerate()
        .flat_map(|(i, solid)| std::iter::repeat_n(i as u32, solid.copies as usize))
        .collect();
    let mut rng = Pcg64::seed_from_u64(ctx.seed_for("strip3d"));
    let bound = bound(problem, &solids, &copies);
    let first = first(problem, &solids, &copies, bound, &mut rng);
    let Shortest { best, iterations, trace } = shorten(&solids, first, bound, rng, ctx);
    let placed = best.moved().iter().map(|posed| {
        let rotation = solids.rotations[posed.rotation as usize];
        let middle = crate::solid::turned(&rotation, forms[posed.solid as usize].middle);
        let translation = [0, 1, 2].map(|k| posed.at[k] - middle[k]);
        (posed.solid as usize, Pose { rotation, translation })
    });
    let placed = placed.collect();
    Ok(Strip3dNest { height: best.size[2], placed, bound, iterations, trace })
}

/// A height that no box can be below.
fn bound(problem: &Strip3dProblem, solids: &Solids, copies: &[u32]) -> f64 {
    let volume: f64 = copies.iter().map(|&s| solids.solids[s as usize].volume).sum();
    let tallest = copies.iter().map(|&solid| lowest(problem, solids, solid)).fold(0.0, f64::max);
    tallest.max(volume / (problem.base[0] * problem.base[1]))
}

/// Least height of a solid at a rotation at which it fits the base.
fn lowest(problem: &Strip3dProblem, solids: &Solids, solid: u32) -> f64 {
    let sizes = solids.solids[solid as usize].turns.iter().map(|&r| solids.extent(solid, r).size());
    let fitting = sizes.filter(|size| size[0] <= problem.base[0] && size[1] <= problem.base[1]);
    fitting.map(|size| size[2]).fold(f64::INFINITY, f64::min)
}

/// A first box in which nothing overlaps.
fn first(
    problem: &Strip3dProblem,
    solids: &Solids,
    copies: &[u32],
    bound: f64,
    rng: &mut Pcg64,
) -> Arrangement {
    let volume: f64 = copies.iter().map(|&s| solids.solids[s as usize].volume).sum();
    let mut height = (volume / (FILLED * problem.base[0] * problem.base[1])).max(bound);
    loop {
        let size: Vector = [problem.base[0], problem.base[1], height];
        let mut arrangement = Arrangement::new(size, solids, Vec::new());
        for &solid in copies {
            let turns = &solids.solids[solid as usize].turns;
            let fits = |r: &&u32| arrangement.room(solids, solid, **r).is_some();
            let fitting: Vec<u32> = turns.iter().filter(fits).copied().collect();
            let rotation = fitting[rng.random_range(0..fitting.len())];
            let at = size.map(|x| x * rng.random_range(0.0..1.0));
            let posed = arrangement.inside(solids, Posed { solid, rotation, at });
            arrangement.add(solids, posed);
        }
        if separate(solids, &mut arrangement, FIRST, rng, &mut |_| false) == Separated::Free {
            return arrangement;
        }
        height *= HIGHER;
    }
}
