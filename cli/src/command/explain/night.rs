//! What a planned night has too little machine time for.

use std::collections::BTreeSet;

use platewright_model::id::MachineClassId;
use platewright_model::measure::{Money, Seconds};
use platewright_pipeline::{SavedRun, Shortage, shortage};
use platewright_solver::{LateAlone, NightCapacity, ShortMachine, TightNight};
use serde_json::{Value, json};

use crate::args::ExplainArgs;
use crate::command::saved;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

/// Orders that are listed one by one; of more the number is told.
const LISTED: usize = 10;

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let run = saved::open(&args.run)?;
    let told = shortage(&run.plan, &run.record.config).map_err(|e| Failure::other(chain(&e)))?;
    if args.json {
        say_json(&document(&told, run.plan.schedule.cost.total()))?;
    } else {
        show(&run, &told);
    }
    Ok(Exit::Done)
}

fn show(run: &SavedRun, told: &Shortage) {
    let orders = run.plan.schedule.deliveries.len();
    say(&format!("the plan has {} late orders of {orders}", told.late));
    show_all(&told.sure);
    let currency = &run.plan.night.currency;
    let money = |m: Money| format!("{:.2} {currency}", m.0 as f64 / 100.0);
    say(&format!(
        "it costs {}; no plan costs less than {}, nor than {} if no build is filled more than {}",
        money(run.plan.schedule.cost.total()),
        money(told.sure.least_cost),
        money(told.likely.least_cost),
        full(run, told, |_| true)
    ));
    let likely = &told.likely;
    if !likely.hopeless.is_empty() || !likely.tight.is_empty() {
        say(&format!("if no build is filled more than {}:", fullest(run, told)));
        show_all(likely);
    } else if told.sure.tight.is_empty() {
        let others = if told.sure.hopeless.is_empty() { "" } else { " other" };
        say(&format!(
            "the machines have time for all{others} orders to be in time, counted without changes \
             of material, waiting and parts of builds that stay empty, and if builds may be filled \
             up to {}",
            fullest(run, told)
        ));
    }
}

fn show_all(told: &NightCapacity) {
    told.hopeless.iter().take(LISTED).for_each(|order| say(&order.sentence()));
    if told.hopeless.len() > LISTED {
        let more = told.hopeless.len() - LISTED;
        say(&format!("and {more} more orders that are late in any plan"));
    }
    for set in &told.tight {
        say(&set.sentence());
        say(&format!("  {}", set.remedy()));
    }
}

/// How full builds are at most of each class that is chosen.
fn full(run: &SavedRun, told: &Shortage, chosen: impl Fn(&MachineClassId) -> bool) -> String {
    let used: BTreeSet<_> = run.plan.build_plan.builds.iter().map(|build| &build.class).collect();
    let told = told.full.iter().filter(|(class, _)| used.contains(class) && chosen(class));
    let told: Vec<String> =
        told.map(|(class, full)| format!("{:.0} % ({class})", 100.0 * full)).collect();
    told.join(", ")
}

/// As [`full`], of classes of machines that are told of, if any are.
fn fullest(run: &SavedRun, told: &Shortage) -> String {
    let machines = told.likely.tight.iter().flat_map(|set| &set.machines);
    let named: Vec<_> = machines.map(|m| &m.machine).collect();
    let all = run.plan.night.machines();
    let of = |class: &MachineClassId| named.iter().any(|id| all[id].class == *class);
    full(run, told, |class| named.is_empty() || of(class))
}

fn document(told: &Shortage, cost: Money) -> Value {
    let full: Value =
        told.full.iter().map(|(class, full)| (class.to_string(), json!(full))).collect();
    json!({
        "late_orders": told.late,
        "cost": cost,
        "sure": capacity_document(&told.sure),
        "if_filled_no_more": { "full": full, "then": capacity_document(&told.likely) },
    })
}

fn capacity_document(told: &NightCapacity) -> Value {
    let late = |o: &LateAlone| {
        json!({"order": o.order, "part": o.part, "due": o.due, "soonest": o.soonest,
               "text": o.sentence()})
    };
    json!({
        "least_cost": told.least_cost,
        "hopeless": told.hopeless.iter().map(late).collect::<Vec<_>>(),
        "tight": told.tight.iter().map(set_document).collect::<Vec<_>>(),
    })
}

fn set_document(set: &TightNight) -> Value {
    let machine = |m: &ShortMachine| {
        json!({"machine": m.machine, "from": m.from, "until": m.until,
               "open_hours": m.open.hours(), "worth": m.worth})
    };
    json!({
        "orders": set.orders,
        "units": set.units,
        "first_due": set.due.0,
        "last_due": set.due.1,
        "machines": set.machines.iter().map(machine).collect::<Vec<_>>(),
        "needed_hours": set.needed.hours(),
        "offered_hours": set.offered.hours(),
        "late_orders": set.late_orders,
        "shift_hours": set.shift.map(Seconds::hours),
        "text": set.sentence(),
        "remedy": set.remedy(),
    })
}
