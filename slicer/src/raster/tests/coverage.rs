//! Coverage of pixels.

use super::*;
use crate::raster::Run;
use crate::region::Fill;

/// Area of a ring's part in a rectangle (Sutherland and Hodgman 1974: what is added along the
/// border cancels in the area).
fn clipped_area(ring: &[[f64; 2]], low: [f64; 2], high: [f64; 2]) -> f64 {
    let mut ring = ring.to_vec();
    for k in 0..2 {
        for (line, sign) in [(low[k], 1.0), (high[k], -1.0)] {
            let depth = |p: &[f64; 2]| sign * (p[k] - line);
            let mut kept = Vec::new();
            for (i, b) in ring.iter().enumerate() {
                let a = &ring[(i + ring.len() - 1) % ring.len()];
                let (da, db) = (depth(a), depth(b));
                if (da < 0.0) != (db < 0.0) {
                    let share = da / (da - db);
                    kept.push([0, 1].map(|j| a[j] + share * (b[j] - a[j])));
                }
                if db >= 0.0 {
                    kept.push(*b);
                }
            }
            ring = kept;
        }
    }
    let cross = |a: &[f64; 2], b: &[f64; 2]| a[0] * b[1] - a[1] * b[0];
    (0..ring.len()).map(|i| 0.5 * cross(&ring[i], &ring[(i + 1) % ring.len()])).sum()
}

/// The share of each pixel that is solid, row after row, the greatest y first.
fn slow_coverage(layer: &Layer, options: &RasterOptions) -> Vec<f64> {
    let [width, height] = options.size;
    let rings: Vec<Vec<[f64; 2]>> = layer.contours().map(|c| c.points().collect()).collect();
    let mut shares = Vec::new();
    for row in 0..height {
        for column in 0..width {
            let y = height - 1 - row;
            let corner = |at: [u32; 2]| {
                [0, 1].map(|k| options.origin_mm[k] + f64::from(at[k]) * options.pitch_mm[k])
            };
            let (low, high) = (corner([column, y]), corner([column + 1, y + 1]));
            let area: f64 = rings.iter().map(|ring| clipped_area(ring, low, high)).sum();
            shares.push(area / options.pixel_area());
        }
    }
    shares
}

fn check_against_slow(layer: &Layer, options: &RasterOptions) {
    let raster = raster(layer, options);
    let shares = slow_coverage(layer, options);
    for (k, (share, value)) in shares.iter().zip(bitmap(&raster)).enumerate() {
        let exact = share.clamp(0.0, 1.0) * 255.0;
        let off = (f64::from(value) - exact).abs();
        assert!(off <= 0.5 + 1e-4, "pixel {k} of {:?}: {value}, not {exact}", options.size);
    }
}

#[test]
fn rectangles_cover_what_they_cover() {
    for (steps, from, to) in [
        ([5000.0, 5000.0], [1000, 2500], [31_500, 22_100]),
        ([5000.0, 5000.0], [5000, 10_000], [30_000, 25_000]),
        ([3993.75, 4725.0], [11, 3], [12_345, 17_777]),
        ([12_700.0 / 3.0, 12_700.0 / 3.0], [4999, 1], [5001, 40_000]),
    ] {
        let options = options(steps, [9, 7], Shade::Grey);
        let raster = raster(&layer(&[([0; 2], &rectangle(from, to))]), &options);
        let share = |k: usize, cell: u32| {
            let (low, high) = (f64::from(cell) * steps[k], f64::from(cell + 1) * steps[k]);
            (f64::from(to[k]).min(high) - f64::from(from[k]).max(low)).max(0.0) / steps[k]
        };
        for row in 0..7 {
            for (column, value) in (0..).zip(pixels(&raster, row)) {
                let exact = 255.0 * share(0, column) * share(1, 6 - row);
                // Halves up; the closed form itself is rounded to 64 bits.
                assert_eq!(value, (exact + 0.5 + 1e-9) as u8, "{exact} at {column}, {row}");
            }
        }
    }
}

#[test]
fn halves_are_rounded_up() {
    // A tenth, three tenths and so on of 255 end in one half.
    for tenths in [1, 3, 5, 7, 9] {
        let box_ = rectangle([500 * (10 - tenths) + 5000 * 7, 0], [5000 * 8, 5000]);
        let options = options([5000.0; 2], [2400, 1], Shade::Grey);
        let raster = raster(&layer(&[([0; 2], &box_)]), &options);
        assert_eq!(i32::from(pixels(&raster, 0)[7]), (255 * tenths + 5) / 10);
        assert_eq!(raster.n_runs(), 2);
    }
}

