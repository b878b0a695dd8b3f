//! Which unit a model without one may be drawn in.

use platewright_model::measure::LengthUnit;

use crate::format::Raw;

/// Lengths of parts that are made of powder, resin or filament, mm: of most of them, and of
/// nearly all.
const MOST_MM: std::ops::RangeInclusive<f64> = 5.0..=500.0;
const NEARLY_ALL_MM: std::ops::RangeInclusive<f64> = 0.5..=2000.0;
/// Units by how often files are drawn in them.
const BY_USE: [LengthUnit; 6] = [
    LengthUnit::Mm,
    LengthUnit::Inch,
    LengthUnit::M,
    LengthUnit::Cm,
    LengthUnit::Foot,
    LengthUnit::Micron,
];

/// A guess with its reason, as the end of a message: never taken without being asked.
///
/// The first unit by use in which the model has a usual length. `None` if its size in no unit is
/// that of a part.
pub(crate) fn reason(raw: &Raw) -> Option<String> {
    let size = extents(raw)?;
    let length = size.into_iter().fold(0.0, f64::max);
    let fits = |range: &std::ops::RangeInclusive<f64>| {
        BY_USE.into_iter().find(|unit| range.contains(&(length * unit.in_mm())))
    };
    let unit = fits(&MOST_MM).or_else(|| fits(&NEARLY_ALL_MM))?;
    let product = |size: [f64; 3]| size.map(short).join(" × ");
    let drawn = product(size);
    Some(if unit == LengthUnit::Mm {
        format!(
            "; the model is {drawn} units large: as mm that is the size of a usual part; \
             if so, give mm"
        )
    } else {
        let made = product(size.map(|x| x * unit.in_mm()));
        let name = unit.name();
        format!(
            "; the model is {drawn} units large: as {name} it would be {made} mm, the size of a \
             usual part, as mm it would not; if so, give {name}"
        )
    })
}

/// Extents of the vertices that triangles use, in the units of the file.
fn extents(raw: &Raw) -> Option<[f64; 3]> {
    let (mut min, mut max) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for &v in raw.triangles.as_flattened() {
        let p = raw.vertices[v as usize];
        for k in 0..3 {
            min[k] = min[k].min(p[k]);
            max[k] = max[k].max(p[k]);
        }
    }
    let size: [f64; 3] = std::array::from_fn(|k| max[k] - min[k]);
    size.iter().all(|x| x.is_finite()).then_some(size)
}

/// A number with three significant digits.
fn short(x: f64) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    let digits = (2.0 - x.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{x:.digits$}");
    if digits == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
