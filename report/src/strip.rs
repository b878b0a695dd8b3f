//! A picture of a strip with its outlines.

use std::fmt::Write;

use platewright_model::strip::{StripLayout, StripProblem, turn};

/// Width of the picture, pixels.
const WIDTH: f64 = 1200.0;

/// The layout as SVG: each item in a colour of its own, the strip from left to right.
pub fn strip_svg(problem: &StripProblem, layout: &StripLayout) -> String {
    let scale = WIDTH / layout.length.max(f64::MIN_POSITIVE);
    let height = problem.height * scale;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.2} {height:.2}\">\n\
         <rect width=\"{WIDTH:.2}\" height=\"{height:.2}\" fill=\"#f4f4f2\" stroke=\"#333\"/>\n"
    );
    for placed in &layout.placed {
        let [sin, cos] = turn(placed.turn);
        let corners = problem.items[placed.item].outline.iter().map(|[x, y]| {
            let p = [x * cos - y * sin + placed.at[0], x * sin + y * cos + placed.at[1]];
            format!("{:.3},{:.3}", p[0] * scale, (problem.height - p[1]) * scale)
        });
        // Hues a golden angle apart are easy to tell from one another.
        let hue = (placed.item as f64 * 137.508) % 360.0;
        let corners: Vec<String> = corners.collect();
        let written = writeln!(
            svg,
            "<polygon points=\"{}\" fill=\"hsl({hue:.0} 55% 72%)\" stroke=\"#333\" \
             stroke-width=\"0.8\"><title>item {}</title></polygon>",
            corners.join(" "),
            placed.item
        );
        written.expect("a string takes all");
    }
    svg.push_str("</svg>\n");
    svg
}
