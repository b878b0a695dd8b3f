//! Errors that end a run; everything else is data in the plan.

use platewright_model::error::InputFault;

/// Errors of the pipeline.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A night or run folder could not be read or written.
    #[error(transparent)]
    Store(#[from] platewright_store::StoreError),
    /// A group, batch, assignment or schedule could not be made.
    #[error(transparent)]
    Solver(#[from] platewright_solver::SolverError),
    /// A batch could not be nested.
    #[error(transparent)]
    Nest(#[from] platewright_nesting::NestError),
    /// A build could not be sliced.
    #[error(transparent)]
    Slice(#[from] platewright_slicer::SliceError),
    /// A technical data package could not be written or read.
    #[error(transparent)]
    Package(#[from] platewright_slicer::PackageError),
    /// E1035: builds that have started cannot be in the new plan.
    #[error("builds of the plan in force have started and cannot stay:{}", listed(.faults))]
    Begun {
        /// Which, why, and how to mend it.
        faults: Vec<InputFault>,
    },
    /// E9201: the subject of a question is not in the run.
    #[error("E9201: {subject} is no unit, order or build of this run; see the report for ids")]
    UnknownSubject {
        /// What was asked for.
        subject: String,
    },
    /// E9202: a run folder without packages.
    #[error("E9202: failed to list {folder}; name the folder of a run that was planned")]
    NoPackages {
        /// Where packages should be.
        folder: std::path::PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

fn listed(faults: &[InputFault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}
