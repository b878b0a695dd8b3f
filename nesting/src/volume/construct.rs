//! Fills builds: each copy goes to its best place in the first build that has one.

use super::grid::{Frame, Grid};
use super::orders::Goal;
use super::plan::{Job, Plan, Spot};
use super::probe::{Cursor, Scratch, lowest};

/// A grid that is filled, with what is known of blocked positions.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    job: &'a Job,
    grid: Grid,
    /// For each kind and rotation, how far positions are known to be blocked.
    cursors: Vec<Vec<Cursor>>,
    scratch: Scratch,
}

impl<'a> Builder<'a> {
    /// A builder with an empty grid.
    pub(super) fn new(job: &'a Job) -> Self {
        let cursors = job.kinds.iter().map(|k| vec![Cursor::default(); k.facings.len()]).collect();
        Self { job, grid: Grid::new(Frame::new(&job.room)), cursors, scratch: Scratch::new() }
    }

    /// Empties the grid and puts the kept copies in.
    pub(super) fn load(&mut self, kept: &[Spot]) {
        self.cursors.iter_mut().flatten().for_each(|c| *c = Cursor::default());
        self.grid.reset(&self.job.room);
        kept.iter().for_each(|spot| {
            self.draw(spot);
        });
        self.grid.refresh_all();
    }

    /// Places one copy where `goal` wants it most, its top at most `limit` voxels high.
    pub(super) fn place(&mut self, item: usize, goal: Goal, limit: usize) -> Option<Spot> {
        let kind = self.job.kind(item);
        let mut best: Option<(usize, Spot)> = None;
        for (f, facing) in kind.facings.iter().enumerate() {
            let tall = facing.dims[2];
            let mut end = (limit + 1).saturating_sub(tall);
            if let Some((cost, _)) = best {
                end = end.min(goal.layers_below(cost, tall));
            }
            let cursor = &mut self.cursors[self.job.kind_of[item]][f];
            let found = lowest(&self.grid, facing, kind.class, cursor, end, &mut self.scratch);
            if let Some(at) = found {
                let spot = Spot { item, facing: f, at, top: at[2] + tall };
                best = Some((goal.cost(at[2], tall), spot));
            }
        }
        let (_, spot) = best?;
        let (from, to) = self.draw(&spot);
        self.grid.refresh(from, to);
        Some(spot)
    }

    /// The grid as it is.
    pub(super) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Draws a copy; the rows and layers it changed.
    fn draw(&mut self, spot: &Spot) -> ([usize; 2], [usize; 2]) {
        let kind = self.job.kind(spot.item);
        let margin = self.grid.frame.margin;
        let (mut from, mut to) = ([usize::MAX; 2], [0; 2]);
        for class in 0..self.grid.frame.classes {
            let (shape, reach) =
                kind.facings[spot.facing].enlarged(class, kind.class, &self.job.room);
            let at = spot.at.map(|v| v + margin - reach);
            self.grid.draw(class, shape, at);
            for k in 0..2 {
                from[k] = from[k].min(at[k + 1]);
                to[k] = to[k].max(at[k + 1] + shape.dims[k + 1]);
            }
        }
        (from, to)
    }
}

/// Fills builds with the kept copies and then with `order`, first fit; `stop` is asked before
/// each copy and ends the plan early.
pub(super) fn fill(
    builder: &mut Builder<'_>,
    kept: &[Vec<Spot>],
    order: &[usize],
    goal: Goal,
    limit: usize,
    stop: &dyn Fn() -> bool,
) -> Plan {
    let mut plan = Plan { left: order.to_vec(), ..Plan::default() };
    for b in 0..builder.job.max_builds {
        let mut spots = kept.get(b).cloned().unwrap_or_default();
        let last = b >= kept.len();
        if plan.left.is_empty() && last {
            break;
        }
        if !plan.left.is_empty() && !plan.cut {
            builder.load(&spots);
            let mut rest = Vec::new();
            for &item in &plan.left {
                plan.cut |= stop();
                let spot = if plan.cut { None } else { builder.place(item, goal, limit) };
                match spot {
                    Some(spot) => spots.push(spot),
                    None => {
                        // With a limit, what finds no place makes the plan worthless.
                        plan.cut |= limit < usize::MAX - 1;
                        rest.push(item);
                    }
                }
            }
            plan.left = rest;
        }
        if spots.is_empty() && last {
            break;
        }
        plan.builds.push(spots);
    }
    plan.builds.retain(|b| !b.is_empty());
    plan
}
