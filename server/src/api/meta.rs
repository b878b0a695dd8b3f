//! The service itself: whether it lives, whether it is ready, what it offers.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::service::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(openapi))
        .routes(routes!(docs))
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "service", security(()),
    responses((status = 200, description = "It does.", body = String,
        content_type = "text/plain")))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the records can be read and written.
#[utoipa::path(get, path = "/readyz", tag = "service", security(()),
    responses((status = 200, description = "They can.", body = String,
        content_type = "text/plain")))]
async fn readyz(State(service): State<Service>) -> Result<&'static str, Refusal> {
    let ready = service.records.writer.write(|db| {
        Box::pin(async move {
            sqlx::query("SELECT 1").execute(db).await?;
            Ok(())
        })
    });
    ready.await?;
    Ok("ready\n")
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "service", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)))]
async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], super::DOCUMENT.as_str())
}

/// What each endpoint does, for people.
#[utoipa::path(get, path = "/docs", tag = "service", security(()),
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")))]
async fn docs() -> Html<String> {
    Html(crate::docs::page(&super::DOCUMENT))
}
