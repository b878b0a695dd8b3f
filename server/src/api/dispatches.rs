//! Dispatches: builds on their way through centres. A centre receives, confirms or rejects, and
//! tells how it gets on (ISO/IEC 23510, 4.3.4 and 5.6).
#![expect(unused_qualifications, reason = "utoipa's macro names queries once more")]

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::SqliteConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Principal, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::{When, id};
use crate::ledger::Change;
use crate::planning::withdraw;
use crate::records::changes::{Cause, change};
use crate::records::dispatches::{self, Dispatch};
use crate::records::events::{self, New};
use crate::records::plans::{self, Build};
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(inbox))
        .routes(routes!(one))
        .routes(routes!(confirm))
        .routes(routes!(reject))
        .routes(routes!(progress))
}

/// A dispatch as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DispatchBody {
    #[schema(format = Uuid)]
    id: String,
    /// The build that is sent.
    #[schema(format = Uuid)]
    build: String,
    /// Id of the centre.
    centre: String,
    /// `sent`, `confirmed`, `started`, `printed`, `failed`, `rejected` or `withdrawn`.
    state: String,
    /// Share that is printed, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress: Option<f64>,
    /// What the centre said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    sent_at: When,
    changed_at: When,
}

impl DispatchBody {
    fn of(dispatch: &Dispatch) -> Self {
        Self {
            id: dispatch.id.clone(),
            build: dispatch.build.clone(),
            centre: dispatch.centre.clone(),
            state: dispatch.state.clone(),
            progress: dispatch.progress,
            note: dispatch.note.clone(),
            sent_at: dispatch.sent_at,
            changed_at: dispatch.changed_at,
        }
    }
}

/// States of a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DispatchState {
    Sent,
    Confirmed,
    Started,
    Printed,
    Failed,
    Rejected,
    Withdrawn,
}

impl DispatchState {
    fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Started => "started",
            Self::Printed => "printed",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Which dispatches.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InboxQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Entries at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only those in a state.
    state: Option<DispatchState>,
}

/// Dispatches of one's centre, the oldest first.
#[utoipa::path(get, path = "/v1/centre/dispatches", tag = "dispatches", params(InboxQuery),
    responses((status = 200, description = "A page.", body = Page<DispatchBody>)))]
async fn inbox(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<InboxQuery>,
) -> Result<Answer, Refusal> {
    let centre = who.own_centre()?;
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, after) = page.read()?;
    let state = query.state.map(DispatchState::name);
    let pool = &service.records.pool;
    let found = dispatches::page(pool, centre, state, &after, limit + 1).await?;
    let items = found.iter().map(DispatchBody::of).collect();
    Answer::json(StatusCode::OK, &Page::of(items, limit, |one: &DispatchBody| one.id.clone()))
}

/// A dispatch.
#[utoipa::path(get, path = "/v1/dispatches/{id}", tag = "dispatches",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The dispatch.", body = DispatchBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(dispatch): Path<String>,
) -> Result<Answer, Refusal> {
    let mut db = service.records.pool.acquire().await?;
    let found = find(&mut db, &who, &dispatch).await?;
    Ok(Answer::json(StatusCode::OK, &DispatchBody::of(&found))?.version(found.version))
}

/// A centre takes a build.
#[utoipa::path(post, path = "/v1/dispatches/{id}/confirm", tag = "dispatches",
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 200, description = "The dispatch.", body = DispatchBody)))]
async fn confirm(
    State(service): State<Service>,
    Who(who): Who,
    Path(dispatch): Path<String>,
    once: Once,
) -> Result<Answer, Refusal> {
    who.own_centre()?;
    step(&service, &who, dispatch, once, &[], Step::Confirm).await
}

/// Why a centre does not take a build.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rejection {
    /// Such as: machine down, feedstock missing, package damaged.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// A centre does not take a build: its units wait for another plan.
#[utoipa::path(post, path = "/v1/dispatches/{id}/reject", tag = "dispatches",
    request_body = Rejection,
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 200, description = "The dispatch.", body = DispatchBody)))]
async fn reject(
    State(service): State<Service>,
    Who(who): Who,
    Path(dispatch): Path<String>,
    once: Once,
    body: Body<Rejection>,
) -> Result<Answer, Refusal> {
    who.own_centre()?;
    step(&service, &who, dispatch, once, &body.bytes, Step::Reject(body.value.reason)).await
}

/// What a centre has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The build is on its machine.
    Started,
    /// The build is printed and unpacked.
    Printed,
    /// The print failed: its units are printed again.
    Failed,
}

/// How a centre gets on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProgressReport {
    state: Stage,
    /// Share that is printed, 0 to 1.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    progress: Option<f64>,
    /// Anything else.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// A centre tells how it gets on with a build.
