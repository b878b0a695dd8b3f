//! Guided local search over relaxed overlap, in the plane and in space: copies overlap on purpose
//! and are then moved apart.
//!
//! A copy that overlaps others goes where its weighted overlap is least, and pairs that keep
//! overlapping weigh more and more (Egeblad, Nielsen and Odgaard 2007, EJOR 183; Umetani et al.
//! 2009, ITOR 16; the weights after Gardeyn, Vanden Berghe and Wauters 2025, arXiv 2509.13329).

mod overlaps;
mod separate;
mod shorten;

pub(crate) use overlaps::Overlaps;
pub(crate) use separate::{NOT_STANDING, Patience, Separated, separate};
pub(crate) use shorten::{Shortest, Strip, shorten};

use rand_pcg::Pcg64;

/// Copies that may overlap. Those that may move come first.
pub(crate) trait Scene: Clone {
    /// What all arrangements of the same copies have in common.
    type World;

    /// How many copies may move, and how many there are.
    fn copies(&self) -> [usize; 2];

    /// How large a copy is, against others.
    fn measure(&self, world: &Self::World, copy: usize) -> f64;

    /// How far two copies overlap.
    fn overlap(&self, world: &Self::World, one: usize, other: usize) -> f64;

    /// How far a copy reaches over the limits of where it is kept.
    fn over(&self, world: &Self::World, copy: usize) -> f64;

    /// Whether it may stay as it is, when nothing overlaps any more.
    fn stands(&self, _: &Self::World) -> bool {
        true
    }

    /// Moves a copy where its weighted overlap is less than `cost`, if such a place is found; says
    /// whether it was.
    fn relocate(
        &mut self,
        world: &Self::World,
        overlaps: &Overlaps,
        copy: usize,
        cost: f64,
        rng: &mut Pcg64,
    ) -> bool;
}
