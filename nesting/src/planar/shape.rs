//! Outlines at the turns they may have.

use std::ops::Range;
use std::sync::Arc;

use platewright_model::strip::{ring_area, turn};

use super::bed::convex_hull;
use super::convex::{Point, convex_pieces};
use super::pieces::{Pieces, bounds_of};
use super::simplify::simplified;

/// Steps of turns that differ by less than this are equal, degrees.
const SAME_TURN: f64 = 1e-9;

/// An outline as the search sees it: convex pieces around the middle of its box.
#[derive(Debug)]
pub(crate) struct Form {
    /// Area of the outline as it was given.
    pub(crate) area: f64,
    /// Degrees by which it is turned from the outline as it was given: its smallest box lies along
    /// the axes.
    pub(crate) base: f64,
    /// Its origin, in the frame that the outline was given in, turned by that.
    pub(crate) origin: Point,
    pieces: Vec<Vec<Point>>,
}

impl Form {
    /// Of a simple outline, turned by so many degrees, and the holes in it that other outlines may
    /// stand in. Its area may grow by a share when its corners are thinned out.
    pub(crate) fn new(outline: &[Point], holes: &[Vec<Point>], base: f64, growth: f64) -> Self {
        let [sin, cos] = turn(base);
        let turned = |ring: &[Point]| -> Vec<Point> {
            ring.iter().map(|[x, y]| [x * cos - y * sin, x * sin + y * cos]).collect()
        };
        let mut ring = turned(outline);
        if ring_area(&ring) < 0.0 {
            ring.reverse();
        }
        let ring = simplified(&ring, growth);
        let holes: Vec<Vec<Point>> = holes.iter().map(|hole| turned(hole)).collect();
        let [low, high] = bounds_of(&ring);
        let origin = [0, 1].map(|k| f64::midpoint(low[k], high[k]));
        let mut pieces = convex_pieces(&ring, &holes);
        for p in pieces.iter_mut().flatten() {
            *p = [p[0] - origin[0], p[1] - origin[1]];
        }
        let holes: f64 = holes.iter().map(|hole| ring_area(hole).abs()).sum();
        Self { area: ring_area(outline).abs() - holes, base, origin, pieces }
    }

    /// Of one convex piece, its corners counter-clockwise.
    pub(crate) fn convex(piece: Vec<Point>) -> Self {
        Self { area: ring_area(&piece), base: 0.0, origin: [0.0; 2], pieces: vec![piece] }
    }
}

/// Degrees by which an outline is to be turned so that its smallest box lies along the axes.
pub(crate) fn upright(outline: &[Point]) -> f64 {
    let hull = convex_hull(outline);
    let area = |degrees: f64| {
        let [sin, cos] = turn(degrees);
        let extent = |x: f64, y: f64| {
            let along = || hull.iter().map(move |p| p[0] * x + p[1] * y);
            along().fold(f64::NEG_INFINITY, f64::max) - along().fold(f64::INFINITY, f64::min)
        };
        extent(cos, -sin) * extent(sin, cos)
    };
    let along_edge = |k: usize| {
        let (p, q) = (hull[k], hull[(k + 1) % hull.len()]);
        (p[1] - q[1]).atan2(q[0] - p[0]).to_degrees().rem_euclid(90.0)
    };
    // As it is, unless that makes the box smaller.
    let mut best = (area(0.0) * (1.0 - 1e-9), 0.0);
    for degrees in (0..hull.len()).map(along_edge) {
        let area = area(degrees);
        if area < best.0 {
            best = (area, degrees);
        }
    }
    best.1
}

/// A shape at one of its turns.
#[derive(Clone, Debug)]
pub(crate) struct Turned {
    /// Degrees counter-clockwise.
    pub(crate) degrees: f64,
    pub(crate) pieces: Pieces,
    /// Sine and cosine.
    pub(crate) turn: [f64; 2],
    /// Which shape.
    pub(crate) shape: u32,
}

impl Turned {
    /// The move that brings the outline as it was given, turned about the origin of its frame, to
    /// where the origin of its form is at a point.
    pub(crate) fn at_given(&self, form: &Form, at: Point) -> Point {
        let ([sin, cos], [x, y]) = (self.turn, form.origin);
        [at[0] - (x * cos - y * sin), at[1] - (x * sin + y * cos)]
    }

