//! What a report is made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use platewright_mesh::TriMesh;
use platewright_model::id::{OrderId, PartId, UnitId};
use platewright_model::night::Night;
use platewright_model::order::Unit;
use platewright_model::replan::Churn;
use platewright_model::stage::{
    Assignment, BuildPlan, Grouping, OrderBook, PackageSet, PartSet, Schedule, SliceSet,
};

/// A finished run, as the report sees it.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Name of the night, for the title.
    pub title: &'a str,
    /// The night.
    pub night: &'a Night,
    /// Meshes as they are printed, by part, in mm.
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
    /// Stage 7.
    pub slices: &'a SliceSet,
    /// Stage 8.
    pub packages: &'a PackageSet,
    /// What the verifier found; empty is good.
    pub violations: &'a [String],
    /// How far the plan departs from one that was in force, if it went on from one.
    pub churn: Option<&'a Churn>,
    /// Figures of the run.
    pub figures: &'a Figures,
}

/// Figures of a run that the stages do not hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Seed of the run.
    pub seed: u64,
    /// Wall time of planning, s.
    pub wall_seconds: f64,
    /// Rounds of planning.
    pub rounds: u32,
    /// Version of the program.
    pub version: String,
}

impl<'a> Evidence<'a> {
    /// The units by id.
    pub fn units(&self) -> BTreeMap<UnitId, &'a Unit> {
        self.order_book.units.iter().map(|u| (u.id, u)).collect()
    }

    /// The orders with a unit in the book, each with its index: the key of its colour.
    pub fn order_index(&self) -> BTreeMap<&'a OrderId, usize> {
        let mut orders: Vec<&OrderId> = self.night.orders.keys().collect();
        orders.sort();
        orders.into_iter().enumerate().map(|(i, o)| (o, i)).collect()
    }
}
