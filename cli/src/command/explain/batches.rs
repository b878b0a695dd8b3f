//! Why a part of a plan of batches is where it is: what each other machine would cost.

use std::path::Path;

use platewright_model::batching::{BatchPlan, BatchProblem, PlannedBatch};
use platewright_solver::batching::{MachineOffer, Prepared};
use platewright_store::read_batch_plan;
use serde_json::json;

use crate::args::ExplainArgs;
use crate::command::schedule;
use crate::exit::{Exit, Failure, chain};
use crate::output::{say, say_json};

pub(super) fn run(args: &ExplainArgs, instance: &Path, subject: &str) -> Result<Exit, Failure> {
    let problem = schedule::problem(instance, args.number)?;
    let plan = read_batch_plan(&args.run).map_err(|e| Failure::input(chain(&e)))?;
    let parts = problem.parts.len();
    let part = subject.parse().ok().filter(|part| *part < parts).ok_or_else(|| {
        Failure::input(format!(
            "{subject} is no part of the problem: give the index of one of its {parts} parts, \
             from 0"
        ))
    })?;
    let prepared = Prepared::new(&problem).map_err(|e| Failure::input(chain(&e)))?;
    let offers = prepared.alternatives(&plan, part).map_err(|e| Failure::input(chain(&e)))?;
    if args.json {
        let price = plan.certificate.as_ref().map(|c| c.parts[part].price as f64 / c.scale as f64);
        let listed: Option<Vec<_>> = offers.as_ref().map(|offers| {
            let one = |o: &MachineOffer| {
                let time_price = time_price(&plan, o.machine);
                let first = o.extra_costs.as_ref().map(|costs| costs[0]);
                let mut told =
                    json!({"machine": o.machine, "extra_cost": first, "time_price": time_price});
                if !problem.objective.levels.is_empty() {
                    told["levels"] = json!(o.extra_costs);
                }
                told
            };
            offers.iter().map(one).collect()
        });
        say_json(&json!({ "part": part, "price": price, "machines": listed }))?;
    } else {
        show(&problem, &plan, part, offers.as_deref());
    }
    Ok(Exit::Done)
}

fn show(problem: &BatchProblem, plan: &BatchPlan, part: usize, offers: Option<&[MachineOffer]>) {
    let name = |m: usize| {
        let name = &problem.machines[m].name;
        if name.is_empty() { format!("machine {m}") } else { format!("{name} (machine {m})") }
    };
    let held =
        |line: &Vec<PlannedBatch>| line.iter().any(|b| b.parts.iter().any(|c| c.part == part));
    let Some(offers) = offers else {
        if let Some(m) = plan.machines.iter().position(held) {
            say(&format!("part {part} is on {}: its batch has started and stays", name(m)));
            return;
        }
        say(&format!(
            "part {part} is in no batch: no machine of its family takes it, or there is \
                      too little feedstock"
        ));
        return;
    };
    for (m, line) in plan.machines.iter().enumerate() {
        for batch in line.iter().filter(|b| b.parts.iter().any(|c| c.part == part)) {
            say(&format!("part {part} is on {} from {} to {}", name(m), batch.start, batch.end));
        }
    }
    if let Some(certificate) = &plan.certificate {
        let price = certificate.parts[part].price as f64 / certificate.scale as f64;
        say(&format!("the proof prices a copy at {price:.1}: about what it costs to print one"));
    }
    let mut others: Vec<&MachineOffer> = offers.iter().skip(1).collect();
    others.sort_by_cached_key(|offer| {
        (offer.extra_costs.is_none(), offer.extra_costs.clone(), offer.machine)
    });
    for offer in others {
        let told = match &offer.extra_costs {
            Some(extra) => {
                let levels: Vec<String> = extra.iter().map(|cost| format!("{cost:+}")).collect();
                let whole = if extra.len() > 1 { "level by level" } else { "in all" };
                format!("{} {whole}, with what is printed later for it", levels.join(", "))
            }
            None => "does not take it, or has too little feedstock".to_owned(),
        };
        let price = match time_price(plan, offer.machine) {
            Some(price) if price > 0.0 => format!("; its time is worth {price:.1} above its rate"),
            _ => String::new(),
        };
        say(&format!("  a copy on {}: {told}{price}", name(offer.machine)));
    }
}

/// What `rate_span` of a machine is worth above its rate at first, as the proof prices it: how much
/// an hour more of it would save at most. None without a proof.
fn time_price(plan: &BatchPlan, machine: usize) -> Option<f64> {
    let certificate = plan.certificate.as_ref()?;
    let first = certificate.time.iter().find(|price| price.machine == machine);
    Some(first.map_or(0.0, |price| price.rate as f64 / certificate.scale as f64))
}
