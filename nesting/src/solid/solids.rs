//! Solids at the turns they may have, and how far pairs of them overlap.

use std::sync::OnceLock;

use pulp::Simd;

use super::convex::Convex;
use super::difference::difference;
use super::extent::Extent;
use super::table::Obstacles;
use super::vector::{Rotation, Vector, minus, relative, turned_back};

/// Rotations whose entries differ by less are the same.
const SAME: f64 = 1e-9;

/// A solid: a union of convex pieces around the middle of its box.
#[derive(Clone, Debug)]
pub(crate) struct Solid {
    pub(crate) pieces: Vec<Convex>,
    /// Volume of what it was made of.
    pub(crate) volume: f64,
    /// Rotations that it may have, numbers into those of [`Solids`].
    pub(crate) turns: Vec<u32>,
}

/// What is nested: solids, rotations, and tables of how pairs overlap.
///
/// Two convex pieces overlap where the origin of one is within their Minkowski difference. That
/// depends on how one is turned against the other only, so that few are needed for rotations that
/// make up a group; each is found when it is first asked for.
#[derive(Debug)]
pub(crate) struct Solids {
    pub(crate) solids: Vec<Solid>,
    pub(crate) rotations: Vec<Rotation>,
    /// By rotation, then by other rotation: which of the relative ones.
    relative: Vec<u32>,
    relatives: Vec<Rotation>,
    /// By solid, then by rotation: its box.
    extents: Vec<Extent>,
    /// By solid, other solid not before it, and relative rotation.
    obstacles: Vec<OnceLock<Obstacles>>,
    /// Distance that solids keep.
    gap: f64,
}

impl Solids {
    /// Solids that keep a distance.
    pub(crate) fn new(solids: Vec<Solid>, rotations: Vec<Rotation>, gap: f64) -> Self {
        let mut relatives: Vec<Rotation> = Vec::new();
        let mut known = |by: Rotation| {
            let same = |other: &Rotation| {
                let apart = other.iter().flatten().zip(by.iter().flatten());
                apart.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) < SAME
            };
            relatives.iter().position(same).unwrap_or_else(|| {
                relatives.push(by);
                relatives.len() - 1
            }) as u32
        };
        let relative = rotations
            .iter()
            .flat_map(|from| rotations.iter().map(move |to| relative(from, to)))
            .map(&mut known)
            .collect();
        let extents = solids
            .iter()
            .flat_map(|solid| rotations.iter().map(move |by| extent(&solid.pieces, by)))
            .collect();
        let pairs = solids.len() * solids.len() * relatives.len();
        let obstacles = (0..pairs).map(|_| OnceLock::new()).collect();
        Self { solids, rotations, relative, relatives, extents, obstacles, gap }
    }

    /// Distance that solids keep.
    #[inline(always)]
    pub(crate) fn gap(&self) -> f64 {
        self.gap
    }

    /// The box of a solid at a rotation, its origin at the origin.
    #[inline(always)]
    pub(crate) fn extent(&self, solid: u32, rotation: u32) -> &Extent {
        &self.extents[solid as usize * self.rotations.len() + rotation as usize]
    }

    /// Where a solid must not be, seen from another one that is not after it.
    #[inline(always)]
    fn obstacles(&self, one: u32, other: u32, relative: u32) -> &Obstacles {
        let pair = one as usize * self.solids.len() + other as usize;
        self.obstacles[pair * self.relatives.len() + relative as usize]
            .get_or_init(|| self.made(one, other, relative))
    }

    #[cold]
    fn made(&self, one: u32, other: u32, relative: u32) -> Obstacles {
        let by = &self.relatives[relative as usize];
        let others: Vec<Convex> =
            self.solids[other as usize].pieces.iter().map(|piece| piece.turned(by)).collect();
        let mut obstacles = Obstacles::default();
        for a in &self.solids[one as usize].pieces {
            for b in &others {
                obstacles.add(&difference(a, b), self.gap);
            }
        }
        obstacles
    }

    /// How far two solids overlap, each given by its number, rotation and place: the sum over
    /// their pieces of how far one must be moved away from the other.
    #[inline(always)]
    pub(crate) fn depth<S: Simd>(&self, simd: S, one: Posed, other: Posed) -> f64 {
        let (one, other) = if one.solid <= other.solid { (one, other) } else { (other, one) };
        let relative = self.relative
            [one.rotation as usize * self.rotations.len() + other.rotation as usize];
        let by = turned_back(&self.rotations[one.rotation as usize], minus(other.at, one.at));
        self.obstacles(one.solid, other.solid, relative).depth(simd, by)
    }
}

/// A solid in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posed {
    pub(crate) solid: u32,
    pub(crate) rotation: u32,
    pub(crate) at: Vector,
}

/// The box of turned pieces.
fn extent(pieces: &[Convex], by: &Rotation) -> Extent {
    let bounds = pieces.iter().map(|piece| piece.turned(by).bounds());
    let all = bounds.reduce(|[a, b], [c, d]| {
        [[0, 1, 2].map(|k| a[k].min(c[k])), [0, 1, 2].map(|k| b[k].max(d[k]))]
    });
    Extent::new(all.unwrap_or_default())
}
