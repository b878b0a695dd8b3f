//! What can go wrong with files. Index of codes: `docs/errors.md`.

use std::path::PathBuf;

use platewright_model::error::InputFault;

/// An error of reading or writing files.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Files of a night that cannot be read at all; all faults at once.
    #[error("failed to read the night{}", listed(.faults))]
    Night {
        /// What is wrong, with places.
        faults: Vec<InputFault>,
    },
    /// A file of posted jobs that cannot be read at all; all faults at once.
    #[error("failed to read posted jobs{}", listed(.faults))]
    Posted {
        /// What is wrong, with places.
        faults: Vec<InputFault>,
    },
    /// An operation on a file or folder failed.
    #[error("E1006 failed to {action} {}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// A model file that is not read, to be safe.
    #[error("E1007 failed to read model {file:?}: {reason}")]
    Model {
        /// Name in the order.
        file: String,
        /// Why, and how to mend it.
        reason: String,
    },
    /// A Parquet file that is not what it should be.
    #[error("E1008 failed to read {}: {reason}", .path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A Parquet file that could not be encoded.
    #[error("E1009 failed to encode {}: {reason}", .path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A JSON file of a run that cannot be read.
    #[error("E1002 failed to read {} as JSON: {reason}", .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A published instance, in a format of its own, that is not what it should be.
    #[error("E1032 failed to read {}: {reason}", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
    /// A folder that is not a run's.
    #[error("E1005 {} is not the folder of a run: {reason}", .path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// Why, and how to mend it.
        reason: String,
    },
}

fn listed(faults: &[InputFault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}
