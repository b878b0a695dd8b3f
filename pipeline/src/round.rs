//! A round of planning: batch, nest, batch again what did not fit, assign, schedule.
//!
//! Nothing flows back in code. What a round learns about how full volumes become is data for
//! the next round; the best complete round wins by units left over, then by cost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use platewright_model::config::Config;
use platewright_model::id::{BuildId, GroupId, MachineClassId, PartId, UnitId};
use platewright_model::material::NestingMode;
use platewright_model::measure::Mm;
use platewright_model::night::Night;
use platewright_model::replan::Replan;
use platewright_model::run::RunContext;
use platewright_model::stage::{
    Assignment, Batch, Build, BuildPlan, PrintingGroup, Schedule, Unplaced, UnplacedReason,
};
use platewright_nesting::LeftReason;
use platewright_solver::{Facts, assign, batch, schedule};

use crate::PipelineError;
use crate::fit::{Fill, Surrogate, mode};
use crate::in_force::Standing;
use crate::nest::{NestInput, NestedBatch, nest_batches};

/// What a round starts from.
pub(crate) struct RoundInput<'a> {
    pub(crate) night: &'a Night,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) nest: NestInput<'a>,
    pub(crate) groups: &'a [PrintingGroup],
    /// Builds of a plan in force.
    pub(crate) standing: &'a Standing,
    /// The groups without the units of those.
    pub(crate) free: &'a [PrintingGroup],
    /// Facts with the machine time that those leave.
    pub(crate) free_facts: &'a Facts<'a>,
    pub(crate) config: &'a Config,
    /// Units that no round can place.
    pub(crate) hopeless: &'a [Unplaced],
}

/// A complete plan of one round.
#[derive(Clone)]
pub(crate) struct Round {
    pub(crate) batches: Vec<Batch>,
    pub(crate) build_plan: BuildPlan,
    pub(crate) assignment: Assignment,
    pub(crate) schedule: Schedule,
    pub(crate) replan: Option<Replan>,
}

impl Round {
    /// Lower is better: units that are not printed, then cost.
    pub(crate) fn score(&self) -> (usize, i64) {
        let unassigned: BTreeSet<&BuildId> =
            self.assignment.unassigned.iter().map(|u| &u.build).collect();
        let waiting: usize = self
            .build_plan
            .builds
            .iter()
            .filter(|b| unassigned.contains(&b.id))
            .map(|b| b.placements.len())
            .sum();
        (self.build_plan.unplaced.len() + waiting, self.schedule.cost.total().0)
    }
}

/// Passes over what did not fit; each pass batches more carefully than the one before.
const MAX_PASSES: u32 = 6;

/// Plans one round and says what it learned about fill.
pub(crate) fn plan_round(
    input: &RoundInput<'_>,
    surrogate: &mut Surrogate<'_>,
    ctx: &RunContext,
) -> Result<(Round, Fill), PipelineError> {
    let nested = nest_all(input, surrogate, ctx)?;
    let mut builds = nested.builds;
    builds.sort_by(|a, b| a.id.cmp(&b.id));
    number_builds(&mut builds, input.standing.last_number());
    builds.extend(input.standing.builds.iter().cloned());
    builds.sort_by(|a, b| a.id.cmp(&b.id));
    let mut unplaced: Vec<Unplaced> = input.hopeless.to_vec();
    unplaced.extend(nested.unplaced);
    ctx.report("assign", 0, builds.len() as u64, "assigning builds to machines");
    let solver = &input.config.solver;
    let objective = &input.config.objective;
    let kept = &input.standing.kept;
    let assignment = assign(input.facts, input.groups, &builds, kept, solver, objective, ctx)?;
    ctx.report("schedule", 0, builds.len() as u64, "scheduling builds");
    let (schedule, moved) = schedule(
        input.facts,
        input.groups,
        &builds,
        kept,
        &assignment,
        solver,
        objective,
        unplaced.len(),
        ctx,
    )?;
    unplaced.sort_by_key(|u| u.unit);
    let build_plan = BuildPlan { builds, unplaced };
    let round = Round {
        batches: nested.batches,
        build_plan,
        assignment: moved.unwrap_or(assignment),
        schedule,
        replan: None,
    };
    Ok((round, nested.learned))
}

struct Nested {
    batches: Vec<Batch>,
    builds: Vec<Build>,
    unplaced: Vec<Unplaced>,
    learned: Fill,
}

