//! Fills builds: each copy goes to its best place in the first build that has one.

use super::corners::Corners;
use super::grid::{Area, Frame, Grid};
use super::kind::{Facing, Kind};
use super::orders::Goal;
use super::plan::{Job, Plan, Spot};
use super::probe::{Dead, Scratch, lowest};
use super::room::{MAX_WORDS, Room};
use super::shape::reach;
use crate::layers::Ledger;

/// Share of a build's copies that may leave before its grid is drawn anew: below it, only what
/// changed is drawn.
const REDRAW: f64 = 0.4;

/// Longest log of freed areas before a grid is drawn anew.
const MOST_FREED: usize = 100_000;

/// What contact of all its surface is worth to a copy, as height in parts of its mean edge; and how
/// much higher than the lowest a rotation may be for it. Found on generated parts and on a kit.
const SNUG: f64 = 0.25;
const HIGHER: f64 = 0.05;

/// Every height is allowed.
pub(super) const NO_LIMIT: usize = usize::MAX - 1;

/// How copies are placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe {
    /// What places are chosen by.
    pub(super) goal: Goal,
    /// Greatest top in voxels; below [`NO_LIMIT`], a copy without a place ends the filling.
    pub(super) limit: usize,
    /// A bit for each rotation that is tried; the lowest one always is.
    pub(super) turns: u32,
    /// Whether contact with other copies and with walls counts too.
    pub(super) snug: bool,
}

/// A build's grid and the copies drawn in it.
#[derive(Debug)]
struct Slot {
    grid: Grid,
    /// Sorted.
    drawn: Vec<Spot>,
    /// For each kind and rotation, the positions known to be blocked.
    dead: Vec<Vec<Dead>>,
    /// Areas freed since the grid was drawn anew.
    freed: Vec<Area>,
    /// What layers fuse, where they have limits.
    ledger: Ledger,
}

/// Grids that are filled.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    job: &'a Job,
    /// As many builds' grids as memory allows; build `b` uses slot `b` modulo their number.
    slots: Vec<Slot>,
    most_slots: usize,
    scratch: Scratch,
    corners: Corners,
}

impl<'a> Builder<'a> {
    /// A builder with an empty grid.
    pub(super) fn new(job: &'a Job) -> Self {
        let most_slots = (MAX_WORDS / Frame::new(&job.room).words().max(1)).max(1);
        let (scratch, corners) = (Scratch::default(), Corners::default());
        Self { job, slots: Vec::new(), most_slots, scratch, corners }
    }

    /// Makes the grid of a build hold exactly the kept copies; says which slot it is in.
    pub(super) fn load(&mut self, build: usize, kept: &[Spot]) -> usize {
        let s = build % self.most_slots;
        while self.slots.len() <= s {
            let mut grid = Grid::new(Frame::new(&self.job.room));
            grid.reset(&self.job.room);
            let kinds = self.job.kinds.iter();
            let dead = kinds.map(|k| k.facings.iter().map(Dead::new).collect()).collect();
            self.slots.push(Slot {
                grid,
                drawn: Vec::new(),
                dead,
                freed: Vec::new(),
                ledger: Ledger::default(),
            });
        }
        let slot = &mut self.slots[s];
        let mut target = kept.to_vec();
        target.sort_unstable();
        let missing = |of: &[Spot], from: &[Spot]| -> Vec<Spot> {
            of.iter().copied().filter(|spot| from.binary_search(spot).is_err()).collect()
        };
        let gone = missing(&slot.drawn, &target);
        let redraw = gone.len() as f64 > REDRAW * slot.drawn.len() as f64;
        if redraw || slot.freed.len() > MOST_FREED {
            slot.grid.reset(&self.job.room);
            target.iter().for_each(|spot| {
                draw(self.job, &mut slot.grid, spot);
            });
            slot.grid.refresh_all();
            slot.dead.iter_mut().flatten().for_each(Dead::forget);
            slot.freed.clear();
        } else {
            let new = missing(&target, &slot.drawn);
            slot.exchange(self.job, &gone, &new, &target);
        }
        slot.drawn = target;
        slot.count_layers(self.job);
        s
    }

    /// Places one copy where the recipe wants it most.
    fn place(&mut self, slot: usize, item: usize, how: &Recipe) -> Option<Spot> {
        let kind = self.job.kind(item);
        let slack = if how.snug { kind.edge() * HIGHER } else { 0.0 };
        let lowest = self.lowest(slot, item, how, 2 * slack.ceil() as usize);
        let places = if how.snug { self.snuggest(slot, &lowest) } else { lowest };
        let (_, spot) = *places.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        self.put(slot, spot);
        Some(spot)
    }

