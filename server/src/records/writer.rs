//! The one writer of the records, with group commit.
//!
//! SQLite has one writer at a time, and a commit waits for the disk. So all writes go through one
//! connection: those that wait while the disk is busy are committed together, each within a
//! savepoint of its own, so that one that is refused takes nothing along. A write is told about
//! only when it is on the disk.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{Executor, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use crate::error::Refusal;

/// Writes that are committed together at most.
const GROUP: usize = 256;
/// Writes that may wait.
const WAITING: usize = 4096;

/// What a write has to say once it is known whether it was committed.
type Tell = Box<dyn FnOnce(Result<(), Refusal>) + Send>;

/// A write that was tried.
struct Tried {
    keep: bool,
    tell: Tell,
}

/// A write; without a connection it only hears that it was not done.
type Write =
    Box<dyn for<'c> FnOnce(Option<&'c mut SqliteConnection>) -> BoxFuture<'c, Tried> + Send>;

/// Takes writes from any task.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Write>,
    /// Counts commits.
    commits: watch::Receiver<u64>,
}

impl Writer {
    /// Starts the task that writes through `connection`.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (queue, writes) = mpsc::channel(WAITING);
        let (committed, commits) = watch::channel(0);
        tokio::spawn(run(connection, writes, committed));
        Self { queue, commits }
    }

    /// Changes at each commit.
    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.commits.clone()
    }

    /// Does one write: all of it is on the disk when this returns, or none of it ever is.
    ///
    /// # Errors
    /// What `write` refuses; the records cannot be written; too many writes wait.
    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Refusal>>
            + Send
            + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let write: Write = Box::new(move |connection| {
            async move {
                let result = match connection {
                    Some(connection) => AssertUnwindSafe(write(connection))
                        .catch_unwind()
                        .await
                        .unwrap_or_else(|_| Err(Refusal::bug("a write panicked"))),
                    None => Err(Refusal::bug("a write was not tried")),
                };
                let keep = result.is_ok();
                let tell: Tell = Box::new(move |committed| {
                    // Nobody waits any more if the client has gone.
                    let _ = answer.send(committed.and(result));
                });
                Tried { keep, tell }
            }
            .boxed()
        });
        self.queue.try_send(write).map_err(|_| Refusal::Busy { retry_s: 1 })?;
        answered.await.map_err(|_| Refusal::bug("the writer has gone"))?
    }
}

async fn run(
    mut connection: SqliteConnection,
    mut writes: mpsc::Receiver<Write>,
    committed: watch::Sender<u64>,
) {
    while let Some(first) = writes.recv().await {
        let mut tells = Vec::new();
        let result = group(&mut connection, first, &mut writes, &mut tells).await;
        if let Err(error) = &result {
            // What the database has not rolled back itself is rolled back here.
            let _ = connection.execute("ROLLBACK").await;
            eprint_storage(error);
        } else {
            committed.send_modify(|commits| *commits += 1);
        }
        let error = result.err().map(Arc::new);
        for tell in tells {
            tell(match &error {
                None => Ok(()),
                Some(source) => {
                    Err(Refusal::Storage { action: "write the records", source: source.clone() })
                }
            });
        }
    }
}

/// Does the writes that wait, in one transaction.
async fn group(
    connection: &mut SqliteConnection,
    first: Write,
    writes: &mut mpsc::Receiver<Write>,
    tells: &mut Vec<Tell>,
) -> Result<(), sqlx::Error> {
    let begun = connection.execute("BEGIN IMMEDIATE; SAVEPOINT one").await;
    let (mut next, mut failed) = (Some(first), begun.err());
    while let Some(write) = next.take() {
        // Outside a transaction a write would be kept at once, and alone.
        let open = if failed.is_none() { Some(&mut *connection) } else { None };
        let Tried { keep, tell } = write(open).await;
        tells.push(tell);
        if failed.is_none() {
            next = if tells.len() < GROUP { writes.try_recv().ok() } else { None };
            // The connection is a thread of its own: each turn to it is one too many.
            let end = match (keep, next.is_some()) {
                (true, true) => "RELEASE one; SAVEPOINT one",
                (false, true) => "ROLLBACK TO one",
                (true, false) => "COMMIT",
                (false, false) => "ROLLBACK TO one; COMMIT",
            };
            failed = connection.execute(end).await.err();
        }
    }
    failed.map_or(Ok(()), Err)
}

/// For people who look at the service's output: the requests get the same as their answer.
fn eprint_storage(error: &sqlx::Error) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "E9325: failed to write the records: {error}");
}
