//! Model files of a night: only regular files in its folder `models`, never through a link.

use std::path::Path;

use platewright_model::config::Limits;

use crate::StoreError;
use crate::disk::read_limited;

/// Name of the folder of the models.
pub const MODELS_FOLDER: &str = "models";

/// Reads the model `file` of the night in `dir`; its size is checked before it is read.
///
/// # Errors
/// If the name leads out of the folder, or the file is missing, a link, not a regular file or
/// larger than `limits.file_bytes`.
pub fn read_model_file(dir: &Path, file: &str, limits: &Limits) -> Result<Vec<u8>, StoreError> {
    let fault = |reason: String| StoreError::Model { file: file.to_owned(), reason };
    if file.is_empty() || file.contains("..") || file.contains(['/', '\\', ':', '\0']) {
        return Err(fault("must be the name of a file in the folder models".to_owned()));
    }
    let path = dir.join(MODELS_FOLDER).join(file);
    let found = path.symlink_metadata().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => fault(format!("is not in the folder {MODELS_FOLDER}")),
        _ => fault(error.to_string()),
    })?;
    if found.is_symlink() {
        return Err(fault("must be a file, is a link: put the file itself there".to_owned()));
    }
    read_limited(&path, limits.file_bytes).map_err(fault)
}
