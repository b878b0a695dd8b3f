//! Small pictures of a build for the screens of printers, made from its layers.
//!
//! The build is seen from the front, square to x and z. The first solid behind each point of the
//! picture is that of the layer at its height; light falls on it from the upper left. Only
//! layers at the height of a row of the picture cost anything.

use std::sync::OnceLock;

use crate::error::SliceError;
use crate::layers::{Layer, Stack};
use crate::raster::{Depth, PngEncoder, Raster};

/// Pixels of the pictures that PrusaSlicer puts into an SL1 archive.
const SIZES: [[u32; 2]; 2] = [[400, 400], [800, 480]];
/// Share of a picture's width and height that the build may fill.
const FILLED: f64 = 0.9;
/// Least width and height that a build is taken for, mm.
const LEAST_MM: f64 = 1e-3;
/// Where the light comes from: right, to the front, up.
const LIGHT: [f64; 3] = [-0.5, 0.7, 0.5];
/// Grey of a surface that the light grazes, and what it gains where light falls straight on it.
const GREYS: [f64; 2] = [40.0, 208.0];
/// Step of the greys: coarse, so that pictures are small.
const GREY_STEP: u8 = 8;

/// The distances of what is seen from the front, as far as layers were added.
pub(super) struct View {
    /// Least x and z of the build, mm.
    origin: [f64; 2],
    /// Width and height of the build, mm.
    extent: [f64; 2],
    /// Points for a millimetre, as the greatest picture needs.
    scale: f64,
    columns: usize,
    /// Rows from the plate up.
    rows: Vec<OnceLock<Row>>,
    /// Rows after which another layer is certain.
    next_layer: usize,
}

/// What is seen of the layer at the height of a row.
#[derive(Clone, Debug)]
struct Row {
    /// Height of the layer's cut, mm.
    cut_mm: f64,
    /// The y of what is seen at each column, mm; infinite where nothing is.
    seen: Vec<f64>,
}

/// Points for a millimetre at which a build fills a picture.
fn scale_for(extent: [f64; 2], size: [u32; 2]) -> f64 {
    let scales = [0, 1].map(|k| FILLED * f64::from(size[k]) / extent[k]);
    scales[0].min(scales[1])
}

/// The first whole number whose middle does not lie before `x`.
fn first_middle(x: f64) -> usize {
    // The conversion saturates.
    (x - 0.5).ceil() as usize
}

impl View {
    /// Of a build of layers of one thickness, mm.
    pub(super) fn new(stack: &Stack, layer_mm: f64) -> Self {
        let (min, size) = (stack.bounds.min, stack.bounds.size());
        let extent = [size[0].max(LEAST_MM), size[2].max(LEAST_MM)];
        let scale = SIZES.iter().fold(0.0, |scale: f64, &size| scale.max(scale_for(extent, size)));
        let [columns, rows] = extent.map(|mm| ((mm * scale).ceil() as usize).max(1));
        let rows = (0..rows).map(|_| OnceLock::new()).collect();
        let next_layer = (layer_mm * scale).ceil() as usize;
        Self { origin: [min[0], min[2]], extent, scale, columns, rows, next_layer }
    }

    /// Adds a layer: each once, in any order.
    pub(super) fn add(&self, layer: &Layer) {
        let place = |mm: f64, k: usize| (mm - self.origin[k]) * self.scale;
        let ends = [layer.bottom_mm, layer.top_mm].map(|z| first_middle(place(z, 1)));
        let [from, to] = ends.map(|row| row.min(self.rows.len()));
        if from >= to {
            return;
        }
        let mut seen = vec![f64::INFINITY; self.columns];
        for contour in layer.contours() {
            let points = contour.points().map(|[x, y]| [place(x, 0), y]);
            let Some(last) = points.clone().last() else { continue };
            let mut a = last;
            for b in points {
                let ends = [a[0].min(b[0]), a[0].max(b[0])].map(first_middle);
                let [first, end] = ends.map(|column| column.min(self.columns));
                for (column, seen) in (first..).zip(&mut seen[first..end.max(first)]) {
                    let share = (column as f64 + 0.5 - a[0]) / (b[0] - a[0]);
                    *seen = seen.min(a[1] + share * (b[1] - a[1]));
                }
                a = b;
            }
        }
        for row in &self.rows[from..to] {
            // Each row lies in one layer.
            let _ = row.set(Row { cut_mm: layer.cut_mm, seen: seen.clone() });
        }
    }

