//! Shipments: units on their way to the customer.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::SqliteConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::units::find as find_unit;
use crate::error::Refusal;
use crate::http::auth::{Principal, Role, Who};
use crate::http::extract::{Body, Path};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::wire::{When, id, new_id};
use crate::ledger::Change;
use crate::records::changes::{Cause, change};
use crate::records::dispatches::{self, Shipment};
use crate::records::orders;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(ship)).routes(routes!(one)).routes(routes!(deliver))
}

/// A parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShipmentRequest {
    /// Its units.
    #[schema(min_items = 1, max_items = 10_000)]
    units: Vec<String>,
    /// Who carries it.
    #[schema(min_length = 1, max_length = 200)]
    carrier: String,
    /// The carrier's number.
    #[serde(default)]
    #[schema(max_length = 200)]
    tracking: String,
}

/// A shipment as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct ShipmentBody {
    #[schema(format = Uuid)]
    id: String,
    /// `shipped` or `delivered`.
    state: String,
    /// The centre that sent it.
    centre: String,
    shipped_at: When,
    carrier: String,
    tracking: String,
    units: Vec<String>,
}

impl ShipmentBody {
    fn of(shipment: &Shipment) -> Self {
        Self {
            id: shipment.id.clone(),
            state: shipment.state.clone(),
            centre: shipment.centre.clone(),
            shipped_at: shipment.at,
            carrier: shipment.carrier.clone(),
            tracking: shipment.tracking.clone(),
            units: shipment.units.clone(),
        }
    }
}

/// Ships units, all of them or none.
#[utoipa::path(post, path = "/v1/shipments", tag = "shipments", request_body = ShipmentRequest,
    params(OnceHeader),
    responses((status = 201, description = "Shipped.", body = ShipmentBody)))]
async fn ship(
    State(service): State<Service>,
    Who(who): Who,
    once: Once,
    body: Body<ShipmentRequest>,
) -> Result<Answer, Refusal> {
    who.own_centre()?;
    let request = body.value;
    if request.units.is_empty() || request.units.len() > 10_000 {
        let text = format!("must have 1 to 10,000 entries, has {}", request.units.len());
        return Err(Refusal::fault("E1010", "units", text));
    }
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let mut units = Vec::new();
            for unit in &request.units {
                units.push(find_unit(db, &who, unit).await?);
            }
            units.sort_by(|a, b| a.id.cmp(&b.id));
            units.dedup_by(|a, b| a.id == b.id);
            let shipment = Shipment {
                id: new_id(),
                centre: who.centre.clone().unwrap_or_default(),
                state: "shipped".to_owned(),
                version: 1,
                carrier: request.carrier,
                tracking: request.tracking,
                at: When::now(),
                units: units.iter().map(|unit| unit.id.clone()).collect(),
            };
            dispatches::ship(db, &shipment).await?;
            let cause = Cause {
                change: Change::Ship,
                actor: &who.key,
                build: None,
                centre: who.centre.as_deref(),
                body: json!({ "shipment": shipment.id, "carrier": shipment.carrier,
                    "tracking": shipment.tracking }),
            };
            change(db, &units, &cause).await?;
            let answer = Answer::json(StatusCode::CREATED, &ShipmentBody::of(&shipment))?;
            Ok(answer.version(1).at(format!("/v1/shipments/{}", shipment.id)))
        }
        .boxed()
    });
    write.await
}

/// A shipment.
#[utoipa::path(get, path = "/v1/shipments/{id}", tag = "shipments",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The shipment.", body = ShipmentBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(shipment): Path<String>,
) -> Result<Answer, Refusal> {
    let mut db = service.records.pool.acquire().await?;
    let found = find(&mut db, &who, &shipment).await?;
    Ok(Answer::json(StatusCode::OK, &ShipmentBody::of(&found))?.version(found.version))
}

/// Tells that a shipment has arrived.
#[utoipa::path(post, path = "/v1/shipments/{id}/delivered", tag = "shipments",
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 200, description = "The shipment.", body = ShipmentBody)))]
async fn deliver(
    State(service): State<Service>,
    Who(who): Who,
    Path(shipment): Path<String>,
    once: Once,
) -> Result<Answer, Refusal> {
    who.own_centre()?;
    let write = service.once(once, &[], move |db| {
        async move {
            let found = find(db, &who, &shipment).await?;
            let units = orders::some_units(db, &found.units).await?;
            let cause = Cause {
                change: Change::Deliver,
                actor: &who.key,
                build: None,
                centre: who.centre.as_deref(),
                body: json!({ "shipment": found.id }),
            };
            change(db, &units, &cause).await?;
            dispatches::delivered(db, &found.id).await?;
            let found = find(db, &who, &found.id).await?;
            Ok(Answer::json(StatusCode::OK, &ShipmentBody::of(&found))?.version(found.version))
        }
        .boxed()
    });
    write.await
}

async fn find(
    db: &mut SqliteConnection,
    who: &Principal,
    shipment: &str,
) -> Result<Shipment, Refusal> {
    who.only(&[Role::Centre])?;
    let key = id("shipment", shipment)?;
    let found = dispatches::shipment(db, &key, who.own_centre()?).await?;
    found.ok_or(Refusal::NotFound { what: "shipment", id: key })
}
