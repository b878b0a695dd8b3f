//! `platewright plan`: from a night folder to a run folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use platewright_check::Violation;
use platewright_model::config::Config;
use platewright_model::id::BuildId;
use platewright_model::measure::Money;
use platewright_model::night::Night;
use platewright_model::replan::{BuildStatus, Churn};
use platewright_model::run::{Budget, Cancel, Listener, Progress, RunContext};
use platewright_model::stage::OrderBook;
use platewright_model::time::Time;
use platewright_pipeline::{
    InForce, NightModels, PipelineError, Plan, SavedRun, figures, plan_night, save, stage_keys,
};
use platewright_store::night::{read_builds, read_night_again};
use platewright_store::run::{BudgetRecord, EventLog, RunDir, RunRecord};

use super::review::write_report;
use super::saved::open;
use crate::args::PlanArgs;
use crate::config;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};
use crate::progress::{Screen, cancel_on_interrupt};

pub(crate) fn run(args: &PlanArgs) -> Result<Exit, Failure> {
    let config = config::load(&args.common)?;
    let frozen = args.frozen.as_deref().map(|run| in_force(args, run, &config)).transpose()?;
    let old = frozen.as_ref().map(|(run, reported)| InForce { plan: &run.plan, reported });
    let (night, order_book) = read(args, old, &config)?;
    let dir = RunDir::create(&args.out).map_err(|e| Failure::input(chain(&e)))?;
    let screen = Arc::new(Screen::new(args.ndjson));
    let log = EventLog::open(&dir).map_err(|e| Failure::other(chain(&e)))?;
    let ctx = context(args, &config, Tee { log, screen: Arc::clone(&screen) })?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(ctx.threads).build();
    let pool = pool.map_err(|e| {
        Failure::other(format!("failed to start {} threads: {e}; try --threads 1", ctx.threads))
    })?;
    let models = NightModels { dir: args.night.clone(), limits: config.limits };
    let begun = Instant::now();
    let planned = pool.install(|| plan_night(night, order_book, old, &models, &dir, &config, &ctx));
    let plan = planned.map_err(|e| match e {
        PipelineError::Begun { .. } => Failure::input(chain(&e)),
        _ => Failure::other(chain(&e)),
    })?;
    let wall = begun.elapsed();
    let record = record(args, &plan, &config, &ctx, wall)?;
    save(&dir, &plan, &record).map_err(|e| Failure::other(chain(&e)))?;
    // An interrupt stops the search; the plan it leaves is verified and shown whole.
    let whole = RunContext { cancel: Cancel::default(), ..ctx.clone() };
    let (violations, _) = pool.install(|| write_report(&dir, &plan, &record, &whole))?;
    screen.finish();
    tell(args, &plan, &record, &violations, wall)?;
    Ok(exit(args, &plan, &violations, &ctx))
}

/// The run in force, and what is reported on its builds.
fn in_force(
    args: &PlanArgs,
    run: &Path,
    config: &Config,
) -> Result<(SavedRun, BTreeMap<BuildId, BuildStatus>), Failure> {
    let same = run.canonicalize().is_ok_and(|run| args.out.canonicalize().is_ok_and(|o| o == run));
    if same {
        let text = "--out is the run in force, which is needed: give another folder";
        return Err(Failure::input(text));
    }
    let run = open(run)?;
    let reported = read_builds(&args.night, &config.limits, &|build| run.plan.knows(build))
        .map_err(|e| Failure::input(chain(&e)))?;
    Ok((run, reported))
}

fn read(
    args: &PlanArgs,
    old: Option<InForce<'_>>,
    config: &Config,
) -> Result<(Night, OrderBook), Failure> {
    let known = old.iter().flat_map(|old| old.plan.night.orders.keys()).cloned().collect();
    let input = read_night_again(&args.night, &config.limits, &known);
    let validated = input.map_err(|e| Failure::input(chain(&e)))?.validated;
    for fault in &validated.faults {
        complain(&fault.to_string());
    }
    let order_book = validated.order_book();
    let faults = validated.faults.len();
    let night = validated.night.ok_or_else(|| {
        Failure::input(format!(
            "{} cannot be planned: {faults} faults, listed above",
            args.night.display()
        ))
    })?;
    Ok((night, order_book))
}

/// Progress goes to the run's log and to the screen.
struct Tee {
    log: EventLog,
    screen: Arc<Screen>,
}

impl Listener for Tee {
    fn report(&self, progress: &Progress<'_>) {
        self.log.report(progress);
        self.screen.report(progress);
    }
}

