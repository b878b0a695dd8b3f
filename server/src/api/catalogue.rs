//! The catalogue: materials, processes, treatments, centres, machines, feedstock; versioned.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::FutureExt;
use platewright_model::draft::{CatalogueDraft, CentresDraft};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::catalogue::{Frame, Kind, entries};
use crate::error::Refusal;
use crate::http::auth::Who;
use crate::http::etag::{IfMatch, etag};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::Answer;
use crate::http::page::{Page, PageQuery};
use crate::records::catalogue::{self, Entry};
use crate::records::events::{self, New};
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(put_all))
        .routes(routes!(list))
        .routes(routes!(one, put, retire))
}

/// An entry as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct EntryBody {
    /// Its id within its kind.
    id: String,
    /// Counts its changes.
    version: i64,
    /// What it says; `schemas/catalogue.schema.json` and `centres.schema.json` tell the fields.
    #[schema(value_type = Object)]
    body: Value,
}

impl EntryBody {
    fn of(entry: Entry) -> Self {
        Self { id: entry.id, version: entry.version, body: entry.body }
    }
}

/// A whole catalogue, as the files of a night have it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Whole {
    /// As `catalogue.json`.
    #[schema(value_type = Object)]
    catalogue: CatalogueDraft,
    /// As `centres.json`.
    #[schema(value_type = Object)]
    centres: CentresDraft,
}

/// What a change of the whole catalogue came to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Changed {
    /// Entries that are new or changed.
    changed: usize,
    /// Entries that are retired.
    retired: usize,
}

/// Puts a whole catalogue in the place of the present one; entries that it lacks are retired.
#[utoipa::path(put, path = "/v1/catalogue", tag = "catalogue", request_body = Whole,
    responses((status = 200, description = "What was changed.", body = Changed)))]
async fn put_all(
    State(service): State<Service>,
    Who(who): Who,
    body: Body<Whole>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let wanted = entries(&body.value.catalogue, &body.value.centres)?;
    let config = service.settings.config.clone();
    let write = service.records.writer.write(move |db| {
        async move {
            let told = replace(db, &wanted).await?;
            Frame::of(&catalogue::current(db).await?, &config)?;
            let new = New {
                kind: "catalogue.changed",
                subject: "catalogue",
                actor: &who.key,
                body: json!(told),
                ..New::default()
            };
            events::enter(db, new).await?;
            Ok(told)
        }
        .boxed()
    });
    let told = write.await?;
    service.refresh_frame().await?;
    Answer::json(StatusCode::OK, &told)
}

/// Makes the entries that hold those that are wanted.
async fn replace(
    db: &mut SqliteConnection,
    wanted: &[(Kind, String, Value)],
) -> Result<Changed, Refusal> {
    let present = catalogue::current(db).await?.entries;
    let mut told = Changed { changed: 0, retired: 0 };
    for (kind, id, body) in wanted {
        let same = |e: &&Entry| e.kind == kind.name() && e.id == *id && e.body == *body;
        if present.iter().any(|entry| same(&entry)) {
            continue;
        }
        let version = catalogue::version(db, kind.name(), id).await?;
        catalogue::put(db, kind.name(), id, version + 1, Some(body)).await?;
        told.changed += 1;
    }
    for entry in &present {
        let kept =
            |(kind, id, _): &&(Kind, String, Value)| kind.name() == entry.kind && *id == entry.id;
        if !wanted.iter().any(|wanted| kept(&wanted)) {
            catalogue::put(db, &entry.kind, &entry.id, entry.version + 1, None).await?;
            told.retired += 1;
        }
    }
    Ok(told)
}

/// Entries of a kind.
#[utoipa::path(get, path = "/v1/catalogue/{kind}", tag = "catalogue",
    params(("kind" = Kind, Path), PageQuery),
    responses((status = 200, description = "A page.", body = Page<EntryBody>)))]
async fn list(
    State(service): State<Service>,
    Who(_who): Who,
    Path(kind): Path<Kind>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    let (limit, after) = query.read()?;
    let found = catalogue::page(&service.records.pool, kind.name(), &after, limit + 1).await?;
    let items = found.into_iter().map(EntryBody::of).collect();
    Answer::json(StatusCode::OK, &Page::of(items, limit, |entry: &EntryBody| entry.id.clone()))
}

