//! How far two solids overlap, found along fixed directions.

use std::sync::LazyLock;

use pulp::Simd;

use super::convex::Convex;
use super::vector::{Rotation, Vector, dot, turned_back, unit};

/// Fours of directions: level ones, those that go up, those that go down.
const FOURS: usize = 14;
const LEVEL: usize = 4;
const UP: usize = 9;

/// A number for each direction.
type Row = [[f64; 4]; FOURS];

static DIRECTIONS: LazyLock<Directions> = LazyLock::new(Directions::new);

/// The directions: of the axes, to the edges and corners of a cube, and between axes and edges,
/// opposite ones included; some are repeated to make up fours. The 24 rotations of a cube map them
/// on to themselves.
#[derive(Debug)]
struct Directions {
    /// By axis.
    parts: [Row; 3],
    /// One over the part along z, where there is one.
    rise: Row,
}

impl Directions {
    fn new() -> Self {
        let all = directions();
        let of = |kind: fn(f64) -> bool| all.iter().copied().filter(move |way| kind(way[2]));
        let (level, up, down) = (of(|z| z == 0.0), of(|z| z > 0.0), of(|z| z < 0.0));
        let padded = |ways: &mut dyn Iterator<Item = Vector>, fours: usize| {
            let mut ways: Vec<Vector> = ways.collect();
            let missing = 4 * fours - ways.len();
            ways.extend_from_within(..missing);
            ways
        };
        let mut ordered = padded(&mut { level }, LEVEL);
        ordered.extend(padded(&mut { up }, UP - LEVEL));
        ordered.extend(padded(&mut { down }, FOURS - UP));
        let part = |axis: usize| -> Row {
            std::array::from_fn(|four| std::array::from_fn(|k| ordered[4 * four + k][axis]))
        };
        let parts = [part(0), part(1), part(2)];
        let rise = parts[2].map(|four| four.map(|z| if z == 0.0 { 0.0 } else { 1.0 / z }));
        Self { parts, rise }
    }

    fn get(&self, four: usize, k: usize) -> Vector {
        self.parts.each_ref().map(|row| row[four][k])
    }
}

/// Directions of the planes that bound pieces, those of the axes first.
pub(super) fn directions() -> Vec<Vector> {
    let ways = (0..125_i32).map(|code| [code % 5 - 2, code / 5 % 5 - 2, code / 25 - 2]);
    let count = |way: &[i32; 3], size: i32| way.iter().filter(|x| x.abs() == size).count();
    let kinds: [(usize, usize, usize); 4] = [(2, 1, 0), (1, 2, 0), (0, 3, 0), (1, 1, 1)];
    let mut all = Vec::new();
    for kind in kinds {
        let of_kind = |way: &[i32; 3]| (count(way, 0), count(way, 1), count(way, 2)) == kind;
        all.extend(ways.clone().filter(of_kind).map(|way| unit(way.map(f64::from))));
    }
    all
}

/// How far a solid and its pieces reach along the directions, at one rotation.
#[derive(Clone, Debug)]
pub(super) struct Slabs {
    /// The whole first, then the pieces.
    reach: Vec<Row>,
    /// The same the other way.
    back: Vec<Row>,
}

impl Slabs {
    /// Of pieces that are turned.
    pub(super) fn new(pieces: &[Convex], by: &Rotation) -> Self {
        let rows = |sense: f64| {
            let row = |piece: &Convex| -> Row {
                std::array::from_fn(|four| {
                    std::array::from_fn(|k| {
                        let along = turned_back(by, DIRECTIONS.get(four, k));
                        piece.reach(along.map(|x| sense * x))
                    })
                })
            };
            let rows: Vec<Row> = pieces.iter().map(row).collect();
            let whole = |four: usize, k: usize| {
                rows.iter().map(|row| row[four][k]).fold(f64::NEG_INFINITY, f64::max)
            };
            let whole: Row = std::array::from_fn(|four| std::array::from_fn(|k| whole(four, k)));
            std::iter::once(whole).chain(rows.iter().copied()).collect()
        };
        Self { reach: rows(1.0), back: rows(-1.0) }
    }

