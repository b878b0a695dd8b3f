//! Layouts of plates, checked exactly on a grid of whole numbers.

mod exact;
mod fault;
mod grid;
mod problem;
#[cfg(test)]
mod tests;

use platewright_model::plate::{Bed, FilledPlate, PlateLayout, PlateProblem, PlateType};
use platewright_model::strip::PlacedOutline;

use self::exact::{Side, keep_distance, lies_within, overlap, side};
pub use self::fault::{PlateFault, Spot};
use self::grid::{Grid, NoRegion, Point, Region};

/// Everything that is wrong with a layout; nothing if every copy is there or told as left over,
/// each at an allowed turn and far enough from the edge of its bed, from zones and from all
/// others, and stock, groups, begun plates and the order of printing are respected.
///
/// Corners are rounded to a grid whose step is a power of two, at most 2⁻²⁷ of the largest extent
/// of the plates (2⁻²⁸ of that rounded up to a power of two); from there on all is decided in
/// whole numbers, without any tolerance. Rounding moves a corner by at most half a step along each
/// axis and a distance asked for by half a step, so a distance is judged wrongly only if it is off
/// by less than two steps (one and a half between edges along the axes); what lies on the grid
/// is judged as it is. Parts may stand exactly as near as is allowed.
///
/// Holes of parts that are not `host` count as filled; those of hosts keep the same distances as
/// their outlines. Margins are added to distances. Parts that stood on begun plates are judged
/// like all others. What is left over is no fault if it is counted right.
///
/// A sweep along x finds neighbours: n parts with m corners near one another take
/// O(n log n + n m²), in practice milliseconds for 300 parts of 100 corners.
pub fn check_plates(problem: &PlateProblem, layout: &PlateLayout) -> Vec<PlateFault> {
    let bad = problem::faults(problem);
    if !bad.is_empty() {
        return bad;
    }
    let mut faults = Vec::new();
    count(problem, layout, &mut faults);
    begun(problem, layout, &mut faults);
    groups(problem, layout, &mut faults);
    let grid = Grid::over(problem);
    for (plate, filled) in layout.plates.iter().enumerate() {
        let Some(kind) = problem.plates.get(filled.plate) else { continue };
        let stands = Plate { problem, kind, plate, filled };
        stands.turns(&mut faults);
        stands.printing_order(&mut faults);
        stands.places(&grid, &mut faults);
    }
    faults
}

/// Indices that lead nowhere, copies of parts, plates in stock.
fn count(problem: &PlateProblem, layout: &PlateLayout, faults: &mut Vec<PlateFault>) {
    let mut found = vec![0_u64; problem.parts.len()];
    let mut left = found.clone();
    let mut used = vec![0_u64; problem.plates.len()];
    for (plate, filled) in layout.plates.iter().enumerate() {
        match used.get_mut(filled.plate) {
            Some(used) => *used += 1,
            None => faults.push(PlateFault::NoSuchPlate { plate, kind: filled.plate }),
        }
        for (placed, place) in filled.placed.iter().enumerate() {
            match found.get_mut(place.item).filter(|_| is_readable(place)) {
                Some(found) => *found += 1,
                None => faults.push(PlateFault::Unreadable { plate, placed }),
            }
        }
    }
    for (entry, (part, copies)) in layout.left.iter().enumerate() {
        match left.get_mut(*part) {
            Some(left) => *left += u64::from(*copies),
            None => faults.push(PlateFault::NoSuchLeft { entry, part: *part }),
        }
    }
    for (index, part) in problem.parts.iter().enumerate() {
        let (found, left, copies) = (found[index], left[index], part.copies);
        if found + left != u64::from(copies) {
            faults.push(PlateFault::Copies { part: index, found, left, copies });
        }
    }
    for (index, kind) in problem.plates.iter().enumerate() {
        if let Some(stock) = kind.stock.filter(|stock| used[index] > u64::from(*stock)) {
            faults.push(PlateFault::Stock { kind: index, used: used[index], stock });
        }
    }
}

fn is_readable(place: &PlacedOutline) -> bool {
    [place.turn, place.at[0], place.at[1]].iter().all(|x| x.is_finite())
}

/// Plates that were begun come first, with what stood on them.
fn begun(problem: &PlateProblem, layout: &PlateLayout, faults: &mut Vec<PlateFault>) {
    for (plate, begun) in problem.begun.iter().enumerate() {
        let same = layout.plates.get(plate).filter(|filled| filled.plate == begun.plate);
        let Some(filled) = same else {
            faults.push(PlateFault::BegunMissing { plate });
            continue;
        };
        let changed = (0..begun.placed.len())
            .find(|&placed| filled.placed.get(placed) != Some(&begun.placed[placed]));
        if let Some(placed) = changed {
            faults.push(PlateFault::BegunChanged { plate, placed });
        }
    }
}

