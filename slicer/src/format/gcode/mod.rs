//! G-code for filament, as a plain reference: perimeters and straight infill, with the plastic
//! of each line from its cross-section. No supports, no bridges, no cooling, no brims.

mod infill;
mod options;
mod paths;
#[cfg(test)]
mod tests;
mod write;

pub use options::GcodeOptions;
pub(super) use write::FORMAT;
