//! Small random nights, planned, verified and read back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use platewright_datasets::{GeneratedNight, random_night, write_night};
use platewright_model::config::{Config, Policy};
use platewright_model::draft::MaintenanceDraft;
use platewright_model::measure::Seconds;
use platewright_pipeline::{Plan, load, restore, shortage};
use platewright_store::night::read_night;

use crate::{Run, config, plan_again, plan_folder};

/// Search steps of a random night: most of them are tiny.
const ITERATIONS: u64 = 4;

/// One in so many nights is planned again, with another number of threads.
const AGAIN: u64 = 8;

/// One in so many nights is planned again later, from its plan.
const LATER: u64 = 4;

/// What became of a random night.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// Units ordered, those in scheduled builds, those of refused orders and lines.
    pub units: [usize; 3],
    /// Scheduled builds.
    pub builds: usize,
    /// Units that were left over, by reason.
    pub left: BTreeMap<String, usize>,
    /// Causes that something is paid for in the plan, or in the one that goes on from it.
    pub paid: BTreeSet<&'static str>,
    /// What is wrong with the plan, with the run folder or with what it says of the input.
    pub wrong: Vec<String>,
}

/// Plans the random night of a seed, by a policy that goes by the seed too, and looks for
/// everything that may be wrong: violations, units that are neither placed nor explained, a run
/// folder that reads back as something else, packages that do not give the orders back, another
/// plan with other threads, a plan that cannot be gone on from.
///
/// # Panics
/// If the night cannot be planned or its folders cannot be written.
pub fn try_random_night(seed: u64) -> Tried {
    let base = tempfile::tempdir().expect("a folder for the night");
    let (folder, run_folder) = (base.path().join("night"), base.path().join("run"));
    let generated = random_night(seed);
    write_night(&folder, &generated).expect("the night can be written");
    let mut config = config();
    config.solver.policy = match seed % 6 {
        0 => Policy::Greedy,
        1 => Policy::FirstFree,
        2 => Policy::ByHand,
        _ => Policy::Search,
    };
    let mut tried = Tried::default();
    let input = read_night(&folder, &config.limits).expect("the files are well-formed").validated;
    if input.night.is_none() {
        tried.wrong.push(format!("refused as a whole: {:?}", input.faults));
        return tried;
    }
    let lines = generated.orders.orders.iter().flat_map(|order| &order.lines);
    let ordered: usize = lines.map(|line| line.quantity as usize).sum();
    let run = plan_folder(&folder, &run_folder, &config, ITERATIONS, 1);
    let plan = &run.plan;
    let refused: u32 = plan.order_book.refused.iter().map(|refused| refused.quantity).sum();
    tried.units = [ordered, placed(plan).len(), refused as usize];
    tried.builds = plan.schedule.builds.len();
    for left in &plan.build_plan.unplaced {
        *tried.left.entry(format!("{:?}", left.reason)).or_default() += 1;
    }
    for left in &plan.assignment.unassigned {
        let build = plan.build_plan.builds.iter().find(|b| b.id == left.build);
        let units = build.map_or(0, |b| b.placements.len());
        *tried.left.entry(format!("{:?}", left.reason)).or_default() += units;
    }
    if plan.order_book.units.len() + refused as usize != ordered {
        let taken = plan.order_book.units.len();
        tried.wrong.push(format!("{ordered} units ordered, {taken} taken, {refused} refused"));
    }
    tried.paid.extend(paid(plan));
    tried.wrong.extend(faults(&run));
    if seed.is_multiple_of(AGAIN) {
        let again = plan_folder(&folder, &base.path().join("again"), &config, ITERATIONS, 3).plan;
        tried.wrong.extend(differences(plan, &again, "with other threads"));
    }
    if seed.is_multiple_of(LATER) {
        later(generated, seed, &run, base.path(), &mut tried);
    }
    tried
}

/// Plans a night again as it is some hours later, from a run of it: the first machine of each
/// centre stands still by then.
fn later(mut night: GeneratedNight, seed: u64, run: &Run, base: &Path, tried: &mut Tried) {
    let hours = i64::try_from(seed / LATER % 4).unwrap_or(0) * 11;
    let now = run.plan.night.planning_time + Seconds(hours * 3600);
    night.orders.planning_time = now.to_string();
    for machine in night.centres.centres.iter_mut().filter_map(|c| c.machines.first_mut()) {
        let to = (now + Seconds(30 * 3600)).to_string();
        machine.calendar.maintenance.push(MaintenanceDraft { from: now.to_string(), to });
    }
    let (folder, run_folder) = (base.join("night later"), base.join("later"));
    write_night(&folder, &night).expect("the night can be written");
    let again = plan_again(&folder, Some(&run.plan), &run_folder, &run.config, (ITERATIONS, 2));
    let wrong = match again {
        Ok(run) => {
            tried.paid.extend(paid(&run.plan));
            faults(&run)
        }
        Err(error) => vec![error.to_string()],
    };
    tried.wrong.extend(wrong.into_iter().map(|wrong| format!("{hours} h later: {wrong}")));
}

