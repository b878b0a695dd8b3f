//! The service: order systems, operators and centres work with Platewright over HTTP.
//!
//! A request goes one way: `api` reads it by the conventions of `http`, asks the catalogue,
//! prices and promises what it needs to know, and writes to the `records` what has happened.
//! What becomes of units is decided by the pure functions of [`ledger`]; what takes long is a job.
//! `planning` leads from the ledger to the planners and back.

mod api;
mod catalogue;
mod conformance;
mod docs;
mod error;
mod http;
mod import;
mod jobs;
mod layers;
pub mod ledger;
mod loading;
mod objects;
mod ordering;
mod planning;
mod price;
mod promise;
mod records;
mod restoring;
mod service;
mod waiting;

use std::net::SocketAddr;
use std::path::Path;

use tokio::net::TcpListener;
use tokio::sync::watch;

pub use api::document;
pub use error::{Refusal, ServerError};
pub use price::{DEFAULT_PRICES, PriceModel, Rush};
pub use service::Settings;

use service::Service;

/// A service with its records open and its workers at work.
pub struct Server {
    service: Service,
    stop: watch::Sender<bool>,
}

impl Server {
    /// Opens the data folder and starts the workers.
    ///
    /// # Errors
    /// The folder or the records in it cannot be used.
    pub async fn open(settings: Settings) -> Result<Self, ServerError> {
        let service = Service::open(settings).await?;
        let (stop, stopped) = watch::channel(false);
        jobs::recover(&service).await.map_err(|source| ServerError::Load {
            what: "the jobs that were running".to_owned(),
            source,
        })?;
        jobs::start(&service, &stopped);
        Ok(Self { service, stop })
    }

    /// Makes keys for the roles of a demonstration, the same every time for the same `secret`;
    /// role and key.
    ///
    /// # Errors
    /// The records cannot be written.
    pub async fn demo_keys(&self, secret: &str) -> Result<Vec<(String, String)>, ServerError> {
        let keys = loading::demo_keys(&self.service, secret).await;
        keys.map_err(|source| ServerError::Load { what: "the keys".to_owned(), source })
    }

    /// Loads a night's folder into a service that has no catalogue yet: catalogue, centres, models
    /// and orders, with dates as far from now as they are from the night's planning time.
    ///
    /// # Errors
    /// The night cannot be read, or the records cannot be written.
    pub async fn load_night(&self, night: &Path) -> Result<(), ServerError> {
        let loaded = loading::load_night(&self.service, night).await;
        let what = || night.display().to_string();
        loaded.map_err(|source| ServerError::Load { what: what(), source })
    }

    /// Serves on `address` until `stop` is done, then finishes open requests.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn serve(
        self,
        address: SocketAddr,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let fail = |source| ServerError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(fail)?;
        self.serve_on(listener, stop).await.map_err(fail)
    }

    /// As [`Self::serve`], on what listens already.
    ///
    /// # Errors
    /// It cannot be listened on any more.
    pub async fn serve_on(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let app = api::app(self.service.clone());
        axum::serve(listener, app).with_graceful_shutdown(stop).await?;
        self.stop.send_replace(true);
        Ok(())
    }
}

/// Copies a data folder, that of a running service, too, as it is at one moment.
///
/// # Errors
/// There are no records in `data`, or `to` cannot be written.
pub async fn back_up(data: &Path, to: &Path) -> Result<(), ServerError> {
    let done = loading::back_up(data, to).await;
    done.map_err(|source| ServerError::Load { what: data.display().to_string(), source })
}
