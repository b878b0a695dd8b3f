//! Common Layer Interface 2.0 (Brite-EuRam 1994): the contours that laser machines take, as
//! text or as numbers. The id of a polyline is its part's number from 1.

mod ascii;
mod binary;
mod header;
mod read;
mod read_ascii;
mod read_binary;
#[cfg(test)]
mod tests;

pub(super) const BINARY: super::LayerFormat = binary::FORMAT;
pub(super) const ASCII: super::LayerFormat = ascii::FORMAT;

pub use read::{CliFile, CliHatches, CliLayer, CliPolyline, read_cli};
