//! Local search over queues: late acceptance hill climbing (Burke, Bykov 2017, European
//! Journal of Operational Research 258). A change is kept if it costs no more than the plan
//! now, or than the plan some steps ago; integers decide, so that no rounding does.

use platewright_model::run::RunContext;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

use crate::assign::stock_holds;
use crate::instance::Instance;
use crate::schedule::list::Plan;

/// Independent searches; the cheapest plan wins.
const STARTS: u64 = 2;

/// How many steps ago a plan is compared with.
const MEMORY: usize = 100;

/// The cheapest plan of some searches from `start`, never dearer than it.
pub(crate) fn improve<'a>(
    instance: &'a Instance<'a>,
    start: Plan<'a>,
    steps: u64,
    ctx: &RunContext,
) -> Plan<'a> {
    let plans: Vec<Plan<'a>> = (0..STARTS)
        .into_par_iter()
        .map(|n| climb(instance, start.clone(), steps, ctx.seed_for(&format!("schedule/{n}")), ctx))
        .collect();
    plans.into_iter().fold(start, |best, plan| if plan.cost < best.cost { plan } else { best })
}

fn climb<'a>(
    instance: &'a Instance<'a>,
    start: Plan<'a>,
    steps: u64,
    seed: u64,
    ctx: &RunContext,
) -> Plan<'a> {
    let movable = |&j: &usize| start.at[j].is_some() && !instance.jobs[j].begun();
    let jobs: Vec<usize> = (0..instance.jobs.len()).filter(movable).collect();
    if jobs.is_empty() {
        return start;
    }
    let limited = instance.centres.iter().any(|centre| !centre.stock.is_empty());
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut memory = [start.cost; MEMORY];
    let mut plan = start.clone();
    let mut best = start;
    for step in 0..steps {
        if ctx.should_stop(step) {
            break;
        }
        let now = plan.cost;
        let slot = &mut memory[step as usize % MEMORY];
        if let Some(queues) = propose(instance, &plan, &jobs, &mut rng)
            && let Some(undo) = plan.change(queues)
        {
            let kept = plan.cost <= now || plan.cost <= *slot;
            if !kept || (limited && !stock_holds(instance, &plan.at)) {
                plan.undo(undo);
            }
        }
        *slot = (*slot).min(plan.cost);
        if plan.cost < best.cost {
            best.clone_from(&plan);
        }
    }
    best
}

/// Queues after a random job moves, or two change places.
fn propose(
    instance: &Instance<'_>,
    plan: &Plan<'_>,
    jobs: &[usize],
    rng: &mut Pcg64,
) -> Option<Vec<(usize, Vec<usize>)>> {
    let job = jobs[rng.random_range(0..jobs.len())];
    if rng.random_bool(0.4) {
        return swap(instance, plan, job, jobs[rng.random_range(0..jobs.len())]);
    }
    let from = plan.at[job]?;
    let choices = &instance.jobs[job].choices;
    let to = if rng.random_bool(0.5) {
        from
    } else {
        choices[rng.random_range(0..choices.len())].machine
    };
    let mut queue = plan.queues[from].clone();
    let place = queue.iter().position(|j| *j == job)?;
    queue.remove(place);
    if to == from {
        let target = rng.random_range(instance.begun(&queue)..=queue.len());
        queue.insert(target, job);
        return (target != place).then(|| vec![(from, queue)]);
    }
    let mut other = plan.queues[to].clone();
    other.insert(rng.random_range(instance.begun(&other)..=other.len()), job);
    Some(vec![(from, queue), (to, other)])
}

fn swap(
    instance: &Instance<'_>,
    plan: &Plan<'_>,
    a: usize,
    b: usize,
) -> Option<Vec<(usize, Vec<usize>)>> {
    let (at_a, at_b) = (plan.at[a]?, plan.at[b]?);
    instance.choice(a, at_b)?;
    instance.choice(b, at_a)?;
    if a == b {
        return None;
    }
    let exchanged = |machine: usize| {
        let exchange = |&j: &usize| {
            if j == a {
                b
            } else if j == b {
                a
            } else {
                j
            }
        };
        (machine, plan.queues[machine].iter().map(exchange).collect::<Vec<usize>>())
    };
    Some(if at_a == at_b { vec![exchanged(at_a)] } else { vec![exchanged(at_a), exchanged(at_b)] })
}
