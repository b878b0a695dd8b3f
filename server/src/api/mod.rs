//! The resources, one file each: what they take and give, and who may use them. Every handler is
//! registered once, for its route and for the OpenAPI document.

pub(crate) mod builds;
mod catalogue;
mod comments;
mod conformance;
mod dispatches;
mod events;
mod import;
mod inspections;
mod jobs;
mod meta;
mod models;
pub(crate) mod order_body;
mod orders;
pub(crate) mod plans;
mod quotes;
mod shipments;
mod units;

use std::sync::LazyLock;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::catalogue::Kind;
use crate::error::Refusal;
use crate::http::extract::JSON_BYTES;
use crate::http::problem::{PROBLEM, Problem};
use crate::service::Service;

/// Name of the security scheme in the document.
const KEY: &str = "key";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Platewright",
        description = "Orders of many customers, printed together: models, quotes, orders, plans, \
            builds, dispatches and the ledger of every printed unit (ISO/IEC 23510).",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(Problem, Kind))
)]
struct Document;

/// All routes with their document.
fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(meta::routes())
        .merge(models::routes())
        .merge(catalogue::routes())
        .merge(quotes::routes())
        .merge(orders::routes())
        .merge(import::routes())
        .merge(comments::routes())
        .merge(units::routes())
        .merge(plans::routes())
        .merge(builds::routes())
        .merge(dispatches::routes())
        .merge(inspections::routes())
        .merge(shipments::routes())
        .merge(jobs::routes())
        .merge(events::routes())
        .routes(routes!(conformance::conformance))
}

/// The service as a router.
pub(crate) fn app(service: Service) -> Router {
    let (router, _) = routes().split_for_parts();
    router
        .fallback(async |uri: Uri| Refusal::NotFound { what: "page", id: uri.path().to_owned() })
        .method_not_allowed_fallback(async |method: Method| Refusal::Method {
            method: method.to_string(),
        })
        .layer(DefaultBodyLimit::max(JSON_BYTES))
        .with_state(service)
}

/// The document, made once: it does not change while the service runs.
static DOCUMENT: LazyLock<String> = LazyLock::new(document);

/// The document as it is served: what holds for every operation is said here, once.
pub fn document() -> String {
    let mut api = routes().into_openapi();
    let components = api.components.get_or_insert_default();
    components.add_security_scheme(
        KEY,
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    let problem = serde_json::json!({
        "description": "Why the request was refused (RFC 9457).",
        "content": { PROBLEM: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let paths = document["paths"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut);
    for operation in paths.filter_map(serde_json::Value::as_object_mut).flat_map(|p| p.values_mut())
    {
        operation["responses"]["default"] = problem.clone();
        if operation.get("security").is_none() {
            operation["security"] = serde_json::json!([{ KEY: [] }]);
        }
    }
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text + "\n"
}
