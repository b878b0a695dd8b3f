//! Progress: a bar on a terminal, lines of JSON on request, silence otherwise.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use platewright_model::run::{Cancel, Listener, Progress};
use serde_json::json;

use crate::exit::Failure;
use crate::output;

/// A listener for the command line.
pub(crate) struct Screen {
    bar: Option<ProgressBar>,
    stage: Mutex<String>,
    ndjson: bool,
}

impl Screen {
    /// A bar if standard error is a terminal; one JSON document a line if asked for.
    pub(crate) fn new(ndjson: bool) -> Self {
        let bar = (!ndjson && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template(
                "{elapsed_precise} {prefix:>14} [{bar:32}] {pos}/{len} {msg}",
            )
            .expect("the template is well-formed")
            .progress_chars("=> ");
            bar.set_style(style);
            bar
        });
        Self { bar, stage: Mutex::default(), ndjson }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Listener for Screen {
    fn report(&self, progress: &Progress<'_>) {
        if self.ndjson {
            let line = json!({
                "stage": progress.stage, "done": progress.done, "total": progress.total,
                "text": progress.text,
            });
            output::say(&line.to_string());
        }
        let Some(bar) = &self.bar else { return };
        let mut stage = self.stage.lock().expect("no holder of the lock panics");
        if *stage != progress.stage {
            progress.stage.clone_into(&mut stage);
            bar.set_prefix(progress.stage.to_owned());
        }
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.text.to_owned());
    }
}

/// Lets Ctrl-C stop the run with the best result so far; a second one ends it at once.
pub(crate) fn cancel_on_interrupt() -> Result<Cancel, Failure> {
    let cancel = Cancel::default();
    let inner = cancel.clone();
    ctrlc::set_handler(move || {
        if inner.is_cancelled() {
            std::process::exit(130);
        }
        output::complain("stopping: the best plan so far is written (Ctrl-C again to quit now)");
        inner.cancel();
    })
    .map_err(|e| Failure::other(format!("failed to listen for Ctrl-C: {e}")))?;
    Ok(cancel)
}