/// An entry.
#[utoipa::path(get, path = "/v1/catalogue/{kind}/{id}", tag = "catalogue",
    params(("kind" = Kind, Path), ("id" = String, Path)),
    responses((status = 200, description = "The entry.", body = EntryBody)))]
async fn one(
    State(service): State<Service>,
    Who(_who): Who,
    Path((kind, id)): Path<(Kind, String)>,
) -> Result<Answer, Refusal> {
    let found = catalogue::one(&service.records.pool, kind.name(), &id).await?;
    let entry = found.ok_or(Refusal::NotFound { what: "entry", id })?;
    let version = entry.version;
    Ok(Answer::json(StatusCode::OK, &EntryBody::of(entry))?.version(version))
}

/// Adds an entry (`If-None-Match: *`) or changes one (`If-Match`). The catalogue must be sound as
/// a whole with it.
#[utoipa::path(put, path = "/v1/catalogue/{kind}/{id}", tag = "catalogue",
    request_body(content = Object, content_type = "application/json"),
    params(("kind" = Kind, Path), ("id" = String, Path),
        ("If-Match" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, description = "The entry.", body = EntryBody)))]
async fn put(
    State(service): State<Service>,
    Who(who): Who,
    Path((kind, id)): Path<(Kind, String)>,
    headers: HeaderMap,
    body: Body<serde_json::Map<String, Value>>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let condition = Condition::of(&headers)?;
    change(&service, &who.key, kind, id, condition, Some(Value::Object(body.value))).await
}

/// Retires an entry: nothing new is ordered or planned with it.
#[utoipa::path(delete, path = "/v1/catalogue/{kind}/{id}", tag = "catalogue",
    params(("kind" = Kind, Path), ("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, description = "The entry as it was.", body = EntryBody)))]
async fn retire(
    State(service): State<Service>,
    Who(who): Who,
    Path((kind, id)): Path<(Kind, String)>,
    if_match: IfMatch,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    change(&service, &who.key, kind, id, Condition::Match(if_match), None).await
}

/// What a change expects.
enum Condition {
    /// That version.
    Match(IfMatch),
    /// None.
    New,
}

impl Condition {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value == "*") {
            return Ok(Self::New);
        }
        Ok(Self::Match(IfMatch::of(headers)?))
    }
}

async fn change(
    service: &Service,
    actor: &str,
    kind: Kind,
    id: String,
    condition: Condition,
    body: Option<Value>,
) -> Result<Answer, Refusal> {
    let (config, actor) = (service.settings.config.clone(), actor.to_owned());
    let write = service.records.writer.write(move |db| {
        async move {
            let present = catalogue::current(db).await?.entries;
            let present = present.into_iter().find(|e| e.kind == kind.name() && e.id == id);
            match (&condition, &present) {
                (Condition::New, Some(entry)) => {
                    return Err(Refusal::Stale { etag: etag(entry.version) });
                }
                (Condition::Match(_), None) => return Err(Refusal::NotFound { what: "entry", id }),
                (Condition::Match(tag), Some(entry)) => tag.check(entry.version)?,
                (Condition::New, None) => {}
            }
            let version = catalogue::version(db, kind.name(), &id).await? + 1;
            catalogue::put(db, kind.name(), &id, version, body.as_ref()).await?;
            Frame::of(&catalogue::current(db).await?, &config)?;
            let subject = format!("{}/{id}", kind.name());
            let new = New {
                kind: "catalogue.changed",
                subject: &subject,
                actor: &actor,
                body: json!({ "version": version, "retired": body.is_none() }),
                ..New::default()
            };
            events::enter(db, new).await?;
            let body = body.or(present.map(|entry| entry.body)).unwrap_or_default();
            Ok(Entry { kind: kind.name().to_owned(), id, version, body })
        }
        .boxed()
    });
    let entry = write.await?;
    service.refresh_frame().await?;
    let version = entry.version;
    Ok(Answer::json(StatusCode::OK, &EntryBody::of(entry))?.version(version))
}