#[test]
fn random_shapes_cover_what_clipping_says() {
    let mut chance = Chance(7);
    for round in 0..60 {
        let size = [1 + chance.below(40), 1 + chance.below(150)];
        let steps = [0, 1].map(|_| 200.0 + 3000.0 * chance.next());
        let extent = [0, 1].map(|k| (f64::from(size[k]) * steps[k]) as i32);
        let centre = extent.map(|e| e / 2);
        // Some reach out of the image.
        let reach = f64::from(extent[0].max(extent[1])) * (0.2 + 0.6 * chance.next());
        let corners = 3 + chance.below(60);
        let outer = star(&mut chance, centre, reach, corners);
        let hole: Vec<_> = star(&mut chance, centre, 0.15 * reach, 9).into_iter().rev().collect();
        let shape = region(&[&outer, &hole]).united(Fill::Positive);
        let options = options(steps, size, Shade::Grey);
        let shift = [chance.below(500) as i32 - 250, round];
        check_against_slow(&layer(&[(shift, &shape)]), &options);
    }
}

#[test]
fn flat_and_steep_slivers_cover_what_clipping_says() {
    let size = [200, 300];
    let options = options([1000.0; 2], size, Shade::Grey);
    for ring in [
        [[0, 0], [200_000, 1], [200_000, 3]],
        [[0, 0], [1, 0], [2, 300_000]],
        [[100, 5], [199_999, 299_999], [100, 299_000]],
        [[500, 500], [150_500, 500], [150_500, 1500]],
        [[0, 1000], [200_000, 1000], [100_000, 2000]],
    ] {
        check_against_slow(&layer(&[([0; 2], &region(&[&ring]))]), &options);
    }
}

#[test]
fn what_lies_out_of_the_image_is_cut_off() {
    let big = rectangle([-1_000_000, -500_000], [1_000_000, 700_000]);
    let options = options([1000.0; 2], [10, 8], Shade::Grey);
    assert!(bitmap(&raster(&layer(&[([0; 2], &big)]), &options)).iter().all(|&v| v == 255));
    for shift in [[2_000_000, 0], [-2_000_000, 0], [0, 1_000_000], [0, -1_000_000]] {
        assert_eq!(raster(&layer(&[(shift, &big)]), &options).sum(), 0, "{shift:?}");
    }
    // To the left a shape still bounds what is in the image.
    let ring: &[GridPoint] = &[[-20_000, -3000], [4500, 2500], [-20_000, 9000]];
    check_against_slow(&layer(&[([0; 2], &region(&[ring]))]), &options);
}

#[test]
fn the_sum_is_the_area_of_the_region() {
    let mut chance = Chance(11);
    for pitch in [[0.05, 0.05], [0.04, 0.07], [0.0399375, 0.0423]] {
        let ring = star(&mut chance, [2_000_000, 2_000_000], 1_500_000.0, 700);
        let shape = region(&[&ring]);
        let options = RasterOptions::new(pitch, [1100, 1000]);
        let raster = raster(&layer(&[([0; 2], &shape)]), &options);
        let sum = raster.sum() as f64 / 255.0 * options.pixel_area();
        // Each grey pixel is rounded by up to half a step, as often up as down.
        assert!((sum / shape.area() - 1.0).abs() < 2e-5, "{sum} for {}", shape.area());
    }
}

#[test]
fn a_circle_has_its_area_and_its_symmetry() {
    let n = 720;
    let point = |k: i32| {
        let angle = std::f64::consts::TAU * f64::from(k) / f64::from(n);
        [angle.cos(), angle.sin()].map(|c| 500_000 + (400_000.0 * c).round() as i32)
    };
    let ring: Vec<_> = (0..n).map(point).collect();
    let options = options([5000.0; 2], [200, 200], Shade::Grey);
    let raster = raster(&layer(&[([0; 2], &region(&[&ring]))]), &options);
    let area = raster.sum() as f64 / 255.0 * options.pixel_area();
    assert!((area / (std::f64::consts::PI * 16.0) - 1.0).abs() < 2e-5 + 1.3e-5, "{area}");
    for y in 0..200 {
        let row = pixels(&raster, y);
        assert_eq!(row, pixels(&raster, 199 - y));
        assert!(row.iter().eq(row.iter().rev()));
    }
}

