//! The eight stages of a night, in order.

use std::collections::BTreeMap;
use std::time::Instant;

use platewright_model::config::Config;
use platewright_model::id::UnitId;
use platewright_model::night::Night;
use platewright_model::order::Unit;
use platewright_model::replan::Replan;
use platewright_model::run::RunContext;
use platewright_model::stage::{
    Assignment, BuildPlan, Grouping, OrderBook, PackageSet, PartRecord, PartSet, PrintingGroup,
    Schedule, Severity, SliceSet, Unplaced, UnplacedReason,
};
use platewright_solver::{Facts, group, reserve};

use crate::PipelineError;
use crate::finish::{FinishInput, finish};
use crate::fit::Surrogate;
use crate::in_force::{InForce, Standing};
use crate::inspect::{Meshes, inspect_models, measures};
use crate::nest::NestInput;
use crate::round::{Round, RoundInput, plan_round, round_time};

/// Where model files come from.
pub trait ModelSource: Sync {
    /// The bytes of a model file of the night.
    ///
    /// # Errors
    /// Says why the file cannot be read and how to mend it.
    fn read(&self, file: &str) -> Result<Vec<u8>, String>;
}

/// Where layer files and packages go.
pub trait Sink: Sync {
    /// Keeps a file under its path below the run folder.
    ///
    /// # Errors
    /// The file cannot be written.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PipelineError>;
}

/// A planned night: the eight stages and the meshes they refer to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The night it is for.
    pub night: Night,
    /// Meshes as they are printed.
    pub meshes: Meshes,
    /// Stage 1.
    pub order_book: OrderBook,
    /// Stage 2.
    pub parts: PartSet,
    /// Stage 3.
    pub grouping: Grouping,
    /// Stage 4.
    pub build_plan: BuildPlan,
    /// Stage 5.
    pub assignment: Assignment,
    /// Stage 6.
    pub schedule: Schedule,
    /// Stage 7.
    pub slices: SliceSet,
    /// Stage 8.
    pub packages: PackageSet,
    /// What was taken over from a plan in force, if there was one.
    pub replan: Option<Replan>,
    /// Rounds that were planned to the end.
    pub rounds: u32,
    /// Wall seconds per stage.
    pub seconds: BTreeMap<String, f64>,
}

/// Plans a night: stages 1 to 8.
///
/// Works in the calling thread's rayon pool. A cancelled run returns the best plan so far, with
/// layers and packages for it. With a plan `in_force`, the new one goes on from it: what has
/// started stays, and builds keep their parts where that is possible.
///
/// # Errors
/// A bug or bad input that validation does not cover, and builds that have started and cannot
/// stay; what cannot be planned is data.
pub fn plan_night(
    mut night: Night,
    order_book: OrderBook,
    in_force: Option<InForce<'_>>,
    source: &dyn ModelSource,
    sink: &dyn Sink,
    config: &Config,
    ctx: &RunContext,
) -> Result<Plan, PipelineError> {
    let mut clock = Clock::default();
    if let Some(old) = in_force {
        old.promise(&mut night);
    }
    let (parts, meshes) = inspect_models(&night, source, &config.limits, ctx);
    clock.lap("inspect");
    let read = Inspected { night: &night, order_book: &order_book, parts: &parts, meshes: &meshes };
    let (groups, round, rounds) = plan_rounds(&read, in_force, config, ctx, &mut clock)?;
    let grouping = Grouping { groups, batches: round.batches };
    let input = FinishInput {
        night: &night,
        meshes: &meshes,
        parts: &parts,
        order_book: &order_book,
        grouping: &grouping,
        build_plan: &round.build_plan,
        assignment: &round.assignment,
        schedule: &round.schedule,
        config,
    };
    let (slices, packages) = finish(&input, sink, ctx)?;
    clock.lap("slice and package");
    Ok(Plan {
        night,
        meshes,
        order_book,
        parts,
        grouping,
        build_plan: round.build_plan,
        assignment: round.assignment,
        schedule: round.schedule,
        slices,
        packages,
        replan: round.replan,
        rounds,
        seconds: clock.seconds,
    })
}

/// What stages 3 to 6 start from.
struct Inspected<'a> {
    night: &'a Night,
    order_book: &'a OrderBook,
    parts: &'a PartSet,
    meshes: &'a Meshes,
}

