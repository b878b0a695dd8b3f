//! Self-intersections: every pair of triangles that meets where it should not.
//!
//! Two triangles may meet in the vertices they share by number, and in the edge between two of
//! them. Anything else counts: crossing, touching (a vertex on a face, an edge on an edge,
//! vertices of one place and two numbers) and lying on each other. All answers are exact.
//!
//! Triangles without area are left out: they bound nothing, they are told of as a fault of their
//! own, and as parts of an edge they would only repeat what the triangles beside it say.

mod flat;
mod pair;
mod scan;
pub(crate) mod sides;
mod stars;

pub use scan::intersecting_pairs;
pub(crate) use scan::{Found, Ready, scan};

/// How two triangles meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meeting {
    /// The insides of both meet, in a line.
    Cross,
    /// They meet in their boundaries only, or one with its boundary the inside of the other.
    Touch,
    /// They lie in one plane and share area.
    Coplanar,
}

#[cfg(test)]
mod tests;
