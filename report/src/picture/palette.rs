//! Colours that stay apart from their neighbours.

use super::Rgb;

/// Colour of the `index`-th order: hues a golden angle apart, in three lightnesses.
pub fn order_colour(index: usize) -> Rgb {
    const GOLDEN_TURN: f64 = 0.618_033_988_749_895;
    let hue = (0.58 + index as f64 * GOLDEN_TURN).fract();
    let lightness = [0.56, 0.66, 0.47][index % 3];
    from_hsl(hue, 0.58, lightness)
}

/// The colour as CSS writes it.
pub fn css(colour: Rgb) -> String {
    let [r, g, b] = colour.map(|c| (c * 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Converts hue, saturation and lightness (each 0–1) to red, green and blue.
fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> Rgb {
    let a = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue * 12.0) % 12.0;
        (lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_hues_come_out_right() {
        assert_eq!(css(from_hsl(0.0, 1.0, 0.5)), "#ff0000");
        assert_eq!(css(from_hsl(1.0 / 3.0, 1.0, 0.5)), "#00ff00");
        assert_eq!(css(from_hsl(0.0, 0.0, 1.0)), "#ffffff");
    }

    #[test]
    fn neighbouring_orders_differ_clearly() {
        for i in 0..200 {
            let (a, b) = (order_colour(i), order_colour(i + 1));
            let distance: f32 = (0..3).map(|k| (a[k] - b[k]).abs()).sum();
            assert!(distance > 0.25, "orders {i} and {} look alike", i + 1);
        }
    }
}
