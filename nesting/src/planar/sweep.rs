//! Sweeps along a line for the first place that is free.

use super::arrangement::Arrangement;
use super::shape::Outlines;

/// The least `x`, from `from` on, at which the origin of a turned outline may lie at height `y`
/// without overlapping any of the copies there.
pub(crate) fn first_free(
    outlines: &Outlines,
    arrangement: &Arrangement,
    turned: u32,
    [from, y]: [f64; 2],
    spans: &mut Vec<[f64; 2]>,
) -> f64 {
    spans.clear();
    let moving = outlines.turned(turned);
    for place in arrangement.places() {
        let fixed = outlines.turned(place.turned);
        let gap = outlines.touch(moving.shape, fixed.shape);
        let by = y - place.at[1];
        let above = by + moving.bounds()[0][1] - gap >= fixed.bounds()[1][1];
        let below = by + moving.bounds()[1][1] + gap <= fixed.bounds()[0][1];
        let behind = place.at[0] + fixed.bounds()[1][0] + gap <= from + moving.bounds()[0][0];
        if !above && !below && !behind {
            moving.pieces.spans(&fixed.pieces, 0, [by, gap, place.at[0]], spans);
        }
    }
    gone_past(spans, from)
}

/// The least position, from `from` on, that lies in no span.
pub(crate) fn gone_past(spans: &[[f64; 2]], from: f64) -> f64 {
    let mut x = from;
    loop {
        // All at once that begin before it: few passes, and no order is needed.
        let past = spans.iter().fold(
            x,
            |past, [start, end]| {
                if *start <= past && *end > past { *end } else { past }
            },
        );
        if past == x {
            return x;
        }
        x = past;
    }
}
