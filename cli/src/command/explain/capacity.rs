//! What a plan of batches has too little machine time for, and what more of it is worth.

use std::path::Path;

use platewright_model::batching::{BatchPlan, BatchProblem};
use platewright_solver::batching::{
    Capacity, CapacityPrices, CentreWorth, MachineWorth, Prepared, TightMachine, TightSet,
};
use platewright_store::read_batch_plan;
use serde_json::{Value, json};

use crate::args::ExplainArgs;
use crate::command::schedule;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

/// Orders and centres that are listed; of more the number is told.
const LISTED: usize = 10;

pub(super) fn run(args: &ExplainArgs, instance: &Path) -> Result<Exit, Failure> {
    let problem = schedule::problem(instance, args.number)?;
    let plan = read_batch_plan(&args.run).map_err(|e| Failure::input(chain(&e)))?;
    let prepared = Prepared::new(&problem).map_err(|e| Failure::input(chain(&e)))?;
    let told = prepared.capacity(&plan).map_err(|e| Failure::input(chain(&e)))?;
    if args.json {
        say_json(&document(&problem, &plan, &told))?;
    } else {
        show(&problem, &plan, &told);
    }
    Ok(Exit::Done)
}

fn show(problem: &BatchProblem, plan: &BatchPlan, told: &Capacity) {
    say(&format!("the plan has {} late orders", plan.cost.late_orders));
    for order in told.hopeless.iter().take(LISTED) {
        say(&order.sentence());
    }
    more(told.hopeless.len(), "orders that are late in any plan");
    for set in &told.tight {
        say(&set.sentence(problem));
        say(&format!("  {}", set.remedy()));
    }
    if told.tight.is_empty() {
        let others = if told.hopeless.is_empty() { "" } else { " other" };
        say(&format!(
            "the machines have time for all{others} orders to be in time, counted without changes, \
             waiting and parts of batches that stay empty"
        ));
    }
    if !problem.objective.levels.is_empty() {
        say("what follows is about all terms as one sum, whatever their levels");
    }
    show_prices(&told.prices, plan.cost.objective(&problem.objective));
}

fn show_prices(prices: &CapacityPrices, objective: i64) {
    say(&format!(
        "no plan costs less than {}, by machine time alone; this one costs {objective}",
        prices.bound
    ));
    let mut centres: Vec<&CentreWorth> = prices.centres.iter().collect();
    centres.sort_by(|a, b| highest(b).total_cmp(&highest(a)).then(a.centre.cmp(&b.centre)));
    for centre in centres.iter().take(LISTED) {
        let open = centre.open.max(1) as f64;
        let busy = 100.0 * (centre.work / open).min(1.0);
        say(&format!(
            "centre {}: {busy:.0} % of {} open; {}",
            centre.centre,
            centre.open,
            worth(&prices.moments, &centre.worth)
        ));
    }
    more(centres.len(), "centres");
}

fn more(count: usize, what: &str) {
    if count > LISTED {
        say(&format!("and {} more {what}", count - LISTED));
    }
}

fn highest(centre: &CentreWorth) -> f64 {
    centre.worth.iter().copied().fold(0.0, f64::max)
}

/// What time is worth span by span, spans of like worth together.
fn worth(moments: &[i64], worth: &[f64]) -> String {
    let spans: Vec<(String, i64)> =
        worth.iter().map(|w| format!("{w:.1}")).zip(moments.iter().copied()).collect();
    let runs: Vec<String> = spans
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|run| run[0].0 != "0.0")
        .map(|run| format!("{} until {}", run[0].0, run[run.len() - 1].1))
        .collect();
    if runs.is_empty() {
        return "more time would save nothing".to_owned();
    }
    format!("more time saves at most {}", runs.join(", "))
}

fn document(problem: &BatchProblem, plan: &BatchPlan, told: &Capacity) -> Value {
    let hopeless: Vec<Value> = told
        .hopeless
        .iter()
        .map(|o| {
            json!({"order": o.order, "part": o.part, "due": o.date, "soonest": o.soonest,
                   "text": o.sentence()})
        })
        .collect();
    let tight: Vec<Value> = told.tight.iter().map(|set| set_document(problem, set)).collect();
    let prices = &told.prices;
    let machine = |m: &MachineWorth| json!({"machine": m.machine, "worth": m.worth});
    let centre = |c: &CentreWorth| {
        let CentreWorth { centre, open, work, worth } = c;
        json!({"centre": centre, "open": open, "work": work, "worth": worth})
    };
    json!({
        "instance": problem.name,
        "late_orders": plan.cost.late_orders,
        "objective": plan.cost.objective(&problem.objective),
        "bound": prices.bound,
        "hopeless": hopeless,
        "tight": tight,
        "moments": prices.moments,
        "centres": prices.centres.iter().map(centre).collect::<Vec<_>>(),
        "machines": prices.machines.iter().map(machine).collect::<Vec<_>>(),
    })
}

fn set_document(problem: &BatchProblem, set: &TightSet) -> Value {
    let machine = |m: &TightMachine| {
        json!({"machine": m.machine, "from": m.from, "until": m.until, "open": m.open,
               "worth": m.worth})
    };
    json!({
        "parts": set.parts,
        "copies": set.copies,
        "orders": set.orders,
        "first_due": set.dates.0,
        "last_due": set.dates.1,
        "machines": set.machines.iter().map(machine).collect::<Vec<_>>(),
        "needed": set.needed,
        "offered": set.offered,
        "late_orders": set.late_orders,
        "shift": set.shift,
        "text": set.sentence(problem),
        "remedy": set.remedy(),
    })
}
