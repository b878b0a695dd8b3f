//! Where the copies are, and how far they overlap.

use pulp::{Simd, WithSimd};
use rand_pcg::Pcg64;

use super::extent::Extent;
use super::relocate::Relocation;
use super::solids::{Posed, Solids};
use super::table::PROCESSOR;
use super::vector::Vector;
use crate::relaxed::{Overlaps, Scene, Strip};

/// Copies within a box, overlapping or not. Those that may move come first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrangement {
    /// Edges of the box; its least corner is the origin.
    pub(crate) size: Vector,
    /// How many copies may move.
    movable: usize,
    posed: Vec<Posed>,
    /// The box of each copy.
    extents: Vec<Extent>,
}

impl Arrangement {
    /// A box with copies that stay where they are.
    pub(crate) fn new(size: Vector, solids: &Solids, fixed: Vec<Posed>) -> Self {
        let extents = fixed.iter().map(|posed| extent(solids, *posed)).collect();
        Self { size, movable: 0, posed: fixed, extents }
    }

    /// The copies that may move.
    pub(crate) fn moved(&self) -> &[Posed] {
        &self.posed[..self.movable]
    }

    /// All copies.
    pub(crate) fn posed(&self) -> &[Posed] {
        &self.posed
    }

    /// Adds a copy that may move, after all others that may.
    pub(crate) fn add(&mut self, solids: &Solids, posed: Posed) {
        self.posed.insert(self.movable, posed);
        self.extents.insert(self.movable, extent(solids, posed));
        self.movable += 1;
    }

    /// Takes out a copy that may move; those after it move up.
    pub(crate) fn remove(&mut self, copy: usize) -> Posed {
        assert!(copy < self.movable, "copy {copy} may not move");
        self.movable -= 1;
        self.extents.remove(copy);
        self.posed.remove(copy)
    }

    /// Moves a copy.
    pub(crate) fn put(&mut self, solids: &Solids, copy: usize, posed: Posed) {
        self.posed[copy] = posed;
        self.extents[copy] = extent(solids, posed);
    }

    /// Whether a solid fits the box at a rotation, and where its origin may be then: the least
    /// place, and how far it can go from there.
    #[inline(always)]
    pub(crate) fn room(&self, solids: &Solids, solid: u32, rotation: u32) -> Option<[Vector; 2]> {
        let extent = solids.extent(solid, rotation);
        let low = extent.low().map(|x| -x);
        let room = [0, 1, 2].map(|k| self.size[k] - extent.high()[k] - low[k]);
        room.iter().all(|x| *x >= 0.0).then_some([low, room])
    }

    /// The nearest place within the box, for a solid that is not larger.
    #[inline(always)]
    pub(crate) fn inside(&self, solids: &Solids, posed: Posed) -> Posed {
        let extent = solids.extent(posed.solid, posed.rotation);
        let (low, high) = (extent.low(), extent.high());
        let at = [0, 1, 2].map(|k| posed.at[k].clamp(-low[k], (self.size[k] - high[k]).max(-low[k])));
        Posed { at, ..posed }
    }

    /// Weighted overlap of a copy if it were elsewhere, or anything from `bound` up if it is not
    /// below that.
    #[inline(always)]
    pub(super) fn cost<S: Simd>(
        &self,
        simd: S,
        solids: &Solids,
        copy: usize,
        weights: &[f64],
        posed: Posed,
        bound: f64,
    ) -> f64 {
        let facing = extent(solids, posed).facing();
        let mut sum = 0.0;
        for (j, other) in self.extents.iter().enumerate() {
            if other.meets(&facing) && j != copy {
                sum += weights[j] * solids.depth(simd, posed, self.posed[j]);
                if sum >= bound {
                    break;
                }
            }
        }
        sum
    }
}

impl Scene for Arrangement {
    type World = Solids;

    fn copies(&self) -> [usize; 2] {
        [self.movable, self.posed.len()]
    }

    fn measure(&self, solids: &Solids, copy: usize) -> f64 {
        solids.solids[self.posed[copy].solid as usize].volume
    }

    fn overlap(&self, solids: &Solids, one: usize, other: usize) -> f64 {
        if !self.extents[one].meets(&self.extents[other].facing()) {
            return 0.0;
        }
        PROCESSOR.dispatch(Depth { solids, pair: [self.posed[one], self.posed[other]] })
    }

    fn over(&self, _: &Solids, _: usize) -> f64 {
        0.0
    }

    fn relocate(
        &mut self,
        solids: &Solids,
        overlaps: &Overlaps,
        copy: usize,
        cost: f64,
        rng: &mut Pcg64,
    ) -> bool {
        let weights = overlaps.weights(copy);
        let (posed, better) =
            Relocation { solids, arrangement: self, weights, copy }.search(rng);
        if better < cost {
            self.put(solids, copy, posed);
        }
        better < cost
    }
}

impl Strip for Arrangement {
    fn length(&self) -> f64 {
        self.size[2]
    }

    fn shortened(&self, solids: &Solids, length: f64, cut: f64) -> Self {
        let mut next = self.clone();
        next.size[2] = length;
        for copy in 0..next.movable {
            let mut posed = next.posed[copy];
            if posed.at[2] > cut {
                posed.at[2] -= self.size[2] - length;
            }
            if next.room(solids, posed.solid, posed.rotation).is_none() {
                let turns = &solids.solids[posed.solid as usize].turns;
                let fits = |r: &&u32| next.room(solids, posed.solid, **r).is_some();
                posed.rotation = turns.iter().find(fits).copied().unwrap_or(posed.rotation);
            }
            let posed = next.inside(solids, posed);
            next.put(solids, copy, posed);
        }
        next
    }

    fn same(&self, _: &Solids, one: usize, other: usize) -> bool {
        self.posed[one].solid == self.posed[other].solid
    }

    fn exchange(&mut self, solids: &Solids, one: usize, other: usize) {
        let (p, q) = (self.posed[one], self.posed[other]);
        let at = |posed: Posed, at: Vector| self.inside(solids, Posed { at, ..posed });
        let (p, q) = (at(p, q.at), at(q, p.at));
        self.put(solids, one, p);
        self.put(solids, other, q);
    }
}

/// The box of a copy, grown by the distance that solids keep.
#[inline(always)]
fn extent(solids: &Solids, posed: Posed) -> Extent {
    solids.extent(posed.solid, posed.rotation).moved(posed.at).grown(0.5 * solids.gap())
}

/// [`Solids::depth`], for any processor.
struct Depth<'a> {
    solids: &'a Solids,
    pair: [Posed; 2],
}

impl WithSimd for Depth<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        self.solids.depth(simd, self.pair[0], self.pair[1])
    }
}