#[test]
fn neighbours_add_up() {
    // Two parts that share a slanting border make a rectangle between them.
    let left = region(&[&[[0, 0], [3777, 0], [6123, 10_000], [0, 10_000]]]);
    let right = region(&[&[[3777, 0], [10_000, 0], [10_000, 10_000], [6123, 10_000]]]);
    for shade in [Shade::Grey, Shade::Centre] {
        let options = options([990.0, 1000.0], [10, 10], shade);
        let both = raster(&layer(&[([0; 2], &left), ([0; 2], &right)]), &options);
        assert!(bitmap(&both).iter().all(|&v| v == 255), "{shade:?}");
    }
    // Parts that overlap are no more than solid.
    let options = options([1000.0; 2], [10, 10], Shade::Grey);
    let twice = raster(&layer(&[([0; 2], &left), ([0; 2], &left)]), &options);
    assert!(
        bitmap(&twice)
            .iter()
            .zip(bitmap(&raster(&layer(&[([0; 2], &left)]), &options)))
            .all(|(&twice, once)| u32::from(twice) == (2 * u32::from(once)).min(255)
                || u32::from(twice).abs_diff((2 * u32::from(once)).min(255)) <= 1)
    );
}

#[test]
fn copies_moved_by_whole_pixels_are_moved_images() {
    let mut chance = Chance(5);
    let shape = region(&[&star(&mut chance, [30_000, 40_000], 25_000.0, 41)]);
    for shade in [Shade::Grey, Shade::Centre] {
        let options = options([1250.0, 1000.0], [120, 300], shade);
        let one = raster(&layer(&[([0; 2], &shape)]), &options);
        for [dx, dy] in [[1_u32, 0], [0, 1], [40, 128], [7, 200]] {
            let shift = [1250 * dx as i32, 1000 * dy as i32];
            let moved = raster(&layer(&[(shift, &shape)]), &options);
            for y in 0..300 {
                // Moved up is moved to lesser rows.
                let mut wanted = pixels(&one, y + dy);
                if y + dy >= 300 {
                    wanted = vec![0; 120];
                }
                wanted.rotate_right(dx as usize);
                assert_eq!(pixels(&moved, y), wanted, "row {y} moved by {dx}, {dy}");
            }
        }
    }
}

#[test]
fn copies_that_share_a_region_are_as_if_they_did_not() {
    let mut chance = Chance(13);
    let shapes: Vec<Arc<Region>> = [23, 40]
        .map(|corners| star(&mut chance, [9_000, 8_000], 8_000.0, corners))
        .iter()
        .map(|ring| Arc::new(region(&[ring])))
        .collect();
    for round in 0..60 {
        let pitch = [[1000.0, 500.0], [250.0, 1000.0], [999.5, 1000.0]][round % 3];
        let mut layer = layer(&[]);
        // In cells side by side; some by a fraction of a pixel off, some overlap or reach out.
        for cell in 0..12 {
            let whole = [chance.below(3), chance.below(3)].map(|n| 1000 * n as i32);
            let off = [0, 0, 0, 250, 77][chance.below(if round < 20 { 3 } else { 5 }) as usize];
            let far = if chance.below(200) == 0 { -12_000 } else { 0 };
            let shift = [cell % 4 * 20_000 + whole[0] + off + far, cell / 4 * 20_000 + whole[1]];
            let region = Arc::clone(&shapes[chance.below(2) as usize]);
            layer.pieces.push(Piece { part: cell as u32, shift, region });
        }
        let mut apart = layer.clone();
        for piece in &mut apart.pieces {
            piece.region = Arc::new((*piece.region).clone());
        }
        for shade in [Shade::Grey, Shade::Centre] {
            let plain =
                options(pitch, [90 * 1000 / pitch[0] as u32, 70_000 / pitch[1] as u32], shade);
            for mirrored in [[false, false], [true, false], [true, true]] {
                let options = RasterOptions { mirrored, ..plain };
                let (shared, own) = (raster(&layer, &options), raster(&apart, &options));
                assert!(shared == own, "round {round}, {shade:?}, {mirrored:?}");
            }
        }
    }
}

#[test]
fn copies_that_touch_are_one() {
    let box_ = Arc::new(rectangle([0, 0], [3000, 4000]));
    let mut layer = layer(&[]);
    for part in 0..4 {
        let shift = [part as i32 * 3000, 0];
        layer.pieces.push(Piece { part, shift, region: Arc::clone(&box_) });
    }
    let raster = raster(&layer, &options([1000.0; 2], [20, 4], Shade::Grey));
    let rows: Vec<Vec<_>> = (0..4).map(|y| raster.row(y).collect()).collect();
    assert_eq!(rows, vec![vec![Run { value: 255, len: 12 }]; 4]);
}

