//! Layouts of strips, checked exactly on a grid of whole numbers.

use platewright_model::strip::{StripLayout, StripProblem, turn};

/// Steps of the grid over the longer side of the strip: products of three such numbers fit.
const STEPS: f64 = (1_u64 << 31) as f64;

/// What is wrong with a layout.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StripFault {
    /// A copy is missing, or there is one too many.
    #[error("item {item} is there {found} times instead of {copies}")]
    Copies {
        /// The item.
        item: usize,
        /// Copies of it in the layout.
        found: usize,
        /// Copies that were asked for.
        copies: u32,
    },
    /// An item that is not there, or numbers that are none.
    #[error("placement {placed} names no item, or its place is no number")]
    Unreadable {
        /// Index of the placement.
        placed: usize,
    },
    /// A turn that is not allowed.
    #[error("placement {placed} is turned by {turn} degrees, which its item does not allow")]
    Turn {
        /// Index of the placement.
        placed: usize,
        /// The turn.
        turn: f64,
    },
    /// A copy that is not wholly on the strip.
    #[error("placement {placed} is not on the strip")]
    Outside {
        /// Index of the placement.
        placed: usize,
    },
    /// Two copies that overlap.
    #[error("placements {a} and {b} overlap")]
    Overlap {
        /// Index of one placement.
        a: usize,
        /// Index of the other.
        b: usize,
    },
}

type GridPoint = [i64; 2];

/// Everything that is wrong with a layout; nothing if every copy is there once, at an allowed
/// turn, on the strip, and no two overlap. Copies may touch.
///
/// Corners are rounded to a grid of 2⁻³² of the longer side of the strip; from there on all
/// is decided in whole numbers.
pub fn check_strip(problem: &StripProblem, layout: &StripLayout) -> Vec<StripFault> {
    let mut faults = Vec::new();
    let mut found = vec![0; problem.items.len()];
    let unit = STEPS / problem.height.max(layout.length);
    // Twice the steps, so that the middle of two points is a point too.
    let grid = |x: f64| 2 * (x * unit).round() as i64;
    let mut rings: Vec<(usize, Vec<GridPoint>)> = Vec::new();
    for (placed, place) in layout.placed.iter().enumerate() {
        let numbers = [place.turn, place.at[0], place.at[1], layout.length];
        let item = problem.items.get(place.item);
        let Some(item) = item.filter(|_| numbers.iter().all(|x| x.is_finite())) else {
            faults.push(StripFault::Unreadable { placed });
            continue;
        };
        found[place.item] += 1;
        if item.turns.as_ref().is_some_and(|turns| !turns.contains(&place.turn)) {
            faults.push(StripFault::Turn { placed, turn: place.turn });
        }
        let [sin, cos] = turn(place.turn);
        let mut ring: Vec<GridPoint> = item
            .outline
            .iter()
            .map(|[x, y]| {
                [grid(x * cos - y * sin + place.at[0]), grid(x * sin + y * cos + place.at[1])]
            })
            .collect();
        ring.dedup();
        let (right, top) = (grid(layout.length), grid(problem.height));
        let on_strip = |p: &GridPoint| (0..=right).contains(&p[0]) && (0..=top).contains(&p[1]);
        if !ring.iter().all(on_strip) {
            faults.push(StripFault::Outside { placed });
        }
        rings.push((placed, ring));
    }
    for (item, (found, wanted)) in found.into_iter().zip(&problem.items).enumerate() {
        if found != wanted.copies as usize {
            faults.push(StripFault::Copies { item, found, copies: wanted.copies });
        }
    }
    for (rank, (a, one)) in rings.iter().enumerate() {
        let overlapping = rings[..rank].iter().filter(|(_, other)| overlap(one, other));
        faults.extend(overlapping.map(|(b, _)| StripFault::Overlap { a: *b, b: *a }));
    }
    faults
}

/// Whether two simple polygons have inner points in common.
fn overlap(a: &[GridPoint], b: &[GridPoint]) -> bool {
    let apart = |k: usize| {
        let span = |ring: &[GridPoint]| {
            let of = || ring.iter().map(|p| p[k]);
            (of().min().unwrap_or(0), of().max().unwrap_or(0))
        };
        let ((a_low, a_high), (b_low, b_high)) = (span(a), span(b));
        a_high <= b_low || b_high <= a_low
    };
    if apart(0) || apart(1) {
        return false;
    }
    if edges(a).any(|e| edges(b).any(|f| cross_properly(e, f))) {
        return true;
    }
    // No edge runs through another: each is in pieces, cut where corners of the other lie on it,
    // of which each is wholly inside, outside, or on the boundary.
    let (in_b, in_a) = (sides_of(a, b), sides_of(b, a));
    in_b.contains(&Side::Inside)
        || in_a.contains(&Side::Inside)
        || in_b.iter().all(|side| *side == Side::On)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Inside,
    Outside,
    On,
}

fn edges(ring: &[GridPoint]) -> impl Iterator<Item = [GridPoint; 2]> + '_ {
    (0..ring.len()).map(|k| [ring[k], ring[(k + 1) % ring.len()]])
}