    /// The lowest place of a copy in each rotation whose cost is at most so much greater than the
    /// least, with its cost.
    fn lowest(&mut self, slot: usize, item: usize, how: &Recipe, slack: usize) -> Vec<(f64, Spot)> {
        let (kind, room) = (self.job.kind(item), &self.job.room);
        let Slot { grid, dead, freed, ledger, .. } = &mut self.slots[slot];
        let mut found: Vec<(usize, Spot)> = Vec::new();
        let mut least = usize::MAX;
        for (f, facing) in kind.facings.iter().enumerate() {
            // The lowest rotation is always tried, so that every copy may be placed.
            if f > 0 && how.turns >> (f % 32) & 1 == 0 {
                continue;
            }
            let tall = facing.dims[2];
            let mut end = (how.limit + 1).saturating_sub(tall);
            if least < usize::MAX {
                end = end.min(how.goal.layers_below(least + slack, tall));
            }
            let dead = &mut dead[self.job.kind_of[item]][f];
            let scratch = &mut self.scratch;
            let takes = |z: usize| takes(room, ledger, facing, z);
            if let Some(at) = lowest(grid, facing, kind.class, dead, freed, end, &takes, scratch) {
                let cost = how.goal.cost(at[2], tall);
                least = least.min(cost);
                found.push((cost, Spot { item, facing: f, at, top: at[2] + tall }));
            }
        }
        let found = found.into_iter().filter(|(cost, _)| *cost <= least + slack);
        found.map(|(cost, spot)| (cost as f64, spot)).collect()
    }

    /// The places on the layers of these, with costs that contact makes less.
    fn snuggest(&mut self, slot: usize, lowest: &[(f64, Spot)]) -> Vec<(f64, Spot)> {
        let grid = &self.slots[slot].grid;
        let mut found = Vec::new();
        for &(cost, spot) in lowest {
            let (kind, facing) = (self.job.kind(spot.item), self.job.facing(&spot));
            let (shell, worth) = (facing.shell(), 2.0 * kind.edge() * SNUG);
            found.extend(self.corners.of(grid, facing, kind.class, spot.at[2]).map(|at| {
                let share = shell.contact(grid, kind.class, at, &facing.last);
                (cost - worth * share, Spot { at, ..spot })
            }));
        }
        found
    }

    /// The lowest place of one copy in each rotation, from a layer on; the one with the lowest top
    /// first.
    pub(super) fn places(&mut self, slot: usize, item: usize, from: usize) -> Vec<Spot> {
        let (kind, room) = (self.job.kind(item), &self.job.room);
        let Slot { grid, dead, freed, ledger, .. } = &mut self.slots[slot];
        let facings = kind.facings.iter().enumerate();
        let mut spots: Vec<Spot> = facings
            .filter_map(|(f, facing)| {
                let dead = &mut dead[self.job.kind_of[item]][f];
                let (scratch, end) = (&mut self.scratch, usize::MAX);
                let high = |z: usize| z >= from && takes(room, ledger, facing, z);
                let at = lowest(grid, facing, kind.class, dead, freed, end, &high, scratch)?;
                Some(Spot { item, facing: f, at, top: at[2] + facing.dims[2] })
            })
            .collect();
        spots.sort_by_key(|spot| (spot.top, spot.facing));
        spots
    }

    /// Puts a copy where it overlaps nothing.
    pub(super) fn put(&mut self, slot: usize, spot: Spot) {
        let Slot { grid, drawn, ledger, .. } = &mut self.slots[slot];
        let area = draw(self.job, grid, &spot);
        grid.refresh(&area);
        let position = drawn.partition_point(|s| *s < spot);
        drawn.insert(position, spot);
        if self.job.room.layers.is_some() {
            let (profile, up) = self.job.facing(&spot).profile(spot.at[2], &self.job.room);
            ledger.add(profile, up);
        }
    }

    /// Whether the layers of a build of these copies keep their limits.
    pub(super) fn keeps_with(&mut self, build: usize, kept: &[Spot]) -> bool {
        let slot = self.load(build, kept);
        self.keeps(slot)
    }

    /// Whether the layers of a build keep their limits.
    fn keeps(&self, slot: usize) -> bool {
        let limits = self.job.room.layers.as_ref().map(|layers| layers.limits);
        limits.is_none_or(|limits| self.slots[slot].ledger.keeps(&limits))
    }

    /// Whether a kind has a place in an empty build.
    pub(super) fn fits(&mut self, kind: &Kind) -> bool {
        let slot = self.load(0, &[]);
        let Slot { grid, ledger, .. } = &self.slots[slot];
        kind.facings.iter().any(|facing| {
            let (mut dead, scratch) = (Dead::new(facing), &mut self.scratch);
            let takes = |z: usize| takes(&self.job.room, ledger, facing, z);
            lowest(grid, facing, kind.class, &mut dead, &[], usize::MAX, &takes, scratch).is_some()
        })
    }
}

impl Slot {
    /// Adds up what layers fuse.
    fn count_layers(&mut self, job: &Job) {
        if job.room.layers.is_some() {
            self.ledger = Ledger::default();
            for spot in &self.drawn {
                let (profile, up) = job.facing(spot).profile(spot.at[2], &job.room);
                self.ledger.add(profile, up);
            }
        }
    }

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
        self.freed.extend(areas);
    }
}

/// Whether layers take a part at a height.
fn takes(room: &Room, ledger: &Ledger, facing: &Facing, z: usize) -> bool {
    room.layers.as_ref().is_none_or(|layers| {
        let (profile, up) = facing.profile(z, room);
        ledger.takes(profile, up, &layers.limits)
    })
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
    how: &Recipe,
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
            // Without what was taken out, layers may differ too much.
            plan.cut |= !builder.keeps(slot);
            let mut rest = Vec::new();
            for &item in &plan.left {
                plan.cut |= stop();
                let spot = if plan.cut { None } else { builder.place(slot, item, how) };
                match spot {
                    Some(spot) => spots.push(spot),
                    None => {
                        // With a limit, what finds no place makes the plan worthless.
                        plan.cut |= how.limit < NO_LIMIT;
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
