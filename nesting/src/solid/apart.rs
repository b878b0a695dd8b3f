//! Whether solids come apart: each drawn along an axis, past all that are still there.

use platewright_model::geometry::Way;
use pulp::{Simd, WithSimd};

use super::arrangement::Arrangement;
use super::extent::Extent;
use super::solids::{Posed, Solids};
use super::table::PROCESSOR;
use crate::removal::{Blocking, TakenApart};

/// Where parts stand against one another, spans end at 0 but for rounding, which differs with who
/// is taken to move: less than this is none. Far less than what is kept beyond what is asked.
const NEAR: f64 = 1e-9;

/// How the parts of an arrangement come apart, by copy; walls are in no way.
pub(crate) fn taken_apart(solids: &Solids, arrangement: &Arrangement) -> TakenApart {
    let parts: Vec<Posed> = arrangement.posed().to_vec();
    let boxes: Vec<Extent> = parts.iter().map(|posed| whole(solids, *posed)).collect();
    let walls = parts.iter().enumerate().filter(|(_, posed)| solids.is_wall(posed.solid));
    let walls: Vec<usize> = walls.map(|(k, _)| k).collect();
    let mut blocking = Blocking::new(parts.len());
    let mut spans = Vec::new();
    for one in (0..parts.len()).filter(|one| walls.binary_search(one).is_err()) {
        for other in (one + 1..parts.len()).filter(|other| walls.binary_search(other).is_err()) {
            for way in [Way::Up, Way::Right, Way::Back] {
                let pair = [one, other];
                let [there, back] =
                    meet(solids, pair.map(|k| parts[k]), pair.map(|k| &boxes[k]), way, &mut spans);
                if there {
                    blocking.block(way, one, other);
                }
                if back {
                    blocking.block(way, other, one);
                }
            }
        }
    }
    // From the top down.
    let mut by_top: Vec<usize> = (0..parts.len()).collect();
    by_top.sort_by(|&a, &b| boxes[a].high()[2].total_cmp(&boxes[b].high()[2]));
    let mut rank = vec![0; parts.len()];
    by_top.into_iter().enumerate().for_each(|(place, copy)| rank[copy] = place);
    let mut apart = blocking.take_apart(&rank);
    apart.order.retain(|(copy, _)| walls.binary_search(copy).is_err());
    apart
}

/// Whether a solid can leave an arrangement past all parts in it.
pub(crate) fn leaves(solids: &Solids, arrangement: &Arrangement, posed: Posed) -> bool {
    let own = whole(solids, posed);
    let mut open = [[true; 2]; 3];
    let mut spans = Vec::new();
    for other in arrangement.posed().iter().filter(|other| !solids.is_wall(other.solid)) {
        let its = whole(solids, *other);
        for (open, way) in open.iter_mut().zip([Way::Up, Way::Right, Way::Back]) {
            if *open != [false; 2] {
                let [there, back] = meet(solids, [posed, *other], [&own, &its], way, &mut spans);
                *open = [open[0] && !there, open[1] && !back];
            }
        }
    }
    open != [[false; 2]; 3]
}

/// Whether one meets the other on its way, and the other one this one.
fn meet(
    solids: &Solids,
    [one, other]: [Posed; 2],
    [own, its]: [&Extent; 2],
    way: Way,
    spans: &mut Vec<[f64; 2]>,
) -> [bool; 2] {
    let along = way.direction();
    let beside = |k: usize| own.low()[k] >= its.high()[k] || its.low()[k] >= own.high()[k];
    if (0..3).any(|k| along[k] == 0.0 && beside(k)) {
        return [false; 2];
    }
    spans.clear();
    PROCESSOR.dispatch(Course { solids, moving: one, fixed: other, way: along, spans });
    [spans.iter().any(|[_, to]| *to > NEAR), spans.iter().any(|[from, _]| *from < -NEAR)]
}

fn whole(solids: &Solids, posed: Posed) -> Extent {
    solids.extent(posed.solid, posed.rotation).moved(posed.at).grown(0.5 * solids.gap())
}

/// [`Solids::course`], for any processor.
struct Course<'a> {
    solids: &'a Solids,
    moving: Posed,
    fixed: Posed,
    way: [f64; 3],
    spans: &'a mut Vec<[f64; 2]>,
}

impl WithSimd for Course<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.solids.course(simd, self.moving, self.fixed, self.way, self.spans);
    }
}
