//! Solids in a box of given base, as low as possible: open dimension packing in space.

mod search;

pub use search::{Solid3d, Strip3dNest, Strip3dProblem, nest_strip3d};
