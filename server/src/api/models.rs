//! Models: uploaded, checked, repaired as a new version, released by a person.
#![expect(unused_qualifications, reason = "utoipa's macro names queries once more")]

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::FutureExt;
use platewright_model::measure::LengthUnit;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Principal, Role, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::upload::{Content, receive};
use crate::http::wire::{When, id, new_id};
use crate::jobs::{self, JobStore, SqliteJobs};
use crate::records::comments;
use crate::records::events::{self, New};
use crate::records::models::{self, Model, Version};
use crate::service::Service;
use crate::waiting::{Prefer, wait_for};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(upload, list))
        .routes(routes!(one))
        .routes(routes!(add_version))
        .routes(routes!(check, checks))
        .routes(routes!(content))
        .routes(routes!(release))
}

/// What is uploaded.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadQuery {
    /// Its file name: `.stl`, `.obj`, `.ply` or `.3mf`.
    #[param(min_length = 5, max_length = 200, example = "bracket.stl")]
    pub(crate) name: String,
    /// The unit that it is drawn in; a 3MF says so itself.
    pub(crate) unit: Option<Unit>,
}

/// Units of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    Micron,
    Mm,
    Cm,
    M,
    Inch,
    Foot,
}

impl Unit {
    fn length(self) -> LengthUnit {
        match self {
            Self::Micron => LengthUnit::Micron,
            Self::Mm => LengthUnit::Mm,
            Self::Cm => LengthUnit::Cm,
            Self::M => LengthUnit::M,
            Self::Inch => LengthUnit::Inch,
            Self::Foot => LengthUnit::Foot,
        }
    }
}

/// A model as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ModelBody {
    #[schema(format = Uuid)]
    pub(crate) id: String,
    /// Name of its file.
    pub(crate) name: String,
    /// Organisation that it belongs to.
    pub(crate) organisation: String,
    /// Whether it is in the catalogue for all.
    pub(crate) listed: bool,
    pub(crate) created_at: When,
    /// Its versions, the oldest first.
    pub(crate) versions: Vec<VersionBody>,
}

/// A version of a model as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct VersionBody {
    pub(crate) version: i64,
    /// SHA-256 of the file, in hex.
    pub(crate) sha256: String,
    /// Size of the file, bytes.
    pub(crate) bytes: i64,
    /// The unit that it is drawn in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// `upload`, `repair` or `designer`.
    pub(crate) origin: String,
    /// `pending`, `pass`, `warn`, `fail`, `needs_review`, or `released` by a person.
    pub(crate) check: String,
    /// What the check found: facts, faults, corrections, printability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(crate) record: Option<Value>,
    /// Id of the key that released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) released_by: Option<String>,
    pub(crate) created_at: When,
}

impl VersionBody {
    fn of(version: Version) -> Self {
        Self {
            version: version.version,
            sha256: version.sha256,
            bytes: version.bytes,
            unit: version.unit,
            origin: version.origin,
            check: version.check_state,
            record: version.record,
            released_by: version.released_by,
            created_at: version.created_at,
        }
    }
}

async fn body(service: &Service, model: Model) -> Result<ModelBody, Refusal> {
    let versions = models::versions(&service.records.pool, &model.id).await?;
    Ok(ModelBody {
        id: model.id,
        name: model.name,
        organisation: model.organisation,
        listed: model.listed,
        created_at: model.created_at,
        versions: versions.into_iter().map(VersionBody::of).collect(),
    })
}

/// Uploads a model; its check begins at once. `Prefer: wait=10` waits for it.
#[utoipa::path(post, path = "/v1/models", tag = "models",
    params(UploadQuery, ("Prefer" = Option<String>, Header, description = "`wait=` seconds")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream",
        description = "The file, at most 64 MiB"),
    responses((status = 201, description = "Uploaded.", body = ModelBody)))]
async fn upload(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<UploadQuery>,
    prefer: Prefer,
    request: Request,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer, Role::Designer])?;
    let kind = extension(&query)?;
    let content = receive(&service, request).await?;
    let model = Model {
        id: new_id(),
        organisation: who.organisation.clone(),
        name: query.name.clone(),
        listed: false,
        latest: 0,
        created_at: When::now(),
    };
    let (key, location) = (model.id.clone(), format!("/v1/models/{}", model.id));
    let version = version(&key, &query, kind, "upload", &who, content);
    let write = service.records.writer.write(move |db| {
        async move {
            models::add(db, &model).await?;
            add(db, version, &who).await
        }
        .boxed()
    });
    let job = write.await?;
    service.bell.ring();
    wait_for(&service, &job, prefer).await?;
    answer(&service, &key, StatusCode::CREATED, &location).await
}

/// Adds a version to a model: a designer's revision, or the customer's own.
#[utoipa::path(post, path = "/v1/models/{id}/versions", tag = "models",
    params(("id" = String, Path, format = Uuid), UploadQuery,
        ("Prefer" = Option<String>, Header, description = "`wait=` seconds")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "Uploaded.", body = ModelBody)))]
