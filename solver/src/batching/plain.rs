//! The plainest lower bound.

use crate::batching::instance::Instance;

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
