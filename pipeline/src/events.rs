//! Progress as it happened, one event a line.

use std::sync::Mutex;
use std::time::Instant;

use platewright_model::run::{Listener, Progress};
use serde::Serialize;

/// An event of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Seconds since the run began.
    pub at_s: f64,
    /// Stage.
    pub stage: String,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 if not known.
    pub total: u64,
    /// What was done.
    pub text: String,
}

/// A listener that keeps every event and passes it on.
pub struct EventLog<L> {
    started: Instant,
    events: Mutex<Vec<Event>>,
    next: L,
}

impl<L: Listener> EventLog<L> {
    /// An empty log that passes events on to `next`.
    pub fn new(next: L) -> Self {
        Self { started: Instant::now(), events: Mutex::default(), next }
    }

    /// The events so far, in the order they came.
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().expect("no holder of the lock panics").clone()
    }
}

impl<L: Listener> Listener for EventLog<L> {
    fn report(&self, progress: &Progress<'_>) {
        let event = Event {
            at_s: self.started.elapsed().as_secs_f64(),
            stage: progress.stage.to_owned(),
            done: progress.done,
            total: progress.total,
            text: progress.text.to_owned(),
        };
        self.events.lock().expect("no holder of the lock panics").push(event);
        self.next.report(progress);
    }
}
