//! Inspections of units (ISO/IEC 23510, 7.2; ISO/ASTM 52927, before it ISO 17296-3).

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::units::{find as find_unit, scrap};
use crate::error::Refusal;
use crate::http::auth::{Role, Who};
use crate::http::extract::{Body, Path};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::wire::{When, new_id};
use crate::ledger::Change;
use crate::records::changes::{Cause, change};
use crate::records::dispatches;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(inspect)).routes(routes!(of_unit))
}

/// Which standard a characteristic is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
enum Standard {
    /// ISO/ASTM 52927:2024.
    #[serde(rename = "ISO/ASTM 52927")]
    Iso52927,
    /// ISO 17296-3:2014, withdrawn.
    #[serde(rename = "ISO 17296-3")]
    Iso17296,
}

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Characteristic {
    /// Such as `dimension`, `surface texture`, `tensile strength`, `density`.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// How it was measured.
    #[schema(min_length = 1, max_length = 200)]
    method: String,
    /// What was found, with its unit.
    #[schema(max_length = 1000)]
    result: String,
    /// The standard that names it.
    standard_id: Standard,
}

/// An inspection.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Inspection {
    /// The unit.
    #[schema(format = Uuid)]
    unit: String,
    /// Whether it is good. One that is not is scrapped, and made again.
    passed: bool,
    /// Test class, as agreed with the customer.
    #[serde(default)]
    #[schema(max_length = 100)]
    class: Option<String>,
    /// What was measured.
    #[serde(default)]
    #[schema(max_items = 100)]
    characteristics: Vec<Characteristic>,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 4000)]
    note: Option<String>,
}

/// An inspection as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct InspectionBody {
    #[schema(format = Uuid)]
    id: String,
    at: When,
    /// The unit that is made in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remade_as: Option<String>,
    inspection: Inspection,
}

/// Enters an inspection: the unit has passed, or is scrapped and made again.
#[utoipa::path(post, path = "/v1/inspections", tag = "inspections", request_body = Inspection,
    params(OnceHeader),
    responses((status = 201, description = "Entered.", body = InspectionBody)))]
async fn inspect(
    State(service): State<Service>,
    Who(who): Who,
    once: Once,
    body: Body<Inspection>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Centre])?;
    let inspection = body.value;
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let unit = find_unit(db, &who, &inspection.unit).await?;
            let key = new_id();
            let told = json!(inspection);
            dispatches::inspect(db, &key, &unit.id, inspection.passed, &told).await?;
            let remade_as = if inspection.passed {
                let cause = Cause {
                    change: Change::Pass,
                    actor: &who.key,
                    build: unit.build.as_deref(),
                    centre: who.centre.as_deref(),
                    body: json!({ "inspection": key }),
                };
                change(db, std::slice::from_ref(&unit), &cause).await?;
                None
            } else {
                let reason = inspection.note.as_deref().unwrap_or("did not pass inspection");
                scrap(db, &unit, &who, reason).await?
            };
            let at = When::now();
            let body = InspectionBody { id: key, at, remade_as, inspection };
            Answer::json(StatusCode::CREATED, &body)
        }
        .boxed()
    });
    write.await
}

/// The inspections of a unit.
#[utoipa::path(get, path = "/v1/parts/{uuid}/inspections", tag = "inspections",
    params(("uuid" = String, Path, format = Uuid)),
    responses((status = 200, description = "The oldest first.", body = Vec<InspectionBody>)))]
async fn of_unit(
    State(service): State<Service>,
    Who(who): Who,
    Path(unit): Path<String>,
) -> Result<Answer, Refusal> {
    let pool = &service.records.pool;
    let unit = find_unit(&mut *pool.acquire().await?, &who, &unit).await?;
    let found = dispatches::inspections(pool, &unit.id).await?.into_iter();
    let told = found.map(|(id, _, body, at)| {
        Ok(InspectionBody { id, at, remade_as: None, inspection: serde_json::from_value(body)? })
    });
    Answer::json(StatusCode::OK, &told.collect::<Result<Vec<_>, Refusal>>()?)
}
