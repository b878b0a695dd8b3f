//! Finished runs over HTTP, read only.
//!
//! `GET /` lists the runs of a folder for people, `GET /v1/runs` for programs;
//! `GET /v1/runs/{name}/report`, `…/record` and `…/packages/{file}` give one run's report,
//! `run.json` and technical data packages; `GET /healthz` says that the process is alive.

mod error;
mod routes;
mod runs;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use error::ServerError;
pub use routes::app;

/// Serves the runs below `dir` on `address` until `stop` is done, then finishes open requests.
///
/// # Errors
/// The folder is not there or the address cannot be listened on.
pub async fn serve(
    dir: PathBuf,
    address: SocketAddr,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    if !dir.is_dir() {
        return Err(ServerError::NoFolder { dir });
    }
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|source| ServerError::Listen { address, source })?;
    axum::serve(listener, app(dir))
        .with_graceful_shutdown(stop)
        .await
        .map_err(|source| ServerError::Listen { address, source })
}
