//! What a layer is like beside its area: islands, overhangs, change from the layer below.

use std::collections::BTreeSet;

use platewright_model::measure::Mm;

use super::offset::{OFFSET_MAX_MM, outer_band};
use super::{Fill, GRID_MM, GridPoint, Region, doubled_area};
use crate::error::SliceError;

/// Arcs of the layer below, grown by its reach, are this exact, as a share of the reach: the
/// overhang of a corner is no more than this too large.
const REACH_ARC_ERROR: f64 = 1e-3;

/// Figures of one body's layer over the layer below it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegionFigures {
    /// Area of the solid, mm².
    pub area_mm2: f64,
    /// Length of all contours, mm.
    pub perimeter_mm: f64,
    /// Separate pieces of solid.
    pub outer_contours: u32,
    /// Holes in them.
    pub holes: u32,
    /// Pieces that touch nothing of the layer below: resin and filament cannot print them
    /// without support.
    pub islands: u32,
    /// Area of these, mm².
    pub island_mm2: f64,
    /// Area beyond what the layer below can carry, islands included, mm².
    pub overhang_mm2: f64,
    /// Area that is in one of the two layers and not in the other, mm².
    pub changed_mm2: f64,
}

impl RegionFigures {
    /// Figures of a layer of one body over the layer below, or over the plate (`None`), which
    /// carries everything.
    ///
    /// `reach` is how far a layer may stand out over the one below: the distance between the
    /// two cuts times the tangent of the greatest angle from the vertical. Both regions are
    /// united under the Positive rule first.
    ///
    /// # Errors
    /// A reach that is no number, negative or beyond 1 m.
    pub fn of(layer: &Region, below: Option<&Region>, reach: Mm) -> Result<Self, SliceError> {
        check_reach(reach)?;
        let layer = layer.united(Fill::Positive);
        let outer = layer.rings().filter(|ring| doubled_area(ring) > 0.0).count();
        let mut figures = Self {
            area_mm2: layer.area(),
            perimeter_mm: layer.perimeter(),
            outer_contours: outer as u32,
            holes: (layer.n_rings() - outer) as u32,
            changed_mm2: layer.area(),
            ..Self::default()
        };
        let Some(below) = below else { return Ok(figures) };
        let below = below.united(Fill::Positive);
        if layer == below {
            figures.changed_mm2 = 0.0;
            return Ok(figures);
        }
        let beyond = layer.without(&below);
        // What is new, and what is gone: the layer below without what both have in common.
        let gone = below.area() - (figures.area_mm2 - beyond.area());
        figures.changed_mm2 = (beyond.area() + gone).max(0.0);
        if may_hold_islands(&layer, &beyond) {
            let islands = islands(&layer, &below);
            let outer = islands.rings().filter(|ring| doubled_area(ring) > 0.0).count();
            figures.islands = outer as u32;
            figures.island_mm2 = islands.area();
        }
        figures.overhang_mm2 = overhang(beyond, &below, reach).area();
        Ok(figures)
    }
}

impl Region {
    /// The pieces of this region that touch nothing of `below`, whole with their holes; both
    /// united under the Positive rule. What meets in a line or a point only does not touch.
    #[must_use]
    pub fn islands_over(&self, below: &Self) -> Self {
        islands(&self.united(Fill::Positive), below)
    }

    /// What of this region lies farther than `reach` beyond `below`; both united under the
    /// Positive rule. At outer corners of `below` up to a thousandth of the reach more.
    ///
    /// # Errors
    /// A reach that is no number, negative or beyond 1 m.
    pub fn overhang_over(&self, below: &Self, reach: Mm) -> Result<Self, SliceError> {
        check_reach(reach)?;
        Ok(overhang(self.without(below), &below.united(Fill::Positive), reach))
    }
}

fn check_reach(reach: Mm) -> Result<(), SliceError> {
    // NaN is in no range.
    let of_use = (0.0..=OFFSET_MAX_MM).contains(&reach.0);
    if of_use { Ok(()) } else { Err(SliceError::Offset { by: reach.0, arc: reach.0 }) }
}

