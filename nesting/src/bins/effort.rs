//! How long searches may go on.

use std::sync::atomic::{AtomicU64, Ordering};

use platewright_model::run::RunContext;

/// How long a search may go on.
pub(crate) struct Effort<'a> {
    pub(crate) ctx: &'a RunContext,
    /// Copies relocated so far, by all searches.
    pub(crate) done: &'a AtomicU64,
    /// Share of the whole budget that may be spent by the end of this search.
    pub(crate) until: f64,
}

impl Effort<'_> {
    /// Share of the budget that is spent, as far as time goes; 1 if the run was cancelled.
    fn spent_time(&self) -> f64 {
        if self.ctx.cancel.is_cancelled() {
            return 1.0;
        }
        let limit = self.ctx.budget.time.map_or(f64::INFINITY, |limit| limit.as_secs_f64());
        self.ctx.started.elapsed().as_secs_f64() / limit
    }

    /// Share of the budget that is spent. Iterations count between rounds only, so that threads
    /// make no difference.
    pub(crate) fn spent(&self) -> f64 {
        let done = self.done.load(Ordering::Relaxed) as f64;
        let limit = self.ctx.budget.iterations.map_or(f64::INFINITY, |limit| limit as f64);
        self.spent_time().max(done / limit)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.spent() >= self.until
    }

    /// Tells how far the run is.
    pub(crate) fn report(&self, text: &str) {
        let percent = (100.0 * self.spent()).min(100.0) as u64;
        self.ctx.report("nest", percent, 100, text);
    }

    /// Whether the time is over, whatever the iterations.
    pub(crate) fn is_out_of_time(&self) -> bool {
        self.spent_time() >= self.until
    }

    /// Iterations left at the beginning of a round; no search of that round does more.
    pub(crate) fn left(&self) -> u64 {
        let limit =
            self.ctx.budget.iterations.map_or(u64::MAX, |limit| (limit as f64 * self.until) as u64);
        limit.saturating_sub(self.done.load(Ordering::Relaxed))
    }
}
