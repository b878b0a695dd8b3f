//! Solids at the turns they may have, and how far pairs of them overlap.

use std::sync::{Arc, OnceLock};

use platewright_mesh::TriMesh;
use pulp::Simd;

use super::convex::Convex;
use super::difference::difference;
use super::extent::Extent;
use super::slabs::Slabs;
use super::table::Obstacles;
use super::vector::{Rotation, Vector, minus, relative, times, turned_back};

/// Rotations whose entries differ by less are the same.
const SAME: f64 = 1e-9;
const UP: Vector = [0.0, 0.0, 1.0];

/// A solid: a union of convex pieces around the middle of its box.
#[derive(Clone, Debug)]
pub(crate) struct Solid {
    pub(crate) pieces: Vec<Convex>,
    /// Volume of what it was made of.
    pub(crate) volume: f64,
    /// Rotations that it may have, numbers into those of [`Solids`].
    pub(crate) turns: Vec<u32>,
    pub(crate) keeps: Keeps,
    /// Whether the pieces are just the solid.
    pub(crate) exact: bool,
}

/// What a solid keeps from others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keeps {
    /// From another part the greater distance of both.
    Part(f64),
    /// A wall: what parts keep from it.
    Wall(f64),
}

impl Keeps {
    fn from(self, other: Self) -> f64 {
        match (self, other) {
            (Self::Part(a), Self::Part(b)) => a.max(b),
            (Self::Part(_), Self::Wall(wall)) | (Self::Wall(wall), _) => wall,
        }
    }

    fn own(self) -> f64 {
        match self {
            Self::Part(own) | Self::Wall(own) => own,
        }
    }
}

/// What is nested: solids, rotations, and how pairs overlap.
///
/// Two convex pieces overlap where the origin of one is within their Minkowski difference. That
/// depends on how one is turned against the other only, so that few are needed for rotations that
/// make up a group; each is found when it is first asked for. Pieces that only hold a solid are
/// compared along fixed directions, which takes little more.
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
    /// By solid, then by rotation.
    slabs: Vec<OnceLock<Slabs>>,
    /// The greatest distance that two keep.
    gap: f64,
    /// Whether parts must come apart.
    pub(crate) removable: bool,
    /// By solid: the mesh that it was made of, and the middle of its box; where layers have limits.
    pub(crate) meshes: Vec<(Arc<TriMesh>, Vector)>,
}

impl Solids {
    /// Solids that keep their distances and, if asked for, come apart.
    pub(crate) fn new(solids: Vec<Solid>, rotations: Vec<Rotation>, removable: bool) -> Self {
        let gap = solids.iter().map(|solid| solid.keeps.own()).fold(0.0, f64::max);
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
        let slabs = (0..solids.len() * rotations.len()).map(|_| OnceLock::new()).collect();
        Self {
            solids,
            rotations,
            relative,
            relatives,
            extents,
            obstacles,
            slabs,
            gap,
            removable,
            meshes: Vec::new(),
        }
    }

    /// The greatest distance that two keep.
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
        let gap = self.between(one, other);
        for a in &self.solids[one as usize].pieces {
            for b in &others {
                obstacles.add(&difference(a, b), gap);
            }
        }
        obstacles
    }

    /// The distance that two solids keep.
    #[inline(always)]
    fn between(&self, one: u32, other: u32) -> f64 {
        self.solids[one as usize].keeps.from(self.solids[other as usize].keeps)
    }

    #[inline(always)]
    fn slabs(&self, solid: u32, rotation: u32) -> &Slabs {
        let number = solid as usize * self.rotations.len() + rotation as usize;
        self.slabs[number].get_or_init(|| {
            let by = &self.rotations[rotation as usize];
            Slabs::new(&self.solids[solid as usize].pieces, by)
        })
    }

    /// Whether two solids are just their pieces.
    #[inline(always)]
    fn exact(&self, one: u32, other: u32) -> bool {
        self.solids[one as usize].exact && self.solids[other as usize].exact
    }

    /// How far two solids overlap, each given by its number, rotation and place: the sum over
    /// their pieces of how far one must be moved away from the other.
    #[inline(always)]
    pub(crate) fn depth<S: Simd>(&self, simd: S, one: Posed, other: Posed) -> f64 {
        if !self.exact(one.solid, other.solid) {
            let gap = self.between(one.solid, other.solid);
            let facing = self.slabs(other.solid, other.rotation);
            let by = minus(other.at, one.at);
            return self.slabs(one.solid, one.rotation).depth(simd, facing, by, gap);
        }
        let (one, other) = if one.solid <= other.solid { (one, other) } else { (other, one) };
        let relative =
            self.relative[one.rotation as usize * self.rotations.len() + other.rotation as usize];
        let by = turned_back(&self.rotations[one.rotation as usize], minus(other.at, one.at));
        self.obstacles(one.solid, other.solid, relative).depth(simd, by)
    }

    /// Where a solid that moves along a way overlaps another one, as spans of how far it has come
    /// from its place.
    #[inline(always)]
    pub(crate) fn course<S: Simd>(
        &self,
        simd: S,
        moving: Posed,
        fixed: Posed,
        way: Vector,
        spans: &mut Vec<[f64; 2]>,
    ) {
        if !self.exact(moving.solid, fixed.solid) {
            let gap = self.between(moving.solid, fixed.solid);
            let from = minus(moving.at, fixed.at);
            let facing = self.slabs(moving.solid, moving.rotation);
            let fixed = self.slabs(fixed.solid, fixed.rotation);
            if way == UP {
                fixed.spans(simd, facing, from, gap, spans);
            } else {
                fixed.spans_along(facing, from, way, gap, spans);
            }
            return;
        }
        let swapped = moving.solid > fixed.solid;
        let (one, other) = if swapped { (fixed, moving) } else { (moving, fixed) };
        let relative =
            self.relative[one.rotation as usize * self.rotations.len() + other.rotation as usize];
        let frame = &self.rotations[one.rotation as usize];
        let from = minus(other.at, one.at);
        let way = if swapped { way } else { times(way, -1.0) };
        self.obstacles(one.solid, other.solid, relative).spans(
            turned_back(frame, from),
            turned_back(frame, way),
            spans,
        );
    }

    /// Whether a solid is a wall, not a part.
    pub(crate) fn is_wall(&self, solid: u32) -> bool {
        matches!(self.solids[solid as usize].keeps, Keeps::Wall(_))
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
