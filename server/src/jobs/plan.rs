//! A plan is made: a run of the planners over what the ledger has.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platewright_model::config::SolverConfig;
use platewright_model::id::BuildId;
use platewright_model::machine::Machine;
use platewright_model::oracle::PartMeasures;
use platewright_model::replan::BuildStatus;
use platewright_model::run::{Budget, RunContext};
use platewright_model::stage::{Build as NestedBuild, Placement};
use platewright_model::time::Time;
use platewright_pipeline::{
    InForce, ModelSource, PipelineError, Plan, figures, load, plan_night, save, stage_keys, verify,
};
use platewright_store::run::{BudgetRecord, RunDir, RunRecord};
use serde_json::{Value, json};

use super::Told;
use crate::api::plans::PlanRequest;
use crate::error::Refusal;
use crate::http::wire::{When, new_id};
use crate::objects::Objects;
use crate::planning::{Snapshot, by_name, snapshot};
use crate::price::full_build;
use crate::records::events::{self, New};
use crate::records::jobs::Job;
use crate::records::plans::{self, Build};
use crate::service::Service;

/// Kind of its jobs.
pub(crate) const KIND: &str = "plan";

/// Plans what the ledger has, and keeps the plan as a proposal.
pub(super) async fn perform(service: &Service, job: &Job, told: &Told) -> Result<Value, Refusal> {
    let request: PlanRequest = serde_json::from_value(job.payload.clone())?;
    let now = request.planning_time.unwrap_or_else(When::now).0;
    let snapshot = snapshot(service, now).await?;
    let follows = snapshot.in_force.as_ref().map(|(plan, _)| plan.clone());
    let (own, id) = (service.clone(), job.subject.clone());
    let told = told.clone();
    let made = tokio::task::spawn_blocking(move || make(&own, &id, &request, &snapshot, &told));
    let made = made.await.map_err(|error| Refusal::bug(format!("a planner: {error}")))??;
    keep(service, job, follows, made).await
}

/// A plan with what is to be told of it.
struct Made {
    plan: Plan,
    figures: Value,
}

fn make(
    service: &Service,
    id: &str,
    request: &PlanRequest,
    snapshot: &Snapshot,
    told: &Told,
) -> Result<Made, Refusal> {
    let settings = &service.settings;
    let dir = service.run_dir(id);
    if dir.exists() {
        // What a worker left that ended half way.
        std::fs::remove_dir_all(&dir).map_err(Refusal::objects)?;
    }
    let run = RunDir::create(&dir).map_err(stored)?;
    let ctx = RunContext {
        seed: request.seed.unwrap_or(1),
        budget: Budget {
            time: match (request.budget_s, request.iterations) {
                (Some(seconds), _) => Some(Duration::from_secs_f64(seconds)),
                (None, Some(_)) => None,
                (None, None) => Some(Duration::from_secs(settings.config.rounds.budget_s)),
            },
            iterations: request.iterations,
        },
        cancel: told.cancel(),
        listener: Arc::new(told.clone()),
        threads: settings.threads,
        started: Instant::now(),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build();
    let pool = pool.map_err(Refusal::bug)?;
    let models = Models { objects: service.objects.clone(), files: &snapshot.files };
    let old = snapshot.in_force.as_ref().map(|(plan, reported)| old(service, plan, reported));
    let old = old.transpose()?;
    let in_force = old.as_ref().map(|(plan, reported)| InForce { plan, reported });
    let (night, book) = (snapshot.night.clone(), snapshot.order_book.clone());
    let begun = Instant::now();
    let plan =
        pool.install(|| plan_night(night, book, in_force, &models, &run, &settings.config, &ctx));
    let plan = plan.map_err(failed)?;
    let record = record(service, &plan, &ctx, begun.elapsed())?;
    save(&run, &plan, &record).map_err(failed)?;
    let read = |path: &str| std::fs::read(run.file(path)).map_err(|error| error.to_string());
    let violations = pool.install(|| verify(&plan, &settings.config, &read, &ctx));
    if let Some(first) = violations.first() {
        return Err(Refusal::bug(format!("the plan does not hold: {first}")));
    }
    let figures = json!(record.figures);
    Ok(Made { plan, figures })
}

/// The plan in force, of which only builds that are not printed yet are left.
fn old(
    service: &Service,
    plan: &str,
    reported: &BTreeMap<BuildId, BuildStatus>,
) -> Result<(Plan, BTreeMap<BuildId, BuildStatus>), Refusal> {
    let mut plan = load(&service.run_dir(plan)).map_err(failed)?.plan;
    let open = |build: &BuildId| {
        matches!(
            reported.get(build),
            Some(BuildStatus::Waiting | BuildStatus::Prepared | BuildStatus::Printing)
        )
    };
    let gone: Vec<BuildId> =
        plan.build_plan.builds.iter().map(|b| b.id.clone()).filter(|b| !open(b)).collect();
    plan.build_plan.builds.retain(|build| open(&build.id));
    // Their names are on labels: no later build has them.
    plan.replan.get_or_insert_default().retired.extend(gone);
    let reported = reported.iter().filter(|(build, _)| open(build));
    Ok((plan, reported.map(|(build, status)| (build.clone(), *status)).collect()))
}

fn record(
    service: &Service,
    plan: &Plan,
    ctx: &RunContext,
    wall: Duration,
) -> Result<RunRecord, Refusal> {
    let models = plan.parts.parts.iter().map(|p| (p.id.clone(), p.sha256.clone())).collect();
    let config = &service.settings.config;
    Ok(RunRecord {
        platewright: env!("CARGO_PKG_VERSION").to_owned(),
        source: "ledger".to_owned(),
        started: Time(When::now().seconds() - wall.as_secs() as i64),
        wall_s: wall.as_secs_f64(),
        seed: ctx.seed,
        threads: ctx.threads,
        budget: BudgetRecord {
            time_s: ctx.budget.time.map(|t| t.as_secs_f64()),
            iterations: ctx.budget.iterations,
        },
        config: config.clone(),
        models,
        stage_keys: stage_keys(plan, config, ctx).map_err(failed)?,
        figures: figures(plan),
    })
}

/// Models by the objects that hold them.
struct Models<'a> {
    objects: Objects,
    files: &'a BTreeMap<String, String>,
}

