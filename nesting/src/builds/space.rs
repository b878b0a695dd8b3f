//! Kinds of build volumes, prepared: a box, and walls within it.

use std::f64::consts::{PI, TAU};

use platewright_mesh::TriMesh;
use platewright_model::volume::{Space, VolumeType};

use crate::bins::BinKind;
use crate::solid::{Form, Vector};

/// Sides of the prism within a cylinder: it takes 0.2 % of its area.
const ROUND: usize = 64;

/// A kind of build volume: the box that parts stay in begins at the origin.
#[derive(Debug)]
pub(super) struct Kind {
    /// Least corner of the box, in the frame of the build.
    pub(super) origin: Vector,
    /// Its edges.
    pub(super) size: Vector,
    /// What else parts keep from, in the frame of the build.
    pub(super) walls: Vec<Form>,
    /// Volume that parts may take, cost and stock.
    pub(super) bin: BinKind,
}

impl Kind {
    /// Of a build volume from whose walls, unless they are planes along the axes, parts keep
    /// `spare` more than they must. One that is open above gets so high. None if it cannot be
    /// prepared.
    pub(super) fn new(
        volume: &VolumeType,
        space: Option<&TriMesh>,
        spare: f64,
        open: f64,
    ) -> Option<Self> {
        let meshed = matches!(volume.space, Space::Mesh(_));
        let inset = if meshed { volume.wall + spare } else { volume.wall };
        let (low, high, mut walls, room) = match &volume.space {
            Space::Box(size) => ([0.0; 3], *size, Vec::new(), None),
            Space::Open([width, depth]) => {
                ([0.0; 3], [*width, *depth, open + 2.0 * inset], Vec::new(), None)
            }
            Space::Cylinder { radius, height } => {
                let size = [2.0 * radius, 2.0 * radius, *height];
                let round = (radius - inset).powi(2) * PI * (height - 2.0 * inset);
                (([0.0; 3]), size, around(*radius, *height), Some(round))
            }
            Space::Mesh(_) => {
                let (walls, [low, high]) = Form::outside(space?)?;
                (low, high, walls, Some(space?.volume().abs()))
            }
        };
        walls.extend(volume.excluded.iter().map(|region| Form::cuboid(region.min, region.max)));
        let origin = low.map(|x| x + inset);
        let size = [0, 1, 2].map(|k| high[k] - low[k] - 2.0 * inset);
        let boxed: f64 = size.iter().product();
        let bin = BinKind {
            capacity: room.map_or(boxed, |room| room.min(boxed)),
            cost: volume.cost,
            stock: volume.stock.map_or(usize::MAX, |stock| stock as usize),
        };
        size.iter().all(|edge| *edge > 0.0).then_some(Self { origin, size, walls, bin })
    }
}

/// What lies between a cylinder and its box: a cell at each side of the prism within.
fn around(radius: f64, height: f64) -> Vec<Form> {
    let corner = |k: usize| {
        let angle = TAU * k as f64 / ROUND as f64;
        [radius + radius * angle.cos(), radius + radius * angle.sin()]
    };
    // Outward as far as the corners of the box.
    let far = |[x, y]: [f64; 2]| [radius + 1.5 * (x - radius), radius + 1.5 * (y - radius)];
    let cells = (0..ROUND).map(|k| {
        let (p, q) = (corner(k), corner((k + 1) % ROUND));
        let ring = [p, far(p), far(q), q];
        Form::prism(&ring, 0.0, height)
    });
    cells.collect()
}
