//! Outlines that overlap on purpose, and are then moved apart.
//!
//! An outline is a union of convex pieces. The distance of two convex pieces is found along the
//! normals of their edges (the separating axis theorem); where it is below 0 they overlap, and it
//! says how far they must be moved apart. The overlap of two outlines is the sum over their pairs
//! of pieces, at any turn, without a table or a query structure.
//!
//! The search is guided local search over relaxed overlap (Egeblad, Nielsen and Odgaard 2007,
//! EJOR 183; Umetani et al. 2009, ITOR 16; the sampling of places and the weights after Gardeyn,
//! Vanden Berghe and Wauters 2025, arXiv 2509.13329): an outline that overlaps others goes where
//! its weighted overlap is least, and pairs that keep overlapping weigh more and more.

mod apart;
mod arrangement;
mod bed;
mod convex;
mod extent;
mod overlaps;
mod pieces;
mod relocate;
mod separate;
mod shape;
mod simplify;
mod sweep;

pub(crate) use arrangement::{Arrangement, Place};
pub(crate) use bed::{Hull, Limits, convex_hull};
pub(crate) use convex::{Point, convex_pieces};
pub(crate) use pieces::bounds_of;
pub(crate) use separate::{Patience, Separated, separate};
pub(crate) use shape::{Form, Given, Keep, Outlines, Shape, upright};
pub(crate) use sweep::{first_free, gone_past};
