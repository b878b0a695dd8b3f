//! Images against slow counterparts, and PNG files against another decoder.

mod coverage;
mod files;

use std::sync::Arc;

use platewright_model::stage::LayerFacts;

use super::{Raster, RasterOptions, Rasterizer, Shade};
use crate::layers::{Layer, Piece};
use crate::region::{GRID_MM, GridPoint, Region};

/// A layer of moved regions.
fn layer(pieces: &[(GridPoint, &Region)]) -> Layer {
    let piece = |(part, (shift, region)): (u32, &(GridPoint, &Region))| Piece {
        part,
        shift: *shift,
        region: Arc::new((*region).clone()),
    };
    Layer {
        index: 0,
        bottom_mm: 0.0,
        top_mm: 0.1,
        cut_mm: 0.05,
        pieces: (0..).zip(pieces).map(piece).collect(),
        facts: LayerFacts { top_mm: 0.1, area_mm2: 0.0, perimeter_mm: 0.0, contours: 0 },
    }
}

/// A region of rings in steps of the grid.
fn region(rings: &[&[GridPoint]]) -> Region {
    let mut region = Region::default();
    rings.iter().for_each(|ring| region.push(ring.iter().copied()));
    region
}

fn rectangle([x, y]: GridPoint, [to_x, to_y]: GridPoint) -> Region {
    region(&[&[[x, y], [to_x, y], [to_x, to_y], [x, to_y]]])
}

/// Options for pixels of so many steps of the grid.
fn options(steps: [f64; 2], size: [u32; 2], shade: Shade) -> RasterOptions {
    RasterOptions { shade, ..RasterOptions::new(steps.map(|s| s * GRID_MM), size) }
}

fn raster(layer: &Layer, options: &RasterOptions) -> Raster {
    Rasterizer::new(options).expect("the options make an image").raster(layer)
}

/// All pixels of a row.
fn pixels(raster: &Raster, y: u32) -> Vec<u8> {
    let mut row: Vec<u8> =
        raster.row(y).flat_map(|run| std::iter::repeat_n(run.value, run.len as usize)).collect();
    assert!(row.len() <= raster.size()[0] as usize, "a row is no longer than the image is wide");
    row.resize(raster.size()[0] as usize, 0);
    row
}

/// All pixels, row after row.
fn bitmap(raster: &Raster) -> Vec<u8> {
    (0..raster.size()[1]).flat_map(|y| pixels(raster, y)).collect()
}

/// Numbers from 0 to 1 that look random (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: u32) -> u32 {
        (self.next() * f64::from(n)) as u32
    }
}

/// A ring around a point, its corners at random distances: it does not cross itself.
fn star(chance: &mut Chance, [x, y]: GridPoint, reach: f64, corners: u32) -> Vec<GridPoint> {
    (0..corners)
        .map(|k| {
            let angle = std::f64::consts::TAU * f64::from(k) / f64::from(corners);
            let r = reach * (0.2 + 0.8 * chance.next());
            [x + (r * angle.cos()) as i32, y + (r * angle.sin()) as i32]
        })
        .collect()
}
