//! Plans: proposed by a job, compared, published in one transaction.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::builds::BuildBody;
use crate::error::Refusal;
use crate::http::auth::Who;
use crate::http::etag::IfMatch;
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::{When, id, new_id};
use crate::planning;
use crate::records::plans::{self, Build, Plan};
use crate::service::Service;
use crate::waiting::{Prefer, wait_for};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(make, list))
        .routes(routes!(one))
        .routes(routes!(builds))
        .routes(routes!(diff))
        .routes(routes!(publish))
        .routes(routes!(restore))
}

/// How a plan is to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlanRequest {
    /// Seconds that it may take; with neither of the two, as configured.
    #[schema(minimum = 0.1, maximum = 86_400)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) budget_s: Option<f64>,
    /// Steps of each search; the same plan every time.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iterations: Option<u64>,
    /// Seed of every random choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<u64>,
    /// When it begins; now if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) planning_time: Option<When>,
}

impl PlanRequest {
    fn check(&self) -> Result<(), Refusal> {
        let fault = |place: &str, text: &str| Err(Refusal::fault("E1012", place, text));
        if self.budget_s.is_some_and(|s| !(0.1..=86_400.0).contains(&s)) {
            return fault("budget_s", "must be from 0.1 to 86400 seconds");
        }
        if self.iterations.is_some_and(|n| !(1..=1_000_000_000).contains(&n)) {
            return fault("iterations", "must be from 1 to 1,000,000,000");
        }
        Ok(())
    }
}

/// A plan as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlanBody {
    #[schema(format = Uuid)]
    id: String,
    /// The job that makes it.
    job: String,
    /// `planning`, `proposed`, `published`, `superseded` or `failed`.
    state: String,
    /// The plan in force when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    follows: Option<String>,
    /// How it was to be made.
    request: PlanRequest,
    /// Cost, bound, units placed and left over, and more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    figures: Option<Value>,
    created_at: When,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<When>,
}

impl PlanBody {
    fn of(plan: &Plan) -> Result<Self, Refusal> {
        Ok(Self {
            id: plan.id.clone(),
            job: plan.job.clone(),
            state: plan.state.clone(),
            follows: plan.follows.clone(),
            request: serde_json::from_value(plan.request.clone())?,
            figures: plan.figures.clone(),
            created_at: plan.created_at,
            published_at: plan.published_at,
        })
    }
}

/// Plans what waits to be printed: a job makes a proposal. With a plan in force, it goes on from
/// it: what has begun stays.
#[utoipa::path(post, path = "/v1/plans", tag = "plans", request_body = PlanRequest,
    params(OnceHeader,
        ("Prefer" = Option<String>, Header, description = "`wait=` seconds")),
    responses((status = 202, description = "A job makes it.", body = PlanBody)))]
async fn make(
    State(service): State<Service>,
    Who(who): Who,
    once: Once,
    prefer: Prefer,
    body: Body<PlanRequest>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    body.value.check()?;
    let request = body.value;
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let plan = Plan {
                id: new_id(),
                job: new_id(),
                state: "planning".to_owned(),
                version: 1,
                follows: None,
                request: json!(request),
                figures: None,
                created_at: When::now(),
                published_at: None,
            };
            plans::add(db, &plan).await?;
            let new = crate::records::jobs::New {
                id: plan.job.clone(),
                kind: crate::jobs::PLAN,
                subject: plan.id.clone(),
                organisation: who.organisation.clone(),
                payload: json!(request),
            };
            crate::records::jobs::enqueue(db, new).await?;
            let answer = Answer::json(StatusCode::ACCEPTED, &PlanBody::of(&plan)?)?;
            Ok(answer.at(format!("/v1/jobs/{}", plan.job)))
        }
        .boxed()
    });
    let answer = write.await?;
    service.bell.ring();
    let told: PlanBody = serde_json::from_str(&answer.body)?;
    wait_for(&service, &told.job, prefer).await?;
    Ok(answer)
}

/// Plans, the oldest first.
#[utoipa::path(get, path = "/v1/plans", tag = "plans", params(PageQuery),
    responses((status = 200, description = "A page.", body = Page<PlanBody>)))]
async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let (limit, after) = query.read()?;
    let found = plans::page(&service.records.pool, &after, limit + 1).await?;
    let items = found.iter().map(PlanBody::of).collect::<Result<_, _>>()?;
    Answer::json(StatusCode::OK, &Page::of(items, limit, |plan: &PlanBody| plan.id.clone()))
}

