//! Fills builds: each copy goes to its best place in the first build that has one.

use super::grid::{Area, Frame, Grid};
use super::kind::Kind;
use super::orders::Goal;
use super::plan::{Job, Plan, Spot};
use super::probe::{Cursor, Scratch, lowest};
use super::room::MAX_WORDS;
use super::shape::reach;

/// Share of a build's copies that may leave before its grid is drawn anew: below it, only what
/// changed is drawn.
const REDRAW: f64 = 0.4;

/// A build's grid and the copies drawn in it.
#[derive(Debug)]
struct Slot {
    grid: Grid,
    /// Sorted.
    drawn: Vec<Spot>,
    /// For each kind and rotation, how far positions are known to be blocked.
    cursors: Vec<Vec<Cursor>>,
}

/// Grids that are filled.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    job: &'a Job,
    /// As many builds' grids as memory allows; build `b` uses slot `b` modulo their number.
    slots: Vec<Slot>,
    most_slots: usize,
    scratch: Scratch,
}

impl<'a> Builder<'a> {
    /// A builder with an empty grid.
    pub(super) fn new(job: &'a Job) -> Self {
        let most_slots = (MAX_WORDS / Frame::new(&job.room).words().max(1)).max(1);
        Self { job, slots: Vec::new(), most_slots, scratch: Scratch::new() }
    }

    /// Makes the grid of a build hold exactly the kept copies.
    fn load(&mut self, build: usize, kept: &[Spot]) -> usize {
        let s = build % self.most_slots;
        while self.slots.len() <= s {
            let mut grid = Grid::new(Frame::new(&self.job.room));
            grid.reset(&self.job.room);
            let kinds = self.job.kinds.iter();
            let cursors = kinds.map(|k| vec![Cursor::default(); k.facings.len()]).collect();
            self.slots.push(Slot { grid, drawn: Vec::new(), cursors });
        }
        let slot = &mut self.slots[s];
        let mut target = kept.to_vec();
        target.sort_unstable();
        let missing = |of: &[Spot], from: &[Spot]| -> Vec<Spot> {
            of.iter().copied().filter(|spot| from.binary_search(spot).is_err()).collect()
        };
        let gone = missing(&slot.drawn, &target);
        if gone.len() as f64 > REDRAW * slot.drawn.len() as f64 {
            slot.grid.reset(&self.job.room);
            target.iter().for_each(|spot| {
                draw(self.job, &mut slot.grid, spot);
            });
            slot.grid.refresh_all();
            slot.cursors.iter_mut().flatten().for_each(|c| *c = Cursor::default());
        } else {
            let new = missing(&target, &slot.drawn);
            slot.exchange(self.job, &gone, &new, &target);
        }
        slot.drawn = target;
        s
    }

    /// Places one copy where `goal` wants it most, its top at most `limit` voxels high.
    fn place(&mut self, slot: usize, item: usize, goal: Goal, limit: usize) -> Option<Spot> {
        let kind = self.job.kind(item);
        let Slot { grid, drawn, cursors } = &mut self.slots[slot];
        let mut best: Option<(usize, Spot)> = None;
        for (f, facing) in kind.facings.iter().enumerate() {
            let tall = facing.dims[2];
            let mut end = (limit + 1).saturating_sub(tall);
            if let Some((cost, _)) = best {
                end = end.min(goal.layers_below(cost, tall));
            }
            let cursor = &mut cursors[self.job.kind_of[item]][f];
            if let Some(at) = lowest(grid, facing, kind.class, cursor, end, &mut self.scratch) {
                let spot = Spot { item, facing: f, at, top: at[2] + tall };
                best = Some((goal.cost(at[2], tall), spot));
            }
        }
        let (_, spot) = best?;
        let area = draw(self.job, grid, &spot);
        grid.refresh(&area);
        let position = drawn.partition_point(|s| *s < spot);
        drawn.insert(position, spot);
        Some(spot)
    }

    /// Whether a kind has a place in an empty build.
    pub(super) fn fits(&mut self, kind: &Kind) -> bool {
        let slot = self.load(0, &[]);
        let grid = &self.slots[slot].grid;
        kind.facings.iter().any(|facing| {
            let mut cursor = Cursor::default();
            lowest(grid, facing, kind.class, &mut cursor, usize::MAX, &mut self.scratch).is_some()
        })
    }
}

impl Slot {
    /// Takes some copies out and puts others in; `all` are those that are in afterwards.
    fn exchange(&mut self, job: &Job, gone: &[Spot], new: &[Spot], all: &[Spot]) {
        let areas: Vec<Area> = gone.iter().map(|spot| area(job, &self.grid, spot)).collect();
        areas.iter().for_each(|a| self.grid.clear(a));
        if !gone.is_empty() {
            if let Some(blocked) = &job.room.blocked {
                self.grid.block(blocked);
            }
            for spot in all {
                let own = area(job, &self.grid, spot);
                if areas.iter().any(|a| a.meets(&own)) {
                    draw(job, &mut self.grid, spot);
                }
            }
        }
        for spot in new {
            let changed = draw(job, &mut self.grid, spot);
            self.grid.refresh(&changed);
        }
        areas.iter().for_each(|a| self.grid.refresh(a));
        if let Some(lowest) = areas.iter().map(|a| a.layers.0).min() {
            self.step_back(job, lowest.saturating_sub(self.grid.frame.margin));
        }
    }

    /// Moves the cursors back to where parts may reach freed voxels from layer `freed` up.
    fn step_back(&mut self, job: &Job, freed: usize) {
        for (kind, cursors) in job.kinds.iter().zip(&mut self.cursors) {
            for (facing, cursor) in kind.facings.iter().zip(cursors) {
                let z = (freed + 1).saturating_sub(facing.dims[2]);
                if z <= cursor.z {
                    *cursor = Cursor { z, y: 0 };
                }
            }
        }
    }
}

/// Draws a copy; the area that it changed.
fn draw(job: &Job, grid: &mut Grid, spot: &Spot) -> Area {
    let kind = job.kind(spot.item);
    for class in 0..grid.frame.classes {
        let (shape, reach) = kind.facings[spot.facing].enlarged(class, kind.class, &job.room);
        grid.draw(class, shape, spot.at.map(|v| v + grid.frame.margin - reach));
    }
    area(job, grid, spot)
}

/// The area that a copy takes in any class.
fn area(job: &Job, grid: &Grid, spot: &Spot) -> Area {
    let kind = job.kind(spot.item);
    let dims = kind.facings[spot.facing].dims;
    // The last class enlarges the most.
    let reach = reach(job.room.classes.last().copied().unwrap_or(0.0));
    Area::new(spot.at.map(|v| v + grid.frame.margin - reach), dims.map(|d| d + 2 * reach))
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
            let slot = builder.load(b, &spots);
            let mut rest = Vec::new();
            for &item in &plan.left {
                plan.cut |= stop();
                let spot = if plan.cut { None } else { builder.place(slot, item, goal, limit) };
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
