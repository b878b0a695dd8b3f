//! A picture of a plate with its outlines.

use std::fmt::Write;

use platewright_model::plate::{Bed, FilledPlate, PlateProblem, PlateType};
use platewright_model::strip::{PlacedOutline, turn};

/// Width of the picture, pixels.
const WIDTH: f64 = 1200.0;

/// Space around the bed, share of its longer side: for zones that reach over its edge.
const AROUND: f64 = 0.02;

/// A filled plate as SVG, y upwards: its bed, a dashed line where the edge gap ends, its zones
/// hatched, and each part in a colour of its own, holes left open. The parts that stood on the
/// `begun` plate from the first are darker; if the problem is sequential, every part bears its
/// number in the order of printing, from 1.
///
/// `begun` is what stood on that plate before, if anything did: the layout's plate of the same
/// index in [`PlateProblem::begun`]. A plate or part that the problem does not have is left out.
pub fn plate_svg(
    problem: &PlateProblem,
    filled: &FilledPlate,
    begun: Option<&FilledPlate>,
) -> String {
    let Some(kind) = problem.plates.get(filled.plate) else {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n".to_owned();
    };
    let sheet = Sheet::of(&kind.bed);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.2} {:.2}\">\n\
         <defs><pattern id=\"hatch\" width=\"10\" height=\"10\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"10\" height=\"10\" fill=\"#e4e4e0\"/>\
         <path d=\"M0 0V10\" stroke=\"#999\" stroke-width=\"3\"/></pattern></defs>\n",
        sheet.height
    );
    sheet.bed(&mut svg, kind);
    for zone in &kind.zones {
        let path = sheet.path(&zone.outline, None);
        line(&mut svg, &format!("<path d=\"{path}\" fill=\"url(#hatch)\" stroke=\"#777\"/>"));
    }
    let stood = begun.map_or(0, |plate| plate.placed.len());
    for (order, place) in filled.placed.iter().enumerate() {
        sheet.part(&mut svg, problem, place, order < stood);
    }
    if problem.sequential.is_some() {
        for (order, place) in filled.placed.iter().enumerate() {
            sheet.number(&mut svg, problem, place, order + 1);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn line(svg: &mut String, text: &str) {
    writeln!(svg, "{text}").expect("a string takes all");
}

/// Where mm lie in the picture.
struct Sheet {
    /// Least corner of what is shown, mm.
    low: [f64; 2],
    /// Pixels in a mm.
    scale: f64,
    /// Height of the picture, pixels.
    height: f64,
}

impl Sheet {
    fn of(bed: &Bed) -> Self {
        let (low, high) = bounds(bed);
        let size = [high[0] - low[0], high[1] - low[1]];
        let around = AROUND * size[0].max(size[1]);
        let scale = WIDTH / (size[0] + 2.0 * around).max(f64::MIN_POSITIVE);
        Self { low: low.map(|x| x - around), scale, height: (size[1] + 2.0 * around) * scale }
    }

    fn point(&self, p: [f64; 2]) -> [f64; 2] {
        [(p[0] - self.low[0]) * self.scale, self.height - (p[1] - self.low[1]) * self.scale]
    }

    /// A closed ring as a piece of a path, turned and moved if it is placed.
    fn path(&self, ring: &[[f64; 2]], place: Option<&PlacedOutline>) -> String {
        let mut path = String::new();
        for (index, corner) in ring.iter().enumerate() {
            let [x, y] = self.point(place.map_or(*corner, |place| placed(*corner, place)));
            let step = if index == 0 { 'M' } else { 'L' };
            write!(path, "{step}{x:.3} {y:.3}").expect("a string takes all");
        }
        path.push('Z');
        path
    }

    /// The bed, and where the edge gap ends.
    fn bed(&self, svg: &mut String, kind: &PlateType) {
        const BED: &str = "fill=\"#f4f4f2\" stroke=\"#333\"";
        const GAP: &str = "fill=\"none\" stroke=\"#999\" stroke-dasharray=\"6 4\"";
        let gap = kind.edge_gap;
        let rectangle = |[x, y]: [f64; 2], gap: f64| {
            let corners = [[gap, gap], [x - gap, gap], [x - gap, y - gap], [gap, y - gap]];
            self.path(&corners, None)
        };
        match &kind.bed {
            Bed::Rectangle(corner) => {
                line(svg, &format!("<path d=\"{}\" {BED}/>", rectangle(*corner, 0.0)));
                if gap > 0.0 && corner.iter().all(|x| *x > 2.0 * gap) {
                    line(svg, &format!("<path d=\"{}\" {GAP}/>", rectangle(*corner, gap)));
                }
            }
            Bed::Circle { centre, radius } => {
                let [x, y] = self.point(*centre);
                let mut circle = |radius: f64, look: &str| {
                    let r = radius * self.scale;
                    let text = format!("<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"{r:.3}\" {look}/>");
                    line(svg, &text);
                };
                circle(*radius, BED);
                if gap > 0.0 && *radius > gap {
                    circle(radius - gap, GAP);
                }
            }
            Bed::Polygon(ring) => {
                let path = self.path(ring, None);
                line(svg, &format!("<path d=\"{path}\" {BED}/>"));
                if gap > 0.0 {
                    // A pen as wide as two gaps, clipped to the bed: what it leaves is free.
                    let width = 2.0 * gap * self.scale;
                    line(
                        svg,
                        &format!(
                            "<clipPath id=\"bed\"><path d=\"{path}\"/></clipPath>\
                             <path d=\"{path}\" clip-path=\"url(#bed)\" fill=\"none\" \
                             stroke=\"#e4e4e0\" stroke-linejoin=\"round\" \
                             stroke-width=\"{width:.3}\"/>\
                             <path d=\"{path}\" fill=\"none\" stroke=\"#333\"/>"
                        ),
                    );
                }
            }
        }
    }

    fn part(&self, svg: &mut String, problem: &PlateProblem, place: &PlacedOutline, stood: bool) {
        let Some(part) = problem.parts.get(place.item) else { return };
        let rings = std::iter::once(&part.outline).chain(&part.holes);
        let path: String = rings.map(|ring| self.path(ring, Some(place))).collect();
        // Hues a golden angle apart are easy to tell from one another.
        let hue = (place.item as f64 * 137.508) % 360.0;
        let light = if stood { 42 } else { 72 };
        let name = match part.name.as_str() {
            "" => format!("part {}", place.item),
            name => format!("part {}: {}", place.item, escaped(name)),
        };
        let text = format!(
            "<path d=\"{path}\" fill=\"hsl({hue:.0} 55% {light}%)\" fill-rule=\"evenodd\" \
             stroke=\"#333\" stroke-width=\"0.8\"><title>{name}</title></path>"
        );
        line(svg, &text);
    }

    /// The number of a part in the order of printing, in the middle of its box.
    fn number(&self, svg: &mut String, problem: &PlateProblem, place: &PlacedOutline, n: usize) {
        let Some(part) = problem.parts.get(place.item) else { return };
        let corners = part.outline.iter().map(|p| self.point(placed(*p, place)));
        let Some((low, high)) = span(corners) else { return };
        let [x, y] = [0, 1].map(|k| f64::midpoint(low[k], high[k]));
        let text = format!(
            "<text x=\"{x:.2}\" y=\"{y:.2}\" font-family=\"sans-serif\" font-size=\"18\" \
             text-anchor=\"middle\" dominant-baseline=\"central\" paint-order=\"stroke\" \
             stroke=\"#fff\" stroke-width=\"4\">{n}</text>"
        );
        line(svg, &text);
    }
}

/// A corner turned, then moved.
fn placed([x, y]: [f64; 2], place: &PlacedOutline) -> [f64; 2] {
    let [sin, cos] = turn(place.turn);
    [x * cos - y * sin + place.at[0], x * sin + y * cos + place.at[1]]
}

fn bounds(bed: &Bed) -> ([f64; 2], [f64; 2]) {
    match bed {
        Bed::Rectangle(corner) => ([0.0; 2], *corner),
        Bed::Circle { centre, radius } => (centre.map(|x| x - radius), centre.map(|x| x + radius)),
        Bed::Polygon(ring) => span(ring.iter().copied()).unwrap_or_default(),
    }
}

/// Least and greatest coordinates.
fn span(points: impl Iterator<Item = [f64; 2]>) -> Option<([f64; 2], [f64; 2])> {
    points.fold(None, |span, p| {
        let (low, high) = span.unwrap_or((p, p));
        Some(([0, 1].map(|k| low[k].min(p[k])), [0, 1].map(|k| high[k].max(p[k]))))
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use platewright_model::plate::{PlatePart, Sequential, Zone};

    use super::*;

    fn problem(bed: Bed) -> PlateProblem {
        let square = |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high]];
        PlateProblem {
            plates: vec![PlateType {
                bed,
                edge_gap: 5.0,
                zones: vec![Zone { outline: square(-5.0, 9.0), gap: 0.0, above: None }],
                ..PlateType::default()
            }],
            parts: vec![PlatePart {
                name: "a <b>".to_owned(),
                outline: square(0.0, 30.0),
                holes: vec![square(10.0, 20.0)],
                copies: 2,
                ..PlatePart::default()
            }],
            ..PlateProblem::default()
        }
    }

    fn filled() -> FilledPlate {
        let place = |x: f64| PlacedOutline { item: 0, turn: 90.0, at: [x, 20.0] };
        FilledPlate { plate: 0, placed: vec![place(50.0), place(90.0)] }
    }

    #[test]
    fn a_plate_shows_bed_zones_gap_and_parts() {
        let svg = plate_svg(&problem(Bed::Rectangle([100.0, 50.0])), &filled(), None);
        assert!(svg.starts_with("<svg"), "{svg}");
        // 104 mm by 54 mm with what is around.
        assert!(svg.contains("viewBox=\"0 0 1200.00 623.08\""), "{svg}");
        let count = |what: &str| svg.matches(what).count();
        assert_eq!(count("url(#hatch)"), 1);
        assert_eq!(count("stroke-dasharray"), 1);
        assert_eq!(count("fill-rule=\"evenodd\""), 2);
        assert_eq!(count("72%"), 2);
        assert_eq!(count("part 0: a &lt;b&gt;"), 2);
        assert_eq!(count("<text"), 0);
    }

    #[test]
    fn what_stood_is_darker_and_the_order_is_numbered() {
        let mut problem = problem(Bed::Circle { centre: [50.0, 50.0], radius: 60.0 });
        problem.sequential = Some(Sequential { head_radius: 5.0, gantry_height: 9.0 });
        let mut begun = filled();
        begun.placed.truncate(1);
        let svg = plate_svg(&problem, &filled(), Some(&begun));
        let count = |what: &str| svg.matches(what).count();
        assert_eq!((count("42%"), count("72%"), count("<circle")), (1, 1, 2));
        assert!(svg.contains(">1</text>") && svg.contains(">2</text>"), "{svg}");
    }

    #[test]
    fn beds_of_any_shape_and_damaged_layouts_have_pictures() {
        let ring = vec![[0.0, 0.0], [90.0, 0.0], [0.0, 90.0]];
        let problem = problem(Bed::Polygon(ring));
        let mut damaged = filled();
        damaged.placed[0].item = 7;
        let svg = plate_svg(&problem, &damaged, None);
        assert_eq!(svg.matches("fill-rule").count(), 1);
        assert!(svg.contains("clipPath"), "{svg}");
        damaged.plate = 3;
        assert!(plate_svg(&problem, &damaged, None).starts_with("<svg"));
    }
}