    /// The other way around: where the origin of the form is after such a move.
    pub(crate) fn origin_of(&self, form: &Form, at: Point) -> Point {
        let origin = self.at_given(form, [0.0; 2]);
        [at[0] - origin[0], at[1] - origin[1]]
    }

    /// Least and greatest corner of its box; its origin is the origin.
    #[inline(always)]
    pub(crate) fn bounds(&self) -> [Point; 2] {
        self.pieces.bounds
    }

    /// Width and height of its box.
    pub(crate) fn size(&self) -> Point {
        [0, 1].map(|k| self.bounds()[1][k] - self.bounds()[0][k])
    }
}

/// An outline of which there are copies.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) form: Arc<Form>,
    /// Its turns, numbers into [`Outlines::turned`].
    pub(crate) turns: Range<u32>,
    /// Whether the turns go around in equal steps, so that it can be turned a little.
    pub(crate) round: bool,
    pub(crate) keep: Keep,
}

/// What a shape keeps from others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    /// What it adds to the gap between itself and others.
    pub(crate) margin: f64,
    /// How high it is.
    pub(crate) height: f64,
    /// What is no higher than this may lie anywhere under it.
    pub(crate) above: f64,
}

impl Default for Keep {
    fn default() -> Self {
        Self { margin: 0.0, height: 0.0, above: f64::NEG_INFINITY }
    }
}

/// What is laid out: shapes at all their turns.
#[derive(Debug, Default)]
pub(crate) struct Outlines {
    /// The shapes.
    pub(crate) shapes: Vec<Shape>,
    /// All shapes at all their turns.
    pub(crate) turned: Vec<Turned>,
    /// Outlines nearer than this to one another, margins apart, count as overlapping.
    gap: f64,
    most_margin: f64,
    /// The longest side of a box.
    longest: f64,
}

/// An outline that is to be laid out.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) form: Arc<Form>,
    /// Degrees.
    pub(crate) turns: Vec<f64>,
    pub(crate) keep: Keep,
}

impl Outlines {
    /// Shapes in the order given; `gap` is the distance that they keep, margins apart.
    pub(crate) fn new(given: impl IntoIterator<Item = Given>, gap: f64) -> Self {
        let mut outlines = Self { gap, ..Self::default() };
        for given in given {
            outlines.add(given);
        }
        let sides = outlines.turned.iter().flat_map(Turned::size);
        outlines.longest = sides.fold(0.0, f64::max);
        outlines
    }

    fn add(&mut self, given: Given) {
        let first = self.turned.len() as u32;
        let shape = self.shapes.len() as u32;
        self.turned.extend(given.turns.iter().map(|&degrees| {
            let turn = turn(degrees);
            Turned { degrees, pieces: Pieces::new(&given.form.pieces, turn), turn, shape }
        }));
        let turns = first..self.turned.len() as u32;
        let step = 360.0 / given.turns.len() as f64;
        let round = given.turns.len() > 4
            && given.turns.windows(2).all(|w| (w[1] - w[0] - step).abs() < SAME_TURN);
        self.most_margin = self.most_margin.max(given.keep.margin);
        self.shapes.push(Shape { form: given.form, turns, round, keep: given.keep });
    }

    /// A shape at one of its turns.
    #[inline(always)]
    pub(crate) fn turned(&self, turned: u32) -> &Turned {
        &self.turned[turned as usize]
    }

    /// Distance that two shapes must keep; without end below 0 if one may lie under the other.
    #[inline(always)]
    pub(crate) fn gap(&self, a: u32, b: u32) -> f64 {
        let (a, b) = (&self.shapes[a as usize].keep, &self.shapes[b as usize].keep);
        if a.height <= b.above || b.height <= a.above {
            return f64::NEG_INFINITY;
        }
        self.gap + a.margin + b.margin
    }

    /// Distance at which two shapes that are slid together stop: so much more than they must keep
    /// that rounding does not make them overlap.
    #[inline(always)]
    pub(crate) fn touch(&self, a: u32, b: u32) -> f64 {
        self.gap(a, b) + 1e-9 * self.longest
    }

    /// How far a turned outline stays from the edges of the box.
    #[inline(always)]
    pub(crate) fn margin(&self, turned: u32) -> f64 {
        self.shapes[self.turned(turned).shape as usize].keep.margin
    }

    /// The greatest distance that a shape must keep from any other one.
    #[inline(always)]
    pub(crate) fn most_gap(&self, shape: u32) -> f64 {
        self.gap + self.shapes[shape as usize].keep.margin + self.most_margin
    }
}