impl ModelSource for Models<'_> {
    fn read(&self, file: &str) -> Result<Vec<u8>, String> {
        let object = self.files.get(file).ok_or_else(|| format!("{file} is no model in use"))?;
        std::fs::read(self.objects.path(object))
            .map_err(|error| format!("failed to read the object of {file}: {error}"))
    }
}

/// Keeps a plan as a proposal: its builds that are new, and where it places those that it keeps.
async fn keep(
    service: &Service,
    job: &Job,
    follows: Option<String>,
    made: Made,
) -> Result<Value, Refusal> {
    let (id, organisation) = (job.subject.clone(), job.organisation.clone());
    let builds = new_builds(&id, &made.plan, &service.settings.config.solver)?;
    let figures = made.figures.clone();
    let write = service.records.writer.write(move |db| {
        Box::pin(async move {
            let before = match &follows {
                Some(plan) => by_name(plans::builds(db, plan).await?),
                None => BTreeMap::new(),
            };
            for (build, placements) in &builds {
                match before.get(&build.name) {
                    Some(known) => {
                        let known = known.id.clone();
                        plans::list_build(db, &id, &Build { id: known, ..build.clone() }).await?;
                    }
                    None => {
                        plans::add_build(db, build, placements).await?;
                        plans::list_build(db, &id, build).await?;
                    }
                }
            }
            plans::set_state(db, &id, "proposed", follows.as_deref(), Some(&figures)).await?;
            let new = New {
                kind: "plan.proposed",
                subject: &id,
                actor: "service",
                organisation: Some(&organisation),
                body: figures,
                ..New::default()
            };
            events::enter(db, new).await
        })
    });
    write.await?;
    Ok(made.figures)
}

/// The builds of a plan with their placements by unit.
#[expect(clippy::type_complexity, reason = "pairs of what one statement each takes")]
fn new_builds(
    id: &str,
    plan: &Plan,
    solver: &SolverConfig,
) -> Result<Vec<(Build, Vec<(String, Value)>)>, Refusal> {
    let machines = plan.night.machines();
    let mut builds = Vec::new();
    for scheduled in &plan.schedule.builds {
        let nested = plan.build_plan.builds.iter().find(|build| build.id == scheduled.build);
        let nested = nested.ok_or_else(|| Refusal::bug("a scheduled build that is not nested"))?;
        let group = plan.grouping.groups.iter().find(|group| group.id == nested.group);
        let body = json!({
            "group": group.map(|group| &group.key),
            "class": nested.class,
            "density": nested.density,
            "height_mm": nested.load.height_mm,
            "units": nested.placements.len(),
            "room": room(plan, nested, machines[&scheduled.machine], solver),
            "print_start": scheduled.print_start,
            "print_end": scheduled.print_end,
        });
        let build = Build {
            id: new_id(),
            plan: id.to_owned(),
            name: scheduled.build.to_string(),
            centre: machines[&scheduled.machine].centre.to_string(),
            machine: scheduled.machine.to_string(),
            start_at: When(scheduled.start),
            end_at: When(scheduled.end),
            state: "proposed".to_owned(),
            locked: false,
            version: 1,
            body,
        };
        let placements = nested
            .placements
            .iter()
            .map(|placement| Ok((placement.unit.to_string(), serde_json::to_value(placement)?)));
        let placements = placements.collect::<Result<_, Refusal>>()?;
        builds.push((build, placements));
    }
    Ok(builds)
}

/// Share of a full build that a build leaves free: each unit takes its share, as prices have it.
fn room(plan: &Plan, build: &NestedBuild, machine: &Machine, solver: &SolverConfig) -> f64 {
    let Some(process) = plan.night.processes.get(&machine.process) else { return 0.0 };
    let share = |placement: &Placement| {
        let facts = plan.parts.get(&placement.part)?.facts?;
        let part = PartMeasures {
            volume_mm3: facts.volume_mm3,
            surface_mm2: facts.surface_mm2,
            size: facts.bounds.size(),
        };
        Some(1.0 / full_build(solver, process.nesting, &part, machine)?.0)
    };
    // A unit that fits only turned otherwise than by quarter turns leaves no room.
    let taken: f64 = build.placements.iter().map(|unit| share(unit).unwrap_or(1.0)).sum();
    (1.0 - taken).max(0.0)
}

fn failed(error: PipelineError) -> Refusal {
    Refusal::Bug { what: format!("planning: {error}") }
}

fn stored(error: platewright_store::StoreError) -> Refusal {
    Refusal::Storage { action: "write a run", source: Arc::new(error) }
}