/// What of `beyond`, which has no area in common with `below`, is out of its reach.
fn overhang(beyond: Region, below: &Region, reach: Mm) -> Region {
    if beyond.is_empty() || reach.0 == 0.0 {
        return beyond;
    }
    let by = reach.0 / GRID_MM;
    beyond.without(&outer_band(below, by, by * REACH_ARC_ERROR))
}

/// Whether a piece of a united region may be whole in what lies beyond the layer below: only then
/// it can be an island. Overlaying moves points by up to a step.
fn may_hold_islands(layer: &Region, beyond: &Region) -> bool {
    let boxes = |region: &Region| -> BTreeSet<[i32; 4]> {
        let outer = region.rings().filter(|ring| doubled_area(ring) > 0.0);
        outer.map(box_of).map(|[[a, b], [c, d]]| [a, b, c, d]).collect()
    };
    let whole = boxes(layer);
    boxes(beyond).into_iter().any(|found| {
        // Sorted by the least x, so that only few are looked at.
        let from = [found[0].saturating_sub(2), i32::MIN, i32::MIN, i32::MIN];
        let to = [found[0].saturating_add(2), i32::MAX, i32::MAX, i32::MAX];
        whole
            .range(from..=to)
            .any(|piece| piece.iter().zip(&found).all(|(a, b)| a.abs_diff(*b) <= 2))
    })
}

/// Pieces of a united region without common area with `below`.
fn islands(layer: &Region, below: &Region) -> Region {
    let pieces = Pieces::of(layer);
    let mut carried = vec![false; pieces.outer.len()];
    for ring in layer.common(below).rings() {
        // A common ring lies in one piece. Overlaying moves points by up to a step, so an edge
        // may come to lie outside; a ring with all edges outside is thinner than a step.
        let edges = (0..ring.len()).map(|k| [ring[k], ring[(k + 1) % ring.len()]]);
        let mut pieces_met = edges.filter_map(|edge| pieces.around(edge));
        if let Some(piece) = pieces_met.next() {
            carried[piece] = true;
        }
    }
    let mut islands = Region::default();
    for ring in layer.rings() {
        let piece = pieces.around([ring[0], ring[1]]);
        if piece.is_some_and(|piece| !carried[piece]) {
            islands.push(ring.iter().copied());
        }
    }
    islands
}

/// The outer contours of a united region, the smallest first.
struct Pieces<'a> {
    outer: Vec<Outer<'a>>,
}

struct Outer<'a> {
    ring: &'a [GridPoint],
    bounds: [GridPoint; 2],
}

impl<'a> Pieces<'a> {
    fn of(region: &'a Region) -> Self {
        let mut outer: Vec<(f64, &[GridPoint])> = region
            .rings()
            .map(|ring| (doubled_area(ring), ring))
            .filter(|(area, _)| *area > 0.0)
            .collect();
        // The sort is stable, so that contours of equal area keep their order.
        outer.sort_by(|a, b| a.0.total_cmp(&b.0));
        let outer = outer.into_iter().map(|(_, ring)| Outer { ring, bounds: box_of(ring) });
        Self { outer: outer.collect() }
    }

    /// The innermost outer contour that the middle of an edge is in or on.
    fn around(&self, edge: [GridPoint; 2]) -> Option<usize> {
        // Twice the coordinates, so that the middle is a whole number.
        let [x, y] = [0, 1].map(|k| i64::from(edge[0][k]) + i64::from(edge[1][k]));
        self.outer.iter().position(|outer| {
            let [min, max] = outer.bounds.map(|p| p.map(|c| 2 * i64::from(c)));
            (min[0]..=max[0]).contains(&x)
                && (min[1]..=max[1]).contains(&y)
                && holds(outer.ring, [x, y])
        })
    }
}

fn box_of(ring: &[GridPoint]) -> [GridPoint; 2] {
    ring.iter().fold([ring[0], ring[0]], |[min, max], p| {
        [[0, 1].map(|k| min[k].min(p[k])), [0, 1].map(|k| max[k].max(p[k]))]
    })
}

