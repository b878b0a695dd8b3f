//! Distances to walls and excluded boxes.

use platewright_model::volume::Space;

use super::{Build, PLACE_MM, Standing3d, VolumeFault};
use crate::geometry::{Bounds, Place, Tree, box_triangles, place, transpose_times};

impl Build<'_> {
    pub(super) fn place(&self, part: &Standing3d<'_>, faults: &mut Vec<VolumeFault>) {
        if let Some(how) = self.outside(part) {
            faults.push(VolumeFault::Outside { stand: part.stand, how });
        }
        for (region, excluded) in self.kind.excluded.iter().enumerate() {
            let mut bounds = Bounds::EMPTY;
            bounds.add(excluded.min);
            bounds.add(excluded.max);
            if let Some(how) = self.near_region(part, &bounds) {
                faults.push(VolumeFault::Excluded { stand: part.stand, how, region });
            }
        }
    }

    /// How a part comes too near to the walls, if it does.
    fn outside(&self, part: &Standing3d<'_>) -> Option<String> {
        let wall = self.kind.wall;
        match &self.kind.space {
            Space::Box(size) => out_of_box(part, *size, wall),
            Space::Open([width, depth]) => out_of_box(part, [*width, *depth, f64::INFINITY], wall),
            Space::Cylinder { radius, height } => {
                let off = |p: &[f64; 3]| (p[0] - radius).hypot(p[1] - radius);
                let corners = part.standing.tree.triangles().iter().flatten();
                let reach = corners.map(off).fold(0.0, f64::max);
                let round = (reach > radius - wall + PLACE_MM).then(|| {
                    format!("reaches {reach} mm from the axis; allowed is {} mm", radius - wall)
                });
                round.or_else(|| out_of_top(part, *height, wall))
            }
            Space::Mesh(_) => {
                let space = self.space?;
                let walls = Tree::new(space.triangles.clone());
                let near = part.standing.tree.distance_below(&walls, wall - PLACE_MM);
                let out = || {
                    let mut tips = part.standing.tips.iter();
                    tips.any(|tip| place(space, *tip) != Place::Solid)
                };
                match near {
                    Some(distance) => {
                        Some(format!("is {distance} mm from the walls; asked for is {wall} mm"))
                    }
                    None => out().then(|| "is outside of the volume".to_owned()),
                }
            }
        }
    }

    /// How a part comes too near to an excluded box, if it does.
    fn near_region(&self, part: &Standing3d<'_>, region: &Bounds) -> Option<String> {
        let wall = self.kind.wall;
        let bounds = part.standing.bounds();
        if bounds.distance_squared(region) > wall * wall {
            return None;
        }
        // Shrunk by the tolerance, so that a part may touch where no distance is asked for.
        let inner =
            Bounds { min: region.min.map(|x| x + PLACE_MM), max: region.max.map(|x| x - PLACE_MM) };
        if part.standing.tree.triangles().iter().flatten().any(|&p| inner.holds(p)) {
            return Some("enters".to_owned());
        }
        // Any crossing counts, even where the wall distance is 0.
        let limit = wall.max(PLACE_MM / 2.0);
        let surface = Tree::new(box_triangles(&inner));
        if let Some(distance) = part.standing.tree.distance_below(&surface, limit) {
            return Some(format!("is {distance} mm, not {wall} mm, from"));
        }
        let pose = &self.filled.placed[part.stand.placed].pose;
        let corner: [f64; 3] = std::array::from_fn(|k| inner.min[k] - pose.translation[k]);
        let inside = place(part.solid, transpose_times(&pose.rotation, corner)) == Place::Solid;
        inside.then(|| "encloses".to_owned())
    }
}

fn out_of_box(part: &Standing3d<'_>, size: [f64; 3], wall: f64) -> Option<String> {
    let bounds = part.standing.bounds();
    (0..3).find_map(|k| {
        let (low, high) = (wall - PLACE_MM, size[k] - wall + PLACE_MM);
        (bounds.min[k] < low || bounds.max[k] > high).then(|| {
            format!(
                "spans {} to {} mm along {}; allowed is {wall} to {} mm",
                bounds.min[k],
                bounds.max[k],
                ["x", "y", "z"][k],
                size[k] - wall
            )
        })
    })
}

fn out_of_top(part: &Standing3d<'_>, height: f64, wall: f64) -> Option<String> {
    let (low, high) = (part.standing.bounds().min[2], part.standing.bounds().max[2]);
    (low < wall - PLACE_MM || high > height - wall + PLACE_MM).then(|| {
        format!("spans {low} to {high} mm along z; allowed is {wall} to {} mm", height - wall)
    })
}
