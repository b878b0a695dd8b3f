//! Where the copies are, and how far they overlap.

use platewright_model::volume::LayerLimits;
use pulp::{Simd, WithSimd};

use super::extent::Extent;
use super::solids::{Posed, Solids};
use super::table::PROCESSOR;
use super::vector::Vector;

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
    /// Limits on its layers.
    pub(crate) layers: Option<Layered>,
}

/// Limits on layers, and how high over the plate the box begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layered {
    pub(crate) limits: LayerLimits,
    pub(crate) below: f64,
}

impl Arrangement {
    /// A box with copies that stay where they are.
    pub(crate) fn new(size: Vector, solids: &Solids, fixed: Vec<Posed>) -> Self {
        let extents = fixed.iter().map(|posed| extent(solids, *posed)).collect();
        Self { size, movable: 0, posed: fixed, extents, layers: None }
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
        let at =
            [0, 1, 2].map(|k| posed.at[k].clamp(-low[k], (self.size[k] - high[k]).max(-low[k])));
        Posed { at, ..posed }
    }

    /// The rotations of a solid at which it fits the box.
    pub(crate) fn fitting(&self, solids: &Solids, solid: u32) -> impl Iterator<Item = u32> {
        let turns = solids.solids[solid as usize].turns.iter().copied();
        turns.filter(move |&rotation| self.room(solids, solid, rotation).is_some())
    }

    /// How far two copies overlap.
    pub(super) fn overlap_of(&self, solids: &Solids, one: usize, other: usize) -> f64 {
        if !self.extents[one].meets(&self.extents[other].facing()) {
            return 0.0;
        }
        PROCESSOR.dispatch(Depth { solids, pair: [self.posed[one], self.posed[other]] })
    }

    /// The least height, from that of a place on, at which a solid over that place overlaps
    /// nothing.
    pub(crate) fn first_free(
        &self,
        solids: &Solids,
        posed: Posed,
        spans: &mut Vec<[f64; 2]>,
    ) -> f64 {
        spans.clear();
        let over = extent(solids, posed);
        let mut moving = posed;
        moving.at[2] = 0.0;
        for (other, fixed) in self.extents.iter().zip(&self.posed) {
            let beside =
                |k: usize| over.low()[k] >= other.high()[k] || other.low()[k] >= over.high()[k];
            if !beside(0) && !beside(1) && other.high()[2] > over.low()[2] {
                PROCESSOR.dispatch(Spans { solids, moving, fixed: *fixed, spans });
            }
        }
        spans.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        let mut z = posed.at[2];
        for [from, to] in spans.iter() {
            if *from >= z {
                break;
            }
            z = z.max(*to);
        }
        z
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

/// [`Solids::course`] up, for any processor.
struct Spans<'a> {
    solids: &'a Solids,
    moving: Posed,
    fixed: Posed,
    spans: &'a mut Vec<[f64; 2]>,
}

impl WithSimd for Spans<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let up = [0.0, 0.0, 1.0];
        self.solids.course(simd, self.moving, self.fixed, up, self.spans);
    }
}
