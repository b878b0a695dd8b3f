//! Builds: what stands where, layers, packages, locks.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use futures_util::FutureExt;
use platewright_pipeline::unpacking;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Principal, Role, Who};
use crate::http::etag::IfMatch;
use crate::http::extract::Path;
use crate::http::once::Answer;
use crate::http::wire::{When, id};
use crate::records::events::{self, New};
use crate::records::plans::{self, Build};
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(one))
        .routes(routes!(placements))
        .routes(routes!(layer))
        .routes(routes!(package))
        .routes(routes!(parts))
        .routes(routes!(lock, unlock))
}

/// A build as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct BuildBody {
    #[schema(format = Uuid)]
    id: String,
    /// Its name in plans and on labels.
    name: String,
    /// The plan that proposed it first.
    plan: String,
    /// `proposed`, `published`, `printing`, `printed`, `withdrawn`, `rejected` or `failed`.
    state: String,
    /// Id of the centre.
    centre: String,
    /// Id of the machine.
    machine: String,
    /// The machine is occupied from then on.
    start_at: When,
    /// The machine is free again.
    end_at: When,
    /// Whether plans keep it on its machine.
    locked: bool,
    /// Group, density, height and times of the print.
    #[schema(value_type = Object)]
    facts: Value,
}

impl BuildBody {
    pub(crate) fn of(build: &Build) -> Self {
        Self {
            id: build.id.clone(),
            name: build.name.clone(),
            plan: build.plan.clone(),
            state: build.state.clone(),
            centre: build.centre.clone(),
            machine: build.machine.clone(),
            start_at: build.start_at,
            end_at: build.end_at,
            locked: build.locked,
            facts: build.body.clone(),
        }
    }
}

/// A build.
#[utoipa::path(get, path = "/v1/builds/{id}", tag = "builds",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The build.", body = BuildBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
) -> Result<Answer, Refusal> {
    let build = find(&service, &who, &build).await?;
    Ok(Answer::json(StatusCode::OK, &BuildBody::of(&build))?.version(build.version))
}

/// A unit in a build.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct PlacementBody {
    #[schema(format = Uuid)]
    unit: String,
    /// Whether it is in the build now: it may have been cancelled, or scrapped.
    live: bool,
    /// The part, and its pose: a rotation by columns and a shift in mm.
    #[schema(value_type = Object)]
    placement: Value,
}

/// Where each unit of a build stands.
#[utoipa::path(get, path = "/v1/builds/{id}/placements", tag = "builds",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "By unit.", body = Vec<PlacementBody>)))]
async fn placements(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
) -> Result<Answer, Refusal> {
    let build = find(&service, &who, &build).await?;
    let mut db = service.records.pool.acquire().await?;
    let found = plans::placements(&mut db, &build.id).await?.into_iter();
    let told = found.map(|(unit, live, placement)| PlacementBody { unit, live, placement });
    Answer::json(StatusCode::OK, &told.collect::<Vec<_>>())
}

/// A layer of a build: its outlines, as SVG in mm.
#[utoipa::path(get, path = "/v1/builds/{id}/layers/{n}", tag = "builds",
    params(("id" = String, Path, format = Uuid),
        ("n" = u32, Path, minimum = 0, description = "From 0, the lowest")),
    responses((status = 200, description = "The layer.", body = String,
        content_type = "image/svg+xml")))]
async fn layer(
    State(service): State<Service>,
    Who(who): Who,
    Path((build, n)): Path<(String, u32)>,
) -> Result<impl IntoResponse, Refusal> {
    let build = find(&service, &who, &build).await?;
    let run = service.run_dir(&build.plan);
    let (name, key) = (build.name.clone(), build.id.clone());
    let plans = service.last_plan.clone();
    let svg = tokio::task::spawn_blocking(move || plans.svg(&run, &name, n));
    let svg = svg.await.map_err(Refusal::bug)??;
    let svg = svg.ok_or_else(|| Refusal::NotFound { what: "layer", id: format!("{key}/{n}") })?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg))
}

/// The technical data package of a build.
#[utoipa::path(get, path = "/v1/builds/{id}/package", tag = "builds",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "A ZIP file (ISO/IEC 21320-1).", body = Vec<u8>,
        content_type = "application/zip")))]
