//! What the verifier found.

use std::fmt;

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $code:literal $name:literal)*) => {
        /// A rule that a plan must keep. Index of codes: `docs/errors.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules, in the order of the flow.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// Name in kebab case, such as `part-clearance`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// Code such as `E9016`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)*
                }
            }
        }
    };
}

rules! {
    /// The whole plan was looked at.
    Incomplete "E9000" "check-incomplete"
    /// The order book holds the units of all confirmed lines, once each, and no others.
    OrderBook "E9001" "order-book"
    /// Every unit is in a build or among the unplaced.
    UnitMissing "E9002" "unit-missing"
    /// No unit is there twice.
    UnitDouble "E9003" "unit-double"
    /// Every unit of the plan was ordered.
    UnitUnknown "E9004" "unit-unknown"
    /// An unplaced unit has its reason in words.
    UnplacedReason "E9005" "unplaced-reason"
    /// A unit is printed from the part of its line, and the part can be printed.
    WrongPart "E9006" "wrong-part"
    /// Every placed part has a usable mesh.
    Mesh "E9007" "mesh"
    /// Builds have ids of their own, a known machine class and a known group.
    Build "E9010" "build"
    /// Poses are finite and rotations proper.
    Rotation "E9011" "rotation-improper"
    /// Parts are turned only as line and process allow.
    Orientation "E9012" "orientation"
    /// Parts keep their distance to walls and top.
    OutsideVolume "E9013" "outside-volume"
    /// Parts keep their distance to excluded regions.
    ExcludedRegion "E9014" "excluded-region"
    /// Parts keep their distance to the plate.
    PlateDistance "E9015" "plate-distance"
    /// Parts keep their distance to one another.
    Clearance "E9016" "part-clearance"
    /// No part stands inside another, or in its closed cavity against its line.
    Enclosed "E9017" "part-enclosed"
    /// Volume, surface, height and layer thickness of a build are those of its parts.
    Load "E9018" "build-load"
    /// The density of a build is that of its parts.
    Density "E9019" "build-density"
    /// Where units must come apart, each can be drawn out in its turn.
    Removal "E9020" "removal"
    /// The layers of a build fuse no more than the process allows, and change no more.
    LayerArea "E9021" "layer-area"
    /// A unit is in exactly one group, and its build is of that group.
    Group "E9030" "group"
    /// Units are printed by the process of their line.
    Process "E9031" "process"
    /// Units are printed in the material of their line.
    Material "E9032" "material"
    /// Units are printed with the parameter set of their quality class.
    ParameterSet "E9033" "parameter-set"
    /// Units share a build only with those that their mixing rules allow.
    Mixing "E9034" "mixing"
    /// A group asks for the certificates of its orders, and the centre holds them.
    Certificate "E9035" "certificate"
    /// Every build is assigned or unassigned, once, with a reason where it is unassigned.
    Assignment "E9050" "assignment"
    /// The machine exists, belongs to the centre and is of the build's class.
    Machine "E9051" "machine"
    /// The centre ships to the regions of all orders in the build.
    Region "E9052" "region"
    /// Builds take no more feedstock than the centre has.
    Stock "E9053" "stock"
    /// The bound is a bound and the gap follows from it.
    Bound "E9054" "bound"
    /// What is taken over from a plan in force stays: parts, then the machine of what is prepared,
    /// then the times of what has started.
    Kept "E9055" "kept"
    /// Every assigned build is scheduled once, on its machine.
    Schedule "E9060" "schedule"
    /// Nothing starts before the plan begins or the machine is free.
    TooEarly "E9061" "too-early"
    /// Set-up and unloading fall into staffed hours.
    Unstaffed "E9062" "unstaffed"
    /// No build runs during maintenance.
    Maintenance "E9063" "maintenance"
    /// A machine has one build at a time.
    Overlap "E9064" "overlap"
    /// Set-up, cooling and unloading take as long as the machine needs.
    Durations "E9065" "durations"
    /// The print takes as long as the machine's time model says.
    PrintTime "E9066" "print-time"
    /// The material is changed where the sequence asks for it, and only there.
    Changeover "E9067" "changeover"
    /// Builds are unloaded at the first chance.
    Unloading "E9068" "unloading"
    /// Orders arrive when their last unit does, and are complete if all units are.
    Delivery "E9069" "delivery"
    /// Lateness follows from arrival and due date.
    Lateness "E9070" "lateness"
    /// The cost of a build follows from the inputs.
    BuildCost "E9080" "build-cost"
    /// The cost of the plan is the sum of its items.
    PlanCost "E9081" "plan-cost"
    /// Every scheduled build is sliced once.
    Slices "E9090" "slices"
    /// The number of layers and their tops follow from height and thickness.
    SliceLayers "E9091" "slice-layers"
    /// The areas of the layers are those of the parts.
    SliceArea "E9092" "slice-area"
    /// The feedstock of the layers follows from their areas.
    SliceMaterial "E9093" "slice-material"
    /// The layer file is there and unaltered.
    SliceFile "E9094" "slice-file"
    /// The print time of a sliced build follows from its layers and its machine.
    SliceTime "E9095" "slice-time"
    /// The contours of the layers are as long as those of the parts.
    SlicePerimeter "E9096" "slice-perimeter"
    /// Every scheduled build has one package.
    Packages "E9100" "packages"
    /// The package file is there and unaltered.
    PackageFile "E9101" "package-file"
    /// The package is a ZIP after ISO/IEC 21320-1 with the members it names.
    PackageFormat "E9102" "package-format"
    /// The package holds exactly the units of its build.
    PackageUnits "E9103" "package-units"
    /// The package places its units as the plan does.
    PackagePose "E9104" "package-pose"
    /// Members of the package are those its manifest names.
    PackageMember "E9105" "package-member"
    /// The 3MF in the package can be read and its items resolve.
    PackageModel "E9106" "package-model"
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A broken rule. Sorted by rule, subject and text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The rule.
    pub code: Rule,
    /// What breaks it: `unit …`, `build …`, `order …`, `machine …`.
    pub subject: String,
    /// How, with the numbers as they are and as they should be.
    pub text: String,
}

impl Violation {
    /// A violation of `code` by `subject`.
    pub fn new(code: Rule, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { code, subject: subject.into(), text: text.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}: {}: {}", self.code.code(), self.code, self.subject, self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_codes_are_unique_and_well_formed() {
        let names: BTreeSet<_> = Rule::ALL.iter().map(|r| r.name()).collect();
        let codes: BTreeSet<_> = Rule::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        assert_eq!(codes.len(), Rule::ALL.len());
        assert!(names.iter().all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        assert!(codes.iter().all(|c| c.len() == 5 && c.starts_with("E9")));
    }

    #[test]
    fn a_violation_reads_as_one_line() {
        let v = Violation::new(Rule::Clearance, "build B1", "too close");
        assert_eq!(v.to_string(), "[E9016] part-clearance: build B1: too close");
    }
}
