//! A proven lower bound of the assignment model.
//!
//! Lagrangian relaxation: a shipment paid once and a lateness that is the greatest of its jobs
//! are at least any weighted mean over the order's jobs. With weights that sum to one, every
//! job chooses its machine alone, and the sum of the least costs is a lower bound; subgradient
//! ascent (Held, Wolfe, Crowder 1974) finds good weights. Feedstock limits are left out, which
//! keeps the bound valid. Where the MIP is small enough its own bound is used if it is greater.

use platewright_model::run::RunContext;
use rayon::prelude::*;

use crate::assign::backend::Limits;
use crate::assign::decompose;
use crate::assign::model::{Model, alone_cost, first_ships, late_alone, ship_price};
use crate::instance::Instance;

/// Steps of the ascent.
const STEPS: u32 = 300;

/// Share of a bound that is given up for rounding inside solvers (feasibility tolerance 1e-6).
const SAFETY: f64 = 1e-6;

/// A lower bound of the objective over all assignments of `jobs`, never above that of `at`.
pub(crate) fn prove(
    instance: &Instance<'_>,
    jobs: &[usize],
    at: &[Option<usize>],
    limits: &Limits,
    ctx: &RunContext,
) -> i64 {
    let parts = decompose::parts(instance, jobs, false);
    let limits = limits.shared_by(parts.len(), ctx);
    let bounds: Vec<f64> = parts
        .par_iter()
        .map(|jobs| {
            let relaxed = Relaxation::new(instance, jobs).ascend();
            let free = jobs.len() == 1;
            if free || ctx.cancel.is_cancelled() {
                return relaxed;
            }
            let found = Model::new(instance, jobs, None).solve(instance, jobs, Some(at), &limits);
            relaxed.max(found.bound)
        })
        .collect();
    let bound: f64 = bounds.iter().sum();
    let bound = (bound - SAFETY * bound.abs()).ceil() as i64 - first_ships(instance, jobs);
    bound.clamp(0, instance.model_cost(at))
}

/// One job's choice with the costs it shares with other jobs, by coupling.
struct Way {
    alone: f64,
    /// Coupling and cost at stake.
    shared: Vec<(usize, f64)>,
}

/// The relaxation: a coupling is an order's lateness, or an order's shipment from a centre.
struct Relaxation {
    jobs: Vec<Vec<Way>>,
    /// Jobs (positions in `jobs`) of each coupling.
    members: Vec<Vec<usize>>,
}

impl Relaxation {
    fn new(instance: &Instance<'_>, jobs: &[usize]) -> Self {
        let mut names = std::collections::BTreeMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut relaxed = Vec::new();
        for (position, &job) in jobs.iter().enumerate() {
            let mut options = Vec::new();
            for choice in &instance.jobs[job].choices {
                let centre = instance.machines[choice.machine].centre;
                let mut shared = Vec::new();
                for share in &instance.jobs[job].shares {
                    if instance.jobs_of[share.order].len() == 1 {
                        continue;
                    }
                    let ship = ship_price(instance, share.order, centre);
                    let late = late_alone(instance, share, choice);
                    for (name, cost) in
                        [((share.order, Some(centre)), ship), ((share.order, None), late)]
                    {
                        if cost <= 0 {
                            continue;
                        }
                        let coupling = *names.entry(name).or_insert(members.len());
                        if coupling == members.len() {
                            members.push(Vec::new());
                        }
                        if members[coupling].last() != Some(&position) {
                            members[coupling].push(position);
                        }
                        shared.push((coupling, cost as f64));
                    }
                }
                options.push(Way { alone: alone_cost(instance, job, choice), shared });
            }
            relaxed.push(options);
        }
        Self { jobs: relaxed, members }
    }

    /// The greatest bound found.
    fn ascend(&self) -> f64 {
        let mut weights: Vec<Vec<f64>> =
            self.members.iter().map(|m| vec![1.0 / m.len() as f64; m.len()]).collect();
        let mut best = f64::NEG_INFINITY;
        let (mut scale, mut stale) = (1.0, 0);
        for _ in 0..STEPS {
            let (bound, slopes) = self.evaluate(&weights);
            // The first bound always counts; later ones must gain more than rounding.
            let gained = !best.is_finite() || bound > best + 1e-9 * best.abs();
            stale = if gained { 0 } else { stale + 1 };
            best = best.max(bound);
            if stale == 10 {
                (scale, stale) = (scale * 0.5, 0);
            }
            let mut moved = false;
            for (weights, slopes) in weights.iter_mut().zip(&slopes) {
                let norm: f64 = slopes.iter().map(|s| s * s).sum::<f64>().sqrt();
                if weights.len() > 1 && norm > 0.0 {
                    for (weight, slope) in weights.iter_mut().zip(slopes) {
                        *weight += 0.5 * scale * slope / norm;
                    }
                    project(weights);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        best
    }

    /// The bound of given weights, and how it grows with each.
    fn evaluate(&self, weights: &[Vec<f64>]) -> (f64, Vec<Vec<f64>>) {
        let mut slopes: Vec<Vec<f64>> = weights.iter().map(|w| vec![0.0; w.len()]).collect();
        let mut bound = 0.0;
        for (position, options) in self.jobs.iter().enumerate() {
            let slot = |coupling: usize| {
                self.members[coupling].binary_search(&position).expect("a job is in its couplings")
            };
            let price = |option: &Way| {
                let shared = option.shared.iter().map(|&(c, cost)| weights[c][slot(c)] * cost);
                option.alone + shared.sum::<f64>()
            };
            let best = options.iter().map(|o| (price(o), o)).min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((cost, option)) = best else { continue };
            bound += cost;
            for &(coupling, cost) in &option.shared {
                slopes[coupling][slot(coupling)] += cost;
            }
        }
        (bound, slopes)
    }
}

/// Projects weights onto those that are not negative and sum to one (Duchi et al. 2008).
fn project(weights: &mut [f64]) {
    let mut sorted = weights.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (k, weight) in sorted.iter().enumerate() {
        sum += weight;
        let candidate = (sum - 1.0) / (k + 1) as f64;
        if weight - candidate > 0.0 {
            shift = candidate;
        }
    }
    let mut total = 0.0;
    for weight in weights.iter_mut() {
        *weight = (*weight - shift).max(0.0);
        total += *weight;
    }
    // A sum above one, by rounding, would make the bound invalid.
    if total > 1.0 {
        for weight in weights {
            *weight /= total;
        }
    }
}
