//! Outlines that overlap on purpose, and are then moved apart.
//!
//! An outline is a union of convex pieces. The distance of two convex pieces is found along the
//! normals of their edges (the separating axis theorem); where it is below 0 they overlap, and it
//! says how far they must be moved apart. The overlap of two outlines is the sum over their pairs
//! of pieces, at any turn, without a table or a query structure.
//!
//! Places are sampled and improved by steps (after Gardeyn, Vanden Berghe and Wauters 2025,
//! arXiv 2509.13329) for the search of [`crate::relaxed`].

mod apart;
mod arrangement;
mod bed;
mod convex;
mod extent;
mod pieces;
mod relocate;
mod scene;
mod shape;
mod simplify;
mod sweep;

pub(crate) use arrangement::{Arrangement, Place};
pub(crate) use bed::{Hull, Limits, convex_hull};
pub(crate) use convex::{Point, convex_pieces};
pub(crate) use pieces::bounds_of;
pub(crate) use shape::{Form, Given, Keep, Outlines, Shape, upright};
pub(crate) use sweep::{first_free, gone_past};
