//! A tiny valid night, every number worked out by hand.
//!
//! Seven units: two cubes and a block in build B1 and a cube in B2, both of powder on machine
//! M1; a block in B3 of filament on machine M2, a round plate; a part too large for any machine.
//! Times and amounts are chosen so that the sums come out round.

mod night;
mod output;
mod plan;

use std::collections::BTreeMap;
use std::sync::Arc;

use nalgebra::Point3;
use platewright_mesh::TriMesh;
use platewright_model::config::{
    Config, Limits, Objective, PlateConfig, Policy, RoundsConfig, SlicerConfig, SolverConfig,
    VolumeConfig,
};
use platewright_model::id::{OrderId, PartId, UnitId};
use platewright_model::night::Night;
use platewright_model::replan::Replan;
use platewright_model::run::RunContext;
use platewright_model::stage::{
    Assignment, BuildPlan, Grouping, OrderBook, PackageSet, PartSet, Placement, Schedule, SliceSet,
};
use platewright_model::time::Time;

use crate::geometry::{Bounds, box_triangles};
use crate::{Evidence, Rule, Violation, check};

/// Everything that evidence points to.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) night: Night,
    pub(crate) config: Config,
    pub(crate) meshes: BTreeMap<PartId, Arc<TriMesh>>,
    pub(crate) order_book: OrderBook,
    pub(crate) parts: PartSet,
    pub(crate) grouping: Grouping,
    pub(crate) build_plan: BuildPlan,
    pub(crate) assignment: Assignment,
    pub(crate) schedule: Schedule,
    pub(crate) slices: Option<SliceSet>,
    pub(crate) packages: Option<PackageSet>,
    pub(crate) replan: Option<Replan>,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Plan {
    /// The valid night, without layers and packages.
    pub(crate) fn valid() -> Self {
        let night = night::night();
        Self {
            config: config(),
            meshes: meshes(),
            order_book: OrderBook { units: night.units(), refused: Vec::new() },
            parts: plan::parts(),
            grouping: plan::grouping(),
            build_plan: plan::build_plan(),
            assignment: plan::assignment(),
            schedule: plan::schedule(),
            slices: None,
            packages: None,
            replan: None,
            files: BTreeMap::new(),
            night,
        }
    }

    /// The valid night with its layers and packages.
    pub(crate) fn with_output() -> Self {
        let mut plan = Self::valid();
        output::add_slices(&mut plan);
        output::add_packages(&mut plan);
        plan
    }

    /// What the verifier says.
    pub(crate) fn check(&self) -> Vec<Violation> {
        let read_file =
            |path: &str| self.files.get(path).cloned().ok_or_else(|| "no such file".to_owned());
        let evidence = Evidence {
            night: &self.night,
            config: &self.config,
            meshes: &self.meshes,
            order_book: &self.order_book,
            parts: &self.parts,
            grouping: &self.grouping,
            build_plan: &self.build_plan,
            assignment: &self.assignment,
            schedule: &self.schedule,
            slices: self.slices.as_ref(),
            packages: self.packages.as_ref(),
            replan: self.replan.as_ref(),
            read_file: &read_file,
        };
        check(&evidence, &RunContext::with_iterations(1, 0))
    }

    /// The rules that the verifier says are broken, each once.
    pub(crate) fn broken(&self) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.check().iter().map(|v| v.code).collect();
        rules.dedup();
        rules
    }

    /// The placement of copy `copy` of line 0 of an order.
    pub(crate) fn placement(&mut self, order: &str, copy: u32) -> &mut Placement {
        let id = unit(order, copy);
        let all = self.build_plan.builds.iter_mut().flat_map(|b| &mut b.placements);
        all.into_iter().find(|p| p.unit == id).unwrap()
    }
}

/// Copy `copy` of line 0 of an order.
pub(crate) fn unit(order: &str, copy: u32) -> UnitId {
    UnitId::derive(&OrderId::from(order), 0, copy)
}

/// A time of the weekend after Friday 2026-11-20, such as `20T18:00:00`.
pub(crate) fn at(text: &str) -> Time {
    Time::parse(&format!("2026-11-{text}Z")).unwrap()
}

/// Boxes as one mesh; those marked true are cavities.
pub(crate) fn boxes(boxes: &[([f64; 3], [f64; 3], bool)]) -> TriMesh {
    let mut mesh = TriMesh::default();
    for &(min, max, cavity) in boxes {
        for mut triangle in box_triangles(&Bounds { min, max }) {
            if cavity {
                triangle.swap(1, 2);
            }
            let n = mesh.vertices.len() as u32;
            mesh.vertices.extend(triangle.map(Point3::from));
            mesh.triangles.push([n, n + 1, n + 2]);
        }
    }
    mesh
}

fn meshes() -> BTreeMap<PartId, Arc<TriMesh>> {
    [("cube", [10.0; 3]), ("block", [40.0, 40.0, 30.0]), ("huge", [900.0; 3])]
        .into_iter()
        .map(|(part, size)| (part.into(), Arc::new(boxes(&[([0.0; 3], size, false)]))))
        .collect()
}

fn config() -> Config {
    Config {
        limits: Limits {
            file_bytes: 1 << 20,
            triangles: 1 << 20,
            inflated_bytes: 1 << 24,
            inflation_ratio: 200,
            zip_members: 100,
            coordinate_mm: 10_000.0,
            line_quantity: 100,
            night_units: 1000,
        },
        objective: Objective {
            lateness_per_hour: 200,
            unplaced_per_unit: 50_000,
            changed_per_build: 0,
            missed_deadline: 10_000,
            apart_per_shipment: 700,
            broken_promise: 3000,
        },
        volume: VolumeConfig { voxel_mm: 1.0, iterations: 1, removable: false, balanced: false },
        plate: PlateConfig { iterations: 1 },
        solver: SolverConfig {
            policy: Policy::Search,
            volume_fill: 0.4,
            plate_fill: 0.7,
            batch_moves: 1,
            mip_seconds: 1.0,
            mip_gap: 0.0,
            schedule_iterations: 1,
        },
        slicer: SlicerConfig { simplify_mm: 0.01 },
        rounds: RoundsConfig { max: 1, budget_s: 1 },
    }
}
