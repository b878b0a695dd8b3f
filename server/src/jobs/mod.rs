//! Long work: jobs in the records, and the workers of this process that do them.
//!
//! Two queues with workers of their own, so that a night's plan never keeps a small check
//! waiting (ISO/IEC 23510, 6.2.4.2): *interactive* checks and repairs, and *batch* plans. A job
//! that runs tells that it is alive; one whose process ended is done again. All jobs may be done
//! twice without harm.

mod check;
mod plan;
mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use platewright_model::run::{Cancel, Listener, Progress};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::error::Refusal;
use crate::records::jobs::Job;
use crate::records::plans;
use crate::service::Service;

pub(crate) use check::{KIND as CHECK, check as check_now, state as check_state};
pub(crate) use plan::KIND as PLAN;
pub(crate) use store::{JobStore, SqliteJobs};

/// How often a running job tells that it is alive.
const BEAT: Duration = Duration::from_millis(500);
/// How long a worker sleeps at most: work that nobody rang for is found then.
const SLEEP: Duration = Duration::from_secs(5);
/// Workers for checks and repairs.
const INTERACTIVE: usize = 2;

/// Wakes workers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell(Arc<Notify>);

impl Bell {
    /// There is work.
    pub(crate) fn ring(&self) {
        self.0.notify_waiters();
    }

    async fn heard(&self) {
        let _ = tokio::time::timeout(SLEEP, self.0.notified()).await;
    }
}

/// Starts the workers of this process. They end with `stop`.
pub(crate) fn start(service: &Service, stop: &watch::Receiver<bool>) {
    for _ in 0..INTERACTIVE {
        tokio::spawn(work(service.clone(), &[CHECK], stop.clone()));
    }
    tokio::spawn(work(service.clone(), &[PLAN], stop.clone()));
}

async fn work(service: Service, kinds: &'static [&'static str], mut stop: watch::Receiver<bool>) {
    let store = SqliteJobs(service.records.clone());
    let worker = crate::http::wire::new_id();
    while !*stop.borrow() {
        match store.claim(kinds, &worker).await {
            Ok(Some(job)) => run(&service, &store, &job).await,
            Ok(None) => {
                tokio::select! {
                    () = service.bell.heard() => {}
                    _ = stop.changed() => {}
                }
            }
            // The records cannot be written just now; requests hear of it, too.
            Err(_) => tokio::time::sleep(SLEEP).await,
        }
    }
}

/// Does one job, and tells that it is alive meanwhile.
async fn run(service: &Service, store: &SqliteJobs, job: &Job) {
    let told = Told::default();
    let done = std::panic::AssertUnwindSafe(perform(service, job, &told)).catch_unwind();
    tokio::pin!(done);
    let result = loop {
        tokio::select! {
            result = &mut done => break result,
            () = tokio::time::sleep(BEAT) => {
                if let Ok(true) = store.heartbeat(&job.id, &told.progress()).await {
                    told.cancel.cancel();
                }
            }
        }
    };
    let result = result.unwrap_or_else(|_| Err(Refusal::bug(format!("job {}", job.kind))));
    let kept = match result {
        Ok(result) => {
            let state = if told.cancel.is_cancelled() { "cancelled" } else { "done" };
            store.finish(&job.id, state, &result).await
        }
        // What is refused now is refused the next time.
        Err(refusal @ (Refusal::Invalid { .. } | Refusal::Conflict { .. })) => {
            let ended = store.finish(&job.id, "failed", &json!(refusal.problem())).await;
            ended.and(given_up(service, job).await)
        }
        Err(refusal) => match store.fail(&job.id, &json!(refusal.problem())).await {
            Ok(true) => given_up(service, job).await,
            Ok(false) => {
                service.bell.ring();
                Ok(())
            }
            Err(unkept) => Err(unkept),
        },
    };
    // If that cannot be written, the job is done again when the service starts.
    drop(kept);
}

/// Notes that what a job was to make will not be.
async fn given_up(service: &Service, job: &Job) -> Result<(), Refusal> {
    if job.kind != PLAN {
        return Ok(());
    }
    let plan = job.subject.clone();
    let write = service.records.writer.write(move |db| {
        async move { plans::set_state(db, &plan, "failed", None, None).await }.boxed()
    });
    write.await
}

async fn perform(service: &Service, job: &Job, told: &Told) -> Result<Value, Refusal> {
    match job.kind.as_str() {
        CHECK => check::perform(service, job).await,
        PLAN => plan::perform(service, job, told).await,
        other => Err(Refusal::bug(format!("a job of kind {other}"))),
    }
}

/// What a running job tells of itself.
#[derive(Clone, Default)]
pub(crate) struct Told {
    cancel: Cancel,
    last: Arc<watch::Sender<Value>>,
    changed: Arc<AtomicBool>,
}

impl Told {
    /// The switch that stops it.
    pub(crate) fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    fn progress(&self) -> Value {
        self.changed.store(false, Ordering::Relaxed);
        let value = self.last.borrow().clone();
        if value.is_null() { json!({}) } else { value }
    }
}

impl Listener for Told {
    fn report(&self, progress: &Progress<'_>) {
        // Searches report thousands of times a second; a few of them are told.
        if !self.changed.swap(true, Ordering::Relaxed) || progress.done == progress.total {
            self.last.send_replace(json!({
                "stage": progress.stage,
                "done": progress.done,
                "total": progress.total,
                "text": progress.text,
            }));
        }
    }
}

/// Gives back the jobs that were running when the service ended.
pub(crate) async fn recover(service: &Service) -> Result<(), Refusal> {
    let write = service.records.writer.write(|db| {
        async move {
            crate::records::jobs::requeue(db).await?;
            crate::records::answers::forget(db).await
        }
        .boxed()
    });
    write.await
}
