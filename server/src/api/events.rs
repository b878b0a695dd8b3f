//! Events as they happen (server-sent events).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event as Sent, KeepAlive};
use futures_util::Stream;
use futures_util::stream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Refusal;
use crate::http::auth::Who;
use crate::records::events::{Event, Filter, last, list};
use crate::service::Service;

/// Events that are read at a time.
const BATCH: i64 = 200;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// Follows events from now on, or from after `Last-Event-ID`.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "`seq` of the last one seen")),
    responses((status = 200, description = "A stream that does not end; each `data` is an event.",
        body = Event, content_type = "text/event-stream")))]
async fn follow(
    State(service): State<Service>,
    Who(who): Who,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Refusal> {
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let after = match seen {
        Some(seen) => seen,
        None => last(&service.records.pool).await?,
    };
    let commits = service.records.writer.commits();
    let state = (service, who, after, commits, Vec::<Event>::new());
    let events =
        stream::unfold(state, async |(service, who, mut after, mut commits, mut ready)| {
            loop {
                if let Some(event) = ready.pop() {
                    after = after.max(event.seq);
                    let data = serde_json::to_string(&event).unwrap_or_default();
                    let sent =
                        Sent::default().id(event.seq.to_string()).event(&event.kind).data(data);
                    return Some((Ok(sent), (service, who, after, commits, ready)));
                }
                commits.mark_unchanged();
                let filter = Filter { after, most: BATCH, ..Filter::default() };
                ready = list(&service.records.pool, &who, &filter).await.ok()?;
                ready.reverse();
                if ready.is_empty() && commits.changed().await.is_err() {
                    return None;
                }
            }
        });
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(events).keep_alive(alive))
}