fn nest_all(
    input: &RoundInput<'_>,
    surrogate: &mut Surrogate<'_>,
    ctx: &RunContext,
) -> Result<Nested, PipelineError> {
    let start = surrogate.fill().clone();
    let mut out = Nested {
        batches: Vec::new(),
        builds: Vec::new(),
        unplaced: Vec::new(),
        learned: start.clone(),
    };
    let mut groups = input.free.to_vec();
    let mut seen: Vec<Observation> = Vec::new();
    for pass in 0..MAX_PASSES {
        ctx.report("batch", u64::from(pass), 0, "proposing batches");
        let (mut batches, too_large) = batch(
            input.free_facts,
            &groups,
            &*surrogate,
            &input.config.solver,
            &input.config.objective,
            ctx,
        );
        out.unplaced.extend(too_large);
        if batches.is_empty() {
            break;
        }
        rename_batches(&mut batches, pass);
        // The first pass nests nearly everything, so it gets nearly all of the time.
        let time = ctx.budget.time.map(|limit| {
            limit.saturating_sub(ctx.started.elapsed()).mul_f64(if pass == 0 { 0.75 } else { 0.4 })
        });
        let nested = nest_batches(&input.nest, &batches, time, ctx)?;
        seen.extend(observe(input, surrogate, &batches, &nested));
        let left = collect(&mut out, batches, nested);
        if left.is_empty() {
            break;
        }
        if pass + 1 == MAX_PASSES || ctx.cancel.is_cancelled() {
            out.unplaced.extend(left.iter().map(|(_, unit, reason)| unplaced(*unit, *reason)));
            break;
        }
        groups = remaining(input.free, &left);
        surrogate.set_fill(careful(surrogate.fill(), &seen));
    }
    out.learned = learn(&start, &seen);
    Ok(out)
}

/// Keeps what was built and returns what was not, by group.
fn collect(
    out: &mut Nested,
    batches: Vec<Batch>,
    nested: Vec<NestedBatch>,
) -> Vec<(GroupId, UnitId, LeftReason)> {
    let mut left = Vec::new();
    for (batch, nested) in batches.iter().zip(nested) {
        out.builds.extend(nested.build);
        left.extend(
            nested.left.into_iter().map(|(unit, reason)| (batch.group.clone(), unit, reason)),
        );
    }
    out.batches.extend(batches);
    left
}

/// The groups reduced to the units still without a place.
fn remaining(
    groups: &[PrintingGroup],
    left: &[(GroupId, UnitId, LeftReason)],
) -> Vec<PrintingGroup> {
    let mut rest: BTreeMap<&GroupId, Vec<UnitId>> = BTreeMap::new();
    for (group, unit, _) in left {
        rest.entry(group).or_default().push(*unit);
    }
    groups
        .iter()
        .filter_map(|group| {
            let mut units = rest.remove(&group.id)?;
            units.sort_unstable();
            Some(PrintingGroup { units, ..group.clone() })
        })
        .collect()
}

/// Batches of later passes get names of their own.
fn rename_batches(batches: &mut [Batch], pass: u32) {
    if pass > 0 {
        for batch in batches {
            batch.id = format!("{}-r{pass}", batch.id).as_str().into();
        }
    }
}

/// Numbers builds `B001`, `B002`, … in the order of their batches, after the `last` of a plan in
/// force.
fn number_builds(builds: &mut [Build], last: usize) {
    let digits = (last + builds.len()).to_string().len().max(3);
    for (i, build) in builds.iter_mut().enumerate() {
        build.id = BuildId::from(format!("B{:0digits$}", last + i + 1));
    }
}

fn unplaced(unit: UnitId, reason: LeftReason) -> Unplaced {
    let (reason, text) = match reason {
        LeftReason::TooLarge => (
            UnplacedReason::TooLarge,
            "no allowed orientation fits the build volume; allow more rotations, split the part \
             or add a larger machine",
        ),
        LeftReason::NoRoom | LeftReason::BudgetEnded => (
            UnplacedReason::BudgetEnded,
            "no place was found before the budget ended; give more time with --budget",
        ),
    };
    Unplaced { unit, reason, text: text.to_owned() }
}

/// How a batch turned out.
struct Observation {
    class: MachineClassId,
    mode: NestingMode,
    /// Placed load over the volume's capacity.
    placed: f64,
    /// Build height over the volume's height.
    height: f64,
    /// Whether something was left over.
    overfull: bool,
}