async fn package(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let build = find(&service, &who, &build).await?;
    Ok(([(header::CONTENT_TYPE, "application/zip")], packed(&service, &build).await?))
}

/// The sort list of a build: its units in the order of unpacking, each with its order and how
/// many look like it.
#[utoipa::path(get, path = "/v1/builds/{id}/parts", tag = "builds",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The sort list.", body = Object)))]
async fn parts(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
) -> Result<Answer, Refusal> {
    let build = find(&service, &who, &build).await?;
    let bytes = packed(&service, &build).await?;
    let list = unpacking(&bytes, &service.settings.config.limits).map_err(Refusal::bug)?;
    // Pairs of units of different orders that look alike: what makes sorting hard.
    let alike: u64 = list.iter().map(|entry| u64::from(entry.look_alikes)).sum();
    let told = json!({ "build": build.id, "name": build.name, "units": list,
        "look_alike_pairs": alike / 2 });
    Answer::json(StatusCode::OK, &told)
}

/// Keeps a build on its machine, whatever is planned.
#[utoipa::path(put, path = "/v1/builds/{id}/lock", tag = "builds",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, description = "The build.", body = BuildBody)))]
async fn lock(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
    if_match: IfMatch,
) -> Result<Answer, Refusal> {
    set_lock(&service, &who, &build, &if_match, true).await
}

/// Lets plans move a build again.
#[utoipa::path(delete, path = "/v1/builds/{id}/lock", tag = "builds",
    params(("id" = String, Path, format = Uuid), ("If-Match" = String, Header)),
    responses((status = 200, description = "The build.", body = BuildBody)))]
async fn unlock(
    State(service): State<Service>,
    Who(who): Who,
    Path(build): Path<String>,
    if_match: IfMatch,
) -> Result<Answer, Refusal> {
    set_lock(&service, &who, &build, &if_match, false).await
}

async fn set_lock(
    service: &Service,
    who: &Principal,
    build: &str,
    if_match: &IfMatch,
    locked: bool,
) -> Result<Answer, Refusal> {
    let found = find(service, who, build).await?;
    if_match.check(found.version)?;
    let actor = who.key.clone();
    let write = service.records.writer.write(move |db| {
        async move {
            let present = plans::one_build(db, &found.id).await?;
            let present = present.ok_or_else(|| Refusal::bug("a build that was there"))?;
            if present.version != found.version {
                let etag = crate::http::etag::etag(present.version);
                return Err(Refusal::Stale { etag });
            }
            if present.state != "published" {
                return Err(Refusal::Conflict {
                    what: "build",
                    id: present.id,
                    state: present.state,
                    remedy: "only a published build that has not begun is locked".to_owned(),
                });
            }
            plans::set_build(db, &Build { locked, ..present.clone() }).await?;
            let new = New {
                kind: if locked { "build.locked" } else { "build.unlocked" },
                subject: &present.id,
                actor: &actor,
                centre: Some(&present.centre),
                body: json!({}),
                ..New::default()
            };
            events::enter(db, new).await?;
            plans::one_build(db, &present.id).await
        }
        .boxed()
    });
    let build = write.await?.ok_or_else(|| Refusal::bug("a build that was there"))?;
    Ok(Answer::json(StatusCode::OK, &BuildBody::of(&build))?.version(build.version))
}

/// The package of a build, out of the run of its plan.
async fn packed(service: &Service, build: &Build) -> Result<Vec<u8>, Refusal> {
    let run = service.run_dir(&build.plan);
    let path = run.join("80_packages").join(format!("{}.zip", build.name));
    tokio::fs::read(path).await.map_err(Refusal::objects)
}

/// A build that `who` may see: operators all, centres those that are sent to them.
pub(super) async fn find(
    service: &Service,
    who: &Principal,
    build: &str,
) -> Result<Build, Refusal> {
    who.only(&[Role::Centre])?;
    let key = id("build", build)?;
    let mut db = service.records.pool.acquire().await?;
    let found = plans::one_build(&mut db, &key).await?;
    let own = |build: &Build| match who.own_centre() {
        Ok(Some(centre)) => build.centre == centre && build.state != "proposed",
        _ => who.role == Role::Operator,
    };
    found.filter(own).ok_or(Refusal::NotFound { what: "build", id: key })
}
