//! Layer formats. A format is one file here and one line in [`FORMATS`].

mod cli;
mod cli_ascii;
mod svg;

pub use cli::{CliFile, CliLayer, CliPolyline, read_cli};

use crate::error::SliceError;
use crate::layers::BuildLayers;

/// A format that layers can be written in.
#[derive(Clone, Copy, Debug)]
pub struct LayerFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Ending of its files, without the dot.
    pub ending: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    write: fn(&BuildLayers) -> Vec<u8>,
}

/// All formats.
pub const FORMATS: [LayerFormat; 3] = [cli::FORMAT, cli_ascii::FORMAT, svg::FORMAT];

/// Writes layers in the format of that name. The same layers give the same bytes.
///
/// # Errors
/// There is no format of that name.
pub fn write_layers(format: &str, layers: &BuildLayers) -> Result<Vec<u8>, SliceError> {
    match FORMATS.iter().find(|f| f.name == format) {
        Some(found) => Ok((found.write)(layers)),
        None => Err(SliceError::UnknownFormat {
            name: format.to_owned(),
            known: FORMATS.map(|f| f.name).join(", "),
        }),
    }
}