    /// How far it overlaps another one that is `by` from it: the sum over pairs of pieces of how
    /// far one must be moved along one of the directions until they are `gap` apart along it.
    #[inline(always)]
    pub(super) fn depth<S: Simd>(&self, simd: S, other: &Self, by: Vector, gap: f64) -> f64 {
        let room = room(simd, by, gap);
        if inward(simd, &self.reach[0], &other.back[0], &room) <= 0.0 {
            return 0.0;
        }
        let mut sum = 0.0;
        for piece in &self.reach[1..] {
            if inward(simd, piece, &other.back[0], &room) <= 0.0 {
                continue;
            }
            for facing in &other.back[1..] {
                let depth = inward(simd, piece, facing, &room);
                if depth > 0.0 {
                    sum += depth;
                }
            }
        }
        sum
    }

    /// How high the other one must be over where it is `by` from this one, to overlap it: for pairs
    /// of pieces that meet, from where to where.
    #[inline(always)]
    pub(super) fn spans<S: Simd>(
        &self,
        simd: S,
        other: &Self,
        by: Vector,
        gap: f64,
        spans: &mut Vec<[f64; 2]>,
    ) {
        let room = room(simd, by, gap);
        for piece in &self.reach[1..] {
            if span(simd, piece, &other.back[0], &room).is_none() {
                continue;
            }
            for facing in &other.back[1..] {
                if let Some(span) = span(simd, piece, facing, &room) {
                    spans.push(span);
                }
            }
        }
    }

    /// How far the other one must come along a way from where it is `by` from this one, to overlap
    /// it: for pairs of pieces that meet, from where to where.
    pub(super) fn spans_along(
        &self,
        other: &Self,
        by: Vector,
        way: Vector,
        gap: f64,
        spans: &mut Vec<[f64; 2]>,
    ) {
        let room: Row = std::array::from_fn(|four| {
            std::array::from_fn(|k| gap - dot(DIRECTIONS.get(four, k), by))
        });
        for piece in &self.reach[1..] {
            if span_along(piece, &other.back[0], &room, way).is_none() {
                continue;
            }
            let meeting = other.back[1..].iter();
            spans.extend(meeting.filter_map(|facing| span_along(piece, facing, &room, way)));
        }
    }
}

/// Over which lengths of a way two pieces overlap.
fn span_along(reach: &Row, back: &Row, room: &Row, way: Vector) -> Option<[f64; 2]> {
    let mut span = [f64::NEG_INFINITY, f64::INFINITY];
    for four in 0..FOURS {
        for k in 0..4 {
            let inward = reach[four][k] + back[four][k] + room[four][k];
            let speed = dot(DIRECTIONS.get(four, k), way);
            if speed > 0.0 {
                span[1] = span[1].min(inward / speed);
            } else if speed < 0.0 {
                span[0] = span[0].max(inward / speed);
            } else if inward <= 0.0 {
                return None;
            }
        }
    }
    (span[0] < span[1]).then_some(span)
}

/// What is left of the gap along each direction.
#[inline(always)]
fn room<S: Simd>(simd: S, by: Vector, gap: f64) -> Row {
    let mut room = [[0.0; 4]; FOURS];
    let [xs, ys, zs] = &DIRECTIONS.parts;
    let (x, y, z) = (simd.splat_f64s(by[0]), simd.splat_f64s(by[1]), simd.splat_f64s(by[2]));
    let gap = simd.splat_f64s(gap);
    for (four, room) in room.iter_mut().enumerate() {
        let room = S::as_mut_simd_f64s(room).0;
        let (xs, ys, zs) = (lanes::<S>(&xs[four]), lanes::<S>(&ys[four]), lanes::<S>(&zs[four]));
        for k in 0..room.len() {
            let along = simd.add_f64s(simd.mul_f64s(xs[k], x), simd.mul_f64s(ys[k], y));
            room[k] = simd.sub_f64s(gap, simd.add_f64s(along, simd.mul_f64s(zs[k], z)));
        }
    }
    room
}

/// How far two pieces overlap, below 0 if they do not; cut short then.
#[inline(always)]
fn inward<S: Simd>(simd: S, reach: &Row, back: &Row, room: &Row) -> f64 {
    let level = least(simd, [reach, back, room], 0, LEVEL);
    if level <= 0.0 {
        return level;
    }
    let other = least(simd, [reach, back, room], LEVEL, FOURS);
    if other < level { other } else { level }
}

