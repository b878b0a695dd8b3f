//! Boxes and rigid motions, as plain data; the algorithms are in `mesh` and `nesting`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::{Mm, Mm3};

/// An axis-aligned box, in mm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoxMm {
    /// Least corner.
    pub min: [f64; 3],
    /// Greatest corner.
    pub max: [f64; 3],
}

impl BoxMm {
    /// Edge lengths.
    pub fn size(&self) -> [f64; 3] {
        std::array::from_fn(|k| self.max[k] - self.min[k])
    }

    /// Volume of the box.
    pub fn volume(&self) -> Mm3 {
        let [x, y, z] = self.size();
        Mm3(x * y * z)
    }
}

/// A rigid motion from a part's frame to its build's frame: `p ↦ rotation · p + translation`.
///
/// `rotation` is row-major and proper (determinant +1, never mirrored); `translation` is in mm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// Rows of the rotation matrix.
    pub rotation: [[f64; 3]; 3],
    /// Translation in mm, applied after the rotation.
    pub translation: [f64; 3],
}

impl Pose {
    /// The motion that moves nothing.
    pub const IDENTITY: Self = Self {
        rotation: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        translation: [0.0; 3],
    };

    /// Where `p` comes to lie.
    pub fn apply(&self, p: [f64; 3]) -> [f64; 3] {
        let r = &self.rotation;
        std::array::from_fn(|k| {
            r[k][0] * p[0] + r[k][1] * p[1] + r[k][2] * p[2] + self.translation[k]
        })
    }
}

/// Outline of a build volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum VolumeShape {
    /// `x × y × z` mm, a corner at the origin.
    Box {
        /// Width.
        x: Mm,
        /// Depth.
        y: Mm,
        /// Height.
        z: Mm,
    },
    /// An upright cylinder, its axis at `(diameter / 2, diameter / 2)`.
    Cylinder {
        /// Diameter of the round plate.
        diameter: Mm,
        /// Height.
        z: Mm,
    },
}

/// Where parts may stand: an outline less excluded boxes (clamps, purge lines, heater margins).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildVolume {
    /// Outline.
    pub shape: VolumeShape,
    /// Boxes that no part may enter.
    pub excluded: Vec<BoxMm>,
}

impl BuildVolume {
    /// Edge lengths of the bounding box.
    pub fn size(&self) -> [f64; 3] {
        match self.shape {
            VolumeShape::Box { x, y, z } => [x.0, y.0, z.0],
            VolumeShape::Cylinder { diameter, z } => [diameter.0, diameter.0, z.0],
        }
    }

    /// Area of the plate, excluded regions not taken off, in mm².
    pub fn plate_area(&self) -> f64 {
        match self.shape {
            VolumeShape::Box { x, y, .. } => x.0 * y.0,
            VolumeShape::Cylinder { diameter, .. } => {
                std::f64::consts::PI * diameter.0 * diameter.0 / 4.0
            }
        }
    }

    /// Short name such as `380x284x380` or `d150x180`.
    pub fn name(&self) -> String {
        let excluded = if self.excluded.is_empty() {
            String::new()
        } else {
            format!("-{}", self.excluded.len())
        };
        match self.shape {
            VolumeShape::Box { x, y, z } => format!("{}x{}x{}{excluded}", x.0, y.0, z.0),
            VolumeShape::Cylinder { diameter, z } => format!("d{}x{}{excluded}", diameter.0, z.0),
        }
    }
}

/// A way along an axis, as seen from the front of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Along z.
    Up,
    /// Against z.
    Down,
    /// Along x.
    Right,
    /// Against x.
    Left,
    /// Along y.
    Back,
    /// Against y.
    Front,
}

impl Way {
    /// All of them; each two are opposite.
    pub const ALL: [Self; 6] =
        [Self::Up, Self::Down, Self::Right, Self::Left, Self::Back, Self::Front];

    /// Of length 1.
    pub const fn direction(self) -> [f64; 3] {
        match self {
            Self::Up => [0.0, 0.0, 1.0],
            Self::Down => [0.0, 0.0, -1.0],
            Self::Right => [1.0, 0.0, 0.0],
            Self::Left => [-1.0, 0.0, 0.0],
            Self::Back => [0.0, 1.0, 0.0],
            Self::Front => [0.0, -1.0, 0.0],
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Right => "right",
            Self::Left => "left",
            Self::Back => "back",
            Self::Front => "front",
        }
    }
}