async fn add_version(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
    Query(query): Query<UploadQuery>,
    prefer: Prefer,
    request: Request,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer, Role::Designer])?;
    let model = revisable(&service, &who, &model).await?;
    let kind = extension(&query)?;
    let content = receive(&service, request).await?;
    let origin = if who.role == Role::Designer { "designer" } else { "upload" };
    let version = version(&model.id, &query, kind, origin, &who, content);
    let write =
        service.records.writer.write(move |db| async move { add(db, version, &who).await }.boxed());
    let job = write.await?;
    service.bell.ring();
    wait_for(&service, &job, prefer).await?;
    answer(&service, &model.id, StatusCode::CREATED, &format!("/v1/models/{}", model.id)).await
}

fn version(
    model: &str,
    query: &UploadQuery,
    extension: &str,
    origin: &str,
    who: &Principal,
    content: Content,
) -> Version {
    Version {
        model: model.to_owned(),
        version: 0,
        sha256: content.sha256,
        bytes: content.bytes,
        extension: extension.to_owned(),
        unit: query.unit.map(|unit| unit.length().name().to_owned()),
        origin: origin.to_owned(),
        author: who.key.clone(),
        check_state: "pending".to_owned(),
        record: None,
        released_by: None,
        created_at: When::now(),
    }
}

/// Adds a version with the job that checks it; gives that job.
async fn add(
    db: &mut SqliteConnection,
    version: Version,
    who: &Principal,
) -> Result<String, Refusal> {
    let number = models::add_version(db, &version).await?;
    let new = check_job(&version.model, number, who);
    let job = new.id.clone();
    crate::records::jobs::enqueue(db, new).await?;
    Ok(job)
}

/// The job that checks a version.
fn check_job(model: &str, number: i64, who: &Principal) -> crate::records::jobs::New {
    crate::records::jobs::New {
        id: new_id(),
        kind: jobs::CHECK,
        subject: model.to_owned(),
        organisation: who.organisation.clone(),
        payload: json!({ "version": number }),
    }
}

/// The kind of file that a name tells; STL, OBJ and PLY need a unit.
fn extension(query: &UploadQuery) -> Result<&'static str, Refusal> {
    let ending = query.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ["stl", "obj", "ply", "3mf"].into_iter();
    let kind = known.into_iter().find(|kind| ending.as_deref() == Some(kind));
    let kind = kind.ok_or_else(|| {
        let text = format!("must end in .stl, .obj, .ply or .3mf, is {:?}", query.name);
        Refusal::fault("E1019", "name", text)
    })?;
    if kind == "3mf" && query.unit.is_some() {
        let text = "must be left out, a .3mf file says it itself";
        return Err(Refusal::fault("E1020", "unit", text));
    }
    if kind != "3mf" && query.unit.is_none() {
        let text =
            format!("must be given, a .{kind} file does not say it: micron, mm, cm, m, inch, foot");
        return Err(Refusal::fault("E1020", "unit", text));
    }
    Ok(kind)
}

/// Which models.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Entries at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Those of the catalogue for all, instead of one's own.
    listed: Option<bool>,
}

/// Models, the oldest first.
#[utoipa::path(get, path = "/v1/models", tag = "models", params(ListQuery),
    responses((status = 200, description = "A page.", body = Page<ModelBody>)))]
async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<Answer, Refusal> {
    let page = PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, after) = page.read()?;
    let listed = query.listed.unwrap_or(false);
    let pool = &service.records.pool;
    let found = models::page(pool, who.tenant(), listed, &after, limit + 1).await?;
    let mut items = Vec::with_capacity(found.len());
    for model in found {
        items.push(body(&service, model).await?);
    }
    Answer::json(StatusCode::OK, &Page::of(items, limit, |model: &ModelBody| model.id.clone()))
}

/// A model with all its versions.
#[utoipa::path(get, path = "/v1/models/{id}", tag = "models",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The model.", body = ModelBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
) -> Result<Answer, Refusal> {
    let model = find(&service, &who, &model).await?;
    Answer::json(StatusCode::OK, &body(&service, model).await?)
}

/// What the check of the latest version found.
#[utoipa::path(get, path = "/v1/models/{id}/checks", tag = "models",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The latest version with its check.",
        body = VersionBody)))]
async fn checks(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
) -> Result<Answer, Refusal> {
    let version = latest(&service, &find(&service, &who, &model).await?).await?;
    Answer::json(StatusCode::OK, &VersionBody::of(version))
}

/// Checks the latest version again, such as after a change of the catalogue's processes.
#[utoipa::path(post, path = "/v1/models/{id}/checks", tag = "models",
    params(("id" = String, Path, format = Uuid),
        ("Prefer" = Option<String>, Header, description = "`wait=` seconds")),
    responses((status = 202, description = "The latest version; its check runs.",
        body = VersionBody)))]
