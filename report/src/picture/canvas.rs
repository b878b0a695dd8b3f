//! A picture with depth: triangles and lines, the nearer hides the farther.

use super::Rgb;

/// A picture under way.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: usize,
    height: usize,
    colour: Vec<Rgb>,
    depth: Vec<f32>,
}

impl Canvas {
    /// An empty picture of one colour.
    pub fn new(width: usize, height: usize, background: Rgb) -> Self {
        let n = width * height;
        Self { width, height, colour: vec![background; n], depth: vec![f32::NEG_INFINITY; n] }
    }

    /// Draws a triangle of one colour; corners are pixel x, pixel y and nearness.
    pub fn triangle(&mut self, corners: [[f64; 3]; 3], colour: Rgb) {
        let [a, b, c] = corners;
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if area.abs() < 1e-12 {
            return;
        }
        let span = |k: usize, limit: usize| {
            let low = a[k].min(b[k]).min(c[k]).floor().max(0.0) as usize;
            let high = (a[k].max(b[k]).max(c[k]).ceil() + 1.0).clamp(0.0, limit as f64) as usize;
            low..high
        };
        let columns = span(0, self.width);
        for y in span(1, self.height) {
            for x in columns.clone() {
                let p = [x as f64 + 0.5, y as f64 + 0.5];
                let wa = ((b[0] - p[0]) * (c[1] - p[1]) - (c[0] - p[0]) * (b[1] - p[1])) / area;
                let wb = ((c[0] - p[0]) * (a[1] - p[1]) - (a[0] - p[0]) * (c[1] - p[1])) / area;
                let wc = 1.0 - wa - wb;
                if wa >= 0.0 && wb >= 0.0 && wc >= 0.0 {
                    self.dot(x, y, (wa * a[2] + wb * b[2] + wc * c[2]) as f32, colour, 1.0);
                }
            }
        }
    }

    /// Draws a line two pixels wide, `strength` (0–1) of its colour over what is there.
    pub fn line(&mut self, from: [f64; 3], to: [f64; 3], colour: Rgb, strength: f32) {
        let steps = (to[0] - from[0]).abs().max((to[1] - from[1]).abs()).ceil().max(1.0);
        for i in 0..=steps as usize {
            let t = i as f64 / steps;
            let at: [f64; 3] = std::array::from_fn(|k| from[k] + t * (to[k] - from[k]));
            for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
                let (x, y) = (at[0] + dx, at[1] + dy);
                if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
                    self.blend(x as usize, y as usize, at[2] as f32, colour, strength);
                }
            }
        }
    }

    /// The picture at half the size, each pixel the mean of four.
    pub fn halved(&self) -> (usize, usize, Vec<Rgb>) {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at = 2 * y * self.width + 2 * x;
                let four = [at, at + 1, at + self.width, at + self.width + 1];
                pixels.push(std::array::from_fn(|k| {
                    four.iter().map(|&i| self.colour[i][k]).sum::<f32>() / 4.0
                }));
            }
        }
        (width, height, pixels)
    }

    /// Darkens pixels just behind a nearer neighbour, so that parts stand out from one another;
    /// `step` is the least difference in depth, mm.
    pub fn outline(&mut self, step: f32) {
        let (w, h) = (self.width, self.height);
        let mut edges = Vec::new();
        for y in 1..h - 1 {
            for x in 1..w - 1 {
                let at = y * w + x;
                let here = self.depth[at];
                let nearest = [at - 1, at + 1, at - w, at + w]
                    .into_iter()
                    .map(|i| self.depth[i])
                    .fold(f32::NEG_INFINITY, f32::max);
                if nearest - here > step {
                    edges.push(at);
                }
            }
        }
        for at in edges {
            self.colour[at] = self.colour[at].map(|c| c * 0.62);
        }
    }

    fn dot(&mut self, x: usize, y: usize, depth: f32, colour: Rgb, strength: f32) {
        let at = y * self.width + x;
        if depth > self.depth[at] {
            self.depth[at] = depth;
            self.mix(at, colour, strength);
        }
    }

    fn blend(&mut self, x: usize, y: usize, depth: f32, colour: Rgb, strength: f32) {
        let at = y * self.width + x;
        if depth > self.depth[at] {
            self.mix(at, colour, strength);
        }
    }

    fn mix(&mut self, at: usize, colour: Rgb, strength: f32) {
        for (old, new) in self.colour[at].iter_mut().zip(colour) {
            *old += (new - *old) * strength;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Rgb = [1.0, 0.0, 0.0];
    const BLUE: Rgb = [0.0, 0.0, 1.0];

    fn covered(canvas: &Canvas, colour: Rgb) -> usize {
        canvas.colour.iter().filter(|&&c| c == colour).count()
    }

    #[test]
    fn a_triangle_covers_half_its_box() {
        let mut canvas = Canvas::new(100, 100, [1.0; 3]);
        canvas.triangle([[0.0, 0.0, 0.0], [80.0, 0.0, 0.0], [0.0, 80.0, 0.0]], RED);
        let share = covered(&canvas, RED) as f64 / 6400.0;
        assert!((share - 0.5).abs() < 0.02, "{share}");
    }

    #[test]
    fn the_nearer_triangle_hides_the_farther_in_any_order() {
        let triangle = |z: f64| [[0.0, 0.0, z], [80.0, 0.0, z], [0.0, 80.0, z]];
        for (first, second) in [(RED, BLUE), (BLUE, RED)] {
            let mut canvas = Canvas::new(100, 100, [1.0; 3]);
            for colour in [first, second] {
                canvas.triangle(triangle(if colour == RED { 5.0 } else { 1.0 }), colour);
            }
            assert_eq!(covered(&canvas, BLUE), 0);
        }
    }

    #[test]
    fn a_degenerate_triangle_draws_nothing() {
        let mut canvas = Canvas::new(10, 10, [1.0; 3]);
        canvas.triangle([[1.0, 1.0, 0.0]; 3], RED);
        canvas.triangle([[f64::NAN; 3], [0.0; 3], [1.0; 3]], RED);
        assert_eq!(covered(&canvas, RED), 0);
    }
}
