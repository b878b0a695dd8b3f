//! From the grid of contours to pixels of an image.

use super::options::RasterOptions;
use crate::region::{GRID_MM, GridPoint};

/// A pitch so near to a whole number of steps of the grid, relative to itself, is one: 0.05 mm
/// over 10 nm are 5000 steps, whatever 64 bits make of it.
const WHOLE: f64 = 1e-12;

/// Where points of the build come to lie in the image: in pixels from its first corner, x along
/// the rows and y from row to row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Pixels in x and y.
    pub(crate) size: [u32; 2],
    /// Origin, steps of the grid.
    origin: [f64; 2],
    /// Steps of the grid in a pixel.
    pitch: [f64; 2],
    /// Whether the axis of the image runs against that of the build.
    against: [bool; 2],
}

impl Frame {
    pub(crate) fn new(options: &RasterOptions) -> Self {
        let steps = |mm: f64| {
            let steps = mm / GRID_MM;
            let whole = steps.round();
            if (steps - whole).abs() <= WHOLE * steps.abs() { whole } else { steps }
        };
        Self {
            size: options.size,
            origin: options.origin_mm.map(steps),
            pitch: options.pitch_mm.map(steps),
            against: [options.mirrored[0], !options.mirrored[1]],
        }
    }

    /// Turns points of the grid into points of the image.
    ///
    /// Divides, since the quotient of a point on the border or at the centre of a pixel is exact
    /// where the product with an inverse is not.
    #[inline(always)]
    pub(crate) fn placing(&self, shift: GridPoint) -> impl Fn(&GridPoint) -> [f64; 2] + use<> {
        let shift = [0, 1].map(|k| f64::from(shift[k]) - self.origin[k]);
        let pitch = self.pitch;
        let sign = self.against.map(|against| if against { -1.0 } else { 1.0 });
        let end = self.size.map(f64::from);
        let base = [0, 1].map(|k| if self.against[k] { end[k] } else { 0.0 });
        move |p: &GridPoint| {
            [0, 1].map(|k| base[k] + sign[k] * ((f64::from(p[k]) + shift[k]) / pitch[k]))
        }
    }

    /// The pitch in steps of the grid, if that is a whole number in x and in y.
    pub(crate) fn whole_pitch(&self) -> Option<[i32; 2]> {
        let whole = self.pitch.iter().all(|pitch| pitch.fract() == 0.0);
        let far = self.pitch.iter().any(|&pitch| pitch > f64::from(i32::MAX));
        (whole && !far).then(|| self.pitch.map(|pitch| pitch as i32))
    }

    /// The pixels that a box may touch, along and across the rows: the first, and the first
    /// after; none if it reaches out of the image.
    pub(crate) fn touched(
        &self,
        bounds: [GridPoint; 2],
        shift: GridPoint,
    ) -> Option<[[u32; 2]; 2]> {
        let place = self.placing(shift);
        let [a, b] = bounds.map(|p| place(&p));
        let ends = [0, 1].map(|k| [a[k].min(b[k]).floor(), a[k].max(b[k]).ceil()]);
        let within = (0..2).all(|k| ends[k][0] >= 0.0 && ends[k][1] <= f64::from(self.size[k]));
        within.then(|| ends.map(|ends| ends.map(|end| end as u32)))
    }

    /// By how many pixels one shift lies from another along and across the rows, where that is
    /// a whole number of them.
    pub(crate) fn pixels_between(
        &self,
        from: GridPoint,
        to: GridPoint,
        pitch: [i32; 2],
    ) -> [i64; 2] {
        [0, 1].map(|k| {
            let pixels = (i64::from(to[k]) - i64::from(from[k])) / i64::from(pitch[k]);
            if self.against[k] { -pixels } else { pixels }
        })
    }

    /// What a contour that goes from row to row in ascending order adds to the pixels at its
    /// right: 1 or -1.
    pub(crate) fn rising(&self) -> i8 {
        // Counter-clockwise around solid, a contour that goes up in y has solid at its left.
        if self.against[0] == self.against[1] { -1 } else { 1 }
    }
}
