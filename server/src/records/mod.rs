//! The records: everything the service must not forget, in one SQLite database. The only module
//! with SQL.
//!
//! Reads go through a pool of connections that cannot write; writes through the one [`Writer`].
//! Functions that write take the connection of a running write, so that a handler puts together
//! what must be committed as one.

pub(crate) mod answers;
pub(crate) mod bulk;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod comments;
pub(crate) mod dispatches;
pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod models;
pub(crate) mod orders;
pub(crate) mod plans;
pub(crate) mod quotes;
mod writer;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use crate::error::{Refusal, ServerError};

pub(crate) use writer::Writer;

/// Connections that read.
const READERS: u32 = 4;
/// Pages that gather in the log before they are moved to the database, 16 MB: moving them more
/// often costs more than a longer log does at the next start.
const LOG_PAGES: &str = "4000";

/// The records.
#[derive(Clone)]
pub(crate) struct Records {
    pub(crate) pool: SqlitePool,
    pub(crate) writer: Writer,
}

impl Records {
    /// Opens the records of a file, made if it is not there, and brings them up to date.
    pub(crate) async fn open(file: &Path) -> Result<Self, ServerError> {
        let fail = |source: sqlx::Error| ServerError::Records { file: file.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(500)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-32768")
            .pragma("wal_autocheckpoint", LOG_PAGES);
        let mut connection =
            options.clone().create_if_missing(true).connect().await.map_err(fail)?;
        sqlx::migrate!("src/records/migrations")
            .run(&mut connection)
            .await
            .map_err(|error| fail(error.into()))?;
        connection.ping().await.map_err(fail)?;
        // A connection is a thread, so asking whether it is still there costs as much as a read.
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None);
        let pool = readers.connect_with(options.read_only(true)).await.map_err(fail)?;
        Ok(Self { pool, writer: Writer::start(connection) })
    }
}

/// Copies the records of a file into one that is not there yet, as they are at one moment.
pub(crate) async fn back_up(from: &Path, to: &Path) -> Result<(), Refusal> {
    let mut source = SqliteConnectOptions::new().filename(from).read_only(true).connect().await?;
    let to = to.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut source).await?;
    source.close().await?;
    Ok(())
}
