//! Quotes: what an order would cost and when it would arrive, until it is confirmed.

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::order_body::OrderRequest;
use super::orders::OrderBody;
use crate::error::Refusal;
use crate::http::auth::{Role, Who};
use crate::http::extract::{Body, Path, Query};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::page::{Page, PageQuery};
use crate::http::wire::{When, id, new_id};
use crate::ordering::prepare;
use crate::price::Price;
use crate::promise::{Promise, promises};
use crate::records::events::{self, New};
use crate::records::quotes;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(ask, list)).routes(routes!(one)).routes(routes!(confirm))
}

/// A quote as it is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct QuoteBody {
    #[schema(format = Uuid)]
    id: String,
    /// `quoted`, or `confirmed` once it became an order.
    state: String,
    created_at: When,
    /// The price holds until then.
    valid_until: When,
    /// What was asked for.
    request: OrderRequest,
    /// What it costs, by line and cause.
    price: Price,
    /// Earliest arrival by centre, the earliest first, as the present plan has room.
    promises: Vec<Promise>,
    /// The order that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<String>,
}

impl QuoteBody {
    fn of(quote: &quotes::Quote) -> Result<Self, Refusal> {
        let mut body = quote.body.clone();
        let mut take = |name: &str| body[name].take();
        Ok(Self {
            id: quote.id.clone(),
            state: quote.state.clone(),
            created_at: quote.created_at,
            valid_until: quote.valid_until,
            request: serde_json::from_value(take("request"))?,
            price: serde_json::from_value(take("price"))?,
            promises: serde_json::from_value(take("promises"))?,
            order: quote.order.clone(),
        })
    }
}

/// Asks what an order would cost, and when it would arrive.
#[utoipa::path(post, path = "/v1/quotes", tag = "quotes", request_body = OrderRequest,
    responses((status = 201, description = "The quote.", body = QuoteBody)))]
async fn ask(
    State(service): State<Service>,
    Who(who): Who,
    body: Body<OrderRequest>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let prepared = prepare(&service, &who, body.value).await?;
    let promises = promises(&service, &prepared).await?;
    let now = When::now();
    let quote = quotes::Quote {
        id: new_id(),
        organisation: who.organisation.clone(),
        state: "quoted".to_owned(),
        body: json!({
            "request": prepared.request,
            "price": prepared.price,
            "promises": promises,
        }),
        valid_until: When::at(now.seconds() + 3600 * service.settings.prices.valid_hours),
        order: None,
        created_at: now,
    };
    let answer = Answer::json(StatusCode::CREATED, &QuoteBody::of(&quote)?)?;
    let answer = answer.at(format!("/v1/quotes/{}", quote.id));
    let write = service.records.writer.write(move |db| {
        async move {
            quotes::add(db, &quote).await?;
            let new = New {
                kind: "quote.made",
                subject: &quote.id,
                actor: &who.key,
                organisation: Some(&quote.organisation),
                body: json!({ "total": prepared.price.total }),
                ..New::default()
            };
            events::enter(db, new).await
        }
        .boxed()
    });
    write.await?;
    Ok(answer)
}

/// Quotes, the oldest first.
#[utoipa::path(get, path = "/v1/quotes", tag = "quotes", params(PageQuery),
    responses((status = 200, description = "A page.", body = Page<QuoteBody>)))]
async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let (limit, after) = query.read()?;
    let found = quotes::page(&service.records.pool, who.tenant(), &after, limit + 1).await?;
    let items = found.iter().map(QuoteBody::of).collect::<Result<_, _>>()?;
    Answer::json(StatusCode::OK, &Page::of(items, limit, |quote: &QuoteBody| quote.id.clone()))
}

/// A quote.
#[utoipa::path(get, path = "/v1/quotes/{id}", tag = "quotes",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, description = "The quote.", body = QuoteBody)))]
async fn one(
    State(service): State<Service>,
    Who(who): Who,
    Path(quote): Path<String>,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let key = id("quote", &quote)?;
    let mut db = service.records.pool.acquire().await?;
    let found = quotes::one(&mut db, &key, who.tenant()).await?;
    let found = found.ok_or(Refusal::NotFound { what: "quote", id: key })?;
    Answer::json(StatusCode::OK, &QuoteBody::of(&found)?)
}

/// Confirms a quote: it becomes an order at its price, and the units of that are born.
#[utoipa::path(post, path = "/v1/quotes/{id}/confirm", tag = "quotes",
    params(("id" = String, Path, format = Uuid),
        OnceHeader),
    responses((status = 201, description = "The order.", body = OrderBody)))]
async fn confirm(
    State(service): State<Service>,
    Who(who): Who,
    Path(quote): Path<String>,
    once: Once,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let key = id("quote", &quote)?;
    let missing = move || Refusal::NotFound { what: "quote", id: quote.clone() };
    let mut db = service.records.pool.acquire().await?;
    let found = quotes::one(&mut db, &key, who.tenant()).await?.ok_or_else(&missing)?;
    drop(db);
    let told = QuoteBody::of(&found)?;
    // The catalogue and the models may have changed since; the price holds.
    let prepared = prepare(&service, &who, told.request).await;
    let tenant = found.organisation.clone();
    let write = service.once(once, &[], move |db| {
        async move {
            let present = quotes::one(db, &key, Some(&tenant)).await?.ok_or_else(missing)?;
            if present.state != "quoted" {
                return Err(Refusal::Conflict {
                    what: "quote",
                    id: key,
                    state: present.state,
                    remedy: format!("see order {}", present.order.unwrap_or_default()),
                });
            }
            if present.valid_until < When::now() {
                let reason = format!("quote {key} was valid until {}", present.valid_until.0);
                return Err(Refusal::Expired { reason });
            }
            let mut prepared = prepared?;
            prepared.price = told.price;
            let owner = crate::http::auth::Principal { organisation: tenant, ..(*who).clone() };
            let promised = told.promises.first().map(|promise| promise.arrives_at);
            let order = prepared.confirm(db, &owner, promised).await?;
            quotes::confirm(db, &key, &order.id).await?;
            let answer = Answer::json(StatusCode::CREATED, &OrderBody::of(&order)?)?;
            Ok(answer.version(order.version).at(format!("/v1/orders/{}", order.id)))
        }
        .boxed()
    });
    write.await
}
