//! What formats of images share: layers to PNG side by side, and a ZIP they go into one by one.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, PreparedZipFile, ZipWriter};

use super::{FormatOptions, Output, failed};
use crate::error::SliceError;
use crate::layers::Layer;
use crate::raster::{Depth, PngEncoder, Raster, RasterOptions, Rasterizer};

/// Turns layers into PNG files, on any thread.
pub(super) struct Images {
    pub(super) options: RasterOptions,
    encoder: PngEncoder,
    /// What threads that are done with a layer left for the next.
    idle: Mutex<Vec<(Rasterizer, Raster)>>,
    /// Files that were written, for their memory.
    written: Mutex<Vec<Vec<u8>>>,
}

/// What lies there is whole even if a thread has panicked.
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Images {
    pub(super) fn new(options: &RasterOptions, depth: Depth) -> Result<Self, SliceError> {
        options.check()?;
        let encoder = PngEncoder::new(options.size, depth);
        Ok(Self { options: *options, encoder, idle: Mutex::default(), written: Mutex::default() })
    }

    pub(super) fn encode(&self, layer: &Layer) -> Result<Vec<u8>, SliceError> {
        let left = locked(&self.idle).pop();
        let (mut rasterizer, mut raster) = match left {
            Some(left) => left,
            None => (Rasterizer::new(&self.options)?, Raster::default()),
        };
        rasterizer.raster_into(layer, &mut raster);
        let mut file = locked(&self.written).pop().unwrap_or_default();
        self.encoder.encode_into(&raster, &mut file)?;
        locked(&self.idle).push((rasterizer, raster));
        Ok(file)
    }

    /// Takes a file back that was written.
    pub(super) fn take_back(&self, file: Vec<u8>) {
        locked(&self.written).push(file);
    }
}

/// The raster options that a format of images asks for.
pub(super) fn raster_options(options: &FormatOptions) -> Result<RasterOptions, SliceError> {
    options.raster.ok_or_else(|| SliceError::RasterOptions {
        what: "the size and number of pixels are not given".to_owned(),
    })
}

/// A ZIP as ISO/IEC 21320-1 has it, with nothing in it that changes from run to run.
pub(super) struct Archive(ZipWriter<Box<dyn Output>>);

impl Archive {
    pub(super) fn new(out: Box<dyn Output>) -> Self {
        Self(ZipWriter::new(out))
    }

    /// Adds a file that is packed already.
    pub(super) fn add_packed(&mut self, name: &str, content: &[u8]) -> Result<(), SliceError> {
        self.add(name, content, CompressionMethod::Stored)
    }

    /// Adds a text.
    pub(super) fn add_text(&mut self, name: &str, content: &str) -> Result<(), SliceError> {
        self.add(name, content.as_bytes(), CompressionMethod::Deflated)
    }

    fn add(
        &mut self,
        name: &str,
        content: &[u8],
        method: CompressionMethod,
    ) -> Result<(), SliceError> {
        // The default time is 1980-01-01, the first that a ZIP can hold.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .system(zip::System::Unix)
            .unix_permissions(0o644);
        // Made in memory, its sizes are known before it is written: nothing is sought back to.
        let file = PreparedZipFile::from_data(name, options, content).map_err(zip_failed)?;
        self.0.add_prepared_file(file).map_err(zip_failed)
    }

    pub(super) fn finish(self) -> Result<(), SliceError> {
        self.0.finish().map_err(zip_failed)?.flush().map_err(failed)
    }
}

fn zip_failed(error: zip::result::ZipError) -> SliceError {
    failed(match error {
        zip::result::ZipError::Io(error) => error,
        error => std::io::Error::other(error),
    })
}
