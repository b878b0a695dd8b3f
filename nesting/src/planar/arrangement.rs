//! Where the copies lie, and how far they overlap.

use std::sync::Arc;

use pulp::{Simd, WithSimd};

use super::apart::PROCESSOR;
use super::bed::Limits;
use super::convex::Point;
use super::extent::Extent;
use super::shape::{Outlines, Shape};

/// Where a copy lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place {
    /// The shape at its turn.
    pub(crate) turned: u32,
    /// Its origin.
    pub(crate) at: Point,
}

/// Copies within a box, overlapping or not. Those that may move come first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrangement {
    /// Length and height of the box; its least corner is the origin.
    pub(crate) size: Point,
    /// How far outlines may go besides.
    pub(crate) limits: Arc<Limits>,
    /// How many copies may move.
    pub(crate) movable: usize,
    places: Vec<Place>,
    /// The box of each copy.
    boxes: Vec<Extent>,
}

impl Arrangement {
    /// A box with copies that stay where they are.
    pub(crate) fn new(
        size: Point,
        limits: Arc<Limits>,
        outlines: &Outlines,
        fixed: Vec<Place>,
    ) -> Self {
        let boxes = fixed.iter().map(|place| extent(outlines, *place)).collect();
        Self { size, limits, movable: 0, places: fixed, boxes }
    }

    /// The place of each copy.
    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places of the copies that may move.
    pub(crate) fn moved(&self) -> &[Place] {
        &self.places[..self.movable]
    }

    /// The shape of a copy.
    pub(crate) fn shape<'a>(&self, outlines: &'a Outlines, copy: usize) -> &'a Shape {
        &outlines.shapes[outlines.turned(self.places[copy].turned).shape as usize]
    }

    /// Adds a copy that may move, after all others that may.
    pub(crate) fn add(&mut self, outlines: &Outlines, place: Place) {
        self.places.insert(self.movable, place);
        self.boxes.insert(self.movable, extent(outlines, place));
        self.movable += 1;
    }

    /// Takes out a copy that may move; those after it move up.
    pub(crate) fn remove(&mut self, copy: usize) -> Place {
        assert!(copy < self.movable, "copy {copy} may not move");
        self.movable -= 1;
        self.boxes.remove(copy);
        self.places.remove(copy)
    }

    /// Moves a copy.
    pub(crate) fn put(&mut self, outlines: &Outlines, copy: usize, place: Place) {
        self.places[copy] = place;
        self.boxes[copy] = extent(outlines, place);
    }

    /// The nearest place within the box, for an outline that is not larger.
    pub(crate) fn inside(&self, outlines: &Outlines, place: Place) -> Place {
        let turned = outlines.turned(place.turned);
        let margin = outlines.margin(place.turned);
        let within = |k: usize| {
            let low = margin - turned.bounds()[0][k];
            place.at[k].clamp(low, (self.size[k] - margin - turned.bounds()[1][k]).max(low))
        };
        Place { at: [within(0), within(1)], ..place }
    }

    /// Whether an outline in a place lies within the box and the hull and overlaps nothing.
    pub(crate) fn is_free(&self, outlines: &Outlines, place: Place) -> bool {
        let margin = outlines.margin(place.turned);
        let [low, high] = outlines.turned(place.turned).bounds();
        let inside = |k: usize| {
            low[k] + place.at[k] >= margin - 1e-9
                && high[k] + place.at[k] <= self.size[k] - margin + 1e-9
        };
        if !inside(0) || !inside(1) || self.limits.over(place.turned, place.at) > 0.0 {
            return false;
        }
        self.near(outlines, place).all(|j| self.depth_of(outlines, place, j, 0.0) == 0.0)
    }

    /// Whether a turned outline fits the box at all, and where its origin may lie then: the least
    /// place, and how far it can go from there.
    pub(crate) fn room(&self, outlines: &Outlines, turned: u32) -> Option<[Point; 2]> {
        let margin = outlines.margin(turned);
        let turned = outlines.turned(turned);
        let low = [0, 1].map(|k| margin - turned.bounds()[0][k]);
        let room = [0, 1].map(|k| self.size[k] - margin - turned.bounds()[1][k] - low[k]);
        (room[0] >= 0.0 && room[1] >= 0.0).then_some([low, room])
    }

    /// The turns of a shape at which it fits the box.
    pub(crate) fn fitting(&self, outlines: &Outlines, shape: usize) -> impl Iterator<Item = u32> {
        let turns = outlines.shapes[shape].turns.clone();
        turns.filter(|&turned| self.room(outlines, turned).is_some())
    }

    /// How far a copy in a place overlaps another one where that lies; depths from `most` on may
    /// be cut short.
    #[inline(always)]
    pub(super) fn depth_at<S: Simd>(
        &self,
        simd: S,
        outlines: &Outlines,
        place: Place,
        other: usize,
        most: f64,
    ) -> f64 {
        let fixed_at = self.places[other];
        let (moving, fixed) = (outlines.turned(place.turned), outlines.turned(fixed_at.turned));
        let by = [place.at[0] - fixed_at.at[0], place.at[1] - fixed_at.at[1]];
        let gap = outlines.gap(moving.shape, fixed.shape);
        moving.pieces.depth(simd, &fixed.pieces, by, gap, most)
    }

    /// [`Self::depth_at`] with what this processor can do.
    fn depth_of(&self, outlines: &Outlines, place: Place, other: usize, most: f64) -> f64 {
        PROCESSOR.dispatch(Depth { arrangement: self, outlines, place, other, most })
    }

    /// How far two copies overlap.
    pub(super) fn overlap_of(&self, outlines: &Outlines, i: usize, j: usize) -> f64 {
        let of = |copy: usize| self.places[copy].turned;
        let gap = outlines.gap(outlines.turned(of(i)).shape, outlines.turned(of(j)).shape);
        if self.boxes[i].grown(gap).meets(&self.boxes[j].facing()) {
            self.depth_of(outlines, self.places[i], j, f64::INFINITY)
        } else {
            0.0
        }
    }

    /// The copies whose boxes are nearer than they must be to that of a copy in a place.
    #[inline(always)]
    pub(crate) fn near(&self, outlines: &Outlines, place: Place) -> impl Iterator<Item = usize> {
        let most = outlines.most_gap(outlines.turned(place.turned).shape);
        let near = extent(outlines, place).grown(most).facing();
        self.boxes.iter().enumerate().filter(move |(_, other)| other.meets(&near)).map(|(j, _)| j)
    }
}

/// [`Arrangement::depth_at`], for any processor.
struct Depth<'a> {
    arrangement: &'a Arrangement,
    outlines: &'a Outlines,
    place: Place,
    other: usize,
    most: f64,
}

impl WithSimd for Depth<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Self { arrangement, outlines, place, other, most } = self;
        arrangement.depth_at(simd, outlines, place, other, most)
    }
}

#[inline(always)]
fn extent(outlines: &Outlines, place: Place) -> Extent {
    Extent::new(outlines.turned(place.turned).bounds()).moved(place.at)
}