/// Whether a point, given by twice its coordinates, is in a ring or on it; exact.
fn holds(ring: &[GridPoint], [x, y]: [i64; 2]) -> bool {
    let doubled = |p: &GridPoint| p.map(|c| 2 * i64::from(c));
    let mut odd = false;
    let mut a = doubled(ring.last().expect("rings have points"));
    for b in ring.iter().map(doubled) {
        // Products of 34-bit differences.
        let side = i128::from(b[0] - a[0]) * i128::from(y - a[1])
            - i128::from(b[1] - a[1]) * i128::from(x - a[0]);
        let within = (x - a[0]) * (x - b[0]) <= 0 && (y - a[1]) * (y - b[1]) <= 0;
        if side == 0 && within {
            return true;
        }
        if (a[1] <= y) != (b[1] <= y) && (side > 0) == (b[1] > a[1]) {
            odd = !odd;
        }
        a = b;
    }
    odd
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::region::shapes::{circle, rectangle};

    fn over(layer: &Region, below: &Region, reach: f64) -> RegionFigures {
        RegionFigures::of(layer, Some(below), Mm(reach)).expect("the reach is of use")
    }

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }

    #[test]
    fn a_stair_hangs_over_by_its_tread() {
        let low = rectangle([0.0, 0.0], [10.0, 8.0]);
        let high = rectangle([0.0, 0.0], [14.0, 8.0]);
        let up = over(&high, &low, 1.5);
        close(up.overhang_mm2, (4.0 - 1.5) * 8.0, 1e-3);
        close(up.changed_mm2, 4.0 * 8.0, 1e-9);
        assert_eq!((up.islands, up.outer_contours, up.holes), (0, 1, 0));
        let down = over(&low, &high, 0.0);
        assert_eq!((down.overhang_mm2, down.islands), (0.0, 0));
        close(down.changed_mm2, 32.0, 1e-9);
        close(down.perimeter_mm, 36.0, 1e-9);
    }

    #[test]
    fn a_cone_at_45_degrees_is_carried_by_one_of_46_and_not_of_44() {
        for k in 1..40 {
            let (r, step) = (1.0 + 0.1 * f64::from(k), 0.1);
            let [low, high] = [r, r + step].map(|r| circle([0.0, 0.0], r, 720));
            let carried = over(&high, &low, step * 46_f64.to_radians().tan());
            assert_eq!(carried.overhang_mm2, 0.0, "at radius {r}");
            let reach = step * 44_f64.to_radians().tan();
            let ring = PI * ((r + step).powi(2) - (r + reach).powi(2));
            // The polygons stray from the circles by 2e-5 of the radius.
            close(over(&high, &low, reach).overhang_mm2, ring, 0.02 * ring + 4e-4 * r * r);
        }
    }

    #[test]
    fn a_sphere_hangs_over_below_45_degrees_only() {
        let (r, layer) = (10.0, 0.05);
        let at = |i: u32| {
            let z = (f64::from(i) + 0.5) * layer - r;
            (z, (r * r - z * z).sqrt())
        };
        for i in 1..400 {
            let ((z, rho), (_, before)) = (at(i), at(i - 1));
            let [disc, below] = [rho, before].map(|rho| circle([0.0, 0.0], rho, 1440));
            let found = over(&disc, &below, layer).overhang_mm2;
            let exact = (PI * (rho * rho - (before + layer).powi(2))).max(0.0);
            close(found, exact, 0.01 * exact + 1e-3);
            assert!(z < -7.0 || found == 0.0, "at {z}");
        }
    }

    #[test]
    fn a_bridge_hangs_between_its_piers() {
        let piers = rectangle([0.0, 0.0], [3.0, 5.0]).with(&rectangle([13.0, 0.0], [16.0, 5.0]));
        let deck = rectangle([0.0, 0.0], [16.0, 5.0]);
        let figures = over(&deck, &piers, 0.2);
        close(figures.overhang_mm2, (10.0 - 0.4) * 5.0, 1e-3);
        assert_eq!(figures.islands, 0);
        // From the deck to the piers nothing is new.
        let back = over(&piers, &deck, 0.2);
        assert_eq!((back.overhang_mm2, back.outer_contours), (0.0, 2));
    }

    #[test]
    fn an_upside_down_t_hangs_around_its_stem() {
        let stem = rectangle([8.0, 8.0], [12.0, 11.0]);
        let plate = rectangle([0.0, 0.0], [20.0, 20.0]);
        let reach = 0.7;
        let grown = 12.0 + 14.0 * reach + PI * reach * reach;
        let figures = over(&plate, &stem, reach);
        close(figures.overhang_mm2, 400.0 - grown, 1e-2);
        assert!(figures.overhang_mm2 >= 400.0 - grown - 1e-3, "never too little");
        close(figures.changed_mm2, 388.0, 1e-9);
    }

    #[test]
    fn islands_are_pieces_over_nothing() {
        let hull =
            rectangle([0.0, 0.0], [30.0, 30.0]).without(&rectangle([5.0, 5.0], [25.0, 25.0]));
        // A ring in the hole of the hull, a block in the hole of the ring, a block far away.
        let ring =
            rectangle([8.0, 8.0], [22.0, 22.0]).without(&rectangle([10.0, 10.0], [20.0, 20.0]));
        let far = rectangle([40.0, 0.0], [42.0, 2.0]);
        let layer = hull.with(&ring).with(&rectangle([14.0, 14.0], [16.0, 16.0])).with(&far);
        let below = hull.with(&rectangle([15.0, 15.0], [15.5, 15.5]));
        let islands = layer.islands_over(&below);
        assert_eq!(islands.n_rings(), 3);
        close(islands.area(), 196.0 - 100.0 + 4.0, 1e-9);
        let figures = over(&layer, &below, 0.1);
        assert_eq!((figures.islands, figures.outer_contours, figures.holes), (2, 4, 2));
        close(figures.island_mm2, 100.0, 1e-9);
        // Block over its thin stem: it is carried, but hangs over.
        close(figures.overhang_mm2, 100.0 + 4.0 - (0.25 + 0.2 + PI * 0.01), 1e-3);
    }

    #[test]
    fn islands_are_found_among_many_pieces() {
        let (mut layer, mut below) = (Region::default(), Region::default());
        for k in 0..900 {
            let corner = [f64::from(k % 30) * 2.0, f64::from(k / 30) * 2.0];
            let push = |region: &mut Region, from: [f64; 2], size: f64| {
                let block = rectangle(from, from.map(|c| c + size));
                region.push(block.points().iter().copied());
            };
            push(&mut layer, corner, 1.0);
            if k % 7 != 0 {
                push(&mut below, corner.map(|c| c - 0.9), 1.0);
            }
        }
        assert_eq!(over(&layer, &below, 0.1).islands, 900_u32.div_ceil(7));
    }

    #[test]
    fn touching_in_a_point_or_a_line_carries_nothing() {
        let block = rectangle([0.0, 0.0], [2.0, 2.0]);
        for below in [rectangle([2.0, 2.0], [3.0, 3.0]), rectangle([2.0, 0.0], [3.0, 2.0])] {
            assert_eq!(over(&block, &below, 0.1).islands, 1);
        }
    }

    #[test]
    fn the_plate_carries_everything() {
        let block = rectangle([0.0, 0.0], [2.0, 2.0]);
        let first = RegionFigures::of(&block, None, Mm(0.1)).expect("the reach is of use");
        assert_eq!((first.islands, first.overhang_mm2), (0, 0.0));
        close(first.changed_mm2, 4.0, 1e-9);
        let same = over(&block, &block.clone(), 0.1);
        assert_eq!((same.islands, same.overhang_mm2, same.changed_mm2), (0, 0.0, 0.0));
        assert!(RegionFigures::of(&block, None, Mm(-0.1)).is_err());
        assert!(block.overhang_over(&block, Mm(f64::NAN)).is_err());
        let gone = over(&Region::default(), &block, 0.1);
        assert_eq!((gone.area_mm2, gone.outer_contours), (0.0, 0));
        close(gone.changed_mm2, 4.0, 1e-9);
    }
}
