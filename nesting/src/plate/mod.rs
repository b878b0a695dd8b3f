//! Nesting in the plane: parts stand side by side on equal plates.
//!
//! Silhouettes are grown by half the clearance; bit rasters find free positions
//! ([`raster`]), the collision engine slides parts into contact ([`place`]), plates are filled
//! ([`construct`]) and emptied again ([`eliminate`]), and every plate is proven before it is
//! returned ([`verify`]).

mod bed;
mod construct;
mod container;
mod eliminate;
mod footprint;
mod grid_pattern;
mod grown;
mod nest;
mod place;
mod plane;
mod raster;
mod score;
mod silhouette;
#[cfg(test)]
mod tests;
mod verify;

pub use nest::{fits_plate, nest_plate};
