//! SLC (3D Systems, 1994): the contours that early stereolithography machines take. Lengths are
//! mm as 32-bit floats, little endian; outer contours run counter-clockwise, holes clockwise.
//!
//! A header of text ends in `0D 0A 1A`; 256 bytes without meaning and the table of thicknesses
//! follow, then the layers by the height of their bottom, then the height of the last top.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{SlcFile, SlcLayer, read_slc};
pub(super) use write::FORMAT;

/// What ends the header.
const HEADER_END: [u8; 3] = [0x0d, 0x0a, 0x1a];
/// Bytes after the header that say nothing.
const RESERVED: usize = 256;
/// What stands for the number of contours after the last layer.
const LAST: u32 = u32::MAX;
/// Most bytes of a header.
const HEADER_MAX: usize = 2048;
