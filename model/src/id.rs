//! Typed ids, all from one registry, so that an order can never be taken for a build.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as it is written in files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

ids! {
    /// An order of one customer.
    OrderId
    /// Who ordered.
    CustomerId
    /// One model at one version in one unit of length.
    PartId
    /// A feedstock.
    MaterialId
    /// A process, refining a process category of ISO/ASTM 52900.
    ProcessId
    /// A set of process parameters (layer thickness and what belongs to it).
    ParameterSetId
    /// A treatment after printing.
    PostProcessId
    /// A print centre.
    CentreId
    /// A machine of a centre.
    MachineId
    /// Machines that are alike in process and build volume.
    MachineClassId
    /// Where an order is shipped to.
    RegionId
    /// A certificate that an order may ask of a centre.
    CertificateId
    /// A printing group (ISO/IEC 23510, 5.6 note 1).
    GroupId
    /// A batch: units proposed to be nested together.
    BatchId
    /// A build: one filled build volume.
    BuildId
}

/// One printed copy; given when its order is confirmed, never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub Uuid);

/// Name space of every UUID that Platewright derives (a UUID v5 of "platewright" in the URL
/// name space).
const UUID_NAMESPACE: Uuid = Uuid::from_u128(0x5f4c_8c0e_7d1b_5c5e_9a53_1f0d_6a0b_2d11);

impl UnitId {
    /// The unit of `copy` (from 0) of line `line` (from 0) of `order`: the same every time.
    pub fn derive(order: &OrderId, line: usize, copy: u32) -> Self {
        Self(derive_uuid(&format!("unit/{order}/{line}/{copy}")))
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitId({})", self.0)
    }
}

/// A UUID (version 5) that depends on `name` alone.
pub fn derive_uuid(name: &str) -> Uuid {
    Uuid::new_v5(&UUID_NAMESPACE, name.as_bytes())
}
