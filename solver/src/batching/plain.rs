//! The plainest lower bounds.

use crate::batching::capacity::soonest_arrival;
use crate::batching::instance::{Instance, NO_TIME};

/// What all copies cost at least, each for itself, without set-up and peak; and what has started.
pub(crate) fn plain(inst: &Instance<'_>) -> i64 {
    let problem = &inst.problem;
    let least = |part: usize| {
        let machines = (0..inst.machines.len()).filter(|m| inst.takes(part as u32, *m));
        let on = machines.map(|m| {
            let load = inst.load(part as u32, m);
            let hours = inst.machines[m].rate * load.add / problem.rate_span;
            problem.objective.production * hours + inst.freight(part as u32, m)
        });
        on.min().unwrap_or(0)
    };
    let parts = problem.parts.iter().enumerate().zip(inst.sure());
    let sure = parts.filter_map(|(part, sure)| sure.then_some(part));
    inst.begun_cost() + sure.map(|(p, part)| i64::from(part.copies) * least(p)).sum::<i64>()
}

/// What orders cost at least for being late, each as if nothing else were printed.
pub(crate) fn late_alone(inst: &Instance<'_>) -> i64 {
    let mut arrives = vec![NO_TIME; inst.problem.orders.len()];
    for ((part, p), sure) in inst.problem.parts.iter().enumerate().zip(inst.sure()) {
        let machines = (0..inst.machines.len()).filter(|m| inst.takes(part as u32, *m));
        let soonest = machines.map(|m| soonest_arrival(inst, part as u32, m)).min();
        if let Some(soonest) = soonest.filter(|_| sure) {
            arrives[p.order] = arrives[p.order].max(soonest);
        }
    }
    let costs = arrives.iter().enumerate().filter(|(_, arrives)| **arrives > NO_TIME);
    costs.map(|(order, arrives)| inst.order_cost(order as u32, *arrives)).sum()
}
