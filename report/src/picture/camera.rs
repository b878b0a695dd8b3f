//! Parallel projections of the build's frame onto a picture.

use nalgebra::{Matrix3, Point3, Vector3};
use platewright_model::geometry::BoxMm;

/// A parallel projection: x to the right, y down (pixels), z towards the viewer (mm).
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    axes: Matrix3<f64>,
    scale: f64,
    shift: [f64; 2],
}

impl Camera {
    /// Looks straight down; the plate's front edge is at the bottom of the picture.
    pub fn from_above(scene: &BoxMm, width: usize, height: usize, margin: f64) -> Self {
        let axes = Matrix3::new(1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0);
        Self::fitted(axes, scene, width, height, margin)
    }

    /// Looks from the front right, somewhat from above.
    pub fn from_front_right(scene: &BoxMm, width: usize, height: usize, margin: f64) -> Self {
        let (turn, tilt) = (0.62_f64, 0.50_f64);
        let right = Vector3::new(turn.cos(), turn.sin(), 0.0);
        let towards = Vector3::new(turn.sin() * tilt.cos(), -turn.cos() * tilt.cos(), tilt.sin());
        let down = right.cross(&towards);
        let axes = Matrix3::from_rows(&[right.transpose(), down.transpose(), towards.transpose()]);
        Self::fitted(axes, scene, width, height, margin)
    }

    /// Scales and shifts so that the whole box `scene` lies in the picture.
    fn fitted(axes: Matrix3<f64>, scene: &BoxMm, width: usize, height: usize, margin: f64) -> Self {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for corner in corners(scene) {
            let p = axes * corner.coords;
            for k in 0..2 {
                low[k] = low[k].min(p[k]);
                high[k] = high[k].max(p[k]);
            }
        }
        let room = [width as f64 - 2.0 * margin, height as f64 - 2.0 * margin];
        let scale =
            (0..2).map(|k| room[k] / (high[k] - low[k]).max(1e-9)).fold(f64::INFINITY, f64::min);
        let size = [width as f64, height as f64];
        let shift = [0, 1].map(|k| size[k] / 2.0 - scale * (low[k] + high[k]) / 2.0);
        Self { axes, scale, shift }
    }

    /// Picture position (pixels) and nearness (mm, greater is nearer) of a point.
    pub fn project(&self, p: Point3<f64>) -> [f64; 3] {
        let q = self.axes * p.coords;
        [q[0] * self.scale + self.shift[0], q[1] * self.scale + self.shift[1], q[2]]
    }

    /// Direction to the viewer in the build's frame, of length 1.
    pub fn towards_viewer(&self) -> Vector3<f64> {
        self.axes.row(2).transpose()
    }
}

/// The eight corners of a box; corner `i` takes the maximum of axis `k` where bit `k` is set.
pub(super) fn corners(scene: &BoxMm) -> [Point3<f64>; 8] {
    std::array::from_fn(|i| {
        let pick = |k: usize| if i >> k & 1 == 1 { scene.max[k] } else { scene.min[k] };
        Point3::new(pick(0), pick(1), pick(2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENE: BoxMm = BoxMm { min: [0.0; 3], max: [200.0, 100.0, 50.0] };

    #[test]
    fn every_corner_is_in_the_picture() {
        for camera in [
            Camera::from_above(&SCENE, 300, 200, 10.0),
            Camera::from_front_right(&SCENE, 300, 200, 10.0),
        ] {
            for corner in corners(&SCENE) {
                let [x, y, _] = camera.project(corner);
                assert!((9.9..290.1).contains(&x) && (9.9..190.1).contains(&y), "{x} {y}");
            }
        }
    }

    #[test]
    fn higher_is_up_and_front_is_near() {
        let camera = Camera::from_front_right(&SCENE, 300, 200, 10.0);
        let low = camera.project(Point3::new(0.0, 0.0, 0.0));
        let high = camera.project(Point3::new(0.0, 0.0, 50.0));
        let back = camera.project(Point3::new(0.0, 100.0, 0.0));
        assert!(high[1] < low[1], "z must point up in the picture");
        assert!(low[2] > back[2], "the front must be nearer than the back");
        let right = camera.project(Point3::new(200.0, 0.0, 0.0));
        assert!(right[0] > low[0], "x must point to the right");
    }
}