fn context(args: &PlanArgs, config: &Config, listener: Tee) -> Result<RunContext, Failure> {
    let time = match (args.budget, args.iterations) {
        (Some(time), _) => Some(time),
        (None, Some(_)) => None,
        (None, None) => Some(Duration::from_secs(config.rounds.budget_s)),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(RunContext {
        seed: args.common.seed,
        budget: Budget { time, iterations: args.iterations },
        cancel: cancel_on_interrupt()?,
        listener: Arc::new(listener),
        threads: args.common.threads.unwrap_or(cores).max(1),
        started: Instant::now(),
    })
}

fn record(
    args: &PlanArgs,
    plan: &Plan,
    config: &Config,
    ctx: &RunContext,
    wall: Duration,
) -> Result<RunRecord, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let models = plan.parts.parts.iter().map(|p| (p.id.clone(), p.sha256.clone())).collect();
    Ok(RunRecord {
        platewright: env!("CARGO_PKG_VERSION").to_owned(),
        source: args.night.display().to_string(),
        started: Time(now as i64 - wall.as_secs() as i64),
        wall_s: wall.as_secs_f64(),
        seed: ctx.seed,
        threads: ctx.threads,
        budget: BudgetRecord {
            time_s: ctx.budget.time.map(|t| t.as_secs_f64()),
            iterations: ctx.budget.iterations,
        },
        config: config.clone(),
        models,
        stage_keys: stage_keys(plan, config, ctx).map_err(|e| Failure::other(chain(&e)))?,
        figures: figures(plan),
    })
}

fn tell(
    args: &PlanArgs,
    plan: &Plan,
    record: &RunRecord,
    violations: &[Violation],
    wall: Duration,
) -> Result<(), Failure> {
    for violation in violations {
        complain(&format!("violation: {violation}"));
    }
    if args.json {
        return say_json(&record.figures);
    }
    if args.ndjson {
        say(&serde_json::json!({ "figures": record.figures }).to_string());
        return Ok(());
    }
    let figure = |name: &str| &record.figures[name];
    let money = |m: Money| format!("{} {:.2}", plan.night.currency, m.0 as f64 / 100.0);
    say(&format!(
        "{} of {} units in {} builds, {} left over; {} of {} orders late; planned in {:.1} s",
        figure("placed"),
        figure("units"),
        figure("builds"),
        figure("unplaced"),
        figure("late_orders"),
        plan.schedule.deliveries.len(),
        wall.as_secs_f64(),
    ));
    say(&format!(
        "cost {}; assignment {} against a proven bound of {} (gap {:.2} %, {})",
        money(plan.schedule.cost.total()),
        money(plan.assignment.objective),
        money(plan.assignment.bound),
        100.0 * plan.assignment.gap,
        plan.assignment.backend,
    ));
    if figure("late_orders").as_u64().unwrap_or_default() > 0 {
        let out = args.out.display();
        say(&format!("platewright explain {out} --capacity tells what there is too little of"));
    }
    let deadlines = plan.night.orders.values().filter(|order| order.deadline.is_some()).count();
    if deadlines > 0 {
        say(&format!("{} of {deadlines} deadlines do not hold", figure("missed_deadlines")));
    }
    if let Some(replan) = &plan.replan {
        tell_churn(&replan.churn);
    }
    let verdict = if violations.is_empty() { "valid" } else { "NOT VALID" };
    say(&format!("plan {verdict}; report: {}", args.out.join("report.html").display()));
    Ok(())
}

fn tell_churn(churn: &Churn) {
    say(&format!(
        "of the plan in force {} builds stay, {} change machine or start, {} are given up; {} are \
         new; {} units moved; {} orders arrive later than promised",
        churn.kept.len(),
        churn.changed.len(),
        churn.dissolved.len(),
        churn.new.len(),
        churn.moved_units,
        churn.later.len(),
    ));
    for later in &churn.later {
        let arrives = later.arrives.map_or("not whole".to_owned(), |t| t.to_string());
        say(&format!("  order {}: promised {}, now {arrives}", later.order, later.promised));
    }
}

fn exit(args: &PlanArgs, plan: &Plan, violations: &[Violation], ctx: &RunContext) -> Exit {
    let units = plan.order_book.units.len();
    let left = !plan.build_plan.unplaced.is_empty() || !plan.assignment.unassigned.is_empty();
    let refused = !plan.order_book.refused.is_empty();
    if !violations.is_empty() {
        Exit::Invalid
    } else if ctx.cancel.is_cancelled() {
        Exit::Interrupted
    } else if units > 0 && plan.schedule.builds.is_empty() && out_of_time(plan) {
        Exit::NothingInTime
    } else if (left || refused) && !args.allow_leftover {
        Exit::Invalid
    } else {
        Exit::Done
    }
}

fn out_of_time(plan: &Plan) -> bool {
    use platewright_model::stage::UnplacedReason;
    plan.build_plan.unplaced.iter().any(|u| u.reason == UnplacedReason::BudgetEnded)
}