async fn check(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
    prefer: Prefer,
) -> Result<Answer, Refusal> {
    let model = own(&service, &who, &model).await?;
    let new = check_job(&model.id, model.latest, &who);
    let job = new.id.clone();
    SqliteJobs(service.records.clone()).enqueue(new).await?;
    service.bell.ring();
    wait_for(&service, &job, prefer).await?;
    let version = VersionBody::of(latest(&service, &model).await?);
    Ok(Answer::json(StatusCode::ACCEPTED, &version)?.at(format!("/v1/jobs/{job}")))
}

/// The file of the latest version.
#[utoipa::path(get, path = "/v1/models/{id}/content", tag = "models",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The file.", body = Vec<u8>,
        content_type = "application/octet-stream")))]
async fn content(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let model = revisable(&service, &who, &model).await?;
    let version = latest(&service, &model).await?;
    let bytes = service.objects.get(&version.sha256).await.map_err(Refusal::objects)?;
    let mut headers = HeaderMap::new();
    let kind = header::HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    Ok((headers, bytes))
}

/// Why a person releases a model.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// The version that was looked at.
    #[schema(minimum = 1)]
    version: i64,
    /// Why it may be printed.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Releases a version that needs a person's look, for printing.
#[utoipa::path(post, path = "/v1/models/{id}/release", tag = "models", request_body = Release,
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 200, description = "The version.", body = VersionBody)))]
async fn release(
    State(service): State<Service>,
    Who(who): Who,
    Path(model): Path<String>,
    once: Once,
    body: Body<Release>,
) -> Result<Answer, Refusal> {
    who.only(&[])?;
    let model = find(&service, &who, &model).await?;
    let Release { version: number, reason } = body.value;
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let found = models::one_version(db, &model.id, number).await?;
            let version = found
                .ok_or_else(|| Refusal::NotFound { what: "version", id: number.to_string() })?;
            if version.check_state != "needs_review" {
                return Err(Refusal::Conflict {
                    what: "version",
                    id: number.to_string(),
                    state: version.check_state,
                    remedy: "only one that needs review is released".to_owned(),
                });
            }
            models::release(db, &model.id, number, &who.key).await?;
            let new = New {
                kind: "model.released",
                subject: &model.id,
                actor: &who.key,
                organisation: Some(&model.organisation),
                body: json!({ "version": number, "reason": reason }),
                ..New::default()
            };
            events::enter(db, new).await?;
            let version = Version { check_state: "released".to_owned(), ..version };
            Answer::json(StatusCode::OK, &VersionBody::of(version))
        }
        .boxed()
    });
    write.await
}

async fn answer(
    service: &Service,
    model: &str,
    status: StatusCode,
    location: &str,
) -> Result<Answer, Refusal> {
    let found = models::one(&service.records.pool, model, None).await?;
    let model = found.ok_or_else(|| Refusal::bug("a model that was just added"))?;
    Ok(Answer::json(status, &body(service, model).await?)?.at(location))
}

async fn latest(service: &Service, model: &Model) -> Result<Version, Refusal> {
    let mut db = service.records.pool.acquire().await?;
    let version = models::one_version(&mut db, &model.id, model.latest).await?;
    version.ok_or_else(|| Refusal::bug("a model with no version"))
}

/// A model that `who` may see.
async fn find(service: &Service, who: &Principal, model: &str) -> Result<Model, Refusal> {
    let key = id("model", model)?;
    let found = models::one(&service.records.pool, &key, who.tenant()).await?;
    match found {
        Some(model) => Ok(model),
        None => commissioned(service, who, key).await,
    }
}

/// A model of an order line that the designer is commissioned on.
async fn commissioned(service: &Service, who: &Principal, model: String) -> Result<Model, Refusal> {
    let pool = &service.records.pool;
    let asked = who.role == Role::Designer
        && comments::is_commissioned(pool, &model, &who.organisation).await?;
    let found = if asked { models::one(pool, &model, None).await? } else { None };
    found.ok_or(Refusal::NotFound { what: "model", id: model })
}

/// A model that `who` may add versions to: an own one, or one that it is commissioned to revise.
async fn revisable(service: &Service, who: &Principal, model: &str) -> Result<Model, Refusal> {
    match own(service, who, model).await {
        Err(Refusal::NotFound { id, .. }) => commissioned(service, who, id).await,
        other => other,
    }
}

/// A model that belongs to the organisation of `who`.
async fn own(service: &Service, who: &Principal, model: &str) -> Result<Model, Refusal> {
    let found = find(service, who, model).await?;
    match who.tenant() {
        Some(tenant) if found.organisation != tenant => {
            Err(Refusal::NotFound { what: "model", id: found.id })
        }
        _ => Ok(found),
    }
}