/// The least sum of some fours of three rows.
#[inline(always)]
fn least<S: Simd>(simd: S, [a, b, c]: [&Row; 3], from: usize, to: usize) -> f64 {
    let mut least = simd.splat_f64s(f64::INFINITY);
    for four in from..to {
        let (a, b) = (lanes::<S>(&a[four]), lanes::<S>(&b[four]));
        let c = lanes::<S>(&c[four]);
        for k in 0..a.len() {
            least = simd.min_f64s(least, simd.add_f64s(simd.add_f64s(a[k], b[k]), c[k]));
        }
    }
    simd.reduce_min_f64s(least)
}

/// Over which heights two pieces overlap.
#[inline(always)]
fn span<S: Simd>(simd: S, reach: &Row, back: &Row, room: &Row) -> Option<[f64; 2]> {
    if least(simd, [reach, back, room], 0, LEVEL) <= 0.0 {
        return None;
    }
    let rises = &DIRECTIONS.rise;
    let mut below = simd.splat_f64s(f64::INFINITY);
    let mut above = simd.splat_f64s(f64::NEG_INFINITY);
    for four in LEVEL..FOURS {
        let (a, b) = (lanes::<S>(&reach[four]), lanes::<S>(&back[four]));
        let (c, rise) = (lanes::<S>(&room[four]), lanes::<S>(&rises[four]));
        for k in 0..a.len() {
            let inward = simd.add_f64s(simd.add_f64s(a[k], b[k]), c[k]);
            let at = simd.mul_f64s(inward, rise[k]);
            if four < UP {
                below = simd.min_f64s(below, at);
            } else {
                above = simd.max_f64s(above, at);
            }
        }
    }
    let span = [simd.reduce_max_f64s(above), simd.reduce_min_f64s(below)];
    (span[0] < span[1]).then_some(span)
}

/// Four numbers in registers, of which one may hold fewer.
#[inline(always)]
fn lanes<S: Simd>(four: &[f64; 4]) -> &[S::f64s] {
    S::as_simd_f64s(four).0
}

#[cfg(test)]
mod tests {
    use super::super::polytope::Polytope;
    use super::super::table::PROCESSOR;
    use super::super::vector::turned;
    use super::*;

    /// [`Slabs::depth`], for any processor.
    struct Depth<'a>(&'a Slabs, &'a Slabs, Vector, f64);

    impl pulp::WithSimd for Depth<'_> {
        type Output = f64;

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> f64 {
            self.0.depth(simd, self.1, self.2, self.3)
        }
    }

    /// [`Slabs::spans`], for any processor.
    struct Spans<'a>(&'a Slabs, &'a Slabs, Vector);

    impl pulp::WithSimd for Spans<'_> {
        type Output = Vec<[f64; 2]>;

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> Vec<[f64; 2]> {
            let mut spans = Vec::new();
            self.0.spans(simd, self.1, self.2, 0.0, &mut spans);
            spans
        }
    }

    #[test]
    fn directions_are_50_and_rotations_of_a_cube_keep_them() {
        let all = directions();
        assert_eq!(all.len(), 50);
        let quarter: Rotation = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]];
        let known = |way: Vector| all.iter().any(|other| dot(*other, way) > 1.0 - 1e-12);
        assert!(all.iter().all(|way| known(turned(&quarter, *way)) && known(way.map(|x| -x))));
    }

    #[test]
    fn boxes_overlap_as_far_as_they_do() {
        let cube = |low: f64, high: f64| Convex::new(&Polytope::cuboid([low; 3], [high; 3]), 1e-9);
        let drawn: Rotation = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let one = Slabs::new(&[cube(-1.0, 1.0)], &drawn);
        let two = Slabs::new(&[cube(-1.0, 0.0), cube(2.0, 3.0)], &drawn);
        let depth = |by: Vector, gap: f64| PROCESSOR.dispatch(Depth(&one, &two, by, gap));
        assert!((depth([1.5, 0.0, 0.0], 0.0) - 0.5).abs() < 1e-12);
        assert_eq!(depth([2.5, 0.0, 0.0], 0.0), 0.0);
        assert!((depth([2.5, 0.0, 0.0], 1.0) - 0.5).abs() < 1e-12);
        // Between the two pieces there is room for nothing, but it overlaps the whole.
        assert_eq!(depth([-1.0, -1.0, 3.0], 0.0), 0.0);
        let spans = PROCESSOR.dispatch(Spans(&one, &two, [0.5, 0.5, 0.0]));
        assert_eq!(spans, [[-1.0, 2.0]]);
    }
}