/// Causes that a plan pays for.
fn paid(plan: &Plan) -> impl Iterator<Item = &'static str> {
    let parts = plan.schedule.cost.parts().into_iter();
    parts.filter(|(_, amount)| amount.0 > 0).map(|(cause, _)| cause)
}

/// What is wrong with a run: violations, units that are neither placed nor explained, files that
/// hold something else than what was planned.
pub fn faults(run: &Run) -> Vec<String> {
    let mut wrong: Vec<String> = run.violations().iter().map(ToString::to_string).collect();
    wrong.extend(unexplained(&run.plan));
    wrong.extend(too_cheap(&run.plan, &run.config));
    wrong.extend(read_back(&run.plan, run.dir.path(), &run.config));
    wrong
}

/// Whether a plan costs less than is held to be the least of any.
fn too_cheap(plan: &Plan, config: &Config) -> Option<String> {
    let told = match shortage(plan, config) {
        Ok(told) => told,
        Err(error) => return Some(error.to_string()),
    };
    let (cost, least) = (plan.schedule.cost.total(), told.likely.least_cost);
    (cost < least).then(|| format!("costs {}, where no plan should cost below {}", cost.0, least.0))
}

/// Units in scheduled builds.
fn placed(plan: &Plan) -> Vec<platewright_model::id::UnitId> {
    let scheduled: BTreeSet<_> = plan.schedule.builds.iter().map(|b| &b.build).collect();
    let builds = plan.build_plan.builds.iter().filter(|b| scheduled.contains(&b.id));
    builds.flat_map(|b| &b.placements).map(|p| p.unit).collect()
}

/// Units that are not in exactly one of: a scheduled build, a build that no machine takes, what
/// found no place; the latter two with a reason in words.
fn unexplained(plan: &Plan) -> Vec<String> {
    let mut known = placed(plan);
    let mut wrong = Vec::new();
    for left in &plan.build_plan.unplaced {
        known.push(left.unit);
        if left.text.trim().is_empty() {
            wrong.push(format!("unit {} is left over for no reason", left.unit));
        }
    }
    for left in &plan.assignment.unassigned {
        let build = plan.build_plan.builds.iter().find(|b| b.id == left.build);
        known.extend(build.iter().flat_map(|b| &b.placements).map(|p| p.unit));
        if left.text.trim().is_empty() {
            wrong.push(format!("build {} is left over for no reason", left.build));
        }
    }
    known.sort_unstable();
    let mut ordered: Vec<_> = plan.order_book.units.iter().map(|u| u.id).collect();
    ordered.sort_unstable();
    if known != ordered {
        wrong.push(format!("{} units ordered, {} accounted for", ordered.len(), known.len()));
    }
    wrong
}

/// What the run folder holds other than what was planned.
fn read_back(plan: &Plan, folder: &Path, config: &Config) -> Vec<String> {
    let mut wrong = match load(folder) {
        Ok(run) => differences(plan, &run.plan, "read back"),
        Err(error) => vec![format!("the run cannot be read back: {error}")],
    };
    match restore(folder, &config.limits) {
        Ok(restored) if restored.is_whole() => {}
        Ok(restored) => wrong.push(format!("orders are not restored: {:?}", restored.faults)),
        Err(error) => wrong.push(format!("orders are not restored: {error}")),
    }
    wrong
}

fn differences(one: &Plan, other: &Plan, how: &str) -> Vec<String> {
    let same = [
        ("night", one.night == other.night),
        ("order book", one.order_book == other.order_book),
        ("parts", one.parts == other.parts),
        ("meshes", one.meshes == other.meshes),
        ("grouping", one.grouping == other.grouping),
        ("builds", one.build_plan == other.build_plan),
        ("assignment", one.assignment == other.assignment),
        ("schedule", one.schedule == other.schedule),
        ("slices", one.slices == other.slices),
        ("packages", one.packages == other.packages),
    ];
    let unlike = same.iter().filter(|(_, same)| !same);
    unlike.map(|(what, _)| format!("{what}: not the same {how}")).collect()
}
