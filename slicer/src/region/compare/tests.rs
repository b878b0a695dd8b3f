//! Comparisons against the plain way: contours linked, and a band of one piece an edge.

use std::f64::consts::TAU;

use platewright_model::measure::Mm;

use super::{REACH_ARC_ERROR, compare};
use crate::region::figures::islands;
use crate::region::grown::grown;
use crate::region::offset::outer_band;
use crate::region::shapes::{circle, rectangle, ring};
use crate::region::{Fill, GRID_MM, Region, doubled_area};

/// Islands, their area, overhang, change: by unions, differences and the band of an offset.
fn plainly(layer: &Region, below: &Region, reach: f64) -> (u32, [f64; 3]) {
    let [layer, below] = [layer, below].map(|region| region.united(Fill::Positive));
    let beyond = layer.without(&below);
    let changed = beyond.area() + below.without(&layer).area();
    let alone = islands(&layer, &below);
    let outer = alone.rings().filter(|ring| doubled_area(ring) > 0.0).count();
    let by = reach / GRID_MM;
    let overhang = if by < 1.0 {
        beyond
    } else {
        beyond.without(&outer_band(&below, by, by * REACH_ARC_ERROR))
    };
    (outer as u32, [alone.area(), overhang.area(), changed])
}

/// Compares both ways; edges are moved by a step of the grid at most.
#[track_caller]
fn agree(layer: &Region, below: &Region, reach: f64) {
    let found = compare(layer, below, Some(Mm(reach))).expect("the reach is of use");
    let (outer, areas) = plainly(layer, below, reach);
    assert_eq!(found.islands, outer, "islands at {reach}");
    let slack = 1e-9 + 4.0 * GRID_MM * (layer.perimeter() + below.perimeter());
    let overhang = found.overhang_mm2.expect("it was asked for");
    for (found, expected) in [found.island_mm2, overhang, found.changed_mm2].iter().zip(areas) {
        assert!((found - expected).abs() <= slack, "{found} is not {expected}, reach {reach}");
    }
    let without = compare(layer, below, None).expect("there is no reach");
    assert_eq!((without.overhang_mm2, without.changed_mm2), (None, found.changed_mm2));
}

/// A closed curve with so many corners around a centre, its radius from `wave`.
fn blob(centre: [f64; 2], corners: u32, wave: impl Fn(f64) -> f64) -> Region {
    ring((0..corners).map(|k| {
        let angle = TAU * f64::from(k) / f64::from(corners);
        let r = wave(angle);
        [centre[0] + r * angle.cos(), centre[1] + r * angle.sin()]
    }))
}

#[test]
fn wavy_layers_agree_with_the_plain_way() {
    for k in 0..24_u32 {
        let phase = f64::from(k) * 0.37;
        let lobes = f64::from(2 + k % 7);
        // From smooth contours to ones with corners sharper than the reach is wide.
        let corners = [7, 23, 90, 400][k as usize % 4];
        let at = |shift: f64| {
            let outer =
                blob([0.0, 0.0], corners, |a| 9.0 + 2.5 * (lobes * a + shift).sin() + shift);
            let hole = blob([1.0, 0.5], corners, |a| 3.0 + (3.0 * a - shift).cos() - shift);
            outer.without(&hole)
        };
        let (below, layer) = (at(0.0), at(0.05 + 0.04 * phase.sin()));
        for reach in [0.0, 4e-6, 0.02, 0.1, 0.7, 2.5] {
            agree(&layer, &below, reach);
            agree(&below, &layer, reach);
        }
    }
}

#[test]
fn pieces_that_come_and_go_agree_with_the_plain_way() {
    let row = |n: u32, size: f64, shift: f64| {
        let mut region = Region::default();
        for k in 0..n {
            let (x, y) = (f64::from(k % 6) * 3.0 + shift, f64::from(k / 6) * 3.0);
            let piece = match k % 3 {
                0 => rectangle([x, y], [x + size, y + size]),
                1 => circle([x + 1.0, y + 1.0], size, 40),
                _ => rectangle([x, y], [x + size, y + size]).without(&circle(
                    [x + 0.5 * size, y + 0.5 * size],
                    0.3 * size,
                    24,
                )),
            };
            piece.rings().for_each(|ring| region.push(ring.iter().copied()));
        }
        region
    };
    for (size, shift) in [(1.0, 0.0), (1.0, 0.9), (0.7, 1.2), (1.2, -0.6), (0.2, 1.5)] {
        for reach in [0.05, 0.4, 3.0] {
            agree(&row(17, size, shift), &row(14, 1.0, 0.0), reach);
            agree(&row(14, 1.0, 0.0), &row(17, size, shift), reach);
        }
    }
    // A plate over a thin stem is carried, although no edge of it is.
    let (plate, stem) = (rectangle([0.0, 0.0], [9.0, 9.0]), circle([4.0, 4.0], 0.5, 30));
    agree(&plate, &stem, 0.3);
    agree(&plate.with(&rectangle([20.0, 0.0], [21.0, 1.0])), &stem, 0.3);
}

#[test]
fn regions_that_are_not_united_count_as_if_they_were() {
    let [mut layer, mut below] = [Region::default(), Region::default()];
    for (region, by) in [(&mut layer, 0.2), (&mut below, 0.0)] {
        for piece in [
            rectangle([0.0, 0.0], [5.0 + by, 5.0]),
            rectangle([3.0, 2.0 - by], [9.0, 4.0]),
            circle([6.0, 3.0], 2.0 + by, 60),
        ] {
            piece.rings().for_each(|ring| region.push(ring.iter().copied()));
        }
    }
    for reach in [0.01, 0.15, 1.0] {
        agree(&layer, &below, reach);
        agree(&below, &layer, reach);
    }
}

#[test]
fn a_grown_region_covers_what_its_band_does() {
    let comb = (0..12).fold(rectangle([0.0, 0.0], [24.0, 2.0]), |comb, k| {
        let x = 2.0 * f64::from(k);
        comb.with(&rectangle([x, 1.0], [x + 0.9 + 0.08 * f64::from(k % 5), 7.0]))
    });
    let star = blob([30.0, 30.0], 64, |a| 6.0 + 4.0 * (16.0 * a).sin().signum());
    let cut = comb.with(&star).without(&circle([30.0, 30.0], 1.0, 100));
    let mut points = [0, 0];
    for by in [3.0, 40.0, 5e3, 4e4, 1.3e5, 6e5] {
        let (few, band) = (grown(&cut, by, by * 1e-3), outer_band(&cut, by, by * 1e-3));
        let apart = few.united(Fill::Positive).differing(&cut.with(&band));
        let slack = 4.0 * GRID_MM * few.perimeter();
        assert!(apart.area() <= slack, "{by}: {} is more than {slack}", apart.area());
        points[0] += few.n_points();
        points[1] += band.n_points();
    }
    assert!(points[0] < points[1] / 2, "{points:?}");
}
