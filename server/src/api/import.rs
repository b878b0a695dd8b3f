//! Orders in bulk: one to a line of the body.

use axum::body::Body as Stream;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use sha2::Digest;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::{Role, Who};
use crate::http::once::{Answer, Once, OnceHeader};
use crate::http::problem::Problem;
use crate::import::{Import, Judged};
use crate::records::bulk;
use crate::service::Service;

/// Media type of rows.
const ROWS: &str = "application/x-ndjson";

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(import))
}

/// A row that was refused.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Refused {
    /// Which row, from 1; empty lines do not count.
    #[schema(minimum = 1)]
    row: usize,
    /// Why.
    problem: Problem,
}

/// What came of an import.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Imported {
    /// Orders that are confirmed.
    accepted: usize,
    /// The first 1,000 rows that were refused.
    #[schema(max_items = 1000)]
    refused: Vec<Refused>,
    /// How many more rows were refused.
    refused_more: usize,
    /// Ids of the orders by row; `null` where a row was refused.
    orders: Vec<Option<String>>,
}

/// Places many orders at the present prices: the body has one order, as for `POST /v1/orders`, on
/// each line. All good rows are confirmed together; the others are refused one by one.
#[utoipa::path(post, path = "/v1/orders/import", tag = "orders", params(OnceHeader),
    request_body(content = String, content_type = "application/x-ndjson",
        description = "At most 256 MiB; a row at most 1 MiB"),
    responses((status = 200, description = "What came of the rows.", body = Imported)))]
async fn import(
    State(service): State<Service>,
    Who(who): Who,
    once: Once,
    request: Request,
) -> Result<Answer, Refusal> {
    who.only(&[Role::Buyer])?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let name = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !name.eq_ignore_ascii_case(ROWS) {
        return Err(Refusal::MediaType { expected: ROWS });
    }
    let mut digest = once.begin();
    let rows = Stream::into_data_stream(request.into_body());
    let judged = Import::new(&service, &who)?.read(rows, &mut digest).await?;
    let write = service.once_of(once, digest.finalize().into(), move |db| {
        async move {
            for orders in &judged.batches {
                bulk::confirm(db, orders, &who.organisation, &who.key).await?;
            }
            Answer::json(StatusCode::OK, &Imported::of(judged))
        }
        .boxed()
    });
    write.await
}

impl Imported {
    fn of(judged: Judged) -> Self {
        let refused = judged.refused.iter();
        let refused = refused.map(|(row, why)| Refused { row: *row, problem: why.problem() });
        Self {
            accepted: judged.orders.iter().flatten().count(),
            refused: refused.collect(),
            refused_more: judged.more,
            orders: judged.orders,
        }
    }
}
