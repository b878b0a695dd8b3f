//! `events.ndjson`: what happened when, one JSON document a line.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use platewright_model::run::{Listener, Progress};
use serde::Serialize;

use super::folder::RunDir;
use crate::StoreError;
use crate::disk::io;

/// Appends events to a run's `events.ndjson`, from any thread.
#[derive(Debug)]
pub struct EventLog {
    file: Mutex<File>,
    path: PathBuf,
    opened: Instant,
}

#[derive(Serialize)]
struct Line<'a, T> {
    /// Seconds since the log was opened.
    at_s: f64,
    event: &'a str,
    #[serde(flatten)]
    facts: &'a T,
}

#[derive(Serialize)]
struct Step<'a> {
    stage: &'a str,
    done: u64,
    total: u64,
    text: &'a str,
}

impl EventLog {
    /// Opens the log of a run; events go behind those that are there.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(run: &RunDir) -> Result<Self, StoreError> {
        let path = run.file("events.ndjson");
        let file =
            OpenOptions::new().create(true).append(true).open(&path).map_err(io("open", &path))?;
        Ok(Self { file: Mutex::new(file), path, opened: Instant::now() })
    }

    /// Appends one event; `facts` must be a struct or map.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append<T: Serialize>(&self, event: &str, facts: &T) -> Result<(), StoreError> {
        let at_s = self.opened.elapsed().as_millis() as f64 / 1000.0;
        let line = Line { at_s, event, facts };
        let mut text = serde_json::to_string(&line).map_err(|error| StoreError::Encode {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        text.push('\n');
        // A thread that panicked while it wrote leaves at worst half a line.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(text.as_bytes()).map_err(io("write", &self.path))
    }
}

impl Listener for EventLog {
    fn report(&self, progress: &Progress<'_>) {
        let &Progress { stage, done, total, text } = progress;
        // A plan must not fail because its log cannot be written.
        let _ = self.append("progress", &Step { stage, done, total, text });
    }
}
