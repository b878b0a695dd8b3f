//! The MIP solver behind the assignment: `HiGHS` with the feature `highs`, else `microlp`.
//!
//! Models are written with `good_lp`; its answer has no dual bound, so each solver is asked
//! for it directly.

use std::time::Duration;

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, variable};
use platewright_model::config::SolverConfig;
use platewright_model::run::RunContext;

/// The name of the solver in reports.
#[cfg(feature = "highs")]
pub(crate) const NAME: &str = "HiGHS";
/// The name of the solver in reports.
#[cfg(not(feature = "highs"))]
pub(crate) const NAME: &str = "microlp";

/// Most columns of a model that is given to the solver with a time limit.
const MOST_COLUMNS: usize = if cfg!(feature = "highs") { 20_000 } else { 400 };

/// Most columns and rows together of a model that is solved without one; a root relaxation
/// with its cuts cannot be cut short but by time.
const MOST_UNTIMED: usize = 600;

/// Work allowed in a model without a time limit: nodes × columns.
const NODE_COLUMNS: usize = 20_000;

/// A linear model with whole columns, to be minimised; columns are at least 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Milp {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
}

/// A variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) cost: f64,
    pub(crate) whole: bool,
    pub(crate) most: f64,
}

/// A constraint on `Σ factor · column`.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) terms: Vec<(usize, f64)>,
    pub(crate) least: Option<f64>,
    pub(crate) most: Option<f64>,
}

/// When a solver stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    gap: f64,
    /// `None` where the answer must not depend on the clock.
    time: Option<Duration>,
}

impl Limits {
    /// A run that counts iterations gets no time limit, so that it can be repeated.
    pub(crate) fn new(cfg: &SolverConfig, ctx: &RunContext) -> Self {
        let limit = Duration::try_from_secs_f64(cfg.mip_seconds).unwrap_or(Duration::MAX);
        let left = ctx.budget.time.map_or(limit, |all| all.saturating_sub(ctx.started.elapsed()));
        let time = ctx.budget.iterations.is_none().then(|| limit.min(left));
        let gap = if cfg.mip_gap.is_finite() { cfg.mip_gap.max(0.0) } else { 0.0 };
        Self { gap, time }
    }

    /// Limits of each of `models` that share the time.
    pub(crate) fn shared_by(&self, models: usize, ctx: &RunContext) -> Self {
        let rounds = models.div_ceil(ctx.threads.max(1)).max(1);
        let time = self.time.map(|time| time / u32::try_from(rounds).unwrap_or(u32::MAX));
        Self { gap: self.gap, time }
    }
}

/// What a solver found.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Values of the columns, if a feasible point was found.
    pub(crate) values: Option<Vec<f64>>,
    /// Lower bound of the objective; −∞ if none was proven.
    pub(crate) bound: f64,
}

impl Answer {
    const NOTHING: Self = Self { values: None, bound: f64::NEG_INFINITY };
}

/// Minimises a model; an empty or too large one, and a solver that fails, give no values.
pub(crate) fn solve(milp: &Milp, start: Option<&[f64]>, limits: &Limits) -> Answer {
    let untimed = limits.time.is_none() && milp.columns.len() + milp.rows.len() > MOST_UNTIMED;
    if milp.columns.is_empty() || milp.columns.len() > MOST_COLUMNS || untimed {
        return Answer::NOTHING;
    }
    let nodes = (NODE_COLUMNS / milp.columns.len()).clamp(20, 500);
    run(milp, start, limits, nodes).unwrap_or(Answer::NOTHING)
}

/// The model in `good_lp`, for either solver.
fn write<S: SolverModel>(milp: &Milp, solver: impl FnMut(variable::UnsolvedProblem) -> S) -> S {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = milp
        .columns
        .iter()
        .map(|column| {
            let definition = variable().min(0.0).max(column.most);
            variables.add(if column.whole { definition.integer() } else { definition })
        })
        .collect();
    let sum = |terms: &mut dyn Iterator<Item = (usize, f64)>| {
        let mut sum = Expression::default();
        for (column, factor) in terms {
            sum.add_mul(factor, columns[column]);
        }
        sum
    };
    let costs = sum(&mut milp.columns.iter().map(|c| c.cost).enumerate());
    let mut model = variables.minimise(costs).using(solver);
    for row in &milp.rows {
        let terms = || sum(&mut row.terms.iter().copied());
        match (row.least, row.most) {
            (Some(least), Some(most)) if least >= most => {
                model.add_constraint(terms().eq(least));
            }
            (least, most) => {
                if let Some(least) = least {
                    model.add_constraint(terms().geq(least));
                }
                if let Some(most) = most {
                    model.add_constraint(terms().leq(most));
                }
            }
        }
    }
    model
}

#[cfg(feature = "highs")]
fn run(milp: &Milp, start: Option<&[f64]>, limits: &Limits, nodes: usize) -> Option<Answer> {
    use highs::{HighsModelStatus, HighsSolutionStatus};
    let mut model = write(milp, good_lp::solvers::highs::highs).try_into_inner().ok()?;
    model.try_set_option("output_flag", false).ok()?;
    // One thread and a fixed seed: the same model gives the same answer.
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("parallel", "off").ok()?;
    model.try_set_option("random_seed", 1).ok()?;
    model.try_set_option("mip_rel_gap", limits.gap).ok()?;
    match limits.time {
        Some(time) => model.try_set_option("time_limit", time.as_secs_f64()).ok()?,
        None => model.try_set_option("mip_max_nodes", i32::try_from(nodes).ok()?).ok()?,
    }
    if let Some(start) = start {
        model.try_set_solution(Some(start), None, None, None).ok()?;
    }
    let solved = model.try_solve().ok()?;
    if solved.status() == HighsModelStatus::Infeasible {
        return None;
    }
    let bound = solved.double_info_value(c"mip_dual_bound").ok().filter(|b| b.is_finite());
    let feasible = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    Some(Answer {
        values: feasible.then(|| solved.get_solution().columns().to_vec()),
        bound: bound.unwrap_or(f64::NEG_INFINITY),
    })
}

/// `microlp` takes no start; the caller keeps its own assignment where that is better.
#[cfg(not(feature = "highs"))]
fn run(milp: &Milp, _start: Option<&[f64]>, limits: &Limits, nodes: usize) -> Option<Answer> {
    let mut options = microlp::SolveOptions::default();
    options.mip_gap = limits.gap;
    options.time_limit = limits.time;
    options.node_limit = limits.time.is_none().then_some(nodes as u64);
    let model = write(milp, good_lp::solvers::microlp::microlp);
    let outcome = model.as_inner().solve_with(options).ok()?;
    let bound = outcome.stats().best_bound.unwrap_or(f64::NEG_INFINITY);
    let values = outcome.solution().map(|found| {
        let mut values = vec![0.0; milp.columns.len()];
        for (variable, value) in found {
            values[variable.idx()] = value;
        }
        values
    });
    Some(Answer { values, bound })
}
