//! The eight stage types. Each holds ids of what came before plus new facts, never copies.

mod assignment;
mod build_plan;
mod grouping;
mod mesh_fault;
mod order_book;
mod package_set;
mod part_set;
mod schedule;
mod slice_set;

pub use assignment::{Assigned, Assignment, Unassigned};
pub use build_plan::{Build, BuildPlan, DrawnOut, Placement, Unplaced, UnplacedReason};
pub use grouping::{Batch, GroupKey, Grouping, MixingPool, PrintingGroup};
pub use mesh_fault::{FaultCode, MeshFault, Place, Severity};
pub use order_book::{OrderBook, Refused};
pub use package_set::{Package, PackageSet, SortEntry};
pub use part_set::{
    BestFor, CorrectionStep, MeshFacts, OrientationAdvice, PartRecord, PartSet, Printability,
    Verdict,
};
pub use schedule::{Delivery, Schedule, ScheduledBuild};
pub use slice_set::{BuildSlices, LayerFacts, LayerFigures, SliceSet};
