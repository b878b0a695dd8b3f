//! The technical data package (ISO/IEC 23510, 3.8) of a build, and the way back from packages
//! to the orders.

mod container;
#[cfg(test)]
mod iso21320;
mod manifest;
mod read;
mod restore;
#[cfg(test)]
mod tests;
mod three_mf;
mod write;

pub use manifest::{Entry, MANIFEST_SCHEMA, Manifest, ManifestLine, ManifestOrder, ManifestUnit};
pub use read::read_package;
pub use restore::{CopyAt, DoubledCopy, Restored, RestoredLine, RestoredOrder, restore};
pub use write::{PackageInput, sort_list, write_package};