fn observe(
    input: &RoundInput<'_>,
    surrogate: &Surrogate<'_>,
    batches: &[Batch],
    nested: &[NestedBatch],
) -> Vec<Observation> {
    let mut out = Vec::new();
    for (batch, nested) in batches.iter().zip(nested) {
        let Some(build) = &nested.build else { continue };
        let mut parts: BTreeMap<PartId, u32> = BTreeMap::new();
        for placement in &build.placements {
            *parts.entry(placement.part.clone()).or_default() += 1;
        }
        let parts: Vec<_> = parts.into_iter().collect();
        let class = &input.night.classes[&batch.class];
        let clearance: Mm = input.night.processes[&class.process].part_part;
        let (load, capacity) = surrogate.load_and_capacity(&batch.class, clearance, &parts);
        out.push(Observation {
            class: batch.class.clone(),
            mode: mode(input.night, &batch.class),
            placed: load / capacity.max(f64::MIN_POSITIVE),
            height: build.load.height_mm / class.volume.size()[2],
            overfull: !nested.left.is_empty(),
        });
    }
    out
}

/// Lower expectations for classes whose batches overflowed: what a pass after it should use.
fn careful(fill: &Fill, seen: &[Observation]) -> Fill {
    let mut out = fill.clone();
    for (class, expected) in &mut out {
        let overfull = seen.iter().filter(|o| o.class == *class && o.overfull);
        if let Some(reached) = overfull.map(|o| o.placed).reduce(f64::min) {
            *expected = expected.min(reached) * 0.95;
        }
    }
    out
}

/// What the next round should expect: the mean of what full builds reached, and more than was
/// tried where everything fitted with room to spare.
fn learn(start: &Fill, seen: &[Observation]) -> Fill {
    let mut out = start.clone();
    for (class, expected) in &mut out {
        let of_class: Vec<&Observation> = seen.iter().filter(|o| o.class == *class).collect();
        let overfull: Vec<f64> = of_class.iter().filter(|o| o.overfull).map(|o| o.placed).collect();
        if !overfull.is_empty() {
            *expected = overfull.iter().sum::<f64>() / overfull.len() as f64;
            continue;
        }
        // Only builds that were meant to be full tell how full they could be.
        let full = of_class.iter().filter(|o| o.placed > 0.8 * *expected);
        let possible = full.map(|o| match o.mode {
            NestingMode::Volume => o.placed / o.height.max(0.3),
            NestingMode::Plate => o.placed * 1.08,
        });
        if let Some(possible) = possible.reduce(f64::min) {
            *expected = expected.max(0.97 * possible);
        }
    }
    out
}

/// Wall time a round may take when `left` remains for `rounds` of them.
pub(crate) fn round_time(left: Duration, rounds: u32) -> Duration {
    left.mul_f64(1.0 / f64::from(rounds.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(placed: f64, height: f64, overfull: bool) -> Observation {
        let mode = NestingMode::Volume;
        Observation { class: "sls/200".into(), mode, placed, height, overfull }
    }

    fn expecting(fill: f64) -> Fill {
        Fill::from([("sls/200".into(), fill), ("sls/other".into(), 0.5)])
    }

    #[test]
    fn an_overfull_batch_lowers_what_is_expected_of_its_class_alone() {
        let fill = careful(&expecting(0.6), &[seen(0.5, 1.0, true), seen(0.9, 0.9, false)]);
        assert!((fill[&"sls/200".into()] - 0.475).abs() < 1e-12);
        assert_eq!(fill[&"sls/other".into()], 0.5);
    }

    #[test]
    fn a_batch_that_left_half_the_height_free_raises_what_is_expected() {
        let fill = learn(&expecting(0.5), &[seen(0.5, 0.5, false)]);
        assert!((fill[&"sls/200".into()] - 0.97).abs() < 1e-12);
        // A batch that was never meant to be full tells nothing.
        let fill = learn(&expecting(0.5), &[seen(0.1, 0.1, false)]);
        assert_eq!(fill, expecting(0.5));
        // Where something was left over, what was reached counts.
        let fill = learn(&expecting(0.5), &[seen(0.4, 1.0, true), seen(0.5, 0.5, false)]);
        assert_eq!(fill[&"sls/200".into()], 0.4);
    }

    #[test]
    fn later_passes_hold_only_what_is_left() {
        let unit = |n: u128| UnitId(uuid(n));
        let key = platewright_model::stage::GroupKey {
            process: "sls".into(),
            material: "pa12".into(),
            parameter_set: "std".into(),
            quality: platewright_model::order::QualityClass::Standard,
            pool: platewright_model::stage::MixingPool::Shared,
            certificates: Vec::new(),
        };
        let group =
            |id: &str, units: Vec<UnitId>| PrintingGroup { id: id.into(), key: key.clone(), units };
        let groups = [group("G1", vec![unit(1), unit(2)]), group("G2", vec![unit(3)])];
        let left = [("G1".into(), unit(2), LeftReason::NoRoom)];
        assert_eq!(remaining(&groups, &left), [group("G1", vec![unit(2)])]);
    }

    fn uuid(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }
}
