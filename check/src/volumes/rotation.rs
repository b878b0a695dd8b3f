//! Rotations that parts may have.

use platewright_model::geometry::Pose;
use platewright_model::volume::Turns;

use super::{Build, Standing3d, VolumeFault};

/// How far entries of rotations may be off.
const OFF: f64 = 1e-9;

impl Build<'_> {
    pub(super) fn rotation(&self, part: &Standing3d<'_>, faults: &mut Vec<VolumeFault>) {
        let rotation = &self.filled.placed[part.stand.placed].pose.rotation;
        if !is_allowed(&self.problem.parts[part.stand.part].turns, rotation) {
            faults.push(VolumeFault::Rotation { stand: part.stand });
        }
    }
}

/// Whether a pose moves without stretching or mirroring.
pub(super) fn is_rigid(pose: &Pose) -> bool {
    let r = &pose.rotation;
    let numbers = r.iter().flatten().chain(&pose.translation);
    let dot = |a: usize, b: usize| (0..3).map(|k| r[a][k] * r[b][k]).sum::<f64>();
    let square =
        (0..3).all(|a| (0..3).all(|b| (dot(a, b) - f64::from(u8::from(a == b))).abs() <= OFF));
    let minor = |a: usize, b: usize| r[1][a] * r[2][b] - r[1][b] * r[2][a];
    let volume = r[0][0] * minor(1, 2) + r[0][1] * minor(2, 0) + r[0][2] * minor(0, 1);
    numbers.into_iter().all(|x| x.is_finite()) && square && volume > 0.0
}

/// Whether a rotation is among those that a part may have.
fn is_allowed(turns: &Turns, rotation: &[[f64; 3]; 3]) -> bool {
    match turns {
        Turns::Free => true,
        Turns::Fixed => same(rotation, &Pose::IDENTITY.rotation),
        Turns::List(list) => list.iter().any(|listed| same(rotation, listed)),
        Turns::Cube => {
            let whole = |x: &f64| x.abs() <= OFF || (x.abs() - 1.0).abs() <= OFF;
            rotation.iter().flatten().all(whole)
        }
        Turns::Upright(steps) => {
            let upright = (rotation[2][2] - 1.0).abs() <= OFF;
            let turn = rotation[1][0].atan2(rotation[0][0]) / std::f64::consts::TAU;
            let steps = turn * f64::from(*steps);
            upright && (steps - steps.round()).abs() <= OFF.sqrt()
        }
    }
}

fn same(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> bool {
    a.iter().flatten().zip(b.iter().flatten()).all(|(x, y)| (x - y).abs() <= OFF)
}