/// A plan.
#[utoipa::path(get, path = "/v1/plans/{id}", tag = "plans",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The plan.", body = PlanBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(plan): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let plan = find(&service, &plan).await?;
    Ok(Answer::json(StatusCode::OK, &PlanBody::of(&plan)?)?.version(plan.version))
}

/// The builds of a plan, with machines and times as it places them.
#[utoipa::path(get, path = "/v1/plans/{id}/builds", tag = "plans",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "Builds, by name.", body = Vec<BuildBody>)))]
async fn builds(
    State(service): State<Service>,
    Who(who): Who,
    Path(plan): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let plan = find(&service, &plan).await?;
    let mut db = service.records.pool.acquire().await?;
    let found = plans::builds(&mut db, &plan.id).await?;
    let builds: Vec<BuildBody> = found.iter().map(BuildBody::of).collect();
    Answer::json(StatusCode::OK, &builds)
}

/// How far a plan departs from the one that it follows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
struct Diff {
    /// Builds with the same machine and times.
    kept: Vec<String>,
    /// Builds with another machine or other times.
    moved: Vec<String>,
    /// Builds that are new.
    new: Vec<String>,
    /// Builds that give their units back.
    withdrawn: Vec<String>,
}

/// How a plan departs from the one that it follows.
#[utoipa::path(get, path = "/v1/plans/{id}/diff", tag = "plans",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "Builds by what becomes of them, by name.",
        body = Diff)))]
async fn diff(
    State(service): State<Service>,
    Who(who): Who,
    Path(plan): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let plan = find(&service, &plan).await?;
    let mut db = service.records.pool.acquire().await?;
    let now = plans::builds(&mut db, &plan.id).await?;
    let before = match &plan.follows {
        Some(follows) => plans::builds(&mut db, follows).await?,
        None => Vec::new(),
    };
    let mut diff = Diff::default();
    let place = |build: &Build| (build.machine.clone(), build.start_at, build.end_at);
    for build in &now {
        let list = match before.iter().find(|old| old.id == build.id) {
            None => &mut diff.new,
            Some(old) if place(old) == place(build) => &mut diff.kept,
            Some(_) => &mut diff.moved,
        };
        list.push(build.name.clone());
    }
    let gone = before.iter().filter(|old| {
        matches!(old.state.as_str(), "published" | "withdrawn")
            && !now.iter().any(|build| build.id == old.id)
    });
    diff.withdrawn = gone.map(|build| build.name.clone()).collect();
    Answer::json(StatusCode::OK, &diff)
}

/// Publishes a plan: all its builds, or none. It becomes the plan in force.
#[utoipa::path(post, path = "/v1/plans/{id}/publish", tag = "plans",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header),
        OnceHeader),
    responses((status = 200, description = "The plan, now in force.", body = PlanBody)))]
async fn publish(
    State(service): State<Service>,
    Who(who): Who,
    Path(plan): Path<String>,
    if_match: IfMatch,
    once: Once,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let key = find(&service, &plan).await?.id;
    let write = service.once(once, &[], move |db| {
        async move {
            let missing = || Refusal::bug("a plan that was there");
            let plan = plans::one(db, &key).await?.ok_or_else(missing)?;
            if_match.check(plan.version)?;
            planning::publish(db, &plan, &who).await?;
            let plan = plans::one(db, &key).await?.ok_or_else(missing)?;
            Ok(Answer::json(StatusCode::OK, &PlanBody::of(&plan)?)?.version(plan.version))
        }
        .boxed()
    });
    write.await
}

/// The orders of a plan, restored out of its packages alone.
#[utoipa::path(post, path = "/v1/plans/{id}/restore", tag = "plans",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "Orders with the copies that are in its builds, and \
        whatever is wrong.", body = Object)))]
async fn restore(
    State(service): State<Service>,
    Who(who): Who,
    Path(plan): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let plan = find(&service, &plan).await?;
    if plan.figures.is_none() {
        return Err(Refusal::Conflict {
            what: "plan",
            id: plan.id,
            state: plan.state,
            remedy: "it has no packages yet".to_owned(),
        });
    }
    let (dir, limits) = (service.run_dir(&plan.id), service.settings.config.limits);
    let restored =
        tokio::task::spawn_blocking(move || platewright_pipeline::restore(&dir, &limits));
    let restored = restored.await.map_err(Refusal::bug)?.map_err(Refusal::bug)?;
    Answer::json(StatusCode::OK, &restored)
}

async fn find(service: &Service, plan: &str) -> Result<Plan, Refusal> {
    let key = id("plan", plan)?;
    let mut db = service.records.pool.acquire().await?;
    let found = plans::one(&mut db, &key).await?;
    found.ok_or(Refusal::NotFound { what: "plan", id: key })
}