/// Parts of a group stand on one plate.
fn groups(problem: &PlateProblem, layout: &PlateLayout, faults: &mut Vec<PlateFault>) {
    let mut on: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
    for (plate, filled) in layout.plates.iter().enumerate() {
        for place in &filled.placed {
            let Some(group) = problem.parts.get(place.item).and_then(|part| part.group) else {
                continue;
            };
            let plates = on.entry(group).or_default();
            if plates.last() != Some(&plate) {
                plates.push(plate);
            }
        }
    }
    let torn = on.into_iter().filter(|(_, plates)| plates.len() > 1);
    faults.extend(torn.map(|(group, plates)| PlateFault::Group { group, plates }));
}

/// One plate of a layout, of a kind that is there.
struct Plate<'a> {
    problem: &'a PlateProblem,
    kind: &'a PlateType,
    /// Index into [`PlateLayout::plates`].
    plate: usize,
    filled: &'a FilledPlate,
}

/// A part in its place on the grid.
struct Standing {
    spot: Spot,
    /// Its outline, holes filled.
    filled: Region,
    /// With its holes, if it has any.
    pierced: Option<Region>,
    host: bool,
}

impl Standing {
    /// Where no other part may stand.
    fn taken(&self) -> &Region {
        self.pierced.as_ref().filter(|_| self.host).unwrap_or(&self.filled)
    }

    /// Where there is material.
    fn solid(&self) -> &Region {
        self.pierced.as_ref().unwrap_or(&self.filled)
    }
}

impl Plate<'_> {
    /// Placements that can be read.
    fn readable(&self) -> impl Iterator<Item = (Spot, &PlacedOutline)> {
        let placed = self.filled.placed.iter().enumerate();
        let there = placed.filter(|(_, p)| p.item < self.problem.parts.len() && is_readable(p));
        there.map(|(placed, p)| (Spot { plate: self.plate, placed, part: p.item }, p))
    }

    fn turns(&self, faults: &mut Vec<PlateFault>) {
        for (spot, place) in self.readable() {
            let turns = self.problem.parts[spot.part].turns.as_ref();
            let same = |allowed: &f64| (place.turn - allowed) % 360.0 == 0.0;
            if turns.is_some_and(|turns| !turns.iter().any(same)) {
                faults.push(PlateFault::Turn { spot, turn: place.turn });
            }
        }
    }

    /// Only the part printed last may be higher than the gantry.
    fn printing_order(&self, faults: &mut Vec<PlateFault>) {
        let Some(sequential) = self.problem.sequential else { return };
        let last = self.filled.placed.len().saturating_sub(1);
        for (spot, _) in self.readable().filter(|(spot, _)| spot.placed != last) {
            let height = self.problem.parts[spot.part].height;
            if height > sequential.gantry_height {
                faults.push(PlateFault::TooHigh { spot, height, gantry: sequential.gantry_height });
            }
        }
    }

    /// Distances to the edge, to zones, to one another.
    fn places(&self, grid: &Grid, faults: &mut Vec<PlateFault>) {
        let origin = grid::origin(&self.kind.bed);
        let bed = GridBed::new(&self.kind.bed, grid);
        let zones = self.kind.zones.iter().map(|zone| grid.region(origin, &[&zone.outline]));
        let zones: Vec<Region> =
            zones.map(|zone| zone.expect("zones were found to be regions")).collect();
        let mut standing = Vec::new();
        for (spot, place) in self.readable() {
            let part = &self.problem.parts[spot.part];
            let rings = |n: usize| {
                let all = std::iter::once(&part.outline).chain(&part.holes).take(n);
                let placed: Vec<_> = all.map(|ring| grid::placed(ring, place)).collect();
                grid.region(origin, &placed.iter().collect::<Vec<_>>())
            };
            let gap = self.kind.edge_gap + part.margin;
            let filled = match rings(1) {
                Ok(filled) => filled,
                Err(NoRegion::Far) => {
                    faults.push(PlateFault::Outside { spot, gap });
                    continue;
                }
                Err(NoRegion::Thin) => {
                    faults.push(PlateFault::TooThin { spot });
                    continue;
                }
            };
            if !bed.holds(&filled, gap, grid) {
                faults.push(PlateFault::Outside { spot, gap });
            }
            let pierced = (!part.holes.is_empty()).then(|| rings(usize::MAX)).and_then(Result::ok);
            let stands = Standing { spot, filled, pierced, host: part.host };
            for (index, zone) in zones.iter().enumerate() {
                let given = &self.kind.zones[index];
                if !given.blocks(part.height) {
                    continue;
                }
                let gap = given.gap + part.margin;
                let steps = grid.length(gap);
                if relation(stands.taken(), zone, steps) != Apart::Yes {
                    faults.push(PlateFault::Zone { spot, zone: index, gap });
                }
            }
            standing.push(stands);
        }
        self.neighbours(standing, grid, faults);
    }

    /// All pairs of parts that are near one another, found by a sweep along x.
    fn neighbours(&self, mut standing: Vec<Standing>, grid: &Grid, faults: &mut Vec<PlateFault>) {
        let widest = |with: usize| {
            let gaps = standing.iter().map(|s| self.problem.gap_between(with, s.spot.part));
            grid.length(gaps.fold(0.0, f64::max))
        };
        let widest: Vec<i64> = (0..self.problem.parts.len()).map(widest).collect();
        standing.sort_by_key(|s| (s.filled.low[0], s.spot.placed));
        let mut found = Vec::new();
        for (rank, one) in standing.iter().enumerate() {
            let reach = one.filled.high[0] + widest[one.spot.part];
            for other in standing[rank + 1..].iter().take_while(|s| s.filled.low[0] <= reach) {
                let ordered = one.spot.placed < other.spot.placed;
                let (a, b) = if ordered { (one, other) } else { (other, one) };
                let gap = self.problem.gap_between(a.spot.part, b.spot.part);
                found.extend(pair(a, b, gap, grid.length(gap)));
            }
        }
        found.sort_by_key(|(places, _)| *places);
        faults.extend(found.into_iter().map(|(_, fault)| fault));
    }
}

