//! Lateness of an order, shared out among its parts.

use crate::batching::instance::Instance;

/// An order with its parts: the rates of lateness of its copies are never more than its own.
pub(crate) struct Order {
    /// Parts and copies.
    pub(crate) parts: Vec<(usize, f64)>,
    rate: f64,
}

impl Order {
    /// Orders with a rate of lateness and more than one part.
    pub(crate) fn all(inst: &Instance<'_>) -> Vec<Self> {
        let problem = &inst.problem;
        let rate = |o: &platewright_model::batching::BatchOrder| {
            (problem.objective.lateness * o.weight) as f64 / problem.rate_span as f64
        };
        let mut orders: Vec<Self> =
            problem.orders.iter().map(|o| Self { parts: Vec::new(), rate: rate(o) }).collect();
        for (p, part) in problem.parts.iter().enumerate() {
            orders[part.order].parts.push((p, f64::from(part.copies)));
        }
        orders.retain(|o| o.rate > 0.0 && o.parts.len() > 1);
        orders
    }

    /// The nearest rates that are not below 0 and sum up to that of the order.
    pub(crate) fn share_out(&self, late: &mut [f64]) {
        let mut sorted: Vec<(f64, f64)> = self.parts.iter().map(|(p, n)| (late[*p], *n)).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut sum, mut copies, mut cut) = (0.0, 0.0, 0.0);
        for (rate, n) in sorted {
            let next = (sum + rate * n - self.rate) / (copies + n);
            if copies > 0.0 && rate <= cut {
                break;
            }
            (sum, copies, cut) = (sum + rate * n, copies + n, next);
        }
        for &(p, _) in &self.parts {
            late[p] = (late[p] - cut).max(0.0);
        }
    }
}
