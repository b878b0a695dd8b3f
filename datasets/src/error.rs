//! What can go wrong when a data set is made.

use std::path::PathBuf;

use platewright_mesh::MeshError;

/// Why a data set could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A number of units that no night can have.
    #[error(
        "E1091: a night must have 1 to {most} units, is asked to have {units}; choose a --size in \
         between"
    )]
    Size {
        /// Units asked for.
        units: u32,
        /// Most units.
        most: u32,
    },
    /// A number of parts that no batch scheduling problem can have.
    #[error(
        "E1095: a batch scheduling problem must have 1 to {most} parts, is asked to have {parts}; \
         choose a --size in between"
    )]
    Parts {
        /// Parts asked for.
        parts: u32,
        /// Most parts.
        most: u32,
    },
    /// A folder or file could not be written.
    #[error(
        "E1092: failed to write {}; maybe the folder is read-only or the disk is full",
        path.display()
    )]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder without models.
    #[error(
        "E1094: no STL, OBJ, PLY or 3MF below {}; name the folder that holds the models",
        folder.display()
    )]
    NoModels {
        /// Which.
        folder: PathBuf,
    },
    /// A mesh could not be written as 3MF.
    #[error("E1093: failed to write {file} as 3MF")]
    Format {
        /// File name of the model.
        file: String,
        /// Why.
        source: MeshError,
    },
}
