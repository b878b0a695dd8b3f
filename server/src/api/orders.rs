//! Orders: taken, followed, cancelled, talked about.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::order_body::OrderRequest;
use super::units::UnitBody;
use crate::error::Refusal;
use crate::http::auth::{Role, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::{When, id};
use crate::ledger::{Change, RestoredOrder, UnitState};
use crate::ordering::prepare;
use crate::price::Price;
use crate::records::changes::{Cause, change};
use crate::records::events::{self, Event, Filter, New};
use crate::records::orders;
use crate::restoring::restored;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(place, list))
        .routes(routes!(one))
        .routes(routes!(parts))
        .routes(routes!(history))
        .routes(routes!(restore))
        .routes(routes!(cancel))
        .routes(routes!(feedback))
}

/// An order as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct OrderBody {
    #[schema(format = Uuid)]
    pub(crate) id: String,
    /// Organisation of the customer.
    pub(crate) organisation: String,
    /// `confirmed` or `cancelled`; how far it is, its units tell.
    pub(crate) state: String,
    /// When it was confirmed.
    pub(crate) created_at: When,
    /// When it is promised to arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) promised_at: Option<When>,
    /// What was asked for.
    pub(crate) request: OrderRequest,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) price: Option<Price>,
}

impl OrderBody {
    pub(crate) fn of(order: &orders::Order) -> Result<Self, Refusal> {
        let price = order.price.as_ref().map(Price::deserialize).transpose()?;
        Ok(Self {
            id: order.id.clone(),
            organisation: order.organisation.clone(),
            state: order.state.clone(),
            created_at: order.created_at,
            promised_at: order.promised_at,
            request: OrderRequest::deserialize(&order.body)?,
            price,
        })
    }

    fn answer(order: &orders::Order, status: StatusCode) -> Result<Answer, Refusal> {
        let answer = Answer::json(status, &Self::of(order)?)?.version(order.version);
        Ok(if status == StatusCode::CREATED {
            answer.at(format!("/v1/orders/{}", order.id))
        } else {
            answer
        })
    }
}

/// Places an order at the present price: it is confirmed, its units are born.
#[utoipa::path(post, path = "/v1/orders", tag = "orders", request_body = OrderRequest,
    params(OnceHeader),
    responses((status = 201, description = "Confirmed.", body = OrderBody)))]
async fn place(
    State(service): State<Service>,
    Who(who): Who,
    once: Once,
    body: Body<OrderRequest>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let prepared = match prepare(&service, &who, body.value).await {
        Ok(prepared) => prepared,
        Err(refusal) => return service.again(&once, &body.bytes, refusal).await,
    };
    let write = service.once(once, &body.bytes, move |db| {
        async move {
            let order = prepared.confirm(db, &who, None).await?;
            OrderBody::answer(&order, StatusCode::CREATED)
        }
        .boxed()
    });
    write.await
}

/// Orders, the oldest first.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(PageQuery),
    responses((status = 200, description = "A page.", body = Page<OrderBody>)))]
async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let (limit, after) = query.read()?;
    let found = orders::page(&service.records.pool, who.tenant(), &after, limit + 1).await?;
    let items = found.iter().map(OrderBody::of).collect::<Result<_, _>>()?;
    Answer::json(StatusCode::OK, &Page::of(items, limit, |order: &OrderBody| order.id.clone()))
}

/// An order.
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "orders",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The order.", body = OrderBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
) -> Result<Answer, Refusal> {
    let mut order = super::comments::party(&service, &who, &order).await?;
    if who.tenant().is_some_and(|tenant| tenant != order.organisation) {
        // What it costs is between the customer and the platform.
        order.price = None;
    }
    OrderBody::answer(&order, StatusCode::OK)
}

/// The units of an order: where each printed copy is.
#[utoipa::path(get, path = "/v1/orders/{id}/parts", tag = "orders",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "Its units, by line and copy.", body = Vec<UnitBody>)))]
async fn parts(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
) -> Result<Answer, Refusal> {
    let order = find(&service, &who, &order).await?;
    let mut db = service.records.pool.acquire().await?;
    let units: Vec<UnitBody> =
        orders::units(&mut db, &order.id).await?.iter().map(UnitBody::of).collect();
    Answer::json(StatusCode::OK, &units)
}

