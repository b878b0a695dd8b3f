//! A night folder planned into a run folder, as the command does it.

use std::collections::BTreeMap;
use std::path::Path;

use platewright_check::Violation;
use platewright_model::config::{Config, DEFAULT_TOML};
use platewright_model::error::InputFault;
use platewright_model::run::RunContext;
use platewright_model::time::Time;
use platewright_pipeline::{
    InForce, NightModels, PipelineError, Plan, figures, plan_night, save, stage_keys, verify,
};
use platewright_store::night::{read_builds, read_night_again};
use platewright_store::run::{BudgetRecord, RunDir, RunRecord};

/// A planned night.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its folder.
    pub dir: RunDir,
    /// What was planned.
    pub plan: Plan,
    /// Faults of the input that did not stop the plan.
    pub faults: Vec<InputFault>,
    /// The configuration it was planned with.
    pub config: Config,
}

impl Run {
    /// What the verifier finds in the plan and in the files of its folder.
    pub fn violations(&self) -> Vec<Violation> {
        let read = |path: &str| std::fs::read(self.dir.file(path)).map_err(|e| e.to_string());
        verify(&self.plan, &self.config, &read, &RunContext::with_iterations(0, 0))
    }
}

/// The default configuration.
///
/// # Panics
/// If the committed default is damaged.
pub fn config() -> Config {
    toml::from_str(DEFAULT_TOML).expect("the committed default configuration is well-formed")
}

/// A context with seed 1, so many search steps and so many threads.
pub fn context(iterations: u64, threads: usize) -> RunContext {
    RunContext { threads, ..RunContext::with_iterations(1, iterations) }
}

/// Plans the night of a folder into a run folder, within a pool of so many threads.
///
/// # Panics
/// If the night cannot be read, planned or written.
pub fn plan_folder(
    night: &Path,
    run: &Path,
    config: &Config,
    iterations: u64,
    threads: usize,
) -> Run {
    plan_again(night, None, run, config, (iterations, threads))
        .expect("a night that was read can be planned")
}

/// As [`plan_folder`], with search steps and threads, from a plan in force.
///
/// # Errors
/// As planning says.
///
/// # Panics
/// If the night or what is reported on its builds cannot be read, or the run not be written.
pub fn plan_again(
    night: &Path,
    old: Option<&Plan>,
    run: &Path,
    config: &Config,
    (iterations, threads): (u64, usize),
) -> Result<Run, PipelineError> {
    let known = old.iter().flat_map(|old| old.night.orders.keys()).cloned().collect();
    let input = read_night_again(night, &config.limits, &known);
    let input = input.expect("the night can be read").validated;
    let reported = old.map_or(Ok(BTreeMap::new()), |old| {
        read_builds(night, &config.limits, &|build| old.knows(build))
    });
    let reported = reported.expect("reports can be read");
    let in_force = old.map(|plan| InForce { plan, reported: &reported });
    let order_book = input.order_book();
    let faults = input.faults;
    let night_read = input.night.unwrap_or_else(|| panic!("the night is not fatal: {faults:#?}"));
    let dir = RunDir::create(run).expect("the run folder can be made");
    let ctx = context(iterations, threads);
    let models = NightModels { dir: night.to_owned(), limits: config.limits };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.expect("threads can be started");
    let plan =
        pool.install(|| plan_night(night_read, order_book, in_force, &models, &dir, config, &ctx))?;
    save(&dir, &plan, &record(&plan, config, &ctx)).expect("the run folder can be written");
    Ok(Run { dir, plan, faults, config: config.clone() })
}

fn record(plan: &Plan, config: &Config, ctx: &RunContext) -> RunRecord {
    let models: BTreeMap<_, _> =
        plan.parts.parts.iter().map(|p| (p.id.clone(), p.sha256.clone())).collect();
    RunRecord {
        platewright: env!("CARGO_PKG_VERSION").to_owned(),
        source: "test".to_owned(),
        started: Time(0),
        wall_s: 0.0,
        seed: ctx.seed,
        threads: ctx.threads,
        budget: BudgetRecord { time_s: None, iterations: ctx.budget.iterations },
        config: config.clone(),
        models,
        stage_keys: stage_keys(plan, config, ctx).expect("stages are plain data"),
        figures: figures(plan),
    }
}