#[test]
fn centres_in_solid_are_solid() {
    let mut chance = Chance(3);
    for _ in 0..40 {
        let size = [1 + chance.below(90), 1 + chance.below(260)];
        let steps = [0, 1].map(|_| 50.0 + 700.0 * chance.next());
        let extent = [0, 1].map(|k| f64::from(size[k]) * steps[k]);
        let corners = 3 + chance.below(40);
        let centre = extent.map(|e| e as i32 / 2);
        let ring = star(&mut chance, centre, 0.7 * extent[0].max(extent[1]), corners);
        let options = options(steps, size, Shade::Centre);
        let raster = raster(&layer(&[([0; 2], &region(&[&ring]))]), &options);
        for row in 0..size[1] {
            let y = f64::from(size[1] - 1 - row) * steps[1] + 0.5 * steps[1];
            for (column, value) in (0..).zip(pixels(&raster, row)) {
                let x = (f64::from(column) + 0.5) * steps[0];
                // By the rule of even and odd, on a ring that does not cross itself.
                let mut inside = false;
                let mut near = false;
                for (k, b) in ring.iter().enumerate() {
                    let a = ring[(k + ring.len() - 1) % ring.len()].map(f64::from);
                    let b = b.map(f64::from);
                    if (a[1] > y) != (b[1] > y) {
                        let at = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                        inside ^= at > x;
                        near |= (at - x).abs() < 1e-3;
                    }
                }
                if !near {
                    assert_eq!(value == 255, inside, "{column}, {row} of {size:?}");
                }
            }
        }
    }
}

#[test]
fn contours_through_centres_count_once() {
    // Edges exactly at the centres of pixels: a shape of two pixels is two pixels wherever.
    let options = options([1000.0; 2], [12, 12], Shade::Centre);
    for at in [500, 1500, 2500, 4000] {
        let shape = rectangle([at, at], [at + 2000, at + 3000]);
        assert_eq!(raster(&layer(&[([0; 2], &shape)]), &options).sum(), 6 * 255, "at {at}");
    }
}

#[test]
fn rows_of_any_number_of_contours_are_whole() {
    // A comb of teeth of two pixels and gaps of two.
    let options = options([1000.0; 2], [300, 5], Shade::Centre);
    let tooth = rectangle([0, 0], [2000, 5000]);
    for teeth in [1, 2, 11, 12, 13, 40, 75] {
        let comb: Vec<(GridPoint, &Region)> =
            (0..teeth).rev().map(|k| ([k * 4000, 0], &tooth)).collect();
        let raster = raster(&layer(&comb), &options);
        for row in 0..5 {
            for (column, value) in (0..).zip(pixels(&raster, row)) {
                let solid = column < 4 * teeth && column % 4 < 2;
                assert_eq!(value == 255, solid, "{column} of {teeth} teeth");
                assert!(matches!(value, 0 | 255));
            }
        }
    }
}

#[test]
fn images_can_be_turned_over() {
    let mut chance = Chance(9);
    let shape = region(&[&star(&mut chance, [30_000, 40_000], 25_000.0, 41)]);
    for shade in [Shade::Grey, Shade::Centre] {
        let plain = options([1000.0; 2], [70, 90], shade);
        let straight = raster(&layer(&[([0; 2], &shape)]), &plain);
        for mirrored in [[true, false], [false, true], [true, true]] {
            let options = RasterOptions { mirrored, ..plain };
            let turned = raster(&layer(&[([0; 2], &shape)]), &options);
            for y in 0..90 {
                let mut wanted = pixels(&straight, if mirrored[1] { 89 - y } else { y });
                if mirrored[0] {
                    wanted.reverse();
                }
                assert_eq!(pixels(&turned, y), wanted, "{mirrored:?}");
            }
        }
    }
}

#[test]
fn options_of_no_use_are_refused() {
    let good = RasterOptions::new([0.05; 2], [100, 100]);
    assert!(good.check().is_ok());
    for bad in [
        RasterOptions { pitch_mm: [0.0, 0.05], ..good },
        RasterOptions { pitch_mm: [0.05, f64::NAN], ..good },
        RasterOptions { size: [0, 5], ..good },
        RasterOptions { size: [5, 100_000], ..good },
        RasterOptions { origin_mm: [f64::INFINITY, 0.0], ..good },
    ] {
        assert!(Rasterizer::new(&bad).is_err(), "{bad:?}");
    }
}
