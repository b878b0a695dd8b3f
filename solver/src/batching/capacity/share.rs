//! What a copy takes of a machine at least, whatever it shares a batch with.
//!
//! Sizes in a batch add up to the capacity `C` at most. So set-up, base and unloading are at least
//! the sum of what falls on each copy by its share `size / C`, and the greatest peak is at least
//! the mean of peaks by the same shares. Where parts are stacked, the peak is at least
//! `stack · S / C` for the sum `S` of sizes too, and a copy carries its share of
//! `max(peak, stack)`: parts with a peak above `stack` bring the greatest peak above the mean of
//! all, and without any the even filling does. Each sum of such times over the copies of a batch is
//! no more than its length without waiting and without a change of material.

use crate::batching::instance::Instance;

/// An amount as a fraction: `num / den`, `den` > 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    pub(super) num: i128,
    pub(super) den: i128,
}

/// Least machine time of a copy of a part on a machine that takes it.
pub(super) fn time(inst: &Instance<'_>, part: u32, machine: usize) -> Share {
    let m = &inst.machines[machine];
    let load = inst.load(part, machine);
    let den = i128::from(m.capacity.max(1));
    let shared = i128::from(m.fixed) + i128::from(peak(inst, part, machine));
    Share { num: i128::from(load.add) * den + i128::from(load.size) * shared, den }
}

/// Least cost of a copy of a part on a machine that takes it, weighted: production and freight with
/// the copy's share of a shipment of its order. Without waiting, short batches and changes.
pub(super) fn price(inst: &Instance<'_>, part: u32, machine: usize, copies_of_order: f64) -> f64 {
    let m = &inst.machines[machine];
    let (load, weights) = (inst.load(part, machine), &inst.problem.objective);
    let share = inst.share(part, machine);
    let high = peak(inst, part, machine) as f64;
    let hours = load.add as f64 + share * (m.fixed as f64 + high);
    let timed = m.rate as f64 * hours + m.peak_rate as f64 * share * high;
    let production = timed / inst.problem.rate_span as f64 + m.per_batch as f64 * share;
    let order = inst.problem.parts[part as usize].order as u32;
    let shipment = inst.shipment_price(order, m.centre) as f64 / copies_of_order.max(1.0);
    weights.production as f64 * production
        + inst.freight(part, machine) as f64
        + weights.freight as f64 * shipment
}

/// Length of a batch of one copy, without waiting and without a change of material: no batch with
/// it is shorter.
pub(super) fn alone(inst: &Instance<'_>, part: u32, machine: usize) -> i64 {
    let m = &inst.machines[machine];
    let load = inst.load(part, machine);
    let stack = inst.stack(inst.family(part), machine);
    m.fixed + load.add + m.peak(stack, load.peak, load.size)
}

fn peak(inst: &Instance<'_>, part: u32, machine: usize) -> i64 {
    inst.load(part, machine).peak.max(inst.stack(inst.family(part), machine))
}
