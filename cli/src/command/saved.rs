//! A run read back for a command, with a context to work in.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use platewright_model::run::{Budget, Cancel, RunContext, Silent};
use platewright_pipeline::{SavedRun, load};

use crate::exit::{Failure, chain};

/// Loads a run.
pub(super) fn open(path: &Path) -> Result<SavedRun, Failure> {
    load(path).map_err(|e| Failure::input(chain(&e)))
}

/// A context without budget, progress or cancellation.
pub(super) fn context(run: &SavedRun) -> RunContext {
    RunContext {
        seed: run.record.seed,
        budget: Budget::default(),
        cancel: Cancel::default(),
        listener: Arc::new(Silent),
        threads: rayon::current_num_threads(),
        started: Instant::now(),
    }
}
