//! Deadlines, wishes for one shipment and for full builds of a random night.

use platewright_model::draft::{CentresDraft, OrdersDraft};
use platewright_model::measure::Seconds;
use platewright_model::time::Time;
use rand_pcg::Pcg64;

use super::{chance, of};

/// Lets some orders and machines ask for more; a few deadlines are before the due date, so that
/// their orders are refused.
pub(super) fn ask_more(rng: &mut Pcg64, orders: &mut OrdersDraft, centres: &mut CentresDraft) {
    for order in &mut orders.orders {
        let due = Time::parse(&order.due).expect("orders of random nights have dates");
        let after_h = *of(rng, &[-1, 0, 0, 5, 5, 20, 20, 50, 100, 100]);
        let asks = chance(rng, 0.4);
        order.deadline = asks.then(|| (due + Seconds(after_h * 3600)).to_string());
        order.together = chance(rng, 0.3);
    }
    for machine in centres.centres.iter_mut().flat_map(|centre| &mut centre.machines) {
        machine.least_fill = *of(rng, &[0.0, 0.0, 0.05, 0.4, 1.0]);
        machine.short_fill = *of(rng, &[0, 500, 30_000]);
    }
}
