//! Measures as types of their own, so that a length is never taken for a volume.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! measures {
    ($($(#[$meta:meta])* $name:ident($raw:ty) $unit:literal)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $raw);

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::default(), Add::add)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)?;
                f.write_str(concat!(" ", $unit))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} {}", self.0, $unit)
            }
        }
    )*};
}

measures! {
    /// A length in millimetres.
    Mm(f64) "mm"
    /// A volume in cubic millimetres.
    Mm3(f64) "mm³"
    /// A mass in grams.
    Grams(f64) "g"
    #[derive(Eq, Ord, Hash)]
    /// A duration in whole seconds.
    Seconds(i64) "s"
    #[derive(Eq, Ord, Hash)]
    /// An amount of money in minor units (cents) of the night's currency.
    Money(i64) "minor units"
}

impl Seconds {
    /// The duration in hours.
    pub fn hours(self) -> f64 {
        self.0 as f64 / 3600.0
    }

    /// Rounds a duration up to whole seconds; `seconds` must be finite.
    pub fn ceil_from(seconds: f64) -> Self {
        assert!(seconds.is_finite(), "a duration must be finite, is {seconds}");
        Self(seconds.ceil() as i64)
    }
}

impl Money {
    /// Rounds an amount up to whole minor units; `minor_units` must be finite.
    ///
    /// Amounts within a millionth of a whole number count as that number, so that the same
    /// sum in another order gives the same price.
    pub fn ceil_from(minor_units: f64) -> Self {
        assert!(minor_units.is_finite(), "an amount must be finite, is {minor_units}");
        Self((minor_units - 1e-6).ceil() as i64)
    }
}

/// The unit a model file is drawn in; formats without a unit (STL, OBJ) need one given.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// Micrometre.
    Micron,
    /// Millimetre.
    Mm,
    /// Centimetre.
    Cm,
    /// Metre.
    M,
    /// Inch.
    Inch,
    /// Foot.
    Foot,
}

impl LengthUnit {
    /// All units, in the order of their names in messages.
    pub const ALL: [Self; 6] = [Self::Micron, Self::Mm, Self::Cm, Self::M, Self::Inch, Self::Foot];

    /// Millimetres in one of this unit (ISO 80000-3; the inch is 25.4 mm exactly).
    pub const fn in_mm(self) -> f64 {
        match self {
            Self::Micron => 0.001,
            Self::Mm => 1.0,
            Self::Cm => 10.0,
            Self::M => 1000.0,
            Self::Inch => 25.4,
            Self::Foot => 304.8,
        }
    }

    /// The name as written in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Micron => "micron",
            Self::Mm => "mm",
            Self::Cm => "cm",
            Self::M => "m",
            Self::Inch => "inch",
            Self::Foot => "foot",
        }
    }

    /// The unit of a name (3MF writes them in full), if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "micron" => Some(Self::Micron),
            "mm" | "millimeter" => Some(Self::Mm),
            "cm" | "centimeter" => Some(Self::Cm),
            "m" | "meter" => Some(Self::M),
            "in" | "inch" => Some(Self::Inch),
            "ft" | "foot" => Some(Self::Foot),
            _ => None,
        }
    }
}