#[utoipa::path(post, path = "/v1/dispatches/{id}/progress", tag = "dispatches",
    request_body = ProgressReport,
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 200, description = "The dispatch.", body = DispatchBody)))]
async fn progress(
    State(service): State<Service>,
    Who(who): Who,
    Path(dispatch): Path<String>,
    once: Once,
    body: Body<ProgressReport>,
) -> Result<Answer, Refusal> {
    who.own_centre()?;
    let report = body.value;
    if report.progress.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err(Refusal::fault("E1012", "progress", "must be from 0 to 1"));
    }
    step(&service, &who, dispatch, once, &body.bytes, Step::Progress(report)).await
}

/// What a centre does.
enum Step {
    Confirm,
    Reject(String),
    Progress(ProgressReport),
}

async fn step(
    service: &Service,
    who: &std::sync::Arc<Principal>,
    dispatch: String,
    once: Once,
    body: &[u8],
    step: Step,
) -> Result<Answer, Refusal> {
    let who = std::sync::Arc::clone(who);
    let write = service.once(once, body, move |db| {
        async move {
            let found = find(db, &who, &dispatch).await?;
            take_step(db, &found, &who, step).await?;
            let found = find(db, &who, &found.id).await?;
            Ok(Answer::json(StatusCode::OK, &DispatchBody::of(&found))?.version(found.version))
        }
        .boxed()
    });
    write.await
}

async fn take_step(
    db: &mut SqliteConnection,
    dispatch: &Dispatch,
    who: &Principal,
    step: Step,
) -> Result<(), Refusal> {
    let build = plans::one_build(db, &dispatch.build).await?;
    let build = build.ok_or_else(|| Refusal::bug("a dispatch of no build"))?;
    let refuse = |remedy: &str| Refusal::Conflict {
        what: "dispatch",
        id: dispatch.id.clone(),
        state: dispatch.state.clone(),
        remedy: remedy.to_owned(),
    };
    let state = dispatch.state.as_str();
    match step {
        Step::Confirm if state == "sent" => note(db, dispatch, who, "confirmed", None, None).await,
        Step::Confirm => Err(refuse("only one that is sent is confirmed")),
        Step::Reject(reason) if matches!(state, "sent" | "confirmed") => {
            withdraw(db, &build, "rejected", &reason, &who.key).await
        }
        Step::Reject(_) => Err(refuse("only one that has not begun is rejected")),
        Step::Progress(report) => {
            let (share, text) = (report.progress, report.note.as_deref());
            match (report.state, state) {
                (Stage::Started, "confirmed") => {
                    advance(db, &build, who, Change::Start, "printing").await?;
                    note(db, dispatch, who, "started", share, text).await
                }
                (Stage::Started, "started") => {
                    dispatches::set(db, &dispatch.id, "started", share, text).await
                }
                (Stage::Printed, "started") => {
                    advance(db, &build, who, Change::Print, "printed").await?;
                    note(db, dispatch, who, "printed", Some(1.0), text).await
                }
                (Stage::Failed, "started") => {
                    withdraw(db, &build, "failed", text.unwrap_or("print failed"), &who.key).await
                }
                _ => Err(refuse("it goes from sent to confirmed, started, printed or failed")),
            }
        }
    }
}

/// All units of a build change with it.
async fn advance(
    db: &mut SqliteConnection,
    build: &Build,
    who: &Principal,
    how: Change,
    state: &str,
) -> Result<(), Refusal> {
    let units = plans::units(db, &build.id).await?;
    let cause = Cause {
        change: how,
        actor: &who.key,
        build: Some(&build.id),
        centre: Some(&build.centre),
        body: json!({}),
    };
    // A unit that was scrapped meanwhile is not in the build any more.
    change(db, &units, &cause).await?;
    plans::set_build(db, &Build { state: state.to_owned(), ..build.clone() }).await
}

async fn note(
    db: &mut SqliteConnection,
    dispatch: &Dispatch,
    who: &Principal,
    state: &str,
    progress: Option<f64>,
    text: Option<&str>,
) -> Result<(), Refusal> {
    dispatches::set(db, &dispatch.id, state, progress, text).await?;
    let kind = format!("dispatch.{state}");
    let new = New {
        kind: &kind,
        subject: &dispatch.id,
        actor: &who.key,
        centre: Some(&dispatch.centre),
        body: json!({ "build": dispatch.build, "note": text }),
        ..New::default()
    };
    events::enter(db, new).await
}

async fn find(
    db: &mut SqliteConnection,
    who: &Principal,
    dispatch: &str,
) -> Result<Dispatch, Refusal> {
    let centre = who.own_centre()?;
    let key = id("dispatch", dispatch)?;
    let found = dispatches::one(db, &key, centre).await?;
    found.ok_or(Refusal::NotFound { what: "dispatch", id: key })
}
