//! Where jobs are kept: six calls, so that another store can take the place of this one.

use serde_json::{Value, json};

use crate::error::Refusal;
use crate::records::Records;
use crate::records::jobs::{self, Job, New};

/// A store of jobs. Every job is done at least once: whoever does it must not mind a second time.
pub(crate) trait JobStore {
    /// Adds a job, in a transaction of its own. Handlers add theirs to the write that asks for it.
    async fn enqueue(&self, new: New) -> Result<(), Refusal>;
    /// Takes the oldest job of one of some kinds; nobody else gets it while it is told to be alive.
    async fn claim(&self, kinds: &[&str], worker: &str) -> Result<Option<Job>, Refusal>;
    /// Tells that a job is alive and how far it is; true if it is to stop.
    async fn heartbeat(&self, id: &str, progress: &Value) -> Result<bool, Refusal>;
    /// Ends a job with its result.
    async fn finish(&self, id: &str, state: &'static str, result: &Value) -> Result<(), Refusal>;
    /// Gives a job back to be tried again, or up after some times; true if it is given up.
    async fn fail(&self, id: &str, problem: &Value) -> Result<bool, Refusal>;
    /// Asks a job to stop.
    async fn cancel(&self, id: &str) -> Result<(), Refusal>;
}

/// Jobs in the records.
#[derive(Clone)]
pub(crate) struct SqliteJobs(pub(crate) Records);

impl JobStore for SqliteJobs {
    async fn enqueue(&self, new: New) -> Result<(), Refusal> {
        self.0.writer.write(move |db| Box::pin(jobs::enqueue(db, new))).await
    }

    async fn claim(&self, kinds: &[&str], worker: &str) -> Result<Option<Job>, Refusal> {
        // Most of the time there is nothing: that is found without a write.
        if !jobs::is_waiting(&self.0.pool, kinds).await? {
            return Ok(None);
        }
        let (kinds, worker) = (json!(kinds).to_string(), worker.to_owned());
        let write = self
            .0
            .writer
            .write(move |db| Box::pin(async move { jobs::claim(db, &kinds, &worker).await }));
        write.await
    }

    async fn heartbeat(&self, id: &str, progress: &Value) -> Result<bool, Refusal> {
        let (id, progress) = (id.to_owned(), progress.clone());
        let write = self
            .0
            .writer
            .write(move |db| Box::pin(async move { jobs::heartbeat(db, &id, &progress).await }));
        write.await
    }

    async fn finish(&self, id: &str, state: &'static str, result: &Value) -> Result<(), Refusal> {
        let (id, result) = (id.to_owned(), result.clone());
        let write = self
            .0
            .writer
            .write(move |db| Box::pin(async move { jobs::finish(db, &id, state, &result).await }));
        write.await
    }

    async fn fail(&self, id: &str, problem: &Value) -> Result<bool, Refusal> {
        let (id, problem) = (id.to_owned(), problem.clone());
        let write = self
            .0
            .writer
            .write(move |db| Box::pin(async move { jobs::fail(db, &id, &problem).await }));
        write.await
    }

    async fn cancel(&self, id: &str) -> Result<(), Refusal> {
        let id = id.to_owned();
        let write =
            self.0.writer.write(move |db| Box::pin(async move { jobs::cancel(db, &id).await }));
        write.await
    }
}