/// Where the middle of each piece of a ring's edges lies in another ring.
fn sides_of(ring: &[GridPoint], other: &[GridPoint]) -> Vec<Side> {
    let mut sides = Vec::new();
    for [from, to] in edges(ring) {
        let mut cuts = vec![from, to];
        cuts.extend(other.iter().copied().filter(|&p| is_on(p, [from, to])));
        let along = |p: &GridPoint| {
            let d = [to[0] - from[0], to[1] - from[1]].map(i128::from);
            i128::from(p[0] - from[0]) * d[0] + i128::from(p[1] - from[1]) * d[1]
        };
        cuts.sort_by_key(along);
        cuts.dedup();
        for piece in cuts.windows(2) {
            let middle = [0, 1].map(|k| i64::midpoint(piece[0][k], piece[1][k]));
            sides.push(side(middle, other));
        }
    }
    sides
}

/// Where a point lies in a ring, by the parity of edges to its right.
fn side(p: GridPoint, ring: &[GridPoint]) -> Side {
    let mut inside = false;
    for [a, b] in edges(ring) {
        if is_on(p, [a, b]) {
            return Side::On;
        }
        if (a[1] > p[1]) != (b[1] > p[1]) && (turn_of(a, b, p) > 0) == (b[1] > a[1]) {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// Twice the area of a triangle, positive if it turns left.
fn turn_of(a: GridPoint, b: GridPoint, c: GridPoint) -> i128 {
    let d = |p: GridPoint, q: GridPoint, k: usize| i128::from(q[k]) - i128::from(p[k]);
    d(a, b, 0) * d(a, c, 1) - d(a, b, 1) * d(a, c, 0)
}

fn is_on(p: GridPoint, [a, b]: [GridPoint; 2]) -> bool {
    let between = |k: usize| (a[k].min(b[k])..=a[k].max(b[k])).contains(&p[k]);
    between(0) && between(1) && turn_of(a, b, p) == 0
}

/// Whether two edges cross in a point that is an end of neither.
fn cross_properly([a, b]: [GridPoint; 2], [c, d]: [GridPoint; 2]) -> bool {
    let apart = |one: i128, other: i128| one.signum() * other.signum() < 0;
    apart(turn_of(a, b, c), turn_of(a, b, d)) && apart(turn_of(c, d, a), turn_of(c, d, b))
}

#[cfg(test)]
mod tests {
    use platewright_model::strip::{PlacedOutline, StripItem};

    use super::*;

    /// An L of 3 × 3 with arms of 1, and squares.
    fn problem() -> StripProblem {
        let l = vec![[0.0, 0.0], [3.0, 0.0], [3.0, 1.0], [1.0, 1.0], [1.0, 3.0], [0.0, 3.0]];
        let square = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        StripProblem {
            name: "l".to_owned(),
            height: 3.0,
            items: vec![
                StripItem { outline: l, copies: 1, turns: Some(vec![0.0, 180.0]) },
                StripItem { outline: square, copies: 2, turns: Some(vec![0.0]) },
            ],
        }
    }

    fn layout(squares: [[f64; 2]; 2]) -> StripLayout {
        let place = |item, at| PlacedOutline { item, turn: 0.0, at };
        StripLayout {
            length: 3.0,
            placed: vec![place(0, [0.0; 2]), place(1, squares[0]), place(1, squares[1])],
        }
    }

    #[test]
    fn touching_is_allowed() {
        assert_eq!(check_strip(&problem(), &layout([[1.0, 1.0], [2.0, 1.0]])), []);
        assert_eq!(check_strip(&problem(), &layout([[1.0, 2.0], [1.5, 1.0]])), []);
    }

    #[test]
    fn overlaps_are_found_however_they_come() {
        let overlap = |a, b| vec![StripFault::Overlap { a, b }];
        // Through an edge; wholly inside; the same place; inside along an edge.
        for at in [[0.5, 1.5], [0.999_999, 1.0], [0.0, 0.0], [0.0, 1.0], [0.0, 2.0]] {
            assert_eq!(check_strip(&problem(), &layout([at, [2.0, 2.0]])), overlap(0, 1), "{at:?}");
        }
        assert_eq!(check_strip(&problem(), &layout([[2.0, 2.0], [2.0, 2.0]])), overlap(1, 2));
        assert_eq!(check_strip(&problem(), &layout([[1.25, 1.5], [1.0, 1.0]])), overlap(1, 2));
    }

    #[test]
    fn all_else_that_may_be_wrong_is_told() {
        let outside = check_strip(&problem(), &layout([[1.0, 1.0], [2.0, 2.000_001]]));
        assert_eq!(outside, [StripFault::Outside { placed: 2 }]);
        let mut wrong = layout([[1.0, 1.0], [2.0, 2.0]]);
        wrong.placed[1].turn = 90.0;
        wrong.placed[2].at[0] = f64::NAN;
        wrong.placed.push(PlacedOutline { item: 7, ..PlacedOutline::default() });
        let faults = check_strip(&problem(), &wrong);
        assert!(faults.contains(&StripFault::Turn { placed: 1, turn: 90.0 }), "{faults:?}");
        assert!(faults.contains(&StripFault::Unreadable { placed: 2 }), "{faults:?}");
        assert!(faults.contains(&StripFault::Unreadable { placed: 3 }), "{faults:?}");
        assert!(faults.contains(&StripFault::Copies { item: 1, found: 1, copies: 2 }));
    }
}
