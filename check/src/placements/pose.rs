//! Poses: proper rotations, as far as line and process allow.

use platewright_model::order::OrientationPolicy;
use platewright_model::stage::Build;

use super::Part;
use crate::facts::Recipe;
use crate::{Rule, Violation};

/// How far an entry of a rotation matrix may be off: a part of 1 m is then off by a nanometre.
const ENTRY: f64 = 1e-9;

type Matrix = [[f64; 3]; 3];

pub(super) fn check(build: &Build, part: &Part<'_>, recipe: &Recipe<'_>) -> Vec<Violation> {
    let rotation = &part.placement.pose.rotation;
    let subject = format!("unit {}", part.placement.unit);
    if let Some(fault) = improper(rotation) {
        let text = format!("in build {}: {fault}", build.id);
        return vec![Violation::new(Rule::Rotation, subject, text)];
    }
    let Some(ordered) = part.ordered else { return Vec::new() };
    let policy = ordered.line.orientation.min(recipe.process.orientation);
    if allowed(rotation, policy) {
        return Vec::new();
    }
    let trace = rotation[0][0] + rotation[1][1] + rotation[2][2];
    let degrees = ((trace - 1.0) / 2.0).clamp(-1.0, 1.0).acos().to_degrees();
    let text = format!(
        "in build {} is turned by {degrees:.3}° in all; line and process allow {policy:?} \
         (line {:?}, process {:?})",
        build.id, ordered.line.orientation, recipe.process.orientation
    );
    vec![Violation::new(Rule::Orientation, subject, text)]
}

/// What is wrong with a rotation matrix, if anything.
fn improper(r: &Matrix) -> Option<String> {
    for i in 0..3 {
        for j in 0..=i {
            let product: f64 = (0..3).map(|k| r[i][k] * r[j][k]).sum();
            let expected = f64::from(i == j);
            if (product - expected).abs() > ENTRY {
                return Some(format!(
                    "rows {i} and {j} of the rotation have the product {product:.12}, not \
                     {expected}"
                ));
            }
        }
    }
    let det = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
        - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
        + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
    (det < 0.0).then(|| format!("the part is mirrored (determinant {det:.9})"))
}

fn allowed(r: &Matrix, policy: OrientationPolicy) -> bool {
    let is = |x: f64, y: f64| (x - y).abs() <= ENTRY;
    match policy {
        OrientationPolicy::Fixed => (0..3).all(|i| (0..3).all(|j| is(r[i][j], f64::from(i == j)))),
        OrientationPolicy::Upright => {
            is(r[2][2], 1.0) && [r[0][2], r[1][2], r[2][0], r[2][1]].iter().all(|&x| is(x, 0.0))
        }
        OrientationPolicy::Axis24 => r.iter().flatten().all(|&x| is(x, 0.0) || is(x.abs(), 1.0)),
        OrientationPolicy::Any => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    const QUARTER_X: Matrix = [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]];

    fn about_z(degrees: f64) -> Matrix {
        let (s, c) = degrees.to_radians().sin_cos();
        [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]
    }

    #[test]
    fn policies_allow_what_they_say() {
        use OrientationPolicy::{Any, Axis24, Fixed, Upright};
        for (matrix, policies) in [
            (IDENTITY, vec![Fixed, Upright, Axis24, Any]),
            (about_z(90.0), vec![Upright, Axis24, Any]),
            (about_z(10.0), vec![Upright, Any]),
            (QUARTER_X, vec![Axis24, Any]),
        ] {
            assert_eq!(improper(&matrix), None);
            for policy in [Fixed, Upright, Axis24, Any] {
                assert_eq!(allowed(&matrix, policy), policies.contains(&policy), "{policy:?}");
            }
        }
    }

    #[test]
    fn mirrors_shears_and_scales_are_improper() {
        let mut mirror = IDENTITY;
        mirror[0][0] = -1.0;
        let mut shear = IDENTITY;
        shear[0][1] = 1e-6;
        let mut scale = IDENTITY;
        scale[2][2] = 1.0 + 1e-6;
        for matrix in [mirror, shear, scale, [[0.0; 3]; 3]] {
            assert!(improper(&matrix).is_some());
        }
    }
}
