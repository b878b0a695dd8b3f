//! A layer of a build, sliced when it is asked for.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use platewright_pipeline::{Plan, layer_svg, load};

use crate::error::Refusal;

/// The plan that was looked at last: whoever asks for a layer asks for its neighbours next.
#[derive(Clone, Default)]
pub(crate) struct LastPlan(Arc<Mutex<Option<Held>>>);

/// A run's folder and its plan.
type Held = (PathBuf, Arc<Plan>);

impl LastPlan {
    /// The plan of a run.
    fn get(&self, run: &Path) -> Result<Arc<Plan>, Refusal> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, plan)) = held.as_ref().filter(|(dir, _)| dir == run) {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(load(run).map_err(|error| Refusal::bug(error.to_string()))?.plan);
        *held = Some((run.to_owned(), Arc::clone(&plan)));
        Ok(plan)
    }

    /// Layer `n` (from 0) of a build of a run, as SVG in mm; `None` if it has fewer.
    pub(crate) fn svg(&self, run: &Path, build: &str, n: u32) -> Result<Option<String>, Refusal> {
        let plan = self.get(run)?;
        layer_svg(&plan, &build.into(), n).map_err(|error| Refusal::bug(error.to_string()))
    }
}