/// What is wrong between two parts, after the two places it is found at.
fn pair(a: &Standing, b: &Standing, gap: f64, steps: i64) -> Option<((usize, usize), PlateFault)> {
    let fault = match relation(a.taken(), b.taken(), steps) {
        Apart::Yes => return None,
        Apart::Near => PlateFault::Near { a: a.spot, b: b.spot, gap },
        // Their outlines overlap; if what is solid does not, one stands in the other's hole.
        Apart::Overlapping if !overlap(a.solid(), b.solid()) => {
            let b_in_a = a.pierced.is_some() && a.filled.covers_box_of(&b.filled);
            let (inner, outer) = if b_in_a { (b, a) } else { (a, b) };
            PlateFault::InHole { spot: inner.spot, of: outer.spot }
        }
        Apart::Overlapping => PlateFault::Overlap { a: a.spot, b: b.spot },
    };
    Some(((a.spot.placed, b.spot.placed), fault))
}

/// How two regions lie to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Apart {
    /// Far enough.
    Yes,
    /// Too near.
    Near,
    /// They have inner points in common.
    Overlapping,
}

fn relation(a: &Region, b: &Region, gap: i64) -> Apart {
    if a.boxes_keep(b, gap) {
        return Apart::Yes;
    }
    if gap > 0 && keep_distance(a, b, gap) {
        // No edge meets another: one region lies wholly in the other, or they are disjoint.
        let within = |p: Point, region: &Region| side(p, [0; 2], region) == Side::Inside;
        let one_in_other = within(a.rings[0][0], b) || within(b.rings[0][0], a);
        return if one_in_other { Apart::Overlapping } else { Apart::Yes };
    }
    match overlap(a, b) {
        true => Apart::Overlapping,
        false if gap > 0 => Apart::Near,
        false => Apart::Yes,
    }
}

/// The surface of a plate on the grid.
enum GridBed {
    Rectangle(Point),
    /// About the origin; radius in mm, as a gap is taken off it before it is rounded.
    Circle(f64),
    Polygon(Region),
}

impl GridBed {
    fn new(bed: &Bed, grid: &Grid) -> Self {
        match bed {
            Bed::Rectangle(corner) => Self::Rectangle(corner.map(|x| grid.length(x))),
            Bed::Circle { radius, .. } => Self::Circle(*radius),
            Bed::Polygon(ring) => {
                let region = grid.region(grid::origin(bed), &[ring]);
                Self::Polygon(region.expect("beds were found to be regions"))
            }
        }
    }

    /// Whether an outline is on the bed and at least `gap` mm away from its edge.
    fn holds(&self, outline: &Region, gap: f64, grid: &Grid) -> bool {
        let steps = grid.length(gap);
        match self {
            Self::Rectangle(corner) => {
                (0..2).all(|k| outline.low[k] >= steps && outline.high[k] <= corner[k] - steps)
            }
            Self::Circle(radius) => {
                let room = grid.length((radius - gap).max(0.0));
                let within = |p: &Point| p[0] * p[0] + p[1] * p[1] <= room * room;
                *radius >= gap && outline.rings[0].iter().all(within)
            }
            Self::Polygon(bed) if steps > 0 => {
                side(outline.rings[0][0], [0; 2], bed) == Side::Inside
                    && keep_distance(outline, bed, steps)
            }
            Self::Polygon(bed) => lies_within(outline, bed),
        }
    }
}