/// What happened to an order and its units.
#[utoipa::path(get, path = "/v1/orders/{id}/events", tag = "orders",
    params(("id" = String, Path, format = Uuid), PageQuery),
    responses((status = 200, description = "Events, the oldest first.", body = Page<Event>)))]
async fn history(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    let order = find(&service, &who, &order).await?;
    let (limit, after) = query.read()?;
    let filter = Filter {
        after: after.parse().unwrap_or(0),
        order: Some(&order.id),
        most: limit + 1,
        ..Filter::default()
    };
    let found = events::list(&service.records.pool, &who, &filter).await?;
    Answer::json(StatusCode::OK, &Page::of(found, limit, |event| event.seq.to_string()))
}

/// The order restored from the events of its units alone: each ordered copy with the units that
/// were made for it.
#[utoipa::path(get, path = "/v1/orders/{id}/restored", tag = "orders",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The restored order.", body = RestoredOrder)))]
async fn restore(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
) -> Result<Answer, Refusal> {
    let order = find(&service, &who, &order).await?;
    Answer::json(StatusCode::OK, &restored(&service.records.pool, &order.id).await?)
}

/// Cancels an order: units that are not on a machine yet are not printed.
#[utoipa::path(post, path = "/v1/orders/{id}/cancel", tag = "orders",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "What became of its units.", body = Vec<UnitBody>)))]
async fn cancel(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let order = find(&service, &who, &order).await?;
    let write = service.records.writer.write(move |db| {
        async move {
            let open = |state| matches!(state, UnitState::Waiting | UnitState::Allotted);
            let mut units = orders::units(db, &order.id).await?;
            units.retain(|unit| open(unit.state));
            let cause = Cause {
                change: Change::Cancel,
                actor: &who.key,
                build: None,
                centre: None,
                body: json!({}),
            };
            change(db, &units, &cause).await?;
            orders::set_state(db, &order.id, "cancelled").await?;
            let new = New {
                kind: "order.cancelled",
                subject: &order.id,
                actor: &who.key,
                organisation: Some(&order.organisation),
                order: Some(&order.id),
                body: json!({ "units": units.len() }),
                ..New::default()
            };
            events::enter(db, new).await?;
            orders::units(db, &order.id).await
        }
        .boxed()
    });
    let units: Vec<UnitBody> = write.await?.iter().map(UnitBody::of).collect();
    Answer::json(StatusCode::OK, &units)
}

/// What a customer says after delivery.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Feedback {
    /// 1 (poor) to 5 (excellent).
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    /// In words.
    #[serde(default)]
    #[schema(max_length = 4000)]
    text: String,
}

/// Tells how an order turned out.
#[utoipa::path(post, path = "/v1/orders/{id}/feedback", tag = "orders", request_body = Feedback,
    params(("id" = String, Path, format = Uuid)),
    responses((status = 204, description = "Noted.")))]
async fn feedback(
    State(service): State<Service>,
    Who(who): Who,
    Path(order): Path<String>,
    body: Body<Feedback>,
) -> Result<StatusCode, Refusal> {
    who.only(&[Role::Buyer])?;
    let order = find(&service, &who, &order).await?;
    let Feedback { rating, text } = body.value;
    if !(1..=5).contains(&rating) {
        let text = format!("must be from 1 to 5, is {rating}");
        return Err(Refusal::fault("E1012", "rating", text));
    }
    let write = service.records.writer.write(move |db| {
        async move {
            let new = New {
                kind: "order.feedback",
                subject: &order.id,
                actor: &who.key,
                organisation: Some(&order.organisation),
                order: Some(&order.id),
                body: json!({ "rating": rating, "text": text }),
                ..New::default()
            };
            events::enter(db, new).await
        }
        .boxed()
    });
    write.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An order that `who` may see.
pub(crate) async fn find(
    service: &Service,
    who: &crate::http::auth::Principal,
    order: &str,
) -> Result<orders::Order, Refusal> {
    let key = id("order", order)?;
    let mut db = service.records.pool.acquire().await?;
    let found = orders::one(&mut db, &key, who.tenant()).await?;
    found.ok_or(Refusal::NotFound { what: "order", id: key })
}