/// Stages 3 to 6, in rounds.
fn plan_rounds(
    read: &Inspected<'_>,
    in_force: Option<InForce<'_>>,
    config: &Config,
    ctx: &RunContext,
    clock: &mut Clock,
) -> Result<(Vec<PrintingGroup>, Round, u32), PipelineError> {
    let Inspected { night, order_book, parts, meshes } = *read;
    let measures = measures(parts);
    let (printable, mut hopeless) = split_printable(night, parts, order_book);
    let facts = Facts::new(night, &measures, &printable);
    let (groups, nowhere) = group(&facts);
    hopeless.extend(nowhere);
    let units: BTreeMap<UnitId, &Unit> = printable.iter().map(|u| (u.id, u)).collect();
    let mut surrogate = Surrogate::new(night, meshes, config);
    let standing = match in_force {
        Some(old) => Standing::new(old, &facts, &groups, meshes, config)?,
        None => Standing::default(),
    };
    let Standing { builds, kept, .. } = &standing;
    let reserved = in_force.map(|_| reserve(&facts, &groups, builds, kept, &config.objective));
    let rest = reserved.transpose()?;
    let rest = rest.as_ref().map(|night| Facts::new(night, &measures, &printable));
    clock.lap("group");
    let input = RoundInput {
        night,
        facts: &facts,
        nest: NestInput { night, meshes, units: &units, groups: &groups, config },
        groups: &groups,
        standing: &standing,
        free: &standing.free(&groups),
        free_facts: rest.as_ref().unwrap_or(&facts),
        config,
        hopeless: &hopeless,
    };
    let mut best: Option<Round> = None;
    let mut rounds = 0;
    while rounds < config.rounds.max.max(1) {
        let own = round_context(ctx, config.rounds.max.max(1) - rounds, rounds);
        let fill = surrogate.fill().clone();
        let (round, learned) = plan_round(&input, &mut surrogate, &own)?;
        rounds += 1;
        if best.as_ref().is_none_or(|b| round.score() < b.score()) {
            best = Some(round);
        }
        let out_of_time = ctx.budget.time.is_some_and(|limit| ctx.started.elapsed() >= limit);
        if learned == fill || ctx.cancel.is_cancelled() || out_of_time {
            break;
        }
        surrogate.set_fill(learned);
    }
    clock.lap("nest, assign and schedule");
    let mut best = best.expect("at least one round is planned");
    best.replan = in_force.map(|old| Replan {
        churn: standing.churn(old.plan, &facts, &best.build_plan, &best.schedule),
        kept: standing.kept,
        retired: standing.retired,
    });
    Ok((groups, best, rounds))
}

/// The context of one round: its share of the time left, a seed of its own.
fn round_context(ctx: &RunContext, rounds_left: u32, round: u32) -> RunContext {
    let mut own = ctx.clone();
    own.seed = ctx.seed_for(&format!("round {round}"));
    if let Some(limit) = ctx.budget.time {
        let left = limit.saturating_sub(ctx.started.elapsed());
        own.budget.time = Some(round_time(left, rounds_left));
        own.started = Instant::now();
    }
    own
}

/// Units whose part can be printed, and those that cannot with the reason.
fn split_printable(
    night: &Night,
    parts: &PartSet,
    order_book: &OrderBook,
) -> (Vec<Unit>, Vec<Unplaced>) {
    let mut printable = Vec::new();
    let mut hopeless = Vec::new();
    for unit in &order_book.units {
        let line = night.line(unit);
        let record = parts.get(&line.part);
        if record.is_some_and(|r| r.verdict.enters_plan()) {
            printable.push(unit.clone());
            continue;
        }
        let remaining = |r: &PartRecord| -> Vec<String> {
            let open = r.faults.iter().filter(|f| !f.corrected && f.severity > Severity::Note);
            open.map(|f| format!("{}; {}", f.text, f.suggestion)).chain(r.review.clone()).collect()
        };
        let faults = record.map(remaining).unwrap_or_default();
        hopeless.push(Unplaced {
            unit: unit.id,
            reason: UnplacedReason::NotPrintable,
            text: format!("model {} cannot be printed: {}", line.part, faults.join("; ")),
        });
    }
    (printable, hopeless)
}

/// Wall time per stage, for the record only.
struct Clock {
    last: Instant,
    seconds: BTreeMap<String, f64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { last: Instant::now(), seconds: BTreeMap::new() }
    }
}

impl Clock {
    fn lap(&mut self, stage: &str) {
        let now = Instant::now();
        self.seconds.insert(stage.to_owned(), (now - self.last).as_secs_f64());
        self.last = now;
    }
}
