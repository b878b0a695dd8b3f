//! Layers as images for resin and jetting machines, as runs of equal pixels from start to end.
//!
//! A layer is turned into rows of runs without a bitmap ever being held: the area that each
//! contour covers of the pixels it goes through is added up in a few rows at a time, and a row is
//! read out at the pixels that were touched. Time grows with the pixels under contours and the
//! number of runs, not with the area of the plate. Copies of a body that lie apart by whole pixels
//! are drawn once. The PNG is written from the runs.
//!
//! Sources: signed areas per pixel, summed along the row (Levien 2016, font-rs; FreeType's smooth
//! rasteriser works likewise); DEFLATE: RFC 1951, zlib: RFC 1950, PNG: ISO/IEC 15948.

mod band;
mod centre;
mod copies;
mod cover;
mod deflate;
mod frame;
mod huffman;
mod options;
mod outline;
mod png;
mod rasterizer;
mod runs;
#[cfg(test)]
mod tests;

pub use options::{Exposure, PIXELS_MAX, RasterOptions, Shade};
pub use png::{Depth, PngEncoder};
pub use rasterizer::Rasterizer;
pub use runs::{Raster, Run};
