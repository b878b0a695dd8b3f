//! What the verifier looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::config::Config;
use platewright_model::id::PartId;
use platewright_model::night::Night;
use platewright_model::replan::Replan;
use platewright_model::stage::{
    Assignment, BuildPlan, Grouping, OrderBook, PackageSet, PartSet, Schedule, SliceSet,
};

/// Reads a file of the run folder, named by its path below it, such as `80_packages/B1.zip`;
/// the error says what went wrong.
pub type ReadFile<'a> = dyn Fn(&str) -> Result<Vec<u8>, String> + 'a;

/// Inputs and stages of a run; only `night`, `config` and `meshes` are believed.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// What was ordered, and where it can be printed.
    pub night: &'a Night,
    /// The configuration of the run.
    pub config: &'a Config,
    /// Mesh of each part, in the part's frame, mm.
    pub meshes: &'a BTreeMap<PartId, Arc<TriMesh>>,
    /// Stage 1.
    pub order_book: &'a OrderBook,
    /// Stage 2.
    pub parts: &'a PartSet,
    /// Stage 3.
    pub grouping: &'a Grouping,
    /// Stage 4.
    pub build_plan: &'a BuildPlan,
    /// Stage 5.
    pub assignment: &'a Assignment,
    /// Stage 6.
    pub schedule: &'a Schedule,
    /// Stage 7, if the run got so far.
    pub slices: Option<&'a SliceSet>,
    /// Stage 8, if the run got so far.
    pub packages: Option<&'a PackageSet>,
    /// What was taken over from a plan in force, if the run went on from one.
    pub replan: Option<&'a Replan>,
    /// Reads the files of stages 7 and 8.
    pub read_file: &'a ReadFile<'a>,
}
