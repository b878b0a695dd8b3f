//! Outlines at the turns they may have, and the no-fit polygons between them.

use std::ops::Range;
use std::sync::OnceLock;

use platewright_model::strip::{ring_area, turn};

use super::convex::{Point, convex_pieces};
use super::no_fit::{NoFit, bounds_of};
use super::simplify::simplified;

/// By how much the area of an outline may grow when its corners are thinned out: a thousandth.
const GROWTH: f64 = 1e-3;

/// An outline at one of its turns.
#[derive(Debug)]
pub(crate) struct Turned {
    /// Degrees counter-clockwise.
    pub(crate) degrees: f64,
    /// Width and height of its box.
    pub(crate) size: Point,
    /// Least corner of the box, in the frame that the outline was given in, turned.
    pub(crate) corner: Point,
    /// Convex pieces; the least corner of the box is the origin.
    pieces: Vec<Vec<Point>>,
}

/// An outline of which there are copies.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Its area.
    pub(crate) area: f64,
    /// Its turns, numbers into [`Outlines::turned`].
    pub(crate) turns: Range<u32>,
}

/// What is laid out: shapes, which shape each copy has, and how shapes block one another.
#[derive(Debug)]
pub(crate) struct Outlines {
    /// The shapes.
    pub(crate) shapes: Vec<Shape>,
    /// Shape of each copy.
    pub(crate) copies: Vec<usize>,
    /// All shapes at all their turns.
    pub(crate) turned: Vec<Turned>,
    /// By moving and fixed outline, made when first asked for.
    no_fits: Vec<OnceLock<NoFit>>,
    /// Outlines nearer than this to one another count as overlapping.
    gap: f64,
}

impl Outlines {
    /// Takes simple outlines, each with its number of copies and its turns in degrees.
    pub(crate) fn new<'a>(
        given: impl Iterator<Item = (&'a [Point], usize, Vec<f64>)>,
        gap: f64,
    ) -> Self {
        let (mut shapes, mut copies, mut turned) = (Vec::new(), Vec::new(), Vec::new());
        for (outline, count, turns) in given {
            let first = turned.len() as u32;
            let area = ring_area(outline);
            let mut ring = outline.to_vec();
            if area < 0.0 {
                ring.reverse();
            }
            let pieces = convex_pieces(&simplified(&ring, GROWTH));
            turned.extend(turns.iter().map(|&degrees| Turned::new(&pieces, degrees)));
            copies.extend(std::iter::repeat_n(shapes.len(), count));
            shapes.push(Shape { area: area.abs(), turns: first..turned.len() as u32 });
        }
        let no_fits = std::iter::repeat_with(OnceLock::new).take(turned.len().pow(2)).collect();
        Self { shapes, copies, turned, no_fits, gap }
    }

    /// The shape of a copy.
    pub(crate) fn shape(&self, copy: usize) -> &Shape {
        &self.shapes[self.copies[copy]]
    }

    /// A shape at one of its turns.
    #[inline(always)]
    pub(crate) fn turned(&self, turned: u32) -> &Turned {
        &self.turned[turned as usize]
    }

    /// The no-fit polygon of a moving outline around a fixed one.
    #[inline(always)]
    pub(crate) fn no_fit(&self, moving: u32, fixed: u32) -> &NoFit {
        let cell = &self.no_fits[moving as usize * self.turned.len() + fixed as usize];
        cell.get_or_init(|| {
            let pieces = |of: u32| &self.turned(of).pieces;
            NoFit::new(pieces(moving), pieces(fixed), self.gap)
        })
    }
}

impl Turned {
    fn new(pieces: &[Vec<Point>], degrees: f64) -> Self {
        let [sin, cos] = turn(degrees);
        let at = |p: &Point| [p[0] * cos - p[1] * sin, p[0] * sin + p[1] * cos];
        let mut pieces: Vec<Vec<Point>> =
            pieces.iter().map(|piece| piece.iter().map(at).collect()).collect();
        let [corner, high] = bounds_of(pieces.iter().flatten());
        for p in pieces.iter_mut().flatten() {
            *p = [p[0] - corner[0], p[1] - corner[1]];
        }
        Self { degrees, size: [high[0] - corner[0], high[1] - corner[1]], corner, pieces }
    }
}
