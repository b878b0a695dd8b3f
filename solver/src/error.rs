//! Errors of the crate: input that contradicts itself. Infeasible is data, not an error.

use platewright_model::id::{BuildId, GroupId, MachineId, UnitId};

/// Why no answer could be given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SolverError {
    /// A batch scheduling problem that contradicts itself.
    #[error("E3001 the batch scheduling problem cannot be planned: {first}; {more} faults more")]
    BadProblem {
        /// What is wrong, where, and how to mend it.
        first: String,
        /// Faults beside it.
        more: usize,
    },
    /// A problem whose batches cannot be nested one by one.
    #[error(
        "E3002 batches are nested for parts of one copy each and {most} at most, not {copies}; \
         plan with sizes alone"
    )]
    TooManyNested {
        /// How many copies there are.
        copies: usize,
        /// How many there may be.
        most: usize,
    },
    /// A plan that is not one of the problem.
    #[error(
        "E3003 the plan is not one of this problem: it names other machines, parts or copies, or \
         puts them where they cannot be; read it with the problem it was made for"
    )]
    ForeignPlan,
    /// Orders are to be promised by an objective with levels.
    #[error(
        "E3004 orders are promised by one sum, and the objective has levels: take \
         objective.levels out and give weights instead"
    )]
    PromiseByLevels,
    /// A build names a group that does not exist.
    #[error(
        "E5001 build {build} is of group {group}, which is not among the printing groups; \
         assign the builds with the grouping they were nested from"
    )]
    UnknownGroup {
        /// The build.
        build: BuildId,
        /// What it names.
        group: GroupId,
    },
    /// A build holds a unit that is not of the night.
    #[error(
        "E5002 build {build} holds unit {unit}, which is not in the order book or whose part \
         has no measures; assign the builds with the order book they were nested from"
    )]
    UnknownUnit {
        /// The build.
        build: BuildId,
        /// The unit.
        unit: UnitId,
    },
    /// The assignment names a build that does not exist, or one twice.
    #[error(
        "E6001 the assignment names build {build} which is unknown or named twice; schedule \
         the builds with the assignment made for them"
    )]
    UnknownBuild {
        /// The build.
        build: BuildId,
    },
    /// The assignment puts a build on a machine that cannot take it.
    #[error("E6002 build {build} cannot be printed on machine {machine}: {reason}")]
    BadMachine {
        /// The build.
        build: BuildId,
        /// The machine.
        machine: MachineId,
        /// Why not.
        reason: String,
    },
    /// A build to be explained is not in the plan.
    #[error("E6003 build {build} is not in the {place}; ask for a build that is")]
    NotPlanned {
        /// The build.
        build: BuildId,
        /// Where it was looked for.
        place: &'static str,
    },
}
