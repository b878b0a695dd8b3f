//! Layer formats. A format is one file here and one line in [`FORMATS`].
//!
//! Layers come one by one from the plate up; nothing is held that was written. A writer turns a
//! layer into bytes without knowing of the others, so that this is done side by side, and puts
//! the bytes out in order.

mod cli;
mod decimal;
mod dxf;
mod gcode;
mod images;
mod memory;
mod png_stack;
mod sl1;
mod slc;
mod svg;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod threemf;
mod thumbnail;

use std::borrow::Cow;
use std::io::{Seek, Write};

pub use cli::{CliFile, CliHatches, CliLayer, CliPolyline, read_cli};
pub use gcode::GcodeOptions;
pub use memory::MemoryFile;
use platewright_model::run::RunContext;
pub use slc::{SlcFile, SlcLayer, read_slc};
use uuid::Uuid;

use crate::error::SliceError;
use crate::layers::{Layer, Stack};
use crate::raster::RasterOptions;
use crate::slicer::{BuildSlicer, LayerSink, Sliced};

/// Where a format writes to.
pub trait Output: Write + Seek + Send + Sync {}

impl<T: Write + Seek + Send + Sync> Output for T {}

/// What a format may need to know beside the layers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormatOptions {
    /// Name of the model or build, for headers.
    pub name: String,
    /// How formats of images make them; these need it, the others do not.
    pub raster: Option<RasterOptions>,
    /// The parts in the order of the stack; those without an entry are called by their number.
    pub parts: Vec<PartLabel>,
    /// Whether a binary CLI is aligned to 32 bits (`$$ALIGN`).
    pub cli_aligned: bool,
    /// What G-code is for.
    pub gcode: GcodeOptions,
}

/// What a part is called in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartLabel {
    /// Its name for people.
    pub label: String,
    /// Its UUID, for formats that ask for one; without, it is derived from names.
    pub uuid: Option<Uuid>,
}

impl FormatOptions {
    /// What part `k` of the stack is called.
    pub(crate) fn label(&self, k: usize) -> Cow<'_, str> {
        match self.parts.get(k) {
            Some(part) => Cow::Borrowed(&part.label),
            None => Cow::Owned(format!("part {}", k + 1)),
        }
    }
}

/// Writes the layers of one build.
pub trait LayerWriter: Send + Sync {
    /// The bytes of a layer. Called for every layer once, on any thread, in any order.
    ///
    /// # Errors
    /// The format cannot hold the layer.
    fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError>;

    /// Takes a layer's bytes; called in order from the plate up.
    ///
    /// # Errors
    /// They cannot be written.
    fn append(&mut self, layer: &Layer, encoded: &[u8]) -> Result<(), SliceError>;

    /// Takes back bytes that were appended, so that their memory is used again.
    fn take_back(&self, _: Vec<u8>) {}

    /// Writes what comes after the last layer.
    ///
    /// # Errors
    /// It cannot be written.
    fn finish(self: Box<Self>) -> Result<(), SliceError>;
}

/// Writes layers in several formats at once.
impl LayerSink for Vec<Box<dyn LayerWriter>> {
    type Encoded = Vec<Vec<u8>>;

    fn encode(&self, layer: &Layer) -> Result<Self::Encoded, SliceError> {
        self.iter().map(|writer| writer.encode(layer)).collect()
    }

    fn take(&mut self, layer: &Layer, encoded: Self::Encoded) -> Result<(), SliceError> {
        self.iter_mut().zip(encoded).try_for_each(|(writer, bytes)| {
            writer.append(layer, &bytes)?;
            writer.take_back(bytes);
            Ok(())
        })
    }
}

/// Slices a build and writes it in several formats at once.
///
/// # Errors
/// As [`BuildSlicer::run`], or a format cannot hold a layer or be written.
pub fn write_layers(
    slicer: &BuildSlicer,
    mut writers: Vec<Box<dyn LayerWriter>>,
    ctx: &RunContext,
) -> Result<Sliced, SliceError> {
    let sliced = slicer.run(&mut writers, ctx)?;
    for writer in writers {
        writer.finish()?;
    }
    Ok(sliced)
}

/// A format that layers can be written in.
#[derive(Clone, Copy, Debug)]
pub struct LayerFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Ending of its files, without the dot.
    pub ending: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// Begins a file: writes what comes before the first layer.
    pub(crate) open: Open,
}

/// Begins a file.
pub(crate) type Open =
    fn(Box<dyn Output>, &Stack, &FormatOptions) -> Result<Box<dyn LayerWriter>, SliceError>;

/// All formats.
pub const FORMATS: [LayerFormat; 9] = [
    cli::BINARY,
    cli::ASCII,
    dxf::FORMAT,
    gcode::FORMAT,
    png_stack::FORMAT,
    sl1::FORMAT,
    slc::FORMAT,
    svg::FORMAT,
    threemf::FORMAT,
];

impl LayerFormat {
    /// The format of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: &str) -> Result<&'static Self, SliceError> {
        const ALL: &[LayerFormat] = &FORMATS;
        ALL.iter().find(|f| f.name == name).ok_or_else(|| SliceError::UnknownFormat {
            name: name.to_owned(),
            known: ALL.iter().map(|f| f.name).collect::<Vec<_>>().join(", "),
        })
    }

    /// Begins a file in this format. The same layers give the same bytes.
    ///
    /// # Errors
    /// It cannot be written, or the format cannot hold such a build.
    pub fn open(
        &self,
        out: Box<dyn Output>,
        stack: &Stack,
        options: &FormatOptions,
    ) -> Result<Box<dyn LayerWriter>, SliceError> {
        (self.open)(out, stack, options)
    }
}

/// Turns a failed write into an error of slicing.
pub(crate) fn failed(error: std::io::Error) -> SliceError {
    SliceError::Write(error)
}
