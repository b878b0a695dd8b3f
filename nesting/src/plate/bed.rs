//! A plate with parts on it: the collision engine, the raster and the spots, kept in step.

use std::sync::Arc;

use jagua_rs::collision_detection::hazards::filter::NoFilter;
use jagua_rs::collision_detection::hazards::{Hazard, HazardEntity};
use jagua_rs::collision_detection::{CDEConfig, CDEngine};
use jagua_rs::geometry::Transformation;
use jagua_rs::geometry::fail_fast::SPSurrogateConfig;
use jagua_rs::geometry::geo_enums::GeoPosition;
use jagua_rs::geometry::geo_traits::{Transformable, TransformableFrom};
use jagua_rs::geometry::primitives::{Rect as CdRect, SPolygon};

use super::container::Container;
use super::footprint::{Footprint, Shape};
use super::plane::{Point, Rect};
use super::raster::{Raster, Run, touched};

/// Depth of the engine's quadtree: cells of a 32nd of the plate hold a few edges each.
const QUADTREE_DEPTH: u8 = 5;

/// What stands where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    /// Index into the problem's items.
    pub(super) item: usize,
    /// Index into the shapes.
    pub(super) shape: usize,
    /// Which of the shape's poses.
    pub(super) pose: usize,
    /// Least corner of the part's box in plan.
    pub(super) at: Point,
}

/// Who blocks: the far outside (walls are tested exactly, not here) or a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Blocker {
    Outside,
    Part(u32),
}

impl HazardEntity for Blocker {
    fn scope(&self) -> GeoPosition {
        match self {
            Self::Outside => GeoPosition::Exterior,
            Self::Part(_) => GeoPosition::Interior,
        }
    }

    fn is_dynamic(&self) -> bool {
        matches!(self, Self::Part(_))
    }
}

/// A part on the plate.
#[derive(Clone, Debug)]
struct Standing {
    spot: Spot,
    id: u32,
    cells: Arc<Vec<(u32, Vec<Run>)>>,
}

/// A plate with parts on it.
#[derive(Clone, Debug)]
pub(super) struct Bed {
    engine: CDEngine<Blocker>,
    raster: Raster,
    standing: Vec<Standing>,
    next_id: u32,
    /// Area of the grown outlines on it, mm².
    pub(super) load: f64,
    /// Shapes that were tried in vain since the last part was taken off.
    full_for: Vec<bool>,
}

impl Bed {
    /// An empty plate.
    pub(super) fn new(plate: &Container, shapes: usize) -> Self {
        let lat = plate.lattice;
        let rim = lat.cell * (lat.pad + 2) as f64;
        let reach = |n: usize| (lat.origin[0] + lat.cell * n as f64 + lat.origin[0] + rim) as f32;
        let (x, y) = (reach(lat.nx), reach(lat.ny));
        let low = -(rim as f32);
        let outside = Rect { min: [f64::from(low); 2], max: [f64::from(x), f64::from(y)] };
        let points = outside
            .corners()
            .iter()
            .map(|p| jagua_rs::geometry::primitives::Point(p[0] as f32, p[1] as f32))
            .collect();
        let ring = SPolygon::new(points).expect("a rectangle with room is a simple polygon");
        let bounds = CdRect::try_new(low - 1.0, low - 1.0, x + 1.0, y + 1.0)
            .expect("a rectangle with room")
            .inflate_to_square();
        let config = CDEConfig {
            quadtree_depth: QUADTREE_DEPTH,
            cd_threshold: 16,
            item_surrogate_config: SPSurrogateConfig::none(),
        };
        let walls = vec![Hazard::new(Blocker::Outside, Arc::new(ring))];
        Self {
            engine: CDEngine::new(bounds, walls, config),
            raster: Raster::new(&lat),
            standing: Vec::new(),
            next_id: 0,
            load: 0.0,
            full_for: vec![false; shapes],
        }
    }

    /// What stands on it.
    pub(super) fn spots(&self) -> impl ExactSizeIterator<Item = Spot> + '_ {
        self.standing.iter().map(|s| s.spot)
    }

    /// Blocked positions.
    pub(super) fn raster(&self) -> &Raster {
        &self.raster
    }

    /// Whether a shape was tried in vain and nothing was taken off since.
    pub(super) fn is_full_for(&self, shape: usize) -> bool {
        self.full_for[shape]
    }

    /// Notes that a shape was tried in vain.
    pub(super) fn set_full_for(&mut self, shape: usize) {
        self.full_for[shape] = true;
    }

    /// Whether a grown outline at a position meets another one.
    pub(super) fn collides(&self, moving: &mut Moving<'_>, at: Point) -> bool {
        moving.scratch.transform_from(&moving.foot.engine, &shift(at));
        self.engine.detect_poly_collision(&moving.scratch, &NoFilter)
    }

    /// Stands a part; the caller has asked before.
    pub(super) fn place(&mut self, spot: Spot, shapes: &[Arc<Shape>], plate: &Container) {
        let shape = &shapes[spot.shape];
        let foot = &shape.poses[spot.pose];
        let outline = foot.engine.transform_clone(&shift(spot.at));
        self.engine.register_hazard(Hazard::new(Blocker::Part(self.next_id), Arc::new(outline)));
        let cells = Arc::new(touched(&foot.grown, spot.at, &plate.lattice));
        self.raster.block(&cells);
        self.standing.push(Standing { spot, id: self.next_id, cells });
        self.next_id += 1;
        self.load += shape.grown_area;
    }

    /// Takes off every part for which `leaves` says so, and returns them in their order.
    pub(super) fn take(
        &mut self,
        shapes: &[Arc<Shape>],
        mut leaves: impl FnMut(&Spot) -> bool,
    ) -> Vec<Spot> {
        let (gone, stay): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.standing).into_iter().partition(|s| leaves(&s.spot));
        self.standing = stay;
        if gone.is_empty() {
            return Vec::new();
        }
        for s in &gone {
            self.engine.deregister_hazard_by_entity(Blocker::Part(s.id));
            self.raster.clear_rows(&s.cells);
        }
        // Whole rows were cleared, so the neighbours come in again.
        for s in &self.standing {
            self.raster.block(&s.cells);
        }
        self.full_for.fill(false);
        self.load = self.standing.iter().map(|s| shapes[s.spot.shape].grown_area).sum();
        gone.into_iter().map(|s| s.spot).collect()
    }
}

/// A footprint with room for its moved outline.
pub(super) struct Moving<'a> {
    pub(super) foot: &'a Footprint,
    scratch: SPolygon,
}

impl<'a> Moving<'a> {
    pub(super) fn new(foot: &'a Footprint) -> Self {
        Self { foot, scratch: foot.engine.as_ref().clone() }
    }
}

fn shift(at: Point) -> Transformation {
    Transformation::from_translation((at[0] as f32, at[1] as f32))
}
