//! What every stage gets as its last argument: seed, budget, cancellation, progress, threads.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How a run is limited. `iterations` alone makes a run reproducible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Wall time.
    pub time: Option<Duration>,
    /// Iterations of each search.
    pub iterations: Option<u64>,
}

/// A switch that stops a run early; the best so far is returned.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A report on how far a run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress<'a> {
    /// Stage, such as `nest`.
    pub stage: &'a str,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 if not known.
    pub total: u64,
    /// What was just done, for people.
    pub text: &'a str,
}

/// Hears about progress; called from any thread.
pub trait Listener: Send + Sync {
    /// Takes one report.
    fn report(&self, progress: &Progress<'_>);
}

/// A listener that hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {
    fn report(&self, _: &Progress<'_>) {}
}

/// Seed, budget, cancellation, progress and threads of a run.
#[derive(Clone)]
pub struct RunContext {
    /// Seed of every random choice.
    pub seed: u64,
    /// How the run is limited.
    pub budget: Budget,
    /// Stops the run early.
    pub cancel: Cancel,
    /// Hears about progress.
    pub listener: Arc<dyn Listener>,
    /// Worker threads; results never depend on it.
    pub threads: usize,
    /// When the run began.
    pub started: Instant,
}

impl fmt::Debug for RunContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunContext")
            .field("seed", &self.seed)
            .field("budget", &self.budget)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl RunContext {
    /// A run with a seed, an iteration budget, one thread and no listener.
    pub fn with_iterations(seed: u64, iterations: u64) -> Self {
        Self {
            seed,
            budget: Budget { time: None, iterations: Some(iterations) },
            cancel: Cancel::default(),
            listener: Arc::new(Silent),
            threads: 1,
            started: Instant::now(),
        }
    }

    /// Whether a search that did `iterations` steps must stop.
    pub fn should_stop(&self, iterations: u64) -> bool {
        self.cancel.is_cancelled()
            || self.budget.iterations.is_some_and(|limit| iterations >= limit)
            || self.budget.time.is_some_and(|limit| self.started.elapsed() >= limit)
    }

    /// A seed for a task, different for each `task`, the same on every run.
    pub fn seed_for(&self, task: &str) -> u64 {
        // FNV-1a over the name, then the finaliser of SplitMix64 (Steele, Lea, Flood 2014), so
        // that similar names give unlike seeds.
        let mut h = self.seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in task.bytes() {
            h = (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        h ^ (h >> 31)
    }

    /// Reports progress.
    pub fn report(&self, stage: &str, done: u64, total: u64, text: &str) {
        self.listener.report(&Progress { stage, done, total, text });
    }
}
