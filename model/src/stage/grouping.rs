//! Stage 3: which units may be printed together.

use serde::{Deserialize, Serialize};

use crate::id::{
    BatchId, CertificateId, CustomerId, GroupId, MachineClassId, MaterialId, OrderId,
    ParameterSetId, ProcessId, UnitId,
};
use crate::order::QualityClass;

/// Stage 3: printing groups, and the batches proposed for each machine class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grouping {
    /// Groups, sorted by id; they share no unit.
    pub groups: Vec<PrintingGroup>,
    /// Batches, sorted by id; every unit of a group is in at most one.
    pub batches: Vec<Batch>,
}

/// Units that may share a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrintingGroup {
    /// Its id.
    pub id: GroupId,
    /// What its units have in common.
    pub key: GroupKey,
    /// The units, sorted.
    pub units: Vec<UnitId>,
}

/// What units must have in common to be printed together (5.6 note 1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupKey {
    /// Process.
    pub process: ProcessId,
    /// Material.
    pub material: MaterialId,
    /// Parameter set.
    pub parameter_set: ParameterSetId,
    /// Quality class.
    pub quality: QualityClass,
    /// Who may share.
    pub pool: MixingPool,
    /// Certificates the centre must hold, sorted; without those that every centre holds that
    /// could print the group.
    pub certificates: Vec<CertificateId>,
}

/// With whom units may share a build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MixingPool {
    /// With every order of the pool.
    Shared,
    /// With orders of this customer.
    Customer(CustomerId),
    /// With this order only.
    Order(OrderId),
}

/// Units proposed to be nested together in one build volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Its group.
    pub group: GroupId,
    /// The machine class whose volume it is for.
    pub class: MachineClassId,
    /// The units, most urgent first.
    pub units: Vec<UnitId>,
}
