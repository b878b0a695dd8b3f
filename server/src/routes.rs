//! The routes.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::{Router, routing::get};
use serde_json::{Value, json};

use crate::runs;

type Runs = State<Arc<PathBuf>>;

/// The service over the runs below `dir`.
pub fn app(dir: PathBuf) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/healthz", get(async || "ok\n"))
        .route("/v1/runs", get(list))
        .route("/v1/runs/{name}/report", get(report))
        .route("/v1/runs/{name}/record", get(record))
        .route("/v1/runs/{name}/packages/{file}", get(package))
        .fallback(async || problem("there is no such page; / lists the runs"))
        .with_state(Arc::new(dir))
}

async fn index(State(dir): Runs) -> Html<String> {
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Platewright</title>\
         <style>body{font:16px/1.6 system-ui,sans-serif;margin:40px auto;max-width:40em}</style>\
         <h1>Runs</h1><ul>",
    );
    for name in runs::names(&dir) {
        let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        write!(page, "<li><a href=\"/v1/runs/{name}/report\">{name}</a></li>")
            .expect("writing into memory cannot fail");
    }
    page.push_str("</ul>");
    Html(page)
}

async fn list(State(dir): Runs) -> Json<Value> {
    Json(json!({ "runs": runs::names(&dir) }))
}

async fn report(State(dir): Runs, Path(name): Path<String>) -> Response {
    file(&dir, &name, "report.html", "text/html; charset=utf-8").await
}

async fn record(State(dir): Runs, Path(name): Path<String>) -> Response {
    file(&dir, &name, "run.json", "application/json").await
}

async fn package(State(dir): Runs, Path((name, file)): Path<(String, String)>) -> Response {
    let path = runs::folder(&dir, &name).and_then(|run| runs::package(&run, &file));
    match path {
        Some(path) => content(path, "application/zip").await,
        None => problem("there is no such package; /v1/runs lists the runs"),
    }
}

async fn file(dir: &std::path::Path, run: &str, name: &str, media_type: &'static str) -> Response {
    match runs::folder(dir, run) {
        Some(folder) => content(folder.join(name), media_type).await,
        None => problem("there is no such run; /v1/runs lists them"),
    }
}

async fn content(path: PathBuf, media_type: &'static str) -> Response {
    match tokio::fs::read(path).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(_) => problem("the run does not hold this file; plan it again"),
    }
}

/// An answer of RFC 9457 for what is not there.
fn problem(detail: &str) -> Response {
    let body = json!({ "title": "not found", "status": 404, "detail": detail });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::NOT_FOUND, kind, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn answer(uri: &str) -> (StatusCode, String) {
        let dir = tempfile::tempdir().unwrap();
        let run = dir.path().join("night-1");
        std::fs::create_dir_all(run.join("80_packages")).unwrap();
        std::fs::create_dir_all(dir.path().join("no-run")).unwrap();
        std::fs::write(run.join("run.json"), "{\"seed\":7}").unwrap();
        std::fs::write(run.join("report.html"), "<p>hello").unwrap();
        std::fs::write(run.join("80_packages/B001.zip"), "PK").unwrap();
        std::fs::write(dir.path().join("secret.zip"), "secret").unwrap();
        let request = Request::get(uri).body(Body::empty()).unwrap();
        let response = app(dir.path().to_owned()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn runs_are_listed_and_shown() {
        let (_, list) = answer("/v1/runs").await;
        assert_eq!(list, "{\"runs\":[\"night-1\"]}");
        assert!(answer("/").await.1.contains("night-1"));
        assert_eq!(answer("/v1/runs/night-1/report").await.1, "<p>hello");
        assert_eq!(answer("/v1/runs/night-1/record").await.1, "{\"seed\":7}");
        assert_eq!(answer("/v1/runs/night-1/packages/B001.zip").await.1, "PK");
    }

    #[tokio::test]
    async fn nothing_outside_a_run_is_given_out() {
        for uri in [
            "/v1/runs/no-run/report",
            "/v1/runs/..%2Fetc/report",
            "/v1/runs/night-1/packages/..%2F..%2Fsecret.zip",
            "/v1/runs/night-1/packages/run.json",
            "/secret.zip",
        ] {
            let (status, body) = answer(uri).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{uri}");
            assert!(body.contains("\"status\":404") && !body.contains("secret\""), "{uri}: {body}");
        }
    }
}
