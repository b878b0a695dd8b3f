//! Solids in space that overlap on purpose, and are then moved apart.
//!
//! A solid is a union of convex pieces: exact ones where it has few facets ([`cells`]), else pieces
//! that hold it ([`cover`]). Where the origin of one exact piece must not be, seen from another
//! one, is their Minkowski difference, a convex polytope whose planes are found once for each
//! relative rotation ([`table`]); how far a point is within it says how far the pieces overlap. All
//! others are compared along fixed directions ([`slabs`]).

mod apart;
mod arrangement;
mod cells;
mod convex;
mod cover;
mod difference;
mod extent;
mod form;
mod fused;
mod inside;
mod polytope;
mod relocate;
mod scene;
mod slabs;
mod solids;
mod table;
mod vector;

pub(crate) use apart::{leaves, taken_apart};
pub(crate) use arrangement::{Arrangement, Layered};
pub(crate) use form::{FEW, Form};
pub(crate) use fused::{ledger, profile};
pub(crate) use solids::{Keeps, Posed, Solid, Solids};
pub(crate) use vector::{Rotation, Vector, cross, dot, length, minus, times, turned, unit};
