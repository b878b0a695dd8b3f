//! Units: every printed copy, from its order to its box.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::SqliteConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Principal, Role, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::id;
use crate::ledger::{Change, UnitState};
use crate::records::changes::{Cause, change};
use crate::records::events::{self, Event, Filter, New};
use crate::records::orders::{self, Unit};
use crate::records::plans;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(history, report))
}

/// A unit as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct UnitBody {
    #[schema(format = Uuid)]
    pub(crate) id: String,
    /// Its order.
    #[schema(format = Uuid)]
    pub(crate) order: String,
    /// Its line, from 0.
    pub(crate) line: i64,
    /// Which copy of the line, from 0; remakes count on after the ordered ones.
    pub(crate) copy: i64,
    /// The unit that it was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<String>,
    /// Where it is.
    pub(crate) state: UnitState,
    /// The build that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) build: Option<String>,
}

impl UnitBody {
    pub(crate) fn of(unit: &Unit) -> Self {
        Self {
            id: unit.id.clone(),
            order: unit.order.clone(),
            line: unit.line,
            copy: unit.copy,
            replaces: unit.replaces.clone(),
            state: unit.state,
            build: unit.build.clone(),
        }
    }
}

/// A unit.
#[utoipa::path(get, path = "/v1/parts/{uuid}", tag = "units",
    params(("uuid" = String, Path, format = Uuid)),
    responses((status = 200, description = "The unit.", body = UnitBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(unit): Path<String>,
) -> Result<Answer, Refusal> {
    let mut db = service.records.pool.acquire().await?;
    let unit = find(&mut db, &who, &unit).await?;
    Answer::json(StatusCode::OK, &UnitBody::of(&unit))
}

/// What happened to a unit.
#[utoipa::path(get, path = "/v1/parts/{uuid}/events", tag = "units",
    params(("uuid" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, description = "Events, the oldest first.", body = Page<Event>)))]
async fn history(
    State(service): State<Service>,
    Who(who): Who,
    Path(unit): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    let pool = &service.records.pool;
    let unit = find(&mut *pool.acquire().await?, &who, &unit).await?;
    let (limit, after) = query.read()?;
    let filter = Filter {
        after: after.parse().unwrap_or(0),
        unit: Some(&unit.id),
        most: limit + 1,
        ..Filter::default()
    };
    let found = events::list(pool, &who, &filter).await?;
    Answer::json(StatusCode::OK, &Page::of(found, limit, |event| event.seq.to_string()))
}

/// What became of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reported {
    /// It is thrown away; unless its order is cancelled, another one is made.
    Scrapped,
    /// The customer sent it back.
    Returned,
}

/// A report on a unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    /// What became of it.
    event: Reported,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Reports that a unit was thrown away, or came back.
#[utoipa::path(post, path = "/v1/parts/{uuid}/events", tag = "units", request_body = Report,
    params(("uuid" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 201, description = "The unit, and the one that replaces it.",
        body = Vec<UnitBody>)))]
async fn report(
    State(service): State<Service>,
    Who(who): Who,
    Path(unit): Path<String>,
    once: Once,
    body: Body<Report>,
) -> Result<Answer, Refusal> {
    let Report { event, reason } = body.value;
    who.only(match event {
        Reported::Scrapped => &[Role::Centre],
        Reported::Returned => &[Role::Centre, Role::Buyer],
    })?;
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let unit = find(db, &who, &unit).await?;
            let mut told = vec![unit.id.clone()];
            if event == Reported::Scrapped {
                told.extend(scrap(db, &unit, &who, &reason).await?);
            } else {
                let cause = Cause {
                    change: Change::Return,
                    actor: &who.key,
                    build: None,
                    centre: None,
                    body: json!({ "reason": reason }),
                };
                change(db, std::slice::from_ref(&unit), &cause).await?;
            }
            let units = orders::some_units(db, &told).await?;
            let mut units: Vec<UnitBody> = units.iter().map(UnitBody::of).collect();
            units.sort_by_key(|unit| unit.copy);
            Answer::json(StatusCode::CREATED, &units)
        }
        .boxed()
    });
    write.await
}

/// Scraps a unit; unless its order is cancelled, one that replaces it is born. Tells which.
pub(super) async fn scrap(
    db: &mut SqliteConnection,
    unit: &Unit,
    who: &Principal,
    reason: &str,
) -> Result<Option<String>, Refusal> {
    let cause = Cause {
        change: Change::Scrap,
        actor: &who.key,
        build: unit.build.as_deref(),
        centre: who.centre.as_deref(),
        body: json!({ "reason": reason }),
    };
    change(db, std::slice::from_ref(unit), &cause).await?;
    let order = orders::one(db, &unit.order, None).await?;
    let order = order.ok_or_else(|| Refusal::bug("a unit of no order"))?;
    if order.state == "cancelled" {
        return Ok(None);
    }
    let (new, copy) = orders::remake(db, unit).await?;
    let event = New {
        kind: "unit.remade",
        subject: &new,
        actor: &who.key,
        organisation: Some(&order.organisation),
        order: Some(&order.id),
        unit: Some(&new),
        body: json!({ "replaces": unit.id, "copy": copy }),
        ..New::default()
    };
    events::enter(db, event).await?;
    Ok(Some(new))
}

/// A unit that `who` may see: a customer those of its orders, a centre those in its builds.
pub(super) async fn find(
    db: &mut SqliteConnection,
    who: &Principal,
    unit: &str,
) -> Result<Unit, Refusal> {
    let key = id("unit", unit)?;
    let missing = || Refusal::NotFound { what: "unit", id: unit.to_owned() };
    let found = orders::some_units(db, std::slice::from_ref(&key)).await?;
    let found = found.into_iter().next().ok_or_else(missing)?;
    let seen = match who.role {
        Role::Operator => true,
        Role::Centre => match &found.build {
            Some(build) => {
                let build = plans::one_build(db, build).await?;
                build.map(|build| build.centre) == who.centre
            }
            None => false,
        },
        Role::Buyer | Role::Designer => {
            orders::organisation(db, &found.order).await? == who.organisation
        }
    };
    if seen { Ok(found) } else { Err(missing()) }
}