    /// The pictures with their names in an archive.
    pub(super) fn pictures(&self) -> Result<Vec<(String, Vec<u8>)>, SliceError> {
        let picture = |&size: &[u32; 2]| {
            let [width, height] = size;
            let file = PngEncoder::new(size, Depth::Eight).encode(&self.picture(size))?;
            Ok((format!("thumbnail/thumbnail{width}x{height}.png"), file))
        };
        SIZES.iter().map(picture).collect()
    }

    /// The build in the middle of a picture.
    fn picture(&self, size: [u32; 2]) -> Raster {
        let scale = scale_for(self.extent, size);
        // From a pixel of the picture, counted from its middle, to a point of the view.
        let point = |pixel: u32, k: usize| {
            let mm = (f64::from(pixel) + 0.5 - 0.5 * f64::from(size[k])) / scale;
            let point = (mm + 0.5 * self.extent[k]) * self.scale;
            (point >= 0.0).then_some(point as usize)
        };
        let columns: Vec<Option<usize>> = (0..size[0]).map(|x| point(x, 0)).collect();
        let mut raster = Raster::new(size);
        for y in (0..size[1]).rev() {
            let lit = point(y, 1).and_then(|row| self.lit(row));
            let grey = |column| lit.as_ref().map_or(0, |lit| lit.grey(column));
            raster.push_row(columns.iter().map(|column| column.map_or(0, grey)));
        }
        raster
    }

    /// A row with those that tell its slopes.
    fn lit(&self, row: usize) -> Option<Lit<'_>> {
        let row_at = |row: usize| self.rows.get(row)?.get();
        let below = row.checked_sub(self.next_layer).and_then(row_at);
        let above = row_at(row.saturating_add(self.next_layer));
        Some(Lit { here: row_at(row)?, beside: [below, above], scale: self.scale })
    }
}

/// A row in its light.
struct Lit<'a> {
    here: &'a Row,
    /// A layer below and one above.
    beside: [Option<&'a Row>; 2],
    /// Points for a millimetre.
    scale: f64,
}

impl Row {
    /// The y of what is seen at a column, mm.
    #[inline(always)]
    fn at(&self, column: usize) -> Option<f64> {
        self.seen.get(column).copied().filter(|y| y.is_finite())
    }
}

/// The lesser of the slopes to two sides: the other may lead to another surface.
#[inline(always)]
fn lesser(slopes: [Option<f64>; 2]) -> f64 {
    match slopes {
        [Some(a), Some(b)] => {
            if a.abs() <= b.abs() {
                a
            } else {
                b
            }
        }
        [Some(a), None] | [None, Some(a)] => a,
        [None, None] => 0.0,
    }
}

impl Lit<'_> {
    /// The grey of a point: 0 where nothing is seen.
    #[inline(always)]
    fn grey(&self, column: usize) -> u8 {
        let Some(y) = self.here.at(column) else { return 0 };
        let left = self.here.at(column.wrapping_sub(1)).map(|other| (y - other) * self.scale);
        let right = self.here.at(column + 1).map(|other| (other - y) * self.scale);
        let along_z = self.beside.map(|row| {
            let row = row?;
            Some((row.at(column)? - y) / (row.cut_mm - self.here.cut_mm))
        });
        let normal = [lesser([left, right]), 1.0, lesser(along_z)];
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let light = dot(normal, LIGHT) / (dot(normal, normal) * dot(LIGHT, LIGHT)).sqrt();
        let grey = (GREYS[0] + GREYS[1] * light.max(0.0)) as u8;
        grey / GREY_STEP * GREY_STEP
    }
}
